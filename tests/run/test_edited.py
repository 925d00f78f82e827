"""A build after an edit leaves what a build from nothing makes: both sites, every page, every byte and mode.

Every column and key goes through the Markdown of cards in test_cards_kept; the bench edits whole sites more often.
"""

import random
import shutil
from pathlib import Path

import pytest

from edits import any_edit
from followed import Followed, lived_in

SEED = 20261130
EDITS = 5
"""Edits that the files allow, one upon another."""
SETTINGS = (
    "site_name: 考核\n",
    "site_name: 考核\ntheme: {palette: [{scheme: slate, toggle: {icon: material/weather-night}}]}\n",
    "extra: {repository: 'https://git.example.com/hr/kpi'}\n",
    "",
)
"""What mkdocs.yml says, one after the other."""


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company after its first build; each test has a copy of it, which keeps the times that builds go by."""
    root = lived_in(tmp_path_factory.mktemp("first") / "company")
    assert Followed(root).build()
    return root


@pytest.fixture
def company(first: Path, tmp_path: Path) -> Followed:
    """The company after its first build."""
    return Followed(shutil.copytree(first, tmp_path / "company", symlinks=True))


def test_after_one_random_edit_upon_another_both_sites_are_those_of_a_fresh_build(company: Followed) -> None:
    chance, allowed = random.Random(SEED), 0
    while allowed < EDITS:
        edit = any_edit(company.root, chance)
        before = edit.path.read_bytes()
        edit.make()
        if company.build():
            allowed += 1
            is_handbook = edit.path.is_relative_to(company.root / "handbook")
            assert company.differences(has_handbook=is_handbook) == [], edit.name
        else:
            edit.path.write_bytes(before)


def test_after_any_setting_both_sites_are_those_of_a_fresh_build(company: Followed) -> None:
    for text in SETTINGS:
        (company.root / "mkdocs.yml").write_text(text, encoding="utf-8")

        assert company.build(), text
        assert company.differences(has_handbook=True) == [], text


def test_a_language_that_is_dropped_and_access_that_is_taken_away_leave_nothing(company: Followed) -> None:
    settings = company.root / "handbook/company.yml"
    assert list((company.root / "build").glob("handbook-en*"))
    assert list((company.root / "site-viewers").rglob("*.html"))
    text = settings.read_text("utf-8").replace("languages: [zh, en]\n", "")
    settings.write_text("".join(line for line in text.splitlines(True) if not line.startswith("access:")), "utf-8")

    assert company.build()

    assert company.differences(has_handbook=True) == []
    assert list((company.root / "build").glob("handbook-en*")) == []
    assert list((company.root / "site-viewers").rglob("*")) == []


def test_a_site_that_is_made_from_nothing_tells_differences(company: Followed) -> None:
    assert company.differences(has_handbook=True) == []
    page = next((company.root / "site-cards/2026-10/p").iterdir())

    page.write_bytes(page.read_bytes() + b" ")

    assert company.differences(has_handbook=False) == [f"site-cards/2026-10/p/{page.name}"]


def test_two_handbooks_of_which_nothing_has_changed_are_taken_over(company: Followed) -> None:
    pages = [path for path in (company.root / "site").rglob("*.html") if "en" in path.parts]
    before = {path: path.stat().st_ino for path in pages}
    actuals = company.root / "scorecards/2026-10/actuals/shop.csv"
    actuals.write_text(actuals.read_text("utf-8").replace("E02,complaints,1", "E02,complaints,2"), encoding="utf-8")
    manifest = company.root / "scorecards/2026-10/manifest.csv"
    manifest.write_text(manifest.read_text("utf-8").replace("actual,1", "actual,2"), encoding="utf-8")

    assert company.build()

    assert len(pages) > 10
    assert {path: path.stat().st_ino for path in pages} == before
