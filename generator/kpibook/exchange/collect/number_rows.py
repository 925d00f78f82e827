"""The sheets of suppliers: a row for each number that is owed, with what its filler should know."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kpibook.base.numbers import plain, show
from kpibook.base.words import Words
from kpibook.exchange.collect.forms import CellLimits, FormRow, FormSheet, Request
from kpibook.exchange.importing.layouts import SheetKind
from kpibook.exchange.importing.sheet_stamp import UNASSIGNED, SheetStamp, catalog_hash
from kpibook.exchange.importing.vocabulary import ColumnRole
from kpibook.exchange.needs import Need, NeedKind, State
from kpibook.model import COMPANY, Indicator, Measure, NumberKind, Reading, WeekPart
from kpibook.reading.cycle.answers import written_day
from kpibook.rules.standards import with_unit
from kpibook.scoring.progress import weeks_of
from kpibook.scoring.results import Results

PLACES = 15
EMPTY_EVENTS = 3
"""So many rows for events that are still to come stand below those that are there."""
FEWEST = 8
"""A source with fewer rows shares its sheet with others."""


def supplier_sheets(request: Request) -> Iterator[FormSheet]:
    """The sheets of each supplying department: one for each source that its numbers come from."""
    cycle, catalog, say = request.cycle, request.catalog, request.say
    maker = _NumberRows(request)
    books: dict[str, dict[str, list[Need]]] = {}
    for need in request.needs.needs:
        if need.kind is NeedKind.NUMBER and (need.state is not State.GIVEN or not request.only_missing):
            books.setdefault(need.owner or UNASSIGNED, {}).setdefault(maker.measure(need).source, []).append(need)
    for book, groups in books.items():
        department = catalog.departments.get(book)
        supplier = department.name if department else say("collect.unassigned")
        title = say("collect.title", company=catalog.company.name, cycle=cycle.name, supplier=supplier)
        for number, (source, found) in enumerate(_merged_sources(groups, say).items(), start=1):
            rows = tuple(row for need in sorted(found, key=maker.order) for row in maker.rows(need))
            stamp = SheetStamp(str(cycle.period), catalog_hash(catalog), f"{book}/{number}", len(rows))
            yield FormSheet(book, source, title, stamp, SheetKind.LONG, rows)


def _merged_sources(groups: Mapping[str, list[Need]], say: Words) -> Mapping[str, list[Need]]:
    """The groups of a supplier: a source with few numbers has no sheet of its own."""
    found: dict[str, list[Need]] = {}
    small: list[Need] = []
    for source, needs in groups.items():
        if source and len(needs) >= FEWEST:
            found[source] = needs
        else:
            small += needs
    rest = say("collect.other_sources" if found else "collect.no_source")
    return {**found, rest: small} if small else found


class _NumberRows:
    """Makes the rows for numbers."""

    def __init__(self, request: Request) -> None:
        self.cycle = cycle = request.cycle
        self.catalog = catalog = request.catalog
        self.before = request.history.get(cycle.period.previous)
        weekly = (*cycle.weekly, *(self.before.weekly if self.before else ()))
        said = {key for kept in (catalog.measures, catalog.indicators) for key, each in kept.items() if each.weekly}
        self.by_week = frozenset(said.union(key for _, key in weekly))
        self.weeks = tuple(f"{year}-W{week:02}" for year, week in weeks_of(cycle.period))
        self.targets = _targets(request.results)
        self.names = {
            COMPANY: catalog.company.name,
            **{each.id: each.name for each in catalog.departments.values()},
            **{row.person: row.name for row in cycle.people},
        }
        self.places = {each: place for place, each in enumerate((*catalog.measures, *catalog.indicators))}
        self.subjects = {each: place for place, each in enumerate(self.names)}

    def measure(self, need: Need) -> Measure | Indicator:
        """What is collected."""
        found = self.catalog.collected(need.key)
        if found is None:
            raise ValueError(f"{need.key} is not collected")
        return found

    def order(self, need: Need) -> tuple[int, int]:
        """By the number, then by whom it is about."""
        return self.places[need.key], self.subjects.get(need.subject, len(self.subjects))

    def rows(self, need: Need) -> Iterator[FormRow]:
        """The rows for a need, with the numbers that stand there already: of events several, of weeks one for each."""
        measure = self.measure(need)
        given = self.cycle.actuals.get((need.subject, need.key))
        if isinstance(measure, Measure) and measure.each:
            for event in (*(given.events if given else ()), *(None,) * EMPTY_EVENTS):
                yield replace(self._row(need, measure, event), is_event=True)
        elif measure.id in self.by_week and (given is None or given.weeks):
            yield from self._of_weeks(need, measure, given.weeks if given else ())
        else:
            yield self._row(need, measure, given)

    def _of_weeks(self, need: Need, measure: Measure | Indicator, parts: Sequence[WeekPart]) -> Iterator[FormRow]:
        """A row for each week of the cycle; where a week is given by its days, those."""
        empty = self._row(need, measure, None)
        for week in self.weeks:
            of_week = [part for part in parts if _week_of(part.first_day) == week]
            given = [(part.name, plain(part.value, PLACES)) for part in of_week]
            for name, value in given or [(week, "")]:
                own = {ColumnRole.WEEK: name, ColumnRole.ACTUAL: value}
                silent = {ColumnRole.PREVIOUS: "", ColumnRole.TARGET: ""}
                yield FormRow({**empty.cells, **own, **silent}, CellLimits())

    def _row(self, need: Need, measure: Measure | Indicator, given: Reading | None) -> FormRow:
        key = need.subject, need.key
        last = self.before.actuals.get(key) if self.before else None
        cells = {
            ColumnRole.SUBJECT: need.subject,
            ColumnRole.NAME: self.names.get(need.subject, ""),
            ColumnRole.MEASURE: measure.id,
            ColumnRole.MEASURE_NAME: measure.name,
            ColumnRole.UNIT: measure.unit,
            ColumnRole.WEEK: "",
            ColumnRole.PREVIOUS: _cell_text(last, measure, show(last.value)) if last else "",
            ColumnRole.TARGET: self.targets.get(key, ""),
            ColumnRole.ACTUAL: _cell_text(given, measure, plain(given.value, PLACES)) if given else "",
            ColumnRole.NOTE: given.note if given else "",
            ColumnRole.SOURCE: measure.source,
        }
        answers = tuple(word.strip() for word in measure.unit.split("/")) if measure.kind is NumberKind.YES_NO else ()
        is_day = measure.kind is NumberKind.DATE
        return FormRow(cells, CellLimits(measure.minimum, measure.maximum, answers=answers, is_day=is_day))


def _cell_text(reading: Reading, measure: Measure | Indicator, number: str) -> str:
    """A number as it stands in a sheet: as a word or a day where it is written as one."""
    if measure.kind is NumberKind.DATE:
        day = written_day(reading.raw)
        return day.isoformat() if day else reading.raw
    return with_unit(reading.value, measure.unit) if measure.kind is NumberKind.YES_NO else number


def _week_of(day: datetime.date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _targets(results: Results) -> Mapping[tuple[str, str], str]:
    """The targets of numbers that are judged as they are collected."""
    found = {}
    for card in (*results.cards, *results.units):
        for part in card.spans:
            for item in part.items:
                names = item.indicator.formula.names if item.indicator.formula else ()
                is_plain = len(names) == 1 and item.indicator.formula and item.indicator.formula.text == names[0].id
                key = names[0].id if is_plain else item.indicator.id
                if item.target:
                    found[card.person, key] = with_unit(item.target.value, item.indicator.unit)
    return found
