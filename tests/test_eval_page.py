"""The report: one file that loads nothing, in both languages, whose text is text; and in a real browser, its filters."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from browser import CHROMIUM, chromium
from test_eval_summary import ABLE, FAR, ROWS, asked

from eval import labels, page, plots, results, values
from eval.compare import Cell, Kept
from eval.panels import COLUMNS
from eval.records import AnyRow, Failed, Searched
from eval.results import Results, beside, measure

EVIL = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>"
OURS, OTHER = Cell("seeds", "isnad", "en"), Cell("seeds", "bm25s", "en")


def made(**more: Any) -> Results:
    rows: dict[str, AnyRow] = {}
    for number, row in enumerate(ROWS):
        question = ABLE if row.question.answerable else FAR
        rows[f"q{number}"] = _with(row, f"q{number}", EVIL if not number else question.text["en"])
    found = {OURS: rows, OTHER: {key: _searched(row) for key, row in rows.items()}}
    plan = {
        "manifest": {"command": "python -m eval " + EVIL, "settings": {"x": EVIL}},
        "gates": [],
        "bands": [0.5, 0.3],
    }
    measured = {cell: measure(list(each.values())) for cell, each in found.items()}
    return Results({**plan, **more}, found, measured, beside(found), None)


def _with(row: AnyRow, key: str, words: str) -> AnyRow:
    from dataclasses import replace

    question = replace(row.question, id=key, text={"en": words, "ar": words})
    return replace(row, question=question)


def _searched(row: AnyRow) -> AnyRow:
    return row if isinstance(row, Failed) else Searched(row.question, row.language, 1.0, (), 1.0)


def test_nothing_is_loaded_and_only_our_own_script_may_run() -> None:
    text = page.html(made())
    assert re.findall(r"https?://|//[a-z]|url\(|@import|<link|<img(?! src=x)|<iframe| style=| on[a-z]+=\"", text) == []
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy and policy[1].startswith("default-src 'none'")
    for tag, name in (("style", "style-src"), ("script", "script-src")):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{name} 'sha256-{digest}'" in policy[1]


def test_what_questions_say_is_text() -> None:
    text = page.html(made())
    assert EVIL not in text
    assert "<img" not in text
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert data
    rows = json.loads(data[1])["rows"]
    assert rows[0]["q"] == EVIL
    assert len(rows) == len(ROWS) + 1  # ours, and the failed one of the other system


def test_rows_say_why() -> None:
    rows = list(page.rows(made(), None))
    assert [row["F"] for row in rows[:8]] == [values.faults(row) for row in ROWS]
    assert rows[7]["e"] == "RuntimeError: x"
    assert rows[0]["r"] == {"isnad": 1, "bm25s": 0}
    assert rows[1]["Q"][2]["g"] == 1


def test_another_run_is_shown_beside() -> None:
    before = made()
    rows = dict(before.rows[OURS])
    rows["q1"] = asked(rows["q1"].question, "abstained", 0.1)
    text = page.html(made(), Kept({OURS: rows}, {"command": "the other"}))
    assert "the other" in text
    assert '"d":1,"was":"other_first, no_evidence, abstained"' not in text  # q1 is at fault in both: another file first
    assert '<section id="diff">' in text
    assert '<section id="diff">' not in page.html(made())


def test_gates_and_failures_stand_at_the_top() -> None:
    gate = {"measure": "auroc", "bound": 0.8, "language": "en", "value": 0.5, "passed": False}
    assert "auroc en" in page.html(made(gates=[gate]))
    assert f"<b>2</b> {labels.say('failed')}" in page.html(made())
    assert f"<b>1</b> {labels.say('gates_passed')}" in page.html(made(gates=[{**gate, "passed": True}]))


def test_every_word_is_there_in_both_languages() -> None:
    for key, (english, arabic) in labels.words().items():
        assert english.strip() and arabic.strip(), key
        assert key == "language" or re.search("[\u0600-\u06ff]", arabic), key
        assert key == "language" or not re.search("[\u0600-\u06ff]", english), key
    for name in (*COLUMNS, *values.VALUES, values.SEPARATION):
        assert f"m.{name}" in labels.words(), name
    for name in (*values.FAULTS, "error"):
        assert f"fault.{name}" in labels.words()


def test_every_word_that_the_script_says_is_known() -> None:
    script = (Path(page.__file__).parent / "assets" / "report.js").read_text("utf-8")
    said = set(re.findall(r'say\("([a-z._]+)"\)', script)) | set(re.findall(r'"(f\.[a-z]+)"', script))
    assert len(said) > 15
    assert said <= set(labels.words())


@pytest.mark.parametrize(
    ("name", "english", "arabic"),
    [
        ("ar", "Arabic questions", "أسئلة عربية"),
        ("ar→en", "Arabic → English", "عربي ← إنجليزي"),
        ("en→ar mixed", "English → Arabic, mixed", "إنجليزي ← عربي، مختلطة"),
    ],
)
def test_cells_in_words(name: str, english: str, arabic: str) -> None:
    assert english in labels.cell(name)
    assert arabic in labels.cell(name)


def test_a_curve_is_drawn_at_its_values() -> None:
    drawn = plots.recall({"isnad": [(1, 0.5), (10, 1.0)]})
    points = re.search(r'points="([^"]+)"', drawn)
    assert points
    (x0, y0), (x1, y1) = (map(float, pair.split(",")) for pair in points[1].split())
    assert (x0, y1) == (54.0, 12.0)
    assert x1 > 400 and y0 > 200
    assert "40 %" in drawn


def test_a_histogram_has_a_bar_for_each_full_bin() -> None:
    drawn = plots.histogram({"able": [0.99, 1.0, 0.96, 0.0], "unable": [0.5]}, [0.4])
    bars = re.findall(r'<rect class="bar b-(\w+)" x="[\d.]+" y="([\d.]+)"', drawn)
    assert [name for name, _ in bars] == ["able", "able", "unable"]
    assert min(float(y) for _, y in bars) == 12.0  # the highest bin reaches the top
    assert drawn.count('class="bound"') == 1


def test_whiskers_of_latency_are_logarithmic() -> None:
    drawn = plots.latency({"isnad": (1.0, 10.0, 100.0)})
    found = re.search(r'<line class="whisker s0" x1="([\d.]+)" x2="([\d.]+)"', drawn)
    dot = re.search(r'<circle class="dot s0" cx="([\d.]+)"', drawn)
    assert found and dot
    assert float(dot[1]) == pytest.approx((float(found[1]) + float(found[2])) / 2, abs=0.1)


@pytest.mark.browser
def test_in_a_browser(tmp_path: Path) -> None:
    if not CHROMIUM.exists():
        if os.environ.get("ISNAD_BROWSER_TESTS") == "1":
            pytest.fail(f"{CHROMIUM} is not there")
        pytest.skip(f"{CHROMIUM} is not there")
    path = tmp_path / "report.html"
    page.write(path, made())
    with chromium() as browser:
        for width, colours, locale in ((1440, "light", "en"), (390, "dark", "ar")):
            context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=colours, locale=locale)
            shown = context.new_page()
            said: list[str] = []
            shown.on("console", lambda message, said=said: said.append(message.text))
            shown.on("pageerror", lambda error, said=said: said.append(str(error)))
            shown.on("request", lambda request, said=said: request.url.startswith("file:") or said.append(request.url))
            shown.goto(path.as_uri())
            assert shown.title() == "Isnad · evaluation · تقييم إسناد"
            html = shown.locator("html")
            assert (html.get_attribute("lang"), html.get_attribute("dir")) == (
                locale,
                "rtl" if locale == "ar" else "ltr",
            )
            assert html.get_attribute("data-colours") == colours
            wrong = sum(bool(values.faults(row)) for row in ROWS) + 1
            assert shown.locator(".card").count() == wrong
            shown.locator("select").last.select_option("")
            assert shown.locator(".card").count() == len(ROWS) + 1
            first = shown.locator(".card").first
            assert EVIL in first.inner_text()
            first.locator("summary").first.click()
            first.locator(".inside > div > blockquote.holds").wait_for()  # filled in after the event of opening
            shown.locator("input[type=search]").fill("owned")
            assert shown.locator(".card").count() == 1
            shown.locator("#language").click()
            assert html.get_attribute("lang") == ("en" if locale == "ar" else "ar")
            shown.locator("#colours").click()
            assert html.get_attribute("data-colours") == ("light" if colours == "dark" else "dark")
            assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert said == []
            context.close()


def test_of_reads_back_what_was_written(tmp_path: Path) -> None:
    from eval import journal

    journal.begin(tmp_path, {"same": {}, "manifest": {}}, resume=False)
    with journal.opened(tmp_path) as writing:
        for cell, found in made().rows.items():
            for row in found.values():
                writing.append({**cell._asdict(), **row.to_dict()})
    found_ = results.of(tmp_path)
    assert found_.measures == made().measures
    assert [one.to_dict() for one in found_.tested] == [one.to_dict() for one in made().tested]
    assert found_.opinion is not None and found_.opinion.agrees
