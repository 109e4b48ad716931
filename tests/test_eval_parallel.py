"""Work in several processes: everything comes back, and what goes wrong there is known here."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from eval.parallel import WorkerLost, run


def count(name: str, to: int) -> Iterator[tuple[str, int]]:
    for number in range(to):
        yield name, number


def fail() -> Iterator[int]:
    yield 1
    raise ValueError("broken")


def die() -> Iterator[int]:
    yield 1
    os._exit(3)


def test_everything_comes_back_in_the_order_of_its_piece() -> None:
    made = list(run([partial(count, name, 50) for name in "abc"], 2))
    for name in "abc":
        assert [number for one, number in made if one == name] == list(range(50))
    assert len(made) == 150


def named(name: str) -> Iterator[tuple[str, int]]:
    yield name, os.getpid()


def test_a_process_does_one_piece_after_the_other() -> None:
    made = list(run([partial(named, name) for name in "abcde"], 2))
    assert sorted(name for name, _ in made) == list("abcde")
    assert len({process for _, process in made}) == 2
    assert os.getpid() not in {process for _, process in made}


def test_an_error_is_raised_here() -> None:
    with pytest.raises(ValueError, match="broken"):
        list(run([fail, partial(count, "a", 5)], 1))


def test_a_lost_process_is_noticed() -> None:
    made = run([die], 2)
    assert next(made) == 1
    with pytest.raises(WorkerLost, match="ended with 3"):
        next(made)


KILLED = """
import sys
from functools import partial
from pathlib import Path
from eval.parallel import run
from test_eval_parallel import tell

if __name__ == "__main__":
    for _ in run([partial(tell, Path(sys.argv[1]) / name) for name in "ab"], 2):
        pass
"""


def tell(path: Path) -> Iterator[int]:
    """Say who works, then send for as long as somebody listens."""
    path.with_suffix(".part").write_text(str(os.getpid()))
    path.with_suffix(".part").rename(path)
    while True:
        yield 1


def ended(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return True
    return status.rpartition(")")[2].split()[0] == "Z"


@pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="asks the system about processes that are nobody's children"
)
def test_processes_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    root = Path(__file__).parents[1]
    (tmp_path / "killed.py").write_text(KILLED)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(root / "tests")])}
    command = [sys.executable, str(tmp_path / "killed.py"), str(tmp_path)]
    with subprocess.Popen(command, env=environment, cwd=root) as process:
        try:
            while not all((tmp_path / name).exists() for name in "ab"):
                assert process.poll() is None
                time.sleep(0.02)
            workers = [int((tmp_path / name).read_text()) for name in "ab"]
            assert not any(map(ended, workers))
        finally:
            process.kill()
    until = time.monotonic() + 60
    while not all(map(ended, workers)) and time.monotonic() < until:
        time.sleep(0.02)
    assert all(map(ended, workers))
