"""What all tests share: the browser, and a line at the end when there was none."""

import gc
import os
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import warm
from forked import Workers, can_fork
from in_memory import use_memory
from kept import Golden

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = "no Chromium was found"

use_memory()
MEASURED: object = None
if "MEASURE_BRANCHES" in os.environ:
    from branches import Branches

    # Begins here: a folder's own conftest.py already imports kpibook.
    MEASURED = Branches()

LONGEST = ("tests/browser/", "tests/run/", "tests/authoring/", "tests/test_architecture.py")

settings.register_profile("kpibook", deadline=None)
# Where CI is set, hypothesis draws the same cases each time: a run judges the change, not the dice.
settings.load_profile("ci" if "CI" in os.environ else "kpibook")


# Names of cards' pages are made from it; without one a run in a CI is refused, and any other makes one where it runs.
os.environ.setdefault("KPIBOOK_KEY", "a secret of the tests")


@pytest.fixture(scope="session", autouse=True)
def outside_of_a_ci() -> None:
    """What a log leaves out is told to the tests; those of logs say that they are one."""
    os.environ.pop("CI", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` writes the golden pages anew; read the difference before you keep it."""
    parser.addoption("--update-golden", action="store_true", help="write the pages below tests/golden anew")


def pytest_xdist_auto_num_workers() -> int:
    """How many workers `-n auto` begins: half as many again as there are processors.

    A worker waits a fourth of its time: for its browser, for a program, for the disk.
    """
    # Not every system knows which processors a process may use.
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return (3 * processors + 1) // 2


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config, specs: list[Any]) -> None:
    """Fork the workers from one process that has collected all tests."""
    if can_fork():
        config.add_cleanup(warm.offer())
        workers = Workers(config.invocation_params.args)
        config.add_cleanup(workers.end)
        for spec in specs if workers.are_ready else ():
            spec.python = workers.python


def pytest_configure(config: pytest.Config) -> None:
    """Tell of the branches where they are measured."""
    if MEASURED:
        config.pluginmanager.register(MEASURED)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage among the modules and tests that all stay, neither now nor later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the folders whose modules take longest: what is short is left for the end, where workers wait."""
    items.sort(key=lambda item: next((at for at, name in enumerate(LONGEST) if name in item.nodeid), len(LONGEST)))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """The golden pages."""
    return Golden(Path(__file__).parent / "golden", is_updated=bool(request.config.getoption("--update-golden")))


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser; without one its tests are skipped, or fail where KPIBOOK_REQUIRE_BROWSER is 1."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return Path(found)
    if os.environ.get("KPIBOOK_REQUIRE_BROWSER") == "1":
        pytest.fail(NO_BROWSER)
    pytest.skip(NO_BROWSER)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Say in one line, the last, that browser tests were skipped, and how to have them run."""
    yield
    skipped = sum(NO_BROWSER in str(report.longrepr) for report in terminalreporter.getreports("skipped"))
    if skipped:
        terminalreporter.write_line(
            f"{skipped} browser tests were skipped: {NO_BROWSER}. To run them: apt-get install chromium fonts-noto-cjk",
            yellow=True,
        )
