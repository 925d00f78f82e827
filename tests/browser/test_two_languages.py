"""A company in two languages: from a page to its twin and back, a search in each, a card in English."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from companies import a_company
from kpibook.content import read
from kpibook.pipeline import build
from opened import Opened, violations
from sites import served

pytestmark = pytest.mark.only_looks


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny company with both handbooks; Zhou Ran reads English."""
    root = a_company(tmp_path_factory.mktemp("spoken"))
    company, role = root / "handbook/company.yml", root / "handbook/roles/barista.yml"
    company.write_text(company.read_text("utf-8") + "languages: [zh, en]\n", encoding="utf-8")
    text = role.read_text("utf-8").replace("name: 茶艺师", "name: {zh: 茶艺师, en: Barista}")
    role.write_text(text, encoding="utf-8")
    people = root / "scorecards/2026-10/people.csv"
    head, *rows = people.read_text("utf-8").splitlines()
    told = [f"{head},language", *(f"{row},{'en' if row.startswith('E02,') else ''}" for row in rows)]
    people.write_text("".join(f"{line}\n" for line in told), encoding="utf-8")
    content = read(root / "handbook", root / "scorecards")
    build(content, root, content.begun)
    return root


def test_a_reader_switches_to_the_same_page_and_back(spoken: Path, browser: Opened) -> None:
    page = browser.page
    with served(spoken / "site") as address:
        page.goto(f"{address}/roles/barista.html")
        page.click("a.kpi-language")

        expect(page).to_have_url(f"{address}/en/roles/barista.html")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("h1")).to_contain_text("Barista")
        assert violations(page) == []

        page.click("a.kpi-language")

        expect(page).to_have_url(f"{address}/roles/barista.html")
        expect(page.locator("h1")).to_contain_text("茶艺师")
        assert violations(page) == []
    assert browser.faults == []


@pytest.mark.parametrize(("home", "query", "leads_to"), [("", "茶艺师", "/roles/"), ("en/", "Barista", "/en/roles/")])
def test_the_search_finds_pages_of_its_own_language(
    spoken: Path, browser: Opened, home: str, query: str, leads_to: str
) -> None:
    page = browser.page
    with served(spoken / "site") as address:
        page.goto(f"{address}/{home}index.html")
        page.keyboard.press("/")
        page.fill(".kpi-search input", query)
        expect(page.locator("#kpi-search-list")).to_have_attribute("data-query", query)

        first = page.locator("#kpi-search-list a").first
        expect(first).to_contain_text(query)
        assert re.search(f"{leads_to}barista.html", first.evaluate("link => link.href"))


def test_a_card_in_the_readers_language_is_whole(spoken: Path, browser: Opened) -> None:
    [card] = [path for path in (spoken / "site-cards/2026-10/p").iterdir() if 'lang="en"' in path.read_text("utf-8")]

    with served(spoken / "site-cards") as address:
        browser.page.goto(f"{address}/2026-10/p/{card.name}")

        expect(browser.page.locator("h1")).to_contain_text("scorecard")
        expect(browser.page.get_by_role("heading", name="Points of each item")).to_be_visible()
        assert violations(browser.page) == []
    assert browser.faults == []
