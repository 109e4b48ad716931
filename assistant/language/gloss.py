"""Word-by-word rendering of a quote for a reader of the other language. It is a gloss, never a translation.

An Arabic word is shown with its clitics in order ("and-the-soldiers") and the first meaning of its likeliest reading; what the
lexicon does not know is a name and is transliterated. An English word gets an Arabic one where the lexicon knows a close
one; the rest is left alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from assistant.language import english, glossary, names, numbers
from assistant.language.lexicon import Analysis, lexicon
from assistant.language.terms import is_stop
from assistant.language.text import Language, is_arabic, normalize_arabic
from assistant.language.tokens import Token, tokens

Kind = Literal["word", "name", "number"]


class Rendering(NamedTuple):
    """A word's place in the text glossed and its rendering."""

    start: int
    end: int
    text: str
    kind: Kind


# Function words as a reader expects them; the lexicon's own glosses of these are lists.
_FUNCTION = {
    arabic_word: gloss
    for row in """في in|من from|إلى to|الى to|على on|عن about|مع with|أن that|إن that|ان that|أو or|او or|لا not|لم not|لن will not|ما what|قد has
    هذا this|هذه this|ذلك that|تلك that|التي which|الذي which|الذين who|هو he|هي she|هم they|بعد after|قبل before|بين between|خلال during|منذ since
    حتى until|عند at|عندما when|حيث where|كما as|لكن but|ثم then|كل every|بعض some|غير not|كان was|كانت was|كانوا were|يكون is|تكون is|ليس is not
    ليست is not|بسبب because of|بشأن concerning|ضد against|حول around|عبر across|دون without|بدون without|تحت under|فوق above|أمام before
    لدى at|هناك there is|أنه that it|أنها that it|إنه that it|إنها that it|له to it|لها to it|لهم to them|به with it|بها with it|فيه in it|فيها in it
    منه from it|منها from it|عليه on it|عليها on it|إذا if|لو if|لأن because|أي any|أيضا also|فقط only|أكثر more|أقل less|متى when|أين where
    كيف how|لماذا why|هل whether|كم how many|نحو toward|مما which|بما including|فيما while|بينما while|سوف will|الآن now|ضمن within|وفق according to
    حسب according to|بحسب according to""".replace("\n", "|").split("|")
    for arabic_word, _, gloss in [row.strip().partition(" ")]
}
_CLITICS = {
    "and": "and",
    "so": "so",
    "the": "the",
    "by": "with",
    "with": "with",
    "like": "like",
    "for": "for",
    "to": "to",
    "will": "will",
}
_POSSESSIVES = ("his", "her", "its", "their", "our", "my", "your")
_PLURAL = re.compile(r"\b(pl|pl\.)\b|^two\b|\bpl\.\]")


def _prefix(analysis: Analysis) -> list[str]:
    parts = []
    for part in analysis.prefix.split("+"):
        options = re.findall("[a-z]+", part.lower())
        known = [option for option in options if option in _CLITICS]
        if known:
            # "for/to" is "to" before a name or a verb more often than "for".
            parts.append("to" if "to" in known else _CLITICS[known[0]])
    return parts


def _plural(word: str) -> str:
    if word.endswith(("s", "people", "men", "craft")):
        return word
    if re.search("[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search("(s|x|ch|sh)$", word) else "s")


def _compose(analysis: Analysis, usual: str | None = None) -> str:
    """The reading with its clitics; ``usual`` is what the press means by it, if the glossary says."""
    stem = usual or re.split("[;/]", re.sub(r"\(.*?\)|\[.*?\]", "", analysis.gloss))[0].strip() or analysis.gloss
    suffix = analysis.suffix
    possessive = [word for word in re.findall("[a-z]+", suffix) if word in _POSSESSIVES]
    if _PLURAL.search(suffix) and "verb" not in suffix and not analysis.category.startswith(("PV", "IV", "CV")):
        head, _, last = stem.rpartition(" ")
        stem = f"{head} {_plural(last)}".strip()
    parts = _prefix(analysis)
    if possessive:
        parts = [part for part in parts if part != "the"] + ["its" if "its" in possessive else possessive[0]]
    return "-".join([*parts, stem])


def _choose(analyses: tuple[Analysis, ...]) -> Analysis:
    """The lemma with most readings wins: the dictionary lists common words in more forms. Ties keep its order."""
    votes = Counter(analysis.lemma for analysis in analyses)
    return max(analyses, key=lambda analysis: (not analysis.is_function_word, votes[analysis.lemma]))


@lru_cache(maxsize=65536)
def _from_arabic(word: str) -> tuple[str, Kind]:
    if word in _FUNCTION:
        return _FUNCTION[word], "word"
    if len(word) >= 3 and word[0] in "وف" and word[1:] in _FUNCTION:
        return "and-" + _FUNCTION[word[1:]], "word"
    analyses = lexicon().analyze(word)
    if analyses:
        best = _choose(analyses)
        usual = _usual(word, frozenset(english.stem(part) for part in re.findall("[A-Za-z]+", best.gloss)))
        kind: Kind = "name" if best.is_proper_name or (usual and usual[:1].isupper()) else "word"
        return _compose(best, usual), kind
    usual = _usual(word, frozenset())
    if usual:
        return usual, "name" if usual[:1].isupper() else "word"
    return _name(word), "name"


def _usual(word: str, known: frozenset[str]) -> str | None:
    """What the press means by a single word, from the glossary, if it lists this very word (clitics aside).

    ``known``: stems of the dictionary's own rendering; None when the glossary has the same.
    """
    forms = dict(names.clitic_forms(word))
    keys = dict.fromkeys([glossary.unit(word), *(glossary.unit(form) for form in forms)])
    close = {normalize_arabic(form) for form, weight in forms.items() if weight >= 0.9}
    loose = {normalize_arabic(form) for form in forms}
    found: list[glossary.Term] = []
    for key in keys:
        for listed, offered in glossary.renderings(key, False):
            # A name may lose its ending too ("Armenian" in the feminine); for a word that would be another word.
            allowed = loose if offered[0].text[:1].isupper() else close
            if len(listed.words) == 1 and normalize_arabic(listed.words[0]) in allowed:
                found += offered
    # Where the dictionary and the press agree, the dictionary's form is kept: it can be inflected.
    if not found or known & {english.stem(term.text) for term in found}:
        return None
    return found[0].text


def _name(word: str) -> str:
    for clitic, rendering in (("وال", "and-the-"), ("بال", "with-the-"), ("لل", "to-the-"), ("ال", "the-")):
        if word.startswith(clitic) and len(word) - len(clitic) >= 3:
            return rendering + names.transliterate(word[len(clitic) :])
    # A name that begins with W is rarer than "and" before a name, unless a vowel follows.
    if word[0] == "و" and len(word) >= 5 and word[1] not in "ايوأإآ":
        return "and-" + names.transliterate(word[1:])
    return names.transliterate(word)


def _clitics(word: str) -> str:
    """The renderings of a phrase's leading clitics: ``"and-the-"``."""
    analyses = lexicon().analyze(word)
    return "".join(part + "-" for part in _prefix(_choose(analyses))) if analyses else ""


@lru_cache(maxsize=65536)
def _from_english(word: str) -> str | None:
    if english.is_stop_word(word):
        return None
    found = glossary.renderings(glossary.unit(word), True)
    # The line that begins with the word is about it; one that lists it further on is about another.
    headed = [(listed.rank, listed.text.lower() != word.lower(), i) for i, (listed, _) in enumerate(found)]
    if headed:
        rank, inflected, i = min(headed)
        if rank == 0 or not inflected:
            return found[i][1][0].text
    lemmas = lexicon().lemmas_meaning(english.stem(word))
    if not lemmas:
        return None
    lemma, weight = max(lemmas.items(), key=lambda item: (item[1], -item[0]))
    return lexicon().spelling(lemma) if weight >= 0.6 else None


def _phrase(run: Sequence[Token], reader: Language) -> tuple[int, str] | None:
    """The longest glossary term of several words that ``run`` begins with: how many tokens it takes, and its rendering."""
    content = [i for i, token in enumerate(run) if not is_stop(token.word)]
    if not content or content[0] != 0:
        return None
    for size in range(min(glossary.LONGEST_TERM, len(content)), 1, -1):
        # A function word or two may stand inside ("aircraft without pilot"), no more.
        if content[size - 1] > size + 1:
            continue
        key = " ".join(glossary.unit(run[i].word) for i in content[:size])
        for _, offered in glossary.renderings(key, reader == "ar"):
            clitics = _clitics(run[0].word) if reader == "en" else ""
            return content[size - 1] + 1, clitics + offered[0].text
    return None


def gloss(text: str, reader: Language) -> list[Rendering]:
    """Render the words of ``text`` for a reader of ``reader``'s language; words already in it are left out."""
    words: list[Token] = []
    for token in tokens(text):
        # Second readings of the same place (acronyms spelled out, Roman numerals) are left out.
        if token.word[0] != "@" and (not words or token.start >= words[-1].end):
            words.append(token)
    renderings = []
    position = 0
    while position < len(words):
        token = words[position]
        position += 1
        if token.word[0] == "#":
            # A number needs no translation, but a line of glosses without it would leave out the answer.
            renderings.append(Rendering(token.start, token.end, numbers.written(token.word[1:], reader), "number"))
        elif is_arabic(token.word) == (reader == "en"):
            found = _phrase(words[position - 1 : position + 6], reader)
            if found and is_unbroken(text[token.start : words[position + found[0] - 2].end]):
                last = words[position + found[0] - 2]
                renderings.append(Rendering(token.start, last.end, found[1], "word"))
                position += found[0] - 1
                continue
            if reader == "en":
                rendering, kind = _from_arabic(token.word)
            else:
                rendering, kind = _from_english(token.word) or "", "word"
            if rendering:
                renderings.append(Rendering(token.start, token.end, rendering, kind))
    return renderings


def is_unbroken(text: str) -> bool:
    """Whether no punctuation stands between the words: a term does not reach over a comma."""
    return not re.search(r"[.,;:!?()\[\]،؛؟…]", text)
