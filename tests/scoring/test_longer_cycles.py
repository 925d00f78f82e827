"""What is due when, and what a longer cycle takes from shorter ones: numbers, ratings, totals."""

from fractions import Fraction
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from kpibook.base.periods import Period, PeriodKind
from kpibook.base.words import words
from kpibook.model import Assignment, Catalog, Combine, Cycle
from kpibook.scoring import score
from kpibook.scoring.explain import item_lines, missing_text, source_text, total_lines
from kpibook.scoring.results import Card, ItemScore, Status
from making import adjustment, aside, catalog, cycle, indicator, item, measure, person, rating, role

ZH = words("zh")
LINE = {"rule": "linear", "zero": "0", "full": "100"}
MONTHS = ("2026-10", "2026-11", "2026-12")
E1 = [person("E1")]


def first(cards: tuple[Card, ...]) -> ItemScore:
    return cards[0].spans[0].items[0]


def history(*cycles: Cycle) -> dict[Period, Cycle]:
    return {each.period: each for each in cycles}


# Due


def quarterly(**values: Any) -> Catalog:
    """Clerks are scored by x every month and by y, whose number comes once a quarter."""
    return catalog(
        [role("clerk", [item("x", 60, LINE), item("y", 40, LINE)])],
        [indicator("x"), indicator("y", formula="survey", name="满意度")],
        [measure("survey", frequency="quarter", name="问卷得分", accumulate="mean")],
        **values,
    )


@pytest.mark.parametrize(
    ("period", "kind", "expected"),
    [
        ("2026-10", "quarter", "2026-12"),
        ("2026-11", "quarter", "2026-12"),
        ("2026-12", "quarter", "2026-12"),
        ("2026-07", "half", "2026-12"),
        ("2026-11", "year", "2026-12"),
        ("2026-Q3", "half", "2026-Q4"),
        ("2026-Q1", "month", "2026-Q1"),
        ("2026-H1", "year", "2026-H2"),
    ],
)
def test_what_comes_once_in_a_time_is_due_at_its_end(period: str, kind: str, expected: str) -> None:
    at, often = Period.parse(period), PeriodKind(kind)

    assert str(at.next_due(often)) == expected
    assert at.is_due(often) is (period == expected)


def test_before_it_is_due_the_item_does_not_count_and_the_rest_weighs_100() -> None:
    made = quarterly()

    [card] = score(made, cycle(E1, {("E1", "x"): 90}), {}).cards

    assert (card.status, card.total, card.coverage) == (Status.SCORED, mpq(90), mpq(100))
    score_of_y = card.spans[0].items[1]
    assert (score_of_y.status, score_of_y.missing) == (Status.NOT_APPLICABLE, ())
    assert item_lines(score_of_y, made, ZH)[-1] == "问卷得分每季度一次，2026-12 才到期，本期不计这一项"


def test_the_company_may_have_the_total_wait_until_then() -> None:
    made = quarterly(not_due="wait")

    [card] = score(made, cycle(E1, {("E1", "x"): 90}), {}).cards

    assert (card.status, card.total) == (Status.MISSING, None)
    assert total_lines(card, made, ZH) == (
        "数据不全，暂不出总分：",
        "问卷得分（E1，2026-10）还没有到期，2026-12 才提供",
    )


def test_when_it_is_due_it_is_asked_for() -> None:
    [card] = score(quarterly(), cycle(E1, {("E1", "x"): 90}, period="2026-12"), {}).cards

    assert (card.status, card.total) == (Status.MISSING, None)


def test_what_is_given_before_its_time_counts() -> None:
    [card] = score(quarterly(), cycle(E1, {("E1", "x"): 90, ("E1", "survey"): 50}), {}).cards

    assert card.total == mpq(74)


def test_a_row_set_aside_is_never_taken_for_one_that_is_not_due() -> None:
    [card] = score(quarterly(), cycle(E1, {("E1", "x"): 90}, set_aside=(aside("E1", "survey"),)), {}).cards

    assert card.status is Status.SET_ASIDE


def test_missing_as_zero_is_no_zero_before_its_time() -> None:
    [card] = score(quarterly(missing="zero"), cycle(E1, {("E1", "x"): 90}), {}).cards

    assert card.total == mpq(90)


def test_a_rating_of_a_quarter_is_not_asked_for_in_its_first_month() -> None:
    made = catalog(
        [role("clerk", [item("x", 60, LINE), item("y", 40, {"rule": "rating"})])],
        [indicator("x"), indicator("y", frequency="quarter")],
    )

    october, december = (
        score(made, cycle(E1, {("E1", "x"): 90}, period=each), {}).cards[0] for each in ("2026-10", "2026-12")
    )

    assert (october.total, december.status) == (mpq(90), Status.MISSING)


def test_a_gate_does_not_wait_for_what_is_not_due() -> None:
    gates = [{"when": "survey < 50", "grade_at_most": "C"}]
    made = catalog(
        [role("clerk", [item("x", 100, LINE)], gates=gates)],
        [indicator("x")],
        [measure("survey", frequency="quarter", accumulate="mean")],
    )

    [card] = score(made, cycle(E1, {("E1", "x"): 95}), {}).cards

    assert card.status is Status.SCORED
    assert card.grade
    assert card.grade.id == "A"


def test_the_quarter_takes_what_came_in_its_last_month() -> None:
    numbers = ({("E1", "x"): 90}, {("E1", "x"): 60}, {("E1", "x"): 30, ("E1", "survey"): 50})
    months = [cycle(E1, given, period=each) for each, given in zip(MONTHS, numbers, strict=True)]
    made = catalog(
        [role("clerk", [item("y", 100, LINE)])],
        [indicator("y", formula="survey")],
        [measure("survey", frequency="quarter")],
    )

    assert first(score(made, cycle(E1, period="2026-Q4"), history(*months)).cards).actual == mpq(50)


# Bounds


def rated_company(**values: Any) -> Catalog:
    return catalog(
        [role("clerk", [item("y", 100, LINE)])],
        [indicator("y", formula="rate")],
        [measure("rate", name="合格率", **values)],
    )


def of_months(*values: int) -> dict[Period, Cycle]:
    return history(
        *(cycle(E1, {("E1", "rate"): value}, period=each) for each, value in zip(MONTHS, values, strict=True))
    )


def test_a_rate_that_adds_up_over_its_maximum_is_refused_with_the_reason() -> None:
    made = rated_company(unit="%", maximum=100)

    found = first(score(made, cycle(E1, period="2026-Q4"), of_months(97, 96, 98)).cards)

    assert (found.status, found.actual) == (Status.MISSING, None)
    assert missing_text(found.missing[0], made, ZH) == (
        "合格率（E1，2026-12）由各期汇总得 291%，超出允许的界限 100%；请检查各期的数据，或者 accumulate 写得对不对"
    )


def test_a_mean_keeps_its_maximum_and_an_amount_has_room_for_each_month() -> None:
    mean = rated_company(unit="%", maximum=100, accumulate="mean")
    days = rated_company(unit="天", maximum=31)
    longer = cycle(E1, period="2026-Q4")

    assert first(score(mean, longer, of_months(97, 96, 98)).cards).actual == mpq(97)
    assert first(score(days, longer, of_months(31, 30, 31)).cards).actual == mpq(92)


@pytest.mark.parametrize(
    ("accumulate", "subject", "told"),
    [
        ("mean", "E1", "97%（3 个数据的平均："),
        ("sum", "E1", "291%（3 个数据合计："),
        ("last", "E1", "98%（scorecards/2026-12"),
        ("mean", "shop", "194%（6 个数据，各期合计后再平均："),
    ],
)
def test_the_card_says_what_was_done_with_the_numbers_of_the_months(accumulate: str, subject: str, told: str) -> None:
    everybody = [person("E1"), person("E2")]
    scope = "department." if subject == "shop" else ""
    made = catalog(
        [role("clerk", [item("y", 100, LINE)])],
        [indicator("y", formula=f"{scope}rate")],
        [measure("rate", name="合格率", unit="%", accumulate=accumulate)],
    )
    months = history(
        *(
            cycle(everybody, {(each.person, "rate"): value for each in everybody}, period=month)
            for month, value in zip(MONTHS, (97, 96, 98), strict=True)
        )
    )

    found = first(score(made, cycle(everybody, period="2026-Q4"), months).cards)

    [source] = found.sources
    assert told in source_text(source, made, ZH)


# Ratings


RATED = catalog([role("clerk", [item("y", 100, {"rule": "rating"})])], [indicator("y")])


def rated(period: str, points: int | None, people: list[Assignment] = E1) -> Cycle:
    rows = {} if points is None else {("E1", "y"): (rating(points),)}
    return cycle(people, period=period, ratings=rows)


def test_ratings_of_three_months_make_the_quarter_s() -> None:
    months = history(*(rated(each, points) for each, points in zip(MONTHS, (90, 80, 70), strict=True)))

    found = first(score(RATED, cycle(E1, period="2026-Q4"), months).cards)

    assert (found.status, found.points, len(found.ratings)) == (Status.SCORED, mpq(80), 3)
    assert item_lines(found, RATED, ZH)[-1] == (
        "各期评分的平均：（90（2026年10月） + 80（2026年11月） + 70（2026年12月））÷ 3 = 80 分"
    )


@given(st.lists(st.integers(0, 100), min_size=3, max_size=3))
def test_the_mean_of_ratings_is_what_fractions_say(points: list[int]) -> None:
    months = history(*(rated(each, value) for each, value in zip(MONTHS, points, strict=True)))

    found = first(score(RATED, cycle(E1, period="2026-Q4"), months).cards)

    mean = Fraction(sum(points), 3)
    assert found.points == mpq(mean.numerator, mean.denominator)


def test_the_quarter_s_own_rating_comes_first() -> None:
    months = history(*(rated(each, 90) for each in MONTHS))
    longer = cycle(E1, period="2026-Q4", ratings={("E1", "y"): (rating(50),)})

    assert first(score(RATED, longer, months).cards).points == mpq(50)


def test_a_month_without_a_rating_is_missing_and_not_left_out() -> None:
    months = history(rated("2026-10", 90), rated("2026-11", None), rated("2026-12", 70))

    found = first(score(RATED, cycle(E1, period="2026-Q4"), months).cards)

    assert found.status is Status.MISSING
    assert [(str(gap.period), gap.gap.value) for gap in found.missing] == [("2026-11", "not_rated")]


def test_a_month_in_which_somebody_was_not_there_lacks_no_rating() -> None:
    months = history(rated("2026-10", None, [person("E2")]), rated("2026-11", 80), rated("2026-12", 70))

    assert first(score(RATED, cycle(E1, period="2026-Q4"), months).cards).points == mpq(75)


def test_without_any_rating_the_quarter_asks_for_its_own() -> None:
    months = history(*(rated(each, None) for each in MONTHS))

    found = first(score(RATED, cycle(E1, period="2026-Q4"), months).cards)

    assert [(str(gap.period), gap.gap.value) for gap in found.missing] == [("2026-Q4", "not_rated")]


# The mean of totals


PLAIN = catalog(
    [role("clerk", [item("x", 100, LINE)], pay=[{"name": "bonus", "formula": "1000 * factor"}])], [indicator("x")]
)


def combined(*totals: int | None, **values: Any) -> Card:
    months = history(
        *(
            cycle(E1, {} if total is None else {("E1", "x"): total}, period=each)
            for each, total in zip(MONTHS, totals, strict=True)
        )
    )
    longer = cycle(E1, period="2026-Q4", combine=Combine.MEAN_OF_SCORES, **values)
    [card] = score(PLAIN, longer, months).cards
    return card


def test_the_total_is_the_mean_of_the_months_and_the_grade_goes_by_it() -> None:
    card = combined(90, 80, 88)

    assert (card.total, card.exact, card.grade and card.grade.id, card.status) == (
        mpq(86),
        mpq(86),
        "B",
        Status.SCORED,
    )
    assert (
        total_lines(card, PLAIN, ZH)[0]
        == "各期总分的平均：（90（2026年10月） + 80（2026年11月） + 88（2026年12月））÷ 3 = 86"
    )
    assert item_lines(card.spans[0].items[0], PLAIN, ZH)[-1] == "本周期的总分取各期总分的平均，这里只列项目"


@given(st.lists(st.integers(0, 100), min_size=3, max_size=3))
def test_the_mean_of_totals_is_what_fractions_say(totals: list[int]) -> None:
    mean = Fraction(sum(totals), 3)

    assert combined(*totals).exact == mpq(mean.numerator, mean.denominator)


def test_published_totals_are_what_was_rounded() -> None:
    longer = cycle(E1, period="2026-Q4", combine=Combine.MEAN_OF_SCORES)
    published = {Period.parse(each): {"E1": mpq(text)} for each, text in zip(MONTHS, ("90.1", "80", "88"), strict=True)}

    [card] = score(PLAIN, longer, {part: cycle(E1, period=str(part)) for part in published}, published=published).cards

    assert (card.exact, card.total) == (mpq("258.1") / 3, mpq(86))


def test_a_month_without_a_total_is_left_out_and_told() -> None:
    card = combined(90, None, 80)

    assert (card.total, card.coverage) == (mpq(85), mpq(200, 3))
    assert total_lines(card, PLAIN, ZH)[:2] == (
        "2026年11月没有总分，不计入平均",
        "各期总分的平均：（90（2026年10月） + 80（2026年12月））÷ 2 = 85",
    )


def test_under_half_of_the_months_there_is_no_grade_and_pay_by_grade_waits() -> None:
    card = combined(90, None, None)

    assert (card.total, card.grade, card.pay[0].amount) == (mpq(90), None, None)
    assert "有总分的不到一半，不评等级" in total_lines(card, PLAIN, ZH)


def test_without_any_total_there_is_none() -> None:
    card = combined(None, None, None)

    assert (card.total, card.status) == (None, Status.MISSING)


def test_adjustments_of_the_longer_cycle_count_beside_the_mean() -> None:
    assert combined(90, 80, 88, adjustments={"E1": (adjustment(2),)}).total == mpq(88)
