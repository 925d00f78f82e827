"""Cards on paper: a PDF of each, printed by the browser that is on the machine, several at once."""

import asyncio
import datetime
import html
import os
import re
import shutil
from collections.abc import AsyncIterator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kpibook.base.problems import Failure, Place, Problem
from kpibook.base.words import Words
from kpibook.exchange.exports import MARK
from kpibook.pages.cards.print_density import DENSITY_CLASSES
from kpibook.publishing.site.commonmark import page_html
from kpibook.publishing.site.settings import ASSETS
from kpibook.publishing.site.shells import read_card, sheet_class
from kpibook.reading.tables import text_cell

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserType, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
CHANNELS = ("chrome", "msedge")
"""Browsers by the names that playwright finds them by where they are not on the path: Windows and macOS."""

QUIET = (
    *("--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
AT_ONCE = 4
"""Cards that are printed side by side at most; more than the processors at hand would only wait."""

MOST_SHEETS = 2
"""Pages of a card."""

INDEX = "index.csv"
STYLES = (ASSETS / "print" / "paper.css", ASSETS / "theme" / "assets" / "cards.css")

_DATE = re.compile(rb"(/(?:CreationDate|ModDate) )\(D:[0-9]{14}([+-][0-9]{2}'[0-9]{2}')\)")
_SHEET = re.compile(rb"/Type\s*/Page\b")
_DENSITY = re.compile(r'card-basis((?: card-paper-[0-9])*)"')
_SHEET_CLASS = re.compile(r'class="md-typeset[^"]*"')
_TO_PAGE = re.compile(r'<a\b[^>]*?\shref="[^"#][^"]*"[^>]*>')
_IDEOGRAPH = re.compile("[\u3400-\u9fff]")

# A sign that no font has is drawn as a box, and so any two such signs look alike.
_KNOWS_IDEOGRAPHS = """() => {
  const drawn = code => {
    const canvas = document.createElement("canvas")
    const pen = canvas.getContext("2d")
    pen.font = "40px sans-serif"
    pen.fillText(String.fromCodePoint(code), 10, 60)
    return canvas.toDataURL()
  }
  return drawn(0x7ee9) !== drawn(0x6548)
}"""


class PrintError(Failure):
    """Nothing can be printed on this machine as it is."""


class PrintedCard(NamedTuple):
    """A card to be printed: its file's name without the ending, its Markdown, and its row of the index."""

    name: str
    text: str
    row: tuple[str, ...]
    language: str = ""
    """Where it is not that of the index."""


def print_sheets(sheets: Iterable[PrintedCard], folder: Path, say: Words, day: datetime.date) -> int:
    """Write a PDF for each card and an index of them into the folder; the number of cards.

    The files' names and properties name nobody; the index does. The same cards give the same bytes on the same
    machine: `day` stands for the time of making.

    Raises:
        PrintError: no browser, no library to drive it, no font for Chinese.
        OSError: the disk refuses.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A thread of its own: the caller's may run a loop already.
    with ThreadPoolExecutor(1) as thread:
        rows = thread.submit(lambda: asyncio.run(_print_all(iter(sheets), folder, say, day))).result()
    header = [say(f"printing.column.{column}") for column in ("file", "person", "name", "department", "role")]
    lines = (",".join(map(text_cell, row)) for row in (header, *rows))
    (folder / INDEX).write_text(MARK + "".join(f"{line}\n" for line in lines), encoding="utf-8", newline="")
    return len(rows)


async def _print_all(
    sheets: Iterator[PrintedCard], folder: Path, say: Words, day: datetime.date
) -> list[tuple[str, ...]]:
    style = "".join(path.read_text(encoding="utf-8") for path in STYLES)
    rows: dict[str, tuple[str, ...]] = {}

    async def work(page: "Page") -> None:
        for sheet in sheets:
            if not knows_ideographs and _IDEOGRAPH.search(sheet.text):
                raise _refusal("no-chinese-font")
            rows[sheet.name] = (f"{sheet.name}.pdf", *sheet.row)
            made = await _printed(card_document(sheet.text, style, sheet.language or say.language), page)
            (folder / f"{sheet.name}.pdf").write_bytes(with_date(made, day))

    async with _browser() as browser:
        knows_ideographs = await _knows_ideographs(browser)
        pages = [await _new_page(browser) for _ in range(min(AT_ONCE, os.cpu_count() or 1))]
        await asyncio.gather(*map(work, pages))
    return list(rows.values())


async def _printed(document: str, page: "Page") -> bytes:
    """The PDF, with the text as small as two sheets ask for."""
    while True:
        await page.set_content(document)
        made = await page.pdf(prefer_css_page_size=True)
        tighter = one_level_denser(document)
        if len(_SHEET.findall(made)) <= MOST_SHEETS or tighter == document:
            return made
        document = tighter


def one_level_denser(document: str) -> str:
    """The document with its card set one level denser; the same document at the densest level."""
    denser = _DENSITY.sub(_next_level, document, count=1)
    return _SHEET_CLASS.sub(f'class="md-typeset{sheet_class(denser)}"', denser, count=1)


def _next_level(found: re.Match[str]) -> str:
    level = found[1].count("card-paper")
    return f'card-basis{DENSITY_CLASSES[min(level + 1, len(DENSITY_CLASSES) - 1)]}"'


def card_document(text: str, style: str, language: str) -> str:
    """The page of a card as one document that needs nothing else: no links to other pages, no navigation."""
    card = read_card(text)
    body = _TO_PAGE.sub("<a>", page_html(card.body))
    return (
        f'<!doctype html><html lang="{language}" dir="ltr"><head><meta charset="utf-8">'
        f"<title>{html.escape(card.title)}</title><style>{style}</style></head><body>"
        f'<article class="md-typeset{sheet_class(body)}">{body}</article></body></html>'
    )


def with_date(made: bytes, day: datetime.date) -> bytes:
    """The PDF with this day as the time of its making; no byte moves."""
    return _DATE.sub(lambda found: b"%b(D:%b000000%b)" % (found[1], f"{day:%Y%m%d}".encode("ascii"), found[2]), made)


@asynccontextmanager
async def _browser() -> "AsyncIterator[Browser]":
    try:
        from playwright.async_api import async_playwright
    except ImportError as err:
        raise _refusal("no-print-library") from err
    async with async_playwright() as playwright:
        browser = await _launched(playwright.chromium)
        try:
            yield browser
        finally:
            await browser.close()


async def _launched(chromium: "BrowserType") -> "Browser":
    """The browser named by KPIBOOK_BROWSER, else one on the path, else one where such systems keep theirs."""
    from playwright.async_api import Error

    for path, channel in _places_of_browsers():
        try:
            return await chromium.launch(executable_path=path, channel=channel, args=list(QUIET))
        except Error:
            continue
    raise _refusal("no-browser")


def _places_of_browsers() -> Iterator[tuple[str | None, str | None]]:
    """Paths, and names by which playwright knows the usual places."""
    named = os.environ.get("KPIBOOK_BROWSER")
    if named:
        yield named, None
        return
    yield from ((path, None) for path in filter(None, map(shutil.which, BROWSERS)))
    yield from ((None, channel) for channel in CHANNELS)


async def _new_page(browser: "Browser") -> "Page":
    """A page of its own context, and so of its own process; it runs no script and reaches no network."""
    context = await browser.new_context(java_script_enabled=False, offline=True)
    return await context.new_page()


async def _knows_ideographs(browser: "Browser") -> bool:
    """Whether there is a font for Chinese; without one a card would be printed full of boxes."""
    page = await browser.new_page()
    knows = await page.evaluate(_KNOWS_IDEOGRAPHS)
    await page.close()
    return bool(knows)


def _refusal(code: str) -> PrintError:
    return PrintError([Problem(code, Place("print"))])
