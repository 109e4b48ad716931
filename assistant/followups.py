"""Questions that lean on the conversation (*And in 2020?*, *وماذا عن تركيا؟*, *Who said that?*) made to stand by themselves.

A question is only touched when its words say that it leans: it begins by going on, has hardly a word of its own, or points to
something that it does not name. The model completes it, if there is one. Otherwise rules do: what it names takes the place of
what the earlier question named of the same kind (a date, a place, a name), or else the earlier question's words are added.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant import prompts
from assistant.briefing import plain
from assistant.citations import Turn
from assistant.errors import ModelFault
from assistant.language import arabic, english, terms
from assistant.language.kinds import Kind, kinds_of
from assistant.language.orders import is_marked_up, is_order
from assistant.language.sentences import Span
from assistant.language.text import Language, fold, is_arabic, language_of
from assistant.language.tokens import Token, tokens
from assistant.model import Deadline, Message, Model
from assistant.settings import Settings
from assistant.signs import clean
from assistant.usage import Meter

_SHARE, _MOST_SECONDS = 0.3, 10.0
"""Of the time for an answer, what may go into understanding the question."""
_MOST_TOKENS = 200
_LONGEST, _LONGEST_ANSWER = 400, 600  # characters

_GOING_ON = {
    "en": re.compile(r"^(?:and|but|so|or|then|also|what about|how about|what of)\b"),
    "ar": re.compile(r"^(?:و(?:ماذا|ما|من|متى|أين|اين|كم|كيف|لماذا|هل|في|عن|بعد|قبل)\b|(?:ماذا عن|ثم|لكن)\s)"),
}
_LEADING = {
    "en": re.compile(
        r"^(?:(?:and|but|so|or|then|also)\s+)*(?:what|how)\s+(?:about|of)\s+|^(?:(?:and|but|so|or|then|also)\s+)+",
        re.IGNORECASE,
    ),
    "ar": re.compile(r"^(?:(?:لكن|ثم)\s+)?و?ماذا\s+عن\s+|^(?:(?:لكن|ثم)\s+)+|^و(?=(?:في|عن|بعد|قبل|خلال|من)\s)"),
}
_POINTING = {
    "en": re.compile(
        r"\b(?:he|she|they|him|them|his|her|hers|their|theirs|its|it|these|those)\b|\b(?:this|that|there|then)\b(?=\W*$)"
    ),
    "ar": re.compile(
        r"(?<!\w)[ولبف]?(?:عنه|عنها|عنهم|منه|منها|منهم|فيه|فيها|له|لها|لهم|به|بها|بهم|إليه|إليها|معه|معها|هؤلاء)(?!\w)"
        r"|(?<!\w)[ولبف]?(?:ذلك|هذا|هذه|تلك|هناك|حينها)(?=\W*$)"
    ),
}
_FEW = 2
"""Content words: a question that goes on from another and has no more leans on it."""
_YEAR = re.compile(r"(?<![\d٠-٩])(?:1[5-9]|20|١[٥-٩]|٢٠)[\d٠-٩]{2}(?![\d٠-٩])")
_PREPOSITION = re.compile(
    r"^(?:in|on|at|for|by|from|to|with|of|about|في|عن|من|على|إلى|مع|لدى)\s+(?:(?:the|عام|سنة)\s+)?", re.IGNORECASE
)


def understood(
    question: str,
    turns: Sequence[Turn],
    language: Language,
    model: Model | None,
    deadline: Deadline,
    settings: Settings,
    meter: Meter | None = None,
) -> str | None:
    """The question as it stands by itself; ``None`` if it does so already, or nothing was asked before.

    Raises:
        PromptInvalid: a template cannot be used.
    """
    if not turns or not leans(question, language):
        return None
    completed = _by_model(question, turns, language, model, deadline, settings, meter) if model else None
    completed = completed or by_rules(question, turns, language)
    same = completed is None or _words(completed) == _words(question)
    return None if same or len(completed or "") > settings.max_question_chars else completed


def leans(question: str, language: Language) -> bool:
    """Whether a question cannot be understood without what was asked before it."""
    text = " ".join(fold(question).text.lower().split())
    content = _content(question)
    if not content or (len(content) <= _FEW and _GOING_ON[language].search(text)):
        return True
    return bool(_POINTING[language].search(text)) and not any(_is_name(token) for token in content)


# ------------------------------------------------ by a model


def _by_model(
    question: str,
    turns: Sequence[Turn],
    language: Language,
    model: Model,
    deadline: Deadline,
    settings: Settings,
    meter: Meter | None,
) -> str | None:
    template = prompts.load_chat("follow", language, settings.prompts)
    told = "\n".join(
        f"- {plain(turn.asked or turn.question, _LONGEST)}\n  {plain(turn.answer, _LONGEST_ANSWER)}" for turn in turns
    )
    messages = (
        Message("system", template.task.format()),
        Message("user", template.asked.format(conversation=told, question=plain(question))),
    )
    try:
        within = Deadline(min(_SHARE * deadline.left, _MOST_SECONDS), deadline)
        said = model.complete(messages, within, _MOST_TOKENS, meter)
    except ModelFault:
        return None  # the rules will do; whether the model can answer will be seen
    return _usable(said, question, turns, language)


def _usable(said: str, question: str, turns: Sequence[Turn], language: Language) -> str | None:
    """What the model said, if that is one question about what was talked of."""
    lines = [line for line in clean(said).split("\n") if line.strip()]
    line = " ".join(lines[0].split()).strip(" \"'“”«»") if len(lines) == 1 else ""
    if not line or len(line) > _LONGEST or language_of(line) != language_of(question) or is_marked_up(line):
        return None
    if is_order(line) and not is_order(question):
        return None
    known = {stem for text in (question, *(part for turn in turns for part in turn[:2])) for stem in _words(text)}
    new = _words(line)
    return line if new and 2 * len(new & known) >= len(new) else None


# ------------------------------------------------ by rules


def by_rules(question: str, turns: Sequence[Turn], language: Language) -> str | None:
    """The question completed from the one before it."""
    earlier = turns[-1].asked or turns[-1].question
    if whole := re.search(r"\(([^()]+)\)$", earlier):  # completed by these rules: what it was completed with
        earlier = whole[1]
    rest = _LEADING[language].sub("", question.strip()).strip()
    return _exchanged(earlier, rest.rstrip(" ?؟.!")) or _joined(rest, earlier, language)


def _exchanged(earlier: str, new: str) -> str | None:
    """The earlier question with what is new in the place of its like; ``None`` if there is more than a year or a name in it."""
    first = _PREPOSITION.match(new)
    bare = new[first.end() :] if first else new
    if _YEAR.fullmatch(bare):
        year = _YEAR.search(earlier)
        return earlier[: year.start()] + bare + earlier[year.end() :] if year else None
    content = _content(bare)
    if not content or not all(_is_name(token) for token in content) or len(content) != len(bare.split()):
        return None
    for start, end in _names(earlier):
        if first is None or re.search(
            rf"(?<!\w){re.escape(first[0].strip())}\s+(?:the\s+)?$", earlier[:start], re.IGNORECASE
        ):
            return earlier[:start] + bare + earlier[end:]
    return None


def _names(text: str) -> list[Span]:
    """Names in a text, one of several words as one."""
    found: list[Span] = []
    for token in _content(text):
        if _is_name(token):
            if found and not text[found[-1].end : token.start].strip():
                found[-1] = Span(found[-1].start, token.end)
            else:
                found.append(Span(token.start, token.end))
    return found


def _joined(question: str, earlier: str, language: Language) -> str:
    """The question, and in brackets what it leans on."""
    mark = "؟" if language == "ar" else "?"
    return f"{question.rstrip(' ?؟.!')}{mark} ({earlier})"


def _content(text: str) -> list[Token]:
    return [token for token in tokens(text) if token.word[0] not in "#@" and not terms.is_stop(token.word)]


def _words(text: str) -> set[str]:
    return {str(terms.unit(token.word)) for token in _content(text)} | set(_YEAR.findall(text))


def _is_name(token: Token) -> bool:
    kinds = kinds_of(token.word)
    if kinds & (Kind.YEAR | Kind.DATE | Kind.NUMBER):
        return False
    if kinds & Kind.LOCATION:
        return True
    if is_arabic(token.word):
        return bool(kinds & Kind.UNKNOWN) and not arabic.is_function_word(token.word)
    return token.word[0].isupper() and not english.is_stop_word(token.word)
