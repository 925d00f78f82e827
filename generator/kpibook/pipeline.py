"""From sound content to pages, sites and paper: write everything elsewhere, and only then switch."""

import datetime
from collections import ChainMap
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from kpibook.authoring.schemas import write_schemas
from kpibook.base.history import NO_HISTORY, History, file_history
from kpibook.base.last_run import outputs_key
from kpibook.base.output import PRIVATE, Tree, open_tree, write_tree
from kpibook.base.parallel import in_slices, jobs_for
from kpibook.base.periods import Period, PeriodKind
from kpibook.base.publication import replacing
from kpibook.content import Content, follow_up_of, look_back, past_results, score_cycle, year_cycles, years_of
from kpibook.exchange.status import state_of
from kpibook.model import COMPANY
from kpibook.pages.cycles.rendering import (
    agreement_sheet,
    card_sheets,
    every_nth_page,
    figures_of,
    index_page,
    no_analysis_page,
    status_page,
    year_page,
)
from kpibook.pages.figures import Figures
from kpibook.pages.handbook.navigation import handbook_nav
from kpibook.pages.handbook.rendering import HandbookFacts, handbook_pages
from kpibook.pages.past import CYCLES, Lookback, remember
from kpibook.pages.viewers import Viewing
from kpibook.pages.viewers.start import start_pages
from kpibook.pages.years.view import CardLinks
from kpibook.publishing import stamps as stamping
from kpibook.publishing.admin import write_admin
from kpibook.publishing.kept_analysis import analysis_key, take_analysis_over
from kpibook.publishing.key import card_key
from kpibook.publishing.printing import PrintedCard, print_sheets
from kpibook.publishing.site import (
    CardPages,
    KeptPages,
    ViewerSite,
    build_card_site,
    build_handbook_site,
    tells_history,
)
from kpibook.publishing.site.forwards import write_forwards
from kpibook.publishing.site.taken_over import handbook_key, keep_key, taken_over
from kpibook.publishing.stamps import Making, Stamp, Stamps, digest_of, folder_digest, program_digest
from kpibook.reading.own_catalogs import TODAYS, catalog_digest
from kpibook.reviewing.moved_on import older_versions
from kpibook.scoring.results import Card, Results
from kpibook.scoring.years import year_of


@dataclass(frozen=True, slots=True)
class BuildCounts:
    """What a run made."""

    handbook_pages: int
    card_pages: int
    set_aside: int
    stamped: Mapping[str, str] = field(default_factory=dict)
    """By published cycle: a hash over its Markdown and the program."""
    outputs: str = ""
    """What tells whether the pages and sites are still as they were made; see `outputs_key`."""


class ScoredCycle(NamedTuple):
    """A cycle with everything that its pages tell beside the numbers that were read."""

    results: Results
    lookback: Lookback

    @property
    def period(self) -> Period:
        """The period of the cycle."""
        return self.results.cycle.period


class CardExtras(NamedTuple):
    """What the pages of cards take and give beside the results."""

    key: bytes
    """The secret of their names."""
    viewing: Viewing | None
    jobs: int
    """In how many processes they are set, at most."""


def build(
    content: Content, root: Path, periods: Collection[Period], *, fresh: bool = False, jobs: int = 1
) -> BuildCounts:
    """Make the pages in `build/` and both sites below `root`; the sites change together or not at all.

    What would come out as it is already is taken over, unless `fresh`. Cards are set in `jobs` processes at most; the
    bytes are the same in any number.

    Raises:
        SiteError: a site could not be made of the pages.
        OutputError: the disk refuses, or another build is running.
    """
    markdown, config, company = root / "build", root / "mkdocs.yml", content.catalog.company
    live = [root / "site", root / "site-cards", *([root / "site-viewers"] if company.access else [])]
    with replacing(*live, private=live[1:]) as (site, cards, *others):
        if fresh:
            stamping.forget(markdown)
        viewing = _viewing(content, root)
        made = write_pages(content, markdown, periods, viewing, jobs)
        _fill_handbook_site(content, root, site, fresh=fresh)
        grants = ((viewer.folder, viewing.paths(viewer)) for viewer in viewing.viewers) if viewing else ()
        viewers = next((ViewerSite(markdown / "viewers", folder, grants) for folder in others), None)
        stamps = Stamps(markdown / stamping.FOLDER, root / "site-cards", "site")
        pages = CardPages(markdown / "cards", KeptPages(stamps, made.stamped), jobs)
        build_card_site(pages, cards, company=company, config=config, viewers=viewers)
        take_analysis_over(root, analysis_key(content.handbook, content.scorecards, config), cards)
        return replace(made, outputs=outputs_key((markdown, site, cards, *(others or [root / "site-viewers"]))))


def _fill_handbook_site(content: Content, root: Path, site: Path, *, fresh: bool) -> None:
    catalog, say, config = content.catalog, content.say, root / "mkdocs.yml"
    markdown, handbook = root / "build" / "handbook", root / catalog.folder
    nav = handbook_nav(catalog, say, _paths(markdown), content.prose)
    key = handbook_key(markdown, handbook, nav, config)
    settings = markdown.with_suffix(".yml")
    if fresh or not settings.is_file() or not taken_over(root, key, root / "site", site):
        build_handbook_site(markdown, site, company=catalog.company, nav=nav, config=config)
        write_forwards(site, catalog)
        write_admin(site / "admin", handbook, catalog, say, config)
    keep_key(root, key, site)


def _viewing(content: Content, root: Path) -> Viewing | None:
    """Who sees what, to be gathered while cycles are scored; None where the company does not say."""
    access = content.catalog.company.access
    return Viewing(content.catalog, access, content.cycles, content.say, card_key(root)) if access else None


def write_pages(
    content: Content, folder: Path, periods: Collection[Period], viewing: Viewing | None = None, jobs: int = 1
) -> BuildCounts:
    """Write the Markdown of the handbook and of the cards of `periods`, and the editors' schemas, below `folder`.

    Who committed what stands on pages only where the `mkdocs.yml` beside `folder` says so; days are told either way.

    `viewing` gathers what viewers see on the way; their start pages are written, too.
    """
    history = file_history(content.handbook)
    told = history if tells_history(folder.parent / "mkdocs.yml") else NO_HISTORY
    key = card_key(folder.parent)
    card_count, stamped = _write_cards(content, folder / "cards", periods, CardExtras(key, viewing, jobs))
    if viewing:
        write_tree(start_pages(viewing), folder / "viewers", PRIVATE)
    # No figure that comes of results: the handbook is for everybody.
    facts = HandbookFacts(_days_of_change(content, history), history=told, older=_older_versions(content))
    cycles = tuple(content.cycles.values())
    handbook = handbook_pages(content.catalog, cycles, content.say, content.prose, facts)
    write_tree(handbook.items(), folder / "handbook")
    write_schemas(folder / "schemas", content.say, content.catalog)
    set_aside = sum(len(content.cycles[period].set_aside) for period in periods)
    return BuildCounts(len(handbook), card_count, set_aside, stamped)


def _write_cards(
    content: Content, folder: Path, periods: Collection[Period], extras: CardExtras
) -> tuple[int, Mapping[str, str]]:
    """Score one cycle after the other and write its pages; how many pages, and the hashes of published cycles.

    A published cycle whose pages are there, made from just the same, is neither scored nor set again.
    """
    stamped, program = dict[str, str](), program_digest()
    stamps = Stamps(folder.parent / stamping.FOLDER, folder, "pages")
    made_from = dict(_made_from(content, periods, (program, extras.key)))
    with open_tree(folder, PRIVATE) as tree:
        years = years_of(content)
        tree.write([index_page([content.cycles[period] for period in sorted(periods)], content.say, years)])
        tree.write(_year_page(content, year, CardLinks(extras.key, periods)) for year in years)
        tree.write([no_analysis_page(content.say)])
        kept = {period: stamp for period, key in made_from.items() if (stamp := stamps.holding(str(period), key))}
        for period, stamp in kept.items():
            tree.keep(stamp.files)
            stamped[str(period)] = digest_of(program, *_listed(stamp.files))
            if extras.viewing:
                results = past_results(content, period, has_items=False)
                extras.viewing.add(results, None, content.catalog_of(period), follow_up_of(content, period))
        for cycle in score_cycles(content, [each for each in periods if each not in kept]):
            files = _write_cycle(content, cycle, extras, tree)
            if cycle.period in made_from:
                stamps.keep(str(cycle.period), Stamp(made_from[cycle.period], files))
                stamped[str(cycle.period)] = digest_of(program, *_listed(files))
            # The name would keep the cycle before this one in memory while the next one is scored.
            del cycle
    return tree.changes.pages, stamped


def _year_page(content: Content, year: int, cards: CardLinks) -> tuple[str, str]:
    """HR's page of a year, from what was published."""
    people = year_of(year, year_cycles(content, year), content.catalog)
    return year_page(year, people, content.catalog, content.say, cards)


def _listed(hashes: Mapping[str, str]) -> list[str]:
    return sorted(f"{path} {digest}" for path, digest in hashes.items())


def _made_from(
    content: Content, periods: Collection[Period], run: Iterable[str | bytes]
) -> Iterator[tuple[Period, str]]:
    """Of each published cycle a hash over everything that decides its pages.

    That is the run's own (`run`), what today's company.yml says of no result, its folder, and the folders of the
    cycles up to its last day: their plans go on, and its page of state tells their numbers.
    """
    sealed = [period for period in periods if period in content.seals and period in content.own]
    folders = {period: folder_digest(content.scorecards / str(period)) for period in content.cycles if sealed}
    todays = content.catalog.company.model_dump_json(include=set(TODAYS))
    days = map(str, (*sorted(content.working_days.off), "", *sorted(content.working_days.worked)))
    contacts = (f"{each.id} {each.contact}" for each in content.catalog.departments.values())
    common = digest_of(*run, todays, *days, *contacts)
    for period in sealed:
        earlier = [each for each in folders if each.last_day <= period.last_day]
        catalog = content.catalog_of(period)
        parts = (f"{each} {folders[each]} {content.successors(each, catalog).text}" for each in earlier)
        is_whole = content.own.keys() >= set(earlier)
        yield period, digest_of(common, *parts, "" if is_whole else catalog_digest(content.handbook))


def _write_cycle(content: Content, cycle: ScoredCycle, extras: CardExtras, tree: Tree) -> Mapping[str, str]:
    """Set the pages of a cycle, in several processes where there are many, and write them; the hash of each."""
    results, catalog, say = cycle.results, content.catalog_of(cycle.period), content.say
    state = state_of(results, catalog, content.history_of(cycle.period))
    figures = figures_of(results, catalog, say, cycle.lookback, extras.key)

    def some(number: int, jobs: int) -> Mapping[str, str]:
        making = Making()
        tree.write(making.noted(every_nth_page(figures, cycle.lookback, number, jobs)))
        return making.files

    files = ChainMap(*map(dict, in_slices(some, jobs_for(len(results.cards), extras.jobs))))
    tree.keep(files)
    status = Making()
    tree.write(status.noted([status_page(state, say)]))
    if extras.viewing:
        extras.viewing.add(results, state, catalog, cycle.lookback.follow_up)
    return {**files, **status.files}


def score_cycles(content: Content, periods: Collection[Period]) -> Iterator[ScoredCycle]:
    """The results of these cycles, one length after the other, oldest first; planned ones have none.

    Each comes with what its cards look back at. The results of two cycles at most are in memory: the present one, and
    the one before, with which its cards are compared; of all earlier ones a short form is left.
    """
    for kind in PeriodKind:
        known = [period for period in content.begun if period.kind is kind]
        asked = [at for at, period in enumerate(known) if period in periods]
        live = [at for at in asked if known[at] not in content.seals]
        lookback = Lookback()
        for at in range(max(asked[0] - CYCLES + 1, 0), asked[-1] + 1) if asked else ():
            period, results = known[at], None
            if at in asked:
                results = score_cycle(content, period)
                yield ScoredCycle(results, look_back(content, period, lookback))
            # Published cycles look back at what was sealed with them, so nothing is kept for those.
            if live and at < live[-1]:
                if results is None or period in content.seals:
                    results = past_results(content, period, has_items=at + 1 in live)
                lookback = Lookback(results, (*lookback.history, remember(results)))


def _older_versions(content: Content) -> dict[str, list[str]]:
    """By role of today: a sentence for each open cycle that scores it by an older version."""
    found: dict[str, list[str]] = {}
    for period, own in content.own.items():
        cycle = content.cycles[period]
        if cycle.status.is_settled or own.catalog is content.catalog:
            continue
        for role, differences in older_versions(own.catalog, content.catalog, cycle, content.say):
            what = content.say("moved_on.comma").join(differences)
            found.setdefault(role, []).append(content.say("moved_on.page", cycle=cycle.name, what=what))
    return found


def _days_of_change(content: Content, history: History) -> dict[str, datetime.date]:
    """When the files of the handbook and the days of the cycles last changed."""
    cycles = file_history(content.scorecards, "*/cycle.yml")
    folder = content.scorecards.absolute().name
    return {path: commits[0].date for path, commits in history.items()} | {
        f"{folder}/{path}": commits[0].date for path, commits in cycles.items()
    }


def print_cards(
    content: Content, period: Period, is_wanted: Callable[[Card], bool], out: Path, *, root: Path = Path()
) -> int:
    """Write a PDF for each wanted card of a cycle into `out`, with an index; the number of cards.

    Raises:
        PrintError: this machine cannot print.
        OSError: the disk refuses.
    """
    results, lookback = next(cycle for cycle in score_cycles(content, [period]) if cycle.period == period)
    figures = Figures(results, content.catalog_of(period), content.say, card_key(root))
    figures.sealed, figures.follow_up = lookback.sealed, lookback.follow_up
    cards = filter(is_wanted, (*results.units, *results.cards))
    sheets = (
        PrintedCard(name, text, _index_row(card, figures)) for name, text, card in card_sheets(figures, lookback, cards)
    )
    return print_sheets(sheets, out, content.say, period.last_day)


def print_agreements(
    content: Content, period: Period, is_wanted: Callable[[Card], bool], out: Path, *, root: Path = Path()
) -> int:
    """Write a PDF of the agreement of each wanted person of a cycle into `out`, with an index; how many.

    Who has no items, or whose role is not appraised, agrees on none.

    Raises:
        PrintError: this machine cannot print.
        OSError: the disk refuses.
    """
    results = score_cycle(content, period)
    figures = Figures(results, content.catalog_of(period), content.say, card_key(root))
    cards = (card for card in results.cards if card.spans[-1].items and is_wanted(card))
    sheets = (PrintedCard(*agreement_sheet(card, figures), _index_row(card, figures)) for card in cards)
    return print_sheets(sheets, out, content.say, period.last_day)


def _index_row(card: Card, figures: Figures) -> tuple[str, ...]:
    """Person, name, department and role; a department's or the company's own card has no role."""
    department = "" if card.person == COMPANY else figures.department(card.department)
    return card.person, card.name, department, "" if card.is_unit else card.role.name


def _paths(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.md"))
