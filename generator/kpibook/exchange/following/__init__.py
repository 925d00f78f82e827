"""Workbooks of records: answers, talks, plans, appeals and agreements go out on sheets and come back as rows."""

from kpibook.exchange.following.agreed import agreement_book
from kpibook.exchange.following.forms import FollowUpRequest, follow_up_books
from kpibook.exchange.following.overview import FollowUpOverview, overview_of, team_messages
from kpibook.exchange.following.returned import record_cycles, take_in
from kpibook.exchange.following.sheets import RecordsCycle, RecordsImport
from kpibook.exchange.following.store import changed_files, with_rows
from kpibook.exchange.following.workbook import workbook

__all__ = [
    "FollowUpOverview",
    "FollowUpRequest",
    "RecordsCycle",
    "RecordsImport",
    "agreement_book",
    "changed_files",
    "follow_up_books",
    "overview_of",
    "record_cycles",
    "take_in",
    "team_messages",
    "with_rows",
    "workbook",
]
