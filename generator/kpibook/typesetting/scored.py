"""Cycles scored one after the other, each with what its cards look back at."""

from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from kpibook.base.periods import Period, PeriodKind
from kpibook.content import Content, look_back, past_results, score_cycle
from kpibook.content.score_cache import CycleCards
from kpibook.pages.lookback import CYCLES, Lookback, past_cycle_of
from kpibook.scoring.results import Results

Score = Callable[[Period, bool], tuple[Results, CycleCards | None]]
"""Gives the results of a cycle, and where its kept cards stand; the flag lets cards be light."""


class ScoredCycle(NamedTuple):
    """A cycle with everything that its pages tell beside the numbers that were read."""

    results: Results
    lookback: Lookback
    cards: CycleCards | None = None
    """Where those stand that are kept from run to run; None where all were scored."""

    @property
    def period(self) -> Period:
        """The period of the cycle."""
        return self.results.cycle.period


def score_cycles(content: Content, periods: Collection[Period], score: Score | None = None) -> Iterator[ScoredCycle]:
    """The results of these cycles, one length after the other, oldest first; planned ones have none.

    Each comes with what its cards look back at. The results of two cycles at most are in memory: the present one, and
    the one before, with which its cards are compared; of all earlier ones a short form is left. Who has another
    way to `score` may have light cards only of the last one, with which no other is compared.
    """
    for kind in PeriodKind:
        known = [period for period in content.begun if period.kind is kind]
        asked = [at for at, period in enumerate(known) if period in periods]
        live = [at for at in asked if known[at] not in content.seals]
        lookback = Lookback()
        for at in range(max(asked[0] - CYCLES + 1, 0), asked[-1] + 1) if asked else ():
            period, results = known[at], None
            if at in asked:
                is_last = not live or at >= live[-1]
                results, cards = score(period, is_last) if score else (score_cycle(content, period), None)
                yield ScoredCycle(results, look_back(content, period, lookback), cards)
            # Published cycles look back at what was sealed with them, so nothing is kept for those.
            if live and at < live[-1]:
                if results is None or period in content.seals:
                    results = past_results(content, period, has_items=at + 1 in live)
                lookback = Lookback(results, (*lookback.history, past_cycle_of(results)))
