"""What can be right and is likely wrong is told, and what is merely unusual is not."""

from typing import Any

import pytest

from kpibook.base.words import words
from kpibook.checking.checks import check_catalog, check_cycle
from kpibook.model import Catalog
from making import catalog, cycle, indicator, item, measure, person, role, target

EN = words("en")
PROPORTIONAL = {"rule": "proportional"}


def of_orders(part: str = "on_time", whole: str = "orders", unit: str = "单", formula: str = "") -> Catalog:
    written = formula or f"{part} / {whole} * 100"
    known = [measure(part, unit=unit), measure(whole, unit=unit)]
    return catalog([role("clerk", [])], [indicator("x", unit="%", formula=written)], known)


def told(made: Catalog, on_time: int, orders: int, part: str = "on_time", whole: str = "orders") -> list[str]:
    numbers = {("E1", part): on_time, ("E1", whole): orders}
    found = check_cycle(made, cycle([person("E1")], numbers))
    return [problem.code for problem in found if problem.code == "part-over-whole"]


def test_301_of_300_orders_on_time_are_told() -> None:
    assert told(of_orders(), 301, 300) == ["part-over-whole"]
    assert told(of_orders(formula="100 * on_time / orders"), 301, 300) == ["part-over-whole"]


@pytest.mark.parametrize(("on_time", "orders"), [(300, 300), (299, 300), (0, 0)])
def test_a_part_of_its_whole_is_not(on_time: int, orders: int) -> None:
    assert told(of_orders(), on_time, orders) == []


@pytest.mark.parametrize(
    "values",
    [
        {"whole": "orders_plan"},
        {"whole": "budget"},
        {"unit": "元"},
        {"unit": "CNY"},
        {"formula": "(on_time - orders) / orders * 100"},
        {"formula": "on_time / orders * 100 + 5"},
        {"formula": "on_time / orders * 1000"},
        {"formula": "on_time / previous.orders * 100"},
        {"formula": "on_time / orders"},
    ],
)
def test_plans_money_and_other_formulas_may_be_passed(values: dict[str, str]) -> None:
    assert told(of_orders(**values), 301, 300, whole=values.get("whole", "orders")) == []


def codes(made: Catalog) -> list[str]:
    mine = ("target-or-fraction", "deduction-beyond-weight", "formula-beyond-weight")
    return [problem.code for problem in check_catalog(made) if problem.code in mine]


def one(standard: dict[str, Any], goal: Any = None, **of: Any) -> Catalog:
    placed = item("x", 12, standard, **({} if goal is None else {"target": goal}))
    return catalog([role("clerk", [placed])], [indicator("x", **of)], [measure("late")])


@pytest.mark.parametrize(
    ("goal", "of", "expected"),
    [
        ("0.2", {"unit": "%"}, True),
        ("1", {"unit": "%"}, True),
        ({"month": "0.25", "quarter": "30"}, {"unit": "%"}, True),
        ("20", {"unit": "%"}, False),
        ("0.2", {"unit": "天"}, False),
        ("0.2", {"unit": "%", "direction": "lower"}, False),
        ("0.2", {"unit": "%", "maximum": "5"}, False),
    ],
)
def test_a_target_that_looks_like_a_fraction_is_told(goal: Any, of: dict[str, str], expected: bool) -> None:
    assert codes(one(PROPORTIONAL, goal, **of)) == (["target-or-fraction"] if expected else [])


def test_a_row_of_targets_is_told_too() -> None:
    made = one(PROPORTIONAL, "20", unit="%")

    found = check_cycle(made, cycle([person("E1")], targets={("E1", "x"): target("0.25")}))

    [problem] = [each for each in found if each.code == "target-or-fraction"]
    assert problem.text(EN).startswith(
        "scorecards/2026-10/targets.csv:2:1: warning: the target of x is 0.25: is that 0.25% or 25%?"
    )


@pytest.mark.parametrize(
    ("standard", "expected"),
    [
        ({"rule": "deduction", "deduct": [{"measure": "late", "points": "2"}]}, []),
        ({"rule": "deduction", "deduct": [{"measure": "late", "points": "12"}]}, []),
        ({"rule": "deduction", "deduct": [{"measure": "late", "points": "30"}]}, ["deduction-beyond-weight"]),
        ({"rule": "formula", "points": "30 - 2 * late"}, ["formula-beyond-weight"]),
        ({"rule": "formula", "points": "weight * (30 - 2 * late) / 30"}, ["formula-beyond-weight"]),
        ({"rule": "formula", "points": "min(weight, weight * (30 - 2 * late) / 30)"}, []),
    ],
)
def test_points_beyond_the_weight_are_told_at_the_item(standard: dict[str, Any], expected: list[str]) -> None:
    assert codes(one(standard)) == expected


def test_a_count_that_is_never_negative_bounds_what_it_is_taken_from() -> None:
    standard = {"rule": "formula", "points": "weight * (30 - 2 * late) / 30"}
    placed = item("x", 12, standard)
    made = catalog([role("clerk", [placed])], [indicator("x")], [measure("late", minimum="0")])

    assert codes(made) == []
