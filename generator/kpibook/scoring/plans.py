"""What can be known of an item before any person: prepared once for each role."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.model import (
    Catalog,
    Exempt,
    Extra,
    Indicator,
    RaterWeights,
    Role,
    ScorecardItem,
    Section,
    Total,
    TotalLevel,
)
from kpibook.rules.formulas import Formula, Name
from kpibook.rules.standards import Rating, Rule, Stretch
from kpibook.scoring.results import ONE
from kpibook.scoring.series import NO_TARGETS, Targets
from kpibook.scoring.sources import Target
from kpibook.scoring.target_periods import TargetScale


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """An item or an extra of a role, ready to be scored for anybody."""

    item: ScorecardItem | Extra
    indicator: Indicator
    section: str
    weight: mpq
    rule: Rule
    formula: Formula | None
    names: tuple[Name, ...]
    """Every number that the indicator and the rule need."""
    own: Name
    """The indicator itself, for one that is collected."""
    target: Target | None
    """The role's target."""
    has_row_targets: bool
    """Whether targets.csv may change the target."""
    goes_by_days: bool
    """Whether the role's target shrinks with the days of somebody who was there for a part of the cycle."""
    judges_actual: bool
    judges_target: bool
    rating: Rating | None
    raters: RaterWeights
    is_extra: bool
    most: mpq | None
    least: mpq | None
    floor: mpq | None
    """Where points that the rule takes off come to an end."""
    exempt: Exempt | None
    is_particular: bool = False
    """Whether its rule asks for more than numbers and a target: for single events, or marks beside the target."""
    per_mark: mpq = ONE
    """How many points of the total each of its points brings."""
    is_pooled: bool = False
    """Whether it shares the weight of its section by marks."""
    levels: tuple[TotalLevel, ...] = ()
    """Those by which it brings a part of its weight in place of points."""

    is_usual: bool = False
    """Whether it always applies, compares nothing, and its points are points of the total."""
    is_on_trial: bool = False
    """Whether it is worth nothing: its numbers are shown only."""
    is_limited: bool = False
    """Whether something is done to the points of its rule, beside rounding."""


@dataclass(frozen=True, slots=True)
class RolePlan:
    """A role's scorecard, ready to be scored for anybody."""

    role: Role
    items: tuple[ItemPlan, ...]
    extras: tuple[ItemPlan, ...]
    is_described_only: bool
    total: Total


def plan_role(role: Role, catalog: Catalog, scale: TargetScale, series: Targets = NO_TARGETS) -> RolePlan:
    """The plans of a role's items and extras; what lacks an indicator or a standard is left out.

    `series` are its targets that stand in the file of a year: they go before those of the role's own file.
    """
    total = catalog.total_of(role)
    items = (
        _in_marks(
            _plan(item, section.section, catalog, _TargetAim.of(item, _Scale(scale, series))), section, item, total
        )
        for section in role.scorecard
        for item in section.items
    )
    extras = (_plan_extra(extra, role, catalog, _Scale(scale, series)) for extra in role.extras)
    return RolePlan(role, tuple(filter(None, items)), tuple(filter(None, extras)), role.is_described_only, total)


def _in_marks(plan: ItemPlan | None, section: Section, item: ScorecardItem, total: Total) -> ItemPlan | None:
    """The plan with what its points are in the total, where they are marks of its own."""
    per_mark = section.per_mark(item, total)
    if plan and plan.weight and total.item_levels:
        plan = replace(plan, levels=total.item_levels, is_usual=False, is_limited=True)
    if plan is None or (per_mark == ONE and not section.is_pooled(total)):
        return plan
    return replace(plan, per_mark=per_mark, is_pooled=section.is_pooled(total), is_usual=False)


class _Scale(NamedTuple):
    """Where the targets of a role come from."""

    periods: TargetScale
    series: Targets


class _TargetAim(NamedTuple):
    """The target of an item in a cycle, and what may change it."""

    target: Target | None
    has_row_targets: bool
    goes_by_days: bool

    @classmethod
    def of(cls, item: ScorecardItem | Extra, scale: _Scale, *, has_row_targets: bool = True) -> "_TargetAim":
        """The target that the role or the file of a year gives an item; `has_row_targets`: rows may change it."""
        own = scale.periods.target(item)
        target = scale.series.get(item.indicator, own) if has_row_targets else own
        return cls(target, has_row_targets, scale.periods.goes_by_days(item))


def _plan_extra(extra: Extra, role: Role, catalog: Catalog, scale: _Scale) -> ItemPlan | None:
    """An extra without a target of its own goes by that of the scorecard's item with the same indicator."""
    same = next((item for item in role.items if item.indicator == extra.indicator), None)
    if same and extra.target is None:
        return _plan(extra, "", catalog, _TargetAim.of(same, scale))
    return _plan(extra, "", catalog, _TargetAim.of(extra, scale, has_row_targets=same is None))


def _plan(item: ScorecardItem | Extra, section: str, catalog: Catalog, aim: _TargetAim) -> ItemPlan | None:
    indicator, rule = catalog.indicators.get(item.indicator), item.standard
    if indicator is None or rule is None:
        return None
    own = Name("", indicator.id)
    judges_actual = rule.judges_actual()
    measured = (indicator.formula.names if indicator.formula else (own,)) if judges_actual else ()
    is_extra = isinstance(item, Extra)
    return ItemPlan(
        item=item,
        indicator=indicator,
        section=section,
        weight=item.weight or ZERO,
        rule=rule,
        formula=indicator.formula,
        names=tuple(dict.fromkeys((*measured, *rule.names()))),
        own=own,
        target=aim.target,
        has_row_targets=aim.has_row_targets,
        goes_by_days=aim.goes_by_days,
        judges_actual=judges_actual,
        judges_target=rule.judges_target(),
        rating=rule if isinstance(rule, Rating) else None,
        raters=item.raters or catalog.company.rater_weights,
        is_extra=is_extra,
        most=item.most,
        least=item.least,
        floor=item.floor,
        exempt=item.exempt,
        is_particular=isinstance(rule, Stretch) or bool(rule.event_names()),
        is_usual=not item.exempt and not indicator.compares,
        is_on_trial=not item.weight and not is_extra,
        is_limited=is_extra or item.most is not None,
    )
