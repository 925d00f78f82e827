"""What is shown ahead while somebody edits is what comes out in the end, for every page that may be open."""

from collections.abc import Collection, Mapping
from contextlib import chdir
from pathlib import Path
from typing import NamedTuple

import pytest

from companies import change
from followed import Followed, lived_in
from kpibook.content import read
from kpibook.pipeline import build
from kpibook.publishing.site import SiteError

HANDBOOK, CARDS = Path("site"), Path("site-cards")


class Everywhere:
    """Somebody who has every page of both sites open."""

    def __init__(self) -> None:
        self.shown: dict[Path, str] = {}
        self.before: dict[Path, str] = {}

    def looked_at(self, site: Path) -> Collection[str]:
        pages = {path.relative_to(site).as_posix(): path for path in site.rglob("*.html")}
        self.before |= {site / page: path.read_text(encoding="utf-8") for page, path in pages.items()}
        return pages.keys()

    def show(self, site: Path, pages: Mapping[str, str]) -> None:
        self.shown |= {site / page: text for page, text in pages.items()}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = lived_in(tmp_path_factory.mktemp("company") / "company")
    assert Followed(root).build()
    return root


class Edit(NamedTuple):
    """A change of a file, and a page that is another then."""

    file: str
    old: str
    new: str
    page: Path


EDITS = {
    "a target": Edit("handbook/roles/barista.yml", "target: 20000", "target: 21000", HANDBOOK / "roles/barista.html"),
    "a name": Edit(
        "handbook/roles/barista.yml", "name: 茶艺师\n", "name: 新茶艺师\n", HANDBOOK / "indicators/sales_volume.html"
    ),
    "a page": Edit("handbook/pages/policy.md", "# ", "# 新", HANDBOOK / "policy.html"),
    "a number": Edit("scorecards/2026-10/actuals/support.csv", "14000", "15000", CARDS / "2026-10/index.html"),
}


@pytest.mark.parametrize("name", EDITS)
def test_each_page_that_is_shown_ahead_is_as_it_comes_out(company: Path, name: str) -> None:
    everywhere, edit = Everywhere(), EDITS[name]
    with chdir(company):
        change(Path(edit.file), edit.old, edit.new)
        content = read(Path("handbook"), Path("scorecards"))
        build(content, Path(), set(content.cycles), audience=everywhere)

        assert {page: page.read_text(encoding="utf-8") for page in everywhere.shown} == everywhere.shown
    assert everywhere.shown[edit.page] != everywhere.before[edit.page]
    assert name != "a number" or any(page.match("2026-10/p/*.html") for page in everywhere.shown)


def test_a_page_with_a_broken_link_is_not_shown_ahead(company: Path) -> None:
    everywhere = Everywhere()
    with chdir(company):
        page = Path("handbook/pages/policy.md")
        before = page.read_text(encoding="utf-8")
        page.write_text(f"{before}\n[nowhere](#nowhere)\n", encoding="utf-8")
        content = read(Path("handbook"), Path("scorecards"))
        with pytest.raises(SiteError):
            build(content, Path(), set(content.cycles), audience=everywhere)
        page.write_text(before, encoding="utf-8")

    assert [page for page in everywhere.shown if page.is_relative_to(HANDBOOK)] == []
