"""`Assistant`: a folder of articles that can be asked.

The path of a question: `Assistant.stream` → `followups` (the question by itself) → `retrieval` (passages, and the evidence in
them) → `written` (a model's answer, reviewed) or `quotes` → `citations` (the record).
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any
from weakref import WeakSet

from assistant import checker, corpus, courteous, evidence, followups, prompts, published, quotes, reprints, retrieval
from assistant.ablation import leave_out, left_out
from assistant.briefing import harmless
from assistant.catalogue import DocumentInfo, StoredPassage
from assistant.citations import Answer, Citation, Partial, Status, Turn
from assistant.corpus import Document, Skipped
from assistant.days import days_of
from assistant.errors import CorpusEmpty, EmptyQuestion, NotEmbedded, QuestionTooLong
from assistant.generation import Generation
from assistant.index import Progress, Summary, dimensions, open_synced
from assistant.language.questions import question_language
from assistant.language.text import fold, well_formed
from assistant.meaning import Meanings
from assistant.model import Deadline, Model
from assistant.opened import Opened, borrowed
from assistant.retrieval import EVERYTHING, Hit, PassageRetriever, Searcher
from assistant.scope import Scope
from assistant.settings import Settings
from assistant.usage import Meter
from assistant.written import Articles, Outcome, Writer


class Assistant:
    """An opened index over a folder. Use it as a context manager, or `close` it. Safe to share between threads."""

    def __init__(self, generation: Generation, summary: Summary, settings: Settings) -> None:
        self.settings = settings
        self.summary = summary
        self._opened = self._open(generation)
        self._refreshing = threading.Lock()
        self._deadlines: WeakSet[Deadline] = WeakSet()
        self._hastened = False
        self._timing = threading.Lock()
        shipped = evidence.shipped_bands()
        self._bands = quotes.Bands(
            shipped[0] if settings.answer_threshold is None else settings.answer_threshold,
            shipped[1] if settings.uncertain_threshold is None else settings.uncertain_threshold,
        )
        if settings.prompts:
            prompts.load_all(settings.prompts)
        self.model = Model.configured(settings)
        """Who writes the answers, if anybody does."""

    @classmethod
    def open(
        cls,
        corpus: str | Path | None = None,
        index: str | Path | None = None,
        settings: Settings | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Assistant:
        """Bring the index up to date with the folder and open it.

        Raises:
            BadSetting, CorpusNotFound, PromptInvalid: nothing can be opened like this.
            IndexFault: the index could not be built and there is no earlier one.
        """
        given = {"corpus": Path(corpus) if corpus else None, "index": Path(index) if index else None}
        if settings is None:
            settings = Settings.load(**given)
        else:
            settings = settings.model_copy(update={name: path for name, path in given.items() if path})
        generation, summary = open_synced(settings.corpus, settings.index, settings, progress)
        opened = cls(generation, summary, settings)
        if opened.model:
            opened.model.warm()
            checker.warm()
        return opened

    def _open(self, generation: Generation) -> Opened:
        embeds = self.settings.embeds
        meanings = Meanings(self.settings, dimensions(generation, self.settings)) if embeds else None
        return Opened(generation, self.settings.corpus, meanings)

    def __enter__(self) -> Assistant:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index's files, once the questions that are being answered are done."""
        self._opened.retire()

    def hasten(self) -> None:
        """Have all answers, those being given too, wait for no model any more: the program is to end."""
        with self._timing:
            self._hastened, waited_for = True, tuple(self._deadlines)
        for deadline in waited_for:
            deadline.cut()

    def _deadline(self) -> Deadline:
        with self._timing:
            deadline = Deadline(0 if self._hastened else self.settings.answer_seconds)
            self._deadlines.add(deadline)
        return deadline

    def refresh(self, progress: Callable[[Progress], None] | None = None) -> Summary:
        """Bring the index up to date with the folder while it is being asked, and go on with the new one.

        Raises:
            CorpusNotFound: the folder is gone; the index stays as it was.
            IndexFault: the index could not be built, and the one in use is damaged as well.
        """
        with self._refreshing:
            generation, summary = open_synced(self.settings.corpus, self.settings.index, self.settings, progress)
            if generation.name == self._opened.name:
                generation.close()
            else:
                former, self._opened = self._opened, self._open(generation)
                former.retire()
            self.summary = summary
        return summary

    def outdated(self) -> bool:
        """Whether the folder has changed since it was indexed: a look at the names, sizes and times of its files.

        Also when the last try to index it failed at the embeddings, for the endpoint may be back.

        Raises:
            CorpusNotFound: the folder is gone.
        """
        with borrowed(lambda: self._opened) as opened:
            return opened.outdated() or isinstance(self.summary.behind, NotEmbedded)

    @property
    def indexed_at(self) -> dt.datetime:
        """When the index in use was made."""
        return self._opened.created

    def documents(self) -> list[DocumentInfo]:
        """All articles without their texts, sorted by file name."""
        with borrowed(lambda: self._opened) as opened:
            return opened.documents()

    def copies(self, file: str) -> tuple[str, ...]:
        """The other articles whose text is nearly that of an article, sorted by file name."""
        with borrowed(lambda: self._opened) as opened:
            return opened.copies(file)

    def skipped(self) -> list[Skipped]:
        """Files of the folder that were left out, each with its reason."""
        with borrowed(lambda: self._opened) as opened:
            return opened.skipped()

    def document(self, file: str) -> Document:
        """One article with the text that citations refer to.

        Raises:
            UnknownDocument: the index holds none of that name.
        """
        with borrowed(lambda: self._opened) as opened:
            return opened.document(file)

    def original(self, file: str) -> bytes:
        """The file of an article as it lies in the folder now, which may be later than what was indexed.

        Raises:
            UnknownDocument: the index holds none of that name.
            FileRefused: it is gone, or is no longer a file that may be read.
        """
        return corpus.original(self.settings.corpus, self.document(file).file)

    @property
    def searcher(self) -> Searcher:
        """The retrieval itself, for measuring and fitting."""
        return self._opened.searcher

    def passages(self, file: str) -> list[StoredPassage]:
        """The passages of one article, in order."""
        with borrowed(lambda: self._opened) as opened:
            return opened.passages(file)

    def as_retriever(self, limit: int = 10, scope: Scope = EVERYTHING) -> PassageRetriever:
        """The retriever, for any LlamaIndex program. It stays with the index as it is now."""
        return PassageRetriever(self._opened.searcher, limit, scope)

    def as_query_engine(self) -> Any:
        """A LlamaIndex query engine whose responses are this assistant's answers, source nodes attached."""
        from assistant.engine import QuotingQueryEngine

        return QuotingQueryEngine(self)

    def search(self, question: str, limit: int = 10, scope: Scope = EVERYTHING) -> list[Hit]:
        """The passages of ``scope`` that match a question best, best first.

        Raises:
            EmptyQuestion, QuestionTooLong, CorpusEmpty: see `ask`.
        """
        with borrowed(lambda: self._opened) as opened:
            question = self._checked(question, opened)
            retriever = PassageRetriever(opened.searcher, limit, scope)
            hits = [retrieval.to_hit(node) for node in retriever.retrieve(question)]
            return reprints.marked(hits, opened.copies, opened.passages)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        scope: Scope = EVERYTHING,
        quotes: int | None = None,
        written: bool = True,
    ) -> Answer:
        """Answer a question in its own language, with citations, or say honestly that the articles do not hold it.

        ``history`` is what was asked before, oldest first: a question that leans on it is understood from it. ``scope``
        leaves out articles; what it leaves out is neither quoted nor offered as closest. ``quotes`` is how many sentences are
        quoted at most; by default what the settings say. ``written``: by the model, where there is one.

        Raises:
            EmptyQuestion: there is no letter or digit in it.
            QuestionTooLong: it exceeds ``settings.max_question_chars``.
            CorpusEmpty: there is no article to ask.
            IndexDamaged: the index can no longer be read.
            StoreUnavailable: the server that holds it does not answer; the next question may be answered again.
        """
        items = self.stream(question, history, scope=scope, quotes=quotes, written=written)
        (answer,) = (item for item in items if isinstance(item, Answer))
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        scope: Scope = EVERYTHING,
        quotes: int | None = None,
        written: bool = True,
    ) -> Iterator[Partial | Answer]:
        """The answer while a model writes it; the last item is the `Answer`. Without a model it is the only one.

        Raises:
            EmptyQuestion, QuestionTooLong, CorpusEmpty, IndexDamaged: as `ask`, when the first item is asked for.
        """
        model = self.model if written else None
        with borrowed(lambda: self._opened) as opened:
            checked = self._checked(question, opened)
            yield from self._answered(checked, history, scope, quotes or self.settings.quotes, model, opened)

    def quote(self, question: str) -> Answer:
        """The answer by quotation, whether there is a model or not.

        Raises:
            EmptyQuestion, QuestionTooLong, CorpusEmpty, IndexDamaged: as `ask`.
        """
        return self.ask(question, written=False)

    def _answered(
        self,
        question: str,
        history: Sequence[Turn],
        scope: Scope,
        most: int,
        model: Model | None,
        opened: Opened,
    ) -> Iterator[Partial | Answer]:
        started = time.perf_counter()
        deadline = self._deadline()
        language = question_language(question)
        if reply := courteous.returned(question, language, opened, scope, self.settings, _today()):
            reply = _with_reprints(reply, scope, opened)
            yield replace(reply, timings={"total": 1000 * (time.perf_counter() - started)})
            return
        turns = courteous.asking(history)
        turns = turns[-self.settings.history_turns :] if self.settings.history_turns else []
        meter = Meter()
        asked = followups.understood(question, turns, language, model, deadline, self.settings, meter)
        understood = time.perf_counter()
        searched, scope, period, nothing = days_of(asked or question, scope, opened.documents, language, _today())
        away = opened.searcher.embed(searched, deadline)
        passages, found, certain = _found(searched, scope, opened)
        if certain:  # the line says all there is to say
            model = None
        retrieved = time.perf_counter()
        if nothing:
            found = replace(found, confidence=0.0)
        outcome, waited = Outcome(None), understood - started
        if model and passages and not nothing:
            # Over the same generation as the passages, whatever the index goes on to while the model writes.
            articles = Articles(opened.document, opened.is_stale, self.settings.gloss)
            writer = Writer(model, articles, self.settings.prompts, meter)
            outcome = yield from writer.write(question, asked, language, passages, deadline)
            waited += writer.waited
            found = _unordered(found)
        drafted = time.perf_counter()
        common = Answer(
            question=question,
            language=language,
            status="abstained",
            text=outcome.text or "",
            citations=outcome.citations,
            rejected=outcome.rejected,
            closest=(),
            confidence=found.confidence,
            notice=" ".join(filter(None, (nothing, outcome.notice, away.notice(language) if away else None))) or None,
            statements=outcome.statements,
            answered_by="model",
            asked=asked,
            mended=opened.searcher.mended(asked or question),
            period=period,
        )
        if outcome.text is not None and not outcome.refused:
            # What the model found where the search was not sure of anything is not sure either.
            status: Status = "answered" if self._bands.status(found.confidence) != "abstained" else "uncertain"
            answer = replace(common, status=status)
        else:
            draft = quotes.compose(
                found,
                language,
                self._bands,
                most,
                opened.document,
                opened.is_stale,
                self.settings.gloss,
                question,
                self.settings.prompts,
            )
            quoted = replace(
                common,
                status=draft.status,
                text=draft.text,
                citations=draft.citations,
                closest=draft.closest,
                answered_by="quotes",
                notice=" ".join(filter(None, (common.notice, draft.notice))) or None,
            )
            answer = replace(common, closest=draft.citations or draft.closest) if outcome.refused else quoted
        answer = _with_reprints(answer, scope, opened)
        ended = time.perf_counter()
        timings = {
            "retrieval": 1000 * (retrieved - understood),
            "answer": 1000 * (ended - drafted),
            "total": 1000 * (ended - started),
        }
        if model:  # what is left when the model's words were waited for: the prompt, the checks and who reads along
            timings |= {"model": 1000 * waited, "checks": 1000 * (drafted - started - waited) - timings["retrieval"]}
        yield replace(answer, timings=timings, usage=meter.usage)

    def is_stale(self, file: str) -> bool:
        """Whether the file no longer holds what was indexed: changed, unreadable or gone."""
        with borrowed(lambda: self._opened) as opened:
            return opened.is_stale(file)

    def _checked(self, question: str, opened: Opened) -> str:
        question = well_formed(question).strip()
        if len(question) > self.settings.max_question_chars:
            raise QuestionTooLong(length=len(question), limit=self.settings.max_question_chars)
        if not any(character.isalnum() for character in fold(question).text):
            raise EmptyQuestion()
        if opened.empty:
            raise CorpusEmpty(path=self.settings.corpus)
        return question


def _found(searched: str, scope: Scope, opened: Opened) -> tuple[list[StoredPassage], evidence.Evidence, bool]:
    """Passages best first, the evidence, and whether that is all there is to say (`published.Told`)."""

    def search() -> tuple[list[StoredPassage], evidence.Evidence]:
        retriever = PassageRetriever(opened.searcher, scope=scope)
        nodes = retriever.retrieve(searched)
        return [item.passage for item in opened.searcher.search(searched, len(nodes), scope)], retriever.evidence(
            searched
        )

    def only() -> str | None:
        files = [info.file for info in opened.documents() if not scope or scope.admits(info)]
        return files[0] if len(files) == 1 else None

    passages, found = search()
    told = published.told(searched, found, opened, [each.file for each in passages], only)
    if told is published.Otherwise.LITERALLY:
        with leave_out(replace(left_out(), publishing=True)):
            passages, found = search()
    return (passages, told.evidence, told.certain) if isinstance(told, published.Told) else (passages, found, False)


def _today() -> dt.date:
    """The day of the asking, where the asking is done."""
    return dt.datetime.now().astimezone().date()


def _with_reprints(answer: Answer, scope: Scope, opened: Opened) -> Answer:
    """The answer with what its citations say of the copies of their articles, those that were asked."""
    if not any(opened.copies(each.file) for each in (*answer.citations, *answer.closest)):
        return answer

    def copies(file: str) -> list[str]:
        return [other for other in opened.copies(file) if not scope or scope.admits(opened.document(other))]

    def noted(citations: tuple[Citation, ...]) -> tuple[Citation, ...]:
        return reprints.noted(citations, copies, opened.passages, opened.document)

    return replace(answer, citations=noted(answer.citations), closest=noted(answer.closest))


def _unordered(found: evidence.Evidence) -> evidence.Evidence:
    """Evidence without sentences that the model was not shown either, for what they might have made it do."""
    shown = {
        passage.id: {tuple(span) for span in harmless(passage)}
        for passage in {sentence.passage.id: sentence.passage for sentence in found.sentences}.values()
    }
    kept = (each for each in found.sentences if (each.start, each.end) in shown[each.passage.id])
    return replace(found, sentences=tuple(kept))
