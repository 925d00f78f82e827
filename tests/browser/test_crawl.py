"""Every page of the sample company's two sites, opened while no other host can be reached; and every link of them."""

import html
import re
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from playwright.sync_api import Browser, ViewportSize

from opened import Opened
from sites import served

ADDRESS = re.compile(r"""<[^>]*?\s(?:href|src)=["']?([^"' >]+)""")
IDS = re.compile(r"""\s(?:id|name)=["']?([^"' >]+)""")


SMALL: ViewportSize = {"width": 400, "height": 300}
"""Pages are opened here for what they ask for and complain of: painting them takes time and tells nothing."""


@pytest.mark.parametrize("name", ["site", "site-cards"])
def test_every_page_works_where_no_other_host_can_be_reached(running: Browser, sample: Path, name: str) -> None:
    context = running.new_context(viewport=SMALL)
    opened = Opened(context.new_page())
    opened.record()
    with served(sample / name) as base:
        waiting, seen = [f"{base}index.html"], {f"{base}index.html"}
        while waiting:
            opened.page.goto(waiting.pop(), wait_until="load")
            found = opened.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
            new = {urldefrag(str(link)).url for link in found if str(link).startswith(base)} - seen
            waiting += sorted(new)
            seen |= new
    context.close()

    pages = {path.relative_to(sample / name).as_posix() for path in (sample / name).rglob("*.html")}
    print(f"\n{name}: {len(seen)} pages, {len(opened.requests)} requests")
    assert {unquote(address.removeprefix(base)) for address in seen} == pages
    assert [request for request in opened.requests if not request.startswith(base)] == []
    assert opened.faults == []


@pytest.mark.parametrize("name", ["site", "site-cards"])
def test_every_link_leads_to_a_page_and_to_a_place_on_it(sample: Path, name: str) -> None:
    root = (sample / name).resolve()
    pages = {path: path.read_text(encoding="utf-8") for path in root.rglob("*.html")}
    places = {path: set(map(html.unescape, IDS.findall(page))) for path, page in pages.items()}
    lost = set()
    links = 0
    for path, page in pages.items():
        for address in map(html.unescape, ADDRESS.findall(page)):
            if re.match(r"[a-z]+:", address):
                continue
            links += 1
            file, _, anchor = address.partition("#")
            target = (path.parent / unquote(file)).resolve() if file else path
            if not target.is_file() or (anchor and unquote(anchor) not in places[target]):
                lost.add((path.relative_to(root).as_posix(), address))

    print(f"\n{name}: {len(pages)} pages, {links:,} links")
    assert links > 10 * len(pages)
    assert lost == set()
