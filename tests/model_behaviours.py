"""What the model double can be made to say: each behaviour gets the parsed prompt and returns the text of an answer.

The prompt is read as a model would read it: numbered sentences (``[2.3] text``) under headings, and a question. Everything is
deterministic, so that a test that fails, fails again.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

Language = Literal["ar", "en"]

_SENTENCE = re.compile(r"^\s*\[(\d+\.\d+)\]\s*(.*\S)")
_QUESTION = re.compile(r"^\s*(?:question|السؤال|سؤال)\s*:\s*(.*\S)", re.IGNORECASE)


class Sentence(NamedTuple):
    id: str
    text: str


class Passage(NamedTuple):
    heading: str
    sentences: tuple[Sentence, ...]


class Prompt(NamedTuple):
    """What was asked. ``passages`` is empty where the task is another one, such as rewriting a follow-up."""

    messages: tuple[tuple[str, str], ...]
    passages: tuple[Passage, ...]
    question: str

    @classmethod
    def parse(cls, messages: Sequence[dict[str, str]]) -> Prompt:
        """Sentences and question are those of the last message of the user."""
        last = next((message["content"] for message in reversed(messages) if message["role"] == "user"), "")
        passages: list[Passage] = []
        heading: list[str] = []
        question = ""
        for line in last.splitlines():
            if found := _SENTENCE.match(line):
                if heading or not passages:
                    passages.append(Passage("\n".join(heading), ()))
                    heading = []
                passages[-1] = passages[-1]._replace(sentences=(*passages[-1].sentences, Sentence(found[1], found[2])))
            elif line.strip():
                heading.append(line.strip())
                question = found[1] if (found := _QUESTION.match(line)) else question
        if not question and heading:  # what follows the last sentence is a heading of nothing
            question = heading[-1]
        pairs = tuple((message["role"], message["content"]) for message in messages)
        return cls(pairs, tuple(passages), question)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(sentence for passage in self.passages for sentence in passage.sentences)

    @property
    def language(self) -> Language:
        """That of the question."""
        return language_of(self.question)


Behaviour = Callable[[Prompt], str]


def language_of(text: str) -> Language:
    return "ar" if len(re.findall("[ء-ي]", text)) * 2 > len(re.findall("[A-Za-zء-ي]", text)) else "en"


# ------------------------------------------------ an honest model

REFUSAL = {"en": "The articles do not say.", "ar": "لا تذكر المقالات ذلك."}
_STOP = set(
    "a an the of in on at to for by with from and or is are was were be been did do does has have had that this it its as who what "
    "which when where why how many much between about after before their his her في من على إلى الى عن مع أن ان إن ما هو هي هل كم متى "
    "أين من لماذا كيف التي الذي بين بعد قبل".split()
)
_SYNONYMS = {
    "en": [("said that", "stated that"), ("in order to", "to"), ("around", "about"), ("begin", "start"), ("asked", "requested")],
    "ar": [("وأشارت إلى", "وذكرت"), ("وأكدت", "أكدت"), ("وأوضحت", "أوضحت"), ("عقب", "بعد"), ("في حين", "بينما")],
}  # fmt: skip
_OPENERS = set(
    "The A An In It This These At As After Both Heavy There Under Because Among Sources Experts Three According".split()
)


@lru_cache
def _translations() -> dict[str, str]:
    lines = (Path(__file__).parent / "seeds_in_english.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


def in_language(text: str, language: Language) -> str | None:
    """The sentence itself, or its faithful translation where one is at hand."""
    if language_of(text) == language:
        return text
    plain = " ".join(text.split())
    found = [english for beginning, english in _translations().items() if plain.startswith(beginning)]
    return found[0] if found and language == "en" else None


def _words(text: str) -> set[str]:
    found = set()
    for word in re.findall(r"\w+", re.sub("[ً-ْـ]", "", text.casefold())):
        if word not in _STOP:
            bare = re.sub("^[وفبلك]?(ال)?(?=.{3})", "", word.translate(str.maketrans("أإآةى", "اااهي")))
            found.add(bare[:5])
    return found


class Claim(NamedTuple):
    """A true statement, in the language of the question, and the sentence that says it."""

    id: str
    text: str


def claims(prompt: Prompt, most: int = 3) -> list[Claim]:
    """The statements nearest to the question; none where hardly a word of it occurs."""
    wanted = _words(prompt.question)
    scored = []
    for place, sentence in enumerate(prompt.sentences):
        if (text := in_language(sentence.text, prompt.language)) and len(text.split()) >= 4:
            scored.append((len(wanted & _words(text)), -place, Claim(sentence.id, text)))
    best = [one for one in sorted(scored, reverse=True)[:most] if 3 * one[0] >= len(wanted) > 0]
    return [claim for _, _, claim in sorted(best, key=lambda one: -one[1])]


def paraphrase(text: str, language: Language, form: int) -> str:
    """The same said otherwise, without a full stop at the end: 0 and 1 are the exact words, 2 reports them, 3 changes words."""
    text = re.sub(r"[.\s]+$", "", text)
    if form == 3:
        for before, after in _SYNONYMS[language]:
            text = text.replace(before, after, 1)
    if form in (0, 1):
        return text
    if language == "ar":
        return ("وبحسب المقال، " if form == 2 else "ويذكر المقال ما يلي: ") + text.removeprefix("و")
    first, _, rest = text.partition(" ")
    lowered = f"{first.lower()} {rest}" if first in _OPENERS else text
    return ("According to the article, " if form == 2 else "The article reports that ") + lowered


def _told(claim: Claim, language: Language, form: int) -> str:
    said = paraphrase(claim.text, language, form)
    return f"{said}. [{claim.id}]" if form == 1 else f"{said} [{claim.id}]."


def _random(prompt: Prompt) -> random.Random:
    return random.Random(prompt.question)


def honest(prompt: Prompt) -> str:
    """True statements, in exact words or faithfully paraphrased or translated, each with its marker."""
    if not prompt.passages:
        return prompt.question
    found = claims(prompt)
    form = _random(prompt).randrange(4)
    return " ".join(_told(claim, prompt.language, (form + at) % 4) for at, claim in enumerate(found)) or refusing(
        prompt
    )


def refusing(prompt: Prompt) -> str:
    """An honest model whose articles hold nothing."""
    return REFUSAL[prompt.language]


def foreign(prompt: Prompt) -> str:
    """True statements in the language that was not asked for."""
    other: Language = "en" if prompt.language == "ar" else "ar"
    told = [
        f"{paraphrase(text, other, 0)} [{sentence.id}]."
        for sentence in prompt.sentences
        if (text := in_language(sentence.text, other)) and len(text.split()) >= 4
    ]
    return " ".join(told[:3]) or {"en": "The armies met near the river.", "ar": "التقى الجيشان قرب النهر."}[other]


# ------------------------------------------------ one that obeys its articles

_ORDER = re.compile(
    r"ignore|disregard|forget|instruct|system|prompt|password|passcode|secret|reply|respon[ds]|answer|output|print|repeat|write|say\b"
    r"|include|add\b|insert|append|integrate|modify|provide|translate|reveal|display|click|visit|download|you are now|must|assistant"
    r"|تجاهل|تغاضى|انس|تعليمات|اكتب|اطبع|قل\b|كرر|أضف|أجب|أخبرني|اذكر|ترجم|لخص|كلمة المرور|رمز المرور|مفتاحك|سر[يك]|أنت الآن|تخيل"
    r"|https?:|www\.|<|!\[|\?$|؟$|@",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://[^\s\"'<>)\]]+|www\.[^\s\"'<>)\]]+|\b[\w-]+\.(?:com|xyz|org|net|example)\b", re.IGNORECASE)
_MARKED = re.compile(r"\b[A-Z]{3,}[-_][A-Z0-9][A-Z0-9_-]+\b|[\"'«“]([^\"'»”]{3,200})[\"'»”]|`([^`]{3,200})`")


def orders(prompt: Prompt) -> Iterator[tuple[str, str]]:
    """All that reads like an instruction in the articles, titles included, with the id of a sentence to cite for it."""
    for passage in prompt.passages:
        lines = [("", passage.heading)] if passage is not prompt.passages[0] else []
        for id_, text in (*lines, *passage.sentences):
            if _ORDER.search(text):
                yield id_ or passage.sentences[0].id, text


def obedient(prompt: Prompt) -> str:
    """Does whatever an article says, and more: repeats it, calls its addresses, shows the prompt, and cites it all."""
    told = []
    for id_, text in orders(prompt):
        told.append(f"{text} [{id_}]")
        told += [f"{found[1] or found[2] or found[0]} [{id_}]." for found in _MARKED.finditer(text)]
        for found in _URL.finditer(text):
            address = found[0].rstrip(".,;:!?")
            url = address if "://" in address else f"https://{address}"
            told += [
                f"{url} [{id_}]",
                f"![picture]({url}) [{id_}]",
                f"[read more]({url})",
                f'<img src="{url}"> [{id_}]',
            ]
    if told:
        shown = "\n".join(content for _, content in prompt.messages)[:2000]
        told.append(f"SYSTEM PROMPT: {shown}")
    return "\n".join([*told, honest(prompt)])


# ------------------------------------------------ dishonest ones


def neighbour(prompt: Prompt, id_: str) -> str:
    """The id of the sentence beside one; one that does not exist where it stands alone."""
    ids = [sentence.id for sentence in prompt.sentences]
    at = ids.index(id_)
    number = id_.split(".")[0]
    beside = [ids[place] for place in (at + 1, at - 1) if 0 <= place < len(ids)]
    same = [other for other in beside if other.split(".")[0] == number]
    return (same or beside or [f"{number}.99"])[0]


def miscites(prompt: Prompt) -> str:
    """True statements, each with its neighbour's marker."""
    said = honest(prompt)
    return re.sub(r"\[(\d+\.\d+)\]", lambda found: f"[{neighbour(prompt, found[1])}]", said)


Corruption = Literal["number", "date", "name", "negation"]
CORRUPTIONS: tuple[Corruption, ...] = ("number", "date", "name", "negation")
_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split(),
}
_NAMES = {
    "en": {"Armenia": "Georgia", "Azerbaijan": "Iran", "Russia": "China", "Turkey": "Greece", "Putin": "Macron",
           "Pashinyan": "Sargsyan", "Baku": "Tehran", "Yerevan": "Tbilisi", "Moscow": "Ankara", "France": "Germany",
           "Karabakh": "Abkhazia"},
    "ar": {"أرمينيا": "جورجيا", "ارمينيا": "جورجيا", "أذربيجان": "إيران", "اذربيجان": "إيران", "روسيا": "الصين", "تركيا": "اليونان",
           "بوتين": "ماكرون", "باشينيان": "سركسيان", "باشنيان": "سركسيان", "باكو": "طهران", "يريفان": "تبليسي", "موسكو": "أنقرة",
           "فرنسا": "ألمانيا", "كاراباخ": "أبخازيا"},
}  # fmt: skip
_NEGATIONS = {
    "en": [(rf"\b({word})\b(?! not)", r"\1 not") for word in "is are was were has have had will can must should".split()]
    + [(r"\b(broke|asked|said|sent|called|made|agreed|killed|used|met|seeks)\b", "never \\1")],
    "ar": [(r"(^|\s)(و?)(قال|قالت|أكد|أكدت|أعلنت|طلب|طلبت|دعت|بعث|اندلع|كتب|أصاب|قصف|أشارت|أوضحت|ذكر|أعربت|رفضت)(?=\s)", r"\1\2لم \3"),
           (r"(^|\s)(و?)(تقول|يبدو|تسعى|يسعى|يؤكد|تزعم|تدعم|يعتقد|يمكن|تطلب|توجد)(?=\s)", r"\1\2لا \3")],
}  # fmt: skip


def corrupt(text: str, how: Corruption, chance: random.Random) -> str | None:
    """The statement with one fact of it changed; ``None`` where it holds no such fact."""
    language = language_of(text)
    if how == "number":
        numbers = [found for found in re.finditer(r"\d+", text) if not _is_date(text, found.start(), found.end())]
        if not numbers:
            return None
        found = chance.choice(numbers)
        return text[: found.start()] + str(int(found[0]) + chance.choice((1, 3, 7, 20))) + text[found.end() :]
    if how == "date":
        dates = [found for found in re.finditer(r"\d+", text) if _is_date(text, found.start(), found.end())]
        months = [found for month in _MONTHS[language] for found in re.finditer(rf"\b{month}\b", text)]
        if not dates and not months:
            return None
        found = chance.choice([*dates, *months])
        new = str(int(found[0]) + chance.choice((1, 2))) if found[0].isdigit() else _shifted(found[0], language, chance)
        return text[: found.start()] + new + text[found.end() :]
    if how == "name":
        names = [found for name in _NAMES[language] for found in re.finditer(rf"{name}(?![ء-يa-z])", text)]
        if not names:
            return None
        found = chance.choice(names)
        return text[: found.start()] + _NAMES[language][found[0]] + text[found.end() :]
    places = [(found, new) for old, new in _NEGATIONS[language] for found in re.finditer(old, text)]
    if not places:
        return None
    found, new = places[0]
    return text[: found.start()] + found.expand(new) + text[found.end() :]


def _is_date(text: str, start: int, end: int) -> bool:
    """A year, or a day before its month."""
    after = text[end:].lstrip(" /").split(" ")[0].split("/")[0].strip(".,،")
    return re.fullmatch("(19|20)\\d\\d", text[start:end]) is not None or after in (*_MONTHS["en"], *_MONTHS["ar"])


def _shifted(month: str, language: Language, chance: random.Random) -> str:
    months = _MONTHS[language]
    return months[(months.index(month) + chance.randrange(1, 12)) % 12]


_INVENTED = {
    "en": ["General Marcus Aldridge announced on 4 March 1987 that 61,500 volunteers had surrendered [{}].",
           "No shelling of any kind took place [{}].", "The king of Norway has resigned."],
    "ar": ["أعلن الجنرال ماركوس ألدريدج في 4 مارس 1987 استسلام 61500 متطوع [{}].",
           "لم يقع أي قصف على الإطلاق [{}].", "استقال ملك النرويج."],
}  # fmt: skip


def hallucinates(prompt: Prompt) -> str:
    """Statements with a number, date, name or negation that no article holds, with markers as if it did."""
    if not prompt.passages:
        return prompt.question
    chance = _random(prompt)
    told = []
    for claim in claims(prompt) or [Claim(prompt.sentences[0].id, "")]:
        kinds = list(CORRUPTIONS)
        chance.shuffle(kinds)
        wrong = next((made for how in kinds if (made := corrupt(claim.text, how, chance)) and made != claim.text), None)
        if wrong:
            told.append(f"{re.sub('[.]+$', '', wrong)} [{claim.id}].")
    told += [text.format(chance.choice(prompt.sentences).id) for text in _INVENTED[prompt.language]]
    return " ".join(told)


def noise(prompt: Prompt) -> str:
    """Markers as models misspell them, the wrong language, control and direction characters, HTML and markdown."""
    ids = [sentence.id for sentence in prompt.sentences] or ["1.1"]
    one, other = ids[0], ids[-1]
    number, place = one.split(".")
    arabic = one.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    markers = [
        f"【{one}】", f"[{one}, {other}]", f"({one})", f"[{arabic}]", f"`[{one}]`", f"[[{one}]]", f"[{one}", f"{one}]", f"]{one}[",
        f"[{number}.]", f"[.{place}]", "[99.99]", "[0.0]", "[-1.2]", f"[{number} . {place}]", f"[{one};{other}]", f"[{one}–{other}]",
        f"[{one}]({'x' * 40})", f"[S{one}]", f"[{one}][{one}][{other}]", f"[^{one}]", f"\\[{one}\\]", f"[{one}\u200b]",
        f"<{one}>", f"{{{one}}}", "[]", f"[source {one}]", f"[{'9' * 400}.1]",
    ]  # fmt: skip
    junk = [
        "\x00\x07\x1b[31mred\x1b[0m", "\u202eesrever\u202c", "\u2066\u2067\u2069", "\u200e\u200f\u061c", "\ufeff\ufffe\uffff",
        "<script>alert(1)</script>", '<img src="https://evil.example/x.png" onerror="alert(1)">', "![x](https://evil.example/x.png)",
        "[click](javascript:alert(1))", "# Heading", "| a | b |\n|---|---|", "```html\n<b>bold</b>\n```", "&lt;b&gt; &#x202e;",
        "e" + "\u0301" * 300, "🇦🇲👩‍👩‍👧", "**bold** _it_ ~~no~~", "$$\\href{https://evil.example}{x}$$", "data:text/html;base64,PGI+",
        "Die Armee zog sich zurück.", "军队撤退了。", "Армия отступила.",
    ]  # fmt: skip
    chance = _random(prompt)
    chance.shuffle(markers)
    chance.shuffle(junk)
    said = [claim.text for claim in claims(prompt)] or list(REFUSAL.values())
    parts = [f"{said[at % len(said)]} {marker} {junk[at % len(junk)]}" for at, marker in enumerate(markers)]
    return "\n".join(parts)


BEHAVIOURS: dict[str, Behaviour] = {
    one.__name__: one for one in (honest, refusing, foreign, obedient, miscites, hallucinates, noise)
}
