"""Items that do not apply, means over people, raters, labels: by hand."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from gmpy2 import mpq
from pydantic import ValidationError

from kpibook.checking.checks import check_catalog
from kpibook.exchange.exports import items_csv
from kpibook.model import Assignment, Catalog, Company, Department, Relation
from kpibook.rules.formulas import Name
from kpibook.scoring import score
from kpibook.scoring.explain import explain_card, item_lines, rule_sentence, source_text, total_lines
from kpibook.scoring.results import Card, Results, Status
from kpibook.scoring.sources import Gap
from making import Given, aside, catalog, cycle, indicator, item, measure, person, rating, role
from one_card import EN, POINTS, TEAM, ZH, Numbers, first, one

NO_REPAIRS = {"when": "repairs == 0"}


def with_exemption(then: str, **settings: Any) -> Catalog:
    feedback = item("feedback", 40, {"rule": "proportional"}, target=10, exempt={**NO_REPAIRS, "then": then})
    made = role("clerk", [feedback, item("x", 60, POINTS)])
    return catalog([made], [indicator("feedback"), indicator("x")], [measure("repairs")], **settings)


def test_an_item_that_does_not_apply_gives_its_full_points() -> None:
    made = with_exemption("full")

    card = one(made, {("E1", "repairs"): 0, ("E1", "x"): 50})
    score = first(card)

    assert (score.status, score.points) == (Status.NOT_APPLICABLE, mpq(40))
    assert (card.total, card.coverage) == (mpq(70), mpq(100))
    assert item_lines(score, made, ZH)[-1] == "repairs = 0（0 = 0）：本项不适用，按满分 40 分计"


def test_an_item_that_is_left_out_has_the_others_scaled_up() -> None:
    made = with_exemption("leave_out")

    card = one(made, {("E1", "repairs"): 0, ("E1", "x"): 50})

    assert (first(card).status, first(card).points) == (Status.NOT_APPLICABLE, None)
    assert (card.total, card.coverage) == (mpq(50), mpq(100))
    assert "30 × 100 ÷ 60 = 50" in "".join(total_lines(card, made, ZH))


@pytest.mark.parametrize("then", ["full", "leave_out"])
def test_an_item_that_applies_is_scored_by_its_rule(then: str) -> None:
    card = one(with_exemption(then), {("E1", "repairs"): 1, ("E1", "feedback"): 5, ("E1", "x"): 50})

    assert (first(card).status, first(card).points, card.total) == (Status.SCORED, mpq(20), mpq(50))


@pytest.mark.parametrize(
    ("missing", "status", "total"),
    [
        ("block", Status.MISSING, None),
        ("exclude", Status.EXCLUDED, mpq(50)),
        ("zero", Status.MISSING, mpq(30)),
    ],
)
def test_no_data_is_not_no_cases(missing: str, status: Status, total: mpq | None) -> None:
    card = one(with_exemption("full", missing=missing), {("E1", "x"): 50})

    assert (first(card).status, card.total) == (status, total)
    assert [gap.key for gap in first(card).missing] == ["repairs"]


def test_a_missing_item_that_counts_as_zero_keeps_its_weight_beside_one_left_out() -> None:
    items = [
        item("feedback", 40, POINTS, exempt={**NO_REPAIRS, "then": "leave_out"}),
        item("x", 30, POINTS),
        item("y", 30, POINTS),
    ]
    made = catalog(
        [role("clerk", items)],
        [indicator("feedback"), indicator("x"), indicator("y")],
        [measure("repairs")],
        missing="zero",
    )

    card = one(made, {("E1", "repairs"): 0, ("E1", "x"): 100})

    assert (card.total, card.coverage) == (mpq(50), mpq(50))


def test_a_card_of_which_nothing_applies_has_no_total_and_waits_for_nothing() -> None:
    made = catalog(
        [role("clerk", [item("x", 100, POINTS, exempt={**NO_REPAIRS, "then": "leave_out"})])],
        [indicator("x")],
        [measure("repairs")],
    )

    card = one(made, {("E1", "repairs"): 0})

    assert (card.status, card.total, card.missing) == (Status.NOT_APPLICABLE, None, ())


def test_a_sum_over_people_does_not_wait_for_an_item_that_may_not_apply() -> None:
    made = with_exemption("full")
    people = [person("E1"), person("E2")]
    numbers: Numbers = {
        ("E1", "repairs"): 0,
        ("E2", "repairs"): 2,
        ("E1", "x"): 1,
        ("E2", "x"): 1,
        ("E2", "feedback"): 7,
    }
    sums = catalog(
        [*made.roles.values()],
        [*made.indicators.values(), indicator("all", formula="department.feedback")],
        [*made.measures.values()],
    )
    boss = role("boss", [item("all", 100, POINTS)])
    sums = catalog([*sums.roles.values(), boss], [*sums.indicators.values()], [*sums.measures.values()])

    cards = score(sums, cycle([*people, person("E3", "boss")], numbers), {}).cards

    assert first(cards[2]).actual == mpq(7)


@pytest.mark.parametrize(
    ("then", "zh", "en"),
    [
        (
            "full",
            "“repairs = 0”时本项不适用，得满分 40 分。",
            " Where repairs = 0, the item does not apply and gives its full 40 points.",
        ),
        (
            "leave_out",
            "“repairs = 0”时本项不适用，不计入总分，其余各项按权重折算。",
            " Where repairs = 0, the item does not apply and does not count: the other items are scaled up.",
        ),
    ],
)
def test_the_sentence_says_when_an_item_does_not_apply(then: str, zh: str, en: str) -> None:
    made = with_exemption(then)
    [feedback, _] = made.roles["clerk"].items

    assert rule_sentence(feedback, made, ZH).endswith(zh)
    assert rule_sentence(feedback, made, EN).endswith(en)


def peers(formula: str, people: Sequence[Assignment], numbers: Numbers, **values: Any) -> Results:
    """The results of people scored by one indicator with a formula."""
    made = catalog(
        [role("clerk", [item("x", 100, POINTS)]), role("guard", [item("x", 100, POINTS)])],
        [indicator("x", formula=formula), indicator("rate", formula="sales / visits")],
        [measure("sales", unit="元"), measure("visits")],
        [Department.build(id="south", name="South", parent="shop"), Department.build(id="north", name="North")],
        **{key: values.pop(key) for key in ("eligibility",) if key in values},
    )
    return score(made, cycle(people, numbers, **values), {})


SALES: Numbers = {("E1", "sales"): 36, ("E2", "sales"): 24, ("E3", "sales"): 30}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("sales / department_mean.sales * 100", ["120", "80", "100"]),
        ("sales / company_mean.sales * 100", ["120", "80", "100"]),
        ("peers_mean.sales", ["27", "33", "30"]),
    ],
)
def test_a_number_is_compared_with_the_mean(formula: str, expected: list[str]) -> None:
    cards = peers(formula, TEAM, SALES).cards

    assert [first(card).actual for card in cards] == [mpq(value) for value in expected]


def test_departments_below_count_and_others_do_not() -> None:
    people = [person("E1"), person("E2", department="south"), person("E3", department="north")]

    cards = peers("department_mean.sales", people, SALES).cards

    assert [first(card).actual for card in cards] == [mpq(30), mpq(24), mpq(30)]


def test_who_lacks_the_number_or_is_not_assessed_is_not_in_the_mean() -> None:
    people = [person("E1"), person("E2", numbers={"absent_days": mpq(61)}), person("E3"), person("E4")]

    cards = peers("department_mean.sales", people, SALES, eligibility={"max_absent_days": 60}).cards

    assert first(cards[3]).actual == mpq(33)


def test_a_mean_waits_for_a_number_that_was_set_aside() -> None:
    numbers = {key: value for key, value in SALES.items() if key[0] != "E2"}

    card = peers("department_mean.sales", TEAM, numbers, set_aside=(aside("E2", "sales"),)).cards[0]

    assert (card.status, first(card).missing[0].subject) == (Status.SET_ASIDE, "E2")


def test_the_mean_of_a_ratio_is_that_of_everybodys_own() -> None:
    visits: Numbers = {("E1", "visits"): 6, ("E2", "visits"): 12, ("E3", "visits"): 10}

    cards = peers("department_mean.rate", TEAM, {**SALES, **visits}).cards

    assert first(cards[0]).actual == (mpq(6) + 2 + 3) / 3


def test_nobody_is_compared_with_nobody() -> None:
    card = peers("peers_mean.sales", TEAM[:1], {("E1", "sales"): 36}).cards[0]

    assert (card.status, first(card).missing[0].gap) == (Status.MISSING, Gap.NO_PEERS)


def test_a_mean_names_its_rows() -> None:
    results = peers("sales / peers_mean.sales * 100", TEAM, SALES)
    made = catalog([], [indicator("x")], [measure("sales", name="销售额", unit="元")])
    [own, others] = first(results.cards[0]).sources

    assert (own.value, others.value) == (mpq(36), mpq(27))
    assert [(part.scope, part.value, len(part.readings)) for part in others.parts] == [
        ("department_mean", mpq(30), 3),
        ("", mpq(36), 1),
    ]
    assert "部门其他人的人均销售额" in explain_card(results.cards[0], made, ZH)


def test_means_of_an_earlier_cycle_are_those_of_its_people() -> None:
    made = catalog(
        [role("clerk", [item("x", 100, POINTS)])],
        [indicator("x", formula="previous.gap"), indicator("gap", formula="sales - department_mean.sales")],
        [measure("sales")],
    )
    september = cycle(TEAM[:2], SALES, period="2026-09")

    cards = score(made, cycle(TEAM[:1], {("E1", "sales"): 1}), {september.period: september}).cards

    assert first(cards[0]).actual == mpq(6)


def rated(ratings: Mapping[str, Given], **settings: Any) -> tuple[Catalog, Card]:
    made = catalog([role("clerk", [item("x", 100, {"rule": "rating"})])], [indicator("x")], **settings)
    rows = tuple(rating(value, relation=who, line=at) for at, (who, value) in enumerate(ratings.items(), 2))
    return made, one(made, {}, ratings={("E1", "x"): rows})


ALL = {"manager": "0.5", "peer": "0.3", "self": "0.2"}


@pytest.mark.parametrize(("how", "expected"), [("share", mpq(680, 8)), ("block", None)])
def test_a_missing_rater_is_shared_among_the_others_or_waited_for(how: str, expected: mpq | None) -> None:
    made, card = rated({"manager": 88, "peer": 80}, raters=ALL, missing_rater=how)

    assert first(card).points == expected
    if expected is None:
        assert [(gap.gap, gap.relation) for gap in card.missing] == [(Gap.NOT_RATED, Relation.SELF)]
        assert "x（E1，2026-10）还没有本人评分" in item_lines(first(card), made, ZH)


def test_three_raters_by_their_weights_are_the_mean_of_all() -> None:
    third = {"manager": "1", "peer": "1", "self": "1"}

    _, card = rated({"manager": 88, "peer": 80, "self": 92}, raters=third)

    assert (first(card).points, card.total) == (mpq(260, 3), mpq("86.7"))


def test_equal_thirds_make_1_and_the_plain_mean() -> None:
    third = dict.fromkeys(("manager", "peer", "self"), "1/3")

    made, card = rated({"manager": 88, "peer": 80, "self": 92}, raters=third)

    assert not [problem for problem in check_catalog(made) if problem.code.startswith("raters")]
    assert (first(card).points, card.total) == (mpq(260, 3), mpq("86.7"))
    assert "上级 33.3333%、同事 33.3333%、本人 33.3333%" in rule_sentence(made.roles["clerk"].items[0], made, ZH)


@pytest.mark.parametrize("weight", ["1/0", "0/0", "1/", "/3", "1/3/3", "-1/3", "１/３", "1 / 3", "1/33333"])
def test_a_weight_that_is_no_fraction_is_no_number(weight: str) -> None:
    with pytest.raises(ValidationError, match="not a number"):
        Company.build(name="Acme", language="en", raters={"manager": weight})


def test_a_self_score_of_no_weight_is_shown_and_does_not_count() -> None:
    made, card = rated({"self": 100, "manager": 80}, raters={"manager": "1", "self": "0"})

    assert first(card).points == mpq(80)
    assert [row.relation for row in first(card).ratings] == [Relation.SELF, Relation.MANAGER]
    assert "本人的评分只列出，不计分" in rule_sentence(made.roles["clerk"].items[0], made, ZH)


def test_the_sentence_says_that_all_raters_are_waited_for() -> None:
    made, _ = rated({}, raters=ALL, missing_rater="block")
    [only] = made.roles["clerk"].items

    assert "各方都评分后才计分" in rule_sentence(only, made, ZH)
    assert "it waits until every side has rated" in rule_sentence(only, made, EN)


LEVELS = [
    {"level": "good", "from": 5, "to": 5},
    {"level": "fair", "from": 2, "to": 4},
    {"level": "poor", "from": 0, "to": 2},
]


@pytest.mark.parametrize(
    ("value", "level", "label"),
    [(5, "", "good"), (2, "", "fair"), (2, "poor", "poor"), (1, "", "poor"), (None, "good", "good")],
)
def test_a_rating_keeps_the_label_of_its_level(value: int | None, level: str, label: str) -> None:
    items = [item("x", 5, {"rule": "rating", "levels": LEVELS}), item("y", 95, POINTS)]
    made = catalog([role("clerk", items)], [indicator("x"), indicator("y")])
    month = cycle([person("E1")], {("E1", "y"): 0}, ratings={("E1", "x"): (rating(value, level),)})

    results = score(made, month, {})
    rows = list(csv.reader(io.StringIO("".join(items_csv(results, made, EN)))))

    assert first(results.cards[0]).label == label
    assert [row[-1] for row in rows] == ["label", label, ""]


def test_a_mean_between_two_levels_has_no_label() -> None:
    items = [item("x", 5, {"rule": "rating", "levels": LEVELS}), item("y", 95, POINTS)]
    made = catalog([role("clerk", items)], [indicator("x"), indicator("y")], raters={"manager": "0.5", "peer": "0.5"})
    rows = (rating(5), rating(4, relation="peer"))

    card = one(made, {("E1", "y"): 0}, ratings={("E1", "x"): rows})

    assert (first(card).points, first(card).label) == (mpq("4.5"), "")


def test_a_band_keeps_its_label() -> None:
    bands = [{"from": 60, "points": 100, "label": "reached"}, {"points": 0}]
    made = catalog([role("clerk", [item("x", 100, {"rule": "bands", "bands": bands})])], [indicator("x")])

    assert [first(one(made, {("E1", "x"): value})).label for value in (70, 50)] == ["reached", ""]


def test_what_comparisons_tell_gives_no_points() -> None:
    compares = [
        {"when": "share_sales < share_orders", "says": "orders are small"},
        {"when": "share_sales > 1", "says": "never"},
        {"when": "lacking > 0", "says": "never either"},
    ]
    made = catalog(
        [role("clerk", [item("x", 100, POINTS)])],
        [indicator("x", compares=compares)],
        [measure("share_sales"), measure("share_orders"), measure("lacking")],
    )
    numbers: Numbers = {("E1", "x"): 50, ("E1", "share_sales"): "0.24", ("E1", "share_orders"): "0.3"}

    card = one(made, numbers)

    assert (first(card).findings, card.total) == (("orders are small",), mpq(50))
    assert item_lines(first(card), made, ZH)[-1] == "提示：orders are small"


def test_a_name_is_read_as_it_is_written() -> None:
    assert [Name.parse(text) for text in ("sales", "peers_mean.sales")] == [
        Name("", "sales"),
        Name("peers_mean", "sales"),
    ]


STEPPED = "if(absent >= 3, 5, if(absent >= 2, 3, if(absent >= 1, 1, 0)))"


def stepped(scope: str, numbers: Numbers) -> Card:
    """The card of E1, whose department loses points by the steps of absence."""
    made = catalog(
        [role("clerk", [item("loss", 100, {"rule": "deduction", "deduct": [{"measure": "loss", "points": 1}]})])],
        [indicator("loss", formula=f"{scope}.own_loss"), indicator("own_loss", formula=STEPPED)],
        [measure("absent")],
    )
    return score(made, cycle(TEAM, numbers), {}).cards[0]


@pytest.mark.parametrize(("scope", "points"), [("department", 95), ("department_sum", 97)])
def test_steps_are_looked_up_for_the_department_or_for_each_person(scope: str, points: int) -> None:
    card = stepped(scope, {(who, "absent"): 1 for who in ("E1", "E2", "E3")})

    assert card.total == mpq(points)


def test_a_sum_of_everybodys_own_tells_its_rows() -> None:
    made = catalog([], [indicator("own_loss", name="扣分", unit="分", formula=STEPPED)], [measure("absent")])
    card = stepped("department_sum", {("E1", "absent"): 3, ("E2", "absent"): 0, ("E3", "absent"): 2})

    [of_formula] = first(card).sources
    [source] = of_formula.parts

    assert (source.value, [reading.value for reading in source.readings]) == (mpq(8), [mpq(3), mpq(0), mpq(2)])
    assert source_text(source, made, ZH).startswith("部门各人扣分之和 8 分（由 3 个数据逐人算出后相加：")


def test_a_sum_of_everybodys_own_waits_for_what_a_scorecard_needs() -> None:
    needy = role("clerk", [item("own_loss", 100, {"rule": "linear", "zero": "10", "full": "0"})])
    boss = role("boss", [item("loss", 100, {"rule": "linear", "zero": "10", "full": "0"})])
    indicators = [indicator("loss", formula="department_sum.own_loss"), indicator("own_loss", formula=STEPPED)]
    people = [person("E0", "boss"), *TEAM]
    numbers: Numbers = {("E1", "absent"): 1, ("E2", "absent"): 1}

    made = catalog([needy, boss], indicators, [measure("absent")])
    waiting = score(made, cycle(people, numbers), {}).cards[0]
    nobody = score(catalog([boss], indicators, [measure("absent")]), cycle(people[:1]), {}).cards[0]
    whole = score(made, cycle(people, {**numbers, ("E3", "absent"): 0}), {}).cards[0]

    assert [(gap.subject, gap.key) for gap in waiting.missing] == [("E3", "absent")]
    assert [(gap.subject, gap.key) for gap in nobody.missing] == [("shop", "own_loss")]
    assert first(whole).actual == mpq(2)
