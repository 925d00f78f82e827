"""Pictures of each kind of the sample company's pages below build/pictures/, and the three that the README shows.

They are taken from pages that are made on the spot, so that no picture shows what the program no longer does.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, Page

from kpibook.base.periods import Period
from kpibook.content import read
from kpibook.pages.figures import page_id
from kpibook.pipeline import build
from kpibook.publishing.key import VARIABLE
from kpibook.publishing.printing import BROWSERS
from opened import launched
from sources import ROOT
from start_pages import start

OCTOBER = Period.parse("2026-10")
PERSON = "HY013"
KEY = b"a secret of the pictures"
CARD = f"site-cards/{OCTOBER}/p/{page_id(KEY, OCTOBER, PERSON)}.html"
KINDS = {
    "home": "site/index.html",
    "role": "site/roles/store-manager.html",
    "dictionary": "site/indicators/index.html",
    "indicator": "site/indicators/store_sales.html",
    "department": "site/departments/operations.html",
    "organisation": "site/organisation.html",
    "grades": "site/grades.html",
    "guide": "site/guide/index.html",
    "policy": "site/policies/scoring.html",
    "card": CARD,
    "cycle": f"site-cards/{OCTOBER}/index.html",
}
STARTS = {"my": "hy013", "my-team": "hy009", "my-departments": "hy001"}
"""Start pages by name: of somebody without a team, of a manager, and of who runs the company."""
IN_README = ("home", "role", "card")
NOON = "2026-11-04T12:00:00"
"""The day on which the pictures are taken, whenever that is."""

Scheme = Literal["light", "dark"]


class Shot(NamedTuple):
    """How a page is looked at."""

    width: int
    scheme: Scheme


SHOTS = (Shot(1366, "light"), Shot(1366, "dark"), Shot(390, "light"), Shot(390, "dark"))


def main() -> None:
    """Make both sites, and take every picture."""
    chromium = next(filter(None, map(shutil.which, BROWSERS)))
    out, shown = ROOT / "build" / "pictures", ROOT / "pictures"
    for folder in (out, shown):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, launched(Path(chromium)) as browser:
        made = Path(name)
        os.environ[VARIABLE] = KEY.decode()
        content = read(ROOT / "handbook", ROOT / "scorecards")
        build(content, made, content.cycles)
        for shot in SHOTS:
            with looked_at(browser, shot) as page:
                for kind, path in KINDS.items():
                    page.goto((made / path).as_uri())
                    take(page, out / f"{kind}-{shot.width}-{shot.scheme}.png")
                for kind, login in STARTS.items():
                    start(page, made / "site-viewers", login)
                    take(page, out / f"{kind}-{shot.width}-{shot.scheme}.png")
        with looked_at(browser, SHOTS[0]) as page:
            for kind in IN_README:
                page.goto((made / KINDS[kind]).as_uri())
                take(page, shown / f"{kind}.png", is_whole=False)
    print(f"{out.relative_to(ROOT)}/  {shown.relative_to(ROOT)}/")


@contextmanager
def looked_at(browser: Browser, shot: Shot) -> Iterator[Page]:
    """A page of this width and in these colours, on the day of the pictures."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": 900}, color_scheme=shot.scheme, locale="zh-CN"
    )
    page = context.new_page()
    page.clock.set_fixed_time(NOON)
    yield page
    context.close()


def take(page: Page, picture: Path, *, is_whole: bool = True) -> None:
    """One picture: of the whole page, or of what stands on the first screen."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=picture, full_page=is_whole)


if __name__ == "__main__":
    main()
