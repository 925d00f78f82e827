"""A condition in words where it compares one number with another: `安全责任事故超过 0 次`."""

from kpibook.base.numbers import show
from kpibook.base.word_units import DaysLate, of_limits
from kpibook.base.words import Words
from kpibook.model import Catalog
from kpibook.rules.formulas import Formula
from kpibook.rules.standards import in_formula, summed_name, with_unit
from kpibook.scoring.explain.steps import formula_text, name_text
from kpibook.scoring.streaks import FAILED, RANK

SIGNS = {">": "over", "≥": "at_least", "<": "under", "≤": "at_most", "=": "equal", "≠": "unequal"}
RANKS = {"=": "rank", "≤": "ranks"}
"""Comparisons of a rank that have words of their own."""


def condition_text(formula: Formula, catalog: Catalog, say: Words, about: str = "") -> str:
    """When a condition holds; with signs where it compares more than a number by its name with one as it stands.

    `about` is what the reader has just been told that it is about: that name is not told again.
    """
    parts = formula.root.parts if formula.root.sign in SIGNS else ()
    if not parts or (name := parts[0].name) is None or parts[1].name or parts[1].parts:
        return formula_text(formula, catalog, say)
    known = None if name.scope else catalog.named(name.id)
    unit = known.unit if known else ""
    called = name_text(name, catalog, say, in_formula if isinstance(unit, DaysLate) else summed_name)
    value = with_unit(parts[1].compute({}), of_limits(unit))
    return say(
        f"explain.compared.{SIGNS[formula.root.sign]}", name=called if called != about else "", value=value
    ).strip()


def held_text(formula: Formula, catalog: Catalog, say: Words) -> str:
    """What holds in several cycles, as it follows them: `3 cycles on end ranked 1st`, `连续 3 个周期排名第 1`."""
    root, parts = formula.root, formula.root.parts
    if root.name == FAILED:
        return say("explain.held.failed")
    if parts and parts[0].name == RANK and root.sign in RANKS and not (parts[1].name or parts[1].parts):
        value = show(parts[1].compute({}))
        return say("explain.held.first") if value == "1" else say(f"explain.held.{RANKS[root.sign]}", value=value)
    return say("explain.held.other", condition=condition_text(formula, catalog, say))
