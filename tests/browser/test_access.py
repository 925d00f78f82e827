"""The sample company's pages for those who see, point or read otherwise: found by axe-core, keys and small screens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page

from kpibook.base.words import words
from kpibook.model import Catalog, Company, Department
from kpibook.pages.handbook.navigation import handbook_nav
from kpibook.pages.handbook.rendering import handbook_pages
from laid_out import BEYOND, UPON, looked_at
from opened import Opened, opened, violations, violations_in_the_dark
from sites import a_handbook_site, served

pytestmark = pytest.mark.only_looks

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


class Place(NamedTuple):
    """A page on a screen of some width, in the light or in the dark."""

    path: str
    width: int
    scheme: str = "light"


@dataclass
class Visits:
    """What was found on every page of a site; each is opened once, on the narrowest screen."""

    grave: dict[Place, list[str]] = field(default_factory=dict)
    wide: dict[Place, int] = field(default_factory=dict)
    small: dict[Place, list[str]] = field(default_factory=dict)
    laid: dict[str, list[str]] = field(default_factory=dict)
    """What reaches beyond its box or lies upon another one on a phone."""
    sideways: dict[str, list[str]] = field(default_factory=dict)
    """What can be moved sideways, reaches beyond, or is no table any more, on a phone with all unfolded."""
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def visit(self, page: Page, base: str, path: str) -> None:
        """Look at a page on four screens, on two of them in the light and in the dark, and unfolded on a phone."""
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 320, "height": 800})
        page.goto(base + path)
        self.laid[path] = [*page.evaluate(BEYOND), *page.evaluate(UPON)]
        for width in (320, 360, 768, 1366):
            page.emulate_media(color_scheme="light")
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate(REDRAWN)
            self.wide[Place(path, width)] = page.evaluate("document.documentElement.scrollWidth")
            self.small[Place(path, width)] = page.evaluate(SMALL)[:3]
            if width in (360, 1366):
                self.grave[Place(path, width)] = violations(page)
                self.grave[Place(path, width, "dark")] = violations_in_the_dark(page)
        self.unfold(page, path)

    def unfold(self, page: Page, path: str) -> None:
        """Look at a page that is open on a phone, with all unfolded."""
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 320, "height": 800})
        page.evaluate(REDRAWN)
        page.evaluate(UNFOLD)
        self.sideways[path] = [each for asked in (SIDEWAYS, WITHOUT_ROLES, BEYOND) for each in page.evaluate(asked)]


@pytest.fixture(scope="module")
def visits(running: Browser, site: Site) -> Visits:
    found = Visits()
    with opened(running) as browser:
        for path in site.paths:
            found.visit(browser.page, site.base, path)
        departments = sorted(site.folder.glob("2026-10/departments/*.html"))
        for path in (path.relative_to(site.folder).as_posix() for path in departments):
            if path not in site.paths:
                browser.page.goto(site.base + path)
                found.unfold(browser.page, path)
        return replace(found, requests=browser.requests, faults=browser.faults)


def test_no_page_keeps_anybody_out_in_the_light_or_in_the_dark(visits: Visits, site: Site) -> None:
    assert len(visits.grave) == 4 * len(site.paths)
    assert {place: each for place, each in visits.grave.items() if each} == {}
    assert [request for request in visits.requests if not request.startswith(site.base)] == []
    assert visits.faults == []


FAULTY = """<style>@media (prefers-color-scheme: light) { p { color: #bbb } }
@media (prefers-color-scheme: dark) { b { color: #555; background: #444 } }</style>
<main><h1>Page</h1><h3>A level is left out</h3><p>pale</p><b>pale in the dark</b><img src="data:,"><button></button>
<a href="#x"></a><ul><p>no item</p></ul><input><div role="button" aria-pressed="perhaps">odd</div></main>"""


def test_what_keeps_people_out_would_be_seen_and_what_is_mild_would_not(browser: Opened) -> None:
    """The control: what is asked for is all that axe-core finds grave when it is asked for everything."""
    browser.page.set_content(FAULTY)
    grave = violations(browser.page)
    everything = browser.page.evaluate("axe.run(document).then(found => found.violations)")

    assert grave == [
        f"{each['id']}: {each['nodes'][0]['html']}" for each in everything if each["impact"] in ("serious", "critical")
    ]
    assert {each.split(":")[0] for each in grave} >= {"button-name", "color-contrast", "image-alt", "link-name", "list"}
    assert {each["impact"] for each in everything} >= {"moderate", "serious", "critical"}
    assert "color-contrast: <p>pale</p>" in grave
    assert violations_in_the_dark(browser.page) == ["color-contrast: <b>pale in the dark</b>"]


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


def test_no_page_is_wider_than_its_screen_and_no_text_smaller_than_thirteen_pixels(visits: Visits, site: Site) -> None:
    assert len(visits.wide) == len(visits.small) == 4 * len(site.paths)
    assert {place: found for place, found in visits.wide.items() if found > place.width} == {}
    assert {place: found for place, found in visits.small.items() if found} == {}


def test_one_page_of_each_type_is_read_on_a_phone_without_scrolling_sideways(visits: Visits) -> None:
    assert {path: each for path, each in visits.laid.items() if each} == {}


def test_all_roles_and_policies_are_read_on_a_phone_without_scrolling_sideways(browser: Opened, sample: Path) -> None:
    browser.page.set_viewport_size({"width": 320, "height": 800})
    folder = sample / "site"
    roles = sorted(path.relative_to(folder).as_posix() for path in folder.glob("roles/*.html"))
    policies = sorted(path.relative_to(folder).as_posix() for path in folder.glob("policies/*.html"))
    with served(folder) as base:
        assert len(roles) > 40
        assert looked_at(browser.page, base, sorted({*roles, *policies} - {*HANDBOOK})) == {}


def test_nothing_scrolls_sideways_on_a_phone_and_blocks_are_still_tables(visits: Visits, site: Site) -> None:
    assert len(visits.sideways) >= len(site.paths)
    assert {path: each for path, each in visits.sideways.items() if each} == {}


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
    for day, said in (("2026-11-04", "还有 1 天"), ("2026-11-05", "今天截止"), ("2026-11-06", "还有 3 天")):
        context = running.new_context()
        page = context.new_page()
        page.clock.set_fixed_time(f"{day}T15:00:00")
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
