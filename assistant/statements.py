"""The statements of an answer: its sentences, each with the markers that follow it.

An introduction (*The articles say:*) states nothing, and neither does an honest refusal (*The articles do not say*), which
needs no source. Both are told by their words alone, so that no claim can pass as one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.language.sentences import Span, sentences
from assistant.language.text import fold

MARKER = re.compile(r"\[(\d{1,3})\]")
_LEADING = re.compile(r"(?:\[\d{1,3}\]\s*)+[.,،؛;]?\s*")
# A statement with its marker is over at its stop, however little follows.
_OVER = re.compile(r"(?:(?:\[\d{1,3}\])+\s*[.!?؟…]+|[.!?؟…]\s*(?:\[\d{1,3}\])+[.!?؟…]*)\s+")
# What `sentences` leaves with the piece before it. Titles stand before names.
_FRAGMENT = re.compile(
    r"(?<=\w{3})(?<!\b(?:Gen|Sen|Rep|Gov|Col|Sgt|Maj|Adm|Rev|Hon|Mrs))(?<!\b(?:Prof|Capt|Pres))[.!?؟…]+(\s+)(?=\S+(?:\s+\S+)?$)"
)
_BULLET = re.compile(r"(?:[-•*–]|\d{1,2}[.)])\s+")
_INTRODUCTION = frozenset(
    "the a an these this following passages passage articles article sources source text texts say says said state states report "
    "reports give gives tell according to here is are what in short brief summary as follows answer of from about on and it they "
    "based provided given "
    "جاء ورد في المقالات المقال المصادر النصوص تقول تذكر يذكر يقول بحسب وفق وفقا حسب ما يلي كما التالي الآتي ملخص الجواب هذا هذه هو هي إلى استنادا".split()
)
_REFUSALS = (
    re.compile(
        r"(?:the |these )?(?:given |provided |available |quoted )?"
        r"(?:articles?|passages?|sources?|texts?|sentences) (?:do(?:es)? not|don't|doesn't|did not|never) "
        r"(?:say|state|mention|tell|give|contain|provide|include|report|specify|answer|indicate|address|name|explain|cover|reveal|discuss)\b"
    ),
    re.compile(
        r"(?:there is )?(?:no|not any) (?:information|mention|answer|word)\b.*"
        r"\b(?:articles?|passages?|sources?|texts?)\b"
    ),
    re.compile(
        r"و?(?:لا|لم|ليس|ليست)\s(?:(?:ال)?(?:مقالات|مقال|نصوص|مصادر|مقاطع)\s)?"
        r"[تي](?:ذكر|قول|قل|تضمن|حتوي|حتو|شير|شر|وضح|حدد|ورد|رد|جب|جيب|بين|تطرق|تحدث|وجد|قدم|فصح|خبر|ذكرها)\b.*"
        r"(?:ال)?(?:مقالات|مقال|نصوص|مصادر|مقاطع)\b"
    ),
    re.compile(r"(?:المقالات|المقال|النصوص|المصادر) (?:لا|لم) [تي]\w+"),
)
_LONGEST_REFUSAL = 25  # words
_LEADING_BUT = re.compile(r"^(?:(?:but|however|unfortunately)[, ]+|و?(?:لكن|غير أن|إلا أن|للأسف)[، ]+)+")
# A refusal that goes on so asserts something, and needs a source for that.
_GOES_ON = re.compile(
    r"\b(?:but|although|though|while|whereas|except|however|instead)\b"
    r"|[,–—-]\s+(?:and\s+)?(?:it|they|he|she|we|this|these|there|the \w+ (?:is|was|are|were|has|have|had|says?|said|did|will))\b"
    r"|(?<!\w)و?(?:لكن\w*|بل|بينما|فيما|إلا أن\w*|غير أن\w*|رغم|مع أن|لأن\w*|إذ|حيث)(?!\w)"
)


def pieces(text: str) -> list[Span]:
    """Sentences and introductions of an answer, in order; markers belong to what stands before them, bullets to nothing."""
    found: list[Span] = []
    for start, end in _cut(text):
        leading = _LEADING.match(text, start, end)
        if leading and found and "\n" not in text[found[-1].end : start]:
            found[-1] = Span(found[-1].start, start + len(leading[0].rstrip()))
            start = leading.end()
        if bullet := _BULLET.match(text, start, end):
            start = bullet.end()
        if any(character.isalnum() for character in MARKER.sub("", text[start:end])):
            found.append(Span(start, end))
    return found


def _cut(text: str) -> Iterator[Span]:
    for start, end in sentences(text):
        for over in _OVER.finditer(text, start, end):
            if over.end() < end:
                yield Span(start, over.start() + len(over[0].rstrip()))
                start = over.end()
        if fragment := _FRAGMENT.search(text[start:end]):
            yield Span(start, start + fragment.start(1))
            start += fragment.end()
        yield Span(start, end)


def statements(text: str) -> list[Span]:
    """The sentences of an answer that state something, markers included; refusals among them."""
    return [span for span in pieces(text) if not is_introduction(text[span.start : span.end])]


def is_introduction(piece: str) -> bool:
    """Whether a sentence only leads to what follows it."""
    words = re.findall(r"\w+", fold(piece).text.lower())
    return piece.rstrip().endswith(":") and all(word in _INTRODUCTION for word in words)


def says_nothing(statement: str) -> bool:
    """Whether a statement says that the articles do not say: it needs no source."""
    plain = " ".join(fold(MARKER.sub("", statement)).text.lower().split()).strip(" -–•*")
    one = len(plain.split()) <= _LONGEST_REFUSAL and not re.search(r"[.!?؟:;؛]\s", plain)
    body = _LEADING_BUT.sub("", plain)
    return one and not _GOES_ON.search(body) and any(refusal.match(body) for refusal in _REFUSALS)
