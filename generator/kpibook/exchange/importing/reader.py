"""Read the rows of one table: each is used, set aside with its reason, or named as ignored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from gmpy2 import mpq

from kpibook.base.names import name_key, stripped
from kpibook.exchange.importing.accepted import ACTUALS, LEAVE, RATINGS, TARGETS
from kpibook.exchange.importing.accepting import AcceptedCells
from kpibook.exchange.importing.amounts import Amounts, number_text
from kpibook.exchange.importing.choosing import choose_columns
from kpibook.exchange.importing.context import ImportContext
from kpibook.exchange.importing.layouts import SAID, Column, SheetHeader, SheetKind
from kpibook.exchange.importing.leave_rows import read_leave_row
from kpibook.exchange.importing.progress import Steps
from kpibook.exchange.importing.raters import Raters
from kpibook.exchange.importing.row_names import RowNames
from kpibook.exchange.importing.row_periods import NotOfCycle, RowPeriods
from kpibook.exchange.importing.row_units import RowUnits
from kpibook.exchange.importing.tally import IGNORED, SheetTally, in_words_of_header
from kpibook.exchange.importing.vocabulary import ColumnRole
from kpibook.model import Indicator, Measure, NumberKind, SetAside
from kpibook.reading.cycle.answers import read_answer
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.targets import check_beside, used_beside
from kpibook.reading.tables import FaultyCell, Table, ends_as_total, is_total, unguarded


class SheetReader:
    """Reads the rows of one table."""

    def __init__(
        self, table: Table, found: SheetHeader, context: ImportContext, sections: Sequence[tuple[int, bool]] = ()
    ) -> None:
        self.table = table
        self.header = found
        self.context = context
        self.periods = RowPeriods(table, context.period, sections)
        self.names = RowNames(table, found.kind, context)
        self.empty = 0
        self.faulty: set[int] = set()
        self.row_faults = 0
        self.good: list[int] = []
        """The lines of all rows of the table, but for those that are set aside."""
        self.raters = Raters(table, found, context.people, context.roster, context.rater)
        self.columns, self.factors, self.refused = choose_columns(table, found, context, self.raters)
        self.amounts = Amounts(table, context.catalog.waivers, context.period)
        self.row_units = RowUnits(found, context.vocabulary)
        self.no_values = context.vocabulary.no_values
        self.accepted = AcceptedCells(table, context, self.periods)
        self.days = self.accepted.days

    def read(self, tally: SheetTally, steps: Steps) -> None:
        """Take in all rows, and account for them."""
        read_row = {
            SheetKind.LONG: self._long_row,
            SheetKind.WIDE: self._wide_row,
            SheetKind.RATINGS: self._rating,
            SheetKind.LEAVE: self._leave,
        }[self.header.kind]
        aside = self.table.ledger.set_aside
        for row in self.table.rows():
            steps.step()
            cells, before = Cells(self.table, row), len(aside)
            try:
                self.good.append(row[0])
                if other := self._why_not_of_cycle(cells):
                    self._ignore(cells, *other)
                else:
                    read_row(cells)
            except RowFault as fault:
                self.good.pop()
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
        table = {SheetKind.RATINGS: RATINGS, SheetKind.LEAVE: LEAVE}.get(self.header.kind, ACTUALS)
        tally.rows += ledger.rows + len(self.header.titles)
        tally.ignored += [("title", line) for line in self.header.titles]
        tally.ignored += [(row.code, row.place.line) for row in special]
        tally.ignored += [("blank", 0)] * ledger.blank
        tally.set_aside += [replace(row, table=table) for row in faulty]
        tally.lost += len(faulty) - self.row_faults
        tally.faulty |= self.faulty
        tally.accepted += self.accepted.cells
        tally.columns = self.columns
        tally.units = self.row_units.first
        self.days.settle(tally, self.context.numbers.collected)
        tally.empty += self.empty
        tally.converted = tuple(ledger.converted)
        aside = {(row.code, row.place) for row in ledger.set_aside}
        reported = (each for each in ledger.problems if (each.code, each.place) not in aside)
        tally.problems += [told for each in reported if self.header.is_news(told := in_words_of_header(each))]
        tally.problems += self.refused
        tally.problems += self.accepted.unsaid
        tally.problems += self.amounts.doubts()

    def _set_aside(self, cells: Cells, fault: RowFault) -> None:
        is_nobody = fault.column in (ColumnRole.SUBJECT, ColumnRole.NAME)
        if is_total(cells.text(fault.column)) or (is_nobody and any(map(ends_as_total, cells.contents))):
            self._ignore(cells, fault.column, "totals-row")
            return
        cells.set_aside(fault)
        self.days.note_unusable_row(cells.about[0], cells.row[0])

    def _why_not_of_cycle(self, cells: Cells) -> NotOfCycle | None:
        """Why a row is no concern of this cycle; of one whose period is not clear it is told whom it is about."""
        try:
            return self.periods.other(cells)
        except RowFault as fault:
            if fault.code == "cell-empty":
                self.names.subject(cells)
            raise

    def _ignore(self, cells: Cells, column: str, code: str) -> None:
        row = SetAside(cells.place(column), self.table.raw(cells.contents), code)
        self.table.ledger.set_aside.append(row)

    def _long_row(self, cells: Cells) -> None:
        subject = self.names.subject(cells)
        has_target = self.header.target is not None and self._long_target(cells, self.header.target, subject)
        if has_target and not cells.text(ColumnRole.ACTUAL).strip():
            return
        measure = self.names.measure(cells)
        cells.about = (subject, measure.id)
        if measure.kind is not NumberKind.NUMBER and cells.text(ColumnRole.ACTUAL).strip():
            self._answer(cells, ColumnRole.ACTUAL, measure, subject)
            return
        self._check_sound(cells)
        if not cells.text(ColumnRole.ACTUAL).strip():
            self._note_empty(cells)
            return
        factor = self.row_units.factor(cells, ColumnRole.ACTUAL, measure)
        self._check_said(cells, ColumnRole.ACTUAL)
        value = self.amounts.value(cells, ColumnRole.ACTUAL, measure, factor, is_part=bool(self.periods.week))
        self.accepted.add(cells, ColumnRole.ACTUAL, ACTUALS, (subject, measure.id), number_text(value))

    def _answer(self, cells: Cells, column: str, measure: Measure | Indicator, subject: str) -> None:
        """A word or a day, as it is written into the cycle."""
        self._check_said(cells, column)
        _, written = read_answer(cells, column, measure, self.context.period.last_day)
        self.accepted.add(cells, column, ACTUALS, (subject, measure.id), written)

    def _long_target(self, cells: Cells, target: Column, subject: str) -> bool:
        """Take the target of a row, or set it aside alone; whether there is any."""
        if not cells.text(target.name).strip():
            return False
        at = self.names.measure_column(cells)
        numbers, said = self.context.numbers, unguarded(cells.text(at))
        found = numbers.find(said) or numbers.computed(said)
        try:
            column = target._replace(candidates=found or (numbers.measure(said, at).id,))
            cells.about = (subject, column.candidates[0])
            self._wide_cell(cells, column, subject)
        except RowFault as fault:
            place = fault.column if fault.column in self.table.columns else target.name
            self.table.aside_cell(cells.row, place, fault.code, cells.about, whose="", **fault.values)
        return True

    def _note_empty(self, cells: Cells) -> None:
        self.empty += 1
        if self.periods.day:
            self.days.note_unusable_day(cells.about, cells.row[0])

    def _check_said(self, cells: Cells, column: str) -> None:
        """Nothing says in the company's own words that there is no number; raises RowFault where it does."""
        if self.no_values and name_key(cells.text(column)) in self.no_values:
            raise RowFault(column, "cell-missing-token")

    @staticmethod
    def _check_sound(cells: Cells) -> None:
        """No cell of a workbook holds an error, or a formula without a result; raises RowFault where one does."""
        for column in SAID if cells.table.sheet else ():
            text = cells.text(column)
            if isinstance(text, FaultyCell) and text.code != "cell-is-duration":
                raise RowFault(column, text.code)

    def _wide_row(self, cells: Cells) -> None:
        subject = self.names.subject(cells)
        for column in self.columns:
            text = cells.text(column.name)
            cells.about = (subject, column.candidates[0] if len(column.candidates) == 1 else "")
            if not text.strip() and not isinstance(text, FaultyCell):
                self._note_empty(cells)
                continue
            try:
                self._wide_cell(cells, column, subject)
            except RowFault as fault:
                self.days.note_unusable_day(cells.about, cells.row[0])
                at = fault.column if fault.column in self.table.columns else column.name
                self.table.aside_cell(cells.row, at, fault.code, cells.about, whose="", **fault.values)

    def _wide_cell(self, cells: Cells, column: Column, subject: str) -> None:
        text = cells.text(column.name)
        known = self.context.numbers.collected.get(column.candidates[0]) if len(column.candidates) == 1 else None
        if known and known.kind is not NumberKind.NUMBER and not column.is_target:
            self._answer(cells, column.name, known, subject)
            return
        if isinstance(text, FaultyCell) and text.code != "cell-is-duration":
            raise RowFault(column.name, text.code)
        self._check_said(cells, column.name)
        if column.is_target:
            self._target(cells, column, subject)
            return
        measure = self.context.numbers.measure(column.candidates[0], column.name)
        if len(column.candidates) > 1:
            raise RowFault(column.name, "ambiguous-measure", candidates=", ".join(column.candidates))
        if self.context.is_rating(subject, measure.id):
            relation, rater = self.raters.of(cells, subject)
            self.accepted.add_rating(cells, column.name, (subject, measure.id, relation, rater), "")
            return
        factor = self._factor(cells, column, measure)
        value = self.amounts.value(cells, column.name, measure, factor, is_part=bool(self.periods.week))
        self.accepted.add(cells, column.name, ACTUALS, (subject, measure.id), number_text(value))

    def _factor(self, cells: Cells, column: Column, measure: Measure | Indicator) -> mpq:
        """By what a number of a wide table counts: that of its column, unless its row says a unit."""
        by_row = self.row_units
        is_by_row = by_row.has_any or column.name not in self.factors
        return by_row.factor(cells, column.name, measure, column) if is_by_row else self.factors[column.name]

    def _target(self, cells: Cells, column: Column, subject: str) -> None:
        """What is expected of somebody; it stands for the indicator by which they are judged."""
        indicator = self.context.judged.indicator(subject, column.candidates, column.name)
        unit = self.context.unit_of(column.candidates[0])
        if indicator.unit != unit:
            raise RowFault(column.name, "cell-other-unit", unit=indicator.unit)
        value = self.amounts.number(cells, column.name, indicator.unit, self._factor(cells, column, indicator))
        beside = tuple(self._beside_target(cells, indicator, value))
        self.accepted.add(cells, column.name, TARGETS, (subject, indicator.id), number_text(value))
        self.accepted.cells[-1].beside = beside

    def _beside_target(self, cells: Cells, indicator: Indicator, target: mpq) -> Iterator[tuple[str, str]]:
        """What stands beside a target, by its column."""
        for column in self.header.beside:
            text = cells.text(column.name)
            if isinstance(text, FaultyCell):
                raise RowFault(column.name, text.code)
            if text.strip():
                self._check_said(cells, column.name)
                factor = self._factor(cells, column, indicator)
                value = self.amounts.number(cells, column.name, indicator.unit, factor)
                check_beside(column.name, value, target, indicator, self._used_beside)
                yield column.name, number_text(value)

    @cached_property
    def _used_beside(self) -> Mapping[str, frozenset[str]]:
        return used_beside(self.context.catalog)

    def _rating(self, cells: Cells) -> None:
        person = self.names.subject(cells)
        column = self.names.measure_column(cells)
        indicator = self.context.numbers.indicator(unguarded(cells.text(column)), column)
        cells.about = (person, indicator)
        self._check_sound(cells)
        level = stripped(unguarded(cells.text(ColumnRole.LEVEL)))
        if not cells.text(ColumnRole.SCORE).strip() and not level:
            self.empty += 1
            return
        self._check_said(cells, ColumnRole.SCORE)
        relation, rater = self.raters.written(cells)
        self.accepted.add_rating(cells, ColumnRole.SCORE, (person, indicator, relation, unguarded(rater)), level)

    def _leave(self, cells: Cells) -> None:
        """A leave that is protected; all others, and those of other cycles, are named and change nothing."""
        person = self.names.subject(cells)
        leave = read_leave_row(cells, self.context)
        if leave.other:
            self._ignore(cells, leave.column, leave.other)
            return
        self.accepted.add(cells, leave.column, LEAVE, (person, leave.kind, leave.first_day.isoformat()), leave.until)
