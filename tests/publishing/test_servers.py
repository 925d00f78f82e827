"""Real web servers with the configurations that are written: each viewer gets what is theirs, and nothing else."""

import http.client
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from companies import TESTS
from kpibook import pipeline
from kpibook.access import viewers
from kpibook.content import read
from kpibook.publishing.leaks import Client, Leaks, find_leaks
from kpibook.publishing.servers import SERVERS, Served, server_files

PLACES = (Path("/usr/sbin"), Path("/usr/bin"))
ODD = ("", ".", "..", "u-e01", "../u-e01", "e01/", "e01%00", "E01\t", "e01, e02", "default", "~e01", "$viewer", "*")
HEADER = "X-Remote-User"


def program(server: str) -> Path:
    """The server; without one its tests are skipped, or fail where KPIBOOK_REQUIRE_SERVERS is 1."""
    folders = [Path(each) for each in os.environ.get("KPIBOOK_SERVERS", "").split(os.pathsep) if each]
    found = next((folder / server for folder in (*folders, *PLACES) if (folder / server).is_file()), None)
    if found:
        return found
    if os.environ.get("KPIBOOK_REQUIRE_SERVERS") == "1":
        pytest.fail(f"no {server} was found")
    pytest.skip(f"no {server} was found: apt-get install {server}")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny company with a folder for each viewer; one of them has an odd login."""
    root = tmp_path_factory.mktemp("served")
    shutil.copytree(TESTS / "company", root, dirs_exist_ok=True)
    handbook = root / "handbook" / "company.yml"
    handbook.write_text(handbook.read_text("utf-8") + "access: {hr: [office, '人事']}\n", encoding="utf-8")
    people = root / "scorecards" / "2026-10" / "people.csv"
    rows = people.read_text(encoding="utf-8").splitlines()
    logins = ("login", "", "CORP\\周然", "")
    people.write_text("".join(f"{row},{login}\n" for row, login in zip(rows, logins, strict=True)), encoding="utf-8")
    content = read(root / "handbook", root / "scorecards")
    pipeline.build(content, root, list(content.cycles))
    return root


def free_port() -> int:
    """A port of which the next one is free, too."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
        other.bind(("127.0.0.1", port + 1))
        return port


@contextmanager
def running(server: str, built: Path, out: Path, *, change: tuple[str, str] = ("", "")) -> Iterator[int]:
    """A server with its configuration, of which a part may be changed; gives its port."""
    path, port = program(server), free_port()
    content = read(built / "handbook", built / "scorecards")
    access = content.catalog.company.access
    assert access
    known = viewers(access, content.cycles.values())
    out.mkdir()
    for name, text in server_files(server, known, Served(built / "site-viewers", out, port), content.say):
        assert name != SERVERS[server][0] or not change[0] or change[0] in text
        (out / name).write_text(text.replace(*change) if change[0] else text, encoding="utf-8")
    file = out / SERVERS[server][0]
    if server == "nginx":
        # The cards are readable by their owner, who in a test may be root.
        is_root = os.geteuid() == 0
        command = [str(path), "-p", str(out), "-c", str(file), "-g", "daemon off;" + (" user root;" if is_root else "")]
    else:
        command = [str(path), "run", "--adapter", "caddyfile", "--config", str(file)]
    home = {**os.environ, "HOME": str(out), "XDG_DATA_HOME": str(out), "XDG_CONFIG_HOME": str(out)}
    with (out / "log").open("wb") as log, subprocess.Popen(command, env=home, stdout=log, stderr=log) as process:
        try:
            wait_for(port, process, out / "log")
            yield port
        finally:
            process.terminate()
            process.wait(10)


def wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(200):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail(log.read_text(encoding="utf-8"))


def attack(port: int, built: Path, login: str, folder: str) -> Leaks:
    with Client(f"http://127.0.0.1:{port}", login, HEADER) as client:
        return find_leaks(client, built / "site-viewers", folder, 1000)


class Answer(NamedTuple):
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def asked(port: int, path: str, *logins: str, method: str = "GET") -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with closing(connection):
        connection.putrequest(method, path, skip_accept_encoding=True)
        for login in logins:
            connection.putheader(HEADER, login.encode("utf-8"))
        connection.endheaders()
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.headers), answer.read())


@pytest.mark.parametrize("server", list(SERVERS))
def test_each_viewer_gets_what_is_theirs_and_nothing_else(server: str, built: Path, tmp_path: Path) -> None:
    names = {path.name for path in (built / "site-viewers" / "viewers").iterdir()}
    odd = next(name for name in names if name.startswith("h-") and (built / f"site-viewers/viewers/{name}/p").is_dir())
    with running(server, built, tmp_path / "server") as port:
        found = {
            login: attack(port, built, login, folder)
            for login, folder in (("e01", "u-e01"), ("CORP\\周然", odd), ("e03", "u-e03"), ("office", "u-office"))
        }
        other = attack(port, built, "e02", "u-e02")

        assert [login for login, leaks in found.items() if not leaks.is_tight] == []
        assert [leaks.own for leaks in found.values()] == [len(pages_of("u-e01", built)), 1, 1, 0]
        assert (other.leaked, other.withheld) == ((), ("index.html",))
        missing = asked(port, "/nothing.html", "e03").body
        for login in ODD:
            for path in ("/index.html", *cards(built)):
                answer = asked(port, path, login)
                assert (answer.status, answer.body) == (404, missing), (login, path)
        assert asked(port, "/", "e01", "e03").body != asked(port, "/", "e03").body


def pages_of(folder: str, built: Path) -> list[Path]:
    """What stands in a viewer's folder beside the start page."""
    own = built / "site-viewers" / "viewers" / folder
    return [path for path in own.rglob("*.html") if path != own / "index.html"]


def cards(built: Path) -> list[str]:
    return [f"/2026-09/p/{path.name}" for path in (built / "site-viewers/pages/2026-09/p").iterdir()]


@pytest.mark.parametrize("server", list(SERVERS))
def test_hr_gets_everything_and_nobody_else_does(server: str, built: Path, tmp_path: Path) -> None:
    with running(server, built, tmp_path / "server") as port:
        for path in ("/", "/2026-10/index.html", "/2026-10/records.html", "/2026-10/status.html", *cards(built)):
            given = [asked(port + 1, path, login).status for login in ("office", "人事", "e01", "", "..", "offic")]
            assert given == [200, 200, 404, 404, 404, 404], path


@pytest.mark.parametrize("server", list(SERVERS))
def test_every_answer_tells_browsers_to_keep_and_run_nothing(server: str, built: Path, tmp_path: Path) -> None:
    policy = (built / "site-viewers" / "csp.txt").read_text(encoding="ascii").strip()
    with running(server, built, tmp_path / "server") as port:
        for path, method, status in (("/", "GET", 200), ("/nothing", "GET", 404), ("/", "POST", 405)):
            answer = asked(port, path, "e01", method=method)
            assert answer.status == status
            assert answer.headers["Content-Security-Policy"] == policy
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "'unsafe-inline'" not in policy.partition("style-src ")[0]


@pytest.mark.parametrize("server", list(SERVERS))
def test_a_viewer_whose_folder_is_renamed_is_out_at_once(server: str, built: Path, tmp_path: Path) -> None:
    folder = built / "site-viewers" / "viewers" / "u-e03"
    with running(server, built, tmp_path / "server") as port:
        before = asked(port, "/", "e03").status
        folder.rename(folder.with_name("out"))
        try:
            after = asked(port, "/", "e03").status
        finally:
            folder.with_name("out").rename(folder)

    assert (before, after) == (200, 404)


@pytest.mark.parametrize(
    ("server", "change"),
    [
        ("nginx", ("/viewers/$viewer/p/$page.html", "/pages/2026-09/p/$page.html")),
        ("caddy", ("/viewers/{viewer}", "/pages/2026-09")),
    ],
)
def test_the_attack_sees_a_server_that_leaks(server: str, change: tuple[str, str], built: Path, tmp_path: Path) -> None:
    with running(server, built, tmp_path / "server", change=change) as port:
        found = attack(port, built, "e03", "u-e03")

    assert len(found.leaked) >= 2
    assert not found.is_tight
