"""Many cards at once, for what pages tell of groups."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from gmpy2 import mpq

from cards_made import a_card, results
from kpibook.base.periods import Period
from kpibook.base.words import words
from kpibook.model import Catalog
from kpibook.pages.figures import Figures
from kpibook.pages.lookback import PastCycle, past_cycle_of
from kpibook.scoring.results import Card

OCTOBER = Period.parse("2026-10")


SEPTEMBER = OCTOBER.previous


SAY = words("en")


def figures(cards: Sequence[Card], catalog: Catalog, **more: Any) -> Figures:
    return Figures(results(*cards, **more), catalog, SAY)


def crowd(catalog: Catalog, *totals: str | None, **changes: Any) -> list[Card]:
    """E0, E1, … with these totals; manners always give 30 points of them."""
    return [
        a_card(catalog, f"E{at}", name=f"N{at}", points=None if total is None else str(mpq(total) - 30), **changes)
        for at, total in enumerate(totals)
    ]


def past(catalog: Catalog, *totals: str | None, period: Period = SEPTEMBER) -> PastCycle:
    return past_cycle_of(results(*crowd(catalog, *totals), period=period))


def moved(card: Card, department: str) -> Card:
    [piece] = card.spans
    assignment = dataclasses.replace(piece.assignment, department=department)
    return dataclasses.replace(card, spans=(dataclasses.replace(piece, assignment=assignment),))


def perspectives(catalog: Catalog) -> Catalog:
    """The catalog with turnover seen as finance and manners as something of the company's own."""
    seen = {"turnover": "finance", "manners": "Spirit"}
    indicators = {key: each.model_copy(update={"perspective": seen[key]}) for key, each in catalog.indicators.items()}
    return dataclasses.replace(catalog, indicators=indicators)
