"""The pages of the handbook: whole pages of a small company, and what must hold for any."""

import datetime
import html
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import markdown
import pyromark
import pytest
import yaml
from gmpy2 import mpq

from kept import Golden
from kpibook.authoring.reference import FILES, RULES
from kpibook.base.history import Commit
from kpibook.base.periods import Period, PeriodKind
from kpibook.base.words import LANGUAGES, words
from kpibook.checking.lint import CODES
from kpibook.model import Catalog, Company, Cycle, CycleStatus, Department, Grade, Indicator, Measure, Role, Schedule
from kpibook.pages.handbook.guide import TABLES, example_of
from kpibook.pages.handbook.home import current_cycle
from kpibook.pages.handbook.navigation import handbook_nav
from kpibook.pages.handbook.rendering import NOTHING, HandbookFacts, handbook_pages
from kpibook.pages.paths import indicator_page, role_page
from kpibook.pages.prose import check_prose, read_prose
from kpibook.reading.catalog import load_catalog
from kpibook.scoring.distributions import CycleDistributions, Quartiles

COMPANY = Path(__file__).parents[1] / "company"
HOSTILE = '<script>|"\n--8<-- "x" {{ y }} {: z }'
LINK = re.compile(r"\]\(([^)]*)\)")
CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


@pytest.fixture(scope="module")
def shop() -> Catalog:
    catalog, problems = load_catalog(COMPANY / "handbook")
    assert not problems
    return catalog


def a_cycle(period: str, status: CycleStatus = CycleStatus.CLOSED, **days: datetime.date) -> Cycle:
    return Cycle(
        Period.parse(period), f"周期 {period}", PeriodKind.MONTH, status, Schedule.build(**days), f"scorecards/{period}"
    )


def a_catalog(**parts: object) -> Catalog:
    catalog = Catalog(Company.build(name="公司", language="zh"), {}, (), {}, {}, {})
    return replace(catalog, **parts)  # type: ignore[arg-type]


def a_role(**values: object) -> Role:
    return Role.build(**{"id": "clerk", "name": "店员", "department": "shop", **values})


def pages_of(
    catalog: Catalog,
    *cycles: Cycle,
    language: str = "zh",
    prose: Mapping[str, str] = {},
    known: HandbookFacts = NOTHING,
) -> dict[str, str]:
    return handbook_pages(catalog, cycles, words(language), prose, known)


def the_shop(role: Role, *indicators: Indicator) -> Catalog:
    return a_catalog(
        departments={"shop": Department.build(id="shop", name="门店")},
        indicators={indicator.id: indicator for indicator in indicators},
        roles={role.id: role},
    )


def an_indicator(identifier: str = "sales", **values: object) -> Indicator:
    return Indicator.build(**{"id": identifier, "name": "销售额", "unit": "元", "direction": "higher", **values})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_a_small_company(shop: Catalog, golden: Golden, language: str) -> None:
    cycles = (
        a_cycle("2026-09"),
        a_cycle("2026-10", CycleStatus.OPEN, collect_by=datetime.date(2026, 11, 5)),
    )
    prose, _ = read_prose(COMPANY / "handbook" / "pages", "handbook/pages")

    pages = handbook_pages(shop, cycles, words(language), prose)

    golden.check(f"handbook/{language}", pages)


def test_every_page_begins_with_its_title_and_ends_with_its_source(shop: Catalog) -> None:
    pages = pages_of(shop)

    for path, page in pages.items():
        front = yaml.safe_load(page.split("---\n")[1])
        assert front["title"], path
        assert front["source"].startswith("handbook/"), path
        assert page.splitlines()[-1].startswith('<p class="kpi-source">负责：'), path
        assert front["source"] not in page.split("---\n", 2)[2] or path.startswith("guide/"), path


def test_every_link_leads_to_a_page(shop: Catalog) -> None:
    pages = pages_of(shop, prose={"policies/a.md": "# 制度\n"})

    targets = {
        (path, target.partition("#")[0]) for path, page in pages.items() for target in LINK.findall(page) if target
    }

    assert targets
    lost = {(path, to) for path, to in targets if (Path("/") / path).parent.joinpath(to).resolve() not in paths(pages)}
    assert not lost


def paths(pages: Mapping[str, str]) -> set[Path]:
    return {Path("/") / path for path in pages}


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_renderers_show_the_same_text(shop: Catalog, language: str) -> None:
    options = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_HEADING_ATTRIBUTES
    pages = pages_of(shop, a_cycle("2026-10"), language=language)

    for path, page in pages.items():
        body = page.split("\n---\n", 1)[1]
        by_python = markdown.markdown(body, extensions=["tables", "attr_list", "md_in_html", "def_list", "toc"])
        assert visible(by_python) == visible(str(pyromark.html(body, options=options))), path


def visible(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_headings_of_a_page_have_ids_of_their_own(shop: Catalog) -> None:
    pages = pages_of(shop)

    for path, page in pages.items():
        headings = [line for line in page.splitlines() if re.match(r"#+ ", line)]
        anchors = [re.search(r" \{#([a-z0-9_-]+)\}$", line) for line in headings]
        assert all(anchors), path
        assert len({anchor[1] for anchor in anchors if anchor}) == len(headings), path


def test_the_generator_adds_no_chinese_word_to_english_pages() -> None:
    role = Role.build(
        id="clerk",
        name="Clerk",
        department="shop",
        status="approved",
        by="CEO",
        on="2026-09-01",
        duties=[{"name": "Sell", "share": "80"}],
        authority=["Prices"],
        qualifications={"education": "School", "skills": ["Talking", "Counting"]},
        scorecard=[
            {
                "section": "Sales",
                "items": [
                    {
                        "indicator": "sales",
                        "weight": "100",
                        "target": "10",
                        "standard": {"rule": "proportional", "floor": "60"},
                    }
                ],
            }
        ],
        gates=[{"when": "total < 60", "grade_at_most": "C"}, {"when": "total < 70", "total_at_most": "60"}],
        pay=[{"name": "Bonus", "formula": "total * 2", "when": "total > 80"}, {"name": "Base", "formula": "100"}],
    )
    catalog = a_catalog(
        company=Company.build(name="Shop", language="en", eligibility={"max_absent_days": "30"}),
        departments={"shop": Department.build(id="shop", name="Shop", head="clerk")},
        measures={"sales": Measure.build(id="sales", name="Sales", unit="CNY", owner="shop")},
        indicators={"sales": an_indicator(name="Sales", unit="CNY", formula="previous.sales")},
        grades=(
            Grade.build(id="A", name="good", from_="80", consequences={"pay": "more"}, meaning="well done"),
            Grade.build(id="C", name="bad", from_="0", factor="0", fail="true"),
        ),
        roles={"clerk": role},
    )

    pages = pages_of(catalog, language="en")

    assert {path: CHINESE.findall(page) for path, page in pages.items() if CHINESE.search(page)} == {}


def test_an_empty_catalog_has_its_pages_too() -> None:
    pages = pages_of(a_catalog())

    assert "还没有内容。" in pages["roles/index.md"]
    assert "还没有内容。" in pages["indicators/index.md"]
    assert "还没有内容。" in pages["measures.md"]
    assert "还没有内容。" in pages["departments/index.md"]
    assert "还没有内容。" in pages["grades.md"]
    assert "kpi-tiles" not in pages["index.md"]


@pytest.mark.parametrize(
    ("standard", "extras", "expected"),
    [
        ({"rule": "proportional"}, [], "满分 100 分。"),
        ({"rule": "proportional", "cap": "120"}, [], "满分 120 分：权重合计 100 分，其余来自超额完成和加分。"),
        ({"rule": "proportional"}, [{"max": "5"}], "满分 105 分：权重合计 100 分，其余来自超额完成和加分。"),
        (
            {"rule": "proportional", "cap": "120"},
            [{"max": "5", "min": "-3"}],
            "满分 125 分：权重合计 100 分，其余来自超额完成和加分。",
        ),
        ({"rule": "proportional"}, [{}], "权重合计 100 分，另有不封顶的加分。"),
    ],
)
def test_a_role_tells_the_most_that_can_be_reached(
    standard: dict[str, str], extras: list[dict[str, str]], expected: str
) -> None:
    item = {"indicator": "sales", "weight": "100", "target": "10", "standard": standard}
    excess = {"indicator": "sales", "target": "10", "standard": {"rule": "excess", "per": "1", "points": "1"}}
    role = a_role(scorecard=[{"section": "业绩", "items": [item]}], extras=[{**excess, **limits} for limits in extras])

    page = pages_of(the_shop(role, an_indicator()))["roles/clerk.md"]

    assert f"\n{expected}\n" in page


def test_hostile_names_stay_text_on_every_page() -> None:
    role = a_role(
        name=HOSTILE,
        purpose=HOSTILE,
        by=HOSTILE,
        note=HOSTILE,
        authority=[HOSTILE],
        duties=[{"name": HOSTILE, "content": HOSTILE, "requirement": HOSTILE, "note": HOSTILE}],
        qualifications={"education": HOSTILE, "skills": [HOSTILE, HOSTILE]},
        scorecard=[{"section": HOSTILE, "note": HOSTILE, "items": [{"indicator": "sales", "note": HOSTILE}]}],
        gates=[{"when": "total < 1", "name": HOSTILE, "note": HOSTILE, "grade_at_most": HOSTILE}],
        pay=[{"name": HOSTILE, "formula": "1", "note": HOSTILE}],
    )
    indicator = an_indicator(name=HOSTILE, definition=HOSTILE, unit=HOSTILE, perspective=HOSTILE, source=HOSTILE)
    catalog = replace(
        the_shop(role, indicator),
        company=Company.build(name=HOSTILE, language="zh", intro=HOSTILE, note=HOSTILE),
        departments={"shop": Department.build(id="shop", name=HOSTILE, head="clerk", purpose=HOSTILE, note=HOSTILE)},
        grades=(Grade.build(id=HOSTILE, name=HOSTILE, from_="0", note=HOSTILE, consequences={"pay": HOSTILE}),),
    )

    pages = pages_of(catalog)

    for path, page in pages.items():
        body = page.split("\n---\n", 1)[1]
        assert "<script" not in body, path
        assert "--8<--" not in body, path
        assert "{{" not in body, path
        assert "{:" not in body, path


def test_a_role_without_approval_says_so() -> None:
    pages = pages_of(the_shop(a_role()))

    assert '<span class="kpi-chip kpi-chip--warn">草稿：尚未批准，仅供讨论</span>' in pages["roles/clerk.md"]


def test_shares_that_leave_a_gap_name_it() -> None:
    role = a_role(duties=[{"name": "销售", "share": "60"}, {"name": "盘点"}])

    page = pages_of(the_shop(role))["roles/clerk.md"]

    assert "各项职责占用时间合计 60%，距 100% 还差 40%，尚未分配。" in page
    assert "| 盘点 | — |" in page


def test_duties_without_any_share_have_no_column_for_it() -> None:
    page = pages_of(the_shop(a_role(duties=[{"name": "销售"}])))["roles/clerk.md"]

    assert "| 销售 |\n" in page
    assert "占用时间" not in page


def test_a_scorecard_without_weights_is_described_only() -> None:
    role = a_role(scorecard=[{"section": "业绩", "items": [{"indicator": "sales"}]}])

    pages = pages_of(the_shop(role, an_indicator()))

    assert "这些指标只作描述，没有权重，不计算得分。" in pages["roles/clerk.md"]
    assert "满分" not in pages["roles/clerk.md"]
    assert "kpi-shares" not in pages["roles/clerk.md"]


def test_a_role_without_indicators_has_no_forms() -> None:
    pages = pages_of(the_shop(a_role()))

    assert "sheets/clerk.md" not in pages
    assert "打印" not in pages["roles/clerk.md"]


def test_forms_stay_out_of_the_search() -> None:
    role = a_role(scorecard=[{"section": "业绩", "items": [{"indicator": "sales"}]}])

    sheet = pages_of(the_shop(role, an_indicator()))["sheets/clerk.md"]

    assert yaml.safe_load(sheet.split("---\n")[1])["search"] == {"exclude": True}


def test_a_described_only_scorecard_keeps_its_rules_in_words() -> None:
    item = {"indicator": "sales", "target": "100", "standard": {"rule": "proportional"}}
    role = a_role(scorecard=[{"section": "业绩", "items": [item]}])

    page = pages_of(the_shop(role, an_indicator()))["roles/clerk.md"]

    assert "kpi-curve" not in page


def test_an_indicator_that_is_rated_names_no_supplier() -> None:
    item = {"indicator": "manner", "weight": "100", "standard": {"rule": "rating"}}
    role = a_role(scorecard=[{"section": "态度", "items": [item]}])

    pages = pages_of(the_shop(role, an_indicator("manner", name="态度", owner="shop")))

    assert "没有公式：由评分人按评分标准给分。" in pages["indicators/manner.md"]
    assert "所需数据" not in pages["indicators/manner.md"]
    assert "态度" not in pages["measures.md"]


def test_an_indicator_without_a_formula_is_supplied_by_its_owner() -> None:
    pages = pages_of(the_shop(a_role(), an_indicator(owner="shop", accumulate="last")))

    assert "没有公式：直接采用所提供的数据。" in pages["indicators/sales.md"]
    assert "目前没有岗位使用这个指标。" in pages["indicators/sales.md"]
    assert (
        "| [销售额](indicators/sales.md) | 元 |  | 每月 | 取最后一个月 | [销售额](indicators/sales.md) |"
        in (pages["measures.md"])
    )


def test_measures_that_a_rule_counts_are_named_with_their_indicator() -> None:
    item = {
        "indicator": "complaints",
        "weight": "100",
        "standard": {"rule": "deduction", "deduct": [{"measure": "cases", "points": "5"}]},
    }
    role = a_role(scorecard=[{"section": "服务", "items": [item]}])
    catalog = replace(
        the_shop(role, an_indicator("complaints", name="投诉", direction="lower")),
        measures={"cases": Measure.build(id="cases", name="投诉次数", unit="次", owner="shop")},
    )

    pages = pages_of(catalog)

    assert "| 投诉次数 | 次 |  | 每月 | 相加 | [投诉](indicators/complaints.md) |" in pages["measures.md"]
    assert "| 投诉次数 | 次 | 门店 |  | 每月 | 相加 | [投诉](complaints.md) |" in pages["indicators/complaints.md"]


def test_a_formula_reads_in_words_with_its_scopes() -> None:
    catalog = replace(
        the_shop(a_role(), an_indicator("growth", name="增长率", formula="(sales - previous.sales) / previous.sales")),
        measures={"sales": Measure.build(id="sales", name="销售额", unit="元", owner="shop")},
    )

    page = pages_of(catalog)["indicators/growth.md"]

    assert "**增长率 = (销售额 &#45; 上期销售额) ÷ 上期销售额**" in page


def test_the_current_cycle_is_the_newest_open_one() -> None:
    open_cycle = a_cycle("2026-09", CycleStatus.OPEN)

    assert current_cycle((open_cycle, a_cycle("2026-10", CycleStatus.PLANNED))) is open_cycle
    assert current_cycle(()) is None


def test_without_an_open_cycle_the_newest_is_shown() -> None:
    newest = a_cycle("2026-10")

    assert current_cycle((a_cycle("2026-09"), newest)) is newest


def test_a_cycle_shows_only_the_days_that_are_set() -> None:
    cycle = a_cycle("2026-10", CycleStatus.OPEN, review_by=datetime.date(2026, 11, 8))

    home = pages_of(a_catalog(), cycle)["index.md"]

    assert "## 周期 2026-10考核 {#cycle}" in home
    assert '<span class="kpi-chip kpi-chip--warn">进行中</span>' in home
    assert '- <time datetime="2026-11-08">11月8日（周日）</time> 评分和面谈结束\n' in home
    assert "交齐考核数据" not in home


def test_grades_show_the_line_under_which_one_fails(shop: Catalog) -> None:
    assert "合格线是 60 分：低于 60 分为 C（不合格），视为不合格。" in pages_of(shop)["grades.md"]


def test_grades_without_a_failing_one_have_no_such_line() -> None:
    catalog = a_catalog(grades=(Grade.build(id="A", name="好", from_="0"),))

    page = pages_of(catalog)["grades.md"]

    assert "合格线" not in page
    assert "绩效系数" not in page


def test_a_grade_names_what_it_asks_for_beside_the_total() -> None:
    best = Grade.build(id="A", name="优秀", from_="90", when=["on_time == 1", "total >= 95"])
    catalog = a_catalog(
        grades=(best, Grade.build(id="B", name="良好", from_="0")),
        measures={"on_time": Measure.build(id="on_time", name="按时完成", unit="", owner="shop")},
    )

    page = pages_of(catalog)["grades.md"]

    assert "优秀<br><small>另须符合：按时完成 = 1；总分 ≥ 95</small>" in page
    assert page.count("另须符合") == 1


def test_what_is_noted_of_a_grade_stands_below_the_table() -> None:
    grades = (
        Grade.build(id="A", name="优秀", from_="90", note="每部门不设名额"),
        Grade.build(id="B", name="良好", from_="0"),
    )

    page = pages_of(a_catalog(grades=grades))["grades.md"]

    assert [line for line in page.splitlines() if "每部门" in line] == ["- **A（优秀）**：每部门不设名额"]
    assert '| <b class="kpi-grade kpi-grade-1">A</b> | 优秀 | 90 |' in page
    assert "- **B" not in page


def test_streaks_are_told_with_the_grades() -> None:
    streaks = [
        {"name": "月度冠军", "when": "rank == 1", "cycles": 3, "amount": 200, "note": "随工资发放"},
        {"name": "连续不合格", "when": "failed", "cycles": 3, "gap": "skipped", "again": "each"},
    ]
    company = Company.build(name="公司", language="zh", streaks=streaks)

    page = pages_of(a_catalog(company=company))["grades.md"]

    assert (
        "- **月度冠军**：连续 3 个周期符合“名次 = 1”的，给予 ¥200.00。"
        "至少 2 人一起排名，名次才算。等级不合格的，名次再好也不算。"
        "中间有一期没出总分就重新算起；满一次后重新数起。<br><small>说明：随工资发放</small>\n"
    ) in page
    assert (
        "- **连续不合格**：连续 3 个周期符合“不合格”的，在考核表上提醒，由有关人员处理，不会自动生效。"
        "没出总分的周期跳过不算；满了以后，每多一期就再算一次。\n"
    ) in page


def test_an_indicator_names_what_its_comparisons_tell() -> None:
    sales = an_indicator(compares=[{"when": "sales < previous.sales", "says": "比上期少"}])

    page = pages_of(a_catalog(indicators={"sales": sales}))["indicators/sales.md"]

    assert "- 销售额 &#60; 上期销售额：比上期少\n" in page


def test_a_pay_line_that_shares_a_pool_says_how() -> None:
    pay = [
        {"name": "提成", "pool": "company.sales * 0.005", "among": "department", "by": "total", "when": "total >= 60"}
    ]

    page = pages_of(the_shop(a_role(pay=pay), an_indicator()))["roles/clerk.md"]

    assert "提成 = 全公司销售额 × 0.005，本部门内按“总分”分配<br><small>总分 ≥ 60，否则为 0</small>\n" in page


def test_the_examples_of_a_rule_stand_below_it() -> None:
    standard = {"rule": "proportional", "examples": [{"actual": "28", "points": "12", "note": "原文"}]}
    items = [{"indicator": "sales", "weight": "15", "target": "35", "standard": standard}]
    role = a_role(scorecard=[{"section": "业绩", "items": items}])

    page = pages_of(the_shop(role, an_indicator()))["roles/clerk.md"]

    assert "<br><small>例：实际值 28 元，得 12 分（原文）</small>" in page


def test_an_id_that_is_taken_gets_a_page_that_no_id_can_have() -> None:
    assert role_page("index") == "roles/index_-.md"
    assert indicator_page("con") == "indicators/con_-.md"
    assert role_page("clerk") == "roles/clerk.md"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"missing": "block"}, "任何一项实际数据缺失时，不出总分"),
        ({"missing": "exclude"}, "实际数据缺失的项目不计"),
        ({"missing": "zero"}, "实际数据缺失的项目按 0 分计算"),
        ({"rounding": {"score": "2"}}, "只在最后对总分四舍五入一次，保留 2 位小数"),
        ({"rounding": {"at": "item", "score": "0"}}, "每一项得分先四舍五入到 0 位小数"),
        ({"eligibility": {"max_absent_days": "45"}}, "缺勤超过 45 天的人不参加考核"),
        ({}, "公司没有规定缺勤多少天以上不参加考核"),
        ({"rank": {"within": "department"}}, "排名范围：同一部门"),
        ({"raters": {"manager": "3", "peer": "1"}}, "上级 75%、同事 25%"),
        ({"missing_rater": "block"}, "各类评分人都评完才计分"),
        ({"rank": {"ties": "dense"}}, "其后的名次不跳号，例如 1、1、2"),
        ({"pay_after_transfer": "days"}, "薪酬按各岗位分别计算，再按任职天数折算"),
    ],
)
def test_the_guide_says_what_the_company_has_set(settings: Mapping[str, object], expected: str) -> None:
    catalog = a_catalog(company=Company.build(name="公司", language="zh", **settings))

    assert expected in pages_of(catalog)["guide/scores.md"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_of_the_guide_has_an_example_that_loads(language: str) -> None:
    say = words(language)

    rules = {rule: example_of(rule, say(f"handbook.rule.{rule}.example"))[1].standard for rule in RULES}

    assert {rule: standard.rule for rule, standard in rules.items() if standard} == {rule: rule for rule in RULES}


def test_the_reference_names_every_file_and_table(shop: Catalog) -> None:
    page = pages_of(shop)["guide/files.md"]

    assert re.findall(r"\{#(?:file|table)-(\w+)\}", page) == [*FILES, "page", *TABLES]
    assert "| <code>order</code> | — |" in page
    assert "| <code>rounding&#46;at</code> | total |" in page
    assert "| <code>raters</code> | manager: 1 |" in page
    assert "| <code>from</code> | 必填 |" in page


def test_the_navigation_groups_roles_by_department_and_indicators_by_perspective(shop: Catalog) -> None:
    pages = pages_of(shop, prose={"policies/b.md": "", "policies/index.md": "", "a.md": ""})

    say = words("zh")

    nav = handbook_nav(shop, say, pages)

    strict = ["guide/lint/index.md", *({say(f"lint.page.{code}.title"): f"guide/lint/{code}.md"} for code in CODES)]
    assert nav == [
        {"首页": "index.md"},
        {"岗位": ["roles/index.md", {"门店部": [{"茶艺师": "roles/barista.md"}, {"店长": "roles/shop-manager.md"}]}]},
        {
            "指标": [
                "indicators/index.md",
                {"财务": [{"个人销售额": "indicators/sales_volume.md"}]},
                {"客户": [{"成交率": "indicators/conversion.md"}, {"顾客投诉": "indicators/complaint_count.md"}]},
                {"其他": [{"工作态度": "indicators/attitude.md"}]},
                {"数据由谁提供": "measures.md"},
            ]
        },
        {
            "组织": [
                {"组织结构": "organisation.md"},
                {
                    "部门一览": [
                        "departments/index.md",
                        {"门店部": "departments/shop.md"},
                        {"支持部": "departments/support.md"},
                    ]
                },
                {"等级与结果": "grades.md"},
            ]
        },
        {"制度与表单": [{"周期日历": "calendar.md"}, "a.md", "policies/index.md", "policies/b.md"]},
        {
            "编写指南": [
                "guide/index.md",
                "guide/files.md",
                "guide/rules.md",
                "guide/scores.md",
                "guide/form.md",
                {"严格检查": strict},
            ]
        },
    ]


def test_pages_written_by_hand_stand_in_the_order_of_their_numbers(shop: Catalog) -> None:
    orders = {"policies/b.md": "20", "policies/index.md": "3", "a.md": "", "c.md": "0", "policies/d.md": "-1"}
    prose = {path: f"---\norder: {order}\n---\n" if order else "" for path, order in orders.items()}

    nav = handbook_nav(shop, words("zh"), pages_of(shop, prose=prose), prose)

    by_hand = ["policies/d.md", "c.md", "policies/index.md", "policies/b.md", "a.md"]
    assert {"制度与表单": [{"周期日历": "calendar.md"}, *by_hand]} in nav


def test_every_page_but_the_forms_stands_in_the_navigation(shop: Catalog) -> None:
    pages = pages_of(shop)

    named = re.findall(r"[\w/-]+\.md", str(handbook_nav(shop, words("zh"), pages)))

    assert sorted(named) == sorted(path for path in pages if not path.startswith("sheets/"))


def test_a_company_without_policies_has_the_calendar_alone(shop: Catalog) -> None:
    nav = handbook_nav(shop, words("zh"), pages_of(shop))

    assert {"制度与表单": [{"周期日历": "calendar.md"}]} in nav


def test_pages_say_who_answers_for_them_and_when_they_changed(shop: Catalog) -> None:
    changed = {
        "roles/barista.yml": datetime.date(2026, 10, 3),
        "roles/shop-manager.yml": datetime.date(2026, 11, 2),
        "departments.yml": datetime.date(2026, 9, 1),
    }

    pages = pages_of(shop, known=HandbookFacts(changed))

    ends = {path: page.splitlines()[-1].removeprefix('<p class="kpi-source">') for path, page in pages.items()}
    assert ends["roles/barista.md"] == "负责：门店部 · 最后修改：2026年10月3日</p>"
    assert ends["sheets/barista.md"] == ends["roles/barista.md"]
    assert ends["departments/shop.md"] == "负责：店长 · 最后修改：2026年9月1日</p>"
    assert ends["roles/index.md"] == "负责：小满茶铺 · 最后修改：2026年11月2日</p>"
    assert ends["indicators/conversion.md"] == "负责：支持部</p>"
    assert ends["grades.md"] == "负责：小满茶铺</p>"


def test_the_keeper_of_the_handbook_answers_for_every_page_that_is_no_others(shop: Catalog) -> None:
    kept = replace(shop, company=Company.build(name="小满茶铺", language="zh", owner="support"))
    prose = {
        "policies/a.md": "# 制度\n",
        "policies/b.md": "---\nowner: shop\n---\n# 收银\n",
        "policies/c.md": "---\nowner: 工会\n---\n# 申诉\n",
    }

    pages = pages_of(kept, a_cycle("2026-10"), prose=prose)

    owners = {path: page.splitlines()[-1].partition("负责：")[2].removesuffix("</p>") for path, page in pages.items()}
    assert all(owners.values())
    assert (
        owners["index.md"] == owners["calendar.md"] == owners["organisation.md"] == owners["guide/index.md"] == "支持部"
    )
    assert [owners[path] for path in prose] == ["支持部", "门店部", "工会"]
    assert check_prose(prose, "handbook") == ()
    assert "owner" not in pages["policies/b.md"]


def test_pages_of_whole_folders_changed_when_the_last_of_their_files_did(shop: Catalog) -> None:
    changed = {
        "roles/barista.yml": datetime.date(2026, 10, 3),
        "grades.yml": datetime.date(2026, 11, 2),
        "scorecards/2026-10/cycle.yml": datetime.date(2026, 9, 30),
    }
    history = {"grades.yml": (Commit(datetime.date(2026, 11, 2), "周行", "grades", "a" * 40),)}

    pages = pages_of(shop, a_cycle("2026-10"), known=HandbookFacts(changed, history=history))

    ends = {path: page.splitlines()[-1].rpartition(" · ")[2] for path, page in pages.items()}
    assert ends["roles/index.md"] == "最后修改：2026年10月3日</p>"
    assert ends["changes.md"] == "最后修改：2026年11月2日</p>"
    assert ends["calendar.md"] == "最后修改：2026年9月30日</p>"


@pytest.fixture
def with_reference() -> Catalog:
    departments = [
        Department.build(id="office", name="总部"),
        Department.build(id="shop", name="门店", parent="office", duties=[{"name": "卖货"}]),
        Department.build(id="posts", name="范本库", parent="office", reference="true"),
        Department.build(id="centre", name="中心范本", parent="posts", duties=[{"name": "甲"}, {"name": "乙"}]),
    ]
    card = [{"section": "业绩", "items": [{"indicator": "sales"}]}]
    roles = [
        a_role(scorecard=card, reports_to="chief"),
        a_role(id="chief", name="经理", scorecard=card),
        a_role(id="model", name="店员范本", department="posts", scorecard=card, status="approved", by="某公司"),
    ]
    return a_catalog(
        departments={each.id: each for each in departments},
        roles={each.id: each for each in roles},
        indicators={"sales": an_indicator()},
    )


def test_material_to_draw_on_stands_apart_from_the_company(with_reference: Catalog) -> None:
    pages = pages_of(with_reference)

    parts = {path: page.partition("## 资料与范本 {#reference}") for path, page in pages.items()}
    for path in ("organisation.md", "departments/index.md", "roles/index.md"):
        own, _, apart = parts[path]
        assert "门店" in own
        assert "范本" not in own.partition("---\n\n#")[2], path
        assert "范本库" in apart, path
        assert "不属于公司的组织，没有人员" in apart, path
    assert "公司 2 个部门、2 个岗位共用的一本规则" in pages["index.md"]
    assert (
        "另有 1 个岗位范本，供设立岗位、修订考核表时参考：[资料与范本](roles/index.md#reference)" in pages["index.md"]
    )
    assert "店员范本" not in pages["index.md"]
    assert "| [总部](office.md) | — | — | 0 |" in pages["departments/index.md"]
    assert "下级部门** [门店](shop.md)\n" in pages["departments/office.md"]
    assert "下级部门** [中心范本](centre.md)\n" in pages["departments/posts.md"]


def test_a_role_to_draw_on_says_so_and_is_nobodys_colleague(with_reference: Catalog) -> None:
    pages = pages_of(with_reference)

    assert '<span class="kpi-chip">范本：只供参考，不是公司的岗位</span>' in pages["roles/model.md"]
    assert "## 与谁共担指标" not in pages["roles/model.md"]
    assert "- [销售额](../indicators/sales.md)：[经理](chief.md)\n" in pages["roles/clerk.md"]
    assert "负责：公司</p>" in pages["roles/model.md"]
    assert "不是公司的部门" in pages["departments/centre.md"]
    assert "{#roles}" not in pages["departments/centre.md"]
    rows = [line for line in pages["indicators/sales.md"].splitlines() if "](../roles/" in line]
    assert [row.split(" | ")[0] for row in rows] == [
        "| [店员](../roles/clerk.md)、[经理](../roles/chief.md)",
        "| [店员范本](../roles/model.md)<br><small>范本，只供参考</small>",
    ]


def test_the_navigation_keeps_what_is_to_draw_on_in_a_section_of_its_own(with_reference: Catalog) -> None:
    nav = handbook_nav(with_reference, words("zh"), pages_of(with_reference))

    roles = dict(entry.popitem() for entry in nav if isinstance(entry, dict))["岗位"]
    assert roles == [
        "roles/index.md",
        {"总部": [{"门店": [{"店员": "roles/clerk.md"}, {"经理": "roles/chief.md"}]}]},
        {"资料与范本": [{"范本库": [{"店员范本": "roles/model.md"}]}]},
    ]


def test_the_calendar_lists_every_cycle_newest_first(shop: Catalog) -> None:
    cycles = (a_cycle("2026-09"), a_cycle("2026-10", CycleStatus.OPEN, collect_by=datetime.date(2026, 11, 5)))

    page = pages_of(shop, *cycles)["calendar.md"]

    assert [re.sub("<[^>]*>", "", line) for line in page.splitlines() if line.startswith("| 周期 2")] == [
        "| 周期 2026-10 | 进行中 | 10月1日 至 10月31日 | 11月5日（周四） | — | — |",
        "| 周期 2026-09 | 已结束 | 9月1日 至 9月30日 | — | — | — |",
    ]
    assert "还没有内容。" in pages_of(shop)["calendar.md"]


def test_the_dictionary_carries_what_its_filters_need(shop: Catalog) -> None:
    page = pages_of(shop)["indicators/index.md"]

    assert 'data-count="{shown} 个指标"' in html.unescape(page)
    row = html.unescape(next(line for line in page.splitlines() if "<b>成交率</b>" in line))
    assert 'data-roles="|店长|" data-sound="chengjiaolv cjl"' in row
    assert row.endswith("<span>↑ %</span></summary>")
    heads = [line for line in page.splitlines() if line.startswith("## ")]
    assert heads == sorted(heads)
    assert "## C {#letter-c}" in heads


def past(month: int, low: str = "", middle: str = "0", high: str = "0", *, share: bool = False) -> CycleDistributions:
    found = Quartiles(mpq(low), mpq(middle), mpq(high), share) if low else None
    return CycleDistributions(Period.parse(f"2026-{month:02d}"), f"{month}月", {"sales": found})


def test_an_indicator_shows_its_past_cycles_and_withholds_small_groups() -> None:
    known = HandbookFacts(past=(past(8, "10", "20", "30"), past(9), past(10, "12.5", "2222.5", "40")))

    page = pages_of(the_shop(a_role(), an_indicator()), known=known)["indicators/sales.md"]

    assert "| 8月 | 10 元 | 20 元 | 30 元 |\n| 9月 | — | — | — |\n| 10月 | 12.5 元 | 2,223 元 | 40 元 |\n" in page
    assert "已结束的周期里各人的实际值。" in page
    assert "<svg" not in page


def test_six_past_cycles_are_drawn_and_fewer_are_not() -> None:
    def page(*months: int) -> str:
        known = HandbookFacts(past=tuple(past(month, "10", "20", "30") for month in months))
        return pages_of(the_shop(a_role(), an_indicator()), known=known)["indicators/sales.md"]

    assert page(*range(1, 6)).count("<rect") == 0
    assert page(*range(1, 7)).count("<rect") == 6


def test_points_stand_for_actuals_where_there_are_none() -> None:
    known = HandbookFacts(past=(past(8, "10", "20", "30"), past(9, "50", "60", "70", share=True)))

    page = pages_of(the_shop(a_role(), an_indicator()), known=known)["indicators/sales.md"]

    assert "各人的得分占满分的百分比" in page
    assert "| 8月 | — | — | — |\n| 9月 | 50% | 60% | 70% |\n" in page
    assert "kpi-spread" not in page


def test_an_indicator_without_anything_to_tell_has_no_such_part() -> None:
    page = pages_of(the_shop(a_role(), an_indicator()), known=HandbookFacts(past=(past(8), past(9))))[
        "indicators/sales.md"
    ]

    assert "以往各周期" not in page


def test_an_indicator_shared_with_many_names_some_and_leads_to_all() -> None:
    card = [{"section": "业绩", "items": [{"indicator": "sales"}]}]
    roles = {f"r{n:02d}": a_role(id=f"r{n:02d}", name=f"岗位{n}", scorecard=card) for n in range(15)}

    page = pages_of(a_catalog(roles=roles, indicators={"sales": an_indicator()}))["roles/r00.md"]

    assert "、[岗位12](r12.md)、[等共 14 个](../indicators/sales.md#uses)\n" in page


def test_those_who_are_scored_alike_share_a_row_of_the_indicator() -> None:
    def card(weight: str) -> list[dict[str, object]]:
        item = {"indicator": "sales", "weight": weight, "target": "10", "standard": {"rule": "all_or_nothing"}}
        return [{"section": "业绩", "items": [item]}]

    weights = {"a": "30", "b": "40", "c": "30"}
    roles = {key: a_role(id=key, name=f"岗位{key}", scorecard=card(weight)) for key, weight in weights.items()}

    page = pages_of(a_catalog(roles=roles, indicators={"sales": an_indicator()}))["indicators/sales.md"]

    told = (re.sub("<[^>]*>|&#32;", "", line) for line in page.splitlines() if line.startswith("| [岗位"))
    rows = [line.split(" | ")[:2] for line in told]
    assert rows == [["| [岗位a](../roles/a.md)、[岗位c](../roles/c.md)", "30分"], ["| [岗位b](../roles/b.md)", "40分"]]


def test_a_role_shows_the_line_up_to_the_top_and_who_reports_to_it() -> None:
    above = {"a": None, "b": "a", "c": "b", "d": "c"}
    roles = {key: a_role(id=key, name=f"岗位{key}", reports_to=up) for key, up in above.items()}

    pages = pages_of(a_catalog(roles=roles))

    assert "- **向谁汇报** [岗位a](a.md) → [岗位b](b.md) → [岗位c](c.md)\n" in pages["roles/d.md"]
    assert "- **直接下级** [岗位c](c.md)\n" in pages["roles/b.md"]
    assert "- **向谁汇报** [岗位a](a.md)\n" in pages["roles/b.md"]
    assert "向谁汇报" not in pages["roles/a.md"]


def test_roles_that_report_in_a_circle_end_where_it_closes() -> None:
    roles = {key: a_role(id=key, name=key, reports_to=up) for key, up in {"a": "b", "b": "c", "c": "b"}.items()}

    assert "- **向谁汇报** [c](c.md) → [b](b.md)\n" in pages_of(a_catalog(roles=roles))["roles/a.md"]


def test_the_organisation_is_a_tree_of_departments_with_their_heads(shop: Catalog) -> None:
    page = pages_of(shop)["organisation.md"]

    boxes = [line for line in page.splitlines() if "kpi-node" in line]
    assert boxes == [
        '- <span class="kpi-node">[门店部](departments/shop.md) <small>[店长](roles/shop-manager.md)</small></span>',
        '    - <span class="kpi-node">[支持部](departments/support.md)</span>',
        '- <span class="kpi-node">[店长](roles/shop-manager.md)</span>',
        '    - <span class="kpi-node">[茶艺师](roles/barista.md)</span>',
    ]


def test_sixty_departments_stand_below_those_that_they_belong_to() -> None:
    departments = {
        f"d{n}": Department.build(id=f"d{n}", name=f"部门{n}", parent=f"d{(n - 1) // 3}" if n else None)
        for n in range(60)
    }

    page = pages_of(a_catalog(departments=departments))["organisation.md"]

    lines = [line for line in page.splitlines() if "kpi-node" in line]
    assert len(lines) == 60
    for number, line in enumerate(lines[1:], 1):
        depth = len(line) - len(line.lstrip())
        assert depth <= len(lines[number - 1]) - len(lines[number - 1].lstrip()) + 4
    assert page.count("还没有内容。") == 1
