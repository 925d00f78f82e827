"""Markdown that this program wrote, as HTML: CommonMark with tables, by a parser that takes a twentieth of the time."""

import html
import re
from typing import TYPE_CHECKING

import pyromark
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page, _RelativePathTreeprocessor
from mkdocs.structure.toc import get_toc

if TYPE_CHECKING:
    from mkdocs.structure.toc import _TocToken

_RENDER = pyromark.Markdown(
    options=pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_HEADING_ATTRIBUTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
)
_MARKDOWN_INSIDE = ' markdown="1"'
_LINK = re.compile(r'(<a\b[^>]*?\shref=")([^"]+)"')
_HEADING = re.compile(r'<h([1-6]) id="([^"]+)"[^>]*>(.*?)(?=</h\1>)', re.DOTALL)
_ID = re.compile(r'\sid="([^"]+)"')
_TAG = re.compile(r"<[^>]+>")


def page_html(body: str) -> str:
    """The HTML of a page's body; links still lead to Markdown."""
    return with_scopes(_RENDER.html(body)).replace(_MARKDOWN_INSIDE, "")


def with_scopes(content: str) -> str:
    """The HTML with headings of tables that say which cells they name; Markdown has headings of columns only."""
    return content.replace("<th>", '<th scope="col">').replace("<th style=", '<th scope="col" style=')


def is_by_hand(page: Page) -> bool:
    """Whether somebody wrote the page in Markdown.

    Pages that are made from the catalog name a file in YAML, and quote nothing that was not made text before.
    """
    return str(page.meta.get("source", "")).endswith(".md")


class GeneratedPage(Page):
    """A page as MkDocs knows it; if this program wrote its Markdown, it gets by the quick way what MkDocs would make.

    Pages written by hand may hold whatever the settings of MkDocs allow, and are for its own parser.
    """

    def __init__(self, page: Page) -> None:
        self.__dict__ = page.__dict__

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Make the page's HTML, with links to pages as they will stand and a way to each of its headings."""
        if "source" not in self.meta or is_by_hand(self):
            super().render(config, files)
            return
        links = _RelativePathTreeprocessor(self.file, files, config)

        def led_on(found: re.Match[str]) -> str:
            return f'{found[1]}{html.escape(links.path_to_url(html.unescape(found[2])))}"'

        content = _LINK.sub(led_on, page_html(self.markdown or ""))
        self.content = _HEADING.sub(_with_way, content)
        self.toc = get_toc(_contents(content))
        self.present_anchor_ids = {html.unescape(each) for each in _ID.findall(content)}
        self.links_to_anchors = links.links_to_anchors


def _with_way(found: re.Match[str]) -> str:
    """A heading with the way to it, as MkDocs' own parser adds it."""
    return f'{found[0]}<a class="headerlink" href="#{found[2]}" title="Permanent link">#</a>'


def _contents(content: str) -> "list[_TocToken]":
    """The headings of levels 2 and 3, those of level 3 below the one of level 2 before them."""
    top = list["_TocToken"]()
    for level, anchor, heading in _HEADING.findall(content):
        name = _TAG.sub("", heading).strip()
        if level == "2" or (level == "3" and not top):
            top.append({"level": int(level), "id": anchor, "name": name, "children": []})
        elif level == "3":
            top[-1]["children"].append({"level": 3, "id": anchor, "name": name, "children": []})
    return top
