"""Periods: months, quarters, half-years and years, in order and with their days."""

import calendar
import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpibook.base.periods import MONTHS, Period, PeriodKind

periods = st.builds(
    lambda kind, year, number: Period(kind, year, number % (12 // MONTHS[kind]) + 1),
    st.sampled_from(PeriodKind),
    st.integers(1001, 2998),
    st.integers(0, 11),
)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2026-10", Period(PeriodKind.MONTH, 2026, 10)),
        ("2026-01", Period(PeriodKind.MONTH, 2026, 1)),
        ("2026-Q4", Period(PeriodKind.QUARTER, 2026, 4)),
        ("2026-H2", Period(PeriodKind.HALF, 2026, 2)),
        ("2026", Period(PeriodKind.YEAR, 2026)),
    ],
)
def test_a_period_is_read_and_written(text: str, period: Period) -> None:
    assert Period.parse(text) == period
    assert str(period) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026-13", "2026-00", "2026-1", "2026-Q5", "2026-Q0", "2026-H3", "0999", "3000", "26", "2026-q1"),
        *("2026-10-01", "２０２６", "2026-10 ", " 2026", "2026/10", "2026-10\n"),
    ],
)
def test_anything_else_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        Period.parse(text)


@given(periods)
def test_what_is_written_reads_back(period: Period) -> None:
    assert Period.parse(str(period)) == period


@given(periods)
def test_days_equal_the_calendar(period: Period) -> None:
    days = sum(calendar.monthrange(month.year, month.number)[1] for month in period.months)

    assert period.days == days
    assert period.last_day - period.first_day == datetime.timedelta(days=days - 1)


@given(periods)
def test_the_previous_period_ends_the_day_before(period: Period) -> None:
    assert period.previous.last_day + datetime.timedelta(days=1) == period.first_day
    assert period.previous.kind is period.kind
    assert period.previous < period


@given(periods)
def test_last_year_is_the_same_part_of_the_year_before(period: Period) -> None:
    assert str(period.last_year) == str(period).replace(str(period.year), str(period.year - 1), 1)


@given(periods)
def test_months_tile_the_period(period: Period) -> None:
    months = period.months

    assert len(months) == MONTHS[period.kind]
    assert months[0].first_day == period.first_day
    assert months[-1].last_day == period.last_day
    assert all(later.previous == earlier for earlier, later in pairwise(months))


@given(periods, periods)
def test_order_is_total(one: Period, other: Period) -> None:
    assert (one < other) + (other < one) + (one == other) == 1


def test_a_quarter_comes_after_its_last_month_and_before_its_year() -> None:
    texts = ["2026", "2026-Q4", "2026-12", "2026-H2", "2026-11", "2027-01"]

    ordered = sorted(map(Period.parse, texts))

    assert str(ordered[0]) == "2026-11"
    assert str(ordered[-1]) == "2027-01"


def test_february_of_a_leap_year_has_29_days() -> None:
    assert [Period.parse(text).days for text in ("2024-02", "2026-02", "2000-02", "1900-02")] == [29, 28, 29, 28]


def test_december_is_followed_by_january() -> None:
    assert Period.parse("2027-01").previous == Period.parse("2026-12")
    assert Period.parse("2027-Q1").previous == Period.parse("2026-Q4")
    assert Period.parse("2027-H1").previous == Period.parse("2026-H2")
    assert Period.parse("2027").previous == Period.parse("2026")


def test_a_year_is_made_of_months_quarters_or_halves() -> None:
    parts = [[str(part) for part in parts] for parts in Period.parse("2026").parts]

    assert [len(each) for each in parts] == [12, 4, 2]
    assert parts[1:] == [["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"], ["2026-H1", "2026-H2"]]


@pytest.mark.parametrize(
    ("period", "parts"),
    [
        ("2026-H2", [["2026-07", "2026-12"], ["2026-Q3", "2026-Q4"]]),
        ("2026-Q2", [["2026-04", "2026-06"]]),
        ("2026-05", []),
    ],
)
def test_parts_lie_within_their_period(period: str, parts: list[list[str]]) -> None:
    assert [[str(each[0]), str(each[-1])] for each in Period.parse(period).parts] == parts


def test_equal_periods_have_one_hash_and_periods_of_other_kinds_stay_apart() -> None:
    texts = ("2026", "2026-H1", "2026-Q1", "2026-01", "2026-02", "2027-01")

    assert [hash(Period.parse(text)) for text in texts] == [hash(Period.parse(text)) for text in texts]
    assert len({Period.parse(text) for text in (*texts, *texts)}) == len(texts)
