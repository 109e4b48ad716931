"""The command ``isnad``. Everything heavy is imported by the command that needs it: ``isnad --help`` is instant.

Exit codes: 0 done (an honest "not in the articles" is an answer), 1 it could not be done, 2 the request cannot be carried out
as it stands, 130 interrupted.
"""

from __future__ import annotations

import argparse
import atexit
import gc
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from assistant.arguments import Run, parser_of
from assistant.errors import CorpusNotFound, IsnadError, UsageError
from assistant.progress import console_of, progress

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from assistant.index import Plan, Summary
    from assistant.progress import Bar
    from assistant.scope import Scope
    from assistant.settings import Settings


def _scope(arguments: argparse.Namespace) -> Scope:
    import datetime as dt

    from assistant.errors import BadSetting
    from assistant.scope import Scope

    def day(name: str) -> dt.date | None:
        text = getattr(arguments, name)
        try:
            return dt.date.fromisoformat(text) if text else None
        except ValueError as error:
            raise BadSetting(name=f"--{name}", reason=f"{text} is not a date like 2022-09-13") from error

    return Scope(frozenset(arguments.file or ()), frozenset(arguments.outlet or ()), day("since"), day("until"))


def _settings(arguments: argparse.Namespace, **more: Any) -> Settings:
    from assistant.settings import Settings

    given = {
        "corpus": arguments.corpus,
        "index": arguments.index,
        "store": arguments.store,
        "color": arguments.color,
        "model": getattr(arguments, "model", None),
        "openai_base_url": getattr(arguments, "base_url", None),
        "embedding_model": getattr(arguments, "embedding_model", None),
    }
    return Settings.load(**given | more)


def _read_question() -> str:
    return sys.stdin.read() if sys.stdin else ""  # there is none when it was closed


@contextmanager
def _opened(settings: Settings) -> Iterator[Assistant]:
    """The assistant, with the progress of indexing on standard error when a person is watching."""
    if not settings.corpus.is_dir():  # said before the seconds that loading the rest takes
        raise CorpusNotFound(path=settings.corpus)
    from assistant.chat import Assistant

    with progress(settings) as bar, Assistant.open(settings=settings, progress=bar.watch) as assistant:
        if assistant.summary.behind:
            print(f"isnad: {assistant.summary.behind}", file=sys.stderr)
        yield assistant


def _check_inside(assistant: Assistant, scope: Scope) -> None:
    """Raises `BadSetting` when no article is in the scope: "not in the articles" would be said of nothing."""
    from assistant.errors import BadSetting

    if scope and not any(map(scope.admits, assistant.documents())):
        raise BadSetting(name="--file, --outlet, --since or --until", reason="no article is what they say together")


def _ask(arguments: argparse.Namespace) -> int:
    settings, scope = _settings(arguments), _scope(arguments)
    with _opened(settings) as assistant:
        _check_inside(assistant, scope)
        if arguments.json:
            print(json.dumps(assistant.ask(arguments.question, scope=scope).to_dict(), ensure_ascii=False, indent=2))
        else:
            from assistant.terminal import show_answer, shown_while_written

            console = console_of(settings)
            show_answer(console, shown_while_written(console, assistant.stream(arguments.question, scope=scope)))
    return 0


def _search(arguments: argparse.Namespace) -> int:
    from assistant.errors import BadSetting

    if not 1 <= arguments.limit <= 1000:
        raise BadSetting(name="--limit", reason="it must be between 1 and 1000")
    settings, scope = _settings(arguments, model="none"), _scope(arguments)
    with _opened(settings) as assistant:
        _check_inside(assistant, scope)
        hits = assistant.search(arguments.question, arguments.limit, scope)
        if away := assistant.searcher.embed(arguments.question):
            print(f"isnad: {away.notice(_reader(arguments))}", file=sys.stderr)
    if arguments.json:
        print(json.dumps([hit.to_dict() for hit in hits], ensure_ascii=False, indent=2))
    else:
        from assistant.terminal import show_hits

        show_hits(console_of(settings), hits)
    return 0


def _index(arguments: argparse.Namespace) -> int:
    from assistant.terminal import show_summary
    from assistant.watching import follow

    settings = _settings(arguments)

    def sync() -> Summary:
        from assistant import index

        with progress(settings) as bar:
            return index.sync(
                settings.corpus, settings.index, settings, bar.watch, _consent(settings, arguments.yes, bar)
            )

    def told(news: Summary | IsnadError) -> None:
        if isinstance(news, IsnadError):
            print(f"isnad: {news}", file=sys.stderr, flush=True)
        else:
            show_summary(console_of(settings), news, settings.corpus)
            sys.stdout.flush()

    if not arguments.watch:
        told(sync())
        return 0
    with _stopped_by_signals() as stop:
        follow(sync, told, stop)
    return 0


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set: what is being done is finished first."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _consent(settings: Settings, agreed: bool, bar: Bar) -> Callable[[Plan], bool]:
    """Says what is to be embedded, and asks whether it may be if it is much: at a terminal; elsewhere ``--yes`` has to say so."""

    def consent(plan: Plan) -> bool:
        from assistant.terminal import planned

        with bar.silent():
            print(planned(plan, settings.embedding_price), file=sys.stderr)
            if agreed or plan.tokens <= settings.embedding_free_tokens:
                return True
            if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
                return False
            print("Embed them now? [y/N] ", end="", file=sys.stderr, flush=True)
            return sys.stdin.readline().strip().lower() in ("y", "yes")

    return consent


def _chat(arguments: argparse.Namespace) -> int:
    from assistant.keeping.commands import database_of
    from assistant.keeping.users import Users
    from assistant.shelf import REMOVED, Shelf
    from assistant.suggestions import suggested
    from assistant.watching import FolderWatch
    from assistant.web.hints import Hints
    from assistant.web.server import Page, serve

    settings = _settings(arguments, host=arguments.host, port=arguments.port, users=arguments.users)
    with _opened(settings) as assistant:
        page = Page(
            hints=Hints(
                lambda language: (found.question for found in suggested(assistant, language)),
                lambda: assistant.indexed_at,
            ),
            watch=FolderWatch(assistant),
            shelf=Shelf(settings.corpus, settings.data / REMOVED, settings.reserve_mb) if settings.uploads else None,
            database=database_of(settings),
            users=Users(settings.users) if settings.users else None,
            hasten=assistant.hasten,
            names=frozenset(settings.allowed_hosts.lower().replace(",", " ").split()),
        )
        # The default port may move on when it is taken; one that was asked for may not.
        chosen = "port" in settings.model_fields_set
        port = settings.port if chosen else None
        serve(assistant, host=settings.host, port=port, open_browser=arguments.open, page=page)
    return 0


def _suggest(arguments: argparse.Namespace) -> int:
    from assistant.catalogue import LANGUAGES
    from assistant.errors import BadSetting
    from assistant.suggestions import suggestions

    if not 1 <= arguments.limit <= 100:
        raise BadSetting(name="--limit", reason="it must be between 1 and 100")
    settings = _settings(arguments, model="none")
    languages = (arguments.language,) if arguments.language else LANGUAGES
    with _opened(settings) as assistant:
        found = [item for language in languages for item in suggestions(assistant, language, arguments.limit)]
    if arguments.json:
        print(json.dumps([item.to_dict() for item in found], ensure_ascii=False, indent=2))
    else:
        from assistant.terminal import show_questions

        show_questions(console_of(settings), [item.question for item in found])
    return 0


def _mcp(arguments: argparse.Namespace) -> int:
    from assistant.errors import ExtraMissing

    try:
        from assistant.tools import create_server
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise ExtraMissing(command="mcp", package="mcp") from error
    from assistant import __version__

    # Standard output belongs to the protocol; what there is to say goes to standard error.
    with _opened(_settings(arguments)) as assistant:
        create_server(assistant, __version__).run()
    return 0


def _doctor(arguments: argparse.Namespace) -> int:
    from rich.text import Text

    from assistant.doctor import examine

    settings = _settings(arguments)
    console = console_of(settings)
    all_well = True
    for check in examine(settings):
        all_well &= check.well
        sign, style = ("✓", "green") if check.well else ("✗", "bold red")
        console.print(Text.assemble((sign, style), f" {check.name:<11} {check.found}"), soft_wrap=True)
        if check.advice and (not check.well or check.name in ("Model", "Index", "Embeddings", "Index server")):
            console.print(Text(f"              {check.advice}", style="dim"), soft_wrap=True)
    return 0 if all_well else 1


def _feedback(arguments: argparse.Namespace) -> int:
    from assistant.keeping.commands import export_feedback

    export_feedback(_settings(arguments), arguments.out)
    return 0


def _users(arguments: argparse.Namespace) -> int:
    from assistant.keeping.commands import manage_users

    manage_users(_settings(arguments, users=arguments.users), arguments.action, arguments.name)
    return 0


def _eval(arguments: argparse.Namespace) -> int:
    try:
        from eval.__main__ import main as evaluate
    except ModuleNotFoundError:
        print("isnad: the evaluation lives in a checkout of the project; run 'python -m eval' there.", file=sys.stderr)
        return 2
    return int(evaluate(arguments.rest))


_RUNS: Final[Mapping[str, Run]] = {
    "chat": _chat,
    "ask": _ask,
    "search": _search,
    "index": _index,
    "suggest": _suggest,
    "mcp": _mcp,
    "doctor": _doctor,
    "feedback": _feedback,
    "users": _users,
    "eval": _eval,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. No traceback reaches the person, unless ISNAD_DEBUG is set."""
    # Looking through all objects for cycles, twice, is most of what the end of a program costs: a second or two.
    atexit.register(gc.freeze)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        try:
            return _main(list(sys.argv[1:] if argv is None else argv))
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader (head, less) has seen enough; Python would complain again while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _main(argv: list[str]) -> int:
    parser = parser_of(_RUNS)
    arguments, rest = parser.parse_known_args(argv)
    if arguments.version:
        from assistant import __version__

        print(f"isnad {__version__}")
        return 0
    if arguments.command is None:
        parser.print_help()
        return 2
    if arguments.command == "eval":
        arguments.rest = argv[argv.index("eval") + 1 :]
    elif rest:
        # Only names: somebody may have tried to hand over a key.
        named = [word.partition("=")[0] for word in rest if word.startswith("-")]
        getattr(arguments, "parser", parser).error(f"unrecognized arguments: {' '.join(named or rest)}")
    try:
        if getattr(arguments, "question", None) == "-":
            arguments.question = _read_question()
        return int(arguments.run(arguments))
    except IsnadError as error:
        print(f"isnad: {error.say(_reader(arguments))}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        raise
    except Exception as error:  # the edge of the program: no traceback reaches a person
        if os.environ.get("ISNAD_DEBUG"):
            raise
        detail = " ".join(str(error).split()) or type(error).__name__
        print(f"isnad: unexpected {type(error).__name__}: {detail} (ISNAD_DEBUG=1 shows where)", file=sys.stderr)
        return 1


def _reader(arguments: argparse.Namespace) -> str:
    """The language to complain in: that of the question, if one was asked."""
    question = getattr(arguments, "question", "")
    return "ar" if any("\u0600" <= letter <= "\u06ff" for letter in question) else "en"


if __name__ == "__main__":
    sys.exit(main())
