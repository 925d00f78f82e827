"""Pages written by hand: what they may hold, and the front matter they get."""

from pathlib import Path

import pytest
import yaml

from kpibook.base.problems import Level
from kpibook.base.words import words
from kpibook.pages.handbook.rendering import prose_page
from kpibook.pages.prose import check_prose, first_heading, read_prose, split_front_matter


def told(text: str, path: str = "policies/a.md") -> list[tuple[str, str]]:
    return [(problem.code, str(problem.place)) for problem in check_prose({path: text}, "handbook")]


@pytest.mark.parametrize(
    "text",
    [
        "# 制度\n\n正文 **重点** [岗位](../roles/index.md#roles) ![图](a.png)\n",
        "a < b，3<5，x <- y\n",
        "行内代码 `<b>` 与 ``<i>`` \n",
        "```html\n<b>https://x.example</b>\n![](http://x.example/i.png)\n```\n",
        "~~~\n<b>\n~~~\n",
        "- 列表\n\n    ```\n    <b>\n    ```\n",
        "[电话](tel:10086) [邮件](mailto:hr@x.example) <mailto:hr@x.example>\n",
        "网址只写文字：https://x.example\n",
        "\\<b> 与 \\[x\\](http://x.example)\n",
        "## 标题 {#own}\n\n表格 | a |\n{: .wide }\n",
        "---\ntitle: 标题\ndescription: 说明\n---\n正文\n",
        "",
    ],
)
def test_plain_markdown_is_welcome(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("正文\n\n<div>x</div>\n", "prose-raw-html", 3, 1),
        ("正文 <script>x</script>", "prose-raw-html", 1, 4),
        ("<!-- 注释 -->", "prose-raw-html", 1, 1),
        ("<?php", "prose-raw-html", 1, 1),
        ("[x](https://x.example/a)", "prose-outside-link", 1, 3),
        ("[x](//x.example/a)", "prose-outside-link", 1, 3),
        ("[x](\n//x.example/a)", "prose-outside-link", 1, 3),
        ("[x](\\\\x.example)", "prose-outside-link", 1, 3),
        ("[x]( <javascript:alert(1)> )", "prose-outside-link", 1, 3),
        ("[x](java&#115;cript:alert)", "prose-outside-link", 1, 3),
        ("[x][1]\n\n[1]: http://x.example", "prose-outside-link", 3, 3),
        ("<https://x.example>", "prose-outside-link", 1, 1),
        ("![图](http://x.example/i.png)", "prose-outside-image", 1, 4),
        ("![图](data:image/png;base64,AA)", "prose-outside-image", 1, 4),
        ("正文\n{: onclick=alert(1) }", "prose-attribute", 2, 1),
        ("# 标题 {onclick=x}", "prose-attribute", 1, 6),
        ("```yaml {onclick=x}\nx\n```", "prose-attribute", 1, 17),
        ("---\nhide: [navigation]\n---\n正文", "prose-front-matter", 1, 1),
        ("---\n- a\n---\n正文", "prose-front-matter", 1, 1),
        ("---\na: [\n---\n正文", "prose-front-matter", 1, 1),
        ("---\norder: first\n---\n正文", "prose-front-matter", 1, 1),
        ("---\norder: true\n---\n正文", "prose-front-matter", 1, 1),
        ("---\norder: 1.5\n---\n正文", "prose-front-matter", 1, 1),
        ("---\ntitle: x\n---\n<b>", "prose-raw-html", 4, 1),
        ("```\n未闭合\n", None, 0, 0),
        ("````\n```\n<b>\n````\n<i>", "prose-raw-html", 5, 1),
    ],
)
def test_what_does_not_belong_into_a_page_is_told_at_its_place(
    text: str, code: str | None, line: int, column: int
) -> None:
    expected = [(code, f"handbook/pages/policies/a.md:{line}:{column}")] if code else []

    assert told(text) == expected


@pytest.mark.parametrize("path", ["index.md", "roles/x.md", "sheets/x.md", "guide/x.md", "grades.md", "assets/x.md"])
def test_a_page_may_not_take_the_place_of_another(path: str) -> None:
    assert told("正文", path) == [("prose-path-taken", f"handbook/pages/{path}")]


@pytest.mark.parametrize("path", ["Index.md", "ROLES/x.md", "Guide/x.md"])
def test_nor_where_only_the_case_of_letters_tells_them_apart(path: str) -> None:
    assert told("正文", path) == [("prose-path-taken", f"handbook/pages/{path}")]


def test_pages_whose_paths_differ_only_in_case_are_told_as_a_disk_may_hold_one_of_them_alone() -> None:
    paths = ("a.md", "policies/Leave.md", "policies/leave.md", "Policies/pay.md", "B\u0308.md", "\u00dc.md", "u.md")

    problems = check_prose(dict.fromkeys((*paths, "U\u0308.md"), "正文"), "handbook")

    assert [(problem.code, str(problem.place), problem.values["other"]) for problem in problems] == [
        ("prose-path-alike", "handbook/pages/policies/leave.md", "policies/Leave.md"),
        ("prose-path-alike", "handbook/pages/Policies/pay.md", "policies/Leave.md"),
        ("prose-path-alike", "handbook/pages/U\u0308.md", "\u00dc.md"),
    ]
    assert problems[0].text(words("en")) == (
        "handbook/pages/policies/leave.md: error: policies/leave.md and policies/Leave.md differ only in case, and are "
        "one and the same where a disk minds none, as on Windows [prose-path-alike]\n"
        "    hint: give one of them, or its folder, another name"
    )


def test_a_problem_reads_well() -> None:
    [problem] = check_prose({"policies/a.md": "# 制度\n\n<b>重点</b>"}, "handbook")

    assert problem.text(words("zh")) == (
        "handbook/pages/policies/a.md:3:1: error: 页面里有 HTML：<b>重点</b> [prose-raw-html]\n"
        "    hint: 改用 Markdown；要显示尖括号，把它放进反引号里"
    )


def test_the_hint_about_attributes_shows_what_is_allowed() -> None:
    [problem] = check_prose({"policies/a.md": "{: x=y }"}, "handbook")

    assert problem.hint(words("en")) == "delete them; only {#id} and {.class} are allowed"


def test_a_page_is_named_by_its_front_matter_its_heading_or_its_file() -> None:
    def title(text: str) -> str:
        front = yaml.safe_load(prose_page("policies/a.md", text, "handbook/pages/policies/a.md").split("---\n")[1])
        return str(front["title"])

    assert title("---\ntitle: 考核制度\n---\n# 别的\n") == "考核制度"
    assert title("```\n# 不是标题\n```\n# 考核制度 ## {#policy}\n") == "考核制度"
    assert title("正文\n") == "a"


def test_a_page_keeps_its_text_and_its_description() -> None:
    page = prose_page("a.md", "---\ndescription: 说明\n---\n\n# 制度\n\n正文\n", "handbook/pages/a.md")

    front = 'title: "制度"\nsource: "handbook/pages/a.md"\nkind: "policy"\ndescription: "说明"\n'
    assert page == f"---\n{front}---\n\n# 制度\n\n正文\n"


def test_a_title_with_entities_reads_as_it_is_shown() -> None:
    assert first_heading("# A &amp; B\n") == "A & B"


def test_front_matter_of_the_wrong_kind_is_none() -> None:
    assert split_front_matter("---\n- a\n---\nb") == (None, "b")
    assert split_front_matter("---\n---\nb") == ({}, "b")
    assert split_front_matter("b") == ({}, "b")


def test_pages_are_read_by_their_path(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "b.md").write_text("\ufeff# 二\r\n", encoding="utf-8", newline="")
    (tmp_path / "a.md").write_text("# 一\n", encoding="utf-8")
    (tmp_path / ".DS_Store").write_bytes(b"")

    assert read_prose(tmp_path, "handbook/pages") == ({"a.md": "# 一\n", "policies/b.md": "# 二\n"}, ())
    assert read_prose(tmp_path / "none", "handbook/pages") == ({}, ())


def test_a_file_that_is_no_page_is_named(tmp_path: Path) -> None:
    (tmp_path / "plan.docx").write_bytes(b"")
    (tmp_path / "a.md").write_text("# 一\n", encoding="utf-8")
    (tmp_path / "link.md").symlink_to(tmp_path / "a.md")

    pages, problems = read_prose(tmp_path, "handbook/pages")

    assert list(pages) == ["a.md"]
    assert [(problem.code, str(problem.place), problem.level) for problem in problems] == [
        ("prose-stray-file", "handbook/pages/link.md", Level.WARNING),
        ("prose-stray-file", "handbook/pages/plan.docx", Level.WARNING),
    ]


def test_a_page_in_another_encoding_is_a_problem_at_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes("# 制度\n\n正文".encode("gb18030"))
    (tmp_path / "b.md").write_bytes(b"# ok\n\xff\x00\xfe")

    pages, problems = read_prose(tmp_path, "handbook/pages")

    assert [(problem.code, str(problem.place)) for problem in problems] == [
        ("looks-like-gbk", "handbook/pages/a.md:1:3"),
        ("not-utf8", "handbook/pages/b.md:2:1"),
    ]
    assert pages == {"a.md": "# 制度\n\n正文"}


@pytest.mark.parametrize(
    "front",
    [
        "title: 2026-02-30",
        "order: " + "9" * 5000,
        "title: " + "[" * 5000,
        "title: " + "x" * 20_000,
        "? [a]\n: b",
        "a: *b",
    ],
)
def test_settings_that_cannot_be_read_are_told_with_their_place(front: str) -> None:
    assert told(f"---\n{front}\n---\n正文\n") == [("prose-front-matter", "handbook/pages/policies/a.md:1:1")]


def test_what_is_told_of_settings_and_of_open_brackets() -> None:
    found = check_prose({"a.md": f"---\ntitle: 2026-02-30\n---\n{'[' * 5000}\n"}, "handbook")

    assert [problem.text(words("zh")) for problem in found] == [
        "handbook/pages/a.md:1:1: error: 页面开头的设置不能使用 [prose-front-matter]\n"
        "    hint: 开头只写这些键：title, description, owner, order, task；order 写整数",
        f"handbook/pages/a.md:4:1: error: 这一段里没有配对的方括号或圆括号太多：{'[' * 60} [prose-brackets]\n"
        f"    hint: {words('zh')('problems.prose-brackets.hint')}",
    ]


@pytest.mark.parametrize("part", ["[", "[a]("])
def test_very_many_open_brackets_are_refused_at_once(part: str) -> None:
    assert told(f"# 制度\n\n{part * 5000}\n") == [("prose-brackets", "handbook/pages/policies/a.md:3:1")]


def test_brackets_that_are_closed_are_welcome() -> None:
    assert told("[a](b.md) " * 500 + "[ ] ( [x] " * 30 + "\n") == []
