"""Questions that ask what a thing is, and the way in which articles say it.

``the CSTO, a military alliance``; ``منظمة معاهدة الأمن الجماعي (CSTO)، وهي حلف``: the name, perhaps its initials, and then what says
that a description follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from assistant.language import english
from assistant.language.inflection import participle
from assistant.language.kinds import Kind, kinds_of
from assistant.language.text import fold, is_arabic, normalize_arabic

_LONGEST = 7  # words of a thing's name
_ENGLISH = re.compile(
    r"(?:and |so )?(?:what(?: is|\'s| are| was| were) (?:meant by |the meaning of |the definition of )?|define )(?:(?P<article>the|an?) )?(?P<thing>[^?]+)\??",
    re.IGNORECASE,
)
_ENGLISH_MEANS = re.compile(
    r"what do(?:es)? (?:the |an? )?(?P<thing>[^?]+?) (?:mean|stand for|refer to)\??", re.IGNORECASE
)
_ARABIC = re.compile(
    r"و?(?:ما(?:ذا)? (?:هو |هي |هم |هما |تعريف |معنى |المقصود ب|مفهوم )|ماذا [يت]عني |عرف )(?P<thing>[^؟?]+)[؟?]?"
)
# What a thing has or does is no definition of it.
_RELATING = re.compile(
    r"\b(?:of|for|in|by|that|which|who|to|from|with|at|on|about|between|called|named|used|known|done|doing)\b|\'s?\b"
    r"|(?<!\w)(?:في|من|على|عن|بين|التي|الذي|الذين|إلى|الى|مع|عند|بعد|قبل|منذ|خلال|لدى|بها|به|لها|له|عليها|عليه)(?!\w)"
)
# What somebody or something has, and is asked of it: in English as it ends a question ("the bridge cost"), in Arabic as it begins one.
FACTS = {
    "age": "عمر|أعمار|سن",
    "aim": "غاية|غايات",
    "area": "مساحة|مساحات",
    "budget": "ميزانية|موازنة",
    "capacity": "سعة",
    "capital": "عاصمة",
    "cause": "سبب|أسباب",
    "colou?r": "لون|ألوان",
    "condition": "شرط|شروط",
    "cost": "تكلفة|كلفة|تكاليف|كلف",
    "currenc(?:y|ies)": "عملة",
    "damage": "ضرر|أضرار",
    "date": "تاريخ|موعد|مواعيد",
    "demand": "مطلب|مطالب",
    "depth": "عمق",
    "details": "تفاصيل",
    "distance": "مسافة|مسافات",
    "duration": "مدة",
    "duty|duties": "واجب|واجبات",
    "fate": "مصير",
    "fine": "غرامة|غرامات",
    "goal": "هدف|أهداف",
    "height": "ارتفاع|علو",
    "impact": "تأثير|تأثيرات",
    "consequences|effects": "آثار|عواقب|تداعيات",
    "importance": "أهمية",
    "income": "دخل|إيراد|إيرادات",
    "language": "لغة|لغات",
    "length": "طول",
    "loss(?:es)?": "خسارة|خسائر",
    "name": "اسم|أسماء",
    "number": "عدد|أعداد|رقم|أرقام",
    "opinion": "رأي|آراء",
    "outcome": "محصلة",
    "penalt(?:y|ies)": "عقوبة|عقوبات",
    "percentage": "نسبة|نسب",
    "place": "مكان|أماكن",
    "plan": "خطة|خطط",
    "population": "سكان",
    "position": "موقف|مواقف",
    "price": "سعر|أسعار|ثمن",
    "profit": "ربح|أرباح",
    "purpose": "غرض|أغراض",
    "rate": "معدل|معدلات",
    "reaction|response": "رد|ردود",
    "reason": "دافع|دوافع",
    "result": "نتيجة|نتائج",
    "role": "دور|أدوار",
    "salar(?:y|ies)": "راتب|رواتب|أجر|أجور",
    "sentence": "حكم",
    "share": "حصة|حصص",
    "size": "حجم|أحجام",
    "speed": "سرعة",
    "stance": "توجه|توجهات",
    "status": "وضع|أوضاع",
    "task|job": "مهمة|مهام|وظيفة|وظائف",
    "temperature": "حرارة",
    "time": "وقت|توقيت",
    "toll": "حصيلة",
    "value": "قيمة",
    "weight": "وزن",
}
# Some are things: "the death penalty"; and a plan may bear a name, as Marshall's.
_A_FACT = re.compile(rf"(?:^|\s)(?!(?<=death )penalt)(?:{'|'.join(FACTS)})s?$")
_ITS = re.compile(r"(?:its|his|her|their|our|your|my)\s")


def _in_arabic(words: Iterable[str]) -> str:
    """A pattern of Arabic words, normalized, each perhaps with a pronoun: ``تكلفة``, ``تكلفتها``."""
    return "|".join(re.sub("ه$", "[هت]", normalize_arabic(word)) for word in words)


_HIS = "(?:ها|هم|هما|هن|ه|نا|كم|ك)?"
_ARABIC_FACTS = _in_arabic(word for words in FACTS.values() for word in words.split("|"))
_PLANS = _in_arabic(FACTS["plan"].split("|"))
_OF_SOMETHING = re.compile(
    rf"(?:(?:{_ARABIC_FACTS}){_HIS}(?!\w)(?! اعدام| الاعدام)|ال(?:{_ARABIC_FACTS})$|(?:ابرز|اهم|اكبر|اول|اخر)\s)"
)
_PLAN_BY_NAME = re.compile(rf"(?:{_PLANS}) (?P<name>(?!ال)\w+)")
# "What was stolen yesterday?": what stands there is no thing, but what happened to it, or what it does.
_SOFTLY = frozenset("now still not also just already being currently really".split())
_THEN = frozenset(
    "now then there here today yesterday tomorrow tonight again next first last exactly so far lately".split()
)
_NOUNS_IN_ED = frozenset("hatred sacred naked moped kindred hundred".split())
_DONE_TO = re.compile(r"الم\w{2}و\w|المتوقع|المنتظر|المقرر|الممكن|الجاري|الحاصل|المتبقي")
_DESCRIBES = re.compile(
    r"""[\s"»”’\')]{0,5}(?:\([^()]{1,60}\)[\s"»”]{0,5})?(?:"""
    r"[,،;–—-]?\s{0,3}و?(?:هو|هي|هم|هما)(?!\w)"
    r"|\s{0,3}(?:is|are|was|were)\s+(?:an?|the|one|any|usually|generally|often|also)\b"
    r"|[,–—-]\s{0,3}(?:an?|the|one of|which|or)\b"
    r"|:\s)",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def asks_what_it_is(question: str) -> bool:
    """Whether nothing but a thing is named, and what it is asked."""
    text = fold(question).text.strip()
    match = _ENGLISH.fullmatch(text) or _ENGLISH_MEANS.fullmatch(text) or _ARABIC.fullmatch(text)
    if match is None:
        return False
    thing = match["thing"].strip()
    words = thing.split()
    # Capitals throughout name nothing.
    named = (
        not text.isupper()
        and any(word[0].isupper() for word in words)
        and all(word[0].isupper() for word in words if len(word) > 3)
    )
    if not 0 < len(words) <= _LONGEST or (not named and _is_a_fact(thing.lower(), match.groupdict().get("article"))):
        return False
    return named or not _RELATING.search(thing.lower())


def _is_a_fact(thing: str, article: str | None) -> bool:
    """Whether what is asked of is what something has, does or undergoes. ``article``: the English one before it."""
    words = normalize_arabic(thing).split()
    if is_arabic(thing):
        plain = " ".join(words)
        plan = _PLAN_BY_NAME.fullmatch(plain)
        if plan and not kinds_of(plan["name"]) & (Kind.NAME | Kind.LOCATION):
            return False
        return bool(_OF_SOMETHING.match(plain) or _DONE_TO.fullmatch(plain))
    if (article or "").lower() == "the" or _ITS.match(thing):
        return bool(_A_FACT.search(thing))
    return article is None and _is_doing(words)


def _is_doing(words: Sequence[str]) -> bool:
    """Whether English words without an article are a participle and what goes with it."""
    rest = [word for word in words if word not in _SOFTLY]
    if "being" in words[:2]:
        return True
    if not rest or not all(word in _THEN for word in rest[1:]) or kinds_of(rest[0]) & Kind.UNKNOWN:
        return False
    word = rest[0]
    if word in english.IRREGULAR:
        return participle(english.IRREGULAR[word]) == word
    regular = re.fullmatch(r"\w{2,}[^\We]ed|agreed|freed", word) and word not in _NOUNS_IN_ED
    return bool(regular) or bool(re.fullmatch(r"\w{3,}ing", word))


def describes(text: str, end: int) -> bool:
    """Whether a description follows the name that ends at ``end`` in ``text``."""
    return bool(_DESCRIBES.match(text, end))
