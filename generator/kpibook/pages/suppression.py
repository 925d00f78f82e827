"""What may be told of people beyond their own cards: nothing that gives one of fewer than five away.

The rule, for all pages of cycles and departments:

- A figure (mean, distribution, share, map of a department) has five people or more behind it.
- Nor can a figure of fewer be worked out: what is left of a whole when everything told of its parts, in figures or in
  lists, is taken from it has nobody behind it, or five people or more.
- A list gives results beside names for departments of five people or more. People of smaller ones stand in a ranking
  with their rank alone, where the company shows ranks and five or more share the ranking.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from kpibook.scoring.results import Card

LEAST = 5


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
    whole = listed if 0 < len(everybody) - len(listed) < LEAST else everybody
    return PublishedPeople(departments, whole if len(whole) >= LEAST else ())


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
