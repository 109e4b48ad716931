"""The answer made of quotations: which sentences, in which frame, called what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from assistant.catalogue import StoredPassage
from assistant.corpus import Document
from assistant.cutting import passages
from assistant.evidence import Evidence, Sentence
from assistant.language.text import Language, language_of
from assistant.quotes import Bands, Draft, compose, select

BANDS = Bands(0.6, 0.3)
EN = "The bridge\n\nWorkers closed the old bridge on Friday. It will open in May. Nobody was hurt.\n"
AR = "الجسر\n\nأغلق العمال الجسر القديم يوم الجمعة. وسيفتح في مايو. ولم يصب أحد.\n"


def document(file: str, text: str, **more) -> Document:
    plain = Document(
        file=file, text=text, title=text.split("\n")[0], date=None, outlet=None, url=None, language=language_of(text),
        encoding="utf-8", encoding_guessed=False, sha256="", size=0, mtime_ns=0,
    )  # fmt: skip
    return replace(plain, **more)


DOCUMENTS = {
    "en.txt": document("en.txt", EN, date=dt.date(2021, 3, 5), outlet="The Post"),
    "ar.txt": document("ar.txt", AR),
}


def sentence(
    file: str, beginning: str, probability: float = 0.5, documents: dict[str, Document] = DOCUMENTS
) -> Sentence:
    """The sentence of a document that begins like this."""
    for number, cut in enumerate(passages(documents[file])):
        stored = StoredPassage(
            number, cut.file, cut.start, cut.end, cut.language, cut.title, cut.date, cut.text, cut.sentences, *[np.zeros(0, np.int32)] * 3
        )  # fmt: skip
        for span in cut.sentences:
            if documents[file].text.startswith(beginning, span.start):
                return Sentence(stored, span.start, span.end, 0.0, probability)
    raise AssertionError(f"{file} has no sentence {beginning!r}")


CLOSED, OPENS, HURT = sentence("en.txt", "Workers"), sentence("en.txt", "It will"), sentence("en.txt", "Nobody")
CLOSED_AR, OPENS_AR = sentence("ar.txt", "أغلق"), sentence("ar.txt", "وسيفتح")


def draft(
    sentences: Sequence[Sentence],
    confidence: float = 0.9,
    language: Language = "en",
    most: int = 3,
    documents: dict[str, Document] = DOCUMENTS,
    stale: Callable[[str], bool] = lambda file: False,
    with_gloss: bool = True,
    asked: str = "",
) -> Draft:
    return compose(
        Evidence(tuple(sentences), confidence), language, BANDS, most, documents.__getitem__, stale, with_gloss, asked
    )


@pytest.mark.parametrize(
    ("confidence", "status"),
    [(1.0, "answered"), (0.6, "answered"), (0.5999, "uncertain"), (0.3, "uncertain"), (0.2999, "abstained"), (0.0, "abstained")],
)  # fmt: skip
def test_the_confidence_decides_what_quotes_are_called(confidence: float, status: str) -> None:
    assert BANDS.status(confidence) == status
    made = draft([CLOSED], confidence)
    assert made.status == status
    assert [len(made.citations), len(made.closest)] == {"answered": [1, 0], "uncertain": [1, 1], "abstained": [0, 1]}[
        status
    ]
    assert ("[1]" in made.text) == (status != "abstained")


@pytest.mark.parametrize(("language", "words"), [("en", "The articles say"), ("ar", "جاء في المقالات")])
def test_quotes_are_exact_and_framed_in_the_readers_language(language: Language, words: str) -> None:
    made = draft([CLOSED, OPENS_AR], language=language)
    assert made.text.startswith(words)
    assert [(c.file, c.number, c.line) for c in made.citations] == [("en.txt", 1, 3), ("ar.txt", 2, 3)]
    for citation in made.citations:
        assert DOCUMENTS[citation.file].text[citation.start : citation.end] == citation.quote
        assert f"{citation.quote}{'”' if language == 'en' else '»'} [{citation.number}]" in made.text


def test_the_source_is_title_outlet_and_date_as_far_as_they_are_known() -> None:
    assert "(The bridge, The Post, 5 March 2021)" in draft([CLOSED]).text
    arabic = draft([CLOSED, CLOSED_AR], language="ar").text
    assert "(The bridge، The Post، " in arabic and "2021" in arabic
    assert "(الجسر)" in arabic


def test_only_quotes_of_the_other_language_are_glossed() -> None:
    made = draft([CLOSED, CLOSED_AR])
    assert not made.citations[0].gloss
    gloss = made.citations[1].gloss
    assert "bridge" in " ".join(word.text for word in gloss)
    assert all(0 <= word.start < word.end <= len(made.citations[1].quote) for word in gloss)
    assert not any(citation.gloss for citation in draft([CLOSED, CLOSED_AR], with_gloss=False).citations)


def test_a_gloss_prefers_the_senses_that_the_question_names() -> None:
    def meanings(asked: str) -> str:
        made = draft([sentence("ar.txt", "ولم يصب")], asked=asked)
        return " ".join(word.text for word in made.citations[0].gloss)

    assert "injured" in meanings("Was anybody injured?")
    assert "injured" not in meanings("Who closed the bridge?")


def test_each_quote_says_whether_its_file_has_changed() -> None:
    made = draft([CLOSED, CLOSED_AR], stale=lambda file: file == "ar.txt")
    assert [citation.stale for citation in made.citations] == [False, True]


def test_without_sentences_nothing_is_answered_however_sure() -> None:
    assert draft([], 1.0) == Draft("abstained", "The articles do not say.", (), ())
    assert draft([], 1.0, "ar").text == "لا تذكر المقالات ذلك."


def likely(found: Sentence, probability: float) -> Sentence:
    return replace(found, probability=probability)


@pytest.mark.parametrize(
    ("offered", "most", "taken"),
    [
        ([CLOSED, OPENS, HURT], 3, [CLOSED, OPENS, HURT]),
        ([CLOSED, OPENS, HURT], 2, [CLOSED, OPENS]),
        ([CLOSED, CLOSED, OPENS], 3, [CLOSED, OPENS]),  # said twice
        ([likely(CLOSED, 0.9), likely(OPENS, 0.05), likely(HURT, 0.04)], 3, [likely(CLOSED, 0.9), likely(OPENS, 0.05)]),
        ([likely(CLOSED, 0.9), likely(OPENS, 0.04)], 3, [likely(CLOSED, 0.9)]),
        ([likely(CLOSED, 0.001)], 3, [likely(CLOSED, 0.001)]),  # the best one is always offered
        ([], 3, []),
    ],
)  # fmt: skip
def test_few_sentences_and_no_two_the_same(offered: list[Sentence], most: int, taken: list[Sentence]) -> None:
    chosen = select(Evidence(tuple(offered), 0.9), most)
    assert [(s.start, s.probability) for s in chosen] == [(s.start, s.probability) for s in taken]


def test_a_sentence_within_another_and_one_without_content_are_left_out() -> None:
    documents = {
        "a.txt": document(
            "a.txt",
            "Workers closed the old bridge on Friday.\n\nWho is it that was there?\n\nThe bridge was closed by workers.\n",
        )
    }
    whole, empty, part = (sentence("a.txt", b, documents=documents) for b in ("Workers", "Who", "The"))
    assert [s.start for s in select(Evidence((empty, whole, part), 0.9), 3)] == [whole.start]


@pytest.mark.parametrize("words", ["He wrote {quote} and {number}.", "It says {{x}} and }.", "Costs rose 5 %s."])
def test_what_looks_like_a_placeholder_is_quoted_as_it_stands(words: str) -> None:
    documents = {"a.txt": document("a.txt", f"Title\n\n{words}\n")}
    made = draft([sentence("a.txt", words, documents=documents)], documents=documents)
    assert made.citations[0].quote == words
    assert f"“{words}” [1]" in made.text
