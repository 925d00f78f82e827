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

from handbook_made import COMPANY, a_catalog, an_indicator, pages_of
from kept import Golden
from kpibook.authoring.reference import FILES, RULES
from kpibook.base.history import Commit
from kpibook.base.periods import Period, PeriodKind
from kpibook.base.words import LANGUAGES, words
from kpibook.model import Catalog, Company, Cycle, CycleStatus, Department, Grade, Measure, Role, Schedule
from kpibook.pages.handbook.guide import TABLES, example_of
from kpibook.pages.handbook.home import current_cycle
from kpibook.pages.handbook.rendering import HandbookFacts, handbook_pages
from kpibook.pages.paths import indicator_page, role_page
from kpibook.pages.prose import check_prose, read_prose

LINK = re.compile(r"\]\(([^)]*)\)")
CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def a_cycle(period: str, status: CycleStatus = CycleStatus.CLOSED, **days: datetime.date) -> Cycle:
    return Cycle(
        Period.parse(period), f"周期 {period}", PeriodKind.MONTH, status, Schedule.build(**days), f"scorecards/{period}"
    )


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
    assert '- <time datetime="2026-11-08">11月8日（周日）</time> 评分和复核结束\n' in home
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

    assert "\n\n另须符合：按时完成等于 1；总分不低于 95\n\n" in page
    assert page.count("另须符合") == 1


def test_what_is_noted_of_a_grade_stands_with_it() -> None:
    grades = (
        Grade.build(id="A", name="优秀", from_="90", note="每部门不设名额"),
        Grade.build(id="B", name="良好", from_="0"),
    )

    page = pages_of(a_catalog(grades=grades))["grades.md"]

    best, other = page.split("</section>")[:2]
    assert '## <b class="kpi-grade kpi-grade-1">A</b> 优秀 {#grade-1}\n\n<p class="kpi-from">90 分起</p>' in best
    assert "\n\n<small>说明：每部门不设名额</small>\n\n" in best
    assert '## <b class="kpi-grade kpi-grade-4">B</b> 良好 {#grade-2}\n\n<p class="kpi-from">90 分以下</p>' in other
    assert "说明" not in other


def test_grades_show_their_lines_and_their_quotas_as_marks() -> None:
    grades = tuple(
        Grade.build(**{"id": key, "name": key, "from": start})
        for key, start in (("A", "90"), ("B", "80"), ("C", "60"), ("D", "0"))
    )
    limits = [{"grade": "A", "at_most": "20"}, {"grade": "B", "at_most": "62.5"}]
    company = Company.build(name="公司", language="zh", distribution={"limits": limits})

    page = pages_of(a_catalog(company=company, grades=grades))["grades.md"]

    assert 'aria-label="A（A）90 分起、B（B）80 分起、C（C）60 分起、D（D）0 分起"' in page
    assert re.findall(r'<i class="kpi-grade-\d card-on" style="width:([0-9.]+)%"></i>', page) == [
        "20",
        "40",
        "20",
        "20",
    ]
    assert re.findall(r"<span style=[^>]*>([^<]*)</span>", page) == ["D", "60 C", "80 B", "90 A"]
    parts = page.split("</section>")
    mark = '<span class="kpi-quota" aria-hidden="true"><i style="left:{}%"></i></span>'
    assert f'<p class="kpi-most">得 A 的最多占 20%{mark.format(20)}</p>' in parts[0]
    assert f'<p class="kpi-most">B 和更好的等级合计最多占 62.5%{mark.format(62.5)}</p>' in parts[1]
    assert page.count("kpi-quota") == 2
    assert "比例只作提醒，不改动任何人的等级，也不要求有人垫底。" in page


def test_who_reads_of_grades_finds_what_to_do_next(shop: Catalog) -> None:
    page = pages_of(shop)["grades.md"]

    wishes = page[page.index("{#wishes}") :]
    assert "- 知道分数是怎么算出来的 [分数怎样得出](guide/scores.md)" in wishes
    assert "grades.md" not in wishes


def test_streaks_are_told_with_the_grades() -> None:
    streaks = [
        {"name": "月度冠军", "when": "rank == 1", "cycles": 3, "amount": 200, "note": "随工资发放"},
        {"name": "连续不合格", "when": "failed", "cycles": 3, "gap": "skipped", "again": "each"},
    ]
    company = Company.build(name="公司", language="zh", streaks=streaks)

    page = pages_of(a_catalog(company=company))["grades.md"]

    assert (
        "- **月度冠军**：连续 3 个周期排名第 1，给予 ¥200.00。"
        "至少 2 人一起排名，名次才算。等级不合格的，名次再好也不算。"
        "中间有一期没出总分就重新算起；满一次后重新数起。<br><small>说明：随工资发放</small>\n"
    ) in page
    assert (
        "- **连续不合格**：连续 3 个周期等级不合格，在考核表上提醒，由有关人员处理，不会自动生效。"
        "没出总分的周期跳过不算；满了以后，每多一期就再算一次。\n"
    ) in page


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
    assert "| <code>order</code> | · |" in page
    assert "| <code>rounding&#46;at</code> | total |" in page
    assert "| <code>raters</code> | manager: 1 |" in page
    assert "| <code>from</code> | 必填 |" in page


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
