"""Read the rows of one table: each is used, set aside with its reason, or named as ignored."""

import datetime
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from gmpy2 import mpq

from kpibook.base.names import stripped
from kpibook.base.numbers import HUNDRED, is_exact, plain
from kpibook.base.problems import Level, Place, Problem
from kpibook.exchange.importing.accepted import ACTUALS, RATINGS, TARGETS, AcceptedCell
from kpibook.exchange.importing.days import Days
from kpibook.exchange.importing.durations import is_clock, is_time, seconds_in, seconds_of_clock
from kpibook.exchange.importing.goals import Judged
from kpibook.exchange.importing.header import SAID, SILENT, Column, SheetHeader, SheetKind
from kpibook.exchange.importing.names import Numbers, People
from kpibook.exchange.importing.period_words import day_of, is_of
from kpibook.exchange.importing.progress import Steps
from kpibook.exchange.importing.raters import Raters
from kpibook.exchange.importing.tally import IGNORED, OTHER_PERIOD, SheetTally
from kpibook.exchange.importing.titles import Titles
from kpibook.exchange.importing.units import counted_by, is_money, time_units
from kpibook.exchange.importing.units import factor as factor_of
from kpibook.exchange.importing.vocabulary import ColumnRole, Vocabulary
from kpibook.model import Catalog, Cycle, Indicator, Measure, SetAside
from kpibook.reading.cycle.bounds import Bounds
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.decisions import check_rating, rated_items, rating_rules, read_points
from kpibook.reading.cycle.subjects import folded
from kpibook.reading.tables import CellFault, FaultyCell, Table, column_name, is_total, read_number, unguarded
from kpibook.rules.standards import Rating

ONE = mpq(1)
PLACES, ROUNDED = 40, 15
"""Decimals of an exact number, and of one that has no end in decimals."""
LISTED = 10


class ImportContext:
    """What rows are read against."""

    def __init__(self, catalog: Catalog, cycle: Cycle, rater: str = "") -> None:
        self.catalog = catalog
        self.period = cycle.period
        self.people = People(catalog, cycle)
        self.roster = cycle.people
        self.numbers = Numbers(catalog)
        self.vocabulary = Vocabulary(catalog, self.numbers, cycle.period)
        self.rater = rater
        """Who rated, as the command says."""

    @cached_property
    def rated(self) -> frozenset[str]:
        """The indicators that somebody is rated by."""
        return frozenset(indicator for _, indicator, _ in rated_items(self.catalog))

    @cached_property
    def counted(self) -> frozenset[str]:
        """The indicators that are rated for some and judged by a number for others."""
        owners = (*self.catalog.roles.values(), *self.catalog.departments.values(), self.catalog.company)
        found = {item.indicator for owner in owners for item in owner.items if not isinstance(item.standard, Rating)}
        extras = {each.indicator for owner in owners for each in owner.extras if not isinstance(each.standard, Rating)}
        return frozenset(found | extras)

    def rated_by(self, person: str, indicator: str) -> tuple[tuple[Rating, mpq], ...]:
        """The rules by which somebody is rated, each with its weight."""
        roles = [row.role for row in self.roster if folded(row.person) == folded(person)]
        return tuple(rating_rules(self.catalog, roles, person, indicator))

    def is_rating(self, person: str, indicator: str) -> bool:
        """Whether a number for somebody is a rating."""
        if indicator not in self.rated:
            return False
        return indicator not in self.counted or bool(self.rated_by(person, indicator))

    @cached_property
    def judged(self) -> Judged:
        """By which indicators everybody is judged."""
        return Judged(self.catalog, self.roster)

    def unit_of(self, identifier: str) -> str:
        """The unit of a number, or of an indicator."""
        named = self.numbers.collected.get(identifier) or self.catalog.indicators[identifier]
        return named.unit

    def meter(self, measure: str) -> Bounds:
        """The bounds of a number."""
        return Bounds.of(self.numbers.collected[measure])


class SheetReader:
    """Reads the rows of one table."""

    def __init__(
        self, table: Table, found: SheetHeader, context: ImportContext, sections: Sequence[tuple[int, bool]] = ()
    ) -> None:
        self.table = table
        self.header = found
        self.context = context
        self.sections = sections
        """The lines that name a period for the rows below them, and whether it is the cycle's own."""
        self.accepted: list[AcceptedCell] = []
        self.empty = 0
        self.faulty: set[int] = set()
        self.row_faults = 0
        self.good: list[int] = []
        """The lines of all rows of the table, but for those that are set aside."""
        self.days = Days()
        self.day: datetime.date | None = None
        self.raters = Raters(table, found, context.people, context.roster, context.rater)
        self.columns = found.columns
        self.refused: list[Problem] = []
        self.factors: dict[str, mpq] = {}
        self._choose_columns()
        self._meters: dict[str, Bounds] = {}
        self._evidence = tuple(role for role in (ColumnRole.NOTE, ColumnRole.LINK) if role in table.columns)
        self._subjects: dict[tuple[str, str], str] = {}
        self._measures: dict[tuple[str, str], Measure | Indicator] = {}

    def _choose_columns(self) -> None:
        """Leave out the columns whose unit, or whose rater, is not clear; each is told once."""
        kept = []
        for column in self.header.columns:
            problem = self._fault_of(column)
            if problem:
                self.refused.append(problem)
            else:
                kept.append(column._replace(written=self._written_unit(column)))
        self.columns = tuple(kept)

    def _fault_of(self, column: Column) -> Problem | None:
        said, place = self.header.said, self._heading_place(column)
        if len(column.candidates) > 1 and not column.is_target:
            return None
        if self._is_rating_only(column):
            return None if self.raters.are_known else Problem("import-rater-missing", place, {"name": column.label})
        unit = self.context.unit_of(column.candidates[0])
        factor = counted_by(column.unit, said.units, said.unclear, unit)
        if factor is None:
            written = column.unit or said.unclear or ", ".join(said.units)
            values = {"name": column.label, "text": written, "measure": column.candidates[0], "unit": unit}
            is_above = said.unit_above and not column.unit
            return Problem("import-unit-above" if is_above else "import-column-unit", place, values)
        self.factors[column.name] = factor
        return None

    def _written_unit(self, column: Column) -> str:
        """The unit that holds for a column."""
        if column.unit or column.name not in self.factors:
            return column.unit
        own = self.context.unit_of(column.candidates[0])
        return next((unit for unit in self.header.said.units if factor_of(unit, own) is not None), "")

    def _is_rating_only(self, column: Column) -> bool:
        rated, counted = self.context.rated, self.context.counted
        return not column.is_target and column.candidates[0] in rated and column.candidates[0] not in counted

    def _heading_place(self, column: Column) -> Place:
        line = self.header.heading.line
        return self.table.place(line, self.header.heading.labels, self.table.columns[column.name])

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
                self.good.append(row[0])
                if self._is_of_cycle(cells):
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
        table = RATINGS if self.header.kind is SheetKind.RATINGS else ACTUALS
        tally.rows += ledger.rows + len(self.header.titles)
        tally.ignored += [("title", line) for line in self.header.titles]
        tally.ignored += [(row.code, row.place.line) for row in special]
        tally.ignored += [("blank", 0)] * ledger.blank
        tally.set_aside += [_in_table(row, table) for row in faulty]
        tally.lost += len(faulty) - self.row_faults
        tally.faulty |= self.faulty
        tally.accepted += self.accepted
        tally.columns = self.columns
        tally.written = self.header.unit or next(filter(is_money, self.header.said.units), "")
        self._settle_days(tally)
        ledger.weigh(tally.rows_set_aside if tally.rows_set_aside > 1 else 0)
        tally.empty += self.empty
        tally.converted = tuple(ledger.converted)
        aside = {(row.code, row.place) for row in ledger.set_aside}
        reported = (each for each in ledger.problems if (each.code, each.place) not in aside)
        tally.problems += [_in_other_words(each) for each in reported if self._is_told(each)]
        tally.problems += self.refused
        tally.problems += self._doubts()

    def _is_told(self, problem: Problem) -> bool:
        """Whether a problem is not told elsewhere: what a column holds that is understood and not taken is."""
        known = {column_name(label) for label in (*(each.label for each in self.header.ignored), *self.header.computed)}
        return problem.values.get("name") not in (*SILENT, *known)

    def _settle_days(self, tally: SheetTally) -> None:
        """Add the numbers of several days to one of the cycle; a sum that lacks a day is none."""
        refused = self.days.refused(self.context.numbers.collected)
        tally.refuse(refused)
        for days, total in self.days.sums(refused):
            gone = set(map(id, days))
            first = days[0]
            notes = " ".join(dict.fromkeys(each.note for each in days if each.note))
            whole = AcceptedCell(
                first.table, first.key, _exact(total), notes, first.owner, first.place, first.line, len(days)
            )
            tally.accepted = [each for each in tally.accepted if id(each) not in gone]
            tally.accepted.append(whole)
            tally.summed.append(whole)
            tally.summed_lines |= {each.line for each in days}

    def _doubts(self) -> Iterator[Problem]:
        """Numbers in % that may have been meant as a hundred times as much."""
        for meter in self._meters.values():
            if meter.fractions:
                place, text = meter.fractions[0]
                listed = ", ".join(each.cell or str(each.line) for each, _ in meter.fractions[:LISTED])
                values = {
                    "measure": meter.id,
                    "text": text,
                    "other": plain(read_number(text, "%").value * HUNDRED, ROUNDED),
                    "count": len(meter.fractions),
                    "cells": listed + (" \u2026" if len(meter.fractions) > LISTED else ""),
                }
                yield Problem("percent-or-fraction", place, values, Level.WARNING)

    def _set_aside(self, cells: Cells, fault: RowFault) -> None:
        if is_total(cells.text(fault.column)):
            self._ignore(cells, fault.column, "totals-row")
            return
        cells.set_aside(fault)
        self.days.spoil(cells.about[0], cells.row[0])

    def _is_of_cycle(self, cells: Cells) -> bool:
        """Whether a row is about this cycle; one of another period is no concern of it."""
        line, self.day = cells.row[0], None
        before = bisect_right(self.sections, (line, True))
        if before and self.sections[before - 1][0] == line:
            self._ignore(cells, next(iter(self.table.columns)), "footnote-row")
            return False
        if before and not self.sections[before - 1][1]:
            self._ignore(cells, next(iter(self.table.columns)), OTHER_PERIOD)
            return False
        if ColumnRole.PERIOD not in self.table.columns:
            return True
        said = unguarded(cells.text(ColumnRole.PERIOD))
        if not said.strip():
            self._subject(cells)
            raise RowFault(ColumnRole.PERIOD, "cell-empty")
        is_own = is_of(said, self.context.period)
        if is_own is None:
            raise RowFault(ColumnRole.PERIOD, "period-unknown")
        if not is_own:
            self._ignore(cells, ColumnRole.PERIOD, OTHER_PERIOD)
        self.day = day_of(said)
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
        if not stripped(identifier) and ColumnRole.NAME in self.table.columns:
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
            self._note_empty(cells)
            return
        if (unit := stripped(cells.text(ColumnRole.UNIT))) and unit != measure.unit:
            raise RowFault(ColumnRole.UNIT, "sheet-other-unit", unit=measure.unit, measure=measure.id)
        said = self.header.said if not unit else Titles()
        factor = counted_by("" if unit else self.header.unit, said.units, said.unclear, measure.unit)
        if factor is None:
            written = self.header.unit or said.unclear or ", ".join(said.units)
            raise RowFault(ColumnRole.ACTUAL, "unit-unclear", written=written, unit=measure.unit, measure=measure.id)
        value = self._value(cells, ColumnRole.ACTUAL, measure, factor)
        self._take(cells, ColumnRole.ACTUAL, ACTUALS, (subject, measure.id), _exact(value))

    def _note_empty(self, cells: Cells) -> None:
        self.empty += 1
        if self.day:
            self.days.spoil_cell(cells.about, cells.row[0])

    @staticmethod
    def _check_sound(cells: Cells) -> None:
        """No cell of a workbook holds an error, or a formula without a result; raises RowFault where one does."""
        for column in SAID if cells.table.sheet else ():
            text = cells.text(column)
            if isinstance(text, FaultyCell) and text.code != "cell-is-duration":
                raise RowFault(column, text.code)

    def _wide(self, cells: Cells) -> None:
        subject = self._subject(cells)
        for column in self.columns:
            text = cells.text(column.name)
            cells.about = (subject, column.candidates[0] if len(column.candidates) == 1 else "")
            if not text.strip() and not isinstance(text, FaultyCell):
                self._note_empty(cells)
                continue
            try:
                self._wide_cell(cells, column, subject)
            except RowFault as fault:
                self.days.spoil_cell(cells.about, cells.row[0])
                at = fault.column if fault.column in self.table.columns else column.name
                self.table.aside_cell(cells.row, at, fault.code, cells.about, whose="", **fault.values)

    def _wide_cell(self, cells: Cells, column: Column, subject: str) -> None:
        text = cells.text(column.name)
        if isinstance(text, FaultyCell) and text.code != "cell-is-duration":
            raise RowFault(column.name, text.code)
        if column.is_target:
            self._target(cells, column, subject)
            return
        measure = self.context.numbers.measure(column.candidates[0], column.name)
        if len(column.candidates) > 1:
            raise RowFault(column.name, "ambiguous-measure", candidates=", ".join(column.candidates))
        if self.context.is_rating(subject, measure.id):
            relation, rater = self.raters.of(cells, subject)
            self._take_rating(cells, column.name, (subject, measure.id, relation, rater), "")
            return
        value = self._value(cells, column.name, measure, self.factors[column.name])
        self._take(cells, column.name, ACTUALS, (subject, measure.id), _exact(value))

    def _target(self, cells: Cells, column: Column, subject: str) -> None:
        """What is expected of somebody; it stands for the indicator by which they are judged."""
        indicator = self.context.judged.indicator(subject, column.candidates, column.name)
        unit = self.context.unit_of(column.candidates[0])
        if indicator.unit != unit:
            raise RowFault(column.name, "cell-other-unit", unit=indicator.unit)
        value = self._number(cells, column.name, indicator.unit, self.factors[column.name])
        self._take(cells, column.name, TARGETS, (subject, indicator.id), _exact(value))

    def _value(self, cells: Cells, column: str, measure: Measure | Indicator, factor: mpq) -> mpq:
        """The number in the measure's unit.

        Raises:
            RowFault: it is no number, or not a possible one.
        """
        meter = self._meters.get(measure.id)
        if meter is None:
            meter = self._meters[measure.id] = self.context.meter(measure.id)
        text = cells.text(column).strip()
        if factor == ONE and not isinstance(text, FaultyCell) and (value := meter.plain(text)) is not None:
            return value
        value = self._number(cells, column, measure.unit, factor)
        meter.check(value, column)
        if meter.is_doubtful(value) and not text.endswith("%"):
            meter.fractions.append((cells.place(column), text))
        return value

    def _number(self, cells: Cells, column: str, unit: str, factor: mpq) -> mpq:
        """The number in a cell, in this unit; what had to be converted is listed."""
        text = cells.text(column)
        if (seconds := self._seconds(text, unit, column)) is not None:
            value, is_converted = seconds / time_units()[unit.casefold()], True
        else:
            value, is_converted = _read_scaled(text, unit, factor, column)
        if is_converted:
            self.table.ledger.converted.append((cells.place(column), str(text), _exact(value)))
        return value

    def _seconds(self, text: str, unit: str, column: str) -> mpq | None:
        """The length of time in a cell; raises RowFault where it cannot be one of the measure's."""
        if isinstance(text, FaultyCell):
            seconds = seconds_of_clock(text) if is_time(unit) else None
            if seconds is None:
                raise RowFault(column, text.code, unit=unit)
            return seconds
        if not is_time(unit):
            return None
        if is_clock(text):
            raise RowFault(column, "duration-unclear", unit=unit)
        return seconds_in(text)

    def _rating(self, cells: Cells) -> None:
        person = self._subject(cells)
        column = self._measure_column(cells)
        indicator = self.context.numbers.indicator(unguarded(cells.text(column)), column)
        cells.about = (person, indicator)
        self._check_sound(cells)
        level = stripped(unguarded(cells.text(ColumnRole.LEVEL)))
        if not cells.text(ColumnRole.SCORE).strip() and not level:
            self.empty += 1
            return
        relation, rater = self.raters.written(cells)
        self._take_rating(cells, ColumnRole.SCORE, (person, indicator, relation, unguarded(rater)), level)

    def _take_rating(self, cells: Cells, column: str, key: tuple[str, ...], level: str) -> None:
        rules = self.context.rated_by(*key[:2])
        value, written = read_points(cells, column, rules, level)
        check_rating(rules, value, written)
        self._take(cells, column, RATINGS, key, written if value is None else _exact(value))

    def _take(self, cells: Cells, column: str, table: str, key: tuple[str, ...], text: str) -> None:
        owner = getattr(self.context.numbers.collected.get(key[1]), "owner", None) or ""
        accepted = AcceptedCell(table, key, text, self._note(cells), owner, cells.place(column), cells.row[0])
        self.accepted.append(accepted)
        if self.day and table == ACTUALS:
            self.days.add(self.day, mpq(text), accepted)

    def _note(self, cells: Cells) -> str:
        """The note and the link that stand beside a number: its evidence."""
        texts = (unguarded(cells.text(role)).strip() for role in self._evidence)
        return " ".join(filter(None, texts))


def _read_scaled(text: str, unit: str, factor: mpq, column: str) -> tuple[mpq, bool]:
    """The number in a cell below a unit, and whether it had to be converted; a unit in the cell goes before that."""
    try:
        if factor == ONE:
            written = read_number(text, unit)
            return written.value, written.converted
        try:
            return read_number(text, "").value * factor, True
        except CellFault as fault:
            if fault.code != "cell-other-unit":
                raise
        written = read_number(text, unit)
    except CellFault as fault:
        raise RowFault(column, fault.code, unit=unit) from fault
    if not stripped(text).endswith(unit[-1:]):
        raise RowFault(column, "cell-other-unit", unit=unit)
    return written.value, True


def _exact(value: mpq) -> str:
    return plain(value, PLACES if is_exact(value, PLACES) else ROUNDED)


def _in_table(row: SetAside, table: str) -> SetAside:
    return SetAside(row.place, row.raw, row.code, row.values, row.subject, row.key, table)


def _in_other_words(problem: Problem) -> Problem:
    """A column of a table that came in need not have the name of one of ours."""
    if problem.code != "column-ignored":
        return problem
    values = {"name": problem.values["name"], "number": problem.values["number"]}
    return Problem("import-column-ignored", problem.place, values, problem.level)
