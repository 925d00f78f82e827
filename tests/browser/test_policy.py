"""Every kind of page under the Content-Security-Policy that is written for it: nothing of it is refused."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

from in_thread import in_thread
from kpibook.content import read
from kpibook.publishing.site.viewers import POLICY
from opened import Opened, violations
from sources import ROOT
from web_servers import HEADER, running

REPORT = """document.addEventListener("securitypolicyviolation", event =>
  (window.refusals = window.refusals || []).push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`))"""
"""Gathers what the browser refuses; it runs before anything of the page does."""


class Kind(NamedTuple):
    """Pages of one kind, the first of which is opened, below a folder of the build."""

    folder: str
    pattern: str


KINDS = (
    *(Kind("site", f"{name}.html") for name in ("index", "calendar", "changes", "measures", "organisation", "grades")),
    *(Kind("site", f"{name}/*.html") for name in ("roles", "sheets", "indicators", "departments", "policies", "guide")),
    Kind("site", "guide/lint/*.html"),
    *(Kind("site-cards", f"{name}.html") for name in ("index", "2026-09/index", "2026-10/status", "2026-10/records")),
    *(Kind("site-cards", f"2026-10/{name}/*.html") for name in ("departments", "indicators", "units", "p")),
    Kind("site-cards", "2026-09/p/*.html"),
    Kind("site-cards", "years/2026.html"),
)


@contextmanager
def guarded(folder: Path, policy: str) -> Iterator[str]:
    """The folder behind a server that sends a policy with every answer; none if it is empty."""

    class Guard(SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            if policy:
                self.send_header("Content-Security-Policy", policy)
            super().end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Guard, directory=str(folder)))
    with in_thread(server):
        yield f"http://127.0.0.1:{server.server_address[1]}/"


def refused(browser: Opened, address: str) -> list[str]:
    """What the browser refuses of a page, all of it opened and pressed."""
    browser.page.goto(address)
    browser.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    browser.page.evaluate("Promise.all(document.getAnimations().map(each => each.finished.catch(() => 0)))")
    return list(browser.page.evaluate("window.refusals || []"))


def policy_of(sample: Path) -> str:
    return (sample / "site-viewers" / POLICY).read_text(encoding="ascii").strip()


@pytest.mark.parametrize("folder", ["site", "site-cards"])
def test_no_kind_of_page_breaks_the_policy(browser: Opened, sample: Path, folder: str) -> None:
    browser.page.add_init_script(REPORT)
    found = {}
    with guarded(sample / folder, policy_of(sample) if folder == "site-cards" else "") as base:
        for kind in (kind for kind in KINDS if kind.folder == folder):
            page = min((sample / folder).glob(kind.pattern)).relative_to(sample / folder).as_posix()
            found[page] = refused(browser, base + page)
            assert folder != "site" or "Content-Security-Policy" in browser.page.content()

    assert len(found) == sum(kind.folder == folder for kind in KINDS)
    assert {page: each for page, each in found.items() if each} == {}
    assert browser.faults == []


def test_every_kind_of_page_of_cards_is_looked_at(sample: Path) -> None:
    patterns = [kind.pattern for kind in KINDS if kind.folder == "site-cards"]
    cards = sample / "site-cards"
    pages = [path.relative_to(cards) for path in cards.rglob("*.html") if "analysis" not in path.parts]

    def kind(path: Path) -> tuple[str, ...]:
        return path.parts[1:-1] if len(path.parts) > 2 else (path.name,)

    assert {kind(path) for path in pages} == {kind(path) for pattern in patterns for path in map(Path, [pattern])}


def test_nothing_of_a_search_is_refused(browser: Opened, sample: Path) -> None:
    browser.page.add_init_script(REPORT)
    with guarded(sample / "site", "") as base:
        browser.page.goto(f"{base}index.html")
        browser.page.keyboard.press("/")
        browser.page.keyboard.type("客户")
        browser.page.locator("#kpi-search-list a").first.wait_for()

        assert browser.page.evaluate("window.refusals || []") == []


def test_the_policy_holds_for_a_site_that_is_opened_from_its_folder(browser: Opened, sample: Path) -> None:
    browser.page.add_init_script(REPORT)

    found = refused(browser, (sample / "site" / "roles" / "store-manager.html").as_uri())

    assert found == []
    assert browser.page.evaluate("getComputedStyle(document.body).fontFamily") != "Times"
    assert browser.faults == []


def test_a_script_and_a_picture_from_elsewhere_would_be_refused(browser: Opened, sample: Path) -> None:
    """The control: the browser does refuse what the policy forbids, and the tests here would see it."""
    browser.page.add_init_script(REPORT)
    page = (sample / "site" / "grades.html").read_text(encoding="utf-8")
    hostile = "<img src='http://localhost:1/x.png'><script>alert(1)</script>"
    with guarded(sample / "site", "") as base:
        browser.page.route("**/grades.html", lambda route: route.fulfill(body=page.replace("</article>", hostile)))
        found = refused(browser, f"{base}grades.html")

    assert {each.split()[0] for each in found} >= {"img-src", "script-src-elem"}


class Reader(NamedTuple):
    """Somebody of the sample who logs in."""

    login: str
    is_hr: bool


READERS = (
    Reader("hy001", is_hr=False),
    Reader("hy009", is_hr=False),
    Reader("hy044", is_hr=False),
    Reader("hy002", is_hr=True),
)
"""Who leads everybody, somebody with a team, somebody without, and HR."""


@pytest.fixture(scope="module")
def nginx(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    content = read(ROOT / "handbook", ROOT / "scorecards")
    with running("nginx", sample, content, tmp_path_factory.mktemp("nginx") / "made") as port:
        yield port


@pytest.mark.parametrize("reader", READERS, ids=[each.login for each in READERS])
def test_readers_pages_from_a_real_server_break_no_policy_and_keep_nobody_out(
    browser: Opened, nginx: int, sample: Path, reader: Reader
) -> None:
    browser.page.add_init_script(REPORT)
    browser.page.set_extra_http_headers({HEADER: reader.login})
    base = f"http://127.0.0.1:{nginx + reader.is_hr}/"
    found, grave = {}, {}
    for path in one_of_each_kind(sample, reader):
        found[path] = refused(browser, base + path)
        grave[path] = violations(browser.page)

    assert len(found) >= (7 if reader.is_hr else 2)
    assert {page: each for page, each in found.items() if each} == {}
    assert {page: each for page, each in grave.items() if each} == {}
    assert [request for request in browser.requests if not request.startswith(base)] == []
    assert browser.faults == []


def one_of_each_kind(sample: Path, reader: Reader) -> list[str]:
    """The address of one page of each kind that somebody may open."""
    folder = sample / ("site-cards" if reader.is_hr else f"site-viewers/viewers/u-{reader.login}")
    kinds = dict[tuple[str, ...], str]()
    for path in sorted(folder.rglob("*.html"), reverse=True):
        parts = path.relative_to(folder).parts
        if "analysis" not in parts:
            kind = parts[1:-1] if len(parts) > 2 else parts[:1] if parts[0] == "p" else (parts[-1], str(len(parts)))
            # A card stands flat in a viewer's folder, and is asked for below its cycle.
            kinds[kind] = "/".join(parts if parts[0] != "p" else ("2026-09", *parts))
    return list(kinds.values())
