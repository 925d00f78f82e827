"""Days and periods on pages; the machine's form of a day stands in an attribute only."""

import datetime
from collections.abc import Mapping
from functools import lru_cache

from markupsafe import Markup

from kpibook.base.day_texts import day, day_of_week, due_day, whole_day, why_moved
from kpibook.base.period_names import cycle_name, period_title
from kpibook.base.periods import Period, PeriodKind
from kpibook.base.words import Words

__all__ = [
    "cycle_title",
    "day",
    "day_of_week",
    "days",
    "due_day",
    "period_beside",
    "period_name",
    "period_title",
    "timed",
    "timed_due",
    "whole_day",
    "why_moved",
]


def period_name(period: Period, say: Words) -> str:
    """A cycle's period without its year, but for a year: `9月`, `Sep`, `第3季度`, `2025年`."""
    if period.kind is PeriodKind.MONTH:
        return say("dates.period.month", month=say(f"dates.month.{period.number}"))
    return say(f"dates.period.{period.kind}", number=period.number, year=period.year)


def cycle_title(name: str, period: Period, say: Words) -> str:
    """The name of a cycle, with its period where the name does not say it."""
    title, name = period_title(period, say), cycle_name(name, period, say.language)
    return name if title in name else say("dates.cycle_of", name=name, period=title)


@lru_cache(maxsize=1024)
def period_beside(period: Period, year: int, say: Words) -> str:
    """A period beside others: `Sep`, and with its year where that is another one: `Nov 2025`."""
    name = period_name(period, say)
    if period.year == year or period.kind is PeriodKind.YEAR:
        return name
    return say("dates.of_year", year=period.year, name=name)


def days(first: datetime.date, last: datetime.date, say: Words) -> str:
    """From one day to another: `10月1日—31日`, `1–31 Oct`."""
    if (first.year, first.month) == (last.year, last.month):
        month = say(f"dates.month.{first.month}")
        return say("dates.within_month", month=month, first=first.day, last=last.day)
    return say("dates.span", first=day(first, say), last=day(last, say))


def timed(date: datetime.date, text: str) -> Markup:
    """The text of a day with the day itself for machines."""
    return Markup(f'<time datetime="{date.isoformat()}">{text}</time>')


def timed_due(date: datetime.date, moved: Mapping[datetime.date, datetime.date], say: Words) -> Markup:
    """A day on which something is due, for machines, too; a note why it was moved may break over lines, a day not."""
    text, note = due_day(date, moved, say), why_moved(date, moved, say)
    return timed(date, text.replace(note, f"<span>{note}</span>") if note else text)
