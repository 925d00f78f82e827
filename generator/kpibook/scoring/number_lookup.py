"""Where numbers are looked up: a person's own, a department's, the company's, and those of other periods."""

from collections.abc import Iterable, Mapping

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.base.periods import Period
from kpibook.model import COMPANY, Accumulate, Catalog, Cycle, Indicator, Reading, SetAside
from kpibook.rules.formulas import MEANS, SUMS, DivisionByZero, Formula, Name
from kpibook.rules.standards import Event
from kpibook.scoring.card_dependencies import CardDependencies, SharedNumber
from kpibook.scoring.carried import Carried
from kpibook.scoring.collected import Collected, Gaps, GroupNumbers, within_bounds
from kpibook.scoring.event_lookup import EventLookup
from kpibook.scoring.group_members import ONE, GroupMembers, part_of
from kpibook.scoring.other_cycles import OtherCycles
from kpibook.scoring.sources import DayShare, Gap, Missing, Source, gap_of, read_from
from kpibook.scoring.viewpoint import Viewpoint

SHARED = ("department", "company")
"""The scopes whose numbers are the same for many people."""

Memory = dict[tuple[Name, str], Source | Gaps]


class NumberLookup:
    """Every number that a card of one cycle may use."""

    def __init__(
        self, catalog: Catalog, cycle: Cycle, history: Mapping[Period, Cycle], carried: Carried | None = None
    ) -> None:
        self.catalog = catalog
        self.cycle = cycle
        self.days = cycle.period.days
        self._cycles = {**history, cycle.period: cycle}
        self._members = GroupMembers(catalog)
        self.roster = self._members.roster(cycle)
        self.others = OtherCycles(cycle.period, self._cycles, catalog, self._members, carried)
        self._set_aside: dict[tuple[str, Period], Mapping[tuple[str, str], SetAside]] = {}
        self._shared: Memory = {}
        self._elsewhere: dict[tuple[Period, bool], Memory] = {}
        self._groups: dict[tuple[str, str, Period, bool, bool], GroupNumbers] = {}
        self.dependencies = CardDependencies()
        """Of the card that is made now."""

    def number(self, view: Viewpoint, name: Name) -> Source | Gaps:
        """The number that a name means in a view, or everything that is missing for it."""
        if name.scope in MEANS or name.scope in SUMS:
            self.dependencies.is_of_others = True
            return self._of_group(view, name)
        if name.scope not in SHARED:
            return self._number(view.through(name.scope), name)
        self.dependencies.shared[SharedNumber(name, view.department, view.period, view.to_date)] = None
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

    def due(self, key: str, period: Period) -> Period | None:
        """When a measure or an indicator is due, where it is not yet."""
        known = self.catalog.named(key)
        if known is None or period.is_due(known.frequency):
            return None
        return period.next_due(known.frequency)

    def part_periods(self) -> tuple[Period, ...]:
        """All periods of the shortest kind of cycle that this one takes numbers from; none where there is no such."""
        for parts in self.cycle.period.parts:
            if any(self._is_known(part) for part in parts):
                return parts
        return ()

    def _is_known(self, period: Period) -> bool:
        """Whether there is a cycle of a period: noted, as a target goes by it."""
        gap = self._missing(COMPANY, "", period, Gap.NO_CYCLE)
        here: Collected | Gaps = Collected(ONE, ()) if period in self._cycles else (gap,)
        return isinstance(self.others.take(period, COMPANY, "cycle", lambda: here), Collected)

    def cycle_of(self, period: Period) -> Cycle | None:
        """The cycle of a period, where there is one."""
        return self._cycles.get(period)

    def owner(self, key: str) -> str:
        """The department that supplies a number."""
        known = self.catalog.named(key)
        return (known.owner or "") if known else ""

    def events(self, subject: str, key: str) -> tuple[Event, ...]:
        """The single events of a number, of this cycle or of those that make it; of a group those of its people."""
        # Made anew each time: kept, it would lead back here, and the numbers of a cycle would stay in memory.
        found = EventLookup(self.catalog, self._cycles, self.others, self._members, self._has_any)
        return tuple(found.of(subject, key, self.cycle.period))

    def _of_group(self, view: Viewpoint, name: Name) -> Source | Gaps:
        """A mean, or a sum of what people come to; of another cycle it is taken from there as a whole."""
        find = self._mean if name.scope in MEANS else self._sum_of_own
        if view.period == self.cycle.period:
            return find(view, name)
        subject = {"company_mean": COMPANY, "peers_mean": view.subject}.get(name.scope, view.department)
        key = f"year_to_date.{name}" if view.to_date else str(name)
        found = self.others.take(view.period, subject, key, lambda: find(view, name))
        if isinstance(found, Collected):
            return Source(subject, name.scope, name.id, found.value, found.readings)
        return found

    def _mean(self, view: Viewpoint, name: Name) -> Source | Gaps:
        """The mean over the assessed people who have the number; `peers_mean` leaves the person out."""
        group = COMPANY if name.scope == "company_mean" else view.department
        found = self._group(view, group, name.id, everybody=False)
        if found.gaps:
            return found.gaps
        is_one_of_them = name.scope == "peers_mean" and view.subject in found.heads
        own = self.number(view, Name("", name.id)) if is_one_of_them else None
        part = found.heads[view.subject] if is_one_of_them else ZERO
        count = found.people
        if count == part:
            return (view.missing(name.id, Gap.NO_PEERS, owner=self.owner(name.id)),)
        if not isinstance(own, Source):
            return Source(group, name.scope, name.id, found.total / count, found.readings, (), found.shares)
        mean = (found.total - own.value * part) / (count - part)
        of_all = Source(group, "department_mean", name.id, found.total / count, found.readings, (), found.shares)
        return Source(view.subject, name.scope, name.id, mean, (), (of_all, own))

    def _sum_of_own(self, view: Viewpoint, name: Name) -> Source | Gaps:
        """The sum of what each one of the department comes to, appraised or not."""
        found = self._group(view, view.department, name.id, everybody=True)
        gaps = found.gaps or found.owed
        if gaps or not found.heads:
            return gaps or (self._not_given(view.department, name.id, view.period),)
        return Source(view.department, name.scope, name.id, found.total, found.readings, (), found.shares)

    def _group(self, view: Viewpoint, group: str, key: str, *, everybody: bool) -> GroupNumbers:
        at = (key, group, view.period, view.to_date, everybody)
        if at not in self._groups:
            self._groups[at] = self._add_up(view, group, key, everybody=everybody)
        return self._groups[at]

    def _add_up(self, view: Viewpoint, group: str, key: str, *, everybody: bool) -> GroupNumbers:
        cycle = self._cycles.get(view.period)
        if cycle is None:
            return GroupNumbers({}, ZERO, ZERO, (), (), (), ())
        heads, total = dict[str, mpq](), ZERO
        readings, shares = list[Reading](), list[DayShare]()
        gaps, owed = list[Missing](), list[Missing]()
        for member, share in self._members.sharing(cycle, group, key):
            if not member.is_appraised and not everybody:
                continue
            department = member.inside[-1].department
            of_one = self.number(Viewpoint(member.person, department, view.period, view.to_date), Name("", key))
            if isinstance(of_one, Source):
                heads[member.person] = part = part_of(share)
                total += of_one.value * part
                readings += read_from(of_one)
                shares += [share] if share else []
            else:
                gaps += [gap for gap in of_one if gap.set_aside]
                owed += [gap for gap in of_one if self._members.owes(cycle, member, gap.key)]
        people = sum(heads.values(), ZERO)
        return GroupNumbers(heads, people, total, tuple(readings), tuple(shares), tuple(gaps), tuple(owed))

    def _number(self, view: Viewpoint, name: Name) -> Source | Gaps:
        indicator = self.catalog.computed(name.id)
        if indicator and indicator.formula:
            return self._from_formula(view, name, indicator, indicator.formula)
        if view.to_date:
            so_far = [Period(view.period.kind, view.period.year, number) for number in range(1, view.period.number + 1)]
            found = self._accumulated(view.subject, name.id, so_far)
        else:
            found = self._in_period(view.subject, name.id, view.period)
        if not isinstance(found, Collected):
            return found
        return Source(view.subject, name.scope, name.id, found.value, found.readings, (), found.shares)

    def _from_formula(self, view: Viewpoint, name: Name, indicator: Indicator, formula: Formula) -> Source | Gaps:
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

    def undefined(self, indicator: Indicator, view: Viewpoint, fault: DivisionByZero) -> Missing:
        """An indicator that has no value because its formula divides by 0, or is a rate of something negative."""
        gap = view.missing(indicator.id, gap_of(fault), owner=indicator.owner or "")
        return gap._replace(divisor=fault.divisor)

    def _in_period(self, subject: str, key: str, period: Period) -> Collected | Gaps:
        """The number of a period, this cycle's or another's."""
        if period == self.cycle.period:
            return self._find(subject, key, period)
        found = self.others.take(period, subject, key, lambda: self._find(subject, key, period))
        return Collected(found.value, found.readings) if isinstance(found, Source) else found

    def _find(self, subject: str, key: str, period: Period) -> Collected | Gaps:
        """The number given for the period, else that of its parts, else the sum over the people of the subject."""
        cycle = self._cycles.get(period)
        if cycle:
            reading = cycle.actuals.get((subject, key))
            if reading:
                return Collected(reading.value, reading.rows)
            aside = self.set_aside("actuals", cycle).get((subject, key))
            if aside:
                return (self._missing(subject, key, period, Gap.SET_ASIDE, set_aside=aside),)
        parts = next((parts for parts in period.parts if self._has_any(subject, key, parts)), None)
        if parts:
            return self._accumulated(subject, key, parts)
        if cycle and (subject == COMPANY or subject in self.catalog.departments):
            return self._summed(cycle, subject, key)
        return (self._not_given(subject, key, period),)

    def _not_given(self, subject: str, key: str, period: Period) -> Missing:
        due = self.due(key, period)
        gap = Gap.NOT_DUE if due else Gap.NOT_GIVEN if period in self._cycles else Gap.NO_CYCLE
        return self._missing(subject, key, period, gap)._replace(due=due)

    def _missing(
        self, subject: str, key: str, period: Period, gap: Gap, *, set_aside: SetAside | None = None
    ) -> Missing:
        """What a subject lacks in a period, with the department that owes it."""
        return Missing(subject, key, self.owner(key), period, set_aside, gap)

    def _has_any(self, subject: str, key: str, periods: Iterable[Period]) -> bool:
        return any(isinstance(self._in_period(subject, key, period), Collected) for period in periods)

    def _accumulated(self, subject: str, key: str, periods: Iterable[Period]) -> Collected | Gaps:
        """The number of a longer time from that of shorter ones; only the time that a person was there counts."""
        measure = self.catalog.collected(key)
        how = measure.accumulate if measure else Accumulate.SUM
        ordered = list(periods)
        there = [period for period in ordered if self.others.was_there(subject, key, period)]
        counted = ordered[-1:] if how is Accumulate.LAST else there
        found = [self._in_period(subject, key, period) for period in counted]
        lacking = (gap for part in found if not isinstance(part, Collected) for gap in part)
        gaps = tuple(gap for gap in lacking if gap.gap is not Gap.NOT_DUE)
        numbers = [part for part in found if isinstance(part, Collected)]
        if gaps or not numbers:
            return gaps or (self._not_given(subject, key, ordered[-1]),)
        value = sum((part.value for part in numbers), ZERO)
        readings = tuple(reading for part in numbers for reading in part.readings)
        shares = tuple(share for part in numbers for share in part.shares)
        whole = Collected(value / len(numbers) if how is Accumulate.MEAN else value, readings, shares)
        beyond = self._missing(subject, key, ordered[-1], Gap.BEYOND)
        return within_bounds(whole, beyond, measure, len(numbers))

    def _summed(self, cycle: Cycle, subject: str, key: str) -> Collected | Gaps:
        """The sum over everybody, appraised or not; who is appraised by the number may not lack it."""
        value, count = ZERO, 0
        readings, shares, gaps = list[Reading](), list[DayShare](), list[Missing]()
        for member, share in self._members.sharing(cycle, subject, key):
            found = self._in_period(member.person, key, cycle.period)
            if isinstance(found, Collected):
                value, count = value + found.value * part_of(share), count + 1
                readings += found.readings
                shares += [share] if share else []
            elif found[0].set_aside or self._members.owes(cycle, member, key):
                gaps.extend(found)
        if gaps or not count:
            return tuple(gaps) or (self._not_given(subject, key, cycle.period),)
        return Collected(value, tuple(readings), tuple(shares))


def table_of(row: SetAside, cycle: Cycle) -> str:
    """The table that a row stood in: `actuals`, `targets`, `ratings`, `adjustments`."""
    return row.table or row.place.file.removeprefix(f"{cycle.folder}/").split("/")[0].partition(".")[0]
