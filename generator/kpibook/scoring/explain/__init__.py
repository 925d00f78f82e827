"""Why a score is what it is: derivations that a person can follow with a pocket calculator."""

from kpibook.scoring.explain.card import explain_card
from kpibook.scoring.explain.lines import (
    example_texts,
    item_lines,
    number_lines,
    pay_lines,
    pay_rule,
    reason,
    rule_lines,
    rule_sentence,
    streak_rule,
    streak_text,
    total_lines,
    undecided_lines,
)
from kpibook.scoring.explain.origins import (
    SourceStyle,
    is_rating,
    lacks_text,
    missing_text,
    paths,
    source_text,
    target_text,
)
from kpibook.scoring.explain.ratings import told_ratings

__all__ = [
    "SourceStyle",
    "example_texts",
    "explain_card",
    "is_rating",
    "item_lines",
    "lacks_text",
    "missing_text",
    "number_lines",
    "paths",
    "pay_lines",
    "pay_rule",
    "reason",
    "rule_lines",
    "rule_sentence",
    "source_text",
    "streak_rule",
    "streak_text",
    "target_text",
    "told_ratings",
    "total_lines",
    "undecided_lines",
]
