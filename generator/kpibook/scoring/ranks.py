"""Ranks: equal totals share one; the next follows after all of them (1, 1, 3), or at once (1, 1, 2)."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from kpibook.model import Rank
from kpibook.scoring.results import Card, Status

GROUPS: dict[str, Callable[[Card], str]] = {
    "role": lambda card: card.role.id,
    "department": lambda card: card.department,
    "company": lambda _: "",
}


def rank(cards: Iterable[Card], how: Rank) -> tuple[Card, ...]:
    """The cards with their ranks, in the same order; only those with a total are ranked."""
    told = tuple(cards)
    group_of = GROUPS[how.within]
    groups: dict[str, list[int]] = {}
    for place, card in enumerate(told):
        if card.total is not None and card.status is Status.SCORED:
            groups.setdefault(group_of(card), []).append(place)
    ranked: dict[int, tuple[int, int]] = {}
    for places in groups.values():
        places.sort(key=lambda place: told[place].total or 0, reverse=True)
        rank_now = 0
        for order, place in enumerate(places, 1):
            if order == 1 or told[place].total != told[places[order - 2]].total:
                rank_now = rank_now + 1 if how.ties == "dense" else order
            ranked[place] = (rank_now, len(places))
    return tuple(_with_rank(card, ranked.get(place)) for place, card in enumerate(told))


def _with_rank(card: Card, found: tuple[int, int] | None) -> Card:
    return replace(card, rank=found[0], ranked=found[1]) if found else card
