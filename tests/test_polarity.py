"""Negatives of both languages: how strong they are, what they bear on, and what only looks like one."""

from __future__ import annotations

import pytest

from assistant.language.polarity import negatives
from assistant.language.text import fold
from assistant.language.tokens import tokens


def found(text: str) -> list[tuple[str, str]]:
    plain = fold(text).text
    words = tokens(plain)
    return [(words[each.place].word, each.strength) for each in negatives(plain, words)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Baku did not give figures", [("not", "plain")]),
        ("They can't leave", [("t", "plain")]),
        ("the advice they didn’t give", [("t", "plain")]),
        ("without a visa", [("without", "plain")]),
        ("They refused to leave", [("refused", "worded")]),
        ("It is unlikely", [("unlikely", "worded")]),
        ("a comment some find unpresidential", [("unpresidential", "worded")]),
        ("it looks uninstagrammable", [("uninstagrammable", "affixed")]),
        ("an irreplaceable bell", [("irreplaceable", "affixed")]),
        ("لم تعلن باكو أرقاما", [("لم", "plain")]),
        ("وليست الأولى", [("وليست", "plain")]),
        ("عدم التدخل", [("عدم", "prefix")]),
        ("من غير المرجح", [("غير", "prefix")]),
        ("رفضت باكو", [("رفضت", "worded")]),
        ("لم يبق سوى جندي", [("لم", "weak"), ("سوى", "weak")]),
    ],
)
def test_what_denies(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "not only the army", "no doubt about it", "no fewer than ten men", "the united nations", "No, it was them",
        "he could not help laughing", "لا تزال القوات هناك", "مما لا شك فيه", "غير أن القوات بقيت", "عدد لا حصر له",
        "أدولف دي لا بيريير", "طائرة دون طيار", "لا، كانت هناك",
    ],
)  # fmt: skip
def test_what_only_looks_like_it(text: str) -> None:
    assert [strength for _, strength in found(text) if strength in ("plain", "prefix", "worded")] == []


def test_what_is_denied_and_how_far_it_reaches() -> None:
    text = "He came early, but he did not bring any of the money. She did."
    words = tokens(text)
    [negative] = negatives(text, words)
    assert [words[i].word for i in negative.denied] == ["bring", "money"]
    first, end = negative.scope
    assert [token.word for token in words[first:end]] == "but he did not bring any of the money".split()


def test_the_word_that_a_prefix_denies() -> None:
    [negative] = negatives("it is unlikely", tokens("it is unlikely"))
    assert negative.base == "likely"
