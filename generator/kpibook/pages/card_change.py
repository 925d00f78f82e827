"""What changed against the cycle before, and what the next grade needs."""

from collections.abc import Iterator
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.numbers import show
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
    before, after = _by_indicator(previous), _by_indicator(card)
    keys = dict.fromkeys((*after, *before))
    rows = (_row(before.get(key), after.get(key), figures) for key in keys)
    return Changes(_totals(previous, card, figures), tuple(row for row in rows if row))


def _by_indicator(card: Card) -> dict[str, ItemScore]:
    """The items and extras of the role held last."""
    last = card.slices[-1]
    return {score.indicator.id: score for score in (*last.items, *last.extras)}


def _totals(previous: Card, card: Card, figures: Figures) -> str:
    before, after = figures.total(previous.total), figures.total(card.total)
    grades = (figures.grade(previous.grade), figures.grade(card.grade))
    text = figures.say("cards.change.total", before=before, after=after)
    if previous.total is not None and card.total is not None:
        text += figures.say("cards.change.difference", difference=change(previous.total, card.total))
    return text + figures.say("cards.change.grade", before=grades[0], after=grades[1])


def _row(before: ItemScore | None, after: ItemScore | None, figures: Figures) -> ChangeRow | None:
    if before and after:
        return _changed(before, after, figures)
    if after:
        name = figures.say("cards.change.new", name=after.indicator.name)
        return ChangeRow(name, figures.points(after.points), show(after.weight), _target(after))
    if before:
        return ChangeRow(figures.say("cards.change.gone", name=before.indicator.name), NONE, NONE, NONE)
    return None


def _changed(before: ItemScore, after: ItemScore, figures: Figures) -> ChangeRow | None:
    was = (figures.points(before.points), show(before.weight), _target(before))
    now = (figures.points(after.points), show(after.weight), _target(after))
    if was == now:
        return None
    cells = [old if old == new else f"{old} → {new}" for old, new in zip(was, now, strict=True)]
    if before.points is not None and after.points is not None and was[0] != now[0]:
        cells[0] += figures.say("cards.change.difference", difference=change(before.points, after.points))
    return ChangeRow(after.indicator.name, *cells)


def _target(score: ItemScore) -> str:
    return amount(score.target.value, score.indicator.unit) if score.target else NONE


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
    """The items of the last role by the points that they left, most first."""
    left = [(score.weight - points, score) for score in card.slices[-1].items for points in _points(score)]
    for gap, score in sorted(left, key=lambda pair: -pair[0]):
        if gap > 0:
            yield figures.say("cards.next.item", name=score.indicator.name, points=show(gap))


def _points(score: ItemScore) -> Iterator[mpq]:
    if score.status is Status.SCORED and score.points is not None:
        yield score.points
