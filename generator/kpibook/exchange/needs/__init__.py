"""What a cycle waits for: every number and rating that its cards use, who owes it, and whether it is there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from kpibook.base.periods import Period
from kpibook.exchange.needs.applying import exempted_items, where_all_applies
from kpibook.exchange.needs.asking import Asker
from kpibook.exchange.needs.collecting import Collector
from kpibook.exchange.needs.kinds import OF_A_PERSON, Need, NeedKind, State
from kpibook.exchange.needs.raters import RatingNeed, RatingNeeds
from kpibook.model import Catalog, Cycle
from kpibook.scoring import Carried
from kpibook.scoring.results import Results

__all__ = ["OF_A_PERSON", "Need", "NeedKind", "Needs", "State", "needs_of"]


@dataclass(frozen=True)
class Needs:
    """Everything that a cycle needs."""

    cycle: Cycle
    _collector: Collector
    _ratings: RatingNeeds

    def each(self) -> Iterator[Need]:
        """What is owed, one by one: by kind, then by who supplies it; those of a large company fill the memory."""
        return self._collector.needs()

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """All of it."""
        return tuple(self.each())

    @cached_property
    def ratings(self) -> tuple[RatingNeed, ...]:
        """A row for each rater of everything that is owed."""
        asked = {(each.subject, each.key) for each in self.needs if each.kind is NeedKind.RATING}
        return tuple(each for each in self._ratings.all() if each.about in asked)


def needs_of(
    results: Results, catalog: Catalog, history: Mapping[Period, Cycle], carried: Carried | None = None
) -> Needs:
    """What the cards of a cycle need, found by scoring the cycle without its numbers, once for all who ask alike.

    A department's or the company's own number is asked for where it was given last time or is given now; else the
    numbers of its people are. Of a published cycle `carried` is what it took from others; nothing else of them counts.
    """
    cycle = results.cycle
    history = {cycle.period: cycle} if carried else history
    ratings = RatingNeeds(catalog, cycle, history)
    collector = Collector(catalog, cycle, ratings)
    applying = where_all_applies(catalog)
    for asked in Asker(catalog, cycle, history, carried).each():
        collector.add_wanted(asked)
        if applying is catalog:
            ratings.add(asked)
    if applying is not catalog:
        exempted = exempted_items(results)
        for asked in Asker(applying, cycle, history, carried).each():
            collector.add_conditional(asked, exempted)
            ratings.add(asked)
    for card in (*results.cards, *results.units):
        collector.add_missing(card)
    return Needs(cycle, collector, ratings)
