"""Workbooks of records: answers, talks, plans, appeals and agreements go out on sheets and come back as rows."""

from kpibook.exchange.record_sheets.agreements import agreement_book
from kpibook.exchange.record_sheets.forms import FollowUpRequest, follow_up_books
from kpibook.exchange.record_sheets.overview import FollowUpOverview, overview_of, team_messages
from kpibook.exchange.record_sheets.returned import record_cycles, take_in
from kpibook.exchange.record_sheets.sheets import RecordsCycle, RecordsImport
from kpibook.exchange.record_sheets.store import changed_files, with_rows
from kpibook.exchange.record_sheets.workbook import workbook

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
