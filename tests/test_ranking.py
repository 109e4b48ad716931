"""The vectorised scores of passages against the formula, computed one token at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant import ranking
from assistant.language.terms import PIVOT_LENGTH
from assistant.language.tokens import Token
from assistant.matching import Question
from assistant.matrix import WINDOW, MatchMatrix


class Laid(NamedTuple):
    """A passage by hand: per token its similarities to the question's words; tokens per sentence; stop words."""

    tokens: list[list[float]]
    sentences: list[int]
    stops: list[bool]


def lay(passages: list[Laid], words: int) -> MatchMatrix:
    values, sentence, flags, starts, first = [], [], [], [], [0]
    for passage in passages:
        starts.append(len(values))
        numbers = [number for number, size in enumerate(passage.sentences) for _ in range(size)]
        values += passage.tokens + [[0.0] * words] * WINDOW
        sentence += [first[-1] + number for number in numbers] + [-1] * WINDOW
        flags += [-1 if stop else 0 for stop in passage.stops] + [-1] * WINDOW
        first.append(first[-1] + len(passage.sentences))
    return MatchMatrix(
        np.array(values, dtype=np.float32).T.copy(),
        np.zeros((words, len(passages)), dtype=np.float32),
        np.array(starts, dtype=np.int64),
        np.array([len(passage.tokens) for passage in passages], dtype=np.int64),
        np.array(sentence, dtype=np.int64),
        np.array(flags, dtype=np.int32),
        np.array(first, dtype=np.int64),
    )


def question(weights: list[float]) -> Question:
    return Question(tuple(Token(f"w{i}", i, i + 1) for i in range(len(weights))), (), np.array(weights))


def slow_all(passage: Laid, weights: list[float]) -> float:
    content = sum(not stop for stop in passage.stops)
    norm = 1 - 0.5 + 0.5 * content / PIVOT_LENGTH
    total = 0.0
    for word, weight in enumerate(weights):
        frequency = sum(token[word] for token in passage.tokens)
        total += weight * frequency * 2 / (frequency + norm)
    return total


def slow_sentence(passage: Laid, weights: list[float]) -> float:
    best, at = 0.0, 0
    for size in passage.sentences:
        tokens, at = passage.tokens[at : at + size], at + size
        score = 0.0
        for word, weight in enumerate(weights):
            frequency = sum(token[word] for token in tokens)
            score += weight * frequency * 2 / (frequency + 0.5 + 0.5 * size / 22)
        best = max(best, score)
    return best


def slow_neighbours(passage: Laid, weights: list[float]) -> float:
    total = 0.0
    for word in range(len(weights) - 1):
        best = 0.0
        for here, token in enumerate(passage.tokens):
            for there, other in enumerate(passage.tokens):
                share = {1: 1.0, 2: 0.7, 3: 0.7}.get(abs(here - there), 0.0)
                best = max(best, share * min(token[word], other[word + 1]))
        total += min(weights[word], weights[word + 1]) * best
    return total


def slow_window(passage: Laid, weights: list[float]) -> float:
    best = 0.0
    for start in range(len(passage.tokens)):
        run = passage.tokens[start : start + 30]
        best = max(best, sum(weight * max(token[word] for token in run) for word, weight in enumerate(weights)))
    return best


def slow_score(passage: Laid, weights: list[float]) -> float:
    parts = (
        slow_all(passage, weights)
        + 0.6 * slow_sentence(passage, weights)
        + 0.5 * slow_neighbours(passage, weights)
        + 0.5 * slow_window(passage, weights)
    )
    return parts / sum(weights)


def of_matched(part: Callable[..., np.ndarray]) -> Callable[[MatchMatrix, np.ndarray], np.ndarray]:
    """A part that is computed from the columns with a match alone."""
    return lambda matrix, weights: part(matrix, ranking._Matched.of(matrix), weights)


SIMILARITY = st.sampled_from([0.25, 0.5, 1.0])


@st.composite
def matched(draw: st.DrawFn, most: int = 4) -> tuple[list[Laid], list[float]]:
    weights = draw(st.lists(st.sampled_from([0.5, 1.0, 3.0, 6.0]), min_size=1, max_size=4))
    passages = []
    for _ in range(draw(st.integers(1, most))):
        sizes = draw(st.lists(st.integers(1, 25), min_size=1, max_size=3))
        length = sum(sizes)
        tokens = [[0.0] * len(weights) for _ in range(length)]
        places = st.tuples(st.integers(0, length - 1), st.integers(0, len(weights) - 1), SIMILARITY)
        for place, word, similarity in draw(st.lists(places, max_size=8)):
            tokens[place][word] = similarity
        stops = draw(st.sets(st.integers(0, length - 1), max_size=5))
        passages.append(Laid(tokens, sizes, [place in stops for place in range(length)]))
    return passages, weights


@pytest.mark.parametrize(
    ("fast", "slow"),
    [
        (ranking._all, slow_all),
        (of_matched(ranking._best_sentence), slow_sentence),
        (of_matched(ranking._neighbours), slow_neighbours),
        (of_matched(ranking._best_window), slow_window),
    ],
)
@given(case=matched())
@hypothesis_settings(max_examples=30, deadline=None)
def test_each_part_is_its_formula(fast, slow, case: tuple[list[Laid], list[float]]) -> None:
    passages, weights = case
    found = fast(lay(passages, len(weights)), np.array(weights))
    assert found == pytest.approx([slow(passage, weights) for passage in passages], abs=1e-5)


@given(case=matched(most=1))
@hypothesis_settings(max_examples=40, deadline=None)
def test_the_score_of_one_passage_is_the_formula(case: tuple[list[Laid], list[float]]) -> None:
    (passage,), weights = case
    found = ranking.score(question(weights), lay([passage], len(weights)))
    assert found == pytest.approx([slow_score(passage, weights)], abs=1e-5)


@given(case=matched())
@hypothesis_settings(max_examples=40, deadline=None, phases=[Phase.generate])
def test_a_score_does_not_depend_on_the_passages_beside_it(case: tuple[list[Laid], list[float]]) -> None:
    passages, weights = case
    together = ranking.score(question(weights), lay(passages, len(weights)))
    alone = [float(ranking.score(question(weights), lay([passage], len(weights)))[0]) for passage in passages]
    assert together == pytest.approx(alone, abs=1e-5)


def test_the_window_is_thirty_tokens() -> None:
    def two(apart: int) -> float:
        tokens = [[0.0, 0.0] for _ in range(60)]
        tokens[5], tokens[5 + apart] = [1.0, 0.0], [0.0, 1.0]
        matrix = lay([Laid(tokens, [60], [False] * 60)], 2)
        return float(of_matched(ranking._best_window)(matrix, np.array([1.0, 1.0]))[0])

    assert [two(apart) for apart in (1, 16, 29, 30)] == [2.0, 2.0, 2.0, 1.0]


def test_nothing_matched_scores_nothing() -> None:
    silent = Laid([[0.0], [0.0]], [2], [False, True])
    assert ranking.score(question([2.0]), lay([silent, silent], 1)).tolist() == [0.0, 0.0]


def test_a_question_without_words_scores_nothing() -> None:
    matrix = lay([Laid([[], []], [2], [False, False])], 0)
    assert ranking.score(question([]), matrix).tolist() == [0.0]


@given(case=matched(most=1), scale=st.sampled_from([0.5, 2.0, 10.0]))
@hypothesis_settings(max_examples=25, deadline=None)
def test_scores_compare_between_collections_whose_words_weigh_differently(
    case: tuple[list[Laid], list[float]], scale: float
) -> None:
    passages, weights = case
    matrix = lay(passages, len(weights))
    scaled = question([weight * scale for weight in weights])
    assert ranking.score(scaled, matrix) == pytest.approx(ranking.score(question(weights), matrix))
