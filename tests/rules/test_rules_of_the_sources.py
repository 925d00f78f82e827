"""The 43 kinds of rule that the sources hold: by what each is expressed, and where the sample company shows it.

Those that compute are found on a scorecard or a card of the sample; those that are no arithmetic, on a page.
"""

from collections.abc import Mapping
from typing import NamedTuple

import pytest
from gmpy2 import mpq

from kpibook.base.numbers import show
from kpibook.base.words import words
from kpibook.model import Extra, ScorecardItem, Scored
from kpibook.rules.formulas import Name
from kpibook.rules.standards import (
    Example,
)
from kpibook.scoring.explain import example_texts, rule_sentence
from sample_rules import KINDS, Kind, Sample


class Case(NamedTuple):
    """A worked case: whose, by which numbers (the actual under ""), and how many points it gives."""

    kind: str
    role: str
    indicator: str
    target: str
    given: Mapping[str, str]
    points: str


CASES = (
    # Every number of these stands in a source.
    Case("RK-01", "home-operations-lead", "sales_value", "1000000", {"": "1200000"}, "20"),
    Case("RK-01", "home-operations-lead", "customer_satisfaction", "90", {"": "85"}, "14.2"),
    Case("RK-01", "home-operations-lead", "customer_retention", "80", {"": "75"}, "14.0625"),
    Case("RK-14", "home-ecommerce-manager", "plans_and_reviews", "", {"plans_missed": "1", "reviews_missed": "1"}, "0"),
    Case("RK-14", "home-ecommerce-manager", "plans_and_reviews", "", {"plans_missed": "0", "reviews_missed": "1"}, "2"),
    # The rule or the target stands in a source, and a number is put in.
    Case("RK-02", "ecommerce-supervisor", "visit_order_rate", "35", {"": "28"}, "12"),
    Case("RK-02", "ecommerce-supervisor", "visit_order_rate", "35", {"": "40"}, "15"),
    Case("RK-02", "ecommerce-supervisor", "sales_attainment", "95", {"": "76"}, "16"),
    Case("RK-03", "ecommerce-supervisor", "order_growth", "20", {"orders": "1100", "previous.orders": "1000"}, "5"),
    Case("RK-03", "ecommerce-supervisor", "order_growth", "20", {"orders": "900", "previous.orders": "1000"}, "0"),
    Case("RK-43", "home-growth-lead", "sales_uplift", "30", {"sales": "1240000", "sales_base": "1000000"}, "32"),
    Case("RK-04", "ecommerce-supervisor", "unique_visitors", "5000", {"": "4000"}, "6.4"),
    Case("RK-04", "ecommerce-supervisor", "page_views_total", "20000", {"": "21000"}, "7"),
    Case("RK-05", "ecommerce-supervisor", "complaint_timeliness", "95", {"": "94"}, "1"),
    Case(
        "RK-06",
        "store-operator",
        "traffic_base",
        "",
        {"impressions": "21000", "page_views": "9500", "visitors": "4100"},
        "4",
    ),
    Case("RK-06", "store-operator", "click_conversion", "2", {"": "1.6"}, "4"),
    Case(
        "RK-07",
        "store-operator",
        "personal_conduct",
        "",
        {"desk_disorder": "0", "idle_conduct": "3", "ppe_breaches": "1", "off_post": "1"},
        "0",
    ),
    Case("RK-07", "store-operator", "inquiry_records", "", {"inquiry_records_late": "1"}, "0"),
    Case("RK-07", "site-editor", "attendance", "", {"late_or_early": "2", "leave_days": "1"}, "5"),
    Case(
        "RK-08", "store-operator", "staff_management", "", {"team_absence_days": "3", "team_trainings_missed": "1"}, "0"
    ),
    Case(
        "RK-08", "store-operator", "staff_management", "", {"team_absence_days": "2", "team_trainings_missed": "0"}, "7"
    ),
    Case("RK-09", "store-operator", "trade_value", "50000", {"": "42000"}, "27"),
    Case("RK-09", "store-operator", "trade_value", "50000", {"": "0"}, "0"),
    Case("RK-15", "store-manager", "member_churn", "5", {"": "6"}, "8.3"),
    Case("RK-15", "store-manager", "member_churn", "5", {"": "4"}, "10"),
    Case("RK-15", "store-manager", "member_churn", "5", {"": "0"}, "10"),
    Case("RK-16", "service-agent", "banned_word_count", "5", {"": "4"}, "10"),
    Case("RK-16", "service-agent", "banned_word_count", "5", {"": "5"}, "10"),
    Case("RK-16", "service-agent", "banned_word_count", "5", {"": "6"}, "0"),
    Case("RK-18", "service-agent", "peer_value_ratio", "100", {"": "120"}, "20"),
    Case("RK-37", "store-operator", "after_sales_followup", "", {"quality_issues": "0"}, "5"),
    Case("RK-37", "store-operator", "after_sales_followup", "", {"quality_issues": "1", "feedback_missed": "1"}, "0"),
)


class Amount(NamedTuple):
    """A worked amount: by which pay line of the sample, from which numbers."""

    kind: str
    role: str
    line: str
    given: Mapping[str, str]
    amount: str
    heads: int = 1


AMOUNTS = (
    Amount("RK-19", "home-channel-manager", "绩效工资", {"base_salary": "6000", "total": "80"}, "1440"),
    Amount("RK-19", "home-channel-manager", "绩效工资", {"base_salary": "6000", "total": "79.9"}, "0"),
    Amount("RK-19", "home-channel-manager", "绩效工资", {"base_salary": "6000", "total": "91.2"}, "1641.6"),
    Amount("RK-30", "store-operator", "月度绩效奖金", {"total": "88"}, "792"),
    Amount("RK-30", "store-operator", "月度绩效奖金", {"total": "97"}, "873"),
    Amount("RK-30", "store-operator", "月度绩效奖金", {"total": "106"}, "954"),
    Amount("RK-31", "home-service-agent", "公共绩效提成", {"department.public_sales": "200000"}, "250", heads=4),
    Amount("RK-32", "home-service-agent", "岗位工资", {"base_salary": "3000"}, "3000"),
    Amount("RK-32", "home-service-agent", "个人绩效提成", {"sales": "80000", "total": "100"}, "800"),
    Amount("RK-32", "home-service-agent", "工龄工资", {"seniority_pay": "100"}, "100"),
)

WITH_NUMBERS = ("RK-01", "RK-02", "RK-03", "RK-06", "RK-07", "RK-14", "RK-15", "RK-19", "RK-43")
"""The kinds of which a source gives the numbers of an example, or its target."""


def test_every_kind_stands_in_the_table_once() -> None:
    assert [kind.id for kind in KINDS] == [f"RK-{number:02d}" for number in range(1, 44)]
    assert all(kind.what and kind.by for kind in KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.id for kind in KINDS])
def test_a_kind_is_shown_by_the_sample(sample: Sample, kind: Kind) -> None:
    assert kind.shown(sample), f"{kind.id} {kind.what}: {kind.by}"


@pytest.mark.parametrize("case", CASES, ids=[case.kind for case in CASES])
def test_a_worked_case_of_a_source_is_an_example_of_the_sample(sample: Sample, case: Case) -> None:
    item = sample.item(case.role, case.indicator)
    assert item.standard is not None

    shown = [
        (each.target if each.target is not None else item.target, _given(each), each.points)
        for each in item.standard.examples
    ]

    given = {key: mpq(value) for key, value in case.given.items()}
    assert (mpq(case.target) if case.target else None, given, mpq(case.points)) in shown


@pytest.mark.parametrize("worked", AMOUNTS, ids=[f"{each.kind} {each.amount}" for each in AMOUNTS])
def test_a_worked_amount_of_a_source_follows_from_a_line_of_the_sample(sample: Sample, worked: Amount) -> None:
    line = sample.pay(worked.role, worked.line)
    formula, given = line.formula or line.pool, {Name.parse(key): mpq(value) for key, value in worked.given.items()}
    assert formula

    amount = formula.evaluate(given) / worked.heads if line.when is None or line.when.evaluate(given) else mpq(0)

    assert amount == mpq(worked.amount)


def test_no_example_of_the_sources_is_lost() -> None:
    worked = {case.kind for case in CASES} | {amount.kind for amount in AMOUNTS}

    assert set(WITH_NUMBERS) <= worked


@pytest.mark.parametrize("case", CASES, ids=[case.kind for case in CASES])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_worked_case_is_told_on_the_page_of_its_role(sample: Sample, language: str, case: Case) -> None:
    item, say = sample.item(case.role, case.indicator), words(language)

    told = example_texts(item, sample.catalog, say)

    points = show(mpq(case.points))
    assert any(f"得 {points} 分" in text or f": {points} point" in text for text in told)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_rule_of_the_sample_is_stated_in_a_sentence(sample: Sample, language: str) -> None:
    say = words(language)
    owners = (*sample.catalog.roles.values(), *sample.catalog.departments.values())
    items = [item for owner in owners for item in _scored(owner) if item.standard]

    stated = [rule_sentence(item, sample.catalog, say) for item in items]

    assert len(stated) > 150
    assert all(text.endswith(("。", ". ", ".")) and "{" not in text for text in stated)


def _scored(owner: Scored) -> tuple[ScorecardItem | Extra, ...]:
    return (*owner.items, *owner.extras)


def _given(example: Example) -> dict[str, mpq]:
    own = {} if example.actual is None else {"": example.actual}
    return {**own, **{str(name): value for name, value in example.values.items()}}
