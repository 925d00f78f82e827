"""Numbers that came in after the day for numbers: by indicator and by the department that supplies them."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kpibook.analysis.indicators import FEWEST_CYCLES
from kpibook.model import Catalog
from kpibook.reading.cycle.arrivals import Arrival, ArrivalLog

OFTEN = 0.5
"""Late in so many of the cycles is often."""


class ArrivedCycle(NamedTuple):
    """When the numbers of a cycle were due, and when they came."""

    due: datetime.date | None
    log: ArrivalLog


class LateIndicator(NamedTuple):
    """How late the numbers of an indicator came from a department."""

    indicator: str
    """Or a measure that no indicator of a scorecard takes."""
    owner: str
    cycles: int
    """Those with a day for numbers in which any came by import."""
    late: int
    """Those of them in which the last number came after that day."""
    numbers: int
    late_numbers: int
    mean_days: float
    """Days from that day to the last number, on average over `cycles`; 0 where it came in time."""
    most_days: int
    questions: tuple[str, ...]
    """Of often_late, few_cycles."""


def lateness(cycles: Iterable[ArrivedCycle], catalog: Catalog, indicators: Sequence[str]) -> tuple[LateIndicator, ...]:
    """A row for each indicator and owner with numbers that came late; those that are late most often first.

    Args:
        cycles: of one kind; one without a day for numbers, or without arrivals, tells nothing.
        catalog: says which measures an indicator is made of.
        indicators: those that are judged.
    """
    taking = _indicators_by_measure(catalog, indicators)
    found: dict[tuple[str, str], list[tuple[int, int, int]]] = defaultdict(list)
    for cycle in cycles:
        if cycle.due is None:
            continue
        came: dict[tuple[str, str], list[Arrival]] = defaultdict(list)
        for arrival in cycle.log.arrivals:
            for key in taking.get(arrival.measure, (arrival.measure,)):
                came[key, arrival.owner].append(arrival)
        for about, arrivals in came.items():
            found[about].append(_days(arrivals, cycle.due))
    rows = (_row(*about, each) for about, each in found.items())
    return tuple(sorted((row for row in rows if row.late), key=_order))


def _order(row: LateIndicator) -> tuple[float, float, str, str]:
    return -row.late / row.cycles, -row.mean_days, row.indicator, row.owner


def _days(arrivals: Sequence[Arrival], due: datetime.date) -> tuple[int, int, int]:
    """Days that the last number was late, how many numbers came, how many of them late."""
    last = max(each.day for each in arrivals)
    late = sum(each.numbers for each in arrivals if each.day > due)
    return max((last - due).days, 0), sum(each.numbers for each in arrivals), late


def _row(indicator: str, owner: str, cycles: Sequence[tuple[int, int, int]]) -> LateIndicator:
    days = [each for each, _, _ in cycles]
    late = sum(each > 0 for each in days)
    questions = ("often_late",) if late / len(days) >= OFTEN else ()
    return LateIndicator(
        indicator=indicator,
        owner=owner,
        cycles=len(days),
        late=late,
        numbers=sum(numbers for _, numbers, _ in cycles),
        late_numbers=sum(numbers for _, _, numbers in cycles),
        mean_days=sum(days) / len(days),
        most_days=max(days),
        questions=questions if len(days) >= FEWEST_CYCLES else ("few_cycles",),
    )


def _indicators_by_measure(catalog: Catalog, indicators: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """By measure the indicators that take it."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for indicator in indicators:
        for measure in _measures(catalog, indicator):
            found[measure][indicator] = None
    return {measure: tuple(taking) for measure, taking in found.items()}


def _measures(catalog: Catalog, identifier: str) -> Iterator[str]:
    """What is collected for an indicator."""
    indicator = catalog.computed(identifier)
    if not indicator or not indicator.formula:
        yield identifier
        return
    for name in indicator.formula.names:
        yield from _measures(catalog, name.id)
