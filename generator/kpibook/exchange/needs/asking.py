"""What cards ask for, whether it is there or not: found by making them without numbers, for all who ask alike once."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.base.periods import Period
from kpibook.exchange.needs.kinds import NeedKind, kind_of
from kpibook.model import COMPANY, Assignment, Catalog, Combine, Cycle, Extra, Reading, ScorecardItem
from kpibook.model.series import SeriesKind
from kpibook.scoring import Carried, score, scorer_of
from kpibook.scoring.card_dependencies import CardDependencies
from kpibook.scoring.results import Card, GateOutcome, GradeOutcome, ItemScore, PayOutcome
from kpibook.scoring.series import SeriesTargets
from kpibook.scoring.sources import Gap, Missing, Source
from kpibook.scoring.units import unit_roles

Key = tuple[str, str]


class Ask(NamedTuple):
    """A number or a rating that a card uses."""

    kind: NeedKind
    subject: str
    """Whose it is; empty for the card's own person."""
    key: str
    owner: str
    weight: mpq
    """The points that the item is worth that uses it; 0 outside of items."""
    item: str = ""
    """The indicator of the item; empty outside of items."""
    stands: bool = False
    """Whether it is a number of a whole that stands there, now or last time: it is asked for again."""


class RatedItem(NamedTuple):
    """An item of a card that raters judge."""

    span: int
    """The number of the role among those that the person held."""
    item: ScorecardItem | Extra
    indicator: str
    weight: mpq


class CardAsks(NamedTuple):
    """Everything that a card asks for, in its order."""

    asks: tuple[Ask, ...]
    rated: tuple[RatedItem, ...]

    of_others: tuple[tuple[int, Ask], ...]
    """Of the asks, those that are not about the card's own person, with their places."""


class Asked(NamedTuple):
    """What the card of a person, or of a unit, asks for."""

    person: str
    rows: Sequence[Assignment]
    """The roles held, by time."""
    asks: CardAsks
    is_unit: bool = False


class _Alike(NamedTuple):
    """A card made without numbers, by which others are told that would ask for the same."""

    card: Card
    asks: CardAsks
    measured: frozenset[str]
    """The indicators of items whose numbers are there all the same: what they come to goes by their targets."""
    waits: bool
    """Whether there is no total that adjustments or a calibration could change."""
    pays: bool
    """Whether pay goes by the person's own columns."""


class Asker:
    """What everybody's cards in a cycle ask for."""

    def __init__(
        self, catalog: Catalog, cycle: Cycle, history: Mapping[Period, Cycle], carried: Carried | None = None
    ) -> None:
        self._catalog, self._cycle, self._history, self._carried = catalog, cycle, history, carried
        self._standing = wholes(cycle, catalog, history)
        self._empty = replace(cycle, actuals=self._standing, ratings={}, set_aside=())
        self._alike: dict[Hashable, _Alike] = {}
        self._same: dict[object, CardAsks] = {}
        """Each kind of asks once: most people ask for the same."""
        self._targeted: dict[str, set[str]] = {}
        for subject, indicator in cycle.targets:
            self._targeted.setdefault(subject, set()).add(indicator)
        self._series = SeriesTargets(catalog, cycle.period)

    def each(self) -> Iterator[Asked]:
        """Of each card, one by one: no more than one card need be in memory, but where people share a pool.

        There each card has to wait for all others.
        """
        catalog, cycle = self._catalog, self._empty
        if any(line.pool for role in catalog.roles.values() for line in role.pay):
            results = score(catalog, cycle, self._history, self._carried)
            for card in (*results.cards, *results.units):
                yield Asked(card.person, [span.assignment for span in card.spans], self._asks(card), card.is_unit)
            return
        self._scorer = scorer_of(catalog, cycle, self._history, self._carried)
        self._roster = self._scorer.lookup.roster
        knows_alike = not (
            self._carried or cycle.combine is Combine.MEAN_OF_SCORES or self._scorer.lookup.part_periods()
        )
        for person, rows in self._roster.rows.items():
            yield Asked(person, rows, self._of(person, rows, _traits(rows) if knows_alike else None))
        for role in unit_roles(catalog):
            card = self._scorer.unit(role)
            yield Asked(card.person, [card.spans[-1].assignment], self._asks(card), is_unit=True)

    def _of(self, person: str, rows: Sequence[Assignment], traits: Hashable) -> CardAsks:
        """What somebody's card asks for; the card is made unless somebody alike has asked before."""
        known = self._alike.get(traits) if traits else None
        if known and self._asks_alike(person, rows[-1], known):
            return known.asks
        lookup = self._scorer.lookup
        dependencies, asked_before = CardDependencies(), lookup.others.asked
        lookup.dependencies = dependencies
        card = self._scorer.card(person)
        asks = self._asks(card)
        # What was taken of other cycles, or of what single others have, may be another for the next one.
        is_own = lookup.others.asked == asked_before and not dependencies.is_of_others
        if traits and not known and is_own and not any(self._is_person(ask.subject) for ask in asks.asks):
            made = _Alike(card, asks, _measured(card), card.total is None and not card.conditions, _pays(card))
            if self._asks_alike(person, rows[-1], made):
                self._alike[traits] = made
        return asks

    def _asks_alike(self, person: str, row: Assignment, known: _Alike) -> bool:
        """Whether what somebody has beside the role and its days would change nothing of what the card asks for."""
        cycle, own = self._cycle, self._series.of(SeriesKind.PERSON, person)
        is_decided = person in cycle.adjustments or person in (cycle.calibration or ())
        return (
            person not in cycle.leave
            and not (is_decided and not known.waits)
            and known.measured.isdisjoint(self._targeted.get(person, ()))
            and known.measured.isdisjoint(own)
            and not (known.pays and row.numbers != known.card.spans[-1].assignment.numbers)
            and not self._is_whole(person)
            and self._roster.is_appraised(person)
        )

    def _is_whole(self, subject: str) -> bool:
        return subject == COMPANY or subject in self._catalog.departments

    def _is_person(self, subject: str) -> bool:
        return bool(subject) and not self._is_whole(subject)

    def _asks(self, card: Card) -> CardAsks:
        """Everything that a card uses."""
        found: dict[tuple[str, ...], Ask] = {}
        for gap, weight, item, stands in self._used(card):
            kind = kind_of(gap, self._catalog)
            is_asked = kind is NeedKind.NUMBER or (kind is NeedKind.RATING and gap.gap is Gap.NOT_RATED)
            if kind and is_asked and gap.period == self._cycle.period:
                subject = "" if gap.subject == card.person else gap.subject
                ask = Ask(kind, subject, gap.key, gap.owner, weight, item, stands)
                found.setdefault((kind, subject, gap.key, item), ask)
        rated = tuple(
            RatedItem(number, each.item, each.indicator.id, each.weight)
            for number, span in enumerate(card.spans)
            for each in (*span.items, *span.extras)
            if any(gap.gap is Gap.NOT_RATED for gap in each.missing)
        )
        asks = tuple(found.values())
        of_others = tuple((at, ask) for at, ask in enumerate(asks) if ask.subject)
        same = (asks, tuple((each.span, id(each.item), each.indicator, each.weight) for each in rated))
        return self._same.setdefault(same, CardAsks(asks, rated, of_others))

    def _used(self, card: Card) -> Iterator[tuple[Missing, mpq, str, bool]]:
        """What a card lacks, and what stands there of wholes: with the weight, the item, and whether it stands."""
        for found in scores_of(card):
            yield from self._each(found, found.counts, found.indicator.id)
        outcomes: tuple[GateOutcome | GradeOutcome | PayOutcome, ...] = (*card.gates, *card.conditions, *card.pay)
        for outcome in outcomes:
            yield from self._each(outcome, ZERO, "")

    def _each(
        self, found: ItemScore | GateOutcome | GradeOutcome | PayOutcome, weight: mpq, item: str
    ) -> Iterator[tuple[Missing, mpq, str, bool]]:
        yield from ((gap, weight, item, False) for gap in found.missing)
        yield from ((gap, weight, item, True) for gap in self._again(found.sources))

    def _again(self, sources: Iterable[Source]) -> Iterator[Missing]:
        """The numbers of wholes that stand there."""
        for source in sources:
            yield from self._again(source.parts)
            standing = self._standing.get((source.subject, source.key))
            if standing and standing in source.readings:
                owner = getattr(self._catalog.named(source.key), "owner", None) or ""
                yield Missing(source.subject, source.key, owner, self._cycle.period)


def wholes(cycle: Cycle, catalog: Catalog, history: Mapping[Period, Cycle]) -> Mapping[Key, Reading]:
    """The numbers that departments and the company have of their own, now or last time."""
    before = history.get(cycle.period.previous)
    subjects = {COMPANY, *catalog.departments}
    cycles = (before, cycle) if before else (cycle,)
    return {key: each.actuals[key] for each in cycles for key in each.actuals if key[0] in subjects}


def scores_of(card: Card) -> Iterator[ItemScore]:
    """All items of a card."""
    return (item for part in card.spans for item in (*part.items, *part.extras))


def _traits(rows: Sequence[Assignment]) -> Hashable:
    """What people have to share to ask for the same; None for somebody who asks alone."""
    if len(rows) > 1 or rows[0].exempt:
        return None
    row = rows[0]
    return row.post, row.department, row.first_day, row.last_day, row.share, tuple(row.numbers)


def _measured(card: Card) -> frozenset[str]:
    """The indicators of items that wait for no number of their own."""
    waits = (Gap.NOT_GIVEN, Gap.NOT_RATED)
    found = (each for each in scores_of(card) if not any(gap.gap in waits for gap in each.missing))
    return frozenset(each.indicator.id for each in found)


def _pays(card: Card) -> bool:
    """Whether pay may go by the own columns of a person: not where each line waits for something else."""
    return any(_goes_by_columns(each, card.spans[-1].assignment) for each in card.pay)


def _goes_by_columns(pay: PayOutcome, row: Assignment) -> bool:
    when = pay.line.when.names if pay.line.when else ()
    is_judged = any(not name.scope and name.id in row.numbers for name in when)
    return is_judged or pay.amount is not None or any(gap.gap is not Gap.NOT_GIVEN for gap in pay.missing)
