"""Word-by-word rendering of a quote for a reader of the other language. It is a gloss, never a translation.

An Arabic word is shown by the likeliest sense of the reading that fits its place (`fitting`), with its clitics as English has
them (`rendering`); several words that are a term are shown as one. What neither the lexicon nor a list knows is a name and
is transliterated (`romanize`). An English word gets that of our own list (words of grammar, above all) or one that the lexicon
knows as close; the rest is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal, NamedTuple

from assistant.ablation import cached
from assistant.language import (
    arabic,
    english,
    fitting,
    glossary,
    inflection,
    names,
    numbers,
    readings,
    rendering,
    romanize,
    senses,
)
from assistant.language.fitting import NOTHING, Neighbour, Wanted
from assistant.language.lexicon import lexicon
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


_FUNCTION_CLITICS = {"": "", "و": "and ", "ف": "so ", "ب": "with ", "ل": "to ", "ك": "as "}


@lru_cache(maxsize=4096)
def _function(word: str) -> str | None:
    """A function word as a reader expects it; the lexicon's own glosses of these are lists."""
    for clitic, rendered in _FUNCTION_CLITICS.items():
        if not word.startswith(clitic) or len(word) - len(clitic) < 2:
            continue
        # Behind و and ف any word may stand; ب, ل and ك are oftener the first letter of another word.
        if clitic in ("ب", "ل", "ك") and not arabic.is_function_word(word):
            continue
        for sense in senses.of_form(word[len(clitic) :]):
            if sense.part == senses.FUNCTION:
                return rendered + sense.text
    return None


# Spelled like the dual of three and the like.
_TENS = frozenset(str(number) for number in range(20, 100, 10))
# Before a verb in the imperfect it says what may be, before one in the perfect what has been.
_MAY = frozenset(("قد", "وقد", "فقد"))


def _from_arabic(word: str, before: Neighbour, after: str, asked: Wanted) -> tuple[str, Kind, Neighbour]:
    tens = [number for number, certainty in numbers.values(word).items() if number in _TENS and certainty == 1]
    if tens:
        return tens[0], "number", Neighbour(f"#{tens[0]}", "number", False)
    function = _function(word)
    if word in _MAY and fitting.may_happen(word, after, asked):
        return function.replace("has", "may") if function else "may", "word", Neighbour(word, senses.FUNCTION, False)
    if function:
        # At the beginning of a sentence it adds to the one before.
        shown = "also" if word == "كما" and before == NOTHING else function
        return shown, "word", Neighbour(word, senses.FUNCTION, False)
    reading = fitting.choose(word, before, after, asked)
    if reading:
        following = fitting.neighbour(word, reading)
        return rendering.word(reading, before), "name" if following.part == senses.NAME else "word", following
    usual = _usual(word)
    if usual:
        return usual, "name" if usual[:1].isupper() else "word", Neighbour(word, senses.NOUN, False)
    name = romanize.name(word)
    return (
        f"of {name}" if before.open and not name.startswith(romanize.CLITIC_WORDS) else name,
        "name",
        Neighbour(word, senses.NAME, word.startswith("ال")),
    )


def _usual(word: str) -> str | None:
    """What the press means by a single word, from the glossary, if it lists this very word (clitics aside)."""
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
    return found[0].text if found else None


@lru_cache(maxsize=1)
def _own_english() -> dict[tuple[str, ...], str]:
    """Our own renderings of English words and phrases, by their words in lower case: ``data/gloss/english.tsv``."""
    text = (files("assistant") / "data" / "gloss" / "english.tsv").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {
        tuple(token.word.lower() for token in tokens(form)): arabic
        for forms, arabic in lines
        for form in forms.split(";")
    }


_LONGEST_OWN = 4
# No statement opens with the verb.
_NAMES = frozenset(("May", "Will"))


def _own_from_english(run: Sequence[Token], opens: bool, least: int) -> tuple[int, str] | None:
    """The longest of them, of ``least`` words or more, that ``run`` begins with. A capital that opens no sentence makes a name."""
    spelled = [token.word for token in run[:_LONGEST_OWN]]
    if opens and spelled[0] not in _NAMES:
        spelled[0] = spelled[0].lower()
    for size in range(len(spelled), least - 1, -1):
        if shown := _own_english().get(tuple(spelled[:size])):
            return size, shown
    return None


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


_PHRASE_CLITICS = {"": "", "و": "and ", "ف": "so ", "ب": "with ", "ل": "to "}


def _own_phrase(run: Sequence[Token]) -> tuple[int, str] | None:
    """The longest of our own renderings of several words that ``run`` begins with, as `_phrase` tells it."""
    words = [normalize_arabic(token.word) for token in run]
    firsts = {words[0][len(clitic) :]: said for clitic, said in _PHRASE_CLITICS.items() if words[0].startswith(clitic)}
    if words[0].startswith("لل"):
        firsts["ال" + words[0][2:]] = "to "
    for size in range(len(words), 1, -1):
        for first, said in firsts.items():
            rendering = senses.phrases().get((first, *words[1:size]))
            if rendering:
                return size, said + rendering
    return None


# "In a … manner": with an adjective behind it, Arabic's usual adverb.
_MANNER = frozenset("بشكل بصورة بطريقة".split())


def _adverb(run: Sequence[Token], asked: Wanted) -> tuple[int, str] | None:
    """An adverb made of two words, as `_phrase` tells it: "in a manner" and an adjective."""
    if len(run) < 2 or run[0].word not in _MANNER or not is_arabic(run[1].word):
        return None
    reading = fitting.choose(run[1].word, Neighbour(run[0].word, senses.NOUN, False), "", asked)
    if reading is None or reading.part != senses.ADJECTIVE or reading.analysis.prefix or " " in reading.text:
        return None
    return 2, inflection.adverb(reading.text)


@cached(maxsize=16384)
def _phrase(run: tuple[str, ...], reader: Language) -> tuple[int, str] | None:
    """The longest glossary term of several words that ``run`` begins with: how many words it takes, and its rendering."""
    content = [i for i, word in enumerate(run) if not is_stop(word)]
    if not content or content[0] != 0:
        return None
    firsts = _first_units(run[0]) if reader == "en" else (glossary.unit(run[0]),)
    for size in range(min(glossary.LONGEST_TERM, len(content)), 1, -1):
        end = content[size - 1] + 1
        # A function word or two may stand inside ("aircraft without pilot"), no more.
        if end > size + 2:
            continue
        rest = [glossary.unit(run[i]) for i in content[1:size]]
        for first in firsts:
            rendering = _term(" ".join([first, *rest]), run[:end], reader)
            if rendering:
                return end, rendering
    return None


@lru_cache(maxsize=16384)
def _first_units(word: str) -> tuple[str, ...]:
    """Keys that a term beginning with this Arabic word may have: as it is, and without its clitics."""
    found = readings.readings(word)
    forms = [word]
    if found and found[0].analysis.prefix:
        bare = found[0].analysis.stem + found[0].analysis.ending
        # The stemmer may take the first letter of a bare word for a clitic, but not behind the article.
        forms += [bare, "ال" + bare]
    return tuple(dict.fromkeys(glossary.unit(form) for form in forms))


def _term(key: str, run: Sequence[str], reader: Language) -> str | None:
    """The rendering of the glossary term with this key that is closest to the words of ``run``."""
    between = [normalize_arabic(word) for word in run if is_stop(word)]
    found: list[tuple[int, bool, int, str]] = []
    for i, (listed, offered) in enumerate(glossary.renderings(key, reader == "ar")):
        own = [normalize_arabic(token.word) for token in tokens(listed.text) if is_stop(token.word)]
        # A shorter rendering far down a line is of the line's first term, not of this one.
        if own == between and (listed.rank == 0 or len(offered[0].words) > 1 or reader == "ar"):
            found.append((listed.rank, listed.column == glossary.ENTRY, i, offered[0].text))
    if not found:
        return None
    text = min(found)[-1]
    reading = fitting.choose(run[0], NOTHING, "", fitting.wanted(())) if reader == "en" else None
    if reading is None:
        return text
    if rendering.is_plural(reading) and not text[:1].isupper():
        text = inflection.plural(text)
    return " ".join([*rendering.clitics(reading.analysis), text])


def gloss(text: str, reader: Language, context: Iterable[str] = ()) -> list[Rendering]:
    """Render the words of ``text`` for a reader of ``reader``'s language.

    Arabic is rendered word for word with what stands between in Latin letters; of an English text the words that have a
    close Arabic one. ``context`` is words of the reader's own, of the question for one: a sense that says them is likelier.
    """
    words: list[Token] = []
    for token in tokens(text):
        # An acronym's letter names are glossed as one; other second readings of a place (Roman numerals) are left out.
        if not words or token.start >= words[-1].end:
            words.append(token)
    spelled = [token.word for token in words if token.word[0] not in "#@"]
    if spelled and not any(is_arabic(word) == (reader == "en") for word in spelled):
        return []  # the text is in the reader's language
    return list(_for_english(text, words, fitting.wanted(context)) if reader == "en" else _for_arabic(text, words))


def _for_english(text: str, words: Sequence[Token], asked: Wanted) -> Iterator[Rendering]:
    position, before, said = 0, NOTHING, ""
    while position < len(words):
        token = words[position]
        if position and not is_unbroken(text[words[position - 1].end : token.start]):
            before = NOTHING
        size, shown = 1, token.word
        kind: Kind = "word"
        if token.word[0] == "#":
            # A number needs no translation, but a line of glosses without it would leave out the answer.
            shown, kind, before = (
                numbers.written(token.word[1:], "en"),
                "number",
                Neighbour(token.word, "number", False),
            )
        elif token.word[0] == "@":
            shown, kind, before = token.word[1:], "name", Neighbour(token.word, senses.NAME, False)
        elif not is_arabic(token.word):
            before = NOTHING  # the line would lack what the article itself writes in Latin letters
        else:
            run = _unbroken_run(text, words[position : position + 6])
            found = _own_phrase(run[:5]) or _adverb(run, asked)
            term = None if found else _phrase(_spelled(run), "en")
            if found:
                size, shown = found
                before = Neighbour(run[size - 1].word, senses.FUNCTION, False)
            elif term:
                size, shown = term
                definite = run[size - 1].word.startswith("ال")
                before = Neighbour(run[size - 1].word, senses.NOUN, definite, not definite)
            else:
                after = run[1].word if len(run) > 1 else ""
                after = after if after and (after[0] == "#" or is_arabic(after)) else ""
                shown, kind, before = _from_arabic(token.word, before, after, asked)
        between = text[words[position - 1].end : token.start] if position else "."
        if is_unbroken(between):
            shown = _without_repetition(said, shown)
        # The two names of a month are one word in English, as is a verb's own preposition said twice.
        if not (("/" in between and shown == said) or (shown in _PREPOSITIONS and said.endswith(f" {shown}"))):
            yield Rendering(token.start, words[position + size - 1].end, shown, kind)
        said = shown
        position += size


_PREPOSITIONS = frozenset("to of with for from in on under by about".split())


def _without_repetition(said: str, shown: str) -> str:
    """``shown`` without a preposition that what was said before it ends with: "according to" and "to reports"."""
    first, _, rest = shown.partition(" ")
    return rest if rest and first in _PREPOSITIONS and said.endswith(" " + first) else shown


def _for_arabic(text: str, words: Sequence[Token]) -> Iterator[Rendering]:
    position = 0
    while position < len(words):
        token = words[position]
        size = 1
        shown: str | None = None
        kind: Kind = "word"
        if token.word[0] == "#":
            shown, kind = numbers.written(token.word[1:], "ar"), "number"
        elif token.word[0] != "@" and not is_arabic(token.word):
            run = _unbroken_run(text, words[position : position + 7])
            opens = not position or not is_unbroken(text[words[position - 1].end : token.start])
            size, shown = (
                _own_from_english(run, opens, 2)
                or _phrase(_spelled(run), "ar")
                or _own_from_english(run, opens, 1)
                or (1, _from_english(token.word))
            )
        if shown:
            yield Rendering(token.start, words[position + size - 1].end, shown, kind)
        position += size


def _unbroken_run(text: str, words: Sequence[Token]) -> Sequence[Token]:
    """The words up to the first punctuation mark between them."""
    for i, (left, right) in enumerate(pairwise(words), 1):
        if not is_unbroken(text[left.end : right.start]):
            return words[:i]
    return words


def _spelled(run: Sequence[Token]) -> tuple[str, ...]:
    return tuple(token.word for token in run)


def is_unbroken(text: str) -> bool:
    """Whether no punctuation stands between the words: a term does not reach over a comma."""
    return not re.search(r"[.,;:!?()\[\]،؛؟…]", text)
