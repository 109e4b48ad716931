"""Evidence: the sentence that answers comes first, and the confidence knows a good question from a foreign one."""

from __future__ import annotations

import json
import math
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from collection import SmallCollection, document, token_starts
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from invariants import ARABIC, ENGLISH

from assistant import evidence
from assistant.bared import asks_for_the_day
from assistant.evidence import FEATURES, SIGNS, Evidence
from assistant.language.questions import Asked, asked

STORY = (
    "Talks in Geneva\n\nThe ministers of six countries met for two days. They spoke about trade and fishing. "
    "The weather kept many visitors away. Hotels along the lake reported empty rooms. A joint letter is expected soon."
)
QISSA = (
    "محادثات في جنيف\n\nاجتمع وزراء ست دول يومين. وتناولوا التجارة والصيد. "
    "أبعد الطقس زوارا كثيرين. وأعلنت الفنادق على البحيرة عن غرف فارغة. وينتظر صدور رسالة مشتركة قريبا."
)
ANSWERS = [
    ("Who opened the exhibition?", "The exhibition was opened by Marta Keller.", "en"),
    ("من افتتح المعرض؟", "The exhibition was opened by Marta Keller.", "en"),
    ("When did the glacier collapse?", "The glacier collapsed on 4 March 1998.", "en"),
    ("How many ships sank?", "Seventeen ships sank in the storm.", "en"),
    ("من افتتح المعرض؟", "افتتح المعرض الرسام كريم الصباغ.", "ar"),
    ("Who opened the exhibition?", "افتتح المعرض الرسام كريم الصباغ.", "ar"),
    ("كم سفينة غرقت؟", "غرقت 17 سفينة في العاصفة.", "ar"),
    ("How many ships sank?", "غرقت 17 سفينة في العاصفة.", "ar"),
]  # fmt: skip


def find(collection: SmallCollection, question: str) -> Evidence:
    return evidence.find(question, collection.groups(question), asked(question))


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> SmallCollection:
    return SmallCollection(tmp_path_factory.mktemp("evidence") / "c", {"en.txt": STORY, "ar.txt": QISSA})


@pytest.mark.parametrize(("question", "answer", "language"), ANSWERS)
@pytest.mark.parametrize("place", [0, 2, 5])
def test_an_answering_sentence_put_anywhere_comes_first(
    tmp_path: Path, question: str, answer: str, language: str, place: int
) -> None:
    story = STORY if language == "en" else QISSA
    title, body = story.split("\n\n")
    sentences = [sentence + "." for sentence in body.rstrip(".").split(". ")]
    with_answer = f"{title}\n\n" + " ".join([*sentences[:place], answer, *sentences[place:]])
    other = QISSA if language == "en" else STORY
    found = find(SmallCollection(tmp_path / "c", {"a.txt": with_answer, "b.txt": other}), question)
    first = found.sentences[0]
    assert (first.passage.file, with_answer[first.start : first.end]) == ("a.txt", answer)
    without = find(SmallCollection(tmp_path / "d", {"a.txt": story, "b.txt": other}), question)
    assert found.confidence > without.confidence


@pytest.mark.parametrize(
    ("near", "far"),
    [
        ("Who spoke about trade and fishing?", "Who invented the transistor at Bell Laboratories?"),
        ("من أعلن عن غرف فارغة على البحيرة؟", "من اخترع الترانزستور في مختبرات بل؟"),
        ("Which hotels reported empty rooms?", "What is the melting point of tungsten?"),
        ("هل تناول الوزراء التجارة والصيد؟", "ما درجة انصهار التنغستن؟"),
    ],
)
def test_a_foreign_question_is_less_sure_than_one_of_the_text(texts: SmallCollection, near: str, far: str) -> None:
    assert find(texts, near).confidence > 0.5 > find(texts, far).confidence


def words(*lists: list[str]) -> st.SearchStrategy[str]:
    theirs = [word for text in (STORY, QISSA) for word in text.split()]
    return st.lists(
        st.sampled_from([*theirs, *theirs, *(w for each in lists for w in each)]), min_size=1, max_size=9
    ).map(" ".join)


@given(question=words(ENGLISH, ARABIC))
@hypothesis_settings(max_examples=40, deadline=None)
def test_what_is_found_is_ranked_sentences_with_probabilities(texts: SmallCollection, question: str) -> None:
    found = find(texts, question)
    assert 0 <= found.confidence <= 1
    if not found.sentences:
        assert found == Evidence((), 0.0)
        return
    scores = [sentence.score for sentence in found.sentences]
    assert scores == sorted(scores, reverse=True)
    assert sum(sentence.probability for sentence in found.sentences) == pytest.approx(1.0)
    likely = [math.exp(score - scores[0]) for score in scores]
    assert [s.probability for s in found.sentences] == pytest.approx([value / sum(likely) for value in likely])
    for sentence in found.sentences:
        assert (sentence.start, sentence.end) in sentence.passage.sentences
    assert len({(s.passage.id, s.start) for s in found.sentences}) == len(found.sentences)


@given(question=words(ENGLISH, ARABIC))
@hypothesis_settings(max_examples=25, deadline=None)
def test_features_against_their_words(texts: SmallCollection, question: str) -> None:
    """Coverage, window and density, one token at a time."""
    groups = texts.groups(question)
    examination = evidence.examine(question, groups, asked(question))
    if examination is None:
        return
    features = examination.features
    assert features.shape == (len(examination.owners), len(FEATURES))
    assert np.isfinite(features).all()
    signs = examination.signs(features @ evidence.shipped_weights().sentence)
    assert signs.shape == (len(SIGNS),)
    assert np.isfinite(signs).all()
    column = {name: features[:, i] for i, name in enumerate(FEATURES)}
    for candidate in range(len(features)):
        stored, start, end = examination.span(candidate)
        (group,) = (g for g in groups if stored in [p for p in g.passages if p.id == stored.id])
        number = [p.id for p in group.passages].index(stored.id)
        values, weights = group.matrix.values[:, group.matrix.passage_slice(number)], group.question.weights
        numbers = [
            next(i for i, span in enumerate(stored.sentences) if span.start <= place < span.end)
            for place in token_starts(stored)
        ]
        here = stored.sentences.index((start, end))

        def best(sentence: int, row: int, numbers=numbers, values=values) -> float:
            return max((float(values[row, t]) for t, n in enumerate(numbers) if n == sentence), default=0.0)

        def share(matches: list[float], weights=weights) -> float:
            return sum(w * m for w, m in zip(weights, matches, strict=True)) / sum(weights)

        rows = range(len(weights))
        assert column["coverage"][candidate] == pytest.approx(share([best(here, row) for row in rows]), abs=1e-5)
        near = [max(best(here, row), 0.7 * best(here - 1, row), 0.7 * best(here + 1, row)) for row in rows]
        assert column["window"][candidate] == pytest.approx(share(near), abs=1e-5)
        density = 0.0
        for token, sentence in enumerate(numbers):
            if (
                sentence == here
                and group.matrix.flags[group.matrix.starts[number] + token] >= 0
                and values[:, token].max() < 0.5
            ):
                crowd = [
                    max(
                        (
                            float(values[row, t]) * math.exp(-(abs(t - token) + 5 * abs(numbers[t] - sentence)) / 7)
                            for t in range(len(numbers))
                            if values[row, t] >= 0.3
                        ),
                        default=0.0,
                    )
                    for row in rows
                ]
                density = max(density, share(crowd))
        assert column["density"][candidate] == pytest.approx(density, abs=1e-5)


def test_no_words_or_no_passages_is_no_evidence(texts: SmallCollection) -> None:
    assert find(texts, "who is the") == Evidence((), 0.0)
    assert evidence.find("trade", [], asked("trade")) == Evidence((), 0.0)


def test_a_passage_without_words_is_no_candidate(tmp_path: Path) -> None:
    collection = SmallCollection(tmp_path / "c", [document("a.txt", "* * *\n\n!!!\n\n---"), document("b.txt", STORY)])
    assert {sentence.passage.file for sentence in find(collection, "Who spoke about fishing?").sentences} == {"b.txt"}


def test_the_weights_file_is_complete_and_finite() -> None:
    data = json.loads((files("assistant") / "data" / "evidence.json").read_text(encoding="utf-8"))
    assert set(data["sentence"]) == set(FEATURES)
    assert len(set(FEATURES)) == len(FEATURES) and len(set(SIGNS)) == len(SIGNS)
    for relation in ("same", "cross"):
        assert "bias" in data[relation]
        assert data[relation].keys() - {"bias"} <= set(SIGNS)
        assert len(data[relation]) >= 3
    assert all(math.isfinite(value) for part in ("sentence", "same", "cross") for value in data[part].values())
    weights = evidence.shipped_weights()
    assert weights.sentence.tolist() == [data["sentence"][name] for name in FEATURES]
    assert weights.same.tolist() == [data["same"].get(name, 0.0) for name in SIGNS]
    assert (weights.cross_bias, weights.same_bias) == (data["cross"]["bias"], data["same"]["bias"])


def test_the_bands_are_in_order() -> None:
    answer, uncertain = evidence.shipped_bands()
    assert 0 < uncertain < answer < 1


def test_the_models_that_are_given_are_used(texts: SmallCollection) -> None:
    """Weights of nothing but the sentence's place put the first sentence of a passage first, and the bias decides."""
    first = np.array([9.0 if name == "first" else 0.0 for name in FEATURES])
    none = np.zeros(len(SIGNS))
    question = "What was said about fishing?"
    groups = texts.groups(question)
    found = evidence.find(question, groups, asked(question), evidence.Weights(first, none, none, -1.0, -2.0))
    best = found.sentences[0]
    assert (best.start, best.end) == best.passage.sentences[0]
    assert found.confidence == pytest.approx(1 / (1 + math.exp(1 if best.passage.language == "en" else 2)))


def test_a_sentence_that_touches_little_of_the_question_is_never_called_the_answer(texts: SmallCollection) -> None:
    none = np.zeros(len(SIGNS))
    sure = evidence.Weights(np.zeros(len(FEATURES)), none, none, 9.0, 9.0)
    question = "Who painted the spaceship near the volcano of fishing?"
    found = evidence.find(question, texts.groups(question), asked(question), sure)
    assert 0 < found.confidence < evidence.shipped_bands()[0]


PAGE = (
    "Harbour to be dredged in spring\n\nThe council decided on Tuesday to dredge the old harbour of Saltmere in spring. "
    "Large ships have not entered it since 2009.\n\nThe mayor asked fishermen for patience and gave thanks to the divers.\n\n"
    "Written by Mary Carver\n\nShare on Facebook\n\nThanks for reading our newsletter\n\nSubscribe to our newsletter."
)
QUOTED = (
    "Share on Facebook",
    "Written by Mary Carver",
    "Thanks for reading our newsletter",
    "Subscribe to our newsletter.",
)


@pytest.fixture(scope="module")
def scraped(tmp_path_factory: pytest.TempPathFactory) -> SmallCollection:
    return SmallCollection(tmp_path_factory.mktemp("scraped") / "c", {"page.txt": PAGE, "ar.txt": QISSA})


def sentences_of(found: Evidence) -> list[str]:
    return [PAGE[each.start : each.end] for each in found.sentences if each.passage.file == "page.txt"]


@pytest.mark.parametrize("question", ["thanks", "share", "Share on Facebook", "newsletter", "شكرا", "Mary", "written"])
def test_a_word_that_happens_to_stand_around_an_article_finds_none_of_it(
    scraped: SmallCollection, question: str
) -> None:
    found = find(scraped, question)
    assert not set(sentences_of(found)) & set(QUOTED)
    assert set(QUOTED) <= {PAGE[start:end] for passage in scraped.passages[:1] for start, end in passage.sentences}


def test_what_stands_around_an_article_answers_who_asks_for_it(scraped: SmallCollection) -> None:
    found = find(scraped, "Was this article about the harbour written by Mary Carver?")
    assert "Written by Mary Carver" in sentences_of(found)[:2]


@pytest.mark.parametrize(
    ("question", "asked", "so"),
    [
        ("When was the article published?", Asked.WHEN, True),
        ("متى نُشر المقال؟", Asked.WHEN, True),
        ("When did the flood come?", Asked.WHEN, False),
        ("متى وصل الفيضان؟", Asked.WHEN, False),
        ("Who published the article?", Asked.WHO, False),
    ],
)
def test_the_day_of_an_article_is_asked_for_by_who_asks_when_it_was_published(
    question: str, asked: Asked, so: bool
) -> None:
    assert asks_for_the_day(question, asked) is so


def test_a_headline_stands_behind_the_sentence_that_it_announces(scraped: SmallCollection) -> None:
    found = sentences_of(find(scraped, "Is the harbour to be dredged in spring?"))
    assert found[0].startswith("The council decided")
    assert "Harbour to be dredged in spring" in found


def test_nothing_answers_where_there_is_no_article(tmp_path: Path) -> None:
    only = SmallCollection(tmp_path / "c", {"page.txt": "The Harbour Post\n\nShare on Facebook\n\nShare on Twitter\n"})
    found = find(only, "facebook")
    assert [(each.start, each.end) for each in found.sentences] == [(0, 16)]
    assert found.confidence < evidence.shipped_bands()[0]
    assert [item.passage.file for item in only.searcher.search("facebook", 5)] == ["page.txt"]


def test_of_two_articles_that_say_the_same_the_one_in_the_questions_language_counts_more(tmp_path: Path) -> None:
    twins = {
        "en.txt": "The talks opened in Geneva on Monday. Russia asked for a delay of two weeks.",
        "ar.txt": "افتتحت المحادثات في جنيف يوم الاثنين. وطلبت روسيا تأجيلا لمدة أسبوعين.",
    }
    texts = SmallCollection(tmp_path / "c.sqlite", twins)
    for question, language in (("Where did the talks open?", "en"), ("أين افتتحت المحادثات؟", "ar")):
        examination = evidence.examine(question, texts.groups(question), asked(question))
        assert examination is not None
        assert examination.language == language
        weights = evidence.shipped_weights().sentence
        more = examination.scores(weights) - examination.features @ weights
        for candidate, each in enumerate(more.tolist()):
            assert (each > 0.5) == (examination.span(candidate)[0].language == language)
        assert (
            evidence.find(question, texts.groups(question), asked(question)).sentences[0].passage.language == language
        )
