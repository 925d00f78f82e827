"""Numbers that come week by week: what they make, and what makes them unusable."""

from pathlib import Path

import pytest
from gmpy2 import mpq

from companies import a_company
from kpibook.base.problems import Problem
from kpibook.model import Cycle
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycle

HEAD = "subject,measure,week,actual,note\n"


def loaded(root: Path, rows: str) -> tuple[Cycle, list[Problem]]:
    measures = root / "handbook/measures.yml"
    text = measures.read_text("utf-8") + (
        "weekly_total: {name: 周量, unit: 件, owner: shop, maximum: 100}\n"
        "weekly_mean: {name: 周均, unit: 件, owner: shop, accumulate: mean}\n"
        "weekly_last: {name: 周末, unit: 件, owner: shop, accumulate: last}\n"
    )
    measures.write_text(text, encoding="utf-8")
    catalog, problems = load_catalog(root / "handbook")
    assert problems == ()
    (root / "scorecards/2026-10/actuals/weeks.csv").write_text(HEAD + rows, encoding="utf-8")
    cycle, found = load_cycle(root / "scorecards/2026-10", catalog)
    return cycle, [each for each in found if each.place.file.endswith("weeks.csv")]


@pytest.mark.parametrize(("measure", "value"), [("weekly_total", 33), ("weekly_mean", 11), ("weekly_last", 8)])
def test_weeks_make_the_number_as_the_measure_accumulates(tmp_path: Path, measure: str, value: int) -> None:
    rows = (
        f"E01,{measure},2026-W42,8,\nE01,{measure},2026W40,10,开业\n"
        f"E01,{measure},2026-W41,15,\nE01,{measure},2026-W43,,\n"
    )

    cycle, problems = loaded(a_company(tmp_path), rows)

    reading = cycle.actuals["E01", measure]
    assert (problems, cycle.set_aside) == ([], ())
    assert (reading.value, reading.note, str(reading.place)) == (
        mpq(value),
        "开业",
        f"scorecards/2026-10/actuals/weeks.csv:2:{len(measure) + 15}",
    )
    assert [(part.name, int(part.value)) for part in reading.weeks] == [
        ("2026-W40", 10),
        ("2026-W41", 15),
        ("2026-W42", 8),
    ]
    assert cycle.weekly == (("E01", measure),)


def test_days_are_parts_too_and_a_row_without_a_week_is_the_whole(tmp_path: Path) -> None:
    rows = "E01,weekly_total,2026-10-08,8,\nE01,weekly_total,2026-10-09,9,\nE02,weekly_total,,7,\n"

    cycle, problems = loaded(a_company(tmp_path), rows)

    assert problems == []
    assert [cycle.actuals[who, "weekly_total"].value for who in ("E01", "E02")] == [mpq(17), mpq(7)]
    assert cycle.weekly == (("E01", "weekly_total"),)


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ("E01,weekly_total,41,8,\n", ["week-unclear"]),
        ("E01,weekly_total,2026-W54,8,\n", ["week-unclear"]),
        ("E01,weekly_total,2026-W39,8,\n", ["week-outside-cycle"]),
        ("E01,weekly_total,2026-11-01,8,\n", ["week-outside-cycle"]),
        ("E01,weekly_total,2026-W41,8,\nE01,weekly_total,2026-10-08,1,\n", ["weeks-overlap"]),
        ("E01,weekly_total,2026-W41,8,\nE01,weekly_total,2026-W41,9,\n", ["conflicting-values"] * 2),
        ("E01,weekly_total,2026-W41,60,\nE01,weekly_total,2026-W42,41,\n", ["over-maximum"]),
        ("E01,weekly_total,2026-W41,8,\nE01,weekly_total,,9,\n", ["conflicting-values"] * 2),
        ("E01,weekly_total,2026-W41,8,\nE01,weekly_total,2026-W42,viel,\n", ["cell-not-a-number"]),
    ],
)
def test_what_cannot_be_used_leaves_no_part_of_a_number(tmp_path: Path, rows: str, codes: list[str]) -> None:
    cycle, problems = loaded(a_company(tmp_path), rows)

    assert ("E01", "weekly_total") not in cycle.actuals
    assert [(row.code, row.subject, row.key) for row in cycle.set_aside] == [(c, "E01", "weekly_total") for c in codes]
    assert {each.code for each in problems} - {"many-rows-set-aside"} == set(codes)
    assert cycle.weekly == ()


def test_the_same_week_twice_counts_once(tmp_path: Path) -> None:
    cycle, [problem] = loaded(a_company(tmp_path), "E01,weekly_total,2026-W41,8,\nE01,weekly_total,2026-W41,8,\n")

    assert (cycle.actuals["E01", "weekly_total"].value, problem.code) == (mpq(8), "repeated-row")
