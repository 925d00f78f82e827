"""HR's pages of analysis in a real browser: nobody is kept out, nothing is refused or cut off, every chart is drawn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpibook.analysing import analyse
from kpibook.content import read
from kpibook.pipeline import build
from made_once import made_once
from opened import Opened, violations, violations_in_the_dark
from planted import a_sample, plant_copied_ratings, plant_jump, plant_late, plant_quotas, plant_role
from sites import served

pytestmark = pytest.mark.only_looks

PAGES = ("index.html", "2026-10.html", "year-2026-month.html")


@pytest.fixture(scope="session")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample company with everything that a page of analysis can tell, built and analysed."""
    return made_once(tmp_path_factory, "analysed", _analyse)


def _analyse(root: Path) -> None:
    a_sample(root)
    for plant in (plant_role, plant_copied_ratings, plant_jump, plant_quotas, plant_late):
        plant(root)
    content = read(root / "handbook", root / "scorecards")
    build(content, root, content.cycles)
    analyse(content, root, list(content.begun))


@pytest.fixture
def base(analysed: Path) -> Iterator[str]:
    with served(analysed / "site-cards") as address:
        yield f"{address}analysis/"


SCROLLED = """[...document.querySelectorAll('.md-typeset__scrollwrap')].filter(
    box => box.scrollWidth > box.clientWidth + 1
).length"""


def test_on_a_phone_rows_are_blocks_and_nothing_is_moved_sideways(browser: Opened, base: str) -> None:
    browser.page.set_viewport_size({"width": 320, "height": 860})
    moved = {}
    for page in PAGES:
        browser.page.goto(base + page)
        browser.page.wait_for_function(DRAWN)
        moved[page] = browser.page.evaluate(SCROLLED)
        assert browser.page.evaluate("document.documentElement.scrollWidth") <= 320

    assert moved == dict.fromkeys(PAGES, 0)


@pytest.mark.parametrize("width", [1366, 360])
def test_pages_of_analysis_keep_nobody_out_and_fit_their_screen(browser: Opened, base: str, width: int) -> None:
    browser.page.set_viewport_size({"width": width, "height": 860})
    found, wide = {}, []
    for page in PAGES:
        browser.page.emulate_media(color_scheme="light")
        browser.page.goto(base + page)
        browser.page.wait_for_function(DRAWN)
        found[page, "light"] = violations(browser.page)
        found[page, "dark"] = violations_in_the_dark(browser.page)
        if browser.page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(page)

    assert {place: each for place, each in found.items() if each} == {}
    assert wide == []
    assert [request for request in browser.requests if not request.startswith(base.removesuffix("analysis/"))] == []
    assert browser.faults == []


DRAWN = "[...document.querySelectorAll('.card-chart')].every(box => box.querySelector('.card-drawing svg path'))"


def test_every_kind_of_chart_is_drawn_beside_its_table(browser: Opened, base: str) -> None:
    browser.page.goto(f"{base}2026-10.html")
    browser.page.wait_for_function(DRAWN)

    kinds = browser.page.evaluate("[...document.querySelectorAll('.card-chart')].map(box => box.dataset.chart)")
    tables = browser.page.evaluate(
        "[...document.querySelectorAll('.card-chart')].map(b => b.querySelector('table') !== null)"
    )
    texts = browser.page.locator(".card-chart[data-chart=quotas] svg").text_content() or ""

    assert set(kinds) == {"ranges", "shares", "quotas"}
    assert all(tables)
    assert "全公司：A 级及以上" in texts
