"""The 42 formulas that the sources hold: where the sample company has each, and a number worked out by each."""

from collections.abc import Mapping
from typing import NamedTuple

import pytest
from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, ZERO
from kpibook.rules.formulas import Formula, Name
from kpibook.scoring.results import Card
from sample_rules import PAGES, Sample


class Worked(NamedTuple):
    """A formula: of which indicator, and what it makes of numbers in the order of its names."""

    id: str
    indicator: str
    given: tuple[str, ...]
    value: str


KPIS = (
    Worked("F-02", "pages_per_visitor", ("13475", "4900"), "2.75"),
    Worked("F-03", "order_conversion", ("120", "4000"), "3"),
    Worked("F-04", "average_order_value", ("36000", "120"), "300"),
    Worked("F-05", "reach_rate", ("600", "12000"), "5"),
    Worked("F-06", "bounce_rate", ("900", "2000"), "45"),
    Worked("F-07", "visitor_cost", ("6000", "4000"), "1.5"),
    Worked("F-08", "new_visitor_share", ("1000", "4000"), "25"),
    Worked("F-09", "campaign_click_rate", ("9000", "3000"), "3"),
    Worked("F-10", "campaign_order_share", ("30", "100"), "30"),
    Worked("F-11", "campaign_value_share", ("24000", "100000"), "24"),
    Worked("F-12", "campaign_conversion", ("120", "3000"), "4"),
    Worked("F-13", "campaign_roi", ("60000", "15000"), "4"),
    Worked("F-14", "consult_conversion", ("320", "1000"), "32"),
    Worked("F-15", "peer_value_ratio", ("36000", "30000"), "120"),
    Worked("F-16", "return_rate", ("6", "200"), "3"),
    Worked("F-17", "exchange_rate", ("4", "200"), "2"),
    Worked("F-18", "refund_rate", ("5", "320"), "1.5625"),
    Worked("F-19", "on_time_delivery", ("980", "1000"), "98"),
    Worked("F-20", "production_cost_ratio", ("45000", "60000"), "75"),
    Worked("F-21", "staff_cost_ratio", ("90000", "1200000"), "7.5"),
    Worked("F-22", "inventory_turnover", ("300000", "600000"), "0.5"),
    Worked("F-23", "output_per_worker", ("600000", "8"), "75000"),
    Worked("F-24", "productivity_growth", ("1100", "1000"), "10"),
    Worked("F-25", "plant_utilisation", ("900", "1200"), "75"),
    Worked("F-26", "operating_cost_share", ("25000", "100000"), "25"),
    Worked("F-27", "sales_attainment", ("76", "100"), "76"),
    Worked("F-28", "order_growth", ("1100", "1000"), "10"),
    Worked("F-29", "visit_order_rate", ("700", "2500"), "28"),
    Worked("F-30", "good_review_rate", ("98", "100"), "98"),
    Worked("F-31", "complaint_timeliness", ("19", "20"), "95"),
    Worked("F-32", "complaint_satisfaction", ("27", "30"), "90"),
    Worked("F-33", "campaign_participation", ("48000", "240000"), "20"),
    Worked("F-34", "campaign_return", ("60000", "15000"), "400"),
)
"""F-31 is printed as an average time and called a rate; the sample goes by what it is called."""

PAY = {
    "F-35": ("store-operator", "月度绩效奖金"),
    "F-36": ("home-channel-manager", "绩效工资"),
    "F-37": ("home-service-agent", "公共绩效提成"),
    "F-39": ("home-service-agent", "个人绩效提成"),
}
"""F-39 is a heading over nothing: the sample's formula is its own."""

ELSEWHERE = ("F-01", "F-38", "F-40", "F-41", "F-42")


def test_every_formula_is_somewhere() -> None:
    found = [worked.id for worked in KPIS] + list(PAY) + list(ELSEWHERE)

    assert sorted(found) == [f"F-{number:02d}" for number in range(1, 43)]


@pytest.mark.parametrize("worked", KPIS, ids=[worked.id for worked in KPIS])
def test_an_indicator_has_the_formula_of_its_source(sample: Sample, worked: Worked) -> None:
    formula = sample.catalog.indicators[worked.indicator].formula
    assert formula

    value = formula.evaluate(dict(zip(formula.names, map(mpq, worked.given), strict=True)))

    assert value == mpq(worked.value)


@pytest.mark.parametrize("formula", PAY)
def test_a_formula_of_pay_is_a_line_of_a_role(sample: Sample, formula: str) -> None:
    line = sample.pay(*PAY[formula])

    assert line.formula or line.pool


def test_attainment_is_actual_by_target(sample: Sample) -> None:
    found = sample.score("2026-09", "HY034", "sales_value")

    assert found.actual
    assert found.target
    assert found.attainment == found.actual / found.target.value


@pytest.mark.parametrize("month", ["2026-08", "2026-09", "2026-10"])
def test_the_wage_of_a_month_is_the_sum_of_four_parts(sample: Sample, month: str) -> None:
    card = sample.card(month, "HY041")

    amounts = {outcome.line.name: outcome.amount for outcome in card.pay if not outcome.streak}

    assert list(amounts) == ["岗位工资", "个人绩效提成", "公共绩效提成", "工龄工资"]
    assert None not in amounts.values()


def test_three_months_in_first_place_bring_200_beside_the_wage_of_the_third(sample: Sample) -> None:
    found = {
        month: [outcome.amount for outcome in sample.card(month, "HY041").pay if outcome.streak]
        for month in ("2026-08", "2026-09", "2026-10")
    }

    assert found == {"2026-08": [], "2026-09": [], "2026-10": [mpq(200)]}


def test_the_bonus_of_a_year_stays_the_form_that_it_is() -> None:
    text = (PAGES / "policies" / "agreement.md").read_text(encoding="utf-8")

    assert "＿" in text
    assert "奖励" in text


def test_a_total_is_the_sum_of_points_and_extras_stand_on_top(sample: Sample) -> None:
    card = sample.card("2026-10", "HY040")
    [part] = card.spans

    items, extras = (sum((each.points or ZERO for each in scores), ZERO) for scores in (part.items, part.extras))

    assert (items, extras, card.total) == (mpq(92), mpq(15), mpq(107))
    assert _most(card) == HUNDRED + 20


def _most(card: Card) -> mpq:
    """The most that a card can come to."""
    [part] = card.spans
    return sum((each.weight for each in (*part.items, *part.extras)), ZERO)


def test_names_stand_where_the_text_has_them(sample: Sample) -> None:
    texts: Mapping[str, Formula | None] = {key: each.formula for key, each in sample.catalog.indicators.items()}

    assert texts["order_growth"] == Formula.parse("(orders - previous.orders) / previous.orders * 100")
    assert [str(name) for name in (texts["peer_value_ratio"] or Formula.parse("0")).names] == [
        "paid_value",
        str(Name("department_mean", "paid_value")),
    ]
