"""handbook/targets/<year>.csv: targets for each month of a year, of roles, departments and persons."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from kpibook.base.names import stripped
from kpibook.base.periods import Period, PeriodKind
from kpibook.base.problems import Level, Place, Problem, nearest
from kpibook.model import COMPANY, Indicator
from kpibook.model.series import PlacedTarget, SeriesKey, SeriesKind, TargetSeries
from kpibook.reading.catalog.files import CatalogFile, series_files
from kpibook.reading.tables import CellFault, Layout, Row, Table, read_bytes, read_number, read_table, shown

WHO = tuple(str(kind) for kind in SeriesKind)
SERIES = Layout(required=("indicator",), optional=(*WHO, "note"), ids=("indicator", *WHO), takes_more=True)
"""Beside these a file has columns of periods of its year; for the guide."""
UNKNOWN = {
    SeriesKind.ROLE: "series-role",
    SeriesKind.DEPARTMENT: "series-department",
    SeriesKind.PERSON: "series-person",
}
"""What is wrong with somebody whom no row can mean."""
_PERSON = re.compile(r"[A-Za-z0-9-]{1,32}", re.ASCII)


@dataclass(slots=True)
class KnownNames:
    """What a row may name."""

    indicators: Mapping[str, Indicator]
    roles: Collection[str]
    departments: Collection[str]
    faulty: Collection[tuple[str, str]] = ()

    def of(self, kind: SeriesKind) -> Collection[str] | None:
        """The ids of a kind; None where any will do."""
        match kind:
            case SeriesKind.ROLE:
                return self.roles
            case SeriesKind.DEPARTMENT:
                return (*self.departments, COMPANY)
        return None

    def may_be(self, kind: str, text: str) -> bool:
        """Whether an entry may well be there, but its file or itself is faulty."""
        return (kind, text) in self.faulty or (kind, "") in self.faulty


@dataclass(slots=True)
class AllSeries:
    """The targets of all years, and what is wrong with their files."""

    series: dict[SeriesKey, TargetSeries] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, key: SeriesKey, found: TargetSeries) -> None:
        """Add a row; each year has one for the same person, role or department and indicator."""
        before = self.series.get(key)
        twice = [period for period in found.values if before and period.year in {p.year for p in before.values}]
        if before and twice:
            values = {"subject": key[1], "indicator": key[2], "first": str(before.place)}
            self.problems.append(Problem("series-twice", found.place, values))
            return
        self.series[key] = TargetSeries({**before.values, **found.values}, before.place) if before else found


def read_series(folder: Path, known: KnownNames) -> AllSeries:
    """All files of targets; a row with a fault is left out, and the fault is an error."""
    found = AllSeries()
    files, problems = series_files(folder)
    found.problems += problems
    for file in files:
        table, told = _table(file)
        found.problems += told
        if table:
            _Reader(table, known, found).read()
    return found


def _table(file: CatalogFile) -> tuple[Table | None, tuple[Problem, ...]]:
    data, problems = read_bytes(file.path, file.name)
    if not (data or b"").strip():
        return None, problems
    periods = tuple(_periods(int(file.path.stem)))
    layout = replace(SERIES, optional=(*SERIES.optional, *periods), numbers=periods, takes_more=False)
    table, faults = read_table(data or b"", file.name, layout)
    return table, (*problems, *faults)


def _as_error(problem: Problem) -> Problem:
    """What is passed over would leave the role's own target in force."""
    code = "series-column" if problem.code == "column-ignored" else problem.code
    return replace(problem, code=code, level=Level.ERROR)


def _periods(year: int) -> Iterator[str]:
    whole = Period(PeriodKind.YEAR, year, 1)
    # Headers are compared in small letters.
    yield from (str(part).lower() for parts in whole.parts for part in parts)
    yield str(whole)


class _Reader:
    """Reads one file."""

    def __init__(self, table: Table, known: KnownNames, into: AllSeries) -> None:
        self.table = table
        self.known = known
        self.into = into
        self.row: Row = (0, ())

    def read(self) -> None:
        """Every row; what the table itself set aside is an error, too."""
        for row in self.table.rows():
            self.row = row
            if any(cell.strip() for cell in row[1]):
                self._read()
        self.into.problems += map(_as_error, self.table.ledger.problems)

    def _read(self) -> None:
        who = [kind for kind in SeriesKind if self._text(kind)]
        if len(who) != 1:
            self._fault("series-subject", "indicator")
            return
        kind, subject = who[0], self._text(who[0])
        ids = self.known.of(kind)
        is_known = subject in ids if ids is not None else bool(_PERSON.fullmatch(subject))
        if not is_known and not self.known.may_be(str(kind), subject):
            near = ", ".join(nearest(subject, ids or (), 3)) or "-"
            self._fault(UNKNOWN[kind], kind, near=near)
        indicator = self._indicator()
        if not is_known or indicator is None:
            return
        key = (kind, subject.casefold() if kind is SeriesKind.PERSON else subject, indicator.id)
        if values := dict(self._values(indicator)):
            self.into.add(key, TargetSeries(values, self._place("indicator")))

    def _indicator(self) -> Indicator | None:
        text = self._text("indicator")
        found = self.known.indicators.get(text)
        if found is None and not self.known.may_be("indicator", text):
            self._fault("series-indicator", "indicator", near=", ".join(nearest(text, self.known.indicators, 3)) or "-")
        return found

    def _values(self, indicator: Indicator) -> Iterator[tuple[Period, PlacedTarget]]:
        for column in self.table.columns:
            if column[:1].isdigit() and self._text(column):
                try:
                    written = read_number(self._text(column), indicator.unit)
                except CellFault as fault:
                    self._fault(fault.code, column, unit=indicator.unit)
                else:
                    yield Period.parse(column.upper()), PlacedTarget(written.value, self._place(column))

    def _text(self, column: str) -> str:
        index = self.table.columns.get(column)
        return "" if index is None else stripped(self.row[1][index])

    def _place(self, column: str) -> Place:
        line, cells = self.row
        return self.table.place(line, cells, self.table.columns[column])

    def _fault(self, code: str, column: str, **values: object) -> None:
        told = {"column": column, "text": shown(self._text(column)), **values}
        self.into.problems.append(Problem(code, self._place(column), told))
