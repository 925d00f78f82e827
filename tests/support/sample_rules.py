"""The kinds of rules that the sources of the sample company know, and where the sample shows each."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

import pytest
from gmpy2 import mpq

from kpibook.base.periods import Period
from kpibook.model import Catalog, Extra, PayLine, Relation, ScorecardItem
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycles
from kpibook.rules.standards import (
    AllOrNothing,
    Deduction,
    Excess,
    Proportional,
    Range,
    Rating,
    Rule,
    Shortfall,
)
from kpibook.scoring import Standings, score, standings, with_streaks
from kpibook.scoring.results import Card, ItemScore, Results

ROOT = Path(__file__).parents[2]


R = TypeVar("R", bound=Rule)


PAGES = ROOT / "handbook" / "pages"


class Sample(NamedTuple):
    """The sample company and the results of its months."""

    catalog: Catalog
    results: Mapping[str, Results]

    def item(self, role: str, indicator: str) -> ScorecardItem:
        """An item of a role."""
        return next(each for each in self.catalog.roles[role].items if each.indicator == indicator)

    def extra(self, role: str, indicator: str) -> Extra:
        """An extra of a role."""
        return next(each for each in self.catalog.roles[role].extras if each.indicator == indicator)

    def pay(self, role: str, name: str) -> PayLine:
        """A pay line of a role."""
        return next(each for each in self.catalog.roles[role].pay if each.name == name)

    def names(self, indicator: str) -> set[str]:
        """What the formula of an indicator uses."""
        formula = self.catalog.indicators[indicator].formula
        return {str(name) for name in formula.names} if formula else set()

    def card(self, month: str, person: str) -> Card:
        """Somebody's card."""
        return next(card for card in self.results[month].cards if card.person == person)

    def score(self, month: str, person: str, indicator: str) -> ItemScore:
        """An item of somebody's card."""
        return next(
            each for part in self.card(month, person).spans for each in part.items if each.indicator.id == indicator
        )


class Kind(NamedTuple):
    """A kind of rule: what it is, what expresses it, and what of the sample shows that it does."""

    id: str
    what: str
    by: str
    shown: Callable[[Sample], bool]


def rule(sample: Sample, role: str, indicator: str, kind: type[Rule], **parameters: object) -> bool:
    """Whether an item goes by a rule with these parameters, and carries its cases."""
    standard = sample.item(role, indicator).standard
    return isinstance(standard, kind) and all(getattr(standard, key) == value for key, value in parameters.items())


def page(name: str, *texts: str) -> Callable[[Sample], bool]:
    """Whether a page of the handbook says this."""
    return lambda _: all(text in (PAGES / name).read_text(encoding="utf-8") for text in texts)


def weights(sample: Sample, role: str, section: str) -> list[int]:
    """The weights of a section."""
    [found] = [each for each in sample.catalog.roles[role].scorecard if each.section == section]
    return [int(item.weight or 0) for item in found.items]


KINDS = (
    Kind(
        "RK-01",
        "attainment shown without a cap",
        "`attainment` of an item",
        lambda s: s.score("2026-09", "HY034", "sales_value").attainment == mpq(120, 100),
    ),
    Kind(
        "RK-02",
        "in proportion below the target",
        "rule: proportional",
        lambda s: rule(s, "ecommerce-supervisor", "visit_order_rate", Proportional, cap=100),
    ),
    Kind(
        "RK-03",
        "growth over the last period",
        "previous. in a formula",
        lambda s: s.names("order_growth") == {"orders", "previous.orders"},
    ),
    Kind(
        "RK-04",
        "an indicator of parts with points of their own",
        "items of a section",
        lambda s: weights(s, "ecommerce-supervisor", "流量与转化率") == [8, 7, 15],
    ),
    Kind(
        "RK-05",
        "a fixed deduction under the target",
        "rule: all_or_nothing with otherwise",
        lambda s: rule(s, "ecommerce-supervisor", "complaint_timeliness", AllOrNothing, otherwise=1),
    ),
    Kind(
        "RK-06",
        "base quantities, all or nothing",
        "rule: all_or_nothing with require",
        lambda s: len(_rule(s, "store-operator", "traffic_base", AllOrNothing).require) == 3,
    ),
    Kind(
        "RK-07",
        "so much off for each case, never under 0",
        "rule: deduction",
        lambda s: len(_rule(s, "store-operator", "personal_conduct", Deduction).deduct) == 4,
    ),
    Kind(
        "RK-08",
        "a table of steps",
        "deduct: with steps",
        lambda s: _rule(s, "store-operator", "staff_management", Deduction).deduct[0].steps != (),
    ),
    Kind(
        "RK-09",
        "so much off for each unit under the target",
        "rule: shortfall",
        lambda s: rule(s, "store-operator", "trade_value", Shortfall, per=5000, points=3, units="complete"),
    ),
    Kind(
        "RK-10",
        "so much on top for each unit over the target",
        "rule: excess",
        lambda s: isinstance(s.extra("store-operator", "trade_value").standard, Excess),
    ),
    Kind(
        "RK-11",
        "lettered bands",
        "levels of rule: rating",
        lambda s: _levels(s, "home-ecommerce-manager", "learning_growth") == ["A", "B", "C", "D"],
    ),
    Kind(
        "RK-12",
        "bands that overlap in the source",
        "levels; the label is stored with the points",
        lambda s: s.score("2026-09", "HY018", "report_quality").label != "",
    ),
    Kind(
        "RK-13",
        "points off within limits that the assessor chooses",
        "a level from 2 to 3",
        lambda s: _span(s, "ecommerce-supervisor", "teamwork", "协作不佳") == (2, 3),
    ),
    Kind(
        "RK-14",
        "points off for a missed date",
        "rule: deduction",
        lambda s: _losses(s, "home-ecommerce-manager", "plans_and_reviews") == [mpq(2), mpq(3)],
    ),
    Kind(
        "RK-15",
        "less is better, with a target",
        "lower: inverse or linear",
        lambda s: rule(s, "store-manager", "member_churn", Proportional, lower="inverse"),
    ),
    Kind(
        "RK-16",
        "a limit that is kept or not",
        "rule: all_or_nothing, lower is better",
        lambda s: rule(s, "service-agent", "banned_word_count", AllOrNothing),
    ),
    Kind(
        "RK-17",
        "the ratio of two numbers",
        "formula of an indicator",
        lambda s: s.names("order_conversion") == {"buyers", "visitors"},
    ),
    Kind(
        "RK-18",
        "compared with one's peers",
        "department_mean. in a formula",
        lambda s: s.names("peer_value_ratio") == {"paid_value", "department_mean.paid_value"},
    ),
    Kind(
        "RK-19",
        "no pay below 80",
        "when: of a pay line",
        lambda s: _text(s.pay("home-channel-manager", "绩效工资")) == "total >= 80",
    ),
    Kind(
        "RK-20",
        "rounded half up to one decimal",
        "rounding:",
        lambda s: (s.catalog.company.rounding.score, s.catalog.company.rounding.at) == (1, "total"),
    ),
    Kind(
        "RK-21",
        "points beyond 100",
        "extras with max",
        lambda s: (
            s.extra("site-editor", "voluntary_tasks").most == mpq(20) and s.card("2026-10", "HY040").total == mpq(107)
        ),
    ),
    Kind(
        "RK-22",
        "who was away for too long is left out",
        "eligibility:",
        lambda s: s.catalog.company.eligibility.max_absent_days == mpq(60),
    ),
    Kind(
        "RK-23",
        "three times on end",
        "streaks:",
        lambda s: [(streak.cycles, streak.gap) for streak in s.catalog.company.streaks] == [(3, "skipped")] * 2,
    ),
    Kind(
        "RK-24",
        "ranked by total",
        "rank:",
        lambda s: (s.card("2026-09", "HY011").rank, s.card("2026-09", "HY011").ranked) == (1, 6),
    ),
    Kind(
        "RK-25",
        "a weighted sum",
        "weights that make 100",
        lambda s: (
            [item.weight for item in s.catalog.departments["operations"].items]
            == [mpq(weight) for weight in (40, 20, 15, 15, 10)]
        ),
    ),
    Kind(
        "RK-26",
        "several raters",
        "raters: by relation, and missing_rater",
        lambda s: set(s.item("service-supervisor", "teamwork").raters or ()) == set(_three()),
    ),
    Kind(
        "RK-27",
        "one's own score beside the assessor's",
        "raters: with self: 0",
        lambda s: (
            len(s.score("2026-10", "HY037", "teamwork").ratings) == 2
            and s.score("2026-10", "HY037", "rule_building").points == mpq(22)
        ),
    ),
    Kind(
        "RK-28",
        "grades with what follows",
        "grades.yml",
        lambda s: len([grade for grade in s.catalog.grades if all(vars(grade.consequences).values())]) >= 5,
    ),
    Kind(
        "RK-29",
        "a grade that asks for several things at once",
        "when: and roles: of a grade",
        lambda s: len(s.catalog.grades[0].when) == 2 and _grade(s.card("2026-08", "HY026")) == "B",
    ),
    Kind(
        "RK-30",
        "pay in proportion to the score",
        "formula: of a pay line",
        lambda s: [line.amount for line in s.card("2026-10", "HY019").pay] == [mpq(936)],
    ),
    Kind(
        "RK-31",
        "a pool shared by heads",
        "pool: of a pay line",
        lambda s: s.pay("home-service-agent", "公共绩效提成").pool is not None,
    ),
    Kind(
        "RK-32",
        "a wage of several parts",
        "pay lines that stand side by side",
        lambda s: len(s.catalog.roles["home-service-agent"].pay) == 4,
    ),
    Kind(
        "RK-33",
        "a target changed on conditions, with approval",
        "targets.csv and a page",
        lambda s: (
            _original(s.score("2026-10", "HY013", "store_sales")) == mpq(347000)
            and page("policies/targets.md", "只有下面三种情况可以在期中调整", "批准")(s)
        ),
    ),
    Kind(
        "RK-34",
        "a target that serves the one above",
        "supports: and a page",
        lambda s: (
            s.item("area-manager", "sales_attainment").supports == "sales_attainment"
            and page("policies/cascade.md", "承接")(s)
        ),
    ),
    Kind(
        "RK-35",
        "points on top and off as a kind of their own",
        "extras:",
        lambda s: sum(bool(role.extras) for role in s.catalog.roles.values()) >= 2,
    ),
    Kind(
        "RK-36",
        "numbers compared, without points",
        "compares: of an indicator",
        lambda s: (
            [len(s.score("2026-09", "HY025", key).findings) for key in ("campaign_value_share", "campaign_conversion")]
            == [1, 1]
        ),
    ),
    Kind(
        "RK-37",
        "nothing off where there were no cases",
        "exempt: of an item",
        lambda s: (
            s.score("2026-10", "HY019", "after_sales_followup").status == "not_applicable"
            and s.score("2026-10", "HY019", "after_sales_followup").points == mpq(5)
        ),
    ),
    Kind(
        "RK-38",
        "between two numbers",
        "rule: range",
        lambda s: rule(s, "ecommerce-manager", "channels_running", Range, low=3, high=5),
    ),
    Kind(
        "RK-39",
        "a target of 100 %",
        "rule: proportional with target 100",
        lambda s: s.item("store-manager", "account_accuracy").target == mpq(100),
    ),
    Kind(
        "RK-40",
        "a month's target in weeks",
        "a page, and an indicator of the weeks' plans",
        lambda s: (
            "weekly_plan" in s.catalog.indicators
            and page("policies/operating.md", "月度目标分到每周", "indicators/weekly_plan.md")(s)
        ),
    ),
    Kind(
        "RK-41",
        "the gap to a plan or a budget",
        "formula: over plan and actual",
        lambda s: (
            {"project_delay_rate", "operating_cost_execution"}
            <= {item.indicator for item in s.catalog.departments["operations"].items}
        ),
    ),
    Kind(
        "RK-42",
        "a rate of commission",
        "formula: of a pay line; a form with blanks where the source is blank",
        lambda s: (
            s.pay("home-service-agent", "个人绩效提成").formula is not None
            and page("policies/agreement.md", "业绩提成比例：＿")(s)
        ),
    ),
    Kind(
        "RK-43",
        "raised by 30 %, or to 90 %",
        "two indicators with a formula each",
        lambda s: (
            s.names("sales_uplift") == {"sales", "sales_base"}
            and s.item("home-growth-lead", "customer_satisfaction").target == mpq(90)
        ),
    ),
)


def the_sample() -> Sample:
    """The sample company, read and scored."""
    catalog = load_catalog(ROOT / "handbook")[0]
    cycles = {cycle.period: cycle for cycle in load_cycles(ROOT / "scorecards", catalog)[0]}
    earlier: dict[Period, Standings] = {}
    results: dict[str, Results] = {}
    for month in ("2026-08", "2026-09", "2026-10"):
        made = score(catalog, cycles[Period.parse(month)], cycles)
        results[month] = with_streaks(made, earlier, catalog.company)
        earlier[made.cycle.period] = standings(made)
    return Sample(catalog, results)


@pytest.fixture(scope="session")
def sample() -> Sample:
    return the_sample()


def _rule(sample: Sample, role: str, indicator: str, kind: type[R]) -> R:
    standard = sample.item(role, indicator).standard
    assert isinstance(standard, kind)
    return standard


def _levels(sample: Sample, role: str, indicator: str) -> list[str]:
    return [level.level for level in _rule(sample, role, indicator, Rating).levels]


def _losses(sample: Sample, role: str, indicator: str) -> list[mpq | None]:
    return [row.points for row in _rule(sample, role, indicator, Deduction).deduct]


def _span(sample: Sample, role: str, indicator: str, name: str) -> tuple[object, object]:
    [level] = [level for level in _rule(sample, role, indicator, Rating).levels if level.level == name]
    return level.lowest, level.highest


def _text(line: PayLine) -> str:
    return line.when.text if line.when else ""


def _three() -> tuple[Relation, ...]:
    return Relation.MANAGER, Relation.REPORT, Relation.PEER


def _grade(card: Card) -> str:
    return card.grade.id if card.grade else ""


def _original(found: ItemScore) -> object:
    return found.target.original if found.target else None
