"""The actual that a number of points needs: the rule that computes, read backwards."""

from collections.abc import Mapping
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from kpibook.rules.standards import Case, ReachedActual, Rule, Standard

RULES: TypeAdapter[Rule] = TypeAdapter(Standard)
NEAR = mpq(1, 10**12)
BANDS = [{"from": 100, "points": 15}, {"from": 80, "upto": 95, "points": 10}, {"upto": 20, "points": 8}, {"points": 0}]

ANY_RULE = st.sampled_from(
    [
        {"rule": "proportional"},
        {"rule": "proportional", "lower": "inverse", "cap": 120},
        {"rule": "proportional", "floor": 60, "cap": 130},
        {"rule": "proportional", "by": "difference"},
        {"rule": "all_or_nothing", "otherwise": 3},
        {"rule": "bands", "bands": BANDS},
        {"rule": "bands", "of": "attainment", "bands": BANDS},
        {"rule": "linear", "zero": 20, "full": 90},
        {"rule": "linear", "zero": 90, "full": 20},
        {"rule": "range", "low": 40, "high": 60, "zero_below": 10, "zero_above": 100},
        {"rule": "range", "low": 40, "high": 60},
        {"rule": "shortfall", "per": 7, "points": 2},
        {"rule": "shortfall", "per": 7, "points": 2, "units": "started"},
        {"rule": "shortfall", "per": 7, "points": 2, "units": "exact"},
    ]
)
NUMBERS = st.integers(min_value=0, max_value=3000).map(lambda tenths: mpq(tenths, 10))


def rule(parameters: Mapping[str, Any]) -> Rule:
    return RULES.validate_python(parameters)


def points_at(standard: Rule, case: Case, actual: mpq) -> mpq:
    found = standard.judge(case._replace(actual=actual)).points
    assert found is not None
    return found


def reached(parameters: Mapping[str, Any], actual: str, points: str, **more: Any) -> ReachedActual | None:
    case = Case(mpq(15), actual=mpq(actual), **{"target": mpq(100), **more})
    return rule(parameters).reach(case, mpq(points))


@given(ANY_RULE, st.sampled_from(["higher", "lower"]), NUMBERS, NUMBERS, st.integers(min_value=1, max_value=100))
def test_the_actual_gives_the_points_and_anything_nearer_does_not(
    parameters: dict[str, Any], direction: str, actual: mpq, target: mpq, percent: int
) -> None:
    standard, case = rule(parameters), Case(mpq(15), direction, target + 1, actual)
    now, best = points_at(standard, case, actual), standard.best(case.weight)
    assume(now < best)
    wanted = now + (best - now) * mpq(percent, 100)

    found = standard.reach(case, wanted)

    assert found is not None
    assert points_at(standard, case, found.actual + found.side * NEAR) >= wanted
    nearer = found.actual + (NEAR if actual > found.actual else -NEAR) * (0 if found.side else 1)
    assert points_at(standard, case, nearer) < wanted


@given(ANY_RULE, NUMBERS, NUMBERS)
def test_no_actual_gives_more_than_the_best(parameters: dict[str, Any], actual: mpq, target: mpq) -> None:
    standard, case = rule(parameters), Case(mpq(15), "higher", target + 1, actual)

    assert points_at(standard, case, actual) <= standard.best(case.weight)


@pytest.mark.parametrize(
    ("parameters", "actual", "points", "more", "expected"),
    [
        pytest.param({"rule": "proportional"}, "80", "12.5", {}, ReachedActual(mpq(250, 3)), id="83.333… of 100"),
        pytest.param(
            {"rule": "proportional", "floor": 90}, "80", "3", {}, ReachedActual(mpq(90)), id="the floor first"
        ),
        pytest.param(
            {"rule": "proportional"},
            "120",
            "13.5",
            {"direction": "lower"},
            ReachedActual(mpq(110)),
            id="linear: less is better",
        ),
        pytest.param(
            {"rule": "proportional"},
            "3",
            "15",
            {"direction": "lower", "target": mpq(0)},
            ReachedActual(mpq(0)),
            id="a target of 0 is kept or not",
        ),
        pytest.param(
            {"rule": "shortfall", "per": 7, "points": 2}, "80", "13", {}, ReachedActual(mpq(86), 1), id="over 86"
        ),
        pytest.param(
            {"rule": "bands", "bands": [{"upto": 90, "points": 5}, {"points": 15}]},
            "80",
            "15",
            {},
            ReachedActual(mpq(90), 1),
            id="past the mark of the band before",
        ),
        pytest.param(
            {"rule": "bands", "bands": [{"from": 90, "points": 5}, {"points": 15}]},
            "95",
            "15",
            {},
            ReachedActual(mpq(90), -1),
            id="below the mark of the band before",
        ),
    ],
)
def test_the_actual_that_is_needed(
    parameters: dict[str, Any], actual: str, points: str, more: dict[str, Any], expected: ReachedActual
) -> None:
    assert reached(parameters, actual, points, **more) == expected


@pytest.mark.parametrize(
    ("parameters", "points", "more"),
    [
        pytest.param({"rule": "proportional"}, "16", {}, id="more than the rule gives"),
        pytest.param({"rule": "proportional"}, "15", {"target": None}, id="without a target"),
        pytest.param({"rule": "proportional"}, "15", {"target": mpq(0)}, id="no ratio to 0"),
        pytest.param({"rule": "proportional"}, "15", {"target": mpq(-5), "direction": "lower"}, id="no ratio below 0"),
        pytest.param(
            {"rule": "proportional", "cap": 120}, "18", {"target": mpq(0), "direction": "lower"}, id="0 attains 100 %"
        ),
        pytest.param({"rule": "all_or_nothing"}, "16", {}, id="more than all"),
        pytest.param(
            {"rule": "all_or_nothing", "require": [{"measure": "x", "at_least": 1}]}, "15", {}, id="several conditions"
        ),
        pytest.param({"rule": "bands", "bands": [{"from": 1, "points": 5}]}, "6", {}, id="more than the best band"),
        pytest.param({"rule": "bands", "bands": [{"from": 1, "points": 5}]}, "5", {"actual": None}, id="no actual"),
        pytest.param({"rule": "linear", "zero": 0, "full": 9}, "16", {}, id="beyond the line"),
        pytest.param({"rule": "range", "low": 0, "high": 9}, "16", {}, id="more than within the range"),
        pytest.param({"rule": "shortfall", "per": 1, "points": 1}, "15", {"target": None}, id="nothing to be short of"),
        pytest.param({"rule": "rating"}, "15", {}, id="raters decide"),
        pytest.param({"rule": "deduction", "deduct": [{"measure": "x", "points": 1}]}, "15", {}, id="breaches count"),
        pytest.param({"rule": "formula", "points": "actual"}, "15", {}, id="a formula of the company's own"),
    ],
)
def test_where_no_actual_alone_gives_the_points(parameters: dict[str, Any], points: str, more: dict[str, Any]) -> None:
    case = Case(**{"weight": mpq(15), "actual": mpq(50), "target": mpq(100), **more})

    assert rule(parameters).reach(case, mpq(points)) is None
