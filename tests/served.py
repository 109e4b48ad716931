"""The page as readers get it: `isnad chat` over the seed articles in a process of its own."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from assistant.corpus import read, scan
from assistant.language.tokens import tokens

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
NATURAL = (
    "متى طلبت أرمينيا المساعدة من روسيا؟",
    "How many Armenian soldiers were killed?",
    "من هو المتحدث باسم الكرملين؟",
    "Which drones did Azerbaijan use?",
    "What is the population of Armenia?",
    "كم عدد سكان أرمينيا؟",
)


class Server(NamedTuple):
    """Where it answers, and its process."""

    address: str
    pid: int

    def memory(self) -> float:
        """Resident memory, in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def worked(self) -> float:
        """Processor time so far, in seconds."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def serving_the_seeds(**settings: str) -> Iterator[Server]:
    """Start `isnad chat` with an index of its own, wait for its address, and stop it when the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"ISNAD_INDEX": f"{folder}/index", "ISNAD_RESERVE_MB": "1"} | settings
        command = [sys.executable, "-c", "from assistant.cli import main; raise SystemExit(main())"]
        process = subprocess.Popen(
            [*command, "chat", "--corpus", str(SEEDS), "--port", "0"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout
            address = process.stdout.readline().strip()
            if not address.startswith("http"):
                raise RuntimeError("the page did not start")
            yield Server(address, process.pid)
        finally:
            process.terminate()
            process.wait(20)


def questions(user: int, number: int) -> list[str]:
    """Different questions in both languages, no two users' alike: words of the seeds, a few natural ones in between."""
    texts = [read(SEEDS, stat.file).text for stat in scan(SEEDS)[0]]
    words = [token.word for text in texts for token in tokens(text) if len(token.word) > 3]
    chance = random.Random(user)
    asked = []
    for place in range(number):
        frame = chance.choice(("متى {}؟", "أين {}؟", "من {}؟", "Who {}?", "When did {}?"))
        asked.append(
            NATURAL[place % len(NATURAL)] if place % 5 == 4 else frame.format(" ".join(chance.sample(words, 3)))
        )
    return asked
