"""calibration.csv is read as strictly as everything that people decide."""

import datetime
from pathlib import Path

import pytest
from gmpy2 import mpq

from companies import a_company
from kpibook.base.problems import Problem
from kpibook.model import Cycle
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycle

HEAD = "person,total,grade,reason,by,on\n"


def loaded(root: Path, text: str) -> tuple[Cycle, tuple[Problem, ...]]:
    catalog, _ = load_catalog(root / "handbook")
    (root / "scorecards/2026-10/calibration.csv").write_text(text, encoding="utf-8")
    return load_cycle(root / "scorecards/2026-10", catalog)


def test_a_cycle_without_the_file_has_no_calibration(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    catalog, _ = load_catalog(root / "handbook")

    cycle, problems = load_cycle(root / "scorecards/2026-10", catalog)

    assert (cycle.calibration, problems) == (None, ())


def test_totals_and_grades_are_read(tmp_path: Path) -> None:
    rows = "e02,88.5,,年终评议,E01,2026-11-08\nE03,,A,带出两个新人,林晓,2026-11-08\nE01,,,,,\n"

    cycle, problems = loaded(a_company(tmp_path), HEAD + rows)

    assert problems == ()
    assert cycle.calibration is not None
    assert {
        person: (row.total, row.grade, row.reason, row.by, row.on) for person, row in cycle.calibration.items()
    } == {
        "E02": (mpq("88.5"), "", "年终评议", "E01", datetime.date(2026, 11, 8)),
        "E03": (None, "A", "带出两个新人", "林晓", datetime.date(2026, 11, 8)),
    }
    [report] = [each for each in cycle.files if each.file.endswith("calibration.csv")]
    assert (report.rows, report.used, report.empty, report.set_aside) == (3, 3, 1, 0)


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("E99,88,,年终评议,E01,2026-11-08", "unknown-person", 1),
        ("E02,很好,,年终评议,E01,2026-11-08", "cell-not-a-number", 5),
        ("E02,,优秀,年终评议,E01,2026-11-08", "unknown-grade", 6),
        ("E02,,a,年终评议,E01,2026-11-08", "unknown-grade", 6),
        ("E02,88,,,E01,2026-11-08", "cell-empty", 9),
        ("E02,88,,年终评议,,2026-11-08", "cell-empty", 14),
        ("E02,88,,年终评议,E01,", "cell-empty", 18),
        ("E02,88,,年终评议,E01,11月8日", "cell-not-a-date", 18),
        ("E02,88,,年终评议,e02,2026-11-08", "calibrated-by-oneself", 14),
        ("E02,88,,年终评议,周然,2026-11-08", "calibrated-by-oneself", 14),
    ],
)
def test_a_faulty_row_is_set_aside_at_its_cell(tmp_path: Path, row: str, code: str, column: int) -> None:
    cycle, problems = loaded(a_company(tmp_path), f"{HEAD}{row}\n")

    assert cycle.calibration == {}
    place = f"scorecards/2026-10/calibration.csv:2:{column}"
    assert (code, place) in {(problem.code, str(problem.place)) for problem in problems}
    assert [aside.code for aside in cycle.set_aside] == [code]


def test_somebody_calibrated_twice_is_calibrated_by_neither_row(tmp_path: Path) -> None:
    rows = "E02,88,,年终评议,E01,2026-11-08\nE02,90,,再次评议,E01,2026-11-09\n"

    cycle, _ = loaded(a_company(tmp_path), HEAD + rows)

    assert cycle.calibration == {}
    assert [(row.code, row.subject, row.key) for row in cycle.set_aside] == [("conflicting-values", "E02", "")] * 2
