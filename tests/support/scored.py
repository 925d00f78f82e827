"""Companies whose clerks have one item worth 100, and what scoring makes of it."""

import datetime
from collections.abc import Mapping
from typing import Any

from gmpy2 import mpq

from kpibook.model import Catalog, Cycle, Department
from kpibook.scoring import score
from kpibook.scoring.results import Card, ItemScore
from making import (
    catalog,
    cycle,
    indicator,
    item,
    measure,
    person,
    role,
)

PROPORTIONAL = {"rule": "proportional"}
SHORTFALL = {"rule": "shortfall", "per": "5000", "points": "3"}
EXCESS = {"rule": "excess", "per": "5000", "points": "3"}


def cards(catalog: Catalog, cycle: Cycle, *history: Cycle) -> dict[str, Card]:
    results = score(catalog, cycle, {each.period: each for each in history})
    return {card.person: card for card in results.cards}


def one_item(standard: Mapping[str, Any], *, of: Mapping[str, Any] | None = None, **values: Any) -> Catalog:
    """A company whose clerks have one item worth 100, its measures being sales, costs and late."""
    company = {
        key: values.pop(key) for key in ("missing", "rounding", "raters", "rank", "eligibility") if key in values
    }
    extras = {key: values.pop(key) for key in ("extras", "gates", "pay") if key in values}
    return catalog(
        [role("clerk", [item("x", 100, standard, **values)], **extras)],
        [indicator("x", **(of or {}))],
        [measure("sales"), measure("costs"), measure("late")],
        [Department.build(id="web", name="Web", parent="shop"), Department.build(id="store", name="Store")],
        **company,
    )


def only(catalog: Catalog, cycle: Cycle, *history: Cycle) -> ItemScore:
    """The one item of E1."""
    [found] = cards(catalog, cycle, *history)["E1"].spans[0].items
    return found


def gaps(found: ItemScore) -> list[tuple[str, str, str, str, str]]:
    return [(gap.subject, gap.key, gap.owner, str(gap.period), gap.gap.value) for gap in found.missing]


def total(catalog: Catalog, cycle: Cycle, *history: Cycle) -> mpq | None:
    return cards(catalog, cycle, *history)["E1"].total


E1 = (person("E1"),)
BOTH = (person("E1"), person("E2"))
STRAIGHT = {"rule": "linear", "zero": "0", "full": "100"}
"""Gives as many points as the actual."""


def day(number: int) -> datetime.date:
    return datetime.date(2026, 10, number)


def transfer() -> tuple[Catalog, Cycle]:
    clerk, guard = role("clerk", [item("x", 100, STRAIGHT)]), role("guard", [item("y", 100, STRAIGHT)])
    rows = (
        person("E1", "guard", first_day=day(11), name="Ann"),
        person("E1", "clerk", last_day=day(10), name="Ann"),
    )
    return catalog([clerk, guard], [indicator("x"), indicator("y")]), cycle(rows, {("E1", "x"): 80, ("E1", "y"): 90})


def grade_of(card: Card) -> str:
    return card.grade.id if card.grade else ""
