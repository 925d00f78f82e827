"""Totals: what missing numbers do, rounding, transfers, who is appraised, gates and grades."""

import datetime
from collections.abc import Mapping
from typing import Any

import pytest
from gmpy2 import mpq

from kpibook.base.words import words
from kpibook.model import Catalog
from kpibook.scoring.explain import item_lines
from kpibook.scoring.results import Card, Status
from kpibook.scoring.sources import Gap
from making import (
    Given,
    adjustment,
    aside,
    catalog,
    cycle,
    indicator,
    item,
    person,
    rating,
    role,
)
from scored import E1, EXCESS, PROPORTIONAL, STRAIGHT, cards, day, grade_of, one_item, total, transfer

# Missing numbers


def two_items(**company: Any) -> Catalog:
    items = [item("x", 40, PROPORTIONAL, target=10), item("y", 60, PROPORTIONAL, target=10)]
    return catalog([role("clerk", items)], [indicator("x"), indicator("y")], **company)


@pytest.mark.parametrize(
    ("policy", "status", "points", "expected", "card_status"),
    [
        ("block", "missing", None, None, "missing"),
        ("exclude", "excluded", None, mpq(80), "scored"),
        ("zero", "missing", mpq(0), mpq(32), "scored"),
    ],
)
def test_a_missing_number_does_what_the_policy_says(
    policy: str, status: str, points: mpq | None, expected: mpq | None, card_status: str
) -> None:
    card = cards(two_items(missing=policy), cycle(E1, {("E1", "x"): 8}))["E1"]

    assert (card.spans[0].items[1].status, card.spans[0].items[1].points) == (status, points)
    assert (card.total, card.status, card.coverage) == (expected, card_status, mpq(40))


@pytest.mark.parametrize("policy", ["block", "exclude", "zero"])
def test_a_number_set_aside_withholds_the_total_under_every_policy(policy: str) -> None:
    month = cycle(E1, {("E1", "x"): 8}, set_aside=(aside("E1", "y"),))

    card = cards(two_items(missing=policy), month)["E1"]

    assert (card.total, card.status, card.grade, card.rank) == (None, Status.SET_ASIDE, None, None)
    assert [gap.set_aside for gap in card.missing] == [month.set_aside[0]]


def test_a_gate_caps_the_exact_total_too() -> None:
    gate = {"when": "x > 5", "total_at_most": 60}
    company = catalog([role("clerk", [item("x", 100, PROPORTIONAL, target=10)], gates=[gate])], [indicator("x")])

    card = cards(company, cycle(E1, {("E1", "x"): "7.999"}))["E1"]

    assert (card.computed, card.total, card.exact) == (mpq("79.99"), mpq(60), mpq(60))


def test_with_nothing_measured_there_is_nothing_to_weigh_anew() -> None:
    card = cards(two_items(missing="exclude"), cycle(E1))["E1"]

    assert (card.total, card.status, card.coverage) == (None, Status.MISSING, mpq(0))


def test_with_nothing_measured_and_zero_the_total_is_zero() -> None:
    card = cards(two_items(missing="zero"), cycle(E1))["E1"]

    assert (card.total, card.status, card.coverage) == (mpq(0), Status.SCORED, mpq(0))


def test_extras_are_added_after_the_rest_is_weighed_anew() -> None:
    items = [item("x", 40, PROPORTIONAL, target=10), item("y", 60, PROPORTIONAL, target=10)]
    extras = [{"indicator": "x", "standard": {**EXCESS, "per": "1"}, "target": 7}]
    company = catalog([role("clerk", items, extras=extras)], [indicator("x"), indicator("y")], missing="exclude")

    assert total(company, cycle(E1, {("E1", "x"): 8})) == mpq(83)


def test_an_item_on_trial_neither_counts_nor_withholds() -> None:
    bands = {"rule": "bands", "bands": [{"points": "7", "label": "fair"}]}
    items = [item("x", 100, PROPORTIONAL, target=10), item("y", 0, bands), item("z", 0, bands)]
    company = catalog([role("clerk", items)], [indicator("x"), indicator("y"), indicator("z")])

    card = cards(company, cycle(E1, {("E1", "x"): 10, ("E1", "y"): 1}))["E1"]

    assert (card.total, card.coverage, card.status) == (mpq(100), mpq(100), "scored")
    assert [score.status for score in card.spans[0].items] == ["scored", "trial", "missing"]
    assert [score.points for score in card.spans[0].items] == [mpq(100), None, None]
    assert (card.spans[0].items[1].actual, card.spans[0].items[1].label) == (mpq(1), "fair")


@pytest.mark.parametrize("missing", ["block", "exclude", "zero"])
def test_an_item_on_trial_is_missing_whatever_the_policy_and_gives_no_points(missing: str) -> None:
    items = [item("x", 100, PROPORTIONAL, target=10), item("y", 0, PROPORTIONAL, target=10)]
    company = catalog([role("clerk", items)], [indicator("x"), indicator("y")], missing=missing)

    card = cards(company, cycle(E1, {("E1", "x"): 10}))["E1"]

    assert (card.total, card.spans[0].items[1].status, card.spans[0].items[1].points) == (mpq(100), "missing", None)
    assert [gap.key for gap in card.missing] == ["y"]


def test_an_item_on_trial_shows_its_attainment_and_no_zero() -> None:
    items = [item("x", 100, PROPORTIONAL, target=10), item("y", 0, PROPORTIONAL, target=10)]
    company = catalog([role("clerk", items)], [indicator("x"), indicator("y")], rounding={"at": "item"})

    trial = cards(company, cycle(E1, {("E1", "x"): 10, ("E1", "y"): 8}))["E1"].spans[0].items[1]

    assert (trial.attainment, trial.points) == (mpq(8, 10), None)
    assert [step.key for step in trial.steps] == ["attained", "trial"]
    assert item_lines(trial, company, words("en")) == (
        "rule: On trial: its weight is 0, it is shown and gives no points.",
        "actual: 8",
        "target: 10 (the role's, handbook/roles/clerk.yml:11)",
        "attainment = 8 ÷ 10 = 80%",
        "on trial: shown, gives no points",
    )


def test_a_scorecard_on_trial_shows_attainments_and_has_no_total() -> None:
    items = [item("x", 0, PROPORTIONAL, target=10), item("y", 0, PROPORTIONAL, target=10)]
    company = catalog([role("clerk", items)], [indicator("x"), indicator("y")])

    card = cards(company, cycle(E1, {("E1", "x"): 12}))["E1"]

    assert (card.total, card.status, card.rank) == (None, "not_applicable", None)
    assert [score.attainment for score in card.spans[0].items] == [mpq(12, 10), None]
    assert [score.status for score in card.spans[0].items] == ["trial", "missing"]


@pytest.mark.parametrize(("levels", "given"), [([], 92), ([{"level": "A", "from": 4, "to": 5}], 5)])
def test_raters_try_an_item_up_to_100_or_its_best_level(levels: list[dict[str, object]], given: int) -> None:
    items = [item("x", 100, PROPORTIONAL, target=10), item("y", 0, {"rule": "rating", "levels": levels})]
    company = catalog([role("clerk", items)], [indicator("x"), indicator("y")])
    month = cycle(E1, {("E1", "x"): 10}, ratings={("E1", "y"): (rating(given),)})

    trial = cards(company, month)["E1"].spans[0].items[1]

    assert (trial.status, trial.actual, trial.points) == ("trial", mpq(given), None)


@pytest.mark.parametrize("then", ["full", "leave_out"])
def test_an_item_on_trial_may_not_apply(then: str) -> None:
    on_trial = item("y", 0, PROPORTIONAL, target=10, exempt={"when": "x > 5", "then": then})
    company = catalog(
        [role("clerk", [item("x", 100, PROPORTIONAL, target=10), on_trial])], [indicator("x"), indicator("y")]
    )

    card = cards(company, cycle(E1, {("E1", "x"): 10}))["E1"]

    assert (card.total, card.spans[0].items[1].status, card.spans[0].items[1].points) == (
        mpq(100),
        "not_applicable",
        None,
    )
    assert item_lines(card.spans[0].items[1], company, words("en"))[-1] == "x > 5 (10 > 5): does not apply"


def test_an_item_without_indicator_or_standard_is_left_out() -> None:
    items = [item("x", 100, PROPORTIONAL, target=10), {"indicator": "y", "weight": 5}, item("gone", 5, PROPORTIONAL)]

    card = cards(catalog([role("clerk", items)], [indicator("x"), indicator("y")]), cycle(E1, {("E1", "x"): 10}))["E1"]

    assert [score.indicator.id for score in card.spans[0].items] == ["x"]


# Totals


@pytest.mark.parametrize(
    ("exact", "expected"),
    [("12.25", "12.3"), ("87.25", "87.3"), ("79.95", "80"), ("79.9499", "79.9"), ("93.75", "93.8"), ("100", "100")],
)
def test_a_tie_is_rounded_up(exact: str, expected: str) -> None:
    assert total(one_item(STRAIGHT), cycle(E1, {("E1", "x"): exact})) == mpq(expected)


def test_a_negative_tie_is_rounded_away_from_zero() -> None:
    month = cycle(E1, {("E1", "x"): 0}, adjustments={"E1": (adjustment("-2.25"),)})

    assert total(one_item(STRAIGHT), month) == mpq("-2.3")


@pytest.mark.parametrize(("at", "expected"), [("item", "60.9"), ("total", "60.8")])
def test_items_or_the_total_are_rounded(at: str, expected: str) -> None:
    items = [item(key, weight, {**STRAIGHT, "full": weight}) for key, weight in (("x", 30), ("y", 30), ("z", 40))]
    company = catalog([role("clerk", items)], [indicator(key) for key in "xyz"], rounding={"at": at})

    card = cards(company, cycle(E1, {("E1", "x"): "10.25", ("E1", "y"): "20.25", ("E1", "z"): "30.25"}))["E1"]

    assert card.total == mpq(expected)
    assert card.spans[0].items[0].points == mpq("10.3" if at == "item" else "10.25")


def test_adjustments_are_added_before_rounding() -> None:
    month = cycle(E1, {("E1", "x"): "80.02"}, adjustments={"E1": (adjustment(2), adjustment("-0.07"))})

    card = cards(one_item(STRAIGHT), month)["E1"]

    assert card.total == mpq(82)
    assert card.spans[0].total == mpq("80.02")
    assert len(card.adjustments) == 2


def test_an_adjustment_set_aside_withholds_the_total() -> None:
    month = cycle(E1, {("E1", "x"): 80}, set_aside=(aside("E1", "", "adjustments.csv"),))

    card = cards(one_item(STRAIGHT), month)["E1"]

    assert (card.total, card.status) == (None, Status.SET_ASIDE)
    assert [gap.set_aside for gap in card.missing] == list(month.set_aside)


def test_a_row_set_aside_without_a_subject_concerns_nobody() -> None:
    month = cycle(E1, {("E1", "x"): 80}, set_aside=(aside("", "", "adjustments.csv"), aside("", "x")))

    assert total(one_item(STRAIGHT), month) == mpq(80)


def test_two_slices_of_a_transfer_are_weighed_by_their_days() -> None:
    card = cards(*transfer())["E1"]

    assert card.total == mpq("86.8")
    assert [(part.role.id, part.days, part.total) for part in card.spans] == [
        ("clerk", 10, mpq(80)),
        ("guard", 21, mpq(90)),
    ]
    assert card.role.id == "guard"


def test_a_transfer_with_one_slice_missing_has_no_total() -> None:
    company, month = transfer()
    numbers = [key for key in month.actuals if key[1] == "y"]

    card = cards(company, cycle(month.people, dict.fromkeys(numbers, 90)))["E1"]

    assert (card.total, card.status) == (None, Status.MISSING)
    assert card.coverage == mpq(2100, 31)


def test_a_slice_that_is_only_described_does_not_count() -> None:
    company, month = transfer()
    described = role("clerk", [{"indicator": "x"}])

    card = cards(catalog([described, company.roles["guard"]], company.indicators.values()), month)["E1"]

    assert (card.total, card.coverage) == (mpq(90), mpq(100))


def test_rows_outside_the_cycle_make_no_total() -> None:
    company, month = transfer()
    rows = tuple(person("E1", name, last_day=datetime.date(2026, 9, 30)) for name in ("clerk", "guard"))

    card = cards(company, cycle(rows, {("E1", "x"): 80, ("E1", "y"): 90}))["E1"]

    assert (card.total, card.status) == (None, Status.MISSING)
    assert month.people


def test_a_role_without_weights_is_only_described() -> None:
    described = role("clerk", [{"indicator": "x"}, item("y", None, STRAIGHT)])
    company = catalog([described], [indicator("x"), indicator("y")])

    card = cards(company, cycle(E1, {("E1", "y"): 3}))["E1"]

    assert (card.total, card.status, card.coverage, card.rank) == (None, Status.NOT_APPLICABLE, mpq(0), None)
    assert [score.status for score in card.spans[0].items] == [Status.NOT_APPLICABLE]


def test_a_row_of_an_unknown_role_makes_no_card() -> None:
    assert not cards(one_item(STRAIGHT), cycle([person("E1", "ghost")]))


# Eligibility


@pytest.mark.parametrize(("days", "expected"), [(60, Status.SCORED), (61, Status.EXCLUDED)])
def test_who_was_away_for_too_long_is_not_appraised(days: int, expected: Status) -> None:
    company = one_item(STRAIGHT, eligibility={"max_absent_days": 60})

    card = cards(company, cycle([person("E1", numbers={"absent_days": mpq(days)})], {("E1", "x"): 80}))["E1"]

    assert card.status is expected
    assert card.spans[0].items[0].status is expected
    assert (card.total is None) == (card.rank is None) == (expected is Status.EXCLUDED)


def test_absent_days_of_two_rows_add_up() -> None:
    rows = [
        person("E1", numbers={"absent_days": mpq(days)}, first_day=day(first)) for days, first in ((31, 1), (30, 15))
    ]

    assert cards(one_item(STRAIGHT, eligibility={"max_absent_days": 60}), cycle(rows))["E1"].status is Status.EXCLUDED


# Gates and grades


@pytest.mark.parametrize(
    ("exact", "grade"), [("100", "A"), ("89.95", "A"), ("89.94", "B"), ("60", "C"), ("59.9", "D"), ("0", "D")]
)
def test_the_grade_is_the_highest_that_the_rounded_total_reaches(exact: str, grade: str) -> None:
    found = cards(one_item(STRAIGHT), cycle(E1, {("E1", "x"): exact}))["E1"].grade

    assert found is not None
    assert found.id == grade


def test_a_total_under_every_grade_has_none() -> None:
    month = cycle(E1, {("E1", "x"): 0}, adjustments={"E1": (adjustment(-5),)})

    assert cards(one_item(STRAIGHT), month)["E1"].grade is None


def gated(late: Given | None, *gates: Mapping[str, str], **values: Any) -> Card:
    numbers: dict[tuple[str, str], Given] = {("E1", "x"): 95}
    if late is not None:
        numbers["E1", "late"] = late
    set_aside = values.pop("set_aside", ())
    month = cycle(E1, numbers, set_aside=set_aside)
    return cards(one_item(STRAIGHT, gates=gates, **values), month)["E1"]


@pytest.mark.parametrize(("late", "grade", "holds"), [(0, "A", False), (1, "C", True)])
def test_a_gate_caps_the_grade(late: int, grade: str, holds: bool) -> None:
    card = gated(late, {"when": "late > 0", "grade_at_most": "C"})

    assert (card.total, grade_of(card)) == (mpq(95), grade)
    assert [outcome.holds for outcome in card.gates] == [holds]


def test_a_gate_never_lifts_a_grade() -> None:
    month = cycle(E1, {("E1", "x"): 10, ("E1", "late"): 1})
    company = one_item(STRAIGHT, gates=[{"when": "late > 0", "grade_at_most": "C"}])

    assert grade_of(cards(company, month)["E1"]) == "D"


def test_a_gate_caps_the_total_and_so_the_grade() -> None:
    card = gated(1, {"when": "late > 0", "total_at_most": "70"}, {"when": "late > 0", "total_at_most": "80"})

    assert (card.total, grade_of(card)) == (mpq(70), "C")


def test_a_gate_on_a_grade_that_does_not_exist_changes_nothing() -> None:
    assert grade_of(gated(1, {"when": "late > 0", "grade_at_most": "Z"})) == "A"


@pytest.mark.parametrize(
    ("policy", "expected"), [("block", Status.MISSING), ("exclude", Status.SCORED), ("zero", Status.SCORED)]
)
def test_an_undecided_gate_withholds_the_total_where_missing_blocks(policy: str, expected: Status) -> None:
    card = gated(None, {"when": "late > 0", "grade_at_most": "C"}, missing=policy)

    assert card.status is expected
    assert card.gates[0].holds is None
    assert [gap.key for gap in card.missing] == ["late"]


def test_a_gate_on_a_number_set_aside_always_withholds() -> None:
    gate = {"when": "late > 0", "grade_at_most": "C"}

    assert gated(None, gate, missing="zero", set_aside=(aside("E1", "late"),)).status is Status.SET_ASIDE


def test_a_gate_that_divides_by_zero_is_undecided() -> None:
    card = gated(0, {"when": "1 / late > 0", "grade_at_most": "C"})

    assert (card.gates[0].holds, card.status) == (None, Status.MISSING)
    assert [gap.gap for gap in card.missing] == [Gap.ZERO_DIVISOR]
