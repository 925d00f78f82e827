"""Conditions of grades, targets that change within a cycle, cards of departments and of the company: by hand."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import pytest
from gmpy2 import mpq

from kpibook.exchange.exports import items_csv, totals_csv
from kpibook.model import Catalog, Department
from kpibook.pages.cards.next_grade import next_grade
from kpibook.pages.figures import Figures
from kpibook.scoring import score
from kpibook.scoring.explain import explain_card, item_lines, total_lines
from kpibook.scoring.results import Card, Results, Status
from kpibook.scoring.sources import TargetOrigin
from making import adjustment, catalog, cycle, indicator, item, measure, person, role, target
from one_card import EN, POINTS, TEAM, ZH, Numbers, first, one


def graded(when: Any, numbers: Numbers, roles: Sequence[str] = (), **settings: Any) -> tuple[Catalog, Card]:
    made = catalog(
        [role("clerk", [item("x", 100, POINTS)])],
        [indicator("x")],
        [measure("on_time"), measure("defects")],
        **settings,
    )
    best = made.grades[0].build(id="A", name="excellent", from_=90, when=when, roles=list(roles))
    made = Catalog(made.company, made.departments, (best, *made.grades[1:]), made.measures, made.indicators, made.roles)
    return made, one(made, numbers)


CONJUNCTION = ["on_time == 1", "defects == 0", "total >= 95"]


@pytest.mark.parametrize(
    ("points", "on_time", "defects", "grade"),
    [(95, 1, 0, "A"), (94, 1, 0, "B"), (95, 0, 0, "B"), (95, 1, 1, "B"), (85, 1, 0, "B")],
)
def test_a_grade_with_conditions_needs_all_of_them(points: int, on_time: int, defects: int, grade: str) -> None:
    numbers = {("E1", "x"): points, ("E1", "on_time"): on_time, ("E1", "defects"): defects}

    _, card = graded(CONJUNCTION, numbers)

    assert card.grade
    assert card.grade.id == grade


def test_the_conditions_of_a_grade_are_told_with_their_numbers() -> None:
    made, card = graded(CONJUNCTION, {("E1", "x"): 95, ("E1", "on_time"): 0, ("E1", "defects"): 0})

    lines = total_lines(card, made, ZH)

    assert "等级 A excellent 要求 on_time = 1：0 = 1，不符合" in lines
    assert "等级 A excellent 要求 总分 ≥ 95：95 ≥ 95，符合" in lines
    assert "总分 95.0 达到 80 分，等级 B" in lines


@pytest.mark.parametrize(("roles", "grade", "asked"), [(["clerk"], "B", 2), (["guard"], "A", 0), ([], "B", 2)])
def test_conditions_of_a_grade_may_be_asked_of_some_roles_only(roles: list[str], grade: str, asked: int) -> None:
    numbers = {("E1", "x"): 95, ("E1", "on_time"): 0, ("E1", "defects"): 0}

    _, card = graded(CONJUNCTION[:2], numbers, roles)

    assert card.grade
    assert (card.grade.id, len(card.conditions)) == (grade, asked)


def test_a_role_of_which_nothing_is_asked_needs_no_number_for_it() -> None:
    _, card = graded("defects == 0", {("E1", "x"): 95}, ["guard"])

    assert (card.status, card.grade and card.grade.id) == (Status.SCORED, "A")


def test_a_card_tells_what_the_grade_above_asks_for_beside_the_total() -> None:
    made, card = graded(CONJUNCTION, {("E1", "x"): 95, ("E1", "on_time"): 0, ("E1", "defects"): 0})

    found = next_grade(card, Figures(Results(cycle([]), (card,)), made, ZH))

    told = (found.heading, found.text, found.rows)
    assert told == ("怎样得到 A", "总分已经够了，还要符合：on_time等于 1。", ())


def test_one_condition_needs_no_list() -> None:
    _, card = graded("defects == 0", {("E1", "x"): 95, ("E1", "defects"): 0})

    assert card.grade
    assert card.grade.id == "A"


@pytest.mark.parametrize(
    ("missing", "status", "total", "grade"),
    [("block", Status.MISSING, None, None), ("exclude", Status.SCORED, mpq(95), "B")],
)
def test_a_condition_that_cannot_be_told_withholds_as_a_gate_does(
    missing: str, status: Status, total: mpq | None, grade: str | None
) -> None:
    _, card = graded("defects == 0", {("E1", "x"): 95}, missing=missing)

    assert (card.status, card.total, card.grade and card.grade.id) == (status, total, grade)
    assert [gap.key for gap in card.missing] == ["defects"]


def test_a_condition_of_a_grade_out_of_reach_is_not_looked_at() -> None:
    _, card = graded("defects == 0", {("E1", "x"): 70})

    assert (card.status, card.conditions) == (Status.SCORED, ())


@pytest.mark.parametrize(("ties", "ranks"), [("shared", [1, 1, 3]), ("dense", [1, 1, 2])])
def test_behind_a_tie_ranks_count_on_or_not(ties: str, ranks: list[int]) -> None:
    made = catalog([role("clerk", [item("x", 100, POINTS)])], [indicator("x")], rank={"ties": ties})
    numbers: Numbers = {("E1", "x"): 90, ("E2", "x"): 90, ("E3", "x"): 80}

    assert [card.rank for card in score(made, cycle(TEAM, numbers), {}).cards] == ranks


def test_a_target_of_a_person_s_own_is_no_change_of_the_role_s() -> None:
    made = catalog([role("clerk", [item("x", 100, {"rule": "proportional"}, target=100)])], [indicator("x")])
    rows = {("E1", "x"): target(80, reason="market", approved_by="E9")}

    found = first(one(made, {("E1", "x"): 76}, targets=rows))

    assert (found.attainment, found.points) == (mpq(95, 100), mpq(95))
    assert found.target
    assert (found.target.value, found.target.original) == (mpq(80), None)
    assert found.original is None
    assert item_lines(found, made, ZH)[-1] == "100 × 95% = 95 分"


@pytest.mark.parametrize("own", [100, 50, None])
def test_a_target_changed_within_the_cycle_shows_both_attainments(own: int | None) -> None:
    made = catalog([role("clerk", [item("x", 100, {"rule": "proportional"}, target=own)])], [indicator("x")])
    rows = {("E1", "x"): target(80, reason="market", approved_by="E9", original=100)}

    found = first(one(made, {("E1", "x"): 76}, targets=rows))

    assert (found.attainment, found.points) == (mpq(95, 100), mpq(95))
    assert item_lines(found, made, EN)[-1] == ("before its change the target was 100: attainment 76%, 76 points")


def test_a_target_that_stays_the_same_shows_nothing_beside_it() -> None:
    made = catalog([role("clerk", [item("x", 100, {"rule": "proportional"}, target=100)])], [indicator("x")])

    found = first(one(made, {("E1", "x"): 76}, targets={("E1", "x"): target(100)}))

    assert found.original is None


def test_a_changed_target_without_a_ratio_shows_its_points() -> None:
    standard = {"rule": "formula", "points": "weight * (actual - target + 50) / 100"}
    made = catalog([role("clerk", [item("x", 100, standard, target=20)])], [indicator("x")])

    found = first(one(made, {("E1", "x"): 50}, targets={("E1", "x"): target(10, original=20)}))

    assert item_lines(found, made, EN)[-1] == "before its change the target was 20: 80 points"


def test_computed_and_adjusted_totals_stand_apart() -> None:
    made = catalog([role("clerk", [item("x", 100, POINTS)])], [indicator("x")])
    month = cycle([person("E1")], {("E1", "x"): "79.96"}, adjustments={"E1": (adjustment(2), adjustment("-0.5"))})

    results = score(made, month, {})
    [card] = results.cards
    row = next(csv.DictReader(io.StringIO("".join(totals_csv(results, made, EN)).removeprefix("\ufeff"))))

    assert (card.computed, card.adjustment, card.total) == (mpq("79.96"), mpq("1.5"), mpq("81.5"))
    assert (row["computed"], row["adjustment"], row["total"]) == ("80.0", "1.5", "81.5")


def units(**company: Any) -> Catalog:
    scorecard = [{"section": "All", "items": [item("sales", 100, {"rule": "proportional"}, target=200)]}]
    south = Department.build(
        id="south",
        name="South",
        parent="shop",
        scorecard=scorecard,
        gates=[{"when": "sales < 50", "grade_at_most": "C"}],
    )
    return catalog(
        [role("clerk", [item("x", 100, POINTS)])], [indicator("x"), indicator("sales")], departments=[south], **company
    )


NUMBERS: Numbers = {("E1", "x"): 90, ("E2", "x"): 80, ("E1", "sales"): 60, ("E2", "sales"): 100}
SOUTH = [person("E1", department="south"), person("E2", department="south")]


def test_a_department_has_a_card_of_its_own() -> None:
    made = units()

    results = score(made, cycle(SOUTH, NUMBERS), {})
    [south] = results.units

    assert (south.person, south.name, south.is_unit, south.rank) == ("south", "South", True, None)
    assert (south.total, south.grade and south.grade.id) == (mpq(80), "B")
    assert [card.person for card in results.cards] == ["E1", "E2"]
    assert explain_card(south, made, ZH).startswith("South（south）\n")


def test_the_company_has_a_card_if_it_has_a_scorecard() -> None:
    scorecard = [{"section": "All", "items": [item("sales", 100, {"rule": "proportional"}, target=400)]}]

    results = score(units(scorecard=scorecard), cycle(SOUTH, NUMBERS), {})

    assert [(card.person, card.name, card.total) for card in results.units] == [
        ("south", "South", mpq(80)),
        ("company", "Acme", mpq(40)),
    ]


def test_targets_of_a_department_hold_on_its_own_card() -> None:
    month = cycle(SOUTH, NUMBERS, targets={("south", "sales"): target(320)})

    [south] = score(units(), month, {}).units

    found = first(south).target
    assert found
    assert (south.total, found.origin) == (mpq(50), TargetOrigin.DEPARTMENT)


def test_a_gate_of_a_department_holds_on_its_own_card() -> None:
    numbers = {**NUMBERS, ("south", "sales"): 40}

    [south] = score(units(), cycle(SOUTH, numbers), {}).units

    assert south.grade
    assert south.grade.id == "D"
    assert [outcome.holds for outcome in south.gates] == [True]


def test_a_scorecard_without_weights_is_described_only_for_departments_too() -> None:
    scorecard = [{"section": "All", "items": [item("sales", None, POINTS)]}]
    south = Department.build(id="south", name="South", scorecard=scorecard)
    made = catalog([role("clerk", [item("x", 100, POINTS)])], [indicator("x"), indicator("sales")], departments=[south])

    [card] = score(made, cycle([]), {}).units

    assert (card.status, card.total, card.is_unit) == (Status.NOT_APPLICABLE, None, True)


def test_the_tables_hold_units_behind_everybody_and_name_no_role() -> None:
    made = units()
    results = score(made, cycle(SOUTH, NUMBERS), {})

    items = list(csv.reader(io.StringIO("".join(items_csv(results, made, EN)))))
    totals = list(csv.reader(io.StringIO("".join(totals_csv(results, made, EN)))))

    assert [row[1:3] for row in items[1:]] == [["E1", "clerk"], ["E2", "clerk"], ["south", ""]]
    assert totals[-1][1:8] == ["south", "South", "", "", "80.0", "B", ""]
