"""Links of pages written by hand are checked before anything is built."""

import re

import pytest

from kpibook.base.words import words
from kpibook.model import Catalog
from kpibook.pages.handbook.rendering import handbook_pages
from kpibook.pages.links import check_links
from making import catalog, indicator, item, role

PAGE = "policies/a.md"


def company() -> Catalog:
    return catalog([role("clerk", [item("sales", 100, {"rule": "rating"})]), role("helper", [])], [indicator("sales")])


def told(text: str, **more: str) -> list[tuple[str, str]]:
    prose = {PAGE: text, "policies/b.md": "# 申诉\n\n## 怎样 申诉\n\n## 期限 {#days}\n", "c.md": "# C\n", **more}
    return [(problem.code, str(problem.place)) for problem in check_links(prose, company())]


@pytest.mark.parametrize(
    "text",
    [
        "[b](b.md) [c](../c.md) [自己](a.md) [b](./b.md#days) [b](<b.md>)\n",
        "[b](b.md#怎样-申诉) [b](b.md#%E6%80%8E%E6%A0%B7-%E7%94%B3%E8%AF%89)\n",
        "## 上面\n\n[上面](#上面)\n",
        "[首页](../index.md) [岗位](../roles/clerk.md) [表](../sheets/clerk.md)\n",
        "[指标](../indicators/sales.md)\n",
        "[规则](../guide/rules.md#rule-proportional) [导入](../guide/tables.md#two-rows) [首页](../index.md#any)\n",
        "[部门](../departments/shop.md) [数据](../measures.md) [图](../assets/a.png)\n",
        "[电话](tel:10086) [邮件](mailto:hr@x.example)\n",
        "`[x](y.md)`\n\n```\n[x](y.md)\n```\n",
        "\\[x\\](y.md) 见 [注]: 以下\n",
        "文字[^1]\n\n[^1]: 说明在这里\n",
        "[b][1]\n\n[1]: b.md\n",
        "[x](<a b.md>)\n",
    ],
)
def test_a_link_that_leads_somewhere_is_welcome(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("正文\n\n见 [b](bb.md)。\n", "prose-broken-link", 3, 5),
        ("---\ntitle: 标题\n---\n[c](c.md)\n", "prose-broken-link", 4, 3),
        ("[x](/roles/index.md)\n", "prose-broken-link", 1, 3),
        ("[x](../../c.md)\n", "prose-broken-link", 1, 3),
        ("[x](../roles/clerc.md)\n", "prose-broken-link", 1, 3),
        ("[x](../roles/)\n", "prose-broken-link", 1, 3),
        ("[没有考核表的岗位](../sheets/helper.md)\n", "prose-broken-link", 1, 10),
        ("[没有范本的公司](../library.md)\n", "prose-broken-link", 1, 9),
        ("[x](b.html)\n", "prose-broken-link", 1, 3),
        ("![x](x.png)\n", "prose-broken-link", 1, 4),
        ("[b][1]\n\n[1]: bb.md\n", "prose-broken-link", 3, 3),
        ("[b](b.md#day)\n", "prose-broken-anchor", 1, 3),
        ("[b](#day)\n", "prose-broken-anchor", 1, 3),
        ("[岗位](../roles/clerk.md#anything)\n", "prose-broken-anchor", 1, 4),
        ("[规则](../guide/rules.md#propotional)\n", "prose-broken-anchor", 1, 4),
        ("[数据](../measures.md#department-nobody)\n", "prose-broken-anchor", 1, 4),
    ],
)
def test_a_link_that_leads_nowhere_is_told_with_its_line(text: str, code: str, line: int, column: int) -> None:
    assert told(text) == [(code, f"handbook/pages/{PAGE}:{line}:{column}")]


def test_what_is_told_of_a_broken_link() -> None:
    page, anchor = check_links({PAGE: "[b](bb.md) [a](#x)\n", "policies/b.md": ""}, company())

    assert page.text(words("zh")).partition("\n")[0] == (
        "handbook/pages/policies/a.md:1:3: error: 链接 bb.md 没有对应的页面；相近的有：b.md [prose-broken-link]"
    )
    assert anchor.text(words("en")).partition("\n")[0] == (
        "handbook/pages/policies/a.md:1:14: error: the page that #x leads to has no such heading [prose-broken-anchor]"
    )


def test_of_a_catalog_with_faults_nobody_knows_the_headings_of_its_pages() -> None:
    assert not check_links({PAGE: "[岗位](../roles/clerk.md#anything)\n"}, company(), is_sound=False)


def test_every_heading_of_every_page_that_a_catalog_makes_can_be_linked_to() -> None:
    made = handbook_pages(company(), (), words("zh"), {})
    ids = [
        (page, anchor) for page, text in made.items() for anchor in re.findall(r"^#+ .*\{#(.+)\}$", text, re.MULTILINE)
    ]

    links = "\n\n".join(f"[x](../{page}#{anchor})" for page, anchor in ids)

    assert len(ids) > 100
    assert not check_links({PAGE: links}, company())
