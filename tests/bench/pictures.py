"""Pictures of the sample company's pages: nine kinds below build/pictures/, and the three that the README shows.

They are taken from pages that are made on the spot, so that no picture shows what the program no longer does.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Browser

from kpibook.base.periods import Period
from kpibook.content import read
from kpibook.pages.figures import page_id
from kpibook.pipeline import build
from kpibook.publishing.key import VARIABLE
from kpibook.publishing.printing import BROWSERS
from opened import launched
from sources import ROOT

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
    "policy": "site/policies/scoring.html",
    "card": CARD,
    "cycle": f"site-cards/{OCTOBER}/index.html",
}
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
        for kind, path in KINDS.items():
            for shot in SHOTS:
                take(browser, made / path, shot, out / f"{kind}-{shot.width}-{shot.scheme}.png")
        for kind in IN_README:
            take(browser, made / KINDS[kind], SHOTS[0], shown / f"{kind}.png", is_whole=False)
    print(f"{out.relative_to(ROOT)}/  {shown.relative_to(ROOT)}/")


def take(browser: Browser, page: Path, shot: Shot, picture: Path, *, is_whole: bool = True) -> None:
    """One picture: of the whole page, or of what stands on the first screen."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": 900}, color_scheme=shot.scheme, locale="zh-CN"
    )
    opened = context.new_page()
    opened.clock.set_fixed_time(NOON)
    opened.goto(page.as_uri())
    opened.wait_for_load_state("networkidle")
    opened.screenshot(path=picture, full_page=is_whole)
    context.close()


if __name__ == "__main__":
    main()
