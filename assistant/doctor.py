"""``isnad doctor``: what is configured, what is missing, and what to do about it.

Only configured models are contacted; the one that writes is asked for a word, the one that embeds for a vector.
"""

from __future__ import annotations

import platform
import shutil
import sys
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

from assistant import corpus as corpora
from assistant import generation as generations
from assistant import index
from assistant.embedding import Embedder
from assistant.errors import ClientMissing, EmbeddingFault, IndexDamaged, IsnadError, ModelFault, StoreUnavailable
from assistant.keeping.commands import database_of
from assistant.language import cache
from assistant.meaning import embedding
from assistant.model import Deadline, Model
from assistant.places import client_wanted, server_of
from assistant.settings import Settings


class Check(NamedTuple):
    """One line of the report: ``advice`` says what to do when ``well`` is false, or what could be had besides."""

    name: str
    well: bool
    found: str
    advice: str = ""


def examine(settings: Settings) -> Iterator[Check]:
    """Look at everything an answer depends on; nothing is changed, except that the dictionary may be prepared."""
    python = platform.python_version()
    yield Check("Python", sys.version_info >= (3, 11), python, "Isnad needs Python 3.11 or newer.")
    yield _engine()
    yield _dictionary()
    yield from _glossary()
    yield from _server(settings)
    yield from _corpus(settings)
    yield _space(settings)
    yield _conversations(settings)
    yield _model(settings)
    yield from _embeddings(settings)


def _engine() -> Check:
    try:
        return Check("Engine", True, f"qdrant-edge-py {version('qdrant-edge-py')}")
    except PackageNotFoundError:
        return Check("Engine", False, "not installed", "Run 'pip install qdrant-edge-py==0.9.0'.")


def _dictionary() -> Check:
    from assistant.language.lexicon import lexicon

    try:
        words = len(lexicon().analyze("كتاب"))
    except IsnadError as error:
        return Check("Dictionary", False, "missing", str(error))
    return Check("Dictionary", words > 0, f"ready in {cache.cache_folder()}", "Delete that folder; it is made again.")


def _glossary() -> Iterator[Check]:
    from assistant.language import glossary

    if folder := glossary.own_folder():
        wrong = glossary.complaints()
        found = (
            f"your own in {folder}"
            if not wrong
            else f"{wrong[0]}" + (f", and {len(wrong) - 1} more" * (len(wrong) > 1))
        )
        yield Check("Glossary", not wrong, found, "A line is: English; English<TAB>Arabic; Arabic.")


def _server(settings: Settings) -> Iterator[Check]:
    server = server_of(settings)
    if server is None:
        return
    started = time.monotonic()
    try:
        with client_wanted():
            from assistant import remote
        found = remote.version(server)
    except IsnadError as fault:
        yield Check("Index server", False, f"none to be used at {server.where}", str(fault))
        return
    seconds = time.monotonic() - started
    advice = "" if server.local else f"The terms of passages and questions go to {server.where}."
    if not server.private:
        advice = (
            advice.removesuffix(".")
            + " unencrypted"
            + ", and so does the key" * bool(server.key)
            + ("; an https address would hide them.")
        )
    yield Check("Index server", True, f"Qdrant {found} at {server.where} answers after {seconds:.1f} s", advice)


def _corpus(settings: Settings) -> Iterator[Check]:
    try:
        found, skipped = corpora.scan(settings.corpus)
    except IsnadError as error:
        yield Check("Articles", False, f"{settings.corpus} is not there", str(error))
        return
    count = f"{len(found)} files in {settings.corpus}" + (f", and {len(skipped)} left aside" if skipped else "")
    yield Check("Articles", bool(found), count, "Add articles to the folder, such as .txt, .html, .pdf or .docx files.")
    try:
        generation = index.open_generation(settings.index, settings.corpus, settings)
    except (StoreUnavailable, ClientMissing):
        yield Check("Index", False, "cannot be opened without its server", "See what is said of the index server.")
        return
    except IndexDamaged as damage:
        made = bool(generations.names(settings.index))
        state = f"not usable: {damage.facts['reason']}" if made else f"none yet in {settings.index}"
        yield Check("Index", True, state, "It is built at the next question, or by 'isnad index'.")
        return
    documents = len(generation.catalogue.files())
    left_out = len(generation.catalogue.skipped())
    by, state, advice = generation.manifest.embedding, "", ""
    if by:
        state = f", embedded by {by.model} in {by.dimensions} dimensions"
    if settings.embeds and index.dimensions(generation, settings) is None:
        state += ", not yet embedded as it is set"
        advice = "It is embedded at the next question, or by 'isnad index'."
    if place := generation.manifest.place:
        state += f", {place.count:,} passages in {place.alias} on the index server"
    when = f"made {generation.created:%Y-%m-%d %H:%M} UTC in {settings.index}"
    yield Check(
        "Index",
        True,
        f"{documents} articles{f', {left_out} files left out' if left_out else ''}{state}, {when}",
        advice,
    )
    generation.close()


def _space(settings: Settings) -> Check:
    folder = settings.index.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free // 2**20
    return Check(
        "Disk", free > settings.reserve_mb, f"{free:,} MB free", f"The index needs {settings.reserve_mb} MB to spare."
    )


def _conversations(settings: Settings) -> Check:
    try:
        with database_of(settings) as database:
            count, place = database.examine(), database.place
    except IsnadError as fault:
        return Check("Conversations", False, "cannot be kept", str(fault))
    return Check("Conversations", True, f"none yet, to be kept in {place}" if count is None else f"{count} in {place}")


def _model(settings: Settings) -> Check:
    model = Model.configured(settings)
    if model is None and settings.model not in (None, "", "none"):
        advice = "Set OPENAI_BASE_URL to its address, or OPENAI_API_KEY for OpenAI. Until then answers are quotations."
        return Check("Model", False, f"{settings.model} is named, but there is no address and no key", advice)
    if model is None:
        chosen = ", as set" if settings.model == "none" else ""
        return Check(
            "Model",
            True,
            f"none{chosen}: answers are quotations",
            "This is complete as it is; no key and no network are needed.",
        )
    deadline = Deadline(settings.answer_seconds)
    try:
        found = model.probe(deadline)
    except ModelFault as fault:
        advice = str(fault)
        if fault.kind == "model" and (names := _names(model, deadline)):
            advice += f" It has {names}."
        return Check("Model", False, f"{model.name or 'the model'} at {model.where} gives no answer", advice)
    if model.local:
        return Check("Model", True, found, "Questions and passages stay on this machine.")
    unsafe = "" if model.private else " unencrypted, and so does the key; an https address would hide them"
    return Check("Model", True, found, f"Questions and passages go to {model.where}{unsafe}.")


def _embeddings(settings: Settings) -> Iterator[Check]:
    made_by = embedding(settings)
    if made_by is None:
        return
    embedder = Embedder(made_by)
    text = settings.embedding_query_prefix + "ready"
    started = time.monotonic()
    try:
        vector = embedder.question(text, Deadline(settings.embedding_seconds))
    except EmbeddingFault as fault:
        yield Check("Embeddings", False, f"{embedder.model} at {embedder.where} gives no vector", str(fault))
        return
    seconds = time.monotonic() - started
    found = f"{embedder.model} at {embedder.where} gives {len(vector)} dimensions after {seconds:.1f} s"
    if embedder.local:
        yield Check("Embeddings", True, found, "Articles and questions stay on this machine.")
        return
    unsafe = "" if embedder.private else " unencrypted, and so does the key; an https address would hide them"
    yield Check("Embeddings", True, found, f"All articles and questions go to {embedder.where}{unsafe}.")


def _names(model: Model, deadline: Deadline) -> str:
    """Some of what the endpoint offers, to choose from."""
    try:
        names = model.offered(deadline)
    except ModelFault:
        return ""
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
