"""From sound content to pages, sites and paper: write everything elsewhere, and only then switch."""

import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypedDict, Unpack

from kpibook.base.atomic_folders import replacing
from kpibook.base.audience import Audience, markdown_of
from kpibook.base.last_run import outputs_key
from kpibook.base.output import PRIVATE, write_tree
from kpibook.base.parallel import run_beside
from kpibook.base.periods import Period
from kpibook.base.progress import SILENT, Stages, stage
from kpibook.content import Content, follow_up_of, score_cycle
from kpibook.content.languages import for_readers, readers
from kpibook.model import COMPANY, Company
from kpibook.pages.cycles.rendering import agreement_sheet, card_sheets
from kpibook.pages.figures import Figures
from kpibook.pages.viewers import ViewerFacts
from kpibook.pages.viewers.start import start_pages
from kpibook.publishing import stamps as stamping
from kpibook.publishing.analysis_cache import analysis_key, take_analysis_over
from kpibook.publishing.key import card_key
from kpibook.publishing.site import (
    CardPages,
    LiveSite,
    ViewerSite,
    build_card_site,
)
from kpibook.publishing.site.cards import pages_ahead
from kpibook.publishing.site.site_links import refuse_strange_targets
from kpibook.scoring.results import Card
from kpibook.typesetting import CardRun, ContentInLanguage, score_cycles, write_cards

if TYPE_CHECKING:
    from kpibook.cluster import Cluster
    from kpibook.publishing.printing import PrintedCard


@dataclass(frozen=True, slots=True)
class BuildCounts:
    """What a run made."""

    handbook_pages: int
    card_pages: int
    set_aside: int
    outputs: str = ""
    """What tells whether the pages and sites are still as they were made; see `outputs_key`."""


class BuildSettings(TypedDict, total=False):
    """How a build is to go about it."""

    fresh: bool
    """Whether nothing is taken over from the last one."""
    jobs: int
    """In how many processes cards are set, at most; 1 unless given."""
    cluster: "Cluster | None"
    """Who scores and sets them instead."""
    stages: Stages
    """Who is told how far it has come; nobody unless given."""
    audience: Audience
    """Who looks at the sites meanwhile, and is shown some pages first; nobody unless given."""


def build(content: Content, root: Path, periods: Collection[Period], **how: Unpack[BuildSettings]) -> BuildCounts:
    """Make the pages in `build/` and both sites below `root`; the sites change together or not at all.

    What would come out as it is already is taken over, unless `fresh`. Cards are set in `jobs` processes at most, and
    the handbook beside them, or by a `cluster`; the bytes are the same in any number and anywhere.

    Raises:
        SiteError: a site could not be made of the pages, or is a link to what is none.
        OutputError: the disk refuses, or another build is running.
    """
    fresh, cluster, stages = how.get("fresh", False), how.get("cluster"), how.get("stages", SILENT)
    # Who speaks with a cluster runs threads, and a process with threads had better not be forked.
    jobs = 1 if cluster else how.get("jobs", 1)
    markdown, config, company = root / "build", root / "mkdocs.yml", content.catalog.company
    live = _live_sites(root, company)
    refuse_strange_targets(live)
    with replacing(*live, private=live[1:]) as (site, cards, *others):
        if fresh:
            stamping.forget(markdown)
        viewing = _viewing(content, root)
        if audience := how.get("audience"):
            _show_handbook(content, root, audience)
        handbook = cache(partial(_make_handbook, content, root, site, fresh=fresh))
        # While others score, this process has nothing else to do.
        cluster = replace(cluster, meanwhile=handbook) if cluster else None
        with stage(stages, "build"), run_beside(handbook, jobs):
            readings = tuple(_readings(content, root))
            before = LiveSite(root / "site-cards", markdown / stamping.FOLDER / "site.json")
            told_in = tuple(each.content.catalog.company for each in readings)
            renderer, roles = cluster.render if cluster else None, tuple(content.catalog.roles)
            pages = CardPages(markdown / "cards", before, jobs, renderer, stages, told_in, roles)
            first = _CardsAhead(audience, pages, company, config) if audience else None
            run = CardRun(periods, card_key(root), viewing, jobs, cluster, stages, readings, first)
            card_count = write_cards(content, markdown / "cards", run)
            _write_starts(viewing, readings, markdown)
            viewers = _viewer_site(viewing, markdown, others)
            build_card_site(pages, cards, company=company, config=config, viewers=viewers)
            take_analysis_over(root, analysis_key(content.handbook, content.scorecards, config), cards)
        outputs = outputs_key((markdown, site, cards, *(others or [root / "site-viewers"])))
        return replace(_counts(content, markdown, card_count, periods), outputs=outputs)


def _live_sites(root: Path, company: Company) -> list[Path]:
    """The folders of the sites: of the handbook, of the cards, and of viewers where there are or were any."""
    live = [root / "site", root / "site-cards"]
    # Where nobody is let in any more, an empty folder takes the place of the one that a server may still serve from.
    if company.access or (root / "site-viewers").is_dir():
        live.append(root / "site-viewers")
    return live


def _make_handbook(content: Content, root: Path, site: Path, *, fresh: bool) -> None:
    """The handbook. Its makers are imported here, by the process that needs them, while others set cards."""
    from kpibook.handbook import make_handbook

    make_handbook(content, root, site, fresh=fresh)


def _show_handbook(content: Content, root: Path, audience: Audience) -> None:
    from kpibook.handbook import show_ahead

    show_ahead(content, root, audience)


class _CardsAhead(NamedTuple):
    """The pages of the cards' site that somebody looks at."""

    audience: Audience
    source: CardPages
    company: Company
    config: Path

    @property
    def wanted(self) -> Collection[str]:
        """Their Markdown files."""
        return markdown_of(self.audience.looked_at(self._site), self.source.markdown).keys()

    def show(self, pages: Mapping[str, str]) -> None:
        """Show them as they are going to be."""
        self.audience.show(self._site, pages_ahead(self.source, pages, company=self.company, config=self.config))

    @property
    def _site(self) -> Path:
        return self.config.with_name("site-cards")


def _viewing(content: Content, root: Path) -> ViewerFacts | None:
    """Who sees what, to be gathered while cycles are scored; None where the company does not say.

    The cycle that is planned next has no pages, but targets that those whom they are for may know.
    """
    access = content.catalog.company.access
    if not access:
        return None
    viewing = ViewerFacts(content.catalog, access, content.cycles, content.say, card_key(root))
    if viewing.next_cycle:
        period = viewing.next_cycle.period
        viewing.plan(score_cycle(content, period), content.catalog_of(period), follow_up_of(content, period))
    return viewing


def _readings(content: Content, root: Path) -> Iterator[ContentInLanguage]:
    """The content in each other language that somebody reads."""
    for other, people in for_readers(content):
        viewing = _viewing(other, root)
        if viewing:
            viewing.readers = people
        yield ContentInLanguage(other, people, viewing)


def _write_starts(viewing: ViewerFacts | None, readings: Sequence[ContentInLanguage], markdown: Path) -> None:
    """The start pages of viewers; where there are none, nor shall there be those of an earlier run."""
    if viewing:
        others = [each.viewing for each in readings if each.viewing]
        write_tree(start_pages(viewing, partial(_card, markdown / "cards"), others), markdown / "viewers", PRIVATE)
    else:
        shutil.rmtree(markdown / "viewers", ignore_errors=True)


def _card(cards: Path, path: str) -> str:
    """The Markdown of a card that was written; nothing of one that was not."""
    file = cards / f"{path}.md"
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _viewer_site(viewing: ViewerFacts | None, markdown: Path, folders: Sequence[Path]) -> ViewerSite | None:
    """The site of viewers, to be made in the only folder there is for it; None where nobody is let in."""
    if viewing is None:
        return None
    grants = ((viewer.folder, viewing.paths(viewer)) for viewer in viewing.viewers)
    return ViewerSite(markdown / "viewers", folders[0], grants)


def write_pages(
    content: Content, folder: Path, periods: Collection[Period], viewing: ViewerFacts | None = None
) -> BuildCounts:
    """Write the Markdown of the handbook and of the cards of `periods`, and the editors' schemas, below `folder`.

    Who committed what stands on pages only where the `mkdocs.yml` beside `folder` says so; days are told either way.

    `viewing` gathers what viewers see on the way; their start pages are written, too.
    """
    readings = tuple(_readings(content, folder.parent))
    run = CardRun(periods, card_key(folder.parent), viewing, 1, readings=readings)
    card_count = write_cards(content, folder / "cards", run)
    _write_starts(viewing, readings, folder)
    from kpibook.handbook import write_handbook

    write_handbook(content, folder)
    return _counts(content, folder, card_count, periods)


def _counts(content: Content, folder: Path, cards: int, periods: Collection[Period]) -> BuildCounts:
    set_aside = sum(len(content.cycles[period].set_aside) for period in periods)
    return BuildCounts(sum(1 for _ in (folder / "handbook").rglob("*.md")), cards, set_aside)


def print_cards(
    content: Content, period: Period, is_wanted: Callable[[Card], bool], out: Path, *, root: Path = Path()
) -> int:
    """Write a PDF for each wanted card of a cycle into `out`, with an index; the number of cards.

    Raises:
        PrintError: this machine cannot print.
        OSError: the disk refuses.
    """
    # Imported here: it brings asyncio along, for which no build need wait.
    from kpibook.publishing.printing import PrintedCard, print_sheets

    by_person = readers(content)

    def sheets(told: Content, language: str) -> Iterator[PrintedCard]:
        results, lookback, _ = next(cycle for cycle in score_cycles(told, [period]) if cycle.period == period)
        figures = Figures(results, told.catalog_of(period), told.say, card_key(root))
        figures.sealed, figures.follow_up = lookback.sealed, lookback.follow_up
        own = [card for card in results.cards if by_person.get(card.person.casefold(), "") == language]
        cards = filter(is_wanted, (*(() if language else results.units), *own))
        for name, text, card in card_sheets(figures, lookback, cards):
            yield PrintedCard(name, text, _index_row(card, figures), language)

    return print_sheets(_in_languages(content, sheets), out, content.say, period.last_day)


def _in_languages(
    content: Content, sheets: Callable[[Content, str], Iterator["PrintedCard"]]
) -> Iterator["PrintedCard"]:
    """The sheets of those who read in the company's language, then those of all others in theirs."""
    yield from sheets(content, "")
    for other, _ in for_readers(content):
        yield from sheets(other, other.say.language)


def print_agreements(
    content: Content, period: Period, is_wanted: Callable[[Card], bool], out: Path, *, root: Path = Path()
) -> int:
    """Write a PDF of the agreement of each wanted person of a cycle into `out`, with an index; how many.

    Who has no items, or whose role is not appraised, agrees on none.

    Raises:
        PrintError: this machine cannot print.
        OSError: the disk refuses.
    """
    # Imported here: it brings asyncio along, for which no build need wait.
    from kpibook.publishing.printing import PrintedCard, print_sheets

    by_person = readers(content)

    def sheets(told: Content, language: str) -> Iterator[PrintedCard]:
        results = score_cycle(told, period)
        figures = Figures(results, told.catalog_of(period), told.say, card_key(root))
        own = (card for card in results.cards if by_person.get(card.person.casefold(), "") == language)
        for card in (card for card in own if card.spans[-1].items and is_wanted(card)):
            yield PrintedCard(*agreement_sheet(card, figures), _index_row(card, figures), language)

    return print_sheets(_in_languages(content, sheets), out, content.say, period.last_day)


def _index_row(card: Card, figures: Figures) -> tuple[str, ...]:
    """Person, name, department and role; a department's or the company's own card has no role."""
    department = "" if card.person == COMPANY else figures.department(card.department)
    return card.person, card.name, department, "" if card.is_unit else card.role.name
