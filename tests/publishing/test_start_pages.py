"""Everybody's own start page on this machine, chosen by name, id or login."""

import http.client
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest

from kpibook.access import Viewer
from kpibook.base.output import write_tree
from kpibook.base.words import words
from kpibook.publishing.site import Lobby, ServedSite, StartPageHandler, serve
from kpibook.publishing.site.start_pages import MOST_LISTED
from ports import SECONDS, free_port, wait_for

ANN = Viewer("ann", "E001", "安可")
BEN = Viewer("ben", "E002", "本真", is_hr=True)
LIN = Viewer("林", "E003", "安可")
BOSS = Viewer("boss", "", "boss", is_hr=True)
ODD = Viewer("odd", "E004", "u-ann")
"""Bears the name of another's folder."""
PAGES = {
    "public/assets/a.css": "p{}",
    "viewers/u-ann/index.html": "Ann's start",
    "viewers/u-ann/p/1.html": "Ann's card",
    "viewers/u-ann/2026-09/departments/sales.html": "sales",
    "viewers/u-ben/index.html": "Ben's start",
    "viewers/u-ben/p/2.html": "Ben's card",
    f"viewers/{LIN.folder}/index.html": "Lin's start",
    "pages/2026-09/p/1.html": "no address leads here",
}


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    write_tree(PAGES.items(), tmp_path)
    port, stop = free_port(), threading.Event()
    lobby = Lobby(words("zh"), (ANN, BEN, LIN, BOSS, ODD))
    site = ServedSite(tmp_path, port, partial(StartPageHandler, lobby=lobby))
    thread = threading.Thread(target=serve, args=([site], [], lambda: True), kwargs={"stop": stop})
    thread.start()
    assert wait_for(port)
    yield port
    stop.set()
    thread.join(SECONDS)


def get(port: int, path: str, host: str = "localhost", method: str = "GET") -> tuple[int, str]:
    """The status, and the place that is led to or the text without the script that reloads it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request(method, path, headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location") or answer.read().decode("utf-8").partition("<script>")[0]
    finally:
        connection.close()


def test_a_viewers_links_lead_to_the_own_pages_and_to_what_all_load(port: int) -> None:
    assert get(port, "/u-ann/") == (200, "Ann's start")
    assert get(port, "/u-ann/2026-09/p/1.html") == (200, "Ann's card")
    assert get(port, "/u-ann/2026-09/departments/sales.html") == (200, "sales")
    assert get(port, "/u-ann/assets/a.css") == (200, "p{}")
    assert get(port, f"/{LIN.folder}/") == (200, "Lin's start")


@pytest.mark.parametrize(
    "path",
    [
        "/u-ann/2026-09/p/2.html",
        "/u-ann/../u-ben/2026-09/p/1.html",
        "/pages/2026-09/p/1.html",
        "/../pages/2026-09/p/1.html",
        "/u-ann/assets/../../pages/2026-09/p/1.html",
        "/u-nobody/",
        "http://[x/",
        "/nobody",
    ],
)
def test_what_a_viewer_may_not_open_is_not_there(port: int, path: str) -> None:
    assert get(port, path)[0] == 404


@pytest.mark.parametrize("path", ["/E001", "/e001/", "/ann", "/?who=E001", "/?who=%20ANN%20"])
def test_an_id_or_a_login_leads_to_the_start_page(port: int, path: str) -> None:
    assert get(port, path) == (303, "/u-ann/")


def test_a_name_leads_to_the_start_page_unless_several_bear_it(port: int) -> None:
    assert get(port, "/" + quote("本真")) == (303, "/u-ben/")

    status, page = get(port, "/?who=" + quote("安可"))

    assert status == 200
    assert "u-ann" in page
    assert LIN.folder in page
    assert "u-ben" not in page


@pytest.mark.parametrize("path", ["/", "/?who=", "/?who=%20"])
def test_a_blank_leads_to_nobody_though_somebody_of_hr_has_no_id(port: int, path: str) -> None:
    status, page = get(port, path)

    assert status == 200
    assert page.count("<li>") == 5


def test_a_folder_comes_before_a_name(port: int) -> None:
    assert get(port, "/u-ann") == (301, "/u-ann/")
    assert get(port, "/u-ann/") == (200, "Ann's start")
    assert get(port, "/?who=u-ann") == (303, "/u-odd/")


def test_head_tells_what_get_would_without_a_page(port: int) -> None:
    assert get(port, "/", method="HEAD") == (200, "")
    assert get(port, "/E001", method="HEAD") == (303, "/u-ann/")
    assert get(port, "/u-ann/", method="HEAD") == (200, "")
    assert get(port, "/u-nobody/", method="HEAD") == (404, "")


def test_everybody_is_listed_and_a_part_of_a_name_lists_whom_it_fits(port: int) -> None:
    everybody = get(port, "/")[1]
    one = get(port, "/?who=" + quote("真"))[1]
    nobody = get(port, "/?who=<b>")[1]

    assert everybody.count("<li>") == 5
    assert '<a href="/u-ben/">本真</a> <small>E002 人事</small>' in everybody
    assert one.count("<li>") == 1
    assert "没有这个人" in nobody
    assert "<b>" not in nobody


def test_a_page_from_elsewhere_learns_of_nobody(port: int) -> None:
    assert [get(port, path, host="evil.example")[0] for path in ("/", "/E001", "/u-ann/")] == [404, 404, 404]


def test_of_very_many_people_the_first_are_listed_and_the_rest_is_counted() -> None:
    crowd = [Viewer(f"e{number}", f"E{number}", f"名{number}") for number in range(MOST_LISTED + 1)]

    page = Lobby(words("en"), crowd).page("")

    assert page.count("<li>") == MOST_LISTED
    assert "1 more person is not listed" in page
