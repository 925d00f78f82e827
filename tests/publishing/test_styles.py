"""Style sheets keep what a page can meet and nothing else."""

import re
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest

from kpibook.publishing.site.styles import names_in_pages, trimmed, without_unread, words_in_scripts
from sites import CARDS, HANDBOOK, NAV, a_card_site, a_handbook_site
from sources import TEMPLATES

PACKAGE = TEMPLATES.parent
THEME = PACKAGE / "assets" / "theme"
MATERIAL = Path(str(distribution("mkdocs-material").locate_file("material"))) / "templates"

USED = frozenset({"used", "other", "ltr", "default"})


@pytest.mark.parametrize(
    ("sheet", "kept"),
    [
        ("p{color:red}", "p{color:red}"),
        (".used{a:b}.gone{a:b}", ".used{a:b}"),
        (".used,.gone{a:b}", ".used{a:b}"),
        (".used .gone{a:b}", ""),
        (".used:not(.gone){a:b}", ".used:not(.gone){a:b}"),
        (":is(.used,.gone) p{a:b}", ":is(.used,.gone) p{a:b}"),
        ("[dir=ltr] p{a:b}[dir=rtl] p{a:b}", "[dir=ltr] p{a:b}"),
        ('[data-md-color-scheme="default"]{a:b}', '[data-md-color-scheme="default"]{a:b}'),
        ("[data-md-color-primary=red]{a:b}", ""),
        ("@media print{.gone{a:b}}", ""),
        ("@media print{.gone{a:b}.used{a:b}}", "@media print{.used{a:b}}"),
        ('@charset "utf-8";p{a:b}', '@charset "utf-8";p{a:b}'),
        ("@keyframes x{from{a:b}to{a:c}}", "@keyframes x{from{a:b}to{a:c}}"),
        ("p{content:\"}.gone{\"}.used{a:url('x}y')}", "p{content:\"}.gone{\"}.used{a:url('x}y')}"),
        ("p{a:url(data:x;{y)}", "p{a:url(data:x;{y)}"),
        ("/* .a{ */p{a:b}", "p{a:b}"),
    ],
)
def test_rules_that_no_page_can_meet_are_left_out(sheet: str, kept: str) -> None:
    assert trimmed(sheet, USED) == kept


def test_properties_that_nobody_reads_are_left_out_and_those_that_only_they_read() -> None:
    sheet = ':root{--icon:url("data:image/svg+xml;x,<svg/>");--a:var(--b);--b:1;--c:2;color:var(--c)}'

    assert without_unread(sheet) == ":root{--c:2;color:var(--c)}"
    assert without_unread(sheet, "p{x:var(--a)}") == ":root{--a:var(--b);--b:1;--c:2;color:var(--c)}"


def test_a_group_keeps_its_rules_without_the_unread() -> None:
    sheet = "@media print{:root{--a:1}p{--b:1;x:var(--b)}}@import 'x';"

    assert without_unread(sheet) == "@media print{p{--b:1;x:var(--b)}}@import 'x';"


def test_classes_and_values_of_pages_are_known() -> None:
    page = """<body dir="ltr" data-md-color-scheme='slate' id="x"><p class="a  b">class="c"</p>"""

    assert names_in_pages([page]) == {"ltr", "slate", "a", "b"}
    assert {"md-nav", "toggle"} <= words_in_scripts(['x.classList.toggle("md-nav")'])


def test_no_rule_of_ours_is_for_something_that_no_page_has() -> None:
    """Each class, id and property of our sheets stands in a template, a script or the code that makes pages."""
    sheets = "".join(path.read_text(encoding="utf-8") for path in sorted((THEME / "assets").glob("*.css")))
    selectors = "".join(re.findall(r"[^{}]+(?=\{)", re.sub(r"/\*.*?\*/", "", sheets, flags=re.DOTALL)))
    made = "\n".join(_what_makes_pages())
    own = {*re.findall(r"\.((?:kpi|card|my)-[\w-]+)", selectors)}
    theme = {*re.findall(r"\.(md-[\w-]+)", selectors)}
    material = "\n".join(path.read_text(encoding="utf-8") for path in MATERIAL.rglob("*.html"))
    material += "".join(path.read_text(encoding="utf-8") for path in MATERIAL.rglob("*.css"))

    assert len(own) > 100
    assert sorted(name for name in own if not _is_made(name, made)) == []
    assert sorted(name for name in theme if name not in made + material) == []
    assert sorted(name for name in re.findall(r"#([a-z][\w-]*)\b(?=[^;{}]*\{)", selectors) if name not in made) == []
    properties = {*re.findall(r"(?<=[\s{;])(--[\w-]+)\s*:", sheets)}
    assert (
        sorted(name for name in properties if not name.startswith("--md-") and f"var({name}" not in sheets + made) == []
    )


def _what_makes_pages() -> Iterator[str]:
    """The texts of templates, scripts and code from which the classes of a page come."""
    for pattern in ("templates/**/*.j2", "pages/**/*.py", "publishing/**/*.py", "assets/theme/**/*.js",
                    "assets/theme/**/*.html", "assets/print/*", "locale/**/*.yml"):  # fmt: skip
        yield from (path.read_text(encoding="utf-8") for path in PACKAGE.glob(pattern) if path.is_file())


def _is_made(name: str, made: str) -> bool:
    """Whether a class stands there as a word, or its beginning with the end put in: `card-paper-{{ number }}`."""
    # The article of a card gets its class from that of the paper inside it: publishing/site/shells.py.
    name = name.replace("card-sheet-", "card-paper-")
    whole = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", made)
    begun = [name[: place + 1] for place, sign in enumerate(name) if sign == "-"][1 if name.count("-") > 1 else 0 :]
    return bool(whole) or any(f"{begin}{{" in made for begin in begun)


def test_no_template_of_a_card_uses_a_class_of_the_theme() -> None:
    """The style sheets of the cards' site are trimmed by its empty pages alone."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in (TEMPLATES / "pages" / "cards").glob("*.j2")}

    found = {
        name: re.findall(r'class="[^"]*\b(?:md|admonition|tabbed|footnote)[\w-]*', text) for name, text in texts.items()
    }

    assert not {name: classes for name, classes in found.items() if classes}


def test_readers_load_a_third_of_the_theme(tmp_path: Path) -> None:
    for site in (a_handbook_site(tmp_path, HANDBOOK, nav=NAV), a_card_site(tmp_path, CARDS)):
        sizes = {path.name: path.stat().st_size for path in (site / "assets").rglob("*.css")}
        scripts = {path.name for path in (site / "assets").rglob("*.js")}

        assert sum(size for name, size in sizes.items() if ".min." in name) < 60_000
        assert not {name for name in scripts if name.startswith("bundle")}
