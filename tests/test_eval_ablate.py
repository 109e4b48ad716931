"""The ablation table: its rows, its samples, its figures, and the whole engine's row against the assistant itself."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.console import Console

from assistant import Assistant
from assistant.ablation import LeftOut, left_out
from assistant.language import glossary, terms
from eval import ablate, rank, report
from eval.__main__ import main
from eval.ablate import Part, Result, UnknownPart
from eval.sets import Collection, Query

ENGLISH = Collection(
    "",
    {
        "0.txt": "Pashinyan asked Moscow for help on Monday.",
        "1.txt": "The river rose and the town was flooded.",
        "2.txt": "Soldiers left the town. Nobody was hurt.",
    },
    [
        Query("help", "ar", "en", "من هو باشينيان؟", "0.txt"),
        Query("river", "ar", "en", "أين فاض النهر؟", "1.txt"),
        Query("soldiers", "en", "en", "Who left the town?", "2.txt"),
        Query("nothing", "en", "en", "quux", "2.txt"),
    ],
)
MIXED = Collection("mixed", {"0.txt": ENGLISH.texts["0.txt"], "1.txt": "فاض النهر."}, ENGLISH.queries[:1])
NTREX = Collection("ntrex", ENGLISH.texts, ENGLISH.queries[:2])


def test_every_family_and_every_file_has_its_row() -> None:
    parts = ablate.parts()
    assert len({part.name for part in parts}) == len(parts)
    assert len({part.left_out for part in parts} | {LeftOut()}) == len(parts) + 1
    tables = (terms.ENGLISH_FAMILIES, terms.ARABIC_FAMILIES, terms.NUMBER_FAMILIES, terms.ACRONYM_FAMILIES)
    families = [name for part in parts for name in part.left_out.families]
    assert sorted(families) == sorted({family.name for table in tables for family in table})
    by_name = {part.name: part.left_out.glossaries for part in parts if part.left_out.glossaries}
    assert by_name.pop("all glossaries") == {name for name, _ in glossary.sources()}
    assert sorted(name for files in by_name.values() for name in files) == [name for name, _ in glossary.sources()]


def test_rows_by_name() -> None:
    assert [part.name for part in ablate.chosen(["phrases", "gloss"])] == ["gloss", "phrases"]
    assert ablate.chosen([]) == ablate.parts()
    with pytest.raises(UnknownPart, match="'glos'; known: stem, "):
        ablate.chosen(["gloss", "glos"])


def test_a_sample_holds_the_same_questions_in_every_cell() -> None:
    queries = [Query(str(i), asked, "ar", "x", "0") for asked in ("ar", "en") for i in range(20)]
    collection = Collection("", {}, queries)
    drawn = ablate.sample(collection, 5)
    assert drawn == ablate.sample(collection, 5)
    assert drawn != ablate.sample(collection, 5, seed=1)
    assert len(drawn.queries) == 10
    assert {q.id for q in drawn.queries[:5]} == {q.id for q in drawn.queries[5:]}
    assert ablate.sample(collection, 50) == collection


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    rows = ablate.chosen(["names across scripts", "stop words", "merging by mass"])
    counted: list[int] = []
    found = list(ablate.ablate([ENGLISH, MIXED, NTREX], rows, progress=counted.append))
    assert left_out() == LeftOut()
    assert counted == list(range(1, ablate.asked_of([ENGLISH, MIXED, NTREX], rows) + 1))
    return {result.part.name: result for result in found}


def test_the_first_row_is_what_the_assistant_itself_ranks(results: dict[str, Result]) -> None:
    @contextmanager
    def opened(corpus: Path, index: Path) -> Iterator[Assistant]:
        with Assistant.open(corpus=corpus, index=index) as assistant:
            yield assistant

    expected: dict[str, list[int | None]] = {}
    for row in rank.rank_all([ENGLISH, MIXED, NTREX], opened):
        place = row.files.index(row.query.gold) if row.query.gold in row.files else None
        expected.setdefault(row.cell, []).append(place)
    assert next(iter(results.values())).ranks == expected == {
        "ar→en": [0, 0], "en→en": [0, None], "ar→en mixed": [0], "ar→en ntrex": [0, 0],
    }  # fmt: skip


def test_what_is_left_out_is_left_out(results: dict[str, Result]) -> None:
    assert list(results) == [ablate.WHOLE, "names across scripts", "stop words", "merging by mass"]
    names = results["names across scripts"]
    assert names.ranks["en→en"] == [0, None]
    assert names.ranks["ar→en"] == [None, 0]
    # Mixed collections are for the rows that work on them.
    mixed = "ar→en mixed"
    assert [name for name, result in results.items() if mixed in result.ranks] == [ablate.WHOLE, "merging by mass"]
    assert list(results["merging by mass"].ranks) == [mixed]


def test_a_collection_is_indexed_anew_only_for_what_decides_what_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[bool] = []
    indexed = ablate.indexed

    @contextmanager
    def counted(collection: Collection) -> Iterator[object]:
        built.append(left_out().stop_words)
        with indexed(collection) as searcher:
            yield searcher

    monkeypatch.setattr(ablate, "indexed", counted)
    list(ablate.ablate([ENGLISH], ablate.chosen(["gloss", "stop words", "phrases"])))
    assert built == [False, True]


WHOLE = Result(
    Part("", ablate.WHOLE, LeftOut()), 1.0, {"ar→en": [0, 1, None, 0], "ar→en mixed": [0, 0], "ar→en ntrex": [0, 1]}
)
LESS = Result(Part("Names", "names", LeftOut(names=True)), 1.0, {"ar→en": [0, 1, None, 9], "ar→en ntrex": [0, 1]})
MERGED = Result(Part("Order", "merging", LeftOut(merging=True), mixed=True), 1.0, {"ar→en mixed": [0, None]})


def test_figures_by_hand() -> None:
    second, tenth = 0.6309, 0.2891
    assert LESS.gains("ar→en") == pytest.approx([1, second, 0, tenth], abs=1e-4)
    assert LESS.gains("ar→en ntrex") == [1, 0]
    told = LESS.to_dict(WHOLE)
    assert told["ar→en"]["ndcg_at_10"]["value"] == pytest.approx((1 + second + tenth) / 4, abs=1e-4)
    assert told["ar→en"]["difference"]["value"] == pytest.approx((tenth - 1) / 4, abs=1e-4)
    assert told["ar→en"]["difference"]["interval"][1] == 0
    assert told["ar→en"]["recall_at_5"]["value"] == 0.5
    assert told["ar→en ntrex"]["recall_at_1"]["value"] == 0.5
    assert told["ar→en ntrex"]["difference"]["value"] == 0
    assert "ndcg_at_10" not in told["ar→en ntrex"]


def test_the_table_marks_what_says_nothing() -> None:
    console = Console(file=io.StringIO(), width=200)
    report.ablation_table(console, [WHOLE, LESS, MERGED])
    lines = console.file.getvalue().splitlines()
    assert [" ".join(line.split()) for line in lines] == [
        "left out mean ar→en ar→en mixed ar→en ntrex",
        "the whole engine .658 .658 1.000 .500",
        "Names",
        "names .480 -.178 .480 -.178 .500 +.000 ~",
        "Order",
        "merging .500 -.500",
    ]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    for language, words in (("ar", "أين فاض النهر؟"), ("en", "Where did the river rise?")):
        qas = [{"id": str(i), "question": words} for i in range(3)]
        squad = {"data": [{"paragraphs": [{"context": "The river rose. فاض النهر", "qas": qas}]}]}
        (tmp_path / language).write_text(json.dumps(squad), encoding="utf-8")
    squads = ["--squad", f"ar={tmp_path / 'ar'}", f"en={tmp_path / 'en'}"]
    written = tmp_path / "out.json"
    assert main(["ablate", *squads, "--only", "gloss", "--sample", "2", "--json", str(written)]) == 0
    printed = capsys.readouterr()
    head = next(line for line in printed.out.splitlines() if line.startswith("left out"))
    assert head.split() == "left out mean ar→ar en→ar ar→en en→en".split()
    assert "2/2 gloss:" in printed.err
    kept = json.loads(written.read_text("utf-8"))
    assert list(kept["measures"]) == ["the whole engine", "gloss"]
    assert kept["measures"]["gloss"]["en→ar"]["difference"]["n"] == 2
    assert main(["ablate", *squads, "--only", "nonsense"]) == 2
    assert "no part is called 'nonsense'" in capsys.readouterr().err
    assert main(["ablate"]) == 2
