"""Which open pages are told that they are others: by the sites, and by what is shown ahead of them."""

import threading
from pathlib import Path

import pytest

from kpibook.publishing.site.reloading import Look, Revision, reloading
from ports import SECONDS


def look_at(site: Path, page: str) -> Look:
    """What a page asks with whose bytes are those of the site."""
    script = reloading((site / page).read_bytes(), page).decode().partition("changed?")[2].partition("'")[0]
    return Look.of_query(str(site), script)


class Waiting:
    """Somebody who has a page open."""

    def __init__(self, revision: Revision, look: Look) -> None:
        self.told: list[bool | None] = []
        self.thread = threading.Thread(target=lambda: self.told.append(revision.wait(SECONDS, look)))
        self.thread.start()
        while look.page not in revision.looked_at(Path(look.folder)) and self.thread.is_alive():
            self.thread.join(0.01)

    def answer(self) -> bool | None:
        """What the page is told in the end."""
        self.thread.join(SECONDS)
        return self.told[0]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site").mkdir()
    for page in ("a.html", "b.html"):
        (tmp_path / "site" / page).write_text("before", encoding="utf-8")
    return tmp_path / "site"


def test_a_page_of_a_strict_policy_may_run_the_script_and_ask() -> None:
    policy = "default-src 'none'; script-src 'self'; base-uri 'none'"

    page = reloading(f'<meta content="{policy}">'.encode(), "roles/a b'c.html").decode()

    told, script = page.split("<script>")
    assert told.startswith("<meta content=\"default-src 'none'; connect-src 'self'; script-src 'sha256-")
    assert told.endswith("=' 'self'; base-uri 'none'\">")
    assert "'/-/changed?page=roles/a%20b%27c.html&sum=" in script


def test_who_sees_what_is_shown_ahead_is_told_again_only_if_it_came_out_otherwise(site: Path) -> None:
    revision = Revision()
    first, second = Waiting(revision, look_at(site, "a.html")), Waiting(revision, look_at(site, "b.html"))

    revision.show(site, {"a.html": "after"})
    assert first.answer() is True
    assert second.thread.is_alive()
    assert revision.ahead(str(site), "a.html") == b"after"

    (site / "a.html").write_text("after", encoding="utf-8")
    again = Waiting(revision, look_at(site, "a.html"))
    revision.advance()
    assert second.answer() is True
    assert again.thread.is_alive()
    assert revision.ahead(str(site), "a.html") is None

    revision.advance()
    assert again.answer() is True


def test_what_was_shown_ahead_and_came_out_otherwise_is_told_again(site: Path) -> None:
    revision = Revision()
    revision.show(site, {"a.html": "after"})
    shown = look_at(site, "a.html")._replace(sum=Look.of_query("", _query(b"after")).sum)
    waiting = Waiting(revision, shown)

    (site / "a.html").write_text("otherwise", encoding="utf-8")
    revision.advance()

    assert waiting.answer() is True


def test_what_is_shown_ahead_is_taken_back_where_the_sites_stay(site: Path) -> None:
    revision = Revision()
    revision.take_back()
    revision.show(site, {"a.html": "after"})
    waiting = Waiting(revision, Look(str(site), "a.html", Look.of_query("", _query(b"after")).sum))

    revision.take_back()

    assert waiting.answer() is True
    assert revision.ahead(str(site), "a.html") is None


def test_a_page_that_was_made_anew_before_it_asked_is_told_at_once(site: Path) -> None:
    look = look_at(site, "a.html")
    (site / "a.html").write_text("after", encoding="utf-8")

    assert Revision().wait(0, look) is True


@pytest.mark.parametrize("page", ["../site/a.html", "/a.html", "a.txt", "a\0.html", "gone.html", ""])
def test_no_file_is_read_that_is_no_page_of_the_site(site: Path, page: str) -> None:
    assert Revision().wait(0, Look(str(site), page, "0")) is False


def _query(page: bytes) -> str:
    return reloading(page, "a.html").decode().partition("changed?")[2].partition("'")[0]


@pytest.mark.parametrize("page", ["a" * 9000 + ".html", "../site/a.html", "a\0.html", "\ud800.html", "gone.html", ""])
def test_who_asks_about_what_is_no_page_looks_at_none(site: Path, page: str) -> None:
    revision = Revision()
    odd = threading.Thread(target=revision.wait, args=(SECONDS, Look(str(site), page, "z")))
    odd.start()
    sound = Waiting(revision, look_at(site, "a.html"))

    assert revision.looked_at(site) == {"a.html"}
    revision.advance()
    assert sound.answer() is True
    while odd.is_alive():
        revision.advance()
        odd.join(0.01)
