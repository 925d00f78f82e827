"""Every page of the sample company's two sites, opened while no other host can be reached; and every link of them."""

import html
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from opened import Opened
from sites import served

ADDRESS = re.compile(r"""<[^>]*?\s(?:href|src)=["']?([^"' >]+)""")
IDS = re.compile(r"""\s(?:id|name)=["']?([^"' >]+)""")


FRAME = """async addresses => {
  const found = []
  const frame = document.body.appendChild(document.createElement("iframe"))
  frame.width = 400
  frame.height = 300
  frame.style.visibility = "hidden"
  for (const address of addresses) {
    await new Promise(done => { frame.onload = done; frame.contentWindow.location.replace(address) })
    found.push([frame.contentWindow.location.href, [...frame.contentDocument.links].map(link => link.href)])
  }
  frame.remove()
  return found
}"""
"""Opens pages one after the other in a small frame, which takes half as long as to leave one page for the next: what
they ask for and complain of is the same. They are laid out, so that what their styles name is asked for, but not drawn,
which would take a fifth more. Gives where each ended, and where its links lead."""
AT_ONCE = 20


def crawled(browser: Opened, base: str) -> set[str]:
    """Open the first page of a site and all that links lead to from there; gives their addresses."""
    # A page without a policy of its own, which would let no frame in.
    browser.page.route(f"{base}frames", lambda route: route.fulfill(body="<body>", content_type="text/html"), times=1)
    browser.page.goto(f"{base}frames")
    waiting, seen = [f"{base}index.html"], {f"{base}index.html"}
    while waiting:
        batch, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        for asked, (address, found) in zip(batch, browser.page.evaluate(FRAME, batch), strict=True):
            assert address == asked
            new = {urldefrag(link).url for link in found if link.startswith(base)} - seen
            waiting += sorted(new)
            seen |= new
    return seen


@pytest.mark.parametrize("name", ["site", "site-cards"])
def test_every_page_works_where_no_other_host_can_be_reached(browser: Opened, sample: Path, name: str) -> None:
    with served(sample / name) as base:
        seen = crawled(browser, base)

    pages = {path.relative_to(sample / name).as_posix() for path in (sample / name).rglob("*.html")}
    print(f"\n{name}: {len(seen)} pages, {len(browser.requests)} requests")
    assert {unquote(address.removeprefix(base)) for address in seen} == pages
    assert [request for request in browser.requests if not request.startswith(base)] == []
    assert browser.faults == []


def test_what_does_not_work_would_be_seen(browser: Opened, tmp_path: Path) -> None:
    """The control: what a page asks of another host, what is not there, and what its scripts and policy complain of."""
    (tmp_path / "index.html").write_text("<a href='far.html'>far</a><a href='bad.html'>bad</a>", encoding="utf-8")
    (tmp_path / "far.html").write_text(
        "<img src='http://elsewhere.example/x.png'><p style='background: url(http://elsewhere.example/y.png)'>y</p>",
        encoding="utf-8",
    )
    (tmp_path / "bad.html").write_text(
        "<meta http-equiv='Content-Security-Policy' content=\"img-src 'none'\"><img src='y.png'>"
        "<link rel='stylesheet' href='lost.css'><script>console.warn('odd')</script>"
        "<script>throw Error('bad')</script>",
        encoding="utf-8",
    )
    with served(tmp_path) as base:
        seen = crawled(browser, base)

    assert seen == {f"{base}{name}.html" for name in ("index", "far", "bad")}
    abroad = [each for each in browser.requests if not each.startswith(base)]
    assert sorted(abroad) == [f"http://elsewhere.example/{name}.png" for name in "xy"]
    told = "\n".join(browser.faults)
    parts = ("elsewhere.example/x.png failed", "lost.css answered 404", "odd", "bad", "img-src 'none'")
    assert [part for part in parts if part not in told] == []


@cache
def file_named(folder: Path, address: str) -> Path | None:
    """The file that an address of a page in this folder leads to; None where there is none.

    Kept, as most of 40,000 links lead to where another page of the folder leads, too.
    """
    path = (folder / unquote(address)).resolve()
    return path if path.is_file() else None


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
            target = file_named(path.parent, file) if file else path
            if not target or (anchor and unquote(anchor) not in places[target]):
                lost.add((path.relative_to(root).as_posix(), address))

    print(f"\n{name}: {len(pages)} pages, {links:,} links")
    assert links > 10 * len(pages)
    assert lost == set()
