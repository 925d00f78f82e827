"""The start pages of viewers in a browser, without a server: each viewer sees the own folder and what all may load."""

import mimetypes
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, Route

BASE = "http://cards.example/"


def start(page: Page, viewers: Path, login: str) -> None:
    """Open somebody's start page as a server would show it; `viewers` is the site of all viewers."""
    page.unroute("**/*")
    page.route("**/*", _answering(viewers, login))
    page.goto(BASE)


def _answering(viewers: Path, login: str) -> Callable[[Route], None]:
    """What a server answers to somebody: the own folder, and what all may load."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(BASE)
        folder = viewers / ("public" if path.startswith("assets/") else f"viewers/u-{login}")
        file = folder / (path or "index.html")
        if file.is_file():
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0])
        else:
            route.fulfill(status=404)

    return answer
