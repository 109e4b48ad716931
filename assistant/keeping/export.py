"""A conversation as a file to take along: Markdown to read, JSON to compute with. Both end in a bibliography.

In Markdown every character of an article, a question or a model that could be markup, a formula or a link is escaped, lines
are kept from opening lists, code or headings, and what turns the direction of text around ends with its own line. The only
links are the articles' own addresses in the bibliography. The JSON holds everything exactly as it was kept.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from assistant.citations import Answer, Citation, Language
from assistant.keeping.conversations import Conversation, KeptTurn

_WORDS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "untitled": "Conversation",
        "exported": "A conversation of {date}, from Isnad. Each quote is the exact text of the file named below it.",
        "uncertain": "Uncertain: these are the closest passages, not an answer.",
        "closest": "Closest passages:",
        "stale": "the file has changed since",
        "page": "page {n}",
        "pages": "pages {n}",
        "line": "line {n}",
        "lines": "lines {n}",
        "bibliography": "Bibliography",
        "comma": ", ",
    },
    "ar": {
        "untitled": "محادثة",
        "exported": "محادثة بتاريخ {date} من إسناد. كل اقتباس هو النص الحرفي للملف المذكور تحته.",
        "uncertain": "غير مؤكد: هذه أقرب المقاطع وليست جوابًا.",
        "closest": "أقرب المقاطع:",
        "stale": "تغيّر الملف بعد ذلك",
        "page": "الصفحة {n}",
        "pages": "الصفحات {n}",
        "line": "السطر {n}",
        "lines": "الأسطر {n}",
        "bibliography": "المراجع",
        "comma": "، ",
    },
}
# All of ASCII that Markdown or its usual extensions (formulas, tables, footnotes, bare addresses) could read as a sign.
_SIGNS: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|>~$^=:@/\"'%])")
_UNSEEN: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_EMBEDDING, _ISOLATING = "\u202a\u202b\u202d\u202e", "\u2066\u2067\u2068"
_POP_EMBEDDING, _POP_ISOLATE, _ISOLATE = "\u202c", "\u2069", "\u2068"
_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~%/?#@!$&'()*+,;=:-]*)?")
UrlOf = Callable[[str], str | None]


class Source(NamedTuple):
    """An article of the bibliography; ``lines`` and ``pages``, where it has any, are those that were cited, in order."""

    file: str
    title: str
    outlet: str | None
    date: dt.date | None
    lines: tuple[int, ...]
    url: str | None
    pages: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; the date in ISO 8601."""
        date = self.date.isoformat() if self.date else None
        return self._asdict() | {"date": date, "lines": list(self.lines), "pages": list(self.pages)}


def bibliography(conversation: Conversation, url_of: UrlOf = lambda file: None) -> tuple[Source, ...]:
    """The articles that the conversation cites, in the order of their first citation; ``url_of`` knows their addresses."""
    cited: dict[str, list[Citation]] = {}
    for turn in conversation.turns:
        for citation in _shown(turn.answer) if turn.answer else ():
            cited.setdefault(citation.file, []).append(citation)
    return tuple(
        Source(
            file,
            c[-1].title,
            c[-1].outlet,
            c[-1].date,
            tuple(sorted({citation.line for citation in c})),
            url_of(file),
            tuple(sorted({citation.page for citation in c if citation.page is not None})),
        )
        for file, c in cited.items()
    )


def to_json(conversation: Conversation, url_of: UrlOf = lambda file: None) -> str:
    """The conversation with the full record of each answer; times in ISO 8601."""
    record = {
        "format": "isnad-conversation",
        "version": 1,
        "title": conversation.title,
        "created": conversation.created.isoformat(),
        "changed": conversation.changed.isoformat(),
        "turns": [
            {
                "question": turn.question,
                "asked": turn.asked.isoformat(),
                "answer": turn.record,
                "fault": turn.fault._asdict() if turn.fault else None,
            }
            for turn in conversation.turns
        ],
        "bibliography": [source.to_dict() for source in bibliography(conversation, url_of)],
    }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def to_markdown(conversation: Conversation, reader: Language = "en", url_of: UrlOf = lambda file: None) -> str:
    """The conversation to read, its own words in the reader's language, in CommonMark."""
    say = _WORDS[reader]
    day = conversation.created.date().isoformat()
    blocks = [f"# {_line(conversation.title) or say['untitled']}", f"*{say['exported'].format(date=day)}*"]
    for turn in conversation.turns:
        blocks += _asked(turn, reader)
    if sources := bibliography(conversation, url_of):
        blocks.append(f"## {say['bibliography']}")
        blocks.append("\n".join(f"{number}. {_source(source, reader)}" for number, source in enumerate(sources, 1)))
    return "\n\n".join(blocks) + "\n"


def file_name(conversation: Conversation, suffix: str) -> str:
    """A name for the file: the day and the title's letters, safe on every system."""
    title = re.sub(r"[^\w]+", "-", conversation.title).strip("-_")[:60].rstrip("-_")
    return f"isnad-{conversation.created.date().isoformat()}{'-' if title else ''}{title}.{suffix}"


def _asked(turn: KeptTurn, reader: Language) -> list[str]:
    say, answer = _WORDS[reader], turn.answer
    blocks = [f"## {_line(turn.question)}"]
    if turn.fault and (line := _line(turn.fault.say(reader))):
        blocks.append(f"*{line}*")
    if answer is None:
        return blocks
    if line := _line(answer.notice or ""):
        blocks.append(f"*{line}*")
    if answer.status == "uncertain" and answer.answered_by == "model":
        blocks.append(f"*{say['uncertain']}*")
    # An answer by quotation repeats its quotes, which follow with their sources.
    text = answer.text.split("\n\n")[0] if answer.answered_by == "quotes" and answer.citations else answer.text
    blocks.append(_paragraphs(text))
    if not answer.citations and answer.closest:
        blocks.append(f"*{say['closest']}*")
    blocks += [_quote(citation, reader) for citation in _shown(answer)]
    return [block for block in blocks if block]


def _shown(answer: Answer) -> tuple[Citation, ...]:
    return answer.citations or answer.closest


def _quote(citation: Citation, reader: Language) -> str:
    """The exact words, and below them where they stand."""
    say = _WORDS[reader]
    facts = [
        _isolated(citation.title),
        _isolated(citation.outlet or ""),
        citation.date.isoformat() if citation.date else "",
        _isolated(citation.file),
        "" if citation.page is None else say["page"].format(n=citation.page),
        say["line"].format(n=citation.line),
        say["stale"] if citation.stale else "",
    ]
    where = say["comma"].join(fact for fact in facts if fact)
    # Two blanks at its end break a line without ending the paragraph.
    lines = _lines(citation.quote)
    return "> " + "  \n> ".join([*lines, rf"— \[{citation.number}\] {where}"])


def _source(source: Source, reader: Language) -> str:
    say = _WORDS[reader]

    def places(kind: str, numbers: tuple[int, ...]) -> str:
        listed = say["comma"].join(map(str, numbers))
        return say[kind if len(numbers) == 1 else f"{kind}s"].format(n=listed) if numbers else ""

    facts = [
        _isolated(source.title),
        _isolated(source.outlet or ""),
        source.date.isoformat() if source.date else "",
        _isolated(source.file),
        places("page", source.pages),
        places("line", source.lines),
        _url(source.url or ""),
    ]
    return say["comma"].join(fact for fact in facts if fact)


def _url(url: str) -> str:
    """A link that shows where it leads, or plain text if it is no plain address."""
    return f"<{url}>" if _ADDRESS.fullmatch(url) else _isolated(url)


def _paragraphs(text: str) -> str:
    """Text whose lines stay lines and whose blank lines part paragraphs."""
    paragraphs = (_lines(paragraph) for paragraph in re.split(r"\n[ \t]*\n", text))
    return "\n\n".join("  \n".join(lines) for lines in paragraphs if lines)


def _lines(text: str) -> list[str]:
    return [shown for line in text.split("\n") if (shown := _line(line))]


def _line(text: str) -> str:
    """One line of text that is nothing but text."""
    # Confined first: what that takes away may leave a space at the end.
    text = " ".join(_UNSEEN.sub(" ", confined(text)).split())
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return _SIGNS.sub(r"\\\1", text)


def _isolated(text: str) -> str:
    """A name beside others: its direction is its own, and nothing in it turns anything around."""
    text = _line(_TURNING.sub("\ufffd", text))
    return f"{_ISOLATE}{text}{_POP_ISOLATE}" if text else ""


def confined(text: str) -> str:
    """The text with each change of direction ended that it begins, and none ended that it did not begin."""
    if not _TURNING.search(text):
        return text
    kept: list[str] = []
    opened: list[str] = []
    for letter in text:
        if letter in _EMBEDDING or letter in _ISOLATING:
            opened.append(letter)
        elif letter == _POP_EMBEDDING:
            if not opened or opened[-1] not in _EMBEDDING:
                continue
            opened.pop()
        elif letter == _POP_ISOLATE and not _closes(opened):
            continue
        kept.append(letter)
    ends: Iterable[str] = (_POP_EMBEDDING if letter in _EMBEDDING else _POP_ISOLATE for letter in reversed(opened))
    return "".join([*kept, *ends])


def _closes(opened: list[str]) -> bool:
    """End the innermost isolate with all that was begun inside it; false if there is none."""
    if not any(letter in _ISOLATING for letter in opened):
        return False
    while opened.pop() not in _ISOLATING:
        pass
    return True
