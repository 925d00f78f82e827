"""Days as they are written: `11月5日（周四）`, `Thu 5 Nov`."""

import datetime
from collections.abc import Mapping

from kpibook.base.words import Words
from kpibook.base.working_days import SATURDAY


def day(date: datetime.date, say: Words) -> str:
    """Month and day."""
    return _day_text("short", date, say)


def day_of_week(date: datetime.date, say: Words) -> str:
    """Month and day with the day of the week."""
    return say("dates.named", date=day(date, say), name=say(f"dates.weekday.{date.isoweekday()}"))


def due_day(date: datetime.date, moved: Mapping[datetime.date, datetime.date], say: Words) -> str:
    """A day on which something is due, and the one from which it was moved, if it was: `moved` names that."""
    note = why_moved(date, moved, say)
    if not note:
        return day_of_week(date, say)
    return say("dates.with_note", date=day(date, say), name=say(f"dates.weekday.{date.isoweekday()}"), note=note)


def why_moved(date: datetime.date, moved: Mapping[datetime.date, datetime.date], say: Words) -> str:
    """From which day one was moved and why; empty for one that was not."""
    usual = moved.get(date)
    if usual is None:
        return ""
    kind = "weekend" if usual.weekday() >= SATURDAY else "holiday"
    return say(f"dates.moved.{kind}", usual=day(usual, say), name=say(f"dates.weekday.{usual.isoweekday()}"))


def whole_day(date: datetime.date, say: Words) -> str:
    """With the year, for records."""
    return _day_text("long", date, say)


def _day_text(form: str, date: datetime.date, say: Words) -> str:
    return say(f"dates.{form}", year=date.year, month=say(f"dates.month.{date.month}"), day=date.day)
