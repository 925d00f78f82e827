"""The cards' site: MkDocs and Material render a few empty shells, and each card's Markdown is filled into one."""

import tempfile
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from kpibook.base.output import PRIVATE, Tree, TreeChanges, open_tree, paths_below
from kpibook.base.parallel import in_slices, jobs_for, ticks_for
from kpibook.base.problems import Problem, in_order
from kpibook.base.progress import SILENT, Stages, Ticks, stage
from kpibook.base.words import Words, words
from kpibook.model import Company
from kpibook.pages import paths
from kpibook.publishing.page_cache import CachedPage, PageCache, look
from kpibook.publishing.site.settings import (
    ASSETS,
    Nav,
    Settings,
    SiteError,
    as_files,
    read_settings,
)
from kpibook.publishing.site.shell_cache import Chrome, ShellCache, shells_key
from kpibook.publishing.site.shells import PageLinks, PageShells, read_card, render_shells
from kpibook.publishing.site.viewer_pages import publish_viewers
from kpibook.publishing.site.viewers import ViewerSite
from kpibook.publishing.stamps import digest_of, run_digest
from kpibook.scoring import without_garbage_collection

CHARTS = ASSETS / "charts"
"""What the pages of cycles and departments load to draw their tables."""
SHELLS = "shells.json"
"""Beside the file that says what the pages were made from."""


class LiveSite(NamedTuple):
    """The site that an earlier run made."""

    folder: Path
    kept: Path
    """The file that says what its pages were made from."""


@dataclass(frozen=True, slots=True)
class CardPages:
    """What the cards' site is made from."""

    markdown: Path
    """The folder of the pages, each beginning with front matter (`title`, `hide`); `build/cards`."""
    live: LiveSite | None = None
    """What is there already, and may be taken over."""
    jobs: int = 1
    """In how many processes pages are set, at most."""
    renderer: "Renderer | None" = None
    """Who sets them instead, if there are others."""
    stages: Stages = SILENT
    """Who is told how far it has come."""
    told_in: Sequence[Company] = ()
    """The company in the other languages that some pages are in."""
    roles: Sequence[str] = ()
    """The ids of the roles that have a page in the handbook."""


def build_card_site(
    source: CardPages,
    site: Path,
    *,
    company: Company,
    config: Path | None = None,
    viewers: ViewerSite | None = None,
) -> TreeChanges:
    """Make the cards' site in the folder `site` from its Markdown pages.

    The look is the handbook's. There is no search, no sitemap and no page that lists people beyond those that
    `pages` made; the navigation names the start page alone. Pages are read, rendered
    and written one at a time.

    Args:
        source: the pages, and what the live site has of them already.
        site: an empty folder, such as one of `output.replacing`.
        company: its name and language are the site's.
        config: the company's `mkdocs.yml`; the packaged settings hold where it says nothing or does not exist.
        viewers: a second site with a folder for each viewer, made of the same pages.

    Raises:
        SiteError: links that lead nowhere, or refused settings; with all of them as problems.
        OutputError: the disk refuses.
    """
    say, markdown = words(company.language), source.markdown
    pages = paths_below(markdown, ".md")
    settings, nav = _settings(company, config), start_nav(markdown, pages)
    plain = as_files(settings, name=company.name, language=company.language, docs_dir=markdown.name, nav=nav)
    markdown.with_suffix(".yml").write_text(plain, encoding="utf-8")
    chrome = _kept_chrome(source, pages, company, config)
    written = _publish(_Source(markdown, pages, chrome, source), site, source.live)
    if viewers:
        publish_viewers(viewers, site, chrome.shells, say)
    return written


def pages_ahead(
    source: CardPages, texts: Mapping[str, str], *, company: Company, config: Path | None = None
) -> Mapping[str, str]:
    """The web pages of some pages by their paths in the site, as they are going to be.

    `texts` are their new Markdown; links that lead nowhere are told when all pages are made.
    """
    pages = paths_below(source.markdown, ".md")
    shells, links = _kept_chrome(source, pages, company, config).shells, PageLinks(pages)
    return {_file(page): shells.fill(page, text, links) for page, text in texts.items()}


def _settings(company: Company, config: Path | None) -> Settings:
    name = words(company.language)("site.cards_name", company=company.name)
    return {**read_settings(config), "site_name": name}


def _kept_chrome(source: CardPages, pages: list[str], company: Company, config: Path | None) -> Chrome:
    """Everything of the site that no card decides: as an earlier run kept it, else as MkDocs makes it."""
    # Read for themselves: MkDocs empties some of them.
    settings, nav = _settings(company, config), start_nav(source.markdown, pages)
    names = [f"{each.language} {each.name}" for each in (company, *source.told_in)]
    key = shells_key(config, pages, repr(nav), *names)
    say = words(company.language)
    chrome = _taken_over(source.live, key, lambda: _chrome(source, pages, nav, settings, say))
    return chrome._replace(shells=_leading_to_roles(chrome.shells, settings, source.roles))


def _leading_to_roles(shells: PageShells, settings: Mapping[str, object], roles: Sequence[str]) -> PageShells:
    """Shells that know where the handbook has the pages of roles; `site_url` says where the handbook is."""
    address = str(settings.get("site_url") or "")
    if not address.startswith(("http://", "https://")):
        return shells
    ending = "/" if settings.get("use_directory_urls") else ".html"
    pages = {role: paths.role_page(role).removesuffix(".md") + ending for role in roles}

    def found(folder: str) -> Mapping[str, str]:
        return {role: f"{address.rstrip('/')}/{folder}{page}" for role, page in pages.items()}

    others = {language: replace(each, roles=found(f"{language}/")) for language, each in shells.others.items()}
    return replace(shells, others=others, roles=found(""))


def _taken_over(live: LiveSite | None, key: str, make: Callable[[], Chrome]) -> Chrome:
    """What an earlier run kept for this key; else it is made, and kept for the next one."""
    if live is None:
        return make()
    kept = ShellCache(live.kept.with_name(SHELLS), key)
    chrome = kept.read()
    if chrome is None:
        chrome = make()
        kept.keep(chrome)
    return chrome


def _chrome(source: CardPages, pages: list[str], nav: Nav, settings: Mapping[str, object], say: Words) -> Chrome:
    """What MkDocs makes of the settings, in all languages."""
    with tempfile.TemporaryDirectory(prefix="kpibook-") as scratch:
        made = Path(scratch)
        others = _other_shells(source, made, pages, settings)
        shells = replace(render_shells(made, pages, nav, settings, say), others=others)
        return Chrome(shells, dict(_assets(made / "site")))


def _other_shells(
    source: CardPages, folder: Path, pages: list[str], settings: Mapping[str, object]
) -> Mapping[str, PageShells]:
    """The shells in the other languages that some pages are in."""
    return {str(each.language): _shells_in(each, folder / each.language, pages, settings) for each in source.told_in}


def _shells_in(company: Company, folder: Path, pages: list[str], settings: Mapping[str, object]) -> PageShells:
    """The shells in another language of the company."""
    say = words(company.language)
    # MkDocs empties some of the settings that it reads.
    named = {**deepcopy(dict(settings)), "site_name": say("site.cards_name", company=company.name)}
    nav: Nav = [{say("cards.title.index"): "index.md"}] if "index.md" in pages else []
    return render_shells(folder, pages, nav, named, say)


@dataclass(frozen=True, slots=True)
class _Source:
    """What the site is made from."""

    markdown: Path
    pages: Sequence[str]
    """In order, so that those of a folder stand together."""
    chrome: Chrome
    asked: CardPages


class PagesSet(NamedTuple):
    """What became of some pages."""

    made: Mapping[str, CachedPage]
    """By the path of the file."""
    broken: Sequence[Problem]


def _publish(source: _Source, site: Path, live: LiveSite | None) -> TreeChanges:
    """Take over from the live site what was made from just the same, and set all other pages."""
    known = frozenset(source.pages)
    keys = {page: look(f"{source.markdown}/{page}") for page in source.pages}
    before = None
    if live:
        before = PageCache.read(live.kept, digest_of(run_digest(), source.chrome.shells.digest))
    kept, anew = dict[str, CachedPage](), list[str]()
    for page, key in keys.items():
        file = _file(page)
        if live and before and before.holds(live.folder, file, key) and known.issuperset(before.leads_to(file)):
            kept[file] = CachedPage(key, before.leads_to(file))
        else:
            anew.append(page)
    with open_tree(site, PRIVATE, is_staged=True) as tree:
        tree.write(source.chrome.assets.items())
        tree.write(_charts())
        if live:
            tree.link(kept, live.folder)
        done = _set(source, anew, keys, tree)
    if done.broken:
        raise SiteError(in_order(done.broken))
    if before:
        before.keep(site, {**kept, **done.made})
    return tree.changes


def _set(source: _Source, pages: Sequence[str], keys: Mapping[str, str], tree: Tree) -> PagesSet:
    """Set pages and write them, in several processes where there are many, or by others."""
    setter = PageSetter(source.markdown, source.chrome.shells, tree)
    if source.asked.renderer:
        wanted = {page: keys[page] for page in pages}
        slices = source.asked.renderer(setter.markdown, setter.shells, tree.folder, wanted)
    else:
        with stage(source.asked.stages, "site", len(pages)) as advance:
            jobs = jobs_for(len(pages), source.asked.jobs)
            ticks = ticks_for(jobs, advance)
            slices = in_slices(lambda number, parts: setter.write(pages[number::parts], keys, keys, ticks), jobs, ticks)
    done = PagesSet(
        {path: page for part in slices for path, page in part.made.items()},
        [problem for part in slices for problem in part.broken],
    )
    tree.keep(done.made)
    return done


class PageSetter(NamedTuple):
    """Sets pages of Markdown into a tree."""

    markdown: Path
    shells: PageShells
    tree: Tree

    def write(
        self, pages: Iterable[str], keys: Mapping[str, str], known: Container[str], ticks: Ticks | None = None
    ) -> PagesSet:
        """Write some pages; what each was made from, and links that lead to none of the known pages.

        `ticks` count the pages.
        """
        made, broken = dict[str, CachedPage](), list[Problem]()
        with without_garbage_collection():
            for page in pages:
                links = PageLinks(known)
                text = (self.markdown / page).read_text(encoding="utf-8")
                self.tree.write([(_file(page), self.shells.fill(page, text, links))])
                made[_file(page)] = CachedPage(keys[page], tuple(sorted(links.leads_to)))
                broken += links.broken
                if ticks:
                    ticks.add()
        return PagesSet(made, broken)


Renderer = Callable[[Path, PageShells, Path, Mapping[str, str]], Sequence[PagesSet]]
"""Sets pages of a folder of Markdown with shells into another folder; pages come with what they are made from."""


def _file(page: str) -> str:
    return page.removesuffix(".md") + ".html"


def _assets(made: Path) -> Iterator[tuple[str, bytes]]:
    for asset in sorted(path for path in (made / "assets").rglob("*") if path.is_file()):
        yield asset.relative_to(made).as_posix(), asset.read_bytes()


def _charts() -> Iterator[tuple[str, bytes]]:
    for asset in sorted(CHARTS.iterdir()):
        yield f"assets/charts/{asset.name}", asset.read_bytes()


def start_nav(markdown: Path, pages: list[str]) -> Nav:
    """The start page alone: every viewer has one, and any other page is not for everybody."""
    starts = ["index.md"] if "index.md" in pages else []
    return [{read_card((markdown / page).read_text(encoding="utf-8")).title or page: page} for page in starts]
