"""How far a cycle's numbers have come: what is there, what is missing, who owes it, and which cards wait for it."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, ZERO
from kpibook.base.periods import Period
from kpibook.exchange.needs import OF_A_PERSON, Need, NeedKind, Needs, State, needs_of
from kpibook.exchange.record_sheets.overview import FollowUpOverview
from kpibook.model import COMPANY, Catalog, Cycle, Direction
from kpibook.scoring import Carried
from kpibook.scoring.approvals import ApprovalSubject, CycleApprovals, Unapproved
from kpibook.scoring.progress import Progress, ProgressReader
from kpibook.scoring.results import Card, Results
from kpibook.scoring.results import Status as CardStatus

RATERS = "rater:"
"""Before the id of a person who owes ratings; departments go by their ids."""
HR = "hr:"
"""The supplier of adjustments, calibrations and leave where no department keeps the handbook."""
NOBODY = ""


@dataclass(slots=True)
class Count:
    """How much of something is there."""

    id: str
    name: str
    needed: int = 0
    given: int = 0
    set_aside: int = 0
    uncovered: mpq | None = None
    """% of weight that is not measured: of a card, or on average of the cards of a department."""

    @property
    def missing(self) -> int:
        """How much is not there at all."""
        return self.needed - self.given - self.set_aside

    @property
    def is_complete(self) -> bool:
        """Whether all of it is there."""
        return self.given == self.needed

    def add(self, state: State) -> None:
        """Count one more."""
        self.needed += 1
        self.given += state is State.GIVEN
        self.set_aside += state is State.SET_ASIDE


@dataclass(frozen=True, slots=True)
class OwedNumber:
    """Something that is not there, and who owes it."""

    supplier: str
    need: Need
    subject: str
    """The name of whom it is about."""
    key: str
    """The name of the number, of the indicator that is rated, or of that whose target is missing."""
    waiting: tuple[str, ...]
    """The names of those whose cards wait for it."""


class RefusedRow(NamedTuple):
    """Something that does not count, as it lacks a required approval, with the names of whom and what it is about."""

    lacking: Unapproved
    about: str
    key: str
    """The name of the indicator of a target."""


class ItemProgress(NamedTuple):
    """How far somebody's item is while the cycle is open."""

    name: str
    key: str
    """The name of the indicator."""
    found: Progress
    is_behind: bool
    """Whether less than the days so far ask for is there, or more where less is better."""


@dataclass(frozen=True, slots=True)
class CycleState:
    """The completeness of a cycle."""

    cycle: Cycle
    all: Count
    suppliers: tuple[Count, ...]
    measures: tuple[Count, ...]
    departments: tuple[Count, ...]
    people: tuple[Count, ...]
    owed: tuple[OwedNumber, ...]
    unapproved: tuple[RefusedRow, ...] = ()
    progress: tuple[ItemProgress, ...] = ()
    """How far items are whose numbers come week by week, those furthest behind first."""
    follow_up: FollowUpOverview | None = None
    """What became of the results, where the cycle was published."""

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing, nothing set aside, and everything approved that has to be."""
        return self.all.is_complete and not self.cycle.set_aside and not self.unapproved

    @property
    def due(self) -> datetime.date | None:
        """The day by which everything had to be there."""
        return self.cycle.schedule.collect_by

    def days_late(self, today: datetime.date) -> int:
        """How many days have gone by since then; 0 where it is not over."""
        return max((today - self.due).days, 0) if self.due else 0

    def of_supplier(self, supplier: str) -> tuple[OwedNumber, ...]:
        """What a department or a rater owes."""
        return tuple(each for each in self.owed if each.supplier == supplier)


def state_of(
    results: Results, catalog: Catalog, history: Mapping[Period, Cycle], carried: Carried | None = None
) -> CycleState:
    """How far the numbers of a cycle have come; `carried` is what a published one took from others."""
    return _Maker(results, catalog, needs_of(results, catalog, history, carried)).state()


class _Counts:
    """Counts of one kind of groups, in the order in which the groups came."""

    def __init__(self, name: Callable[[str], str]) -> None:
        self.found: dict[str, Count] = {}
        self._name = name

    def add(self, groups: Iterable[str], state: State) -> None:
        """Count one more in each of some groups."""
        for group in groups:
            count = self.found.get(group)
            if count is None:
                count = self.found[group] = Count(group, self._name(group))
            count.add(state)


class _Maker:
    def __init__(self, results: Results, catalog: Catalog, needs: Needs) -> None:
        self.results = results
        self.catalog = catalog
        self.needs = needs
        self.cards = {card.person: card for card in (*results.units, *results.cards)}

    def state(self) -> CycleState:
        """Count everything once in each of its groups."""
        whole, owed = Count("", ""), list[OwedNumber]()
        suppliers, measures = _Counts(self._supplier_name), _Counts(self._key)
        departments, people = _Counts(self._name), _Counts(self._name)
        # One by one, and each let go of at once: a large company has a million of them.
        for need in self.needs.each():
            whole.add(need.state)
            of_suppliers = self._suppliers(need)
            suppliers.add(of_suppliers, need.state)
            measures.add((need.key,) if need.key else (), need.state)
            departments.add(self._departments(need), need.state)
            people.add(need.people, need.state)
            if need.state is not State.GIVEN:
                owed += self._owed(need, of_suppliers)
        shares = self._uncovered()
        whole.uncovered = _mean(share for found in shares.values() for share in found)
        for count in people.found.values():
            count.uncovered = _uncovered(self.cards[count.id])
        for count in departments.found.values():
            count.uncovered = _mean(shares.get(count.id, ()))
        return CycleState(
            self.needs.cycle,
            whole,
            tuple(suppliers.found.values()),
            tuple(measures.found.values()),
            tuple(departments.found.values()),
            tuple(people.found.values()),
            tuple(owed),
            tuple(self._refused()),
            tuple(sorted(self._progress(), key=lambda each: (not each.is_behind, each.found.share or ZERO, each.name))),
        )

    def _uncovered(self) -> Mapping[str, Sequence[mpq]]:
        """By department, % of the weight that is not measured, of each card that is appraised."""
        found: dict[str, list[mpq]] = {}
        for card in self.results.cards:
            if (share := _uncovered(card)) is not None:
                found.setdefault(card.department, []).append(share)
        return found

    def _progress(self) -> Iterator[ItemProgress]:
        reader = ProgressReader(self.catalog, self.results.cycle)
        for card in self.cards.values():
            for span in card.spans:
                for score in span.items:
                    if found := reader.of(span, score):
                        is_lower = score.indicator.direction is Direction.LOWER
                        is_behind = found.actual > found.due if is_lower else found.actual < found.due
                        yield ItemProgress(self._name(card.person), score.indicator.name, found, is_behind)

    def _suppliers(self, need: Need) -> tuple[str, ...]:
        """Who supplies it: a department, each rater, HR what is decided of a person, or nobody that is known."""
        if need.kind in OF_A_PERSON.values():
            return (need.owner or self.catalog.company.owner or HR,)
        return (f"{RATERS}{need.rater}" if need.kind is NeedKind.RATING else need.owner,)

    def _departments(self, need: Need) -> Iterable[str]:
        return dict.fromkeys(self.cards[person].department for person in need.people)

    def _owed(self, need: Need, suppliers: Iterable[str]) -> Iterator[OwedNumber]:
        waiting = tuple(self._name(person) for person in need.people)
        for supplier in suppliers:
            yield OwedNumber(supplier, need, self._name(need.subject), self._key(need.key), waiting)

    def _refused(self) -> Iterator[RefusedRow]:
        for lacking in CycleApprovals(self.catalog, self.needs.cycle):
            if not lacking.counts:
                role = self.catalog.roles.get(lacking.about) if lacking.subject is ApprovalSubject.ROLE else None
                name = role.name if role else self._name(lacking.about)
                yield RefusedRow(lacking, name, self._key(lacking.key) if lacking.key else "")

    def _name(self, identifier: str) -> str:
        if identifier == COMPANY:
            return self.catalog.company.name
        department = self.catalog.departments.get(identifier)
        if department:
            return department.name
        card = self.cards.get(identifier)
        return card.name if card else identifier

    def _supplier_name(self, supplier: str) -> str:
        if supplier.startswith(RATERS):
            return self._name(supplier.removeprefix(RATERS))
        return "" if supplier == HR else self._name(supplier)

    def _key(self, key: str) -> str:
        known = self.catalog.named(key)
        return known.name if known else key


def _uncovered(card: Card) -> mpq | None:
    """% of the card's weight that is not measured; None where it is not appraised."""
    if card.status in (CardStatus.EXCLUDED, CardStatus.NOT_APPLICABLE):
        return None
    return HUNDRED - card.coverage


def _mean(shares: Iterable[mpq]) -> mpq | None:
    found = list(shares)
    return sum(found, ZERO) / len(found) if found else None
