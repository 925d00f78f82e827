"""Everything that has to hold in a catalog and in a cycle: one generator per rule, all of them in one run."""

from collections.abc import Callable, Iterator, Sequence

from kpibook.base.problems import Problem, in_order
from kpibook.checking.checks.aliases import check_aliases
from kpibook.checking.checks.answers import check_answers
from kpibook.checking.checks.approvals import check_adjustment_limit, check_approvals
from kpibook.checking.checks.bands import check_bands
from kpibook.checking.checks.cascade import check_cascade, check_periods
from kpibook.checking.checks.circular_references import check_no_circles
from kpibook.checking.checks.comparisons import check_changes, check_department_sums, check_same
from kpibook.checking.checks.confidential import check_confidential
from kpibook.checking.checks.events import check_sums_of_events
from kpibook.checking.checks.examples import check_examples
from kpibook.checking.checks.former_ids import check_former_ids, check_ids_of_rows
from kpibook.checking.checks.grades import check_distribution, check_factors, check_gates, check_grades, check_lists
from kpibook.checking.checks.job_levels import check_job_levels, check_scorecards_at_levels
from kpibook.checking.checks.lifecycle import check_lifecycle
from kpibook.checking.checks.longer_cycles import check_longer, check_rates
from kpibook.checking.checks.pay import check_pay_lines, check_pay_sums, check_streaks
from kpibook.checking.checks.people import (
    check_absence,
    check_departments,
    check_logins,
    check_mails,
    check_managers,
    check_pay_columns,
    check_schedule,
)
from kpibook.checking.checks.plausibility import (
    check_formula_points,
    check_parts,
    check_points_lost,
    check_target_rows,
    check_target_sizes,
)
from kpibook.checking.checks.rater_posts import check_post_holders, check_rater_posts
from kpibook.checking.checks.references import (
    check_bonus_names as check_bonus_names,
)
from kpibook.checking.checks.references import (
    check_formula_names,
    check_gate_grades,
    check_grade_names,
    check_item_indicators,
    check_owners,
    check_pay_names,
    check_rule_measures,
    check_streak_names,
    check_structure,
    check_supports,
)
from kpibook.checking.checks.rules import (
    check_levels,
    check_points,
    check_proportions,
    check_requirements,
    check_scales,
    check_units,
)
from kpibook.checking.checks.series import check_series_of_cycle, check_series_people, check_series_sums
from kpibook.checking.checks.sizes import check_sizes
from kpibook.checking.checks.targets import (
    check_beside_targets,
    check_directions,
    check_extras,
    check_standards_given,
    check_targets,
)
from kpibook.checking.checks.units import check_formula_units
from kpibook.checking.checks.usage import (
    check_free_names,
    check_items_once,
    check_limits,
    check_roles_complete,
    check_shared_scorecards,
    check_used,
)
from kpibook.checking.checks.weights import (
    check_marks,
    check_raters,
    check_section_weights,
    check_shares,
    check_total_levels,
    check_weights_given,
    check_weights_total,
)
from kpibook.model import Catalog, Cycle

CHECKS: tuple[Callable[[Catalog], Iterator[Problem]], ...] = (
    check_owners,
    check_lifecycle,
    check_confidential,
    check_structure,
    check_item_indicators,
    check_rule_measures,
    check_formula_names,
    check_formula_units,
    check_gate_grades,
    check_grade_names,
    check_streak_names,
    check_pay_names,
    check_bonus_names,
    check_pay_lines,
    check_pay_sums,
    check_streaks,
    check_supports,
    check_no_circles,
    check_sizes,
    check_free_names,
    check_former_ids,
    check_aliases,
    check_limits,
    check_grades,
    check_factors,
    check_distribution,
    check_lists,
    check_adjustment_limit,
    check_gates,
    check_sums_of_events,
    check_weights_given,
    check_weights_total,
    check_section_weights,
    check_answers,
    check_rater_posts,
    check_marks,
    check_total_levels,
    check_series_sums,
    check_job_levels,
    check_scorecards_at_levels,
    check_shares,
    check_raters,
    check_items_once,
    check_standards_given,
    check_targets,
    check_directions,
    check_extras,
    check_beside_targets,
    check_proportions,
    check_units,
    check_points,
    check_points_lost,
    check_formula_points,
    check_target_sizes,
    check_levels,
    check_requirements,
    check_scales,
    check_bands,
    check_examples,
    check_used,
    check_roles_complete,
    check_shared_scorecards,
)

CYCLE_CHECKS: tuple[Callable[[Catalog, Cycle], Iterator[Problem]], ...] = (
    check_departments,
    check_managers,
    check_post_holders,
    check_mails,
    check_absence,
    check_schedule,
    check_pay_columns,
    check_cascade,
    check_ids_of_rows,
    check_approvals,
    check_target_rows,
    check_parts,
    check_same,
    check_department_sums,
    check_series_of_cycle,
)


CYCLES_CHECKS: tuple[Callable[[Catalog, Sequence[Cycle]], Iterator[Problem]], ...] = (
    check_periods,
    check_logins,
    check_series_people,
    check_changes,
    check_longer,
    check_rates,
)


def check_catalog(catalog: Catalog) -> tuple[Problem, ...]:
    """Everything that is wrong with a catalog, in the order of the files."""
    return in_order(problem for check in CHECKS for problem in check(catalog))


def check_cycle(catalog: Catalog, cycle: Cycle) -> tuple[Problem, ...]:
    """Everything that is wrong with a cycle beside its rows, in the order of the files."""
    return in_order(problem for check in CYCLE_CHECKS for problem in check(catalog, cycle))


def check_rows(catalog: Catalog, cycle: Cycle, earlier: Catalog | None) -> tuple[Problem, ...]:
    """Rows that use ids which the cycle before still had, by its own catalog."""
    return in_order(check_ids_of_rows(catalog, cycle, earlier))


def check_cycles(catalog: Catalog, cycles: Sequence[Cycle]) -> tuple[Problem, ...]:
    """Everything that is wrong between cycles."""
    return in_order(problem for check in CYCLES_CHECKS for problem in check(catalog, cycles))
