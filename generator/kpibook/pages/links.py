"""Links of pages written by hand lead to a page that there is, and to a heading of it as far as that is known."""

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property, lru_cache
from urllib.parse import unquote, urlsplit

from markdown import Markdown
from markdown.extensions.toc import slugify_unicode

from kpibook.base.problems import Place, Problem, nearest
from kpibook.base.words import words
from kpibook.model import Catalog
from kpibook.pages import paths
from kpibook.pages.lookup import Lookup
from kpibook.pages.prose import FOLDER, local_links, split_front_matter

ASSETS = "assets/"
"""Files of the theme and of the company, which no catalog knows."""
FIXED = (
    *(paths.HOME, paths.ROLES, paths.INDICATORS, paths.MEASURES, paths.DEPARTMENTS, paths.ORGANISATION, paths.GRADES),
    *(paths.CHANGES, paths.CALENDAR, paths.GUIDE, paths.GUIDE_FILES, paths.GUIDE_RULES, paths.GUIDE_SCORES),
    *(
        paths.GUIDE_CYCLES,
        paths.GUIDE_AFTER,
        paths.GUIDE_FORM,
        paths.GUIDE_SERVING,
        paths.GUIDE_LINT,
        paths.GUIDE_TABLES,
    ),
)
_KINDS = (
    ("role", paths.role_page("")[: -len(".md")]),
    ("role", paths.sheet_page("")[: -len(".md")]),
    ("indicator", paths.indicator_page("")[: -len(".md")]),
    ("department", paths.department_page("")[: -len(".md")]),
)
_LINT = paths.lint_page("")[: -len(".md")]
_OF_CYCLES = (paths.HOME, paths.CHANGES, paths.CALENDAR)
"""Pages that cycles and their history have a part in."""
_MADE_ID = re.compile(r'(?:\{#|\bid=")([^"}\s]+)')
"""The ids in the Markdown of a generated page."""
_ID = re.compile(r'\bid="([^"]*)"')
_EXTENSIONS = ("admonition", "attr_list", "def_list", "fenced_code", "footnotes", "tables", "toc")


def check_links(prose: Mapping[str, str], catalog: Catalog, *, is_sound: bool = True) -> tuple[Problem, ...]:
    """Links to other pages, and to headings of pages, that lead nowhere.

    Of a catalog that is not sound no page can be made, so nobody knows what headings it will have.
    """
    known = _Known(prose, {*FIXED, *prose, *_catalog_pages(catalog)}, catalog, is_sound=is_sound)
    return tuple(problem for path, text in prose.items() for problem in _of_page(path, text, known))


class _Known:
    """What links may lead to."""

    def __init__(self, prose: Mapping[str, str], pages: Collection[str], catalog: Catalog, *, is_sound: bool) -> None:
        self.is_sound = is_sound
        self.prose = prose
        self.pages = pages
        self.catalog = catalog

    def has_page(self, page: str) -> bool:
        """Whether a page is there; that of an entry with a fault of its own is told as that fault."""
        if page in self.pages or page.startswith((ASSETS, _LINT)):
            return True
        return any(page.startswith(folder) and self._is_faulty(kind, page[len(folder) : -3]) for kind, folder in _KINDS)

    def has_anchor(self, page: str, anchor: str) -> bool:
        """Whether a page has a heading; of a page that depends on more than the catalog that is not known."""
        if page in self.prose:
            return anchor in anchors(self.prose[page])
        text = self._made.get(page) if self.is_sound else None
        return text is None or anchor in _MADE_ID.findall(text)

    @cached_property
    def _made(self) -> Mapping[str, str]:
        """The pages that follow from the catalog alone, made only where a link asks for a heading of one."""
        # Imported here: hardly any link does, and what makes pages takes as long to import as a check to run.
        from kpibook.pages.handbook.rendering import handbook_pages

        pages = handbook_pages(self.catalog, (), words(self.catalog.company.language), {})
        return {page: text for page, text in pages.items() if page not in _OF_CYCLES}

    def _is_faulty(self, kind: str, identifier: str) -> bool:
        return bool({(kind, identifier), (kind, "")} & set(self.catalog.faulty))


@lru_cache(256)
def anchors(text: str) -> frozenset[str]:
    """The ids of everything on a page that has one."""
    _, body = split_front_matter(text)
    made = Markdown(extensions=list(_EXTENSIONS), extension_configs={"toc": {"slugify": slugify_unicode}})
    return frozenset(_ID.findall(made.convert(body)))


def _catalog_pages(catalog: Catalog) -> Iterator[str]:
    lookup = Lookup(catalog)
    yield from map(paths.role_page, catalog.roles)
    yield from (paths.sheet_page(role.id) for role in catalog.roles.values() if lookup.has_sheet(role))
    if lookup.references:
        yield paths.LIBRARY
    yield from map(paths.indicator_page, catalog.indicators)
    yield from map(paths.department_page, catalog.departments)


def _of_page(path: str, text: str, known: _Known) -> Iterator[Problem]:
    file = f"{known.catalog.folder}/{FOLDER}/{path}"
    for line, column, target in local_links(text):
        try:
            parts = urlsplit(target)
        except ValueError:
            parts = urlsplit("//")
        page = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path))) if parts.path else path
        if parts.scheme in ("mailto", "tel"):
            continue
        values = {"target": target[:80]}
        if parts.path.startswith("/") or not known.has_page(page):
            near = nearest(page, known.pages, 1)
            values["near"] = posixpath.relpath(near[0], posixpath.dirname(path) or ".") if near else "-"
            yield Problem("prose-broken-link", Place(file, line, column), values)
        elif parts.fragment and not known.has_anchor(page, unquote(parts.fragment)):
            yield Problem("prose-broken-anchor", Place(file, line, column), values)
