"""Former addresses of renamed entries: each leads to the page under today's id."""

import html
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from kpibook.model import Catalog, Department, Indicator, Role
from kpibook.pages import paths

PAGE = (
    '<!doctype html><html><head><meta charset="utf-8"><meta name="robots" content="noindex">'
    '<meta http-equiv="refresh" content="0; url={to}"><link rel="canonical" href="{to}"><title>{name}</title></head>'
    '<body><p><a href="{to}">{name}</a></p></body></html>\n'
)


def write_redirects(site: Path, catalog: Catalog) -> None:
    """Write a page for each former id of a role, a department or an indicator; a page that is there stays."""
    for old, new, name in redirects(catalog):
        file = site / old
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            to = html.escape(PurePosixPath(new).name, quote=True)
            file.write_text(PAGE.format(to=to, name=html.escape(name)), encoding="utf-8")


def redirects(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    """Old address, new address and name, below the site."""
    kinds = (
        (catalog.roles, paths.role_page),
        (catalog.departments, paths.department_page),
        (catalog.indicators, paths.indicator_page),
    )
    for entries, page in kinds:
        named: Iterable[Role | Department | Indicator] = entries.values()
        for entry in named:
            for former in entry.was:
                yield _html(page(former)), _html(page(entry.id)), entry.name


def _html(page: str) -> str:
    return page.removesuffix(".md") + ".html"
