"""The MCP server, asked by the official client: in this process, and as the command that another assistant would start."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.types import CallToolResult

from assistant.tools import LONGEST_PORTION, MOST_PASSAGES, create_server
from tests.web_double import BROKEN, CRASH, Double

ROOT = Path(__file__).parents[1]
SPOKESMAN = "من هو المتحدث باسم الكرملين؟"


def with_client(server: Any, use: Callable[[Client], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with Client(server) as client:
            return await use(client)

    return asyncio.run(run())


def call(tool: str, arguments: dict[str, Any], double: Any = None) -> CallToolResult:
    server = create_server(double or Double(), "1.2.3")
    result: CallToolResult = with_client(server, lambda client: client.call_tool(tool, arguments))
    return result


def text_of(result: CallToolResult) -> str:
    return "".join(block.text for block in result.content)  # type: ignore[union-attr]


def test_three_tools_that_only_read() -> None:
    listed = with_client(create_server(Double(), "1.2.3"), lambda client: client.list_tools())
    assert [tool.name for tool in listed.tools] == ["ask", "search", "read_source"]
    for tool in listed.tools:
        assert tool.annotations.read_only_hint
        assert tool.description
        assert tool.output_schema
        assert all(part["description"] for part in tool.input_schema["properties"].values())


def test_an_answer_is_text_and_record() -> None:
    double = Double()
    result = call("ask", {"question": SPOKESMAN}, double)
    record = result.structured_content
    assert not result.is_error
    assert (record["status"], record["language"]) == ("answered", "ar")
    for quote in record["citations"]:
        assert double.document(quote["file"]).text[quote["start"] : quote["end"]] == quote["quote"]
        assert quote["quote"] in text_of(result) and quote["file"] in text_of(result)


def test_an_abstention_says_so_and_offers_the_closest() -> None:
    result = call("ask", {"question": "What is the population of Armenia?"})
    assert result.structured_content["status"] == "abstained"
    assert result.structured_content["citations"] == []
    assert result.structured_content["closest"]
    assert "abstained" in text_of(result)
    assert "no answer" in text_of(result)


def test_passages_are_spans() -> None:
    double = Double()
    found = call("search", {"question": SPOKESMAN, "limit": 2}, double).structured_content["passages"]
    assert 1 <= len(found) <= 2
    for one in found:
        assert double.document(one["file"]).text[one["start"] : one["end"]] == one["text"]


def test_a_source_is_read_in_portions() -> None:
    double = Double()
    file = double.documents()[0].file
    text, start, read = double.document(file).text, 0, ""
    while start is not None:
        source = call("read_source", {"file": file, "start": start, "length": 500}, double).structured_content
        assert source["end"] - source["start"] == len(source["text"]) <= 500
        assert source["characters"] == len(text)
        read += source["text"]
        start = source["next_start"]
    assert read == text
    beyond = call("read_source", {"file": file, "start": len(text) + 99}, double).structured_content
    assert (beyond["text"], beyond["next_start"]) == ("", None)


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {"question": "  "}, "The question is empty"),
        ("ask", {"question": "x" * 3000}, "the limit is"),
        ("ask", {"question": BROKEN}, "damaged"),
        ("ask", {}, "question: Field required"),
        ("ask", {"question": 5}, "question: Input should be"),
        ("search", {"question": "x", "limit": MOST_PASSAGES + 1}, "limit: Input should be"),
        ("search", {"question": "x", "limit": 0}, "limit: Input should be"),
        ("read_source", {"file": "../pyproject.toml"}, "holds no article named"),
        ("read_source", {"file": "/etc/passwd"}, "holds no article named"),
        ("read_source", {"file": "x", "length": LONGEST_PORTION + 1}, "length: Input should be"),
        ("read_source", {"file": "x", "start": -1}, "start: Input should be"),
        ("nothing", {}, "Unknown tool"),
    ],
)
def test_a_failure_is_one_line(tool: str, arguments: dict[str, Any], said: str) -> None:
    result = call(tool, arguments)
    assert result.is_error
    assert said in text_of(result)
    assert "\n" not in text_of(result)
    assert "pydantic" not in text_of(result)


def test_a_crash_says_nothing_of_the_inside() -> None:
    result = call("ask", {"question": CRASH})
    assert result.is_error
    assert text_of(result) == "Error executing tool ask"


def test_the_command_speaks_the_protocol_to_the_official_client(seeds: Path, seeds_index: Path) -> None:
    command = ["-m", "assistant.cli", "mcp", "--corpus", str(seeds), "--index", str(seeds_index)]
    environment = os.environ | {"ISNAD_RESERVE_MB": "1", "PYTHONPATH": str(ROOT)}
    server = StdioServerParameters(command=sys.executable, args=command, env=environment)

    async def use(client: Client) -> Any:
        answer = await client.call_tool("ask", {"question": SPOKESMAN})
        first = answer.structured_content["citations"][0]
        source = await client.call_tool(
            "read_source", {"file": first["file"], "start": first["start"], "length": len(first["quote"])}
        )
        return first["quote"], source.structured_content["text"]

    quote, text = with_client(server, use)
    assert quote == text
    assert "الكرملين" in quote


def test_nothing_but_the_protocol_is_printed(seeds: Path, seeds_index: Path) -> None:
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": SPOKESMAN}}},
    ]  # fmt: skip
    command = [sys.executable, "-m", "assistant.cli", "mcp", "--corpus", str(seeds), "--index", str(seeds_index)]
    child = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"ISNAD_RESERVE_MB": "1"}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip
    with child:
        assert child.stdin and child.stdout and child.stderr
        for line in lines:
            child.stdin.write(json.dumps(line) + "\n")
            child.stdin.flush()
        answers = [json.loads(child.stdout.readline()) for _ in range(2)]
        child.stdin.close()
        rest, complaints = child.stdout.read(), child.stderr.read()
    assert [answer["id"] for answer in answers] == [1, 2]
    assert answers[0]["result"]["serverInfo"]["name"] == "isnad"
    assert not answers[1]["result"]["isError"]
    assert rest == ""
    assert complaints == ""
    assert child.returncode == 0
