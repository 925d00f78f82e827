"""Measure what a reader waits for: the page of a cycle of 10,000 people, and pages of the sample opened from the disk.

A page has been drawn when its load is over and the browser has painted twice; the first paint is what the browser says.
Ends with 1 where one is larger or slower than it should be.
"""

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from playwright.sync_api import Browser

from kpibook.base.periods import Period
from kpibook.content import read
from kpibook.content.results import score_cycle
from kpibook.pages.cycles.rendering import NOTHING, figures_of, other_pages
from kpibook.pages.figures import page_id
from kpibook.pipeline import build
from kpibook.publishing.key import VARIABLE
from kpibook.publishing.printing import BROWSERS
from opened import launched
from sites import a_card_site
from sources import ROOT
from synthetic import CYCLE, write_company

PEOPLE = 10_000
MOST_BYTES, MOST_CARD_BYTES = 1_000_000, 60_000
MOST_SECONDS, MOST_FIRST_PAINT = 1.0, 0.3
TIMES = 5
KEY = b"of the opening"
LINK = re.compile(r"\]\(([^)#]+\.md)\)")
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
FIRST_PAINT = """new Promise(done => new PerformanceObserver(list => list.getEntries().forEach(each => {
    if (each.name === 'first-contentful-paint') done(each.startTime / 1000)
})).observe({ type: 'paint', buffered: true }))"""


def page_of_many(root: Path) -> Path:
    """HR's page of a cycle of so many people."""
    write_company(root, PEOPLE)
    content = read(root / "handbook", root / "scorecards")
    period = Period.parse(CYCLE)
    figures = figures_of(score_cycle(content, period), content.catalog, content.say, NOTHING, KEY)
    [(path, text)] = islice(other_pages(figures, NOTHING), 1)
    # What it leads to is opened by nobody here; only there it has to be.
    others = {f"{CYCLE}/{target}": "# …\n" for target in LINK.findall(text)}
    return a_card_site(root, {path: text, **others}, content.catalog.company) / CYCLE / "index.html"


def sample_pages(root: Path) -> Mapping[str, Path]:
    """Pages of the sample company by what they are; the largest card stands for all."""
    content = read(ROOT / "handbook", ROOT / "scorecards")
    build(content, root, content.cycles)
    october = Period.parse("2026-10")
    cards = (root / "site-cards" / str(october) / "p").glob("*.html")
    return {
        "home": root / "site" / "index.html",
        "dictionary": root / "site" / "indicators" / "index.html",
        "card": root / "site-cards" / str(october) / "p" / f"{page_id(KEY, october, 'HY013')}.html",
        "largest card": max(cards, key=lambda path: path.stat().st_size),
        "cycle": root / "site-cards" / str(october) / "index.html",
    }


def opened(browser: Browser, page: Path) -> tuple[float, float]:
    """The seconds until the first paint and until all is drawn, each the best of a few times in a new window."""
    first, whole = [], []
    for _ in range(TIMES):
        context = browser.new_context(viewport={"width": 1366, "height": 900})
        tab = context.new_page()
        begun = time.monotonic()
        tab.goto(page.as_uri(), wait_until="load")
        tab.evaluate(DRAWN)
        whole.append(time.monotonic() - begun)
        first.append(float(tab.evaluate(FIRST_PAINT)))
        context.close()
    return min(first), min(whole)


def faults(browser: Browser, pages: Mapping[str, Path]) -> Iterator[str]:
    """Print a line for each page; what is too large or too slow comes back."""
    for name, page in pages.items():
        size, (first, whole) = page.stat().st_size, opened(browser, page)
        print(f"{name:<14} {size:>9,} bytes   first paint {first:.3f} s   drawn {whole:.3f} s")
        most = MOST_CARD_BYTES if "card" in name else MOST_BYTES
        if size > most or first > MOST_FIRST_PAINT or whole > MOST_SECONDS:
            yield name


def main() -> None:
    """Make the pages, open each, and end with 1 where one is too large or too slow."""
    os.environ[VARIABLE] = KEY.decode()
    chromium = next(filter(None, map(shutil.which, BROWSERS)))
    with tempfile.TemporaryDirectory(prefix="kpibook-") as name, launched(Path(chromium)) as browser:
        many, sample = Path(name) / "many", Path(name) / "sample"
        pages = {f"{PEOPLE:,} people": page_of_many(many), **sample_pages(sample)}
        found = list(faults(browser, pages))
    if found:
        sys.exit("too large or too slow: " + ", ".join(found))


if __name__ == "__main__":
    main()
