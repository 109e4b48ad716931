"""The written runs give another program the same numbers to four places."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from test_eval_summary import ABLE, ELSEWHERE, GOOD, ROWS

from eval import measures, trec, values
from eval.questions import Gold, Question
from eval.records import AnyRow, Failed, Place, Searched


def rows(count: int) -> list[tuple[str, AnyRow]]:
    """Rankings of every sort: several gold files, none found, nothing found, files twice, odd names."""
    draw = random.Random(5)
    found: list[tuple[str, AnyRow]] = []
    names = [f"file {n} %.txt" for n in range(12)] + ["ملف ١.txt"]
    for number in range(count):
        gold = tuple(Gold(file, 0, 5, "") for file in draw.sample(names, draw.randint(1, 3)))
        hits = tuple(Place(draw.choice(names), 0, 5, "") for _ in range(draw.randint(0, 10)))
        question = Question(f"q {number}", "fact", {"en": "?"}, None, gold)
        found.append((draw.choice(["ar→en", "ar→en mixed"]), Searched(question, "en", 1.0, hits, 1.0)))
    return found


def test_ir_measures_agrees(tmp_path: Path) -> None:
    import ir_measures

    given = rows(200)
    pair = trec.write(tmp_path, "suite", "without:phrases", given)
    assert pair.run.name == "suite.without-phrases.run"
    standard = {value.standard: value.of for value in values.VALUES.values() if value.standard}
    wanted = [ir_measures.parse_measure(name) for name in standard]
    theirs = ir_measures.calc_aggregate(
        wanted, ir_measures.read_trec_qrels(str(pair.qrels)), ir_measures.read_trec_run(str(pair.run))
    )
    for measure, value in theirs.items():
        ours = [standard[str(measure)](row) for _, row in given if not isinstance(row, Failed)]
        assert measures.mean([one for one in ours if one is not None]) == pytest.approx(value, abs=5e-5)
    opinion = trec.second_opinion({pair: given})
    assert opinion is not None and opinion.agrees and opinion.compared == 4 * 200


def test_a_disagreement_is_seen(tmp_path: Path) -> None:
    given = rows(20)
    pair = trec.write(tmp_path, "s", "y", given)
    pair.run.write_text(pair.run.read_text("utf-8").replace("Q0 file%200%20%25.txt", "Q0 other"), "utf-8")
    opinion = trec.second_opinion({pair: given})
    assert opinion is not None and not opinion.agrees


def test_lines_have_their_columns(tmp_path: Path) -> None:
    row = Searched(ABLE, "en", 1.0, (ELSEWHERE, GOOD, ELSEWHERE), 1.0)
    pair = trec.write(tmp_path, "s", "isnad", [("ar→en mixed", row)])
    assert pair.run.read_text("utf-8") == ("ar→en%20mixed:able Q0 b 1 2 isnad\nar→en%20mixed:able Q0 a 2 1 isnad\n")
    assert pair.qrels.read_text("utf-8") == "ar→en%20mixed:able 0 a 1\n"


def test_failed_and_unanswerable_questions_are_no_topics(tmp_path: Path) -> None:
    pair = trec.write(tmp_path, "s", "isnad", [("en", row) for row in ROWS[4:]])
    assert pair.qrels.read_text("utf-8") == pair.run.read_text("utf-8") == ""
    opinion = trec.second_opinion({pair: [("en", row) for row in ROWS[4:]]})
    assert opinion is not None and opinion.compared == 0
