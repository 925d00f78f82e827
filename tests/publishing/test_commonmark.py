"""Pages that the program wrote become the same by the quick parser as by that of MkDocs."""

from collections.abc import Sequence
from html import unescape
from html.parser import HTMLParser

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files, get_files
from mkdocs.structure.pages import Page

from handbook_made import pages_of, shop
from kpibook.base.output import write_tree
from kpibook.base.words import words
from kpibook.model import Catalog
from kpibook.publishing.site.commonmark import GeneratedPage, with_scopes
from kpibook.publishing.site.settings import Site, mkdocs_config, read_settings

__all__ = ["shop"]


class _Told(HTMLParser):
    """What HTML says, whatever its line breaks and the order of its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.said: list[object] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        # An attribute that is there or is not has its own name as its value, or none.
        values = {name: "" if value in (name, None) else str(value).rstrip(";") for name, value in attrs}
        self.said.append((tag, {name: " ".join(value.split()) for name, value in values.items()}))

    def handle_endtag(self, tag: str) -> None:
        self.said.append(f"/{tag}")

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        self.said += data.split()


@pytest.fixture(scope="module")
def config(shop: Catalog, tmp_path_factory: pytest.TempPathFactory) -> MkDocsConfig:
    folder = tmp_path_factory.mktemp("shop")
    by_hand = '---\ntitle: "x"\nsource: "handbook/by-hand.md"\n---\n\n# x\n\n!!! note\n    text\n'
    write_tree({**pages_of(shop), "by-hand.md": by_hand}.items(), folder / "docs")
    site = Site(folder / "docs", folder / "site", (), words("zh"), "", is_searched=True, settings=read_settings(None))
    return mkdocs_config(site)


def read(page: Page, config: MkDocsConfig, files: Files) -> Page:
    page.read_source(config)
    page.render(config, files)
    return page


def outline(page: Page) -> list[object]:
    return [
        (unescape(each.title), each.id, each.level, [(unescape(below.title), below.id) for below in each.children])
        for each in page.toc
    ]


def leads_to(page: Page) -> dict[str, set[str]]:
    """By file the anchors that a page leads to, but for its own headings: one parser alone counts those."""
    found = {file.src_uri: set(anchors) for file, anchors in (page.links_to_anchors or {}).items()}
    own = found.pop(page.file.src_uri, set()) - (page.present_anchor_ids or set())
    return {**found, **({page.file.src_uri: own} if own else {})}


def test_both_parsers_make_the_same_of_each_kind_of_page(config: MkDocsConfig) -> None:
    files, kinds, is_quick = get_files(config), set(), False
    for file in files.documentation_pages():
        page, other = read(GeneratedPage(Page(None, file, config)), config, files), Page(None, file, config)
        read(other, config, files)
        if file.src_uri == "by-hand.md":
            continue

        assert _Told(str(page.content)).said == _Told(with_scopes(str(other.content))).said, page.file.src_uri
        assert outline(page) == outline(other)
        assert page.present_anchor_ids == other.present_anchor_ids
        assert leads_to(page) == leads_to(other)
        kinds.add(page.meta.get("kind"))
        is_quick |= page.content != with_scopes(str(other.content))

    assert is_quick
    assert kinds >= {"role", "indicator", "department", "guide", "other"}


def test_a_page_written_by_hand_is_read_as_the_settings_say(config: MkDocsConfig) -> None:
    files = get_files(config)
    [file] = (file for file in files.documentation_pages() if file.src_uri == "by-hand.md")

    page = read(GeneratedPage(Page(None, file, config)), config, files)

    assert '<div class="admonition note">' in str(page.content)
