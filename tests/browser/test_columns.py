"""Columns that people read first are as wide as what stands in them, on screens and on paper."""

from pathlib import Path

import pytest

from opened import Opened
from sites import served

pytestmark = pytest.mark.only_looks

ONE_LINE = """cells => cells.length > 0 && cells.every(cell => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return new Set([...range.getClientRects()].map(each => Math.round(each.bottom / 6))).size <= 1;
})"""


def test_departments_and_people_to_ask_stand_in_one_line(browser: Opened, sample: Path) -> None:
    path = next(each for each in sorted((sample / "site-cards/2026-10/p").glob("*.html")) if _has_contacts(each))
    with served(sample / "site-cards") as base:
        browser.page.set_viewport_size({"width": 1366, "height": 900})
        browser.page.goto(f"{base}/2026-10/p/{path.name}")

        assert browser.page.locator(".card-contacts td:nth-child(-n + 2)").evaluate_all(ONE_LINE)


def test_names_beside_a_heat_map_stand_in_one_line_and_lists_apart(browser: Opened, sample: Path) -> None:
    with served(sample / "site-cards") as base:
        browser.page.set_viewport_size({"width": 1366, "height": 900})
        browser.page.goto(f"{base}/2026-10/departments/sales.html")

        assert browser.page.locator(".card-map td:first-child").evaluate_all(ONE_LINE)
        gap = browser.page.locator(".card-list + .card-list").evaluate_all(
            "lists => lists.map(list => parseFloat(getComputedStyle(list).marginTop))"
        )
        assert gap
        assert min(gap) >= 12


def test_the_dictionary_has_no_grounds_and_no_links_on_paper(browser: Opened, sample: Path) -> None:
    with served(sample / "site") as base:
        browser.page.goto(f"{base}/indicators/index.html")
        browser.page.locator("details.kpi-term").evaluate_all("rows => rows.forEach(row => { row.open = true; })")
        browser.page.emulate_media(media="print")

        term = browser.page.locator("details.kpi-term").first
        assert term.evaluate("row => getComputedStyle(row).backgroundColor") == "rgba(0, 0, 0, 0)"
        assert not term.locator("a").last.is_visible()
        assert term.locator("> p").first.is_visible()


def _has_contacts(path: Path) -> bool:
    return "card-contacts" in path.read_text(encoding="utf-8")


def test_what_stands_below_the_name_of_a_row_is_not_bold_on_a_phone(browser: Opened, sample: Path) -> None:
    with served(sample / "site") as base:
        browser.page.set_viewport_size({"width": 360, "height": 800})
        browser.page.goto(f"{base}/roles/accountant.html")

        weights = browser.page.locator(".kpi-items td:first-child small").evaluate_all(
            "notes => [...new Set(notes.map(note => getComputedStyle(note).fontWeight))]"
        )
        assert weights == ["400"]
