"""What decided a result, in at most three sentences that are made from it."""

from collections.abc import Iterable, Iterator
from itertools import islice

from gmpy2 import mpq

from kpibook.base.numbers import ZERO, round_half_up, share_text
from kpibook.pages import number_format
from kpibook.pages.dates import period_name
from kpibook.pages.figures import Figures
from kpibook.pages.number_format import short_text
from kpibook.scoring.marks import brought_by
from kpibook.scoring.results import Card, ItemScore, Status

MOST = 3
"""So many sentences are read."""
MOST_LOST = 2
"""So many of them tell of points that were lost, where something else is to be told."""
DECIDED_BY = {"total_capped": "gate_total", "grade_capped": "gate"}
"""Only these steps tell of a veto that changed something: one that holds may ask for no less than the points gave."""
LEAST_CHANGE = mpq(1)
"""A smaller change of points decided nothing."""


def reasons(card: Card, previous: Card | None, figures: Figures) -> tuple[str, ...]:
    """A veto first, then the dearest items and the greatest change; nothing for a card without a total."""
    if card.total is None or card.is_as_sealed:
        return ()
    # Others would not be read: a card of forty items has as many losses.
    decided, lost = [*_decisions(card, figures)], [*islice(_losses(card, figures), MOST)]
    changed = [*_greatest_change(card, previous, figures)]
    found = [*decided, *lost[:MOST_LOST], *changed, *lost[MOST_LOST:]]
    if not lost and any(each.weight for each in card.spans[-1].items):
        found.append(figures.say("cards.why.full"))
    return tuple(islice(found, MOST))


def _decisions(card: Card, figures: Figures) -> Iterator[str]:
    """What stands above the points: a veto, a calibration, points by hand."""
    say = figures.say
    capped: dict[str, str] = {}
    for step in card.steps:
        if step.key in DECIDED_BY:
            capped.setdefault(figures.gate_name(step.values["gate"]), DECIDED_BY[step.key])
    for name, key in capped.items():
        yield say(f"cards.why.{key}", name=name)
    if card.calibration:
        yield say("cards.why.calibrated", computed=figures.total(card.calibration.computed))
    if card.adjustments:
        yield say("cards.why.adjusted", points=number_format.signed(card.adjustment))


def _losses(card: Card, figures: Figures) -> Iterator[str]:
    """The items of the role held last by the points that they lost, the dearest first."""
    scored = [score for score in card.spans[-1].items if score.status is Status.SCORED and score.weight]
    items = card.spans[-1].items
    found = ((lost_points(score) * brought_by(score, items), at, score) for at, score in enumerate(scored))
    lost = sorted(found, key=lambda each: -each[0])
    whole = sum((points for points, _, _ in lost if points > 0), ZERO)
    for number, (points, _, score) in enumerate(lost):
        if points <= 0:
            return
        yield _loss(score, points, whole, figures, is_first=not number)


def lost_points(score: ItemScore) -> mpq:
    """How far an item is from full points; negative above them."""
    return score.weight - (score.points or ZERO)


def _loss(score: ItemScore, lost: mpq, whole: mpq, figures: Figures, *, is_first: bool) -> str:
    say = figures.say
    is_first_of_many = is_first and lost != whole
    values = {"name": score.indicator.name, "lost": number_format.points(lost), "worth": share_text(score.weight)}
    values["points"] = number_format.points(score.points or ZERO, score.weight)
    key = "lost_first" if is_first_of_many else "lost" if lost == lost_points(score) else "lost_marks"
    text = say(f"cards.why.{key}", **values, whole=number_format.points(whole))
    return text + _how(score, figures) + say("cards.why.stop")


def _how(score: ItemScore, figures: Figures) -> str:
    """The number behind the points: beside its target, or just past a limit."""
    say, unit = figures.say, score.indicator.unit
    if score.actual is None or score.ratings:
        return ""
    rule = figures.rules.of(score)
    actual = short_text(score.actual, unit, say.language, rule.limits)
    past = _just_past(score.actual, rule.limits, unit)
    if past is not None:
        return say("cards.why.past", actual=actual, limit=short_text(past, unit, say.language))
    goal = rule.goal
    if not goal:
        return say("cards.why.actual", actual=actual)
    # Chinese has a space before a number and none before a word; English points are got at a number.
    return say("cards.why.beside_words" if goal[0].isalpha() else "cards.why.beside", actual=actual, goal=goal)


def _just_past(actual: mpq, marks: Iterable[mpq], unit: str) -> mpq | None:
    """The first mark of which usual rounding would hide on which side of it a number lies; None for none."""
    places = number_format.OF_RATES if unit == "%" else number_format.FEW
    rounded = round_half_up(actual, places)
    return next((mark for mark in marks if actual != mark and rounded == round_half_up(mark, places)), None)


def _greatest_change(card: Card, previous: Card | None, figures: Figures) -> Iterator[str]:
    """The item whose points rose or fell most against the cycle before."""
    if previous is None or previous.role.id != card.role.id:
        return
    before = {score.indicator.id: score for score in previous.spans[-1].items}
    moved = [
        (score.points - was.points, score, was)
        for score in card.spans[-1].items
        if (was := before.get(score.indicator.id)) and score.points is not None and was.points is not None
    ]
    difference, score, was = max(moved, key=lambda each: abs(each[0]), default=(ZERO, None, None))
    if score is None or was is None or abs(difference) < LEAST_CHANGE:
        return
    name = period_name(figures.results.cycle.period.previous, figures.say)
    values = {
        "before": number_format.points(was.points or ZERO),
        "after": number_format.points(score.points or ZERO, score.weight),
    }
    key = "rose" if difference > 0 else "fell"
    yield figures.say(f"cards.why.{key}", name=score.indicator.name, period=name, **values)
