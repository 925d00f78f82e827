"""What the next grade takes: how many points it is away, and the shortest ways there."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import ZERO, round_up
from kpibook.model import Catalog, Direction, Gate, Grade, Total
from kpibook.pages import number_format
from kpibook.pages.cards.ways import Move, Way, ways
from kpibook.pages.figures import Figures
from kpibook.pages.number_format import short_text
from kpibook.pages.text import escaped
from kpibook.scoring.marks import has_marks, points_counted
from kpibook.scoring.results import Card, ItemScore, RoleSpan


class WayRow(NamedTuple):
    """A way as it is told: what would have to change, where that leads, and the points that each part wins."""

    what: Markup
    where: str
    won: str


class NextGrade(NamedTuple):
    """The way to the next grade; without a heading there is none to tell."""

    heading: str
    text: str = ""
    rows: tuple[WayRow, ...] = ()


NO_NEXT = NextGrade("")


def next_grade(card: Card, figures: Figures) -> NextGrade:
    """What lacks for the grade above; nothing for the best grade, nor where no points would change the total."""
    total, say = card.total, figures.say
    if total is None or card.is_as_sealed or card.calibration:
        return NO_NEXT
    goal = _goal(card, total, figures)
    if goal is None:
        return NO_NEXT
    gates = [outcome.gate for outcome in card.gates if outcome.holds and _holds_back(outcome.gate, goal, figures)]
    if gates:
        is_earned = total >= goal.threshold
        same = say("cards.next.same", total=figures.total(total), grade=goal.id) if is_earned else ""
        return NextGrade(say("cards.next.back", grade=goal.id), f"{_gate_text(gates[0], goal, figures)}{same}")
    unmet = [each for each in card.conditions if each.grade.id == goal.id and not each.holds]
    if unmet and total >= goal.threshold:
        asked = say("cards.next.and").join(figures.condition(each.condition) for each in unmet)
        return NextGrade(say("cards.next.back", grade=goal.id), say("cards.next.asked", conditions=asked))
    gap = round_up(goal.threshold, figures.places.score) - total
    # The gap is told from the total before it was rounded: 88.75 of 90 lacks 1.25, and 1.2 would be too little.
    lacking = round_up(goal.threshold - (total if card.exact is None else card.exact), figures.places.score)
    points = max(gap, lacking)
    rows = tuple(_rows(card, points, figures))
    key = "heading" if rows else "heading_alone"
    heading = say(f"cards.next.{key}", grade=goal.id, points=number_format.points(points))
    more = goal.conditions(card.role.id)
    asked = say("cards.next.and").join(figures.condition(condition) for condition in more)
    text = "" if rows else say("cards.next.none")
    return NextGrade(heading, text + (say("cards.next.besides", conditions=asked) if more else ""), rows)


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


def _gate_text(gate: Gate, goal: Grade, figures: Figures) -> str:
    return figures.say("cards.next.closed", grade=goal.id, gate=figures.gate_name(gate))


def _rows(card: Card, points: mpq, figures: Figures) -> Iterator[WayRow]:
    """The ways by the scored items of the last role."""
    share = _share(card, figures.catalog)
    if share:
        for way in ways(card.spans[-1], points / share, figures.places.rate):
            yield _way_row(way, figures)


def _share(card: Card, catalog: Catalog) -> mpq:
    """How much of a point of the last role reaches the total: less after a transfer, more where items are excluded."""
    held = [piece for piece in card.spans if not piece.role.is_described_only]
    last = card.spans[-1]
    time = sum((piece.time for piece in held), ZERO)
    share = last.time / time if len(held) > 1 and time else mpq(1)
    return share * _scaled(last, catalog.total_of(last.role))


def _scaled(piece: RoleSpan, rule: Total) -> mpq:
    measured = _measured([score for score in piece.items if score.weight])
    turned = mpq(1) if rule.turned is None else rule.turned
    return turned * rule.whole / measured if measured else turned


def _measured(items: Sequence[ItemScore]) -> mpq:
    """What the weighted items that have points count in the total."""
    if not has_marks(items):
        return sum((score.weight for score in items if score.points is not None), ZERO)
    return sum((each.weight for each in points_counted(items)), ZERO)


def _way_row(way: Way, figures: Figures) -> WayRow:
    say = figures.say
    what = escaped(say("cards.next.comma")).join(_change_needed(move, figures) for move in way.moves)
    where = say("cards.next.comma").join(_where(move, figures) for move in way.moves)
    return WayRow(what, where, say("cards.comma").join(number_format.signed(move.won) for move in way.moves))


def _change_needed(move: Move, figures: Figures) -> Markup:
    """What would have to change, in the number that is counted where there is one: `会员流失数再少 16 人`."""
    say, score, counted = figures.say, move.score, move.counted
    if counted:
        known = figures.catalog.named(counted.key)
        name, unit = figures.key(counted.key), known.unit if known else ""
        difference = counted.after - counted.before
    else:
        name, unit, difference = score.indicator.name, score.indicator.unit, move.actual - (score.actual or ZERO)
    # A difference is told rounded up: less of it would not be enough.
    by = _exact_value(round_up(abs(difference), move.places), unit, figures)
    if unit == "%":
        by = say("cards.next.percentage", value=by.removesuffix("%"))
    key = "more" if difference > 0 else "less"
    return Markup(f"{escaped(say(f'cards.next.{key}', name=name))} <b>{escaped(by)}</b>")


def _where(move: Move, figures: Figures) -> str:
    """Where that leads: the number itself, and what follows from it."""
    say, score, counted = figures.say, move.score, move.counted
    if counted:
        known = figures.catalog.named(counted.key)
        count = _exact_value(counted.after, known.unit if known else "", figures)
        rate = short_text(move.actual, score.indicator.unit, say.language, figures.rules.of(score).limits)
        return say("cards.next.counted", count=count, name=score.indicator.name, rate=rate)
    text = say("cards.next.to", value=_exact_value(move.actual, score.indicator.unit, figures))
    target = score.target and score.target.value
    if not target or score.indicator.direction is Direction.LOWER or score.indicator.unit == "%":
        return text
    return say("cards.done", text=text, share=number_format.share(move.actual / target))


def _exact_value(value: mpq, unit: str, figures: Figures) -> str:
    """A number of a way in its unit, with all its decimals: fewer might not be enough."""
    return short_text(value, unit, figures.say.language, (value,))
