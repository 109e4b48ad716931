"""Reading articles for the index: from a file to everything the catalogue stores of it.

What is made here depends on the one file alone and needs no lexicon, so many files are read at once in processes of
their own (`assistant.workers`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from assistant import copies, corpus, cutting, frame, packing
from assistant.catalogue import DocumentInfo
from assistant.corpus import Document, FileStat, Skipped
from assistant.cutting import Passage
from assistant.errors import FileRefused
from assistant.language.text import Language
from assistant.language.tokens import tokens, words_of
from assistant.packing import TextPacker

_SAMPLES, _SAMPLE_CHARACTERS = 80, 400
# Fewer files than this share little, and keeping what they share would take more than it saves.
_FEW = 4 * _SAMPLES


class ReadPassage(NamedTuple):
    """A passage as it will be stored.

    ``titled``: whether it holds its document's title; ``words``: of its tokens, in order; ``sentences``: for each the gap before it, its length (both in characters) and the
    number of its tokens; ``text``: packed.
    """

    start: int
    language: Language
    titled: bool
    words: list[str]
    sentences: list[tuple[int, int, int]]
    text: bytes


class ReadDocument(NamedTuple):
    """A document as it will be stored. ``gaps``: its text between the passages and around them, compact; ``frame``: what
    stands around the article, packed; ``sketch``: by which copies of it are known (`assistant.copies`)."""

    info: DocumentInfo
    title_words: list[str]
    passages: list[ReadPassage]
    gaps: bytes
    frame: bytes
    sketch: bytes


class Refused(NamedTuple):
    """What could not be read: a file, or rows of it. No ``sha256`` means that it could not even be opened."""

    file: str
    reason: str
    sha256: str | None


class ReadFile(NamedTuple):
    """The documents of a file: none if it was refused, one, or those of the rows of a table."""

    stat: FileStat
    documents: list[ReadDocument]
    refused: Refused | None


@dataclass(frozen=True, slots=True)
class Reading:
    """Files to be read, as a task for another process. ``dictionary`` is what their texts are packed against."""

    folder: str
    stats: tuple[FileStat, ...]
    dictionary: bytes
    target_words: int
    max_words: int
    columns: Mapping[str, str] = field(default_factory=dict)

    def __call__(self) -> list[ReadFile]:
        packer = _packer(self.dictionary)
        return read(Path(self.folder), self.stats, packer, self.target_words, self.max_words, self.columns)


@lru_cache(maxsize=1)
def _packer(dictionary: bytes) -> TextPacker:
    return TextPacker(dictionary)


def read(
    folder: Path,
    stats: Sequence[FileStat],
    packer: TextPacker,
    target_words: int,
    max_words: int,
    columns: Mapping[str, str] | None = None,
) -> list[ReadFile]:
    """Read some files of ``folder`` and cut their documents into passages. For ``columns`` see `corpus.documents`."""
    known: dict[str, str] = {}  # equal words are one object: that is how they travel between processes
    found: list[ReadFile] = []
    for stat in stats:
        documents: list[ReadDocument] = []
        refused = None
        try:
            for each in corpus.documents(folder, stat.file, columns):
                if isinstance(each, Skipped):
                    refused = Refused(each.file, each.reason, documents[0].info.sha256)
                else:
                    documents.append(prepare(each, cutting.passages(each, target_words, max_words), packer, known))
        except FileRefused as refusal:
            documents, refused = [], _refused(folder, stat.file, refusal.reason)
        found.append(ReadFile(stat, documents, refused))
    return found


def prepare(
    document: Document, cut: Sequence[Passage], packer: TextPacker, known: dict[str, str] | None = None
) -> ReadDocument:
    """A document and its passages in the form in which `CatalogueWriter` takes them."""
    known = {} if known is None else known
    passages = []
    parts = frame.parts(document.text, [span for passage in cut for span in passage.sentences], document.title)
    around = {part.start for part in parts if part.role < frame.Role.LINE}
    own: list[str] = []  # the words of the article itself
    for passage in cut:
        found = tokens(passage.text)
        sentences = [(span.start - passage.start, span.end - passage.start) for span in passage.sentences]
        starts = [token.start for token in found]
        # A token before the first sentence would belong to it.
        firsts = [0, *(bisect_left(starts, start) for start, _ in sentences[1:]), len(starts)]
        ends = [0, *(end for _, end in sentences)]
        outline = [
            (start - before, end - start, last - first)
            for (start, end), before, (first, last) in zip(sentences, ends, pairwise(firsts), strict=False)
        ]
        words = [known.setdefault(token.word, token.word) for token in found]
        for span, first, last in zip(passage.sentences, firsts, firsts[1:], strict=False):
            if span.start not in around:
                own += words[first:last]
        titled = document.title in passage.text
        passages.append(ReadPassage(passage.start, passage.language, titled, words, outline, packer.pack(passage.text)))
    edges = [0, *(edge for passage in cut for edge in (passage.start, passage.end)), len(document.text)]
    gaps = "".join(document.text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    # A passage that holds the title has its words already.
    apart = not all(passage.titled for passage in passages)
    title = list(dict.fromkeys(words_of(document.title))) if apart else []
    info = DocumentInfo(
        document.file, document.title, document.date, document.outlet, document.url, document.language,
        document.encoding, document.encoding_guessed, document.sha256, document.size, document.mtime_ns, len(cut),
        document.author, document.pages,
    )  # fmt: skip
    return ReadDocument(info, title, passages, packing.compact(gaps), frame.packed(parts), copies.sketch(own))


def sample(folder: Path, stats: Sequence[FileStat]) -> list[str]:
    """The beginnings of some files from all over the folder; of none if it has but a few."""
    if len(stats) < _FEW:
        return []
    samples = []
    for stat in stats[:: len(stats) // _SAMPLES][:_SAMPLES]:
        try:
            samples.append(corpus.read(folder, stat.file).text[:_SAMPLE_CHARACTERS])
        except FileRefused:
            continue
    return samples


def _refused(folder: Path, file: str, reason: str) -> Refused:
    try:
        return Refused(file, reason, corpus.hash_file(folder, file))
    except FileRefused:
        return Refused(file, reason, None)
