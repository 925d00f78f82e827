"""Where numbers are looked up: a person's own, a department's, the company's, and those of other periods."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.formulas import DivisionByZero, Formula, Name
from kpibook.model import (
    COMPANY,
    Accumulate,
    Assignment,
    Catalog,
    Cycle,
    Extra,
    Indicator,
    Reading,
    Role,
    ScorecardItem,
    SetAside,
)
from kpibook.numbers import ZERO
from kpibook.periods import Kind, Period
from kpibook.results import Gap, Missing, Source

ABSENT_DAYS = "absent_days"
"""The column of people.csv that decides who is appraised; two rows of a person add up."""

SHARED = ("department", "company")
"""The scopes whose numbers are the same for many people."""

Gaps = tuple[Missing, ...]
Memory = dict[tuple[Name, str], Source | Gaps]


class View(NamedTuple):
    """From where a formula is read: whose numbers, of which department, of which period, or of the year to date."""

    subject: str
    department: str
    period: Period
    to_date: bool = False

    def through(self, scope: str) -> "View":
        """The view after a scope of a formula."""
        match scope:
            case "department":
                return self._replace(subject=self.department)
            case "company":
                return self._replace(subject=COMPANY)
            case "previous":
                return self._replace(period=self.period.previous)
            case "last_year":
                return self._replace(period=self.period.last_year)
            case "year_to_date":
                return self._replace(to_date=True)
        return self


class Collected(NamedTuple):
    """A number that was given, or added up from numbers that were."""

    value: mpq
    readings: tuple[Reading, ...]


class Roster:
    """Who is in a cycle: each person's last assignment, and who is appraised."""

    def __init__(self, cycle: Cycle, catalog: Catalog) -> None:
        self._catalog = catalog
        self.rows: dict[str, list[Assignment]] = {}
        for row in cycle.people:
            if row.role in catalog.roles:
                self.rows.setdefault(row.person, []).append(row)
        for rows in self.rows.values():
            if len(rows) > 1:
                rows.sort(key=lambda row: row.first_day or cycle.period.first_day)

    def absent_days(self, person: str) -> mpq:
        """The days of absence over all rows of a person."""
        return sum((row.numbers.get(ABSENT_DAYS, ZERO) for row in self.rows[person]), ZERO)

    def is_appraised(self, person: str) -> bool:
        """Whether the person was present long enough."""
        limit = self._catalog.company.eligibility.max_absent_days
        return limit is None or self.absent_days(person) <= limit

    @cached_property
    def members(self) -> Mapping[str, tuple[Assignment, ...]]:
        """The appraised people of each department, those of the departments below it included, and of the company."""
        found: dict[str, list[Assignment]] = {}
        for person, rows in self.rows.items():
            if self.is_appraised(person):
                for group in (COMPANY, *self._upward(rows[-1].department)):
                    found.setdefault(group, []).append(rows[-1])
        return {group: tuple(rows) for group, rows in found.items()}

    def _upward(self, department: str | None) -> Iterator[str]:
        """A department and all above it, each once."""
        seen: set[str] = set()
        while department and department not in seen:
            seen.add(department)
            yield department
            known = self._catalog.departments.get(department)
            department = known.parent if known else None


class Book:
    """Every number that a card of one cycle may use."""

    def __init__(self, catalog: Catalog, cycle: Cycle, history: Mapping[Period, Cycle]) -> None:
        self.catalog = catalog
        self.cycle = cycle
        self.roster = Roster(cycle, catalog)
        self.days = cycle.period.days
        self._cycles = {**history, cycle.period: cycle}
        self._rosters = {cycle.period: self.roster}
        self._set_aside: dict[tuple[str, Period], Mapping[tuple[str, str], SetAside]] = {}
        self._shared: Memory = {}
        self._elsewhere: dict[tuple[Period, bool], Memory] = {}
        self._expected: dict[str, frozenset[str]] = {}

    def number(self, view: View, name: Name) -> Source | Gaps:
        """The number that a name means in a view, or everything that is missing for it."""
        if name.scope not in SHARED:
            return self._number(view.through(name.scope), name)
        memory = self._shared
        if view.to_date or view.period is not self.cycle.period:
            memory = self._elsewhere.setdefault((view.period, view.to_date), {})
        key = (name, view.department if name.scope == "department" else COMPANY)
        found = memory.get(key)
        if found is None:
            found = memory[key] = self._number(view.through(name.scope), name)
        return found

    def set_aside(self, table: str, cycle: Cycle) -> Mapping[tuple[str, str], SetAside]:
        """The rows of a table (`actuals`, `targets`, ...) that were set aside, by subject and key."""
        key = (table, cycle.period)
        if key not in self._set_aside:
            rows = (row for row in reversed(cycle.set_aside) if row.subject and table_of(row, cycle) == table)
            self._set_aside[key] = {(row.subject, row.key): row for row in rows}
        return self._set_aside[key]

    def owner(self, key: str) -> str:
        """The department that supplies a number."""
        known = self.catalog.named(key)
        return (known.owner or "") if known else ""

    def computed(self, identifier: str) -> Indicator | None:
        """The indicator of this id if it is computed; measures come first."""
        indicator = self.catalog.indicators.get(identifier)
        is_computed = indicator and indicator.formula and identifier not in self.catalog.measures
        return indicator if is_computed else None

    def _number(self, view: View, name: Name) -> Source | Gaps:
        indicator = self.computed(name.id)
        if indicator and indicator.formula:
            return self._from_formula(view, name, indicator, indicator.formula)
        found = self._read(view, name.id)
        if not isinstance(found, Collected):
            return found
        return Source(view.subject, name.scope, name.id, found.value, found.readings)

    def _from_formula(self, view: View, name: Name, indicator: Indicator, formula: Formula) -> Source | Gaps:
        """An indicator seen through a scope is computed anew from its parts, never averaged."""
        parts = [self.number(view, inner) for inner in formula.names]
        gaps = tuple(gap for part in parts if not isinstance(part, Source) for gap in part)
        if gaps:
            return gaps
        sources = tuple(part for part in parts if isinstance(part, Source))
        values = {inner: source.value for inner, source in zip(formula.names, sources, strict=True)}
        try:
            value = formula.evaluate(values)
        except DivisionByZero as fault:
            return (self.undefined(indicator, view, fault),)
        return Source(view.subject, name.scope, name.id, value, (), sources)

    def undefined(self, indicator: Indicator, view: View, fault: DivisionByZero) -> Missing:
        """An indicator that has no value because its formula divides by 0."""
        owner = indicator.owner or ""
        return Missing(view.subject, indicator.id, owner, view.period, gap=Gap.ZERO_DIVISOR, divisor=fault.divisor)

    def _read(self, view: View, key: str) -> Collected | Gaps:
        if not view.to_date:
            return self._at(view.subject, key, view.period)
        so_far = [Period(view.period.kind, view.period.year, number) for number in range(1, view.period.number + 1)]
        return self._accumulated(view.subject, key, so_far)

    def _at(self, subject: str, key: str, period: Period) -> Collected | Gaps:
        """The number given for the period, else that of its months, else the sum over the people of the subject."""
        cycle = self._cycles.get(period)
        if cycle:
            reading = cycle.actuals.get((subject, key))
            if reading:
                return Collected(reading.value, (reading,))
            aside = self.set_aside("actuals", cycle).get((subject, key))
            if aside:
                return (Missing(subject, key, self.owner(key), period, aside, Gap.SET_ASIDE),)
        if period.kind is not Kind.MONTH and self._has_months(subject, key, period):
            return self._accumulated(subject, key, period.months)
        if cycle and (subject == COMPANY or subject in self.catalog.departments):
            return self._summed(cycle, subject, key)
        return (self._not_given(subject, key, period),)

    def _not_given(self, subject: str, key: str, period: Period) -> Missing:
        gap = Gap.NOT_GIVEN if period in self._cycles else Gap.NO_CYCLE
        return Missing(subject, key, self.owner(key), period, gap=gap)

    def _has_months(self, subject: str, key: str, period: Period) -> bool:
        return any(isinstance(self._at(subject, key, month), Collected) for month in period.months)

    def _accumulated(self, subject: str, key: str, periods: Iterable[Period]) -> Collected | Gaps:
        """The number of a longer time from that of shorter ones; only the time that a person was there counts."""
        measure = self.catalog.collected(key)
        how = measure.accumulate if measure else Accumulate.SUM
        ordered = list(periods)
        counted = ordered[-1:] if how is Accumulate.LAST else [p for p in ordered if self._was_there(subject, key, p)]
        found = [self._at(subject, key, period) for period in counted]
        gaps = tuple(gap for part in found if not isinstance(part, Collected) for gap in part)
        numbers = [part for part in found if isinstance(part, Collected)]
        if gaps or not numbers:
            return gaps or (self._not_given(subject, key, ordered[-1]),)
        value = sum((part.value for part in numbers), ZERO)
        readings = tuple(reading for part in numbers for reading in part.readings)
        return Collected(value / len(numbers) if how is Accumulate.MEAN else value, readings)

    def _was_there(self, subject: str, key: str, period: Period) -> bool:
        cycle = self._cycles.get(period)
        if cycle is None or subject == COMPANY or subject in self.catalog.departments:
            return True
        return subject in self._roster(cycle).rows or (subject, key) in cycle.actuals

    def _summed(self, cycle: Cycle, subject: str, key: str) -> Collected | Gaps:
        """The sum over the appraised people; one whose scorecard uses the number may not lack it."""
        numbers: list[Collected] = []
        gaps: list[Missing] = []
        for row in self._roster(cycle).members.get(subject, ()):
            found = self._at(row.person, key, cycle.period)
            if isinstance(found, Collected):
                numbers.append(found)
            elif found[0].set_aside or key in self._expects(row.role):
                gaps.extend(found)
        if gaps or not numbers:
            return tuple(gaps) or (self._not_given(subject, key, cycle.period),)
        readings = tuple(reading for number in numbers for reading in number.readings)
        return Collected(sum((number.value for number in numbers), ZERO), readings)

    def _roster(self, cycle: Cycle) -> Roster:
        if cycle.period not in self._rosters:
            self._rosters[cycle.period] = Roster(cycle, self.catalog)
        return self._rosters[cycle.period]

    def _expects(self, identifier: str) -> frozenset[str]:
        """The numbers that everybody in a role needs."""
        if identifier not in self._expected:
            role = self.catalog.roles.get(identifier)
            self._expected[identifier] = frozenset(self._needed(role)) if role else frozenset()
        return self._expected[identifier]

    def _needed(self, role: Role) -> Iterator[str]:
        entries: tuple[ScorecardItem | Extra, ...] = (*role.items, *role.extras)
        for item in entries:
            if item.standard and not role.is_described_only:
                if item.standard.judges_actual():
                    yield from self._plain(item.indicator)
                for name in item.standard.names():
                    yield from self._plain(name.id) if not name.scope else ()

    def _plain(self, identifier: str) -> Iterator[str]:
        """What is collected of a person for a measure or an indicator."""
        indicator = self.computed(identifier)
        if not indicator or not indicator.formula:
            yield identifier
            return
        for name in indicator.formula.names:
            if not name.scope:
                yield from self._plain(name.id)


def table_of(row: SetAside, cycle: Cycle) -> str:
    """The table that a row stood in: `actuals`, `targets`, `ratings`, `adjustments`."""
    return row.table or row.place.file.removeprefix(f"{cycle.folder}/").split("/")[0].partition(".")[0]
