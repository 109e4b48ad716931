"""Questions that ask what a thing is, and the way in which articles say it.

``the CSTO, a military alliance``; ``منظمة معاهدة الأمن الجماعي (CSTO)، وهي حلف``: the name, perhaps its initials, and then what says
that a description follows.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.language.text import fold

_LONGEST = 7  # words of a thing's name
_ENGLISH = re.compile(
    r"(?:and |so )?(?:what(?: is|\'s| are| was| were) (?:meant by |the meaning of |the definition of )?|define )(?:the |an? )?(?P<thing>[^?]+)\??",
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
_OF_SOMETHING = re.compile(
    r"(?:سبب|أسباب|موقف|دور|عدد|عاصمة|رد|ردود|نتيجة|نتائج|هدف|أهداف|مطلب|مطالب|رأي|حجم|قيمة|نسبة|أهمية|تأثير|آثار|مصير|شرط|شروط|موعد"
    r"|تاريخ|مكان|لون|طول|عمر|سعر|مهام|وظيفة|حصيلة|تفاصيل|أبرز|أهم|أكبر|أول|آخر)\b"
)
_A_FACT = re.compile(
    r"\b(?:position|reaction|outcome|result|causes?|role|demands?|toll|number|conditions?|reasons?|response|stance|status|date|name|plan|cost|price|size)s?$"
)
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
    named = all(word[0].isupper() for word in words if len(word) > 3)
    if (_OF_SOMETHING.match(thing) and len(words) > 1) or (not named and _A_FACT.search(thing.lower())):
        return False
    return 0 < len(words) <= _LONGEST and (named or not _RELATING.search(match["thing"].lower()))


def describes(text: str, end: int) -> bool:
    """Whether a description follows the name that ends at ``end`` in ``text``."""
    return bool(_DESCRIBES.match(text, end))
