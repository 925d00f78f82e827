"""Protected leave and part-time: the days there, the share of the working time, and what goes by them."""

import datetime
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from kpibook.base.periods import Period
from kpibook.base.words import words
from kpibook.model import Assignment, Catalog, Gate, Leave, SetAside
from kpibook.scoring import score
from kpibook.scoring.explain import explain_card, pay_lines, total_lines
from kpibook.scoring.explain.gaps import missing_text
from kpibook.scoring.explain.origins import IN_FULL, SourceStyle, target_text
from kpibook.scoring.results import Card, Status
from kpibook.scoring.sources import Gap, Missing
from making import aside, catalog, cycle, indicator, item, measure, person, place, role

ZH = words("zh")
FULL = {"rule": "proportional"}
LINE = {"rule": "linear", "zero": "0", "full": "100"}


def day(number: int) -> datetime.date:
    return datetime.date(2026, 10, number)


def leave(first: datetime.date, last: datetime.date | None = None, kind: str = "产假") -> Leave:
    return Leave(place(2, "leave.csv"), kind, first, last)


def company(**values: Any) -> Catalog:
    """Clerks sell for 3,100 a month and guards are scored on a line; both are paid 3,000."""
    pay = [{"name": "bonus", "formula": "3000"}]
    return catalog(
        [
            role("clerk", [item("sales", 100, FULL, target=3100)], pay=pay),
            role("guard", [item("y", 100, LINE)], pay=pay),
        ],
        [indicator("sales"), indicator("y")],
        [measure("stock")],
        **values,
    )


def card(made: Catalog, rows: list[Assignment], away: tuple[Leave, ...] = (), sales: int = 800, y: int = 60) -> Card:
    numbers = {("E1", "sales"): sales, ("E1", "y"): y}
    return score(made, cycle(rows, numbers, leave={"E1": away} if away else {}), {}).cards[0]


BY_DAYS = {"targets": "by_days", "pay": "by_days", "least_days": 5}
BY_TIME = {"targets": "by_time", "pay": "by_time"}


def test_leave_shortens_the_days_and_target_and_pay_go_by_them() -> None:
    made = company(part_cycle=BY_DAYS, eligibility={"max_absent_days": 3})
    found = card(made, [person("E1")], (leave(datetime.date(2026, 9, 1), day(23)),), sales=400)

    [scored] = found.spans[0].items
    assert (found.days, found.leave, found.status, found.total) == (8, 23, Status.SCORED, mpq(50))
    assert scored.target is not None
    assert target_text(scored.target, "元", ZH).startswith("800 元（3,100 × 8 ÷ 31 天，岗位目标")
    assert pay_lines(found, made, ZH)[2] == "按任职天数折算：3,000 × 8 ÷ 31 ≈ 774.1935"
    assert explain_card(found, made, ZH).splitlines()[1:3] == [
        "本期在岗 8 天",
        "受保护的假期 23 天（产假），不算缺勤，也不算在岗天数",
    ]


def test_who_is_on_leave_for_the_whole_cycle_is_not_appraised_and_reads_why() -> None:
    made = company()

    found = card(made, [person("E1")], (leave(datetime.date(2026, 9, 1)),))

    assert (found.status, found.total, found.leave) == (Status.EXCLUDED, None, 31)
    assert total_lines(found, made, ZH) == ("本期全部是受保护的假期（产假），不参加本期考核；不算缺勤",)


@pytest.mark.parametrize(("last", "status"), [(26, Status.SCORED), (27, Status.EXCLUDED)])
def test_the_least_days_are_asked_of_the_days_without_leave(last: int, status: Status) -> None:
    made = company(part_cycle=BY_DAYS)

    found = card(made, [person("E1")], (leave(day(1), day(last), "工伤停工"),))

    assert found.status is status
    if status is Status.EXCLUDED:
        assert total_lines(found, made, ZH) == (
            "本期在岗 4 天，另有受保护的假期 27 天（工伤停工），在岗不满 5 天，不参加本期考核；假期不算缺勤",
        )


@given(st.lists(st.tuples(st.integers(1, 31), st.integers(1, 31)), min_size=1, max_size=4), st.integers(2, 31))
def test_leave_of_several_kinds_and_a_change_of_role_are_what_fractions_say(
    away: list[tuple[int, int]], moves: int
) -> None:
    """Days that two kinds of leave share count once; each role weighs by the days without leave."""
    made = company(part_cycle=BY_DAYS | {"least_days": 0})
    spans = tuple(leave(day(min(pair)), day(max(pair)), f"k{n}") for n, pair in enumerate(away))
    rows = [person("E1", last_day=day(moves - 1)), person("E1", "guard", first_day=day(moves))]

    found = card(made, rows, spans, sales=500, y=60)

    off = {number for pair in away for number in range(min(pair), max(pair) + 1)}
    there = [number for number in range(1, 32) if number not in off]
    assert found.leave == len(off)
    if not there:
        assert found.status is Status.EXCLUDED
        return
    assert found.days == (len(there) if off else 0)
    target = Fraction(3100 * len(there), 31)
    clerk = min(Fraction(500) / target, Fraction(1)) * 100
    first = sum(number < moves for number in there)
    mean = (clerk * first + 60 * (len(there) - first)) / len(there)
    assert found.exact == mpq(mean.numerator, mean.denominator)
    paid = Fraction(3000 * len(there), 31)
    cents = Fraction(int(paid * 100 + Fraction(1, 2)), 100)
    assert found.pay[0].amount == mpq(cents.numerator, cents.denominator)


@given(st.integers(1, 100), st.integers(1, 31), st.integers(0, 4000))
def test_part_time_makes_target_and_pay_smaller_where_the_company_says_so(share: int, last: int, sales: int) -> None:
    made = company(part_cycle=BY_TIME)

    found = card(made, [person("E1", last_day=day(last), share=mpq(share))], sales=sales)

    time = Fraction(last * share, 3100)
    total = min(Fraction(sales) / (3100 * time), Fraction(1)) * 100
    assert found.exact == mpq(total.numerator, total.denominator)
    cents = Fraction(int(3000 * time * 100 + Fraction(1, 2)), 100)
    assert found.pay[0].amount == mpq(cents.numerator, cents.denominator)


def test_part_time_is_told_with_its_arithmetic() -> None:
    made = company(part_cycle=BY_TIME)

    found = card(made, [person("E1", last_day=day(10), share=mpq(50))], sales=400)

    [scored] = found.spans[0].items
    assert scored.target is not None
    assert target_text(scored.target, "元", ZH).startswith("500 元（3,100 × 10 ÷ 31 天 × 占工作时间的 50%，岗位目标")
    assert (found.total, pay_lines(found, made, ZH)[2]) == (
        mpq(80),
        "按在岗天数和占工作时间的比例折算，合 5 天：3,000 × 5 ÷ 31 ≈ 483.871",
    )


def test_posts_at_once_have_each_their_part_of_the_target() -> None:
    rows = [person("E1", share=mpq(60)), person("E1", "guard", share=mpq(40))]

    found = card(company(part_cycle=BY_TIME), rows, sales=930, y=60)

    assert found.total == (mpq(50) * 60 + mpq(60) * 40) / 100
    assert found.pay[0].amount == mpq(3000)


def test_a_pool_goes_by_days_and_share() -> None:
    pay = [{"name": "shared", "pool": "company.stock"}]
    made = catalog(
        [role("clerk", [item("y", 100, LINE)], pay=pay)], [indicator("y")], [measure("stock")], part_cycle=BY_TIME
    )
    rows = [person("E1"), person("E2", last_day=day(20), share=mpq(50))]
    numbers = {("E1", "y"): 80, ("E2", "y"): 80, ("company", "stock"): 4100}

    cards = score(made, cycle(rows, numbers), {}).cards

    assert [each.pay[0].amount for each in cards] == [mpq(3100), mpq(1000)]


def test_a_row_of_leave_that_was_set_aside_withholds_the_total() -> None:
    made = company(part_cycle=BY_DAYS)
    row = aside("E1", "", "leave.csv")

    [found] = score(made, cycle([person("E1")], {("E1", "sales"): 1}, set_aside=(row,)), {}).cards

    assert (found.status, found.total, [gap.gap for gap in found.missing]) == (Status.SET_ASIDE, None, [Gap.SET_ASIDE])


@pytest.mark.parametrize(
    ("style", "period", "told"),
    [
        (IN_FULL, "2026-10", "“流产”不是公司规定的受保护的假期（scorecards/2026-10/leave.csv:7，原文“E1,流产”）"),
        (SourceStyle(folder="scorecards/2026-10"), "2026年10月", "“…”不是公司规定的受保护的假期（leave.csv:7）"),
    ],
)
def test_a_card_tells_no_cell_of_a_row_of_leave_that_was_set_aside(style: SourceStyle, period: str, told: str) -> None:
    row = SetAside(place(7, "leave.csv"), "E1,流产", "unknown-leave-kind", {"text": "流产", "known": ""}, "E1")
    gap = Missing("E1", "", "", Period.parse("2026-10"), row, Gap.SET_ASIDE)

    assert missing_text(gap, company(), ZH, style) == f"休假（E1，{period}）已提交但被搁置：{told}"


@pytest.mark.parametrize("gates", [[], [{"when": "stock > 5", "total_at_most": 90}]])
def test_a_role_held_on_days_of_leave_alone_is_no_part_of_the_total_whatever_it_lacks(gates: list[Any]) -> None:
    made = company()
    guard = made.roles["guard"].model_copy(update={"gates": tuple(map(Gate.model_validate, gates))})
    made = replace(made, roles={**made.roles, "guard": guard})
    rows = [
        person("E1", "clerk", last_day=day(10)),
        person("E1", "guard", first_day=day(11)),
    ]
    numbers = {("E1", "y"): 60, ("E1", "stock"): 1}

    [found] = score(made, cycle(rows, numbers, leave={"E1": (leave(day(1), day(10)),)}), {}).cards

    assert (found.status, found.total, found.coverage) == (Status.SCORED, mpq(60), mpq(100))
