"""What an Arabic sentence of the news states, where it can be told without a parser: who holds an office, who said what of what,
who asked whom, what happened on which day, how many people were hurt.

Every function looks for one shape of sentence and returns the sentence's own words, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.language import dates
from assistant.language.phrases_ar import (
    PREPOSITIONS,
    Phrase,
    Word,
    holds_pronoun,
    is_definite,
    is_known,
    is_name,
    is_nation,
    is_noun,
    is_people,
    is_place,
    is_specific,
    is_unread,
    opening_verb,
    phrase_at,
)


def both(*verbs: str) -> frozenset[str]:
    """Third persons of a perfect verb, masculine and feminine."""
    return frozenset(
        form for verb in verbs for form in (verb, (verb[:-1] + "ا" if verb[-1] == "ى" else verb) + "ت")
    ) | {verb[:-1] + "ت" for verb in verbs if verb[-1] == "ى"}


_SAID = both("قال", "أكد", "أعلن", "أوضح", "صرح", "ذكر", "أفاد", "اعتبر", "زعم", "أضاف", "بين", "كشف")
_THAT = frozenset("إن أن بأن ان".split())
# Verbs whose object is asked for by a word of its own.
ABOUT = {
    "دعا": ("إلى", "إلى ماذا"), "دعت": ("إلى", "إلى ماذا"), "حذر": ("من", "ممّ"), "حذرت": ("من", "ممّ"),
    "كشف": ("عن", "عمّ"), "كشفت": ("عن", "عمّ"), "أعلن": ("عن", "عمّ"), "أعلنت": ("عن", "عمّ"),
    "أسفر": ("عن", "عمّ"), "أسفرت": ("عن", "عمّ"),
}  # fmt: skip
_HAPPENED = both(
    "اندلع", "بدأ", "انطلق", "انتهى", "وقع", "جرى", "افتتح", "اختتم", "تأسس", "توفي", "ولد", "اغتيل", "استقال", "وصل", "زار",
    "غادر", "اجتمع", "التقى", "انعقد", "عقد", "صدر", "فاز", "تولى", "انضم", "استقل", "سقط", "شن", "أطلق", "دخل", "أسس", "نشر",
    "أرسل", "انسحب", "تأهل", "أقيم", "رحل", "استأنف", "أجرى", "انتخب", "احتل", "ضرب", "وافق", "أقر", "خسر", "تعادل",
) | frozenset("ينطلق تنطلق يبدأ تبدأ يعقد تعقد ينعقد تنعقد يقام تقام تنتهي ينتهي تفتتح يفتتح تتواصل يتواصل".split())  # fmt: skip
_OFFICES = frozenset(
    "رئيس رئيسة وزير وزيرة الرئيس الرئيسة المتحدث المتحدثة الناطق الناطقة متحدث ناطق الأمين الأمينة مدير مديرة المدير المديرة"
    " محافظ والي عميد نقيب سفير سفيرة قائد مدرب مدربة ملك أمير مفتي".split()
)
_FORMER = frozenset("السابق السابقة الأسبق الراحل الراحلة المخلوع المنتخب الجديد الجديدة الحالي الحالية".split())
# How a victim is counted: the event as the article names it, and the verb of the question.
_VICTIMS = {
    "مقتل": "قُتل", "قتل": "قُتل", "قتلت": "قُتل", "وفاة": "توفي", "إصابة": "أصيب", "أصيب": "أصيب", "اعتقال": "اعتُقل", "استشهاد": "استشهد",
    "استشهد": "استشهد", "إيقاف": "أوقف", "توقيف": "أوقف", "توفي": "توفي", "نزوح": "نزح", "اختطاف": "اختُطف", "إنقاذ": "أُنقذ",
}  # fmt: skip
_ROUGHLY = frozenset("نحو حوالي قرابة أكثر من ما لا يقل عن زهاء".split())
# Every form in which things are counted, and the one that follows كم.
_COUNTED = {
    form: singular
    for forms, singular in (
        ("شخص شخصا أشخاص", "شخصًا"),
        ("جندي جنديا جنود", "جنديًا"),
        ("مدني مدنيا مدنيين", "مدنيًا"),
        ("عسكري عسكريا عسكريين", "عسكريًا"),
        ("طفل طفلا أطفال", "طفلًا"),
        ("عامل عاملا عمال", "عاملًا"),
        ("مهاجر مهاجرا مهاجرين", "مهاجرًا"),
        ("صحفي صحفيا صحفيين", "صحفيًا"),
        ("طالب طالبا طلاب", "طالبًا"),
        ("شرطي شرطيا", "شرطيًا"),
        ("إرهابي إرهابيا إرهابيين", "إرهابيًا"),
        ("مسلح مسلحا مسلحين", "مسلحًا"),
        ("فلسطيني فلسطينيا فلسطينيين", "فلسطينيًا"),
        ("تونسي تونسيا تونسيين", "تونسيًا"),
        ("سائح سائحا سياح", "سائحًا"),
        ("راكب راكبا ركاب", "راكبًا"),
    )
    for form in forms.split()
}
# What makes a stretch of words lean on another sentence.
LEANING = frozenset(
    "هذا هذه ذلك تلك هؤلاء هو هي هم كما أيضا الذي التي الذين فيه فيها منه منها ما من وهو وهي نفس كذلك بينما الأخير".split()
)


def office_at(words: Sequence[Word], start: int) -> Sequence[Word] | None:
    """The words of an office that begins at ``start`` and is followed by the name of the person who holds it."""
    if words[start].plain not in _OFFICES:
        return None
    end = start + 1
    while end < len(words) and words[end].plain not in _RANKS and _goes_on(words[end].plain):
        end += 1
    office = words[start:end]
    named = end
    while named < len(words) and (words[named].text in '،,"“«' or words[named].plain in _RANKS):
        named += 1
    if not 2 <= len(office) <= 7 or not _is_office(office) or not is_person(words, named):
        return None
    return None if any(part.plain in _FORMER for part in office) else office


def _goes_on(plain: str) -> bool:
    """Whether a word can stand inside the name of an office and is no person's name."""
    if plain == "باسم" or plain in _INSIDE_OFFICES or is_place(plain):
        return True
    if plain.startswith("لل"):
        plain = "ال" + plain[2:]
    return is_definite(plain) and (is_known(plain) or is_nation(plain))


_RANKS = frozenset(
    "القديس العقيد العميد الدكتور السيد السيدة الأستاذ الأستاذة المهندس اللواء الجنرال القاضي الشيخ الرائد المقدم الفريق".split()
)
_INSIDE_OFFICES = frozenset(
    "وزراء خارجية دفاع مجلس وزارة هيئة منظمة حزب جمعية نادي فريق منتخب بلدية جامعة حكومة لجنة اتحاد بنك حركة مهرجان شركة إدارة"
    " مركز معهد وكالة ديوان عام العام نقابة مؤسسة برلمان إقليم جمهورية عن".split()
) - {"عن"}


def _is_office(office: Sequence[Word]) -> bool:
    """Whether the words name one office and are complete: they end in a definite word or a place."""
    last = office[-1].plain
    if not (is_definite(last) or is_place(last) or last.startswith("لل")):
        return False
    # "The president" alone is anyone's; so is "the director general".
    return is_specific(office) and not all(part.plain in _VAGUE for part in office)


_VAGUE = _OFFICES | {
    "العام",
    "العامة",
    "الأول",
    "التنفيذي",
    "الجهوي",
    "المساعد",
    "الشرفي",
    "الوزراء",
    "الجمهورية",
    "الفني",
    "الإدارة",
}


def is_person(words: Sequence[Word], start: int) -> bool:
    """Whether a person's name of two words or more stands here."""
    parts = [word.plain for word in words[start : start + 2]]
    if len(parts) < 2 or is_place(parts[0]) or is_place(parts[1]) or not (is_name(parts[0]) or is_unread(parts[0])):
        return False
    return is_name(parts[1]) or is_unread(parts[1]) or is_definite(parts[1])


class Saying(NamedTuple):
    """Who said something, and the first thing it was said of."""

    speaker: Sequence[Word]
    topic: Phrase
    feminine: bool


def said_by(words: Sequence[Word]) -> Saying | None:
    """What a sentence that opens with a verb of saying tells of."""
    verb = opening_verb(words, _SAID)
    that = next((i for i, word in enumerate(words[:_SPEAKER]) if word.plain in _THAT), None) if verb else None
    speaker = _speaker(words[1:that]) if that else None
    topic = phrase_at(words, that + 1, longest=5, before_verb=True) if that else None
    if verb is None or speaker is None or topic is None or topic.words[0].plain in _NO_TOPIC:
        return None
    if any(word.plain in LEANING or holds_pronoun(word.plain) for word in topic.words):
        return None
    if {word.plain for word in topic.words} <= {word.plain for word in speaker}:
        return None
    return Saying(speaker, topic, verb.plain.endswith("ت"))


_SPEAKER = 14  # words from the verb to "that"
_STATEMENTS = frozenset(
    "تصريح تصريحات بيان حوار خطاب كلمة مؤتمر ندوة مقابلة حديث تغريدة لقاء رسالة مداخلة اتصال تقرير بلاغ".split()
)
_SPOKEN_WHEN = frozenset("اليوم أمس صباح مساء رسميا سابقا".split())
_SAYING_BESIDE = frozenset("موضحا مؤكدا مضيفا مشيرا قائلا معتبرا مبينا لافتا مشددا مبرزا داعيا".split())
_MORE_OFFICES = frozenset(
    "الوزير الكاتب النائب القيادي القيادية الناشط الناشطة الخبير المحامي المكلف عضو كاتب ضيف منسق نائب نائبة أستاذ أستاذة مؤسس صاحب مهندس خبير مسؤول".split()
)
_NO_SPEAKER = frozenset(
    "المصدر ذات نفس المتحدث الوزارة الهيئة البيان البلاغ التقرير مصدر مصادر تقارير الباحثون العلماء".split()
)
_NO_TOPIC = frozenset(
    "الأمر المهم الهدف الجديد الوقت العديد البعض الكثير الحل السبب الحديث الحال القول الشخص المسألة المشكل المشكلة الموضوع الغاية الفرق"
    " ذلك كل عدد جميع بعض أي عملية الملف النية الخطر الشيء الأشياء الناس الحقيقة الواقع الفكرة القرار اللقاء الهيئة الوزارة الطرفين"
    " الجانبين المشتبه المكلف المسؤول المسؤولين القائمين المتحدث الهجوم الحادث الجانب الضحية الضحايا الأهم الأولوية السعي العمل الفقيد الفضل الإقبال الشروع الضرورة الاتجاه النقاش".split()
)


def _speaker(words: Sequence[Word]) -> Sequence[Word] | None:
    """Who speaks, of the words between the verb of saying and "that"; None when they hold more than that."""
    speaker: list[Word] = []
    for position, word in enumerate(words):
        following = words[position + 1].plain if position + 1 < len(words) else ""
        if (word.plain in ("في", "خلال") and following in _STATEMENTS) or (word.plain == "على" and following == "هامش"):
            break
        if word.plain in _SPOKEN_WHEN or word.plain in _DAYS or word.plain == "لوكالة":
            break
        if word.plain in PREPOSITIONS or word.plain in LEANING or word.plain.isdigit() or holds_pronoun(word.plain):
            return None
        if word.is_sign and word.text not in '،,"“”«»':
            return None
        speaker.append(word)
        if word.plain in _SAYING_BESIDE:
            return None
    # "Hakim al-Salmi, head of ...": the name alone is enough.
    offices = [
        i for i, word in enumerate(speaker) if i >= 2 and (word.is_sign or word.plain in _OFFICES | _MORE_OFFICES)
    ]
    if offices and speaker[0].plain not in _OFFICES | _MORE_OFFICES:
        speaker = speaker[: offices[0]]
    content = [word for word in speaker if not word.is_sign]
    # A name stands where nothing but the speaker can: its words need not be known as names.
    if not 2 <= len(content) <= 9 or not is_specific(content) or any(word.plain in _NO_SPEAKER for word in content):
        return None
    first = content[0].plain
    return speaker if is_definite(first) or is_noun(first) or is_name(first) else None


def requested(words: Sequence[Word]) -> tuple[Phrase, Phrase] | None:
    """Who asked, and whom, in a sentence that opens with "asked"."""
    verb = opening_verb(words, both("طلب"))
    asking = phrase_at(words, 1) if verb else None
    if verb is None or asking is None or not is_specific(asking.words):
        return None
    for position in range(asking.end, min(asking.end + 3, len(words))):
        if words[position].plain == "من":
            asked = phrase_at(words, position + 1)
            return (asking, asked) if asked else None
    return None


def about(words: Sequence[Word]) -> tuple[Word, Phrase] | None:
    """The verb and the subject of a sentence that opens with "called for", "warned of" and the like."""
    verb = opening_verb(words, frozenset(ABOUT))
    subject = phrase_at(words, 1) if verb else None
    if verb is None or subject is None or not is_specific(subject.words):
        return None
    for word in words[subject.end : subject.end + 8]:
        if word.plain == ABOUT[verb.plain][0]:
            return verb, subject
        if word.plain in ("أن", "إن", "بأن"):
            return None
    return None


def clause_before(words: Sequence[Word], end: int) -> Sequence[Word] | None:
    """The words from the opening verb's subject up to ``end``, if they stand alone: whole phrases, nothing pointing out."""
    clause = list(words[1:end])
    while clause and clause[-1].text in "،,":
        clause.pop()
    position = 1
    while position < 1 + len(clause):
        if words[position].plain in PREPOSITIONS and position > 1:
            position += 1
            continue
        phrase = phrase_at(words[: 1 + len(clause)], position)
        if phrase is None:
            joined = words[position].plain
            # "between Armenia and Azerbaijan"
            if position > 2 and joined.startswith("و") and (is_name(joined[1:]) or is_definite(joined[1:])):
                position += 1
                continue
            return None
        position = phrase.end
    if (
        not clause
        or clause[-1].plain in PREPOSITIONS
        or any(word.is_sign and word.text not in '"“”«»' for word in clause)
    ):
        return None
    if any(word.plain in LEANING or holds_pronoun(word.plain) for word in clause) or not is_specific(clause):
        return None
    return clause


def _date_at(words: Sequence[Word], start: int) -> bool:
    """Whether a date with a day and a month, or a year named as one, begins here."""
    parts = [word.plain for word in words[start : start + 4] if not word.is_sign]
    if not parts:
        return False
    if parts[0].isdigit() and len(parts) > 1:
        return len(parts[0]) <= 2 and dates.month_of(parts[1]) is not None
    if parts[0] in ("عام", "سنة") and len(parts) > 1:
        return parts[1].isdigit() and len(parts[1]) == 4
    return dates.month_of(parts[0]) is not None and len(parts) > 1 and parts[1].isdigit() and len(parts[1]) == 4


_TIMES = frozenset("في يوم مساء صباح ليلة فجر ظهر عصر بتاريخ منذ عام سنة".split())


def dated(words: Sequence[Word]) -> tuple[str, Sequence[Word]] | None:
    """The verb of an event, as written, and the words that say what happened, where the sentence tells the date."""
    verb = opening_verb(words, _HAPPENED)
    if verb is None:
        return None
    for position in range(2, min(len(words), 16)):
        if words[position].plain in _TIMES or words[position].plain in _DAYS:
            start = position
            while start < len(words) and (
                words[start].plain in (_TIMES - {"عام", "سنة"}) | _DAYS or words[start].text in "،,"
            ):
                start += 1
            if _date_at(words, start):
                clause = clause_before(words, position)
                return (verb.text, clause) if clause and len(clause) >= 2 else None
    return None


_DAYS = frozenset("السبت الأحد الاحد الاثنين الإثنين الثلاثاء الأربعاء الاربعاء الخميس الجمعة".split())


def number_at(words: Sequence[Word], start: int) -> int | None:
    """Where the number that begins at ``start``, perhaps after "about", ends."""
    while start < len(words) and words[start].plain in _ROUGHLY:
        start += 1
    if start < len(words) and words[start].plain.isdigit():
        return start + 1
    return None


ADJECTIVE = re.compile("(?:ا|ين)$")
"""What a counted noun's adjective ends in."""


class Victims(NamedTuple):
    """People counted: as they follow كم, what befell them, their nation's adjective and the place, as written."""

    counted: str
    fate: str
    nation: str
    preposition: str
    where: str
    place: str


def counted_victims(words: Sequence[Word]) -> Iterator[Victims]:
    """The people that a sentence counts, where it tells of which nation, or where."""
    for position, word in enumerate(words):
        event = word.plain[1:] if word.plain[:1] in "وف" and word.plain[1:] in _VICTIMS else word.plain
        end = number_at(words, position + 1) if event in _VICTIMS else None
        if end is None or end >= len(words) or words[end].plain not in _COUNTED:
            continue
        counted, nation, preposition, where, place = _COUNTED[words[end].plain], "", "", "", ""
        if end + 1 < len(words) and _is_nation_of(words[end + 1].plain):
            end += 1
            nation = words[end].plain
        if end + 2 < len(words) and words[end + 1].plain in ("في", "خلال", "جراء", "إثر"):
            phrase = phrase_at(words, end + 2, longest=5)
            if phrase and phrase.named and not any(holds_pronoun(each.plain) for each in phrase.words):
                preposition, where = words[end + 1].text, phrase.text
                place = phrase.words[0].plain if len(phrase.words) == 1 and preposition == "في" else ""
        if nation or where:
            yield Victims(counted, _VICTIMS[event], nation, preposition, where, place)


def _is_nation_of(plain: str) -> bool:
    """Whether a word is a nation's adjective as it follows a counted noun: أرمينيا, أرمينيين (of soldiers)."""
    return any(plain.endswith(ending) and is_people(plain[: -len(ending)]) for ending in ("ا", "ين")) or is_people(
        plain
    )
