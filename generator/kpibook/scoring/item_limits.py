"""What an item brings of the points that its rule gave: within its limits, by its levels, rounded."""

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, ZERO, round_half_up
from kpibook.model import level_at
from kpibook.rules.standards import Step
from kpibook.scoring.plans import ItemPlan


def limited_points(
    plan: ItemPlan, points: mpq, steps: tuple[Step, ...], *, places: int | None
) -> tuple[mpq, tuple[Step, ...]]:
    """Points within the limits of an extra, by levels, and rounded to `places`; None rounds nothing."""
    if plan.most is not None and points > plan.most:
        steps = (*steps, Step("at_most", {"points": points, "most": plan.most}))
        points = plan.most
    if plan.least is not None and points < plan.least:
        steps = (*steps, Step("at_least", {"points": points, "least": plan.least}))
        points = plan.least
    if plan.levels:
        points, more = _by_level(plan, points)
        steps = (*steps, *more)
    if places is None:
        return points, steps
    rounded = round_half_up(points, places)
    if rounded != points:
        steps = (*steps, Step("rounded", {"exact": points, "places": places, "points": rounded}))
    return rounded, steps


def _by_level(plan: ItemPlan, points: mpq) -> tuple[mpq, tuple[Step, ...]]:
    """What the item brings by the level that its points reach."""
    level, weight = level_at(plan.levels, points, plan.weight), plan.weight
    values = {"reached": points, "weight": weight, "percent": points * HUNDRED / weight}
    if level is None:
        return ZERO, (Step("below_levels", {**values, "least": plan.levels[-1].threshold}),)
    brought = weight * level.factor
    counted = Step("by_level", {"weight": weight, "factor": level.factor, "points": brought})
    return brought, (Step("at_level", {**values, "level": level.level}), counted)


def level_reached(steps: tuple[Step, ...]) -> str:
    """The level that an item reached; empty where it reached none or has none."""
    return next((str(step.values["level"]) for step in steps if step.key == "at_level"), "")
