"""Arabic questions that an Arabic sentence answers.

Every question is put together of the sentence's own verb and phrases, in their order, so that gender, number and case
agree as the article's author made them agree: ``واندلعت الاشتباكات بين أرمينيا وأذربيجان، في 27 سبتمبر`` gives
``متى اندلعت الاشتباكات بين أرمينيا وأذربيجان؟``. Sentences that lean on an earlier one (pronouns, "this") give none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.language.phrases_ar import (
    Word,
    is_place,
    is_specific,
    names_something,
    opening_verb,
    phrase_at,
    spoken,
    words_of,
)
from assistant.language.statements_ar import (
    ABOUT,
    ADJECTIVE,
    LEANING,
    about,
    both,
    clause_before,
    counted_victims,
    dated,
    number_at,
    office_at,
    requested,
    said_by,
)

LONGEST, MOST_WORDS = 95, 14
"""Characters and words of a question."""


class Drafted(NamedTuple):
    """A question that a sentence should answer, and its kind: two questions of a kind are alike to the reader."""

    question: str
    kind: str


_HELD = both("اجتمع", "التقى", "انعقد", "عقد", "وقع", "جرى", "ولد", "توفي", "أقيم", "اندلع", "تأسس") | frozenset(
    "ينعقد تنعقد يعقد تعقد يقام تقام ينطلق تنطلق تدور يدور".split()
)
_LASTED = both("استمر", "دام", "استغرق")
_AMOUNTS = frozenset("عدد مساحة نسبة قيمة طول ارتفاع حجم كلفة تكلفة سعر ميزانية".split())
_REACHED = frozenset("بلغ بلغت يبلغ تبلغ".split())
_DURATIONS = {"يوم": "يومًا", "يوما": "يومًا", "أيام": "يومًا", "ساعة": "ساعة", "ساعات": "ساعة", "سنوات": "سنة", "سنة": "سنة",
              "شهرا": "شهرًا", "أشهر": "شهرًا", "أسابيع": "أسبوعًا", "دقيقة": "دقيقة"}  # fmt: skip


def draft(sentence: str) -> list[Drafted]:
    """Questions that ``sentence``, read alone, answers; none where that is in doubt."""
    words = words_of(sentence)
    found: dict[Drafted, None] = {}
    for made in (_who(words), _said(words), _asked_for(words), _about(words), _when(words), _where(words), _counted(words),
                 _amount(words), _lasted(words), _defined(words)):  # fmt: skip
        found.update(dict.fromkeys(item for item in made if _is_fit(item)))
    return list(found)


def _is_fit(drafted: Drafted) -> bool:
    return len(drafted.question) <= LONGEST and len(drafted.question.split()) <= MOST_WORDS


def _who(words: Sequence[Word]) -> Iterator[Drafted]:
    for position in range(len(words)):
        if office := office_at(words, position):
            pronoun = "هي" if office[0].plain.endswith("ة") else "هو"
            yield Drafted(f"من {pronoun} {spoken(office)}؟", "who")


def _said(words: Sequence[Word]) -> Iterator[Drafted]:
    if found := said_by(words):
        said = "قالت" if found.feminine else "قال"
        # "About the bus" says little to one who has not read the article.
        telling = len(found.topic.words) > 1 or names_something(found.topic.words[0].plain)
        yield Drafted(f"ماذا {said} {spoken(found.speaker)} عن {found.topic.text}؟", "said" if telling else "mentioned")


def _asked_for(words: Sequence[Word]) -> Iterator[Drafted]:
    verb, found = opening_verb(words, both("طلب")), requested(words)
    if verb and found:
        yield Drafted(f"ماذا {verb.text} {found[0].text} من {found[1].text}؟", "request")


def _about(words: Sequence[Word]) -> Iterator[Drafted]:
    if found := about(words):
        yield Drafted(f"{ABOUT[found[0].plain][1]} {found[0].text} {found[1].text}؟", "about")


def _when(words: Sequence[Word]) -> Iterator[Drafted]:
    if found := dated(words):
        yield Drafted(f"متى {found[0]} {spoken(found[1])}؟", "when")


def _where(words: Sequence[Word]) -> Iterator[Drafted]:
    verb = opening_verb(words, _HELD)
    if verb is None:
        return
    for position in range(2, min(len(words) - 1, 14)):
        if words[position].plain in ("في", "بمدينة") and is_place(words[position + 1].plain):
            clause = clause_before(words, position)
            if clause:
                yield Drafted(f"أين {verb.text} {spoken(clause)}؟", "where")
            return


def _counted(words: Sequence[Word]) -> Iterator[Drafted]:
    for victims in counted_victims(words):
        adjective = ADJECTIVE.sub("", victims.nation)
        parts = ["كم", victims.counted, adjective and adjective + "ًا", victims.fate, victims.preposition, victims.where]
        yield Drafted(" ".join(part for part in parts if part) + "؟", "count")


def _amount(words: Sequence[Word]) -> Iterator[Drafted]:
    verb = opening_verb(words, _REACHED)
    if verb is None or len(words) < 4 or words[1].plain not in _AMOUNTS:
        return
    phrase = phrase_at(words, 1)
    if phrase and is_specific(phrase.words) and number_at(words, phrase.end):
        yield Drafted(f"كم {verb.text} {phrase.text}؟", "amount")


def _lasted(words: Sequence[Word]) -> Iterator[Drafted]:
    verb = opening_verb(words, _LASTED)
    subject = phrase_at(words, 1) if verb else None
    if verb is None or subject is None:
        return
    end = number_at(words, subject.end)
    if end and end < len(words) and words[end].plain in _DURATIONS and is_specific(subject.words):
        yield Drafted(f"كم {_DURATIONS[words[end].plain]} {verb.text} {subject.text}؟", "lasted")


_THINGS = frozenset(
    "شركة مدينة منظمة جامعة قرية حزب كتاب فيلم نهر مرض لغة قناة صحيفة برنامج نظام علم نوع مجموعة دولة مؤسسة هيئة مصطلح مفهوم عملية طريقة مادة"
    " عنصر غاز معدن نبات حيوان جزيرة بحيرة جبل منطقة إقليم مقاطعة بلدة وكالة جمعية حركة فرقة مسلسل رواية معاهدة اتفاقية معركة حرب بطولة"
    " مسابقة مهرجان متحف مسجد كنيسة قلعة قصر جسر مطار ميناء مستشفى معهد مركز موقع تطبيق جهاز سلاح صاروخ طائرة سفينة".split()
)
_PERSONS = frozenset(
    "كاتب كاتبة شاعر شاعرة سياسي سياسية لاعب لاعبة ممثل ممثلة مغن مغني مغنية مخرج مخرجة عالم عالمة فيلسوف رسام ملحن موسيقي صحفي صحفية"
    " إعلامي إعلامية ناشط ناشطة طبيب طبيبة مهندس مؤرخ روائي روائية فنان فنانة محام محامي قاض أمير ملك إمبراطور خليفة".split()
)


def _defined(words: Sequence[Word]) -> Iterator[Drafted]:
    """ "X هو ..." at the sentence's beginning: of persons and things whose kind the next word tells."""
    subject = phrase_at(words, 0, longest=4)
    if subject is None or subject.end + 2 >= len(words) or words[subject.end].plain not in ("هو", "هي"):
        return
    kind = words[subject.end + 1].plain
    if any(word.plain in LEANING for word in subject.words) or not is_specific(subject.words):
        return
    if kind in _PERSONS and len(subject.words) >= 2:
        yield Drafted(f"من {words[subject.end].plain} {subject.text}؟", "defined")
    elif kind in _THINGS and not (len(subject.words) == 1 and is_place(subject.words[0].plain)):
        yield Drafted(f"ما {words[subject.end].plain} {subject.text}؟", "defined")
