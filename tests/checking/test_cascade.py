"""Targets that support a higher one: those of people and departments, and those of quarters and months."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from kpibook.base.problems import Problem
from kpibook.checking.checks import check_cycle, check_cycles
from kpibook.model import Catalog, Department, Indicator, TargetRow
from making import catalog, cycle, indicator, item, person, role, target

POINTS = {"rule": "proportional"}
SALES = indicator("sales", unit="元", name="Sales")
TEAM = [person("E1"), person("E2"), person("E3")]
Targets = Mapping[tuple[str, str], TargetRow]


def company(
    mine: int | None = 300, of_all: int | None = 1000, *, sales: Indicator = SALES, serves: str = "sales", **values: Any
) -> Catalog:
    """Clerks with a target of `mine` each, whose department has one of `of_all`."""
    own = [item("sales", 100, POINTS, target=mine, supports=serves)]
    scorecard = [{"section": "All", "items": [item("sales", 100, POINTS, target=of_all)]}]
    south = Department.build(id="south", name="South", scorecard=scorecard)
    return catalog([role("clerk", own, department="south", **values)], [sales], departments=[south])


def told(made: Catalog, people: Sequence[Any] = TEAM, targets: Targets | None = None) -> list[Problem]:
    problems = check_cycle(made, cycle(people, targets=targets or {}))
    return [problem for problem in problems if problem.code == "cascade-gap"]


def test_targets_that_do_not_make_the_one_they_serve_are_told_with_both_sums() -> None:
    [problem] = told(company())

    assert dict(problem.values) == {
        "owner": "south",
        "indicator": "Sales",
        "count": 3,
        "total": "900",
        "target": "1,000",
        "difference": "+100",
        "address": "indicators/sales/2026-10/south",
    }
    assert problem.place.file == "scorecards/2026-10/cycle.yml"


def test_targets_that_secure_the_one_above_are_no_problem() -> None:
    assert told(company(mine=334)) == []
    assert told(company(), targets={("E2", "sales"): target(400)}) == []
    assert told(company(), targets={("south", "sales"): target(300)}) == []


def test_a_target_of_the_department_is_that_of_its_people_too() -> None:
    people = [person("E1", department="south"), person("E2", department="south")]
    rows = {("south", "sales"): target(950), ("E1", "sales"): target(1)}

    assert told(company(), people, rows) == []
    assert told(company(), people, {**rows, ("E2", "sales"): target(2)})[0].values["total"] == "3"


def test_a_target_that_is_still_open_decides_nothing() -> None:
    assert told(company(mine=None)) == []
    assert told(company(of_all=None)) == []
    assert told(company(), people=[]) == []


@pytest.mark.parametrize(
    "values", [{"unit": "%"}, {"accumulate": "mean"}, {"accumulate": "last"}, {"formula": "sales_all / visitors"}]
)
def test_what_cannot_be_added_is_not_added(values: dict[str, Any]) -> None:
    assert told(company(sales=indicator("sales", **{"unit": "元", **values}))) == []


@pytest.mark.parametrize(("mine", "count"), [(300, 0), (400, 1)])
def test_limits_may_not_exceed_the_limit_above(mine: int, count: int) -> None:
    made = company(mine=mine, sales=indicator("sales", unit="元", direction="lower"))

    assert len(told(made)) == count


def led() -> Catalog:
    """Clerks below leads with a target of 500 each."""
    clerk = role("clerk", [item("sales", 100, POINTS, target=200, supports="sales")], reports_to="lead")
    lead = role("lead", [item("sales", 100, POINTS, target=500)])
    return catalog([clerk, lead], [SALES])


def test_each_of_several_superiors_answers_for_those_below() -> None:
    people = [person("L1", "lead"), person("L2", "lead")]
    people += [person(f"E{n}", manager="L1") for n in range(3)] + [person(f"F{n}", manager="l2") for n in range(2)]

    [problem] = told(led(), people)

    assert (problem.values["owner"], problem.values["total"], problem.values["count"]) == ("L2", "400", 2)


def test_a_single_superior_answers_for_the_whole_role() -> None:
    [problem] = told(led(), [person("L1", "lead"), person("E1"), person("E2")])

    assert (problem.values["owner"], problem.values["total"]) == ("L1", "400")


def test_a_department_serves_the_company() -> None:
    own = [{"section": "All", "items": [item("sales", 100, POINTS, target=700, supports="sales")]}]
    whole = [{"section": "All", "items": [item("sales", 100, POINTS, target=1000)]}]
    south = Department.build(id="south", name="South", scorecard=own)
    made = catalog([], [SALES], departments=[south], scorecard=whole)

    [problem] = told(made, [])

    assert (problem.values["owner"], problem.values["total"], problem.values["target"]) == ("company", "700", "1,000")


def periods(year: int, **parts: int) -> list[Problem]:
    """A year's target, and those of parts such as `Q1`."""
    cycles = [cycle(TEAM, period="2026", targets={("E1", "sales"): target(year)})]
    cycles += [cycle(TEAM, period=f"2026-{p}", targets={("E1", "sales"): target(v)}) for p, v in parts.items()]
    return list(check_cycles(company(), cycles))


def test_quarters_have_to_secure_the_year() -> None:
    [problem] = periods(1000, Q1=200, Q2=250, Q3=250, Q4=250)

    assert dict(problem.values) == {
        "subject": "E1",
        "indicator": "Sales",
        "parts": "2026-Q1 … 2026-Q4",
        "total": "950",
        "target": "1,000",
        "difference": "+50",
        "address": "indicators/sales/2026/E1",
    }
    assert problem.place.file == "scorecards/2026-10/targets.csv"


def test_parts_that_secure_the_year_or_are_not_all_set_are_no_problem() -> None:
    assert periods(1000, Q1=250, Q2=250, Q3=250, Q4=250) == []
    assert periods(1000, Q1=200, Q2=250, Q3=250) == []
    assert periods(1000) == []


def test_halves_are_parts_of_a_year_too() -> None:
    assert [problem.values["parts"] for problem in periods(1000, H1=400, H2=500)] == ["2026-H1 … 2026-H2"]
