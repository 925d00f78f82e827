"""Both sites in a real browser: nothing is asked of another host, nothing fails, and both palettes and paper work."""

from pathlib import Path
from urllib.parse import urldefrag

import pytest
from playwright.sync_api import Page

from opened import Opened
from sites import CARDS, HANDBOOK, NAV, a_card_site, a_handbook_site, served


@pytest.fixture(scope="module", params=["handbook", "cards"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp(request.param)
    return a_card_site(root, CARDS) if request.param == "cards" else a_handbook_site(root, HANDBOOK, nav=NAV)


def links(page: Page) -> set[str]:
    found = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    return {urldefrag(str(address)).url for address in found}


def test_a_crawl_asks_nothing_of_another_host_and_finds_no_fault(browser: Opened, site: Path) -> None:
    with served(site) as base:
        waiting, seen = {f"{base}index.html"}, set[str]()
        while waiting:
            address = waiting.pop()
            seen.add(address)
            browser.page.goto(address)
            browser.page.wait_for_load_state("networkidle")
            waiting |= {link for link in links(browser.page) if link.startswith(base)} - seen

    assert len(seen) == len(list(site.rglob("*.html")))
    assert [request for request in browser.requests if not request.startswith(base)] == []
    assert browser.faults == []


def test_the_site_can_be_read_from_a_folder(browser: Opened, site: Path) -> None:
    browser.page.goto((site / "index.html").as_uri())

    browser.page.click("article a >> nth=0")

    assert browser.page.url.startswith(site.as_uri())
    assert browser.page.locator("h1").inner_text() != ""
    assert browser.faults == []


def test_the_palette_follows_the_system_until_somebody_chooses(browser: Opened, site: Path) -> None:
    with served(site) as base:
        browser.page.emulate_media(color_scheme="dark")
        browser.page.goto(f"{base}index.html")
        by_system = browser.page.get_attribute("body", "data-md-color-scheme")

        browser.page.click("label[title='切换到浅色']")
        chosen = browser.page.get_attribute("body", "data-md-color-scheme")
        browser.page.reload()

        assert (by_system, chosen) == ("slate", "default")
        assert browser.page.get_attribute("body", "data-md-color-scheme") == "default"


def test_paper_shows_the_text_alone(browser: Opened, site: Path) -> None:
    with served(site) as base:
        browser.page.emulate_media(media="print", color_scheme="dark")
        browser.page.goto(f"{base}index.html")

        for part in (".md-header", ".md-tabs", ".md-sidebar--primary", ".md-sidebar--secondary", ".md-footer__inner"):
            for found in browser.page.locator(part).all():
                assert not found.is_visible(), part
        assert browser.page.locator("article").is_visible()
        assert browser.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("width", [360, 768, 1366])
def test_no_page_is_wider_than_the_screen(browser: Opened, site: Path, width: int) -> None:
    browser.page.set_viewport_size({"width": width, "height": 800})
    with served(site) as base:
        for path in sorted(site.rglob("*.html")):
            browser.page.goto(base + path.relative_to(site).as_posix())

            assert browser.page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("width", [360, 962, 1024, 1150])
def test_a_long_name_of_the_company_makes_no_page_wider_than_the_screen(
    browser: Opened, site: Path, width: int
) -> None:
    browser.page.set_viewport_size({"width": width, "height": 800})
    with served(site) as base:
        below = max(site.rglob("*.html"), key=lambda path: len(path.parts))
        browser.page.goto(base + below.relative_to(site).as_posix())
        browser.page.evaluate(
            "document.querySelector('.kpi-brand span').textContent = 'Great River Logistics '.repeat(4)"
        )

        assert browser.page.evaluate("document.documentElement.scrollWidth") <= width


LOOK = """[location.href, innerWidth, innerHeight, matchMedia("print").matches,
  matchMedia("(prefers-color-scheme: dark)").matches]"""
"""What a page is shown on."""


def test_a_page_that_begins_anew_is_as_a_new_one(browser: Opened, site: Path) -> None:
    new = browser.page.evaluate(LOOK)
    browser.page.set_viewport_size({"width": 360, "height": 640})
    browser.page.emulate_media(media="print", color_scheme="dark")
    browser.page.goto((site / "index.html").as_uri())
    browser.page.evaluate("console.error('something is wrong')")
    used = browser.page.evaluate(LOOK)

    browser.begin_anew()

    assert [one != other for one, other in zip(new, used, strict=True)] == [True] * 5
    assert browser.page.evaluate(LOOK) == new
    assert (browser.requests, browser.faults) == ([], [])
    with browser.page.expect_console_message():
        browser.page.evaluate("console.error('something is wrong')")
    assert browser.faults == ["something is wrong"]
