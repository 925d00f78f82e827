"""Collects over all cycles what start pages show and which pages each viewer may open."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.access import CyclePermissions, Viewer, as_of, deciding_cycle, permissions_of, rows_on, viewers
from kpibook.base.numbers import fixed, show
from kpibook.base.periods import Period
from kpibook.base.words import Words
from kpibook.exchange.status import Count, CycleState, OwedNumber
from kpibook.model import Access, Assignment, Catalog, Cycle, CycleStatus, Grade, PlanState
from kpibook.pages.drawing.hues import grade_hues
from kpibook.pages.figures import NONE, page_id
from kpibook.pages.viewers.running import RunningCard, running_cards
from kpibook.records.follow_up import EarlierPlan, FollowUp
from kpibook.scoring.maximum_points import told_out_of
from kpibook.scoring.results import Card, Results
from kpibook.scoring.units import published_units


class CardMark(NamedTuple):
    """What a list tells of a card to those who may open it."""

    name: str
    total: str
    grade: str
    """Its id."""
    status: str
    value: mpq | None
    grade_name: str
    hue: int
    """Which hue the grade has; 0 without one."""


class CycleMarks(NamedTuple):
    """A cycle in short: who sees what of it, and what lists tell of its cards."""

    cycle: Cycle
    permissions: CyclePermissions
    marks: Mapping[str, CardMark]
    """By person, ids in small letters."""
    homes: Mapping[str, str]
    """The department of each person."""
    departments: frozenset[str]
    """Those that have a page."""
    units: frozenset[str]
    """Departments, and the company, that have a card of their own."""
    grades: Sequence[Grade]
    follow_up: FollowUp | None
    """What became of its results since."""


@dataclass
class ViewerFacts:
    """What is known of all viewers while the cycles are scored one after the other."""

    catalog: Catalog
    access: Access
    cycles: Mapping[Period, Cycle]
    say: Words
    key: bytes
    readers: Collection[str] | None = None
    """The ids, in small letters, of those whose language this is; None where it is the company's."""
    seen: dict[Period, CycleMarks] = field(default_factory=dict)
    state: CycleState | None = None
    """How far the newest cycle has come."""
    running: Mapping[str, RunningCard] = field(default_factory=dict)
    """By person who looks: the scorecard of the newest cycle while it still runs."""
    planned: Mapping[str, RunningCard] = field(default_factory=dict)
    """By person who looks: the scorecard of the cycle that is planned next."""

    def add(
        self, results: Results, state: CycleState | None, catalog: Catalog, follow_up: FollowUp | None = None
    ) -> None:
        """Keep of a cycle what start pages tell of it; `catalog` is the cycle's own.

        Of a published cycle nobody owes anything any more, so nobody needs its state.
        """
        cycle = results.cycle
        hues = grade_hues(catalog.grades)
        permissions = permissions_of(cycle, catalog, self.access)
        marks = {
            card.person.casefold(): CardMark(
                card.name,
                _total(card, catalog),
                card.grade.id if card.grade else NONE,
                self.say(f"cards.card_status.{card.status}"),
                card.total,
                card.grade.name if card.grade else "",
                hues.get(card.grade.id, 0) if card.grade else 0,
            )
            for card in results.cards
        }
        homes = {card.person.casefold(): card.department for card in results.cards}
        units = frozenset(unit.person for unit in published_units(results.units, catalog))
        self.seen[cycle.period] = CycleMarks(
            cycle, permissions, marks, homes, frozenset(homes.values()), units, catalog.grades, follow_up
        )
        if self.asks_state(cycle):
            self.state = state
            people = {viewer.person.casefold() for viewer in self.viewers}
            self.running = running_cards(results, catalog, self.say, follow_up, people)

    def asks_state(self, cycle: Cycle) -> bool:
        """Whether start pages tell how far a cycle has come: the newest, until it is published."""
        return cycle is self.current and not cycle.status.is_settled

    @cached_property
    def current(self) -> Cycle | None:
        """The cycle whose roster says who looks."""
        return deciding_cycle(self.cycles.values())

    @cached_property
    def next_cycle(self) -> Cycle | None:
        """The cycle that is planned next, where its people are known already."""
        after = self.current.period.last_day if self.current else None
        planned = (each for each in self.cycles.values() if each.status is CycleStatus.PLANNED and each.people)
        later = (each for each in planned if after is None or each.period.first_day > after)
        return min(later, key=lambda each: each.period.first_day, default=None)

    def plan(self, results: Results, catalog: Catalog, follow_up: FollowUp | None = None) -> None:
        """Keep the scorecards of the cycle that is planned next; it has no numbers yet."""
        people = {viewer.person.casefold() for viewer in self.viewers}
        self.planned = running_cards(results, catalog, self.say, follow_up, people)

    @cached_property
    def roster(self) -> Mapping[str, Assignment]:
        """Who is there on the last day of that roster."""
        return rows_on(self.current, as_of(self.current)) if self.current else {}

    @cached_property
    def viewers(self) -> Sequence[Viewer]:
        """Everybody who has a folder."""
        return viewers(self.access, self.cycles.values())

    @cached_property
    def team(self) -> Mapping[str, Sequence[Assignment]]:
        """By manager: the people whom they manage on that day."""
        found: dict[str, list[Assignment]] = {}
        for row in self.roster.values():
            if row.manager:
                found.setdefault(row.manager.casefold(), []).append(row)
        return found

    @cached_property
    def owed(self) -> Mapping[str, Sequence[OwedNumber]]:
        """By supplier: what the newest cycle waits for."""
        found: dict[str, list[OwedNumber]] = {}
        for each in self.state.owed if self.state else ():
            found.setdefault(each.supplier, []).append(each)
        return found

    @cached_property
    def counts(self) -> Mapping[str, Count]:
        """By person: how much of the newest cycle is there."""
        return {count.id.casefold(): count for count in self.state.people} if self.state else {}

    def led_by(self, person: str) -> Iterator[str]:
        """The departments that somebody leads who works there."""
        row = self.roster.get(person)
        for identifier, department in self.catalog.departments.items():
            if row and department.head == row.role and row.department == identifier:
                yield identifier

    @property
    def newest_first(self) -> Iterator[CycleMarks]:
        """The cycles whose pages were made."""
        return (self.seen[period] for period in sorted(self.seen, reverse=True))

    @cached_property
    def latest(self) -> FollowUp | None:
        """The records of the newest cycle that was begun: they know of the plans of all cycles before."""
        return next((marks.follow_up for marks in self.newest_first if marks.follow_up), None)

    @cached_property
    def looked_after(self) -> Mapping[str, Sequence[tuple[Assignment, EarlierPlan]]]:
        """By who looks after them, ids in small letters: the plans that go on, each with whose it is."""
        found: dict[str, list[tuple[Assignment, EarlierPlan]]] = {}
        for person, row in self.roster.items():
            for each in self.plans(person):
                if each.plan.state is PlanState.OPEN and each.plan.owner:
                    found.setdefault(each.plan.owner.casefold(), []).append((row, each))
        return found

    def plans(self, person: str) -> Iterator[EarlierPlan]:
        """Everything that was planned with somebody, as it stands now."""
        if self.latest:
            yield from self.latest.before.get(person, ())
            yield from (EarlierPlan(self.latest.period, plan) for plan in self.latest.plans.get(person, ()))

    def card_path(self, period: Period, person: str) -> str:
        """The page of a card, without its ending."""
        return f"{period}/p/{page_id(self.key, period, person)}"

    def paths(self, viewer: Viewer) -> Iterator[str]:
        """Every page that a viewer may open beside the start page, without its ending."""
        person = viewer.person.casefold()
        for period, marks in self.seen.items():
            permissions = marks.permissions
            yield from (
                self.card_path(period, each) for each in permissions.cards.get(person, ()) if each in marks.marks
            )
            for department in permissions.departments.get(person, ()):
                if department in marks.departments:
                    yield f"{period}/departments/{department}"
                if department in marks.units:
                    yield f"{period}/units/{department}"
            if person in permissions.whole:
                yield f"{period}/index"


def _total(card: Card, catalog: Catalog) -> str:
    """A total as lists tell it: with what it is out of where that is not 100; a dash for none."""
    if card.total is None:
        return NONE
    total, full = fixed(card.total, catalog.company.rounding.score), told_out_of(card, catalog)
    return total if full is None else f"{total} / {show(full)}"
