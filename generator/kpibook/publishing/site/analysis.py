"""The pages of analysis in the cards' site, as web pages of the same look."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from kpibook.base.output import PRIVATE, TreeChanges, write_tree
from kpibook.base.problems import in_order
from kpibook.base.words import words
from kpibook.model import Company
from kpibook.publishing.analysis_cache import FOLDER
from kpibook.publishing.site.cards import start_nav
from kpibook.publishing.site.settings import SiteError, read_settings
from kpibook.publishing.site.shells import PageLinks, PageShells, render_shells


def build_analysis_site(markdown: Path, cards: Path, *, company: Company, config: Path | None = None) -> TreeChanges:
    """Make `analysis/` in the finished cards' site from the Markdown pages in the folder `markdown`.

    Raises:
        SiteError: links that lead nowhere; with all of them as problems.
        OutputError: the disk refuses.
    """
    say = words(company.language)
    pages = sorted(path.name for path in markdown.glob("*.md"))
    settings = {**read_settings(config), "site_name": say("site.cards_name", company=company.name)}
    start = start_nav(markdown.parent / "cards", ["index.md"])
    with tempfile.TemporaryDirectory(prefix="kpibook-") as scratch:
        shells = render_shells(Path(scratch), [f"{FOLDER}/{page}" for page in pages], start, settings, say)
    links = PageLinks(_Known(cards, pages))
    made = tuple(_files(markdown, pages, shells, links))
    if links.broken:
        raise SiteError(in_order(links.broken))
    return write_tree(made, cards / FOLDER, PRIVATE)


def _files(markdown: Path, pages: Iterable[str], shells: PageShells, links: PageLinks) -> Iterator[tuple[str, str]]:
    for page in pages:
        text = (markdown / page).read_text(encoding="utf-8")
        yield page.removesuffix(".md") + ".html", shells.fill(f"{FOLDER}/{page}", text, links)


class _Known:
    """The pages that there are: those of the cards' site, and those that are being made."""

    def __init__(self, cards: Path, pages: Iterable[str]) -> None:
        self._cards = cards
        self._made = {f"{FOLDER}/{page}" for page in pages}

    def __contains__(self, page: object) -> bool:
        return page in self._made or (self._cards / f"{str(page).removesuffix('.md')}.html").is_file()
