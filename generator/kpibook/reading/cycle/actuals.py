"""actuals/: one file per supplier, a number in each row. The largest tables: their plain rows take a short way."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from kpibook.base.numbers import WrittenNumber
from kpibook.base.periods import Period
from kpibook.base.problems import Place
from kpibook.model import Catalog, Indicator, Measure, NumberKind, Reading
from kpibook.reading.cycle.answers import read_answer
from kpibook.reading.cycle.bounds import DOUBT, Bounds, WholeBounds, odd_texts
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.conflicts import KeptRows
from kpibook.reading.cycle.events import Events
from kpibook.reading.cycle.readings import NO_CODE, Key, PairCodes, PlainRows, Readings, Rows
from kpibook.reading.cycle.sources import source_of
from kpibook.reading.cycle.subjects import KnownIds, Subjects
from kpibook.reading.cycle.weeks import WEEK, Weeks, spoilt_keys
from kpibook.reading.tables import Layout, PlainBatch, Row, RowBatch, Table, rows_of, unguarded

ACTUALS = Layout(
    required=("subject", "measure", "actual"),
    optional=("week", "note", "source"),
    ids=("subject", "measure"),
    numbers=("actual",),
    dates=("week",),
)

LISTED = 10
"""So many cells are named in a message."""


class Actuals:
    """The numbers of a cycle, from all its files.

    A row goes one of three ways, which come to the same. Rows of a batch whose cells are plain (a known subject, a
    known measure, a number of digits and a point within its bounds) are kept as columns and codes: a million of them
    never become rows of Python. A single row of plain cells skips everything that could only refuse it. Every other
    row is read with care, cell by cell, so that a fault is told with its place and its cure.
    """

    def __init__(self, subjects: Subjects, catalog: Catalog, period: Period) -> None:
        self.subjects = subjects
        self.catalog = catalog
        self.period = period
        self.bounds_of = {each.id: Bounds.of(each) for each in _collected(catalog)}
        self.known = KnownIds(self.bounds_of)
        self.kept = KeptRows[Key, Reading](lambda reading: reading.value)
        self.events = Events(each.id for each in catalog.measures.values() if each.each)
        self.names = {each: each for each in subjects.all.ids.values()}
        self.shared_texts = dict(self.names)
        codes = PairCodes(self.names, self.bounds_of)
        self.subject_codes = dict(codes.of_subject)
        # Each row of an event counts, and words and days are no plain numbers: such rows go by themselves.
        said = {each.id for each in self.bounds_of.values() if each.answer is not None}
        apart = said | set(self.events.keys)
        self.measure_codes = {key: code for key, code in codes.of_measure.items() if key not in apart}
        self.whole_bounds = WholeBounds(self.bounds_of.values())
        self.plain_rows = PlainRows(codes)
        self.weeks = Weeks(period)
        self.weekly: list[Key] = []

    @property
    def layout(self) -> Layout:
        """The columns of its files, in which a day or an answer may stand as a spreadsheet keeps one."""
        answers = [each.answer for each in self.bounds_of.values() if each.answer]
        days = frozenset(each.id for each in answers if each.kind is NumberKind.DATE)
        flags = frozenset(each.id for each in answers if each.kind is NumberKind.YES_NO)
        return replace(ACTUALS, days=("measure", days), flags=("measure", flags))

    def read(self, table: Table) -> None:
        """Take over the rows of one file."""
        # The cells of actuals that are empty: told once for the file, when all its rows were seen.
        empty: list[Place] = []
        if WEEK in table.columns:
            for row in table.rows():
                self._read_week(table, row, empty)
        else:
            for batch in table.batches():
                for row in self._read_plain(table, batch):
                    self._read_row(table, row, empty)
        self._warn(table, empty)

    def _read_week(self, table: Table, row: Row, empty: list[Place]) -> None:
        """Take over a row of a table whose numbers may be of a week."""
        cells = Cells(table, row)
        if not cells.text(WEEK).strip() or cells.text("measure") in self.events.keys:
            # Single events are told apart by themselves, whatever week they fall into.
            self._read_row(table, row, empty)
            return
        try:
            reading = self._reading(cells, is_part=True)
            self.weeks.days(cells)
        except RowFault as fault:
            cells.set_aside(fault)
            return
        if reading is None:
            # A week that is still to come; one that lacks between others is told when the cycle is published.
            table.ledger.empty += 1
        else:
            self.weeks.add(cells, reading)

    def _read_plain(self, table: Table, batch: RowBatch) -> Sequence[Row]:
        """Take over at once all rows whose cells are plain; returns the others, in their order."""
        if batch.plain is None:
            return batch.rows
        subject_at, measure_at, actual_at = (table.columns[name] for name in ACTUALS.required)
        columns = batch.plain.columns
        subjects = list(map(self.subject_codes.get, columns[subject_at]))
        measures = list(map(self.measure_codes.get, columns[measure_at]))
        odd = self._odd_rows(columns[measure_at], columns[actual_at])
        for found in (subjects, measures):
            if None in found:
                odd.update(at for at, each in enumerate(found) if each is None)
        # Codes are computed for whole columns at once; a row left for later counts as the pair 0 until it is taken out.
        for at in odd:
            subjects[at] = measures[at] = 0
        codes = PairCodes.together(cast(list[int], subjects), cast(list[int], measures))
        for at in odd:
            codes[at] = NO_CODE
        note_at, source_at = table.columns.get("note"), table.columns.get("source")
        kept = self._with_shared_texts(batch.plain, (subject_at, measure_at))
        self.plain_rows.add(Rows(table.file, kept, codes, actual_at, note_at, source_at), len(odd), table)
        others = _rows_chosen(batch.plain, sorted(odd))
        return list(rows_of(RowBatch(others, batch.rows)))

    def _with_shared_texts(self, plain: PlainBatch, at: Sequence[int]) -> PlainBatch:
        """The same cells, with one text for all rows that are about the same: a year of them fills the memory else."""
        known = self.shared_texts
        columns = (
            list(map(known.setdefault, column, column)) if place in at else column
            for place, column in enumerate(plain.columns)
        )
        return PlainBatch(plain.lines, tuple(columns))

    def _odd_rows(self, measures: Sequence[str], actuals: Sequence[str]) -> set[int]:
        """The rows whose number needs a second look."""
        odd = odd_texts(actuals)
        if odd:
            # Bounds are compared for the whole column at once, as numbers: these rows are found already.
            actuals = list(actuals)
            for at in odd:
                actuals[at] = "0"
        odd.update(self.whole_bounds.odd(measures, actuals))
        return odd

    def _read_row(self, table: Table, row: Row, empty: list[Place]) -> None:
        """Take over a row: at once where its cells are plain, else with care."""
        line, cells = row
        subject_at, measure_at, actual_at = (table.columns[name] for name in ACTUALS.required)
        note_at, source_at = table.columns.get("note"), table.columns.get("source")
        text = cells[actual_at]
        subject, bounds = self.names.get(cells[subject_at]), self.bounds_of.get(cells[measure_at])
        value = bounds.plain(text) if bounds else None
        if subject is None or bounds is None or value is None:
            self._read_with_care(table, row, empty)
            return
        note = unguarded(cells[note_at]) if note_at is not None else ""
        source = source_of(cells[source_at], value) if source_at is not None else ""
        reading = Reading(value, table.place(line, cells, actual_at), text, note, source=source)
        self._keep((subject, bounds.id), reading, table)

    def _read_with_care(self, table: Table, row: Row, empty: list[Place]) -> None:
        """Take over a row cell by cell, or set it aside with the first thing that is wrong with it."""
        cells = Cells(table, row)
        try:
            reading = self._reading(cells)
        except RowFault as fault:
            cells.set_aside(fault)
            return
        if reading is None:
            table.ledger.empty += 1
            empty.append(cells.place("actual"))
        else:
            self._keep(cells.about, reading, table)

    def _keep(self, key: Key, reading: Reading, table: Table) -> None:
        if key[1] in self.events.keys:
            self.events.add(key, reading, table)
        else:
            self.kept.add(key, reading, table)

    def _reading(self, cells: Cells, *, is_part: bool = False) -> Reading | None:
        subject, bounds = self._subject(cells), self._bounds(cells)
        cells.about = (subject, bounds.id)
        text = cells.text("actual")
        if not text.strip():
            return None
        if bounds.answer is None:
            written = cells.written("actual", bounds.unit)
        else:
            value, said = read_answer(cells, "actual", bounds.answer, self.period.last_day)
            # A day is told beside the days that it makes.
            written = WrittenNumber(value, bounds.answer.kind is NumberKind.DATE and bool(said))
        if not is_part:
            # Of parts, what they make is held against the bounds.
            bounds.check(written.value, "actual")
        cells.note_converted("actual", written)
        place = cells.place("actual")
        if bounds.is_doubtful(written.value):
            bounds.fractions.append((place, text, cells.about[0]))
        source = source_of(cells.text("source"), written.value)
        return Reading(written.value, place, text, unguarded(cells.text("note")), written.converted, source)

    def _subject(self, cells: Cells) -> str:
        text = cells.text("subject")
        subject = self.subjects.subject(text)
        if subject is None:
            code, values = self.subjects.why_unknown(text)
            raise RowFault("subject", code, **values)
        if text == text.strip():
            self.names[text] = subject
            if subject in self.plain_rows.codes.of_subject:
                self.subject_codes[text] = self.plain_rows.codes.of_subject[subject]
        else:
            cells.table.ledger.converted.append((cells.place("subject"), text, subject))
        cells.about = (subject, "")
        return subject

    def _bounds(self, cells: Cells) -> Bounds:
        text = cells.needed("measure")
        if text in self.bounds_of:
            return self.bounds_of[text]
        indicator = self.catalog.indicators.get(text)
        if indicator and indicator.formula:
            names = ", ".join(dict.fromkeys(name.id for name in indicator.formula.names))
            raise RowFault("measure", "indicator-is-computed", measures=names)
        raise RowFault("measure", "unknown-measure", near=self.known.near(text))

    def _warn(self, table: Table, empty: list[Place]) -> None:
        """Tell what was read and may not have been meant, once per file."""
        if empty:
            table.ledger.warn("actual-empty", empty[0], {"count": len(empty), "cells": _listed(empty)})
        for bounds in self.bounds_of.values():
            if found := bounds.doubts(self.catalog.waivers, self.period):
                table.ledger.warn(DOUBT, cast(Place, found.pop("place")), found)

    def count_again(self, table: Table) -> None:
        """Account for a file whose content was read under another name: its rows are all repeated."""
        table.ledger.repeated += sum(1 for _ in table.rows())

    def settle(self, tables: Sequence[Table], waiting: Collection[Key] = ()) -> Mapping[Key, Reading]:
        """The numbers that stand, after conflicts between rows and files.

        `waiting` are those of which an import set a row aside: what weeks or events make up lacks it.
        """
        how = {each.id: each.accumulate for each in _collected(self.catalog)}
        for key, reading, table in self.weeks.settle(tables, self.bounds_of, how, waiting):
            self.weekly.append(key)
            self.kept.add(key, reading, table)
        positions, kept = self.plain_rows.positions(), self.kept.rows
        for code, places in self.plain_rows.doubled(positions, kept).items():
            self._keep_in_order(self.plain_rows.codes.key(code), places, tables)
            del positions[code]
        self.kept.settle(tables)
        kept.update(self.events.added_up({*waiting, *spoilt_keys(tables)}))
        self.plain_rows.close()
        return Readings(kept, positions, self.plain_rows)

    def _keep_in_order(self, key: Key, positions: Sequence[int], tables: Sequence[Table]) -> None:
        """Let plain rows that say the same thing twice claim it in the order of the files, like all others."""
        order = {table.file: at for at, table in enumerate(tables)}
        kept = [(self.plain_rows.reading(at), self.plain_rows.table(at)) for at in positions]
        first = self.kept.rows.pop(key, None)
        if first:
            kept.append((first, next(table for table in tables if table.file == first.place.file)))
        for reading, table in sorted(kept, key=lambda each: (order[each[0].place.file], each[0].place.line)):
            self.kept.add(key, reading, table)


def _rows_chosen(plain: PlainBatch, rows: Sequence[int]) -> PlainBatch:
    """Some rows of a batch."""
    return PlainBatch([plain.lines[at] for at in rows], tuple([column[at] for at in rows] for column in plain.columns))


def _collected(catalog: Catalog) -> Iterator[Measure | Indicator]:
    """Everything that a row of actuals may name."""
    for identifier in (*catalog.measures, *catalog.indicators):
        if each := catalog.collected(identifier):
            yield each


def _listed(places: Sequence[Place]) -> str:
    names = [place.cell or str(place.line) for place in places[:LISTED]]
    return ", ".join(names) + (" …" if len(places) > LISTED else "")
