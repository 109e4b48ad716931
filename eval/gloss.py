"""How much of a parallel text a gloss says, and how much of the gloss the parallel text says.

A segment is a sentence of an NTREX document, or a paragraph of SQuAD-format files, in both languages. Both sides are reduced
to content words: stop words and numbers out, the rest as stems of the reader's language. The stems of a segment are
a multiset: a word that stands twice in the translation has to stand twice in the gloss to count twice. With ``shared`` the
size of the intersection, recall is ``shared`` over the stems of the translation, precision ``shared`` over the
stems of the gloss, both summed over all segments before dividing. A gloss that listed every sense of a
word would gain recall and lose precision.

The measure is a lower bound: a fair synonym counts as a miss on both sides, and so does what the translator left out.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from assistant.language import terms
from assistant.language.gloss import gloss
from assistant.language.text import is_arabic
from assistant.language.tokens import tokens
from eval import measures, sets
from eval.questions import LANGUAGES, Language
from eval.sets import SetInvalid
from eval.summary import Measure

QUOTE = 300
"""Words of the quote that times are told for."""


class Segment(NamedTuple):
    """The same text in both languages; ``questions`` are asked of it in each."""

    id: str
    text: Mapping[Language, str]
    questions: Mapping[Language, Sequence[str]] = {}


@dataclass(frozen=True, slots=True)
class Glossed:
    """One gloss against the parallel text: stems shared, in the translation, in the gloss; milliseconds; words glossed."""

    id: str
    cell: str
    shared: int
    translation: int
    offered: int
    milliseconds: float
    words: int

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def read_ntrex(path: Path) -> list[Segment]:
    """Lines of ``{"id", "ar": [sentence, …], "en": [sentence, …]}``, a segment for each sentence. Raises `SetInvalid`."""
    segments = []
    for line, row in sets.rows(path):
        try:
            for number, (ar, en) in enumerate(zip(row["ar"], row["en"], strict=True), 1):
                segments.append(Segment(f"{row['id']}:{number}", {"ar": str(ar), "en": str(en)}))
        except (ValueError, KeyError, TypeError) as error:
            raise SetInvalid(f"{path}, line {line}: no aligned sentences: {type(error).__name__} {error}") from error
    return segments


def read_squad(paths: Mapping[Language, Path]) -> list[Segment]:
    """Paragraphs of two SQuAD-format files that belong together by question id.

    Raises:
        SetInvalid: a language is missing, a paragraph has no counterpart, or a file is not in SQuAD's format.
    """
    if paths.keys() != set(LANGUAGES):
        raise SetInvalid("parallel paragraphs need --squad ar=FILE en=FILE")
    read = {language: sets.read_squad(path) for language, path in paths.items()}
    places = [{key: question.file for key, question in one.questions.items()} for one in read.values()]
    if places[0] != places[1]:
        raise SetInvalid("the two files of --squad do not ask the same questions of the same paragraphs")
    return [
        Segment(
            file,
            {language: one.paragraphs[file] for language, one in read.items()},
            {
                language: [question.text for question in one.questions.values() if question.file == file]
                for language, one in read.items()
            },
        )
        for file in dict.fromkeys(places[0].values())
    ]


def content(texts: Iterable[str], language: Language) -> Counter[str]:
    """Stems of the content words of the language; words of the other script and numbers are left out."""
    found: Counter[str] = Counter()
    for text in texts:
        for token in tokens(text):
            word = token.word
            # A letter alone is what tokens leave of "U.S." and "I'm".
            if (
                len(word) > 1
                and word[0] not in "#@"
                and is_arabic(word) == (language == "ar")
                and not terms.is_stop(word)
            ):
                found[terms.unit(word)] += 1
    return found


def compare(segment: Segment, reader: Language, cell: str, context: Iterable[str] | None = None) -> Glossed:
    """Gloss the segment for ``reader`` and hold it against the text in the reader's language."""
    written: Language = "ar" if reader == "en" else "en"
    began = time.perf_counter()
    renderings = (
        gloss(segment.text[written], reader) if context is None else gloss(segment.text[written], reader, context)
    )
    milliseconds = (time.perf_counter() - began) * 1000
    offered = content((one.text for one in renderings if one.kind != "number"), reader)
    translation = content([segment.text[reader]], reader)
    shared = sum((offered & translation).values())
    return Glossed(
        segment.id, cell, shared, translation.total(), offered.total(), milliseconds, len(segment.text[written].split())
    )


def compare_all(sets: Mapping[str, Sequence[Segment]]) -> list[Glossed]:
    """Every segment in both directions; with its questions too, where it has any. Each is glossed once before it is timed."""
    rows = []
    for name, segments in sets.items():
        for reader in ("en", "ar"):
            cell = f"{name} {'ar→en' if reader == 'en' else 'en→ar'}"
            language: Language = "en" if reader == "en" else "ar"
            for segment in segments:
                compare(segment, language, cell)
            rows += [compare(segment, language, cell) for segment in segments]
            rows += [
                compare(segment, language, f"{cell}, asked", [token.word for token in tokens(question)])
                for segment in segments
                for question in segment.questions.get(language, ())
            ]
    return rows


def summarise(rows: Sequence[Glossed]) -> dict[str, dict[str, Measure]]:
    """By cell: recall, precision, and the milliseconds it takes to gloss `QUOTE` words."""
    cells: dict[str, list[Glossed]] = {}
    for row in rows:
        cells.setdefault(row.cell, []).append(row)
    return {cell: _cell(found) for cell, found in cells.items()}


def _cell(rows: Sequence[Glossed]) -> dict[str, Measure]:
    shared = [row.shared for row in rows]
    words = sum(row.words for row in rows)
    speed = sum(row.milliseconds for row in rows) / words * QUOTE if words else None
    return {
        "gloss_recall": _ratio(shared, [row.translation for row in rows]),
        "gloss_precision": _ratio(shared, [row.offered for row in rows]),
        "quote_ms": Measure(speed, len(rows)),
    }


def _ratio(parts: Sequence[int], wholes: Sequence[int]) -> Measure:
    whole = sum(wholes)
    return Measure(sum(parts) / whole if whole else None, whole, measures.ratio_interval(parts, wholes))
