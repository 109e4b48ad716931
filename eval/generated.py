"""Collections of any size to measure costs with, and questions for them: drawn by chance, the same for one seed.

Costs depend on how many words, word types and passages there are, hardly on what they say. The words are those of the
lexicon and of its English glosses, drawn by Zipf's law with clitics and endings, among function words, numbers and
invented names, so that word types go on growing with the collection as they do in newspapers. Half of the articles are
Arabic, half English.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from assistant import corpus
from assistant.language import buckwalter, gloss, terms
from assistant.language.sentences import sentences
from assistant.language.text import Language, language_of
from assistant.language.tokens import tokens

_FUNCTION: dict[Language, list[str]] = {
    "ar": "في من على إلى عن أن التي الذي مع هذا هذه كان قد بعد قبل بين لم كما".split(),
    "en": "the the the of in to and a that was for on with as by from has it at".split(),
}
_PREFIXES = ("ال", "ال", "ال", "ال", "وال", "بال", "لل", "و", "ب", "", "", "", "", "", "", "")
_SUFFIXES = ("ات", "ين", "ها", "ه", "", "", "", "", "", "", "", "")
_SYLLABLES = tuple(zip("با ري نو سا مي كو لا تي دو را شي زو في نا غا".split(),
                       "ba ri no sa mi ko la ti do ra shi zo fi na gha".split(), strict=True))  # fmt: skip
_FUNCTION_SHARE, _NAME_SHARE, _NUMBER_SHARE = 0.35, 0.06, 0.02
_NEW_NAME = 0.05
_WORDS_ABOUT = 230  # words of an article: two passages
_CONTENT = range(3, 7)  # words of a question
_ASK: dict[Language, list[str]] = {
    "ar": ["ماذا", "متى", "من", "أين", "كم"],
    "en": ["what", "when did", "who", "where", "how many"],
}
_OTHER: dict[Language, Language] = {"ar": "en", "en": "ar"}
_GLOSS_CLITICS = re.compile(r"\b(?:and|the|with|to|so|by|like|for|its|his|her|their|will)-")


class Question(NamedTuple):
    """``file``: the article that it was drawn from; ``same``: whether that is in the question's language."""

    text: str
    file: str
    same: bool


def write(folder: Path, articles: int, seed: int = 1) -> None:
    """Write a collection: ``articles`` files of about two passages each."""
    chance = random.Random(seed)
    words = {language: _Words(language, chance) for language in ("ar", "en")}
    for number in range(articles):
        path = folder / f"{number // 1000:03}" / f"{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_article(words["ar" if number % 2 else "en"], chance), encoding="utf-8")


def _article(words: _Words, chance: random.Random) -> str:
    title = " ".join(words.draw(chance.randrange(4, 9)))
    date = f"20{chance.randrange(10, 26)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    left, paragraphs = int(chance.gauss(_WORDS_ABOUT, _WORDS_ABOUT / 4)), []
    while left > 0:
        lengths = [chance.randrange(8, 27) for _ in range(3)]
        left -= sum(lengths)
        paragraphs.append(" ".join(" ".join(words.draw(length)) + "." for length in lengths))
    return f"{title}\n\n{date}\n\n" + "\n\n".join(paragraphs) + "\n"


class _Words:
    """Words of one language in the proportions of prose."""

    def __init__(self, language: Language, chance: random.Random) -> None:
        self._language, self._chance = language, chance
        self._content = _lexicon(language)
        # Which words are frequent is chance, but the same in every collection.
        random.Random(0).shuffle(self._content)
        self._weights = list(accumulate((rank + 3) ** -1.1 for rank in range(len(self._content))))
        self._names = 0

    def draw(self, number: int) -> list[str]:
        return [self._one() for _ in range(number)]

    def _one(self) -> str:
        kind = self._chance.random()
        if kind < _FUNCTION_SHARE:
            return self._chance.choice(_FUNCTION[self._language])
        if (kind := kind - _FUNCTION_SHARE) < _NUMBER_SHARE:
            return str(self._chance.choice((self._chance.randrange(1, 100), self._chance.randrange(1900, 2030))))
        if kind - _NUMBER_SHARE < _NAME_SHARE:
            return self._name()
        (word,) = self._chance.choices(self._content, cum_weights=self._weights)
        if self._language == "ar":
            return self._chance.choice(_PREFIXES) + word + self._chance.choice(_SUFFIXES)
        return word + self._chance.choice(("", "", "", "s"))

    def _name(self) -> str:
        """Now and then one that was never used before, mostly one of those in use, early ones more often."""
        if not self._names or self._chance.random() < _NEW_NAME:
            self._names += 1
        number = int(self._names * self._chance.random() ** 2) + len(_SYLLABLES)
        syllables = []
        while number:
            number, last = divmod(number, len(_SYLLABLES))
            syllables.append(_SYLLABLES[last][self._language == "en"])
        return "".join(syllables) if self._language == "ar" else "".join(syllables).capitalize()


def _lexicon(language: Language) -> list[str]:
    entries = [entry for entry in buckwalter.entries("dictStems") if not entry.category.startswith("FW")]
    if language == "ar":
        found = (entry.surface for entry in entries)
    else:
        found = (word for entry in entries for word in re.findall(r"[a-z]{3,}", entry.gloss))
    return [word for word in dict.fromkeys(found) if len(word) > 2 and not terms.is_stop(word)]


def questions(folder: Path, number: int, seed: int = 1) -> list[Question]:
    """``number`` questions, half of them in the language of the article they were drawn from, half in the other.

    A few words of a sentence, as they stand or glossed word by word.
    """
    stats, _ = corpus.scan(folder)
    chance = random.Random(seed)
    found: list[Question] = []
    for stat in _endlessly(stats, chance):
        if len(found) >= number:
            break
        document = corpus.read(folder, stat.file)
        spans = sentences(document.text)
        if not spans:
            continue
        span = chance.choice(spans)
        words = [token.word for token in tokens(document.text[span.start : span.end]) if token.word[0] not in "#@"]
        words = [word for word in words if not terms.is_stop(word)]
        if len(words) <= _CONTENT.stop:
            continue
        first = chance.randrange(len(words) - _CONTENT.stop)
        asked = words[first : first + chance.choice(_CONTENT)]
        own = language_of(document.text)
        same = len(found) % 2 == 0
        language = own if same else _OTHER[own]
        said = " ".join(asked) if same else _glossed(asked, language)
        found.append(
            Question(f"{chance.choice(_ASK[language])} {said}{'؟' if language == 'ar' else '?'}", stat.file, same)
        )
    return found


def _glossed(words: Sequence[str], reader: Language) -> str:
    text = " ".join(words)
    renderings = {rendering.start: rendering.text for rendering in gloss.gloss(text, reader)}
    starts = accumulate((len(word) + 1 for word in words[:-1]), initial=0)
    said = [renderings.get(start, word) for start, word in zip(starts, words, strict=True)]
    return _GLOSS_CLITICS.sub("", " ".join(said))


def _endlessly(stats: Sequence[corpus.FileStat], chance: random.Random) -> Iterator[corpus.FileStat]:
    # A folder without a single long sentence would be searched for ever.
    for _ in range(200_000 if stats else 0):
        yield chance.choice(stats)
