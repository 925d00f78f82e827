"""The browser of these tests: started once, a fresh profile for each test or, where they only look, for each module."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kpibook.content import read
from kpibook.pipeline import build
from made_once import made_once
from opened import SLOWEST, Opened, launched, opened
from sources import ROOT

ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
"""There is no host but this machine."""

ENGINE = "chromium-headless-shell"
"""Chromium's own engine without the windows, translator and password keeper around it: a page takes half the time."""

BRIEF = "--js-flags=--no-opt --min-semi-space-size=16 --max-semi-space-size=64"
"""Every page begins anew with its scripts, and most are left within a second: what the slowest compiler would make of
them comes too late, and there is memory enough not to look for garbage until then. A page takes a tenth less."""

expect.set_options(timeout=SLOWEST)


@pytest.fixture(scope="session")
def running(chromium: Path) -> Iterator[Browser]:
    # Where it is not installed, and for what prints cards, the whole of Chromium does the same.
    with launched(Path(shutil.which(ENGINE) or chromium), ALONE, BRIEF) as browser:
        yield browser


@pytest.fixture(scope="module")
def one_profile(running: Browser) -> Iterator[Opened]:
    with opened(running) as page:
        yield page


@pytest.fixture
def browser(request: pytest.FixtureRequest, running: Browser) -> Iterator[Opened]:
    """A page that nothing was opened in; tests of a module that only look share the process that shows it."""
    if request.node.get_closest_marker("only_looks"):
        page: Opened = request.getfixturevalue("one_profile")
        page.begin_anew()
        yield page
        return
    with opened(running) as page:
        yield page


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both sites of the sample company, below one folder, with addresses of a repository."""
    return made_once(tmp_path_factory, "sample", _build_sample)


def _build_sample(root: Path) -> None:
    (root / "mkdocs.yml").write_text(
        "extra: {repository: https://git.example.com/kpi, edit: https://git.example.com/kpi/-/edit/main/}\n",
        encoding="utf-8",
    )
    content = read(ROOT / "handbook", ROOT / "scorecards")
    build(content, root, content.cycles)
