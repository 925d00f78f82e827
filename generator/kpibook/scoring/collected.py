"""Numbers that were gathered: given or added up for a subject, and those of the people of a group."""

from collections.abc import Mapping
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.model import Accumulate, Indicator, Measure, Reading
from kpibook.scoring.sources import DayShare, Missing

Gaps = tuple[Missing, ...]


class Collected(NamedTuple):
    """A number that was given, or added up from numbers that were."""

    value: mpq
    readings: tuple[Reading, ...]
    shares: tuple[DayShare, ...] = ()


class GroupNumbers(NamedTuple):
    """The numbers of the people of a department or of the company, for means."""

    heads: Mapping[str, mpq]
    """By person, of those who have the number: 1, or the part of the days that count here."""
    people: mpq
    """The sum of these: taken once, as the mean stands on the card of each of them."""
    total: mpq
    readings: tuple[Reading, ...]
    shares: tuple[DayShare, ...]
    gaps: Gaps
    """Numbers that were set aside: the mean of the others would not be the mean."""
    owed: Gaps
    """Numbers that a scorecard needs and nobody gave: the sum of the others would not be the sum."""


RATES = ("%", "\uff05", "\u2030")
"""Units of numbers that do not add up unless somebody says so: per cent, full-width too, and per mille."""


def within_bounds(
    found: Collected, beyond: Missing, measure: Measure | Indicator | None, times: int
) -> Collected | Gaps:
    """The number made of `times` shorter periods, or a gap where it lies outside the measure's bounds.

    The bounds of an amount that adds up hold for each period, and are `times` as far here; those of a rate stay.
    """
    if measure is None:
        return found
    if measure.accumulate is not Accumulate.SUM or measure.unit in RATES:
        times = 1
    if measure.minimum is not None and found.value < measure.minimum * times:
        return (beyond._replace(value=found.value, limit=measure.minimum * times),)
    if measure.maximum is not None and found.value > measure.maximum * times:
        return (beyond._replace(value=found.value, limit=measure.maximum * times),)
    return found
