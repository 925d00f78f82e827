"""Both sites on this machine, while files change."""

import http.client
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kpibook.base.atomic_folders import replacing
from kpibook.base.output import write_tree
from kpibook.publishing.site import ServedSite, reloading, serve
from kpibook.publishing.site import serving as serving_module
from ports import SECONDS, free_port, wait_for


def get(port: int, path: str, *, host: str = "") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", path, headers={"Host": host} if host else {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8")
    finally:
        connection.close()


class Rebuilding:
    """Counts the rebuilds and makes the site anew."""

    def __init__(self, site: Path) -> None:
        self.site = site
        self.is_faulty = False
        self.count = 0
        self.done = threading.Event()

    def __call__(self) -> bool:
        self.count += 1
        if not self.is_faulty:
            with replacing(self.site) as (new,):
                write_tree([("index.html", f"<p>version {self.count}</p>")], new)
        self.done.set()
        return not self.is_faulty


@contextmanager
def serving(root: Path, rebuild: Callable[[], bool]) -> Iterator[tuple[int, int]]:
    """Both ports while the sites below `root` are served."""
    for name in ("site", "site-cards"):
        write_tree([("index.html", f"<p>{name}</p>"), ("assets/a.css", "p{}")], root / name)
    (root / "handbook" / "roles").mkdir(parents=True)
    ports = (free_port(), free_port())
    stop = threading.Event()
    sites = [ServedSite(root / "site", ports[0]), ServedSite(root / "site-cards", ports[1])]
    watched = [root / "handbook", root / "mkdocs.yml"]
    thread = threading.Thread(target=serve, args=(sites, watched, rebuild), kwargs={"stop": stop})
    thread.start()
    try:
        assert all(map(wait_for, ports))
        yield ports
    finally:
        stop.set()
        thread.join(SECONDS)
        assert not thread.is_alive()


@pytest.fixture
def rebuild(tmp_path: Path) -> Rebuilding:
    return Rebuilding(tmp_path / "site")


def test_both_sites_are_served_and_no_folder_is_listed(tmp_path: Path, rebuild: Rebuilding) -> None:
    with serving(tmp_path, rebuild) as (handbook, cards):
        pages = [get(port, "/") for port in (handbook, cards)]
        style = get(handbook, "/assets/a.css")
        folder = get(cards, "/assets/")
        gone = get(cards, "/gone.html")

    assert [(status, text.partition("<script>")[0]) for status, text in pages] == [
        (200, "<p>site</p>"),
        (200, "<p>site-cards</p>"),
    ]
    assert style == (200, "p{}")
    assert (folder[0], gone[0]) == (404, 404)


def test_another_name_of_this_machine_hidden_files_and_links_out_get_nothing(
    tmp_path: Path, rebuild: Rebuilding
) -> None:
    (tmp_path / "outside.html").write_text("secret", encoding="utf-8")
    with serving(tmp_path, rebuild) as (handbook, _):
        (tmp_path / "site" / ".hidden.html").write_text("secret", encoding="utf-8")
        (tmp_path / "site" / "out.html").symlink_to(tmp_path / "outside.html")
        strange = ("/.hidden.html", "/%2ehidden.html", "/out.html", "/-/../.hidden.html", "/%00", "/%ed%a0%80")
        refused = [get(handbook, path)[0] for path in strange]
        names = {
            name: get(handbook, "/", host=name)[0]
            for name in ("evil.example", f"evil.example:{handbook}", "localhost.evil.example", f"LOCALHOST:{handbook}")
        }

    assert refused == [404] * 6
    assert list(names.values()) == [404, 404, 404, 200]


def test_a_name_too_long_for_the_disk_is_not_there(tmp_path: Path, rebuild: Rebuilding) -> None:
    with serving(tmp_path, rebuild) as (handbook, _):
        assert [get(handbook, f"/{'a' * 300}{end}")[0] for end in ("", "/", ".html")] == [404, 404, 404]


def test_no_page_from_elsewhere_embeds_what_is_there_or_what_is_not(tmp_path: Path, rebuild: Rebuilding) -> None:
    with serving(tmp_path, rebuild) as (_, cards):
        for path in ("/", "/assets/a.css", "/gone.html"):
            connection = http.client.HTTPConnection("127.0.0.1", cards, timeout=SECONDS)
            connection.request("GET", path)
            answer = connection.getresponse()
            connection.close()

            assert answer.getheader("Cross-Origin-Resource-Policy") == "same-origin"
            assert answer.getheader("X-Frame-Options") == "SAMEORIGIN"


def test_hidden_files_are_hidden_where_the_sites_are_named_from_here(
    tmp_path: Path, rebuild: Rebuilding, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the command names them."""
    monkeypatch.chdir(tmp_path)
    with serving(Path(), rebuild) as (handbook, _):
        (tmp_path / "site" / ".git").mkdir()
        (tmp_path / "site" / ".git" / "config").write_text("secret", encoding="utf-8")
        (tmp_path / "site" / ".hidden.html").write_text("secret", encoding="utf-8")

        assert [get(handbook, path)[0] for path in ("/.git/config", "/.hidden.html", "/")] == [404, 404, 200]


@pytest.mark.parametrize("fault", [None, ValueError])
def test_a_browser_that_hangs_up_is_no_fault_and_one_of_the_program_is_told(
    tmp_path: Path,
    rebuild: Rebuilding,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    fault: type[Exception] | None,
) -> None:
    done, handle_error = threading.Event(), serving_module._Server.handle_error

    def handled(self: serving_module._Server, *about: object) -> None:
        handle_error(self, *about)
        done.set()

    def faulty(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(serving_module._Server, "handle_error", handled)
    if fault:
        monkeypatch.setattr(serving_module.PageHandler, "send_page", faulty)
    with serving(tmp_path, rebuild) as (port, _):
        (tmp_path / "site" / "large.html").write_bytes(b"x" * 30_000_000)
        browser = socket.create_connection(("127.0.0.1", port), SECONDS)
        browser.sendall(b"GET /large.html HTTP/1.1\r\nHost: localhost\r\n\r\n")
        if not fault:
            assert browser.recv(10)
            browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            browser.close()
        assert done.wait(SECONDS)
        browser.close()

    told = capfd.readouterr().err
    assert "ValueError" in told if fault else told == ""


def test_more_pages_than_it_has_threads_for_are_told_to_ask_later(
    tmp_path: Path, rebuild: Rebuilding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reloading, "MOST_WAITING", 0)
    with serving(tmp_path, rebuild) as (handbook, _):
        assert get(handbook, "/-/changed")[0] == 503


@pytest.mark.parametrize("changed", ["handbook/roles/new.yml", "mkdocs.yml"])
def test_a_change_makes_the_site_anew_and_tells_open_pages(tmp_path: Path, rebuild: Rebuilding, changed: str) -> None:
    with serving(tmp_path, rebuild) as (handbook, _):
        told: list[int] = []
        page = threading.Thread(target=lambda: told.append(get(handbook, "/-/changed")[0]))
        page.start()
        threading.Event().wait(0.3)

        (tmp_path / changed).write_text("name: x\n", encoding="utf-8")
        assert rebuild.done.wait(SECONDS)
        page.join(SECONDS)

        assert get(handbook, "/index.html")[1].startswith(f"<p>version {rebuild.count}</p>")
        assert told == [205]


def test_several_changes_at_once_are_one(tmp_path: Path, rebuild: Rebuilding, monkeypatch: pytest.MonkeyPatch) -> None:
    # Long enough for a busy machine to write twenty files without a pause that counts as the end.
    monkeypatch.setattr(serving_module, "QUIET_SECONDS", 2)
    with serving(tmp_path, rebuild):
        for number in range(20):
            (tmp_path / "handbook" / f"{number}.yml").write_text("x", encoding="utf-8")

        assert rebuild.done.wait(SECONDS)
        threading.Event().wait(0.6)

    assert rebuild.count == 1


def test_faulty_content_leaves_the_old_site_and_the_next_change_mends_it(tmp_path: Path, rebuild: Rebuilding) -> None:
    rebuild.is_faulty = True
    with serving(tmp_path, rebuild) as (handbook, _):
        (tmp_path / "handbook" / "a.yml").write_text("faulty", encoding="utf-8")
        assert rebuild.done.wait(SECONDS)
        old = get(handbook, "/")[1]

        rebuild.is_faulty = False
        rebuild.done.clear()
        (tmp_path / "handbook" / "a.yml").write_text("good", encoding="utf-8")
        assert rebuild.done.wait(SECONDS)
        new = get(handbook, "/")[1]

    assert old.startswith("<p>site</p>")
    assert new.startswith("<p>version 2</p>")


def test_other_files_beside_mkdocs_yml_are_not_watched(tmp_path: Path, rebuild: Rebuilding) -> None:
    with serving(tmp_path, rebuild):
        (tmp_path / "notes.txt").write_text("x", encoding="utf-8")

        assert not rebuild.done.wait(1)


def test_ctrl_c_ends_the_serving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree([("index.html", "x")], tmp_path / "site")
    port = free_port()

    class Interrupted(threading.Event):
        def is_set(self) -> bool:
            raise KeyboardInterrupt

    serve([ServedSite(tmp_path / "site", port)], [tmp_path / "handbook"], lambda: True, stop=Interrupted())

    with socket.socket() as tried:
        assert tried.connect_ex(("127.0.0.1", port)) != 0


HURRIED = """\
import os, signal, sys, threading, time, traceback
from pathlib import Path
from kpibook.publishing.site.serving import ServedSite, serve

def once_more():
    while "shutdown" not in [frame.f_code.co_name for frame, _ in traceback.walk_stack(sys._current_frames()[main])]:
        time.sleep(0.001)
    os.kill(os.getpid(), signal.SIGINT)

class Interrupted(threading.Event):
    def is_set(self):
        threading.Thread(target=once_more).start()
        raise KeyboardInterrupt

main = threading.get_ident()
serve([ServedSite(Path(sys.argv[1]), int(sys.argv[2]))], [Path(sys.argv[1])], bool, stop=Interrupted())
print("ended")
"""
"""Presses Ctrl-C, and again while the server is being closed."""


def test_a_second_ctrl_c_ends_it_as_quietly(tmp_path: Path) -> None:
    write_tree([("index.html", "x")], tmp_path / "site")
    command = [sys.executable, "-c", HURRIED, str(tmp_path / "site"), str(free_port())]

    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "ended\n", "")


def test_a_taken_port_is_told_and_nothing_keeps_running(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(OSError, match="Address already in use"):
            serve([ServedSite(tmp_path, free_port()), ServedSite(tmp_path, port)], [], lambda: True)
