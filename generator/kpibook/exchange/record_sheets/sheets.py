"""What an import of workbooks of records finds: each sheet with what is new in it, and the cycle that it goes to."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kpibook.base.problems import Problem
from kpibook.exchange.record_sheets.columns import SheetForm
from kpibook.model import Agreement, Appeal, Catalog, Confirmation, Cycle, Interview, Plan, Records
from kpibook.records.published import PublishedResults
from kpibook.records.result_states import Windows

Record = Confirmation | Interview | Plan | Appeal | Agreement
KINDS: Mapping[type[Record], str] = {
    Confirmation: "confirmations",
    Interview: "interviews",
    Plan: "plans",
    Appeal: "appeals",
    Agreement: "agreements",
}
"""The file that each kind of record stands in."""


@dataclass(slots=True)
class ReturnedSheet:
    """What became of one sheet."""

    file: str
    sheet: str
    form: SheetForm
    columns: Mapping[str, int]
    """Where each column of the form stands."""
    rows: int = 0
    records: list[Record] = field(default_factory=list)
    """What is new in it."""
    known: int = 0
    """How many records stood there already."""
    empty: int = 0
    """Rows in which nothing was filled in."""
    aside: list[Problem] = field(default_factory=list)
    """What cannot be recorded, each at its cell."""


@dataclass(slots=True)
class RecordsImport:
    """What an import of workbooks of records does."""

    sheets: list[ReturnedSheet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def new(self) -> tuple[Record, ...]:
        """All records to add, in the order of the sheets."""
        return tuple(record for sheet in self.sheets for record in sheet.records)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many records of each kind are new."""
        found: dict[str, int] = {}
        for record in self.new:
            found[KINDS[type(record)]] = found.get(KINDS[type(record)], 0) + 1
        return found


@dataclass(frozen=True, slots=True)
class RecordsCycle:
    """The cycle into which records come."""

    cycle: Cycle
    catalog: Catalog
    records: Records
    published: PublishedResults | None
    windows: Windows
    today: datetime.date
    """Nothing is recorded of a later day."""
    agreed: Callable[[], Mapping[str, str]] = dict
    """By person in small letters: the number of what would be signed today; asked for where anybody signed."""
