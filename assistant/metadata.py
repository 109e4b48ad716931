"""What an article says about itself: title, date, outlet and address.

Only what the article states of itself counts. A date in a sentence of the body is a date of the story, not of the
article; it must stand on a line of its own near the top, or beside a word of publishing. When in doubt the answer is
``None``: a missing date does no harm, a wrong one does.

Markdown may state all of it in a block of its own before the text (front matter), which is believed before any line.
Scraped articles begin with what stood above the title (a stray word, a section, the name of the site) and end with
what stood below the text (source, tags, related headlines), so the first and last lines are read by their shape.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from assistant.front_matter import block_of
from assistant.language.dates import parse_dates
from assistant.language.glossary import places
from assistant.language.sentences import count_words
from assistant.language.text import fold, language_of, normalize_arabic

TITLE_LENGTH = 200
_HEAD, _TAIL = 12, 12
"""Lines, blank ones aside, that can belong to the frame of the article rather than to its body."""
_LONGEST_LINE = 600
_YEARS = range(1800, 2101)


class Metadata(NamedTuple):
    """The title is never empty; the rest is ``None`` where the article does not state it."""

    title: str
    date: dt.date | None
    outlet: str | None
    url: str | None
    author: str | None = None


_LINE = re.compile("[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_FRONT_MATTER = re.compile(r"---\s*")
_LABEL = re.compile(r"[*_#>\s-]*(?P<name>[^\W\d_][\w ]{2,24}?)\s*[*_]*\s*[:|：]\s*[*_]*\s*(?P<value>\S.*)", re.DOTALL)
_LABELS = {
    "title": ("title", "headline", "العنوان", "عنوان المقال"),
    "date": (
        *("date", "published", "publication date", "posted", "published on", "date published"),
        *("التاريخ", "تاريخ النشر", "تاريخ", "نشر في", "نشر بتاريخ"),
    ),
    "outlet": (
        *("source", "outlet", "publisher", "publication", "newspaper", "site"),
        *("المصدر", "مصدر", "الصحيفة", "الموقع", "الناشر", "نقلا عن"),
    ),
    "url": (
        "url",
        "link",
        "source",
        "source url",
        "permalink",
        "canonical",
        "canonical url",
        "original url",
        "الرابط",
        "رابط",
        "رابط المقال",
        "المصدر",
    ),
}
_AUTHOR = ("author", "authors", "byline", "by", "writer", "الكاتب", "المؤلف", "بقلم")
_URL = re.compile(r"https?://[^\s<>\"'«»،؛]+")
# The article speaks of itself ("This post was published", "تم نشر المشاركة"): newspapers in the story publish too.
_PUBLISHED = re.compile(
    r"\b(?:this|the)\s+(?:article|post|story|piece|report|column|essay)\b.{0,300}?\b(?:published|posted|appeared)\b"
    r"|(?:نشر|نُشر|نشرت|نُشرت)\s+(?:هذا\s+|هذه\s+)?(?:ال)(?:مقال|مقالة|مشاركة|خبر|تقرير|تدوينة|مادة|موضوع|قصة)(?!\w)",
    re.IGNORECASE,
)
_PUBLISHING_WORD = re.compile(r"\b(?:published|posted)\b|نُ?شر", re.IGNORECASE)
_PLACE = r"(?:مدونة|موقع|صحيفة|جريدة|مجلة|وكالة|شبكة|قناة|بوابة)"
_PUBLISHED_BY = (
    re.compile(
        rf"(?:على|في|عن)\s+{_PLACE}\s+(?P<name>[^،.|]{{2,60}}?)(?:\s+(?:على|في|بتاريخ|يوم)\s|\s*[،|]|\s*\.?\s*$)"
    ),
    re.compile(r"\bappeared\s+(?:first\s+)?(?:on|in)\s+(?:the\s+)?(?P<name>[^,|]{2,60}?)\s*\.?\s*$", re.IGNORECASE),
    re.compile(
        r"\b(?:published|posted)\s+(?:\w+\s+)?(?:by|on|in|at)\s+(?:the\s+)?(?P<name>[A-Z][^,|]{1,50}?)"
        r"(?:\s+(?:blog|website|site))?\s+(?:at|on)\s",
    ),
)
_GENERIC_SOURCE = re.compile(r"(?:ال)?وكالات|مواقع|متابعات|agencies|news agencies|staff|رصد|خاص", re.IGNORECASE)
_OUTLET = re.compile(
    r".*\b(?:news|times|post|daily|gazette|herald|tribune|guardian|press|agency|journal|blog|tv|online|today|magazine|"
    r"network|chronicle|observer|radio)|.*\w\.(?:com|net|org|info)|(?:daily|radio)\s.*|"
    r"(?:موقع|صحيفة|جريدة|مجلة|وكالة|قناة|شبكة|بوابة|مدونة|إذاعة)\s.*|.*\s(?:نيوز|برس|أونلاين|اونلاين|نت|تابلويد)",
    re.IGNORECASE,
)
# Lines below the title of which one may open with a dateline (a byline, a summary may come before it), and how that ends.
_OPENING, _LONGEST_DATELINE, _PLACE_WORDS = 4, 120, 4
_DATELINE_END = re.compile(r"\s+[-–—]+\s+|\s*[–—]+\s*|$")
_BRACKETS = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_SEPARATOR = re.compile(r"\s+[|I•·–—:»-]\s+|\s*[|•·]\s*|\s*:\s+")
# Folded, without harakat.
_DATE_LINE_WORDS = frozenset(
    word
    for line in (
        "published posted updated last on at by am pm a.m p.m gmt utc est edt bst ist et the date edition time",
        "first written reading min minutes read ago modified",
        "ص م صباحا مساء ظهرا الساعة بتوقيت توقيت غرينتش جرينتش مكة المكرمة القاهرة بيروت دمشق تونس الرياض في نشر",
        "نشرت تم النشر بتاريخ تاريخ آخر اخر تحديث التحديث يوم الموافق كتب كتبت بقلم من دقيقة دقائق قراءة ه",
    )
    for word in line.split()
)
_UPDATED = re.compile(r"(?:updated|modified|تحديث)\W*(?:\w+\W+){0,2}$", re.IGNORECASE)
_BYLINE = re.compile(r"^\W*(?:by|written by|كتب|كتبت|بقلم|إعداد|تحرير|ترجمة)\b", re.IGNORECASE)
_FINAL_STOP = re.compile(r"[.؛،:][\"'”»)\]\s]*$")
_MARKDOWN = re.compile(r"^[#>*_\s=-]+|[#*_\s]+$")


def metadata(text: str, stem: str) -> Metadata:
    """Read the metadata of the article ``text``; ``stem`` is its title when no line of it has a letter."""
    matter = front_matter(text)
    facts, text = matter.facts, text[matter.end :]
    head, tail = _ends(text)
    labels = _labelled(head)
    tail_labels = _labelled(tail)
    day_first = True if language_of(text[:4000]) == "ar" else None
    body = [line for line in head if not _FRONT_MATTER.fullmatch(line) and _label(line) is None]
    masthead, title = _title(body or head)
    if "title" in labels:
        title = labels["title"]
    date = (
        _first_date(labels.get("date", ""), day_first)
        or _line_date(head, title, day_first)
        or _first_date(tail_labels.get("date", ""), day_first)
        or _published_date(tail, day_first)
        or _dateline_date(body, title, day_first)
    )
    outlet = (
        _source(labels.get("outlet"))
        or (masthead and _piece(masthead, text))
        or _source(tail_labels.get("outlet"))
        or _publisher(tail)
    )
    url = _url(labels.get("url")) or _own_url(head[:4]) or _url(tail_labels.get("url")) or _published_url(tail)
    return Metadata(
        shorten(facts.get("title", "")) or shorten(title) or stem,
        _first_date(facts.get("date", ""), day_first) or date,
        _source(facts.get("outlet")) or outlet or None,
        _url(facts.get("url")) or url,
        _author(facts.get("author")),
    )


class FrontMatter(NamedTuple):
    """Facts that stand above an article in a block of their own, which ends at the character ``end``; 0: there is none.

    ``facts``: *title*, *date*, *outlet*, *url* and *author*, as far as they are stated.
    """

    end: int
    facts: dict[str, str]


def front_matter(text: str) -> FrontMatter:
    """The block of ``key: value`` lines between ``---``, or of TOML between ``+++``, with which a text begins.

    What cannot be read so, or states nothing that is known here, is no such block but text. Of YAML only plain values and the first of a list are read.
    """
    block = block_of(text)
    facts: dict[str, str] = {}
    for name, value in block.stated.items():
        plain = " ".join(re.sub(r"[_-]", " ", name).casefold().split())
        for kind, names in (*_LABELS.items(), ("author", _AUTHOR)):
            address = bool(_URL.match(value))
            if plain in names and value and (kind != "url" or address) and (kind != "outlet" or not address):
                facts.setdefault(kind, value[:_LONGEST_LINE])
    return FrontMatter(block.end, facts) if facts else FrontMatter(0, {})


def is_label(line: str) -> bool:
    """Whether a line states title, date, outlet or address as a label does: ``المصدر | الخليج الجديد``."""
    return _label(line.strip()) is not None


def is_date_line(line: str) -> bool:
    """Whether a line holds a date and nothing else but times, words of publishing or a byline."""
    return _is_date_line(line.strip())


def is_masthead(line: str) -> bool:
    """Whether a line is the name of an outlet, perhaps with that of a section or a motto."""
    return _is_masthead(line.strip())


def _ends(text: str) -> tuple[list[str], list[str]]:
    """The first and the last lines that are not blank, without reading the whole of a long text."""
    head = _lines(text[: _HEAD * _LONGEST_LINE])[:_HEAD]
    tail = _lines(text[-_TAIL * _LONGEST_LINE :])
    if len(text) > _TAIL * _LONGEST_LINE:
        # The first of them is cut off somewhere within.
        tail = tail[1:]
    tail = tail[-_TAIL:]
    return head, tail


def _lines(text: str) -> list[str]:
    lines = (match.group().strip("\ufeff\u200e\u200f \t\u00a0") for match in _LINE.finditer(text))
    return [line for line in lines if line]


def _label(line: str) -> tuple[str, str] | None:
    """The kind and the value of a line such as ``Published: 13 May 2022`` or ``المصدر | الخليج الجديد``."""
    match = _LABEL.fullmatch(line) if len(line) <= 300 else None
    if match is None:
        return None
    name, value = " ".join(match["name"].casefold().split()), match["value"].strip(" \"'*_")
    for kind, names in _LABELS.items():
        if name in names and (kind != "url" or _URL.match(value)) and (kind != "outlet" or not _URL.match(value)):
            return kind, value
    return None


def _labelled(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        label = _label(line)
        if label:
            found.setdefault(*label)
    return found


def _title(lines: list[str]) -> tuple[str | None, str]:
    """The masthead above the title, if any, and the title: the first line that is neither that nor a stray word."""
    worded = [line for line in lines if any(character.isalpha() for character in line)]
    if not worded:
        return None, ""
    candidates = [line for line in worded if not _URL.fullmatch(line) and not _is_date_line(line)] or worded
    masthead = None
    # What stands below a title is its lead or its body. Only if the line that ends a run of stray words and mastheads
    # looks like a title, and more follows, were they above the title rather than the title itself.
    for index, line in enumerate(candidates[:6]):
        if index and _is_headline(line) and index + 1 < len(candidates):
            return masthead, _MARKDOWN.sub("", line)
        if _is_masthead(line):
            masthead = masthead or line
        elif not _is_stray(line):
            break
    return None, _MARKDOWN.sub("", candidates[0])


def _is_headline(line: str) -> bool:
    return (
        3 < count_words(line) <= 30
        and not _FINAL_STOP.search(line)
        and not _is_date_line(line)
        and not _BYLINE.match(line)
    )


def _is_stray(line: str) -> bool:
    return count_words(line) < 2 and not line.endswith(("?", "؟", "!"))


def _is_masthead(line: str) -> bool:
    pieces = _pieces(line)
    longest = 4 if len(pieces) == 1 else 5
    return (
        len(pieces) <= 4 and all(count_words(piece) <= longest for piece in pieces) and any(map(_names_outlet, pieces))
    )


def _names_outlet(piece: str) -> bool:
    """``Lebanon News`` does; ``News`` is a section."""
    return bool(_OUTLET.fullmatch(piece)) and (count_words(piece) > 1 or "." in piece)


def _pieces(line: str) -> list[str]:
    pieces = [piece.strip(" !.،") for piece in _SEPARATOR.split(line)]
    return [piece for piece in pieces if any(character.isalpha() for character in piece)]


def _piece(masthead: str, text: str) -> str:
    """The name in a masthead: the piece that the page repeats, else the first."""
    pieces = _pieces(masthead)
    repeated = [piece for piece in pieces if text.count(piece) > 1]
    return (repeated or list(filter(_names_outlet, pieces)))[0]


def _is_date_line(line: str) -> bool:
    return len(line) <= 120 and bool(_standing_dates(line, day_first=True))


def _standing_dates(line: str, day_first: bool | None) -> list[dt.date]:
    """The dates of a line that holds nothing else but times, places of a clock, words of publishing or a byline."""
    dates = parse_dates(line, day_first=day_first)
    if not dates:
        return []
    rest, last = "", 0
    kept: list[dt.date] = []
    updates: list[dt.date] = []
    for date, span in dates:
        rest += " " + line[last : span.start]
        (updates if _UPDATED.search(line[: span.start]) else kept).append(date)
        last = span.end
    rest += " " + line[last:]
    words = [
        word
        for word in re.findall(r"[^\W\d_][\w.]*", fold(rest).text)
        if word.rstrip(".").lower() not in _DATE_LINE_WORDS
    ]
    allowed = 5 if _BYLINE.match(line) or re.search(r"[|–—•·-]|\s/\s", rest) else 0
    if len(words) > allowed or _FINAL_STOP.search(line):
        return []
    return kept + updates


def _plausible(dates: list[dt.date]) -> dt.date | None:
    return next((date for date in dates if date.year in _YEARS), None)


def _first_date(value: str, day_first: bool | None) -> dt.date | None:
    return _plausible([date for date, _ in parse_dates(value[:200], day_first=day_first)])


def _line_date(head: list[str], title: str, day_first: bool | None) -> dt.date | None:
    for line in head:
        if len(line) <= 120 and line != title:
            date = _plausible(_standing_dates(line, day_first))
            if date:
                return date
    return None


def _dateline_date(lines: list[str], title: str, day_first: bool | None) -> dt.date | None:
    """The day of the dateline that the article opens with, before a dash or alone: ``LISBON, January 18, 2025 (Atlantic Press) - ``."""
    for line in [line for line in lines if line != title][:_OPENING]:
        for end in _DATELINE_END.finditer(line[:_LONGEST_DATELINE]):
            opening = _BRACKETS.sub(" ", line[: end.start()])
            dates = parse_dates(opening, day_first=day_first)
            if len(dates) != 1 or "(" in opening or (not end.group() and end.end() < len(line)):
                continue
            ((date, span),) = dates
            if _is_dateline(opening[: span.start], opening[span.end :]):
                return _plausible([date])
    return None


def _is_dateline(before: str, after: str) -> bool:
    """Whether what stands around a day names a place, and perhaps an agency, and tells nothing."""
    known = places()
    words, place = (
        # The clocks of some cities are words of a date line, too.
        [w for w in _WORD.findall(fold(text).text) if w.lower() not in _DATE_LINE_WORDS or normalize_arabic(w) in known]
        for text in (f"{before} {after}", before)
    )
    # Of Latin names every word has its capital.
    if not place or len(words) > _PLACE_WORDS or any(word.isascii() and not word[0].isupper() for word in words):
        return False
    if place[0].isascii():
        return all(map(str.isupper, place)) or not known.isdisjoint((place[0], place[-1]))
    ends = map(normalize_arabic, (place[0], place[-1]))
    return not known.isdisjoint(ends) or (len(place) <= 2 and before.rstrip()[-1] in "،,/-–—")


def _published_date(tail: list[str], day_first: bool | None) -> dt.date | None:
    for line in reversed(tail):
        if len(line) > _LONGEST_LINE:
            continue
        dates: list[dt.date] = []
        if _PUBLISHED.search(line):
            dates = [date for date, _ in parse_dates(line, day_first=day_first)]
        elif _PUBLISHING_WORD.search(line):
            dates = _standing_dates(line, day_first)
        if len(set(dates)) == 1:
            return _plausible(dates)
    return None


def _source(value: str | None) -> str | None:
    """The first outlet of a source line; ``وكالات`` (agencies) is nobody in particular."""
    if not value:
        return None
    for name in re.split(r"\s*[+|،,;/]\s*|\s+-\s+", _URL.sub("", value)):
        name = name.strip(" .\"'*_()")
        if name and count_words(name) in range(1, 7) and not _GENERIC_SOURCE.fullmatch(name):
            return name
    return None


def _publisher(tail: list[str]) -> str | None:
    for line in reversed(tail):
        if len(line) <= _LONGEST_LINE and _PUBLISHED.search(line):
            for pattern in _PUBLISHED_BY:
                match = pattern.search(line)
                if match and count_words(match["name"]) <= 6:
                    return match["name"].strip(" \"'«»")
    return None


def _author(value: str | None) -> str | None:
    return shorten(value) or None if value else None


def _url(value: str | None) -> str | None:
    match = _URL.search(value) if value else None
    return match.group().rstrip(".,;:!?)]}*_") if match else None


def _own_url(lines: list[str]) -> str | None:
    return next((_url(line) for line in lines if _URL.fullmatch(line)), None)


def _published_url(tail: list[str]) -> str | None:
    return next((_url(line) for line in reversed(tail) if _PUBLISHED.search(line) and _URL.search(line)), None)


def shorten(title: str) -> str:
    """``title`` in one line of at most `TITLE_LENGTH` characters."""
    title = " ".join(title.split())
    if len(title) <= TITLE_LENGTH:
        return title
    cut = title.rfind(" ", TITLE_LENGTH // 2, TITLE_LENGTH)
    return title[: cut if cut > 0 else TITLE_LENGTH - 1].rstrip(" ،,;:-") + "…"
