"""Workbooks for what follows a result: answers, talks, plans and appeals go out on sheets and come back as records."""

from kpibook.exchange.following.forms import FollowUpRequest, follow_up_books
from kpibook.exchange.following.overview import FollowUpOverview, overview_of, team_messages
from kpibook.exchange.following.returned import RecordsImport, Target, record_cycles, take_in
from kpibook.exchange.following.store import changed_files, with_rows
from kpibook.exchange.following.workbook import workbook

__all__ = [
    "FollowUpOverview",
    "FollowUpRequest",
    "RecordsImport",
    "Target",
    "changed_files",
    "follow_up_books",
    "overview_of",
    "record_cycles",
    "take_in",
    "team_messages",
    "with_rows",
    "workbook",
]
