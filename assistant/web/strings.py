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
        "en": "Put articles into the folder below, such as text, PDF, Word or HTML files. Then start Isnad again.",
        "ar": "ضع مقالات في المجلد أدناه، مثل ملفات نصية أو PDF أو Word أو HTML، ثم شغّل إسناد من جديد.",
    },
    "hero_empty_text_followed": {
        "en": "Put articles into the folder below, such as text, PDF, Word or HTML files. They are read at once.",
        "ar": "ضع مقالات في المجلد أدناه، مثل ملفات نصية أو PDF أو Word أو HTML. تُقرأ في الحال.",
    },
    "hero_empty_text_add": {
        "en": "Add articles (text, PDF, Word, HTML and more) on the Articles page, or put them into the folder below.",
        "ar": "أضف مقالات (نصية أو PDF أو Word أو HTML وغيرها) في صفحة المقالات، أو ضعها في المجلد أدناه.",
    },
    "suggestions": {"en": "Questions to begin with", "ar": "أسئلة للبداية"},
    # The composer and the toolbar
    "ask": {"en": "Ask in English or Arabic…", "ar": "اطرح سؤالًا بالعربية أو الإنجليزية…"},
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
    "open_original": {"en": "Open the file", "ar": "فتح الملف"},
    "cite_label": {"en": "Source {n}: {title}, line {line}", "ar": "المصدر {n}: {title}، السطر {line}"},
    "line": {"en": "line {n}", "ar": "السطر {n}"},
    "also_in": {"en": "also in:", "ar": "وأيضًا في:"},
    "also_label": {"en": "The same sentence in {title}, line {line}", "ar": "الجملة نفسها في {title}، السطر {line}"},
    "copy_of": {"en": "same text as {title}", "ar": "النص نفسه في {title}"},
    "copy_of_more": {"en": "same text as {title} and {n} more", "ar": "النص نفسه في {title} وفي مقالات أخرى ({n})"},
    "page": {"en": "page {n}", "ar": "الصفحة {n}"},
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
    # An answer by a model
    "writing": {"en": "Being written, not checked yet", "ar": "قيد الكتابة ولم يُتحقق منه بعد"},
    "understood": {"en": "Understood as:", "ar": "فُهم السؤال هكذا:"},
    "mended": {"en": "Read {typed} as {meant}.", "ar": "قُرئت {typed} على أنها {meant}."},
    "why_uncited": {"en": "It names no source.", "ar": "لا مصدر له."},
    "why_number": {"en": "It has a number that its source does not have.", "ar": "فيه رقم ليس في مصدره."},
    "why_date": {"en": "It has a date that its source does not have.", "ar": "فيه تاريخ ليس في مصدره."},
    "why_name": {"en": "It has a name that its source does not have.", "ar": "فيه اسم ليس في مصدره."},
    "why_negation": {
        "en": "It denies what its source asserts, or asserts what it denies.",
        "ar": "ينفي ما يثبته مصدره أو يثبت ما ينفيه.",
    },
    "why_words": {"en": "Its words are not those of its source.", "ar": "كلماته ليست كلمات مصدره."},
    "failed": {"en": "Something went wrong while answering. Try again.", "ar": "حدث خطأ أثناء الإجابة. حاول مرة أخرى."},
    # What is kept, and what a reader says of an answer
    "not_kept": {
        "en": "The answer is not kept: {reason}",
        "ar": "لم تُحفظ الإجابة: {reason}",
    },
    "like": {"en": "A good answer", "ar": "إجابة جيدة"},
    "dislike": {"en": "A bad answer", "ar": "إجابة سيئة"},
    "why_like": {"en": "What was good? (optional)", "ar": "ما الذي أعجبك؟ (اختياري)"},
    "why_dislike": {"en": "What was wrong or missing? (optional)", "ar": "ما الخطأ أو الناقص؟ (اختياري)"},
    "thanks": {"en": "Thank you, this is kept with the answer.", "ar": "شكرًا، حُفظ رأيك مع الإجابة."},
    "print": {"en": "Print this answer", "ar": "طباعة هذه الإجابة"},
    "stopped": {"en": "Stopped before it was finished and checked.", "ar": "أُوقفت قبل اكتمالها والتحقق منها."},
    "stop": {"en": "Stop", "ar": "إيقاف"},
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
    "copy_reference": {"en": "Copy reference", "ar": "نسخ المرجع"},
    "whole_article": {"en": "Article", "ar": "المقال"},
    "article": {"en": "Text of the article", "ar": "نص المقال"},
    "source_missing": {
        "en": "This passage is no longer in the index. Ask again to find where it stands now.",
        "ar": "لم يعد هذا المقطع في الفهرس. أعد السؤال لمعرفة موضعه الآن.",
    },
    "unreachable": {
        "en": "Isnad does not answer. Check that it is still running, then try again.",
        "ar": "لا يستجيب إسناد. تأكد من أنه ما زال يعمل ثم حاول مرة أخرى.",
    },
    # Signing in
    "sign_in_title": {"en": "Isnad · sign in", "ar": "إسناد · تسجيل الدخول"},
    "sign_in": {"en": "Sign in", "ar": "دخول"},
    "sign_out": {"en": "Sign out", "ar": "خروج"},
    "user_name": {"en": "Name", "ar": "الاسم"},
    "password": {"en": "Password", "ar": "كلمة المرور"},
    "signed_out": {"en": "You are not signed in. Open the page again.", "ar": "لم تسجّل الدخول. افتح الصفحة من جديد."},
    # The side
    "side": {"en": "Conversations and articles", "ar": "المحادثات والمقالات"},
    "menu": {"en": "Show conversations", "ar": "إظهار المحادثات"},
    "menu_close": {"en": "Hide conversations", "ar": "إخفاء المحادثات"},
    "articles_page": {"en": "Articles", "ar": "المقالات"},
    "chat_page": {"en": "Chat", "ar": "المحادثة"},
    "conversations": {"en": "Conversations", "ar": "المحادثات"},
    "search_conversations": {"en": "Search conversations", "ar": "بحث في المحادثات"},
    "no_conversations": {"en": "What you ask is kept here.", "ar": "تُحفظ أسئلتك هنا."},
    "none_found": {"en": "Nothing found", "ar": "لا نتائج"},
    "more_of": {"en": "More: {title}", "ar": "المزيد: {title}"},
    "rename": {"en": "Rename", "ar": "إعادة تسمية"},
    "delete": {"en": "Delete", "ar": "حذف"},
    "delete_sure": {"en": "Delete for good?", "ar": "حذف نهائي؟"},
    "export_markdown": {"en": "Save as Markdown", "ar": "حفظ بصيغة Markdown"},
    "export_json": {"en": "Save as JSON", "ar": "حفظ بصيغة JSON"},
    "new_title": {"en": "New title", "ar": "العنوان الجديد"},
    "save": {"en": "Save", "ar": "حفظ"},
    "cancel": {"en": "Cancel", "ar": "إلغاء"},
    "today": {"en": "Today", "ar": "اليوم"},
    "yesterday": {"en": "Yesterday", "ar": "أمس"},
    "this_week": {"en": "Last seven days", "ar": "آخر سبعة أيام"},
    "this_month": {"en": "Last thirty days", "ar": "آخر ثلاثين يومًا"},
    "earlier": {"en": "Earlier", "ar": "ما قبل ذلك"},
    "more": {"en": "Show more", "ar": "عرض المزيد"},
    # The list of articles
    "articles_text": {
        "en": "Everything an answer can quote. Open a title to read the article.",
        "ar": "كل ما يمكن أن تقتبس منه الإجابات. افتح عنوانًا لقراءة المقال.",
    },
    "search_articles": {"en": "Search titles, outlets and files", "ar": "بحث في العناوين والجهات والملفات"},
    "add_articles": {"en": "Add articles", "ar": "إضافة مقالات"},
    "drop": {"en": "Drop articles here to add them", "ar": "أفلت المقالات هنا لإضافتها"},
    "reindex": {"en": "Look for changes", "ar": "البحث عن تغييرات"},
    "any_outlet": {"en": "All outlets", "ar": "كل الجهات"},
    "any_language": {"en": "Both languages", "ar": "اللغتان"},
    "any_state": {"en": "All states", "ar": "كل الحالات"},
    "in_ar": {"en": "Arabic", "ar": "العربية"},
    "in_en": {"en": "English", "ar": "الإنجليزية"},
    "from": {"en": "From", "ar": "من"},
    "to": {"en": "To", "ar": "إلى"},
    "clear": {"en": "Show all", "ar": "عرض الكل"},
    "column_title": {"en": "Title", "ar": "العنوان"},
    "column_outlet": {"en": "Outlet", "ar": "الجهة"},
    "column_date": {"en": "Date", "ar": "التاريخ"},
    "column_language": {"en": "Language", "ar": "اللغة"},
    "column_size": {"en": "Size", "ar": "الحجم"},
    "column_state": {"en": "State", "ar": "الحالة"},
    "column_pick": {"en": "Choose", "ar": "اختيار"},
    "column_acts": {"en": "Remove", "ar": "إزالة"},
    "sort_by": {"en": "Sort by {column}", "ar": "الترتيب حسب {column}"},
    "choose": {"en": "Choose “{title}”", "ar": "اختيار «{title}»"},
    "choose_all": {"en": "Choose all on this page", "ar": "اختيار كل ما في الصفحة"},
    "remove": {"en": "Remove “{title}” from the folder", "ar": "إزالة «{title}» من المجلد"},
    "removed": {"en": "Removed: {file}. It is kept beside the index.", "ar": "أُزيل: {file}. حُفظ بجوار الفهرس."},
    "put_back": {"en": "Put back", "ar": "إعادته"},
    "state_indexed": {"en": "Indexed", "ar": "مفهرس"},
    "state_changed": {"en": "Changed since", "ar": "تغيّر بعدها"},
    "state_skipped": {"en": "Left out", "ar": "لم يُقرأ"},
    "state_leaving": {"en": "Being removed", "ar": "قيد الإزالة"},
    "not_stated": {"en": "The article does not say", "ar": "لا يذكره المقال"},
    "guessed": {"en": "Encoding guessed: {encoding}", "ar": "خُمّن الترميز: {encoding}"},
    "kilobytes": {"en": "{n} kB", "ar": "{n} ك.ب"},
    "megabytes": {"en": "{n} MB", "ar": "{n} م.ب"},
    "timeline": {"en": "Articles over time", "ar": "المقالات عبر الزمن"},
    "undated": {"en": "Without a date: {articles}", "ar": "بلا تاريخ: {articles}"},
    "showing": {"en": "{shown} of {all}", "ar": "{shown} من {all}"},
    "page_of": {"en": "Page {i} of {n}", "ar": "الصفحة {i} من {n}"},
    "page_back": {"en": "Previous page", "ar": "الصفحة السابقة"},
    "page_forth": {"en": "Next page", "ar": "الصفحة التالية"},
    "ask_chosen": {"en": "Ask only these", "ar": "اسأل هذه وحدها"},
    "chosen": {"en": "{n} chosen", "ar": "المختار: {n}"},
    "ask_period": {"en": "Ask only what is shown", "ar": "اسأل المعروض وحده"},
    "uploading": {"en": "Sending", "ar": "يُرسل"},
    "upload_added": {"en": "Added", "ar": "أُضيف"},
    "upload_same": {"en": "Already there", "ar": "موجود من قبل"},
    "upload_refused": {"en": "Refused: {reason}", "ar": "رُفض: {reason}"},
    "upload_failed": {"en": "Not sent", "ar": "لم يُرسل"},
    "upload_too_large": {"en": "it is larger than {n} MB", "ar": "أكبر من {n} م.ب"},
    "upload_off": {
        "en": "Articles are not added or removed in this page here.",
        "ar": "لا تُضاف المقالات ولا تُزال من هذه الصفحة هنا.",
    },
    "indexing": {"en": "Reading articles: {done} of {total}", "ar": "قراءة المقالات: {done} من {total}"},
    "indexing_start": {"en": "Looking at the folder…", "ar": "فحص المجلد…"},
    "indexed_now": {
        "en": "Up to date: {added} added, {changed} changed, {removed} removed.",
        "ar": "الفهرس محدّث: أُضيف {added}، تغيّر {changed}، أُزيل {removed}.",
    },
    # Which articles are asked, and how answers look
    "scope_only": {"en": "Asking only:", "ar": "السؤال مقصور على:"},
    "scope_files": {"en": "chosen articles ({n})", "ar": "المقالات المختارة ({n})"},
    "scope_clear": {"en": "Ask all articles again", "ar": "العودة إلى كل المقالات"},
    "options": {"en": "Settings", "ar": "الإعدادات"},
    "option_quotes": {"en": "Quotes in an answer", "ar": "عدد الاقتباسات في الإجابة"},
    "option_gloss": {"en": "Word-by-word meanings", "ar": "معاني الكلمات"},
    "option_model": {"en": "Answers written by the model", "ar": "إجابات يكتبها النموذج"},
    # The status line
    "mode_model": {"en": "Answers written by a model, then checked", "ar": "يكتب الإجابات نموذج ثم تُراجَع"},
    "mode": {"en": "Quotes only, no language model", "ar": "اقتباسات فقط، بلا نموذج لغوي"},
    "indexed": {"en": "indexed {date}", "ar": "فُهرست في {date}"},
    "left_out": {"en": "{n} left out", "ar": "ملفات لم تُقرأ: {n}"},
    "left_out_title": {"en": "Files that could not be read", "ar": "ملفات تعذّرت قراءتها"},
}

SCRIPT: Final[tuple[str, ...]] = tuple(
    """
    page_title ask ask_label send stop log other_language switch_language theme_system theme_light theme_dark
    fresh copy copied copy_failed retry undo down close previous next of copy_quote copy_reference article source page line lines
    stale source_missing unreachable
    menu menu_close side search_conversations no_conversations none_found more_of rename delete delete_sure
    export_markdown export_json new_title save cancel more conversations
    today yesterday this_week this_month earlier
    search_articles add_articles drop reindex any_outlet any_language any_state in_ar in_en from to clear
    column_title column_outlet column_date column_language column_size column_state column_pick column_acts
    sort_by choose_all removed put_back showing page_of page_back page_forth ask_chosen chosen ask_period
    uploading upload_added upload_same upload_refused upload_failed upload_too_large
    indexing indexing_start indexed_now state_indexed state_skipped state_leaving
    like dislike why_like why_dislike thanks print
    scope_only scope_files scope_clear options articles_page
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


def month_name(month: int, language: Language) -> str:
    """The name of a month, 1 to 12."""
    return _MONTHS[language][month - 1]
