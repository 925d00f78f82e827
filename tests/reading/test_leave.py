"""leave.csv is read as strictly as everything that decides who is appraised."""

import datetime
from pathlib import Path

import pytest

from companies import a_company
from kpibook.base.problems import Problem
from kpibook.model import Cycle
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycle

HEAD = "person,kind,from,to,note\n"


def loaded(root: Path, text: str) -> tuple[Cycle, tuple[Problem, ...]]:
    catalog, _ = load_catalog(root / "handbook")
    (root / "scorecards/2026-10/leave.csv").write_text(text, encoding="utf-8")
    return load_cycle(root / "scorecards/2026-10", catalog)


def with_kinds(root: Path) -> Path:
    file = root / "handbook/company.yml"
    file.write_text(file.read_text("utf-8") + "part_cycle: {leave_kinds: [产假, 工伤停工]}\n", encoding="utf-8")
    return root


def test_leave_is_read_by_person_with_open_ends(tmp_path: Path) -> None:
    rows = "e02,产假,2026-08-01,,\nE03,工伤停工,2026-10-03,2026-10-09,左手\nE03,工伤停工,2026-10-12,2026-10-13,\n"

    cycle, problems = loaded(with_kinds(a_company(tmp_path)), HEAD + rows)

    assert problems == ()
    assert {
        who: [(each.kind, each.first_day.day, each.last_day) for each in rows] for who, rows in cycle.leave.items()
    } == {
        "E02": [("产假", 1, None)],
        "E03": [
            ("工伤停工", 3, datetime.date(2026, 10, 9)),
            ("工伤停工", 12, datetime.date(2026, 10, 13)),
        ],
    }


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("E99,产假,2026-10-01,,", "unknown-person", 1),
        ("E02,事假,2026-10-01,,", "unknown-leave-kind", 5),
        ("E02,,2026-10-01,,", "cell-empty", 5),
        ("E02,产假,,,", "cell-empty", 8),
        ("E02,产假,10月1日,,", "cell-not-a-date", 8),
        ("E02,产假,2026-10-09,2026-10-08,", "dates-reversed", 19),
    ],
)
def test_a_faulty_row_is_set_aside_at_its_cell(tmp_path: Path, row: str, code: str, column: int) -> None:
    cycle, problems = loaded(with_kinds(a_company(tmp_path)), f"{HEAD}{row}\n")

    assert cycle.leave == {}
    place = f"scorecards/2026-10/leave.csv:2:{column}"
    assert (code, place) in {(problem.code, str(problem.place)) for problem in problems}
    assert [aside.code for aside in cycle.set_aside] == [code]


def test_leave_outside_the_cycle_is_told_and_changes_nothing(tmp_path: Path) -> None:
    cycle, [problem] = loaded(a_company(tmp_path), f"{HEAD}E02,产假,2026-08-01,2026-09-30,\n")

    assert (cycle.leave, cycle.set_aside) == ({}, ())
    assert (problem.code, str(problem.place)) == ("leave-outside-cycle", "scorecards/2026-10/leave.csv:2:8")


def test_two_rows_that_disagree_on_the_end_count_for_nothing(tmp_path: Path) -> None:
    rows = "E02,产假,2026-10-01,2026-10-08,\nE02,产假,2026-10-01,2026-10-09,\n"

    cycle, _ = loaded(a_company(tmp_path), HEAD + rows)

    assert cycle.leave == {}
    assert [(row.code, row.subject) for row in cycle.set_aside] == [("conflicting-values", "E02")] * 2
