"""Single pages of the handbook's site, set as they are going to be while nobody has made all others yet."""

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from kpibook.model import Company
from kpibook.publishing.site.building import run_mkdocs
from kpibook.publishing.site.handbook import CHARSET, HandbookPages, SitePlugin, told_site
from kpibook.publishing.site.handbook_cache import HandbookCache
from kpibook.publishing.site.settings import SiteError, as_text, has_packaged_rules, mkdocs_config

_FIRST_LINE = re.compile(re.escape(CHARSET) + r'\n<meta http-equiv="Content-Security-Policy"[^>]*>')


def pages_ahead(
    source: HandbookPages, texts: Mapping[str, str], *, company: Company, config: Path | None = None
) -> Mapping[str, str]:
    """The HTML of some pages of the handbook by their paths in the site.

    Args:
        source: all pages as they were, with the navigation as it is to be, and the live site.
        texts: the new Markdown of some of them, by their files.
        company: as for `build_handbook_site`.
        config: as for `build_handbook_site`.

    Returns:
        The pages; none where they would be complained of, which is told when all are made.
    """
    with TemporaryDirectory(prefix="kpibook-") as scratch, suppress(SiteError):
        told = told_site(source, Path(scratch), company=company, config=config)
        plugin = _Some(texts, is_packaged=has_packaged_rules(dict(told.settings)))
        mkdocs = mkdocs_config(told)
        mkdocs.plugins["kpibook"] = plugin
        run_mkdocs(mkdocs)
        if not plugin.problems and source.live:
            return {path: _protected(text, source.live / path) for path, text in plugin.made.items()}
    return {}


def _protected(text: str, live: Path) -> str:
    """The page with what its live version says of itself in the place of its first line."""
    found = _FIRST_LINE.search(live.read_text(encoding="utf-8")) if live.is_file() else None
    return text.replace(CHARSET, found[0], 1) if found else text


class _Some(SitePlugin):  # type: ignore[no-untyped-call]
    """Lets MkDocs see all files, and make pages of some of them."""

    def __init__(self, texts: Mapping[str, str], *, is_packaged: bool) -> None:
        super().__init__(HandbookCache(), is_packaged=is_packaged)
        self.made: dict[str, str] = {}
        self._texts = texts

    def on_files(self, files: Files, /, *, config: MkDocsConfig) -> Files:
        """The new texts in the place of those on the disk."""
        for name, text in self._texts.items():
            if file := files.get_file_from_path(name):
                file.content_string = text
        self._config, self._files = config, files
        return files

    def on_nav(self, nav: Navigation, /, **_: object) -> None:
        """The navigation is that of all pages: of those that name themselves the title is read."""
        super().on_nav(nav)
        for page in nav.pages:
            if page.title is None:
                page.read_source(self._config)
                page.title = as_text(str(page.title))
        for file in self._files:
            if file.src_uri not in self._texts:
                # Links may lead to it, and nobody makes it.
                file.inclusion = InclusionLevel.EXCLUDED

    def on_post_page(self, output: str, /, *, page: Page, **_: object) -> str:
        """Gather the page."""
        made = super().on_post_page(output, page=page)
        self.made[page.file.dest_uri] = made
        return made
