"""Search among 500 roles in a real browser, against a browser that only fetches and reads the index.

Both are timed from the first key to the first result, without cache; the last line is `ours floor megabytes`.
"""

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser

from kpibook.content import read
from kpibook.pipeline import write_pages
from kpibook.publishing.printing import BROWSERS
from opened import launched
from sites import a_handbook_site, served
from sources import ROOT

ROLES = 500
QUERY = "库存"
TIMES = 5
READ_INDEX = """async index => {
  window.kpibookSearch = rows => { window.rows = rows.length }
  const script = document.createElement("script")
  script.src = index
  await new Promise(resolve => { script.onload = resolve; document.head.appendChild(script) })
}"""


def main() -> None:
    """Measure both by turns and print the medians."""
    chromium = next(filter(None, map(shutil.which, BROWSERS)))
    with tempfile.TemporaryDirectory() as folder, launched(Path(chromium)) as browser:
        site = a_site_of_many_roles(Path(folder))
        size = (site / "assets" / "search-index.js").stat().st_size / 1e6
        with served(site) as address:
            ours, floor = zip(
                *((first_result(browser, address), index(browser, address)) for _ in range(TIMES)), strict=True
            )
    print(statistics.median(ours), statistics.median(floor), size)


def a_site_of_many_roles(root: Path) -> Path:
    """The sample handbook, its roles as often as it takes to have 500 of them."""
    write_pages(read(ROOT / "handbook", ROOT / "scorecards"), root / "build", ())
    made = root / "build" / "handbook"
    pages = {path.relative_to(made).as_posix(): path.read_text(encoding="utf-8") for path in sorted(made.rglob("*.md"))}
    roles = [path for path in pages if path.startswith("roles/") and path != "roles/index.md"]
    for number in range(len(roles), ROLES):
        path = roles[number % len(roles)]
        pages[path.replace(".md", f"-{number}.md")] = pages[path]
    return a_handbook_site(root, pages, nav=["index.md"])


def first_result(browser: Browser, address: str) -> float:
    """Seconds from the first key to the first result."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}index.html")
    begin = time.perf_counter()
    page.keyboard.press("/")
    page.keyboard.type(QUERY)
    page.locator("#kpi-search-list a").first.wait_for()
    seconds = time.perf_counter() - begin
    context.close()
    return seconds


def index(browser: Browser, address: str) -> float:
    """Seconds that it takes to have the index in the page at all."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}index.html")
    begin = time.perf_counter()
    page.evaluate(READ_INDEX, "assets/search-index.js")
    seconds = time.perf_counter() - begin
    context.close()
    return seconds


if __name__ == "__main__":
    main()
