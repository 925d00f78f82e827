"""People by indicator: how much of its points each item gave, as a number on a ground that is the darker the less."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from markupsafe import Markup

from kpibook.pages.figures import NONE, Figures
from kpibook.pages.text import link
from kpibook.results import Card, ItemScore

STEPS = (60, 80, 100)
"""Where the next lighter ground begins, in % of an item's points."""

MOST_PEOPLE = 200
"""More people of one role than this are no map any more."""


class HeatRow(NamedTuple):
    """A person's items, in the order of the indicators."""

    name: Markup
    cells: tuple[Markup | str, ...]


class HeatMap(NamedTuple):
    """The people of one role in a department."""

    role: str
    indicators: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    more: str
    """How many people are not shown; empty where all are."""


def heat_maps(cards: Sequence[Card], figures: Figures) -> Iterator[HeatMap]:
    """A map for each role that some item of was scored, in the order of the people."""
    roles: dict[str, list[Card]] = {}
    for card in cards:
        roles.setdefault(card.role.id, []).append(card)
    for group in roles.values():
        scores = {card.person: _by_indicator(card) for card in group}
        known = dict.fromkeys(key for found in scores.values() for key in found)
        if any(score.points is not None for found in scores.values() for score in found.values()):
            yield _map(group, tuple(known), scores, figures)


Scores = dict[tuple[str, int], ItemScore]


def _by_indicator(card: Card) -> Scores:
    """The weighted items of the role held last; an indicator may stand there more than once."""
    found: Scores = {}
    for score in card.slices[-1].items:
        if score.weight:
            count = sum(identifier == score.indicator.id for identifier, _ in found)
            found[score.indicator.id, count] = score
    return found


def _map(
    group: Sequence[Card], known: tuple[tuple[str, int], ...], scores: dict[str, Scores], figures: Figures
) -> HeatMap:
    shown, left = group[:MOST_PEOPLE], len(group) - MOST_PEOPLE
    return HeatMap(
        group[0].role.name,
        tuple(figures.key(identifier) for identifier, _ in known),
        tuple(_row(card, known, scores[card.person], figures) for card in shown),
        figures.say("cards.more_people", count=left) if left > 0 else "",
    )


def _row(card: Card, known: tuple[tuple[str, int], ...], scores: Scores, figures: Figures) -> HeatRow:
    name = link(card.name, f"../p/{figures.page_ids[card.person]}.md")
    return HeatRow(name, tuple(_cell(scores.get(key)) for key in known))


def _cell(score: ItemScore | None) -> Markup | str:
    if score is None or score.points is None:
        return NONE
    share = score.points / score.weight
    above, below = int(share.numerator), int(share.denominator)
    return _told(above * 100 // below, (above * 200 + below) // (2 * below))


@cache
def _told(complete: int, rounded: int) -> Markup:
    """Complete per cents choose the ground, rounded ones are told."""
    step = sum(complete >= mark for mark in STEPS)
    return Markup(f'<span class="card-heat card-heat-{step}">{rounded}%</span>')
