"""Bands cover what can be measured, and each of them can be reached."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from gmpy2 import mpq

from kpibook.base.numbers import LARGEST, ZERO, show
from kpibook.base.problems import Level, Problem
from kpibook.checking.checks.base import ScoredItem, judged_items
from kpibook.model import Catalog, Direction
from kpibook.rules.standards import Band, Bands

FAR = mpq(10 * LARGEST)
"""Beyond every number that a company may write: stands for the open end of a band."""

Edge = tuple[mpq, int]
"""A mark, and whether a band ends or begins at it (0), just below it (-1) or just above it (1)."""

Span = tuple[Edge, Edge]

LEAST, MOST = (-FAR, 0), (FAR, 0)


def check_bands(catalog: Catalog) -> Iterator[Problem]:
    """Every value falls into a band, and every band takes some value."""
    for each in judged_items(catalog):
        if isinstance(each.rule, Bands):
            if not each.rule.bands:
                yield Problem("empty-list", each.rule.place_of("bands"), {"key": "bands"})
            yield from _marks_twice(each.rule.bands)
            yield from _unreached(each.rule.bands)
            yield from _overlaps(each.rule.bands)
            yield from _check_falling_points(each, each.rule)
            if each.rule.bands:
                yield from _gaps(each, each.rule)


def _marks_twice(bands: tuple[Band, ...]) -> Iterator[Problem]:
    """A band that begins, or ends, in two ways."""
    for number, band in enumerate(bands, start=1):
        for key, other in (("above", "from"), ("below", "upto")):
            if band.place_of(key) != band.place_of() and band.place_of(other) != band.place_of():
                values = {"number": number, "key": key, "other": other}
                yield Problem("band-marks-twice", band.place_of(key), values)


def _unreached(bands: tuple[Band, ...]) -> Iterator[Problem]:
    """Bands that are empty, or whose values all belong to bands before them."""
    for number, band in enumerate(bands, start=1):
        low, high = _span(band)
        values = {"number": number, "points": show(band.points)}
        if low > high:
            yield Problem("band-empty", band.place_of(), {**values, "from": show(low[0]), "upto": show(high[0])})
        elif any(start <= low and high <= end for start, end in _merged_spans(bands[: number - 1])):
            yield Problem("band-unreached", band.place_of(), values)


def _span(band: Band) -> Span:
    low = LEAST if band.lowest is None else (band.lowest, int(band.ends.is_above))
    return low, MOST if band.highest is None else (band.highest, -int(band.ends.is_below))


def _overlaps(bands: tuple[Band, ...]) -> Iterator[Problem]:
    """Two closed bands share more than a mark: the first one wins, which is seldom meant."""
    numbered = [(number, band, *_span(band)) for number, band in enumerate(bands, start=1)]
    closed = [part for part in numbered if LEAST < part[2] <= part[3] < MOST]
    for (one, _, low, high), (other, band, other_low, other_high) in combinations(closed, 2):
        start, end = max(low, other_low)[0], min(high, other_high)[0]
        if start < end:
            values = {"number": other, "other": one}
            marks = {"from": show(start), "upto": show(end)}
            yield Problem("bands-overlap", band.place_of(), {**values, **marks}, Level.WARNING)


def _check_falling_points(each: ScoredItem, rule: Bands) -> Iterator[Problem]:
    """Better values that give fewer points than worse ones next to them."""
    direction = each.indicator.direction if each.indicator else Direction.RANGE
    if direction is Direction.RANGE:
        return
    is_falling = rule.of == "actual" and direction is Direction.LOWER
    for worse, better in pairwise(list(_bands_upwards(rule.bands))[:: -1 if is_falling else 1]):
        one, other = rule.bands[better], rule.bands[worse]
        if one.points < other.points:
            values = {"number": better + 1, "points": show(one.points), "other": worse + 1}
            place = one.place_of("points")
            yield Problem("bands-falling", place, {**values, "other_points": show(other.points)}, Level.WARNING)


def _bands_upwards(bands: tuple[Band, ...]) -> Iterator[int]:
    """The bands, by their place, that one meets on the way from the lowest value to the highest."""
    marks = sorted({mark for band in bands for mark in (band.lowest, band.highest) if mark is not None})
    between = [(low + high) / 2 for low, high in pairwise(marks)]
    ends = [marks[0] - 1, marks[-1] + 1] if marks else []
    for value in sorted((*marks, *between, *ends)):
        yield from [place for place, band in enumerate(bands) if band.holds(value)][:1]


def _gaps(each: ScoredItem, rule: Bands) -> Iterator[Problem]:
    """Values between bands that none of them takes; at the ends, values that can well be measured."""
    covered = _merged_spans(rule.bands)
    for (_, (high, _)), ((low, _), _) in pairwise(covered):
        code = "band-gap" if high < low else "band-gap-at"
        yield Problem(code, rule.place_of("bands"), {"from": show(high), "upto": show(low)})
    least, most = _possible(each, rule)
    if covered and covered[0][0] > least:
        yield Problem("band-open-below", rule.place_of("bands"), {"from": show(covered[0][0][0])}, Level.WARNING)
    if covered and covered[-1][1] < most:
        yield Problem("band-open-above", rule.place_of("bands"), {"upto": show(covered[-1][1][0])}, Level.WARNING)


def _possible(each: ScoredItem, rule: Bands) -> Span:
    """The least and the most that can be measured; without limits of the indicator from 0 on."""
    indicator = each.indicator
    if rule.of == "attainment" or indicator is None:
        return (ZERO, 0), MOST
    least = ZERO if indicator.minimum is None else indicator.minimum
    return (least, 0), MOST if indicator.maximum is None else (indicator.maximum, 0)


def _merged_spans(bands: tuple[Band, ...]) -> list[Span]:
    """What some bands take together, in order, as stretches that do not touch."""
    joined: list[Span] = []
    for low, high in sorted(span for span in map(_span, bands) if span[0] <= span[1]):
        if joined and low <= _just_above(joined[-1][1]):
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined


def _just_above(edge: Edge) -> Edge:
    """Where a stretch may go on after another one without a gap."""
    return edge[0], edge[1] + 1
