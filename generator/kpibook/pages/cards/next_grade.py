"""What the next grade takes: the points that each item still has to give, and the actual that would bring them."""

from collections.abc import Iterator
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, ZERO, round_down, round_up, show
from kpibook.model import Gate, Grade
from kpibook.pages.figures import NONE, Figures
from kpibook.rules.standards import Case, ReachedActual, with_unit
from kpibook.scoring.results import Card, ItemScore, RoleSpan, Status

AT_LEAST, AT_MOST, ABOVE, BELOW = "≥", "≤", ">", "<"


class NextRow(NamedTuple):
    """An item with points left: how many, the actual that alone would bring the grade, and the one for all points."""

    name: str
    left: str
    alone: str
    full: str


class NextGrade(NamedTuple):
    """The way to the next grade; without text there is none to tell."""

    text: str
    rows: tuple[NextRow, ...] = ()


NO_NEXT = NextGrade("")


def next_grade(card: Card, figures: Figures) -> NextGrade:
    """What lacks for the grade above; nothing for the best grade and for a card without a total."""
    total = card.total
    if total is None:
        return NO_NEXT
    goal = _goal(card, total, figures)
    if goal is None:
        return NO_NEXT
    gates = [outcome.gate for outcome in card.gates if outcome.holds and _holds_back(outcome.gate, goal, figures)]
    if gates:
        return NextGrade(_closed(gates[0], goal, figures))
    unmet = [each for each in card.conditions if each.grade.id == goal.id and not each.holds]
    if unmet and total >= goal.threshold:
        asked = figures.say("cards.next.and").join(figures.condition(each.condition) for each in unmet)
        return NextGrade(figures.say("cards.next.asked", grade=figures.grade(goal), conditions=asked))
    gap = round_up(goal.threshold, figures.places.score) - total
    # The gap is told from the total before it was rounded: 88.75 of 90 lacks 1.25, and 1.2 would be too little.
    lacking = round_up(goal.threshold - (total if card.exact is None else card.exact), figures.places.score)
    values = {"grade": figures.grade(goal), "threshold": show(goal.threshold), "points": show(max(gap, lacking))}
    return NextGrade(figures.say("cards.next.text", **values), tuple(_rows(card, gap, figures)))


def _goal(card: Card, total: mpq, figures: Figures) -> Grade | None:
    """The next better grade: by points, or the one that the points give and a gate withholds."""
    grades = figures.catalog.grades
    better = [grade for grade in grades if grade.threshold > total]
    earned = next((grade for grade in grades if total >= grade.threshold), None)
    if card.grade and earned and card.grade.id != earned.id:
        return earned
    return min(better, key=lambda grade: grade.threshold, default=None)


def _holds_back(gate: Gate, goal: Grade, figures: Figures) -> bool:
    if gate.total_at_most is not None and gate.total_at_most < goal.threshold:
        return True
    order = [grade.id for grade in figures.catalog.grades]
    limit = gate.grade_at_most
    return limit in order and order.index(limit) > order.index(goal.id)


def _closed(gate: Gate, goal: Grade, figures: Figures) -> str:
    return figures.say("cards.next.closed", grade=figures.grade(goal), gate=figures.gate_name(gate))


def _rows(card: Card, gap: mpq, figures: Figures) -> Iterator[NextRow]:
    """The scored items of the last role by the points that they left, most first."""
    piece, share = card.spans[-1], _share(card)
    scored = [score for score in piece.items if score.status is Status.SCORED and score.weight]
    left = [(_best(score) - (score.points or ZERO), score) for score in scored]
    for points, score in sorted(left, key=lambda pair: -pair[0]):
        if points > 0:
            needed = gap / share if share else ZERO
            alone = _reach(score, (score.points or ZERO) + needed, figures) if 0 < needed <= points else NONE
            yield NextRow(score.indicator.name, show(points), alone, _reach(score, _best(score), figures))


def _best(score: ItemScore) -> mpq:
    return score.item.standard.best(score.weight) if score.item.standard else score.weight


def _share(card: Card) -> mpq:
    """How much of a point of the last role reaches the total: less after a transfer, more where items are excluded."""
    counted = [piece for piece in card.spans if not piece.role.is_described_only]
    last = card.spans[-1]
    days = sum(piece.days for piece in counted)
    share = mpq(last.days, days) if len(counted) > 1 and days else mpq(1)
    return share * _scaled(last)


def _scaled(piece: RoleSpan) -> mpq:
    counted = [score for score in piece.items if score.weight]
    measured = sum((score.weight for score in counted if score.points is not None), ZERO)
    is_whole = all(score.points is not None for score in counted)
    return mpq(1) if is_whole or not measured else HUNDRED / measured


def _reach(score: ItemScore, points: mpq, figures: Figures) -> str:
    """The actual that gives the points: `≥ 92.5%`; a dash where no actual alone decides."""
    rule, target = score.item.standard, score.target
    if rule is None or score.actual is None:
        return NONE
    case = Case(score.weight, score.indicator.direction, target and target.value, score.actual)
    found = rule.reach(case, points)
    return _told(found, score, figures.places.rate) if found else NONE


def _told(found: ReachedActual, score: ItemScore, places: int) -> str:
    """The mark with its sign, rounded to the side on which it is enough."""
    is_up = found.side > 0 or (found.side == 0 and found.actual > (score.actual or ZERO))
    rounded = round_up(found.actual, places) if is_up else round_down(found.actual, places)
    sign = (ABOVE if is_up else BELOW) if found.side else (AT_LEAST if is_up else AT_MOST)
    return f"{sign} {with_unit(rounded, score.indicator.unit)}"
