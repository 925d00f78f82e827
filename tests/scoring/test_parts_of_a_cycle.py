"""Somebody who was there for a part of a cycle, holds several posts at once, or is exempt."""

import datetime
from fractions import Fraction
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from kpibook.base.words import words
from kpibook.model import Assignment, Catalog, Cycle
from kpibook.scoring import score
from kpibook.scoring.explain import explain_card, pay_lines, total_lines
from kpibook.scoring.results import Card, Status
from making import catalog, cycle, indicator, item, measure, person, role

ZH = words("zh")
LINE = {"rule": "linear", "zero": "0", "full": "100"}


def day(number: int) -> datetime.date:
    return datetime.date(2026, 10, number)


def company(**values: Any) -> Catalog:
    """Clerks and guards are scored by x and y on a straight line to 100, and paid 3,000."""
    pay = [{"name": "bonus", "formula": "3000"}]
    return catalog(
        [role("clerk", [item("x", 100, LINE)], pay=pay), role("guard", [item("y", 100, LINE)], pay=pay)],
        [indicator("x"), indicator("y")],
        [measure("sales")],
        **values,
    )


def card(made: Catalog, rows: list[Assignment], who: str = "E1", **actuals: int) -> Card:
    given = {(row.person, key): value for row in rows for key, value in (actuals or {"x": 80, "y": 60}).items()}
    return next(each for each in score(made, cycle(rows, given), {}).cards if each.person == who)


def paid(found: Card) -> mpq | None:
    [outcome] = found.pay
    return outcome.amount


def test_without_a_word_targets_and_pay_are_whole_and_the_days_are_told() -> None:
    made = company()

    found = card(made, [person("E1", first_day=day(16))])

    assert (found.days, found.total, paid(found)) == (16, mpq(80), mpq(3000))
    assert explain_card(found, made, ZH).splitlines()[1] == "本期在岗 16 天"


@pytest.mark.parametrize(
    ("kind", "target", "kept"),
    [
        ({"kind": "yes_no", "unit": "passed/failed"}, 1, mpq(1)),
        ({"kind": "date", "unit": "days", "due_after": 5}, 3, mpq(3)),
        ({}, 31, mpq(16)),
    ],
)
def test_a_yes_and_a_day_are_the_same_over_any_days(kind: dict[str, Any], target: int, kept: mpq) -> None:
    made = catalog(
        [role("clerk", [item("x", 100, {"rule": "all_or_nothing"}, target=target)])],
        [indicator("x", formula="answer", unit=kind.get("unit", "cases"))],
        [measure("answer", **kind)],
        part_cycle={"targets": "by_days"},
    )

    found = card(made, [person("E1", first_day=day(16))], answer=1)

    [score] = found.spans[0].items
    assert score.target
    assert score.target.value == kept


def test_who_was_there_for_the_whole_cycle_is_told_no_days() -> None:
    assert card(company(), [person("E1", first_day=day(1), last_day=day(31))]).days == 0


def test_pay_goes_by_the_days_where_the_company_says_so() -> None:
    made = company(part_cycle={"pay": "by_days"})

    found = card(made, [person("E1", last_day=day(10))])

    assert paid(found) == mpq("967.74")
    assert pay_lines(found, made, ZH)[1:3] == (
        "3,000 = 3,000",
        "按任职天数折算：3,000 × 10 ÷ 31 ≈ 967.7419",
    )


@given(st.integers(1, 31), st.integers(1, 31), st.booleans())
def test_pay_by_days_is_what_fractions_say(first: int, last: int, each: bool) -> None:
    """After a change of role on the 16th, too: each role by its days, or the last one for all of them."""
    first, last = min(first, last), max(first, last)
    moved = first < 16 <= last
    rows = [person("E1", first_day=day(first), last_day=day(15 if moved else last))]
    rows += [person("E1", "guard", first_day=day(16), last_day=day(last))] if moved else []
    made = company(part_cycle={"pay": "by_days"}, pay_after_transfer="days" if each else "last")

    found = card(made, rows)

    amounts = [
        Fraction(3000) * days / 31 for days in ((16 - first, last - 15) if moved and each else (last - first + 1,))
    ]
    expected = [Fraction(int(amount * 100 + Fraction(1, 2)), 100) for amount in amounts]
    assert [outcome.amount for outcome in found.pay] == [mpq(e.numerator, e.denominator) for e in expected]


def test_a_pool_is_shared_by_the_days_and_nothing_is_left_over() -> None:
    pay = [{"name": "shared", "pool": "company.sales"}]
    made = catalog(
        [role("clerk", [item("x", 100, LINE)], pay=pay)],
        [indicator("x")],
        [measure("sales")],
        part_cycle={"pay": "by_days"},
    )
    rows = [person("E1"), person("E2", last_day=day(10))]
    numbers = {("E1", "x"): 80, ("E2", "x"): 80, ("company", "sales"): 4100}

    found = score(made, cycle(rows, numbers), {}).cards

    assert [paid(each) for each in found] == [mpq(3100), mpq(1000)]
    assert pay_lines(found[1], made, ZH)[2:4] == (
        "在岗 10 天，共 31 天：1 × 10 ÷ 31 ≈ 0.3226",
        "4,100 × 0.3226 ÷ 1.3226 ≈ 1,000",
    )


@pytest.mark.parametrize(("last", "expected"), [(14, Status.EXCLUDED), (15, Status.SCORED)])
def test_fewer_days_than_the_least_are_not_appraised(last: int, expected: Status) -> None:
    made = company(part_cycle={"least_days": 15})

    found = card(made, [person("E1", last_day=day(last))])

    assert found.status is expected
    if expected is Status.EXCLUDED:
        assert total_lines(found, made, ZH) == ("本期在岗 14 天，不满 15 天，不参加本期考核",)


def test_days_of_two_roles_count_once_where_they_overlap_and_gaps_do_not() -> None:
    rows = [
        person("E1", first_day=day(5), last_day=day(20), share=mpq(60)),
        person("E1", "guard", first_day=day(10), last_day=day(12), share=mpq(40)),
        person("E1", "guard", first_day=day(25)),
    ]

    assert card(company(), rows).days == 16 + 7


def test_posts_at_once_are_weighed_by_their_shares() -> None:
    made = company()
    rows = [person("E1", share=mpq(60)), person("E1", "guard", share=mpq(40))]

    found = card(made, rows, x=80, y=60)

    assert found.total == mpq(72)
    assert found.role.id == "clerk"
    assert [line for line in total_lines(found, made, ZH) if "任职" in line or "工作时间" in line] == [
        "guard（31 天，占工作时间的 40%）：",
        "clerk（31 天，占工作时间的 60%）：",
        "按天数和任职比例加权：（60 × 31 × 40% + 80 × 31 × 60%）÷ 31 = 72",
    ]


@given(st.lists(st.tuples(st.integers(1, 99), st.integers(1, 31), st.integers(0, 100)), min_size=2, max_size=2))
def test_the_mean_by_days_and_shares_is_what_fractions_say(posts: list[tuple[int, int, int]]) -> None:
    (share, last, x), (_, other_last, y) = posts
    rows = [
        person("E1", last_day=day(last), share=mpq(share)),
        person("E1", "guard", last_day=day(other_last), share=mpq(100 - share)),
    ]

    found = card(company(), rows, x=x, y=y)

    weights = Fraction(share * last, 100), Fraction((100 - share) * other_last, 100)
    mean = (x * weights[0] + y * weights[1]) / sum(weights)
    assert found.exact == mpq(mean.numerator, mean.denominator)


def test_a_number_of_somebody_with_two_posts_counts_by_share_in_each_department() -> None:
    rows = [
        person("E1", "guard", share=mpq(25)),
        person("E1", "guard", department="web", share=mpq(75)),
        person("E2", "clerk", department="shop"),
    ]
    made = catalog(
        [role("clerk", [item("z", 100, LINE)]), role("guard", [item("y", 100, LINE)])],
        [indicator("y"), indicator("z", formula="department.sales")],
        [measure("sales")],
    )
    numbers = {("E1", "sales"): 80, ("E1", "y"): 1, ("E2", "sales"): 10}

    found = next(each for each in score(made, cycle(rows, numbers), {}).cards if each.person == "E2")

    assert found.spans[0].items[0].actual == mpq(30)


def test_who_is_exempt_has_no_grade_and_reads_why_and_the_numbers_count() -> None:
    made = catalog(
        [role("clerk", [item("z", 100, LINE)])],
        [indicator("z", formula="department.sales")],
        [measure("sales")],
    )
    rows = [person("E1", exempt="产假"), person("E2"), person("E3", exempt="借调")]

    made_of = score(made, cycle(rows, {("E1", "sales"): 30, ("E2", "sales"): 10}), {}).cards

    assert [each.status for each in made_of] == [Status.EXCLUDED, Status.SCORED, Status.EXCLUDED]
    assert made_of[0].grade is None
    assert total_lines(made_of[0], made, ZH) == ("豁免本期考核：产假",)
    assert made_of[1].spans[0].items[0].actual == mpq(40)


def test_a_cycle_is_as_before_where_nobody_came_or_left() -> None:
    rows = [person("E1"), person("E2", "guard")]
    made: list[Cycle] = [cycle(rows, {("E1", "x"): 80, ("E2", "y"): 60})]

    plain, by_days = (
        score(company(**values), made[0], {}).cards
        for values in ({}, {"part_cycle": {"targets": "by_days", "pay": "by_days", "least_days": 15}})
    )

    assert [(each.total, paid(each)) for each in plain] == [(each.total, paid(each)) for each in by_days]
