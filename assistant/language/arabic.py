"""Arabic words: function words, stems, lemmas, and what they may mean in English."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

import snowballstemmer

from assistant.language.lexicon import lexicon
from assistant.language.names import clitic_forms
from assistant.language.text import normalize_arabic

# Function words that the lexicon also lists with a content reading ("من" is also "manna", to bestow).
FUNCTION_WORDS = frozenset(
    """في على إلى الى عن من مع هذا هذه ذلك تلك هؤلاء أولئك الذي التي الذين اللذان اللتان اللواتي هو هي هم هن نحن أنا أنت أنتم
    هما أن إن أنه إنه أنها لأن لكن ولكن بل أو أم ثم كي لكي حتى إذ إذا إما أما لو لولا لم لن لا ما ماذا لماذا كيف متى أين كم
    أي أية هل كل كلا كلتا بعض قد لقد سوف ليس ليست كما كأن حيث حين عندما عند بعد قبل بين خلال منذ مثل مثلما نحو تحت فوق أمام
    خلف وراء حول ضد دون بدون عبر ضمن لدى لدي لديه أثناء بسبب بشأن فقط أيضا جدا هنا هناك هنالك كان كانت كانوا يكون تكون كنت
    يكونون تم يتم تمت مما بما فيما عما كذلك لذلك لذا بينما غير سوى إلا بي لي له لها لهم به بها بهم فيه فيها منه منها عليه
    عليها إليه إليها عنه عنها إياه ذات ذو ذي كذا بلا ربما حسب وفقا رغم طالما بينهم بينها مازال يزال تزال أصبح عليهم لدينا
    لديهم لديها أنهم إنها الآن ليسوا لست بعدها قبلها داخل خارج هكذا أكثر أقل جميع كافة نفس نفسه نفسها أنفسهم أحد إحدى حوالي
    اذا انه انها او ام اي اين الان اكثر ايضا احد اما انهم اذ ان لان كهذا كهذه كتلك ككل كالذي كالتي كأنه كأنها أليس أليست ألا""".split()
)
_STEMS = "3"  # raise it when `stem` gives something else
# Identity of both: what is kept of texts was made without function words, and of stems.
FINGERPRINT = hashlib.sha256(" ".join([_STEMS, *sorted(FUNCTION_WORDS)]).encode()).hexdigest()[:8]
# Typed without hamza; but "امام" is as often an imam, and "اية" a verse.
_BARE_FUNCTION_WORDS = frozenset(re.sub("[أإآ]", "ا", word) for word in FUNCTION_WORDS) - {"امام", "اية"}
# Not ك and أ: they would make function words of "كسوف" (eclipse), "أمن" (security), "ألم" (pain) and "أبها" (a city).
_PROCLITICS = ("و", "ف", "ل", "ب")
# Words that frame a question more often than they name its subject.
_WEAK = "اسم عدد نوع يسمى تسمى أسماء شيء شخص طريقة سبب عام سنة مثال بعض ذكر ورد مقال مقالات خبر"

# Words of every subject, forms of which the lexicon glosses with rare words.
_COMMON = """قال قالت قالوا يقول تقول يقولون جرى جرت يجري تجري قام قامت قاموا يقوم تقوم يمكن يمكنه يمكنها أمكن يجب ينبغي يستطيع تستطيع استطاع
    اليوم أمس غدا جديد جديدة آخر أخرى آخرون آخرين أخير أخيرة بينهما مثلا عدة وفق أول أولى ماض ماضي ماضية قادم قادمة مقبل مقبلة حالي حالية حاليا مؤخرا
    دائما غالبا أبدا تقريبا خاصة معظم كبير كبيرة"""

# With what may stand before it, and a word after it.
_ARTICLE = re.compile("[وف]?(?:[بك]?ال|لل)(?=.{2})")
_snowball = snowballstemmer.stemmer("arabic")


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """Snowball light stem of the normalised word without its article.

    Of a word with its article Snowball leaves the ending: "عاصفة" and "العاصفة", a storm and the storm, had two stems.
    """
    normal = normalize_arabic(word)
    article = _ARTICLE.match(normal)
    if article and _may_have_article(word, len(normal) - article.end()):
        normal = normal[article.end() :]
    return str(_snowball.stemWord(normal))


def _may_have_article(word: str, letters: int) -> bool:
    """Whether what opens a word like an article is one by some reading, as in no reading of "التزام"; ``letters`` come after it."""
    readings = lexicon().analyze(word)
    return any("the" in reading.prefix.split() for reading in readings) if readings else letters > 2


@lru_cache(maxsize=16384)
def is_function_word(word: str) -> bool:
    """Whether a folded Arabic word only serves grammar."""
    if word in FUNCTION_WORDS or word in _BARE_FUNCTION_WORDS:
        return True
    if len(word) >= 3 and word[0] in _PROCLITICS and (word[1:] in FUNCTION_WORDS or word[1:] in _BARE_FUNCTION_WORDS):
        return True
    analyses = lexicon().analyze(word)
    return bool(analyses) and all(analysis.is_function_word for analysis in analyses)


@lru_cache(maxsize=1)
def _weak_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in _WEAK.split())


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    return frozenset(map(normalize_arabic, _COMMON.split()))


def is_common(word: str) -> bool:
    """Whether the word is of every subject: "new", "today", "may be"."""
    normal = normalize_arabic(word)
    return normal in _common_words() or normal.removeprefix("و").removeprefix("ال") in _common_words()


def is_weak(word: str) -> bool:
    """Whether the word frames a question ("name", "number") more often than it is its subject."""
    return stem(word) in _weak_stems()


@lru_cache(maxsize=8192)
def lemma_weights(word: str) -> dict[int, float]:
    """Lemmas a word may belong to, each weighted ``n**-.5`` for ``n`` of them."""
    lemmas = lexicon().lemmas(word)
    return dict.fromkeys(lemmas, len(lemmas) ** -0.5) if lemmas else {}


def meanings(word: str) -> dict[str, float]:
    """English stems the word may mean, weights in (0, 1]."""
    return _meanings(tuple(lexicon().lemmas(word)))


@lru_cache(maxsize=16384)
def _meanings(lemmas: tuple[int, ...]) -> dict[str, float]:
    # The many forms of one word have the same lemmas.
    found: dict[str, float] = {}
    for lemma in lemmas:
        for english_stem, share in lexicon().meaning(lemma).items():
            found[english_stem] = found.get(english_stem, 0.0) + len(lemmas) ** -0.5 * share
    return {english_stem: min(1.0, weight) for english_stem, weight in found.items()}


def is_dual(word: str) -> bool:
    """Whether the word may say that it is two: ``ساعتين``."""
    return any("two" in analysis.suffix.split() for analysis in lexicon().analyze(word))


def likely_meanings(word: str) -> frozenset[str]:
    """English stems of a weight of a quarter or more."""
    return _likely_meanings(tuple(lexicon().lemmas(word)))


@lru_cache(maxsize=16384)
def _likely_meanings(lemmas: tuple[int, ...]) -> frozenset[str]:
    return frozenset(stem for stem, weight in _meanings(lemmas).items() if weight >= 0.25)


@lru_cache(maxsize=8192)
def roots(word: str) -> dict[str, float]:
    """Roots of a word's readings that are no names, each weighted ``n**-.5``."""
    lemmas = lexicon().lemmas(word)
    no_names = (lemma for lemma, readings in lemmas.items() if not all(a.is_proper_name for a in readings))
    # In the order of the readings, whatever the process: it decides which of many equally like words are kept.
    found = dict.fromkeys(root for lemma in no_names if (root := lexicon().root(lemma)))
    return dict.fromkeys(found, len(found) ** -0.5) if found else {}


def is_unknown(word: str) -> bool:
    """Whether the lexicon has no content reading: most likely a name."""
    return not lexicon().lemmas(word)


@lru_cache(maxsize=8192)
def may_be_name(word: str) -> bool:
    """Unknown to the lexicon, or listed in it as a proper name."""
    content = [a for a in lexicon().analyze(word) if not a.is_function_word]
    return not content or any(a.is_proper_name for a in content)


def is_verb(word: str) -> bool:
    """Whether the word is a verb by every reading."""
    readings = lexicon().analyze(word)
    return bool(readings) and all(reading.category.startswith(("PV", "IV", "CV")) for reading in readings)


def shortest_form(word: str) -> str:
    """The normalised word without its likely clitics: what spelling variants of a name are compared by."""
    return normalize_arabic(min((form for form, _ in clitic_forms(word)), key=len))
