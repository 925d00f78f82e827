"""Beyond validity: what is allowed and still makes a poor catalog, one generator per rule, and what is waived."""

import datetime
from collections.abc import Callable, Iterable, Iterator

from kpibook.base.problems import Problem, in_order, public
from kpibook.checking.lint.bands import lint_bands_follow_direction, lint_bands_reached
from kpibook.checking.lint.base import Review
from kpibook.checking.lint.entries import lint_definitions, lint_owners, lint_reporting_lines, lint_sources
from kpibook.checking.lint.fairness import lint_requirements_fair
from kpibook.checking.lint.near_duplicates import lint_one_name_each
from kpibook.checking.lint.scorecards import (
    lint_number_of_items,
    lint_quantified,
    lint_rewards,
    lint_targets_named,
    lint_weights_felt,
)
from kpibook.checking.lint.targets import last_year, lint_targets_move
from kpibook.checking.lint.terms import lint_terms
from kpibook.checking.lint.totals import lint_grades_reached
from kpibook.checking.lint.translations import lint_pages_translated, lint_translations
from kpibook.checking.lint.unused_bands import has_bands, lint_bands_used, of_a_year
from kpibook.checking.lint.waivers import waive

__all__ = ["CODES", "LINTS", "Review", "has_bands", "last_year", "of_a_year", "review_catalog", "waive"]

LINTS: tuple[Callable[[Review], Iterator[Problem]], ...] = (
    lint_targets_named,
    lint_sources,
    lint_owners,
    lint_definitions,
    lint_quantified,
    lint_number_of_items,
    lint_weights_felt,
    lint_grades_reached,
    lint_bands_reached,
    lint_bands_used,
    lint_bands_follow_direction,
    lint_rewards,
    lint_one_name_each,
    lint_reporting_lines,
    lint_targets_move,
    lint_requirements_fair,
    lint_terms,
    lint_translations,
    lint_pages_translated,
)

CODES = (
    *("lint-no-target", "lint-no-source", "lint-no-owner", "lint-no-definition"),
    *("lint-unquantified", "lint-few-items", "lint-many-items", "lint-small-weight"),
    *("lint-band-out-of-reach", "lint-band-never-reached", "lint-band-direction"),
    *("lint-all-deduction", "lint-twins", "lint-grade-out-of-reach", "lint-total-of-its-own"),
    *("lint-no-reporting-line", "duties-missing", "measure-unused", "bound-on-all-events"),
    *("lint-target-unchanged", "lint-may-discriminate", "lint-term", "lint-one-language"),
    "lint-pages-one-language",
)
"""Every code that has a page of its own in the guide; three of them are warnings of the ordinary checks."""


def review_catalog(review: Review, warnings: Iterable[Problem], today: datetime.date) -> tuple[Problem, ...]:
    """What `--strict` has against a catalog, its ordinary `warnings` included, but for what is waived today."""
    # What they tell of cycles is how many there were and in how many a band was reached: no number of anybody.
    found = (*warnings, *public(problem for lint in LINTS for problem in lint(review)))
    return in_order(waive(found, review.catalog, today))
