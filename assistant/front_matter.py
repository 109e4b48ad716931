"""The block of facts with which Markdown may begin: pairs of plain YAML between ``---``, or TOML between ``+++``."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from typing import NamedTuple

# Only at the very beginning, and not longer than this: a rule that is never closed is a rule in a text.
_BLOCK = re.compile(
    r"\ufeff?(?P<rule>---|\+\+\+)[ \t]*\r?\n(?P<body>.*?)\r?\n(?P<end>---|\.\.\.|\+\+\+)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
_LONGEST_BLOCK = 8000
_PAIR = re.compile(r"(?P<name>[^\W\d_][\w .-]{0,40}?)\s*:(?:\s+(?P<value>.*))?")
_LISTED = re.compile(r"\s*-\s+(?P<value>.+)")


class Block(NamedTuple):
    """What it states, and the character at which it ends; 0 and nothing: the text begins with no such block."""

    end: int
    stated: dict[str, str]


def block_of(text: str) -> Block:
    """The block of a text. Of YAML only plain values and the first of a list are read; what cannot be read so is text."""
    block = _BLOCK.match(text[:_LONGEST_BLOCK])
    if block is None or (block["rule"] == "+++") != (block["end"] == "+++"):
        return Block(0, {})
    stated = _toml(block["body"]) if block["rule"] == "+++" else _yaml(block["body"])
    return Block(block.end(), stated) if stated else Block(0, {})


def _toml(body: str) -> dict[str, str]:
    try:
        values = tomllib.loads(body.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
    firsts = {name: value[0] if isinstance(value, list) and value else value for name, value in values.items()}
    return {name: str(value) for name, value in firsts.items() if isinstance(value, str | int | float | dt.date)}


def _yaml(body: str) -> dict[str, str]:
    """Pairs of plain values; empty if a line is neither that nor belongs to one before it."""
    found: dict[str, str] = {}
    last = ""
    for line in body.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        listed, pair = _LISTED.fullmatch(line), _PAIR.fullmatch(line)
        if listed and last:
            found[last] = found[last] or _scalar(listed["value"])
        elif line[0].isspace() and last:
            continue  # a value that goes on, or a mapping within
        elif pair:
            last = pair["name"]
            found.setdefault(last, _scalar(pair["value"] or ""))
        else:
            return {}
    return found


def _scalar(value: str) -> str:
    value = value.strip()
    if value.startswith("[") and value.endswith("]"):
        value = value[1:-1].split(",")[0].strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1].strip()
    return "" if value in ("|", ">", "|-", ">-", "null", "~") else re.sub(r"\s+#.*", "", value)
