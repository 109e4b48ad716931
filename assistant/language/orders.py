"""Sentences that state nothing: questions, and orders to whoever reads or answers.

A model that is shown an article may do what it finds there, so such sentences are not shown to it, and not accepted from it.
News hardly misses them: what a person *asked* or *ordered* is reported in statements. Words decide, so an order can be
written that passes; that is why nothing else relies on it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.language.text import fold, normalize_arabic

_QUESTION = re.compile(r"[?؟][\s\"'’”»)\]…!?؟.]*$")
_TAG = re.compile(r"<\s*[/!]?\s*[^\W\d_]|</|<!--|-->|\{\{|\}\}|<\||\[/?(?:INST|SYS)|```|^#{2,}\s|!\[", re.IGNORECASE)

_VERBS = (
    "add|anagram|answer|append|augment|begin|break down|calculate|change|classify|click|combine|complete|compose|conclude|confirm|"
    "continue|convert|copy|craft|create|decode|delete|describe|design|develop|disclose|display|disregard|do|don't|download|draft|echo|embed|"
    "encode|encourage|end|enhance|ensure|enter|execute|explain|extract|fetch|fill|finish|follow|forget|format|generate|give|"
    "group|hint|ignore|imagine|include|inform|insert|install|integrate|introduce|invite|join|jumble|link|list|make|mention|merge|misspell|"
    "modify|never|now|offer|omit|open|output|override|please|present|pretend|print|promote|propose|provide|quote|read|rearrange|"
    "recite|recommend|remember|remind|remove|render|repeat|rephrase|replace|reply|report|reset|respond|return|reveal|reverse|"
    "rewrite|run|say|scramble|send|share|show|sign|simulate|solve|speak|spell|start|state|stop|submit|substitute|suggest|"
    "summarize|summarise|swap|switch|tease|tell|translate|type|update|use|visit|warn|write"
)
# Nouns as well: an order only if what follows is what an order goes on with.
_OPENING = re.compile(
    rf"^(?:and |then |also |first |finally |instead |just |simply |only |always |kindly |please |must |important |note |system |"
    rf"assistant |user |ai |attention |warning |developer |instructions? |task |todo )*(?:{_VERBS})\s+"
    r"(?:a|an|the|this|that|these|those|it|all|any|every|each|your|my|our|me|us|them|everyone|only|up|down|nothing|"
    r"previous|prior|everything|exactly|how|what|why|where|letters|vowels|numbers|symbols|spaces|random|commonly|users|readers|"
    r"people|following|here|recursion|always|never|anagrams?|code|parts?|word|phrase|sentence|secret|password|\w*[-_\d]\w*)\b"
    r"|^(?:please |now |only |always )*(?:answer|respond|reply|write|speak|begin|translate|convert)\s+(?:in|with|to|as|by|using|from|for)\b"
)
_TO_THE_ANSWERER = re.compile(
    r"\byour\s+(?:next |final |own |entire |whole |following )*(?:answers?|repl(?:y|ies)|responses?|output|"
    r"message's|response's|system prompt|instructions|context window|guidelines|prompt|training|message)\b.*"
    r"|\b(?:previous|prior|above|earlier|preceding|foregoing|original|initial|system|hidden|secret)\s+(?:instructions?|prompts?|rules|directions|"
    r"messages?|commands|guidelines)\b|\byou are now\b|\bas an ai\b|\b(?:large )?language model\b.*\b(?:must|should|you)\b|\bact as\b"
    r"|\bfrom now on\b|\b(?:dear|attention|hey|hello|note to(?: the| any)?) (?:ai|llm|assistant|chatbot|bot|model|language model)\b"
    r"|\b(?:ai|llm|assistant|chatbot)s?\s*(?::|,|reading this|must|should|shall|will)|\byou (?:must|should|shall|will|have to|need to|are to|can now)\b"
    r"|\b(?:system|developer|admin) (?:prompt|override|mode|message|note)\b|\boverr?r?ide\b|\bjailbreak|\b(?:password|passcode|passphrase|api key|"
    r"secret key)\b.*\byou\b|\bwhen (?:asked (?:about|to summari[sz]e) (?:this|these|the article)|answering|summari[sz]ing)\b|\byour? (?:task|job|role|goal|purpose) is\b|\bi want you to\b"
    # Somebody speaks to whoever reads: news has that between quotation marks only.
    r"|^(?:and |so |now |please )*(?:can|could|would|will) you\b|\b(?:tell|show|give|send|remind) me\b|\bi(?:'ll| will| would| can| shall)? "
    r"(?:pay|give|tip|reward|need|want|order|command|beg|require|expect|forbid|allow) you\b|\bi(?:'m| am) (?:\w+ ){0,3}your \w+"
    r"|^q\s*:|(?:^|[.?!]\s)a\s*:\s"
    r"|\banyone (?:who )?(?:answer|summari[sz])|\bmust (?:be )?(?:add|append|includ|contain|repeat|mention|end|begin|start|cit|writ|print|say)"
)
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»")  # what somebody said is reported
# Three words or more of one script in a text of the other: what was put there ends no sentence, and begins none.
_RUN = re.compile(
    r"[A-Za-z][^\u0600-\u06ff]*\s[^\u0600-\u06ff]*\s[^\u0600-\u06ff]*|[\u0621-\u064a][^A-Za-z]*\s[^A-Za-z]*\s[^A-Za-z]*"
)
# What stands behind these may be an order of its own, however the sentence begins.
_CLAUSES = re.compile(r"[:؛;⇒→►•|]\s+|\s[–—-]\s")
_ARABIC_LETTER, _LATIN_LETTER = (
    re.compile("[\u0621-\u06d3\ufb50-\ufdff\ufe70-\ufeff]"),
    re.compile("[A-Za-z\u00c0-\u024f]"),
)
_ANSWERS_OWN = re.compile(
    r"\b(?:in|to|of|from|with|into|for|modify|augment|enhance|change|alter)\s+(?:your|every|any|each|all)\s+(?:own |next |final )?(?:answers?|repl(?:y|ies)|responses?|outputs?)\b"
)
# Unmistakable imperatives first; then those that, unvowelled, are also the past tense of every other news sentence.
_ARABIC = re.compile(
    r"^(?:(?:و|ف|ثم|الان|فقط|رجاء|من فضلك|يرجي|ارجو|مهم|تنبيه|ملاحظه|تعليمات|النظام)[\s:،]*)*"
    r"(?:(?:تغاضي?|انسي?|اكتبي?|اطبعي?|اضف|اجب|اجيبي|اخبرني|اعتبر نفسك|قم ب\w*|قم ال\w*|اعطني|اعطيني|انقر|اضغط|اشرح|اذكر|استبدل|احذف|اختم|"
    r"لا تجب|تصرف ك\w*)(?=[\s:،\"'(\[{«“]|$)"
    r"|(?:تجاهل|كرر|اجمع|ادمج|ادرج|استخدم|استعمل|استرجع|تخيل|تظاهر|اظهر|اعرض|ارسل|نفذ|قل|رد|ترجم|لخص|اعد|عدد|غير|ازل|حمل|نزل|ثبت|شغل|افتح|زر|ابدا|انه|ضع|صف|قدم|اكشف)\s"
    r"(?:كل ما|كل شيء|جميع التعليمات|كل التعليمات|اي تعليمات|ما سبق|ما قبل|هذا النص|هذه الجمل\w*|هذا الرابط|هذا الموقع|هذا البرنامج|صفحه|الجمله|التعليمات|السابق|لي|"
    r"انك|بانك|اننا|ان (?:لديك|تكون|لا)|كلمه|كلمات|الكلمه|عباره|العباره|جمله|جوابك|اجابتك|ردك|فقط|دائما|رمز|الرمز|الرابط|التاليه?|الجزء|الجزءين|الاجزاء|الارقام|الحروف|الي الانجليزيه|الي العربيه|"
    r"الاسئله|السؤال|هنا|موقع \w+ الان|بال\w+ فقط|ب[\"'«“(])(?=[\s:،.\"'»”)]|$))"
)
_ARABIC_ADDRESS = re.compile(
    r"تعليماتك|التعليمات السابقه|انت الان|مفتاحك|جوابك|اجابتك|ردك|مخرجاتك|الخاصه? بك|اريدك ان|عليك ان|يجب عليك|"
    r"يجب ان (?:تكتب|تضيف|تذكر|تقول|تجيب|تنهي|تدرج)\b|يرجي (?:اضافه|كتابه|طباعه|استرجاع|ارسال|ذكر)|ساعطيك|اعطيتني|"
    r"(?:المساعد|ايها) (?:الذكي|الالي|المساعد|النموذج)|نموذج (?:اللغه|لغوي).*(?:عليك|يجب)|وضع النظام|موجه النظام|من الان فصاعدا|لقد تم تعليماتك|"
    # … behind words that no stop ends, too; "ان اكتب" is another's "that I write".
    r"(?<!\sان)(?<!لن)(?<!لم)(?<!\sلا)(?<!كي)(?<!كنت)\s[وف]?(?:اكتب|اطبع|اجب)\s|"
    r"(?:^|\s)[وف]?هل (?:يمكنك|تستطيع|بامكانك|تقدر|لك ان)\b|(?:^|\s)[وف]?اخبرني (?:ما|من|كيف|عن|لماذا|متي|اين|بما)\b|(?:احتاج|اطلب|اريد|انتظر|اتوقع) منك\b|"
    r"اتبع هذا الرابط|عند الاجابه|عندما تجيب|عند التلخيص|المطور الخاص|^س\s*:|(?:^|\s)ج\s*:\s|(?:كلمه|رمز|عباره) (?:المرور|السر).*(?:\bلك\b|لديك|لنظامنا)"
)
_LINK = re.compile(
    r"https?:|www\.|\bmailto:|javascript:|data:\w+/|\w@\w[\w-]*\.\w|"
    r"\b[\w-]+\.(?:com|org|net|xyz|io|info|ru|cn|co|app|dev|site|online|example|test|link|click|top|biz)\b",
    re.IGNORECASE,
)


def states(sentence: str) -> bool:
    """Whether a sentence may state something: it is no question, no order, no markup, no address, and in a script we read."""
    return not (_QUESTION.search(sentence) or is_marked_up(sentence) or _is_unread(sentence) or is_order(sentence))


def _is_unread(sentence: str) -> bool:
    """Whether most letters are of a script that no rule here reads: it could order anything."""
    letters = sum(map(str.isalpha, sentence))
    read = len(_ARABIC_LETTER.findall(sentence)) + len(_LATIN_LETTER.findall(sentence))
    return letters > 3 and 2 * read < letters


def is_marked_up(sentence: str) -> bool:
    """Whether a sentence holds an address, a tag or signs that set off parts of a prompt."""
    return bool(_TAG.search(sentence) or _LINK.search(sentence))


@lru_cache(maxsize=8192)
def is_order(sentence: str) -> bool:
    """Whether a sentence, or a part of it in another script, tells its reader, or whoever answers, to do something."""
    folded = fold(sentence).text
    if any(map(_orders, filter(None, _CLAUSES.split(folded)[1:]))):
        return True
    mixed = _ARABIC_LETTER.search(folded) and _LATIN_LETTER.search(folded)
    return _orders(folded) or (bool(mixed) and any(map(_orders, _RUN.findall(folded))))


def _orders(text: str) -> bool:
    plain = " ".join(_QUOTED.sub(" ", text).lower().split())
    if not re.search(r"\w", plain):
        plain = " ".join(text.lower().split())
    bare = re.sub(r"^[\W_]+", "", plain)
    opened = re.sub(r"[:,،!.–—-]+\s", " ", bare)
    if _OPENING.match(opened) or _ANSWERS_OWN.search(plain) or _TO_THE_ANSWERER.search(plain):
        return True
    return bool(_ARABIC.match(normalize_arabic(opened)) or _ARABIC_ADDRESS.search(normalize_arabic(bare)))
