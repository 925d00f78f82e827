"""What all tests share: the browser, and a line at the end when there was none."""

import os
import shutil
from collections.abc import Generator, Mapping
from pathlib import Path

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = "no Chromium was found"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` writes the golden pages anew; read the difference before you keep it."""
    parser.addoption("--update-golden", action="store_true", help="write the pages below tests/golden anew")


class Golden:
    """Whole pages kept below tests/golden, which a change of the generator moves in plain sight."""

    def __init__(self, folder: Path, *, is_updated: bool) -> None:
        self.folder = folder
        self.is_updated = is_updated

    def check(self, folder: str, pages: Mapping[str, str]) -> None:
        """The folder holds exactly these pages."""
        kept = self.folder / folder
        if self.is_updated:
            shutil.rmtree(kept, ignore_errors=True)
            for path, page in pages.items():
                (kept / path).parent.mkdir(parents=True, exist_ok=True)
                (kept / path).write_text(page, encoding="utf-8", newline="\n")
        found = {path.relative_to(kept).as_posix(): path for path in kept.rglob("*") if path.is_file()}
        assert sorted(found) == sorted(pages)
        for path, page in pages.items():
            assert page == found[path].read_text(encoding="utf-8"), (
                f"{path} changed: pytest --update-golden, then git diff"
            )


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
