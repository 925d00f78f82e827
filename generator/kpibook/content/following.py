"""What became of results after they were published: from the records of all cycles, and the seals of one."""

import datetime
from dataclasses import replace

from kpibook.base.periods import Period
from kpibook.content.gathering import Content
from kpibook.reading.cycle.folder import REVISIONS
from kpibook.records.follow_up import FollowUp, follow_up
from kpibook.records.missed import missed_in_rows
from kpibook.records.told_results import windows_of
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


def has_whole_tables(content: Content, sealed: Sealed) -> bool:
    """Whether nobody touched the revisions of a cycle."""
    folder = f"{sealed.name}/{REVISIONS}/"
    return not any(each.place.file.startswith(folder) for each in content.problems)
