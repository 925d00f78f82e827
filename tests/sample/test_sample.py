"""The sample company loads clean, and its figures are those that a person computes by hand."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from gmpy2 import mpq

from kpibook.base.numbers import plain
from kpibook.base.periods import Period
from kpibook.base.problems import Problem
from kpibook.base.words import words
from kpibook.checking.checks import check_catalog, check_cycle
from kpibook.exchange.exports import totals_csv
from kpibook.model import Catalog, Cycle, CycleStatus, Extra, ScorecardItem, Scored
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycles
from kpibook.scoring import score
from kpibook.scoring.results import Card, Results, Status
from kpibook.scoring.sources import TargetOrigin
from kpibook.scoring.units import published_units

ROOT = Path(__file__).parents[2]
AUGUST, SEPTEMBER, OCTOBER = (Period.parse(text) for text in ("2026-08", "2026-09", "2026-10"))

RULES = {
    "proportional",
    "all_or_nothing",
    "bands",
    "linear",
    "range",
    "deduction",
    "shortfall",
    "excess",
    "rating",
    "formula",
}


class Sample(NamedTuple):
    """The sample company as it is read, and what came of it."""

    catalog: Catalog
    cycles: Mapping[Period, Cycle]
    problems: tuple[Problem, ...]
    results: Mapping[Period, Results]

    def card(self, period: Period, person: str) -> Card:
        """The card of one person in one cycle."""
        [card] = [each for each in self.results[period].cards if each.person == person]
        return card


@pytest.fixture(scope="module")
def sample() -> Sample:
    """Everything below handbook/ and scorecards/."""
    catalog, problems = load_catalog(ROOT / "handbook")
    read, cycle_problems = load_cycles(ROOT / "scorecards", catalog)
    cycles = {cycle.period: cycle for cycle in read}
    checked = (problem for cycle in read for problem in check_cycle(catalog, cycle))
    return Sample(
        catalog,
        cycles,
        (*problems, *check_catalog(catalog), *cycle_problems, *checked),
        {period: score(catalog, cycle, cycles) for period, cycle in cycles.items()},
    )


def test_the_problems_are_the_intended_ones(sample: Sample) -> None:
    found = sorted((problem.code, problem.level.value, str(problem.place)) for problem in sample.problems)

    assert found == [
        ("cell-not-a-number", "warning", "scorecards/2026-10/actuals/ecommerce.csv:16:18"),
        ("deduction-beyond-weight", "warning", "handbook/roles/store-operator.yml:94:60"),
        ("repeated-row", "warning", "scorecards/2026-10/actuals/operations.csv:22:23"),
        ("shares-open", "warning", "handbook/roles/ecommerce-manager.yml:10:3"),
        ("shares-open", "warning", "handbook/roles/home-shop-lead.yml:10:3"),
        ("totals-row", "warning", "scorecards/2026-10/actuals/sales.csv:18:1"),
    ]


@pytest.mark.parametrize(
    ("role", "duties", "shares"),
    [
        ("sales-manager", 9, 100),
        ("area-manager", 7, 100),
        ("store-manager", 5, 100),
        ("ecommerce-manager", 10, 85),
        ("home-shop-lead", 9, 28),
    ],
)
def test_the_shares_of_working_time_are_those_of_the_source(
    sample: Sample, role: str, duties: int, shares: int
) -> None:
    found = sample.catalog.roles[role].duties

    assert len(found) == duties
    assert sum(duty.share or 0 for duty in found) == shares


def test_the_duty_without_a_share_is_named(sample: Sample) -> None:
    [problem, _] = [problem for problem in sample.problems if problem.code == "shares-open"]

    assert [duty.name for duty in sample.catalog.roles["ecommerce-manager"].duties if duty.share is None] == [
        "运营报告提交"
    ]
    assert "运营报告提交" in str(problem)
    assert "85" in str(problem)


def test_the_weights_of_every_scorecard_make_100(sample: Sample) -> None:
    owners = (*sample.catalog.roles.values(), *sample.catalog.departments.values())
    totals = [sum(item.weight or 0 for item in owner.items) for owner in owners if not owner.is_described_only]

    assert len(totals) == 28
    assert set(totals) == {100}


@pytest.mark.parametrize(
    ("role", "weights"),
    [
        ("sales-manager", [20, 20, 10, 15, 6, 15, 2, 2, 5, 5]),
        ("area-manager", [40, 20, 40]),
        ("store-manager", [70, 10, 5, 5, 10]),
        ("operations-manager", [40, 20, 15, 15, 10]),
        ("ecommerce-supervisor", [20, 10, 8, 7, 15, 5, 2, 3, 10, 10, 5, 5]),
        ("store-operator", [15, 10, 10, 5, 10, 10, 5, 30, 5]),
    ],
)
def test_the_weights_are_those_of_the_source(sample: Sample, role: str, weights: list[int]) -> None:
    assert [item.weight for item in sample.catalog.roles[role].items] == [mpq(weight) for weight in weights]


def test_the_department_sheet_is_the_sheet_of_its_manager(sample: Sample) -> None:
    department = sample.catalog.departments["operations"]
    manager = sample.catalog.roles["operations-manager"]

    assert [(item.indicator, item.weight) for item in department.items] == [
        (item.indicator, item.weight) for item in manager.items
    ]


def test_every_kind_of_rule_is_used(sample: Sample) -> None:
    roles = sample.catalog.roles.values()
    items = {item.standard.rule for role in roles for item in role.items if item.standard}
    extras = {extra.standard.rule for role in roles for extra in role.extras}

    assert items | extras == RULES


def test_every_kind_of_rule_carries_an_example_with_each_set_of_parameters(sample: Sample) -> None:
    owners = (*sample.catalog.roles.values(), *sample.catalog.departments.values())
    items = [item for owner in owners for item in _scored(owner) if item.standard]
    written = {_written(item, sample.catalog) for item in items}
    shown = {_written(item, sample.catalog) for item in items if item.standard and item.standard.examples}

    assert written - shown == set()
    assert {rule for rule, *_ in written} == RULES
    assert len(written) == 21


@pytest.mark.parametrize(
    ("role", "indicator", "points"),
    [
        ("home-operations-lead", "sales_value", ["20"]),
        ("home-operations-lead", "customer_satisfaction", ["14.2"]),
        ("home-operations-lead", "customer_retention", ["14.0625"]),
        ("ecommerce-supervisor", "visit_order_rate", ["12", "15"]),
        ("ecommerce-supervisor", "complaint_timeliness", ["2", "1"]),
        ("home-ecommerce-manager", "plans_and_reviews", ["0", "2"]),
        ("store-operator", "personal_conduct", ["0"]),
        ("store-operator", "staff_management", ["0", "7"]),
        ("store-operator", "traffic_base", ["4"]),
        ("store-operator", "inquiry_records", ["0"]),
        ("store-operator", "trade_value", ["27", "0"]),
        ("store-operator", "after_sales_followup", ["5", "5", "0"]),
        ("site-editor", "attendance", ["5"]),
        ("store-manager", "member_churn", ["8.3", "10", "10"]),
        ("service-agent", "banned_word_count", ["10", "10", "0"]),
        ("home-growth-lead", "sales_uplift", ["32"]),
    ],
)
def test_the_cases_of_the_source_are_examples(sample: Sample, role: str, indicator: str, points: list[str]) -> None:
    [item] = [item for item in sample.catalog.roles[role].items if item.indicator == indicator]

    assert item.standard is not None
    assert [plain(example.points) for example in item.standard.examples] == points


def test_every_collected_number_is_owned_by_a_department_that_has_people(sample: Sample) -> None:
    owners = {measure.owner for measure in sample.catalog.measures.values()}
    peopled = {row.department for row in sample.cycles[AUGUST].people}

    assert owners == peopled
    assert len(peopled) == 10


@pytest.mark.parametrize("period", [AUGUST, SEPTEMBER])
def test_a_closed_cycle_is_complete(sample: Sample, period: Period) -> None:
    cards = sample.results[period].cards

    assert sample.cycles[period].status is (CycleStatus.CLOSED if period == AUGUST else CycleStatus.PUBLISHED)
    assert not sample.cycles[period].set_aside
    assert len(cards) == 44
    assert {card.person: card.status for card in cards if card.status is not Status.SCORED} == {
        "HY001": Status.NOT_APPLICABLE,
        "HY044": Status.EXCLUDED,
    }
    assert {card.coverage for card in cards if card.status is Status.SCORED} == {mpq(100)}


def test_grades_spread_as_in_life(sample: Sample) -> None:
    grades = Counter(card.grade.id for card in sample.results[AUGUST].cards if card.grade)

    assert grades == {"A": 6, "B": 15, "C": 16, "D": 4, "E": 1}


def test_october_waits_for_a_supplier_for_ratings_and_for_a_mistyped_row(sample: Sample) -> None:
    waiting = {
        card.person: {(gap.key, gap.owner) for gap in card.missing}
        for card in sample.results[OCTOBER].cards
        if card.total is None and card.status not in (Status.NOT_APPLICABLE, Status.EXCLUDED)
    }

    assert sample.cycles[OCTOBER].status is CycleStatus.OPEN
    assert {person: {owner for _, owner in gaps} for person, gaps in waiting.items()} == {
        "HY008": {"planning"},
        "HY017": {""},
        "HY018": {"planning"},
        "HY020": {"ecommerce"},
        "HY025": {"planning"},
        "HY027": {""},
        "HY033": {"planning"},
    }
    assert waiting["HY018"] == {("campaign_page_views", "planning")}
    assert sample.card(OCTOBER, "HY020").status is Status.SET_ASIDE


def test_the_rows_set_aside_keep_their_text(sample: Sample) -> None:
    found = [(str(row.place), row.code, row.raw) for row in sample.cycles[OCTOBER].set_aside]

    assert found == [
        (
            "scorecards/2026-10/actuals/ecommerce.csv:16:18",
            "cell-not-a-number",
            "HY020,page_views,1O760,后台断线，手抄",
        ),
        ("scorecards/2026-10/actuals/sales.csv:18:1", "totals-row", "合计,members_lost,880,"),
    ]


def test_october_files_arrive_in_three_forms(sample: Sample) -> None:
    forms = {Path(report.file).name: report.encoding for report in sample.cycles[OCTOBER].files}

    assert forms["finance.csv"] == "gb18030"
    assert forms["customer-service.xlsx"] == "xlsx"
    assert forms["ecommerce.csv"] == "utf-8"
    assert "planning.csv" not in forms


def test_october_numbers_are_read_as_people_write_them(sample: Sample) -> None:
    converted = {(raw, value) for report in sample.cycles[OCTOBER].files for _, raw, value in report.converted}

    assert converted == {("118万元", "1180000"), ("226.5万元", "2265000"), ("86.9%", "86.9"), ("５０", "50")}


def test_a_note_with_markup_stays_text(sample: Sample) -> None:
    reading = sample.cycles[OCTOBER].actuals["HY021", "visitors"]

    assert reading.note == '后台导出 | 已核对 <script>alert("浏览")</script>'


def test_a_store_manager_adds_up(sample: Sample) -> None:
    # 291,746.16 / 360,000 x 70 = 56.7284; 1 of 8 left: 4; 8 of 8 passed: 5; 84 of 86 right: 2;
    # 161 of 2,669 members lost = 6.0322 %: 5 / 6.0322 x 10 = 8.2888. Sum 76.0172.
    # 6,900 x 0.4 x 0.76 = 2,097.60.
    assert outcome(sample.card(AUGUST, "HY012")) == ("76", "C", "2097.6")


def test_growth_takes_the_month_before_in_another_role(sample: Sample) -> None:
    # 1,569 orders after 1,506 in August: 4.1833 % of 5 % wanted, x 10 = 8.3665.
    [growth] = [item for item in sample.card(SEPTEMBER, "HY018").spans[0].items if item.indicator.id == "order_growth"]

    assert growth.points == mpq(1569 - 1506, 1506) * 100 / 5 * 10


def test_an_ecommerce_supervisor_adds_up(sample: Sample) -> None:
    # 336,418.7 / 352,000 x 20 = 19.1147; growth 8.3665; 53,180 / 60,000 x 8 = 7.0907; 217,460 / 240,000 x 7 = 6.3426;
    # 1,569 / 53,180 = 2.9504 % of 3.5 %, x 15 = 12.6444; 655 / 684 = 95.7602 % of 98 %, x 5 = 4.8857;
    # 26 of 29 in time, under 95 %: 1; 24 / 29 = 82.7586 % of 90 %, x 3 = 2.7586;
    # 36,120 / 217,460 = 16.6100 % of 20 %, x 10 = 8.3050; 128,640.5 / 34,820 = 369.4443 % of 400 %, x 10 = 9.2361;
    # report 4; teamwork 5 x 0.6 + 3 x 0.4 = 4.2. Sum 87.9443. 8,800 x 0.3 x 0.879 = 2,320.56.
    assert outcome(sample.card(SEPTEMBER, "HY018")) == ("87.9", "B", "2320.56")


def test_points_over_100_pay_too(sample: Sample) -> None:
    # One untidy desk: 15 - 2 = 13; 10 + 10 + 5 + 10 + 10 + 5 + 30 + 5 for the rest: 98.
    # 62,215.6 is two full 5,000 over 50,000: + 6. 900 x 104 / 100 = 936.
    assert outcome(sample.card(OCTOBER, "HY019")) == ("104", "A", "936")


def test_under_80_the_ecommerce_manager_has_no_performance_pay(sample: Sample) -> None:
    # 862,406.5 / 1,020,000 x 25 = 21.1374; 3,712 / 138,420 = 2.6817 % of 3 %, x 15 = 13.4085;
    # 121,180.4 / 862,406.5 = 14.0514 % of 12 %: (2 - 1.170952) x 15 = 12.4357; 1 of 3 platforms x 10 = 3.3333;
    # 7 of 8 shoots x 10 = 8.75; both trainings held: 10; report 10. Sum 79.0649.
    assert outcome(sample.card(AUGUST, "HY017")) == ("79.1", "C", "0")


def test_a_change_of_role_is_weighed_by_days(sample: Sample) -> None:
    # 95,431.32 of 406,629.06 / 4, x 20 = 18.7751: the sales of the agents' own days count in their department.
    # 15 days as service agent: 8 + 10 + 4 + 16.1666 + 18.7751 + 6.8248 + 4.2167 + 5.0847 = 73.0679;
    # 16 days as store operator: 13 + 9 + 10 + 4.3979 + 7 + 8 + 5 + 30 + 5 = 91.3979.
    # (15 x 73.0679 + 16 x 91.3979) / 31 = 82.5286. 900 x 82.5 / 100 = 742.50.
    card = sample.card(OCTOBER, "HY032")

    assert [(part.role.id, part.days) for part in card.spans] == [("service-agent", 15), ("store-operator", 16)]
    assert outcome(card) == ("82.5", "B", "742.5")


def test_a_total_that_rounds_to_the_line_is_paid(sample: Sample) -> None:
    # 279,500 / 400,000 x 40 = 27.95; 900 / 40,000 = 2.25 % of 3 %, x 20 = 15; 96,000 / 24,000 = 4: 15;
    # 490 / 500 = 98 %: 15; report 7. Sum 79.95, which rounds to 80.0. 9,000 x 0.3 x 0.8 = 2,160.
    assert outcome(sample.card(SEPTEMBER, "HY038")) == ("80", "B", "2160")


def test_an_increment_is_attained_by_the_increment(sample: Sample) -> None:
    # 496,000 after 400,000 a month is 24 % more; of 30 % wanted that is 80 %: 32 of 40 points.
    [uplift, level, *_] = sample.card(SEPTEMBER, "HY036").spans[0].items

    assert (uplift.attainment, uplift.points) == (mpq(80, 100), mpq(32))
    assert level.attainment == mpq(85, 90)


def test_attainment_is_told_beyond_100(sample: Sample) -> None:
    sales, satisfaction, retention, *_ = sample.card(SEPTEMBER, "HY034").spans[0].items

    assert [item.attainment for item in (sales, satisfaction, retention)] == [mpq(120, 100), mpq(85, 90), mpq(75, 80)]
    assert sales.points == mpq(20)


def test_growth_of_output_takes_the_month_before(sample: Sample) -> None:
    # 5,360 pieces after 5,210: 2.8791 % of 3 % wanted, x 10.
    [growth] = [
        item for item in sample.card(SEPTEMBER, "HY035").spans[0].items if item.indicator.id == "productivity_growth"
    ]

    assert growth.points == mpq(5360 - 5210, 5210) * 100 / 3 * 10


def test_voluntary_tasks_stand_outside_the_hundred(sample: Sample) -> None:
    # Weekly reports 3 of 4: 3; late twice: 10 - 4 = 6; 20 of 20: 25; 18 of 18: 20; one error: 21 - 3 = 18;
    # 153 of 161 is 95.03 %: 20. Sum 92, and three tasks of 5 each: 107. 5,600 x 0.2 x 1.07 = 1,198.40.
    assert outcome(sample.card(OCTOBER, "HY040")) == ("107", "A", "1198.4")


def test_wages_of_the_service_team_add_up_line_by_line(sample: Sample) -> None:
    # 126,800.5 x 1 % x 0.98 = 1,242.6449; the pool of 52,300.5 x 0.5 % among 3 = 87.1675.
    card = sample.card(SEPTEMBER, "HY041")

    assert [line.amount and plain(line.amount) for line in card.pay] == ["4200", "1242.64", "87.17", "150"]


def test_an_approved_change_of_target_tells_its_reason(sample: Sample) -> None:
    # 269,461.54 / 307,000 x 70 = 61.4407; nobody of 7 left: 10; 6 of 7 passed: 4.2857; 55 of 57 right: 2;
    # 144 of 2,379 members lost = 6.0530 %: 8.2604. Sum 85.9868. 6,800 x 0.4 x 0.86 = 2,339.20.
    card = sample.card(OCTOBER, "HY013")
    target = card.spans[0].items[0].target

    assert target is not None
    assert (target.value, target.origin, target.approved_by) == (mpq(307000), TargetOrigin.PERSON, "陆见川")
    assert target.reason == "商场外墙施工十六天，按停业影响调整"
    assert target.original == mpq(347000)
    assert card.spans[0].items[0].original is not None
    assert card.spans[0].items[0].original.attainment == mpq("269461.54") / 347000
    assert outcome(card) == ("86", "B", "2339.2")


def test_an_accident_holds_the_grade_down(sample: Sample) -> None:
    card = sample.card(SEPTEMBER, "HY007")

    assert card.total is not None
    assert card.total >= 80
    assert card.grade is not None
    assert card.grade.id == "C"


def _scored(owner: Scored) -> tuple[ScorecardItem | Extra, ...]:
    return (*owner.items, *owner.extras)


def _written(item: ScorecardItem | Extra, catalog: Catalog) -> tuple[str, ...]:
    """A rule with the parameters that are written: those that choose among readings with their value."""
    rule = item.standard
    assert rule is not None
    direction = catalog.indicators[item.indicator].direction.value
    keys = sorted(key for key in rule.places if key and "." not in key and key not in ("rule", "note", "examples"))
    chosen = (f"{key}={getattr(rule, key)}" if key in ("lower", "by", "units", "of") else key for key in keys)
    return (rule.rule, direction if rule.rule in ("proportional", "all_or_nothing") else "", *chosen)


def outcome(card: Card) -> tuple[str, str, str]:
    """The total, the grade and the amount of the only pay line."""
    [line] = card.pay
    assert card.total is not None
    assert card.grade is not None
    assert line.amount is not None
    return plain(card.total), card.grade.id, plain(line.amount)


def test_what_is_to_draw_on_has_no_card_that_anybody_is_told_of(sample: Sample) -> None:
    results, catalog = sample.results[OCTOBER], sample.catalog

    told = [unit.person for unit in published_units(results.units, catalog)]

    assert told == ["operations"]
    assert {unit.person for unit in results.units} - {*told} == {"reference-regional-company"}
    assert {"reference-posts", "reference-regional-company"} <= catalog.references()
    assert "operations" not in catalog.references()
    text = "".join(totals_csv(results, catalog, words("zh")))
    assert ",运营部," in text
    assert "区域公司" not in text


def test_weekly_tasks_are_numbers_of_weeks(sample: Sample) -> None:
    """35 of 40 tasks in five weeks, against 95 %: 15 × 87.5 / 95."""
    [item] = [
        each
        for span in sample.card(OCTOBER, "HY008").spans
        for each in span.items
        if each.indicator.id == "weekly_plan"
    ]
    weeks = [week for source in item.sources for reading in source.readings for week in reading.weeks]

    assert len(weeks) == 10
    assert item.actual == mpq(175, 2)
    assert item.points == mpq(15) * mpq(175, 2) / 95
