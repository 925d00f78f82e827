"""What the handbook's search knows: every page's title, place and text, in a file that the page loads when asked.

The whole text travels, so a search finds any part of any word as it stands there: no word list decides where a
Chinese word begins. The file is a script, so that it can be read from a folder too, without a server.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kpibook.pages.pinyin import syllables

SEARCH_INDEX = "assets/search-index.js"

_UNSEEN = re.compile(r"<(svg|style|script|template)\b.*?</\1>|<a class=\"headerlink\".*?</a>|<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"<h([2-4])\b[^>]*?\sid=\"([^\"]+)\"[^>]*>(.*?)</h\1>|<h1\b[^>]*>.*?</h1>", re.DOTALL)
_BLOCK = re.compile(
    r"</?(?:address|article|aside|blockquote|br|caption|dd|details|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header"
    r"|hr|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)\b[^>]*>",
    re.IGNORECASE,
)
_CELL_END = re.compile(r"</t[dh]>\s*(?=<t[dh]\b)")
_TAG = re.compile(r"<[^>]+>")
_SPACES = re.compile(r"\s+")


WAYS_ON = ("wishes", "onward")
"""Anchors of parts that name other pages: who searches for what stands there means those pages."""


class SearchSection(NamedTuple):
    """A headed part of a page; the part before the first heading has neither anchor nor heading."""

    anchor: str
    heading: str
    text: str


class PageFacts(NamedTuple):
    """What a page says of itself beside its text."""

    kind: str = "other"
    about: str = ""
    """What matters of it beside its title."""
    aliases: tuple[str, ...] = ()
    """What else it is called."""


NOTHING_SAID = PageFacts()


class SearchPage(NamedTuple):
    """A page as the search sees it."""

    title: str
    url: str
    path: tuple[str, ...]
    sections: tuple[SearchSection, ...]
    facts: PageFacts = NOTHING_SAID


def search_page(
    title: str, url: str, *, path: tuple[str, ...], content: str, facts: PageFacts = NOTHING_SAID
) -> SearchPage:
    """A page of the site from its HTML; `path` are the titles above it in the navigation."""
    return SearchPage(title, url, path, tuple(_sections(_UNSEEN.sub("", content))), facts)


def _sections(content: str) -> Iterator[SearchSection]:
    anchor, heading, start = "", "", 0
    for found in _HEADING.finditer(content):
        section = SearchSection(anchor, heading, plain_text(content[start : found.start()]))
        if (section.text or section.heading) and anchor not in WAYS_ON:
            yield section
        anchor, heading, start = html.unescape(found[2] or ""), plain_text(found[3] or ""), found.end()
    if anchor not in WAYS_ON:
        yield SearchSection(anchor, heading, plain_text(content[start:]))


def plain_text(content: str) -> str:
    """The text of HTML as one line; blocks and table cells are set apart, marks within a word are not."""
    return _SPACES.sub(" ", html.unescape(_TAG.sub("", _BLOCK.sub(" ", _CELL_END.sub(" · ", content))))).strip()


def search_index(pages: Iterable[SearchPage]) -> str:
    """The script that hands all pages to the search box."""
    rows = [
        [
            page.title,
            page.url,
            list(page.path),
            [list(section) for section in page.sections],
            [" ".join(syllables(name)) for name in (page.title, *page.facts.aliases)],
            page.facts.kind,
            page.facts.about,
            list(page.facts.aliases),
        ]
        for page in pages
    ]
    data = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("\u2028", " ").replace("\u2029", " ")
    return f"kpibookSearch({data});\n"
