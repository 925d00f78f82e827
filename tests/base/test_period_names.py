"""What cycles and days are called, in both languages."""

import datetime

import pytest

from kpibook.base.day_texts import due_day, whole_day
from kpibook.base.period_names import cycle_name, period_title
from kpibook.base.periods import Period
from kpibook.base.words import words
from kpibook.base.working_days import WorkingDays, moved_days, usual_days

D = datetime.date


@pytest.mark.parametrize(
    ("period", "english", "chinese"),
    [
        ("2026-10", "October 2026", "2026年10月"),
        ("2026-05", "May 2026", "2026年5月"),
        ("2026-Q4", "Q4 2026", "2026年第4季度"),
        ("2026-H1", "H1 2026", "2026年第1半年"),
        ("2026", "2026", "2026年"),
    ],
)
def test_a_period_is_called_as_people_call_it(period: str, english: str, chinese: str) -> None:
    assert period_title(Period.parse(period), words("en")) == english
    assert period_title(Period.parse(period), words("zh")) == chinese


@pytest.mark.parametrize("name", ["2026-10", "2026年10月", "October 2026"])
def test_a_name_that_says_the_period_alone_is_read_in_ones_own_language(name: str) -> None:
    period = Period.parse("2026-10")

    assert [cycle_name(name, period, language) for language in ("zh", "en")] == ["2026年10月", "October 2026"]


@pytest.mark.parametrize("name", ["October", "国庆月", "2026-09", "September 2026"])
def test_a_name_that_says_something_else_stays_as_somebody_gave_it(name: str) -> None:
    period = Period.parse("2026-10")

    assert [cycle_name(name, period, language) for language in ("zh", "en")] == [name, name]


def test_a_day_that_was_moved_is_told_with_the_one_that_it_was_moved_from() -> None:
    working = WorkingDays(off={D(2026, 10, 5), D(2026, 10, 6), D(2026, 10, 7)}, worked={D(2026, 10, 10)})
    october, september = Period.parse("2026-10"), Period.parse("2026-09")

    assert usual_days(october, working) == (D(2026, 11, 5), D(2026, 11, 9), D(2026, 11, 10))
    assert moved_days(october, working) == {D(2026, 11, 9): D(2026, 11, 8)}
    # The eighth is a working day: its step comes a day later only because the one before it did.
    assert usual_days(september, working) == (D(2026, 10, 8), D(2026, 10, 9), D(2026, 10, 10))
    assert moved_days(september, working) == {D(2026, 10, 8): D(2026, 10, 5)}


@pytest.mark.parametrize(
    ("day", "usual", "english", "chinese"),
    [
        (D(2026, 11, 9), D(2026, 11, 8), "Mon 9 Nov (moved from Sun 8 Nov)", "11月9日（周一；11月8日是周日，顺延）"),
        (
            D(2026, 10, 8),
            D(2026, 10, 5),
            "Thu 8 Oct (moved from Mon 5 Oct, a holiday)",
            "10月8日（周四；10月5日是周一，放假，顺延）",
        ),
        (D(2026, 11, 10), None, "Tue 10 Nov", "11月10日（周二）"),
    ],
)
def test_a_due_day_says_why_it_is_another_one(
    day: datetime.date, usual: datetime.date | None, english: str, chinese: str
) -> None:
    moved = {day: usual} if usual else {}

    assert due_day(day, moved, words("en")) == english
    assert due_day(day, moved, words("zh")) == chinese


def test_a_day_in_a_record_has_its_year() -> None:
    assert [whole_day(D(2026, 11, 9), words(each)) for each in ("en", "zh")] == ["9 Nov 2026", "2026年11月9日"]
