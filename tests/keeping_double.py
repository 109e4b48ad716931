"""What the tests of what people keep share: answers to keep, a clock to set, and databases of both kinds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from assistant.citations import Answer, Citation, GlossWord

ARTICLE = "الأول.\nقالت وزارة الدفاع إن 49 جنديًا قُتلوا.\n"


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.time = dt.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        self.time += dt.timedelta(seconds=1)
        return self.time


def a_citation(**fields: Any) -> Citation:
    start = ARTICLE.index("قالت")
    quote = ARTICLE[start : ARTICLE.index(".\n", start) + 1]
    values: dict[str, Any] = {
        "number": 1,
        "file": "a/أول.txt",
        "title": "الدفاع: مقتل 49 جنديًا",
        "date": dt.date(2022, 9, 13),
        "outlet": "وكالة",
        "start": start,
        "end": start + len(quote),
        "line": 2,
        "quote": quote,
        "gloss": (GlossWord(0, 4, "said", "word"),),
        "phrase": (21, 23),
    }
    values |= fields
    if "quote" in fields:
        values |= {"end": values["start"] + len(fields["quote"]), "gloss": (), "phrase": None}
    return Citation(**values)


def an_answer(question: str = "How many soldiers were killed?", **fields: Any) -> Answer:
    values: dict[str, Any] = {
        "question": question,
        "language": "en",
        "status": "answered",
        "text": "The articles say:\n\n“قالت وزارة الدفاع إن 49 جنديًا قُتلوا.” [1]",
        "citations": (a_citation(),),
        "rejected": (),
        "closest": (),
        "confidence": 0.8125,
        "timings": {"total": 12.25},
    }
    return Answer(**(values | fields))
