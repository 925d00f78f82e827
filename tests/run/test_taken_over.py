"""What a build takes over from the one before is what a build from nothing would have made, byte for byte."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from companies import COMPANY, change
from kpibook import pipeline
from kpibook.content import read


def built(root: Path, *, fresh: bool = False) -> dict[str, bytes]:
    content = read(root / "handbook", root / "scorecards")
    pipeline.build(content, root, list(content.cycles), fresh=fresh)
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in ("build", "site", "site-cards")
        for path in (root / folder).rglob("*")
        if path.is_file()
    }


@pytest.fixture
def company(tmp_path: Path) -> Path:
    shutil.copytree(COMPANY, tmp_path / "company")
    built(tmp_path / "company")
    return tmp_path / "company"


def a_value(root: Path) -> None:
    with (root / "scorecards/2026-10/people.csv").open("a", encoding="utf-8") as file:
        file.write("E77,新来的,barista,shop,E01\n")


def a_role(root: Path) -> None:
    role = root / "handbook/roles/barista.yml"
    role.write_text(role.read_text("utf-8").replace("purpose:", "purpose: 新的，", 1), encoding="utf-8")


def the_settings(root: Path) -> None:
    (root / "mkdocs.yml").write_text("site_name: 另一个名字\n", encoding="utf-8")


def the_days(root: Path) -> None:
    change(root / "scorecards/2026-10/cycle.yml", "collect_by: 2026-11-05", "collect_by: 2026-11-04")


def a_page_of_words(root: Path) -> None:
    (root / "handbook/pages").mkdir(exist_ok=True)
    (root / "handbook/pages/new.md").write_text("# 新的一页\n\n一句话。\n", encoding="utf-8")


def a_page_that_was_made(root: Path) -> None:
    (root / "site/index.html").write_text("spoilt", encoding="ascii")


def a_page_that_is_gone(root: Path) -> None:
    (root / "site/roles/index.html").unlink()


def the_pages_in_between(root: Path) -> None:
    shutil.rmtree(root / "build")


@pytest.mark.parametrize(
    ("edit", "is_taken_over"),
    [
        (a_value, True),
        (a_role, False),
        (the_settings, False),
        (the_days, False),
        (a_page_of_words, False),
        (a_page_that_was_made, False),
        (a_page_that_is_gone, False),
        (the_pages_in_between, False),
    ],
)
def test_an_edit_makes_what_a_build_from_nothing_makes(
    company: Path, edit: Callable[[Path], None], *, is_taken_over: bool
) -> None:
    before = {path: path.stat().st_ino for path in (company / "site").rglob("*.html")}
    edit(company)

    after = built(company)
    is_linked = all(path.is_file() and path.stat().st_ino == number for path, number in before.items())
    fresh = built(company, fresh=True)

    assert after == fresh
    assert is_linked == is_taken_over
