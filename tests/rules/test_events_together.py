"""What a condition says of a measure whose single events stand in rows of their own: it sees all of them together."""

from typing import Any

import pytest

from kpibook.checking.checks import check_catalog
from kpibook.model import Catalog
from kpibook.scoring.explain import rule_sentence, total_lines
from making import catalog, indicator, item, measure, role
from one_card import EN, ZH, one

LOSS = measure("loss", name="事故损失", unit="元", each=True)


def company(standard: dict[str, Any], **values: Any) -> Catalog:
    return catalog([role("clerk", [item("x", 100, standard)], **values)], [indicator("x")], [LOSS])


def doubts(made: Catalog) -> list[str]:
    return [problem.message(EN) for problem in check_catalog(made) if problem.code == "bound-on-all-events"]


REQUIRED = {"rule": "all_or_nothing", "require": [{"measure": "loss", "at_most": 2000}]}
STEPS = {"rule": "deduction", "deduct": [{"measure": "loss", "steps": {500: 10}}]}
EACH = {"rule": "deduction", "deduct": [{"measure": "loss", "each": {500: 10}}]}


@pytest.mark.parametrize(
    ("standard", "zh", "en"),
    [
        (REQUIRED, "各笔事故损失合计不超过 2,000 元", "all 事故损失 together is at most 2,000 元"),
        (STEPS, "各笔事故损失合计", "all 事故损失 together: 10 from 500 元 on"),
        (EACH, "事故损失逐笔计：每笔不低于 500 元的扣 10 分", "事故损失, each by itself: 10 points off"),
    ],
)
def test_a_rule_says_whether_it_looks_at_the_sum(standard: dict[str, Any], zh: str, en: str) -> None:
    made = company(standard)
    [only] = made.roles["clerk"].items

    assert zh in rule_sentence(only, made, ZH)
    assert en in rule_sentence(only, made, EN)


def test_a_gate_that_closed_by_the_sum_says_so() -> None:
    made = company({"rule": "linear", "zero": 0, "full": 100}, gates=[{"when": "loss >= 3000", "total_at_most": 59}])

    card = one(made, {("E1", "x"): 90, ("E1", "loss"): 3200})

    assert any("各笔事故损失合计 ≥ 3,000" in line for line in total_lines(card, made, ZH))
    assert any("all 事故损失 together ≥ 3,000" in line for line in total_lines(card, made, EN))


@pytest.mark.parametrize(
    ("when", "is_doubtful"),
    [
        ("loss >= 3000", True),
        ("3000 <= loss", True),
        ("if(loss > 500, 1, 0) == 1", True),
        ("department.loss > 500", True),
        ("loss > 0", False),
        ("loss == 0", False),
        ("x > 500", False),
        ("x > loss", False),
    ],
)
def test_a_bound_that_may_be_meant_for_one_event_is_doubted(when: str, is_doubtful: bool) -> None:
    made = company({"rule": "linear", "zero": 0, "full": 100}, gates=[{"when": when, "total_at_most": 59}])

    text = f'"{when}" of clerk looks at all rows of 事故损失 together, and at none by itself'
    assert doubts(made) == ([text] if is_doubtful else [])


def test_bounds_of_grades_exemptions_and_pay_are_doubted_too() -> None:
    made = catalog(
        [
            role(
                "clerk",
                [item("x", 100, REQUIRED, exempt={"when": "loss < 1"})],
                pay=[{"name": "Bonus", "formula": "total", "when": "loss <= 100"}],
            )
        ],
        [indicator("x")],
        [LOSS],
    )

    assert [text.split(" of ")[0] for text in doubts(made)] == ['"loss < 1"', '"loss <= 100"', '"loss"']
