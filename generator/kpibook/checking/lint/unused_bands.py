"""Bands that nobody has reached in all the cycles that are closed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, show
from kpibook.base.problems import Level, Place, Problem
from kpibook.checking.checks.base import ScoredItem, judged_items
from kpibook.checking.lint.base import Review, item_name
from kpibook.model import Catalog, Cycle
from kpibook.rules.standards import Bands
from kpibook.scoring.results import ItemScore, Results, Status

FEWEST_CYCLES = 2
"""One cycle alone may have been an odd one."""


YEAR = 366
"""Days: the longest year."""


class BandCounts:
    """Into which band of a rule the results fell, and in how many cycles there were any."""

    def __init__(self) -> None:
        self.bands: Counter[int] = Counter()
        self.cycles: set[str] = set()


def lint_bands_used(review: Review) -> Iterator[Problem]:
    """Somebody has reached each band by now; a band that only takes what is left is no goal."""
    falls = _falls(review.results)
    limit = review.catalog.company.limits.band_results
    for each in judged_items(review.catalog):
        if not isinstance(each.rule, Bands):
            continue
        found = falls.get(each.rule.place_of(), BandCounts())
        if len(found.cycles) >= FEWEST_CYCLES and found.bands.total() >= limit:
            yield from _never_reached(each, each.rule, found)


def _never_reached(each: ScoredItem, rule: Bands, found: BandCounts) -> Iterator[Problem]:
    counts = {"results": found.bands.total(), "cycles": len(found.cycles)}
    for number, band in enumerate(rule.bands, start=1):
        is_rest = band.lowest is None and band.highest is None
        if not is_rest and not found.bands[number]:
            values = {"number": number, "points": show(band.points), "indicator": item_name(each)}
            yield Problem("lint-band-never-reached", band.place_of(), {**values, **counts}, Level.WARNING)


def has_bands(catalog: Catalog) -> bool:
    """Whether results are needed at all."""
    return any(isinstance(each.rule, Bands) for each in judged_items(catalog))


def of_a_year(cycles: Iterable[Cycle]) -> tuple[Cycle, ...]:
    """The closed cycles of the year that ends with the newest of them, of every kind."""
    closed = [cycle for cycle in cycles if cycle.status.is_settled]
    newest = max((cycle.period.last_day for cycle in closed), default=None)
    return tuple(cycle for cycle in closed if newest is not None and (newest - cycle.period.first_day).days < YEAR)


def _falls(results: Sequence[Results]) -> dict[Place, BandCounts]:
    """By the place of a rule: into which of its bands the results of the cycles fell."""
    falls: dict[Place, BandCounts] = {}
    for one in results:
        for score in _scores(one):
            rule = score.item.standard
            value = _value(score, rule) if isinstance(rule, Bands) else None
            if isinstance(rule, Bands) and value is not None:
                found = falls.setdefault(rule.place_of(), BandCounts())
                found.cycles.add(str(one.cycle.period))
                found.bands[_band(rule, value)] += 1
    return falls


def _scores(results: Results) -> Iterator[ItemScore]:
    for card in (*results.cards, *results.units):
        for part in card.spans:
            yield from (score for score in (*part.items, *part.extras) if score.status is Status.SCORED)


def _value(score: ItemScore, rule: Bands) -> mpq | None:
    if rule.of == "actual":
        return score.actual
    return None if score.attainment is None else score.attainment * HUNDRED


def _band(rule: Bands, value: mpq) -> int:
    """The number of the first band that holds; 0 where none does."""
    return next((number for number, band in enumerate(rule.bands, start=1) if band.holds(value)), 0)
