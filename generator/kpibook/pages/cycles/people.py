"""People in lists: what a row tells of each, and what it keeps to itself in groups under five."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.pages.figures import NONE, Figures
from kpibook.pages.suppression import LEAST
from kpibook.pages.text import link
from kpibook.scoring.results import Card


class PersonRow(NamedTuple):
    """A person in a list, with the way to the card."""

    card: Markup
    id: str
    department: str
    role: str
    total: str
    grade: str
    rank: str
    coverage: str
    status: str


def ranked(cards: Iterable[Card], figures: Figures) -> list[Card]:
    """The people whom a ranking lists: ranks are shown, five or more share them, and the total may be told."""
    return [
        card
        for card in cards
        if card.rank is not None and figures.rank_label and card.ranked >= LEAST and figures.is_publishable(card)
    ]


def has_told_rank(card: Card, figures: Figures) -> bool:
    """Whether a list may tell somebody's rank beside the total."""
    return bool(ranked([card], figures)) and figures.rank_group(card) in figures.told_rankings


def ranking(cards: Sequence[Card], figures: Figures) -> Iterator[PersonRow]:
    """People by the group in which they are ranked, then by rank."""
    order = figures.rank_groups
    for card in sorted(cards, key=lambda card: (order[figures.rank_group(card)], card.rank or 0)):
        yield person_row(card, figures, "p")


def person_row(card: Card, figures: Figures, folder: str) -> PersonRow:
    """A person with a link to the card in `folder`."""
    is_publishable = figures.is_publishable(card)
    return PersonRow(
        link(card.name, f"{folder}/{figures.page_ids[card.person]}.md"),
        card.person,
        figures.department(card.department),
        card.role.name,
        figures.total_of(card) if is_publishable else NONE,
        figures.grade(card.grade) if is_publishable else NONE,
        figures.rank(card) if has_told_rank(card, figures) else NONE,
        figures.coverage(card),
        figures.status(card),
    )
