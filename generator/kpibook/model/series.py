"""Targets of a role, a department or a person for each month of a year, in one file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.periods import Period
from kpibook.base.problems import Place


class SeriesKind(StrEnum):
    """Whose targets a row of the file holds: also the name of the column that says who."""

    ROLE = "role"
    DEPARTMENT = "department"
    PERSON = "person"


class PlacedTarget(NamedTuple):
    """A target in its cell."""

    value: mpq
    place: Place


class SeriesTarget(NamedTuple):
    """What a series says for one cycle: a target that is written, or the months that make it."""

    value: mpq
    place: Place
    parts: tuple[mpq, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetSeries:
    """The targets of somebody for one indicator, by month, quarter, half-year or year."""

    values: Mapping[Period, PlacedTarget]
    place: Place

    def at(self, period: Period, *, adds_up: bool) -> SeriesTarget | None:
        """The target for a cycle, or None where the series says none.

        Shorter ones make it where all of them are given: as their sum, or, of what does not add up, where they agree.
        """
        if own := self.values.get(period):
            return SeriesTarget(own.value, own.place)
        for parts in period.parts:
            given = [self.values[part] for part in parts if part in self.values]
            if len(given) == len(parts):
                values = tuple(each.value for each in given)
                if adds_up:
                    return SeriesTarget(sum(values, mpq(0)), given[0].place, values)
                return SeriesTarget(values[0], given[0].place) if len(set(values)) == 1 else None
        return None

    def is_unclear(self, period: Period, *, adds_up: bool) -> bool:
        """Whether it has targets for parts of a cycle that do not make one for the cycle."""
        return self.at(period, adds_up=adds_up) is None and any(
            part in self.values for parts in period.parts for part in parts
        )


SeriesKey = tuple[SeriesKind, str, str]
"""Whose, by its id (of a person in small letters), and the indicator."""
NO_SERIES: Mapping[SeriesKey, TargetSeries] = {}


def with_shared(
    series: Mapping[SeriesKey, TargetSeries], sharing: Mapping[str, str]
) -> Mapping[SeriesKey, TargetSeries]:
    """The targets, and those of shared scorecards once more for the roles that share them.

    `sharing`: whose scorecard a role has. A role's own row for an indicator goes before that of the one it shares with.
    """
    shared = {
        (SeriesKind.ROLE, role, indicator): found
        for role, owner in sharing.items()
        for (kind, subject, indicator), found in series.items()
        if kind is SeriesKind.ROLE and subject == owner
    }
    return {**series, **{key: found for key, found in shared.items() if key not in series}}


def as_written(series: Mapping[SeriesKey, TargetSeries]) -> Iterator[tuple[SeriesKey, TargetSeries]]:
    """Each row of the files once: with its own subject, without the roles that have it by a shared scorecard."""
    seen: set[int] = set()
    for key, found in series.items():
        if id(found) not in seen:
            seen.add(id(found))
            yield key, found
