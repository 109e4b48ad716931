"""The words of the command line: its commands, flags and examples. What they do is `assistant.cli`'s.

There is no flag for a key: other people of the machine can read command lines, and shells remember them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

Run = Callable[[argparse.Namespace], int]

_EXAMPLES = """examples:
  isnad chat --corpus articles             serve the web chat over a folder
  isnad ask "من هو المتحدث باسم الكرملين؟" --corpus articles
  isnad ask "Who asked Russia for help?" --corpus articles --json
  isnad search "ceasefire" --limit 5       the passages, without an answer
  isnad index                              read new and changed articles now
  isnad suggest                            questions that the articles answer
  isnad mcp --corpus articles              offer the articles to other assistants
  isnad doctor                             what is configured, what is missing, what to do
  isnad feedback export --out liked.jsonl  what readers thought of answers, as evaluation questions
  isnad users add layla --users users.txt  let somebody sign in

Settings may also stand in the environment or in .env: ISNAD_CORPUS, ISNAD_INDEX, ISNAD_PORT, ISNAD_QUOTES ...
Answers are written by a model if OPENAI_API_KEY, or the address of a local server in OPENAI_BASE_URL, is set there.
"""
_ASK = """examples:
  isnad ask "من هو المتحدث باسم الكرملين؟" --corpus articles
  isnad ask "How many soldiers were killed?" --corpus articles --json
  isnad ask "How many soldiers were killed?" --since 2022-09-01 --until 2022-09-30
  echo "Who is the spokesman?" | isnad ask -
  isnad ask "Who is the spokesman?" --base-url http://127.0.0.1:11434/v1 --model qwen3
"""
_SEARCH = """example:
  isnad search "peacekeeping forces" --corpus articles --limit 5 --json
"""
_INDEX = """examples:
  isnad index --corpus articles --index .isnad
  isnad index --corpus articles --watch
  isnad index --corpus articles --store http://127.0.0.1:6333
  isnad index --corpus articles --base-url http://127.0.0.1:11434/v1 --embedding-model bge-m3 --yes
"""
_CHAT = """examples:
  isnad chat --corpus articles
  isnad chat --corpus articles --port 8000 --open
"""
_SUGGEST = """examples:
  isnad suggest --corpus articles
  isnad suggest --corpus articles --language en --limit 8 --json
"""
_MCP = """example:
  isnad mcp --corpus /home/me/articles     as another assistant's configuration would start it
"""
_DOCTOR = """examples:
  isnad doctor --corpus articles
  isnad doctor --base-url http://127.0.0.1:11434/v1
"""
_FEEDBACK = """examples:
  isnad feedback export --out questions.jsonl
  isnad feedback export | grep -v '"id": "edit-'
"""
_USERS = """examples:
  isnad users add layla --users users.txt
  isnad users add layla --users users.txt < password.txt
  isnad users list --users users.txt
  isnad users remove layla --users users.txt
"""
_EVAL = """example, in a checkout of the project:
  isnad eval --failures --language en
"""


def parser_of(runs: Mapping[str, Run]) -> argparse.ArgumentParser:
    """The whole of the command line; ``runs`` says what each command does, and `Namespace.run` will be it."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--corpus", metavar="DIR", help="folder of articles (ISNAD_CORPUS)")
    shared.add_argument("--index", metavar="DIR", help="folder of the index (ISNAD_INDEX, default .isnad)")
    shared.add_argument(
        "--store", metavar="URL", help="a Qdrant server or cluster that holds the index, or none (ISNAD_STORE)"
    )
    shared.add_argument("--color", choices=("auto", "always", "never"), help="colours in the terminal")
    answering = argparse.ArgumentParser(add_help=False)
    answering.add_argument("--model", metavar="NAME", help="model that writes answers, or none (ISNAD_MODEL)")
    finding = argparse.ArgumentParser(add_help=False)
    for parent in (answering, finding):
        parent.add_argument(
            "--base-url",
            metavar="URL",
            help="address of an OpenAI-compatible server (OPENAI_BASE_URL); key: OPENAI_API_KEY",
        )
        parent.add_argument(
            "--embedding-model",
            metavar="NAME",
            help="model there that embeds passages and questions, or none (ISNAD_EMBEDDING_MODEL)",
        )
    whole = argparse.ArgumentParser(
        prog="isnad",
        description="Ask Arabic or English questions of a folder of articles; every answer cites its exact source.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action="store_true", help="print the version and exit")
    commands = whole.add_subparsers(dest="command", metavar="COMMAND")

    def command(
        name: str,
        summary: str,
        epilog: str,
        *parents: argparse.ArgumentParser,
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            epilog=epilog,
            parents=[shared, *parents],
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        sub.set_defaults(run=runs[name], parser=sub)
        return sub

    chat = command("chat", "serve the web chat on this machine", _CHAT, answering)
    chat.add_argument("--port", type=int, help="port; 0 takes any free one (ISNAD_PORT, default 7860 or the next free)")
    chat.add_argument("--host", help="address to listen on; another than this machine's needs users (ISNAD_HOST)")
    chat.add_argument("--users", metavar="FILE", help="the people who may sign in; see 'isnad users' (ISNAD_USERS)")
    chat.add_argument("--open", action="store_true", help="open the page in the browser")
    ask = command("ask", "answer one question with citations", _ASK, answering)
    _scoped(ask)
    ask.add_argument("question", help="the question, or - to read it from standard input")
    ask.add_argument("--json", action="store_true", help="print the whole record as JSON")
    search = command("search", "list the passages that match a question best", _SEARCH, finding)
    _scoped(search)
    search.add_argument("question", help="the question, or - to read it from standard input")
    search.add_argument("--limit", type=int, default=10, help="how many passages (default 10)")
    search.add_argument("--json", action="store_true", help="print the passages as JSON")
    index = command("index", "bring the index up to date with the folder", _INDEX, finding)
    index.add_argument("--watch", action="store_true", help="stay, and follow the folder as it changes; Ctrl-C ends it")
    index.add_argument("--yes", action="store_true", help="embed however many passages there are, without asking")
    suggest = command("suggest", "print questions that the articles answer, in both languages", _SUGGEST, finding)
    suggest.add_argument("--language", choices=("ar", "en"), help="only the questions in this language")
    suggest.add_argument("--limit", type=int, default=4, help="how many questions in a language (default 4)")
    suggest.add_argument(
        "--json", action="store_true", help="print them as JSON, each with the sentence that answers it"
    )
    command("mcp", "offer the articles to other assistants over the Model Context Protocol", _MCP, finding)
    command("doctor", "say what is configured, what is missing and what to do", _DOCTOR, answering)
    feedback = command("feedback", "write what readers thought of answers as evaluation questions", _FEEDBACK)
    feedback.add_argument(
        "action", choices=("export",), help="write one question a line, in the format of 'isnad eval'"
    )
    feedback.add_argument("--out", metavar="FILE", help="the file to write (default: standard output)")
    users = command("users", "add, remove and list the people who may sign in", _USERS)
    users.add_argument("action", choices=("add", "remove", "list"), help="add also gives a user a new password")
    users.add_argument("name", nargs="?", metavar="NAME", help="the user's name")
    users.add_argument("--users", metavar="FILE", help="the file of users and hashed passwords (ISNAD_USERS)")
    evaluate = commands.add_parser(
        "eval",
        help="measure answers over a question set",
        add_help=False,
        epilog=_EVAL,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    evaluate.set_defaults(run=runs["eval"])
    return whole


def _scoped(command: argparse.ArgumentParser) -> None:
    """The flags that name a part of the articles."""
    command.add_argument("--file", action="append", metavar="FILE", help="ask only this article; may be repeated")
    command.add_argument("--outlet", action="append", metavar="NAME", help="ask only this outlet; may be repeated")
    command.add_argument("--since", metavar="DATE", help="ask only articles of this day or later (2022-09-13)")
    command.add_argument("--until", metavar="DATE", help="ask only articles of this day or earlier")
