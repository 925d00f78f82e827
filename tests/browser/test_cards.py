"""Cards, departments and cycles in a real browser: unfolding, charts, phones, the dark, paper."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from burden import FORTY, LONG, THREE, write_burden
from kpibook.base.periods import Period
from kpibook.content import read
from kpibook.pages.figures import page_id
from kpibook.pipeline import write_pages
from kpibook.publishing.key import card_key
from kpibook.publishing.site import CardPages, build_card_site
from opened import Opened, opened, violations
from sites import served
from sources import ROOT

pytestmark = pytest.mark.only_looks

OCTOBER = Period.parse("2026-10")
SCORED, TRANSFERRED, WAITING = "HY016", "HY032", "HY033"
VETOED = "HY007", Period.parse("2026-09")
"""Whose grade a gate held back."""
SHEET_MM = 273
"""What an A4 sheet holds between its margins."""
FILLED = """() => document.querySelector("article.card-sheet-3") ? [] :
  [...document.querySelectorAll(".card-one, .card-two")].map(each => each.getBoundingClientRect().height * 25.4 / 96)"""
"""The heights of both sheets, in mm, of a card that is not one run over both."""
COLOURS = """all => all.map(each =>
  [[...each.classList].find(name => /^kpi-grade-[0-9]$/.test(name)), getComputedStyle(each).backgroundColor])"""
"""The hue that an element says it has, and the one that it has."""
A_COMMENT = "把上个季度遗留的三个问题逐条核对清楚，" * 100
A_NAME = "欧阳慕容尉迟" * 6
SMALLEST = """() => {
  const speaks = each => [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim())
  const seen = [...document.querySelectorAll("article *")].filter(each => speaks(each) && each.checkVisibility())
  const sizes = seen.map(each => parseFloat(getComputedStyle(each).fontSize))
  return Math.round(Math.min(...sizes) * 0.75 * 100) / 100
}"""
"""The size in points of the smallest text that is seen."""


@pytest.fixture(scope="module")
def cards(sample: Path) -> Iterator[str]:
    with served(sample / "site-cards") as base:
        yield base


def card(person: str, cycle: Period = OCTOBER) -> str:
    return f"{cycle}/p/{page_id(card_key(ROOT), cycle, person)}.html"


def has_third_page(page: Page) -> bool:
    """Whether paper takes more than two pages: asked for the third alone, the browser need not draw the others."""
    try:
        page.pdf(prefer_css_page_size=True, page_ranges="3")
    except Error as refused:
        if "Page range exceeds page count" in refused.message:
            return False
        raise
    return True


def test_an_item_unfolds_by_its_own_line(browser: Opened, cards: str) -> None:
    browser.page.goto(cards + card(SCORED))
    derivation = browser.page.locator("#item-1")
    assert not derivation.is_visible()

    browser.page.locator(".card-item > summary").nth(0).click()
    expect(derivation).to_be_visible()
    assert "财务部提供：" in derivation.inner_text()

    browser.page.locator(".card-item > summary").nth(1).press("Enter")
    expect(browser.page.locator("#item-2")).to_be_visible()


def test_a_bar_is_as_long_as_its_points_on_one_scale(browser: Opened, cards: str) -> None:
    browser.page.goto(cards + card(SCORED))
    told = browser.page.locator(".card-item").evaluate_all(
        """all => all.filter(each => each.querySelector(".card-bar")).map(each => [
          Number(each.querySelector(".card-points").textContent.split("/")[1]),
          each.querySelector(".card-bar").getBoundingClientRect().width,
        ])"""
    )

    [scale, *others] = [width / worth for worth, width in told]

    assert len(told) == 5
    assert max(abs(other / scale - 1) for other in others) < 0.02


def test_a_trend_is_drawn_over_the_figures_that_it_joins(browser: Opened, laden: Path) -> None:
    browser.page.goto((laden / card(FORTY)).as_uri())

    line = browser.page.locator(".card-line").bounding_box()
    points = browser.page.locator(".card-trend li")

    assert line is not None
    assert line["height"] > 30
    assert points.count() == 12
    boxes = [box for point in points.all() if (box := point.bounding_box())]
    assert {round(box["width"]) for box in boxes} == {round(line["width"] / len(boxes))}


@pytest.mark.parametrize("person", [SCORED, TRANSFERRED, WAITING])
def test_a_card_takes_two_pages_at_most(browser: Opened, cards: str, person: str) -> None:
    browser.page.goto(cards + card(person))

    assert not has_third_page(browser.page)


def test_a_third_page_is_seen(browser: Opened) -> None:
    for count, has_third in ((1, False), (2, False), (3, True)):
        browser.page.set_content("<p style='break-after: page'>x</p>" * (count - 1) + "<p>x</p>")

        assert has_third_page(browser.page) is has_third


def test_every_card_of_the_sample_takes_two_pages_at_most(running: Browser, sample: Path) -> None:
    context = running.new_context(java_script_enabled=False)
    page, longer = context.new_page(), []
    for path in sorted((sample / "site-cards").glob("2026-*/[pu]*/*.html")):
        page.goto(path.as_uri())
        if has_third_page(page):
            longer.append(path.name)
    context.close()

    assert longer == []


@pytest.mark.parametrize("person", [FORTY, THREE, LONG])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_forty_items_take_two_pages_and_none_is_cut_in_two(
    browser: Opened, laden: Path, laden_in_english: Path, language: str, person: str
) -> None:
    browser.page.goto(((laden if language == "zh" else laden_in_english) / card(person)).as_uri())

    assert not has_third_page(browser.page)
    browser.page.emulate_media(media="print")
    items = browser.page.locator("details.card-item")
    breaks = items.evaluate_all("all => all.map(each => getComputedStyle(each).breakInside)")
    assert len(breaks) > 20
    assert set(breaks) == {"avoid"}


class OnPaper(NamedTuple):
    """The heights of a card's two sheets, in mm, where it has two; the size of its smallest text, in points."""

    sheets: list[float]
    smallest: float


@pytest.fixture(scope="module")
def on_paper(running: Browser, sample: Path) -> list[OnPaper]:
    """Every card of October as paper shows it."""
    context = running.new_context(viewport={"width": 695, "height": 1000}, locale="zh-CN")
    page, found = context.new_page(), []
    page.emulate_media(media="print")
    for path in sorted((sample / "site-cards").glob("2026-10/p/*.html")):
        page.goto(path.as_uri())
        found.append(OnPaper(page.evaluate(FILLED), page.evaluate(SMALLEST)))
    context.close()
    return found


def test_the_sheets_of_a_card_are_filled_and_none_is_overfull(on_paper: list[OnPaper]) -> None:
    heights = [height for card in on_paper for height in card.sheets]

    assert len(heights) > 40
    assert min(heights) > 0.95 * SHEET_MM
    assert max(heights) <= SHEET_MM


def test_no_card_of_the_sample_is_printed_in_a_hand_that_is_hard_to_read(on_paper: list[OnPaper]) -> None:
    assert min(card.smallest for card in on_paper) >= 7.5


def test_paper_shows_everything_unfolded_and_keeps_signatures_together(browser: Opened, cards: str) -> None:
    browser.page.emulate_media(media="print")
    browser.page.goto(cards + card(SCORED))

    for derivation in browser.page.locator(".card-item > div").all():
        assert derivation.evaluate("each => each.getBoundingClientRect().height") > 0
    assert not browser.page.locator(".md-header").is_visible()
    signatures = browser.page.locator(".card-signatures")
    assert signatures.evaluate("each => getComputedStyle(each).breakInside") == "avoid"
    assert browser.page.locator(".card-signatures li").count() == 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("person", [SCORED, TRANSFERRED, WAITING])
def test_an_unfolded_card_keeps_nobody_out(
    browser: Opened, cards: str, person: str, scheme: Literal["light", "dark"]
) -> None:
    browser.page.emulate_media(color_scheme=scheme)
    browser.page.goto(cards + card(person))
    browser.page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true })")

    assert violations(browser.page) == []


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("person", [SCORED, TRANSFERRED, WAITING])
def test_nothing_of_a_card_scrolls_sideways_on_a_phone(browser: Opened, cards: str, person: str, width: int) -> None:
    browser.page.set_viewport_size({"width": width, "height": 800})
    browser.page.goto(cards + card(person))
    browser.page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true })")

    assert browser.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["2026-10/index.html", "2026-10/departments/ecommerce.html"])
def test_lists_of_a_cycle_keep_nobody_out_and_load_no_charts(
    browser: Opened, cards: str, path: str, scheme: Literal["light", "dark"]
) -> None:
    browser.page.emulate_media(color_scheme=scheme)
    browser.page.goto(cards + path)
    browser.page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true })")

    assert violations(browser.page) == []
    assert not [request for request in browser.requests if "charts" in request]


@pytest.mark.parametrize("width", [320, 360])
def test_nothing_of_a_cycle_scrolls_sideways_on_a_phone(browser: Opened, cards: str, width: int) -> None:
    browser.page.set_viewport_size({"width": width, "height": 800})
    browser.page.goto(cards + "2026-10/index.html")

    assert browser.page.evaluate("document.documentElement.scrollWidth") <= width


def test_grades_have_the_same_colour_in_every_drawing(browser: Opened, cards: str) -> None:
    """On the bars, in the strips, on the chips and on the ruler of a card."""
    browser.page.goto(cards + "2026-10/index.html")
    drawn = browser.page.locator(".cycle-bar i, .cycle-strip i, .kpi-grade").evaluate_all(COLOURS)
    browser.page.goto(cards + card(SCORED))
    drawn += browser.page.locator(".card-bands i, .kpi-grade").evaluate_all(COLOURS)

    by_hue: dict[str, set[str]] = {}
    for hue, colour in drawn:
        by_hue.setdefault(hue, set()).add(colour)

    assert len(by_hue) == 5
    assert all(len(colours) == 1 for colours in by_hue.values())


def test_the_heat_map_tells_its_numbers_on_grounds_of_different_weight(browser: Opened, cards: str) -> None:
    browser.page.goto(cards + "2026-10/departments/ecommerce.html")
    cells = browser.page.locator(".card-heat")

    grounds = set(cells.evaluate_all("all => all.map(each => getComputedStyle(each).backgroundColor)"))

    assert len(grounds) >= 3
    # What they are is said once, above the maps.
    assert "百分比" in browser.page.locator("article").inner_text()
    assert all(re.fullmatch(r"\d+", text) for text in cells.all_inner_texts())


@pytest.fixture(scope="module")
def burdened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a company where a name and a comment are as long as can be."""
    root = tmp_path_factory.mktemp("burdened")
    cycle = root / "scorecards" / "2026-10"
    for folder in ("handbook", "scorecards"):
        _copy(ROOT / folder, root / folder)
    people = (cycle / "people.csv").read_text(encoding="utf-8")
    (cycle / "people.csv").write_text(people.replace("苏以宁", A_NAME), encoding="utf-8", newline="\n")
    ratings = (cycle / "ratings.csv").read_text(encoding="utf-8")
    (cycle / "ratings.csv").write_text(
        ratings.replace("建议的详情页改版已经上线", A_COMMENT), encoding="utf-8", newline="\n"
    )
    content = read(root / "handbook", root / "scorecards")
    write_pages(content, root / "build", [OCTOBER])
    (root / "site").mkdir()
    build_card_site(CardPages(root / "build" / "cards"), root / "site", company=content.catalog.company)
    return root / "site"


@pytest.fixture(scope="module")
def laden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a company with forty items on a card, three roles in a month and a year of cycles."""
    return _laden(tmp_path_factory.mktemp("laden"), "zh")


@pytest.fixture(scope="module")
def laden_in_english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same site in English."""
    return _laden(tmp_path_factory.mktemp("laden_in_english"), "en")


def _laden(root: Path, language: str) -> Path:
    write_burden(root, months=[f"2025-{month}" for month in (11, 12)] + [f"2026-{month:02}" for month in range(1, 11)])
    company = root / "handbook" / "company.yml"
    company.write_text(company.read_text("utf-8").replace("language: zh", f"language: {language}"), "utf-8")
    content = read(root / "handbook", root / "scorecards")
    write_pages(content, root / "build", [OCTOBER])
    (root / "site").mkdir()
    build_card_site(CardPages(root / "build" / "cards"), root / "site", company=content.catalog.company)
    return root / "site"


OVERLAPS = """() => {
  const found = []
  const walker = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim() || !node.parentElement.checkVisibility()) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    for (const box of range.getClientRects()) found.push([box, node])
  }
  found.sort((one, other) => one[0].top - other[0].top)
  const meet = (one, other) => one.left + 1 < other.right && other.left + 1 < one.right && other.top + 4 < one.bottom
  const told = []
  found.forEach(([box, node], at) => {
    for (let next = at + 1; next < found.length && found[next][0].top + 4 < box.bottom; next++)
      if (found[next][1] !== node && meet(box, found[next][0])) told.push([node, found[next][1]])
  })
  return told.slice(0, 5).map(pair => pair.map(each => each.data.slice(0, 20)))
}"""
"""Texts that stand on each other; lines of one text may touch."""


@pytest.mark.parametrize("person", [FORTY, THREE, LONG])
@pytest.mark.parametrize(("media", "width"), [("screen", 360), ("screen", 1366), ("print", 688)])
def test_nothing_overlaps_however_much_there_is(
    browser: Opened, laden: Path, person: str, media: Literal["screen", "print"], width: int
) -> None:
    browser.page.emulate_media(media=media)
    browser.page.set_viewport_size({"width": width, "height": 800})
    browser.page.goto((laden / card(person)).as_uri())

    assert browser.page.evaluate(OVERLAPS) == []
    assert browser.page.evaluate("document.documentElement.scrollWidth") <= width
    totals = browser.page.locator(".card-trend strong")
    assert max(totals.evaluate_all("all => all.map(each => each.getClientRects().length)")) <= 1
    assert totals.count() == 12


def _copy(source: Path, target: Path) -> None:
    for path in source.rglob("*"):
        if path.is_file():
            (target / path.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            (target / path.relative_to(source)).write_bytes(path.read_bytes())


@pytest.mark.parametrize("width", [360, 1366])
def test_long_names_and_comments_stay_in_their_place(browser: Opened, burdened: Path, width: int) -> None:
    browser.page.set_viewport_size({"width": width, "height": 800})
    with served(burdened) as base:
        for path in ("2026-10/index.html", "2026-10/departments/ecommerce.html", card("HY018")):
            browser.page.goto(base + path)

            assert browser.page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert A_NAME in browser.page.locator("h1").inner_text()
        assert A_COMMENT in browser.page.locator(".card-box").nth(1).inner_text()


def test_a_long_comment_moves_what_follows_and_hides_nothing_on_paper(browser: Opened, burdened: Path) -> None:
    browser.page.emulate_media(media="print")
    browser.page.set_viewport_size({"width": 688, "height": 1000})
    with served(burdened) as base:
        browser.page.goto(base + card("HY018"))

        boxes = [box for part in browser.page.locator(".card-box").all() if (box := part.bounding_box())]
        signatures = browser.page.locator(".card-signatures").bounding_box()

        assert signatures is not None
        tops = [box["y"] for box in boxes] + [signatures["y"]]
        ends = [box["y"] + box["height"] for box in boxes]
        assert all(end <= top for end, top in zip(ends, tops[1:], strict=True))
        assert browser.page.evaluate("document.documentElement.scrollWidth") <= 688


def test_the_page_of_records_marks_what_is_over_and_what_is_due_within_a_week(running: Browser, sample: Path) -> None:
    # A clock that stands still would stay so for all other tests of the profile.
    with opened(running) as browser:
        browser.page.clock.set_fixed_time("2026-11-10T12:00:00")

        browser.page.goto((sample / "site-cards/2026-09/records.html").as_uri())

        marks = browser.page.locator("[data-soon] time").all()
        told = {each.get_attribute("datetime"): each.evaluate("each => each.parentNode.innerText") for each in marks}
    assert told["2026-10-31"].endswith("已逾期")
    assert told["2026-11-15"].endswith("一周内")


def test_a_reminder_is_copied_by_one_press(browser: Opened, cards: str) -> None:
    browser.page.goto(f"{cards}2026-10/status.html")
    box = browser.page.locator(".kpi-copy").first
    said = "\n".join(box.locator("p").all_inner_texts())

    box.get_by_role("button", name="复制").click()

    expect(box.get_by_role("button", name="已复制")).to_be_focused()
    browser.page.evaluate("""() => {
        const field = document.body.appendChild(document.createElement("textarea"))
        field.id = "pasted"
        field.focus()
    }""")
    browser.page.keyboard.press("Control+V")
    expect(browser.page.locator("#pasted")).to_have_value(said)
    assert "请在 11月5日（周四）前交齐" in said


def test_the_page_of_a_cycle_has_a_reminder_to_copy_for_each_who_is_late(browser: Opened, sample: Path) -> None:
    """From a folder, too; a page without script has no button that does nothing."""
    path = (sample / "site-cards/2026-10/index.html").as_uri()
    browser.page.goto(path)
    rows = browser.page.locator(".cycle-late tbody tr")
    assert browser.page.get_by_role("button", name="复制").count() == rows.count() == 3

    rows.nth(2).get_by_role("button", name="复制").click()

    expect(rows.nth(2).get_by_role("button", name="已复制")).to_be_focused()
    browser.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<textarea id=pasted></textarea>')")
    browser.page.locator("#pasted").press("Control+V")
    assert browser.page.locator("#pasted").input_value().split("\n")[:2] == [
        "【电子商务部】2026年10月考核还缺 1 项数据。请在11月5日（周四）前交齐。有 1 张考核表在等：阮星禾。",
        "1. 浏览量（数据被搁置）：阮星禾",
    ]


def test_without_script_nothing_asks_to_be_pressed(running: Browser, sample: Path) -> None:
    context = running.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((sample / "site-cards/2026-10/index.html").as_uri())

    shown = page.locator(".cycle-reminders").is_visible(), page.locator(".cycle-late button").count()
    context.close()

    assert shown == (False, 0)


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize(("person", "cycle"), [(SCORED, OCTOBER), (WAITING, OCTOBER), VETOED])
def test_a_card_keeps_nobody_out_on_a_phone(
    browser: Opened, cards: str, person: str, cycle: Period, width: int
) -> None:
    browser.page.set_viewport_size({"width": width, "height": 800})
    browser.page.goto(cards + card(person, cycle))

    assert violations(browser.page) == []
    assert browser.page.evaluate("document.documentElement.scrollWidth") <= width
    assert browser.page.evaluate(SMALLEST) >= 0.75 * 13
    assert browser.page.locator(".md-path a").get_attribute("href") == "../../index.html"


def test_a_card_is_printed_by_a_button_that_stands_on_no_paper_and_not_without_scripts(
    running: Browser, cards: str
) -> None:
    page = running.new_page()
    page.add_init_script("window.print = () => { window.printed = true }")
    page.goto(cards + card(SCORED))
    button = page.get_by_role("button", name="打印")
    button.click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    assert not button.is_visible()
    page.close()
    context = running.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(cards + card(SCORED))
    assert "打印（" not in page.locator("article").inner_text()
    context.close()
