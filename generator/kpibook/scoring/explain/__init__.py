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
from kpibook.scoring.explain.origins import SourceStyle, missing_text, source_text, target_text

__all__ = [
    "SourceStyle",
    "example_texts",
    "explain_card",
    "item_lines",
    "missing_text",
    "number_lines",
    "pay_lines",
    "pay_rule",
    "reason",
    "rule_lines",
    "rule_sentence",
    "source_text",
    "streak_rule",
    "streak_text",
    "target_text",
    "total_lines",
    "undecided_lines",
]
