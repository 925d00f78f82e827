"""What a reader loads, and what comes out of a printer, from the sample company's sites."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from opened import Opened
from sites import served

pytestmark = pytest.mark.only_looks

ROLE_LIMIT = 300_000
CARD_LIMIT = 150_000
CARD_ALONE = 60_000
A4_AT_96 = (794, 1123)


@pytest.fixture(scope="module")
def handbook(sample: Path) -> Iterator[str]:
    with served(sample / "site") as base:
        yield base


def loaded(page: Page, address: str) -> dict[str, int]:
    """What the page loads, uncompressed, by name."""
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.update({answer.url: len(answer.body()) if answer.ok else 0}))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return sizes


@pytest.mark.parametrize(
    ("site", "pattern", "limit"),
    [
        ("site", "index.html", ROLE_LIMIT),
        ("site", "roles/*.html", ROLE_LIMIT),
        ("site", "indicators/*.html", ROLE_LIMIT),
        ("site", "departments/*.html", ROLE_LIMIT),
        ("site", "policies/*.html", ROLE_LIMIT),
        ("site-cards", "2026-10/p/*.html", CARD_LIMIT),
    ],
)
def test_the_heaviest_page_of_each_type_is_light_enough(
    running: Browser, sample: Path, site: str, pattern: str, limit: int
) -> None:
    heaviest = max((sample / site).glob(pattern), key=lambda path: path.stat().st_size)
    with served(sample / site) as base:
        context = running.new_context()
        sizes = loaded(context.new_page(), base + heaviest.relative_to(sample / site).as_posix())
        context.close()

    page = sizes[next(address for address in sizes if address.endswith(".html"))]
    print(f"\n{site}/{pattern}: {sum(sizes.values()):,} bytes, of which {page:,} again with a full cache")
    assert sum(sizes.values()) < limit


def test_no_card_is_larger_than_sixty_kilobytes_without_what_pages_share(sample: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in (sample / "site-cards").glob("*/p/*.html")}

    assert len(sizes) > 100
    assert {name: size for name, size in sizes.items() if size > CARD_ALONE} == {}


def test_nothing_is_loaded_for_the_search_before_somebody_searches(browser: Opened, handbook: str) -> None:
    browser.page.goto(f"{handbook}index.html")
    browser.page.wait_for_load_state("networkidle")

    assert not [request for request in browser.requests if "search-index" in request]
    assert not [request for request in browser.requests if "dictionary" in request]


def pages_of(pdf: bytes) -> list[tuple[int, int]]:
    """The width and height of each page, in points."""
    boxes = re.findall(rb"/MediaBox \[\s*0 0 ([0-9.]+) ([0-9.]+)\s*\]", pdf)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


@pytest.mark.parametrize(
    ("path", "least", "most"),
    [
        ("roles/store-operator.html", 2, 6),
        ("sheets/store-operator.html", 2, 2),
        ("sheets/store-manager.html", 2, 2),
        ("policies/interview.html", 2, 2),
        ("policies/improvement.html", 2, 2),
        ("policies/agreement.html", 1, 2),
        ("organisation.html", 1, 2),
        ("grades.html", 1, 2),
        ("calendar.html", 1, 1),
    ],
)
def test_pages_print_on_a4(browser: Opened, handbook: str, path: str, least: int, most: int) -> None:
    browser.page.goto(handbook + path)

    sizes = pages_of(browser.page.pdf(prefer_css_page_size=True))

    assert set(sizes) <= {(595, 842), (596, 842)}
    assert least <= len(sizes) <= most


def test_agreement_and_blank_scorecard_take_a_sheet_each_even_of_the_longest_roles(
    browser: Opened, handbook: str, sample: Path
) -> None:
    forms = sorted((sample / "site" / "sheets").glob("*.html"), key=lambda path: path.stat().st_size)
    counts = {}
    for path in forms[-5:]:
        browser.page.goto(f"{handbook}sheets/{path.name}")
        counts[path.stem] = len(pages_of(browser.page.pdf(prefer_css_page_size=True)))

    assert counts == dict.fromkeys(counts, 2)


@pytest.mark.parametrize("path", ["policies/interview.html", "policies/improvement.html"])
def test_a_form_has_lines_and_fills_a_page_of_its_own(browser: Opened, handbook: str, path: str) -> None:
    browser.page.set_viewport_size({"width": A4_AT_96[0], "height": A4_AT_96[1]})
    browser.page.emulate_media(media="print")
    browser.page.goto(handbook + path)

    form = browser.page.locator(".kpi-blank")
    box = form.bounding_box()

    assert box is not None
    assert 0.6 * A4_AT_96[1] < box["height"] < A4_AT_96[1]
    assert form.locator("td").last.evaluate("cell => getComputedStyle(cell).borderBottomStyle") == "solid"
    assert (
        form.locator("xpath=preceding-sibling::h2[1]")
        .evaluate("heading => getComputedStyle(heading, '::before').content")
        .startswith('"绩效')
    )


@pytest.mark.parametrize("path", ["roles/store-operator.html", "sheets/store-operator.html"])
def test_paper_cuts_nothing_off_at_the_side(browser: Opened, handbook: str, path: str) -> None:
    browser.page.set_viewport_size({"width": 688, "height": A4_AT_96[1]})
    browser.page.emulate_media(media="print")
    browser.page.goto(handbook + path)

    assert browser.page.evaluate("document.documentElement.scrollWidth") <= 688
