"""How a question word finds words of the collection: the families of bilingual matching.

The index files each word type under a few keys of its own language: its stem, its lemmas, its root; names besides
under their consonants. All bilingual knowledge is applied here, to the question: a family turns a question word into
weighted keys.
With question weights ``q`` and filed weights ``d``, ``similarity = strength * min(1, sum(q[k] * d[k]))``, and the best
family counts. The tables `ENGLISH_FAMILIES` and `ARABIC_FAMILIES` are the whole recipe, one line each with its reason.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from assistant.ablation import left_out
from assistant.language import acronyms, arabic, buckwalter, dates, english, glossary, names, numbers, publication
from assistant.language.glossary import Filed
from assistant.language.kinds import Kind, kinds_of
from assistant.language.letters import Spelling, spellings
from assistant.language.lexicon import LAYOUT, lexicon
from assistant.language.text import is_arabic, normalize_arabic
from assistant.language.tokens import Token, tokens

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# BM25 of a passage, in units (stems). The length is measured against a fixed pivot, not the collection's mean, so that a
# passage's vector never depends on its neighbours: adding an article leaves all others as they are.
K1, B, PIVOT_LENGTH = 1.2, 0.5, 70.0

# A question of more words is a pasted text: its rarest words are what it is about, and time stays bounded.
MOST_WORDS = 48
_LONGEST_ACRONYM = 6
# Scale of `prior_idf`: a word glossing one lemma of so many is as rare as a name.
_LEMMAS, _RAREST = 4000, 6.0
_COMMON = 2.0

FILED_UNDER = STEM, LEMMA, ROOT, FORM, DERIVED, NUMBER, ACRONYM = (
    "stem", "lemma", "root", "form", "derived", "number", "acronym",
)  # fmt: skip

Keys = Mapping[str, float]
Number = TypeVar("Number", float, "npt.NDArray[np.float64]")


def is_stop(word: str) -> bool:
    """Whether a token's word is never asked for and never matched."""
    if word[0] in "#@" or left_out().stop_words:
        return False
    if not is_arabic(word):
        return english.is_stop_word(word)
    # The lexicon has the dual "two" among its function words.
    return arabic.is_function_word(word) and "2" not in numbers.values(word)


def unit(word: str) -> str:
    """The engine's term for a word type: its stem in its own language."""
    if word[0] in "#@":
        return word
    return arabic.stem(word) if is_arabic(word) else english.stem(word)


@lru_cache(maxsize=8192)
def unit_id(term: str) -> int:
    """Dimension of a unit in the sparse vectors: 31 bits of a hash, the same in every index and on every machine."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=4).digest(), "big") >> 1


def _numbers(word: str) -> dict[str, float]:
    """Names of the numbers and months that a word or a number token may write."""
    if word[0] == "#":
        return numbers.of_name(word[1:])
    month = dates.month_of(word)
    return {f"--{month:02}": 1.0} if month else numbers.values(word)


@lru_cache(maxsize=8192)
def english_stems(word: str) -> dict[str, float]:
    """The stem, and the parts of an unknown compound at less weight."""
    stem = english.stem(word)
    stems = {stem: 1.0}
    if 6 <= len(word) <= 40 and not lexicon().knows_stem(stem):
        parts = _compound(word.lower())
        stems.update(dict.fromkeys((part for part in parts if part != stem), 0.7))
    return stems


def _compound(word: str) -> tuple[str, ...]:
    for i in range(3, len(word) - 2):
        head, tail = word[:i], word[i:]
        if lexicon().knows_word(head) and (lexicon().knows_word(tail) or lexicon().knows_stem(english.stem(tail))):
            return english.stem(head), english.stem(tail)
    return ()


def _derivations(stems: Keys) -> dict[str, float]:
    keys: dict[str, float] = {}
    for stem, weight in stems.items():
        for key, share in (lexicon().derivations(stem) or english.derivations(stem)).items():
            keys[key] = max(keys.get(key, 0.0), weight * share)
    return keys


def _acronyms(word: str) -> dict[str, float]:
    if word[0] == "@":
        return dict.fromkeys(acronyms.keys(word[1:]), 1.0)
    if word.isascii() and word.isalpha() and 2 <= len(word) <= _LONGEST_ACRONYM and sum(c.isupper() for c in word) >= 2:
        return {acronyms.key(word.removesuffix("s")): 1.0}
    return {}


def _forms(word: str) -> dict[str, float]:
    return {normalize_arabic(form): weight for form, weight in names.clitic_forms(word)}


class NameClass(IntEnum):
    """What kind of name a word may be: how far it is trusted when it sounds like another one.

    An Arabic word of the lexicon is a name now and then (most names mean something); a Latin one says by its capital.
    """

    ARABIC_WORD = 0
    ARABIC_NAME = 1
    LATIN_WORD = 2
    LATIN_UNKNOWN = 3
    LATIN_CAPITAL = 4
    LATIN_NAME = 5  # a capital, and the lexicon does not know it


def name_class(word: str, kinds: int) -> NameClass:
    """The class of a word of either script with these `Kind` bits."""
    if is_arabic(word):
        return NameClass.ARABIC_NAME if kinds & Kind.MAYBE_NAME else NameClass.ARABIC_WORD
    if word[0].isupper():
        return NameClass.LATIN_NAME if kinds & Kind.UNKNOWN else NameClass.LATIN_CAPITAL
    return NameClass.LATIN_UNKNOWN if kinds & Kind.UNKNOWN else NameClass.LATIN_WORD


def coarse(word: str) -> dict[Spelling, str]:
    """The spellings of a word as a name, each with the coarse key it is filed under."""
    if word[0] in "#@":
        return {}
    if is_arabic(word):
        return {spelling: names.coarse_arabic(spelling.letters) for spelling in spellings(word)}
    return dict.fromkeys(spellings(word), names.coarse_latin(word))


# ---------------------------------------------------------------- what the index stores


class TypeTerms(NamedTuple):
    """How a word type is filed.

    Engine dimension, whether it is a stop word, `Kind` bits, (family, key, weight) rows, and its spellings as a name of
    one class with the coarse key of each.
    """

    unit: int
    stop: bool
    flags: int
    keys: list[tuple[str, str, float]]
    name: NameClass
    spellings: dict[Spelling, str]


class PassageTerms(NamedTuple):
    """Tokens of a passage (spans relative to the text given) and its sparse vector ``{unit id: BM25 weight}``."""

    words: list[str]
    starts: list[int]
    ends: list[int]
    vector: dict[int, float]


def type_terms(word: str) -> TypeTerms:
    """File a word type of the collection under the keys of its own language."""
    stop = is_stop(word)
    families: dict[str, Keys] = {}
    if not stop:
        families[STEM] = {unit(word): 1.0}
        families[ACRONYM] = _acronyms(word)
        if word[0] == "#":
            families[NUMBER] = _numbers(word)
        elif is_arabic(word):
            families[LEMMA] = _lemma_keys(word)
            families[ROOT] = arabic.roots(word)
            families[NUMBER] = _numbers(word)
            families[FORM] = _forms(word) if arabic.is_unknown(word) else {}
        elif word[0] != "@":
            families[STEM] = english_stems(word)
            families[DERIVED] = _derivations(english_stems(word))
            families[NUMBER] = _numbers(word)
    keys = [(family, key, weight) for family, filed in families.items() for key, weight in filed.items()]
    kinds = int(kinds_of(word))
    name = name_class(word, kinds)
    sounds = {} if stop else coarse(word)
    if name is NameClass.ARABIC_WORD:
        # What is left of a word of the lexicon without its ending is hardly ever a name, and there are very many.
        sounds = {spelling: key for spelling, key in sounds.items() if spelling.has_ending}
    return TypeTerms(unit_id(unit(word)), stop, kinds, keys, name, sounds)


def passage_weight(count: Number, total: Number) -> Number:
    """Weight of a unit that occurs ``count`` times among the ``total`` units of a passage; arrays will do."""
    return count * (K1 + 1) / (count + K1 * (1 - B + B * total / PIVOT_LENGTH))


def passage_terms(text: str) -> PassageTerms:
    """Tokens and sparse vector of a passage."""
    found = tokens(text)
    counts = Counter(unit_id(unit(token.word)) for token in found if not is_stop(token.word))
    total = sum(counts.values())
    vector = {term: passage_weight(count, total) for term, count in counts.items()}
    return PassageTerms([t.word for t in found], [t.start for t in found], [t.end for t in found], vector)


def analysis_version() -> str:
    """Identity of everything in this module's results; part of an index's signature."""
    return f"terms-13/{LAYOUT}/{arabic.FINGERPRINT}/{buckwalter.fingerprint()}/{glossary.names_fingerprint()}"


# ---------------------------------------------------------------- what a question word looks for


class Family(NamedTuple):
    """A way for a question word to meet words of the collection: keys of one kind, and how far to trust them."""

    name: str
    filed_under: str
    strength: float
    keys: Callable[[str], Keys]


def _lemmas_meaning(stems: Keys) -> dict[str, float]:
    lemmas: dict[str, float] = {}
    for stem, weight in stems.items():
        for lemma, share in lexicon().lemmas_meaning(stem).items():
            key = str(lemma)
            lemmas[key] = lemmas.get(key, 0.0) + weight * share
    return lemmas


def _lemmas_derived(word: str) -> dict[str, float]:
    total: dict[str, float] = {}
    for key, weight in _derivations(english_stems(word)).items():
        best: dict[int, float] = {}
        for stem, share in lexicon().derived(key).items():
            for lemma, meaning in lexicon().lemmas_meaning(stem).items():
                value = share * meaning
                if value > best.get(lemma, 0.0):
                    best[lemma] = value
        for lemma, value in best.items():
            lemma_key = str(lemma)
            total[lemma_key] = total.get(lemma_key, 0.0) + weight * value
    return total


def _synonyms(word: str) -> Keys:
    return lexicon().synonyms(english.stem(word))


def _roots_of_english(word: str) -> dict[str, float]:
    roots: dict[str, float] = {}
    for stem, weight in english_stems(word).items():
        for root, share in lexicon().roots_of(stem).items():
            roots[root] = max(roots.get(root, 0.0), weight * share)
    return roots


def _synonyms_of_arabic(word: str) -> dict[str, float]:
    stems: dict[str, float] = {}
    for meaning, weight in arabic.meanings(word).items():
        for stem, share in lexicon().synonym_of(meaning).items():
            stems[stem] = stems.get(stem, 0.0) + weight * share
    return stems


def _stems_of_roots(word: str) -> dict[str, float]:
    stems: dict[str, float] = {}
    for root, weight in arabic.roots(word).items():
        for stem, share in lexicon().stems_of_root(root).items():
            stems[stem] = stems.get(stem, 0.0) + weight * share
    return stems


def _lemma_keys(word: str) -> dict[str, float]:
    return {str(lemma): weight for lemma, weight in arabic.lemma_weights(word).items()}


def _shared_glosses(word: str) -> dict[str, float]:
    return _lemmas_meaning(arabic.meanings(word))


ENGLISH_FAMILIES = (
    # same language
    Family("stem", STEM, 1.0, english_stems),
    Family("derivation", DERIVED, 0.3, lambda word: _derivations(english_stems(word))),
    Family("synonym", STEM, 0.2, _synonyms),  # shares an Arabic lemma: weak, but it helps paraphrase
    # to Arabic
    Family("gloss", LEMMA, 1.0, lambda word: _lemmas_meaning(english_stems(word))),
    Family("gloss derivation", LEMMA, 0.5, _lemmas_derived),  # "killing" finds a lemma glossed "killer"
    Family("gloss synonym", LEMMA, 0.2, lambda word: _lemmas_meaning(_synonyms(word))),
    Family("root", ROOT, 0.2, _roots_of_english),
    # either
    Family("number", NUMBER, 1.0, _numbers),
    Family("acronym", ACRONYM, 1.0, _acronyms),
)
ARABIC_FAMILIES = (
    # same language
    Family("stem", STEM, 1.0, lambda word: {unit(word): 1.0}),
    Family("lemma", LEMMA, 0.8, _lemma_keys),
    Family("shared gloss", LEMMA, 0.2, _shared_glosses),
    Family("form", FORM, 0.9, lambda word: _forms(word) if arabic.is_unknown(word) else {}),  # names with clitics
    # to English
    Family("gloss", STEM, 1.0, arabic.meanings),
    Family("gloss derivation", DERIVED, 0.5, lambda word: _derivations(arabic.meanings(word))),
    Family("gloss synonym", STEM, 0.2, _synonyms_of_arabic),
    Family("root", STEM, 0.2, _stems_of_roots),
    # either
    Family("number", NUMBER, 1.0, _numbers),
)
NUMBER_FAMILIES = (
    Family("digits", STEM, 1.0, lambda word: {word: 1.0}),
    Family("number word", NUMBER, 1.0, _numbers),
)
ACRONYM_FAMILIES = (
    Family("stem", STEM, 1.0, lambda word: {word: 1.0}),
    Family("acronym", ACRONYM, 1.0, _acronyms),
)

# How far its stem and its lemmas are trusted in a glossary word, which is looked up as it is, and for nothing else.
AS_IT_IS = {STEM: 1.0, LEMMA: 0.8}


class Sought(NamedTuple):
    """What a question word looks for by one family: keys, and the weight of each."""

    family: Family
    keys: tuple[str, ...]
    weights: tuple[float, ...]


def sought(word: str) -> tuple[Sought, ...]:
    """What a question word looks for by each of the families that it goes through."""
    without, every = left_out().families, _sought(word)
    return tuple(each for each in every if each.family.name not in without) if without else every


@lru_cache(maxsize=1024)
def _sought(word: str) -> tuple[Sought, ...]:
    # Both languages of a collection are looked through with the same keys.
    if word[0] == "#":
        return _by(NUMBER_FAMILIES, word)
    if word[0] == "@":
        return _by(ACRONYM_FAMILIES, word)
    return _by(ARABIC_FAMILIES if is_arabic(word) else ENGLISH_FAMILIES, word)


class AsItIs(NamedTuple):
    """What a glossary word looks for: itself, inflections included, and nothing else. A key, and several of one weight."""

    stem: str
    lemmas: tuple[str, ...]
    weight: float


def _as_it_is(word: str, filed: Filed | None) -> AsItIs:
    if filed is None:
        filed = Filed(unit(word), tuple(_lemma_keys(word)) if is_arabic(word) else ())
    # A number is no word that has a stem.
    stem = word if word[0] in "#@" else filed.unit
    return AsItIs(stem, filed.lemmas, len(filed.lemmas) ** -0.5 if filed.lemmas else 0.0)


def as_they_are(words: Sequence[str]) -> list[AsItIs]:
    """What glossary words look for. A word of a question may have dozens: those of our glossary need not be analysed."""
    filed = glossary.filed(words)
    return [_as_it_is(word, filed.get(word)) for word in words]


def _by(families: tuple[Family, ...], word: str) -> tuple[Sought, ...]:
    found = ((family, family.keys(word)) for family in families)
    return tuple(Sought(family, tuple(keys), tuple(keys.values())) for family, keys in found)


def question_weight(word: str) -> float:
    """How much of the question a word carries before its rarity counts: 0, 0.5 or 1."""
    if is_stop(word):
        return 0.0
    if word[0] in "#@":
        return 1.0
    weak = arabic.is_weak(word) if is_arabic(word) else english.stem(word) in english.WEAK_STEMS
    return 0.5 if weak else 1.0


def prior_idf(word: str) -> float:
    """Rarity expected of a word before any collection is seen, in nats within [1, 6].

    From the lexicon: a word that many lemmas are glossed with ("make") is general, one with a single lemma is not, and
    what the lexicon lacks is most likely a name. Adverbs and the like, which it lacks for another reason, are listed.
    """
    if word[0] in "#@":
        return 5.0
    kinds = kinds_of(word)
    if is_arabic(word):
        if arabic.is_common(word):
            return _COMMON
        meanings = arabic.meanings(word)
        if kinds & Kind.NAME or not meanings:
            return _RAREST
        expected = sum(w * math.log(_LEMMAS / (1 + lexicon().generality(s))) for s, w in meanings.items())
        return max(1.0, min(_RAREST, expected / sum(meanings.values()) - 0.5))
    if word in english.COMMON_WORDS:
        return _COMMON
    lemmas = lexicon().generality(english.stem(word))
    if not lemmas:
        return _RAREST
    return max(1.0, min(_RAREST, math.log(_LEMMAS / (1 + lemmas)) - (0.0 if kinds & Kind.NAME else 0.5)))


def _spoken(word: str) -> str:
    """A word of a question typed in capitals throughout: only acronyms and "US" are meant to have them all."""
    if not word.isupper() or not word.isascii() or word == "US":
        return word
    known = word.lower() in english.STOP_WORDS or lexicon().knows_stem(english.stem(word))
    return word.capitalize() if known or len(word) > _LONGEST_ACRONYM else word


def question_words(question: str) -> list[Token]:
    """The words of a question that carry weight, each type once, in order; the `MOST_WORDS` rarest of a very long one."""
    first: dict[str, Token] = {}
    found = tokens(question)
    if sum(word.isupper() and word.isascii() for word, *_ in found) > 1 and not any(map(str.islower, question)):
        found = [token._replace(word=_spoken(token.word)) for token in found]
    spelled_until = 0
    for token in found:
        # The names of its letters say nothing that the acronym does not.
        if token.word[0] == "@":
            spelled_until = token.end
        elif token.end <= spelled_until:
            continue
        if question_weight(token.word) > 0:
            first.setdefault(token.word, token)
    words = list(first.values())
    if not left_out().publishing and publication.asks_of_article(question):
        subject = [token for token in words if not publication.tells_of_publishing(token.word)]
        words = subject or words
    if len(words) > MOST_WORDS:
        rarest = sorted(words, key=lambda token: -prior_idf(token.word) * question_weight(token.word))[:MOST_WORDS]
        words = [token for token in words if token in set(rarest)]
    return words
