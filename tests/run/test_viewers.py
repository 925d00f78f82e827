"""Each viewer's folder holds what is theirs and nothing else: every viewer, every page, every byte."""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from companies import TESTS, change
from kpibook import pipeline
from kpibook.access.listing import listing
from kpibook.base.periods import Period
from kpibook.content import Content, read
from kpibook.pages.figures import page_id
from kpibook.pages.viewers import ViewerFacts
from sources import ROOT

KEY = os.environ["KPIBOOK_KEY"].encode()
"""What the names of pages are made from; tests/conftest.py sees to it that there is one."""
LINK = re.compile(r"\]\(([^)#\s]+\.md)")
HREF = re.compile(r'<a\b[^>]*\shref="([^"#]+)')


@pytest.fixture(scope="module")
def sample() -> Content:
    return read(ROOT / "handbook", ROOT / "scorecards")


@pytest.fixture(scope="module")
def pages(sample: Content, tmp_path_factory: pytest.TempPathFactory) -> tuple[Mapping[str, str], ViewerFacts]:
    """All pages of the sample's cards by their path without an ending, and who may open which."""
    access = sample.catalog.company.access
    assert access
    folder = tmp_path_factory.mktemp("pages")
    viewing = ViewerFacts(sample.catalog, access, sample.cycles, sample.say, KEY)
    pipeline.write_pages(sample, folder, list(sample.cycles), viewing)
    cards = folder / "cards"
    found = {
        path.relative_to(cards).as_posix().removesuffix(".md"): path.read_text(encoding="utf-8")
        for path in cards.rglob("*.md")
    }
    starts = {f"start/{path.parent.name}": path.read_text("utf-8") for path in (folder / "viewers").rglob("*.md")}
    return {**found, **starts}, viewing


def test_every_viewer_gets_just_the_pages_that_access_lists(
    sample: Content, pages: tuple[Mapping[str, str], ViewerFacts]
) -> None:
    _, viewing = pages
    access = sample.catalog.company.access
    assert access
    listed = {each.viewer.login: each for each in listing(access, sample.cycles, sample.catalog_of)}

    assert len(viewing.viewers) == len(listed) == 44
    for viewer in viewing.viewers:
        own = set(viewing.paths(viewer))
        cards = {
            f"{page.cycle}/p/{page_id(KEY, page.cycle, page.about)}"
            for page in listed[viewer.login].pages
            if page.kind == "card"
        }
        assert {path for path in own if "/p/" in path} == cards
        assert not [path for path in own if path.startswith("2026-10")]


def test_no_page_of_a_viewer_links_to_one_that_is_not_theirs(
    pages: tuple[Mapping[str, str], ViewerFacts],
) -> None:
    texts, viewing = pages
    followed = 0
    for viewer in viewing.viewers:
        own = set(viewing.paths(viewer))
        for path in (f"start/{viewer.folder}", *own):
            folder = "" if path.startswith("start/") else path.rpartition("/")[0]
            for target in LINK.findall(texts[path]):
                followed += 1
                assert joined(folder, target) in own, f"{viewer.login}: {path} -> {target}"
    assert followed > 900


def test_every_page_of_a_viewer_is_reached_from_the_start_page(pages: tuple[Mapping[str, str], ViewerFacts]) -> None:
    texts, viewing = pages
    for viewer in viewing.viewers:
        own, reached = set(viewing.paths(viewer)), set[str]()
        ahead = [f"start/{viewer.folder}"]
        while ahead:
            path = ahead.pop()
            folder = "" if path.startswith("start/") else path.rpartition("/")[0]
            new = {joined(folder, target) for target in LINK.findall(texts[path])} - reached
            reached |= new
            ahead += new
        assert reached == own


def joined(folder: str, target: str) -> str:
    parts = folder.split("/") if folder else []
    for part in target.removesuffix(".md").split("/"):
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny company, with canaries in every personal field, built with a folder for each viewer."""
    root = tmp_path_factory.mktemp("company")
    shutil.copytree(TESTS / "company", root, dirs_exist_ok=True)
    handbook = root / "handbook" / "company.yml"
    handbook.write_text(handbook.read_text("utf-8") + "access: {hr: [office]}\n", encoding="utf-8")
    people = root / "scorecards" / "2026-09" / "people.csv"
    text = people.read_text(encoding="utf-8")
    for number, name in enumerate(("林晓", "周然", "何小青")):
        text = text.replace(name, f"{name}CANARY{number}NAME")
    people.write_text(text, encoding="utf-8")
    content = read(root / "handbook", root / "scorecards")
    pipeline.build(content, root, list(content.cycles))
    return root


def test_no_canary_is_on_the_public_site_or_in_another_s_folder(built: Path) -> None:
    everywhere = {
        path: path.read_bytes() for path in built.rglob("*") if path.is_file() and "scorecards" not in path.parts
    }

    for path, data in everywhere.items():
        parts = path.relative_to(built).parts
        if parts[0] in ("site", ".kpibook") or parts[:2] in (("build", "handbook"), ("build", "schemas")):
            assert b"CANARY" not in data, path
        if parts[:2] == ("site-viewers", "viewers") and parts[2] == "u-e03":
            assert b"CANARY1NAME" not in data, path
    assert b"CANARY2NAME" in b"".join(
        data for path, data in everywhere.items() if "u-e03" in path.parts and "site-viewers" in path.parts
    )


def test_links_of_a_viewer_s_html_stay_in_the_folder(built: Path) -> None:
    viewers = built / "site-viewers" / "viewers"
    followed = 0
    for page in viewers.rglob("*.html"):
        folder = viewers / page.relative_to(viewers).parts[0]
        inside = page.relative_to(folder).parent
        # A card stands flat in the folder and is served below its cycle.
        served = "2026-09/p" if inside.name == "p" else inside.as_posix().removeprefix(".")
        for target in HREF.findall(page.read_text(encoding="utf-8")):
            followed += 1
            address = joined(served, target.removesuffix(".html"))
            _, _, rest = address.partition("/")
            found = folder / f"{rest if rest.startswith('p/') else address}.html"
            assert found.is_file(), f"{page}: {target}"
    assert followed


def test_cards_are_the_same_file_for_everybody_and_closed_to_other_accounts(built: Path) -> None:
    name = f"{page_id(KEY, Period.parse('2026-09'), 'E02')}.html"
    found = sorted((built / "site-viewers").rglob(name))

    assert [path.relative_to(built / "site-viewers").parts[:2] for path in found] == [
        ("pages", "2026-09"),
        ("viewers", "u-e01"),
        ("viewers", "u-e02"),
    ]
    assert len({path.stat().st_ino for path in (*found, built / "site-cards" / "2026-09" / "p" / name)}) == 1
    for folder in ("site-viewers/viewers", "site-viewers/pages", "site-cards", "build/cards", "build/viewers"):
        modes = [path.stat().st_mode & 0o027 for path in (built / folder, *(built / folder).rglob("*"))]
        assert not any(modes), folder


def test_who_changes_department_keeps_the_old_team_s_old_cards(tmp_path: Path) -> None:
    shutil.copytree(TESTS / "company", tmp_path, dirs_exist_ok=True)
    october = tmp_path / "scorecards" / "2026-10"
    change(october / "people.csv", "E03,何小青,barista,shop,E01", "E03,何小青,barista,shop,E02")
    handbook = tmp_path / "handbook" / "company.yml"
    handbook.write_text(handbook.read_text("utf-8") + "access: {chain: direct, heads: false}\n", encoding="utf-8")
    cycle = october / "cycle.yml"
    cycle.write_text(cycle.read_text("utf-8") + "release: people\n", encoding="utf-8")
    content = read(tmp_path / "handbook", tmp_path / "scorecards")
    access = content.catalog.company.access
    assert access

    seen = {
        (each.viewer.login, str(page.cycle), page.about)
        for each in listing(access, content.cycles, content.catalog_of)
        for page in each.pages
        if page.reason == "manager"
    }

    assert {row for row in seen if row[2] == "e03"} == {("e01", "2026-09", "e03"), ("e02", "2026-10", "e03")}
