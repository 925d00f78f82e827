"""What may be told of people beyond their own cards: nothing that gives one of fewer than five away.

The rule, for all pages of cycles and departments:

- A figure (mean, distribution, share, map of a department) has five people or more behind it.
- Nor can a figure of fewer be worked out: what is left of a whole when everything told of its parts, in figures or in
  lists, is taken from it has nobody behind it, or five people or more.
- Nor is anybody's total known nearly: those that are left over differ by more than a tenth of the highest total, even
  for one of them, who knows an own total. Each of them could then be the lowest or the highest: a mean and a
  distribution do not say who is who.
- A list gives results beside names for departments of five people or more, and tells ranks where everybody who shares
  them is listed with a total: a rank between two totals is a total.
- A card tells its rank unless some reader of cards could tell from ranks and totals that all whom this reader may not
  see lie within a tenth: who is last with 96 of 100, or who manages the first and the third of three.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, ZERO
from kpibook.scoring.results import Card

LEAST = 5
HIGHEST = HUNDRED
"""What a reader takes for the most that anybody can reach."""
SPREAD = mpq(1, 10)
"""By so much of the highest total those differ whose totals are told together and not one by one: twice 5 %."""


class PublishedPeople(NamedTuple):
    """The people behind the figures of departments and of the whole company."""

    departments: Mapping[str, Sequence[Card]]
    """Those with a grade, of each department whose figures may be told."""
    whole: Sequence[Card]
    """Those whom figures of all people are made of; nobody where such figures are not told."""


def graded(cards: Iterable[Card]) -> list[Card]:
    """The cards with a grade: those that count in statistics."""
    return [card for card in cards if card.grade]


def published_people(cards: Sequence[Card]) -> PublishedPeople:
    """Who stands behind figures: small departments count in the whole only if five of their people or more do."""
    everybody, small = graded(cards), small_departments(cards)
    departments = {identifier: group for identifier, group in _by_department(everybody).items() if len(group) >= LEAST}
    listed = [card for card in everybody if card.department not in small]
    whole = everybody if _are_unlike([card for card in everybody if card.department in small]) else listed
    return PublishedPeople(departments, whole if len(whole) >= LEAST else ())


def _are_unlike(cards: Sequence[Card]) -> bool:
    """Whether the totals of people that are told together alone leave each of them open, even to one of them."""
    totals = sorted(card.total for card in cards if card.total is not None)
    if not cards:
        return True
    if len(totals) < LEAST:
        return False
    apart = min(totals[-2] - totals[0], totals[-1] - totals[1])
    return apart > SPREAD * max(abs(totals[0]), abs(totals[-1]))


def whole_rankings(cards: Iterable[Card], group_of: Callable[[Card], str]) -> frozenset[str]:
    """The groups whose ranks lists may tell: five people or more, all of them listed with their totals."""
    told = tuple(cards)
    small = small_departments(told)
    hidden = {group_of(card) for card in told if card.rank is not None and card.department in small}
    return frozenset(group_of(card) for card in told if card.rank is not None and card.ranked >= LEAST) - hidden


def silent_rankings(
    cards: Iterable[Card], group_of: Callable[[Card], str], seen_together: Iterable[Collection[str]]
) -> frozenset[str]:
    """The groups whose ranks not even cards tell: a reader of some would know the totals of the rest.

    `seen_together` are the ids, in small letters, of those whose cards somebody may open beside the own one.
    """
    sizes: dict[str, int] = {}
    known: dict[str, tuple[str, RankedCard]] = {}
    for card in cards:
        if card.rank is not None and card.total is not None:
            group = group_of(card)
            sizes[group] = card.ranked
            known[card.person.casefold()] = group, RankedCard(card.rank, card.total)
    silent = {group for group, own in known.values() if gives_others_away([own], sizes[group])}
    for people in seen_together:
        seen: dict[str, list[RankedCard]] = {}
        for group, told in (known[person] for person in people if person in known):
            seen.setdefault(group, []).append(told)
        silent |= {group for group, found in seen.items() if gives_others_away(found, sizes[group])}
    return frozenset(silent)


class RankedCard(NamedTuple):
    """What a card of a ranking tells."""

    rank: int
    total: mpq


def gives_others_away(seen: Collection[RankedCard], ranked: int) -> bool:
    """Whether who sees these cards of a ranking of so many people knows nearly where all others of it stand.

    Any of the others may stand in any place that is left. So only the highest and the lowest of these places count:
    what lies above the one, and below the other.
    """
    if not seen or len(seen) >= ranked:
        return False
    high, low = HIGHEST, ZERO
    order = sorted(seen, key=lambda each: each.rank)
    ranks = [each.rank for each in order]
    for each in order:
        if each.rank - 1 > bisect_left(ranks, each.rank):
            break
        high = each.total
    for each in reversed(order):
        if ranked - each.rank + 1 > len(ranks) - bisect_left(ranks, each.rank):
            break
        low = each.total
    return high - low <= SPREAD * high


def small_departments(cards: Iterable[Card]) -> frozenset[str]:
    """The departments whose people's results stand on their own cards alone."""
    return frozenset(identifier for identifier, group in _by_department(cards).items() if len(group) < LEAST)


def _by_department(cards: Iterable[Card]) -> Mapping[str, list[Card]]:
    found: dict[str, list[Card]] = {}
    for card in cards:
        found.setdefault(card.department, []).append(card)
    return found


def concealed(parts: Mapping[str, Collection[str]]) -> frozenset[str]:
    """The parts of a told whole that are not told, by the people behind each.

    These are the parts of fewer than five people, and then the next smallest until five people stand behind all that
    is concealed.
    """
    hidden = {part for part, people in parts.items() if 0 < len(people) < LEAST}
    rest = sorted((len(people), part) for part, people in parts.items() if len(people) >= LEAST)
    while rest and hidden and len({person for part in hidden for person in parts[part]}) < LEAST:
        hidden.add(rest.pop(0)[1])
    return frozenset(hidden)
