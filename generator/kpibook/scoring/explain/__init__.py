"""Why a score is what it is: derivations that a person can follow with a pocket calculator."""

from kpibook.scoring.explain.card import explain_card
from kpibook.scoring.explain.conditions import condition_text
from kpibook.scoring.explain.gaps import is_rating, missing_text
from kpibook.scoring.explain.lines import item_lines, number_lines, reason, rule_lines, total_lines, undecided_lines
from kpibook.scoring.explain.origins import SourceStyle, lacks_text, paths, source_text, target_text
from kpibook.scoring.explain.pay import pay_in_short, pay_lines, pay_rule, pay_total_rule, streak_rule, streak_text
from kpibook.scoring.explain.ratings import told_ratings
from kpibook.scoring.explain.rules import example_texts, rule_sentence

__all__ = [
    "SourceStyle",
    "condition_text",
    "example_texts",
    "explain_card",
    "is_rating",
    "item_lines",
    "lacks_text",
    "missing_text",
    "number_lines",
    "paths",
    "pay_in_short",
    "pay_lines",
    "pay_rule",
    "pay_total_rule",
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
