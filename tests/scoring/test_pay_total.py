"""The sum of somebody's pay, where the role calls it by a name: on the card, in words, and never for payroll."""

from typing import Any

import pytest
from gmpy2 import mpq

from kpibook.base.words import words
from kpibook.exchange.exports import totals_csv
from kpibook.model import Catalog
from kpibook.model.public import public
from kpibook.scoring import score
from kpibook.scoring.explain import pay_lines, pay_total_rule
from making import catalog, cycle, indicator, item, person, role
from scored import STRAIGHT, cards

WAGE = {"name": "Wage", "formula": "base"}
BONUS = {"name": "Bonus", "formula": "total * 10"}
EN, ZH = words("en"), words("zh")


def company(*lines: dict[str, Any], pay_total: str = "Month's wage") -> Catalog:
    return catalog([role("clerk", [item("x", 100, STRAIGHT)], pay=list(lines), pay_total=pay_total)], [indicator("x")])


def told(made: Catalog, given: dict[tuple[str, str], Any], language: str = "en") -> list[str]:
    card = cards(made, cycle([person("E1", numbers={"base": mpq("3000.5")})], given))["E1"]
    return list(pay_lines(card, made, words(language)))


def test_the_sum_stands_behind_the_lines_with_how_it_was_made() -> None:
    lines = told(company(WAGE, BONUS), {("E1", "x"): 80})

    assert lines[-2:] == ["Month's wage = Wage + Bonus", "Month's wage: ¥3,000.50 + ¥800.00 = ¥3,800.50"]


def test_the_sum_waits_where_a_line_waits() -> None:
    lines = told(company(WAGE, BONUS), {})

    assert lines[-1] == "Month's wage: cannot be computed yet"


@pytest.mark.parametrize("pay_total", ["", "Month's wage"])
def test_the_lines_and_what_is_handed_over_stay_as_they_are(pay_total: str) -> None:
    made, plain = company(WAGE, BONUS, pay_total=pay_total), company(WAGE, BONUS, pay_total="")
    month = cycle([person("E1", numbers={"base": mpq(3000)})], {("E1", "x"): 80})

    assert list(totals_csv(score(made, month, {}), made, EN)) == list(totals_csv(score(plain, month, {}), plain, EN))
    assert told(made, {("E1", "x"): 80})[: len(told(plain, {("E1", "x"): 80}))] == told(plain, {("E1", "x"): 80})


def test_a_public_page_tells_no_sum_of_which_a_part_is_confidential() -> None:
    open_role = company(WAGE, BONUS).roles["clerk"]
    hidden = company(WAGE, {**BONUS, "confidential": True})

    assert pay_total_rule(open_role, ZH) == "Wage + Bonus"
    assert pay_total_rule(public(hidden).roles["clerk"], EN) == ""
