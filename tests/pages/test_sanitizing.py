"""What editors may put on the site: the finished HTML of their pages passes an allow-list, as a browser reads it."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown

from kpibook.base.problems import Problem
from kpibook.base.words import words
from kpibook.content import read
from kpibook.model import Company
from kpibook.pages.prose import check_prose
from kpibook.pages.sanitizing import EXTENSIONS, check_rendered, not_allowed, without_forbidden
from kpibook.publishing.site import HandbookPages, SiteError, build_handbook_site
from sources import ROOT

EVERYTHING = """\
## Title {#own .wide}

| a | b |
|-:|:-:|
| 1 | 2 |

Text[^1] ![picture](a.png "shown") [page](b.md#own) <mailto:hr@example.com> **bold** *lean* `code`
and more.

[^1]: a note

!!! note "Mind"
    this

3. three
4. four

- one

> said

```yaml
x: 1
```

term
:   meaning

---
"""


def told(text: str) -> list[tuple[int, str]]:
    """The line and the tag of each fault of a page that a look at its text alone lets through or not."""
    return [(each.place.line, str(each.values["tag"])) for each in check_rendered({"a.md": text}, "handbook")]


def test_everything_that_markdown_makes_of_a_text_is_left_as_it_is() -> None:
    html = Markdown(extensions=list(EXTENSIONS), extension_configs={"toc": {"permalink": "#"}}).convert(EVERYTHING)

    assert not_allowed(html) == ()
    assert html.count("<") == without_forbidden(html).count("<") > 80
    assert check_prose({"a.md": EVERYTHING}, "handbook") == ()


def test_the_pages_of_the_sample_are_allowed() -> None:
    pages = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "handbook" / "pages").rglob("*.md")}

    assert len(pages) > 10
    assert not list(check_rendered(pages, "handbook"))


@pytest.mark.parametrize(
    ("text", "line", "tag"),
    [
        ("# A\n\n## B {autofocus}\n", 3, '<h2 autofocus="" id="b">'),
        ('text\n\nmore\n{: onfocus="if(1){a()}" }\n', 4, '<p onfocus="if(1){a()}">'),
        ("**x**{: contenteditable }\n", 1, '<strong contenteditable="">'),
        ('**x**{: style="background:url(//h{})" }\n', 1, '<strong style="background:url(//h{})">'),
        ('| a |\n|---|\n| b {: onclick="x{1}" } |\n', 3, '<td onclick="x{1}">'),
        ("`\n\n<img src=x onerror=alert(1)>\n\n`\n", 3, '<img onerror="alert(1)" src="x">'),
        ("`\n\n<script>alert(1)</script>\n\n`\n", 3, "<script>"),
        ("`\n\n<!-- hidden -->\n\n`\n", 3, "<!-- hidden -->"),
        ("`\n\n<base href=//h>\n\n`\n", 3, '<base href="//h">'),
        ("`\n\n<form action=//h><input name=p></form>\n\n`\n", 3, '<form action="//h">'),
        ("`\n\n<svg><a href=javascript:a()>x</a></svg>\n\n`\n", 3, "<svg>"),
        ("`\n\n<a href=https://h>x</a>\n\n`\n", 3, '<a href="https://h">'),
        ("`\n\n<a href='/\\h'>x</a>\n\n`\n", 3, '<a href="/\\h">'),
        ("`\n\n<p class='md-overlay'>x</p>\n\n`\n", 3, '<p class="md-overlay">'),
        ("---\ntitle: A\n---\n\n[x][y]\n\n[y]: data:text/html,x\n", 7, '<a href="data:text/html,x">'),
    ],
)
def test_what_reaches_the_page_is_refused_with_its_line_whatever_the_text_looks_like(
    text: str, line: int, tag: str
) -> None:
    assert (line, tag) in told(text)


def test_a_fault_that_a_look_at_the_text_finds_is_told_once() -> None:
    page = {"a.md": "# A\n\n<b onclick=x>y</b>\n"}
    known = check_prose(page, "handbook")

    assert [problem.code for problem in known] == ["prose-raw-html"]
    assert not list(check_rendered(page, "handbook", known))


def test_a_page_whose_brackets_stay_open_is_not_rendered() -> None:
    """Twenty thousand of them take minutes; what else the page holds is told once they are closed."""
    page = {"a.md": f"{'[' * 20_000}\n\n# A {{autofocus}}", "b.md": "# A {autofocus}"}

    known = check_prose(page, "handbook")

    assert [problem.code for problem in known] == ["prose-brackets"]
    assert [each.place.file for each in check_rendered(page, "handbook", known)] == ["handbook/pages/b.md"]


def test_the_fault_reads_so_in_both_languages() -> None:
    [problem] = check_rendered({"a.md": "# A {autofocus}"}, "handbook")

    assert problem.text(words("en")) == (
        'handbook/pages/a.md:1:1: error: the page would put <h1 autofocus="" id="a"> on the site, which is not allowed '
        "[prose-not-allowed]\n"
        "    hint: write it in plain Markdown: text, lists, tables, links within the handbook, pictures; of braces "
        "only {#id} and {.class}"
    )
    assert problem.message(words("zh")) == '这一页会在网站上生成不允许的内容：<h1 autofocus="" id="a">'


def test_check_reads_pages_as_the_site_does(tmp_path: Path) -> None:
    for name, text in {"company.yml": "name: A\nlanguage: en\n", "pages/a.md": "# A\n\nb\n{: autofocus }\n"}.items():
        (tmp_path / "handbook" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "handbook" / name).write_text(text, encoding="utf-8")
    (tmp_path / "scorecards").mkdir()

    problems = read(tmp_path / "handbook", tmp_path / "scorecards").problems

    [found] = [problem for problem in problems if problem.code == "prose-not-allowed"]
    assert str(found.place) == "handbook/pages/a.md:4:1"
    assert found.is_public


def test_a_setting_of_mkdocs_that_makes_more_is_refused_when_the_site_is_made(tmp_path: Path) -> None:
    page = '---\ntitle: "A"\nkind: "policy"\nsource: "handbook/pages/a.md"\n---\n\n# A\n\nb ~~c~~\n'
    (tmp_path / "pages").mkdir()
    (tmp_path / "mkdocs.yml").write_text("markdown_extensions: [abbr]\n", encoding="utf-8")
    text = page.replace("b ~~c~~", "HR\n\n*[HR]: people")
    (tmp_path / "pages" / "a.md").write_text(text, encoding="utf-8")

    with pytest.raises(SiteError) as refused:
        build_handbook_site(
            HandbookPages(tmp_path / "pages", [{"A": "a.md"}]),
            tmp_path / "site",
            company=Company.build(name="A", language="en"),
            config=tmp_path / "mkdocs.yml",
        )

    assert {problem.code for problem in refused.value.problems} == {"prose-not-allowed"}
    assert {str(problem.place) for problem in refused.value.problems} == {"handbook/pages/a.md"}


def scheme(address: str) -> str:
    """What a browser takes for the scheme of an address: tabs, breaks and controls before and in it do not count."""
    found = re.match(r"([a-z][a-z0-9+.-]*):", re.sub(r"[\x00-\x20]", "", address))
    return found[1] if found else ""


class Seen(HTMLParser):
    """Everything that could act on a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.acting: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.acting += (
            [tag] if tag in ("script", "iframe", "form", "input", "base", "meta", "link", "style", "svg") else []
        )
        for name, value in attrs:
            text = (value or "").strip().lower()
            is_active = name.startswith("on") or name in ("autofocus", "srcset", "formaction", "contenteditable")
            is_active |= name in ("href", "src") and scheme(text) not in ("", "mailto", "tel")
            is_active |= name == "style" and "url" in text
            self.acting += [f"{tag} {name}"] if is_active else []


PARTS = st.sampled_from(
    [
        *(
            "`",
            "```",
            "~~~",
            "\n",
            "\n\n",
            "    ",
            "- ",
            "> ",
            "# ",
            "| a |\n|---|\n| ",
            "[x](",
            "![x](",
            ")",
            "[y]: ",
            "[x][y]",
        ),
        *("{: ", "{", "}", " }", "onfocus=a()", 'style="background:url(x)"', "autofocus", "srcset=x", "\\", "&#106;"),
        *("javascript:", "java\tscript:", "data:text/html,", "//h", "<script>", "</script>", "<img src=x onerror=a>"),
        *(
            "<svg/onload=a>",
            "<a href=javascript:a>",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<iframe src=x>",
            "text ",
            '"',
            "'",
        ),
        *("<div markdown=1>", "</div>", "<form>", "<style>", "<noscript>", "<math>", "<template>", "!!! note\n    "),
    ]
)


@given(st.lists(PARTS, min_size=1, max_size=14))
def test_no_text_reaches_the_site_as_more_than_text(parts: list[str]) -> None:
    html = Markdown(extensions=list(EXTENSIONS)).convert("".join(parts))

    assert Seen(without_forbidden(html)).acting == []
    assert not Seen(html).acting or not_allowed(html)


def test_the_search_for_what_acts_sees_it() -> None:
    """The control of the test above."""
    assert Seen("<p onclick=a><img src=javascript:a><script>").acting == ["p onclick", "img src", "script"]
    assert isinstance(next(check_rendered({"a.md": "# A {autofocus}"}, "handbook")), Problem)
