"""What came in on sheets against what is recorded and published: what contradicts is set aside, what is odd is told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kpibook.base.problems import Level, Problem
from kpibook.checking.checks.recorded_cycle import RecordedCycle
from kpibook.checking.checks.records import ONLY_TOLD, check_records
from kpibook.exchange.record_sheets.cells import in_words
from kpibook.exchange.record_sheets.columns import APPEALS, PLANS
from kpibook.exchange.record_sheets.sheets import Record, RecordsCycle, RecordsImport, ReturnedSheet
from kpibook.model import Agreement, Appeal, Confirmation, Interview, Plan, Records
from kpibook.reading.tables.table import cell_place

CELLS: Mapping[str, str] = {
    **dict.fromkeys(
        ("record-other-result", "record-older-result", "record-unpublished", "appeal-two-results"), "result"
    ),
    **dict.fromkeys(("appeal-own-decision", "appeal-same-decider", "appeal-decided-by-party"), "by"),
    **dict.fromkeys(("answer-undelivered", "answer-without-delivery"), "delivered_on"),
    "record-two-people": "person",
    "interview-by-oneself": "talked_by",
    "plan-without-item": "indicator",
    "agreement-outdated": "catalog",
}
"""By what is wrong: the column of a sheet to look at, where it is not the one in which the record begins."""
DAYS = ("record-too-early", "record-in-future")
DAY_CELLS: Mapping[str, str] = {PLANS.name: "checked_on", APPEALS.name: "on"}


def set_aside_contradictions(result: RecordsImport, target: RecordsCycle) -> None:
    """Set aside what contradicts the results or other records; what rests on such a row goes with it."""
    while True:
        recorded = RecordedCycle(
            target.cycle, with_new(target.records, result.new), target.published, target.windows, target.today
        )
        found = check_records(target.catalog, recorded)
        faults = [each for each in found if each.code not in ONLY_TOLD]
        if not sum(_set_aside(sheet, faults) for sheet in result.sheets):
            break
    for sheet in result.sheets:
        places = {record.place for record in sheet.records}
        odd = (each for each in found if each.code in ONLY_TOLD and each.place in places)
        told = (*odd, *_older(sheet.records, target), *_outdated(sheet.records, target))
        result.problems += (_on_sheet(each, sheet) for each in told)


def _set_aside(sheet: ReturnedSheet, faults: Sequence[Problem]) -> int:
    """Take the faulty records out of a sheet; how many."""
    places = {record.place for record in sheet.records}
    own = [each for each in faults if each.place in places]
    faulty = {each.place for each in own}
    sheet.aside += [replace(_on_sheet(each, sheet), level=Level.WARNING) for each in own]
    sheet.records = [record for record in sheet.records if record.place not in faulty]
    return len(own)


def _on_sheet(problem: Problem, sheet: ReturnedSheet) -> Problem:
    """A problem of a record at the cell of the sheet that it is about, and in the sheet's words."""
    column = DAY_CELLS.get(sheet.form.name) if problem.code in DAYS else CELLS.get(problem.code)
    index, place = sheet.columns.get(column or ""), problem.place
    at = place if index is None else cell_place(place.file, place.line, (), index, sheet=sheet.sheet)
    return replace(problem, place=at, values=in_words(problem.values, sheet.form))


def _older(records: Iterable[Record], target: RecordsCycle) -> Iterator[Problem]:
    """What is about a result that was corrected since: it is recorded, and asks or answers nothing of the new one."""
    if target.published is None:
        return
    revision, now = target.published.revisions[-1], target.published.revisions[-1].people
    for row in records:
        if isinstance(row, Confirmation | Interview | Appeal) and row.result != now.get(row.person, row.result):
            first = target.published.first_with(row.person, row.result)
            values: Mapping[str, object] = {
                **{"person": row.person, "result": row.result, "revision": first.number if first else 1},
                **{"now": now[row.person], "newest": revision.number},
            }
            yield Problem("record-older-result", row.place, values, Level.WARNING)


def _outdated(records: Iterable[Record], target: RecordsCycle) -> Iterator[Problem]:
    """Agreements that were printed before the handbook or a target changed."""
    signed = [row for row in records if isinstance(row, Agreement)]
    agreed = target.agreed() if signed else {}
    for row in signed:
        if not row.catalog.startswith(agreed.get(row.person.casefold(), "")):
            values = {"person": row.person, "on": str(row.on), "cycle": str(target.cycle.period)}
            yield Problem("agreement-outdated", row.place, values, Level.WARNING)


def with_new(records: Records, new: Sequence[Record]) -> Records:
    """The records of a cycle with further rows behind those that stand there."""
    return replace(
        records,
        confirmations=(*records.confirmations, *(row for row in new if isinstance(row, Confirmation))),
        interviews=(*records.interviews, *(row for row in new if isinstance(row, Interview))),
        plans=(*records.plans, *(row for row in new if isinstance(row, Plan))),
        appeals=(*records.appeals, *(row for row in new if isinstance(row, Appeal))),
        agreements=(*records.agreements, *(row for row in new if isinstance(row, Agreement))),
    )
