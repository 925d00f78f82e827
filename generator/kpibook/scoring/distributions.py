"""How an indicator's values were spread over the people of a closed cycle, told so that nobody can be recognised."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, round_half_up
from kpibook.base.periods import Period, PeriodKind
from kpibook.model import Cycle
from kpibook.scoring.results import ItemScore, Results, Status

LEAST_PEOPLE = 5
"""Fewer people are not told of."""
LEAST_VALUES = 3
"""Nor are people of whom nearly all have the same value: it would be told of each of them."""
NEIGHBOURS = 3
"""Each figure is the mean of so many neighbouring values, so that none is one person's own."""


MOST_CYCLES = 12
"""So many closed cycles of each kind are told of."""


class Quartiles(NamedTuple):
    """The lower quartile, the middle and the upper quartile, each a mean of three neighbouring values, rounded."""

    low: mpq
    middle: mpq
    high: mpq
    is_share: bool = False
    """Whether these are not values of the indicator but points reached, in % of the points possible."""


class CycleDistributions(NamedTuple):
    """A closed cycle: each indicator that it used, with its spread, or None where telling it would tell of people."""

    period: Period
    name: str
    distributions: Mapping[str, Quartiles | None]


def distribution_cycles(cycles: Iterable[Cycle]) -> tuple[Cycle, ...]:
    """The newest closed cycles of each kind, oldest first."""
    closed = sorted((c for c in cycles if c.status.is_settled), key=lambda cycle: cycle.period)
    of_kind = ([cycle for cycle in closed if cycle.kind is kind][-MOST_CYCLES:] for kind in PeriodKind)
    return tuple(sorted((cycle for cycles in of_kind for cycle in cycles), key=lambda cycle: cycle.period))


def cycle_distributions(results: Results, places: int) -> CycleDistributions:
    """The spreads of all indicators of a cycle, rounded to `places` decimals.

    For what people rated, and wherever no actual is known, the share of the points is told.
    """
    actuals: dict[str, dict[str, mpq]] = defaultdict(dict)
    shares: dict[str, dict[str, mpq]] = defaultdict(dict)
    for person, score in _scored(results):
        if score.actual is not None and not score.ratings:
            actuals[score.indicator.id][person] = score.actual
        elif score.points is not None and score.weight:
            shares[score.indicator.id][person] = score.points / score.weight * HUNDRED
    by_share = {key: quartiles(tuple(values.values()), places, is_share=True) for key, values in shares.items()}
    by_actual = {key: quartiles(tuple(values.values()), places) for key, values in actuals.items()}
    return CycleDistributions(results.cycle.period, results.cycle.name, {**by_share, **by_actual})


def quartiles(values: Sequence[mpq], places: int, *, is_share: bool = False) -> Quartiles | None:
    """The spread of one value a person; None where too few people, or too few different values, stand behind it."""
    if len(values) < LEAST_PEOPLE or len(set(values)) < LEAST_VALUES:
        return None
    ordered = sorted(values)
    last = len(ordered) - 1
    low, middle, high = (_around(ordered, quarter * last, places) for quarter in range(1, 4))
    return Quartiles(low, middle, high, is_share)


def _around(ordered: Sequence[mpq], four_times_at: int, places: int) -> mpq:
    """The mean of the values around a place, which is given in quarters of a step."""
    nearest = (four_times_at + 2) // 4
    first = min(max(nearest - NEIGHBOURS // 2, 0), len(ordered) - NEIGHBOURS)
    return round_half_up(sum(ordered[first : first + NEIGHBOURS], mpq(0)) / NEIGHBOURS, places)


def _scored(results: Results) -> Iterator[tuple[str, ItemScore]]:
    """Everything that was scored, by person; of two roles in one cycle the later counts."""
    for card in results.cards:
        if card.status is not Status.EXCLUDED:
            scores = (score for part in card.spans for score in (*part.items, *part.extras))
            yield from ((card.person, score) for score in scores if score.status is Status.SCORED)
