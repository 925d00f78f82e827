"""Real web servers with the configurations that are written: each viewer gets what is theirs, and nothing else."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from companies import TESTS
from kpibook import pipeline
from kpibook.content import read
from kpibook.publishing.leaks import Client, Leaks, find_leaks
from kpibook.publishing.servers import SERVERS
from web_servers import HEADER, asked
from web_servers import running as running_server

ODD = ("", ".", "..", "u-e01", "../u-e01", "e01/", "e01%00", "E01\t", "e01, e02", "default", "~e01", "$viewer", "*")


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


@contextmanager
def running(server: str, built: Path, out: Path, *, change: tuple[str, str] = ("", "")) -> Iterator[int]:
    content = read(built / "handbook", built / "scorecards")
    with running_server(server, built, content, out, change=change) as port:
        yield port


def attack(port: int, built: Path, login: str, folder: str) -> Leaks:
    with Client(f"http://127.0.0.1:{port}", login, HEADER) as client:
        return find_leaks(client, built / "site-viewers", folder, 1000)


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


@pytest.mark.parametrize("server", list(SERVERS))
def test_a_company_with_plain_logins_alone_and_nobody_of_hr_is_served(server: str, tmp_path: Path) -> None:
    root = tmp_path / "plain"
    shutil.copytree(TESTS / "company", root)
    handbook = root / "handbook" / "company.yml"
    handbook.write_text(handbook.read_text("utf-8") + "access: {chain: all}\n", encoding="utf-8")
    content = read(root / "handbook", root / "scorecards")
    pipeline.build(content, root, list(content.cycles))

    with running(server, root, tmp_path / "server") as port:
        assert [asked(port, "/", login).status for login in ("e03", "e09", "")] == [200, 404, 404]
        assert asked(port + 1, "/", "e03").status == 404


def pages_of(folder: str, built: Path) -> list[Path]:
    """What stands in a viewer's folder beside the start page."""
    own = built / "site-viewers" / "viewers" / folder
    return [path for path in own.rglob("*.html") if path != own / "index.html"]


def cards(built: Path) -> list[str]:
    return [f"/2026-09/p/{path.name}" for path in (built / "site-viewers/pages/2026-09/p").iterdir()]


@pytest.mark.parametrize("server", list(SERVERS))
def test_hr_gets_everything_and_nobody_else_does(server: str, built: Path, tmp_path: Path) -> None:
    with running(server, built, tmp_path / "server") as port:
        own = ("/2026-10/index.html", "/2026-10/records.html", "/2026-10/status.html", "/years/2026.html")
        indicators = ("/2026-10/indicators/index.html", "/2026-10/indicators/sales_volume.html")
        for path in ("/", *own, *indicators, *cards(built)):
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
