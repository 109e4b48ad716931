"""Why a file was left out, for Arabic readers: the plain English phrases of `FileRefused`, said in Arabic.

A phrase that is not in the table (a message of the operating system, say) stays as it is.
"""

from __future__ import annotations

import re
from typing import Final

from assistant.citations import Language

_ARABIC: Final[tuple[tuple[str, str], ...]] = (
    (r"it is not the name of a file inside the folder", "ليس اسم ملف داخل المجلد"),
    (r"it is hidden", "ملف مخفي"),
    (r"files of this kind are not read \((.+)\)", "لا تُقرأ ملفات من هذا النوع ({0})"),
    (r"it is a link that leads out of the folder", "رابط يقود إلى خارج المجلد"),
    (r"it is a link to something hidden", "رابط إلى شيء مخفي"),
    (r"it is a link to another folder", "رابط إلى مجلد آخر"),
    (r"its name cannot be read as text", "تتعذّر قراءة اسمه"),
    (r"it is not a regular file", "ليس ملفًا عاديًا"),
    (r"it is larger than (\d+) MB(?: \((\d+) MB\))?", "أكبر من {0} م.ب"),
    (r"the file is empty", "الملف فارغ"),
    (r"its content is binary, not text", "محتواه ثنائي وليس نصًا"),
    (r"its content is (.+), not text", "محتواه {0} وليس نصًا"),
    (r"its UTF-8 text is damaged or cut off in the middle of a character", "نصّه بترميز UTF-8 تالف أو مقطوع"),
    (r"its content is binary or in an encoding that could not be recognised", "محتواه ثنائي أو بترميز غير معروف"),
    (r"the file holds no text", "لا نصّ في الملف"),
    (r"it begins as (.+) text but is damaged or cut off", "يبدأ بترميز {0} لكنه تالف أو مقطوع"),
    (r"the disk is nearly full", "القرص شبه ممتلئ"),
    (r"there are too many files of this name", "ملفات كثيرة تحمل هذا الاسم"),
    (r"there is nothing to put back", "لا شيء لإعادته"),
    (r"another file has taken its name", "أخذ ملف آخر اسمه"),
    (r"it cannot be written \((.+)\)", "تتعذّر كتابته ({0})"),
    (r"it cannot be opened \((.+)\)", "يتعذّر فتحه ({0})"),
    (r"it is a row of (.+), which can only be removed as a whole", "صفّ من {0} الذي لا يُزال إلا كاملًا"),
    (r"it is a table of articles, not an article", "جدول مقالات وليس مقالًا"),
    (r"there is no such article in the table", "لا يوجد هذا المقال في الجدول"),
    (r"no row of it holds text", "لا نصّ في أي صفّ منه"),
    (r"it is encrypted.*", "مشفّر؛ احفظه من جديد دون كلمة مرور"),
    (r"it is scanned: its pages are images without text", "ممسوح ضوئيًا: صفحاته صور بلا نصّ"),
    (r"its fonts do not say which letters they draw", "لا تذكر خطوطه الحروف التي ترسمها"),
    (r"its Arabic text is stored backwards and could not be put in order", "نصّه العربي مخزّن معكوسًا وتعذّر ترتيبه"),
    (r"its content is not a PDF document", "محتواه ليس مستند PDF"),
    (r"its content is not a mail", "محتواه ليس رسالة بريد"),
    (r"its content is not rich text", "محتواه ليس نصًا منسّقًا"),
    (r"its content is not (.+)", "محتواه ليس {0}"),
    (r"it is damaged, or not (.+)", "تالف، أو ليس {0}"),
    (r"it is cut off, or not (.+)", "مقطوع، أو ليس {0}"),
    (r"it is an archive, but not (.+)", "أرشيف، لكنه ليس {0}"),
    (r"it is an old or encrypted office document.*", "مستند مكتبي قديم أو مشفّر؛ احفظه من جديد دون كلمة مرور"),
    (r"it is an archive of too many files", "أرشيف ملفاته كثيرة جدًا"),
    (r"it unpacks to too much", "يتضخّم كثيرًا عند فكّه"),
    (r"it defines entities of its own, which are not read", "يعرّف كيانات خاصة به لا تُقرأ"),
    (r"it has more than (\d+) pages", "صفحاته أكثر من {0}"),
    (r"it has more than (\d+) rows", "صفوفه أكثر من {0}"),
    (r"it holds more than (\d+) million characters", "فيه أكثر من {0} مليون حرف"),
    (r"reading it takes longer than (\S+) seconds", "تستغرق قراءته أكثر من {0} ثانية"),
    (r"reading it takes too much memory", "تستهلك قراءته ذاكرة كبيرة"),
    (r"it is gone", "لم يعد موجودًا"),
)


def reason(phrase: str, language: Language) -> str:
    """``phrase`` in ``language``."""
    if language == "ar":
        for pattern, said in _ARABIC:
            if match := re.fullmatch(pattern, phrase, re.DOTALL):
                # What stays English is kept apart, or its marks would move to the wrong side.
                return said.format(
                    *(f"\N{FIRST STRONG ISOLATE}{group}\N{POP DIRECTIONAL ISOLATE}" for group in match.groups())
                )
    return phrase
