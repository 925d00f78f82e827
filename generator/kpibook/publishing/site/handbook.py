"""The handbook's site: MkDocs and Material over `build/handbook`, and a search over what they made."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from kpibook.base.problems import Place, Problem
from kpibook.base.words import words
from kpibook.model import Company
from kpibook.pages.sanitizing import not_allowed, without_forbidden
from kpibook.publishing.site.building import run_mkdocs
from kpibook.publishing.site.commonmark import GeneratedPage, is_by_hand, with_scopes
from kpibook.publishing.site.handbook_cache import HandbookCache, KeptPage, MadeHandbookPage, frame_of
from kpibook.publishing.site.nav_entries import use_cached_entries
from kpibook.publishing.site.panels import with_panels
from kpibook.publishing.site.search import SEARCH_INDEX, PageFacts, SearchPage, search_index, search_page
from kpibook.publishing.site.settings import (
    Nav,
    Site,
    SiteError,
    Switch,
    as_files,
    as_text,
    has_packaged_rules,
    mkdocs_config,
    read_settings,
    told_settings,
)
from kpibook.publishing.site.styles import names_in_pages, trimmed, without_unread, words_in_scripts
from kpibook.publishing.site.viewers import content_policy

_OUTSIDE = re.compile(
    r"""<(?:img|script|iframe|source|video|audio|embed|object|link|input)\b[^>]*?\s(?:src|href|data|srcset)\s*=\s*["']?\s*((?:https?:)?//[^"'\s>]+)""",
    re.IGNORECASE,
)
_PREFORMATTED = re.compile(r"(<(?:pre|textarea)\b.*?</(?:pre|textarea)>)", re.DOTALL)
READ_THROUGH = ("policy", "guide")
"""Kinds of pages that are read one after the other: the list of them stands beside."""
CHARSET = '<meta charset="utf-8">'
_UNUSED = "assets/javascripts"
"""Material's own scripts; `theme.js` and `search.js` stand in for them at a tenth of the size."""


class HandbookPages(NamedTuple):
    """What the handbook's site is made from."""

    markdown: Path
    """The folder of the pages, each beginning with front matter; `build/handbook`."""
    nav: Nav
    """The navigation as MkDocs has it; titles are plain text."""
    live: Path | None = None
    """The site that an earlier run made: what would come out as it is there is taken from it."""


def build_handbook_site(source: HandbookPages, site: Path, *, company: Company, config: Path | None = None) -> int:
    """Make the handbook's site in the folder `site` from its Markdown pages.

    Args:
        source: the pages, and what the live site has of them already.
        site: an empty folder, such as one of `output.replacing`.
        company: its name and language are the site's, unless `mkdocs.yml` gives another name.
        config: the company's `mkdocs.yml`; the packaged settings hold where it says nothing or does not exist.

    Returns:
        How many pages the search knows.

    Raises:
        SiteError: broken links or headings, resources from elsewhere, refused settings; with all of them as problems.
    """
    told = told_site(source, site, company=company, config=config)
    markdown, settings, live = source.markdown, dict(told.settings), source.live
    plain = as_files(settings, name=told.name, language=company.language, docs_dir=markdown.name, nav=source.nav)
    markdown.with_suffix(".yml").write_text(plain, encoding="utf-8")
    # Both before MkDocs reads the settings: it empties some of them.
    is_packaged, kept = has_packaged_rules(settings), HandbookCache()
    if live:
        kept = HandbookCache.read(markdown, live, frame_of(markdown, settings, config, told_settings(told)))
    mkdocs = mkdocs_config(told)
    pages = SitePlugin(kept, is_packaged=is_packaged)
    mkdocs.plugins["kpibook"] = pages
    run_mkdocs(mkdocs)
    if pages.problems:
        raise SiteError(pages.problems)
    tidy(site)
    first_lines = protect(site)
    found = [searched for _, searched in pages.seen if searched]
    (site / SEARCH_INDEX).write_text(search_index(found), encoding="utf-8")
    kept.keep(site, pages.seen, first_lines)
    return len(found)


def told_site(source: HandbookPages, folder: Path, *, company: Company, config: Path | None) -> Site:
    """What MkDocs is told of the handbook's site, to be made in a folder.

    Raises:
        SiteError: refused settings.
    """
    markdown, nav, _ = source
    say, settings = words(company.language), read_settings(config)
    name, switches = say("site.handbook_name", company=company.name), tuple(_switches(markdown, company))
    return Site(markdown, folder, nav, say, name, is_searched=True, settings=settings, config=config, switches=switches)


def _switches(markdown: Path, company: Company) -> Iterator[Switch]:
    """The way to the same page in each other language: that of the company is the whole site, others lie inside it."""
    is_main = not markdown.name.endswith(f"-{company.language}")
    for language in company.other_languages:
        folder = markdown.with_name(f"{markdown.name}-{language}" if is_main else markdown.name.rpartition("-")[0])
        pages = frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*.md"))
        prefix = f"{language}/" if is_main else "../"
        yield Switch(words(language)("site.own_name"), language, prefix, pages)


class SitePlugin(BasePlugin):  # type: ignore[type-arg, no-untyped-call]
    """Sees each page as MkDocs makes it: keeps titles text, and gathers what the search needs."""

    def __init__(self, kept: HandbookCache, *, is_packaged: bool) -> None:
        self.seen: list[tuple[Page, SearchPage | None]] = []
        """Every page, and what the search has to know of it, if it is to find it."""
        self.problems: list[Problem] = []
        self._kept = kept
        self._is_packaged = is_packaged
        self._taken: dict[str, MadeHandbookPage] = {}

    def on_nav(self, nav: Navigation, /, **_: object) -> None:
        """Themes print titles as they are, so they are made text here."""
        for item in _sections(nav.items):
            item.title = as_text(str(item.title))

    def on_env(self, env: Environment, /, **_: object) -> None:
        """Entries of the navigation are set once."""
        use_cached_entries(env)

    def on_pre_page(self, page: Page, /, **_: object) -> Page:
        """A page that is there as it would come out is not rendered again; any other in the quickest way it allows."""
        found = self._kept.holding(page)
        if found is None:
            return GeneratedPage(page) if self._is_packaged else page
        made, text = found
        self._taken[page.file.src_uri] = made
        return KeptPage(page, made, text.replace(self._kept.told, CHARSET, 1))

    def on_page_content(self, content: str, /, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """The same for the titles of pages; and the headings of tables say that they stand above columns."""
        if page.file.src_uri in self._taken:
            return content
        page.title = as_text(str(page.title))
        for key in ("title", "description"):
            if key in page.meta:
                page.meta[key] = as_text(str(page.meta[key]))
        for target in _OUTSIDE.findall(content):
            place = Place(f"build/{Path(config.docs_dir).name}/{page.file.src_uri}")
            self.problems.append(Problem("outside-resource", place, {"target": target}, is_public=True))
        if is_by_hand(page):
            self.problems += _not_allowed(content, str(page.meta["source"]))
            content = without_forbidden(content)
        return with_panels(with_scopes(content))

    def on_page_context(self, context: TemplateContext, /, *, page: Page, **_: object) -> None:
        """What the search knows of a page: where it stands in the navigation, and its text."""
        if made := self._taken.get(page.file.src_uri):
            self.seen.append((page, made.searched))
            return
        if page.meta.get("kind") not in READ_THROUGH:
            _hide(page, "navigation")
        _hide(page, "toc")
        search = page.meta.get("search")
        path = tuple(html.unescape(str(section.title)) for section in reversed(list(page.ancestors)))
        is_found = not (isinstance(search, dict) and search.get("exclude"))
        self.seen.append((page, _searched(page, path) if is_found else None))

    def on_post_page(self, output: str, /, *, page: Page, **_: object) -> str:
        """Without the templates' indentation, a quarter of a page."""
        return output if page.file.src_uri in self._taken else without_indentation(output)


def _not_allowed(content: str, source: str) -> Iterator[Problem]:
    """What a page written by hand holds beyond what is allowed: settings of MkDocs may make more than `check` sees."""
    for tag in not_allowed(content):
        yield Problem("prose-not-allowed", Place(source), {"tag": tag[:60]}, is_public=True)


def _searched(page: Page, path: tuple[str, ...]) -> SearchPage:
    facts = PageFacts(
        kind=str(page.meta.get("kind", "other")),
        about=html.unescape(str(page.meta.get("about", ""))),
        aliases=tuple(map(str, page.meta.get("aliases", ()))),
    )
    title = html.unescape(str(page.title))
    return search_page(title, page.url, path=path, content=str(page.content), facts=facts)


def without_indentation(page: str) -> str:
    """The HTML with every break and what stands around it as one line break, but for preformatted text."""
    parts = _PREFORMATTED.split(page)
    return "".join(part if number % 2 else _in_lines(part) for number, part in enumerate(parts))


def _in_lines(text: str) -> str:
    """Each line without the blanks around it, and none that is empty but for the first and the last."""
    first, *others = text.split("\n")
    if not others:
        return text
    *middle, last = others
    return "\n".join([first.rstrip(), *filter(None, map(str.strip, middle)), last.lstrip()])


def _hide(page: Page, part: str) -> None:
    """The page without one of the sidebars; what it hides already stays hidden."""
    page.meta["hide"] = [*_as_list(page.meta.get("hide", [])), part]


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _sections(items: list[object]) -> list[Section]:
    sections = [item for item in items if isinstance(item, Section)]
    return [*sections, *(below for section in sections for below in _sections(list(section.children)))]


def protect(site: Path) -> str:
    """Let every page say itself what it may load and run, whatever serves it; what stands for its first line then."""
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    # A page cannot say of itself who may frame it; browsers complain where it tries.
    policy = content_policy(pages.values()).partition("; frame-ancestors")[0]
    told = f'{CHARSET}\n<meta http-equiv="Content-Security-Policy" content="{policy}">'
    for path, text in pages.items():
        path.write_text(text.replace(CHARSET, told, 1), encoding="utf-8", newline="\n")
    return told


def tidy(site: Path) -> None:
    """Remove what no page uses: Material's scripts, its map of the site, and the rules of style that nothing meets."""
    for file in sorted((site / _UNUSED).rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    (site / _UNUSED).rmdir()
    for file in (site / "sitemap.xml", *(site / "assets").rglob("*.map")):
        file.unlink(missing_ok=True)
    pages = [path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))]
    scripts = [path.read_text(encoding="utf-8") for path in sorted((site / "assets").glob("*.js"))]
    used = names_in_pages(pages) | words_in_scripts(scripts)
    sheets = {path: path.read_text(encoding="utf-8") for path in sorted((site / "assets").rglob("*.css"))}
    theirs = {path: trimmed(text, used) for path, text in sheets.items() if path.parent.name == "stylesheets"}
    for path, text in theirs.items():
        others = (other for name, other in {**sheets, **theirs}.items() if name != path)
        path.write_text(without_unread(text, *others), encoding="utf-8")
