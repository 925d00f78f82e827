"""What a build takes over from the one before is what a build from nothing would have made, byte for byte."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from companies import COMPANY, change
from kpibook import pipeline
from kpibook.content import read
from kpibook.publishing.site import CardPages, LiveSite, SiteError, build_card_site


def built(root: Path, *, fresh: bool = False) -> dict[str, bytes]:
    content = read(root / "handbook", root / "scorecards")
    pipeline.build(content, root, list(content.cycles), fresh=fresh)
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in ("build", "site", "site-cards")
        for path in (root / folder).rglob("*")
        # Stamps tell when files were made, which is never the same twice.
        if path.is_file() and path.parent.name != "stamps"
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny company, built; tests change copies of it."""
    root = tmp_path_factory.mktemp("made") / "company"
    shutil.copytree(COMPANY, root)
    built(root)
    return root


@pytest.fixture
def company(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "company", symlinks=True)


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


def test_one_number_makes_the_cards_that_tell_it_and_links_all_others(company: Path) -> None:
    pages = sorted((company / "site-cards").rglob("p/*.html"))
    before = {page: (page.stat().st_ino, page.read_bytes()) for page in pages}
    held = [page.open("rb") for page in pages]
    change(company / "scorecards/2026-10/actuals/support.csv", "E02,sales,", "E02,sales,1")

    built(company)

    linked = {page for page, (number, _) in before.items() if page.stat().st_ino == number}
    assert 0 < len(set(pages) - linked) < len(pages)
    for page, file in zip(pages, held, strict=True):
        with file:
            assert file.read() == before[page][1], "a page that somebody reads was written into"


@pytest.mark.parametrize("spoil", [str.upper, lambda _: ""], ids=["other", "empty"])
def test_a_spoilt_card_is_made_anew(company: Path, spoil: Callable[[str], str]) -> None:
    page = next((company / "site-cards/2026-10/p").iterdir())
    whole = page.read_text(encoding="utf-8")
    page.write_text(spoil(whole), encoding="utf-8")

    built(company)

    assert page.read_text(encoding="utf-8") == whole


def test_a_link_to_a_page_that_is_gone_is_told_although_its_page_is_as_it_was(company: Path) -> None:
    content = read(company / "handbook", company / "scorecards")
    pages = CardPages(company / "build/cards", LiveSite(company / "site-cards", company / "build/stamps/site.json"))
    (company / "build/cards/2026-09/index.md").unlink()

    with pytest.raises(SiteError) as caught:
        build_card_site(pages, company / "another", company=content.catalog.company)

    assert {each.code for each in caught.value.problems} == {"broken-link"}
    assert {str(each.place) for each in caught.value.problems} > {"build/cards/index.md"}
