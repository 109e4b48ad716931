"""What holds of any bytes and of any text, tried by hypothesis; `tests.fuzz` tries the same guided by coverage."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.properties import PROPERTIES

ODD = st.sampled_from(
    "ا ب لا لله \u064e\u0651\u0670 \u0640 \ufdfa \ufefb \u202e \u2066 \u2069 \u200d \u200f \U000e0041 \u0301 é ß İ ı 1 ٣ ۳ . ! ؟ ، « » ( ) [ ] [2.3] "
    "【1.1】 http://a.b <b> ![x](y) ../ / \\ .. .txt CON \x00 \x1b[ \x85 \u2028 \r\n \n \ud7ff \ufffd 👩‍👩‍👧 亚 U.S. Mr. 3.5 ...".split(
        " "
    )
)
TEXT = (st.text(max_size=60) | st.lists(ODD | st.text(max_size=4), max_size=20).map("".join)).map(
    lambda text: text.encode("utf-8", "surrogatepass")
)
RECORD = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
FIELDS = st.sampled_from(
    "question language status text citations rejected closest confidence notice timings statements mended asked".split()
)
ANSWERS = st.dictionaries(FIELDS, RECORD | st.sampled_from(["en", "answered"])).map(
    lambda given: json.dumps({"question": "q", "language": "en", "status": "answered", "text": "t"} | given).encode()
)


@pytest.mark.parametrize("name", PROPERTIES)
@given(data=st.binary(max_size=80) | TEXT | ANSWERS)
@example(data=b"")
@example(data=b"\xff\xfe\x00\xd8")
@settings(max_examples=60)
def test_it_holds(name: str, data: bytes) -> None:
    PROPERTIES[name](data)


def test_fuzzing_says_what_it_needs_and_tries_files_without_it(tmp_path: Path) -> None:
    root = Path(__file__).parents[1]
    (tmp_path / "a").write_bytes("قالت.".encode())
    command = [sys.executable, "-m", "tests.fuzz", "decoding"]
    done = subprocess.run([*command, str(tmp_path / "a")], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "decoding holds of 1 files\n")
    without = "import sys; sys.modules['atheris'] = None; sys.argv = ['fuzz', 'decoding']; from tests.fuzz import main; sys.exit(main())"
    done = subprocess.run([sys.executable, "-c", without], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "fuzzing needs atheris: pip install atheris\n")
