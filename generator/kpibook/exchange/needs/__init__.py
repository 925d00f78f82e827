"""What a cycle waits for: every number and rating that its cards use, who owes it, and whether it is there."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.base.periods import Period
from kpibook.exchange.needs.applying import exempted_items, where_all_applies
from kpibook.exchange.needs.kinds import OF_A_PERSON, Need, NeedKind, State, kind_of
from kpibook.exchange.needs.raters import RatingNeed, RatingNeeds
from kpibook.model import COMPANY, Catalog, Cycle, Reading, SetAside
from kpibook.scoring import Carried, score, scorer_of
from kpibook.scoring.results import Card, GateOutcome, GradeOutcome, ItemScore, Results
from kpibook.scoring.sources import Gap, Missing, Source
from kpibook.scoring.units import unit_roles

__all__ = ["OF_A_PERSON", "Need", "NeedKind", "Needs", "State", "needs_of"]

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Needs:
    """Everything that a cycle needs."""

    cycle: Cycle
    needs: tuple[Need, ...]
    ratings: tuple[RatingNeed, ...]

    @property
    def missing(self) -> tuple[Need, ...]:
        """What is not there, or cannot be used."""
        return tuple(need for need in self.needs if need.state is not State.GIVEN)


def needs_of(
    results: Results, catalog: Catalog, history: Mapping[Period, Cycle], carried: Carried | None = None
) -> Needs:
    """What the cards of a cycle need, found by scoring the cycle without its numbers.

    A department's or the company's own number is asked for where it was given last time or is given now; else the
    numbers of its people are. Of a published cycle `carried` is what it took from others; nothing else of them counts.
    """
    cycle = results.cycle
    history = {cycle.period: cycle} if carried else history
    standing = _wholes(cycle, catalog, history)
    empty = replace(cycle, actuals=standing, ratings={}, set_aside=())
    collector, asking = _Collector(catalog, cycle, standing), RatingNeeds(catalog, cycle, history)
    applying = where_all_applies(catalog)
    for card in _cards(catalog, empty, history, carried):
        collector.add_wanted(card)
        if applying is catalog:
            asking.add(card)
    if applying is not catalog:
        exempted = exempted_items(results)
        for card in _cards(applying, empty, history, carried):
            collector.add_conditional(card, exempted)
            asking.add(card)
    for card in (*results.cards, *results.units):
        collector.add_missing(card)
    ratings = asking.found
    order = {each: place for place, each in enumerate((*catalog.departments, ""))}
    found = sorted(collector.needs(ratings.values()), key=lambda each: (each.kind, order.get(each.owner, len(order))))
    asked = {(each.subject, each.key) for each in found if each.kind is NeedKind.RATING}
    return Needs(cycle, tuple(found), tuple(each for each in ratings.values() if each.about in asked))


def _cards(catalog: Catalog, cycle: Cycle, history: Mapping[Period, Cycle], carried: Carried | None) -> Iterator[Card]:
    """The cards of a cycle one by one, so that those of a large company are never all in memory; ranks are left out.

    Only where people share a pool has each card to wait for all others.
    """
    if any(line.pool for role in catalog.roles.values() for line in role.pay):
        results = score(catalog, cycle, history, carried)
        yield from (*results.cards, *results.units)
        return
    scorer = scorer_of(catalog, cycle, history, carried)
    yield from map(scorer.card, scorer.lookup.roster.rows)
    yield from map(scorer.unit, unit_roles(catalog))


def _wholes(cycle: Cycle, catalog: Catalog, history: Mapping[Period, Cycle]) -> Mapping[Key, Reading]:
    """The numbers that departments and the company have of their own, now or last time."""
    before = history.get(cycle.period.previous)
    wholes = {COMPANY, *catalog.departments}
    cycles = (before, cycle) if before else (cycle,)
    return {key: each.actuals[key] for each in cycles for key in each.actuals if key[0] in wholes}


class _Collector:
    """Gathers needs, each once."""

    def __init__(self, catalog: Catalog, cycle: Cycle, standing: Mapping[Key, Reading]) -> None:
        self.catalog = catalog
        self.cycle = cycle
        self.period = cycle.period
        self.standing = standing
        self.found: dict[tuple[NeedKind, str, str], Need] = {}
        self.conditional: list[Need] = []
        self.aside: dict[Key, list[SetAside]] = {}
        for row in cycle.set_aside:
            self.aside.setdefault((row.subject, row.key), []).append(row)

    def needs(self, ratings: Iterable[RatingNeed]) -> Iterator[Need]:
        """Everything that was found; of a rating what each of its raters owes."""
        for need in self.conditional:
            if need.state is State.GIVEN and (need.subject, need.key) not in self.cycle.actuals:
                need.state = State.MISSING
        by_rating: dict[Key, list[RatingNeed]] = {}
        for rating in ratings:
            by_rating.setdefault(rating.about, []).append(rating)
        for need in self.found.values():
            raters = by_rating.get((need.subject, need.key), ()) if need.kind is NeedKind.RATING else ()
            yield from (self._of_rater(need, rating) for rating in raters) if raters else (need,)

    def _of_rater(self, need: Need, rating: RatingNeed) -> Need:
        aside = None if rating.given(self.cycle) else rating.set_aside(self.aside.get(rating.about, ()))
        state = State.SET_ASIDE if aside else State.MISSING
        own = State.GIVEN if rating.given(self.cycle) else state
        return replace(need, state=own, set_aside=aside, rater=rating.rater, relation=rating.relation.value)

    def add_conditional(self, card: Card, exempted: Collection[tuple[str, str]]) -> None:
        """What a card uses where all its items apply; of those that do not apply only what is given all the same."""
        for item in _scores(card):
            for gap in item.missing:
                kind = kind_of(gap, self.catalog)
                is_given = (gap.subject, gap.key) in self.cycle.actuals
                if kind is NeedKind.NUMBER and (is_given or (card.person, item.indicator.id) not in exempted):
                    is_new = (kind, gap.subject, gap.key) not in self.found
                    need = self._need(kind, gap, card, item.counts)
                    self.conditional += [need] if is_new and need else []
                elif kind is NeedKind.RATING and (card.person, item.indicator.id) not in exempted:
                    self._want(gap, card, item.counts)

    def add_wanted(self, card: Card) -> None:
        """Everything that a card uses."""
        for item in _scores(card):
            weight = item.counts
            for gap in item.missing:
                self._want(gap, card, weight)
            for source in item.sources:
                self._use(source, card, weight)
        outcomes: tuple[GateOutcome | GradeOutcome, ...] = (*card.gates, *card.conditions)
        for outcome in outcomes:
            self._want_all(outcome.missing, outcome.sources, card)
        for pay in card.pay:
            self._want_all(pay.missing, pay.sources, card)

    def _want_all(self, gaps: tuple[Missing, ...], sources: tuple[Source, ...], card: Card) -> None:
        for gap in gaps:
            self._want(gap, card, ZERO)
        for source in sources:
            self._use(source, card, ZERO)

    def _want(self, gap: Missing, card: Card, weight: mpq) -> None:
        kind = kind_of(gap, self.catalog)
        if kind is NeedKind.NUMBER or (kind is NeedKind.RATING and gap.gap is Gap.NOT_RATED):
            self._need(kind, gap, card, weight)

    def _use(self, source: Source, card: Card, weight: mpq) -> None:
        """A number of a whole that stood there: it is asked for again."""
        for part in source.parts:
            self._use(part, card, weight)
        if (source.subject, source.key) in self.standing and source.readings:
            owner = getattr(self.catalog.named(source.key), "owner", None) or ""
            gap = Missing(source.subject, source.key, owner, self.period)
            if self.standing[source.subject, source.key] in source.readings:
                self._need(NeedKind.NUMBER, gap, card, weight)

    def add_missing(self, card: Card) -> None:
        """What a card waits for now."""
        waiting = {gap: item.counts for item in _scores(card) for gap in item.missing}
        others = (*card.missing, *(gap for pay in card.pay for gap in pay.missing))
        for gap in (*waiting, *others):
            if kind := kind_of(gap, self.catalog):
                need = self._need(kind, gap, card, waiting.get(gap, ZERO))
                if need and not need.set_aside:
                    need.state = State.SET_ASIDE if gap.set_aside else State.MISSING
                    need.set_aside = gap.set_aside

    def _need(self, kind: NeedKind, gap: Missing, card: Card, weight: mpq) -> Need | None:
        if gap.period != self.period:
            return None
        key = (kind, gap.subject, gap.key)
        need = self.found.get(key)
        if need is None:
            need = self.found[key] = Need(kind, gap.subject, gap.key, gap.owner)
        need.use(card.person, weight)
        return need


def _scores(card: Card) -> Iterator[ItemScore]:
    return (item for part in card.spans for item in (*part.items, *part.extras))
