"""What is packed comes back, to the character and to the number, and whatever is damaged says so."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import packing
from assistant.packing import TextPacker, compact, expand, pack_numbers, pack_runs, unpack_numbers, unpack_runs

TEXT = st.text() | st.text(st.sampled_from("ab \n\0قلاـ؟ًےپ\U0001f600\ud800é"))
ARTICLE = "أعلنت وزارة الشؤون الثقافية، في بلاغ لها مساء الأربعاء، عن نتائج أعمال لجنة التشجيع على الإنتاج السينمائي.\n"
RUNS = st.lists(st.lists(st.integers(0, 300) | st.integers(0, 2**35 - 1), max_size=12), max_size=8)


@given(TEXT)
def test_compact_text_comes_back(text: str) -> None:
    assert expand(compact(text)) == text


@given(TEXT, TEXT)
def test_different_texts_stay_different(one: str, other: str) -> None:
    assert (compact(one) == compact(other)) == (one == other)


def test_arabic_takes_a_byte_a_letter() -> None:
    assert len(compact("الإنتاج السينمائي")) == len("الإنتاج السينمائي")
    assert compact("\U0001f600")[:1] == compact("\0")[:1] == b"\0"


@given(st.lists(TEXT, max_size=5), TEXT)
def test_packed_text_comes_back(samples: list[str], text: str) -> None:
    packer = TextPacker(packing.dictionary(samples))
    assert [packer.unpack(packer.pack(each)) for each in (text, *samples, text)] == [text, *samples, text]


def test_a_dictionary_makes_texts_short() -> None:
    alone, together = TextPacker(b""), TextPacker(packing.dictionary([ARTICLE]))
    assert len(alone.pack(ARTICLE)) < len(ARTICLE)
    assert len(together.pack(ARTICLE)) < len(ARTICLE) / 10
    assert len(packing.dictionary(["x" * 50_000])) == packing.DICTIONARY_BYTES


@pytest.mark.parametrize("spoil", [lambda data: data[:-1], lambda data: b"", lambda data: b"\xff" + data])
def test_a_spoilt_text_is_no_text(spoil) -> None:
    with pytest.raises(zlib.error):
        TextPacker(b"").unpack(spoil(TextPacker(b"").pack(ARTICLE)))


@given(RUNS)
def test_numbers_come_back(runs: list[list[int]]) -> None:
    packed = pack_runs(runs)
    assert packed == [pack_numbers(run) for run in runs]
    assert [run.tolist() for run in unpack_runs(packed)] == runs
    assert [unpack_numbers(each).tolist() for each in packed] == runs


def test_small_numbers_take_little() -> None:
    assert [len(pack_numbers([number])) for number in (0, 127, 128, 16383, 16384, 2**35 - 1)] == [1, 1, 2, 2, 3, 5]
    assert pack_numbers([300]) == b"\xac\x02"  # as everybody writes it
    assert pack_numbers(np.zeros(0)) == b""


@pytest.mark.parametrize("packed", [[b"\xac"], [b"\x01", b"\xac"], [b"\xac", b"\x01"], [b"", b"\x81\x82"]])
def test_a_number_cut_short_is_no_number(packed: list[bytes]) -> None:
    with pytest.raises(ValueError, match="cut short"):
        unpack_runs(packed)
