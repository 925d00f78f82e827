"""The guide's page about serving, played: its proxy before the configured server, and the days of a small company."""

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from companies import COMPANY, a_company, change
from kpibook.base.words import words
from kpibook.cli import main
from kpibook.content import read
from kpibook.pages.context import HandbookContext
from kpibook.pages.handbook.guide import guide_pages
from kpibook.reading.catalog import load_catalog
from ports import SECONDS, free_port, wait_for
from web_servers import as_root, asked, program, running

SECRET = "cookie="
HREF = re.compile(r'<a\b[^>]*\shref="([^"#:]+)')


class SignOn(BaseHTTPRequestHandler):
    """Stands for oauth2-proxy: who has a cookie is who it says, and anybody else has to sign in."""

    def do_GET(self) -> None:
        """Answer as `--upstream=static://202 --set-xauthrequest` does."""
        login = self.headers.get("Cookie", "").partition(SECRET)[2]
        self.send_response(202 if login else 401)
        if login:
            self.send_header("X-Auth-Request-Preferred-Username", login)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def proxy_of_the_guide() -> str:
    """The server of nginx that the page about serving gives for oauth2-proxy."""
    catalog, _ = load_catalog(COMPANY / "handbook")
    page = dict(guide_pages(HandbookContext(catalog, words("en"))))["guide/serving.md"]
    blocks = re.findall(r"(?m)(?:^ {4}.*\n|^\n)+", page)
    [found] = [block for block in blocks if "server_name kpi.example.com" in block]
    return "\n".join(line.removeprefix("    ") for line in found.splitlines())


@contextmanager
def front(out: Path, behind: int) -> Iterator[int]:
    """The guide's proxy before a server on a port, without its certificate; gives its own port."""
    sign_on = ThreadingHTTPServer(("127.0.0.1", 0), SignOn)
    threading.Thread(target=sign_on.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    port = free_port()
    text = re.sub(r"  ssl_certificate.*\n", "", proxy_of_the_guide())
    for before, after in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port};"),
        ("127.0.0.1:4180", f"127.0.0.1:{sign_on.server_address[1]}"),
        ("127.0.0.1:8080", f"127.0.0.1:{behind}"),
    ):
        assert before in text
        text = text.replace(before, after)
    out.mkdir()
    temps = "".join(f"{name}_temp_path {out}/temp; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    file = out / "front.conf"
    file.write_text(
        f"pid {out}/pid; error_log stderr warn; events {{}}\nhttp {{ access_log off; {temps}\n{text}\n}}\n", "utf-8"
    )
    command = [str(program("nginx")), "-p", str(out), "-c", str(file), "-g", f"daemon off;{as_root()}"]
    with (out / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            assert wait_for(port, lambda: process.poll() is None), (out / "log").read_text(encoding="utf-8")
            yield port
        finally:
            process.terminate()
            process.wait(SECONDS)
            sign_on.shutdown()
            sign_on.server_close()


def with_access(root: Path, access: str) -> Path:
    company = a_company(root)
    with (company / "handbook" / "company.yml").open("a", encoding="utf-8") as file:
        file.write(f"access: {access}\n")
    return company


def build(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(company)
    done = CliRunner().invoke(main, ["build"])
    assert done.exit_code in (0, 3), done.output


def test_the_proxy_of_the_guide_says_who_it_is_whatever_a_browser_claims(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = with_access(tmp_path / "company", "{hr: [office]}")
    build(company, monkeypatch)
    content = read(company / "handbook", company / "scorecards")
    with running("nginx", company, content, tmp_path / "server") as behind, front(tmp_path / "front", behind) as port:
        own = {login: asked(behind, "/", login).body for login in ("e01", "e03")}

        assert own["e01"] != own["e03"]
        for login in ("e01", "e03"):
            for claimed in ((), ("e01",), ("e03", "e01"), ("office",)):
                answer = asked(port, "/", *claimed, cookie=SECRET + login)
                assert (answer.status, answer.body) == (200, own[login]), (login, claimed)
        for claimed in ((), ("e01",)):
            assert asked(port, "/", *claimed).status == 302
        assert asked(port, "/", cookie=f"{SECRET}nobody").status == 404


class Reader:
    """Somebody in a browser: opens everything that is linked, and tries addresses."""

    def __init__(self, port: int, login: str) -> None:
        self.port = port
        self.login = login

    def opened(self) -> set[str]:
        """Every page that is reached from the start page; each of them is there."""
        found, ahead = set[str](), ["/index.html"]
        while ahead:
            path = ahead.pop()
            if path in found:
                continue
            answer = asked(self.port, path, self.login)
            assert answer.status == 200, (self.login, path)
            found.add(path)
            folder = path.rpartition("/")[0]
            for target in HREF.findall(answer.body.decode("utf-8")):
                if target.endswith(".html"):
                    parts = f"{folder}/{target}".split("/")
                    while ".." in parts:
                        at = parts.index("..")
                        del parts[at - 1 : at + 1]
                    ahead.append("/".join(parts))
        return found

    def may_open(self, paths: set[str]) -> set[str]:
        """Those of some addresses that the server gives."""
        return {path for path in paths if asked(self.port, path, self.login).status == 200}


ROSTER = """\
person,name,role,department,manager,from,to,base_salary
H01,冯总,shop-manager,office,,,,9000
E01,林晓,shop-manager,shop,H01,,,8000
E02,周然,barista,shop,E01,,,5000
E03,何小青,barista,shop,E01,,,5000
E04,陆一,barista,shop,E01,,,5000
"""


def a_company_of_two_months(root: Path) -> Path:
    """A head of everything, a manager with a team of three, HR; September and October are told to people."""
    company = with_access(root, "{chain: all, heads: true, hr: [hr]}")
    departments = company / "handbook" / "departments.yml"
    text = departments.read_text(encoding="utf-8").replace("id: shop,", "id: shop, parent: office,")
    departments.write_text(f"{text}- {{id: office, name: 总部, head: shop-manager}}\n", encoding="utf-8")
    for cycle in ("2026-09", "2026-10"):
        (company / "scorecards" / cycle / "people.csv").write_text(ROSTER, encoding="utf-8")
    october = company / "scorecards" / "2026-10" / "cycle.yml"
    october.write_text(october.read_text("utf-8") + "release: people\n", encoding="utf-8")
    return company


def cards_of(paths: set[str], cycle: str) -> set[str]:
    return {path for path in paths if path.startswith(f"/{cycle}/p/")}


def test_a_manager_who_changes_department_keeps_the_cards_of_that_time_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three people, a manager, a head and HR log in; then the manager moves, and the site is built again."""
    company = a_company_of_two_months(tmp_path / "company")
    build(company, monkeypatch)
    content = read(company / "handbook", company / "scorecards")
    with running("nginx", company, content, tmp_path / "server") as port:
        readers = {login: Reader(port, login) for login in ("e02", "e03", "e04", "e01", "h01")}
        seen = {login: reader.opened() for login, reader in readers.items()}
        everything = Reader(port + 1, "hr").opened()
        all_cards = {path for path in everything if "/p/" in path}

        assert len(all_cards) == 10
        for login, reader in readers.items():
            assert reader.may_open(everything | set().union(*seen.values())) >= seen[login] - {"/index.html"}
            assert reader.may_open(all_cards) == {path for path in seen[login] if "/p/" in path}
        for login in ("e02", "e03", "e04"):
            assert [len(cards_of(seen[login], cycle)) for cycle in ("2026-09", "2026-10")] == [1, 1]
        assert [len(cards_of(seen["e01"], cycle)) for cycle in ("2026-09", "2026-10")] == [4, 4]
        assert cards_of(seen["h01"], "2026-10") == cards_of(everything, "2026-10")
        old_team = cards_of(seen["e01"], "2026-09")

        october = company / "scorecards" / "2026-10" / "people.csv"
        change(october, "E01,林晓,shop-manager,shop,H01", "E01,林晓,shop-manager,support,H01")
        october.write_text(re.sub(r"(E0[234],.*,shop,)E01", r"\1H01", october.read_text("utf-8")), encoding="utf-8")
        build(company, monkeypatch)

        after = readers["e01"].opened()
        assert cards_of(after, "2026-09") == old_team
        assert len(cards_of(after, "2026-10")) == 1
        assert readers["e01"].may_open(all_cards) == {path for path in after if "/p/" in path}
        assert len(cards_of(readers["h01"].opened(), "2026-10")) == 5
        assert Reader(port + 1, "hr").opened() >= all_cards
        assert asked(port + 1, "/index.html", "e01").status == 404
