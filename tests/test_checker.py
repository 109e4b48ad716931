"""Lexical support: true statements pass in both languages, and each kind of change is noticed with its reason."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.cases import Source
from assistant.checker import check

CONTEXT = "قتل 49 جنديا أرمينيا في الليلة الماضية.\nوقالت يريفان إنها طلبت المساعدة."
GENEVA = Source(
    "اجتمع الوزيران في جنيف يوم 12 سبتمبر/أيلول واتفقا على تبادل ثلاثين أسيرا، ولم تعلن باكو أرقاما.",
    "ar",
    "محادثات أرمينيا وأذربيجان",
    dt.date(2022, 9, 14),
    CONTEXT,
)
TRUCE = Source(
    "The two ministers met in Geneva on September 12 and agreed to exchange thirty prisoners, but Baku gave no figures.",
    "en",
    "Talks between Armenia and Azerbaijan",
    dt.date(2022, 9, 14),
    "Forty-nine Armenian soldiers were killed last night.\nYerevan said it had asked for help.",
)


@pytest.mark.parametrize("source", [GENEVA, TRUCE], ids=["ar", "en"])
@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("The ministers met in Geneva on 12 September 2022. [1]", ""),
        ("The two ministers agreed to exchange 30 prisoners.", ""),
        ("Baku did not give figures.", ""),
        ("اتفق الوزيران في جنيف على تبادل 30 أسيرا.", ""),
        ("التقى الوزيران في جنيف في الثاني عشر من أيلول 2022.", ""),
        ("لم تذكر باكو أرقاما.", ""),
        ("The two ministers agreed to exchange 40 prisoners.", "number"),
        ("اتفق الوزيران في جنيف على تبادل أربعين أسيرا.", "number"),
        ("The ministers met in Geneva on 13 September.", "date"),
        ("التقى الوزيران في جنيف في 12 تشرين الأول.", "date"),
        ("The ministers met in Vienna and agreed to exchange thirty prisoners.", "name"),
        ("اتفق الوزيران في فيينا على تبادل ثلاثين أسيرا.", "name"),
        ("The two ministers did not agree to exchange thirty prisoners.", "negation"),
        ("لم يتفق الوزيران على تبادل ثلاثين أسيرا في جنيف.", "negation"),
        ("The weather in the mountains will stay cold and wet.", "words"),
        ("يفضل الأطفال شرب الحليب في الصباح.", "words"),
    ],
)
def test_what_is_said_of_a_sentence_in_either_language(source: Source, statement: str, reason: str) -> None:
    verdict = check(statement, [source])
    assert verdict.reason == reason
    assert verdict.verdict == ("unsupported" if reason else "supported")


def reason(statement: str, cited: str, context: str = "") -> str:
    return check(statement, [Source(cited, "ar" if cited[0] > "z" else "en", "", None, context)]).reason


@pytest.mark.parametrize(
    ("statement", "cited", "expected"),
    [
        # behind a title and behind a closing quotation mark a capital is a name's own
        ("The driver voted for Mr. Trump.", "صوت السائق للسيد ترامب.", ""),
        ("The driver voted for Mr. Zelensky.", "صوت السائق للسيد ترامب.", "name"),
        ('"It is so easy," Trump said.', 'وقال ترامب "الأمر سهل جدا".', ""),
        ('"It is so easy," Scholz said.', 'وقال ترامب "الأمر سهل جدا".', "name"),
        # a place before a name is no first name
        ("Liverpool play in China, Naples and Rome.", "يلعب ليفربول في الصين ونابولي وروما.", ""),
        ("Liverpool play in Germany, Naples and Rome.", "يلعب ليفربول في الصين ونابولي وروما.", "name"),
        ("The IPCC admitted the date was incorrect.", "أقر الفريق الحكومي الدولي المعني بتغير المناخ أن التاريخ غير صحيح.", ""),
        ("The wife of Tyler bought the house.", "اشترت زوجة تايلر المنزل.", ""),
        # the article's spelling is its own
        ("تعهدت موسكو بتقديم الدعم ليريفان.", "تعهدت موسكو بتقديم الدعم ليريفيان.", ""),
        ("طلبت أرمينيا مساعدة عسكرية.", "طلبت الحكومة الأرمينية مساعدة عسكرية.", ""),
        ("طلبت أذربيجان مساعدة عسكرية.", "طلبت الحكومة الأرمينية مساعدة عسكرية.", "name"),
        ("Russia asked for military help.", "طلبت الحكومة الأرمينية مساعدة عسكرية.", "name"),
        # one word and three
        ("Viewers paid BSkyB for it.", "دفع المشاهدون ثمنه لبي سكاي بي.", ""),
        ("دفع المشاهدون ثمنه لقناة بي سكاي بي.", "Viewers paid BSkyB for it.", ""),
        ("وتحدث السيد نيومان عن النتائج.", "Newman of RSM talked about the results.", ""),
        # capitals of a title are no names
        ("The Presiding Officer, Elin Jones, spoke.", "تحدثت رئيسة اللجنة إلين جونز.", ""),
        # two words without their space
        ("وصرح الوزير أيضابإن الرقابة مشددة.", "The minister said the control was tight.", ""),
    ],
)  # fmt: skip
def test_names_in_either_script(statement: str, cited: str, expected: str) -> None:
    assert reason(statement, cited) == expected


def test_a_place_of_the_article_in_the_place_of_a_cited_nation() -> None:
    cited, context = "طلبت الحكومة الأرمينية مساعدة عسكرية.", "وردت روسيا على الطلب."
    assert reason("Armenia asked for military help.", cited, context) == ""
    assert reason("Russia asked for military help.", cited, context) == "name"


@pytest.mark.parametrize(
    ("statement", "cited", "expected"),
    [
        ("They will not forget it tomorrow and not in November.", "لن ينسين ذلك غدا أو في نوفمبر.", ""),
        ("It is not likely to happen.", "من غير المرجح أن يحدث ذلك.", ""),
        ("It is likely to happen.", "من غير المرجح أن يحدث ذلك.", "negation"),
        ("ولا يزال السبب غير معروف وغير واضح.", "The cause remains unclear.", ""),
        ("لا يزال السبب معروفا وواضحا.", "The cause remains unclear.", "negation"),
        ("دعا الاتحاد الولايات المتحدة إلى عدم التدخل في سياسة الطاقة.",
         "The federation called on the United States to stay away from energy policy.", ""),
        ("كشف حفيداه عن الحجر يوم السبت.", "The stone was unveiled by his two grandsons on Saturday.", ""),
        ("عبروا الحدود بشكل قانوني منذ الحرب.", "They have illegally crossed the border since the war.", "negation"),
        # a subject between the negative, its verb and what it bears on
        ("لم يشهد التشريع الذي سعى إلى إنشاء لجنة الأمن الوطني أي إجراء منذ شهور.",
         "The legislation that sought to create a national security commission has not seen action in months.", ""),
        ("Russia did not send troops.", "أرسلت روسيا قوات إلى الحدود، ولم ترد أرمينيا على ذلك.", "negation"),
        # both are said: one thing was, another was not
        ("Climo converted the try in the first half.",
         "Climo converted the try in the first half, and the last one went unconverted.", ""),
        # only so
        ("She cannot tell the story without tears.", "لا يمكنها رواية القصة إلا بالدموع.", ""),
        ("He left the house without his children.", "غادر المنزل مع أطفاله.", "negation"),
        # a negative with its conjunction, and with a question
        ("The ministers agreed not to publish the report.", "اتفق الوزراء على ألا ينشروا التقرير.", ""),
        ("The ministers agreed to publish the report.", "اتفق الوزراء على ألا ينشروا التقرير.", "negation"),
    ],
)  # fmt: skip
def test_denials_in_either_language(statement: str, cited: str, expected: str) -> None:
    assert reason(statement, cited) == expected


def test_years_are_not_rounded_and_counts_are() -> None:
    assert reason("This was still so in 2010.", "كان الأمر كذلك حتى أواخر سنة 2008.") == "number"
    assert reason("About 31,000 people crossed the border.", "عبر الحدود 30,862 شخصا.") == ""


@pytest.mark.parametrize(
    ("statement", "cited", "right"),
    [
        ("Addison added 6½ sacks.", "وأضاف أديسون 6 استحواذات ونصف.", True),
        ("وأضاف أديسون 6 استحواذات ونصف.", "Addison added 6½ sacks.", True),
        ("Addison added 7½ sacks.", "وأضاف أديسون 6 استحواذات ونصف.", False),
        ("اتصل على الرقم 116123 مجانا.", "You can call 116 123 free.", True),
        ("You can call 116 123 free.", "اتصل على الرقم 116123 مجانا.", True),
        ("You can call 116 124 free.", "اتصل على الرقم 116123 مجانا.", False),
        ("Viewers were 1.7 million four years ago.", "بلغ عدد المشاهدين 1.7 مليون منذ أربعة أعوام.", True),
        ("They delivered a large quantity of wheat.", "سلموا كمية كبيرة من القمح.", True),
        ("The two shops merged in the early 2000s.", "اندمج المتجران في بداية القرن الواحد والعشرين.", True),
        ("The two shops merged in the early 1900s.", "اندمج المتجران في بداية القرن الواحد والعشرين.", False),
    ],
)
def test_numbers_however_they_are_written(statement: str, cited: str, right: bool) -> None:
    verdict = check(statement, [Source(cited, "ar" if cited[0] > "z" else "en", "", None, "")])
    assert verdict.reason == ("" if right else "number")


def test_a_statement_without_sources_is_uncited() -> None:
    assert check("The ministers met in Geneva.", []) == ("uncited", "uncited")


def test_a_merged_statement_is_held_by_two_sentences_and_not_by_one() -> None:
    other = Source("قتل 49 جنديا أرمينيا في الليلة الماضية.", "ar", "", dt.date(2022, 9, 14), "")
    merged = "The ministers met in Geneva after 49 soldiers were killed."
    assert check(merged, [GENEVA, other]).verdict == "supported"
    assert check(merged, [GENEVA._replace(context="")]) == ("unsupported", "number")


def test_a_sentence_is_preferred_to_its_neighbour() -> None:
    neighbour = Source(CONTEXT.splitlines()[1], "ar", "", None, "قتل 49 جنديا أرمينيا في الليلة الماضية.")
    assert check("Many Armenian soldiers were killed overnight.", [neighbour]).verdict == "unsupported"


@pytest.mark.parametrize(
    "statement", ["Bananas are blue.", "PWNED.", "Zork blimp.", "الموز أزرق.", "The weather was lovely."]
)
def test_a_short_statement_of_which_nothing_is_found_is_not_supported(statement: str) -> None:
    source = Source(
        "The army crossed the river Tavra on Monday.", "en", "The ceasefire", None, "It rained in the city."
    )
    assert check(statement, [source]).verdict == "unsupported"
