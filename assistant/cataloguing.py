"""Writing a catalogue, from nothing or on top of a copy of the previous one.

The invariant: whatever the order of additions and removals, the catalogue says the same as one written at once from
the files that are left (only the numbers of documents and word types differ). Document frequencies are therefore
counted exactly in both directions, and a word type that no passage holds any longer disappears with its keys.

The file is written aside and published when it is whole, so nothing here needs a journal.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import NamedTuple

import numpy as np

from assistant import copies, frame, packing
from assistant.catalogue import PLACES, SCHEMA_SQL, USUAL_ENCODING, SkippedFile, file_hash
from assistant.corpus import FileStat, is_table, source
from assistant.filing import Analysis, Filed, Filing
from assistant.language.text import Language, language_of
from assistant.language.tokens import tokens
from assistant.packing import TextPacker
from assistant.reading import ReadDocument
from assistant.vocabulary import CODES, LANGUAGES

# Rows that wait to be packed and inserted together.
_WAITING = 512
_PORTION_WORDS = 2000

Submit = Callable[[Callable[[], Filed]], Future[Filed]]


class Totals(NamedTuple):
    """What a finished catalogue holds."""

    documents: int
    passages: dict[Language, int]


class CatalogueWriter:
    """A catalogue being written. `finish` makes it whole; without it the file is worthless.

    ``samples`` are beginnings of some of the texts that a new one will hold: what they share is stored once.
    """

    def __init__(self, path: Path, samples: Sequence[str] = ()) -> None:
        fresh = not path.exists()
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA page_size = 16384")
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("PRAGMA cache_size = -65536")
        if fresh:
            self._connection.executescript(SCHEMA_SQL)
            self._connection.execute("INSERT INTO dictionary VALUES (?)", (packing.dictionary(samples),))
        self._connection.execute("BEGIN")
        self._filing = Filing(self._connection, fresh)
        if samples:
            words = Counter((language_of(sample), token.word) for sample in samples for token in tokens(sample))
            self._filing.expect(word for word, _ in words.most_common())
        (self.dictionary,) = self._connection.execute("SELECT data FROM dictionary").fetchone()
        self.packer = TextPacker(self.dictionary)
        (last,) = self._connection.execute("SELECT ifnull(max(id), 0) FROM documents").fetchone()
        self._next_document = last + 1
        self._waiting: list[tuple[int, int, int, bool, list[int], bytes]] = []
        self._analyses: deque[tuple[Language, list[int], Future[Filed]]] = deque()
        self._passages: Counter[Language] = Counter()
        self._tokens: Counter[Language] = Counter()

    def remove(self, file: str) -> None:
        """Take the documents of a file out. A file that is not there is ignored."""
        for document in self._documents_of(file):
            self._remove(document)

    def _documents_of(self, file: str) -> list[str]:
        """What a file holds: itself, or the rows of a table, for which all names are gone through."""
        if not is_table(file):
            return [file]
        statement = "SELECT file FROM documents WHERE substr(file, 1, ?) = ?"
        rows = self._connection.execute(statement, (len(file) + 1, f"{file}#")).fetchall()
        return [name for (name,) in rows if source(name) == file]

    def _remove(self, file: str) -> None:
        statement = "SELECT id, title_words FROM documents WHERE file_hash = ? AND file = ?"
        row = self._connection.execute(statement, (file_hash(file), file)).fetchone()
        if row is None:
            return
        self._insert()
        document, title = row
        self._filing.count_title(packing.unpack_numbers(title).tolist(), -1)
        within = (document * PLACES, (document + 1) * PLACES - 1)
        statement = "SELECT language, outline FROM passages WHERE id BETWEEN ? AND ?"
        for code, outline in self._connection.execute(statement, within):
            numbers = packing.unpack_numbers(outline)
            tokens = numbers[1 + 3 * int(numbers[0]) :]
            self._filing.count(np.unique(tokens).tolist(), -1)
            self._passages[LANGUAGES[code]] -= 1
            self._tokens[LANGUAGES[code]] -= len(tokens)
        self._connection.execute("DELETE FROM passages WHERE id BETWEEN ? AND ?", within)
        self._connection.execute("DELETE FROM documents WHERE id = ?", (document,))

    def add(self, document: ReadDocument) -> None:
        """Add a document that is not there yet, its texts packed by `packer`."""
        number, self._next_document = self._next_document, self._next_document + 1
        for place, passage in enumerate(document.passages):
            tokens = self._filing.numbers(passage.language, passage.words)
            self._filing.count(set(tokens), 1)
            self._passages[passage.language] += 1
            self._tokens[passage.language] += len(tokens)
            outline = [len(passage.sentences), *(size for each in passage.sentences for size in each), *tokens]
            self._waiting.append(
                (
                    number * PLACES + place,
                    CODES[passage.language],
                    passage.start,
                    passage.titled,
                    outline,
                    passage.text,
                )
            )
        info = document.info
        # A passage is matched in its own language, the title of its document too.
        languages = sorted({passage.language for passage in document.passages})
        title = [n for language in languages for n in self._filing.numbers(language, document.title_words)]
        self._filing.count_title(title, 1)
        self._connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                info.file,
                file_hash(info.file),
                packing.compact(info.title),
                info.date.toordinal() if info.date else None,
                info.outlet,
                info.url,
                CODES[info.language],
                info.encoding if info.encoding != USUAL_ENCODING else None,
                info.encoding_guessed,
                bytes.fromhex(info.sha256),
                info.size,
                info.mtime_ns,
                info.passages,
                packing.pack_numbers(title),
                document.gaps,
                info.author,
                packing.pack_numbers(info.pages) if info.pages else None,
                document.frame,
                document.sketch,
            ),
        )
        if len(self._waiting) >= _WAITING:
            self._insert()

    def _insert(self) -> None:
        waiting, self._waiting = self._waiting, []
        packed = packing.pack_runs([row[4] for row in waiting])
        rows = [(*row[:4], outline, row[5]) for row, outline in zip(waiting, packed, strict=True)]
        self._connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)", rows)

    def analyse(self, submit: Submit, whole_portions: bool) -> None:
        """Have the new words analysed; with ``whole_portions`` only as many as are worth another process's while.

        ``submit`` begins an analysis, perhaps elsewhere; what has been worked out meanwhile is filed. `finish` analyses
        what this has not been called for.
        """
        for language, ids, words in self._filing.unfiled(_PORTION_WORDS if whole_portions else 1):
            for first in range(0, len(ids), _PORTION_WORDS):
                few = slice(first, first + _PORTION_WORDS)
                self._analyses.append((language, ids[few], submit(Analysis(tuple(words[few])))))
        # In the order in which they were begun, so that the file does not depend on who was faster.
        while self._analyses and (not whole_portions or self._analyses[0][2].done()):
            language, ids, analysis = self._analyses.popleft()
            self._filing.file(language, ids, analysis.result())

    def touch(self, stats: Iterable[FileStat]) -> None:
        """Record a new size and time of files whose content is what it was."""
        self._connection.executemany(
            "UPDATE documents SET size = ?, mtime_ns = ? WHERE file_hash = ? AND file = ?",
            [
                (stat.size, stat.mtime_ns, file_hash(document), document)
                for stat in stats
                for document in self._documents_of(stat.file)
            ],
        )

    def skip(self, files: Iterable[SkippedFile]) -> None:
        """Replace the list of the files that were left out."""
        self._connection.execute("DELETE FROM skipped")
        self._connection.executemany("INSERT INTO skipped VALUES (?, ?, ?, ?, ?)", files)

    def _settle(self) -> None:
        """Find anew, over all documents, which are copies of one another and which lines many of them repeat."""
        run = self._connection
        numbers, sketches = [], []
        for number, sketch in run.execute("SELECT id, sketch FROM documents ORDER BY id"):
            numbers.append(number)
            sketches.append(sketch)
        voices = np.arange(len(numbers))
        run.execute("DELETE FROM copies")
        for group in copies.groups(sketches):
            voices[group] = group[0]
            run.executemany("INSERT INTO copies VALUES (?, ?)", [(numbers[one], numbers[group[0]]) for one in group])
        marks = run.execute("SELECT frame FROM documents ORDER BY id")
        repeated = frame.repeated((each for (each,) in marks), voices)
        run.execute("DELETE FROM repeated")
        run.execute("INSERT INTO repeated VALUES (?)", (packing.pack_numbers(np.diff(repeated, prepend=0)),))

    def finish(self) -> Totals:
        """Settle the word types and their frequencies, copies and repetitions, and close."""
        self._insert()
        self._settle()
        run = self._connection
        types = self._filing.finish()
        counts: dict[Language, int] = {}
        for language, code in CODES.items():
            run.execute(
                "UPDATE statistics SET passages = passages + ?, tokens = tokens + ?, types = ? WHERE language = ?",
                (self._passages[language], self._tokens[language], types[language], code),
            )
            counts[language] = run.execute("SELECT passages FROM statistics WHERE language = ?", (code,)).fetchone()[0]
        (documents,) = run.execute("SELECT count(*) FROM documents").fetchone()
        run.execute("COMMIT")
        run.close()
        return Totals(documents, counts)

    def close(self) -> None:
        """Give up; harmless after `finish`."""
        self._connection.close()
