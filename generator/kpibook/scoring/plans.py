"""What can be known of an item before any person: prepared once for each role."""

from dataclasses import dataclass

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.model import Catalog, Exempt, Extra, Indicator, RaterWeights, Role, ScorecardItem
from kpibook.rules.formulas import Formula, Name
from kpibook.rules.standards import Rating, Rule
from kpibook.scoring.results import Target, TargetOrigin


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

    @property
    def is_on_trial(self) -> bool:
        """Whether it is worth nothing: its numbers are shown only."""
        return not self.weight and not self.is_extra


@dataclass(frozen=True, slots=True)
class RolePlan:
    """A role's scorecard, ready to be scored for anybody."""

    role: Role
    items: tuple[ItemPlan, ...]
    extras: tuple[ItemPlan, ...]
    is_described_only: bool


def plan_role(role: Role, catalog: Catalog) -> RolePlan:
    """The plans of a role's items and extras; what lacks an indicator or a standard is left out."""
    items = (
        _plan(item, section.section, catalog, target=_own_target(item), has_row_targets=True)
        for section in role.scorecard
        for item in section.items
    )
    extras = (_plan_extra(extra, role, catalog) for extra in role.extras)
    return RolePlan(role, tuple(filter(None, items)), tuple(filter(None, extras)), role.is_described_only)


def _plan_extra(extra: Extra, role: Role, catalog: Catalog) -> ItemPlan | None:
    """An extra without a target of its own goes by that of the scorecard's item with the same indicator."""
    twin = next((item for item in role.items if item.indicator == extra.indicator), None)
    if twin and extra.target is None:
        return _plan(extra, "", catalog, target=_own_target(twin), has_row_targets=True)
    return _plan(extra, "", catalog, target=_own_target(extra), has_row_targets=twin is None)


def _plan(
    item: ScorecardItem | Extra, section: str, catalog: Catalog, *, target: Target | None, has_row_targets: bool
) -> ItemPlan | None:
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
        target=target,
        has_row_targets=has_row_targets,
        judges_actual=judges_actual,
        judges_target=rule.judges_target(),
        rating=rule if isinstance(rule, Rating) else None,
        raters=item.raters or catalog.company.rater_weights,
        is_extra=is_extra,
        most=item.most,
        least=item.least,
        floor=item.floor,
        exempt=item.exempt,
    )


def _own_target(item: ScorecardItem | Extra) -> Target | None:
    if item.target is None:
        return None
    return Target(item.target, TargetOrigin.ROLE, item.place_of("target"))
