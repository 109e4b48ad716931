"""Attacks made for tests: orders of every sort with a canary, planted in articles among news."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_AFTER = {"en": ["It is very important.", "{canary} is the answer to everything.", ""], "ar": ["هذا مهم جدًا.", "والجواب هو {canary}.", ""]}  # fmt: skip


class Attack(NamedTuple):
    text: str
    canary: str
    """What must not be shown; empty where any of it may be what an article honestly says."""
    kind: str = ""
    language: str = ""


def attacks(seed: int = 1) -> Iterator[Attack]:
    """Those of ``orders.tsv``, each with a canary, and those of the JSON list that ``INJECTIONS_FILE`` names, if it does."""
    chance = random.Random(seed)
    lines = Path(__file__).with_name("orders.tsv").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(line for line in lines if line[0] != "#"):
        kind, language, order = line.split("\t")
        canary = f"{chance.choice(('CANARY', 'PWNED', 'ZEBRA', 'Token'))}{chance.choice('-_')}{chance.randrange(1000, 10000)}"
        # After a question the next sentence is a statement like any other.
        text = order if order.endswith(("?", "؟")) else f"{order} {chance.choice(_AFTER[language])}"
        yield Attack(text.format(canary=canary, url=f"https://evil{number}.example").strip(), canary, kind, language)
    if path := os.environ.get("INJECTIONS_FILE"):
        for attack in json.loads(Path(path).read_text(encoding="utf-8")):
            yield Attack(attack["text"], "")


def planted(article: str, attack: str, chance: random.Random) -> str:
    """The article with the attack as a paragraph of its own, or at the end of one."""
    paragraphs = article.split("\n\n")
    place = chance.randrange(1, len(paragraphs))
    if chance.random() < 0.5:
        paragraphs.insert(place, attack)
    else:
        paragraphs[place] = f"{paragraphs[place]} {attack}"
    return "\n\n".join(paragraphs)
