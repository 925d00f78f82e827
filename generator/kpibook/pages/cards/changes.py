"""What changed against the cycle before."""

from typing import NamedTuple

from kpibook.base.numbers import show
from kpibook.pages.figures import NONE, Figures, amount, change
from kpibook.scoring.results import Card, ItemScore


class ChangeRow(NamedTuple):
    """An item that is not as it was: its points, weight and target, then and now."""

    name: str
    points: str
    weight: str
    target: str


class Changes(NamedTuple):
    """A card beside the one of the cycle before."""

    total: str
    rows: tuple[ChangeRow, ...]
    notes: tuple[str, ...]
    """Another role, items that came, items that went."""


def changes(card: Card, previous: Card, figures: Figures) -> Changes:
    """The total and every item whose points, weight or target changed, came or went."""
    before, after = _by_key(previous), _by_key(card)
    rows = (_changed(before[key], score, figures) for key, score in after.items() if key in before)
    came = [_name(score, figures) for key, score in after.items() if key not in before]
    went = [_name(score, figures) for key, score in before.items() if key not in after]
    notes = []
    if card.role.id != previous.role.id:
        notes.append(figures.say("cards.change.role", before=previous.role.name, after=card.role.name))
    if came:
        notes.append(figures.say("cards.change.came", items=figures.enumeration(came)))
    if went:
        notes.append(figures.say("cards.change.went", items=figures.enumeration(went)))
    return Changes(_totals(previous, card, figures), tuple(row for row in rows if row), tuple(notes))


def _by_key(card: Card) -> dict[tuple[bool, str, int], ItemScore]:
    """The items and extras of the role held last; an indicator may stand there more than once."""
    last, found = card.spans[-1], dict[tuple[bool, str, int], ItemScore]()
    for score in (*last.items, *last.extras):
        identifier, count = score.indicator.id, 0
        while (score.is_extra, identifier, count) in found:
            count += 1
        found[score.is_extra, identifier, count] = score
    return found


def _totals(previous: Card, card: Card, figures: Figures) -> str:
    if previous.total is None and card.total is None:
        return ""
    before, after = figures.total(previous.total), figures.total(card.total)
    grades = (figures.grade(previous.grade), figures.grade(card.grade))
    text = figures.say("cards.change.total", before=before, after=after)
    if previous.total is not None and card.total is not None:
        text += figures.say("cards.change.difference", difference=change(previous.total, card.total))
    return text + figures.say("cards.change.grade", before=grades[0], after=grades[1])


def _changed(before: ItemScore, after: ItemScore, figures: Figures) -> ChangeRow | None:
    was, now = _cells(before, figures), _cells(after, figures)
    if was == now:
        return None
    cells = [old if old == new else f"{old}\u00a0→ {new}" for old, new in zip(was, now, strict=True)]
    if before.points is not None and after.points is not None and was[0] != now[0]:
        cells[0] += figures.say("cards.change.difference", difference=change(before.points, after.points))
    return ChangeRow(_name(after, figures), *cells)


def _cells(score: ItemScore, figures: Figures) -> tuple[str, str, str]:
    """Points, weight and target."""
    target = amount(score.target.value, score.indicator.unit) if score.target else NONE
    return figures.points(score.points), NONE if score.is_extra else show(score.weight), target


def _name(score: ItemScore, figures: Figures) -> str:
    name = score.indicator.name
    return figures.say("cards.change.extra", name=name) if score.is_extra else name
