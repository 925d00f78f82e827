"""What changed against the cycle before, and what the next grade needs."""

from collections.abc import Iterator
from typing import NamedTuple

from kpibook.numbers import ZERO, show
from kpibook.pages.figures import NONE, Figures, amount, change
from kpibook.results import Card, ItemScore, Status


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


def changes(card: Card, previous: Card, figures: Figures) -> Changes:
    """The total and every item whose points, weight or target changed, came or went."""
    before, after = _by_key(previous), _by_key(card)
    rows = [_row(before.get(key), score, figures) for key, score in after.items()]
    gone = [_name(score, figures) for key, score in before.items() if key not in after]
    rows += [ChangeRow(figures.say("cards.change.gone", name=name), NONE, NONE, NONE) for name in gone]
    return Changes(_totals(previous, card, figures), tuple(row for row in rows if row))


def _by_key(card: Card) -> dict[tuple[bool, str, int], ItemScore]:
    """The items and extras of the role held last; an indicator may stand there more than once."""
    last, found = card.slices[-1], dict[tuple[bool, str, int], ItemScore]()
    for score in (*last.items, *last.extras):
        count = sum(key[:2] == (score.is_extra, score.indicator.id) for key in found)
        found[score.is_extra, score.indicator.id, count] = score
    return found


def _totals(previous: Card, card: Card, figures: Figures) -> str:
    before, after = figures.total(previous.total), figures.total(card.total)
    grades = (figures.grade(previous.grade), figures.grade(card.grade))
    text = figures.say("cards.change.total", before=before, after=after)
    if previous.total is not None and card.total is not None:
        text += figures.say("cards.change.difference", difference=change(previous.total, card.total))
    return text + figures.say("cards.change.grade", before=grades[0], after=grades[1])


def _row(before: ItemScore | None, after: ItemScore, figures: Figures) -> ChangeRow | None:
    if before:
        return _changed(before, after, figures)
    name = figures.say("cards.change.new", name=_name(after, figures))
    return ChangeRow(name, *_cells(after, figures))


def _changed(before: ItemScore, after: ItemScore, figures: Figures) -> ChangeRow | None:
    was, now = _cells(before, figures), _cells(after, figures)
    if was == now:
        return None
    cells = [old if old == new else f"{old} → {new}" for old, new in zip(was, now, strict=True)]
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


def next_grade(card: Card, figures: Figures) -> str:
    """The points up to the next grade and where points were left; empty for the best grade and without a total."""
    total = card.total
    if total is None:
        return ""
    better = [grade for grade in figures.catalog.grades if grade.threshold > total]
    if not better:
        return ""
    goal = min(better, key=lambda grade: grade.threshold)
    text = figures.say(
        "cards.next.text",
        grade=figures.grade(goal),
        threshold=show(goal.threshold),
        points=show(goal.threshold - total),
    )
    left = figures.enumeration(_left(card, figures))
    return text + figures.say("cards.next.left", items=left) if left else text


def _left(card: Card, figures: Figures) -> Iterator[str]:
    """The scored items of the last role by the points that they left, most first."""
    scored = [score for score in card.slices[-1].items if score.status is Status.SCORED]
    left = [(score.weight - (score.points or ZERO), score.indicator.name) for score in scored]
    for points, name in sorted(left, key=lambda pair: -pair[0]):
        if points > 0:
            yield figures.say("cards.next.item", name=name, points=show(points))
