"""The sample company in English: every Chinese word on its sites stands in its files, none is the generator's."""

import html
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from kpibook.base.words import words
from kpibook.content import read, reported_problems
from kpibook.pipeline import build
from made_once import made_once
from opened import Opened
from sites import served
from sources import ROOT

CHINESE = re.compile("[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]+")
MARKS = re.compile(r"\W")
LINK_TARGET = re.compile(r"\]\([^)]*\)")
MADE = {".md", ".html", ".yml", ".json"}
FOLDERS = ("handbook", "scorecards")


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "english", _build_in_english)


def _build_in_english(root: Path) -> None:
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, root / folder)
    company = root / "handbook" / "company.yml"
    company.write_text(company.read_text("utf-8").replace("language: zh", "language: en"), "utf-8")
    content = read(root / "handbook", root / "scorecards")
    build(content, root, content.cycles)


@pytest.fixture(scope="module")
def written(english: Path) -> str:
    """Everything that people wrote into the company's files."""
    paths = (path for folder in FOLDERS for path in sorted((english / folder).rglob("*.*")))
    return bare("\n".join(text for path in paths for text in texts(path)))


def bare(text: str) -> str:
    """A text as it is and as pages carry it, without the targets of its links, both without marks."""
    return MARKS.sub("", text) + "\n" + MARKS.sub("", LINK_TARGET.sub("", text))


def texts(path: Path) -> Iterator[str]:
    if path.suffix == ".xlsx":
        with ZipFile(path) as workbook:
            yield from (html.unescape(workbook.read(name).decode()) for name in workbook.namelist())
        return
    try:
        yield path.read_text("utf-8")
    except UnicodeDecodeError:
        yield path.read_text("gb18030")


def not_written(text: str, written: str) -> set[str]:
    """The Chinese in a text that nobody wrote, marks aside: two names that the generator joins are no name."""
    return {run for run in CHINESE.findall(html.unescape(text)) if MARKS.sub("", run) not in written}


def test_no_file_holds_a_chinese_word_that_nobody_wrote(english: Path, written: str) -> None:
    made = [path for folder in ("build", "site", "site-cards") for path in (english / folder).rglob("*.*")]
    pages = {path.relative_to(english).as_posix(): path.read_text("utf-8") for path in made if path.suffix in MADE}

    found = {path: foreign for path, page in pages.items() if (foreign := not_written(page, written))}

    assert len(pages) > 1000
    assert found == {}
    assert all('<html lang="en"' in page for path, page in pages.items() if path.endswith(".html"))


def test_the_search_knows_no_chinese_word_that_nobody_wrote(english: Path, written: str) -> None:
    index = (english / "site" / "assets" / "search-index.js").read_text("utf-8")

    assert not_written(index, written) == set()


def test_no_problem_is_told_in_chinese(english: Path, written: str) -> None:
    content = read(english / "handbook", english / "scorecards")

    told = "\n".join(problem.text(words("en")) for problem in reported_problems(content))

    assert "is not a number" in told
    assert not_written(told, written) == set()


def shown(page: Page) -> str:
    """All that a page says, to the eye and to a screen reader."""
    return str(
        page.evaluate(
            """() => [...document.querySelectorAll('*')].flatMap(each => [
                ...['title', 'aria-label', 'placeholder', 'alt', 'value'].map(name => each.getAttribute(name)),
                ...[...each.childNodes].filter(node => node.nodeType === 3).map(node => node.textContent)
            ]).filter(Boolean).join('\\n')"""
        )
    )


def test_what_scripts_put_on_the_page_is_english_too(browser: Opened, english: Path, written: str) -> None:
    with served(english / "site") as base:
        page = browser.page
        page.goto(f"{base}indicators/index.html")
        page.locator(".kpi-filter input[type=search]").fill("nothing like this")
        expect(page.locator(".kpi-filter output")).to_have_text(re.compile("No indicator fits"))
        assert not_written(shown(page), written) == set()

        page.goto(f"{base}index.html")
        page.locator(".kpi-find").click()
        for typed in ("ROI", "zzzz", "dzswjl"):
            page.locator(".kpi-search input").fill(typed)
            expect(page.locator("#kpi-search-list")).to_have_attribute("data-query", typed)
            assert not_written(shown(page), written) == set()
    assert browser.faults == []


TORN = """() => {
  const torn = new Set()
  const walker = document.createTreeWalker(document.querySelector(".card-items"), NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    for (const word of node.data.matchAll(/[a-z]{3,}/gi)) {
      const range = document.createRange()
      range.setStart(node, word.index)
      range.setEnd(node, word.index + word[0].length)
      if (new Set([...range.getClientRects()].map(box => box.top)).size > 1) torn.add(word[0])
    }
  return [...torn]
}"""
"""Words of a scorecard's items that begin in one line and end in the next."""


def test_a_long_scorecard_in_two_columns_tears_no_english_word(browser: Opened, english: Path) -> None:
    page = browser.page
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 695, "height": 1000})
    card = max((english / "site-cards/2026-10/p").glob("*.html"), key=lambda path: path.stat().st_size)
    page.goto(card.as_uri())
    page.evaluate("document.querySelector('.card-sheet').classList.add('card-sheet-2', 'card-sheet-6')")

    assert page.locator(".card-item").count() > 5
    assert page.evaluate(TORN) == []


def test_quotation_marks_among_english_words_are_no_wider_than_letters(browser: Opened, english: Path) -> None:
    browser.page.goto((english / "site/index.html").as_uri())

    width = browser.page.evaluate("""() => {
        const mark = document.createElement("span")
        mark.textContent = "\u201d"
        document.querySelector("h1").append(mark)
        return mark.getBoundingClientRect().width / parseFloat(getComputedStyle(mark).fontSize)
    }""")
    assert width < 0.7
