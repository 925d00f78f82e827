"""Conditions in words: what compares a number with another reads as a sentence, all else as it is written."""

import pytest

from kpibook.base.words import words
from kpibook.content import read
from kpibook.rules.formulas import Formula
from kpibook.scoring.explain import condition_text
from sources import ROOT

CATALOG = read(ROOT / "handbook", ROOT / "scorecards").catalog


@pytest.mark.parametrize(
    ("formula", "zh", "en"),
    [
        ("safety_incidents > 0", "安全责任事故超过 0 次", "安全责任事故 over 0 次"),
        ("safety_incidents >= 3", "安全责任事故不低于 3 次", "安全责任事故 at least 3 次"),
        ("safety_incidents < 3", "安全责任事故低于 3 次", "安全责任事故 under 3 次"),
        ("safety_incidents <= 3", "安全责任事故不超过 3 次", "安全责任事故 at most 3 次"),
        ("safety_incidents == 3", "安全责任事故等于 3 次", "安全责任事故 equal to 3 次"),
        ("safety_incidents != 3", "安全责任事故不等于 3 次", "安全责任事故 other than 3 次"),
        ("total >= 80", "总分不低于 80", "total at least 80"),
        ("total - 5 >= 80", "总分 - 5 ≥ 80", "total - 5 ≥ 80"),
        ("0 < safety_incidents", "0 < 安全责任事故", "0 < 安全责任事故"),
        ("total >= -1", "总分 ≥ -1", "total ≥ -1"),
    ],
)
def test_a_comparison_reads_as_words(formula: str, zh: str, en: str) -> None:
    parsed = Formula.parse(formula)

    assert condition_text(parsed, CATALOG, words("zh")) == zh
    assert condition_text(parsed, CATALOG, words("en")) == en


def test_what_the_reader_has_just_been_told_it_is_about_is_not_told_again() -> None:
    parsed = Formula.parse("safety_incidents > 0")

    assert condition_text(parsed, CATALOG, words("zh"), about="安全责任事故") == "超过 0 次"
    assert condition_text(parsed, CATALOG, words("en"), about="安全责任事故") == "over 0 次"
