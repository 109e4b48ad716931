"""Many readers at once: ``python -m tests.load --users 50 --seconds 120``.

Every user asks questions of their own over `gradio_client`, each as soon as the one before is answered or ``--pause`` seconds
later, and every answer is compared with what the assistant says to that question alone. Ends with 1 when an answer was wrong,
failed, came late (``--p95`` seconds), or when the server's memory grew by more than ``--growth`` percent in the last
two fifths of the time: before, it keeps what it has learned about the words it was asked.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from assistant.chat import Assistant
from assistant.settings import Settings
from tests.served import SEEDS, Server, questions, serving_the_seeds

_OF_EACH = 20


@dataclass
class Findings:
    """What all users together have seen. Seconds; megabytes."""

    took: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    worked: float = 0.0
    """The server's processor time."""


def record(answer: dict[str, Any]) -> dict[str, Any]:
    """What must be the same whenever a question is asked."""
    return {name: value for name, value in answer.items() if name != "timings"}


def use(
    server: Server, asked: list[str], expected: dict[str, Any], until: float, pause: float, found: Findings
) -> None:
    """One user, who asks until the time is up."""
    from gradio_client import Client

    # Over plain HTTP: reading the certificates anew for each request would be most of a user's work.
    client = Client(server.address, verbose=False, analytics_enabled=False, ssl_verify=False)
    turn = 0
    while time.monotonic() < until:
        question = asked[turn % len(asked)]
        turn += 1
        began = time.monotonic()
        try:
            answer = client.predict(question, api_name="/ask")
        except Exception as fault:  # a thread's error would be lost
            found.wrong.append(f"{question}: {type(fault).__name__}: {fault}")
            continue
        found.took.append(time.monotonic() - began)
        if record(answer) != expected[question]:
            found.wrong.append(f"{question}: another answer: {answer['question']}")
        time.sleep(pause)


def run(users: int, seconds: float, pause: float) -> Findings:
    """Let all users ask at the same time."""
    asked = [questions(user, _OF_EACH) for user in range(users)]
    found = Findings()
    with serving_the_seeds() as server:
        expected = alone({question for each in asked for question in each})
        until, before = time.monotonic() + seconds, server.worked()
        threads = [
            threading.Thread(target=use, args=(server, each, expected, until, pause, found), daemon=True)
            for each in asked
        ]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            found.memory.append(server.memory())
            time.sleep(seconds / 60)
        found.worked = server.worked() - before
    return found


def alone(asked: set[str]) -> dict[str, Any]:
    """What the assistant says to each question when nobody else asks."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, corpus=SEEDS, index=f"{folder}/index", reserve_mb=1)  # type: ignore[arg-type]
        with Assistant.open(settings=settings) as assistant:
            return {question: record(assistant.ask(question).to_dict()) for question in asked}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--pause", type=float, default=0, help="seconds that a user thinks before asking again")
    parser.add_argument("--p95", type=float, default=2.0, help="seconds")
    parser.add_argument("--growth", type=float, default=5.0, help="percent")
    options = parser.parse_args()
    found = run(options.users, options.seconds, options.pause)
    took = sorted(found.took)
    late = statistics.quantiles(took, n=20)[-1] if len(took) > 1 else float("inf")
    fifths = [found.memory[min(place * len(found.memory) // 5, len(found.memory) - 1)] for place in range(6)]
    growth = 100 * (fifths[-1] / fifths[-3] - 1)
    print(f"{len(took)} answers in {options.seconds:g} s by {options.users} users, {len(found.wrong)} wrong or failed")
    print(f"seconds: median {statistics.median(took):.3f}, 95 % {late:.3f}, longest {took[-1]:.3f}")
    print(
        f"memory by fifths of the time: {', '.join(f'{each:.0f}' for each in fifths)} MB ({growth:+.1f} % in the last two)"
    )
    print(f"processor: {1000 * found.worked / max(1, len(took)):.0f} ms of the server's for an answer")
    print("\n".join(found.wrong[:10]), file=sys.stderr)
    return int(bool(found.wrong) or late > options.p95 or growth > options.growth)


if __name__ == "__main__":
    raise SystemExit(main())
