"""Who wrote an article, when and where it appeared: answered by the line of the article that says so, not by its subject.

A search looks for what the article is about and leaves out the lines around it. So the article is the one found first, and its line
is looked for in what stands around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from assistant.candidates import name_rows
from assistant.catalogue import StoredPassage
from assistant.evidence import Evidence, Sentence
from assistant.language import arabic, english
from assistant.language.dates import parse_dates
from assistant.language.publication import (
    Asking,
    Fact,
    asks_of_article,
    goes_on,
    is_agency,
    is_called,
    is_sort_of_outlet,
    tells_of_its_making,
    tells_of_publishing,
)
from assistant.language.terms import is_stop, question_words
from assistant.language.text import fold, is_arabic, normalize_arabic
from assistant.matrix import Floats, Group
from assistant.metadata import is_masthead

Place = tuple[StoredPassage, int, int]

_LONGEST = 12  # words of a line that names an author or an outlet
# One word alone, as in "By train" and "By the numbers", is a heading unless the article is known to be by it.
_BYLINE = re.compile(
    r"\W*(?:(?:(?i:written|posted|reported) )?[Bb]y|BY)\s+(?!(?:The )?[A-Z][a-z]+\W*$)[A-Z\u0600-\u06ff]|\W*(?i:author)\s*[:|]\s*\w"
    r"|\W*بقلم\s*[:|]?\s*\w|\W*(?:كتبه?ا?|الكاتبة?|[اإ]عداد|تحرير)\s*[:|]\s*\w"
)
_SOURCE = re.compile(r"\W*(?:(?i:source)|المصدر)\s*[:|–-]\s*\w|\W*(?i:published (?:in|by))\s+\w|\W*نقلا عن\s+\w")
_ENDED = re.compile(r"[.!?؟…]\W*$")
_SHORT = 6  # words of a line that is no part of an article, though nothing else says so
# What stands before the first sentence: "GENEVA, 14 September 2022 (CNA) - ...", a day and a place, and not what happened then.
_DATELINE = re.compile(r"(?!(?:[Oo]n|[Ii]n|[Aa]t|في|يوم)\b).{1,60}?(?= ?[(:–—]| - )")
_PLACE_WORDS = 4  # of a dateline beside its day
# What follows is of other articles, however it is stated. Normalized, in lower case.
_OTHERS = re.compile(
    r"\W*(?:(?:read|see|watch) (?:also|more|next|too)|also read|more (?:on this|stories|from|news)|(?:related|recommended|similar|other|latest|more)"
    r" (?:articles?|stories|news|posts|topics|headlines|reading|coverage)|related|(?:most|more) (?:read|viewed|popular)|(?:you (?:may|might) )?also like)\b"
    r"|\W*(?:ا?قرا|شاهد|طالع|تابع)(?:وا)? (?:ايضا|المزيد|كذلك)(?!\w)|\W*(?:مواضيع|مقالات|اخبار|موضوعات|مواد) (?:ذات صله|متعلقه|مشابهه|مرتبطه|اخري)(?!\w)"
    r"|\W*(?:ال)?اكثر (?:قراءه|مشاهده)(?!\w)"
)
_LEAD = 2  # sentences that may stand above the line of an author, as a lead does, where far more follow
_HALF = 0.5  # of a match: less is a word that may be meant
_MOST = 3  # articles of equal right whose lines are quoted
_AS_SURE = 0.9  # of the surest article, who is meant as well
_AT_MOST = 0.45  # of confidence, where another may be meant: no answer, but the closest
_ANY = frozenset("the a an of and".split())


class Stating(Protocol):
    """What an article says of itself. `Document` is one."""

    @property
    def author(self) -> str | None: ...
    @property
    def outlet(self) -> str | None: ...


class Matching(Protocol):
    """Lays a question along passages. `Searcher` is one."""

    def match(self, question: str, passages: Sequence[StoredPassage]) -> list[Group]: ...


class Library(Protocol):
    """What is looked up of an article. `Opened` is one."""

    @property
    def searcher(self) -> Matching: ...
    def passages(self, file: str) -> list[StoredPassage]: ...
    def document(self, file: str) -> Stating: ...


class Told(NamedTuple):
    """Evidence in the place of what was found. ``certain``: the first sentence is the line that is asked for."""

    evidence: Evidence
    certain: bool = False


class Otherwise(Enum):
    """``AS_FOUND``: nothing is asked of an article. ``LITERALLY``: what is asked of is something that the article tells of, and its words
    are to be searched for.
    """

    AS_FOUND = "as found"
    LITERALLY = "literally"


def told(
    question: str, found: Evidence, library: Library, files: Sequence[str], only: Callable[[], str | None]
) -> Told | Otherwise:
    """Who wrote an article, when or where it appeared: the line that says it of the articles ``files`` that were found, best first, and
    the headline.

    An article is as sure to be meant as the question's words are in it, and where others are as sure, whether they say it or not,
    the lines are no answer; nor are they of what is called a report, which is most often told of. ``only`` says which article there
    is if there is but one: all that a question without a subject may mean.
    """
    asking = asks_of_article(question)
    if asking is None:
        return Otherwise.AS_FOUND
    named = any(
        not (tells_of_publishing(token.word) or is_sort_of_outlet(token.word)) for token in question_words(question)
    )
    files = list(dict.fromkeys(files)) if named else [each for each in [only()] if each]
    meant = [_meant(question, asking, library, file) for file in files]
    best = meant[0] if meant else None
    if best is None or best.line is None:
        if files and not named:
            return Otherwise.AS_FOUND
        lines = [each.line for each in meant if each.line]
        more = tuple(Sentence(*line, score=0.0, probability=0.0) for line in lines[:1])
        return Told(replace(found, sentences=found.sentences + more, confidence=min(found.confidence, _AT_MOST)))
    # "The newspaper" is nobody in particular.
    publisher = asking.by if asking.by and _particular(asking.by) else None
    by = best.published_by(publisher)
    if best.mentioned or by is False or (asking.told and by is None):
        return Otherwise.LITERALLY
    rivals = [each for each in meant[1:] if each.sureness >= _AS_SURE * best.sureness and each.said != best.said]
    places = [best.line, *[each.line for each in rivals if each.line][: _MOST - 1]]
    if not rivals and best.headline and best.headline != best.line:
        places.append(best.headline)
    sentences = tuple(Sentence(*place, score=0.0, probability=1 / len(places)) for place in places)
    sureness = best.sureness if named else 1.0
    if rivals or not by or (asking.told and not publisher) or not best.stated_surely or (named and not best.whole):
        return Told(replace(found, sentences=sentences + found.sentences, confidence=min(sureness, _AT_MOST)))
    return Told(replace(found, sentences=sentences, confidence=sureness), certain=True)


class _Meant(NamedTuple):
    """An article that may be meant: the line that says it, if any, what that says, whether it is surely of this article, the
    headline, how sure the article is, whether it has each word of the subject, and whether it tells of something that is
    called what it is called.
    """

    line: Place | None
    said: str
    stated_surely: bool
    headline: Place | None
    sureness: float
    whole: bool
    stated: Stating
    mentioned: bool

    def published_by(self, name: str | None) -> bool | None:
        """Whether the article says of itself that it is of this author or outlet; ``None`` where it may call them otherwise."""
        if name is None:
            return True
        stated = {*_words(" ".join(filter(None, (self.stated.author, self.stated.outlet))))}
        wanted = _particular(name)
        if {*map(is_arabic, wanted)}.isdisjoint(map(is_arabic, stated)):  # names of other scripts, or none
            return None
        return wanted <= stated


def _particular(name: str) -> set[str]:
    """The words of a name that say whose it is."""
    return {word for word in _words(name) if word not in _ANY and not is_sort_of_outlet(word) and not is_stop(word)}


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", normalize_arabic(fold(name).text).lower())


def _meant(question: str, asking: Asking, library: Library, file: str) -> _Meant:
    article, stated = library.passages(file), library.document(file)
    line, surely = _line(asking.fact, article, stated) or (None, False)
    headline = next(((p, *p.sentences[rank]) for p in article for rank in sorted(p.headlines)), None)
    groups = library.searcher.match(question, article)
    told_of = any(
        is_called(asking.piece, _text(passage, *span))
        for passage in article
        for rank, span in enumerate(passage.sentences)
        if rank not in passage.framing
    )
    mentioned = told_of or any(_tells_of_its_making(asking, group) for group in groups)
    whole = any(_found(group, asking).min(initial=1.0) >= _HALF for group in groups)
    said = " ".join(_text(*line).split()) if line else ""
    return _Meant(line, said, surely, headline, _sureness(groups), whole, stated, mentioned)


def _text(passage: StoredPassage, start: int, end: int) -> str:
    return fold(passage.text[start - passage.start : end - passage.start]).text


def _sureness(groups: Sequence[Group]) -> float:
    """The share of the question's weight that an article has in any of its passages, less by the name that it has least of."""
    sure = 0.0
    for group in groups:
        found = np.maximum(group.matrix.values.max(axis=1), group.matrix.titles.max(axis=1))
        if not group.matrix.values.size:
            continue
        telling = np.array([not is_sort_of_outlet(token.word) for token in group.question.words])
        names, weights = found[telling & name_rows(group.question)], group.question.weights * telling
        if weights.any():
            sure = max(sure, float(weights @ found / weights.sum() * names.min(initial=1.0)))
    return sure


def _telling(group: Group, asking: Asking) -> npt.NDArray[np.bool_]:
    """Which of a question's words are the subject's: not who published it, and not what any subject has."""
    publisher = set(_words(asking.by or ""))
    return np.array(
        [_tells(token.word) and publisher.isdisjoint(_words(token.word)) for token in group.question.words], bool
    )


def _tells(word: str) -> bool:
    if is_arabic(word):
        return not (is_sort_of_outlet(word) or arabic.is_common(word) or arabic.is_weak(word))
    return not is_sort_of_outlet(word) and word.lower() not in english.WEAK_WORDS | english.COMMON_WORDS


def _found(group: Group, asking: Asking) -> Floats:
    """How well an article, its headline and its body, has each word of the subject: what stands around it is of others."""
    matrix = group.matrix
    around = np.zeros(int(matrix.first[-1]) + 1, dtype=bool)  # and the padding
    around[-1] = True
    listed = _listed(group.passages)
    for number, passage in enumerate(group.passages):
        for rank, (start, _) in enumerate(passage.sentences):
            around[int(matrix.first[number]) + rank] = rank in passage.framing or start in listed
    own = matrix.values * ~around[matrix.sentence]
    found: Floats = np.maximum(own.max(axis=1, initial=0.0), matrix.titles.max(axis=1, initial=0.0))
    return found[_telling(group, asking)]


def _tells_of_its_making(asking: Asking, group: Group) -> bool:
    """Whether an article says of its subject when or by whom it was written: then the subject is a text of its own."""
    telling = _telling(group, asking)
    for number, passage in enumerate(group.passages):
        before: Floats = np.zeros(int(telling.sum()), np.float32)
        for rank, span in enumerate(passage.sentences):
            if rank in passage.framing or rank in passage.headlines:
                continue
            here = group.matrix.sentence == group.matrix.first[number] + rank
            found = group.matrix.values[:, here].max(axis=1, initial=0.0)[telling]
            text = _text(passage, *span)
            if len(found) and tells_of_its_making(asking.fact, text):
                named = np.maximum(found, before) if goes_on(text) else found
                if named.min() >= _HALF:
                    return True
            before = found
    return False


def _in_order(article: Sequence[StoredPassage]) -> list[tuple[StoredPassage, int, int, int]]:
    """The sentences of an article: the passage, the number in it, start and end."""
    found = {
        start: (passage, rank, start, end) for passage in article for rank, (start, end) in enumerate(passage.sentences)
    }
    return [found[start] for start in sorted(found)]


def _announces_others(text: str) -> bool:
    return bool(_OTHERS.match(normalize_arabic(text).lower())) and not _ENDED.search(text)


def _listed(article: Sequence[StoredPassage]) -> set[int]:
    """Where lines begin that are of other articles: those from "read also" on that are no sentences."""
    found: set[int] = set()
    others = False
    for passage, _, start, end in _in_order(article):
        text = _text(passage, start, end)
        others = others or _announces_others(text)
        if others and not _ENDED.search(text):
            found.add(start)
    return found


def _line(fact: Fact, article: Sequence[StoredPassage], stated: Stating) -> tuple[Place, bool] | None:
    """The first line that says it, one of those around the article before one of its own, and whether it surely does.

    Below the body it surely does only if it names the author or the outlet that the article states: other articles are listed
    there, and the sources of figures. What is stated as a source is surely where it appeared only if it is known for an outlet.
    """
    ordered = _in_order(article)
    own = [rank not in passage.framing and rank not in passage.headlines for passage, rank, *_ in ordered]
    found, before = [], 0
    for (passage, rank, start, end), body in zip(ordered, own, strict=True):
        text = _text(passage, start, end)
        if _announces_others(text):
            break
        above = not before or (before <= _LEAD and sum(own) - before > 2 * before)
        if rank not in passage.headlines and _says(fact, text, stated, passage, not body, not before, above):
            known = above or fact is Fact.DAY
            if not known and _names(fact, text, stated):
                known = fact is Fact.AUTHOR or _is_outlet(stated.outlet)
            found.append((not known, body, start, passage, end))
        before += body
    if not found:
        return None
    unsure, _, start, passage, end = min(found, key=lambda each: each[:3])
    return (passage, start, end), not unsure


def _is_outlet(name: str | None) -> bool:
    return bool(name) and (is_masthead(str(name)) or is_agency(str(name)))


def _says(
    fact: Fact, text: str, stated: Stating, passage: StoredPassage, around: bool, opens: bool, above: bool
) -> bool:
    words = len(text.split())
    if fact is Fact.DAY:
        # Of the body only a line that is one, or the dateline of its first sentence: what else happened on that day is another matter.
        if not around and (words > _LONGEST or _ENDED.search(text)):
            text = dateline[0] if opens and (dateline := _DATELINE.match(text)) else ""
            if not all(_is_place(f"{text[:start]} {text[end:]}".split()) for _, (start, end) in parse_dates(text)):
                return False
        return passage.date is not None and passage.date in (day for day, _ in parse_dates(text))
    if words > _LONGEST:
        return False
    opening = _BYLINE if fact is Fact.AUTHOR else _SOURCE
    # Or else it is a sentence of the article that begins like such a line, or tells of its author.
    opened = (around or (above and fact is Fact.OUTLET)) and bool(opening.match(text))
    return (opened or _names(fact, text, stated)) and (around or (words <= _SHORT and not _ENDED.search(text)))


def _names(fact: Fact, text: str, stated: Stating) -> bool:
    """Whether a line names the author or the outlet that the article states."""
    name = stated.author if fact is Fact.AUTHOR else stated.outlet
    return bool(name) and bool(re.search(rf"(?<!\w){re.escape(fold(str(name)).text)}(?!\w)", text))


def _is_place(words: Sequence[str]) -> bool:
    """Whether these may stand beside the day of a dateline: few, and in English none that a sentence is made of."""
    return len(words) <= _PLACE_WORDS and not any(word.islower() and word.isascii() for word in words)
