"""One match matrix for everything: question words against the tokens of passages.

`MatchMatrix` lays the word types that question words stand for (`matching`) along the tokens of passages: shape ``(question
words, token positions)``. Re-ranking, evidence, confidence and highlighting all read this one matrix.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.ablation import left_out
from assistant.catalogue import StoredPassage
from assistant.language import dates
from assistant.matching import Matcher, Question
from assistant.postings import runs

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


def lay_out(question: Question, matcher: Matcher, passages: Sequence[StoredPassage]) -> MatchMatrix:
    """Build the matrix of a question and passages of the matcher's language."""
    lengths = np.array([len(passage.tokens) for passage in passages], dtype=np.int64)
    starts = _beginnings(lengths + WINDOW)
    columns = int((lengths + WINDOW).sum())
    first = np.cumsum([0, *(len(passage.sentences) for passage in passages)]).astype(np.int64)
    places = runs(starts, lengths)
    types, which = _distinct(np.concatenate([np.zeros(0, np.int32), *(passage.tokens for passage in passages)]))
    # Padding has a type of its own, which nothing matches.
    type_at = np.full(columns, len(types))
    type_at[places] = which
    similar = _similarities(question, types)
    values = np.take(np.pad(similar, ((0, 0), (0, 1))), type_at, axis=1)
    for row, marked in _phrases(question, types, type_at):
        np.maximum(values[row], marked, out=values[row])
    sentence = np.full(columns, -1, dtype=np.int64)
    sentence[places] = np.repeat(first[:-1], lengths) + np.concatenate(
        [np.zeros(0, np.int64), *(passage.token_sentences for passage in passages)]
    )
    flags = np.append(matcher.flags(types), np.int32(-1))[type_at]
    return MatchMatrix(values, _titles(question, passages), starts, lengths, sentence, flags, first)


def _phrases(question: Question, types: Int64s, type_at: Int64s) -> Iterator[tuple[int, Floats]]:
    """The rows of words that stand for phrases, and what each phrase found adds to its row."""
    there = set(types.tolist()) if any(match.phrases for match in question.matches) else set()
    for row, match in enumerate(question.matches):
        for phrase in match.phrases:
            # Most phrases have a part that none of the passages has.
            if not any(part.isdisjoint(there) for part in phrase.parts):
                masks = []
                for part in phrase.parts:
                    written = np.zeros(len(types) + 1, dtype=bool)
                    written[np.searchsorted(types, list(part & there))] = True
                    masks.append(written[type_at])
                yield row, np.where(_phrase_columns(masks), np.float32(phrase.strength), np.float32(0))


def _distinct(ids: npt.NDArray[np.int32]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The different ones in order, and the place of each of ``ids`` among them: ``np.unique`` without sorting."""
    there = np.zeros(int(ids.max(initial=-1)) + 1, dtype=bool)
    there[ids] = True
    types = np.flatnonzero(there)
    place = np.empty(len(there), dtype=np.int64)
    place[types] = np.arange(len(types))
    return types, place[ids]


def _similarities(question: Question, types: npt.NDArray[np.integer[Any]]) -> Floats:
    """How well each word matches each of ``types``, which are sorted: shape ``(words, types)``."""
    table = np.zeros((len(question.words), len(types)), dtype=np.float32)
    for row, match in enumerate(question.matches if len(types) else ()):
        similar = np.fromiter(match.types, np.int64, len(match.types))
        column = np.minimum(np.searchsorted(types, similar), len(types) - 1)
        there = types[column] == similar
        table[row, column[there]] = np.fromiter(match.types.values(), np.float64, len(similar))[there]
    return table


def _titles(question: Question, passages: Sequence[StoredPassage]) -> Floats:
    """`MatchMatrix.titles`."""
    titles = np.zeros((len(question.words), len(passages)), dtype=np.float32)
    apart = [number for number, p in enumerate(passages) if len(p.title_tokens) and p.title not in p.text]
    if apart:
        lengths = [len(passages[number].title_tokens) for number in apart]
        types, where = np.unique(
            np.concatenate([passages[number].title_tokens for number in apart]), return_inverse=True
        )
        starts = np.cumsum([0, *lengths[:-1]])
        titles[:, apart] = np.maximum.reduceat(_similarities(question, types)[:, where], starts, axis=1)
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
class Group:
    """Passages of one language matched with a question. ``scores``: those of `ranking.score`, shape ``(passages,)``."""

    question: Question
    matrix: MatchMatrix
    passages: Sequence[StoredPassage]
    scores: npt.NDArray[np.float64]

    def of(self, numbers: Sequence[int]) -> Group:
        """The group of these of its passages, in this order."""
        passages = [self.passages[number] for number in numbers]
        return Group(self.question, self.matrix.of(numbers), passages, self.scores[numbers])
