"""The words of a question as they were meant: typing errors mended against the collection and the lexicon.

Only a word that nobody knows is touched: the lexicon and the glossary have no reading of it and nothing in the
collection is like it. It is then taken for the likeliest of: a word of the collection one slip away, a known word one
slip away that the collection knows something of, two words without their space, half a word with a space too many.
Anything else stays as it was typed, so that a name the collection lacks remains one.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import OSA

from assistant.ablation import cached, left_out
from assistant.citations import Mended
from assistant.language import glossary, spelling, terms
from assistant.language.kinds import Kind, kinds_of
from assistant.language.text import is_arabic
from assistant.language.tokens import Token, tokens
from assistant.matching import Matcher

# How like something in the collection a word is: left alone above the first, touched only with good reason above the
# second; and how like one a word must be that only the lexicon knows.
_SURE, _FOUND, _HEARD_OF = 0.75, 0.5, 0.3
# Costs of slips: believed of a long word, of any word, without asking what the collection knows. A letter that is wrong
# for no reason makes another name of a short one.
_ANY, _LIKELY, _PLAIN = 1.0, 0.7, 0.55
_OF_LEXICON, _OTHER_CASE = 0.25, 0.05
_LONG = 7
_SHORTEST_JOINED, _SHORTEST_JOINT, _LONGEST_JOINT = 7, 6, 30


class _Reading(NamedTuple):
    """A word as it was typed and the words that were meant: one, or two that lack the space between them."""

    typed: Token
    meant: tuple[Token, ...]


class Wording:
    """Reads questions put to the collection that ``matchers`` know. Safe to share between threads."""

    def __init__(self, matchers: Collection[Matcher]) -> None:
        self._matchers = matchers
        self._read = cached(maxsize=256)(self._readings)
        self._parts = cached(maxsize=4096)(self._mend)

    def words(self, question: str) -> tuple[Token, ...]:
        """The words of a question that carry weight, mended; spans are those of what was typed."""
        readings = self._read(question)
        if all(reading.meant == (reading.typed,) for reading in readings):
            return tuple(reading.typed for reading in readings)
        found: dict[str, Token] = {}
        for reading in readings:
            for each in reading.meant:
                if terms.question_weight(each.word) > 0:
                    found.setdefault(each.word, each)
        return tuple(found.values())

    def mended(self, question: str) -> tuple[Mended, ...]:
        """What was taken for typing errors, in the order of the question."""
        found: dict[Mended, None] = {}
        for typed, meant in self._read(question):
            if meant != (typed,):
                span = question[min(typed.start, meant[0].start) : max(typed.end, meant[-1].end)]
                found[Mended(span, " ".join(each.word for each in meant))] = None
        return tuple(found)

    def _readings(self, question: str) -> tuple[_Reading, ...]:
        typed = terms.question_words(question)
        if left_out().spelling:
            return tuple(_Reading(token, (token,)) for token in typed)
        odd = self._odd_among([token.word for token in typed])
        whole = self._put_together(question, odd)
        readings = []
        for token in typed:
            if token.start in whole:
                meant: tuple[Token, ...] = (whole[token.start],)
            else:
                meant = self._meant_by(token) if token.word in odd else (token,)
            readings.append(_Reading(token, meant))
        return tuple(readings)

    def _odd_among(self, words: Sequence[str]) -> set[str]:
        """Those of the words that nobody knows and that nothing in the collection is like."""
        unknown = [
            word
            for word in words
            if len(word) >= 3
            and word[0] not in "#@"
            and kinds_of(word) & Kind.UNKNOWN
            and not glossary.replacements([word])[0]
        ]
        if unknown:
            for matcher in self._matchers:
                matcher.prepare(words)
        likeness = self._likenesses(unknown, own_script=True)
        return {word for word, likely in zip(unknown, likeness, strict=True) if likely < _SURE}

    def _likeness(self, word: str) -> float:
        """How like the word the collection has something; many a slip sounds like some name of the other script."""
        return self._likenesses([word])[0]

    def _likenesses(self, words: Sequence[str], own_script: bool = False) -> list[float]:
        most = dict.fromkeys(words, 0.0)
        for matcher in self._matchers:
            asked = [word for word in most if not own_script or matcher.language == ("ar" if is_arabic(word) else "en")]
            for word, match in zip(asked, matcher.matches([(word, ()) for word in asked]), strict=True):
                most[word] = max((most[word], *match.types.values()))
        return [most[word] for word in words]

    def _meant_by(self, token: Token) -> tuple[Token, ...]:
        parts = self._parts(token.word)
        if len(parts) == 2:
            middle = token.start + round((token.end - token.start) * len(parts[0]) / len("".join(parts)))
            return Token(parts[0], token.start, middle), Token(parts[1], middle, token.end)
        return (Token(parts[0], token.start, token.end),)

    def _mend(self, word: str) -> tuple[str, ...]:
        if len(word) < spelling.SHORTEST:
            return (word,)
        likeness = self._likeness(word)
        meant = self._meant(word, likeness)
        return (meant,) if meant else (self._apart(word) if likeness < _SURE else ()) or (word,)

    def _meant(self, word: str, likeness: float) -> str | None:
        """The likeliest word one slip away."""
        costs: dict[str, float] = {}
        long = len(word) >= _LONG and not word[0].isupper() and likeness < _FOUND
        for matcher in self._matchers:
            for stored in matcher.alike(word):
                slip = _slip(word, stored.word)
                if slip is not None and slip <= (_ANY if long else _LIKELY):
                    # Of words equally far the common one is meant.
                    cost = (
                        slip
                        - 0.02 * math.log1p(stored.df)
                        + _OTHER_CASE * (word[0].isupper() != stored.word[0].isupper())
                    )
                    costs[stored.word] = min(costs.get(stored.word, math.inf), cost)
        for known, slip in spelling.corrections(word):
            if self._may_mean(word, known, slip, likeness):
                costs.setdefault(known, slip + _OF_LEXICON)
                break
        return min(costs, key=lambda meant: (costs[meant], meant)) if costs else None

    def _may_mean(self, word: str, known: str, slip: float, likeness: float) -> bool:
        if terms.is_stop(known):
            return slip <= _PLAIN
        if slip < _PLAIN:
            return not word[0].isupper() or self._likeness(known) >= max(likeness, _HEARD_OF)
        return likeness < _FOUND and slip <= _LIKELY and self._likeness(known) >= _HEARD_OF

    def _apart(self, word: str) -> tuple[str, ...]:
        """Two words that were typed without the space between them."""
        if len(word) < _SHORTEST_JOINED:
            return ()
        cuts = [(word[:i], word[i:]) for i in range(2, len(word) - 1)]
        parts = {part for cut in cuts for part in cut}
        written = self._written(parts)
        known = written | (self._listed(parts) if is_arabic(word) or word[0].islower() else set())
        likely = [
            (head, tail)
            for head, tail in cuts
            if head in known and tail in known
            if _is_torn(head, tail)
            or (min(len(head), len(tail)) >= 4 and ({head, tail} <= written or not is_arabic(word)))
        ]
        return max(likely, key=lambda cut: min(map(len, cut)), default=())

    def _put_together(self, question: str, odd: Collection[str]) -> dict[int, Token]:
        """Words with a space too many inside, by the places where their parts begin."""
        pairs = [
            (left, right, left.word + right.word)
            for left, right in pairwise(tokens(question))
            if question[left.end : right.start] == " "
            and _SHORTEST_JOINT <= len(left.word + right.word) <= _LONGEST_JOINT
        ]
        if not pairs:
            return {}
        # Hardly any of them is a word: only then it matters whether its parts are.
        written = self._written({joint for *_, joint in pairs})
        torn_of = [(left.word, right.word) for left, right, joint in pairs if joint in written]
        written |= self._written({part for parts in torn_of for part in parts})
        known = spelling.known_among({joint for left, right, joint in pairs if left.word in odd or right.word in odd})
        found: dict[int, Token] = {}
        for left, right, joint in pairs:
            torn = joint in written and not (left.word in written and right.word in written)
            if (torn or joint in known) and left.start not in found:
                found[left.start] = found[right.start] = Token(joint, left.start, right.end)
        return found

    def _written(self, words: Collection[str]) -> set[str]:
        """Those of the words that the collection writes, capitals aside."""
        if not words:
            return set()
        spellings = {each: word for word in words for each in (word, word.lower(), word.capitalize())}
        return {spellings[each] for matcher in self._matchers for each in matcher.written(spellings)}

    @staticmethod
    def _listed(words: Collection[str]) -> set[str]:
        """Those of the words that the lexicon or the glossary knows."""
        listed = spelling.known_among({word.lower() for word in words if len(word) > (1 if is_arabic(word) else 2)})
        return {word for word in words if word.lower() in listed}


def _slip(typed: str, written: str) -> float | None:
    """The least cost of a slip between two words, or between what is left of them without clitics."""
    cost = _cost(spelling.plain(typed), spelling.plain(written))
    if cost is not None or not is_arabic(typed):
        return cost
    pairs = (_cost(one, other) for one in spelling.bare(typed) for other in spelling.bare(written))
    return min((cost for cost in pairs if cost is not None), default=None)


def _cost(typed: str, written: str) -> float | None:
    # Of the thousand words that are compared with one that was mistyped, nearly all are further from it than one slip.
    return spelling.cost(typed, written) if OSA.distance(typed, written, score_cutoff=1) <= 1 else None


def _is_torn(head: str, tail: str) -> bool:
    """Whether two Arabic words meet here: the first has the ending of one, or the second its article."""
    return is_arabic(head) and (head[-1] in "ةىء" or tail.startswith(("ال", "وال", "بال", "لل")))
