"""What is written down of pages that are there, spoilt in whatever way: then nothing is known of them."""

import json
from pathlib import Path

import pytest

from kpibook.publishing.page_cache import FORMAT, CachedPage, PageCache, with_sum
from kpibook.publishing.site.handbook_cache import HandbookCache
from kpibook.publishing.stamps import FOLDER, digest_of

SPOILT: list[object] = [[], None, 7, "a", {"a.md": None}, {"a.md": []}]


@pytest.mark.parametrize("pages", SPOILT, ids=repr)
def test_of_cards_nothing_is_known(tmp_path: Path, pages: object) -> None:
    file = tmp_path / "kept.json"
    told = {"format": FORMAT, "made_from": "this", "pages": pages}
    file.write_bytes(with_sum(json.dumps(told).encode("ascii")))

    assert PageCache.read(file, "this").known == {}


def test_what_is_known_of_cards_is_not_believed_once_the_disk_spoilt_it(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    (tmp_path / "a.md").write_text("a card", encoding="ascii")
    PageCache(file, "this").keep(tmp_path, {"a.md": CachedPage("0123456789abcdef", ("b.md",))})
    written = file.read_bytes()
    assert PageCache.read(file, "this").holds(tmp_path, "a.md", "0123456789abcdef")

    for at in range(len(written)):
        file.write_bytes(written[:at] + bytes([written[at] ^ 1]) + written[at + 1 :])
        assert PageCache.read(file, "this").known == {}, at
    for cut in (b"", written[:-1], written.partition(b"\n")[2], written + b" "):
        file.write_bytes(cut)
        assert PageCache.read(file, "this").known == {}


@pytest.mark.parametrize("pages", SPOILT, ids=repr)
def test_of_the_handbook_nothing_is_known(tmp_path: Path, pages: object) -> None:
    file = tmp_path / FOLDER / "handbook.site.json"
    file.parent.mkdir()
    text = json.dumps({"frame": "this", "told": "", "pages": pages})
    file.write_text(json.dumps({"sum": digest_of(text), "made": text}), encoding="ascii")

    assert HandbookCache.read(tmp_path / "handbook", tmp_path / "site", "this").pages == {}


def test_a_sign_that_the_disk_spoilt_is_not_believed(tmp_path: Path) -> None:
    file = tmp_path / FOLDER / "handbook.site.json"
    file.parent.mkdir()
    text = json.dumps({"frame": "this", "told": "", "pages": {"a.md": ["key", "look", "Title", [], {}, None]}})
    file.write_text(json.dumps({"sum": digest_of(text), "made": text}), encoding="ascii")
    assert HandbookCache.read(tmp_path / "handbook", tmp_path / "site", "this").pages

    file.write_text(file.read_text(encoding="ascii").replace("Title", "Tilte"), encoding="ascii")

    assert HandbookCache.read(tmp_path / "handbook", tmp_path / "site", "this").pages == {}
