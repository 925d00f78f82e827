"""A handbook of extremes on screens and paper: 40 duties, an empty department, very long names, 60 departments."""

import re
from collections.abc import Iterator

import pytest

from kpibook.content import read
from kpibook.pipeline import build
from laid_out import looked_at
from opened import Opened
from sites import served

pytestmark = pytest.mark.only_looks

IDEOGRAPHS = (
    "华东区域战略客户与渠道拓展暨售后服务质量持续改进及数字化运营"
    "协同推进管理委员会办公室下设的综合协调与绩效考核专项组常务组"
)
LETTERS = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamten"[:60]
NAMES = ("渠道拓展部", "重点客户部", "仓储物流部", "质量管理部", "华东大区", "信息系统部", "品牌市场部")
PAGES = (
    *("index.html", "organisation.html", "measures.html", "roles/index.html", "departments/index.html"),
    *("roles/r1.html", "roles/r7.html", "roles/r8.html", "sheets/r1.html", "sheets/r7.html", "sheets/r8.html"),
    *("indicators/index.html", "indicators/in_ideographs.html", "indicators/in_letters.html"),
    *("departments/d7.html", "departments/d8.html", "departments/d30.html", "guide/files.html", "guide/rules.html"),
)
PAPER = 688
"""The width between the margins of A4, in CSS pixels."""


def departments() -> str:
    """Sixty of them in four levels, two with very long names; those from 25 on have neither head nor roles."""
    rows = ["- {id: d0, name: 集团总部, head: r0}"]
    for number in range(1, 60):
        name = {7: IDEOGRAPHS, 8: LETTERS}.get(number, f"第{number}{NAMES[number % 7]}")
        parent = (number - 1) // 4 if number <= 20 else (number - 1) // 3
        head = f", head: r{number}" if number < 25 else ""
        rows.append(f"- {{id: d{number}, name: {name}, parent: d{parent}{head}}}")
    return "\n".join(rows)


def role(number: int) -> str:
    """The second has 40 duties, the eighth and the ninth long names wherever there is one."""
    name = {7: IDEOGRAPHS, 8: LETTERS}.get(number, f"第{number}岗位经理")
    above = "" if number == 0 else f"reports_to: r{(number - 1) // 4}\n"
    count, text = (40, "每周拜访五家以上重点客户并登记回款") if number == 1 else (4, name)
    duties = (
        f"  - {{name: {text}, content: {text}, requirement: {text}, share: {100 / count:g}}}\n" for _ in range(count)
    )
    return f"""\
name: {name}
department: d{number}
{above}purpose: {text}
authority: [{text}]
duties:
{"".join(duties)}
scorecard:
  - section: {name}
    items:
      - {{indicator: in_ideographs, weight: 60, target: 1234567890.5, standard: {{rule: proportional, note: {text}}}}}
      - {{indicator: in_letters, weight: 40, target: 5, standard: {{rule: all_or_nothing}}}}
gates:
  - {{name: {text}, when: leads > 0, grade_at_most: E}}
pay:
  - {{name: {text}, formula: total * 0.3, when: total >= 80}}
"""


FILES = {
    "company.yml": "{name: 集团, language: zh}\n",
    "departments.yml": departments(),
    "grades.yml": "- {id: A, name: 优秀, from: 90}\n- {id: E, name: 不合格, from: 0, fail: true}\n",
    "measures.yml": f"""\
sales: {{name: {IDEOGRAPHS}, unit: 元, owner: d7}}
leads: {{name: {LETTERS}, unit: 条, owner: d8}}
""",
    "indicators/all.yml": f"""\
in_ideographs:
  {{name: {IDEOGRAPHS}, definition: {IDEOGRAPHS * 2}, formula: sales / leads, unit: "%", direction: higher}}
in_letters: {{name: {LETTERS}, definition: {LETTERS}, unit: {LETTERS[:20]}, direction: lower}}
""",
    **{f"roles/r{number}.yml": role(number) for number in range(25)},
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("extremes")
    for name, text in FILES.items():
        path = root / "handbook" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    build(read(root / "handbook", root / "scorecards"), root, ())
    with served(root / "site") as address:
        yield address


def test_the_names_are_as_long_as_they_should_be() -> None:
    assert (len(IDEOGRAPHS), len(LETTERS)) == (60, 60)


@pytest.mark.parametrize("width", [360, 768, 1366])
def test_nothing_reaches_beyond_a_screen_or_lies_upon_another_there(browser: Opened, base: str, width: int) -> None:
    browser.page.set_viewport_size({"width": width, "height": 860})

    assert looked_at(browser.page, base, PAGES) == {}


def test_nothing_reaches_beyond_paper_or_lies_upon_another_there(browser: Opened, base: str) -> None:
    browser.page.set_viewport_size({"width": PAPER, "height": 1000})
    browser.page.emulate_media(media="print")

    assert looked_at(browser.page, base, PAGES) == {}


@pytest.mark.parametrize("path", ["sheets/r1.html", "sheets/r7.html", "sheets/r8.html", "departments/d30.html"])
def test_forms_and_an_empty_department_take_two_sheets_at_most(browser: Opened, base: str, path: str) -> None:
    browser.page.goto(base + path)

    assert len(re.findall(rb"/MediaBox", browser.page.pdf(prefer_css_page_size=True))) <= 2


def test_an_empty_department_says_so(browser: Opened, base: str) -> None:
    browser.page.goto(f"{base}departments/d30.html")

    assert "本部门还没有岗位。" in browser.page.locator("article").inner_text()


def test_all_forty_duties_stand_there_with_their_shares(browser: Opened, base: str) -> None:
    browser.page.set_viewport_size({"width": 360, "height": 860})
    browser.page.goto(f"{base}roles/r1.html")

    rows = browser.page.locator(".kpi-duties tbody tr")

    assert rows.count() == 40
    assert all("2.5%" in text for text in rows.all_inner_texts())


def test_a_panel_of_the_chart_is_never_torn_between_sheets(browser: Opened, base: str) -> None:
    browser.page.emulate_media(media="print")
    browser.page.goto(f"{base}organisation.html")

    panels = browser.page.locator(".kpi-tree li:has(> .kpi-over) > ul > li")

    assert panels.count() == 8
    assert set(panels.evaluate_all("all => all.map(each => getComputedStyle(each).breakInside)")) == {"avoid"}
    sheets = panels.evaluate_all("all => Math.max(...all.map(each => each.getBoundingClientRect().height))")
    assert sheets < 1000
