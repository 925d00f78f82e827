"""Read the rows of one sheet: each is used, set aside with its reason, or named as ignored."""

from collections.abc import Mapping
from functools import cached_property

from gmpy2 import mpq

from kpibook.base.numbers import plain
from kpibook.base.problems import Problem
from kpibook.exchange.importing.accepted import ACTUALS, RATINGS, AcceptedCell
from kpibook.exchange.importing.header import SAID, SILENT, Column, ColumnRole, SheetHeader, SheetKind
from kpibook.exchange.importing.names import Numbers, People, relations
from kpibook.exchange.importing.period_words import is_of
from kpibook.exchange.importing.progress import Steps
from kpibook.exchange.importing.tally import IGNORED, OTHER_PERIOD, SheetTally
from kpibook.model import Catalog, Cycle, Indicator, Measure, SetAside
from kpibook.reading.cycle.bounds import Bounds
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.decisions import check_rating, rating_rules, read_relation, read_score, score_levels
from kpibook.reading.cycle.subjects import folded
from kpibook.reading.tables import CellFault, FaultyCell, Table, is_total, read_number, unguarded
from kpibook.rules.standards import Rating

PLACES = 40


class ImportContext:
    """What rows are read against."""

    def __init__(self, catalog: Catalog, cycle: Cycle) -> None:
        self.catalog = catalog
        self.period = cycle.period
        self.people = People(catalog, cycle)
        self._roster = cycle.people
        self.numbers = Numbers(catalog)

    @cached_property
    def levels(self) -> Mapping[str, tuple[str, ...]]:
        """The levels by which each indicator is rated."""
        return score_levels(self.catalog)

    def rated_by(self, person: str, indicator: str) -> tuple[tuple[Rating, mpq], ...]:
        """The rules by which somebody is rated, each with its weight."""
        roles = [row.role for row in self._roster if folded(row.person) == folded(person)]
        return tuple(rating_rules(self.catalog, roles, person, indicator))

    def meter(self, measure: str) -> Bounds:
        """The bounds of a number."""
        return Bounds.of(self.numbers.collected[measure])


class SheetReader:
    """Reads the rows of one table."""

    def __init__(self, table: Table, found: SheetHeader, context: ImportContext) -> None:
        self.table = table
        self.header = found
        self.context = context
        self.accepted: list[AcceptedCell] = []
        self.empty = 0
        self.faulty: set[int] = set()
        self.row_faults = 0
        self._meters: dict[str, Bounds] = {}
        self._evidence = tuple(role for role in (ColumnRole.NOTE, ColumnRole.LINK) if role in table.columns)
        self._subjects: dict[tuple[str, str], str] = {}
        self._measures: dict[tuple[str, str], Measure | Indicator] = {}

    def read(self, tally: SheetTally, steps: Steps) -> None:
        """Take in all rows, and account for them."""
        read_row = {SheetKind.LONG: self._long, SheetKind.WIDE: self._wide, SheetKind.RATINGS: self._rating}[
            self.header.kind
        ]
        aside = self.table.ledger.set_aside
        for row in self.table.rows():
            steps.step()
            cells, before = Cells(self.table, row), len(aside)
            try:
                if self._is_of_cycle(cells):
                    read_row(cells)
            except RowFault as fault:
                self._set_aside(cells, fault)
            found = [each for each in aside[before:] if each.code not in IGNORED]
            if found:
                self.faulty.add(row[0])
                self.row_faults += len(found)
        steps.end()
        self._account(tally)

    def _account(self, tally: SheetTally) -> None:
        ledger, tally.table = self.table.ledger, self.table
        special = [row for row in ledger.set_aside if row.code in IGNORED]
        faulty = [row for row in ledger.set_aside if row.code not in IGNORED]
        table = RATINGS if self.header.kind is SheetKind.RATINGS else ACTUALS
        tally.rows += ledger.rows + len(self.header.titles)
        tally.ignored += [("title", line) for line in self.header.titles]
        tally.ignored += [(row.code, row.place.line) for row in special]
        tally.ignored += [("blank", 0)] * ledger.blank
        tally.set_aside += [_in_table(row, table) for row in faulty]
        tally.lost += len(faulty) - self.row_faults
        tally.faulty |= self.faulty
        tally.accepted += self.accepted
        ledger.weigh(tally.rows_set_aside if tally.rows_set_aside > 1 else 0)
        tally.empty += self.empty
        tally.converted = tuple(ledger.converted)
        aside = {(row.code, row.place) for row in ledger.set_aside}
        reported = (each for each in ledger.problems if (each.code, each.place) not in aside)
        tally.problems += [_in_other_words(each) for each in reported if each.values.get("name") not in SILENT]

    def _set_aside(self, cells: Cells, fault: RowFault) -> None:
        if is_total(cells.text(fault.column)):
            self._ignore(cells, fault.column, "totals-row")
        else:
            cells.set_aside(fault)

    def _is_of_cycle(self, cells: Cells) -> bool:
        """Whether a row is about this cycle; one of another period is no concern of it."""
        if ColumnRole.PERIOD not in self.table.columns:
            return True
        said = cells.text(ColumnRole.PERIOD)
        if not said.strip():
            self._subject(cells)
            raise RowFault(ColumnRole.PERIOD, "cell-empty")
        is_own = is_of(unguarded(said), self.context.period)
        if is_own is None:
            raise RowFault(ColumnRole.PERIOD, "period-unknown")
        if not is_own:
            self._ignore(cells, ColumnRole.PERIOD, OTHER_PERIOD)
        return is_own

    def _ignore(self, cells: Cells, column: str, code: str) -> None:
        row = SetAside(cells.place(column), self.table.raw(cells.contents), code)
        self.table.ledger.set_aside.append(row)

    def _subject(self, cells: Cells) -> str:
        """Whom a row is about: by id where there is one, else by name; both have to agree."""
        said = cells.text(ColumnRole.SUBJECT), cells.text(ColumnRole.NAME)
        subject = self._subjects.get(said)
        if subject is None:
            subject = self._subjects[said] = self._find_subject(*map(unguarded, said))
        cells.about = (subject, "")
        return subject

    def _find_subject(self, identifier: str, name: str) -> str:
        people = self.context.people
        find = people.person if self.header.kind is SheetKind.RATINGS else people.subject
        if not identifier.strip() and ColumnRole.NAME in self.table.columns:
            return find(name, ColumnRole.NAME)
        subject = find(identifier, ColumnRole.SUBJECT)
        people.check_name(subject, name)
        return subject

    def _measure_column(self, cells: Cells) -> ColumnRole:
        has_id = cells.text(ColumnRole.MEASURE).strip() or ColumnRole.MEASURE_NAME not in cells.table.columns
        return ColumnRole.MEASURE if has_id else ColumnRole.MEASURE_NAME

    def _measure(self, cells: Cells) -> Measure | Indicator:
        """What a row is a number of: by id where there is one, else by name."""
        said = cells.text(ColumnRole.MEASURE), cells.text(ColumnRole.MEASURE_NAME)
        measure = self._measures.get(said)
        if measure is None:
            column = self._measure_column(cells)
            measure = self.context.numbers.measure(unguarded(cells.text(column)), column)
            self._measures[said] = measure
        return measure

    def _long(self, cells: Cells) -> None:
        subject = self._subject(cells)
        measure = self._measure(cells)
        cells.about = (subject, measure.id)
        self._check_sound(cells)
        if not cells.text(ColumnRole.ACTUAL).strip():
            self.empty += 1
            return
        if (unit := cells.text(ColumnRole.UNIT).strip()) and unit != measure.unit:
            raise RowFault(ColumnRole.UNIT, "sheet-other-unit", unit=measure.unit, measure=measure.id)
        value = self._value(cells, ColumnRole.ACTUAL, measure)
        self._take(cells, ColumnRole.ACTUAL, ACTUALS, (subject, measure.id), value)

    @staticmethod
    def _check_sound(cells: Cells) -> None:
        """No cell of a workbook holds an error, or a formula without a result; raises RowFault where one does."""
        for column in SAID if cells.table.sheet else ():
            if isinstance(text := cells.text(column), FaultyCell):
                raise RowFault(column, text.code)

    def _wide(self, cells: Cells) -> None:
        subject = self._subject(cells)
        for column in self.header.columns:
            text = cells.text(column.name)
            if not text.strip() and not isinstance(text, FaultyCell):
                self.empty += 1
                continue
            try:
                self._wide_cell(cells, column, subject)
            except RowFault as fault:
                self.table.aside_cell(cells.row, column.name, fault.code, cells.about, whose="", **fault.values)

    def _wide_cell(self, cells: Cells, column: Column, subject: str) -> None:
        cells.about = (subject, column.candidates[0] if len(column.candidates) == 1 else "")
        text = cells.text(column.name)
        if isinstance(text, FaultyCell):
            raise RowFault(column.name, text.code)
        measure = self.context.numbers.measure(column.candidates[0], column.name)
        if len(column.candidates) > 1:
            raise RowFault(column.name, "ambiguous-measure", candidates=", ".join(column.candidates))
        unit = "" if column.unit == measure.unit or text.strip().endswith(column.unit) else column.unit
        self._take(cells, column.name, ACTUALS, (subject, measure.id), self._value(cells, column.name, measure, unit))

    def _value(self, cells: Cells, column: str, measure: Measure | Indicator, unit: str = "") -> str:
        """The exact number, written out; a unit of its header stands behind it in thought.

        Raises:
            RowFault: it is no number, or not a possible one.
        """
        meter = self._meters.get(measure.id)
        if meter is None:
            meter = self._meters[measure.id] = self.context.meter(measure.id)
        text = cells.text(column).strip() + unit
        if (value := meter.plain(text)) is not None:
            return _exact(value)
        try:
            written = read_number(text, measure.unit)
        except CellFault as fault:
            raise RowFault(column, fault.code, unit=measure.unit) from fault
        meter.check(written.value, column)
        cells.note_converted(column, written)
        return _exact(written.value)

    def _rating(self, cells: Cells) -> None:
        person = self._subject(cells)
        column = self._measure_column(cells)
        indicator = self.context.numbers.indicator(unguarded(cells.text(column)), column)
        cells.about = (person, indicator)
        self._check_sound(cells)
        if not cells.text(ColumnRole.SCORE).strip():
            self.empty += 1
            return
        relation, rater = read_relation(cells, relations())
        value, level = read_score(cells, self.context.levels.get(indicator, ()))
        check_rating(self.context.rated_by(person, indicator), value, level)
        text = level if value is None else _exact(value)
        self._take(cells, ColumnRole.SCORE, RATINGS, (person, indicator, relation, unguarded(rater)), text)

    def _take(self, cells: Cells, column: str, table: str, key: tuple[str, ...], text: str) -> None:
        owner = getattr(self.context.numbers.collected.get(key[1]), "owner", None) or ""
        self.accepted.append(
            AcceptedCell(table, key, text, self._note(cells), owner, cells.place(column), cells.row[0])
        )

    def _note(self, cells: Cells) -> str:
        """The note and the link that stand beside a number: its evidence."""
        texts = (unguarded(cells.text(role)).strip() for role in self._evidence)
        return " ".join(filter(None, texts))


def _exact(value: mpq) -> str:
    return plain(value, PLACES)


def _in_table(row: SetAside, table: str) -> SetAside:
    return SetAside(row.place, row.raw, row.code, row.values, row.subject, row.key, table)


def _in_other_words(problem: Problem) -> Problem:
    """A column of a table that came in need not have the name of one of ours."""
    if problem.code != "column-ignored":
        return problem
    values = {"name": problem.values["name"], "number": problem.values["number"]}
    return Problem("import-column-ignored", problem.place, values, problem.level)
