"""Entries of the navigation are set once, and read as Material sets them on every page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mkdocs.structure.pages import Page

from kpibook.publishing.site import handbook, nav_entries
from sites import a_handbook_site, a_page

NAMES = ("clerk", "cook", "driver")
PAGES = {
    "index.md": a_page("首页", "字\n"),
    **{f"roles/{name}.md": a_page(name, "字\n") for name in NAMES},
    **{f"roles/old/{name}.md": a_page(f"{name}, old", "字\n") for name in NAMES},
}
NAV = [
    "index.md",
    {
        "岗位": [
            *(f"roles/{name}.md" for name in NAMES),
            {"旧岗位": [f"roles/old/{name}.md" for name in NAMES]},
        ]
    },
]


def made(site: Path) -> dict[str, str]:
    return {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in site.rglob("*.html")}


@pytest.mark.parametrize("settings", ["", "theme: {features: [navigation.sections, navigation.expand]}\n"])
def test_entries_that_are_set_once_read_as_those_that_are_set_on_every_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str
) -> None:
    config = tmp_path / "mkdocs.yml"
    config.write_text(settings, encoding="utf-8")
    once = made(a_handbook_site(tmp_path / "once", PAGES, nav=NAV, config=config))
    monkeypatch.setattr(handbook, "use_cached_entries", lambda env: None)
    always = made(a_handbook_site(tmp_path / "always", PAGES, nav=NAV, config=config))

    assert len(once) == len(PAGES)
    assert "../driver.html" in once["roles/old/cook.html"]
    assert once == always


def test_an_entry_is_set_once_for_all_pages_of_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    entry = nav_entries._Entries.__call__

    def counted(
        self: nav_entries._Entries, render: Callable[..., str], page: Page | None, item: Any, path: str, *rest: object
    ) -> str:
        def seen(*given: object) -> str:
            asked.append(path)
            return render(*given)

        return entry(self, seen, page, item, path, *rest)

    monkeypatch.setattr(nav_entries._Entries, "__call__", counted)
    a_handbook_site(
        tmp_path,
        {name: PAGES[name] for name in PAGES if "old" not in name},
        nav=["index.md", {"岗位": [f"roles/{name}.md" for name in NAMES]}],
    )

    # Each of three is open on its own page, and closed on the two others: there it is set once.
    assert len(asked) == 2 * len(NAMES)
