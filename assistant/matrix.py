"""One match matrix for everything: question words against the tokens of passages.

`MatchMatrix` lays the word types that question words stand for (`matching`) along the tokens of passages: shape ``(question
words, token positions)``. Re-ranking, evidence, confidence and highlighting all read this one matrix.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from assistant.ablation import left_out
from assistant.catalogue import StoredPassage
from assistant.language import dates
from assistant.matching import Matcher, Question
from assistant.outlines import Outline
from assistant.postings import placed, runs

# Parts of a whole phrase stand within so many tokens.
_PHRASE_GAP = 3
# Empty columns after each passage, so that windows and neighbourhoods never reach into the next one.
WINDOW = 30
Floats = npt.NDArray[np.float32]
Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class MatchMatrix:
    """Similarities laid along the tokens of ``n`` passages.

    ``values``: shape ``(question words, columns)``. Each passage takes a run of columns followed by `WINDOW` empty
    ones. ``titles``: shape ``(question words, n)``, the best match of each word in the title and date of the passage's
    article (the title counts nothing for a passage that holds it). ``starts`` and ``lengths``: shape ``(n,)``, columns of the passages without padding. ``sentence``: shape
    ``(columns,)``, running number of the token's sentence over all passages, -1 in padding. ``flags``: shape ``(columns,)``,
    `Kind` bits, -1 for stop words and padding. ``first``: running number of each passage's first sentence, shape ``(n + 1,)``.
    """

    values: Floats
    titles: Floats
    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    sentence: npt.NDArray[np.int64]
    flags: npt.NDArray[np.int32]
    first: npt.NDArray[np.int64]

    def passage_slice(self, number: int) -> slice:
        """Columns of a passage without its padding."""
        return slice(int(self.starts[number]), int(self.starts[number] + self.lengths[number]))

    def of(self, numbers: Sequence[int]) -> MatchMatrix:
        """The matrix of these of the passages, in this order."""
        starts, lengths = self.starts[numbers], self.lengths[numbers]
        columns = runs(starts, lengths + WINDOW)
        sentences = np.diff(self.first)[numbers]
        first = np.concatenate([[0], np.cumsum(sentences)])
        sentence = self.sentence[columns]
        moved = sentence + np.repeat(first[:-1] - self.first[numbers], lengths + WINDOW)
        return MatchMatrix(
            values=np.take(self.values, columns, axis=1),
            titles=np.take(self.titles, numbers, axis=1),
            starts=_beginnings(lengths + WINDOW),
            lengths=lengths,
            sentence=np.where(sentence < 0, -1, moved),
            flags=self.flags[columns],
            first=first,
        )


def _beginnings(lengths: Int64s) -> Int64s:
    """Where runs of these lengths begin that stand one after the other."""
    return np.cumsum(lengths) - lengths


def lay_out(question: Question, matcher: Matcher, passages: Sequence[Outline]) -> MatchMatrix:
    """Build the matrix of a question and passages of the matcher's language."""
    lengths = np.array([len(passage.tokens) for passage in passages], dtype=np.int64)
    starts = _beginnings(lengths + WINDOW)
    columns = int((lengths + WINDOW).sum())
    first = np.cumsum([0, *(passage.sentences for passage in passages)])
    places = runs(starts, lengths)
    # The words of titles are looked up with those of the passages: most of them are the same.
    apart = [passage.title_tokens for passage in passages]
    types, which = placed(np.concatenate([np.zeros(0, np.int32), *(each.tokens for each in passages), *apart]))
    # Padding has a type of its own, which nothing matches.
    type_at = np.full(columns, len(types))
    type_at[places] = which[: len(places)]
    similar = _similarities(question, types)
    values = np.take(similar, type_at, axis=1)
    for row, marked in _phrases(question, types, type_at):
        np.maximum(values[row], marked, out=values[row])
    sentence = np.full(columns, -1, dtype=np.int64)
    sentence[places] = np.repeat(first[:-1], lengths) + np.concatenate(
        [np.zeros(0, np.int64), *(passage.token_sentences for passage in passages)]
    )
    flags = np.append(matcher.flags(types), np.int32(-1))[type_at]
    titles = _titles(question, passages, similar[:, which[len(places) :]])
    return MatchMatrix(values, titles, starts, lengths, sentence, flags, first)


def _phrases(question: Question, types: Int64s, type_at: Int64s) -> Iterator[tuple[int, Floats]]:
    """The rows of words that stand for phrases, and what each phrase found adds to its row."""
    phrases = [(row, phrase) for row, match in enumerate(question.matches) for phrase in match.phrases if phrase.parts]
    if not phrases or not len(types):
        return
    parts = [part for _, phrase in phrases for part in phrase.parts]
    wanted = np.fromiter(chain.from_iterable(parts), np.int64)
    place, there = _places(types, wanted)
    ends = np.cumsum(list(map(len, parts)))
    number = 0
    for row, phrase in phrases:
        bounds = [(end - len(part), end) for part, end in zip(phrase.parts, ends[number:].tolist(), strict=False)]
        number += len(phrase.parts)
        # Most phrases have a part that none of the passages has.
        if all(there[start:end].any() for start, end in bounds):
            masks = []
            for start, end in bounds:
                written = np.zeros(len(types) + 1, dtype=bool)
                written[place[start:end][there[start:end]]] = True
                masks.append(written[type_at])
            if (found := _phrase_columns(masks)).any():
                yield row, np.where(found, np.float32(phrase.strength), np.float32(0))


def _places(types: Int64s, wanted: Int64s) -> tuple[Int64s, npt.NDArray[np.bool_]]:
    """Where among ``types``, which are sorted and not none, each of the wanted stands, and whether it does."""
    place = np.minimum(np.searchsorted(types, wanted), len(types) - 1)
    return place, types[place] == wanted


def _similarities(question: Question, types: Int64s) -> Floats:
    """How well each word matches each of ``types``, which are sorted, and nothing: shape ``(words, types + 1)``."""
    table = np.zeros((len(question.words), len(types) + 1), dtype=np.float32)
    if not len(types) or not question.matches:
        return table
    similar = np.concatenate([match.similar.types for match in question.matches])
    rows = np.repeat(np.arange(len(table)), [len(match.similar.types) for match in question.matches])
    column, there = _places(types, similar)
    similarity = np.concatenate([match.similar.similarity for match in question.matches])
    table[rows[there], column[there]] = similarity[there]
    return table


def _titles(question: Question, passages: Sequence[Outline], similar: Floats) -> Floats:
    """`MatchMatrix.titles`; ``similar``: how well each word matches the words of the titles, shape ``(words, title tokens)``."""
    titles = np.zeros((len(question.words), len(passages)), dtype=np.float32)
    lengths = np.array([len(passage.title_tokens) for passage in passages], np.int64)
    if similar.shape[1]:
        apart = lengths > 0
        titles[:, apart] = np.maximum.reduceat(similar, _beginnings(lengths[apart]), axis=1)
    if not left_out().dates:
        for row, token in enumerate(question.words):
            if token.word[0] == "#" or dates.month_of(token.word):
                named = [bool(p.date and dates.names_part_of(token.word, p.date)) for p in passages]
                titles[row, named] = 1.0
    return titles


def _phrase_columns(masks: list[npt.NDArray[np.bool_]]) -> npt.NDArray[np.bool_]:
    """Columns whose tokens write a whole phrase, its parts in order and at most `_PHRASE_GAP` apart.

    ``masks``: for each part the columns that write it.
    """
    for i in range(len(masks) - 2, -1, -1):
        followed = np.zeros(len(masks[i]), dtype=bool)
        for gap in range(1, _PHRASE_GAP + 1):
            followed[:-gap] |= masks[i + 1][gap:]
        masks[i] &= followed
    found = masks[0].copy()
    previous = masks[0]
    for mask in masks[1:]:
        preceded = np.zeros(len(mask), dtype=bool)
        for gap in range(1, _PHRASE_GAP + 1):
            preceded[gap:] |= previous[:-gap]
        previous = mask & preceded
        found |= previous
    return found


@dataclass(frozen=True, slots=True)
class Laid:
    """Passages of one language as they are ranked: few of them are then read. ``scores``: as of `Group`."""

    question: Question
    matrix: MatchMatrix
    outlines: Sequence[Outline]
    scores: npt.NDArray[np.float64]

    def group(self, passages: Sequence[StoredPassage]) -> Group | None:
        """The group of those of the passages that are among these, in their order."""
        place_of = {outline.id: place for place, outline in enumerate(self.outlines)}
        read = [passage for passage in passages if passage.id in place_of]
        places = [place_of[passage.id] for passage in read]
        return Group(self.question, self.matrix.of(places), read, self.scores[places]) if read else None


@dataclass(frozen=True, slots=True)
class Group:
    """Passages of one language matched with a question. ``scores``: those of `ranking.score`, shape ``(passages,)``."""

    question: Question
    matrix: MatchMatrix
    passages: Sequence[StoredPassage]
    scores: npt.NDArray[np.float64]
