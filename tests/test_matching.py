"""Question words meet words of the collection, and the matrix lays them along the right tokens."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from collection import SmallCollection, token_starts
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from invariants import ARABIC, ENGLISH

from assistant import ranking
from assistant.catalogue import StoredPassage
from assistant.language import glossary, terms
from assistant.language.sentences import Span
from assistant.language.text import Language
from assistant.language.tokens import Token
from assistant.matching import Matcher, Phrase, Question, WordMatch, match_question
from assistant.matrix import WINDOW, Laid, MatchMatrix, lay_out
from assistant.postings import NOTHING
from assistant.vocabulary import FACTS, LanguageStatistics

TEXTS = {
    "en.txt": "The Armenian soldiers were killed near Goris. Pashinyan asked Putin for military help in 1990.\n"
    "Twelve drones, 49 ministers and the BBC stayed. Zelinkov denied it. The United Nations spoke.\n"
    "His denial of an explosion surprised the hospital.",
    "ar.txt": "قتل الجنود الأرمينيون قرب غوريس. طلب باشينيان مساعدة عسكرية من بوتين عام 1990.\n"
    "بقيت اثنتا عشرة طائرة و49 وزيرا وبي بي سي. تحدثت الأمم المتحدة. وصف المستشفى انفجارا.",
    "lines.txt": "Cheese makers\n\nThey press milk. They sell milk.\n\n* * *\n\nNobody buys it.",
}


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> SmallCollection:
    return SmallCollection(tmp_path_factory.mktemp("matching") / "catalogue", TEXTS)


def similarity(texts: SmallCollection, language: Language, asked: str, stored: str) -> float:
    (number,) = texts.words(language, stored)
    return texts.matchers[language].match(asked).types.get(number, 0.0)


@pytest.mark.parametrize(
    ("language", "asked", "stored", "least"),
    [
        ("en", "killed", "killed", 1.0),
        ("en", "kill", "killed", 1.0),
        ("en", "قتل", "killed", 0.8),
        ("en", "مستشفى", "hospital", 0.8),
        ("en", "باشينيان", "Pashinyan", 0.8),
        ("en", "بوتين", "Putin", 0.6),
        ("en", "Pashinian", "Pashinyan", 0.3),
        ("en", "Gorris", "Goris", 0.3),
        ("en", "Gorin", "Goris", 0.34),  # as little alike as a spelling may be
        ("en", "Poutine", "Putin", 0.5),
        ("ar", "باشنيان", "باشينيان", 0.3),
        ("ar", "جوريس", "غوريس", 0.5),
        ("en", "#49", "#49", 1.0),
        ("en", "#12", "Twelve", 0.6),
        ("en", "@BBC", "BBC", 1.0),
        ("en", "deny", "denial", 0.2),
        ("ar", "killed", "قتل", 0.8),
        ("ar", "hospital", "المستشفى", 0.8),
        ("ar", "انفجار", "انفجارا", 0.9),
        ("ar", "explosion", "انفجارا", 0.5),
        ("ar", "Pashinyan", "باشينيان", 0.8),
        ("ar", "Goris", "غوريس", 0.8),
        ("ar", "#1990", "#1990", 1.0),
        ("ar", "BBC", "@BBC", 1.0),
        ("ar", "#12", "#12", 1.0),
    ],
)
def test_words_that_mean_the_same_meet(
    texts: SmallCollection, language: Language, asked: str, stored: str, least: float
) -> None:
    assert similarity(texts, language, asked, stored) >= least - 1e-6


@pytest.mark.parametrize(
    ("language", "asked", "stored"),
    [
        ("en", "the", "The"),  # a word never asked for finds nothing
        ("en", "Putin", "Pashinyan"),
        ("en", "#490", "#49"),
        ("en", "#1991", "#1990"),
        ("en", "جبن", "hospital"),
        ("ar", "drones", "المستشفى"),
        ("ar", "Putin", "باشينيان"),
        ("ar", "#12", "#49"),
    ],
)
def test_words_that_do_not_stay_apart(texts: SmallCollection, language: Language, asked: str, stored: str) -> None:
    assert similarity(texts, language, asked, stored) == 0.0


@given(
    word=st.one_of(
        st.sampled_from(ENGLISH + ARABIC),
        st.from_regex(r"[A-Za-z]{1,12}|[\u0621-\u064a]{2,9}|#\d{1,4}", fullmatch=True),
    )
)
@hypothesis_settings(max_examples=40, deadline=None)
def test_similarities_are_shares_and_units_are_those_of_the_types(texts: SmallCollection, word: str) -> None:
    for language, matcher in texts.matchers.items():
        match = matcher.match(word)
        assert all(0 <= value <= 1 for value in match.types.values())
        stored = texts.catalogue.types(language, match.types)
        assert stored.keys() == match.types.keys()
        assert not any(kind.stop for kind in stored.values())
        best: dict[int, float] = {}
        for number, kind in stored.items():
            best[kind.unit] = max(best.get(kind.unit, 0.0), match.types[number])
        assert match.units == pytest.approx(best)


def test_a_stored_word_found_by_itself(texts: SmallCollection) -> None:
    """Every content word of every passage is found by asking for it."""
    for passage in texts.passages:
        for number, stored in texts.catalogue.types(passage.language, passage.tokens.tolist()).items():
            if not stored.stop:
                assert texts.matchers[passage.language].match(stored.word).types[number] == pytest.approx(1.0)


def test_the_sparse_query_adds_up_what_each_word_asks_for(texts: SmallCollection) -> None:
    question = match_question(texts.matchers["ar"], terms.question_words("Pashinyan killed killing the ministers?"))
    by_hand: dict[int, float] = {}
    for match, weight in zip(question.matches, question.weights, strict=True):
        for unit, value in match.units.items():
            by_hand[unit] = by_hand.get(unit, 0.0) + weight * value
    assert question.vector() == pytest.approx(by_hand)
    assert len(by_hand) >= 3
    assert question.mass == pytest.approx(float(question.weights.sum()))


def test_a_question_without_words_weighs_nothing_and_divides_by_one(texts: SmallCollection) -> None:
    question = match_question(texts.matchers["en"], [])
    assert (question.vector(), question.mass, len(question.weights)) == ({}, 1.0, 0)


def test_rare_words_and_full_words_weigh_more(tmp_path: Path) -> None:
    many = {f"{i}.txt": f"The minister spoke of trade number {i}." for i in range(60)}
    collection = SmallCollection(tmp_path / "catalogue", many | {"rare.txt": "A walrus spoke."})
    words = [Token("spoke", 0, 5), Token("walrus", 6, 12), Token("minister", 13, 21)]
    question = match_question(collection.matchers["en"], words)
    spoke, walrus, minister = question.weights
    assert (question.weights > 0).all()
    assert walrus > minister
    assert walrus > spoke


def test_flags_of_types(texts: SmallCollection) -> None:
    """Their stored bits, turned round for stop words; asked twice and in any order the same."""
    matcher = Matcher(texts.catalogue, "en")
    (passage,) = (passage for passage in texts.passages if passage.file == "en.txt")
    stored = texts.catalogue.types("en", passage.tokens.tolist())
    wanted = [~stored[n].flags if stored[n].stop else stored[n].flags for n in passage.tokens.tolist()]
    assert matcher.flags(passage.tokens[:3]).tolist() == wanted[:3]
    assert matcher.flags(passage.tokens).tolist() == wanted
    assert matcher.flags(passage.tokens[::-1]).tolist() == wanted[::-1]
    assert min(wanted) < 0 < max(wanted)


QUESTIONS = [
    "Who asked Putin for help?",
    "من طلب المساعدة من بوتين؟",
    "How many drones did the BBC count near Goris in 1990?",
    "who sells milk?",
    "zzz",
]


@pytest.mark.parametrize("asked", QUESTIONS)
def test_the_matrix_is_the_table_of_matches(texts: SmallCollection, asked: str) -> None:
    """Column by column: token, sentence, flags; and nothing but zeros in the padding."""
    for group in texts.groups(asked):
        matrix, passages = group.matrix, group.passages
        words, columns = matrix.values.shape
        assert words == len(group.question.words)
        assert columns == sum(len(passage.tokens) + WINDOW for passage in passages)
        assert matrix.titles.shape == (words, len(passages))
        assert matrix.sentence.shape == matrix.flags.shape == (columns,)
        assert matrix.starts.shape == matrix.lengths.shape == (len(passages),)
        assert matrix.first.tolist() == [0, *np.cumsum([len(passage.sentences) for passage in passages])]
        padding = np.ones(columns, dtype=bool)
        phrased = [any(match.phrases) for match in group.question.matches]
        for number, passage in enumerate(passages):
            run = matrix.passage_slice(number)
            padding[run] = False
            assert run.stop - run.start == len(passage.tokens)
            for place, (token, start) in enumerate(zip(passage.tokens, token_starts(passage), strict=True)):
                inside = [i for i, span in enumerate(passage.sentences) if span.start <= start < span.end]
                assert matrix.sentence[run.start + place] == matrix.first[number] + inside[0]
                for row, match in enumerate(group.question.matches):
                    value = matrix.values[row, run.start + place]
                    wanted = match.types.get(int(token), 0.0)
                    assert value == pytest.approx(wanted) or (phrased[row] and value > wanted)
        assert padding.sum() == WINDOW * len(passages)
        assert not matrix.values[:, padding].any()
        assert (matrix.sentence[padding] == -1).all() and (matrix.flags[padding] == -1).all()


def test_a_title_counts_only_where_the_passage_does_not_hold_it(tmp_path: Path) -> None:
    filler = "\n\n".join(" ".join([f"filler{n}"] * 45) + "." for n in range(6))
    collection = SmallCollection(tmp_path / "c", {"a.txt": f"Cheese of Normandy\n\n{filler}"})
    (group,) = collection.groups("Who makes cheese?")
    assert len(group.passages) > 1
    (row,) = (i for i, token in enumerate(group.question.words) if token.word == "cheese")
    wanted = [0.0 if "Cheese of Normandy" in passage.text else 1.0 for passage in group.passages]
    assert group.matrix.titles[row].tolist() == wanted
    assert 0.0 in wanted


class NoVocabulary:
    """A collection whose words nobody looks up."""

    def statistics(self, language: Language) -> LanguageStatistics:
        return LanguageStatistics(0, 0, 0)

    def facts(self, ids: np.ndarray) -> np.ndarray:
        return np.zeros(ids.shape, FACTS)


def passage(number: int, ids: Sequence[int]) -> StoredPassage:
    text = "x" * len(ids)
    inside, title = np.zeros(len(ids), np.int32), np.zeros(0, np.int32)
    return StoredPassage(
        number, f"{number}.txt", 0, len(ids), "en", text, None, text, (Span(0, len(ids)),), np.array(ids, np.int32), inside, title
    )  # fmt: skip


def laid(passages: Sequence[Sequence[int]], *parts: set[int]) -> MatchMatrix:
    """A matrix of one question word that is nothing but a phrase."""
    phrase = Phrase(tuple(frozenset(part) for part in parts), 0.75)
    question = Question((Token("w", 0, 1),), (WordMatch(NOTHING, {}, (phrase,), 1.0),), np.array([1.0]))
    return lay_out(question, Matcher(NoVocabulary(), "en"), [passage(i, ids).outline for i, ids in enumerate(passages)])


def marked(passages: Sequence[Sequence[int]], *parts: set[int]) -> list[list[int]]:
    matrix = laid(passages, *parts)
    assert set(np.unique(matrix.values)) <= {0.0, 0.75}
    return [np.flatnonzero(matrix.values[0, matrix.passage_slice(i)]).tolist() for i in range(len(passages))]


@pytest.mark.parametrize(
    ("ids", "parts", "where"),
    [
        ([1, 2], ({1}, {2}), [0, 1]),
        ([2, 1], ({1}, {2}), []),
        ([1, 9, 9, 2], ({1}, {2}), [0, 3]),
        ([1, 9, 9, 9, 2], ({1}, {2}), []),
        ([1, 9, 9, 2, 9, 9, 3], ({1}, {2}, {3}), [0, 3, 6]),
        ([1, 2, 9, 9, 9, 3], ({1}, {2}, {3}), []),
        ([2, 1, 2, 3, 2], ({1}, {2}, {3}), [1, 2, 3]),
        ([1, 4, 1, 5], ({1}, {4, 5}), [0, 1, 2, 3]),
        ([9, 9], ({1}, {2}), []),
        ([1, 1], ({1}, {1}), [0, 1]),
        ([1], ({1}, {1}), []),
    ],
)
def test_a_phrase_is_its_parts_in_order_and_close(
    ids: list[int], parts: tuple[set[int], ...], where: list[int]
) -> None:
    assert marked([ids], *parts) == [where]


def test_a_phrase_does_not_reach_into_the_next_passage() -> None:
    assert marked([[1], [2], [9, 1], [2, 9]], {1}, {2}) == [[], [], [], []]


@given(
    passages=st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=9), min_size=1, max_size=3),
    parts=st.lists(st.sets(st.integers(0, 4), min_size=1, max_size=2), min_size=2, max_size=3),
)
@hypothesis_settings(max_examples=60, deadline=None)
def test_phrases_against_trying_every_chain(passages: list[list[int]], parts: list[set[int]]) -> None:
    def chains(ids: list[int], at: int, rest: list[set[int]]) -> list[list[int]]:
        if not rest:
            return [[at]]
        later = (p for p in range(at + 1, min(at + 4, len(ids))) if ids[p] in rest[0])
        return [[at, *chain] for p in later for chain in chains(ids, p, rest[1:])]

    wanted = [
        sorted(
            {
                p
                for at, word in enumerate(ids)
                if word in parts[0]
                for chain in chains(ids, at, parts[1:])
                for p in chain
            }
        )
        for ids in passages
    ]
    assert marked(passages, *parts) == wanted


def test_a_term_of_two_words_counts_fully_where_it_stands_whole(tmp_path: Path) -> None:
    together, apart = "تحدثت الأمم المتحدة أمس.", "تحدثت الأمم أمس. بقيت الولايات المتحدة."
    collection = SmallCollection(tmp_path / "c", {"together.txt": together, "apart.txt": apart})
    (group,) = collection.groups("What did the United Nations say?")
    rows = [i for i, token in enumerate(group.question.words) if token.word in ("United", "Nations")]
    whole = {
        stored.file: group.matrix.values[rows, group.matrix.passage_slice(number)].max(axis=0)
        for number, stored in enumerate(group.passages)
    }
    (nations,) = collection.words("ar", "الأمم")
    tokens = {stored.file: stored.tokens.tolist() for stored in group.passages}
    assert whole["together.txt"][tokens["together.txt"].index(nations)] == 1.0
    assert [ranked.passage.file for ranked in collection.searcher.rank("What did the United Nations say?", 2)] == [
        "together.txt", "apart.txt",
    ]  # fmt: skip


@given(data=st.data(), asked=st.sampled_from(QUESTIONS))
@hypothesis_settings(max_examples=30, deadline=None)
def test_the_matrix_of_some_passages_is_theirs(texts: SmallCollection, asked: str, data: st.DataObject) -> None:
    """The same as if they had been laid out by themselves, in this order."""
    for group in texts.groups(asked):
        numbers = data.draw(st.lists(st.sampled_from(range(len(group.passages))), min_size=1, unique=True))
        chosen, matcher = [group.passages[number] for number in numbers], texts.matchers[group.passages[0].language]
        outlines = [passage.outline for passage in group.passages]
        part = Laid(group.question, group.matrix, outlines, group.scores).group(chosen)
        assert part is not None and part.passages == chosen
        alone = lay_out(group.question, matcher, [passage.outline for passage in chosen])
        for name in MatchMatrix.__slots__:
            assert np.array_equal(getattr(part.matrix, name), getattr(alone, name)), name
        assert part.scores == pytest.approx(ranking.score(group.question, alone))


def test_words_matched_at_once_are_matched_as_one_by_one(texts: SmallCollection) -> None:
    words = [*"soldiers killed باشينيان Gorris مستشفى #12 @BBC deny Pashinian".split(), "soldiers"]
    offered = [(word, of) for word, of in zip(words, glossary.replacements(words), strict=True)]
    for language in texts.matchers:
        together = Matcher(texts.catalogue, language).matches(offered)
        for each, at_once in zip(offered, together, strict=True):
            alone = Matcher(texts.catalogue, language).match(*each)
            assert list(at_once.types.items()) == list(alone.types.items())
            assert (at_once.units, at_once.phrases, at_once.idf) == (alone.units, alone.phrases, alone.idf)
        assert any(match.types for match in together)
