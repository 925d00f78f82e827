"""The card of one clerk."""

from collections.abc import Mapping
from typing import Any

from kpibook.base.words import words
from kpibook.model import Catalog
from kpibook.scoring import score
from kpibook.scoring.results import Card, ItemScore
from making import Given, cycle, person

POINTS = {"rule": "linear", "zero": "0", "full": "100"}
EN, ZH = words("en"), words("zh")
Numbers = Mapping[tuple[str, str], Given]


def one(made: Catalog, numbers: Numbers, **values: Any) -> Card:
    """The card of E1, a clerk."""
    return score(made, cycle([person("E1")], numbers, **values), {}).cards[0]


def first(card: Card) -> ItemScore:
    return card.spans[0].items[0]


TEAM = [person("E1"), person("E2"), person("E3")]
