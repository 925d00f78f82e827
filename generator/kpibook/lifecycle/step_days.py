"""The days of steps and approvals: none before what it follows, and none that is still to come."""

import datetime
from collections.abc import Iterator
from itertools import chain

from kpibook.base.periods import Period
from kpibook.base.problems import Failure, Place, Problem
from kpibook.content import Content
from kpibook.model import Adjustment, Approval, Calibration, TargetRow
from kpibook.sealing.log import LOG, read_log

FREE = ("erase", "payroll")
"""Steps that change no result: they come at any time, an erasure years after all others."""
FAR = datetime.timedelta(days=366)
"""A day that is still to come may be so far from the cycle: more is a slip of the pen."""


def check_day(content: Content, period: Period, step: str, on: datetime.date) -> None:
    """A step is not dated before an earlier one of the cycle, nor far from it in a time that is still to come.

    Raises:
        Failure: it is.
    """
    if step in FREE:
        return
    place = Place(f"{content.scorecards.absolute().name}/{period}")
    values = {"cycle": str(period), "on": on.isoformat()}
    earlier = [entry for entry in read_log(content.scorecards / str(period) / LOG) if entry.step not in FREE]
    last = max(earlier, key=lambda entry: entry.on, default=None)
    if last and on.isoformat() < last.on:
        raise Failure([Problem("step-day-before", place, {**values, "since": last.on, "step": last.step})])
    is_to_come = on > max(datetime.date.today(), period.last_day + FAR)
    if is_to_come or on < period.first_day - FAR:
        raise Failure([Problem("step-day-far", place, values)])


def later_approvals(content: Content, period: Period, on: datetime.date) -> Iterator[Problem]:
    """Targets, adjustments, calibrations and roles that were approved, as they say, after the day of a step."""
    cycle, catalog = content.cycles[period], content.catalog_of(period)
    rows: Iterator[TargetRow | Adjustment] = chain(cycle.targets.values(), *cycle.adjustments.values())
    days = [(row.place, row.approved_on) for row in rows]
    calibrated: tuple[Calibration, ...] = tuple((cycle.calibration or {}).values())
    days += [(row.place, row.on) for row in calibrated]
    above = f"{cycle.folder}/" if period in content.own else ""
    held = {row.role for row in cycle.people}
    for role in catalog.roles.values():
        if role.id in held and role.status is Approval.APPROVED:
            place = role.place_of("on")
            days.append((place._replace(file=f"{above}{place.file}"), role.on))
    for place, day in days:
        if day and day > on:
            yield Problem("approved-later", place, {"day": day.isoformat(), "on": on.isoformat()})
