"""Messages that ask nothing of the articles: a greeting, thanks, a farewell, and questions about the assistant itself.

A message is one only when all of it is: *thanks* and *Thank you very much, goodbye*, but not *thanks to whom did it end?*.
"""

from __future__ import annotations

import re
from functools import cache

from assistant.citations import Courtesy
from assistant.language.text import fold, normalize_arabic

# *peace* is the greeting that has an answer of its own, *heard* is *ok* and *great*. Where a message is several, the first counts.
_PHRASES: dict[Courtesy, str] = {
    "about": """who are you|what are you|what can you do|what do you do|what can i ask|what can i ask you|what is isnad|who is isnad
        |what should i ask|how do you work|how does this work|how do i use this|help|help me|what is your name|are you a bot|are you human
        |are you an ai|are you a robot|can you help me|what do you know|what articles do you have|which articles do you have|what articles are there
        |which articles are there|how many articles do you have|how many articles are there|what articles are these|list the articles
        |show me the articles|من انت|من انتم|من تكون|ما انت|ما اسمك|ما هو اسمك|ماذا تفعل|ماذا تستطيع ان تفعل|ماذا يمكنك ان تفعل
        |ما الذي يمكنك فعله|ماذا يمكنني ان اسال|ماذا يمكنني ان اسالك|عن ماذا اسال|عم اسال|كيف تعمل|كيف يعمل هذا|كيف استخدم هذا|ساعدني
        |هل يمكنك مساعدتي|هل تستطيع مساعدتي|هل انت روبوت|هل انت انسان|هل انت بشر|ماذا تعرف|ما هو اسناد|ما اسناد|ما المقالات|ما هي المقالات
        |ما المقالات التي لديك|ما هي المقالات التي لديك|ما المقالات الموجوده|ما هي المقالات الموجوده|كم مقالا لديك|كم عدد المقالات
        |كم عدد المقالات لديك|اعرض المقالات|اعرض لي المقالات""",
    "farewell": """bye|bye bye|goodbye|good bye|see you|see you later|see you soon|good night|farewell|take care|have a nice day|have a good day
        |الي اللقاء|مع السلامه|وداعا|في امان الله|تصبح علي خير|تصبحون علي خير|باي""",
    "thanks": """thanks|thank you|thankyou|thx|ty|thanks a lot|thanks a million|many thanks|thank you kindly|for your help|for the help|for helping|cheers|much appreciated|i appreciate it
        |that is all|that was helpful|very helpful|شكرا|شكرا جزيلا|شكرا كثيرا|الف شكر|مشكور|مشكورين|اشكرك|اشكركم|ممنون|جزاك الله خيرا|جزاكم الله خيرا
        |بارك الله فيك|يعطيك العافيه|تسلم""",
    "peace": """salam|salaam|salam alaikum|salaam alaikum|assalamu alaikum|as salamu alaikum|as salamu alaykum|assalamu alaykum
        |salam alaykum|salam aleikum|assalamualaikum|سلام|السلام عليكم|سلام عليكم
        |السلام عليكم ورحمه الله|السلام عليكم ورحمه الله وبركاته""",
    "greeting": """hello|hi|hey|hiya|hello there|hi there|hey there|good morning|good afternoon|good evening|good day|greetings|welcome|how are you
        |how are you doing|how do you do|how is it going|nice to meet you|مرحبا|مرحبا بك|اهلا|اهلا وسهلا|اهلا بك|اهلين|هلا|صباح الخير|صباح النور|مساء الخير
        |مساء النور|تحيه طيبه|كيف حالك|كيف حالكم|كيف الحال|تشرفنا""",
    "heard": """ok|okay|alright|all right|great|good|nice|perfect|excellent|wonderful|well|fine|cool|yes|no|indeed|understood|i see|got it
        |حسنا|طيب|تمام|ممتاز|رائع|جيد|جيد جدا|نعم|لا|مفهوم|فهمت""",
}
_BESIDE = frozenset(
    """very much so that is was again everyone all dear friend sir madam isnad please and for your help the answer answers today now my really you
    جدا جزيلا كثيرا بك بكم لك لكم لكما يا اخي صديقي عزيزي استاذ الجميع جميعا اسناد من فضلك رجاء علي المساعده مساعدتك الاجابه الجواب و اليوم""".split()
)
"""Words that may stand beside one, and make none by themselves."""
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_SHORTENED = {"whats": "what is", "whos": "who is", "hows": "how is", "thats": "that is"}
_LONGEST = 20
"""Words of a message that is looked at."""


def courtesy(message: str) -> Courtesy | None:
    """Which of them a message is, all of it; ``None`` for anything that may be asked of the articles."""
    plain = _APOSTROPHE.sub("", fold(message[: 20 * _LONGEST]).text.lower())
    words = [part for word in _WORD.findall(plain) for part in _SHORTENED.get(word, normalize_arabic(word)).split()]
    if not words or len(words) > _LONGEST or len(message) > 20 * _LONGEST:
        return None
    return _whole(words)


def _whole(words: list[str]) -> Courtesy | None:
    """Read as phrases one after the other, the longest first, with words beside them."""
    phrases, longest = _phrases()
    found: set[Courtesy] = set()
    place = 0
    while place < len(words):
        for length in range(min(longest, len(words) - place), 0, -1):
            kind = phrases.get(" ".join(words[place : place + length]))
            if kind:
                found.add(kind)
                place += length
                break
        else:
            if words[place] not in _BESIDE:
                return None
            place += 1
    return next((kind for kind in _PHRASES if kind in found), None)


@cache
def _phrases() -> tuple[dict[str, Courtesy], int]:
    phrases: dict[str, Courtesy] = {}
    for kind, listed in _PHRASES.items():
        for phrase in listed.split("|"):
            phrases[" ".join(map(normalize_arabic, phrase.split()))] = kind
    return phrases, max(phrase.count(" ") + 1 for phrase in phrases)
