"""Pages of the handbook's site that are taken over: the same bytes as made anew, where nothing else decides."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from kpibook.base.atomic_folders import replacing
from kpibook.base.output import write_tree
from kpibook.publishing.site import HandbookPages, SiteError, build_handbook_site
from sites import COMPANY, a_page
from sites import a_handbook_site as a_new_site

MARK = "正文"
PAGES = {
    "index.md": a_page("首页", "[去](roles/clerk.md#duties)\n"),
    "roles/clerk.md": a_page("店员", f"## 做什么 {{#duties}}\n\n{MARK} [回](../index.md)\n"),
    "roles/cook.md": a_page("厨师", "炒菜\n"),
}


def a_handbook_site(root: Path, pages: Mapping[str, str], config: Path | None = None) -> Path:
    """The site with everything taken over that may be."""
    write_tree(pages.items(), root / "build/handbook")
    with replacing(root / "site") as (site,):
        source = HandbookPages(root / "build/handbook", list(pages), root / "site")
        build_handbook_site(source, site, company=COMPANY, config=config)
    return root / "site"


def made(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def anew(root: Path, pages: Mapping[str, str]) -> dict[str, bytes]:
    """The same handbook made in a folder where nothing was."""
    other = root / "anew"
    shutil.rmtree(other, ignore_errors=True)
    return made(a_new_site(other, pages))


def marked(page: Path, *, is_seen: bool = False) -> None:
    """Change a page of the site so that its size and time do not tell, unless that `is_seen`."""
    before = page.stat()
    page.write_text(page.read_text(encoding="utf-8").replace(MARK, "旧文"), encoding="utf-8", newline="\n")
    if not is_seen:
        os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_page_whose_markdown_is_the_same_is_taken_from_the_live_site(tmp_path: Path) -> None:
    marked(a_handbook_site(tmp_path, PAGES) / "roles/clerk.html")

    site = a_handbook_site(tmp_path, {**PAGES, "roles/cook.md": a_page("厨师", "蒸饭\n")})

    assert "旧文" in (site / "roles/clerk.html").read_text(encoding="utf-8")
    assert "蒸饭" in (site / "roles/cook.html").read_text(encoding="utf-8")


def test_a_page_that_is_not_as_it_was_left_is_made_anew(tmp_path: Path) -> None:
    marked(a_handbook_site(tmp_path, PAGES) / "roles/clerk.html", is_seen=True)

    site = a_handbook_site(tmp_path, {**PAGES, "roles/cook.md": a_page("厨师", "蒸饭\n")})

    assert MARK in (site / "roles/clerk.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [
        {"roles/cook.md": a_page("厨师", "蒸饭\n")},
        {"roles/cook.md": a_page("厨师", "## 做菜 {#cooking}\n\n[去](clerk.md#duties)\n")},
        {"roles/cook.md": a_page("大厨", "炒菜\n")},
        {"roles/cook.md": a_page("厨师", "炒菜\n", status="new")},
        {"roles/cook.md": a_page("厨师", "炒菜\n", about="后厨", search="off")},
        {"roles/driver.md": a_page("司机", "开车\n")},
        {"index.md": a_page("首页", "你好\n")},
        {},
    ],
    ids=["text", "heading", "title", "shown elsewhere", "found by", "new page", "start", "nothing"],
)
def test_after_a_change_all_is_as_made_from_nothing(tmp_path: Path, change: Mapping[str, str]) -> None:
    a_handbook_site(tmp_path, PAGES)
    a_handbook_site(tmp_path, {**PAGES, "roles/cook.md": a_page("厨师", "煮面\n")})

    site = a_handbook_site(tmp_path, {**PAGES, **change})

    assert made(site) == anew(tmp_path, {**PAGES, **change})


def test_after_a_page_has_gone_all_is_as_made_from_nothing(tmp_path: Path) -> None:
    a_handbook_site(tmp_path, PAGES)
    fewer = {name: text for name, text in PAGES.items() if name != "roles/cook.md"}

    assert made(a_handbook_site(tmp_path, fewer)) == anew(tmp_path, fewer)


def test_a_kept_page_whose_link_leads_to_no_heading_any_more_is_told(tmp_path: Path) -> None:
    a_handbook_site(tmp_path, PAGES)

    with pytest.raises(SiteError) as refused:
        a_handbook_site(tmp_path, {**PAGES, "roles/clerk.md": a_page("店员", "没有小标题\n")})

    [problem] = refused.value.problems
    assert (problem.code, problem.place.file) == ("broken-anchor", "build/handbook/index.md")


def test_where_settings_decide_how_markdown_is_read_nothing_is_kept(tmp_path: Path) -> None:
    config = tmp_path / "mkdocs.yml"
    config.write_text("markdown_extensions: [attr_list, md_in_html, tables]\n", encoding="utf-8")
    marked(a_handbook_site(tmp_path, PAGES, config=config) / "roles/clerk.html")

    site = a_handbook_site(tmp_path, {**PAGES, "roles/cook.md": a_page("厨师", "蒸饭\n")}, config=config)

    assert MARK in (site / "roles/clerk.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"frame": 1'], ids=["empty", "no frame", "list", "cut"])
def test_what_cannot_be_read_of_the_last_run_keeps_nothing(tmp_path: Path, text: str) -> None:
    marked(a_handbook_site(tmp_path, PAGES) / "roles/clerk.html")
    (tmp_path / "build/stamps/handbook.site.json").write_text(text, encoding="utf-8")

    site = a_handbook_site(tmp_path, PAGES)

    assert MARK in (site / "roles/clerk.html").read_text(encoding="utf-8")
