"""What a question asks for, and in which language it is put."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from assistant.language import arabic, english
from assistant.language.text import Language, fold, is_arabic, language_of
from assistant.language.tokens import words_of


class Asked(Enum):
    """The kind of answer a question expects."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    NUMBER = "number"
    WHY = "why"
    HOW = "how"
    YES_NO = "yes/no"
    CONDITION = "condition"
    THING = "thing"


# The kind whose words come first in the question is asked for: "who was president when ..." asks for a person. Of kinds that
# begin at the same place the first listed counts. The Arabic patterns see folded text without harakat.
_PERSONS_AR = (
    "شخص|رئيس|ملك|كاتب|وزير|لاعب|مخرج|عالم|قائد|مدرب|ممثل|مغن|مغني|فنان|مؤلف|زعيم|أمير|سلطان|خليفة|إمبراطور|امبراطور|بابا|مهندس"
    "|متحدث|ناطق|مدير|نائب|سفير|قاض|قاضي|محام|محامي|باحث|صحفي|شاعر|فيلسوف|جنرال|ملكة|رئيسة|كاتبة|وزيرة|لاعبة|ممثلة|مغنية|مسؤول|مسؤولة"
    # Sound plurals are those with ون or ين.
    "|أشخاص|رؤساء|ملوك|وزراء|علماء|قادة|زعماء|أمراء|سلاطين|خلفاء|أباطرة|باباوات|مدراء|نواب|سفراء|قضاة|شعراء|فلاسفة|جنرالات"
    "|ساسة|سياسي|دبلوماسي|خبير|خبراء|عضو|أعضاء|شخصية|شخصيات"
)
_PERSONS_EN = (
    "person|man|woman|president|king|queen|emperor|prince|princess|pope|minister|leader|commander|general|ruler|actor|actress"
    "|singer|artist|painter|player|coach|author|writer|poet|journalist|scientist|physicist|chemist|mathematician|philosopher"
    "|researcher|director|producer|composer|explorer|engineer|inventor|politician|senator|governor|mayor|ambassador|judge|lawyer"
    "|spokesman|spokeswoman|spokesperson|secretary|chairman|founder|official|officer"
)
_ARABIC = (
    (Asked.YES_NO, r"^(و|ف)?هل\b|^أ(ليس|ليست|لم|لا)\b"),
    (
        Asked.WHEN,
        r"\bمتى\b|\b(أي|اي|أية|ما|ما هو|ما هي)\s+(هو |هي )?(ال)?(عام|سنة|تاريخ|يوم|شهر|قرن|عقد|موعد|ساعة|فترة)\b",
    ),
    (
        Asked.NUMBER,
        r"\b(و|ب|ل)?كم\b|\b(ما|ماهو|ماهي)\s+(هو |هي )?(ال)?(عدد|نسبة|طول|ارتفاع|مساحة|حجم|سعر|ثمن|عمر|مقدار|قيمة|تعداد|كمية"
        r"|درجة|سرعة|عمق|وزن|مبلغ)\b|\b(ما|أي|اي)\s+(هي )?(ال)?(مدة|مهلة)\b|\bعدد\b.*؟",
    ),
    (
        Asked.WHERE,
        r"\b(و)?(أين|اين)\b|\b(أي|اي|أية|ما|ما هو|ما هي)\s+(هو |هي )?(ال)?(مدينة|بلد|دولة|مكان|منطقة|قارة|ولاية|مقاطعة|عاصمة"
        r"|موقع|نهر|بحيرة|دول|مدن|بلدان|بلدات|مناطق|قرى|شارع)\b",
    ),
    (
        Asked.WHY,
        r"\b(و)?لماذا\b|^(و)?لم\b|\b(ما|ماهو|ماهي)\s+(هو |هي |هم )?(ال)?(سبب|أسباب|اسباب|دافع|غرض|هدف)\b",
    ),
    (Asked.HOW, r"\b(و)?كيف\b"),
    (
        Asked.CONDITION,
        r"\bب?(أي|اي|أية)\s+(شرط|شروط|ظرف|ظروف|حالة|حالات|(?<!على أي )(?<!على اي )(?<!على أية )حال)\b|\b(ما|ماهي)\s+(هو |هي )?(ال)?(شرط|شروط)\b",
    ),
    (
        Asked.WHO,
        r"^(و)?من\s+(?!(?:أي|اي|أية|أين|اين|خلال|بين)\b)|\bلمن\b|\bمن (هو|هي|هم|الذي|كان|قام)\b"
        rf"|\b(أي|اي|أية|ما|ما هو|ما هي|ماذا كان)\s+((هو |هي |كان |كانت )?(ال)?(اسم|لقب)\s+)?(ال)?({_PERSONS_AR})(?:ون|ين)?\b",
    ),
)
_ENGLISH = (
    (
        Asked.WHEN,
        # "When X happened, what ..." only tells the time.
        r"\bwhen\b(?!(?! (?:did|do|does|is|are|was|were|will|would|has|have|had|can|could|should|must)\b).*, (?:what|who|how|where|why)\b)"
        r"|\b(what|which|in what|in which)\s+(the\s+)?(year|date|day|month|century|decade|time|hour|period|season)\b"
        r"|\bwhat (is|was) the (date|year|day)\b",
    ),
    (
        Asked.NUMBER,
        r"\bhow (many|much|long|old|far|tall|deep|large|big|high|often|fast|wide|heavy)\b|\b(what|which)\s+(is |was |were )?"
        r"(the )?(total |average |estimated |approximate )?(number|percentage|percent|population|length|height|size|cost|price"
        r"|age|amount|rate|salary|area|depth|distance|speed|weight|death toll)\b",
    ),
    (
        Asked.WHERE,
        r"\bwhere\b|\b(what|which|in what|in which)\s+(\w+\s+)?(city|cities|country|countries|place|places|region|regions|state"
        r"|continent|province|town|towns|village|villages|county|area|areas|location|river|lake|island)\b|\bcapital of\b",
    ),
    (Asked.WHY, r"\bwhy\b|\bwhat (is|was|were|are) the (reason|cause|purpose)\b|\bwhat caused\b"),
    (
        Asked.CONDITION,
        r"\b(under|on|in) (what|which) (conditions?|circumstances|cases?)\b|\b(what|which) (is |are |was |were )?(the )?(pre)?(?:conditions\b(?! of (?:his|her|their|its)\b)|condition\b(?! of\b|\s+(?:is|was)\b))",
    ),
    (Asked.HOW, r"^how\b|\bhow (did|does|do|is|are|was|were|can)\b"),
    (
        Asked.WHO,
        rf"\b(who|whom|whose)\b|\b(what|which)\s+(?:(?:is|was|are|were)\s+the\s+(?:last |first |full )?name of\s+the\s+)?"
        r"((?!(?:do|does|did|made|makes|make|can|could|will|would|have|had|has|is|are|was|were|should|must)\b|(?<=what )\w+ed\b)\w+\s+)?"
        rf"({_PERSONS_EN}|men|women|people|secretaries)s?\b",
    ),
    (Asked.YES_NO, r"^(is|are|was|were|do|does|did|can|could|has|have|had|will)\b"),
)


@lru_cache(maxsize=4096)
def asked(question: str) -> Asked:
    """The kind of answer expected; `Asked.THING` when nothing says."""
    if question_language(question) == "ar":
        text, patterns = fold(question).text.strip(), _ARABIC
    else:
        # A capital inside the question makes it a word of a title, as in "Doctor Who".
        text, patterns = (
            re.sub(r"(?<=\w )(Who|When|Where|How|Why)\b", "", fold(question).text.strip()).lower(),
            _ENGLISH,
        )
    found = [
        (match.start(), order, kind)
        for order, (kind, pattern) in enumerate(patterns)
        if (match := re.search(pattern, text))
    ]
    return min(found)[2] if found else Asked.THING


@lru_cache(maxsize=4096)
def question_language(question: str) -> Language:
    """The language a question is put in.

    Function words decide: "who is باشينيان?" is English, however long the name. Without any, the letters do.
    """
    words = [word for word in words_of(question) if word[0] not in "#@"]
    in_arabic = sum(1 for word in words if is_arabic(word) and arabic.is_function_word(word))
    in_english = sum(1 for word in words if not is_arabic(word) and word.lower() in english.STOP_WORDS)
    if in_arabic != in_english:
        return "ar" if in_arabic > in_english else "en"
    return language_of(question)


_COUNTED = re.compile(
    r"(?:\bكم|\b[وب]?عدد|how (?:many|much)|number of|percentage of)\s+(?:عدد |من |of the |of |the )?([^\s؟?.,]+)"
)


def counted_noun(question: str) -> str | None:
    """The thing counted in "how many soldiers", folded; None when the question counts nothing."""
    match = _COUNTED.search(fold(question).text.lower())
    # "كم بلغت" (how much did it reach) counts nothing.
    return match[1] if match and not (is_arabic(match[1]) and arabic.is_verb(match[1])) else None


_LASTING = re.compile(
    r"\bhow long\b(?! (?:is|are|was|were) (?:the|a|an|its|their|this|that)\b)|\bhow much time\b|\bwhat (?:is|was) the duration\b"
    r"|\bكم (?:من )?(?:ال)?(?:وقت|وقتا|زمن|مدة)\b|\bكم (?:[يت]?(?:ستمر|ستغرق|دوم|بقى|ظل)|استمر|استغرق|دام|(?:بقي|ظل|لبث|مكث)(?!ت? من))ت?\b"
    r"|\b(?:ما|أي|اي) (?:هي )?(?:ال)?(?:مدة|مهلة)\b"
)


def asks_how_long(question: str) -> bool:
    """Whether a span of time is asked for."""
    return bool(_LASTING.search(fold(question).text.lower()))


_A_COUNTRY = re.compile(
    r"\b(?:what|which)\s+(?:is |was |are |were )?(?:the )?(?:\w+\s+)?(?:country|countries|nations?)\b"
    r"|\b(?:أي|اي|أية|ما|ما هو|ما هي)\s+(?:هو |هي )?(?:ال)?(?:بلد|دولة|دول|بلدان)\b"
)
_WITHIN_ONE = re.compile(
    r"\b(?:what|which)\s+(?:is |was |are |were )?(?:the )?(?:\w+\s+)?(?:city|cities|towns?|villages?|capital|street|river|lake|island|province|county)\b"
    r"|\bcapital of\b|\b(?:أي|اي|أية|ما|ما هو|ما هي)\s+(?:هو |هي )?(?:ال)?(?:مدينة|مدن|بلدة|بلدات|قرية|قرى|عاصمة|ولاية|مقاطعة|شارع|نهر|بحيرة)\b"
)


def asks_for_country(question: str) -> bool | None:
    """Whether a country is asked for; ``False`` when it is a place within one, ``None`` when nothing says."""
    text = fold(question).text.lower()
    return True if _A_COUNTRY.search(text) else False if _WITHIN_ONE.search(text) else None
