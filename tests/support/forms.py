"""The editors' form over a repository of its own, to which the local backend of Decap CMS commits."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from playwright.sync_api import Page

from kpibook.authoring.scaffolding import NewCompany, create_company
from kpibook.base.periods import Period
from kpibook.base.words import words
from kpibook.publishing.admin import write_admin
from kpibook.reading.catalog import load_catalog
from opened import Opened
from ports import free_port, wait_for
from sites import served
from sources import ROOT


class Form(NamedTuple):
    """A company's repository, the addresses of its form and of the backend that commits to it, and the browser."""

    repository: Path
    address: str
    commits_at: str
    browser: Opened

    @property
    def page(self) -> Page:
        return self.browser.page

    def git(self, *arguments: str) -> str:
        """What git says of the repository, once the backend has done all that it was asked."""
        self.settled()
        done = subprocess.run(["git", "-C", str(self.repository), *arguments], capture_output=True, check=True)
        return done.stdout.decode("utf-8")

    def settled(self) -> None:
        """Wait until the backend stands still.

        It goes on with what a page asked that is left by now, and stands on other branches meanwhile. It answers in the
        order of the questions, and gives up one for which it had no time within three seconds.
        """
        question = Request(self.commits_at, b'{"action": "info"}', {"Content-Type": "application/json"})
        for _ in range(20):
            try:
                urlopen(question).close()
            except HTTPError:
                continue
            return
        raise AssertionError("the backend of the form does not come to rest")


def as_made(_: Path) -> None:
    """Nothing but what `init` makes."""


def in_two_languages(folder: Path) -> None:
    company, clerk = folder / "handbook/company.yml", folder / "handbook/roles/sales-clerk.yml"
    company.write_text(company.read_text(encoding="utf-8") + "languages: [zh, en]\n", encoding="utf-8")
    text = clerk.read_text(encoding="utf-8")
    both = "name: {zh: 销售员, en: Clerk} # as in the contracts"
    assert "\nname: 销售员\n" in text
    clerk.write_text(text.replace("name: 销售员", both, 1), encoding="utf-8")


def git_repository(folder: Path, change: Callable[[Path], None] = as_made) -> None:
    create_company(folder, NewCompany("青山文具", Period.parse("2026-10"), "1"), words("zh"))
    change(folder)
    clerk = folder / "handbook/roles/sales-clerk.yml"
    clerk.write_text(clerk.read_text(encoding="utf-8") + "# agreed with the sales staff\n", encoding="utf-8")
    for arguments in (
        ("init", "--quiet", "--initial-branch", "main"),
        ("config", "user.name", "Editor"),
        ("config", "user.email", "editor@example.com"),
        ("add", "--all"),
        ("commit", "--quiet", "--message", "the company"),
    ):
        subprocess.run(["git", "-C", str(folder), *arguments], check=True)


@contextmanager
def committed_to(backend: Path, repository: Path, change: Callable[[Path], None]) -> Iterator[int]:
    """A new repository to which the local backend commits; its port."""
    port = free_port()
    git_repository(repository, change)
    settings = {"MODE": "git", "GIT_REPO_DIRECTORY": str(repository), "PORT": str(port), "BIND_HOST": "127.0.0.1"}
    with subprocess.Popen(["node", str(backend)], env={**os.environ, **settings}, stdout=subprocess.DEVNULL) as server:
        try:
            assert wait_for(port, lambda: server.poll() is None)
            yield port
        finally:
            server.terminate()


def backend_at(port: int) -> str:
    return f"http://localhost:{port}/api/v1"


def make_form(handbook: Path, site: Path, port: int) -> None:
    config = site.parent / "mkdocs.yml"
    local_backend = f'local_backend: {{url: "{backend_at(port)}"}}'
    config.write_text(f"extra:\n  admin:\n    backend: {{name: git-gateway}}\n    {local_backend}\n", encoding="utf-8")
    catalog, _ = load_catalog(handbook)
    write_admin(site / "admin", handbook, catalog, words("zh"), config)
    (site / "assets").mkdir()
    shutil.copy(ROOT / "generator/kpibook/assets/theme/assets/favicon.svg", site / "assets")


@contextmanager
def a_form(backend: Path, root: Path, browser: Opened, change: Callable[[Path], None] = as_made) -> Iterator[Form]:
    repository, site = root / "repository", root / "site"
    site.mkdir()
    with committed_to(backend, repository, change) as port:
        make_form(repository / "handbook", site, port)
        with served(site) as address:
            yield Form(repository, address.replace("127.0.0.1", "localhost"), backend_at(port), browser)
