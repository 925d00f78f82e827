"""Real web servers with the configurations that are written, on a port of this machine."""

import http.client
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from kpibook.access import viewers
from kpibook.content import Content
from kpibook.publishing.servers import SERVERS, Served, server_files
from ports import SECONDS, free_port, wait_for

PLACES = (Path("/usr/sbin"), Path("/usr/bin"))
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


def as_root() -> str:
    """What nginx is told where the tests run as root: the cards are readable by their owner."""
    return " user root;" if os.geteuid() == 0 else ""


@contextmanager
def running(
    server: str, built: Path, content: Content, out: Path, *, change: tuple[str, str] = ("", "")
) -> Iterator[int]:
    """A server with its configuration for the sites in a folder, of which a part may be changed; gives its port."""
    path, port = program(server), free_port()
    access = content.catalog.company.access
    assert access
    known = viewers(access, content.cycles.values())
    out.mkdir()
    for name, text in server_files(server, known, Served(built / "site-viewers", out, port), content.say):
        assert name != SERVERS[server][0] or not change[0] or change[0] in text
        (out / name).write_text(text.replace(*change) if change[0] else text, encoding="utf-8")
    file = out / SERVERS[server][0]
    if server == "nginx":
        command = [str(path), "-p", str(out), "-c", str(file), "-g", f"daemon off;{as_root()}"]
    else:
        command = [str(path), "run", "--adapter", "caddyfile", "--config", str(file)]
    home = {**os.environ, "HOME": str(out), "XDG_DATA_HOME": str(out), "XDG_CONFIG_HOME": str(out)}
    with (out / "log").open("wb") as log, subprocess.Popen(command, env=home, stdout=log, stderr=log) as process:
        try:
            assert wait_for(port, lambda: process.poll() is None), (out / "log").read_text(encoding="utf-8")
            yield port
        finally:
            process.terminate()
            process.wait(SECONDS)


class Answer(NamedTuple):
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def asked(port: int, path: str, *logins: str, method: str = "GET", cookie: str = "") -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    with closing(connection):
        connection.putrequest(method, path, skip_accept_encoding=True)
        for login in logins:
            connection.putheader(HEADER, login.encode("utf-8"))
        if cookie:
            connection.putheader("Cookie", cookie)
        connection.endheaders()
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.headers), answer.read())
