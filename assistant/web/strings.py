"""Every sentence of the interface, in both languages, in one table.

A string is looked up by its key and filled by name: ``say("line", "ar", n=13)``. Both languages have the same
placeholders. `SCRIPT` lists the keys that the browser needs, and only those travel to it.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from assistant.citations import Language

LANGUAGES: Final[tuple[Language, ...]] = ("en", "ar")

STRINGS: Final[dict[str, dict[Language, str]]] = {
    "name": {"en": "Isnad", "ar": "إسناد"},
    "tagline": {"en": "Answers from your articles, word for word", "ar": "إجابات من مقالاتك بنصّها ومصدرها"},
    "page_title": {"en": "Isnad · answers with their sources", "ar": "إسناد · إجابات بمصادرها"},
    # The empty page
    "hero_title": {"en": "What would you like to know?", "ar": "ماذا تودّ أن تعرف؟"},
    "hero_text": {
        "en": "Ask in English or Arabic. Every answer quotes the articles, and every quote opens in its place.",
        "ar": "اسأل بالعربية أو الإنجليزية. كل إجابة مقتبسة من المقالات، وكل اقتباس يُفتح في موضعه.",
    },
    "hero_empty_title": {"en": "There are no articles yet", "ar": "لا توجد مقالات بعد"},
    "hero_empty_text": {
        "en": "Put text files into the folder below, then start Isnad again.",
        "ar": "ضع ملفات نصية في المجلد أدناه ثم شغّل إسناد من جديد.",
    },
    "suggestions": {"en": "Questions to begin with", "ar": "أسئلة للبداية"},
    # The composer and the toolbar
    "ask": {"en": "Ask a question in English or Arabic…", "ar": "اطرح سؤالًا بالعربية أو الإنجليزية…"},
    "ask_label": {"en": "Your question", "ar": "سؤالك"},
    "send": {"en": "Ask", "ar": "اسأل"},
    "fresh": {"en": "New chat", "ar": "محادثة جديدة"},
    "other_language": {"en": "العربية", "ar": "English"},
    "switch_language": {"en": "Switch the page to Arabic", "ar": "تحويل الصفحة إلى الإنجليزية"},
    "theme_system": {"en": "Colours: as the system", "ar": "الألوان: كالنظام"},
    "theme_light": {"en": "Colours: light", "ar": "الألوان: فاتحة"},
    "theme_dark": {"en": "Colours: dark", "ar": "الألوان: داكنة"},
    "skip": {"en": "Skip to the question box", "ar": "انتقل إلى خانة السؤال"},
    "log": {"en": "Conversation", "ar": "المحادثة"},
    # An answer
    "answered": {"en": "Answered from the articles", "ar": "إجابة من المقالات"},
    "uncertain": {"en": "Uncertain: this may not be an answer", "ar": "غير مؤكد: قد لا يكون هذا جوابًا"},
    "abstained": {"en": "Not in the articles", "ar": "ليس في المقالات"},
    "closest": {"en": "The closest passages ({n})", "ar": "أقرب المقاطع ({n})"},
    "sources": {"en": "Sources ({n})", "ar": "المصادر ({n})"},
    "source": {"en": "Source", "ar": "المصدر"},
    "cite_label": {"en": "Source {n}: {title}, line {line}", "ar": "المصدر {n}: {title}، السطر {line}"},
    "line": {"en": "line {n}", "ar": "السطر {n}"},
    "lines": {"en": "lines {n}", "ar": "الأسطر {n}"},
    "gloss": {
        "en": "Under each word: its meaning from a dictionary, not a translation.",
        "ar": "تحت كل كلمة معناها من المعجم، وليس ترجمة.",
    },
    "gloss_hide": {"en": "Hide", "ar": "إخفاء"},
    "gloss_show": {"en": "Show word-by-word meanings", "ar": "إظهار معاني الكلمات"},
    "stale": {
        "en": "This file has changed since it was indexed; the quote is what it said then.",
        "ar": "تغيّر هذا الملف بعد فهرسته، والاقتباس هو ما كان فيه حينها.",
    },
    "failed": {"en": "Something went wrong while answering. Try again.", "ar": "حدث خطأ أثناء الإجابة. حاول مرة أخرى."},
    # Gradio's own buttons under an answer
    "copy": {"en": "Copy the answer with its sources", "ar": "نسخ الإجابة مع مصادرها"},
    "copied": {"en": "Copied", "ar": "نُسخ"},
    "copy_failed": {"en": "The browser did not allow copying", "ar": "لم يسمح المتصفح بالنسخ"},
    "retry": {"en": "Ask again", "ar": "إعادة السؤال"},
    "undo": {"en": "Take the question back to edit it", "ar": "استرجاع السؤال لتعديله"},
    "down": {"en": "To the end of the conversation", "ar": "إلى نهاية المحادثة"},
    # The source panel
    "close": {"en": "Close the source", "ar": "إغلاق المصدر"},
    "previous": {"en": "Previous citation", "ar": "الاقتباس السابق"},
    "next": {"en": "Next citation", "ar": "الاقتباس التالي"},
    "of": {"en": "{i} of {n}", "ar": "{i} من {n}"},
    "copy_quote": {"en": "Copy quote", "ar": "نسخ الاقتباس"},
    "article": {"en": "Text of the article", "ar": "نص المقال"},
    "source_missing": {
        "en": "This passage is no longer in the index. Ask again to find where it stands now.",
        "ar": "لم يعد هذا المقطع في الفهرس. أعد السؤال لمعرفة موضعه الآن.",
    },
    "unreachable": {
        "en": "Isnad does not answer. Check that it is still running, then try again.",
        "ar": "لا يستجيب إسناد. تأكد من أنه ما زال يعمل ثم حاول مرة أخرى.",
    },
    # The status line
    "mode": {"en": "Quotes only, no language model", "ar": "اقتباسات فقط، بلا نموذج لغوي"},
    "indexed": {"en": "indexed {date}", "ar": "فُهرست في {date}"},
    "left_out": {"en": "{n} left out", "ar": "لم يُقرأ {n}"},
    "left_out_title": {"en": "Files that could not be read", "ar": "ملفات تعذّرت قراءتها"},
}

SCRIPT: Final[tuple[str, ...]] = tuple(
    """
    page_title ask ask_label send log other_language switch_language theme_system theme_light theme_dark
    fresh copy copied copy_failed retry undo down close previous next of copy_quote article source line lines
    stale source_missing unreachable
    """.split()
)

_MONTHS: Final[dict[Language, tuple[str, ...]]] = {
    "en": tuple("January February March April May June July August September October November December".split()),
    "ar": tuple("يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split()),
}


def say(key: str, language: Language, **facts: object) -> str:
    """The string ``key`` in ``language``, its placeholders filled."""
    text = STRINGS[key][language]
    return text.format(**facts) if facts else text


def long_date(date: dt.date, language: Language) -> str:
    """``14 September 2022``, ``14 سبتمبر 2022``."""
    return f"{date.day} {_MONTHS[language][date.month - 1]} {date.year}"


def articles(count: int, language: Language) -> str:
    """A number of articles with the noun in the form that the number asks for; Arabic has six of them."""
    if language == "en":
        return "no articles" if count == 0 else "1 article" if count == 1 else f"{count:,} articles"
    few = {0: "لا مقالات", 1: "مقال واحد", 2: "مقالان"}
    if count in few:
        return few[count]
    return f"{count:,} " + ("مقالات" if 3 <= count % 100 <= 10 else "مقالًا" if count % 100 >= 11 else "مقال")
