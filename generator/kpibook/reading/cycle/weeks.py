"""Numbers of actuals/ that come week by week, or day by day: what they make of the cycle so far."""

import datetime
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.base.periods import Period
from kpibook.base.problems import Place
from kpibook.model import Accumulate, Reading, SetAside, WeekPart
from kpibook.reading.cycle.bounds import Bounds
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.conflicts import KeptRows
from kpibook.reading.tables import Table

WEEK = "week"
_WEEK = re.compile(r"([0-9]{4})-?[Ww]([0-9]{1,2})", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class WeekKey(NamedTuple):
    """Whose number of which week it is."""

    subject: str
    measure: str
    week: str


class Weeks:
    """The rows of a cycle that are of a week or of a day."""

    def __init__(self, period: Period) -> None:
        self._period = period
        self._kept = KeptRows[WeekKey, Reading](lambda reading: reading.value)
        self._table_of: dict[str, Table] = {}

    def days(self, cells: Cells) -> tuple[datetime.date, datetime.date]:
        """The first and the last day of the week, or the day, that a row is of; part of it lies in the cycle."""
        days = days_of_week(cells.text(WEEK).strip())
        if days is None:
            raise RowFault(WEEK, "week-unclear")
        first, last = days
        if last < self._period.first_day or first > self._period.last_day:
            raise RowFault(WEEK, "week-outside-cycle", first=self._period.first_day, last=self._period.last_day)
        return first, last

    def add(self, cells: Cells, reading: Reading) -> None:
        """Keep the number of a week; one that is given twice and differs counts for nothing."""
        first, last = self.days(cells)
        part = WeekPart(first, last, reading.value, reading.place)
        self._table_of[cells.table.file] = cells.table
        self._kept.add(WeekKey(*cells.about, part.name), reading._replace(weeks=(part,)), cells.table)

    def settle(
        self,
        tables: Sequence[Table],
        bounds: dict[str, Bounds],
        how: dict[str, Accumulate],
        waiting: Collection[tuple[str, str]] = (),
    ) -> Iterator[tuple[tuple[str, str], Reading, Table]]:
        """What the weeks of each number make; a number one of whose rows cannot be used is not made of the others."""
        self._kept.settle(tables)
        spoilt = {*waiting, *spoilt_keys(tables)}
        found: dict[tuple[str, str], list[Reading]] = {}
        for key, reading in self._kept.rows.items():
            if (key.subject, key.measure) not in spoilt:
                found.setdefault((key.subject, key.measure), []).append(reading)
        for pair, readings in found.items():
            readings.sort(key=lambda each: each.weeks[0])
            whole = _combined(readings, how[pair[1]])
            table = self._table_of[whole.place.file]
            fault = _fault(pair, whole, bounds[pair[1]])
            if fault:
                table.ledger.aside(fault)
            else:
                yield pair, whole, table


def days_of_week(text: str) -> tuple[datetime.date, datetime.date] | None:
    """The first and the last day of an ISO week, or of a day, as it is written; None for any other text."""
    try:
        if week := _WEEK.fullmatch(text):
            first = datetime.date.fromisocalendar(int(week[1]), int(week[2]), 1)
            return first, first + datetime.timedelta(days=6)
        if _DAY.fullmatch(text):
            return (day := datetime.date.fromisoformat(text)), day
    except ValueError:
        return None
    return None


def week_name(first: datetime.date, last: datetime.date) -> str:
    """A week, or a day, as it is written: `2026-W41`."""
    return WeekPart(first, last, ZERO, Place("")).name


def spoilt_keys(tables: Iterable[Table]) -> Iterator[tuple[str, str]]:
    """Of which numbers a row was set aside."""
    return ((row.subject, row.key) for table in tables for row in table.ledger.set_aside)


def _combined(readings: Sequence[Reading], how: Accumulate) -> Reading:
    """The number of the cycle so far, in the place of its last row."""
    values = [each.value for each in readings]
    last = readings[-1]
    value = last.value
    if how is Accumulate.SUM:
        value = sum(values, ZERO)
    elif how is Accumulate.MEAN:
        value = mpq(sum(values, ZERO), len(values))
    notes = "; ".join(dict.fromkeys(each.note for each in readings if each.note))
    weeks = tuple(each.weeks[0] for each in readings)
    return last._replace(value=value, raw=" + ".join(each.raw for each in readings), note=notes, weeks=weeks)


def _fault(pair: tuple[str, str], whole: Reading, bounds: Bounds) -> SetAside | None:
    """Why the weeks make no number: two of them share a day, or it lies outside the bounds of the number."""
    subject, measure = pair
    for before, part in zip(whole.weeks, whole.weeks[1:], strict=False):
        if part.first_day <= before.last_day:
            values = {"week": part.name, "other": before.name, "measure": measure}
            return SetAside(part.place, whole.raw, "weeks-overlap", values, subject, measure)
    try:
        bounds.check(whole.value, "actual")
    except RowFault as fault:
        told: dict[str, object] = {"column": "actual", "text": whole.raw, **fault.values}
        return SetAside(whole.place, whole.raw, fault.code, told, subject, measure)
    return None
