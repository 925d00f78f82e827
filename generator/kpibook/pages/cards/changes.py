"""What changed since the cycle before, item by item: the points won and lost, and what moved them."""

from collections.abc import Iterator
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import ZERO, round_half_up, share_text, show
from kpibook.pages import number_format
from kpibook.pages.dates import period_name
from kpibook.pages.drawing.bars import delta_bar
from kpibook.pages.figures import Figures
from kpibook.pages.full_points import turning_points
from kpibook.pages.number_format import short_text
from kpibook.scoring.results import Card, ItemScore

MOST_NAMED = 3
"""More items than this that stayed as they were are counted."""


class ChangeRow(NamedTuple):
    """An item that is not as it was: what moved, and the difference in points."""

    name: str
    what: str
    bar: Markup
    difference: str
    kind: str
    """`up`, `down` or `same`."""


class Changes(NamedTuple):
    """A card beside the one of the cycle before."""

    heading: str
    rows: tuple[ChangeRow, ...]
    notes: tuple[str, ...]
    """Another role, items that came, went or stayed, and what rounding leaves."""


class _Pair(NamedTuple):
    """An item then and now."""

    before: ItemScore
    after: ItemScore

    @property
    def difference(self) -> mpq | None:
        """The difference in points; None where one of them is missing."""
        was, now = self.before.points, self.after.points
        return None if was is None or now is None else now - was

    @property
    def is_slight(self) -> bool:
        """Whether only the actual moved, and so little that no point is seen to move; it needs no row of its own."""
        targets = [each.target and each.target.value for each in self]
        is_like = targets[0] == targets[1] and self.before.weight == self.after.weight
        return is_like and bool(self.difference) and number_format.change_class(self.difference or ZERO) == "same"


def changes(card: Card, previous: Card, figures: Figures) -> Changes:
    """Every item whose points, weight or target changed, the largest change first, and what came, went or stayed."""
    before, after = _by_key(previous), _by_key(card)
    pairs = [_Pair(before[key], score) for key, score in after.items() if key in before]
    largest = max((abs(pair.difference or ZERO) for pair in pairs), default=ZERO)
    told = [(pair, _what_changed(pair, figures)) for pair in pairs]
    listed = ((pair, what) for pair, what in told if what and not pair.is_slight)
    moved = sorted(listed, key=lambda each: -abs(each[0].difference or ZERO))
    rows = tuple(_row(pair, what, largest, figures) for pair, what in moved)
    return Changes(_heading(card, previous, figures), rows, tuple(_notes(card, previous, told, figures)))


def _by_key(card: Card) -> dict[tuple[bool, str, int], ItemScore]:
    """The items and extras of the role held last; an indicator may stand there more than once."""
    last, found = card.spans[-1], dict[tuple[bool, str, int], ItemScore]()
    for score in (*last.items, *last.extras):
        identifier, count = score.indicator.id, 0
        while (score.is_extra, identifier, count) in found:
            count += 1
        found[score.is_extra, identifier, count] = score
    return found


def _heading(card: Card, previous: Card, figures: Figures) -> str:
    name = period_name(figures.results.cycle.period.previous, figures.say)
    if previous.total is None or card.total is None:
        return figures.say("cards.change.heading", period=name)
    difference = number_format.signed(card.total - previous.total, figures.places.score)
    return figures.say("cards.change.heading_total", period=name, difference=difference)


def _row(pair: _Pair, what: str, largest: mpq, figures: Figures) -> ChangeRow:
    difference = pair.difference
    name = _name(pair.after, figures)
    if not difference:
        return ChangeRow(name, what, Markup(""), "" if difference is None else number_format.signed(difference), "same")
    kind = "up" if difference > 0 else "down"
    return ChangeRow(name, what, delta_bar(difference, largest), number_format.signed(difference), kind)


def _what_changed(pair: _Pair, figures: Figures) -> str:
    """What is not as it was: the actual where both are known, else the points; target and weight; empty if nothing."""
    before, after = pair
    say, unit = figures.say, after.indicator.unit
    texts = []
    is_measured = before.actual is not None and after.actual is not None and not after.ratings
    is_moved = before.points != after.points
    if is_measured and is_moved and before.actual != after.actual:
        marks = turning_points(after)
        was, now = (short_text(each.actual or ZERO, unit, say.language, marks) for each in (before, after))
        texts.append(say("cards.change.moved", before=was, after=now))
    elif is_moved:
        texts.append(say("cards.change.points", before=_points(before, figures), after=_points(after, figures)))
    targets = [each.target and short_text(each.target.value, unit, say.language) for each in pair]
    if targets[0] != targets[1] and all(targets):
        texts.append(say("cards.change.target", before=targets[0], after=targets[1]))
    if before.weight != after.weight and not after.is_extra:
        texts.append(say("cards.change.weight", before=share_text(before.weight), after=share_text(after.weight)))
    return say("cards.change.comma").join(texts)


def _points(score: ItemScore, figures: Figures) -> str:
    return figures.points(None) if score.points is None else number_format.points(score.points, score.weight)


def _notes(card: Card, previous: Card, told: list[tuple[_Pair, str]], figures: Figures) -> Iterator[str]:
    say, before, after = figures.say, _by_key(previous), _by_key(card)
    if card.role.id != previous.role.id:
        yield say("cards.change.role", before=previous.role.name, after=card.role.name)
    came = [_name(score, figures) for key, score in after.items() if key not in before]
    went = [_name(score, figures) for key, score in before.items() if key not in after]
    if came:
        yield say("cards.change.came", items=figures.enumeration(came))
    if went:
        yield say("cards.change.went", items=figures.enumeration(went))
    yield from _folded_names("slight", [pair.after for pair, what in told if what and pair.is_slight], figures)
    yield from _folded_names("same", [pair.after for pair, what in told if not what], figures)
    if not came and not went and card.total is not None and previous.total is not None:
        yield from _rounding(card.total - previous.total, [pair.difference or ZERO for pair, _ in told], figures)


def _folded_names(kind: str, scores: list[ItemScore], figures: Figures) -> Iterator[str]:
    """Items without a row of their own, by name while they are few."""
    if scores and len(scores) <= MOST_NAMED:
        yield figures.say(f"cards.change.{kind}", items=figures.enumeration(_name(score, figures) for score in scores))
    elif scores:
        yield figures.say(f"cards.change.{kind}_count", count=len(scores))


def _rounding(whole: mpq, parts: list[mpq], figures: Figures) -> Iterator[str]:
    """By how much the rows as they are told miss the total as it is told, where rounding alone is the cause."""
    off = abs(sum((round_half_up(each, number_format.OF_POINTS) for each in parts), ZERO) - whole)
    is_rounding = abs(sum(parts, ZERO) - whole) <= mpq(1, 10)
    if off and is_rounding:
        yield figures.say("cards.change.rounded", off=show(off))


def _name(score: ItemScore, figures: Figures) -> str:
    name = score.indicator.name
    return figures.say("cards.change.extra", name=name) if score.is_extra else name
