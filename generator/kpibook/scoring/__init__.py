"""Points, totals, grades, ranks and pay of a cycle, each with its reason."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from kpibook.base.periods import Period
from kpibook.model import Catalog, Cycle
from kpibook.scoring.cards import CardScorer
from kpibook.scoring.carried import Carried
from kpibook.scoring.pools import share_pools
from kpibook.scoring.ranks import rank
from kpibook.scoring.results import Results
from kpibook.scoring.streaks import Standings, standings, with_streaks
from kpibook.scoring.units import unit_roles

__all__ = ["Carried", "Standings", "score", "standings", "with_streaks"]


def score(catalog: Catalog, cycle: Cycle, history: Mapping[Period, Cycle], carried: Carried | None = None) -> Results:
    """The cards of everybody in people.csv, in its order; `history` holds the cycles that formulas look back to.

    With `carried`, which a sealed cycle has, nothing is looked up in them: what was taken then counts.
    """
    scorer = CardScorer(catalog, cycle, history, carried)
    with _no_collection():
        cards = share_pools([scorer.card(person) for person in scorer.lookup.roster.rows], scorer.lookup)
        units = tuple(scorer.unit(role) for role in unit_roles(catalog))
    return Results(cycle, rank(cards, catalog.company.rank), units, scorer.lookup.noted)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Cards hold no circles and all of them stay: looking for garbage among them would take most of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
