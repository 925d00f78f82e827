import html
import re
from collections.abc import Callable

import markdown
import pyromark
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import Markup

from kpibook.base.visible import visible
from kpibook.base.words import words
from kpibook.pages.text import (
    bullets,
    code,
    environment,
    escape,
    front_matter,
    heading,
    lines,
    link,
    paragraphs,
    relative,
    summary,
)

HOSTILE = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "<!-- never closed",
    "<div>",
    "</td></table><textarea>",
    "<https://x.cn>",
    "a | b",
    "|---|---|",
    "two\nlines",
    "two\n\nparagraphs",
    "old mac\rline",
    '--8<-- "people.csv"',
    "{% include 'x' %}",
    "{{ config }}",
    "{: onclick=x }",
    "name {#other}",
    "{ .hidden }",
    "{--x--} {++y++} {==z==} {>>c<<}",
    "!!! warning",
    '??? "fold"',
    "=== tab",
    "[TOC]",
    ":smile:",
    ": definition",
    "$x$ \\(y\\) $$z$$",
    "```\ncode\n```",
    "~~~",
    "`code` and ``more``",
    "1. first",
    "1) first",
    "# heading",
    "text ##",
    "- item",
    "+ item",
    "* item",
    "> quote",
    "---",
    "***",
    "===",
    "- [ ] task",
    "https://x.cn/a?b=1&c=2#d",
    "www.x.cn",
    "hr@x.cn",
    "[text](javascript:alert(1))",
    "![alt](http://x.cn/i.png)",
    "[text][ref] [ref]",
    "[ref]: http://x.cn",
    "[[wiki]]",
    "*em* **strong** _em_ __strong__ snake_case_name a*b*c",
    "~sub~ ~~strike~~ ^sup^ H~2~O",
    "==mark== ++ins++",
    "back\\slash \\* \\",
    "&amp; &lt; &#60; &nbsp; &",
    "*[HTML]: abbreviation",
    "footnote[^1]",
    "[^1]: note",
    "KPI-01: 销售额",
    "key:: value",
    "    four spaces",
    "\ttab",
    "trailing  ",
    "two  spaces",
    "“引号”《书名》（括号）、。，；：！？—…·",
    "全角　空格",
    "e\u0301 ä é ñ 日本語 かな 한국어 😀 👨\u200d👩",
    "zero\u200bwidth \u202eright to left",
    "\u2028 line \u2029 separators",
    "klzzwxh:0000 wzxhzdk:0",
    "\\n \\u003c %3Cscript%3E",
    "12.5 2026-10 1,234.50 85% -5 .5 5. a-b a--b a---b x...y",
    "'single' \"double\" (c) (r) -- --> <- 1/2",
    "[ ]()<>#+-.!_{}|~$%^&*=;:'\",?/@",
)
PLACES = ("paragraph", "heading", "list", "cell", "html", "details", "link")


def the_markdown(text: Markup, place: str) -> str:
    return {
        "paragraph": f"before\n\n{text}\n\nafter\n",
        "heading": f"before\n\n## {text} {{#own-id}}\n\nafter\n",
        "list": f"before\n\n- {text}\n- other\n\nafter\n",
        "cell": f"before\n\n| a | b |\n| --- | ---: |\n| {text} | other |\n\nafter\n",
        "html": f'before\n\n<div class="x">\n<p title="{text}">{text}</p>\n</div>\n\nafter\n',
        "details": f'before\n\n<details markdown="1">\n<summary>{text}</summary>\n\n{text}\n\n</details>\n\nafter\n',
        "link": f"before\n\n[{text}](page.md)\n\nafter\n",
    }[place]


def by_python_markdown(source: str) -> str:
    return markdown.markdown(source, extensions=["tables", "attr_list", "md_in_html", "def_list", "toc"])


def by_pyromark(source: str) -> str:
    options = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_HEADING_ATTRIBUTES
    return str(pyromark.html(source, options=options))


RENDERERS = {"Python-Markdown": by_python_markdown, "pyromark": by_pyromark}


def tags_and_text(page: str) -> tuple[list[str], str]:
    """The tags of a page without their attributes' values, and what a reader sees, spaces folded."""
    tags = [tag.split()[0] for tag in re.findall(r"</?[a-z][^>]*>", page)]
    return tags, " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


SIGNS = st.text("aZ5 .:)-/=%员（，&<>*_|\t\n\x85\u00a0", max_size=6)


@given(st.lists(SIGNS | st.sampled_from(HOSTILE) | SIGNS.map(Markup), max_size=5))
@settings(max_examples=500)
def test_the_lines_of_a_list_are_escaped_as_each_by_itself(texts: list[str]) -> None:
    alone = [text if isinstance(text, Markup) else escape(text) for text in texts]

    assert bullets(texts) == "\n".join(f"- {text}" for text in alone)


@pytest.mark.parametrize("renderer", RENDERERS)
@pytest.mark.parametrize("place", PLACES)
def test_hostile_text_stays_text_in_both_renderers(renderer: str, place: str) -> None:
    render = RENDERERS[renderer]
    harmless = tags_and_text(render(the_markdown(Markup("harmless"), place)))

    rendered = {text: tags_and_text(render(the_markdown(escape(text), place))) for text in HOSTILE}

    # What would turn the text around is shown as it is written.
    seen = {text: text.replace("\u202e", r"\u202e") for text in HOSTILE}
    expected = {text: (harmless[0], " ".join(harmless[1].replace("harmless", seen[text]).split())) for text in HOSTILE}
    assert rendered == expected


@settings(max_examples=150, deadline=None)
@given(text=st.text("a1x中。，. :)(-/=\n|*_`<>&;#[]{}!~+\\\"'$^@%", max_size=24), place=st.sampled_from(PLACES))
def test_any_text_stays_text_in_both_renderers(text: str, place: str) -> None:
    for render in RENDERERS.values():
        tags, shown = tags_and_text(render(the_markdown(Markup("harmless"), place)))

        rendered = tags_and_text(render(the_markdown(escape(text), place)))

        if text.strip():
            assert rendered == (tags, " ".join(shown.replace("harmless", text).split()))


def test_harmless_text_stays_readable_in_the_source() -> None:
    text = "销售额（元）：目标 1,234.50，2026-10 e-commerce 85% (and/or) note: x = y. End."

    assert escape(text) == text


def test_what_steers_a_reader_is_shown_as_messages_show_it() -> None:
    text = "a\x00b\x02c\x9fd\ud800e\ufffef\u202eg\u2066h\x1bi\u200ej"

    assert escape(text).replace("&#92;", "\\") == visible(text)


def test_characters_that_are_none_become_the_replacement_sign() -> None:
    assert escape("a\ufdd0b\U0001fffec") == "a&#65533;b&#65533;c"


def test_lines_keep_line_breaks_within_a_cell() -> None:
    assert lines("一、首先\r\n\n 2. 然后 \n") == "一、首先<br>2&#46; 然后"


def test_paragraphs_keep_paragraphs_and_line_breaks() -> None:
    assert paragraphs("\n第一段\n第二行\n\n \n# 第二段\n") == "第一段<br>第二行\n\n&#35; 第二段"


@pytest.mark.parametrize("render", RENDERERS.values(), ids=RENDERERS)
def test_a_heading_keeps_its_own_id(render: Callable[[str], str]) -> None:
    page = render(f"{heading(2, '销售 {#x} <b>', 'sales_2-a')}\n")

    assert re.sub(r"\s+", "", page) in (
        '<h2id="sales_2-a">销售&#123;&#35;x&#125;&#60;b&#62;</h2>',
        '<h2id="sales_2-a">销售{#x}&lt;b&gt;</h2>',
    )


@pytest.mark.parametrize("anchor", ["", "_x", "a b", "销售", "a}b", "A"])
def test_an_anchor_that_is_no_plain_word_is_refused(anchor: str) -> None:
    with pytest.raises(ValueError, match="not an anchor"):
        heading(2, "x", anchor)


def test_a_link_keeps_its_text_inert() -> None:
    assert link("a](b", "roles/x.md") == "[a&#93;(b](roles/x.md)"


@pytest.mark.parametrize(
    ("page", "target", "expected"),
    [
        ("index.md", "roles/x.md", "roles/x.md"),
        ("roles/x.md", "roles/y.md", "y.md"),
        ("roles/x.md", "indicators/a.md#use", "../indicators/a.md#use"),
        ("a/b/c.md", "index.md", "../../index.md"),
    ],
)
def test_links_are_relative_to_the_page(page: str, target: str, expected: str) -> None:
    assert relative(page, target) == expected


@pytest.mark.parametrize("title", [*HOSTILE, "\n---\nhide:\n  - navigation\n", "---", "...", "no", "007", "", "\x85é"])
def test_front_matter_reads_back_equal(title: str) -> None:
    block = front_matter(title=title, source="handbook/roles/x.yml")

    inside = re.match(r"^-{3}[ \t]*\n(.*?\n)(?:\.{3}|-{3})[ \t]*\n", block, re.DOTALL)
    assert inside is not None
    assert inside.end() == len(block)
    assert yaml.safe_load(inside[1]) == {"title": title, "source": "handbook/roles/x.yml"}


def test_front_matter_holds_settings_too() -> None:
    block = front_matter(title="x", search={"exclude": True})

    assert block == '---\ntitle: "x"\nsearch: {exclude: true}\n---\n'


def test_code_stands_on_one_line() -> None:
    assert code("a <\n b") == "<code>a &#60; b</code>"


def test_a_summary_is_short_and_holds_no_html() -> None:
    assert summary('一 "x"\n<b>&', length=8) == "一 ＂x＂ ＜…"
    assert summary("短") == "短"


def test_templates_escape_what_is_not_finished_markdown() -> None:
    template = environment(words("zh")).from_string(
        "{% macro row(name) %}| {{ name }} |{% endmacro %}{{ row('a|b') }} {{ heading(2, '<', 'x') }} {{ 1 }}"
    )

    assert template.render() == "| a&#124;b | ## &#60; {#x} 1"


def test_texts_that_a_template_joins_are_escaped_once() -> None:
    made = environment(words("en"))

    by_finished = made.from_string("{{ texts | join(semicolon) | lines }}").render(texts=["a > b", "*c*"])
    by_plain = made.from_string("{{ texts | join(', ') | lines }}").render(texts=["a > b", "*c*"])
    in_a_sentence = made.from_string("{{ say('handbook.grade_when_of', roles=texts | join(', ')) }}")

    assert by_finished == "a &#62; b; &#42;c&#42;"
    assert by_plain == "a &#62; b, &#42;c&#42;"
    assert "a &#62; b, &#42;c&#42;" in in_a_sentence.render(texts=["a > b", "*c*"])


def test_a_template_never_prints_an_unknown_name() -> None:
    template = environment(words("zh")).from_string("{{ nothing }}")

    with pytest.raises(UndefinedError):
        template.render()
