"""From the web pages that are open to the Markdown that they are made of."""

from pathlib import Path

from kpibook.base.audience import markdown_of
from kpibook.base.output import paths_below, write_tree


def test_a_web_page_is_made_of_the_markdown_of_its_name_or_of_its_folder(tmp_path: Path) -> None:
    write_tree([("index.md", ""), ("roles/a.md", ""), ("roles/index.md", "")], tmp_path)

    opened = ("index.html", "roles/a.html", "roles/a/index.html", "roles/index.html", "gone.html", "assets/a.css")

    assert markdown_of(opened[:2], tmp_path) == {"index.md": "index.html", "roles/a.md": "roles/a.html"}
    assert markdown_of(opened, tmp_path).keys() == {"index.md", "roles/a.md", "roles/index.md"}


def test_paths_below_a_folder_are_those_of_a_suffix_in_order_and_behind_no_link(tmp_path: Path) -> None:
    write_tree([("b.md", ""), ("a/c.md", ""), ("a/d.html", ""), ("a-b.md", "")], tmp_path / "pages")
    (tmp_path / "pages" / "linked").symlink_to(tmp_path / "pages" / "a")

    assert paths_below(tmp_path / "pages", ".md") == ["a-b.md", "a/c.md", "b.md"]
    assert paths_below(tmp_path / "gone", ".md") == []
