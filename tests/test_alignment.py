"""Names of one script against names of the other: by hand, against the plain programme, and from what the index keeps."""

from __future__ import annotations

import math
import time
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from name_pairs import ALIKE, DIFFERENT, pairs

from assistant import namesakes
from assistant.language import alignment, letters, names, writing
from assistant.language.alignment import FLOOR, likeness, likenesses
from assistant.language.letters import END, WEIGHTS, as_written, bounds, decode, encode, of_words, spellings
from assistant.language.text import is_arabic

LATIN = st.text("abcdefghijklmnopqrstuvwxyzÉğ' ", max_size=25)
ARABIC = st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآ", max_size=25)


def slow_cost(latin: str, arabic: str) -> float:
    """Least cost of writing ``arabic`` with the letters of ``latin``, cell by cell."""

    def skip(i: int) -> float:
        letter = latin[i]
        if letter in "aeiouy":
            return 0.05 if letter == "e" and i == len(latin) - 1 else 0.2 if i else 0.35
        if (i and letter == latin[i - 1]) or latin[i : i + 3] == "tch":
            return 0.0
        return {"h": 0.15, "w": 0.5, "r": 0.5}.get(letter, 1.0)

    costs = [[math.inf] * (len(arabic) + 1) for _ in range(len(latin) + 1)]
    costs[0][0] = 0.0
    for i in range(len(latin) + 1):
        for j in range(len(arabic) + 1):
            steps = []
            if i:
                steps.append(costs[i - 1][j] + skip(i - 1))
            if j:
                steps.append(costs[i][j - 1] + (0.35 if arabic[j - 1] in "اويىةءأإآئؤه" else 1.0))
            if i and j:
                steps.append(costs[i - 1][j - 1] + 1.1)
                for size in range(1, min(3, i) + 1):
                    price = writing.TABLE.get(arabic[j - 1], {}).get(latin[i - size : i])
                    if price is not None:
                        steps.append(costs[i - size][j - 1] + price)
            costs[i][j] = min([costs[i][j], *steps])
    return costs[-1][-1]


def slow_likeness(latin_word: str, arabic_word: str) -> float:
    best = 0.0
    for latin in spellings(latin_word):
        heavy = max(2, names.consonants(latin.letters))
        length = max(heavy + 0.5 * (len(latin.letters) - heavy), 2)
        for form, weight in names.clitic_forms(arabic_word.replace("تش", "چ")):
            mine = 0.97 if len(latin.letters) < len(names.plain_latin(latin_word)) else 1.0
            best = max(best, mine * weight * (1 - slow_cost(latin.letters, form) / length))
    return best


@pytest.mark.parametrize(("latin", "arabic"), pairs(ALIKE))
def test_the_same_name_is_alike(latin: str, arabic: str) -> None:
    assert likeness(latin, arabic) >= 0.8


@pytest.mark.parametrize(("latin", "arabic"), pairs(DIFFERENT))
def test_different_words_are_not_alike(latin: str, arabic: str) -> None:
    assert likeness(latin, arabic) < FLOOR


def test_a_better_spelling_is_more_alike() -> None:
    assert likeness("Pashinyan", "باشينيان") > likeness("Pashinian", "باسينيان")
    assert likeness("Aliyev", "علييف") > likeness("Aliyev", "عليي")


@given(LATIN, ARABIC)
def test_likeness_is_a_share(latin: str, arabic: str) -> None:
    assert 0 <= likeness(latin, arabic) <= 1


@hypothesis_settings(max_examples=50, deadline=None)
@given(
    st.text("abdehiklmnrstwxy", min_size=2, max_size=9),
    st.lists(st.text("ابتشكلمنويةه", min_size=1, max_size=8), min_size=1, max_size=6),
)
def test_many_at_once_against_one_by_one(latin: str, arabic: list[str]) -> None:
    """In both directions; below the floor only that it is below."""
    together = likenesses(latin, of_words(arabic))
    owners = of_words(arabic).types
    for number, word in enumerate(arabic):
        wanted = slow_likeness(latin, word)
        for found in (
            float(together[owners == number].max()),
            float(likenesses(word, of_words([latin])).max()),
        ):
            assert found == pytest.approx(wanted, abs=1e-5) if wanted > FLOOR + 1e-5 else found < FLOOR + 1e-5


@pytest.mark.parametrize(("latin", "arabic"), pairs(ALIKE))
def test_names_against_the_plain_programme(latin: str, arabic: str) -> None:
    assert likeness(latin, arabic) == pytest.approx(slow_likeness(latin, arabic), abs=1e-5)


def test_long_words_are_compared_quickly() -> None:
    began = time.process_time()
    assert likeness("ab" * 300, "بتن" * 200) < FLOOR
    assert likeness("ab" * 20, "بتن" * 13) < FLOOR
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("word", "letters"),
    [
        ("Jacobs", {"jacobs": 1.0, "jacob": 0.97}),
        ("Marx", {"marx": 1.0, "marks": 1.0}),
        ("Gas", {"gas": 1.0}),
        ("a", {}),
        ("", {}),
        ("ab" * 30, {}),
        ("ب" * 41, {}),
    ],
)
def test_spellings_of_a_word(word: str, letters: dict[str, float]) -> None:
    found = {spelling.letters: WEIGHTS[spelling.mark] for spelling in spellings(word)}
    assert found == letters


@given(ARABIC)
def test_spellings_of_an_arabic_word_are_its_forms(word: str) -> None:
    found = {spelling.letters: WEIGHTS[spelling.mark] for spelling in spellings(word)}
    assert found == pytest.approx(dict(names.clitic_forms(word.replace("تش", "چ"))) if word else {})


def test_a_word_counts_its_own_consonants() -> None:
    assert {spelling.consonants for spelling in spellings("Jacobs")} == {3}
    assert {spelling.consonants for spelling in spellings("Bush")} == {3}
    assert {spelling.consonants for spelling in spellings("Lea")} == {1}


@given(st.lists(LATIN, max_size=6) | st.lists(ARABIC, max_size=6))
def test_what_is_encoded_is_decoded(words: list[str]) -> None:
    found = [spelling for word in words for spelling in spellings(word)]
    marks, letters = zip(*map(encode, found), strict=True) if found else ((), ())
    read = decode(np.arange(len(found)), np.zeros(len(found), np.uint8), bytes(marks), b"".join(letters))
    assert read.lengths.tolist() == [len(spelling.letters) for spelling in found]
    assert read.weights.tolist() == pytest.approx([WEIGHTS[spelling.mark] for spelling in found])
    assert read.consonants.tolist() == [spelling.consonants for spelling in found]
    for number, spelling in enumerate(found):
        codes = read.letters[: len(spelling.letters), number].tolist()
        assert [*codes[:-1], codes[-1] | END] == list(encode(spelling)[1])
        assert not read.letters[len(spelling.letters) :, number].any()
    assert bounds(b"".join(letters)).tolist() == [0, *accumulate(map(len, letters))]


def test_nothing_is_like_nothing() -> None:
    assert likenesses("Putin", of_words([])).shape == (0,)
    assert likenesses("#1", of_words(["بوتين"])).tolist() == [0.0] * len(spellings("بوتين"))


@hypothesis_settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Pashinyan", "Putin", "Aliyevs", "Max", "x", "باشينيان", "وبوتين", "الجنود", ""]),
            st.lists(
                st.sampled_from(["بوتين", "بوتينا", "باشينيان", "بوش", "Putin", "Putins", "Pashinian", "Maks"]),
                max_size=6,
            ),
        ),
        max_size=4,
    )
)
def test_words_compared_at_once_are_as_alike_as_one_by_one(asked: list[tuple[str, list[str]]]) -> None:
    """In any order and company; those below the floor mean nothing."""
    other = [(word, [each for each in others if is_arabic(each) != is_arabic(word or "x")]) for word, others in asked]
    every = of_words([each for _, others in other for each in others])
    ends = np.searchsorted(every.types, np.cumsum([len(others) for _, others in other])).tolist()
    found = alignment.likenesses_each([word for word, _ in other], every, ends)
    assert len(found) == len(every.types)
    for (word, others), start, end in zip(other, [0, *ends], ends, strict=False):
        alike = found[start:end]
        types = of_words(others).types.tolist()
        assert len(alike) == len(types)
        for number, written in enumerate(others):
            mine = [float(x) for x, of in zip(alike, types, strict=True) if of == number]
            expected = (likeness(written, word) if is_arabic(word) else likeness(word, written)) if word else 0.0
            assert max(mine, default=0.0) == pytest.approx(expected) or max([*mine, expected]) < FLOOR


def test_very_many_pairs_are_aligned_as_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look at the letters leaves out none that is alike, and what is aligned in portions is aligned as at once."""
    known = [*pairs(ALIKE), *pairs(DIFFERENT)]
    latin, arabic = [latin for latin, _ in known], [arabic for _, arabic in known]
    asked = [(word, of_words(others)) for mine, others in ((latin, arabic), (arabic, latin)) for word in mine]
    few = [likenesses(word, others) for word, others in asked]
    assert sum(int((alike > FLOOR).sum()) for alike in few) > 2 * len(pairs(ALIKE))
    monkeypatch.setattr(alignment, "_MANY", 0)
    monkeypatch.setattr(writing, "_PAIRS", 5)
    for (word, others), alike in zip(asked, few, strict=True):
        many = likenesses(word, others)
        assert np.where(many > FLOOR, many, 0).tolist() == np.where(alike > FLOOR, alike, 0).tolist()


@st.composite
def written_names(draw: st.DrawFn) -> tuple[str, str]:
    """A Latin word, and about how Arabic may write it."""
    latin = draw(st.text("abcdehiklmnoprstuwxy", min_size=3, max_size=9))
    graphemes: dict[str, list[str]] = {}
    for letter, row in writing.TABLE.items():
        for grapheme in row:
            graphemes.setdefault(grapheme, []).append(letter)
    arabic, place = "", 0
    while place < len(latin):
        size = draw(st.sampled_from([size for size in (1, 2, 3) if latin[place : place + size] in graphemes] or [0]))
        written = [*graphemes.get(latin[place : place + size], []), *([""] if latin[place] in "aehiouwy" else [])]
        arabic += draw(st.sampled_from(written or [""]))
        place += size or 1
    return latin, arabic or "ا"


@hypothesis_settings(max_examples=150, deadline=None)
@given(st.lists(written_names(), min_size=1, max_size=8))
def test_a_look_at_the_letters_leaves_out_none_that_is_alike(written: list[tuple[str, str]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "_MANY", 0)
        for word, others in (
            (written[0][0], [arabic for _, arabic in written]),
            (written[0][1], [latin for latin, _ in written]),
        ):
            every = of_words(others)
            found = likenesses(word, every)
            for number, other in enumerate(others):
                wanted = slow_likeness(other, word) if is_arabic(word) else slow_likeness(word, other)
                if wanted > FLOOR + 1e-5:
                    assert float(found[every.types == number].max()) == pytest.approx(wanted, abs=1e-5)


def test_of_very_many_those_that_promise_most_are_aligned(monkeypatch: pytest.MonkeyPatch) -> None:
    arabic = ["شارون", "شارب", "شيرين", "شرقي", "شريان", "شروان", "شورى", "شرائن"]
    latin = ["Sharon", "Sharp", "Shirin", "Sharkey", "Sheeran", "Shirvan", "Shura", "Sharia"]
    monkeypatch.setattr(alignment, "_MANY", 0)
    for word, others in (("Sharon", arabic), ("شارون", latin)):
        every = of_words(others)
        all_of_them = likenesses(word, every)
        with monkeypatch.context() as fewer:
            fewer.setattr(alignment, "_MOST_ALIGNED", 4)
            few = likenesses(word, every)
        assert (few > FLOOR).sum() < (all_of_them > FLOOR).sum()
        assert few.argmax() == all_of_them.argmax() == 0
        assert few.max() == all_of_them.max()
        assert set(few[few > 0].tolist()) <= set(all_of_them.tolist())


@pytest.mark.parametrize(
    ("word", "others", "expected"),
    [
        ("شارون", ["شارون", "شيرن", "شون", "شارب", "والشارون"], [0, 0, 1, 2, 1]),
        ("شارون", ["Sharon", "Charron", "Shaun", "Sharp", "Aaron"], [0, 0, 1, 2, 1]),
        ("Sharon", ["شارون", "شاون", "شارب", "كلم"], [0, 1, 2, 6]),
        ("Sharon", ["Sharon", "Chairon", "Shaun", "Sharp"], [0, 2, 1, 2]),
    ],
)
def test_a_quick_look_counts_consonants(word: str, others: list[str], expected: list[int]) -> None:
    bits = letters.ARABIC_BITS if is_arabic(others[0]) else letters.LATIN_BITS
    masks = np.bitwise_or.reduce(bits[as_written([each.lower() for each in others]).letters], axis=0)
    assert alignment.unlike(word, is_arabic(others[0]), masks).tolist() == expected


@pytest.mark.parametrize(("latin", "arabic"), pairs(ALIKE))
def test_what_is_alike_is_near_at_a_quick_look(latin: str, arabic: str) -> None:
    for word, other, bits in ((latin, arabic, letters.ARABIC_BITS), (arabic, latin, letters.LATIN_BITS)):
        spelled = of_words([other])
        masks = np.bitwise_or.reduce(bits[spelled.letters], axis=0)
        assert alignment.unlike(word, is_arabic(other), masks).min() <= namesakes._FURTHEST
