"""What many tests share: the seed articles, settings that nothing outside can change, and one index of the seeds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from assistant.settings import Settings
from tests import postgres as postgresql

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from assistant.keeping.database import Database
    from tests.browser import Opener

# How long an example takes says more about the machine than about the code. What a change must pass is the same every time; elsewhere
# each run tries other examples.
hypothesis.settings.register_profile("isnad", deadline=None, derandomize=os.environ.get("ISNAD_SAME_EXAMPLES") == "1")
hypothesis.settings.load_profile("isnad")

_OURS = {
    "ISNAD_BROWSER_TESTS",
    "ISNAD_POSTGRES_TESTS",
    "ISNAD_TEST_POSTGRES",
    "ISNAD_TEST_QDRANT",
    "ISNAD_DEPLOY_TESTS",
    "ISNAD_SLOW_TESTS",
    "ISNAD_SAME_EXAMPLES",
}
SEEDS = Path(__file__).parents[1] / "seeds"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes runs when it is asked for; each has a quicker relative that always runs.

    A test in a browser waits for other programs on a machine that others use too: one that fails is run once more, and counted.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    if os.environ.get("ISNAD_SLOW_TESTS") != "1":
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="ISNAD_SLOW_TESTS is not 1"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file of tests at a time, but one browser: three at once on two processors keep each other waiting."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class OneBrowser(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return "browser" if Path(file).name.startswith("test_browser") else file

    return OneBrowser(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Indexes are built in this process, but for tests that are ``apart``; when there is time, all by a child, as users have it."""
    from assistant import builder, index
    from tests import built_here

    apart = item.get_closest_marker("apart") or os.environ.get("ISNAD_SLOW_TESTS") == "1"
    index.run = builder.run if apart else built_here.run


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> Iterator[None]:
    """The developer's own variables must not decide whether a test passes, nor their key pay for it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("ISNAD_", "OPENAI_")) and name not in _OURS]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the five seed articles; never written to."""
    return SEEDS


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The defaults, whatever ``.env`` the working directory holds. A small disk must not fail a test."""
    return Settings(_env_file=None, reserve_mb=1)


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory, seeds: Path, settings: Settings) -> Path:
    """An index of the seeds, built once; to be read, not written."""
    from assistant.index import sync

    index = tmp_path_factory.mktemp("seeds") / "index"
    sync(seeds, index, settings)
    return index


@pytest.fixture(scope="session")
def over_seeds(seeds: Path, seeds_index: Path, settings: Settings) -> Iterator[Assistant]:
    """The assistant over the seeds, opened once."""
    from assistant.chat import Assistant

    with Assistant.open(seeds, seeds_index, settings) as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgresql.Server]:
    """A PostgreSQL server of the tests' own. Skips where there is none, unless ``ISNAD_POSTGRES_TESTS=1``: then it fails."""
    reason = postgresql.missing()
    if reason is not None and not postgresql.FORCED:
        pytest.skip(reason)
    assert reason is None, reason
    pytest.importorskip("psycopg", reason="the driver for PostgreSQL is not installed")
    with postgresql.running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a new, empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'data' / 'kept.sqlite'}"
    else:
        server: postgresql.Server = request.getfixturevalue("postgres")
        with server.database() as url:
            yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A new, empty database of each kind."""
    from assistant.keeping.database import Database

    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def browser(addresses: dict[str, str]) -> Iterator[Any]:
    """A Chromium for a module that serves ``addresses``: after them, for a page cannot be built where a browser is driven."""
    from tests.browser import chromium

    with chromium() as running:
        yield running


@pytest.fixture
def visit(browser: Any, addresses: dict[str, str]) -> Iterator[Opener]:
    """Opens pages at the module's ``addresses``, each as a new reader."""
    from tests.browser import visiting

    with visiting(browser, addresses) as opener:
        yield opener
