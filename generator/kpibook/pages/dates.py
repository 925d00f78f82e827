"""Days as they are written: `11月5日（周四）`, `Thu 5 Nov`; the machine's form stands in an attribute only."""

import datetime

from markupsafe import Markup

from kpibook.base.periods import Period, PeriodKind
from kpibook.base.words import Words


def day(date: datetime.date, say: Words) -> str:
    """Month and day."""
    return _written("short", date, say)


def day_of_week(date: datetime.date, say: Words) -> str:
    """Month and day with the day of the week."""
    return say("dates.named", date=day(date, say), name=say(f"dates.weekday.{date.isoweekday()}"))


def whole_day(date: datetime.date, say: Words) -> str:
    """With the year, for records."""
    return _written("long", date, say)


def period_name(period: Period, say: Words) -> str:
    """A cycle's period without its year, but for a year: `9月`, `Sep`, `第3季度`, `2025年`."""
    if period.kind is PeriodKind.MONTH:
        return say("dates.period.month", month=say(f"dates.month.{period.number}"))
    return say(f"dates.period.{period.kind}", number=period.number, year=period.year)


def days(first: datetime.date, last: datetime.date, say: Words) -> str:
    """From one day to another: `10月1日—31日`, `1–31 Oct`."""
    if (first.year, first.month) == (last.year, last.month):
        month = say(f"dates.month.{first.month}")
        return say("dates.within_month", month=month, first=first.day, last=last.day)
    return say("dates.span", first=day(first, say), last=day(last, say))


def timed(date: datetime.date, text: str) -> Markup:
    """The text of a day with the day itself for machines."""
    return Markup(f'<time datetime="{date.isoformat()}">{text}</time>')


def _written(form: str, date: datetime.date, say: Words) -> str:
    return say(f"dates.{form}", year=date.year, month=say(f"dates.month.{date.month}"), day=date.day)
