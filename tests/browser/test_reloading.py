"""Pages that are served while somebody edits load themselves again in a browser, whatever their policy forbids."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kpibook.base.output import write_tree
from kpibook.publishing.site import ServedSite, serve
from opened import Opened
from ports import SECONDS, free_port, wait_for
from sites import a_card_site, a_handbook_site, a_page

MAKERS: dict[str, Callable[[Path, dict[str, str]], Path]] = {"site": a_handbook_site, "site-cards": a_card_site}


@pytest.fixture(params=MAKERS)
def served(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Path, str]]:
    """A folder with pages that are made into a site with each change, and the address of the site."""

    def rebuild() -> bool:
        text = (tmp_path / "handbook" / "text.md").read_text(encoding="utf-8")
        MAKERS[request.param](tmp_path, {"index.md": a_page("首页", text)})
        return True

    write_tree([("text.md", "first\n")], tmp_path / "handbook")
    rebuild()
    port, stop = free_port(), threading.Event()
    sites = [ServedSite(tmp_path / request.param, port)]
    thread = threading.Thread(target=serve, args=(sites, [tmp_path / "handbook"], rebuild), kwargs={"stop": stop})
    thread.start()
    try:
        assert wait_for(port)
        yield tmp_path / "handbook" / "text.md", f"http://127.0.0.1:{port}/"
    finally:
        stop.set()
        thread.join(SECONDS)
        assert not thread.is_alive()


def test_an_open_page_is_loaded_again_when_it_is_another(browser: Opened, served: tuple[Path, str]) -> None:
    text, address = served
    with browser.page.expect_request(lambda request: "/-/changed" in request.url):
        browser.page.goto(address)

    text.write_text("second\n", encoding="utf-8")

    expect(browser.page.locator("main")).to_contain_text("second")
    assert browser.faults == []


SHOWN = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_pages_that_nobody_sees_let_go_of_the_server(browser: Opened, served: tuple[Path, str]) -> None:
    """A browser has six connections to a server, and one that waits for a change takes one of them."""
    text, address = served
    behind = [browser.page.context.new_page() for _ in range(7)]
    for page in behind:
        with page.expect_event("requestfailed", lambda request: "/-/changed" in request.url):
            page.goto(address)
            page.evaluate(SHOWN, True)

    with browser.page.expect_request(lambda request: "/-/changed" in request.url):
        browser.page.goto(address)
    text.write_text("second\n", encoding="utf-8")
    expect(browser.page.locator("main")).to_contain_text("second")
    assert "first" in behind[0].locator("main").inner_text()

    behind[0].evaluate(SHOWN, False)

    expect(behind[0].locator("main")).to_contain_text("second")
