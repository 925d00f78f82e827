"""A company of one item, and the lines that explain it."""

from collections.abc import Mapping
from typing import Any

from kpibook.base.words import words
from kpibook.model import Catalog, Cycle
from kpibook.scoring import score
from kpibook.scoring.results import Card
from making import (
    Given,
    catalog,
    cycle,
    indicator,
    item,
    measure,
    person,
    role,
)

ZH, EN = words("zh"), words("en")
E1 = (person("E1"),)
STRAIGHT = {"rule": "linear", "zero": "0", "full": "100"}


def company(standard: Mapping[str, Any], *, of: Mapping[str, Any] | None = None, **values: Any) -> Catalog:
    settings = {
        key: values.pop(key) for key in ("missing", "rounding", "raters", "eligibility", "rank") if key in values
    }
    parts = {key: values.pop(key) for key in ("extras", "gates", "pay") if key in values}
    return catalog(
        [role("clerk", [item("x", 15, standard, **values)], **parts)],
        [
            indicator("x", **{"name": "转化率", "unit": "%", **(of or {})}),
            indicator("rate", name="退货率", formula="returns / orders"),
        ],
        [
            measure("orders", name="订单量", unit="单"),
            measure("visitors", name="访客数", unit="人"),
            measure("returns", name="退单量", unit="单"),
            measure("late", name="迟到", unit="次"),
        ],
        **settings,
    )


def card(catalog: Catalog, cycle: Cycle, *history: Cycle) -> Card:
    return score(catalog, cycle, {each.period: each for each in history}).cards[0]


def month(x: Given = 50, y: Given | None = "29.95", **values: Any) -> Cycle:
    numbers: dict[tuple[str, str], Given] = {("E1", "x"): x, ("E1", "late"): 1}
    if y is not None:
        numbers["E1", "y"] = y
    return cycle(E1, numbers, **values)
