"""The cards' site: MkDocs and Material render a few empty shells, and each card's Markdown is filled into one."""

import html
import re
import shutil
import tempfile
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, cast

import pyromark
import yaml
from mkdocs.config.defaults import MkDocsConfig

from kpibook.base.output import PRIVATE, TreeChanges, new_file, write_tree
from kpibook.base.problems import Place, Problem, in_order
from kpibook.base.words import Words, words
from kpibook.model import Company
from kpibook.publishing.site.building import run_mkdocs
from kpibook.publishing.site.handbook import tidy, with_scopes, without_indentation
from kpibook.publishing.site.panels import with_panels
from kpibook.publishing.site.search import plain_text
from kpibook.publishing.site.settings import (
    ASSETS,
    Nav,
    Site,
    SiteError,
    as_files,
    as_text,
    mkdocs_config,
    read_settings,
)
from kpibook.publishing.site.viewers import (
    POLICY,
    START,
    ViewerSite,
    content_policy,
    link_pages,
    not_found_page,
    place_of,
)

_RENDER = pyromark.Markdown(
    options=pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_HEADING_ATTRIBUTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
)
_LINK = re.compile(r'(<a\b[^>]*?\shref=")([^":]+?)\.md((?:#[^"]*)?")')
_HEADING = re.compile(r'<h([23]) id="([^"]+)"[^>]*>(.*?)</h\1>', re.DOTALL)
_MARKDOWN_INSIDE = ' markdown="1"'

TITLE, BODY, TOC, KIND = "\ue000title\ue000", "\ue000body\ue000", "\ue000toc\ue000", "\ue000kind\ue000"
_PLACES = re.compile(f"({TITLE}|{BODY}|{TOC}|{KIND})")
_DENSITY = re.compile(r'class="card-basis((?: card-paper-[0-9])*)"')
_SHELLS = "shells"
CHARTS = ASSETS / "charts"
"""What the pages of cycles and departments load to draw their tables."""


def build_card_site(
    markdown: Path,
    site: Path,
    *,
    company: Company,
    config: Path | None = None,
    viewers: ViewerSite | None = None,
) -> TreeChanges:
    """Make the cards' site in the folder `site` from the Markdown pages below `markdown`.

    The look is the handbook's. There is no search, no sitemap and no page that lists people beyond those that
    `pages` made; the navigation names the start page alone. Pages are read, rendered
    and written one at a time.

    Args:
        markdown: the pages, each beginning with front matter (`title`, `hide`); `build/cards`.
        site: an empty folder, such as one of `output.replacing`.
        company: its name and language are the site's.
        config: the company's `mkdocs.yml`; the packaged settings hold where it says nothing or does not exist.
        viewers: a second site with a folder for each viewer, made of the same pages.

    Raises:
        SiteError: links that lead nowhere, or refused settings; with all of them as problems.
        OutputError: the disk refuses.
    """
    say = words(company.language)
    pages = sorted(path.relative_to(markdown).as_posix() for path in markdown.rglob("*.md"))
    nav = _nav(markdown, pages)
    settings = {**read_settings(config), "site_name": say("site.cards_name", company=company.name)}
    plain = as_files(settings, name=company.name, language=company.language, docs_dir=markdown.name, nav=nav)
    markdown.with_suffix(".yml").write_text(plain, encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="kpibook-") as scratch:
        made = Path(scratch)
        shells = _render_shells(made, pages, nav, settings, say)
        written = _publish(markdown, site, pages, shells, made / "site")
        if viewers:
            _publish_viewers(viewers, site, shells, say)
        return written


def _publish_viewers(viewers: ViewerSite, cards: Path, shells: "PageShells", say: Words) -> None:
    """Link what each viewer may open, and set their start pages, whose links may lead nowhere else."""
    broken: list[Problem] = []
    for name in link_pages(cards, viewers):
        own = viewers.folder / "viewers" / name
        text = (viewers.markdown / name / "index.md").read_text(encoding="utf-8")
        links = _Links(_CardNames(own))
        start = shells.fill("index.md", text, links)
        broken += links.broken
        with new_file(own / START, PRIVATE.file) as stream:
            stream.write(start.encode("utf-8"))
    if broken:
        raise SiteError(in_order(broken))
    public = viewers.folder / "public"
    shutil.copytree(cards / "assets", public / "assets", copy_function=shutil.copyfile)
    policy = content_policy("".join(parts) for parts in shells.parts.values())
    (viewers.folder / POLICY).write_text(f"{policy}\n", encoding="ascii")
    (public / "404.html").write_text(not_found_page(say, say.language), encoding="utf-8")


class _CardNames:
    """The pages in a viewer's folder, by the addresses under which the server knows them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __contains__(self, page: object) -> bool:
        return (self._folder / f"{place_of(str(page).removesuffix('.md'))}.html").is_file()


def _publish(markdown: Path, site: Path, pages: list[str], shells: "PageShells", chrome: Path) -> TreeChanges:
    links = _Links(frozenset(pages))
    written = write_tree(_files(markdown, pages, shells, chrome, links), site, PRIVATE)
    if links.broken:
        raise SiteError(in_order(links.broken))
    return written


def _files(
    markdown: Path, pages: list[str], shells: "PageShells", chrome: Path, links: "_Links"
) -> Iterator[tuple[str, str | bytes]]:
    for asset in sorted(path for path in (chrome / "assets").rglob("*") if path.is_file()):
        yield asset.relative_to(chrome).as_posix(), asset.read_bytes()
    for asset in sorted(CHARTS.iterdir()):
        yield f"assets/charts/{asset.name}", asset.read_bytes()
    for page in pages:
        text = (markdown / page).read_text(encoding="utf-8")
        yield page.removesuffix(".md") + ".html", shells.fill(page, text, links)


class CardPage(NamedTuple):
    """A page's front matter and body."""

    title: str
    has_toc: bool
    body: str


def read_card(text: str) -> CardPage:
    """Split a page into front matter and body."""
    if not text.startswith("---\n"):
        return CardPage("", True, text)
    head, _, body = text[4:].partition("\n---\n")
    meta = yaml.load(head, Loader=yaml.CSafeLoader) or {}
    # A card is read from top to bottom; its contents beside it would take the room of its figures.
    has_toc = "toc" not in (meta.get("hide") or ()) and 'class="card-result"' not in body
    return CardPage(str(meta.get("title", "")), has_toc, body)


def card_html(body: str) -> str:
    """The HTML of a page's body; links still lead to Markdown."""
    return with_scopes(_RENDER.html(body)).replace(_MARKDOWN_INSIDE, "")


def sheet_class(body: str) -> str:
    """The classes of an article that is printed as a card, with how dense its text has to be; empty for any other."""
    if "card-facts" not in body:
        return ""
    density = _DENSITY.search(body)
    return " card-sheet" + (density[1].replace("card-paper", "card-sheet") if density else "")


class _Links:
    """The links between pages, and those that lead nowhere."""

    def __init__(self, pages: Container[str]) -> None:
        self.pages = pages
        self.broken: list[Problem] = []

    def to_html(self, page: str, body: str) -> str:
        """The body with its links to `.md` pages pointing at the pages' HTML."""
        folder = page.split("/")[:-1]

        def rewritten(found: re.Match[str]) -> str:
            if _joined(folder, found[2]) + ".md" not in self.pages:
                target = {"target": f"{html.unescape(found[2])}.md"}
                self.broken.append(Problem("broken-link", Place(f"build/cards/{page}"), target))
            return f"{found[1]}{found[2]}.html{found[3]}"

        return _LINK.sub(rewritten, body)


def _joined(folder: list[str], target: str) -> str:
    parts = list(folder)
    for part in target.split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


@dataclass(frozen=True, slots=True)
class PageShells:
    """Empty pages by depth and by whether they have contents at the side, cut at the places to fill."""

    parts: Mapping[tuple[int, bool], tuple[str, ...]]
    toc_title: str

    def fill(self, page: str, text: str, links: _Links) -> str:
        """The page's HTML."""
        card = read_card(text)
        body = links.to_html(page, card_html(card.body))
        title = html.escape(card.title)
        if "<h1" not in body:
            body = f"<h1>{title}</h1>\n{body}"
        filling = {
            TITLE: title,
            BODY: with_panels(body),
            TOC: self._toc(body) if card.has_toc else "",
            KIND: sheet_class(body),
        }
        return "".join(filling.get(part, part) for part in self.parts[page.count("/"), card.has_toc])

    def _toc(self, body: str) -> str:
        items = [
            f'<li class="md-nav__item"><a href="#{found[2]}" class="md-nav__link"><span class="md-ellipsis">'
            f"{html.escape(plain_text(found[3]))}</span></a></li>"
            for found in _HEADING.finditer(body)
            if found[1] == "2"
        ]
        if not items:
            return ""
        label = '<label class="md-nav__title" for="__toc"><span class="md-nav__icon md-icon"></span>'
        listed = '<ul class="md-nav__list" data-md-component="toc" data-md-scrollfix>'
        return f"{label}{self.toc_title}</label>{listed}{''.join(items)}</ul>"


def _nav(markdown: Path, pages: list[str]) -> Nav:
    """The start page alone: every viewer has one, and any other page is not for everybody."""
    starts = ["index.md"] if "index.md" in pages else []
    return [{read_card((markdown / page).read_text(encoding="utf-8")).title or page: page} for page in starts]


def _render_shells(folder: Path, pages: list[str], nav: Nav, settings: Mapping[str, object], say: Words) -> PageShells:
    """Let MkDocs make one page per depth and kind, in a folder of its own."""
    kinds = [(depth, has_toc) for depth in sorted({page.count("/") for page in pages}) for has_toc in (True, False)]
    stubs = {str(page): "---\ntitle: stub\n---\n" for entry in nav for page in cast("dict[str, str]", entry).values()}
    shells = {_shell_path(kind): _shell_source(kind[1]) for kind in kinds}
    docs = folder / "docs"
    write_tree({**stubs, **shells}.items(), docs)
    titled = [{as_text(title): page} for entry in nav for title, page in cast("dict[str, str]", entry).items()]
    config = mkdocs_config(Site(docs, folder / "site", titled, say, "", is_searched=False, settings=settings))
    run_mkdocs(config)
    tidy(folder / "site")
    return PageShells({kind: _cut(folder / "site" / _shell_path(kind)) for kind in kinds}, _toc_title(config))


def _shell_path(kind: tuple[int, bool]) -> str:
    depth, has_toc = kind
    return f"{_SHELLS}/" * depth + ("shell-toc.md" if has_toc else "shell.md")


def _shell_source(has_toc: bool) -> str:
    # The sidebar would repeat the tabs.
    hide = "navigation" if has_toc else "navigation, toc"
    return f"---\ntitle: {TITLE}\ntemplate: shell.html\nhide: [{hide}]\n---\n"


def _cut(page: Path) -> tuple[str, ...]:
    shell = page.with_suffix(".html").read_text(encoding="utf-8")
    return tuple(_PLACES.split(without_indentation(shell)))


def _toc_title(config: MkDocsConfig) -> str:
    environment = config.theme.get_env()
    template = environment.from_string('{% import "partials/language.html" as lang with context %}{{ lang.t("toc") }}')
    return template.render(config=config)
