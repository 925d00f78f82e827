"""Bands that nobody can reach, and bands that reward what the indicator calls worse."""

from collections.abc import Iterator
from itertools import pairwise

from kpibook.base.numbers import ZERO, show
from kpibook.base.problems import Level, Problem
from kpibook.checking.checks.base import ScoredItem, judged_items
from kpibook.checking.lint.base import Review, item_name
from kpibook.model import Direction
from kpibook.rules.standards import Band, Bands


def lint_bands_reached(review: Review) -> Iterator[Problem]:
    """Each band holds values that the indicator can have."""
    for each, rule in _banded(review):
        least, most = each.indicator.minimum if each.indicator else None, None
        if rule.of == "attainment":
            least = ZERO
        elif each.indicator:
            most = each.indicator.maximum
        for number, band in enumerate(rule.bands, start=1):
            is_under = least is not None and band.highest is not None and band.highest < least
            is_over = most is not None and band.lowest is not None and band.lowest > most
            if is_under or is_over:
                values = {"number": number, "points": show(band.points), "indicator": item_name(each)}
                yield Problem("lint-band-out-of-reach", band.place_of(), values, Level.WARNING)


def lint_bands_follow_direction(review: Review) -> Iterator[Problem]:
    """Better values never give fewer points."""
    for each, rule in _banded(review):
        is_lower = rule.of == "actual" and each.indicator and each.indicator.direction is Direction.LOWER
        if rule.of == "actual" and (not each.indicator or each.indicator.direction is Direction.RANGE):
            continue
        ordered = sorted(enumerate(rule.bands, start=1), key=lambda pair: _mark(pair[1]))
        for (_, below), (number, above) in pairwise(ordered):
            better, worse = (below, above) if is_lower else (above, below)
            if better.points < worse.points:
                values = {"number": number, "indicator": item_name(each)}
                points = {"better": show(better.points), "worse": show(worse.points)}
                yield Problem("lint-band-direction", above.place_of(), {**values, **points}, Level.WARNING)


def _banded(review: Review) -> Iterator[tuple[ScoredItem, Bands]]:
    for each in judged_items(review.catalog):
        if isinstance(each.rule, Bands):
            yield each, each.rule


def _mark(band: Band) -> tuple[bool, object, bool, object]:
    """Bands from the lowest values to the highest; an open end lies beyond all marks."""
    low, high = band.lowest, band.highest
    return low is not None, low or ZERO, high is None, high or ZERO
