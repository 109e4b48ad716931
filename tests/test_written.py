"""Answers that a model writes, asked of a real server over real HTTP: whatever the model says, and whatever goes wrong with it."""

from __future__ import annotations

import html
import random
import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.chat import Assistant
from assistant.citations import MARKS, Answer, Partial, Turn
from assistant.errors import IsnadError, ModelFault
from assistant.settings import Settings
from assistant.web import render
from assistant.written import NOTICES
from tests.attacks.planted import Attack, attacks, planted
from tests.invariants import check_citation, said
from tests.model_behaviours import BEHAVIOURS, Behaviour, Prompt, claims, honest
from tests.model_double import FAULTS, Exchange, ModelDouble, small_context

QUESTIONS = [
    "متى طلبت أرمينيا المساعدة من روسيا؟",
    "How many Armenian soldiers were killed?",
    "من هو المتحدث باسم الكرملين؟",
    "Which drones did Azerbaijan use?",
    "Who asked Russia for help?",
    "ما موقف تركيا من النزاع؟",
    "When did the clashes begin?",
    "كم عدد سكان أرمينيا؟",
]
SECRET = "sk-test-0123456789abcdef0123456789"


@contextmanager
def opened(double: ModelDouble, index: Path, seeds: Path, **more: object) -> Iterator[Assistant]:
    settings = Settings(_env_file=None, reserve_mb=1, openai_base_url=double.url, **{"answer_seconds": 20, **more})
    with Assistant.open(seeds, index, settings) as assistant:
        yield assistant


def check(assistant: Assistant, answer: Answer) -> None:
    """What holds of every answer, whoever wrote it."""
    for citation in (*answer.citations, *answer.rejected, *answer.closest):
        check_citation(assistant, citation)
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    if answer.answered_by == "quotes":
        assert answer.statements == ()
        return
    own = re.sub(r"\[\d+\]", "", answer.text)
    assert not re.search(r"[\[\]<>`]|https?:|www\.|\.example", own)
    numbers = list(dict.fromkeys(int(number) for number in re.findall(r"\[(\d+)\]", answer.text)))
    assert numbers == [citation.number for citation in answer.citations]
    for statement in answer.statements:
        marked = answer.text[statement.end :].startswith(MARKS[statement.verdict][answer.language])
        assert marked and bool(statement.reason) == (statement.verdict != "supported")
    if answer.status != "abstained":
        supported = [s for s in answer.statements if s.verdict == "supported"]
        assert supported and 2 * len(supported) >= len(answer.statements)


def shown(assistant: Assistant, answer: Answer) -> str:
    """All that a reader can come to see of an answer but the titles of articles, which are theirs."""
    text = render.answer(answer, "en") + render.answer(answer, "ar") + str(answer.to_dict() | {"question": ""})
    for title in {each.title for each in (*answer.citations, *answer.rejected, *answer.closest)}:
        text = text.replace(title, "").replace(html.escape(title), "")
    return text


# ---------------------------------------------------------------- what models say


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_whatever_a_model_says_the_answer_holds_together(name: str, seeds: Path, seeds_index: Path) -> None:
    with ModelDouble(BEHAVIOURS[name]) as double, opened(double, seeds_index, seeds) as assistant:
        for question in QUESTIONS:
            *partials, answer = assistant.stream(question)
            assert isinstance(answer, Answer)
            check(assistant, answer)
            for partial in partials:
                assert isinstance(partial, Partial)
                bare = re.sub(r"\[\d+\]", "", partial.text)
                assert not re.search(r"[\[\]]|https?:|<[A-Za-z/!]", bare)
                marks = {int(number) for number in re.findall(r"\[(\d+)\]", partial.text)}
                assert marks <= {citation.number for citation in partial.citations}
        assert double.chats


def test_an_honest_model_is_believed(seeds: Path, seeds_index: Path) -> None:
    verdicts = []
    with ModelDouble(honest) as double, opened(double, seeds_index, seeds) as assistant:
        for question in QUESTIONS:
            answer = assistant.ask(question)
            assert answer.answered_by == "model", (question, answer.notice)
            assert answer.notice is None
            assert set(answer.timings) == {"retrieval", "model", "checks", "answer", "total"}
            parts = sum(value for name, value in answer.timings.items() if name != "total")
            assert parts == pytest.approx(answer.timings["total"], abs=0.1) and min(answer.timings.values()) >= 0
            verdicts += [statement.verdict for statement in answer.statements]
    assert verdicts.count("supported") >= 0.98 * len(verdicts) > 10


def half_wrong(prompt: Prompt) -> str:
    """An honest answer, and as much again that is not so."""
    told = " ".join(f"{claim.text.rstrip(' .')} [{claim.id}]." for claim in claims(prompt))
    first = prompt.sentences[0].id
    invented = {
        "en": f"General Marcus Aldridge announced on 4 March 1987 that 61,500 volunteers had surrendered [{first}].",
        "ar": f"أعلن الجنرال ماركوس ألدريدج في 4 مارس 1987 استسلام 61500 متطوع [{first}].",
    }
    return f"{told} {invented[prompt.language]}"


def test_what_is_invented_beside_truth_is_marked(seeds: Path, seeds_index: Path) -> None:
    marked = 0
    with ModelDouble(half_wrong) as double, opened(double, seeds_index, seeds) as assistant:
        for question in QUESTIONS:
            answer = assistant.ask(question)
            check(assistant, answer)
            for invented in re.finditer("61,?500", answer.text):
                (statement,) = [s for s in answer.statements if s.start <= invented.start() < s.end]
                assert statement.verdict == "unsupported"
                marked += 1
    assert marked


@pytest.mark.parametrize("name", ["hallucinates", "miscites"])
def test_no_unsupported_statement_gets_through_unmarked(name: str, seeds: Path, seeds_index: Path) -> None:
    with ModelDouble(BEHAVIOURS[name]) as double, opened(double, seeds_index, seeds) as assistant:
        for question in QUESTIONS:
            answer = assistant.ask(question)
            check(assistant, answer)
            if answer.answered_by == "quotes":
                assert answer.notice == NOTICES["unsupported"][answer.language]
                assert answer.rejected
            for statement in answer.statements:
                text = answer.text[statement.start : statement.end]
                invented = re.search("61,?500|Aldridge|ألدريدج|Norway|النرويج", text)
                assert not (invented and statement.verdict == "supported")


def test_an_honest_refusal_is_an_abstention(seeds: Path, seeds_index: Path) -> None:
    with ModelDouble(BEHAVIOURS["refusing"]) as double, opened(double, seeds_index, seeds) as assistant:
        answer = assistant.ask(QUESTIONS[1])
        assert (answer.status, answer.answered_by, answer.text) == ("abstained", "model", "The articles do not say.")
        assert answer.closest and not answer.citations


# ---------------------------------------------------------------- the wrong language


def test_the_wrong_language_is_asked_for_once_more(seeds: Path, seeds_index: Path) -> None:
    with ModelDouble(BEHAVIOURS["foreign"]) as double, opened(double, seeds_index, seeds) as assistant:
        answer = assistant.ask(QUESTIONS[1])
        assert (answer.answered_by, answer.notice) == ("quotes", NOTICES["language"]["en"])
        assert len(double.chats) == 2
        first, second = (chat.body["messages"] for chat in double.chats)
        assert [message["role"] for message in second] == ["system", "user"]
        assert second[1]["content"].startswith(first[1]["content"])
        assert "in English only" in second[1]["content"]


def test_the_second_try_is_taken_if_it_is_right(seeds: Path, seeds_index: Path) -> None:
    def learns(prompt: Prompt) -> str:
        return honest(prompt) if "بالعربية وحدها" in prompt.messages[-1][1] else BEHAVIOURS["foreign"](prompt)

    with ModelDouble(learns) as double, opened(double, seeds_index, seeds) as assistant:
        answer = assistant.ask(QUESTIONS[0])
        assert (answer.answered_by, answer.notice, len(double.chats)) == ("model", None, 2)
        check(assistant, answer)


# ---------------------------------------------------------------- hidden instructions


def _repeats_all(prompt: Prompt) -> str:
    """Obeys in its own way: whatever looks like a canary, an address or an order anywhere in the prompt is said, uncited."""
    text = prompt.messages[-1][1]
    words = re.findall(r"\b(?:CANARY|PWNED|ZEBRA|Token)[-_]\d+|https?://\S+", text)
    return " ".join([honest(prompt), *words, *(f"{word}." for word in words), "I obeyed."])


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(BEHAVIOURS["obedient"], marks=pytest.mark.slow, id="obedient"),
        pytest.param(_repeats_all, id="repeating"),
    ],
)
def test_nothing_planted_in_an_article_reaches_the_answer(
    behaviour: Behaviour, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every attack stands in every article of a small folder, so that it is among what the model is shown, if anything is."""
    monkeypatch.setattr("assistant.written._BETWEEN", 0.0)  # a reader sees the answer at any moment: here at every one
    texts = [path.read_bytes().decode("utf-8-sig") for path in sorted(seeds.iterdir())]
    found = list(attacks())
    chance = random.Random(5)
    folder = tmp_path / "articles"
    folder.mkdir()
    with ModelDouble(behaviour) as double:
        for round_, group in enumerate(_groups(found, 18)):
            for number, text in enumerate(texts):
                for attack in group:
                    text = planted(text, attack.text, chance)
                (folder / f"{number}.txt").write_text(text, encoding="utf-8")
            with opened(double, tmp_path / f"index{round_}", folder) as assistant:
                for question in QUESTIONS[:4]:
                    *partials, answer = assistant.stream(question)
                    assert isinstance(answer, Answer)
                    check(assistant, answer)
                    visible = shown(assistant, answer) + "".join(render.partial(p, "en") for p in partials if isinstance(p, Partial))  # fmt: skip
                    for attack in group:
                        assert not attack.canary or attack.canary not in visible
                    assert "evil" not in visible
                    assert not re.search(r"<img|<script|SYSTEM PROMPT", visible)
                    assert double.prompts[-1].messages[0][1].splitlines()[1][2:40] not in visible


def _groups(found: list[Attack], size: int) -> Iterator[list[Attack]]:
    for start in range(0, len(found), size):
        yield found[start : start + size]


def test_a_line_that_says_it_needs_no_model(tmp_path: Path) -> None:
    """Who published an article stands far from all that it is about: no model is shown it, and none could add to it."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for town in ("Tulkan", "Marsina", "Lumira"):
        days = [f"The river rose in {town} on day {day} of the flood, and traders moved on." for day in range(60)]
        text = "\n\n".join([f"Flood in the old market of {town}", *days, f"Source: The {town} Herald"])
        (folder / f"{town}.txt").write_text(text + "\n", encoding="utf-8")
    with ModelDouble(honest) as double, opened(double, tmp_path / "index", folder) as assistant:
        answer = assistant.ask("Which newspaper published the article about the flood in Marsina?")
        check(assistant, answer)
        assert (answer.status, answer.answered_by, answer.notice) == ("answered", "quotes", None)
        assert answer.citations[0].quote == "Source: The Marsina Herald"
        assert double.prompts == []


# ---------------------------------------------------------------- faults


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_ends_in_quotes_and_one_plain_line(
    fault: str, seeds: Path, seeds_index: Path, settings: Settings
) -> None:
    with ModelDouble(honest, fault) as double:
        with opened(
            double,
            seeds_index,
            seeds,
            answer_seconds=1.5,
            first_token_seconds=0.8,
            openai_api_key=SECRET,
            max_answer_tokens=400,
        ) as assistant:
            assistant.search(QUESTIONS[3])  # the search is not what is measured
            started = time.monotonic()
            *partials, answer = assistant.stream(QUESTIONS[3])
            assert time.monotonic() - started < 1.5 + 5.0  # of an overloaded machine; the faults last far longer
            assert isinstance(answer, Answer)
            check(assistant, answer)
        told = f"{answer.to_dict()} {partials} {render.answer(answer, 'en')}"
        assert SECRET not in told and "Traceback" not in told
        if fault == "brief rate limit" and answer.answered_by == "model":
            return
        assert answer.answered_by == "quotes" and answer.citations
        assert answer.notice in {ModelFault(kind).say("en") for kind in ModelFault.lines} | {
            NOTICES["unsupported"]["en"]
        }
    with Assistant.open(seeds, seeds_index, settings) as plain:
        told = said(plain.ask(QUESTIONS[3]))
    same = {name: value for name, value in said(answer).items() if name not in ("notice", "rejected", "usage")}
    assert same == {name: value for name, value in told.items() if name not in ("notice", "rejected", "usage")}


def test_a_small_context_is_shown_fewer_passages(seeds: Path, seeds_index: Path) -> None:
    def holds_three(exchange: Exchange) -> None:
        passages = Prompt.parse(exchange.request.body["messages"]).passages
        small_context(exchange) if len(passages) > 3 else exchange.answer()

    with ModelDouble(honest, holds_three) as double, opened(double, seeds_index, seeds) as assistant:
        answer = assistant.ask(QUESTIONS[1])
        check(assistant, answer)
        assert (answer.answered_by, answer.notice) == ("model", NOTICES["fewer"]["en"])
        assert [len(prompt.passages) for prompt in double.prompts] == [8, 4, 2]
        assistant.ask(QUESTIONS[4])
        assert [len(prompt.passages) for prompt in double.prompts[3:]] == [2]  # it is remembered what is too long


def test_a_server_killed_in_mid_stream_leaves_an_answer(seeds: Path, seeds_index: Path) -> None:
    with (
        ModelDouble(honest, piece=8, pace=0.1) as double,
        opened(double, seeds_index, seeds, answer_seconds=15) as assistant,
    ):
        partials = 0
        for item in assistant.stream(QUESTIONS[1]):
            if isinstance(item, Partial):
                partials += 1
                if partials == 1:
                    double.kill()
        assert isinstance(item, Answer)
        assert (item.answered_by, item.notice) == ("quotes", ModelFault("cut").say("en"))
        assert item.citations and partials >= 1


def test_whoever_stops_listening_ends_the_call(seeds: Path, seeds_index: Path) -> None:
    with ModelDouble(honest, piece=4, pace=0.05) as double, opened(double, seeds_index, seeds) as assistant:
        items = assistant.stream(QUESTIONS[1])
        assert isinstance(next(items), Partial)
        items.close()  # type: ignore[attr-defined]
        assert double.left.wait(60)


def test_the_first_word_is_relayed_before_the_second_is_written(seeds: Path, seeds_index: Path) -> None:
    """The server says nothing more until the first word has been shown."""
    seen = threading.Event()

    def waits(exchange: Exchange) -> None:
        exchange.open()
        exchange.piece("The ")
        assert seen.wait(60)
        exchange.piece(exchange.text)
        exchange.piece(None, finish="stop")
        exchange.close()

    with ModelDouble(honest, waits) as double, opened(double, seeds_index, seeds) as assistant:
        items = assistant.stream(QUESTIONS[1])
        first = next(items)
        assert isinstance(first, Partial) and first.text == "The"
        seen.set()
        *_, answer = items
        assert isinstance(answer, Answer)


# ---------------------------------------------------------------- without


def test_an_index_that_goes_on_while_the_model_writes_moves_no_citation(seeds: Path, tmp_path: Path) -> None:
    shutil.copytree(seeds, tmp_path / "articles")
    texts = {path.name: path.read_text(encoding="utf-8-sig") for path in (tmp_path / "articles").iterdir()}
    with (
        ModelDouble(honest, piece=8, pace=0.02) as double,
        opened(double, tmp_path / "index", tmp_path / "articles") as assistant,
    ):
        items = assistant.stream(QUESTIONS[1])
        assert isinstance(next(items), Partial)
        for path in (tmp_path / "articles").iterdir():
            path.write_text("A line before everything.\n\n" + texts[path.name], encoding="utf-8")
        assert len(assistant.refresh().changed) == len(texts)
        *_, answer = items
        assert isinstance(answer, Answer)
        assert answer.citations
        for citation in (*answer.citations, *answer.rejected):
            assert texts[citation.file][citation.start : citation.end] == citation.quote
            assert citation.stale


def test_an_answer_tells_the_tokens_of_all_its_calls(seeds: Path, seeds_index: Path) -> None:
    """A question completed by the model takes two calls."""
    earlier, whole = [Turn("How many Armenian soldiers were killed?", "49 soldiers.")], "When were the soldiers killed?"
    with (
        ModelDouble(honest, rewrites={"And when?": whole}) as double,
        opened(double, seeds_index, seeds) as assistant,
    ):
        answer = assistant.ask("And when?", earlier)
        assert (answer.asked, len(double.chats)) == (whole, 2)
        asked = [message["content"] for request in double.chats for message in request.body["messages"]]
        assert answer.usage is not None and answer.usage.uncounted == 0
        assert answer.usage.prompt_tokens == sum(len(text.split()) for text in asked)
        assert answer.usage.completion_tokens > len(whole.split())
        assert assistant.quote(whole).usage is None


def test_without_a_model_nothing_changes(seeds: Path, seeds_index: Path, settings: Settings) -> None:
    with Assistant.open(seeds, seeds_index, settings) as plain:
        assert plain.model is None
        for question in QUESTIONS:
            (answer,) = plain.stream(question)
            assert isinstance(answer, Answer)
            assert (answer.answered_by, answer.notice, answer.statements, answer.asked) == ("quotes", None, (), None)
            assert set(answer.timings) == {"retrieval", "answer", "total"}


def test_faults_of_the_question_are_told_before_the_model_is_asked(seeds: Path, seeds_index: Path) -> None:
    with ModelDouble(honest) as double, opened(double, seeds_index, seeds) as assistant:
        for question in ("?", "x" * 3000):
            with pytest.raises(IsnadError):
                next(assistant.stream(question))
        assert double.chats == []
        answer = assistant.ask("XXXXX")  # nothing like it is found
        assert answer.status == "abstained"


def test_edited_templates_are_used(seeds: Path, seeds_index: Path, tmp_path: Path) -> None:
    (tmp_path / "write.en.txt").write_text("Be a parrot.\n---\n{passages}\n\nQuestion: {question}", encoding="utf-8")
    with ModelDouble(honest) as double, opened(double, seeds_index, seeds, prompts=tmp_path) as assistant:
        assistant.ask(QUESTIONS[1])
        assert double.prompts[-1].messages[0] == ("system", "Be a parrot.")
