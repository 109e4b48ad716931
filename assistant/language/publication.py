"""Questions about an article as something published: who wrote it, when, and where it appeared.

What such a question says of publishing ("the story", "published") says nothing of what the article is about.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from assistant.language.text import fold, normalize_arabic


class Fact(Enum):
    """What is asked of an article."""

    AUTHOR = "author"
    DAY = "day"
    OUTLET = "outlet"


class Asking(NamedTuple):
    """``piece``: what the article is called, as the question has it; ``by``: who published it."""

    fact: Fact
    piece: str
    by: str | None

    @property
    def told(self) -> bool:
        """Whether such a thing is told of by articles more often than it is one."""
        return any(told and kin.fullmatch(self.piece) for kin, told in _KIN)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(normalize_arabic(pattern))


class _Called(NamedTuple):
    """What an article may be called, in both languages. ``told``: articles tell of such a thing more often than they are one.
    ``like``: what else it may be that an article tells of.
    """

    english: str
    arabic: str
    told: bool
    like: str

    @property
    def named(self) -> re.Pattern[str]:
        """Such a thing in a text. An article with a number is one of a law."""
        return _compiled(
            rf"\b(?:{self.english}|{self.like})\b(?! (?:\d|[ivx]+\b))"
            rf"|(?<!\w)[وفبل]{{0,2}}(?:ال|ل)?(?:{self.arabic})(?:ه|ها|ا|ين|ان)?(?!\w)"
        )


_CALLED = (
    _Called(r"articles?", r"مقال|مقالة", told=False, like="essays?|op-?ed|editorials?"),
    _Called(r"stor(?:y|ies)", r"خبر|قصة", told=False, like="novels?|tales?|fables?"),
    _Called(r"news", r"أخبار|أنباء|نبأ", told=True, like="reports?"),
    _Called(r"reports?", r"تقرير", told=True, like="stud(?:y|ies)|findings|documents?|dossiers?"),
    _Called(r"posts?|columns?|pieces?|write-?ups?", r"تدوينة|منشور|موضوع", told=True, like="tweets?|blogs?"),
)
_KIN = [(called.named, called.told) for called in _CALLED]
_PIECES = "|".join(called.english for called in _CALLED)
_PIECES_AR = "|".join(called.arabic for called in _CALLED)
_PIECE = f"(?P<piece>{_PIECES})"
_PIECE_AR = f"(?P<piece>(?:ال)?(?:{_PIECES_AR})(?:ها?)?)"
_PLACE = r"(?:newspaper|paper|outlet|site|website|magazine|agency|publication|publisher|blog|channel|source|platform)s?"
_PLACE_AR = r"(?:ال)?(?:صحيفة|جريدة|موقع|مدونة|وكالة|قناة|مجلة|منصة)"
_OUT = r"(?:published|posted|printed|written)"
_OUT_AR = r"(?:نشر|صدر|كتب)(?:ت|ه|ها)?"

# A question is about an article as a whole, or about something that an article tells of: only one that has nothing else to say is
# read, from its first word to its last.
_LEAD = r"(?:(?:and|so|please|tell me|do you know|can you tell me|could you tell me),? )?"
_THE = r"(?:the|this|that|its|their|his|her|an?) "
_TITLE = r"(?:(?!(?:who|which|that|whose|over|by|for|to|at|of|on|in|about|an?|the|and|or|with|from|after|before|as|is|was|were|did)\b|\w+ed\b)[\w'’-]+ ){0,4}?"
_ABOUT = r"(?: (?:about|on|of|regarding|concerning|covering|describing|titled|entitled|called|headlined|from|in)\b.{1,200}?)?"
_ARTICLE = rf"{_THE}{_TITLE}{_PIECE}{_ABOUT}"
_WHEN = r"(?:when|(?:on |at )?(?:what|which) (?:date|day|time|month|year))"
_WHICH = rf"(?:which|what) (?:\w+ )?{_PLACE}"
_LEAD_AR = r"[وف]?(?:هل تعرف |أخبرني |قل لي )?"
_ARTICLE_AR = rf"(?:هذا |هذه |ذلك |تلك )?{_PIECE_AR}(?: .{{1,200}})?"
_BY_AR = r"(?:(?!(?:على|عن|في|من|إلى|بعد|قبل|هذا|هذه|ذلك|تلك|كاتب|صاحب)\b)\w+ ){1,4}?"
_ASKING = {
    Fact.AUTHOR: (
        rf"(?:who|by whom) (?:wrote|authored|penned|(?:is|was) the (?:author|writer) of) {_ARTICLE}",
        rf"(?:who|by whom) was {_ARTICLE} (?:written|authored)(?: by)?",
        rf"{_ARTICLE} (?:is|was) (?:written|authored) by whom?",
        rf"من (?:هو |هي )?(?:الذي |التي )?(?:كتب|كتبت|كاتب|كاتبة|مؤلف|مؤلفة|صاحب|صاحبة|معد|معدة) {_ARTICLE_AR}",
        rf"بقلم من (?:كتب |كتبت |نشر )?{_ARTICLE_AR}",
    ),
    Fact.DAY: (
        rf"{_WHEN} (?:was|were) {_ARTICLE} (?:first )?{_OUT}",
        rf"{_WHEN} did {_ARTICLE} (?:appear|come out|run)",
        rf"{_WHEN} did (?P<by>(?:[\w.'-]+ ){{1,5}}?)(?:publish|post|run|carry|print|write) {_ARTICLE}",
        rf"what(?: is|'s| was) the (?:publication )?date of {_ARTICLE}",
        rf"(?:متى|في أي يوم|في أي تاريخ|بأي تاريخ) (?:تم |جرى )?{_OUT_AR} {_ARTICLE_AR}",
        rf"(?:متى|في أي يوم|في أي تاريخ|بأي تاريخ) (?:نشر|كتب)ت? (?P<by>{_BY_AR}){_ARTICLE_AR}",
        rf"ما (?:هو )?تاريخ (?:نشر |صدور |كتابة )?{_ARTICLE_AR}",
    ),
    Fact.OUTLET: (
        rf"{_WHICH} (?:has |have |first )*(?:published|ran|run|carried|printed|posted|has) {_ARTICLE}",
        # Who the source of a story is, is asked of those who told it.
        rf"(?:what|{_WHICH}) (?:is|was) the (?:source|publisher|outlet) of {_ARTICLE}",
        rf"who (?:is|was) the publisher of {_ARTICLE}",
        rf"(?:in|on|by) {_WHICH} (?:was|did|is) {_ARTICLE}(?: {_OUT}| appear| run| come out)?",
        rf"{_WHICH} (?:was|is) {_ARTICLE} {_OUT}(?: in| on| by)?",
        rf"where (?:was|is) {_ARTICLE} (?:published|posted|printed)",
        rf"(?:في |على )?(?:أي|اي|أية|ما|ما هي|ما هو) {_PLACE_AR} (?:التي |الذي )?{_OUT_AR} {_ARTICLE_AR}",
        rf"ما (?:هو |هي )?(?:مصدر|ناشر) {_ARTICLE_AR}",
        rf"أين (?:تم )?{_OUT_AR} {_ARTICLE_AR}",
    ),
}
_PATTERNS = [
    (fact, _compiled(f"{_LEAD if pattern.isascii() else _LEAD_AR}(?:{pattern})"))
    for fact, patterns in _ASKING.items()
    for pattern in patterns
]
# "The report of the United Nations" is theirs, and the story of Frankenstein older; that on the flood may be the article.
_OF_SOMEBODY = _compiled(
    rf"(?:{'|'.join(called.english for called in _CALLED if called.told)}) (?:of|from|by)\b|stor(?:y|ies) of\b"
    rf"|(?:ال)?(?:{'|'.join(called.arabic for called in _CALLED if called.told)}|قصة) (?!(?:عن|حول|بشأن|بخصوص)\b|المتعلق|الخاص)"
)
# An article in a constitution is one of its own; in Arabic it is called otherwise.
_LAW = r"(?:constitution|treaty|law|charter|agreement|accord|pact|covenant|convention|statute|protocol|code|bill|act|contract)s?"
_OF_A_LAW = _compiled(
    rf"articles? (?:.* )?(?:in|from|under) (?:the|this|that|its|[\w-]+['’]s) (?:[\w-]+ ){{0,3}}{_LAW}\b"
    rf"|articles? of (?:the|this|that|its|[\w-]+['’]s) (?:[\w-]+ ){{0,3}}{_LAW}\b"
)
_BY_A_LAW = _compiled(rf"\b{_LAW}['’]s? (?:[\w-]+ ){{0,3}}articles?$")
# How a text is said to have come about: when, by whom, and where.
_MADE = r"\b(?:was|were|is|are|been|being) (?:\w+ ){0,2}?(?:written|drafted|authored|penned|composed|published|printed|posted|released|issued)\b"
_MADE_AR = (
    r"(?<!\w)[وف]?(?:قد )?(?:(?:كتب|صيغ|وضع|نشر|صدر|حرر|دون)ت?|تمت? (?:كتاب|صياغ|تحرير|نشر|وضع|اصدار)ت?(?:ه|ها)) "
)
# Of an active verb, which is spelled alike, only that somebody wrote something.
_WRITTEN_AR = r"(?<!\w)[وف]?(?:قد )?(?:كتب|صيغ|حرر|دون)ت? (?:(?!(?:على|في|عن|إن|أن)\b)\w+ ){0,5}?"
_TELLS = {
    Fact.AUTHOR: _compiled(rf"{_MADE} by\b|{_MADE_AR}(?:\w+ ){{0,5}}?(?:على يد|من قبل|من طرف|بقلم|بيد)(?!\w)"),
    Fact.DAY: _compiled(
        rf"{_MADE}.*\d|(?:{_MADE_AR}(?:لأول مرة )?|{_WRITTEN_AR})(?:في|عام|سنة|يوم|بتاريخ|قبل|منذ|خلال)(?!\w).*\d"
    ),
    Fact.OUTLET: _compiled(rf"{_MADE} (?:in|by|on)\b|{_MADE_AR}(?:لأول مرة )?(?:في|على|عن|من قبل)(?!\w)"),
}
_GOES_ON = _compiled(r"\W*(?:it|they|this|that|these|those)\b|\W*(?:وقد|وكانت?|وتمت?|قد|كتب|صيغ|وضع|نشر|صدر)ت?(?!\w)")
_AGENCIES = _compiled(
    r"reuters|afp|agence france[- ]presse|ap|associated press|upi|bbc|cnn|al[- ]?jazeera(?: net)?|al[- ]?arabiya|anadolu|xinhua|tass|sputnik"
    r"|dpa|efe|ansa|irna|wafa|sana|spa|mena|bloomberg|euronews|france 24|deutsche welle|dw|rt"
    r"|رويترز|فرانس برس|أسوشيتد برس|الجزيرة(?: نت)?|العربية(?: نت)?|الأناضول|شينخوا|تاس|سبوتنيك|بي بي سي|سي إن إن|وفا|سانا|واس|قنا|إرنا|بلومبرغ"
    r"|يورونيوز|فرانس 24|دويتشه فيله|العربي الجديد|الخليج الجديد|القدس العربي|الشرق الأوسط"
)
_TWO_QUESTIONS = _compiled(
    r"\b(?:and|or|but),? (?:what|when|who|whom|where|why|how|which|did|does|is|was|were)\b"
    r"|\sو(?:ما|ماذا|متى|من|كيف|لماذا|أين|كم|هل|أي)\s"
)
_FRAME = _compiled(
    rf"(?:{_PIECES}|{_OUT}|publish(?:es)?|r[ua]n|carr(?:y|ied)|print|wr[io]te|penned"
    rf"|appear|come|outlet|publication|publisher|authors?|writer|authored|source|date"
    rf"|(?:ال)?(?:{_PIECES_AR})|{_OUT_AR}|(?:ال)?(?:كاتب|كاتبة|مؤلف|مؤلفة|صاحب|صاحبة|معد|معدة|مصدر|ناشر|تاريخ|نشر|بقلم))"
)
_SORT = _compiled(rf"{_PLACE}|{_PLACE_AR}")


@lru_cache(maxsize=1024)
def asks_of_article(question: str) -> Asking | None:
    """What is asked of an article; ``None`` when the question is about what articles tell, or asks for more than that."""
    text = " ".join(normalize_arabic(fold(question).text).lower().split()).rstrip(" ?؟!.")
    if _TWO_QUESTIONS.search(text):
        return None
    for fact, pattern in _PATTERNS:
        if (match := pattern.fullmatch(text)) and not _is_another(text, *match.span("piece")):
            by = match.groupdict().get("by")
            return Asking(fact, match["piece"], by.strip() if by else None)
    return None


def _is_another(text: str, start: int, end: int) -> bool:
    """Whether what is called so in a question, from ``start`` to ``end``, is somebody else's, or part of a law."""
    return bool(_OF_SOMEBODY.match(text, start) or _OF_A_LAW.match(text, start) or _BY_A_LAW.search(text[:end]))


def tells_of_its_making(fact: Fact, text: str) -> bool:
    """Whether a sentence says of a text when or by whom it was written, or where it appeared."""
    return bool(_TELLS[fact].search(normalize_arabic(fold(text).text).lower()))


def goes_on(text: str) -> bool:
    """Whether a sentence speaks of what the one before it names: "It was written in 1971"."""
    return bool(_GOES_ON.match(normalize_arabic(fold(text).text).lower()))


def is_agency(name: str) -> bool:
    """Whether this is the name of an agency, a station or a paper that does not say so itself: ``Reuters``."""
    return bool(_AGENCIES.fullmatch(normalize_arabic(fold(name).text).lower().strip()))


def is_called(piece: str, text: str) -> bool:
    """Whether something in ``text`` is called what the article is called in the question, or much the same, in either language."""
    text = normalize_arabic(fold(text).text).lower()
    return any(kin.search(text) for kin, _ in _KIN if kin.fullmatch(piece))


def tells_of_publishing(word: str) -> bool:
    """Whether a word of such a question is about publishing, not about the article's subject."""
    return bool(_FRAME.fullmatch(normalize_arabic(word).lower()))


def is_sort_of_outlet(word: str) -> bool:
    """``newspaper``, ``مدونة``: what an outlet may be, and need not call itself."""
    return bool(_SORT.fullmatch(normalize_arabic(word).lower()))
