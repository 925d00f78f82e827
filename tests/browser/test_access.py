"""The sample company's pages for those who see, point or read otherwise: found by axe-core, keys and small screens."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser

from kpibook.base.words import words
from kpibook.model import Catalog, Company, Department
from kpibook.pages.handbook.navigation import handbook_nav
from kpibook.pages.handbook.rendering import handbook_pages
from laid_out import BEYOND, looked_at
from opened import Opened, violations, violations_in_the_dark
from sites import a_handbook_site, served

HANDBOOK = (
    *(
        "index.html",
        "calendar.html",
        "changes.html",
        "coverage.html",
        "measures.html",
        "organisation.html",
        "grades.html",
    ),
    *("roles/index.html", "roles/store-manager.html", "roles/store-operator.html", "sheets/store-manager.html"),
    *("roles/ecommerce-manager.html", "roles/reference-centre-team.html", "library.html"),
    *("indicators/index.html", "indicators/store_sales.html", "indicators/order_conversion.html"),
    *("departments/index.html", "departments/operations.html", "departments/reference-centre-two-levels.html"),
    *("policies/interview.html", "policies/improvement.html", "policies/agreement.html", "policies/glossary.html"),
    *(
        "guide/index.html",
        "guide/files.html",
        "guide/tables.html",
        "guide/rules.html",
        "guide/scores.html",
        "guide/form.html",
        "guide/serving.html",
        "guide/cycles.html",
        "guide/after.html",
    ),
    *("guide/lint/index.html", "guide/lint/lint-few-items.html"),
)
CARD_PAGES = (
    "index.html",
    "2026-09/index.html",
    "2026-10/index.html",
    "2026-10/status.html",
    "2026-10/records.html",
    "2026-10/departments/*.html",
    "2026-10/units/*.html",
    "2026-10/indicators/*.html",
    "years/*.html",
    "2026-09/p/*.html",
    "2026-10/p/*.html",
)


class Site(NamedTuple):
    """A site that is served, and one page of each type."""

    base: str
    paths: tuple[str, ...]
    folder: Path


@pytest.fixture(scope="module", params=["site", "site-cards"])
def site(request: pytest.FixtureRequest, sample: Path) -> Iterator[Site]:
    folder = sample / request.param
    with served(folder) as base:
        if request.param == "site":
            yield Site(base, HANDBOOK, folder)
        else:
            found = (sorted(folder.glob(pattern))[:2] for pattern in CARD_PAGES)
            paths = tuple(path.relative_to(folder).as_posix() for paths in found for path in paths)
            yield Site(base, paths, folder)


SMALL = """() => [...document.querySelectorAll("body *")].filter(each => {
  const speaks = [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim())
  const isSeen = !["SCRIPT", "STYLE", "NOSCRIPT"].includes(each.tagName)
  return speaks && isSeen && parseFloat(getComputedStyle(each).fontSize) < 12.9
}).map(each => each.textContent.trim().slice(0, 20))"""


REDRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Charts follow the width of their screen in the frame after it has changed."""


UNFOLD = "document.querySelectorAll('details').forEach(each => { each.open = true })"
SIDEWAYS = """() => [document.documentElement, ...document.querySelectorAll('main *')].filter(box =>
    box.scrollWidth > box.clientWidth + 1 && box.clientWidth
    && (box === document.documentElement || /auto|scroll/.test(getComputedStyle(box).overflowX))
).map(box => `${box.tagName}.${box.className}: ${box.textContent.trim().slice(0, 40)}`)"""
"""The page itself, or boxes of it, in which something can be moved sideways."""
WITHOUT_ROLES = """() => [...document.querySelectorAll('main table')].filter(table =>
    getComputedStyle(table).display !== 'table'
    && (table.getAttribute('role') !== 'table' || table.querySelector('tr:not([role]), td:not([role]), th:not([role])'))
).map(table => table.textContent.trim().slice(0, 40))"""
"""Tables that the look makes blocks of, and that are none any more for readers of screens."""


def kind(path: str) -> str:
    """The type of a page of the handbook: those of one folder are alike, but for the list of them."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/*" if folder not in ("", "guide") and name != "index.html" else path


def test_every_type_of_page_is_looked_at(sample: Path) -> None:
    pages = {path.relative_to(sample / "site").as_posix() for path in (sample / "site").rglob("*.html")}

    assert set(HANDBOOK) <= pages
    assert {kind(path) for path in pages} == {kind(path) for path in HANDBOOK}


def test_no_page_keeps_anybody_out_in_the_light_or_in_the_dark(browser: Opened, site: Site) -> None:
    found = {}
    for path in site.paths:
        browser.page.emulate_media(color_scheme="light")
        browser.page.set_viewport_size({"width": 1366, "height": 860})
        browser.page.goto(site.base + path)
        for width in (1366, 360):
            browser.page.emulate_media(color_scheme="light")
            browser.page.set_viewport_size({"width": width, "height": 860})
            browser.page.evaluate(REDRAWN)
            found[path, width, "light"] = violations(browser.page)
            found[path, width, "dark"] = violations_in_the_dark(browser.page)

    assert {place: each for place, each in found.items() if each} == {}
    assert [request for request in browser.requests if not request.startswith(site.base)] == []
    assert browser.faults == []


def test_an_open_search_with_results_keeps_nobody_out(browser: Opened, sample: Path) -> None:
    with served(sample / "site") as base:
        for scheme in ("light", "dark"):
            browser.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            browser.page.goto(f"{base}index.html")
            browser.page.keyboard.press("/")
            browser.page.keyboard.type("客户")
            browser.page.locator("#kpi-search-list a").first.wait_for()
            browser.page.evaluate("Promise.all(document.getAnimations().map(animation => animation.finished))")

            assert violations(browser.page) == []


def test_no_page_is_wider_than_its_screen_and_no_text_smaller_than_thirteen_pixels(browser: Opened, site: Site) -> None:
    wide, small = {}, {}
    for path in site.paths:
        browser.page.set_viewport_size({"width": 768, "height": 800})
        browser.page.goto(site.base + path)
        for width in (768, 360, 320, 1366):
            browser.page.set_viewport_size({"width": width, "height": 800})
            browser.page.evaluate(REDRAWN)
            wide[path, width] = browser.page.evaluate("document.documentElement.scrollWidth")
            small[path, width] = browser.page.evaluate(SMALL)[:3]

    assert {place: found for place, found in wide.items() if found > place[1]} == {}
    assert {place: found for place, found in small.items() if found} == {}


def test_the_handbook_is_read_on_a_phone_without_scrolling_sideways(browser: Opened, sample: Path) -> None:
    browser.page.set_viewport_size({"width": 320, "height": 800})
    folder = sample / "site"
    roles = sorted(path.relative_to(folder).as_posix() for path in folder.glob("roles/*.html"))
    policies = sorted(path.relative_to(folder).as_posix() for path in folder.glob("policies/*.html"))
    with served(folder) as base:
        assert len(roles) > 40
        assert looked_at(browser.page, base, dict.fromkeys((*HANDBOOK, *roles, *policies))) == {}


def test_nothing_scrolls_sideways_on_a_phone_and_blocks_are_still_tables(browser: Opened, site: Site) -> None:
    browser.page.set_viewport_size({"width": 320, "height": 800})
    departments = sorted(site.folder.glob("2026-10/departments/*.html"))
    paths = dict.fromkeys((*site.paths, *(path.relative_to(site.folder).as_posix() for path in departments)))
    found = {}
    for path in paths:
        browser.page.goto(site.base + path)
        browser.page.evaluate(UNFOLD)
        found[path] = [each for asked in (SIDEWAYS, WITHOUT_ROLES, BEYOND) for each in browser.page.evaluate(asked)]

    assert {path: each for path, each in found.items() if each} == {}


def test_what_scrolls_sideways_would_be_seen(browser: Opened) -> None:
    """The control: a wide text in a box of its own, and a table that became blocks without roles."""
    browser.page.set_viewport_size({"width": 320, "height": 800})
    browser.page.set_content(
        "<main><div style='overflow: auto'><p style='width: 900px'>wide</p></div>"
        "<table style='display: block'><tr><td>block</td></tr></table></main>"
    )

    assert browser.page.evaluate(SIDEWAYS) == ["DIV.: wide"]
    assert browser.page.evaluate(WITHOUT_ROLES) == ["block"]


def test_every_table_names_its_columns_and_every_page_its_language(site: Site) -> None:
    for path in site.folder.rglob("*.html"):
        page = path.read_text(encoding="utf-8")

        assert '<html lang="zh"' in page
        assert not re.search("<th(?![a-z])(?![^>]*scope=)", page), path
        assert page.count("<table") == page.count("<thead"), path


def test_headings_have_ids_of_their_own_and_leave_no_level_out(site: Site) -> None:
    for path in site.paths:
        page = (site.folder / path).read_text(encoding="utf-8")
        article = page[page.index("<article") : page.index("</article>")]
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", article)]
        anchors = re.findall(r'<h[1-6][^>]* id="([^"]+)"', article)

        assert levels.count(1) == 1, path
        assert all(below - above <= 1 for above, below in pairwise(levels)), path
        assert len(anchors) == len(set(anchors)), path


def test_the_first_key_leads_past_the_navigation(browser: Opened, site: Site) -> None:
    browser.page.goto(site.base + site.paths[1])
    browser.page.keyboard.press("Tab")

    skip = browser.page.locator(".md-skip:focus")
    if skip.count():
        assert str(skip.get_attribute("href")).startswith("#")
    visible = browser.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert visible != "none"


def test_focus_is_seen_wherever_the_tab_key_goes(browser: Opened, site: Site) -> None:
    browser.page.goto(site.base + site.paths[0])
    unseen = []
    for _ in range(25):
        browser.page.keyboard.press("Tab")
        style = browser.page.evaluate(
            """() => {
                const at = document.activeElement
                const shown = at.matches('.md-option') ? at.nextElementSibling : at
                return [at.outerHTML.slice(0, 80), getComputedStyle(shown).outlineStyle, at.matches('input')]
            }"""
        )
        if style[1] == "none" and not style[2] and not style[0].startswith("<body"):
            unseen.append(style[0])

    assert unseen == []


def test_menu_and_contents_open_by_keyboard_on_a_phone(browser: Opened, sample: Path) -> None:
    browser.page.set_viewport_size({"width": 360, "height": 700})
    with served(sample / "site") as base:
        browser.page.goto(f"{base}roles/store-manager.html")
        button = browser.page.locator("[data-kpi-toggle=__drawer]")

        button.focus()
        browser.page.keyboard.press("Enter")

        assert button.get_attribute("aria-expanded") == "true"
        assert browser.page.is_checked("#__drawer")
        browser.page.keyboard.press("Escape")
        assert not browser.page.is_checked("#__drawer")
        assert browser.page.evaluate("document.activeElement.dataset.kpiToggle") == "__drawer"


def test_pages_link_to_their_source_and_say_who_answers(browser: Opened, sample: Path) -> None:
    with served(sample / "site") as base:
        browser.page.goto(f"{base}roles/store-manager.html")

        edit = browser.page.locator("a.kpi-edit")
        assert edit.get_attribute("href") == "https://git.example.com/kpi/-/edit/main/handbook/roles/store-manager.yml"
        assert "负责：销售部、总经办" in browser.page.locator("p.kpi-source").inner_text()
        browser.page.goto(f"{base}roles/index.html")
        assert edit.get_attribute("href") == "https://git.example.com/kpi/-/tree/main/handbook/roles"
        assert "负责：行政人事部 · 最后修改：" in browser.page.locator("p.kpi-source").inner_text()


def test_sixty_departments_fit_a_phone(browser: Opened, tmp_path: Path) -> None:
    parents = [None, *(f"d{n // 4}" for n in range(59))]
    departments = {
        f"d{n}": Department.build(id=f"d{n}", name=f"第{n}区域渠道拓展与重点客户服务部", parent=parent)
        for n, parent in enumerate(parents)
    }
    company = Company.build(name="集团", language="zh")
    catalog = Catalog(company, departments, (), {}, {}, {})
    pages = handbook_pages(catalog, (), words("zh"), {})
    nav = handbook_nav(catalog, words("zh"), pages)
    browser.page.set_viewport_size({"width": 360, "height": 800})
    with served(a_handbook_site(tmp_path, pages, nav=nav, company=company)) as base:
        browser.page.goto(f"{base}organisation.html")

        nodes = browser.page.locator(".kpi-tree >> nth=0").locator(".kpi-node")

        assert nodes.count() == 60
        assert browser.page.evaluate("document.documentElement.scrollWidth") <= 360
        right = nodes.evaluate_all("nodes => Math.max(...nodes.map(node => node.getBoundingClientRect().right))")
        assert right <= 360


@pytest.mark.parametrize("width", [360, 1366])
def test_names_twelve_levels_down_keep_room_for_some_characters(browser: Opened, tmp_path: Path, width: int) -> None:
    levels = {
        f"d{n}": Department.build(id=f"d{n}", name="渠道拓展与重点客户服务部", parent=f"d{n - 1}" if n else None)
        for n in range(13)
    }
    beside = {f"s{n}": Department.build(id=f"s{n}", name="直属部", parent="d2") for n in range(3)}
    company = Company.build(name="集团", language="zh")
    catalog = Catalog(company, {**levels, **beside}, (), {}, {}, {})
    pages = handbook_pages(catalog, (), words("zh"), {})
    nav = handbook_nav(catalog, words("zh"), pages)
    browser.page.set_viewport_size({"width": width, "height": 800})
    with served(a_handbook_site(tmp_path, pages, nav=nav, company=company)) as base:
        browser.page.goto(f"{base}organisation.html")

        lines = browser.page.locator(".kpi-node a").evaluate_all("all => all.map(each => each.getClientRects().length)")

        assert len(lines) == 16
        assert max(lines) <= 3


def test_the_days_that_are_left_are_counted_when_the_page_is_opened(running: Browser, sample: Path) -> None:
    for opened, said in (("2026-11-04", "还有 1 天"), ("2026-11-05", "今天截止"), ("2026-11-06", "还有 2 天")):
        context = running.new_context()
        page = context.new_page()
        page.clock.set_fixed_time(f"{opened}T15:00:00")
        page.goto((sample / "site" / "index.html").as_uri())
        assert page.inner_text(".kpi-count") == said
        context.close()


def test_after_the_last_day_and_without_script_the_dates_alone_are_told(running: Browser, sample: Path) -> None:
    for has_script in (True, False):
        context = running.new_context(java_script_enabled=has_script)
        page = context.new_page()
        if has_script:
            page.clock.set_fixed_time("2026-11-11T09:00:00")
        page.goto((sample / "site" / "index.html").as_uri())
        assert not page.locator(".kpi-count").is_visible()
        assert page.locator(".kpi-cycle time").first.inner_text() == "11月5日（周四）"
        context.close()


def test_tables_that_become_blocks_stay_tables_for_readers_of_screens(browser: Opened, sample: Path) -> None:
    browser.page.set_viewport_size({"width": 390, "height": 800})
    browser.page.goto((sample / "site" / "roles" / "store-manager.html").as_uri())

    duties = browser.page.locator(".kpi-duties").get_by_role("table")
    assert duties.get_by_role("row").count() == 6
    assert duties.get_by_role("row").nth(1).get_by_role("cell").count() == 4
