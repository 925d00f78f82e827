"""Random scorecards against the reckoning in fractions: how many differ, and how many are scored in a second.

Run by `make bench`; every published number is compared: points, total, coverage, grade, rank, status.
`--quick` takes a hundredth of them.
"""

import os
import random
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from kpibook.scoring import score
from oracle import Item, World, reckon
from worlds import MEASURES, RELATIONS, as_catalog, as_cycle, verdict_on

SCORECARDS = 1_000_000
PEOPLE = 100
"""In each random company."""
AT_ONCE = 20
"""Companies of one task: long enough to be worth a process, short enough to say how far it is."""
TARGETS = ("0", "12.5", "20", "35", "40", "50", "80", "100")
WEIGHTS = (("100",), ("60", "40"), ("50", "30", "20"), ("40.5", "29.5", "30"), ("25", "25", "25", "25", "0"))
RATERS: tuple[dict[str, str], ...] = (
    {"manager": "1"},
    {"manager": "0.7", "peer": "0.3"},
    {"self": "0", "report": "2", "peer": "1"},
)
GATES: tuple[tuple[tuple[str, str | None, str | None], ...], ...] = (
    (),
    (("incidents", "C", None),),
    (("incidents", None, "59"), ("late", "B", "85")),
)


def world(chance: random.Random) -> World:
    """A random company; its numbers are quarters, so that sums and shares fall on rounding ties all the time."""
    roles = {name: _items(chance, name) for name in ("clerk", "guard", "helper")}
    people = list(_people(chance, tuple(roles)))
    names = tuple(dict.fromkeys(who for who, _, _ in people))
    keys = [*MEASURES, *(item.indicator for items in roles.values() for item in items)]
    lacking = {(chance.choice(names), chance.choice(keys)) for _ in range(20)}
    broken = {(chance.choice(names), chance.choice(keys)) for _ in range(5)}
    actuals = {
        (who, key): str(chance.randint(0, 6)) if key in MEASURES[2:] else _quarters(chance, -40, 600)
        for who in names
        for key in keys
        if (who, key) not in lacking | broken
    }
    rated = [item.indicator for items in roles.values() for item in items if item.standard["rule"] == "rating"]
    return World(
        roles,
        people,
        actuals,
        targets={(chance.choice((*names, "shop")), chance.choice(keys)): chance.choice(TARGETS) for _ in range(20)},
        ratings={(who, key): _ratings(chance) for who in names for key in rated},
        set_aside=frozenset(broken),
        adjustments={chance.choice(names): [_quarters(chance, -12, 12)] for _ in range(10)},
        absent={chance.choice(names): chance.randint(59, 61) for _ in range(3)},
        max_absent=chance.choice((None, 60)),
        missing=chance.choice(("block", "exclude", "zero")),
        at=chance.choice(("total", "item")),
        places=chance.randint(0, 2),
        raters=chance.choice(RATERS),
        gates=chance.choice(GATES),
    )


def _quarters(chance: random.Random, least: int, most: int) -> str:
    whole, part = divmod(chance.randint(least, most), 4)
    return f"{whole + part / 4:.2f}"


def _people(chance: random.Random, roles: Sequence[str]) -> list[tuple[str, str, int]]:
    """One of ten has changed role in mid-cycle."""
    rows = []
    for number in range(PEOPLE):
        days = chance.randint(1, 30)
        parts = (days, 31 - days) if chance.random() < 0.1 else (31,)
        rows += [(f"E{number}", chance.choice(roles), part) for part in parts]
    return rows


def _ratings(chance: random.Random) -> list[tuple[str, str]]:
    return [(chance.choice(RELATIONS), _quarters(chance, 0, 82)) for _ in range(chance.randint(0, 4))]


def _items(chance: random.Random, role: str) -> list[Item]:
    weights = chance.choice(WEIGHTS)
    items = [_item(chance, f"{role}_{n}", weight, _standard(chance)) for n, weight in enumerate(weights)]
    for number in range(chance.randint(0, 2)):
        most, least = chance.choice((None, str(chance.randint(0, 20)))), chance.choice((None, "-5"))
        standard = _excess(chance) if chance.random() < 0.5 else _deduction(chance)
        extra = _item(chance, f"{role}_extra_{number}", most or "0", standard)
        items.append(Item(**{**vars(extra), "most": most, "least": least, "is_extra": True}))
    return items


def _item(chance: random.Random, name: str, weight: str, standard: dict[str, Any]) -> Item:
    ratio = ("buyers", "visitors") if standard["rule"] != "rating" and chance.random() < 0.5 else None
    return Item(name, weight, standard, chance.choice(("higher", "lower")), chance.choice(TARGETS), ratio)


def _standard(chance: random.Random) -> dict[str, Any]:
    marks = sorted(chance.sample(range(101), 4))
    low, high, under, over = marks[1], marks[2], marks[0], marks[3]
    match chance.randrange(9):
        case 0:
            floor = {"floor": chance.choice(("50", "80"))} if chance.random() < 0.5 else {}
            how = {"lower": chance.choice(("inverse", "linear")), "cap": chance.choice(("80", "100", "120"))}
            return {"rule": "proportional", "by": chance.choice(("ratio", "difference")), **how, **floor}
        case 1:
            return {"rule": "all_or_nothing", "otherwise": str(chance.randint(0, 6))}
        case 2:
            required = [{"measure": "buyers", "at_least": str(low)}, {"measure": "visitors", "at_most": str(high)}]
            return {"rule": "all_or_nothing", "require": required[: chance.randint(1, 2)]}
        case 3 | 4:
            bands = [{"from": str(mark), "points": str(chance.randint(0, 6))} for mark in reversed(marks)]
            return {"rule": "bands", "of": chance.choice(("actual", "attainment")), "bands": bands}
        case 5:
            return {"rule": "linear", "zero": str(chance.choice((low, high + 1))), "full": str(high)}
        case 6:
            return {
                "rule": "range",
                "low": str(low),
                "high": str(high),
                "zero_below": str(under),
                "zero_above": str(over),
            }
        case 7:
            return {"rule": "rating"}
    return _deduction(chance) if chance.random() < 0.5 else {**_excess(chance), "rule": "shortfall"}


def _excess(chance: random.Random) -> dict[str, Any]:
    units = chance.choice(("complete", "started", "exact"))
    return {
        "rule": "excess",
        "per": chance.choice(("5", "10", "2.5")),
        "points": str(chance.randint(1, 6)),
        "units": units,
    }


def _deduction(chance: random.Random) -> dict[str, Any]:
    row: dict[str, Any] = {"measure": chance.choice(("late", "absent")), "points": str(chance.randint(0, 6))}
    row["per"] = chance.choice(("1", "2", "0.5"))
    if chance.random() < 0.5:
        row["steps"] = {str(n): str(chance.randint(0, 6)) for n in sorted(chance.sample(range(1, 7), 3))}
    return {"rule": "deduction", "deduct": [row]}


def compare(seed: int) -> tuple[int, int, float]:
    """Some random companies: how many scorecards, how many of them differ, and the seconds that scoring took."""
    chance = random.Random(seed)
    cards, different, seconds = 0, 0, 0.0
    for _ in range(AT_ONCE):
        drawn = world(chance)
        catalog, cycle = as_catalog(drawn), as_cycle(drawn)
        begin = time.process_time()
        results = score(catalog, cycle, {})
        seconds += time.process_time() - begin
        expected = reckon(drawn)
        cards += len(results.cards)
        different += sum(verdict_on(card) != expected[card.person] for card in results.cards)
    return cards, different, seconds


def main(scorecards: int) -> None:
    """Print how many scorecards differ, and the rate."""
    begin = time.perf_counter()
    tasks = range(-(-scorecards // (AT_ONCE * PEOPLE)))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        cards, different, seconds = map(sum, zip(*pool.map(compare, tasks), strict=True))
    passed = time.perf_counter() - begin
    print(f"{cards:,} random scorecards against fractions in {passed:.0f} s")
    print(f"scored in a second, on one core {cards / seconds:18,.0f}")
    print(f"different {different:40,}   goal: 0")


if __name__ == "__main__":
    main(SCORECARDS // 100 if "--quick" in sys.argv else SCORECARDS)
