"""What is written down of pages that are there, spoilt in whatever way: then nothing is known of them."""

import json
from pathlib import Path

import pytest

from kpibook.publishing.kept_pages import FORMAT, KeptPages
from kpibook.publishing.site.kept_handbook import KeptHandbook
from kpibook.publishing.stamps import FOLDER

SPOILT = [[], None, 7, "a", {"a.md": None}, {"a.md": []}]


@pytest.mark.parametrize("pages", SPOILT, ids=repr)
def test_of_cards_nothing_is_known(tmp_path: Path, pages: object) -> None:
    file = tmp_path / "kept.json"
    file.write_text(json.dumps({"format": FORMAT, "made_from": "this", "pages": pages}), encoding="ascii")

    assert KeptPages.read(file, "this").known == {}


@pytest.mark.parametrize("pages", SPOILT, ids=repr)
def test_of_the_handbook_nothing_is_known(tmp_path: Path, pages: object) -> None:
    file = tmp_path / FOLDER / "handbook.site.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"frame": "this", "told": "", "pages": pages}), encoding="ascii")

    assert KeptHandbook.read(tmp_path / "handbook", tmp_path / "site", "this").pages == {}
