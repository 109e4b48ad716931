"""What words look for in the tables of a collection, as arrays: made once for the passages of both languages."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.ablation import cached
from assistant.language import terms

# A question is matched in one language after the other.
_KEPT = 16


class Part(NamedTuple):
    """What words look for by one family. ``weights`` and ``words``, whose key each is, counted from 0: shape ``(keys,)``."""

    strength: float
    weights: npt.NDArray[np.float64]
    words: npt.NDArray[np.int64]


class Table(NamedTuple):
    """Keys to look up in one table, those of one part after those of another: the places of these, and how many each has."""

    name: str
    keys: list[str]
    parts: list[int]
    sizes: list[int]


class Lookups(NamedTuple):
    """What so many words look for, by each family and in each table."""

    words: int
    parts: list[Part]
    tables: list[Table]


def _lookups(words: int, parts: Sequence[tuple[str, list[str], Part]]) -> Lookups:
    """For each part its table and its keys; the order of the parts stays."""
    parts = [each for each in parts if each[1]]
    tables = []
    for name in dict.fromkeys(name for name, *_ in parts):
        places = [place for place, each in enumerate(parts) if each[0] == name]
        keys = [parts[place][1] for place in places]
        tables.append(Table(name, list(chain(*keys)), places, list(map(len, keys))))
    return Lookups(words, [part for *_, part in parts], tables)


@cached(maxsize=_KEPT)
def by_families(words: tuple[str, ...]) -> Lookups:
    """What the words of a question look for by all their families."""
    # By place in its table of families: those of one word stay in their order, whatever the others are.
    asked_by: dict[int, list[tuple[int, terms.Sought]]] = {}
    for number, word in enumerate(words):
        for each in terms.sought(word):
            asked_by.setdefault(id(each.family), []).append((number, each))
    return _lookups(len(words), list(map(_of_family, asked_by.values())))


def _of_family(asked: Sequence[tuple[int, terms.Sought]]) -> tuple[str, list[str], Part]:
    """What the words of these numbers look for, all by the same family."""
    family = asked[0][1].family
    keys = list(chain.from_iterable(each.keys for _, each in asked))
    weights = np.array(list(chain.from_iterable(each.weights for _, each in asked)))
    words = np.repeat(np.array([number for number, _ in asked]), [len(each.keys) for _, each in asked])
    return family.filed_under, keys, Part(family.strength, weights, words)


@cached(maxsize=_KEPT)
def as_they_are(words: tuple[str, ...]) -> Lookups:
    """What words of the glossary look for."""
    sought = terms.as_they_are(words)
    numbers, counts = np.arange(len(words)), [len(each.lemmas) for each in sought]
    weights = np.array([each.weight for each in sought])
    stem, lemma = terms.AS_IT_IS[terms.STEM], terms.AS_IT_IS[terms.LEMMA]
    return _lookups(
        len(words),
        [
            (terms.STEM, [each.stem for each in sought], Part(stem, np.ones(len(words)), numbers)),
            (
                terms.LEMMA,
                list(chain.from_iterable(each.lemmas for each in sought)),
                Part(lemma, np.repeat(weights, counts), np.repeat(numbers, counts)),
            ),
        ],
    )
