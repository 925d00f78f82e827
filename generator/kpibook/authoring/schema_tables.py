"""What the models cannot say of a key: bounds of its number, keys of which one is needed, ids that it names."""

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]

MORE_THAN_ZERO: Schema = {"exclusiveMinimum": 0}
NOT_NEGATIVE: Schema = {"minimum": 0}
_DECIMALS: Schema = {"minimum": 0, "maximum": 6}
_UP_TO_HUNDRED: Schema = {"minimum": 0, "maximum": 100}

BOUNDS: Mapping[tuple[str, str], Schema] = {
    ("Duty", "share"): {**MORE_THAN_ZERO, "maximum": 100},
    ("Grade", "factor"): {"minimum": 0},
    ("Approvals", "adjustment_most"): NOT_NEGATIVE,
    ("Quota", "at_most"): _UP_TO_HUNDRED,
    ("RaterTerms", "weight"): NOT_NEGATIVE,
    ("Rounding", "score"): _DECIMALS,
    ("Rounding", "rate"): _DECIMALS,
    ("Rounding", "money"): _DECIMALS,
    ("ScorecardItem", "weight"): NOT_NEGATIVE,
    ("ScorecardItem", "marks"): MORE_THAN_ZERO,
    ("Total", "of"): MORE_THAN_ZERO,
    ("Total", "to"): MORE_THAN_ZERO,
    ("LevelItem", "weight"): NOT_NEGATIVE,
    ("LevelItem", "marks"): MORE_THAN_ZERO,
    ("Bands", "bands"): {"minItems": 1},
    ("Deduction", "deduct"): {"minItems": 1},
    ("Deduct", "per"): MORE_THAN_ZERO,
    ("Deduct", "points"): MORE_THAN_ZERO,
    ("Tier", "from"): NOT_NEGATIVE,
    ("Bonus", "per"): MORE_THAN_ZERO,
    ("Bonus", "points"): MORE_THAN_ZERO,
    ("ScorecardItem", "max"): NOT_NEGATIVE,
    ("Tier", "points"): MORE_THAN_ZERO,
    ("Excess", "per"): MORE_THAN_ZERO,
    ("Proportional", "cap"): MORE_THAN_ZERO,
    ("Proportional", "floor"): {"minimum": 0},
    ("Shortfall", "per"): MORE_THAN_ZERO,
    ("Shortfall", "points"): MORE_THAN_ZERO,
}
"""What the checks ask of a single value."""

ONE_OF_TWO: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Deduct": ("oneOf", ("points", "steps", "each")),
    "Gate": ("anyOf", ("grade_at_most", "total_at_most")),
    "Requirement": ("anyOf", ("at_least", "at_most")),
}
"""Entries of which at least one (anyOf) or just one (oneOf) of two keys has to be given."""

REFERENCES: Mapping[tuple[str, str], str] = {
    ("Department", "parent"): "department",
    ("Department", "head"): "role",
    ("Measure", "owner"): "department",
    ("Indicator", "owner"): "department",
    ("Role", "department"): "department",
    ("Role", "reports_to"): "role",
    ("Role", "scorecard_of"): "role",
    ("Measure", "replaced_by"): "number",
    ("Indicator", "replaced_by"): "number",
    ("ScorecardItem", "indicator"): "indicator",
    ("ScorecardItem", "supports"): "indicator",
    ("Extra", "indicator"): "indicator",
    ("LevelItem", "indicator"): "indicator",
    ("Requirement", "measure"): "number",
    ("Deduct", "measure"): "number",
    ("Gate", "grade_at_most"): "grade",
    ("Quota", "grade"): "grade",
}
"""Keys whose value is an id of the company's own."""

KIND = "x-kind"
"""Says beside a list of ids what they are ids of; readers of schemas pass over keys that they do not know."""

KEYS_OF: Mapping[str, str] = {"Relation": "relations", "PayrollColumn": "payroll.column"}
"""Where the titles of words stand that are the keys of a mapping."""
