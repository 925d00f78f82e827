"""Scripts and styles of the pages keep to Chromium 80 and Safari 14, which real offices still have.

Two checkers of npm know what browsers can: `eslint-plugin-compat` and `stylelint-no-unsupported-browser-features`. They
are installed from the lock file beside them; without npm these tests are skipped, or fail where a browser is required.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

from node import npm_install
from opened import Opened
from sources import PACKAGE

CONFIG = Path(__file__).parent / "compat"
ASSETS = PACKAGE / "assets"
STYLES = ASSETS / "theme" / "assets"
ADMIN = ASSETS / "admin"
"""The editors' form; the two libraries beside it are as their makers packed them, and checked by rules of their own."""
SITES = ("site", "site-cards", "site-viewers")
INLINE = re.compile(r"<(script|style)(?![^>]*\b(?:src=|json))[^>]*>(.*?)</(?:script|style)>", re.DOTALL)
"""What stands in a page itself; data are no script."""
SETTINGS = {
    "BROWSERSLIST": "chrome 80, safari 14, ios_saf 14",
    # A script of five megabytes becomes so many small things that half the time goes into looking for those to forget.
    "NODE_OPTIONS": "--max-semi-space-size=128",
}


@pytest.fixture(scope="module")
def checkers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with both checkers, what they need and how they are set."""
    return npm_install(tmp_path_factory, CONFIG)


def complaints(checkers: Path, tool: str, folder: Path, *files: str, settings: str = "config") -> str:
    """What a checker says of the files; nothing where all is well."""
    config = checkers / f"{tool}.{settings}.mjs"
    done = subprocess.run(
        [checkers / "node_modules" / ".bin" / tool, "--config", config, *files],
        cwd=folder,
        env={**os.environ, **SETTINGS},
        capture_output=True,
        text=True,
        check=False,
    )
    return f"{done.stdout}{done.stderr}" if done.returncode else ""


def test_scripts_use_nothing_that_old_browsers_do_not_know(checkers: Path) -> None:
    ours = ("theme/assets/*.js", "charts/charts.js", "admin/form.js", "admin/library.js")

    assert complaints(checkers, "eslint", ASSETS, *ours) == ""


def test_the_form_as_its_makers_packed_it_is_read_by_chromium_80_and_safari_14_1(
    checkers: Path, tmp_path: Path
) -> None:
    """A copy: the checker passes over what lies below a folder that packages are installed in."""
    for script in ("decap-cms.js", "yaml.js"):
        (tmp_path / script).write_bytes((ADMIN / script).read_bytes())

    assert complaints(checkers, "eslint", tmp_path, "decap-cms.js", settings="form.config") == ""
    # What yaml.js makes while it runs is refused by Safari under 16.4, and caught: the next test sees it.
    told = complaints(checkers, "eslint", tmp_path, "yaml.js", settings="form.config")
    assert told.count("no-regexp-lookbehind-assertions") == told.count(" error ") == 3
    assert re.findall(r"RegExp\(`[^`]*\(\?<[!=]", (ADMIN / "yaml.js").read_text(encoding="utf-8")) != []


REFUSE = """window.refused = 0
window.RegExp = new Proxy(RegExp, { construct(target, [text, ...flags]) {
  if (/\\(\\?<[!=]/.test(text)) { window.refused++; throw new SyntaxError("invalid group specifier name") }
  return new target(text, ...flags)
} })"""
"""A browser that knows no lookbehind."""
FOLDED = 'name: "two  \\n  words"\nnote: >-\n  folded  \n  text\nlist: [1, "a\n  b"]\n'


def test_yaml_is_read_and_written_without_lookbehind(browser: Opened) -> None:
    read = """text => { const document = YAML.parseDocument(text)
      return [document.errors.length, JSON.stringify(document.toJSON()), String(document)] }"""
    browser.page.goto("about:blank")
    browser.page.add_script_tag(path=ADMIN / "yaml.js")
    usual = browser.page.evaluate(read, FOLDED)
    browser.page.goto("about:blank")
    browser.page.evaluate(REFUSE)
    browser.page.add_script_tag(path=ADMIN / "yaml.js")

    assert browser.page.evaluate(read, FOLDED) == usual
    assert usual[0] == 0
    assert browser.page.evaluate("window.refused") >= 1
    assert browser.faults == []


def test_styles_use_nothing_that_old_browsers_do_not_know(checkers: Path) -> None:
    assert complaints(checkers, "stylelint", STYLES, "*.css") == ""


def test_everything_that_readers_load_is_held_to_it_and_what_stands_in_pages_too(
    checkers: Path, sample: Path, tmp_path: Path
) -> None:
    """The scripts, styles and inline parts of all pages as they are made, the theme's and the drawings' with ours."""
    loaded = [path for site in SITES for path in sorted((sample / site).rglob("*.[jc]s*"))]
    for path in loaded:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    pages = [path for site in SITES for path in (sample / site).rglob("*.html")]
    inline = {found for path in pages for found in INLINE.findall(path.read_text(encoding="utf-8"))}
    for number, (kind, text) in enumerate(sorted(inline)):
        (tmp_path / f"inline-{number}.{'js' if kind == 'script' else 'css'}").write_text(text, encoding="utf-8")

    names = {path.name for path in loaded}
    assert {"theme.js", "search.js", "search-index.js", "dictionary.js", "kpibook.css", "handbook.css"} <= names
    assert any(name.startswith("main.") for name in names)
    assert len(inline) >= 4
    assert complaints(checkers, "eslint", tmp_path, "*.js") == ""
    assert complaints(checkers, "stylelint", tmp_path, "*.css", settings="theme.config") == ""


UNREADABLE_FORMS = ("a ??= 1", "class A { #b = 1 }", "class A { static { } }", "/(?<=a)b/")
UNREADABLE_SCRIPTS = {
    '"x".match(/(?<!a)x/)': "lookbehind",
    'new RegExp("(?<=a)b")': "lookbehind",
    "a ??= 1": "Parsing error",
    "new Intl.Segmenter()": "Intl.Segmenter",
    "[1].at(-1)": "at",
}
"""Scripts that old browsers cannot read, and what is said of each."""
UNREADABLE_STYLES = (
    "p:has(a) { color: red }",
    "p { color: color-mix(in srgb, red, blue) }",
    "p { inset: 0 }",
    ":is(a, b) { color: red }",
)


def by_file(told: str) -> dict[str, str]:
    """What a checker says of each file, below the line that names it."""
    found, name = dict[str, str](), ""
    for line in told.splitlines():
        if line.strip().endswith((".js", ".css")):
            name = Path(line.strip()).name
        else:
            found[name] = f"{found.get(name, '')}{line}\n"
    return found


def test_a_script_that_old_browsers_cannot_read_is_found(checkers: Path, tmp_path: Path) -> None:
    for number, script in enumerate(UNREADABLE_SCRIPTS):
        (tmp_path / f"{number}.js").write_text(f"{script}\n", encoding="utf-8")

    told = by_file(complaints(checkers, "eslint", tmp_path, "*.js"))

    for number, (script, complaint) in enumerate(UNREADABLE_SCRIPTS.items()):
        assert complaint in told[f"{number}.js"], script


def test_what_chromium_80_does_not_read_would_be_found_in_the_form(checkers: Path, tmp_path: Path) -> None:
    for number, script in enumerate(UNREADABLE_FORMS):
        (tmp_path / f"{number}.js").write_text(f"{script}\n", encoding="utf-8")

    told = by_file(complaints(checkers, "eslint", tmp_path, "*.js", settings="form.config"))

    assert all("error" in told[f"{number}.js"] for number in range(len(UNREADABLE_FORMS)))


def test_a_style_that_old_browsers_cannot_read_is_found(checkers: Path, tmp_path: Path) -> None:
    for number, style in enumerate(UNREADABLE_STYLES):
        (tmp_path / f"{number}.css").write_text(f"{style}\n", encoding="utf-8")

    told = by_file(complaints(checkers, "stylelint", tmp_path, "*.css"))

    for number, style in enumerate(UNREADABLE_STYLES):
        assert "error" in told[f"{number}.css"] or "✖" in told[f"{number}.css"], style
