"""The example of asking the chat from another program, run against the real page over the seeds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser import serving

if TYPE_CHECKING:
    from assistant.chat import Assistant

EXAMPLE = Path(__file__).parents[1] / "docs" / "ask_over_http.py"


def test_the_example_asks_and_searches(over_seeds: Assistant) -> None:
    from assistant.web.app import create_app

    with serving(create_app(over_seeds)) as address:
        done = subprocess.run(
            [sys.executable, str(EXAMPLE), address], capture_output=True, text=True, encoding="utf-8", check=False
        )
    assert done.returncode == 0, done.stderr
    status, quote, *passages = done.stdout.splitlines()
    assert status.startswith("answered ")
    assert "004_6b939b76667bada4.txt" in quote and "بيسكوف" in quote
    assert len(passages) == 2
