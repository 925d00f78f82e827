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
    ranked: dict[int, Card] = {}
    for places in groups.values():
        places.sort(key=lambda place: told[place].total or 0, reverse=True)
        rank_now = 0
        for order, place in enumerate(places, 1):
            if order == 1 or told[place].total != told[places[order - 2]].total:
                rank_now = rank_now + 1 if how.ties == "dense" else order
            ranked[place] = replace(told[place], rank=rank_now, ranked=len(places))
    return tuple(ranked.get(place, card) for place, card in enumerate(told))
