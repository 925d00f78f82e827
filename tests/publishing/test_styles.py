"""Style sheets keep what a page can meet and nothing else."""

import re
from pathlib import Path

import pytest

from kpibook.publishing.site.styles import names_in_pages, trimmed, without_unread, words_in_scripts
from sites import CARDS, HANDBOOK, NAV, a_card_site, a_handbook_site
from sources import TEMPLATES

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
