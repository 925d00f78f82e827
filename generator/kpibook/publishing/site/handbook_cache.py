"""Pages of the handbook's site that are there already: who was made from just the same is not rendered again.

MkDocs still hears of every page, for the navigation and to know where links lead; but of a page that is kept it takes
the HTML from the live site, which has to be as it was left.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from kpibook.base.last_run import settings_of
from kpibook.base.output import PRIVATE, make_folder, new_file
from kpibook.publishing.page_cache import look
from kpibook.publishing.site.search import PageFacts, SearchPage, SearchSection
from kpibook.publishing.site.settings import Settings, has_packaged_rules
from kpibook.publishing.stamps import FOLDER, digest_of, run_digest

FORMAT = 1
TEMPLATE = "kept.html"
"""The theme's template that is nothing but the content of its page."""
_FENCE = b"---\n"


class MadeHandbookPage(NamedTuple):
    """A page of the live site, and what other pages and the search have to know of it."""

    key: str
    """A hash over its Markdown."""
    look: str
    title: str
    anchors: tuple[str, ...]
    leads_to: Mapping[str, Mapping[str, str]]
    """By the Markdown file of a page: its anchors that this page links to, each with the link as it is written."""
    searched: SearchPage | None
    """None where no search finds it."""


@dataclass(frozen=True, slots=True)
class HandbookCache:
    """The pages of a live site that were made by earlier runs."""

    live: Path | None = None
    file: Path = Path()
    """Where it is written down what they were made from."""
    frame: str = ""
    """A hash over what decides all pages alike; empty where that cannot be told, and nothing is kept."""
    pages: Mapping[str, MadeHandbookPage] = field(default_factory=dict)
    """By the Markdown file."""
    told: str = ""
    """What every page says of itself in the place of its first line."""

    @classmethod
    def read(cls, markdown: Path, live: Path, frame: str) -> "HandbookCache":
        """What is known of the pages of a live site; of none where another frame decides, or nothing can be read."""
        file = markdown.parent / FOLDER / f"{markdown.name}.site.json"
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            kept = json.loads(file.read_bytes())
            data = json.loads(kept["made"]) if kept["sum"] == digest_of(kept["made"]) else {}
            if frame and data["frame"] == frame:
                pages = {name: _page(values) for name, values in data["pages"].items()}
                return cls(live, file, frame, pages, data["told"])
        return cls(live, file, frame)

    def holding(self, page: Page) -> tuple[MadeHandbookPage, str] | None:
        """What is known of a page, and its HTML, if it was made from this very Markdown and is as it was left."""
        made = self.pages.get(page.file.src_uri)
        if made is None or self.live is None:
            return None
        file = self.live / page.file.dest_uri
        if made.look != look(str(file)) or made.key != _key(page):
            return None
        return made, file.read_text(encoding="utf-8")

    def keep(self, site: Path, pages: Iterable[tuple[Page, SearchPage | None]], told: str) -> None:
        """Write down what pages were made from. That it cannot be written is no fault: the next run makes all anew."""
        if not self.frame:
            return
        made = {page.file.src_uri: _made(page, searched, site) for page, searched in pages}
        text = json.dumps({"frame": self.frame, "told": told, "pages": made})
        # The search says what stands here: a sign that a disk spoilt would be told for as long as the page is kept.
        data = {"sum": digest_of(text), "made": text}
        with suppress(OSError):
            make_folder(self.file.parent, PRIVATE)
            fresh = self.file.with_name(f"{self.file.name}.new")
            fresh.unlink(missing_ok=True)
            with new_file(fresh, PRIVATE.file) as stream:
                stream.write(json.dumps(data).encode("ascii"))
            fresh.replace(self.file)


class KeptPage(Page):
    """A page as MkDocs knows it, which is rendered already: all that is known of it is the page's own."""

    def __init__(self, page: Page, made: MadeHandbookPage, text: str) -> None:
        self.__dict__ = page.__dict__
        self._made, self._text = made, text

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Take over what rendering would find."""
        made = self._made
        self.title = made.title
        self.content = self._text
        self.meta["template"] = TEMPLATE
        self.present_anchor_ids = set(made.anchors)
        led_to = ((files.get_file_from_path(name), links) for name, links in made.leads_to.items())
        self.links_to_anchors = {file: dict(links) for file, links in led_to if file}


def frame_of(markdown: Path, settings: Settings, config: Path | None, told: Mapping[str, object]) -> str:
    """A hash over all that decides every page alike; empty where other files decide, too, as the settings may say.

    That is the program, what MkDocs is `told`, which files there are, and what each page says of itself at its head:
    the navigation shows that on others.
    """
    if not has_packaged_rules(settings):
        return ""
    try:
        own = settings_of(config) if config else b""
        heads = [part for path in sorted(markdown.rglob("*")) if path.is_file() for part in _head(path, markdown)]
    except OSError:
        return ""
    # How Markdown is read is a part of the program, and names functions by where they lie in memory.
    known = {name: value for name, value in told.items() if name not in ("docs_dir", "site_dir", "markdown_extensions")}
    return digest_of(str(FORMAT), run_digest(), own, repr(_plain(known)), *heads)


def _plain(value: object) -> object:
    """Settings with their sets in an order that is the same in every run."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _head(path: Path, markdown: Path) -> Iterator[str | bytes]:
    yield path.relative_to(markdown).as_posix()
    if path.suffix == ".md":
        text = path.read_bytes()
        # A page without a head may show anything on others: all of it counts.
        yield text[: text.find(b"\n" + _FENCE, len(_FENCE) - 1)] if text.startswith(_FENCE) else text


def _key(page: Page) -> str:
    return digest_of(Path(str(page.file.abs_src_path)).read_bytes())


def _made(page: Page, searched: SearchPage | None, site: Path) -> MadeHandbookPage:
    links = {file.src_uri: dict(found) for file, found in (page.links_to_anchors or {}).items()}
    anchors = tuple(sorted(page.present_anchor_ids or ()))
    return MadeHandbookPage(_key(page), look(str(site / page.file.dest_uri)), str(page.title), anchors, links, searched)


def _page(values: Sequence[Any]) -> MadeHandbookPage:
    key, seen, title, anchors, leads_to, searched = values
    return MadeHandbookPage(key, seen, title, tuple(anchors), leads_to, _searched(searched) if searched else None)


def _searched(values: Sequence[Any]) -> SearchPage:
    title, url, path, sections, (kind, about, aliases) = values
    parts = tuple(SearchSection(*section) for section in sections)
    return SearchPage(title, url, tuple(path), parts, PageFacts(kind, about, tuple(aliases)))
