"""What a longer cycle takes from shorter ones: targets, marks and gates that do not fit it, rates that add up."""

from typing import Any

import pytest

from kpibook.base.problems import Level
from kpibook.base.words import words
from kpibook.checking.checks import check_cycles
from kpibook.model import Catalog, Combine, Cycle
from making import catalog, cycle, indicator, item, measure, person, role

EN = words("en")
MONTHS = ("2026-10", "2026-11", "2026-12")
KNOWN = [measure("sales"), measure("orders"), measure("stock", accumulate="last")]
PROPORTIONAL = {"rule": "proportional"}


def company(standard: Any, *, formula: str = "sales", goal: Any = None, **values: Any) -> Catalog:
    placed = item("x", 100, standard, **({} if goal is None else {"target": goal}))
    return catalog([role("clerk", [placed], **values)], [indicator("x", formula=formula)], KNOWN)


def cycles(quarter: dict[str, Any] | None = None, **actuals: int) -> list[Cycle]:
    given = {("E1", key): value for key, value in actuals.items()}
    months = [cycle([person("E1")], given, period=each) for each in MONTHS]
    return [*months, cycle([person("E1")], period="2026-Q4", **(quarter or {}))]


def codes(made: Catalog, over: list[Cycle] | None = None) -> list[str]:
    return [problem.code for problem in check_cycles(made, over or cycles())]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("sales", []),
        ("sales / orders", []),
        ("stock", []),
        ("sales - 1000", ["target-of-shorter"]),
        ("sales * orders", ["target-of-shorter"]),
        ("orders / sales / sales", ["target-of-shorter"]),
    ],
)
def test_a_target_that_cannot_be_scaled_is_told(formula: str, expected: list[str]) -> None:
    assert codes(company(PROPORTIONAL, formula=formula, goal="10")) == expected


def test_a_target_for_each_kind_of_cycle_is_the_cure() -> None:
    made = company(PROPORTIONAL, formula="sales - 1000", goal={"month": "10", "quarter": "40"})

    assert codes(made) == []


@pytest.mark.parametrize(
    ("standard", "on_amounts"),
    [
        ({"rule": "bands", "bands": [{"from": "5", "points": "100"}, {"points": "0"}]}, True),
        ({"rule": "linear", "zero": "0", "full": "100"}, True),
        ({"rule": "range", "low": "5", "high": "10"}, True),
        ({"rule": "all_or_nothing", "require": [{"measure": "sales", "at_least": "5"}]}, True),
        ({"rule": "deduction", "deduct": [{"measure": "sales", "points": "1"}]}, True),
        ({"rule": "shortfall", "per": "5", "points": "1"}, True),
        ({"rule": "formula", "points": "weight * actual / 100"}, True),
        ({"rule": "formula", "points": "weight * min(1, actual / target)"}, False),
        ({"rule": "formula", "points": "weight * attainment"}, False),
        ({"rule": "proportional"}, False),
        ({"rule": "bands", "of": "attainment", "bands": [{"from": "90", "points": "100"}, {"points": "0"}]}, False),
        ({"rule": "rating"}, False),
    ],
)
def test_marks_of_an_amount_are_told_and_marks_of_a_rate_are_not(standard: dict[str, Any], on_amounts: bool) -> None:
    expected = ["marks-of-shorter"] if on_amounts else []

    assert codes(company(standard, goal="10")) == expected
    if "sales" not in str(standard):
        assert codes(company(standard, formula="sales / orders", goal="10")) == []


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("sales < 1000", ["gate-of-shorter"]),
        ("sales / orders < 5", []),
        ("sales < orders", []),
        ("sales > 0", []),
        ("stock > 5", []),
    ],
)
def test_gates_over_amounts_are_told(when: str, expected: list[str]) -> None:
    made = company({"rule": "rating"}, gates=[{"when": when, "grade_at_most": "C"}])

    assert codes(made) == expected


def test_each_is_told_once_however_many_quarters_there_are() -> None:
    made = company({"rule": "linear", "zero": "0", "full": "100"})
    earlier = [cycle([person("E1")], period=each) for each in ("2026-07", "2026-Q3")]

    assert codes(made, [*earlier, *cycles()]) == ["marks-of-shorter"]


def test_what_nobody_holds_or_is_a_mean_of_totals_is_not_told() -> None:
    made = company({"rule": "linear", "zero": "0", "full": "100"})
    other = [*cycles()[:3], cycle([person("E1", "guard")], period="2026-Q4")]

    assert codes(made, other) == []
    assert codes(made, cycles({"combine": Combine.MEAN_OF_SCORES})) == []
    assert codes(made, cycles()[:3]) == []


def test_the_words_name_both_cycles_and_the_cure() -> None:
    made = company(PROPORTIONAL, formula="sales - 1000", goal="10")

    [problem] = check_cycles(made, cycles())

    assert problem.text(EN) == (
        "handbook/roles/clerk.yml:10:5: warning: the target 10 of x is meant for a cycle like 2026-10 and does not fit "
        "2026-Q4: the indicator neither adds up nor is it a rate, so nothing is scaled [target-of-shorter]\n"
        "    hint: write a target for each kind of cycle, as in target: {month: 40000, quarter: 130000}"
    )


def rates(**written: str) -> Catalog:
    return catalog([role("clerk", [])], [], [measure("rate", unit="%", **written), measure("sales")])


def test_a_rate_that_a_quarter_would_add_up_is_an_error() -> None:
    [problem] = check_cycles(rates(), cycles(rate=97))

    assert (problem.code, problem.level) == ("rate-added-up", Level.ERROR)
    assert "rate is in % and has no accumulate, so 2026-Q4 would add up its parts" in problem.text(EN)


def test_without_a_quarter_it_is_a_warning_and_without_numbers_nothing() -> None:
    [problem] = check_cycles(rates(), cycles(rate=97)[:3])

    assert (problem.code, problem.level) == ("rate-without-accumulate", Level.WARNING)
    assert codes(rates(), cycles(sales=5)) == []
    assert codes(rates(), cycles({"combine": Combine.MEAN_OF_SCORES}, rate=97)) == ["rate-without-accumulate"]


@pytest.mark.parametrize("how", ["mean", "last", "sum"])
def test_a_rate_that_says_how_is_as_it_says(how: str) -> None:
    assert codes(rates(accumulate=how), cycles(rate=97)) == []
