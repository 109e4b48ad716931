"""Nobody waits for a model when the program is to end."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from assistant.chat import Assistant
from assistant.settings import Settings
from tests.model_double import ModelDouble


def test_answers_do_without_a_model_when_the_program_is_to_end(seeds: Path, seeds_index: Path) -> None:
    with ModelDouble(first=60.0) as double:
        settings = Settings(
            _env_file=None, openai_base_url=double.url, model="double-1", answer_seconds=60, first_token_seconds=60
        )
        with Assistant.open(seeds, seeds_index, settings) as assistant:
            began = time.monotonic()
            stop = threading.Thread(target=lambda: (wait_for(double), assistant.hasten()))
            stop.start()
            first = assistant.ask("Which drones did Azerbaijan use?")
            again = assistant.ask("Which drones did Azerbaijan use?")
            stop.join()
        assert len(double.chats) == 1  # the second question is not even sent
    assert [answer.answered_by for answer in (first, again)] == ["quotes", "quotes"]
    assert first.citations and first.notice
    assert time.monotonic() - began < 30


def wait_for(double: ModelDouble) -> None:
    until = time.monotonic() + 30
    while not double.chats and time.monotonic() < until:
        time.sleep(0.01)
