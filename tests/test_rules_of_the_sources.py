"""The 43 kinds of rule that the sources hold: by what each is expressed, and where the sample company shows it.

Those that compute are found on a scorecard or a card of the sample; those that are no arithmetic, on a page.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

import pytest
from gmpy2 import mpq

from kpibook.catalog import load_catalog
from kpibook.cycle import load_cycles
from kpibook.explain import example_texts, rule_sentence
from kpibook.formulas import Name
from kpibook.model import Catalog, Extra, PayLine, Relation, ScorecardItem, Scored
from kpibook.numbers import show
from kpibook.periods import Period
from kpibook.results import Card, ItemScore, Results
from kpibook.scoring import Standings, score, standings, with_streaks
from kpibook.standards import AllOrNothing, Deduction, Example, Excess, Proportional, Range, Rating, Rule, Shortfall
from kpibook.words import words

ROOT = Path(__file__).parents[1]
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
            each for part in self.card(month, person).slices for each in part.items if each.indicator.id == indicator
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


def the_sample() -> Sample:
    """The sample company, read and scored."""
    catalog = load_catalog(ROOT / "handbook")[0]
    cycles = {cycle.period: cycle for cycle in load_cycles(ROOT / "scorecards", catalog)[0]}
    earlier: dict[Period, Standings] = {}
    results: dict[str, Results] = {}
    for month in ("2026-08", "2026-09", "2026-10"):
        made = score(catalog, cycles[Period.parse(month)], cycles)
        results[month] = with_streaks(made, earlier, catalog.company.streaks)
        earlier[made.cycle.period] = standings(made)
    return Sample(catalog, results)


@pytest.fixture(scope="module")
def sample() -> Sample:
    return the_sample()


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


def _rule(sample: Sample, role: str, indicator: str, kind: type[R]) -> R:
    standard = sample.item(role, indicator).standard
    assert isinstance(standard, kind)
    return standard


def _levels(sample: Sample, role: str, indicator: str) -> list[str]:
    return [level.level for level in _rule(sample, role, indicator, Rating).levels]


def _given(example: Example) -> dict[str, mpq]:
    own = {} if example.actual is None else {"": example.actual}
    return {**own, **{str(name): value for name, value in example.values.items()}}


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
