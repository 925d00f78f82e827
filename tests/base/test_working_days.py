"""Working days: Monday to Friday, holidays and the weekends that are worked instead."""

import datetime

import pytest

from kpibook.base.working_days import WorkingDays

Day = datetime.date

# As the State Council announced it for 2026: off from 1 to 7 October, worked on 20 September and 10 October.
NATIONAL_DAY = WorkingDays(
    frozenset(Day(2026, 10, day) for day in range(1, 8)), frozenset((Day(2026, 9, 20), Day(2026, 10, 10)))
)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (Day(2026, 11, 11), 0, Day(2026, 11, 11)),
        (Day(2026, 11, 11), 3, Day(2026, 11, 16)),
        (Day(2026, 11, 13), 1, Day(2026, 11, 16)),
        (Day(2026, 11, 14), 1, Day(2026, 11, 16)),
        (Day(2026, 11, 14), 0, Day(2026, 11, 14)),
        (Day(2026, 12, 31), 1, Day(2027, 1, 1)),
    ],
)
def test_without_holidays_monday_to_friday_count(day: Day, count: int, expected: Day) -> None:
    assert WorkingDays().after(day, count) == expected


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (Day(2026, 9, 30), 1, Day(2026, 10, 8)),
        (Day(2026, 9, 30), 3, Day(2026, 10, 10)),
        (Day(2026, 9, 30), 4, Day(2026, 10, 12)),
        (Day(2026, 9, 19), 1, Day(2026, 9, 20)),
    ],
)
def test_days_off_are_passed_and_worked_weekends_count(day: Day, count: int, expected: Day) -> None:
    assert NATIONAL_DAY.after(day, count) == expected


def test_the_years_of_which_something_is_known() -> None:
    assert NATIONAL_DAY.years == {2026}
    assert WorkingDays().years == set()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (Day(2026, 9, 30), Day(2026, 9, 30)),
        (Day(2026, 10, 1), Day(2026, 10, 8)),
        (Day(2026, 10, 10), Day(2026, 10, 10)),
        (Day(2026, 10, 11), Day(2026, 10, 12)),
    ],
)
def test_a_day_off_gives_way_to_the_next_on_which_people_work(day: Day, expected: Day) -> None:
    assert NATIONAL_DAY.not_before(day) == expected
