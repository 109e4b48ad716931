"""Two runs side by side: pairs, verdicts, and what cannot be compared."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from test_eval_summary import ABLE, ELSEWHERE, FAR, GOOD, asked

from eval import compare
from eval.compare import Cell, Kept, NotComparable
from eval.records import AnyRow, Failed

CELL = Cell("seeds", "isnad", "en")


def kept(right: int, of: int = 40, confidence: float = 0.9) -> Kept:
    """So many of the questions have the right file first and are answered; the unanswerable ones are unsure."""
    rows: dict[str, AnyRow] = {}
    for number in range(of):
        question = replace(ABLE, id=f"q{number}")
        place = (GOOD,) if number < right else (ELSEWHERE,)
        rows[question.id] = asked(question, "answered", confidence, quotes=place, hits=place)
        none = replace(FAR, id=f"n{number}")
        rows[none.id] = asked(none, "abstained", number / of)
    return Kept({CELL: rows}, {})


def by_measure(first: Kept, second: Kept) -> dict[str, compare.Tested]:
    return {one.measure: one for one in compare.compare(first, second, draws=500)}


def test_a_gain_is_better_and_its_reverse_worse() -> None:
    found = by_measure(kept(10), kept(35))
    assert found["gold_file_first"].verdict == "better"
    assert found["gold_file_first"].difference.change == pytest.approx(25 / 40)
    assert by_measure(kept(35), kept(10))["gold_file_first"].verdict == "worse"


def test_noise_is_called_noise() -> None:
    found = by_measure(kept(30), kept(31))
    assert {one.verdict for one in found.values()} == {"noise"}
    assert found["gold_file_first"].difference.change > 0


def test_less_of_an_error_is_better() -> None:
    first, second = kept(40), kept(40)
    rows = {
        key: replace(row, status="abstained") if key.startswith("q") and not isinstance(row, Failed) else row
        for key, row in first.rows[CELL].items()
    }
    found = by_measure(Kept({CELL: rows}, {}), second)
    assert found["error_rate"].difference.change == -1.0
    assert found["error_rate"].verdict == "better"


def test_the_p_of_many_tests_is_corrected() -> None:
    found = compare.compare(kept(10), kept(20), draws=500)
    assert all(one.p >= one.difference.p for one in found)
    assert any(one.p > one.difference.p for one in found)


def test_only_pairs_count() -> None:
    first, second = kept(20), kept(20)
    rows = dict(second.rows[CELL])
    rows["q0"] = Failed(replace(ABLE, id="q0"), "en", "ValueError: x")
    del rows["q1"]
    found = by_measure(first, Kept({CELL: rows}, {}))
    assert found["gold_file_first"].difference.n == 38


def test_nothing_in_common_is_said() -> None:
    with pytest.raises(NotComparable, match="no question in common"):
        compare.compare(kept(1), Kept({CELL._replace(cell="ar"): {}}, {}))


def test_two_systems_of_one_run() -> None:
    rows = {CELL: kept(35).rows[CELL], CELL._replace(system="bm25s"): kept(10).rows[CELL]}
    first, second = compare.systems(Kept(rows, {}), "isnad", "bm25s")
    found = by_measure(first, second)
    assert found["gold_file_first"].verdict == "worse"
    assert found["gold_file_first"].cell.system == "isnad → bm25s"
    with pytest.raises(NotComparable, match="no system 'x'; it has isnad, bm25s"):
        compare.systems(Kept(rows, {}), "isnad", "x")


def test_json_of_rank_is_read(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "cell": "ar→en", "gold": "a", "files": ["b", "a"]},
        {"id": "1", "cell": "ar→en ntrex", "gold": "a", "files": ["a"]},
        {"id": "2", "cell": "ar→en", "gold": "a", "error": "x"},
    ]
    path = tmp_path / "rank.json"
    path.write_text(json.dumps({"manifest": {}, "rows": rows}), "utf-8")
    read = compare.load(path)
    assert list(read.rows) == [Cell("xquad", "isnad", "ar→en"), Cell("ntrex", "isnad", "ar→en")]
    (one,) = [
        t for t in compare.compare(read, read, draws=20) if t.measure == "file_ndcg_at_10" and t.cell.suite == "xquad"
    ]
    assert one.difference.first == pytest.approx(0.6309, abs=1e-4)
    assert one.difference.n == 1


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"rows": [{}], "manifest": {}}'])
def test_what_is_no_run_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content, "utf-8")
    with pytest.raises(NotComparable, match=r"x\.json is not a run"):
        compare.load(path)


def test_what_is_printed() -> None:
    shown = compare.lines(compare.compare(kept(10), kept(35), ["gold_file_first"], draws=500))
    assert shown[0] == ("seeds · isnad · en", ())
    label, cells = shown[1]
    assert (label, cells[0], cells[1], cells[4], cells[5]) == ("  gold_file_first", "0.250", "0.875", "better", "40")
    assert "seed 20200927" in compare.note()
