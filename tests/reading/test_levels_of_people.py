"""The job level of everybody in people.csv, where roles have levels, and a column of that name where none has."""

from pathlib import Path

from gmpy2 import mpq

from companies import a_company
from kpibook.base.problems import Problem
from kpibook.model import Cycle
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycle

LEVELS = "levels: [{id: P1}, {id: P2}]\n"


def loaded(root: Path, text: str, levels: str = LEVELS) -> tuple[Cycle, tuple[Problem, ...]]:
    role = root / "handbook/roles/barista.yml"
    role.write_text(role.read_text("utf-8") + levels, encoding="utf-8")
    catalog, problems = load_catalog(root / "handbook")
    assert problems == ()
    for table in (root / "scorecards/2026-10").rglob("*.csv"):
        table.unlink()
    (root / "scorecards/2026-10/people.csv").write_text(text, encoding="utf-8")
    return load_cycle(root / "scorecards/2026-10", catalog)


def test_levels_are_read_as_the_role_writes_them(tmp_path: Path) -> None:
    head = "person,name,role,department,level\n"

    cycle, problems = loaded(a_company(tmp_path), f"{head}E01,林晓,shop-manager,shop,M3\nE02,周然,barista,shop,p2\n")

    assert (problems, [(row.person, row.post) for row in cycle.people]) == (
        (),
        [("E01", ("shop-manager", "")), ("E02", ("barista", "P2"))],
    )


def test_a_level_that_lacks_or_that_the_role_does_not_know_sets_the_row_aside(tmp_path: Path) -> None:
    head = "person,name,role,department,level\n"

    cycle, problems = loaded(a_company(tmp_path), f"{head}E01,林晓,barista,shop,\nE02,周然,barista,shop,P9\n")

    assert cycle.people == ()
    told = {(problem.code, str(problem.place), str(problem.values.get("known"))) for problem in problems}
    assert {
        ("job-level-missing", "scorecards/2026-10/people.csv:2:21", "P1, P2"),
        ("unknown-job-level", "scorecards/2026-10/people.csv:3:21", "P1, P2"),
    } <= told


def test_without_the_column_the_role_is_named_as_the_cause(tmp_path: Path) -> None:
    _, problems = loaded(a_company(tmp_path), "person,name,role,department\nE02,周然,barista,shop\n")

    assert ("job-level-missing", "scorecards/2026-10/people.csv:2:8") in {
        (problem.code, str(problem.place)) for problem in problems
    }


def test_where_no_role_has_levels_the_column_is_a_number_for_pay_as_ever(tmp_path: Path) -> None:
    cycle, problems = loaded(a_company(tmp_path), "person,name,role,department,level\nE02,周然,barista,shop,3\n", "")

    assert (problems, [dict(row.numbers) for row in cycle.people]) == ((), [{"level": mpq(3)}])
