"""Whose total rose and fell most against the cycle before, and how the means of departments went."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.pages import number_format
from kpibook.pages.dates import period_beside
from kpibook.pages.figures import NONE, Figures
from kpibook.pages.groups import shown_means
from kpibook.pages.lookback import PastCycle
from kpibook.pages.suppression import LEAST
from kpibook.pages.text import link
from kpibook.scoring.results import Card

MOST = 5
"""How many are told of each side."""


class TotalMove(NamedTuple):
    """A person whose total changed."""

    card: Markup
    before: str
    after: str
    difference: Markup


class Movers(NamedTuple):
    """The people whose totals rose most and fell most."""

    up: tuple[TotalMove, ...]
    down: tuple[TotalMove, ...]


class MeansRow(NamedTuple):
    """A department's mean totals, cycle by cycle."""

    name: str
    means: tuple[str, ...]


class Means(NamedTuple):
    """The means of the last cycles; without periods there is no earlier cycle to look back at."""

    periods: tuple[str, ...]
    rows: tuple[MeansRow, ...]


NOBODY = Movers((), ())
NO_MEANS = Means((), ())


def movers(cards: Sequence[Card], past: Sequence[PastCycle], figures: Figures, folder: str) -> Movers:
    """The largest differences to the cycle just before; none for fewer than five people who can be compared."""
    period = figures.results.cycle.period
    if not figures.rank_label or not past or past[-1].period != period.previous:
        return NOBODY
    moved = list(_differences(cards, past[-1], figures))
    if len(moved) < LEAST:
        return NOBODY
    rising = sorted((move for move in moved if move[0] > 0), key=lambda move: -move[0])[:MOST]
    falling = sorted((move for move in moved if move[0] < 0), key=lambda move: move[0])[:MOST]
    return Movers(_moves(rising, figures, folder), _moves(falling, figures, folder))


def _differences(cards: Iterable[Card], last: PastCycle, figures: Figures) -> Iterator[tuple[mpq, mpq, Card]]:
    """The differences to the last cycle, the totals then and the cards, where both totals may be told."""
    for card in filter(figures.is_publishable, cards):
        person = card.person.casefold()
        mark = None if person in last.withheld else last.marks.get(person)
        if card.total is not None and mark and mark.total is not None:
            yield card.total - mark.total, mark.total, card


def _moves(moved: Iterable[tuple[mpq, mpq, Card]], figures: Figures, folder: str) -> tuple[TotalMove, ...]:
    return tuple(_move(before, card, figures, folder) for _, before, card in moved)


def _move(before: mpq, card: Card, figures: Figures, folder: str) -> TotalMove:
    after = card.total or before
    return TotalMove(
        link(card.name, f"{folder}/{figures.page_ids[card.person]}.md"),
        figures.total(before),
        figures.total(after),
        number_format.coloured_difference(after - before, figures.places.score),
    )


def means(past: Sequence[PastCycle], figures: Figures, departments: Iterable[str]) -> Means:
    """The mean totals of these departments, as far as they may be shown.

    Not that of the whole company: who may open a department's page may know all but one of the others.
    """
    if not past:
        return NO_MEANS
    now = shown_means(figures.results.cards)
    period = figures.results.cycle.period
    told = (*((each.period, each.means) for each in past), (period, now))
    cycles = [(period_beside(each, period.year, figures.say), found) for each, found in told]
    rows = [
        MeansRow(figures.department(each), tuple(figures.total(found.get(each)) for _, found in cycles))
        for each in departments
    ]
    shown = tuple(row for row in rows if any(text != NONE for text in row.means))
    return Means(tuple(name for name, _ in cycles), shown) if shown else NO_MEANS
