"""Writing a catalogue, from nothing or on top of a copy of the previous one.

The invariant: whatever the order of additions and removals, the catalogue says the same as one written at once from
the files that are left (only the numbers of word types differ). Document frequencies are therefore counted exactly in
both directions, and a word type that no passage holds any longer disappears with its keys.

The file is written aside and published when it is whole, so nothing here needs a journal.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from assistant.catalogue import CODES, INT32, LANGUAGES, SCHEMA_SQL, SkippedFile, pack
from assistant.corpus import Document, FileStat, Passage
from assistant.language.terms import PassageTerms, type_terms
from assistant.language.text import Language


class Totals(NamedTuple):
    """What a finished catalogue holds."""

    documents: int
    passages: dict[Language, int]


def passage_id(file: str, sha256: str, ordinal: int) -> int:
    """A number below 2**63 that names this passage of this content of this file: SQLite has no unsigned integers."""
    name = f"{file}\0{sha256}\0{ordinal}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(name).digest()[:8], "big") >> 1


class CatalogueWriter:
    """A catalogue being written. `finish` makes it whole; without it the file is worthless."""

    def __init__(self, path: Path) -> None:
        fresh = not path.exists()
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("PRAGMA cache_size = -65536")
        if fresh:
            self._connection.executescript(SCHEMA_SQL)
        self._connection.execute("BEGIN")
        self._types: dict[tuple[Language, str], int] = {}
        self._next_type = self._maximum("types") + 1
        self._next_document = self._maximum("documents") + 1
        self._df: Counter[int] = Counter()
        self._passages: Counter[Language] = Counter()
        self._tokens: Counter[Language] = Counter()

    def remove(self, file: str) -> list[int]:
        """Take a document out; returns the ids its passages had. A file that is not there is ignored."""
        row = self._connection.execute("SELECT id FROM documents WHERE file = ?", (file,)).fetchone()
        if row is None:
            return []
        gone = []
        for number, language, blob in self._connection.execute(
            "SELECT id, language, tokens FROM passages WHERE document = ?", row
        ):
            tokens = np.frombuffer(blob, INT32)
            self._df.subtract(np.unique(tokens).tolist())
            self._passages[LANGUAGES[language]] -= 1
            self._tokens[LANGUAGES[language]] -= len(tokens)
            gone.append(number)
        self._connection.execute("DELETE FROM passages WHERE document = ?", row)
        self._connection.execute("DELETE FROM documents WHERE id = ?", row)
        return gone

    def add(self, document: Document, passages: Sequence[tuple[Passage, PassageTerms]]) -> list[int]:
        """Add a document that is not there yet; returns the ids of its passages in order."""
        number, self._next_document = self._next_document, self._next_document + 1
        self._connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                document.file,
                document.title,
                document.date.isoformat() if document.date else None,
                document.outlet,
                document.url,
                CODES[document.language],
                document.encoding,
                document.encoding_guessed,
                document.sha256,
                document.size,
                document.mtime_ns,
                len(passages),
                pack(document.text),
            ),
        )
        return [self._add_passage(number, document, passage, terms) for passage, terms in passages]

    def touch(self, stats: Iterable[FileStat]) -> None:
        """Record a new size and time of files whose content is what it was."""
        self._connection.executemany(
            "UPDATE documents SET size = ?, mtime_ns = ? WHERE file = ?",
            [(stat.size, stat.mtime_ns, stat.file) for stat in stats],
        )

    def skip(self, files: Iterable[SkippedFile]) -> None:
        """Replace the list of the files that were left out."""
        self._connection.execute("DELETE FROM skipped")
        self._connection.executemany("INSERT INTO skipped VALUES (?, ?, ?, ?, ?)", files)

    def finish(self) -> Totals:
        """Settle the frequencies and close."""
        run = self._connection
        run.executemany(
            "UPDATE types SET df = df + ? WHERE id = ?",
            [(change, number) for number, change in sorted(self._df.items()) if change],
        )
        for code, word in run.execute("SELECT language, word FROM types WHERE df = 0").fetchall():
            self._drop_keys(code, word)
        run.execute("DELETE FROM types WHERE df = 0")
        counts: dict[Language, int] = {}
        for language, code in CODES.items():
            run.execute(
                "UPDATE statistics SET passages = passages + ?, tokens = tokens + ?, "
                "types = (SELECT count(*) FROM types WHERE language = ?) WHERE language = ?",
                (self._passages[language], self._tokens[language], code, code),
            )
            counts[language] = run.execute("SELECT passages FROM statistics WHERE language = ?", (code,)).fetchone()[0]
        (documents,) = run.execute("SELECT count(*) FROM documents").fetchone()
        run.execute("COMMIT")
        run.close()
        return Totals(documents, counts)

    def close(self) -> None:
        """Give up; harmless after `finish`."""
        self._connection.close()

    def _add_passage(self, document: int, source: Document, passage: Passage, terms: PassageTerms) -> int:
        number = passage_id(source.file, source.sha256, passage.ordinal)
        tokens = np.array([self._type(passage.language, word) for word in terms.words], INT32)
        self._df.update(np.unique(tokens).tolist())
        self._passages[passage.language] += 1
        self._tokens[passage.language] += len(tokens)
        spans = np.array(passage.sentences, INT32).reshape(-1, 2) - passage.start
        self._connection.execute(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                document,
                passage.start,
                passage.end,
                CODES[passage.language],
                passage.text,
                spans.astype(INT32).tobytes(),
                tokens.tobytes(),
                np.array(terms.starts, INT32).tobytes(),
                np.array(terms.ends, INT32).tobytes(),
            ),
        )
        return number

    def _type(self, language: Language, word: str) -> int:
        known = self._types.get((language, word))
        if known is not None:
            return known
        row = self._connection.execute(
            "SELECT id FROM types WHERE language = ? AND word = ?", (CODES[language], word)
        ).fetchone()
        number = int(row[0]) if row else self._new_type(CODES[language], word)
        self._types[language, word] = number
        return number

    def _new_type(self, code: int, word: str) -> int:
        number, self._next_type = self._next_type, self._next_type + 1
        terms = type_terms(word)
        self._connection.execute(
            "INSERT INTO types VALUES (?, ?, ?, ?, 0, ?, ?)", (number, code, word, terms.unit, terms.stop, terms.flags)
        )
        self._connection.executemany(
            "INSERT INTO keys VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET weight = max(weight, excluded.weight)",
            [(code, family, key, number, weight) for family, key, weight in terms.keys],
        )
        return number

    def _drop_keys(self, code: int, word: str) -> None:
        """The keys of a word follow from the word, so they are found again by their primary key, without an index."""
        (number,) = self._connection.execute(
            "SELECT id FROM types WHERE language = ? AND word = ?", (code, word)
        ).fetchone()
        self._connection.executemany(
            "DELETE FROM keys WHERE language = ? AND family = ? AND key = ? AND type = ?",
            [(code, family, key, number) for family, key, _ in type_terms(word).keys],
        )

    def _maximum(self, table: str) -> int:
        (value,) = self._connection.execute(f"SELECT max(id) FROM {table}").fetchone()  # noqa: S608
        return int(value or 0)
