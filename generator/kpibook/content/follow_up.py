"""What became of results after they were published: from the records of all cycles, and the seals of one."""

import datetime
from collections.abc import Iterator
from dataclasses import replace

from kpibook.base.periods import Period
from kpibook.base.problems import Level, Problem
from kpibook.checking.checks.recorded_cycle import RecordedCycle
from kpibook.checking.checks.records import check_future
from kpibook.content.loading import Content
from kpibook.model import CycleStatus
from kpibook.reading.cycle.folder import REVISIONS
from kpibook.records.follow_up import FollowUp, follow_up
from kpibook.records.missed_items import missed_in_rows
from kpibook.records.result_states import windows_of
from kpibook.sealing.published import published_results
from kpibook.sealing.revisions import Sealed


def follow_up_of(content: Content, period: Period, today: datetime.date | None = None) -> FollowUp:
    """What became of the results of a cycle: answers, talks, plans, appeals; without a day nothing is overdue."""
    sealed = content.seals.get(period)
    windows = windows_of(content.catalog.company, content.cycles[period].schedule, content.working_days)
    found = follow_up(period, content.records, published_results(sealed) if sealed else None, windows, today)
    before = content.seals.get(period.previous)
    if before is None or not has_whole_tables(content, before):
        return found
    return replace(found, missed_before=missed_in_rows(before.items(before.number)))


def records_to_come(content: Content, period: Period, today: datetime.date) -> Iterator[Problem]:
    """Records of a cycle that are dated after a day; nothing more is told of a closed one.

    Only who asks on that day hears of it: what is read, scored and built of the files is the same on every day.
    """
    cycle, records = content.cycles[period], content.records.get(period)
    if records and cycle.status is not CycleStatus.CLOSED:
        found = RecordedCycle(cycle, records, None, today=today)
        yield from (replace(each, level=Level.WARNING) for each in check_future(found))


def has_whole_tables(content: Content, sealed: Sealed) -> bool:
    """Whether nobody touched the revisions of a cycle."""
    folder = f"{sealed.name}/{REVISIONS}/"
    return not any(each.place.file.startswith(folder) for each in content.problems)
