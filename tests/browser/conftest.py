"""The browser of these tests: started once, a fresh profile for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from opened import Opened, launched


@pytest.fixture(scope="session")
def running(chromium: Path) -> Iterator[Browser]:
    with launched(chromium) as browser:
        yield browser


@pytest.fixture
def browser(running: Browser) -> Iterator[Opened]:
    context = running.new_context(viewport={"width": 1366, "height": 860}, locale="zh-CN")
    recorded = Opened(context.new_page())
    recorded.record()
    yield recorded
    context.close()
