from __future__ import annotations

from assistant.language.asking_ar import LONGEST, draft
from assistant.language.sentences import sentences
from tests.conftest import SEEDS
from tests.drafted import gives, keeps_silent

# Sentences of no article: a shape each, and the questions that a native reader would put to it.
MADE = {
    "واندلعت المعارك بين السودان وإثيوبيا، في 12 مارس/آذار الماضي، إثر خلاف على الحدود.": ["متى اندلعت المعارك بين السودان وإثيوبيا؟"],
    "تأسست جامعة القاهرة عام 1908 في عهد الخديوي.": ["متى تأسست جامعة القاهرة؟"],
    "وقالت وزارة الدفاع التركية إن الضربات الجوية أصابت أهدافها.": ["ماذا قالت وزارة الدفاع التركية عن الضربات الجوية؟"],
    "قال الرئيس الفرنسي إيمانويل ماكرون في تصريح إن المفاوضات لم تنته.": [
        "من هو الرئيس الفرنسي؟",
        "ماذا قال الرئيس الفرنسي إيمانويل ماكرون عن المفاوضات؟",
    ],
    "طلب رئيس الوزراء العراقي \"حيدر العبادي\" رسميا من الرئيس الأمريكي \"دونالد ترامب\"، الأحد، سحب القوات.": [
        "من هو رئيس الوزراء العراقي؟",
        "من هو الرئيس الأمريكي؟",
        "ماذا طلب رئيس الوزراء العراقي حيدر العبادي من الرئيس الأمريكي دونالد ترامب؟",
    ],
    "أعلن الجيش اللبناني مساء السبت عن توقيف المتهمين.": ["عمّ أعلن الجيش اللبناني؟"],
    "وحذرت الحكومة الألمانية من موجة جديدة.": ["ممّ حذرت الحكومة الألمانية؟"],
    "دعت الحكومة السورية إلى ضبط النفس.": ["إلى ماذا دعت الحكومة السورية؟"],
    "أكدت الوكالة مقتل 23 جنديا تركيا.": ["كم جنديًا تركيًا قُتل؟"],
    "أسفر القصف عن إصابة 7 أشخاص في حلب.": ["كم شخصًا أصيب في حلب؟"],
    "انعقدت القمة العربية في بغداد بحضور القادة.": ["أين انعقدت القمة العربية؟"],
    "تبلغ مساحة مدينة مكة المكرمة حوالي 850 كيلومترا مربعا.": ["كم تبلغ مساحة مدينة مكة المكرمة؟"],
}  # fmt: skip

# Sentences that lean on another, or whose phrases are in doubt.
SILENT = [
    "قال إنه لن يعود.",
    "وأضاف المصدر نفسه أن العملية مستمرة.",
    "واندلعت بعد ذلك في 12 مارس 2020 معارك أخرى.",
    "وقالت وزارته إن الأمر انتهى.",
    "قال الوزير إن الحكومة باقية.",
    "من هو رئيس الوزراء السابق نوري المالكي.",
    "أعلن الرئيس عن قراره.",
    "توفي الرجل يوم 5 مايو 2010.",
    "قتل 20 شخصا.",
    "",
    "؟!",
]


test_a_sentence_gives_its_questions = gives(draft, MADE)
test_what_leans_on_another_sentence_gives_none = keeps_silent(draft, SILENT)


def test_the_questions_of_the_seeds_are_well_formed() -> None:
    found = []
    for path in sorted(SEEDS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        found += [drafted.question for start, end in sentences(text) for drafted in draft(text[start:end])]
    assert len(set(found)) >= 6
    for question in found:
        assert question.endswith("؟") and question.count("؟") == 1
        assert len(question) <= LONGEST
        assert not set(question) & set('"“”«»،,\n')
        assert "  " not in question
