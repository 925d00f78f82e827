"""What became of results after they were published: from the records of all cycles, and the seals of one."""

import datetime

from kpibook.base.periods import Period
from kpibook.content.gathering import Content
from kpibook.records.follow_up import FollowUp, follow_up
from kpibook.records.told_results import windows_of
from kpibook.sealing.published import published_results


def follow_up_of(content: Content, period: Period, today: datetime.date | None = None) -> FollowUp:
    """What became of the results of a cycle: answers, talks, plans, appeals; without a day nothing is overdue."""
    sealed = content.seals.get(period)
    windows = windows_of(content.catalog.company, content.cycles[period].schedule, content.working_days)
    return follow_up(period, content.records, published_results(sealed) if sealed else None, windows, today)
