"""Compact forms of text and whole numbers, as the catalogue stores them.

*Text*: Arabic takes one byte a character in Windows-1256 and two in UTF-8, so text is kept in the former wherever it has
all its characters. Longer text is deflated besides, against a dictionary cut from the collection itself: an article
alone is too short to compress well, and what articles of one paper share is what they repeat.

*Numbers*: seven bits a byte, least first, the eighth bit set on all but the last (LEB128). Whole batches are coded at
once.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Int64s = npt.NDArray[np.int64]

DICTIONARY_BYTES = 32768
"""No match of DEFLATE reaches further back."""
_LEVEL = 6
_FEW = 64
_CHARSET = "cp1256"
# Says that the rest is UTF-8. A text that itself begins with this character is kept in UTF-8 too.
_OTHER = b"\0"


def compact(text: str) -> bytes:
    """``text`` in the shorter character set; equal texts have equal bytes."""
    try:
        encoded = text.encode(_CHARSET)
    except UnicodeEncodeError:
        encoded = _OTHER
    return _OTHER + text.encode("utf-8", "surrogatepass") if encoded.startswith(_OTHER) else encoded


def expand(data: bytes) -> str:
    """The text that `compact` made into ``data``. Raises ``UnicodeDecodeError`` when it made no such bytes."""
    return data[1:].decode("utf-8", "surrogatepass") if data.startswith(_OTHER) else data.decode(_CHARSET)


def expand_all(data: Sequence[bytes]) -> list[str]:
    """Many short texts, none of which has a line break, at a time."""
    joined = b"\n".join(data)
    return list(map(expand, data)) if _OTHER in joined or not data else joined.decode(_CHARSET).split("\n")


def dictionary(samples: Iterable[str]) -> bytes:
    """What `TextPacker` deflates against: the samples themselves. Those that come last are the cheapest to refer to."""
    return b"".join(compact(sample).removeprefix(_OTHER) for sample in samples)[-DICTIONARY_BYTES:]


class TextPacker:
    """Deflates texts and inflates them again, one dictionary for all. Safe to share between threads."""

    def __init__(self, shared: bytes) -> None:
        self.shared = shared
        # Taking in the dictionary costs more than deflating a passage: it is done once, and the result copied.
        self._primed = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, 0, shared)

    def pack(self, text: str) -> bytes:
        deflate = self._primed.copy()
        return deflate.compress(compact(text)) + deflate.flush()

    def unpack(self, data: bytes) -> str:
        """Raises ``zlib.error`` or ``UnicodeDecodeError`` when ``data`` is damaged."""
        inflate = zlib.decompressobj(-zlib.MAX_WBITS, self.shared)
        text = inflate.decompress(data)
        if not inflate.eof:
            raise zlib.error("the text is cut short")
        return expand(text)


def pack_numbers(values: npt.ArrayLike) -> bytes:
    """Whole numbers from 0 up to 2**35."""
    if isinstance(values, list | tuple) and len(values) <= _FEW:
        return _pack_few(values)
    return pack_runs([values])[0]


def _pack_few(values: Sequence[int]) -> bytes:
    """`pack_numbers` of fewer numbers than arrays are worth making for."""
    packed = bytearray()
    for value in values:
        while value > 0x7F:
            packed.append(value & 0x7F | 0x80)
            value >>= 7
        packed.append(value)
    return bytes(packed)


def pack_runs(runs: Sequence[npt.ArrayLike]) -> list[bytes]:
    """Several runs of numbers, each as `pack_numbers` would pack it."""
    arrays = [np.asarray(run, np.int64) for run in runs]
    return pack_parts(np.concatenate([np.zeros(0, np.int64), *arrays]), np.cumsum(list(map(len, arrays))))


def pack_parts(values: Int64s, ends: npt.NDArray[np.int64]) -> list[bytes]:
    """The runs that one array holds in a row, each up to its end."""
    sizes = np.ones(len(values), np.int64)
    for bits in (7, 14, 21, 28):
        sizes += values >= 1 << bits
    until = np.cumsum(sizes)
    packed = np.empty(int(until[-1]) if len(until) else 0, np.uint8)
    starts = until - sizes
    for place in range(5):
        there = np.flatnonzero(sizes > place)
        more = (sizes[there] > place + 1) << 7
        packed[starts[there] + place] = (values[there] >> (7 * place)) & 0x7F | more
    data = packed.tobytes()
    bounds = [0, *np.concatenate([[0], until])[ends.astype(np.int64)].tolist()]
    return [data[start:end] for start, end in pairwise(bounds)]


def unpack_numbers(data: bytes) -> Int64s:
    """The numbers of `pack_numbers`."""
    return unpack_runs([data])[0]


def unpack_runs(packed: Sequence[bytes]) -> list[Int64s]:
    """The numbers of several packed runs. Raises ``ValueError`` when one ends within a number."""
    values, cuts = unpack_joined(packed)
    return [values[start:end] for start, end in pairwise(cuts.tolist())]


def unpack_joined(packed: Sequence[bytes]) -> tuple[Int64s, Int64s]:
    """The same in one array, and where in it each run begins, and the last one ends: shape ``(runs + 1,)``."""
    raw = np.frombuffer(b"".join(packed), np.uint8)
    lengths = np.array(list(map(len, packed)), np.int64)
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    ending = raw < 0x80
    if not ending[bounds[1:][lengths > 0] - 1].all():
        raise ValueError("a packed number is cut short")
    ends = np.flatnonzero(ending)
    starts = np.concatenate([[0], ends + 1])[:-1]
    low = raw & 0x7F
    values = low[starts].astype(np.int64)
    # Most numbers have one byte or two.
    place, longer = 1, np.flatnonzero(ends > starts)
    while len(longer):
        values[longer] += low[starts[longer] + place].astype(np.int64) << (7 * place)
        place += 1
        longer = longer[ends[longer] - starts[longer] >= place]
    return values, np.searchsorted(ends, bounds)
