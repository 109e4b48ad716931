"""Statements that are true to what they cite: hand-written ones over articles, and the sentences of parallel texts.

A line of ``data/faithful.jsonl`` is ``{"id", "text", "cites": [{"file", "start", "end", "quote"}]}``; the quote must stand
in its file. In a parallel text a sentence cites its translation, and itself.

The paragraphs of SQuAD-format files are not aligned by sentence. Those are left out that have not as many sentences in both
languages, in which a sentence is much longer than its translation while the paragraph is not, or whose letters were
spoilt: nothing of it looks at what the checker says. The sentences of ``--ntrex`` are aligned and are all kept.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from assistant.cases import Source
from assistant.language.sentences import sentences
from assistant.language.text import language_of
from eval.questions import LANGUAGES, Language
from eval.run import Document
from eval.sets import SetInvalid, Squad, rows

SHORTEST = 4  # words; less is a heading or a name
# A sentence may be so many times as long as its translation, both measured in their paragraphs (Gale & Church 1993).
UNEVEN = 1.8
# UTF-8 that was read as another encoding: "YesÃ¼n", and what could not be read at all.
_SPOILT = re.compile(r"[\u0080-\u009f\ufffd]|[ÂÃÄÅáâ][\u0080-\u00bf]|[^\W\d][¼½¾]")


class Faithful(NamedTuple):
    """A statement, what it cites, and the sentences beside that, each as a source of its own."""

    id: str
    text: str
    language: Language
    sources: tuple[Source, ...]
    neighbours: tuple[Source, ...]

    @property
    def cell(self) -> str:
        """``en→ar``: an English statement about Arabic sentences."""
        return f"{self.language}→{self.sources[0].language}"


def read(path: Path, article: Callable[[str], Document | None]) -> list[Faithful]:
    """Hand-written statements. ``article`` gives a file's article; statements about files it does not know are left out.

    Raises:
        SetInvalid: the message names the line.
    """
    found = []
    for number, row in rows(path):
        try:
            sources, neighbours = [], []
            known = [(cite, article(cite["file"])) for cite in row["cites"]]
            for cite, one in known:
                if one is None:
                    continue
                if one.text[cite["start"] : cite["end"]] != cite["quote"]:
                    raise SetInvalid(f"{path}, line {number}: the quote does not stand in {cite['file']}")
                source, beside = _in_article(one, cite["start"], cite["end"])
                sources.append(source)
                neighbours += beside
            if len(sources) == len(known):
                alone = neighbours if len(known) == 1 else []
                found.append(Faithful(row["id"], row["text"], language_of(row["text"]), tuple(sources), tuple(alone)))
        except (ValueError, KeyError, TypeError) as error:
            raise SetInvalid(f"{path}, line {number}: {type(error).__name__} {error}") from error
    return found


def _in_article(article: Document, start: int, end: int) -> tuple[Source, list[Source]]:
    spans = sentences(article.text)
    whole = [article.text[span.start : span.end] for span in spans]
    first = next(i for i, span in enumerate(spans) if span.end > start)
    last = max(i for i, span in enumerate(spans) if span.start < end)
    source = _source(whole, first, last, article.title, article.date)
    beside = [i for i in (first - 1, last + 1) if 0 <= i < len(whole) and len(whole[i].split()) >= SHORTEST]
    return source, [_source(whole, i, i, article.title, article.date) for i in beside]


def _source(whole: Sequence[str], first: int, last: int, title: str, date: dt.date | None) -> Source:
    text = " ".join(whole[first : last + 1])
    context = "\n".join(whole[i] for i in (first - 1, last + 1) if 0 <= i < len(whole))
    return Source(text, language_of(text), title, date, context)


def parallel(texts: Iterator[tuple[str, dict[Language, Sequence[str]]]], titled: bool) -> Iterator[Faithful]:
    """Every sentence about its translation and about itself. ``texts``: ids with the sentences of each language."""
    for name, whole in texts:
        for language in LANGUAGES:
            for other in LANGUAGES:
                title = whole[other][0] if titled else ""
                sources = [_source(whole[other], i, i, title if i else "", None) for i in range(len(whole[other]))]
                for i, text in enumerate(whole[language]):
                    if len(text.split()) >= SHORTEST:
                        beside = [
                            sources[j]
                            for j in (i - 1, i + 1)
                            if 0 <= j < len(sources) and len(sources[j].text.split()) >= SHORTEST
                        ]
                        yield Faithful(f"{name}.{i}", text, language, (sources[i],), tuple(beside))


def ntrex(path: Path) -> Iterator[tuple[str, dict[Language, Sequence[str]]]]:
    """The documents of a parallel file: see `sets.read_parallel`."""
    for number, row in rows(path):
        try:
            whole: dict[Language, Sequence[str]] = {language: row[language] for language in LANGUAGES}
            lengths = {len(one) for one in whole.values()}
            name = str(row["id"])
        except (ValueError, KeyError, TypeError) as error:
            raise SetInvalid(f"{path}, line {number}: {type(error).__name__} {error}") from error
        if len(lengths) != 1:
            raise SetInvalid(f"{path}, line {number}: the languages have not as many sentences")
        yield name, whole


def squad(files: dict[Language, Squad]) -> Iterator[tuple[str, dict[Language, Sequence[str]]]]:
    """The paragraphs whose sentences stand side by side, as far as their number and lengths tell."""
    if set(files) != set(LANGUAGES):
        raise SetInvalid("the files of both languages are needed, ar=FILE and en=FILE")
    for name in sorted(files["ar"].paragraphs.keys() & files["en"].paragraphs.keys()):
        whole: dict[Language, Sequence[str]] = {
            language: [text[span.start : span.end] for span in sentences(text)]
            for language in LANGUAGES
            for text in [files[language].paragraphs[name]]
        }
        if is_aligned(whole["ar"], whole["en"]) and not any(_SPOILT.search(s) for one in whole.values() for s in one):
            yield name, whole


def is_aligned(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the sentences of a paragraph may be those of its translation, one by one."""
    if len(one) != len(other):
        return False
    usual = sum(map(len, one)) / sum(map(len, other))
    return all(abs(math.log(len(a) / len(b) / usual)) <= math.log(UNEVEN) for a, b in zip(one, other, strict=True))
