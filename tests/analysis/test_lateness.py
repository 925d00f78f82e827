"""Whose numbers come late, against a second computation on random logs."""

import datetime
import random
import statistics
from collections.abc import Sequence

import pytest

from cards_made import COMPANY
from kpibook.analysis.lateness import ArrivedCycle, LateIndicator, lateness
from kpibook.model import Catalog
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle.arrivals import Arrival, ArrivalLog

DUE = datetime.date(2026, 11, 5)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(COMPANY / "handbook")[0]


def on(days: int, measure: str = "sales", numbers: int = 1, owner: str = "shop") -> Arrival:
    """Numbers that came so many days after the day for numbers."""
    return Arrival(DUE + datetime.timedelta(days), owner, measure, numbers)


def cycle(*arrivals: Arrival, due: datetime.date | None = DUE, unread: int = 0) -> ArrivedCycle:
    return ArrivedCycle(due, ArrivalLog(arrivals, unread))


def late(cycles: Sequence[ArrivedCycle], catalog: Catalog, *indicators: str) -> tuple[LateIndicator, ...]:
    return lateness(cycles, catalog, indicators)


@pytest.mark.parametrize("seed", range(12))
def test_days_and_shares_are_those_of_a_plain_count(seed: int, catalog: Catalog) -> None:
    chance = random.Random(seed)
    owners, measures = ("shop", "support", ""), ("m1", "m2", "m3")
    cycles = [
        cycle(
            *(
                on(chance.randint(-6, 5), chance.choice(measures), chance.randint(1, 40), chance.choice(owners))
                for _ in range(chance.randint(0, 9))
            ),
            due=None if chance.random() < 0.2 else DUE,
        )
        for _ in range(chance.randint(1, 8))
    ]

    found = {(row.indicator, row.owner): row for row in late(cycles, catalog)}

    told = [each.log.arrivals for each in cycles if each.due]
    for measure in measures:
        for owner in owners:
            per_cycle = [[a for a in log if (a.measure, a.owner) == (measure, owner)] for log in told]
            per_cycle = [arrivals for arrivals in per_cycle if arrivals]
            last = [max(0, *((a.day - DUE).days for a in arrivals)) for arrivals in per_cycle]
            row = found.get((measure, owner))
            assert (row is not None) == any(last)
            if row:
                everything = [a for arrivals in per_cycle for a in arrivals]
                assert (row.cycles, row.late) == (len(last), sum(map(bool, last)))
                assert row.mean_days == pytest.approx(statistics.fmean(last))
                assert row.most_days == max(last)
                assert row.numbers == sum(a.numbers for a in everything)
                assert row.late_numbers == sum(a.numbers for a in everything if (a.day - DUE).days > 0)


def test_an_indicator_is_late_where_any_of_its_measures_is(catalog: Catalog) -> None:
    computed = next(each for each in catalog.indicators.values() if each.formula and len(each.formula.names) > 1)
    first, second = (name.id for name in computed.formula.names[:2]) if computed.formula else ("", "")

    [row] = late([cycle(on(0, first, 3), on(2, second, 4))], catalog, computed.id)

    assert (row.indicator, row.owner, row.late_numbers, row.numbers) == (computed.id, "shop", 4, 7)
    assert (row.mean_days, row.most_days) == (2, 2)


@pytest.mark.parametrize(
    ("days", "expected"),
    [((3, 3), ("few_cycles",)), ((3, 0, 0), ()), ((3, 0, 2, 0), ("often_late",)), ((1, 1, 1), ("often_late",))],
)
def test_one_asks_from_three_cycles_on(days: Sequence[int], expected: tuple[str, ...], catalog: Catalog) -> None:
    [row] = late([cycle(on(each)) for each in days], catalog)

    assert row.questions == expected


def test_what_came_in_time_or_has_no_day_is_not_told(catalog: Catalog) -> None:
    assert not late([cycle(on(0)), cycle(on(-3)), cycle(on(9), due=None), cycle()], catalog)


def test_the_latest_comes_first(catalog: Catalog) -> None:
    cycles = [cycle(on(1, "m1"), on(4, "m2"), on(4, "m3")), cycle(on(0, "m1"), on(4, "m2"), on(0, "m3"))]

    assert [row.indicator for row in late(cycles, catalog)] == ["m2", "m3", "m1"]
