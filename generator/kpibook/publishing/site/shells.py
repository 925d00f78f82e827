"""The empty pages of the cards' site: MkDocs and Material render a few of them, and each card is filled into one."""

import html
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, cast

import yaml
from mkdocs.config.defaults import MkDocsConfig

from kpibook.base.output import write_tree
from kpibook.base.problems import Place, Problem
from kpibook.base.words import Words
from kpibook.publishing.site.building import run_mkdocs
from kpibook.publishing.site.commonmark import page_html
from kpibook.publishing.site.handbook import tidy, without_indentation
from kpibook.publishing.site.panels import with_panels
from kpibook.publishing.site.search import plain_text
from kpibook.publishing.site.settings import (
    Nav,
    Site,
    as_text,
    mkdocs_config,
)
from kpibook.publishing.stamps import digest_of

_LINK = re.compile(r'(<a\b[^>]*?\shref=")([^":]+?)\.md((?:#[^"]*)?")')
_HEADING = re.compile(r'<h([23]) id="([^"]+)"[^>]*>(.*?)</h\1>', re.DOTALL)

TITLE, BODY, TOC, KIND, BELOW = (f"\ue000{name}\ue000" for name in ("title", "body", "toc", "kind", "below"))
_PLACES = re.compile(f"({TITLE}|{BODY}|{TOC}|{KIND}|{BELOW})")
_ROLE = re.compile(r'<span data-role="([^"]*)">(.*?)</span>')
_DENSITY = re.compile(r'card-basis((?: card-paper-[0-9])*)"')
_SHELLS = "shells"


class CardPage(NamedTuple):
    """A page's front matter and body."""

    title: str
    has_toc: bool
    body: str
    language: str = ""
    """Where it is not that of the site."""
    below: str = ""
    """The cycle that it is of, to which the path leads; empty for a page of none."""


def read_card(text: str) -> CardPage:
    """Split a page into front matter and body."""
    if not text.startswith("---\n"):
        return CardPage("", True, text)
    head, _, body = text[4:].partition("\n---\n")
    said = _said_in(head)
    # A page of panels is read from top to bottom; contents beside it would take the room of its figures.
    has_toc = said.may_have_toc and 'class="kpi-panel' not in body
    return CardPage(said.title, has_toc, body, said.language, said.below)


class _FrontMatter(NamedTuple):
    """What the front matter of a page says."""

    title: str
    may_have_toc: bool
    language: str
    below: str


@lru_cache(maxsize=64)
def _said_in(head: str) -> _FrontMatter:
    """What front matter says; that of thousands of cards is the same."""
    meta = yaml.load(head, Loader=yaml.CSafeLoader) or {}
    title, language, below = (str(meta.get(key, "")) for key in ("title", "lang", "below"))
    return _FrontMatter(title, "toc" not in (meta.get("hide") or ()), language, below)


def sheet_class(body: str) -> str:
    """The classes of an article that is printed as a card, with how dense its text has to be; empty for any other."""
    if "card-facts" not in body:
        return ""
    density = _DENSITY.search(body)
    return " card-sheet" + (density[1].replace("card-paper", "card-sheet") if density else "")


class PageLinks:
    """The links between pages, and those that lead nowhere."""

    def __init__(self, pages: Container[str]) -> None:
        self.pages = pages
        self.broken: list[Problem] = []
        self.leads_to: set[str] = set()
        """The pages to which pages led so far."""

    def to_html(self, page: str, body: str) -> str:
        """The body with its links to `.md` pages pointing at the pages' HTML."""
        folder = page.split("/")[:-1]

        def rewritten(found: re.Match[str]) -> str:
            leads_to = _joined(folder, found[2]) + ".md"
            self.leads_to.add(leads_to)
            if leads_to not in self.pages:
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
    others: "Mapping[str, PageShells]" = field(default_factory=dict)
    """The same in other languages, for pages that say so."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """By id: the address of the role's page in the handbook; none where nobody says where that is."""

    @property
    def digest(self) -> str:
        """What tells these shells from any others."""
        others = (f"{language} {shells.digest}" for language, shells in sorted(self.others.items()))
        return digest_of(repr(sorted(self.parts.items())), self.toc_title, repr(sorted(self.roles.items())), *others)

    def fill(self, page: str, text: str, links: PageLinks) -> str:
        """The page's HTML."""
        card = read_card(text)
        shells = self.others.get(card.language, self)
        body = _with_roles(links.to_html(page, page_html(card.body)), shells.roles)
        title = html.escape(card.title)
        if "<h1" not in body:
            body = f"<h1>{title}</h1>\n{body}"
        filling = {
            TITLE: title,
            BODY: with_panels(body),
            TOC: shells._toc(body) if card.has_toc else "",
            KIND: sheet_class(body),
            BELOW: _step(card.below),
        }
        return "".join(filling.get(part, part) for part in shells.parts[page.count("/"), card.has_toc])

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


def render_shells(folder: Path, pages: list[str], nav: Nav, settings: Mapping[str, object], say: Words) -> PageShells:
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


def _with_roles(body: str, roles: Mapping[str, str]) -> str:
    """The body with each role's name as the way to its page, where there is one."""

    def linked(found: re.Match[str]) -> str:
        address = roles.get(found[1])
        return f'<a href="{html.escape(address)}">{found[2]}</a>' if address else found[2]

    return _ROLE.sub(linked, body)


def _step(below: str) -> str:
    """The last step of the path to a page: which cycle it is of."""
    if not below:
        return ""
    return f'<li class="md-path__item"><span class="md-ellipsis">{html.escape(below)}</span></li>'


def _toc_title(config: MkDocsConfig) -> str:
    environment = config.theme.get_env()
    template = environment.from_string('{% import "partials/language.html" as lang with context %}{{ lang.t("toc") }}')
    return template.render(config=config)
