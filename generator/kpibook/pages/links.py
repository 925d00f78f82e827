"""Links of pages written by hand lead to a page that there is, and to a heading of it as far as that is known."""

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from markdown import Markdown
from markdown.extensions.toc import slugify_unicode

from kpibook.base.problems import Place, Problem, nearest
from kpibook.model import Catalog
from kpibook.pages import paths
from kpibook.pages.prose import FOLDER, local_links, split_front_matter

ASSETS = "assets/"
"""Files of the theme and of the company, which no catalog knows."""
FIXED = (
    *(paths.HOME, paths.ROLES, paths.INDICATORS, paths.MEASURES, paths.DEPARTMENTS, paths.ORGANISATION, paths.GRADES),
    *(paths.CHANGES, paths.CALENDAR, paths.GUIDE, paths.GUIDE_FILES, paths.GUIDE_RULES, paths.GUIDE_SCORES),
    *(paths.GUIDE_FORM, paths.GUIDE_SERVING, paths.GUIDE_LINT, paths.GUIDE_TABLES),
)
_KINDS = (
    ("role", paths.role_page("")[: -len(".md")]),
    ("role", paths.sheet_page("")[: -len(".md")]),
    ("indicator", paths.indicator_page("")[: -len(".md")]),
    ("department", paths.department_page("")[: -len(".md")]),
)
_LINT = paths.lint_page("")[: -len(".md")]
_ID = re.compile(r'\bid="([^"]*)"')
_EXTENSIONS = ("admonition", "attr_list", "def_list", "fenced_code", "footnotes", "tables", "toc")


def check_links(prose: Mapping[str, str], catalog: Catalog) -> tuple[Problem, ...]:
    """Links to other pages, and to headings of pages written by hand, that lead nowhere."""
    pages = {*FIXED, *prose, *_made(catalog)}
    return tuple(
        problem for path, text in prose.items() for problem in _of_page(path, text, _Known(prose, pages, catalog))
    )


class _Known:
    """What links may lead to."""

    def __init__(self, prose: Mapping[str, str], pages: Collection[str], catalog: Catalog) -> None:
        self.prose = prose
        self.pages = pages
        self.catalog = catalog

    def has_page(self, page: str) -> bool:
        """Whether a page is there; that of an entry with a fault of its own is told as that fault."""
        if page in self.pages or page.startswith((ASSETS, _LINT)):
            return True
        return any(page.startswith(folder) and self._is_faulty(kind, page[len(folder) : -3]) for kind, folder in _KINDS)

    def has_anchor(self, page: str, anchor: str) -> bool:
        """Whether a page has a heading; what is in generated pages is not known."""
        return page not in self.prose or anchor in anchors(self.prose[page])

    def _is_faulty(self, kind: str, identifier: str) -> bool:
        return bool({(kind, identifier), (kind, "")} & set(self.catalog.faulty))


@lru_cache(256)
def anchors(text: str) -> frozenset[str]:
    """The ids of everything on a page that has one."""
    _, body = split_front_matter(text)
    made = Markdown(extensions=list(_EXTENSIONS), extension_configs={"toc": {"slugify": slugify_unicode}})
    return frozenset(_ID.findall(made.convert(body)))


def _made(catalog: Catalog) -> Iterator[str]:
    for identifier in catalog.roles:
        yield paths.role_page(identifier)
        yield paths.sheet_page(identifier)
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
