"""handbook/targets/<year>.csv: every fault is an error at its cell, and nothing is passed over."""

from pathlib import Path

import pytest
from gmpy2 import mpq

from companies import a_company
from kpibook.base.periods import Period
from kpibook.base.problems import Level, Problem
from kpibook.model import Catalog
from kpibook.model.series import SeriesKind
from kpibook.reading.catalog import load_catalog
from kpibook.reading.own_catalogs import catalog_digest, catalog_files


def loaded(root: Path, text: str, name: str = "2026.csv") -> tuple[Catalog, tuple[Problem, ...]]:
    (root / "handbook/targets").mkdir(exist_ok=True)
    (root / "handbook/targets" / name).write_text(text, encoding="utf-8")
    return load_catalog(root / "handbook")


def test_rows_of_roles_departments_and_persons_are_read_with_their_places(tmp_path: Path) -> None:
    rows = (
        "barista,,,sales_volume,20000,,65000\n,shop,,conversion,12%,12.5,\n"
        ",,e02,sales_volume,,21000,\n,company,,conversion,,,9\n"
    )

    catalog, problems = loaded(a_company(tmp_path), f"role,department,person,indicator,2026-01,2026-02,2026-Q1\n{rows}")

    assert problems == ()
    assert {
        key: {str(period): target.value for period, target in series.values.items()}
        for key, series in catalog.series.items()
    } == {
        (SeriesKind.ROLE, "barista", "sales_volume"): {"2026-01": mpq(20000), "2026-Q1": mpq(65000)},
        (SeriesKind.DEPARTMENT, "shop", "conversion"): {"2026-01": mpq(12), "2026-02": mpq("12.5")},
        (SeriesKind.PERSON, "e02", "sales_volume"): {"2026-02": mpq(21000)},
        (SeriesKind.DEPARTMENT, "company", "conversion"): {"2026-Q1": mpq(9)},
    }
    target = catalog.series[SeriesKind.ROLE, "barista", "sales_volume"].values[Period.parse("2026-Q1")]
    assert str(target.place) == "handbook/targets/2026.csv:2:31"


@pytest.mark.parametrize(
    ("row", "code", "place"),
    [
        (",,,sales_volume,1", "series-subject", "2:4"),
        ("barista,shop,,sales_volume,1", "series-subject", "2:15"),
        ("barist,,,sales_volume,1", "series-role", "2:1"),
        (",shp,,sales_volume,1", "series-department", "2:2"),
        (",,1.2E+17,sales_volume,1", "series-person", "2:3"),
        ("barista,,,sales,1", "series-indicator", "2:11"),
        ("barista,,,sales_volume,viel", "cell-not-a-number", "2:24"),
        ("barista,,,sales_volume,1,2", "long-row", "2"),
    ],
)
def test_a_fault_is_an_error_at_its_cell(tmp_path: Path, row: str, code: str, place: str) -> None:
    _, problems = loaded(a_company(tmp_path), f"role,department,person,indicator,2026-01\n{row}\n")

    found = {(each.code, each.level, str(each.place)) for each in problems}
    assert any(
        each == code and level is Level.ERROR and at.startswith(f"handbook/targets/2026.csv:{place}")
        for each, level, at in found
    ), found


@pytest.mark.parametrize(("column", "code"), [("2025-12", "series-column"), ("1月", "series-column")])
def test_a_column_of_another_year_or_kind_is_an_error(tmp_path: Path, column: str, code: str) -> None:
    _, problems = loaded(a_company(tmp_path), f"role,indicator,{column}\nbarista,sales_volume,1\n")

    assert [(each.code, each.level) for each in problems] == [(code, Level.ERROR)]


def test_the_same_subject_and_indicator_twice_in_a_year_is_an_error_and_two_years_are_one_series(
    tmp_path: Path,
) -> None:
    root, row = a_company(tmp_path), "barista,sales_volume,1\n"

    _, [problem] = loaded(root, f"role,indicator,2026-01\n{row}{row}")
    assert (problem.code, str(problem.place), problem.values["first"]) == (
        "series-twice",
        "handbook/targets/2026.csv:3:9",
        "handbook/targets/2026.csv:2:9",
    )
    loaded(root, f"role,indicator,2026-12\n{row}")
    catalog, problems = loaded(root, f"role,indicator,2027-01\n{row}", "2027.csv")
    assert problems == ()
    [series] = catalog.series.values()
    assert [str(period) for period in series.values] == ["2026-12", "2027-01"]


def test_other_files_there_are_told(tmp_path: Path) -> None:
    _, [problem] = loaded(a_company(tmp_path), "x", "2026.xlsx")

    assert (problem.code, problem.place.file) == ("stray-file", "handbook/targets/2026.xlsx")


def test_the_file_belongs_to_the_catalog_that_a_cycle_keeps(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    before = catalog_digest(root / "handbook")

    loaded(root, "role,indicator,2026-01\nbarista,sales_volume,1\n")

    assert "targets/2026.csv" in catalog_files(root / "handbook")
    assert catalog_digest(root / "handbook") != before
