"""Chromium that keeps to itself, and a record of what its pages ask for and complain of."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, ViewportSize, sync_playwright

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# How long a page may take is the bench's question; a busy machine fails no test.
SLOWEST = 60_000

AXE = Path(__file__).parents[1] / "browser" / "vendor" / "axe-core" / "axe.min.js"
GRAVE = ["serious", "critical"]
FIRST_SCREEN: ViewportSize = {"width": 1366, "height": 860}


@dataclass
class Opened:
    """A page, every address it asked for, and everything that went wrong."""

    page: Page
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def record(self) -> None:
        """Begin to listen."""
        self.page.on("request", self._requested)
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def begin_anew(self) -> None:
        """Leave what is open, for the first screen in the light, and forget what was asked for and went wrong."""
        self.page.goto("about:blank")
        self.page.set_viewport_size(FIRST_SCREEN)
        self.page.emulate_media(media="null", color_scheme="light")
        self.requests.clear()
        self.faults.clear()

    def _requested(self, request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self.requests.append(request.url)

    def _failed(self, request: Request) -> None:
        # A page that is left before its icon has come gives the icon up; nothing was wrong with it.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"{request.url} failed")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.url} answered {response.status}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(message.text)


@contextmanager
def launched(chromium: Path, *more: str) -> Iterator[Browser]:
    """The browser with these flags, and more of them, until the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*QUIET, *more])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, **settings: Any) -> Iterator[Opened]:
    """A recorded page in a profile of its own, closed when the block ends."""
    context = browser.new_context(**{"viewport": FIRST_SCREEN, "locale": "zh-CN", **settings})
    context.set_default_timeout(SLOWEST)
    recorded = Opened(context.new_page())
    recorded.record()
    yield recorded
    context.close()


STILL = """() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('* { transition: none !important }')
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
}"""


def violations(page: Page) -> list[str]:
    """What axe-core finds grave, each with the first element that it is about."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return _grave(page, {})


def violations_in_the_dark(page: Page) -> list[str]:
    """As `violations`, on a page that they were asked of in the light; only the rules that depend on its colours."""
    # A sheet that is made by script: the page's own policy lets no other in.
    page.evaluate(STILL)
    page.emulate_media(color_scheme="dark")
    return _grave(page, {"runOnly": ["color-contrast", "link-in-text-block"]})


FIND = """([options, grave]) => {
    // The impact of a rule is that of all it finds: a milder one would be asked in vain.
    const mild = axe._audit.rules.filter(rule => rule.impact && !grave.includes(rule.impact))
    const rules = Object.fromEntries(mild.map(rule => [rule.id, {enabled: false}]))
    // What holds, and where it stands, is many times as much as what does not, and takes longer to tell than to find.
    const brief = {resultTypes: ["violations"], selectors: false, preload: false}
    return axe.run(document, {rules, ...brief, ...options}).then(found => found.violations
        .filter(each => grave.includes(each.impact)).map(each => `${each.id}: ${each.nodes[0].html}`))
}"""


def _grave(page: Page, options: dict[str, list[str]]) -> list[str]:
    found: list[str] = page.evaluate(FIND, [options, GRAVE])
    return found
