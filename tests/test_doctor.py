"""The doctor names what is there, what is missing and what to do, and leaves everything as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant.doctor import Check, examine
from assistant.index import sync
from assistant.keeping.conversations import Conversations
from assistant.keeping.database import Database
from assistant.settings import Settings
from tests.model_double import REFUSED, ModelDouble

NAMES = ["Python", "Engine", "Dictionary", "Articles", "Index", "Disk", "Conversations", "Model"]


def report(settings: Settings, **changes: object) -> dict[str, Check]:
    checks = list(examine(settings.model_copy(update=changes)))
    assert len({check.name for check in checks}) == len(checks)
    for check in checks:
        assert check.found and "\n" not in check.found + check.advice
        assert check.well or check.advice
    return {check.name: check for check in checks}


def test_a_sound_installation_is_well(settings: Settings, seeds: Path, seeds_index: Path) -> None:
    found = report(settings, corpus=seeds, index=seeds_index)
    assert list(found) == NAMES
    assert [check.name for check in found.values() if not check.well] == []
    assert found["Articles"].found.startswith("5 files in ")
    assert found["Index"].found.startswith("5 articles, made 20")
    assert found["Engine"].found == "qdrant-edge-py 0.9.0"


def test_no_index_yet_is_well_and_stays_so(settings: Settings, seeds: Path, tmp_path: Path) -> None:
    found = report(settings, corpus=seeds, index=tmp_path / "deep" / "index")
    assert found["Index"].well and found["Index"].found.startswith("none yet")
    assert "isnad index" in found["Index"].advice
    assert list(tmp_path.iterdir()) == []


def test_an_index_that_will_be_built_anew_says_why(
    settings: Settings, seeds: Path, seeds_index: Path, tmp_path: Path
) -> None:
    (tmp_path / "articles").mkdir()
    other = report(settings, corpus=tmp_path / "articles", index=seeds_index)["Index"]
    assert other.found.startswith("not usable: it was made from another folder")
    shutil.copytree(seeds_index, tmp_path / "index")
    for path in tmp_path.rglob("*.json"):
        path.write_bytes(path.read_bytes()[:20])
    damaged = report(settings, corpus=seeds, index=tmp_path / "index")["Index"]
    assert damaged.well and damaged.found.startswith("not usable: ")
    assert "isnad index" in damaged.advice


@pytest.mark.parametrize(
    ("files", "found", "well"),
    [
        ({}, "0 files in ", False),
        ({"a.png": b"\x89PNG"}, "0 files in ", False),
        ({"a.txt": b"An article.", "b.md": b"Another."}, "2 files in ", True),
    ],
)
def test_articles_are_counted(
    settings: Settings, tmp_path: Path, files: dict[str, bytes], found: str, well: bool
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    check = report(settings, corpus=tmp_path, index=tmp_path / ".isnad")["Articles"]
    assert check.found.startswith(found)
    assert (check.well, "left aside" in check.found) == (well, "a.png" in files)


def test_a_missing_folder_is_said_to_be_missing(settings: Settings, tmp_path: Path) -> None:
    found = report(settings, corpus=tmp_path / "nowhere", index=tmp_path / "index")
    assert (found["Articles"].well, "Index" in found) == (False, False)
    assert "--corpus" in found["Articles"].advice
    assert found["Disk"].well and found["Model"].well


def test_a_full_disk_is_seen(settings: Settings, seeds: Path, tmp_path: Path) -> None:
    check = report(settings, corpus=seeds, index=tmp_path / "not" / "there", reserve_mb=10**9)["Disk"]
    assert not check.well
    assert "1000000000 MB" in check.advice


# ------------------------------------------------ the model

KEY = "sk-proj-0123456789abcdef"


def model_check(**given: object) -> Check:
    """The last line of the report; the rest looks at an empty folder."""
    with_model = Settings(_env_file=None, reserve_mb=1, corpus=Path("nowhere"), **given)
    return next(check for check in examine(with_model) if check.name == "Model")


def test_a_model_that_is_named_without_an_endpoint_is_told() -> None:
    check = model_check(model="qwen3")
    assert not check.well and "qwen3" in check.found and "OPENAI_BASE_URL" in check.advice
    assert model_check(model="none").well


def test_no_model_is_complete_as_it_is() -> None:
    assert model_check() == (
        "Model", True, "none: answers are quotations", "This is complete as it is; no key and no network are needed."
    )  # fmt: skip


def test_a_model_switched_off_is_said_to_be() -> None:
    check = model_check(openai_api_key=KEY, model="none")
    assert check.well and check.found == "none, as set: answers are quotations"


def test_a_local_model_is_tried_and_named() -> None:
    with ModelDouble(names=["qwen3"]) as double:
        check = model_check(openai_base_url=double.url)
    assert check.well
    assert check.found.startswith(f"qwen3 at 127.0.0.1:{double.port} answers")
    assert check.advice == "Questions and passages stay on this machine."


def test_a_model_elsewhere_is_said_to_read_along_and_so_may_others() -> None:
    with ModelDouble(names=["qwen3"]) as double:
        check = model_check(openai_base_url=f"http://0.0.0.0:{double.port}/v1")
    assert check.well
    assert check.advice.startswith(f"Questions and passages go to 0.0.0.0:{double.port} unencrypted")


@pytest.mark.parametrize(
    ("fault", "advice"),
    [
        (REFUSED, "OPENAI_BASE_URL"),
        ("key refused", "OPENAI_API_KEY"),
        ("web page", "/v1"),
        ("rate limit", "Try again later"),
        ("hang", "ISNAD_ANSWER_SECONDS"),
    ],
)
def test_what_is_wrong_with_the_endpoint_is_said(fault: str, advice: str) -> None:
    with ModelDouble(fault=fault) as double:
        check = model_check(openai_base_url=double.url, openai_api_key=KEY, model="double-1", answer_seconds=2)
    assert (check.well, check.found) == (False, f"double-1 at 127.0.0.1:{double.port} gives no answer")
    assert advice in check.advice
    assert KEY not in str(check) and "Incorrect" not in str(check)


def test_a_wrong_name_is_answered_with_the_right_ones() -> None:
    with ModelDouble(names=[f"model-{number}" for number in range(10)]) as double:
        check = model_check(openai_base_url=double.url, model="gpt")
    assert not check.well
    assert "ISNAD_MODEL" in check.advice
    assert check.advice.endswith(
        "It has model-0, model-1, model-2, model-3, model-4, model-5, model-6, model-7 and 2 more."
    )


# ------------------------------------------------ embeddings


def embedding_checks(double: ModelDouble, corpus: Path, index: Path, **given: object) -> dict[str, Check]:
    set_up = Settings(
        _env_file=None, reserve_mb=1, model="none", openai_base_url=double.url, embedding_model="double-1", **given
    )
    return report(set_up, corpus=corpus, index=index)


def test_an_embedding_endpoint_is_tried_and_its_dimensions_are_told(
    settings: Settings, seeds: Path, seeds_index: Path
) -> None:
    with ModelDouble(dimensions=48) as double:
        found = embedding_checks(double, seeds, seeds_index, embedding_query_prefix="query: ")
        assert list(found) == [*NAMES, "Embeddings"]
        assert found["Embeddings"].well
        assert found["Embeddings"].found.startswith(f"double-1 at 127.0.0.1:{double.port} gives 48 dimensions after ")
        assert found["Embeddings"].advice == "Articles and questions stay on this machine."
        assert double.embedded == ["query: ready"]
    assert ", not yet embedded as it is set, made 20" in found["Index"].found and found["Index"].well
    assert "isnad index" in found["Index"].advice


def test_an_embedded_index_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.txt").write_text("A visit\n\nThe minister visited Yerevan.\n")
    with ModelDouble() as double:
        made = {"_env_file": None, "reserve_mb": 1, "openai_base_url": double.url, "embedding_model": "double-1"}
        sync(tmp_path / "articles", tmp_path / "index", Settings(**made))
        found = embedding_checks(double, tmp_path / "articles", tmp_path / "index")["Index"]
        assert found.found.startswith("1 articles, embedded by double-1 in 64 dimensions, made 20")
        assert found.advice == ""
        other = embedding_checks(double, tmp_path / "articles", tmp_path / "index", embedding_dimensions=8)["Index"]
        assert "embedded by double-1 in 64 dimensions, not yet embedded as it is set" in other.found


@pytest.mark.parametrize(
    ("fault", "advice"),
    [("key refused", "OPENAI_API_KEY"), ("web page", "ISNAD_EMBEDDING_MODEL"), ("hang", "ISNAD_EMBEDDING_SECONDS")],
)
def test_what_is_wrong_with_the_embedding_endpoint_is_said(tmp_path: Path, fault: str, advice: str) -> None:
    with ModelDouble(embedding_fault=fault) as double:
        check = embedding_checks(double, tmp_path, tmp_path / ".isnad", openai_api_key=KEY, embedding_seconds=1)
    found = check["Embeddings"]
    assert (found.well, found.found) == (False, f"double-1 at 127.0.0.1:{double.port} gives no vector")
    assert advice in found.advice
    assert KEY not in str(found) and "Incorrect" not in str(found)


def test_embeddings_elsewhere_are_said_to_read_everything(tmp_path: Path) -> None:
    with ModelDouble() as double:
        given = {"openai_base_url": f"http://0.0.0.0:{double.port}/v1", "embedding_model": "double-1", "model": "none"}
        check = next(
            check
            for check in examine(Settings(_env_file=None, reserve_mb=1, corpus=tmp_path, index=tmp_path / "i", **given))
            if check.name == "Embeddings"
        )
    assert check.advice.startswith(f"All articles and questions go to 0.0.0.0:{double.port} unencrypted")


def test_conversations_are_counted_and_a_damaged_database_is_named_and_left_alone(
    settings: Settings, seeds: Path, seeds_index: Path, tmp_path: Path
) -> None:
    file = tmp_path / "kept.sqlite"
    here = {"corpus": seeds, "index": seeds_index, "database": SecretStr(f"sqlite:///{file}")}
    assert report(settings, **here)["Conversations"] == Check("Conversations", True, f"none yet, to be kept in {file}")
    assert list(tmp_path.iterdir()) == []
    with Database(f"sqlite:///{file}") as database:
        for title in ("One", "Two"):
            Conversations(database).create("layla", title)
    assert report(settings, **here)["Conversations"].found == f"2 in {file}"
    data = bytearray(file.read_bytes())
    data[: len(data)] = b"SQLite format 3\0" + b"\xff" * (len(data) - 16)
    file.write_bytes(data)
    damaged = report(settings, **here)["Conversations"]
    assert not damaged.well
    assert str(file) in damaged.advice
    assert file.read_bytes() == data
    unusable = report(settings, **here | {"database": SecretStr("mysql://x/y")})["Conversations"]
    assert not unusable.well
    assert "ISNAD_DATABASE" in unusable.advice
