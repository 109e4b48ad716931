from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.language.sentences import Span, count_words, sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


# "|" stands where the text is to be cut; the space after it is dropped.
@pytest.mark.parametrize(
    "marked",
    [
        "اندلع القتال ليلة أمس. |وقالت الوزارة إنه مستمر.",
        "هل طلبت أرمينيا المساعدة؟ |نعم طلبتها أمس! |ثم جاء الرد سريعا… |ولم يكن كافيا لها.",
        "الإقليم غير مشمول بالمعاهدة؛ |لأنه غير معترف به.",
        "تهديدا لأمنها القومي؛|لذلك ليس من المفاجئ أن تتدخل.",
        "انتهى الاجتماع أمس.|وقالت الوزارة إنه مثمر.",
        "هل انتهى الاجتماع؟|نعم انتهى الاجتماع أمس.",
        "منذ حرب عام 2020.|تعرب الصحافة عن أسفها.",
        "It ended last night. |Nobody knows why it began. |Will it go on? |We hope not at all!",
        # Numbers
        "بدأ اللقاء عند 11:46 ص وشارك فيه 20% من الأعضاء. |ثم انتهى اللقاء سريعا.",
        "بلغ المعدل 3.5 نقطة و1.2 مليون. |ثم عاد وانخفض كثيرا.",
        "Growth was 3.5 percent in 2020. |It fell to 1.25 the next year.",
        "It fell by 20%. |Then it rose again quickly.",
        "وصل في الساعة 9. ثم غادر المكان سريعا.",
        "12. The twelfth item is here. |13. The thirteenth item is there.",
        "He played in it at the age of 39. |The past record was older.",
        # Abbreviations and initials
        "It was shown at 10:00 a.m. EST. |Valve had signed the papers.",
        "Theorists such as J. A. Hobson and B. As It Were wrote it.",
        "He invested in Example Inc. |Otherwise, he kept his money.",
        "Mr. Smith met Dr. Jones at 5 p.m. in St. Louis. |They spoke for an hour.",
        "The U.S. Army left. |He lives in the U.S. |The law is clear about it.",
        "J. R. R. Tolkien wrote it, cf. p. 12 and vol. 3 for more. |It is long.",
        "Fruit, e.g. Apples, is cheap, i.e. Free of charge.",
        "We met at 5 p.m. |The talks went on for hours.",
        "قال د. أحمد علي و أ.د. محمد سالم إن الأمر محسوم. |ثم غادر القاعة مسرعا.",
        "تأسست عام 500 ق.م. في مصر القديمة. |وازدهرت بعد ذلك كثيرا.",
        "يقع ص. 15 من الكتاب القديم. |انظر ج. 2 منه أيضا.",
        # Pauses
        "رغم الأزمة الاقتصادية.. أرمن لبنان يدعمون نظراءهم في قره باغ",
        "خفت حدة التوترات في 2020..",
        "He waited... and waited for hours. Then... |Nothing at all happened there.",
        "انتظر طويلا ... |ثم غادر المكان مسرعا.",
        # Closing marks belong to the sentence
        'قال الوزير: "لن نقبل بهذا الأمر." |ثم غادر القاعة مسرعا.',
        'قال الوزير: "لن نقبل بهذا الأمر". |ثم غادر القاعة مسرعا.',
        "قال: «لن نقبل بهذا الأمر.» |ثم غادر القاعة مسرعا.",
        "هذا ما حدث بالفعل (انظر الملحق.) |ثم غادر القاعة مسرعا.",
        "وصلوا إلى المدينة.[1] |ثم غادروها في الصباح.[2][3]",
        "“We will not accept this.” |He left the room at once.",
        'قررت مخاطبة الاتحاد والمجلس. |أمن الأمم المتحدة ".',
        # A quotation or parenthesis that goes on
        '"هل ستأتي غدا؟"، قال الوزير لصاحبه.',
        '"Will you come?" he asked her twice. |"No!" she said to him firmly.',
        'ووصفهم "جاؤوا إلينا. رأونا هنا. ذهبوا" ثم غادر القاعة.',
        "The village (pop. 5. See the map. It is small) lies there. |It is old indeed.",
        # Addresses
        "انظر https://example.com/a.b?c=d.e للمزيد من التفاصيل. |شكرا لكم على القراءة.",
        "Write to first.last@example.co.uk or see www.example.com. |We will answer you.",
        "المقالة التي تطلب المساعدة تأتي من ScenariEconomici.it . |نشرت يوم الثلاثاء الماضي.",
        "Yahoo! announced results today. |They were not good.",
        "Node.js and ASP.NET are names. |So is Booking.com too.",
        # Fragments
        "قال الرئيس ذلك صراحة. نعم. |ثم غادر القاعة مسرعا.",
        "We came here at dawn. Alone. So what? |Nobody was there to see.",
    ],
)
def test_one_line(marked: str) -> None:
    assert split(marked.replace("|", "")) == [piece.strip() for piece in marked.split("|")]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029", "\n\n \n", "\v", "\f"])
def test_lines_stand_alone(newline: str) -> None:
    lines = ["أرمينيا تطلب المساعدة", "برقية", "- بند أول", "1) بند ثان", "• بند ثالث", "نعم.", "Caption"]
    assert split(newline.join(lines)) == lines


def test_a_long_text_of_pauses_is_split_at_pauses() -> None:
    assert len(split("ذهب إلى البيت القديم ثم نام.. " * 20)) == 4


def test_right_to_left_marks_do_not_hide_a_stop() -> None:
    assert split("انتهى اللقاء أمس.\u200f ثم غادر المكان سريعا.\u200f") == [
        "انتهى اللقاء أمس.\u200f",
        "ثم غادر المكان سريعا.\u200f",
    ]


def test_count_words() -> None:
    assert count_words('"قال" - د.أحمد ، 20% شنّت') == 4


WRITING = st.text(
    st.one_of(st.sampled_from("ابة قال.؟!؛…\"'«»“”()[] \n\r\t12Aabز.،:\u200f\u2028\xa0"), st.characters()), max_size=200
)


@given(WRITING)
@example('"' + "أ. " * 30)
@example(". . . !\u200f")
def test_guarantees(text: str) -> None:
    spans = sentences(text)
    assert all(isinstance(span, Span) and 0 <= span.start < span.end <= len(text) for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    for start, end in spans:
        assert text[start:end] == text[start:end].strip()
        assert len(text[start:end].splitlines()) == 1
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())


@given(WRITING, WRITING)
def test_a_line_does_not_depend_on_its_neighbours(first: str, second: str) -> None:
    alone = [Span(start + len(first) + 1, end + len(first) + 1) for start, end in sentences(second)]
    assert sentences(f"{first}\n{second}") == sentences(first) + alone


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "كلمة ",
            "ك",
            ".",
            "\n",
            ". ",
            "a. ",
            "a.",
            '"',
            '" ',
            '." ',
            "“",
            "(",
            "[1]",
            ".[1]",
            "«ا»",
            "قال. ",
            "قال.. ",
        ),
        *(
            "قال؛",
            "! ",
            "www.",
            "https://a.b ",
            "12. ",
            "e.g. ",
            "' ",
            ")",
            ". )",
            "\u200f",
            ".\u200f",
            "a\r",
            "(a. ",
            "“a. ",
        ),
    ],
)
def test_hostile_text_costs_linear_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    started = time.process_time()
    spans = sentences(text)
    assert time.process_time() - started < 2
    assert len(spans) <= len(text)
