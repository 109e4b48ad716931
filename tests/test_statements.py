"""An answer cut into statements: markers stay with what they belong to, introductions and refusals are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.statements import is_introduction, pieces, says_nothing, statements


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It rained [1]. It snowed [2].", ["It rained [1].", "It snowed [2]."]),
        ("It rained. [1] It snowed. [2][3]", ["It rained. [1]", "It snowed. [2][3]"]),
        ("It rained. [1][2], and so on it went", ["It rained. [1][2],", "and so on it went"]),
        ("أمطرت السماء. [1] ثم هطل الثلج [2].", ["أمطرت السماء. [1]", "ثم هطل الثلج [2]."]),
        ("The articles say:\n- It rained here [1].\n- It snowed there.\n", ["It rained here [1].", "It snowed there."]),
        ("جاء في المقالات:\n\n• أمطرت السماء هنا [1].", ["أمطرت السماء هنا [1]."]),
        ("1. It rained here [1].\n2. It snowed there [2].", ["It rained here [1].", "It snowed there [2]."]),
        ("It rained\n[1] and it snowed here", ["It rained", "[1] and it snowed here"]),
        ("---\n", []),
        ("[1]", []),
        ("", []),
    ],
)
def test_statements_with_their_markers(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in statements(text)] == found


@given(st.text(alphabet="ab .[1]2\n:-؟أ", max_size=60))
def test_pieces_are_in_order_and_lose_no_word(text: str) -> None:
    found = pieces(text)
    ends = 0
    for start, end in found:
        assert ends <= start < end <= len(text)
        ends = end
    inside = "".join(text[start:end] for start, end in found)
    assert [letter for letter in inside if letter.isalpha()] == [letter for letter in text if letter.isalpha()]


@pytest.mark.parametrize("piece", ["The articles say:", "According to the articles:", "جاء في المقالات:", "Here is what the sources report:"])  # fmt: skip
def test_an_introduction_is_told(piece: str) -> None:
    assert is_introduction(piece)


@pytest.mark.parametrize("piece", ["The king has died:", "The articles say", "توفي الملك:", "The articles say 49:"])
def test_a_claim_with_a_colon_is_a_claim(piece: str) -> None:
    assert not is_introduction(piece)


@pytest.mark.parametrize(
    "statement",
    [
        "The articles do not say.",
        "The articles don't mention how many people live there.",
        "However, the sources do not provide the figure.",
        "There is no information about this in the articles.",
        "لا تذكر المقالات ذلك.",
        "لم تذكر المقالات عدد السكان.",
        "لكن المقالات لا تذكر السبب.",
        "ولا يوجد في المقالات ما يجيب عن ذلك.",
        "لا تشير النصوص إلى ذلك.",
        "The articles do not say when, where or how, or who was there.",
        "However, there is no information on Turkey, Iran or Russia in these articles.",
        "إلا أن المقالات لم تذكر من قال ذلك.",
    ],
)
def test_a_refusal_is_told(statement: str) -> None:
    assert says_nothing(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "The articles say that it rained.",
        "Russia did not say.",
        "The king has died, and the articles do not say why.",
        "قال الوزير إن المقالات كثيرة.",
        "لم يذكر الوزير ذلك.",
        "The articles do not say " + "and the king has died " * 6,
        "The articles do not mention the weather, but General Aldridge surrendered with 61,500 men.",
        "The articles do not say why, although the king has died.",
        "There is no mention of rain in the articles, the army has surrendered.",
        "لا تذكر المقالات السبب لكن الملك توفي.",
        "لم تذكر المقالات عدد السكان، بينما استسلم 61500 جندي.",
    ],
)
def test_a_claim_is_no_refusal(statement: str) -> None:
    assert not says_nothing(statement)
