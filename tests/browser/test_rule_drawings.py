"""Drawings of rules in the browser: each has its numbers beside it as text, with room on every screen and on paper."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from handbook_made import pages_of
from kpibook.model import Catalog
from kpibook.model.job_levels import JobLevel
from kpibook.model.total import Total
from kpibook.reading.catalog import load_catalog
from laid_out import looked_at
from opened import Opened
from sites import a_handbook_site, served
from sources import ROOT

pytestmark = pytest.mark.only_looks

TEXTS = ".kpi-curve small"
PAPER = 688
"""The width between the margins of A4, in CSS pixels."""
FULL = {"level": "L2", "from": "100", "factor": "1.2"}
LEVELS = {"by": "levels", "levels": [FULL, {"level": "L1", "from": "60", "factor": "1"}]}


def company() -> Catalog:
    """The trades, the engineer on two job levels, and the production manager by levels."""
    catalog, _ = load_catalog(ROOT / "tests" / "trades" / "handbook")
    ways = [JobLevel.build(id=f"P{n}", items=[{"indicator": "tasks", "target": f"{90 + 10 * n}"}]) for n in (1, 2)]
    engineer = catalog.roles["engineer"].model_copy(update={"levels": tuple(ways)})
    manager = catalog.roles["production-manager"].model_copy(update={"total": Total.build(**LEVELS)})
    return replace(catalog, roles={**catalog.roles, engineer.id: engineer, manager.id: manager})


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root: Path = tmp_path_factory.mktemp("drawings")
    with served(a_handbook_site(root, pages_of(company()))) as base:
        yield base


@pytest.mark.parametrize(
    ("role", "texts"),
    [
        ("driver", ["单次行车事故：0 至 500 元", "交通违章：0 至 14 次（扣）"]),
        ("engineer", ["P1：目标 100%", "P2：目标 110%"]),
        ("production-manager", ["目标 1,000 吨", "L2：1,000 吨起", "L1：800 吨起"]),
    ],
)
def test_the_numbers_of_a_drawing_stand_below_it(browser: Opened, address: str, role: str, texts: list[str]) -> None:
    browser.page.goto(f"{address}roles/{role}.html")

    first = browser.page.locator(".kpi-curve").first
    assert first.locator("small").all_inner_texts() == texts
    assert browser.faults == []


@pytest.mark.parametrize("width", [1366, 360, 320, PAPER])
def test_every_drawing_and_its_text_have_room(browser: Opened, address: str, width: int) -> None:
    browser.page.set_viewport_size({"width": width, "height": 900})
    if width == PAPER:
        browser.page.emulate_media(media="print")

    pages = [f"roles/{role}.html" for role in ("driver", "engineer", "production-manager")]

    assert looked_at(browser.page, address, pages) == {}
    assert browser.page.locator(TEXTS).count() > 0


@pytest.mark.parametrize("width", [360, 320])
def test_on_a_phone_what_counts_takes_the_whole_width(browser: Opened, address: str, width: int) -> None:
    browser.page.set_viewport_size({"width": width, "height": 900})
    browser.page.goto(f"{address}roles/driver.html")

    cells = browser.page.locator(".kpi-items").first.locator("tbody tr:first-child td")
    widths = cells.evaluate_all("cells => cells.map(cell => cell.offsetWidth / cell.parentElement.offsetWidth)")

    assert len(widths) == 4
    assert min(widths) > 0.9
