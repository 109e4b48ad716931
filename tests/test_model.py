"""The model's client against a real server that answers, dawdles, lies and dies."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from assistant.errors import FaultKind, ModelFault
from assistant.model import Deadline, Message, Model
from assistant.settings import DEFAULT_MODEL, Settings
from assistant.usage import Meter, Usage
from tests.model_behaviours import Prompt
from tests.model_double import FAULTS, REFUSED, Exchange, ModelDouble

ROOT = Path(__file__).parents[1]
KEY = "sk-proj-7Yq2mZr84vLw1Xs9"
LONG = 60.0
ANSWER = "Armenia asked Russia for help [1.1]. Both sides accuse each other [1.2]."
ASKED = [
    Message("system", "Answer from the sentences."),
    Message("user", "[1.1] Armenia asked Russia for help.\n[1.2] Both sides accuse each other.\nQuestion: Who asked?"),
]


def answering(_: Prompt) -> str:
    return ANSWER


def model_at(double: ModelDouble, **settings: Any) -> Model:
    given = {"openai_base_url": double.url, "model": "double-1"} | settings
    model = Model.configured(Settings(_env_file=None, **given))
    assert model
    return model


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """The library takes a second to load, more on a busy machine; the clocks of these tests shall not count it."""
    with ModelDouble(answering) as double:
        model_at(double).complete(ASKED, Deadline(LONG))


@pytest.fixture
def double() -> Iterator[ModelDouble]:
    with ModelDouble(answering) as started:
        yield started


# ------------------------------------------------ faults


class Expected(NamedTuple):
    kind: FaultKind
    tries: int = 1
    words: bool = False
    """Whether a part of the answer comes first."""
    silent: bool = False
    """Whether it ends for silence, long before the deadline."""


EXPECTED = {
    "key refused": Expected("key"),
    "key echoed": Expected("garbled", words=True),
    "rate limit": Expected("limited"),  # for longer than there is time
    "brief rate limit": Expected("limited", tries=3),
    "quota": Expected("limited"),
    "server error": Expected("server", tries=3),
    "overloaded": Expected("server", tries=3),
    "bad request": Expected("refused"),
    "no model": Expected("model"),
    "no such page": Expected("garbled"),
    "hang": Expected("late", silent=True),
    "reset": Expected("unreachable", tries=3),
    REFUSED: Expected("unreachable", tries=0),
    "web page": Expected("garbled"),
    "json page": Expected("garbled"),
    "cut stream": Expected("cut", words=True),
    "no finish reason": Expected("cut", words=True),
    "cut chunk": Expected("cut", words=True),
    "bad json": Expected("garbled", words=True),
    "stalled stream": Expected("late", words=True, silent=True),
    "endless tokens": Expected("long", words=True),
    "endless thoughts": Expected("late"),
    "endless line": Expected("late"),  # or over the limit, on a fast machine
    "pings": Expected("late", silent=True),
    "empty pieces": Expected("late", silent=True),
    "trickling headers": Expected("late", silent=True),
    "redirect loop": Expected("garbled"),
    "no choices": Expected("empty"),
    "no content": Expected("empty"),
    "strange content": Expected("garbled"),
    "strange events": Expected("garbled"),
    "error in the stream": Expected("server", words=True),
    "slow first token": Expected("late", silent=True),
    "killed": Expected("cut", words=True),
    "packed": Expected("garbled"),
    "no http": Expected("unreachable", tries=3),
    "cut at its limit": Expected("long", words=True),
    "full context": Expected("small", words=True),
    "small context": Expected("small"),
    "overflow in the stream": Expected("small"),
    "overflow untold": Expected("small", tries=2),
    "nothing": Expected("empty", tries=2),
    "nested json": Expected("garbled"),
    "content filter": Expected("refused", words=True),
}
SECONDS = 8.0


class Outcome(NamedTuple):
    said: str
    fault: ModelFault | None
    seconds: float
    requests: int


def outcome(name: str) -> Outcome:
    with ModelDouble(answering, name) as double:
        model = model_at(double, openai_api_key=KEY, first_token_seconds=1.5, max_answer_tokens=100)
        said, fault = "", None
        started = time.monotonic()
        try:
            for piece in model.stream(ASKED, Deadline(SECONDS)):
                said += piece
        except ModelFault as caught:
            fault = caught
        seconds = time.monotonic() - started
        assert len(double.requests) == len(double.chats)
        return Outcome(said, fault, seconds, len(double.chats))


@pytest.fixture(scope="module")
def outcomes() -> tuple[dict[str, Outcome], str]:
    """Every fault met once, several at a time as most of it is waiting; and all that anything logged meanwhile."""
    records: list[str] = []

    class Everything(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(self.format(record))

    handler = Everything(logging.DEBUG)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with ThreadPoolExecutor(4) as pool:
            found = dict(zip(FAULTS, pool.map(outcome, FAULTS), strict=True))
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    return found, "\n".join(records)


Outcomes = tuple[dict[str, Outcome], str]


def test_every_fault_is_expected_to_be_something() -> None:
    assert EXPECTED.keys() == FAULTS.keys()


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_becomes_one_of_ours_in_time(outcomes: Outcomes, name: str) -> None:
    met, expected = outcomes[0][name], EXPECTED[name]
    assert met.fault is not None
    assert met.fault.kind == expected.kind or (name == "endless line" and met.fault.kind == "long")
    assert met.seconds < (SECONDS if expected.silent else SECONDS + 4)
    assert met.requests == expected.tries
    assert bool(met.said) == expected.words
    if expected.words and name not in ("key echoed", "endless tokens", "cut at its limit"):
        assert ANSWER.startswith(met.said)


@pytest.mark.parametrize("name", FAULTS)
def test_no_fault_shows_the_key_or_the_servers_words(outcomes: Outcomes, name: str) -> None:
    met = outcomes[0][name]
    fault = met.fault
    assert fault is not None
    assert fault.__context__ is None and fault.__cause__ is None
    shown = "".join(traceback.TracebackException.from_exception(fault, capture_locals=True).format())
    for text in (met.said, shown, repr(fault), str(fault.args), fault.say("en"), fault.say("ar")):
        assert KEY not in text and "Incorrect" not in text and "Oops" not in text
        assert "127.0.0.1" not in text or text is shown  # where our own Model names its address


def test_no_log_holds_the_key_or_the_question(outcomes: Outcomes) -> None:
    logged = outcomes[1]
    assert "HTTP Request" in logged  # the libraries do log
    assert KEY not in logged
    assert "Both sides" not in logged


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"error": {"message": "This model's maximum context length is 8192 tokens.", "code": "context_length_exceeded"}}),
        (400, {"error": {"code": 400, "message": "the request exceeds the available context size", "type": "exceed_context_size_error"}}),
        (400, {"object": "error", "message": "The prompt is too long: 9000 tokens, max_model_len 4096", "code": 400}),
        (500, {"error": {"message": "Requested tokens (9000) exceed context window of 4096", "type": "internal_server_error"}}),
        (413, {"error": {"message": "Payload Too Large"}}),
    ],
)  # fmt: skip
def test_a_request_longer_than_the_context_is_not_sent_again(status: int, body: dict[str, Any]) -> None:
    def refuses(exchange: Exchange) -> None:
        exchange.reply(status, body)

    shorter = [ASKED[0], Message("user", "Who asked?")]
    with ModelDouble(answering, refuses) as double:
        model = model_at(double)
        assert model.takes(ASKED)
        with pytest.raises(ModelFault) as caught:
            model.complete(ASKED, Deadline(LONG))
        assert (caught.value.kind, len(double.chats)) == ("small", 1)
        assert not model.takes(ASKED) and not model.takes([*ASKED, *ASKED]) and model.takes(shorter)


def test_an_answer_that_was_cut_off_says_nothing_of_the_next() -> None:
    with ModelDouble(answering, "full context") as double:
        model = model_at(double)
        with pytest.raises(ModelFault):
            model.complete(ASKED, Deadline(LONG))
        assert model.takes(ASKED)


def test_a_server_killed_in_mid_stream_leaves_what_it_had_said() -> None:
    """A process, and SIGKILL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.model_double", "--pace", "0.2"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        url = process.stdout.readline().strip()
        model = Model.configured(Settings(_env_file=None, openai_base_url=url))
        assert model
        words = model.stream(ASKED, Deadline(LONG))
        said = next(words)
        process.kill()
        process.wait()
        with pytest.raises(ModelFault) as caught:
            said += "".join(words)
        assert caught.value.kind == "cut"
        assert said
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


# ------------------------------------------------ answers


def test_an_answer_comes_whole(double: ModelDouble) -> None:
    model = model_at(double)
    assert "".join(model.stream(ASKED, Deadline(LONG))) == ANSWER
    assert model.complete(ASKED, Deadline(LONG)) == ANSWER
    assert double.chats[0].body["messages"] == [message._asdict() for message in ASKED]


def test_words_are_handed_on_as_they_come() -> None:
    heard = threading.Event()

    def script(exchange: Exchange) -> None:
        exchange.open()
        exchange.piece("first")
        heard.wait(LONG)
        exchange.piece(" last")
        exchange.piece(None, finish="stop")
        exchange.wait()  # the end is not waited for once the answer is complete

    with ModelDouble(fault=script) as double:
        words = model_at(double).stream(ASKED, Deadline(LONG))
        assert next(words) == "first"
        heard.set()
        assert list(words) == [" last"]


def test_tokens_are_counted_as_the_endpoint_counts_them(double: ModelDouble) -> None:
    """Over all calls for one answer; only where somebody wants to know."""
    meter, model = Meter(), model_at(double)
    assert meter.usage is None
    for _ in range(2):
        model.complete(ASKED, Deadline(LONG), meter=meter)
    asked = sum(len(message.content.split()) for message in ASKED)
    assert meter.usage == Usage(2 * asked, 2 * len(ANSWER.split()))
    model.complete(ASKED, Deadline(LONG))
    assert ["stream_options" in request.body for request in double.chats] == [True, True, False]


@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_cannot_count_answers_all_the_same(status: int) -> None:
    def script(exchange: Exchange) -> None:
        if "stream_options" in exchange.request.body:
            exchange.error(status, "unknown field: stream_options")
        else:
            exchange.answer()

    with ModelDouble(answering, fault=script) as double:
        meter, model = Meter(), model_at(double)
        for _ in range(2):
            assert model.complete(ASKED, Deadline(LONG), meter=meter) == ANSWER
        assert len(double.chats) == 3  # it is tried once
    assert meter.usage == Usage(uncounted=2)


@pytest.mark.parametrize(
    "ending",
    [
        lambda exchange: exchange.wait(),
        lambda exchange: exchange.event('{"choices": ['),
        lambda exchange: exchange.event({"choices": [], "usage": {"prompt_tokens": "many", "completion_tokens": -1}}),
        lambda exchange: exchange.close(),
    ],
)
def test_an_answer_does_not_hang_on_the_count(ending: Callable[[Exchange], object]) -> None:
    def script(exchange: Exchange) -> None:
        exchange.open()
        exchange.piece("Yes.")
        exchange.piece(None, finish="stop")
        ending(exchange)

    with ModelDouble(fault=script) as double:
        meter = Meter()
        assert model_at(double).complete(ASKED, Deadline(LONG), meter=meter) == "Yes."
    assert meter.usage == Usage(uncounted=1)


def test_leaving_hangs_up() -> None:
    with ModelDouble(fault="endless tokens") as double:
        words = model_at(double, max_answer_tokens=100_000).stream(ASKED, Deadline(LONG))
        next(words)
        words.close()
        assert double.left.wait(LONG)


def test_thoughts_are_no_part_of_the_answer_but_signs_of_life() -> None:
    """In fields of their own, as most servers send them, and in the text, as some do."""

    def script(exchange: Exchange) -> None:
        exchange.open()
        for _ in range(4):
            exchange.piece(None, reasoning_content="let me see")
            exchange.wait(0.5)
        exchange.piece("<think>or maybe")
        exchange.piece(" not</think>\n\nIt is so.")
        exchange.piece(None, finish="stop")
        exchange.close()

    with ModelDouble(fault=script) as double:
        assert model_at(double, first_token_seconds=1.5).complete(ASKED, Deadline(LONG)) == "It is so."


def test_a_finish_reason_of_their_own_ends_an_answer() -> None:
    def script(exchange: Exchange) -> None:
        exchange.open()
        exchange.piece("It is so.", finish="eos_token")
        exchange.close()

    with ModelDouble(fault=script) as double:
        assert model_at(double).complete(ASKED, Deadline(LONG)) == "It is so."


def test_threads_share_a_model() -> None:
    with ModelDouble(lambda prompt: f"{prompt.question} {prompt.question}") as double:
        model = model_at(double)

        def ask(number: int) -> str:
            return model.complete([Message("user", f"Question: number {number}")], Deadline(LONG))

        with ThreadPoolExecutor(6) as pool:
            assert list(pool.map(ask, range(12))) == [f"number {number} number {number}" for number in range(12)]


@pytest.mark.parametrize(
    ("fault", "times", "tries"),
    [("server error", 1, 2), ("reset", 2, 3), ("brief rate limit", 1, 2), ("overloaded", 2, 3)],
)
def test_a_passing_fault_is_overcome(fault: str, times: int, tries: int) -> None:
    with ModelDouble(answering, fault, times=times) as double:
        assert model_at(double).complete(ASKED, Deadline(LONG)) == ANSWER
        assert len(double.chats) == tries


def test_nothing_is_sent_when_time_is_up(double: ModelDouble) -> None:
    with pytest.raises(ModelFault) as caught:
        model_at(double).complete(ASKED, Deadline(0))
    assert caught.value.kind == "late"
    assert double.requests == []


# ------------------------------------------------ what is sent, and where


def test_without_a_key_none_is_sent(double: ModelDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    model = model_at(double)
    monkeypatch.setenv("OPENAI_API_KEY", "of-somebody-else")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "of-somebody-else")
    model.complete(ASKED, Deadline(LONG))
    assert "authorization" not in double.requests[0].headers
    assert "somebody" not in str(double.requests)


def test_the_key_is_sent_and_accepted() -> None:
    with ModelDouble(answering, key=KEY) as double:
        assert model_at(double, openai_api_key=KEY).complete(ASKED, Deadline(LONG)) == ANSWER
        with pytest.raises(ModelFault) as caught:
            model_at(double, openai_api_key=KEY[:-1]).complete(ASKED, Deadline(LONG))
        assert caught.value.kind == "key"


@pytest.mark.parametrize(
    ("settings", "sent", "not_sent"),
    [
        ({}, {"max_tokens": 196 + 4096, "temperature": 0}, {"reasoning_effort", "max_completion_tokens"}),
        ({"reasoning_effort": "none"}, {"max_tokens": 196, "temperature": 0, "reasoning_effort": "none"}, set()),
        ({"reasoning_effort": "low"}, {"max_tokens": 196 + 4096, "reasoning_effort": "low"}, {"temperature"}),
    ],
)
def test_a_request_says_what_servers_understand(
    double: ModelDouble, settings: dict[str, str], sent: dict[str, object], not_sent: set[str]
) -> None:
    model_at(double, max_answer_tokens=196, **settings).complete(ASKED, Deadline(LONG))
    body = double.chats[0].body
    assert body.items() >= (sent | {"stream": True, "model": "double-1"}).items()
    assert not body.keys() & not_sent


def test_openai_gets_its_own_parameters_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The double as a proxy: what would go to OpenAI ends on this machine."""
    with ModelDouble(answering, names=[DEFAULT_MODEL, "gpt-6.1-sol"]) as double:
        monkeypatch.setenv("HTTP_PROXY", double.url.removesuffix("/v1"))
        official = Settings(_env_file=None, openai_base_url="http://api.openai.com/v1", max_answer_tokens=100)
        model = Model.configured(official)
        assert model and model.complete(ASKED, Deadline(LONG)) == ANSWER
        better = Model.configured(official.model_copy(update={"model": "gpt-6.1-sol"}))
        assert better and better.complete(ASKED, Deadline(LONG), most_tokens=50) == ANSWER
        first, second = (request.body for request in double.chats)
    assert (model.name, better.name, model.where) == (DEFAULT_MODEL, "gpt-6.1-sol", "api.openai.com")
    assert (first["max_completion_tokens"], first["reasoning_effort"], first["temperature"]) == (100, "none", 0)
    assert second["max_completion_tokens"] == 50 + 4096
    assert not second.keys() & {"temperature", "reasoning_effort", "max_tokens"}


def test_a_server_on_this_machine_is_not_looked_for_behind_a_proxy(
    double: ModelDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ModelDouble(fault=REFUSED) as nobody:
        for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
            monkeypatch.setenv(name, nobody.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        assert model_at(double).complete(ASKED, Deadline(LONG)) == ANSWER


# ------------------------------------------------ which model


def test_nothing_is_configured_without_key_or_address() -> None:
    assert Model.configured(Settings(_env_file=None)) is None
    assert Model.configured(Settings(_env_file=None, model="gpt-6.1-sol")) is None


@pytest.mark.parametrize("given", [{"openai_api_key": KEY}, {"openai_base_url": "http://127.0.0.1:1/v1"}])
def test_none_turns_the_model_off(given: dict[str, str]) -> None:
    assert Model.configured(Settings(_env_file=None, **given)) is not None
    assert Model.configured(Settings(_env_file=None, model="none", **given)) is None


def test_configuring_loads_and_contacts_nothing() -> None:
    code = (
        "import sys; from assistant.settings import Settings; from assistant.model import Model;"
        f"model = Model.configured(Settings(_env_file=None, openai_api_key={KEY!r}));"
        "print(model.name, model.where, 'openai' in sys.modules, repr(model), vars(model))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.startswith(f"{DEFAULT_MODEL} api.openai.com False Model(")
    assert KEY not in done.stdout


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["double-1"], "double-1"),
        (["nomic-embed-text", "qwen3", "llama"], "qwen3"),
        (["text-embedding-3"], None),
        ([], None),
    ],
)
def test_a_local_server_is_asked_for_its_model(names: list[str], chosen: str | None) -> None:
    with ModelDouble(answering, names=names) as double:
        model = model_at(double, model=None)
        assert model.name == ""
        if chosen:
            assert model.complete(ASKED, Deadline(LONG)) == ANSWER
            model.complete(ASKED, Deadline(LONG))
            assert [request.path for request in double.requests].count("/v1/models") == 1
        else:
            with pytest.raises(ModelFault) as caught:
                model.complete(ASKED, Deadline(LONG))
            assert caught.value.kind == "model"
        assert model.name == (chosen or "")


@pytest.mark.parametrize(("names", "well"), [(["only", "text-embedding-3"], True), (["one", "other"], False)])
def test_elsewhere_no_model_is_guessed(names: list[str], well: bool) -> None:
    """0.0.0.0 leads here, but nothing in the name says so."""
    with ModelDouble(answering, names=names) as double:
        model = model_at(double, model=None, openai_base_url=f"http://0.0.0.0:{double.port}/v1")
        assert (model.local, model.private) == (False, False)
        if well:
            assert model.complete(ASKED, Deadline(LONG)) == ANSWER
        else:
            with pytest.raises(ModelFault) as caught:
                model.complete(ASKED, Deadline(LONG))
            assert caught.value.kind == "model"


def test_a_model_that_the_server_lacks_is_named_as_such(double: ModelDouble) -> None:
    with pytest.raises(ModelFault) as caught:
        model_at(double, model="double-2").complete(ASKED, Deadline(LONG))
    assert caught.value.kind == "model"
    assert model_at(double).offered(Deadline(LONG)) == ["double-1"]


def test_names_that_could_harm_a_terminal_are_left_out() -> None:
    with ModelDouble(names=["good", "\x1b[2Jbad", "\u202ebad", "", "x" * 500]) as double:
        assert model_at(double).offered(Deadline(LONG)) == ["good"]


@pytest.mark.parametrize(
    ("url", "local", "private"),
    [
        ("http://127.0.0.1:11434/v1", True, True),
        ("http://localhost:1234/v1", True, True),
        ("http://[::1]:8000/v1", True, True),
        ("http://192.168.1.5:8000/v1", False, False),
        ("https://models.example/v1", False, True),
        ("http://127.evil.example/v1", False, False),
    ],
)
def test_it_is_known_who_can_read_along(url: str, local: bool, private: bool) -> None:
    model = Model.configured(Settings(_env_file=None, openai_base_url=url))
    assert model and (model.local, model.private) == (local, private)


def test_a_probe_tells_what_it_found(double: ModelDouble) -> None:
    found = model_at(double).probe(Deadline(LONG))
    assert found.startswith(f"double-1 at 127.0.0.1:{double.port} answers, its first word after ")


def test_a_probe_of_a_talkative_model_is_well() -> None:
    with ModelDouble(fault="cut at its limit") as double:
        assert "answers" in model_at(double).probe(Deadline(LONG))
    with ModelDouble(fault="cut stream") as double, pytest.raises(ModelFault) as caught:
        model_at(double).probe(Deadline(LONG))
    assert caught.value.kind == "cut"


def test_warming_changes_nothing(double: ModelDouble) -> None:
    model = model_at(double)
    model.warm()
    assert model.complete(ASKED, Deadline(LONG)) == ANSWER
    assert len(double.requests) == 1
