"""The bilingual lexicon: what an Arabic word may mean in English, and the other way round.

Built once from the Buckwalter data (`buckwalter`) into one SQLite file in the user's cache folder, and built again when
that data or this module's layout changes. Look-ups go by lemma: a word of the collection is filed under its
lemmas, and everything that English knows about a lemma stays here, so the collection's index holds no English.

Weights. A lemma with ``n`` gloss alternatives gives each word of an alternative of ``k`` words ``n**-.35 / k``
(several meanings are less certain ones, a word of a phrase says only part of it).
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from assistant.language import buckwalter, english
from assistant.language.cache import Reader, reader

LAYOUT = f"12.{english.FINGERPRINT}"
FUNCTION_WORD, PROPER_NAME, ADJECTIVE = 1, 2, 4
_WORDS_KEPT = 8192

# Words of glosses that carry no meaning of their own.
_GLOSS_STOP = english.STOP_WORDS | frozenset(
    "be become make cause sb sth o someone something one type kind related like ones non".split()
)
_ARTICLES = frozenset("the a an of to be s".split())


class Analysis(NamedTuple):
    """One reading of an Arabic word: prefixes and suffix as glossed, the stem's lemma (an id), gloss and flags, and how
    stem and ending are spelled."""

    lemma: int
    gloss: str
    flags: int
    category: str
    prefix: str
    suffix: str
    stem: str
    ending: str

    @property
    def is_function_word(self) -> bool:
        return bool(self.flags & FUNCTION_WORD)

    @property
    def is_proper_name(self) -> bool:
        return bool(self.flags & PROPER_NAME)

    @property
    def is_adjective(self) -> bool:
        return bool(self.flags & ADJECTIVE)


@lru_cache(maxsize=65536)
def gloss_alternatives(gloss: str) -> tuple[tuple[str, ...], ...]:
    """``"desire;aspire to (sth)"`` as stems of content words: ``(("desir",), ("aspir",))``."""
    alternatives = []
    for alternative in re.split("[;/]", re.sub(r"\(.*?\)|\[.*?\]", "", gloss)):
        words = [word.lower() for word in re.findall("[A-Za-z]+", alternative)]
        content = [word for word in words if word not in _GLOSS_STOP]
        if not content and len(words) <= 2:
            content = [word for word in words if word not in _ARTICLES][:1]
        if content:
            alternatives.append(tuple(dict.fromkeys(english.stem(word) for word in content)))
    return tuple(dict.fromkeys(alternatives))


_SCHEMA = """
CREATE TABLE affix (kind TEXT, surface TEXT, category TEXT, gloss TEXT);
CREATE TABLE compatible (kind TEXT, left TEXT, right TEXT);
CREATE TABLE stem (surface TEXT, lemma INTEGER, category TEXT, gloss TEXT, flags INTEGER);
CREATE TABLE lemma (id INTEGER PRIMARY KEY, name TEXT, root TEXT);
CREATE TABLE meaning (lemma INTEGER, stem TEXT, weight REAL);
CREATE TABLE pivot (stem TEXT, synonym TEXT, weight REAL);
CREATE TABLE root (stem TEXT, root TEXT, weight REAL);
CREATE TABLE derived (key TEXT, stem TEXT, weight REAL);
CREATE TABLE english_word (word TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX stem_surface ON stem (surface);
CREATE INDEX stem_lemma ON stem (lemma);
CREATE INDEX meaning_stem ON meaning (stem, lemma, weight);
CREATE INDEX meaning_lemma ON meaning (lemma, stem, weight);
CREATE INDEX pivot_stem ON pivot (stem, synonym, weight);
CREATE INDEX pivot_synonym ON pivot (synonym, stem, weight);
CREATE INDEX root_stem ON root (stem, root, weight);
CREATE INDEX root_root ON root (root, stem, weight);
CREATE INDEX derived_stem ON derived (stem, key, weight);
CREATE INDEX derived_key ON derived (key, stem, weight);
"""


def _flags(entry: buckwalter.Entry) -> int:
    name = "rop" in entry.category or "NOUN_PROP" in entry.pos
    function = entry.category.startswith("FW") and "NOUN_PROP" not in entry.pos and "ABBREV" not in entry.pos
    return FUNCTION_WORD * function | PROPER_NAME * name | ADJECTIVE * ("ADJ" in entry.pos)


def _pivots(
    meanings: dict[int, set[tuple[str, ...]]], by_stem: dict[str, dict[int, float]]
) -> Iterable[tuple[str, str, float]]:
    """English synonyms that share an Arabic lemma: P(synonym | stem) through the lemmas, the best 12, rooted."""
    totals = {
        lemma: sum(len(alternatives) ** -0.5 for alternatives in [meanings[lemma]] for _ in alternatives)
        for lemma in meanings
    }
    for stem, lemmas in by_stem.items():
        mass = sum(lemmas.values())
        scores: Counter[str] = Counter()
        for lemma, weight in lemmas.items():
            share = weight / mass * len(meanings[lemma]) ** -0.5 / totals[lemma]
            for alternative in meanings[lemma]:
                for word in alternative:
                    scores[word] += share / len(alternative)
        best = [(word, score) for word, score in scores.most_common(12) if word != stem and score > 0.02]
        if best:
            ceiling = max(scores[stem], best[0][1])
            for word, score in best:
                yield stem, word, min(1.0, score / ceiling) ** 0.5


def fill(db: sqlite3.Connection) -> None:
    """Write the lexicon into an empty database.

    Raises:
        LexiconMissing: the Buckwalter data is not installed.
    """
    lemma_ids: dict[str, int] = {}
    lemma_roots: dict[int, str] = {}
    meanings: dict[int, set[tuple[str, ...]]] = defaultdict(set)
    stems: dict[tuple[str, int, str, str, int], None] = {}
    words: set[str] = set()
    for entry in buckwalter.entries("dictStems"):
        lemma = lemma_ids.setdefault(entry.lemma, len(lemma_ids))
        flags = _flags(entry)
        stems[entry.surface, lemma, entry.category, entry.gloss, flags] = None
        if not flags & FUNCTION_WORD:
            meanings[lemma].update(gloss_alternatives(entry.gloss))
            lemma_roots[lemma] = entry.root
        if not flags & PROPER_NAME:
            words.update(re.findall("[a-z]{3,}", entry.gloss))
    weights: dict[tuple[int, str], float] = defaultdict(float)
    by_stem: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    roots: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for lemma, alternatives in meanings.items():
        for alternative in alternatives:
            for word in alternative:
                weights[lemma, word] += len(alternatives) ** -0.35 / len(alternative)
                by_stem[word][lemma] += len(alternatives) ** -0.5 / len(alternative)
                if lemma_roots.get(lemma):
                    roots[word][lemma_roots[lemma]] += 1 / len(alternative)
    db.executescript(_SCHEMA)
    for kind in ("Prefixes", "Suffixes"):
        rows = {(kind, e.surface, e.category, e.gloss): None for e in buckwalter.entries("dict" + kind)}
        db.executemany("INSERT INTO affix VALUES (?,?,?,?)", rows)
    for kind in ("AB", "AC", "BC"):
        pairs = {(kind, *pair): None for pair in buckwalter.compatible("table" + kind)}
        db.executemany("INSERT INTO compatible VALUES (?,?,?)", pairs)
    db.executemany("INSERT INTO stem VALUES (?,?,?,?,?)", stems)
    db.executemany(
        "INSERT INTO lemma VALUES (?,?,?)",
        ((number, name, lemma_roots.get(number, "")) for name, number in lemma_ids.items()),
    )
    db.executemany("INSERT INTO meaning VALUES (?,?,?)", ((*pair, w) for pair, w in weights.items()))
    db.executemany("INSERT INTO pivot VALUES (?,?,?)", _pivots(meanings, by_stem))
    db.executemany(
        "INSERT INTO root VALUES (?,?,?)",
        (
            (stem, root, (count / sum(counts.values())) ** 0.5)
            for stem, counts in roots.items()
            for root, count in counts.items()
            if count / sum(counts.values()) >= 0.05
        ),
    )
    db.executemany(
        "INSERT INTO derived VALUES (?,?,?)",
        ((key, stem, weight) for stem in by_stem for key, weight in english.derivations(stem).items()),
    )
    db.executemany("INSERT INTO english_word VALUES (?)", ((word,) for word in words))
    db.executescript(_INDEXES)


class Lexicon:
    """Read access to a built lexicon; safe to share between threads."""

    def __init__(self, source: Reader) -> None:
        self._all, self._among = source.all, source.among
        self._prefixes = self._affixes("Prefixes")
        self._suffixes = self._affixes("Suffixes")
        pairs: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for kind, left, right in self._all("SELECT kind, left, right FROM compatible"):
            pairs[kind].add((left, right))
        self._ab, self._ac, self._bc = pairs["AB"], pairs["AC"], pairs["BC"]
        self._stems: dict[str, list[tuple[int, str, str, int]]] | None = None
        # Whoever reads a collection comes upon each word once: what is kept of it is for the next few steps.
        self.analyze = lru_cache(maxsize=_WORDS_KEPT)(self._analyze)
        self.meaning = lru_cache(maxsize=65536)(self._meaning)
        self.lemmas = lru_cache(maxsize=_WORDS_KEPT)(self._lemmas)
        self.root = lru_cache(maxsize=65536)(self._root)
        self._endings = lru_cache(maxsize=65536)(self._fitting)
        # What these return is shared: nobody changes it.
        self._read_stem = lru_cache(maxsize=16384)(self._stored_stem)
        self.lemmas_meaning = lru_cache(maxsize=16384)(self._lemmas_meaning)
        self.synonyms = lru_cache(maxsize=4096)(self._synonyms)
        self.synonym_of = lru_cache(maxsize=16384)(self._synonym_of)
        self.roots_of = lru_cache(maxsize=4096)(self._roots_of)
        self.stems_of_root = lru_cache(maxsize=8192)(self._stems_of_root)
        self.derived = lru_cache(maxsize=8192)(self._derived)
        self.derivations = lru_cache(maxsize=8192)(self._derivations)
        self.knows_stem = lru_cache(maxsize=16384)(self._knows_stem)

    def _affixes(self, kind: str) -> dict[str, list[tuple[str, str]]]:
        affixes: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for surface, category, gloss in self._all("SELECT surface, category, gloss FROM affix WHERE kind = ?", kind):
            affixes[surface].append((category, gloss))
        return dict(affixes)

    def preload(self) -> None:
        """Hold all stems in memory: worth 0.2 s when many words are to be analysed. Again costs nothing."""
        if self._stems is not None:
            return
        stems: dict[str, list[tuple[int, str, str, int]]] = defaultdict(list)
        for surface, *row in self._all("SELECT surface, lemma, category, gloss, flags FROM stem ORDER BY rowid"):
            stems[surface].append(tuple(row))  # type: ignore[arg-type]  # as the table has them
        self._stems = dict(stems)

    def _stem(self, surface: str) -> list[tuple[int, str, str, int]]:
        return self._read_stem(surface) if self._stems is None else self._stems.get(surface, [])

    def _stored_stem(self, surface: str) -> list[tuple[int, str, str, int]]:
        return self._all(  # type: ignore[return-value]  # as the table has them
            "SELECT lemma, category, gloss, flags FROM stem WHERE surface = ? ORDER BY rowid", surface
        )

    def _readings(self, word: str) -> Iterable[Analysis]:
        length = len(word)
        suffixes = self._suffixes
        # Where an ending may begin, the shortest first: the same wherever a prefix ends.
        ends = [end for end in range(length, max(0, length - 7), -1) if word[end:] in suffixes]
        for cut in range(min(4, length - 1) + 1):
            prefixes = self._prefixes.get(word[:cut])
            if not prefixes:
                continue
            for end in ends:
                if end <= cut:
                    break
                stems = self._stem(word[cut:end])
                if not stems:
                    continue
                stem, ending = word[cut:end], word[end:]
                for prefix, prefix_gloss in prefixes:
                    for lemma, category, gloss, flags in stems:
                        for suffix_gloss in self._endings(prefix, category, ending):
                            yield Analysis(lemma, gloss, flags, category, prefix_gloss, suffix_gloss, stem, ending)

    def _fitting(self, prefix: str, category: str, ending: str) -> tuple[str, ...]:
        """Glosses of the suffixes written ``ending`` that go with a prefix and a stem of these categories."""
        if (prefix, category) not in self._ab:
            return ()
        return tuple(
            gloss
            for suffix, gloss in self._suffixes[ending]
            if (prefix, suffix) in self._ac and (category, suffix) in self._bc
        )

    def _analyze(self, word: str) -> tuple[Analysis, ...]:
        """Readings of a folded Arabic word; spelling variants (final ى/ي and ه/ة, bare alef) only if it has none."""
        found = dict.fromkeys(self._readings(word))
        if not found:
            variants = [word[:-1] + {"ى": "ي", "ي": "ى", "ه": "ة"}[word[-1]]] if word[-1:] in tuple("ىيه") else []
            bare = re.sub("[أإآ]", "ا", word)
            for variant in dict.fromkeys([*variants, *([bare] if bare != word else [])]):
                found.update(dict.fromkeys(self._readings(variant)))
        return tuple(found)

    def _lemmas(self, word: str) -> dict[int, list[Analysis]]:
        """Content readings of an Arabic word by lemma."""
        lemmas: dict[int, list[Analysis]] = defaultdict(list)
        for analysis in self.analyze(word):
            if not analysis.is_function_word:
                lemmas[analysis.lemma].append(analysis)
        return dict(lemmas)

    def _meaning(self, lemma: int) -> dict[str, float]:
        """English stems of a lemma's glosses with their weights."""
        return {s: float(w) for s, w in self._all("SELECT stem, weight FROM meaning WHERE lemma = ?", lemma)}

    def _weights(self, sql: str, key: str | int) -> dict[str, float]:
        return {k: float(w) for k, w in self._all(sql, key)}

    def _root(self, lemma: int) -> str:
        """The lemma's root in Buckwalter's letters, ``""`` when none is recorded."""
        return self._all("SELECT root FROM lemma WHERE id = ?", lemma)[0][0]

    def spelling(self, lemma: int) -> str:
        """The lemma's first stem as it is written, without vowels."""
        return self._all("SELECT surface FROM stem WHERE lemma = ? ORDER BY rowid LIMIT 1", lemma)[0][0]

    def _lemmas_meaning(self, stem: str) -> dict[int, float]:
        """Lemmas glossed with an English stem."""
        rows = self._all("SELECT lemma, weight FROM meaning WHERE stem = ?", stem)
        return {int(lemma): float(weight) for lemma, weight in rows}

    def _synonyms(self, stem: str) -> dict[str, float]:
        """English stems that share Arabic lemmas with ``stem``."""
        return self._weights("SELECT synonym, weight FROM pivot WHERE stem = ?", stem)

    def _synonym_of(self, stem: str) -> dict[str, float]:
        """English stems that have ``stem`` among their synonyms."""
        return self._weights("SELECT stem, weight FROM pivot WHERE synonym = ?", stem)

    def _roots_of(self, stem: str) -> dict[str, float]:
        """Arabic roots behind an English stem, weighted by the root of their share."""
        return self._weights("SELECT root, weight FROM root WHERE stem = ?", stem)

    def _stems_of_root(self, root: str) -> dict[str, float]:
        """English stems behind an Arabic root."""
        return self._weights("SELECT stem, weight FROM root WHERE root = ?", root)

    def _derived(self, key: str) -> dict[str, float]:
        """Gloss stems filed under a derivation key of `english.derivations`."""
        return self._weights("SELECT stem, weight FROM derived WHERE key = ?", key)

    def _derivations(self, stem: str) -> dict[str, float]:
        """`english.derivations` of a stem that some gloss uses, without loading the stemmer; empty for any other."""
        return self._weights("SELECT key, weight FROM derived WHERE stem = ?", stem)

    def _knows_stem(self, stem: str) -> bool:
        """Whether some gloss uses the English stem."""
        return bool(self._all("SELECT 1 FROM meaning WHERE stem = ? LIMIT 1", stem))

    def generality(self, stem: str) -> int:
        """How many lemmas are glossed with the stem: "make" many, "soldier" few."""
        # Whoever asks for this asks for them, too.
        return len(self.lemmas_meaning(stem))

    def read_among(self, words: Iterable[str]) -> set[str]:
        """Those of many folded Arabic words that have a reading as they are written; one look-up for hundreds of words."""
        stems: dict[str, set[str]] = defaultdict(set)
        for word in words:
            for cut in range(min(4, len(word) - 1) + 1):
                if word[:cut] in self._prefixes:
                    for end in range(max(cut + 1, len(word) - 6), len(word) + 1):
                        if word[end:] in self._suffixes:
                            stems[word[cut:end]].add(word)
        listed = self._among("SELECT DISTINCT surface FROM stem WHERE surface IN", sorted(stems))
        possible = {word for (stem,) in listed for word in stems[stem]}
        return {word for word in possible if any(True for _ in self._readings(word))}

    def words_among(self, words: Iterable[str]) -> set[str]:
        """Those of many lower-case English words that stand in some gloss as they are."""
        listed = self._among("SELECT word FROM english_word WHERE word IN", sorted(set(words)))
        return {word for (word,) in listed}

    def knows_word(self, word: str) -> bool:
        """Whether a lower-case English word stands in some gloss as it is."""
        return bool(self._all("SELECT 1 FROM english_word WHERE word = ?", word))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon of this machine, built on first use (a few seconds) and opened in milliseconds afterwards.

    Raises:
        LexiconMissing: the Buckwalter data is not installed.
    """
    return Lexicon(reader("lexicon", f"{LAYOUT}-{buckwalter.fingerprint()}", fill))
