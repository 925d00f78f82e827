"""What people recorded around the results of a cycle: five files, each read on its own, none of them needed."""

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from kpibook.base.names import stripped
from kpibook.base.problems import Problem
from kpibook.model import (
    Agreement,
    Answer,
    Appeal,
    AppealCategory,
    AppealStep,
    Catalog,
    Cause,
    Confirmation,
    Cycle,
    Interview,
    Outcome,
    Plan,
    PlanState,
    Records,
)
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.folder import CycleFolder
from kpibook.reading.cycle.row_context import RowContext, read_person
from kpibook.reading.cycle.subjects import KnownIds, Subjects
from kpibook.reading.tables import REPLACED, Layout, Table, read_bytes, read_table, unguarded

CONFIRMATIONS = Layout(
    required=("person", "result", "answer", "on", "by"), optional=("comment",), ids=("person", "result"), dates=("on",)
)
INTERVIEWS = Layout(
    required=("person", "result", "on", "by", "summary"),
    optional=("cause", "opinion"),
    ids=("person", "result"),
    dates=("on",),
)
PLANS = Layout(
    required=("plan", "person", "indicator", "action", "due", "state"),
    optional=("gap", "support", "owner", "checked_on", "outcome"),
    ids=("plan", "person", "indicator"),
    dates=("due", "checked_on"),
)
APPEALS = Layout(
    required=("appeal", "person", "result", "step", "on", "by"),
    optional=("indicator", "category", "claim", "evidence", "filed_on", "outcome", "reason"),
    ids=("appeal", "person", "result", "indicator"),
    dates=("filed_on", "on"),
)
AGREEMENTS = Layout(required=("person", "on", "by", "catalog"), ids=("person", "catalog"), dates=("on",))

RESULT = re.compile(r"[0-9a-f]{8}", re.ASCII)
CATALOG = re.compile(r"[0-9a-f]{8,64}", re.ASCII)
"""The first digits of a hash, at least eight."""

CHECKED = (PlanState.DONE, PlanState.MISSED)
"""A plan in these states was checked on a day."""
DECIDES = (AppealStep.DECIDED, AppealStep.FINAL)
"""The steps of an appeal that have an outcome."""

S = TypeVar("S", bound=StrEnum)
R = TypeVar("R", Confirmation, Interview, Plan, Appeal, Agreement)


def load_records(folder: Path, cycle: Cycle, catalog: Catalog) -> tuple[Records, tuple[Problem, ...]]:
    """The records of a cycle that was read, and everything that is wrong with them; rows set aside are told, too."""
    reader = _Reader(CycleFolder(folder.absolute(), cycle.folder), records_context(cycle, catalog))
    records = Records(
        confirmations=tuple(reader.rows("confirmations", CONFIRMATIONS, read_confirmation)),
        interviews=tuple(reader.rows("interviews", INTERVIEWS, read_interview)),
        plans=tuple(reader.rows("plans", PLANS, read_plan)),
        appeals=tuple(reader.rows("appeals", APPEALS, read_appeal)),
        agreements=tuple(reader.rows("agreements", AGREEMENTS, read_agreement)),
        files=tuple(table.ledger.close(table.encoding) for table in reader.tables),
        set_aside=tuple(row for table in reader.tables for row in table.ledger.set_aside if row.code != REPLACED),
    )
    return records, (*reader.problems, *(problem for table in reader.tables for problem in table.ledger.problems))


def records_context(cycle: Cycle, catalog: Catalog) -> RowContext:
    """What a row may refer to: the people of the cycle by the ids of their first rows, and all indicators."""
    people = {row.person.casefold(): row.person for row in reversed(cycle.people)}
    subjects = Subjects(people.values(), catalog.departments, {})
    return RowContext(catalog, subjects, KnownIds(catalog.indicators))


class _Reader:
    """Reads the files of one folder and gathers what is wrong on the way."""

    def __init__(self, folder: CycleFolder, context: RowContext) -> None:
        self.folder = folder
        self.context = context
        self.problems: list[Problem] = []
        self.tables: list[Table] = []

    def rows(self, kind: str, layout: Layout, read: Callable[[Cells, RowContext, str], R]) -> Iterator[R]:
        """The rows of a file that can be used; one that stands there again is used once."""
        table = self._table(kind, layout)
        if table is None:
            return
        seen: dict[tuple[str, ...], tuple[Sequence[str], R]] = {}
        faulty: list[tuple[Cells, RowFault]] = []
        mark = table.ledger.mark()
        for row in table.rows():
            cells = Cells(table, row)
            try:
                person = read_person(cells, self.context, "person")
                cells.about = (person, "")
                found = read(cells, self.context, person)
            except RowFault as fault:
                faulty.append((cells, fault))
                continue
            # A plan may go back to what it was: of plans only a row that repeats the last one of its id says nothing.
            key = (found.plan,) if isinstance(found, Plan) else tuple(cells.contents)
            before, first = seen.get(key, ((), found))
            if before == cells.contents:
                table.ledger.repeat(found.place, first.place)
                continue
            seen[key] = cells.contents, found
            yield found
        for cells, reason in faulty:
            _, sound = seen.get((stripped(cells.text("plan")),), ((), None))
            is_replaced = isinstance(sound, Plan) and sound.place.line > cells.row[0]
            cells.set_aside(RowFault("plan", REPLACED, by=str(sound.place)) if sound and is_replaced else reason)
        table.ledger.put_in_order(mark)

    def _table(self, kind: str, layout: Layout) -> Table | None:
        path, problems = self.folder.table(kind)
        self.problems += problems
        if path is None:
            return None
        name = self.folder.named(path)
        data, problems = read_bytes(path, name)
        self.problems += problems
        if not (data or b"").strip():
            return None
        table, problems = read_table(data or b"", name, layout)
        self.problems += problems
        if table:
            self.tables.append(table)
        return table


def read_confirmation(cells: Cells, context: RowContext, person: str) -> Confirmation:
    """What was told of a result, or said to it."""
    del context
    return Confirmation(
        place=cells.place("person"),
        person=person,
        result=_result(cells),
        answer=_choice(cells, "answer", Answer),
        on=_day(cells, "on"),
        by=unguarded(cells.needed("by")),
        comment=_text(cells, "comment"),
    )


def read_interview(cells: Cells, context: RowContext, person: str) -> Interview:
    """A talk about a result."""
    del context
    return Interview(
        place=cells.place("person"),
        person=person,
        result=_result(cells),
        on=_day(cells, "on"),
        by=unguarded(cells.needed("by")),
        summary=unguarded(cells.needed("summary")),
        cause=_choice(cells, "cause", Cause) if stripped(cells.text("cause")) else None,
        opinion=_text(cells, "opinion"),
    )


def read_plan(cells: Cells, context: RowContext, person: str) -> Plan:
    """A plan, as a row says that it stands."""
    state = _choice(cells, "state", PlanState)
    checked_on = cells.date("checked_on")
    if state in CHECKED and checked_on is None:
        column = "checked_on" if "checked_on" in cells.table.columns else "state"
        raise RowFault(column, "plan-unchecked", state="state", day="checked_on", ends=", ".join(CHECKED))
    return Plan(
        place=cells.place("person"),
        plan=cells.needed("plan"),
        person=person,
        indicator=_indicator(cells, context),
        action=unguarded(cells.needed("action")),
        due=_day(cells, "due"),
        state=state,
        gap=_text(cells, "gap"),
        support=_text(cells, "support"),
        owner=_text(cells, "owner"),
        checked_on=checked_on,
        outcome=_text(cells, "outcome"),
    )


def read_appeal(cells: Cells, context: RowContext, person: str) -> Appeal:
    """A step of an appeal."""
    step = _choice(cells, "step", AppealStep)
    written = stripped(cells.text("outcome"))
    decides = step in DECIDES
    if bool(written) is not decides:
        column = "outcome" if "outcome" in cells.table.columns else "step"
        cell = {"step": step.value, "outcome": "outcome"}
        if decides:
            raise RowFault(column, "outcome-missing", **cell, reason="reason", known=", ".join(Outcome))
        raise RowFault(column, "outcome-too-early", **cell, ends=", ".join(DECIDES))
    return Appeal(
        place=cells.place("person"),
        appeal=cells.needed("appeal"),
        person=person,
        result=_result(cells),
        step=step,
        on=_day(cells, "on"),
        by=unguarded(cells.needed("by")),
        indicator=_indicator(cells, context),
        category=_choice(cells, "category", AppealCategory) if stripped(cells.text("category")) else None,
        claim=_needed_if(cells, "claim", is_needed=step is AppealStep.FILED),
        evidence=_text(cells, "evidence"),
        filed_on=cells.date("filed_on"),
        outcome=_choice(cells, "outcome", Outcome) if decides else None,
        reason=_needed_if(cells, "reason", is_needed=decides),
    )


def read_agreement(cells: Cells, context: RowContext, person: str) -> Agreement:
    """Somebody's signature under the targets."""
    del context
    catalog = cells.needed("catalog").casefold()
    if not CATALOG.fullmatch(catalog):
        raise RowFault("catalog", "bad-catalog-number")
    return Agreement(cells.place("person"), person, _day(cells, "on"), unguarded(cells.needed("by")), catalog)


def _result(cells: Cells) -> str:
    """The number of a result, as it is printed on the card."""
    number = cells.needed("result").casefold()
    if not RESULT.fullmatch(number):
        raise RowFault("result", "bad-result-number")
    return number


def _indicator(cells: Cells, context: RowContext) -> str:
    """An indicator of the catalog, or nothing."""
    text = stripped(cells.text("indicator"))
    if text and text not in context.catalog.indicators:
        raise RowFault("indicator", "unknown-indicator", near=context.indicators.near(text))
    return text


def _day(cells: Cells, column: str) -> datetime.date:
    cells.needed(column)
    day = cells.date(column)
    if day is None:
        raise RowFault(column, "cell-empty")
    return day


def _choice(cells: Cells, column: str, kind: type[S]) -> S:
    """One of a few words, compared without case."""
    text = cells.needed(column).casefold()
    if text not in {each.value for each in kind}:
        raise RowFault(column, "unknown-choice", known=", ".join(kind))
    return kind(text)


def _text(cells: Cells, column: str) -> str:
    """A text as it was meant: without the apostrophe that keeps spreadsheets from computing it."""
    return unguarded(stripped(cells.text(column)))


def _needed_if(cells: Cells, column: str, *, is_needed: bool) -> str:
    """A text that must not be empty in some rows; a file without the column lacks it, too."""
    text = _text(cells, column)
    if is_needed and not text:
        raise RowFault(column if column in cells.table.columns else "step", "cell-empty")
    return text
