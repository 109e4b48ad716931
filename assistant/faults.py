"""What an endpoint can do wrong, by kind, and the lines for it in English and Arabic: fixed ones, in which nothing that a server said is
ever found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

FaultKind = Literal[
    "key", "model", "limited", "refused", "small", "unreachable", "late", "server", "garbled", "cut", "empty", "long"
]
"""How a model fails: access refused, no such model, rate or quota, request refused, a context smaller than the request,
nobody there, out of time, an error of the server, no such protocol or damaged, broken off, no word, over the limit."""
EmbeddingKind = Literal[
    "key", "model", "limited", "refused", "unreachable", "late", "server", "garbled", "dimensions", "unindexed"
]
"""The same of an embedding model; besides, vectors of another length than those of the index, and an index without them."""

StoreKind = Literal["key", "unreachable", "late", "server", "limited", "garbled"]
"""The same of an index server."""

MODEL: Mapping[FaultKind, tuple[str, str]] = {
    "key": (
        "The model endpoint refused access. Check OPENAI_API_KEY and what it is allowed to use.",
        "رفضت خدمة النموذج الوصول. تحقّق من OPENAI_API_KEY وممّا يسمح به.",
    ),
    "model": (
        "The endpoint does not have the model, or it cannot be told which one is meant. Name one in ISNAD_MODEL.",
        "النموذج غير موجود لدى الخدمة أو لا يُعرف أي نموذج هو المقصود. حدّد اسمه في ISNAD_MODEL.",
    ),
    "limited": (
        "The model endpoint takes no more requests for now: a rate limit or a quota is used up. Try again later.",
        "لا تقبل خدمة النموذج طلبات أخرى الآن، فقد بلغت حدّها أو نفد رصيدها. أعد المحاولة لاحقًا.",
    ),
    "refused": (
        "The model endpoint refused the request. Check ISNAD_MODEL, and ISNAD_REASONING_EFFORT if it is set.",
        "رفضت خدمة النموذج الطلب. تحقّق من ISNAD_MODEL، ومن ISNAD_REASONING_EFFORT إن كان مضبوطًا.",
    ),
    "small": (
        "The model's context is too small for even one passage. Start its server with a larger one: 8,192 tokens will do.",
        "سياق النموذج أصغر من أن يتسع لمقطع واحد. شغّل خادمه بسياق أكبر، ويكفي 8192 رمزًا.",
    ),
    "unreachable": (
        "The model endpoint cannot be reached. Start its server, or check OPENAI_BASE_URL and the network.",
        "تعذّر الوصول إلى خدمة النموذج. شغّل خادمها أو تحقّق من OPENAI_BASE_URL ومن الشبكة.",
    ),
    "late": (
        "The model did not answer in time. Ask again, or raise ISNAD_ANSWER_SECONDS or ISNAD_FIRST_TOKEN_SECONDS.",
        "لم يُجب النموذج في الوقت المحدد. أعد السؤال أو زد ISNAD_ANSWER_SECONDS أو ISNAD_FIRST_TOKEN_SECONDS.",
    ),
    "server": (
        "The model endpoint has a fault of its own. Ask again in a moment.",
        "حدث خلل لدى خدمة النموذج. أعد السؤال بعد قليل.",
    ),
    "garbled": (
        "The reply is not one of an OpenAI-compatible endpoint, or is damaged. Check OPENAI_BASE_URL: most end in /v1.",
        "الردّ ليس ردّ خدمة متوافقة مع OpenAI أو أنه تالف. تحقّق من OPENAI_BASE_URL، وهو ينتهي غالبًا بـ ‎/v1.",
    ),
    "cut": (
        "The connection to the model broke off in the middle of its answer. Ask again.",
        "انقطع الاتصال بالنموذج في أثناء الجواب. أعد السؤال.",
    ),
    "empty": (
        "The model answered without a word. Ask again, or choose another model.",
        "ردّ النموذج بلا أي كلمة. أعد السؤال أو اختر نموذجًا آخر.",
    ),
    "long": (
        "The model's answer ran over its limit and was cut off. Ask for less, or raise ISNAD_MAX_ANSWER_TOKENS.",
        "تجاوز جواب النموذج الحد المسموح فقُطع. اطلب أقل أو زد ISNAD_MAX_ANSWER_TOKENS.",
    ),
}

EMBEDDING: Mapping[EmbeddingKind, tuple[str, str]] = {
    "key": (
        "The embedding endpoint refused access. Check OPENAI_API_KEY and what it is allowed to use.",
        "رفضت خدمة التضمين الوصول. تحقّق من OPENAI_API_KEY وممّا يسمح به.",
    ),
    "model": (
        "The endpoint does not have the embedding model. Name another in ISNAD_EMBEDDING_MODEL.",
        "نموذج التضمين غير موجود لدى الخدمة. حدّد نموذجًا آخر في ISNAD_EMBEDDING_MODEL.",
    ),
    "limited": (
        "The embedding endpoint takes no more requests for now: a rate limit or a quota is used up. Try again later.",
        "لا تقبل خدمة التضمين طلبات أخرى الآن، فقد بلغت حدّها أو نفد رصيدها. أعد المحاولة لاحقًا.",
    ),
    "refused": (
        "The embedding endpoint refused the request: perhaps the model does not know ISNAD_EMBEDDING_DIMENSIONS.",
        "رفضت خدمة التضمين الطلب: قد لا يعرف النموذج قيمة ISNAD_EMBEDDING_DIMENSIONS.",
    ),
    "unreachable": (
        "The embedding endpoint cannot be reached. Start its server, or check OPENAI_BASE_URL and the network.",
        "تعذّر الوصول إلى خدمة التضمين. شغّل خادمها أو تحقّق من OPENAI_BASE_URL ومن الشبكة.",
    ),
    "late": (
        "The embedding endpoint did not answer in time. Try again, or raise ISNAD_EMBEDDING_SECONDS.",
        "لم تُجب خدمة التضمين في الوقت المحدد. أعد المحاولة أو زد ISNAD_EMBEDDING_SECONDS.",
    ),
    "server": (
        "The embedding endpoint has a fault of its own. Try again in a moment.",
        "حدث خلل لدى خدمة التضمين. أعد المحاولة بعد قليل.",
    ),
    "garbled": (
        "What the embedding endpoint replied is no list of vectors. Check OPENAI_BASE_URL and ISNAD_EMBEDDING_MODEL.",
        "ما ردّت به خدمة التضمين ليس قائمة متجهات. تحقّق من OPENAI_BASE_URL ومن ISNAD_EMBEDDING_MODEL.",
    ),
    "dimensions": (
        "The vectors of the endpoint have another length than those kept: it serves another model under the name. "
        "Set ISNAD_EMBEDDING_MODEL anew, or delete vectors.sqlite in the index folder to embed everything again.",
        "أطوال متجهات الخدمة تختلف عن المحفوظة: فهي تقدّم نموذجًا آخر بالاسم نفسه. "
        "اضبط ISNAD_EMBEDDING_MODEL من جديد أو احذف vectors.sqlite من مجلد الفهرس لتضمين كل شيء ثانية.",
    ),
    "unindexed": (
        "The index holds no vectors of this model yet. Run 'isnad index', which says what is in the way.",
        "لا يحتوي الفهرس متجهات هذا النموذج بعد. شغّل isnad index ليقول ما المانع.",
    ),
}  # fmt: skip

STORE: Mapping[StoreKind, tuple[str, str]] = {
    "key": (
        "The index server at {place} refused access. Check ISNAD_STORE_API_KEY.",
        "رفض خادم الفهرس في {place} الوصول. تحقّق من ISNAD_STORE_API_KEY.",
    ),
    "unreachable": (
        "The index server at {place} cannot be reached. Start it, or check ISNAD_STORE and the network; then try again.",
        "تعذّر الوصول إلى خادم الفهرس في {place}. شغّله أو تحقّق من ISNAD_STORE ومن الشبكة ثم أعد المحاولة.",
    ),
    "late": (
        "The index server at {place} did not answer in time. Try again, or raise ISNAD_STORE_SECONDS.",
        "لم يُجب خادم الفهرس في {place} في الوقت المحدد. أعد المحاولة أو زد ISNAD_STORE_SECONDS.",
    ),
    "server": (
        "The index server at {place} has a fault of its own; its log says which. Try again in a moment.",
        "حدث خلل لدى خادم الفهرس في {place} وسجلّه يبيّن سببه. أعد المحاولة بعد قليل.",
    ),
    "limited": (
        "The index server at {place} takes no more requests for now. Try again in a moment.",
        "لا يقبل خادم الفهرس في {place} طلبات أخرى الآن. أعد المحاولة بعد قليل.",
    ),
    "garbled": (
        "What answers at {place} is no Qdrant server. Check ISNAD_STORE.",
        "ما يجيب في {place} ليس خادم Qdrant. تحقّق من ISNAD_STORE.",
    ),
}
