"""People by indicator: how much of its points each item gave, as a number on a ground that is the darker the less."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import ZERO
from kpibook.pages.figures import NONE, Figures
from kpibook.pages.number_format import HAS_NONE
from kpibook.pages.suppression import concealed, published_people
from kpibook.pages.text import link
from kpibook.scoring.results import Card, ItemScore

STEPS = (60, 75, 85, 95)
"""Where the next lighter ground begins, in % of an item's points; from the last on there is none."""

FAR = ('card-heat-0"', 'card-heat-1"')
"""The grounds of cells under 75 %."""

MOST_PEOPLE = 200
"""More people of one role than this are no map any more."""

MOST_NAMED = 100
"""A whole company of more people than this is mapped by department."""

USUAL = ("finance", "customer", "process", "learning")
"""The order of the perspectives; a company's own follow."""


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


class Overview(NamedTuple):
    """A whole company by perspective: its people, or its departments where the people are too many."""

    head: str
    perspectives: tuple[str, ...]
    rows: tuple[HeatRow, ...]


def overview(figures: Figures) -> Overview:
    """The map of a whole cycle, as far as it may be told."""
    if len(figures.results.cards) > MOST_NAMED:
        return departments_overview(figures)
    known = perspectives_of(figures.publishable_cards)
    names = tuple(figures.perspective(key) for key in known)
    return Overview(figures.say("cards.label.name"), names, tuple(_people(known, figures)))


def departments_overview(figures: Figures, folder: str = "departments") -> Overview:
    """The map of all departments, as far as it may be told; their pages are in `folder`."""
    known, groups = perspectives_of(figures.publishable_cards), published_people(figures.results.cards).departments
    names = tuple(figures.perspective(key) for key in known)
    rows = tuple(_departments(groups, known, figures, folder)) if groups else ()
    return Overview(figures.say("cards.department"), names, rows)


def far_from_full(row: HeatRow) -> bool:
    """Whether much was lost in a cell of a row."""
    return any(mark in cell for cell in row.cells for mark in FAR)


def perspectives_of(cards: Sequence[Card]) -> tuple[str, ...]:
    """The perspectives of the items of some cards: the usual ones in their order, a company's own, and none last."""
    found = dict.fromkeys(score.indicator.perspective for card in cards for score in card.spans[-1].items)
    return tuple(sorted(found, key=lambda key: (key == "", USUAL.index(key) if key in USUAL else len(USUAL))))


def _people(known: Sequence[str], figures: Figures) -> Iterator[HeatRow]:
    for card in (card for group in figures.members.values() for card in filter(figures.is_publishable, group)):
        name = link(card.name, f"p/{figures.page_ids[card.person]}.md")
        yield HeatRow(name, tuple(_own_cell(card, key) for key in known))


def _own_cell(card: Card, perspective: str) -> Markup | str:
    """What somebody got of the points of a perspective; a dot where the own scorecard has none of it."""
    if not any(score.weight and score.indicator.perspective == perspective for score in card.spans[-1].items):
        return HAS_NONE
    return _share_cell(*own_share(card, perspective))


def _departments(
    groups: Mapping[str, Sequence[Card]], known: Sequence[str], figures: Figures, folder: str
) -> Iterator[HeatRow]:
    """What the people of each department got of their points, as far as it may be told."""
    for identifier in figures.members:
        name, shares = (
            link(figures.department(identifier), f"{folder}/{identifier}.md"),
            told_shares(groups.get(identifier, ()), known),
        )
        yield HeatRow(name, tuple(NONE if share is None else _share_cell(*share) for share in shares.values()))


Share = tuple[mpq, mpq]
"""Points and the weight that they are of."""


def told_shares(cards: Sequence[Card], known: Sequence[str]) -> Mapping[str, Share | None]:
    """What people got of their points by perspective; None where it is not told."""
    given = {key: _points_given(cards, key) for key in known}
    hidden = concealed({key: each.people for key, each in given.items()})
    return {key: None if key in hidden else each.share for key, each in given.items()}


def own_share(card: Card, perspective: str) -> Share:
    """What somebody got of the points of a perspective; of no weight where there is no scored item."""
    return _points_given([card], perspective).share


class _Given(NamedTuple):
    """Points and weight of the scored items of a perspective, and the people who have such items."""

    share: Share
    people: frozenset[str]


def _points_given(cards: Sequence[Card], perspective: str) -> _Given:
    points, weight, people = ZERO, ZERO, set[str]()
    for card in cards:
        for score in card.spans[-1].items:
            if score.weight and score.points is not None and score.indicator.perspective == perspective:
                points, weight = points + score.points * score.per_mark, weight + score.counts
                people.add(card.person)
    return _Given((points, weight), frozenset(people))


def heat_maps(cards: Sequence[Card], figures: Figures, folder: str = "../p") -> Iterator[HeatMap]:
    """A map for each role that some item of was scored, in the order of the people; their cards are in `folder`."""
    roles: dict[str, list[Card]] = {}
    for card in cards:
        roles.setdefault(card.role.id, []).append(card)
    for group in roles.values():
        scores = {card.person: _by_indicator(card) for card in group}
        known = dict.fromkeys(key for found in scores.values() for key in found)
        if any(score.points is not None for found in scores.values() for score in found.values()):
            yield _map(group, tuple(known), scores, figures, folder)


Scores = dict[tuple[str, int], ItemScore]


def _by_indicator(card: Card) -> Scores:
    """The weighted items of the role held last; an indicator may stand there more than once."""
    found: Scores = {}
    for score in card.spans[-1].items:
        if score.weight:
            count = sum(identifier == score.indicator.id for identifier, _ in found)
            found[score.indicator.id, count] = score
    return found


def _map(
    group: Sequence[Card],
    known: tuple[tuple[str, int], ...],
    scores: dict[str, Scores],
    figures: Figures,
    folder: str,
) -> HeatMap:
    shown, left = group[:MOST_PEOPLE], len(group) - MOST_PEOPLE
    links = {card.person: link(card.name, f"{folder}/{figures.page_ids[card.person]}.md") for card in shown}
    return HeatMap(
        group[0].role.name,
        tuple(figures.key(identifier) for identifier, _ in known),
        tuple(HeatRow(links[each], tuple(_cell(scores[each].get(key)) for key in known)) for each in links),
        figures.say("cards.more_people", count=left) if left > 0 else "",
    )


def _cell(score: ItemScore | None) -> Markup | str:
    if score is None:
        return HAS_NONE
    return NONE if score.points is None else _share_cell(score.points, score.weight)


def _share_cell(points: mpq, weight: mpq) -> Markup | str:
    if not weight:
        return NONE
    share = points / weight
    above, below = int(share.numerator), int(share.denominator)
    return _shaded_cell(above * 100 // below, (above * 200 + below) // (2 * below))


@cache
def _shaded_cell(complete: int, rounded: int) -> Markup:
    """Complete per cents choose the ground, rounded ones are told."""
    step = sum(complete >= mark for mark in STEPS)
    return Markup(f'<span class="card-heat card-heat-{step}">{rounded}</span>')
