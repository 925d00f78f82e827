"""The ten lines of the README that redraw a page of analysis in a notebook: they give the figures of that page."""

import math
import re
import subprocess
import sys

import pandas as pd
import pytest

from kpibook import frames
from kpibook.analysing import studies
from kpibook.analysis.study import study_year, year_cycle
from kpibook.base.periods import PeriodKind
from kpibook.content import read
from kpibook.pages.analysis.rendering import year_page
from sources import ROOT

CODE = re.compile(r"```python\n(from kpibook import frames\n.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def lines() -> str:
    found = CODE.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found
    return found[1]


def tables_of_the_page() -> list[list[list[str]]]:
    """The tables of the page of the year, row by row, of its first part."""
    content = read(ROOT / "handbook", ROOT / "scorecards")
    found = list(studies(content, PeriodKind.MONTH))
    cycles = [year_cycle(each) for each in found]
    study = study_year(found[-1].results.cycle.period.year, found[-1], cycles, [each.tables for each in found], [])
    _, page = year_page(study, found[-1], content.say)
    movement = page.partition("{#movement}")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in movement.splitlines() if line[:1] == "|"]
    starts = [at for at, row in enumerate(rows) if set(row[0]) <= set(":-")]
    ends = (*(at - 1 for at in starts[1:]), len(rows))
    return [rows[at + 1 : end] for at, end in zip(starts, ends, strict=True)]


def test_it_has_ten_lines_and_runs_by_itself(lines: str) -> None:
    assert len(lines.splitlines()) <= 10

    done = subprocess.run([sys.executable, "-c", lines], cwd=ROOT, capture_output=True, text=True, check=True)

    assert "2026-10" in done.stdout


def test_it_gives_what_the_page_tells(lines: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    made: dict[str, pd.DataFrame] = {"frames": frames}
    exec(lines, made)
    levels, grades, means = tables_of_the_page()

    def figure(cell: str) -> float:
        return math.nan if cell == "—" else float(cell.replace(",", ""))

    for row, (_, found) in zip(levels, made["levels"].iterrows(), strict=True):
        assert [figure(cell) for cell in row[1:]] == pytest.approx(list(found), abs=0.05 + 1e-9)
    for row, (_, found) in zip(grades, made["grades"].iterrows(), strict=True):
        assert [int(cell) for cell in row[1:]] == list(found)[::-1]
    for row, (_, found) in zip(means[1:], made["means"].iterrows(), strict=True):
        assert [figure(cell) for cell in row[1:]] == pytest.approx(list(found), abs=0.05 + 1e-9, nan_ok=True)
