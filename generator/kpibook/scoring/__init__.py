"""Points, totals, grades, ranks and pay of a cycle, each with its reason."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from gmpy2 import mpq

from kpibook.base.periods import Period
from kpibook.model import Catalog, Combine, Cycle
from kpibook.scoring.cards import CardScorer
from kpibook.scoring.carried import Carried
from kpibook.scoring.month_totals import PublishedTotals
from kpibook.scoring.pools import share_pools
from kpibook.scoring.ranks import rank
from kpibook.scoring.results import Card, Results
from kpibook.scoring.streaks import Standings, standings, with_streaks
from kpibook.scoring.units import unit_roles

__all__ = [
    "Carried",
    "Standings",
    "finish_results",
    "score",
    "scorer_of",
    "standings",
    "totals_of",
    "with_streaks",
    "without_garbage_collection",
]


def score(
    catalog: Catalog,
    cycle: Cycle,
    history: Mapping[Period, Cycle],
    carried: Carried | None = None,
    published: PublishedTotals | None = None,
) -> Results:
    """The cards of everybody in people.csv, in its order; `history` holds the cycles that formulas look back to.

    With `carried`, which a sealed cycle has, nothing is looked up in them: what was taken then counts. A cycle that is
    the mean of shorter ones takes their `published` totals; where there are none, they are scored here.
    """
    scorer = scorer_of(catalog, cycle, history, carried, published)
    with without_garbage_collection():
        return finish_results([scorer.card(person) for person in scorer.lookup.roster.rows], scorer)


def scorer_of(
    catalog: Catalog,
    cycle: Cycle,
    history: Mapping[Period, Cycle],
    carried: Carried | None = None,
    published: PublishedTotals | None = None,
) -> CardScorer:
    """What makes the cards of a cycle, each by itself; see `score`, and `finish_results` for what they lack."""
    scorer = CardScorer(catalog, cycle, history, carried)
    if cycle.combine is Combine.MEAN_OF_SCORES:
        known = dict(published or {})
        scorer.combine(partial(_total, known, catalog, history))
    return scorer


def finish_results(cards: Sequence[Card], scorer: CardScorer) -> Results:
    """The results of a cycle from the cards of everybody, each made by itself: with shares of pools, ranks, units."""
    catalog, cycle = scorer.lookup.catalog, scorer.lookup.cycle
    shared = share_pools(cards, scorer.lookup)
    units = tuple(scorer.unit(role) for role in unit_roles(catalog))
    return Results(cycle, rank(shared, catalog.company.rank), units, scorer.lookup.others.noted)


def _total(
    known: dict[Period, Mapping[str, mpq]],
    catalog: Catalog,
    history: Mapping[Period, Cycle],
    period: Period,
    subject: str,
) -> mpq | None:
    """Somebody's total in another cycle, which is scored once where its totals are not known."""
    if period not in known:
        cycle = history.get(period)
        cards = score(catalog, cycle, history) if cycle else None
        known[period] = totals_of(cards) if cards else {}
    return known[period].get(subject)


def totals_of(results: Results) -> Mapping[str, mpq]:
    """The published total of everybody who has one, departments and the company included."""
    cards = (*results.cards, *results.units)
    return {card.person: card.total for card in cards if card.total is not None}


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Switch the garbage collector off within the block.

    Cards and their pages hold no circular references, and looking for garbage among them takes much of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
