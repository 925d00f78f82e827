"""Shells of the cards' site taken over from an earlier run."""

from pathlib import Path

import pytest

from kpibook.publishing.site.shell_cache import Chrome, ShellCache, shells_key
from kpibook.publishing.site.shells import PageShells

INNER = PageShells({(0, True): ("<p>", "inside")}, "Contents")
CHROME = Chrome(
    PageShells({(0, False): ("<html>", "标题", "</html>"), (2, True): ("",)}, "目录", {"en": INNER}),
    {"assets/a.css": b"a{}", "assets/font.woff2": bytes(range(256))},
)


def test_what_was_kept_for_a_key_is_read_as_it_was(tmp_path: Path) -> None:
    kept = ShellCache(tmp_path / "stamps" / "shells.json", "key")
    kept.keep(CHROME)

    assert kept.read() == CHROME
    assert kept.file.stat().st_mode & 0o007 == 0


@pytest.mark.parametrize("key", ["another", ""])
def test_it_is_not_taken_for_another_key_or_an_unknown_one(tmp_path: Path, key: str) -> None:
    ShellCache(tmp_path / "shells.json", "key").keep(CHROME)

    assert ShellCache(tmp_path / "shells.json", key).read() is None


def test_nothing_is_kept_for_an_unknown_key(tmp_path: Path) -> None:
    kept = ShellCache(tmp_path / "shells.json", "")
    kept.keep(CHROME)

    assert not kept.file.exists()


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"key": "key", "sum": "", "chrome": "{}"}', None])
def test_a_file_that_is_not_as_it_was_written_is_not_read(tmp_path: Path, damage: str | None) -> None:
    kept = ShellCache(tmp_path / "shells.json", "key")
    kept.keep(CHROME)
    changed = kept.file.read_text(encoding="ascii").replace("Contents", "Another ") if damage is None else damage
    kept.file.write_text(changed, encoding="ascii")

    assert kept.read() is None


def test_the_key_goes_with_settings_depths_and_texts(tmp_path: Path) -> None:
    config = tmp_path / "mkdocs.yml"
    plain = shells_key(config, ["index.md", "2026-01/a.md"], "zh 公司")
    deeper = shells_key(config, ["index.md", "2026-01/a.md", "2026-01/b/c.md"], "zh 公司")
    renamed = shells_key(config, ["index.md", "2026-01/a.md"], "zh 另一家公司")
    more = shells_key(config, ["index.md", "2026-01/a.md", "2026-01/b.md"], "zh 公司")
    config.write_text("extra_css: [a.css]\n", encoding="utf-8")
    styled = shells_key(config, ["index.md", "2026-01/a.md"], "zh 公司")

    assert len({plain, deeper, renamed, styled}) == 4
    assert more == plain


def test_settings_that_lead_to_other_files_have_no_key(tmp_path: Path) -> None:
    config = tmp_path / "mkdocs.yml"
    config.write_text("theme: {}\nhooks: [own.py]\n", encoding="utf-8")

    assert not shells_key(config, ["index.md"], "zh 公司")
