"""Somebody who reads the cards that are theirs to read, and works out from ranks and totals where the others stand."""

import dataclasses
import random
import re
from collections.abc import Iterator, Mapping, Sequence

from attack import NEAR, a_company, a_scale, bounds_of_others
from cards_made import OCTOBER, SAY, results
from kpibook.model import Catalog, Department
from kpibook.pages.cycles.rendering import card_pages
from kpibook.pages.figures import page_id
from kpibook.pages.lookback import Lookback
from kpibook.scoring.ranks import rank
from kpibook.scoring.results import Card

KEY = b"secret"
_RANK = re.compile(r"rank (\d+) of (\d+)")


def managed(cards: Sequence[Card], dice: random.Random) -> list[Card]:
    """The same people, nearly each with a manager among those before."""
    found = list[Card]()
    for at, card in enumerate(cards):
        [part] = card.spans
        manager = dice.choice(cards[:at]).person if at and dice.random() < 0.9 else ""
        row = dataclasses.replace(part.assignment, person=card.person, name=card.name, manager=manager)
        found.append(dataclasses.replace(card, spans=(dataclasses.replace(part, assignment=row),)))
    return found


def told_ranks(cards: Sequence[Card], catalog: Catalog) -> dict[str, int]:
    """By person: the rank that stands on the card."""
    found = dict[str, int]()
    made = dict(card_pages(results(*cards), catalog, SAY, Lookback(), key=KEY))
    for card in cards:
        page = made[f"{OCTOBER}/p/{page_id(KEY, OCTOBER, card.person)}.md"]
        if told := _RANK.search(page):
            assert (int(told[1]), int(told[2])) == (card.rank, card.ranked)
            found[card.person] = int(told[1])
    return found


def readers(cards: Sequence[Card]) -> Iterator[frozenset[str]]:
    """Of each person those whose cards are theirs to read: the own one, and of all below them."""
    managers: Mapping[str, str] = {card.person: card.spans[-1].assignment.manager for card in cards}
    for reader in managers:
        seen = {reader}
        while more := {person for person, manager in managers.items() if manager in seen} - seen:
            seen |= more
        yield frozenset(seen)


def leaks_of_cards(seed: int) -> tuple[list[str], int]:
    """Whose totals some reader of cards of one random company works out, and how many ranks were told."""
    dice = random.Random(seed)
    catalog = a_scale(rank={"within": dice.choice(("company", "department"))}, access={"chain": "all", "heads": False})
    known = {f"d{at}": Department.build(id=f"d{at}", name=f"D{at}") for at in range(6)}
    catalog = dataclasses.replace(catalog, departments={**catalog.departments, **known})
    some = a_company(dice, catalog)[: dice.choice((2, 3, 4, 6, 9, 40))]
    cards = list(rank(managed(some, dice), catalog.company.rank))
    told = told_ranks(cards, catalog)
    groups: dict[str, list[Card]] = {}
    for card in cards:
        if card.rank is not None:
            groups.setdefault(card.department if catalog.company.rank.within == "department" else "", []).append(card)
    found = list[str]()
    for reader in set(readers(cards)):
        for group in groups.values():
            seen = tuple(card for card in group if card.person in reader and card.person in told)
            others = tuple(card for card in group if card.person not in reader)
            if seen and others:
                low, high = bounds_of_others(seen, others)
                found += [card.name for card in others if _is_near(low, high, float(card.total or 0))]
    return found, len(told)


def _is_near(low: float, high: float, truth: float) -> bool:
    near = NEAR * truth + 0.1
    return truth - low <= near and high - truth <= near
