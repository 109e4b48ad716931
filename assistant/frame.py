"""What stands around an article and is no part of it: mastheads, datelines, links to share it, counters, tags, other headlines.

All of it stays in the text. It is told from the article by several weak signs together, none of which decides alone: where
it stands (before the first or after the last line of prose), its shape (short, ended by no stop), addresses, the words that
such lines are made of in Arabic and English, and, once all articles are known, whether many have it word for word.
In doubt a sentence belongs to the article: to hide what it states is worse than to show what it does not.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant import metadata, packing
from assistant.language.sentences import Span, count_words
from assistant.language.text import fold, normalize_arabic
from assistant.postings import distinct


class Role(IntEnum):
    """What a sentence is when it is not simply the article's."""

    FRAME = 1
    HEADLINE = 2
    """The article's own."""
    LINE = 3
    """Ended by no stop: frame if many articles have it."""
    SENTENCE = 4
    """Frame if very many articles have it."""


class Part(NamedTuple):
    """A sentence that begins at ``start``, with its `digest` where repetition decides, else 0."""

    start: int
    role: Role
    digest: int = 0


_AT_ONCE = 4096  # documents whose parts are unpacked together
_MOST = 256
"""Parts of one document that are kept, from both ends: a book of short lines is no frame."""
_SHORT, _LISTED, _PROSE, _LONG, _REPEATABLE = 6, 20, 6, 20, 40  # words
_FEWEST_TIMES, _TIMES = 4, 0.25  # of documents that have a line: at least so many, and so many times the root of all
_MUCH = 0.25  # of a sentence's characters: from there on it is an address with some words
_NEAR = 6  # sentences at the head among which a date is a dateline
_EDGE = 2  # sentences at either end that may be the same in many articles
_FAR = 400  # sentences from either end beyond which none is looked at
# Characters of an ending that shows how a sentence stops, and of a line that can be a name or an address.
_ENDING, _LINE = 40, 300
_CUE_WITHIN = 4  # words from the beginning in which a line says what it is

_STOPPED = re.compile(r"[.!?؟؛…۔;][\s\"'’”»›)\]}\u200e\u200f]*$")
_FULL_STOP = re.compile(r"[.؛۔;][\s\"'’”»›)\]]*$")
_COLON = re.compile(r"[:：][\s.]*$")
_OPEN = re.compile(r"[:：،,]\s*$")
_ENCLOSED = re.compile(r"\([^()]*\)|-[^-]*-|\[[^\[\]]*\]")
_FIELD = re.compile(r"[^:：]+[:：]\s*(?:\S+\s*){1,3}")
_ITEM = re.compile(r"\s*(?:[-–—•*▪●◦]\s*|\(?\d{1,3}[.)-]\s+|\d{1,3}:\s)\S")
_LINK = re.compile(
    r"https?://\S+|www\.\S+|\b[\w-]+\.(?:com|org|net|info|it|tv|co|io|me|news)\b(?:/\S*)?|[^\s@]+@[^\s@]+\.\w+|(?<!\w)[@#][\w_]{2,}"
)
_SIGN = re.compile(r"\s*[⇒→►▶»©®↗☰✉☎|]")
_BYLINE = re.compile(
    r"\W*(?:written by|by|reporting by|editing by|كتب[هت]?|بقلم|اعداد|تحرير|ترجمه)\s*:?\s+\S", re.IGNORECASE
)
# An article goes on like this, and no headline begins like it.
_GOES_ON = re.compile(
    r"\W*(?:and|but|also|he|she|it|they|we|in addition|however|و|كما|لكن|حيث|ثم|بينما|في حين|يذكر|يشار|علما|تجدر)\s"
    r"|\W*و ?(?:قد|كان\w*|في|من|علي|عن|هو|هي|لم|لا|ما|ان|سي\w+|ست\w+|ي\w{3,}|ت\w{3,}|اضاف\w*|اكد\w*|قال\w*|اوضح\w*|اشار\w*|ذكر\w*|بين|"
    r"جاء\w*|ذلك|هذا|هذه|بحسب|حسب|اعلن\w*|اعتبر\w*)\s",
    re.IGNORECASE,
)
# Folded, Arabic normalised, in lower case. Somebody speaks to the reader, or of the page itself: telling in a whole sentence, too.
_CALL = re.compile(
    r"\b(?:follow us|subscribe (?:to|now|here)|sign up (?:for|to|now)|click here|tap here|all rights reserved|our (?:free |daily |weekly |mobile )*"
    r"(?:app|channel|newsletter|website|page|site)|privacy policy|terms of (?:use|service)|we use cookies|leave a comment|download (?:the|our) app|"
    r"(?:this|the) (?:article|post|story|piece)\b(?: \w+){0,20} (?:published|posted|appeared|comes from))\b"
    r"|(?<!\w)(?:تابعنا|تابعونا|اشتركوا? (?:في|الان|معنا|بن\w+)|النشره البريديه|(?:اضغط|انقر|سجل)(?:وا|ي)? (?:هنا|الان)|(?:جميع|كل) الحقوق|"
    r"حقوق (?:النشر|الطبع)|(?:قناه|صفحه|تطبيق|موقع|نشره) (?:\w+ )?الخاصه? بنا|(?:قناتنا|صفحتنا|تطبيقنا|نشرتنا) |سياسه الخصوصيه|اترك تعليق\w*|حملوا? تطبيق|"
    r"تم نشر (?:هذا |هذه )?(?:المقال\w*|المشاركه|الخبر|التقرير)|(?:هذا |هذه )?المقاله?\b(?: \w+){0,20} (?:تاتي|ياتي|ظهرت?|نشرت?) (?:من|علي|في|لاول))(?!\w)"
)
# Words of such lines that any sentence can hold.
_WORD = re.compile(
    r"\b(?:share|tweet|follow|subscribe|newsletters?|sign up|log ?in|read (?:more|also|next)|see also|related|more (?:on this|stories|from)|"
    r"most (?:read|viewed|popular|shared)|trending|copyright|advertisement|sponsored|comments?|cookies?|views?|tags?|keywords|photo gallery|"
    r"latest (?:videos?|news)|whatsapp|telegram|facebook|(?:first|originally) (?:published|appeared)|min(?:ute)?s? read|"
    r"(?:photo|image|picture)s?|continue reading|download|watch|listen|print|email|back to top|skip to|newsletter)\b"
    r"|(?<!\w)(?:شارك\w*|مشاركه|تابع\w*|اشترك\w*|ا?قرا (?:ايضا|المزيد|كذلك|كل)|شاهد\w*|للمزيد|المزيد|"
    r"(?:مواضيع|مقالات|اخبار|موضوعات|مواد) (?:ذات صله|متعلقه|مشابهه|مرتبطه)|سجل|اضغط|انقر|اعلانات?|تعليقات?|التعليقات|"
    r"(?:كلمات|الكلمات) (?:مفتاحيه|دلاليه|المفتاحيه|الدلاليه)|الوسوم|(?:ال)?اكثر (?:قراءه|مشاهده)|مشاهدات?|مشاهده|طباعه|حجم الخط|"
    r"معرض|صوره?|الصور|فيديو|الفيديو|تليج?غرام|تيليج?رام|واتس ?اب|فيسبوك|تويتر)(?!\w)"
)


def packed(found: Sequence[Part]) -> bytes:
    """Parts as the catalogue keeps them."""
    starts = np.diff([part.start for part in found], prepend=0)
    rows = zip(starts.tolist(), (part.role for part in found), (part.digest for part in found), strict=True)
    return packing.pack_numbers([number for row in rows for number in row])


def unpacked(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Rows of (start, role, digest), shape ``(parts, 3)``, of what `packed` packed."""
    rows = numbers.reshape(-1, 3).copy()
    rows[:, 0] = np.cumsum(rows[:, 0])
    return rows


def repeated(marks: Iterable[bytes], voices: npt.NDArray[np.int64]) -> list[int]:
    """The digests, ascending, of lines that are frame because many documents have them.

    ``marks``: of each document, `packed`; ``voices``: of each the number of its group of copies, shape ``(documents,)``, for
    copies of one text repeat all of it and count once.
    """
    many = max(_FEWEST_TIMES, math.ceil(_TIMES * math.sqrt(len(np.unique(voices)))))
    said: dict[Role, list[npt.NDArray[np.int64]]] = {Role.LINE: [], Role.SENTENCE: []}
    waiting, first = iter(marks), 0
    while few := list(islice(waiting, _AT_ONCE)):
        rows = packing.unpack_runs(few)
        voice = np.repeat(voices[first : first + len(few)], [len(each) // 3 for each in rows])
        first += len(few)
        _, role, digest = np.concatenate(rows).reshape(-1, 3).T
        for wanted, found in said.items():
            here = role == wanted
            found.append(voice[here] << 32 | digest[here])
    often: set[int] = set()
    for wanted, least in ((Role.LINE, many), (Role.SENTENCE, 3 * many)):
        # A copy that says it again is no other voice.
        each = distinct(np.concatenate([np.zeros(0, np.int64), *said[wanted]]))
        digests, times = np.unique(each & 0xFFFFFFFF, return_counts=True)
        often.update(digests[times >= least].tolist())
    return sorted(often)


def parts(text: str, spans: Sequence[Span], title: str) -> list[Part]:
    """The sentences ``spans`` of the article ``text`` that are, or may turn out to be, none of its own, in order."""
    # Facts that stand before an article are none of it.
    before = metadata.front_matter(text).end
    above = sum(span.end <= before for span in spans)
    found = [Part(span.start, Role.FRAME) for span in spans[:above]]
    spans = spans[above:]
    units = [_unit(text, span, spans[number - 1].end if number else 0) for number, span in enumerate(spans)]
    prose = [number for number in (_first(units, 1), _first(units, -1)) if number is not None]
    first, last = (prose[0], prose[-1]) if prose else (0, len(units) - 1)
    named, words = _plain(title), count_words(title)
    roles: dict[int, Part] = {}
    headlined = False
    for number, unit in _looked_at(units, first, last):
        role: Role | None
        if (
            named
            and abs(unit.words - words) < _EDGE
            and unit.plain == named
            and len(units) > 1
            and not _is_sentence(unit)
        ):
            # Below the article, or again, it is a link to it.
            role = Role.FRAME if headlined or (prose and number > last) else Role.HEADLINE
            headlined = True
        else:
            role = _role(units, number, first, last, bool(prose))
        if role is not None:
            digest = zlib.crc32(unit.plain.encode()) if role in (Role.LINE, Role.SENTENCE) else 0
            roles[number] = Part(unit.start, role, digest)
    for number in _headlines(units, last, roles) if prose else ():
        roles[number] = Part(units[number].start, Role.FRAME)
    for number in range(1, len(units) - 1):
        # What stands alone between two lines of the frame belongs to it.
        around = (roles.get(number - 1), roles.get(number + 1))
        if (
            all(part and part.role is Role.FRAME for part in around)
            and (number not in roles or roles[number].role is not Role.HEADLINE)
            and not units[number].stopped
            and units[number].words <= _SHORT + 2
        ):
            roles[number] = Part(units[number].start, Role.FRAME)
    found += [roles[number] for number in sorted(roles)]
    return found if len(found) <= _MOST else found[: _MOST // 2] + found[-_MOST // 2 :]


class _Unit:
    """A sentence and its shape. What is costly is looked at only where it is asked for."""

    __slots__ = ("_plain", "begins", "start", "stopped", "text", "words")

    def __init__(self, text: str, start: int, begins: bool) -> None:
        self.text, self.start, self.begins = text, start, begins
        self.words = count_words(text)
        self.stopped = bool(_STOPPED.search(text[-_ENDING:]))
        self._plain: str | None = None

    @property
    def plain(self) -> str:
        if self._plain is None:
            self._plain = _plain(self.text)
        return self._plain

    @property
    def colon(self) -> bool:
        return bool(_COLON.search(self.text[-_ENDING:]))

    @property
    def cue(self) -> bool:
        words = self.plain.split()
        short = not self.stopped and self.words <= _SHORT + 2
        return bool(_CALL.search(" ".join(words[:_LISTED])) or (short and _WORD.search(" ".join(words[:_CUE_WITHIN]))))

    @property
    def announced(self) -> bool:
        """Whether a cue and a colon stand before the rest: "Read also: ..."."""
        label, colon, rest = self.text[:40].replace("：", ":").partition(":")
        plain = _plain(label) if colon and rest else ""
        return bool(_CALL.fullmatch(plain) or _WORD.fullmatch(plain))

    @property
    def link(self) -> bool:
        if self.words > _LISTED and not any(mark in self.text for mark in ("://", "www.", "@", "#")):
            return False
        beginning = self.text[:_LINE]
        return sum(len(match.group()) for match in _LINK.finditer(beginning)) >= _MUCH * len(beginning)

    @property
    def labelled(self) -> bool:
        return metadata.is_label(self.text)

    @property
    def masthead(self) -> bool:
        return len(self.text) <= _LINE and metadata.is_masthead(self.text)

    @property
    def dated(self) -> bool:
        return self.words <= 2 * _SHORT and any(map(str.isdigit, self.text)) and metadata.is_date_line(self.text)

    def is_prose(self, opening: bool) -> bool:
        """Whether this is surely a sentence of an article; the ``opening`` one may speak of an article, too."""
        if not (self.words >= _PROSE and self.stopped) and self.words < _LONG:
            return False
        return not ((self.cue and not opening) or self.link or self.dated or self.masthead)


def _unit(text: str, span: Span, before: int) -> _Unit:
    gap = text[max(before, span.start - 40) : span.start]
    return _Unit(text[span.start : span.end], span.start, before == 0 or "\n" in gap or "\r" in gap)


def _plain(text: str) -> str:
    """Folded words without their punctuation, for comparing and for the cues."""
    return " ".join(re.findall(r"\w+", normalize_arabic(fold(text).text.lower())))


def _first(units: Sequence[_Unit], step: int) -> int | None:
    """The first unit of prose from either end."""
    places = range(len(units)) if step > 0 else range(len(units) - 1, -1, -1)
    return next((number for number in places if units[number].is_prose(step > 0)), None)


def _looked_at(units: Sequence[_Unit], first: int, last: int) -> Iterator[tuple[int, _Unit]]:
    """The units that can be anything else than the article: at both ends, and lines of their own within it."""
    for number, unit in enumerate(units):
        if _FAR <= number < len(units) - _FAR:
            continue
        edge = number < first + _EDGE or number > last - _EDGE or number < _NEAR
        if edge or (unit.begins and not unit.stopped and unit.words <= _LISTED):
            yield number, unit


def _role(units: Sequence[_Unit], number: int, first: int, last: int, prose: bool) -> Role | None:
    unit = units[number]
    if _weight(units, number, first, last, prose) >= 2:
        return Role.FRAME
    edge = number < _EDGE + 1 or number >= len(units) - _EDGE
    if unit.words > _REPEATABLE or not (edge or (unit.begins and not unit.stopped)) or not unit.plain:
        return None
    return Role.SENTENCE if unit.stopped else Role.LINE


def _weight(units: Sequence[_Unit], number: int, first: int, last: int, prose: bool) -> int:
    """How many signs speak for the frame, less those that speak against it."""
    unit = units[number]
    head, tail = prose and number < first, prose and number > last
    cue, link = unit.cue, unit.link
    weight = int(head or tail) + cue + link
    if not unit.stopped and unit.announced:
        return 2
    if unit.stopped and not (head or tail):
        return 0
    if _SIGN.match(unit.text):
        weight += 1
    if _BYLINE.match(unit.plain) and unit.words <= _SHORT and not unit.stopped:
        weight += 1
    if ((head or tail) and unit.labelled) or (head and unit.masthead):
        weight += 2
    listed = _ITEM.match(unit.text) or _in_list(units, number)
    if (
        (number < _NEAR or tail)
        and not listed
        and unit.dated
        and not any(other.dated for other in units[: min(number, _NEAR)])
    ):
        weight += 2  # a second date is that of something else
    if listed or _GOES_ON.match(unit.plain):
        return weight - 1 - (not (cue or link))
    if not unit.stopped and not _OPEN.search(unit.text[-_ENDING:]):
        plainly = ":" not in unit.text and not any(map(str.isdigit, unit.text))
        # What follows a sentence in its line is likelier the beginning of one that was cut off.
        alone = unit.begins or unit.words <= _SHORT // 2 or _ENCLOSED.fullmatch(unit.text)
        weight += bool(unit.words <= _SHORT and alone and (plainly or cue))
    return weight


def _is_sentence(unit: _Unit) -> bool:
    """Whether what is taken for the title is the first sentence of a text without one."""
    return bool(_FULL_STOP.search(unit.text[-_ENDING:])) or unit.is_prose(True)


def _headlines(units: Sequence[_Unit], last: int, roles: dict[int, Part]) -> Iterator[int]:
    """Lines below the article that are like headlines, two or more in a row, where something else of a frame stands, too."""
    tail = range(last + 1, len(units))
    if not any(
        number in roles and roles[number].role is Role.FRAME for number in range(max(0, last - _EDGE), len(units))
    ):
        return
    alike = {number for number in tail[-_FAR:] if _is_headline(units[number]) and not _in_list(units, number)}
    yield from (number for number in alike if number - 1 in alike or number + 1 in alike)


def _is_headline(unit: _Unit) -> bool:
    """Whether a line is like the headline of another article."""
    return (
        unit.begins
        and not unit.stopped
        and not unit.colon
        and 3 < unit.words <= _LISTED
        and len(unit.text) <= _LINE
        and not re.search(r"\s[*/–—:-]\s", unit.text)
        and not _FIELD.fullmatch(unit.text)
        and not _ITEM.match(unit.text)
        and not _GOES_ON.match(unit.plain)
    )


def _in_list(units: Sequence[_Unit], number: int) -> bool:
    """Whether a line is among those that a colon announces."""
    for other in range(number - 1, max(-1, number - 1 - _LISTED), -1):
        unit = units[other]
        if unit.colon and not unit.labelled and not unit.cue:
            return True
        if unit.stopped and unit.words >= _PROSE:
            return False
    return False
