"""From sound content to pages, sites and paper: write everything elsewhere, and only then switch."""

import datetime
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kpibook.authoring.schemas import write_schemas
from kpibook.base.history import History, file_history
from kpibook.base.output import replacing, write_tree
from kpibook.base.periods import Period, PeriodKind
from kpibook.content import Content, score_cycle
from kpibook.exchange.status import state_of
from kpibook.model import COMPANY
from kpibook.pages.cycles.rendering import card_pages, card_sheets, index_page, status_page
from kpibook.pages.figures import Figures
from kpibook.pages.handbook.navigation import handbook_nav
from kpibook.pages.handbook.rendering import HandbookFacts, handbook_pages
from kpibook.pages.past import CYCLES, Lookback, remember
from kpibook.publishing.admin import write_admin
from kpibook.publishing.printing import PrintedCard, print_sheets
from kpibook.publishing.site import build_card_site, build_handbook_site
from kpibook.scoring.distributions import CycleDistributions, cycle_distributions, distribution_cycles
from kpibook.scoring.results import Card, Results


@dataclass(frozen=True, slots=True)
class BuildCounts:
    """What a run made."""

    handbook_pages: int
    card_pages: int
    set_aside: int


def write_pages(content: Content, folder: Path, periods: Collection[Period]) -> BuildCounts:
    """Write the Markdown of the handbook and of the cards of `periods`, and the editors' schemas, below `folder`."""
    past: dict[Period, CycleDistributions] = {}
    history = file_history(content.handbook)
    cards = write_tree(_cards(content, sorted(periods), past, history), folder / "cards")
    cycles = tuple(content.cycles.values())
    handbook = handbook_pages(content.catalog, cycles, content.say, content.prose, _known(content, past, history))
    write_tree(handbook.items(), folder / "handbook")
    write_schemas(folder / "schemas", content.say, content.catalog)
    set_aside = sum(len(content.cycles[period].set_aside) for period in periods)
    return BuildCounts(len(handbook), cards.pages, set_aside)


def _known(content: Content, past: Mapping[Period, CycleDistributions], history: History) -> HandbookFacts:
    """What the handbook tells beyond the catalog; cycles that are not in `past` yet are scored."""
    changed = {path: commits[0].date for path, commits in history.items()} | _cycles_changed(content)
    told = [cycle.period for cycle in distribution_cycles(content.cycles.values())]
    distributions = [past.get(period) or _spreads(score_cycle(content, period), content) for period in told]
    return HandbookFacts(changed, distributions, history)


def _cycles_changed(content: Content) -> dict[str, datetime.date]:
    """When the days of the cycles last changed."""
    found = file_history(content.scorecards, "*/cycle.yml")
    return {f"{content.scorecards.absolute().name}/{path}": commits[0].date for path, commits in found.items()}


def _spreads(results: Results, content: Content) -> CycleDistributions:
    return cycle_distributions(results, content.catalog.company.rounding.rate)


def _cards(
    content: Content, periods: Sequence[Period], past: dict[Period, CycleDistributions], history: History
) -> Iterator[tuple[str, str]]:
    """The pages of these cycles, one at a time; `past` gathers what the handbook tells of them."""
    yield index_page([content.cycles[period] for period in periods], content.say)
    for results, earlier in scored(content, periods, history):
        yield from card_pages(results, content.catalog, content.say, earlier, key=card_key())
        yield status_page(state_of(results, content.catalog, content.cycles), content.say)
        past[results.cycle.period] = _spreads(results, content)


def card_key() -> bytes:
    """The secret that makes the names of people's pages unguessable."""
    return os.environ.get("KPIBOOK_KEY", "").encode("utf-8")


def scored(content: Content, periods: Collection[Period], history: History) -> Iterator[tuple[Results, Lookback]]:
    """The results of these cycles, with what their cards tell of earlier ones, whether those are asked for or not.

    The results of two cycles at most are in memory.
    """
    for kind in PeriodKind:
        known = sorted(period for period in content.cycles if period.kind is kind)
        asked = [at for at, period in enumerate(known) if period in periods]
        earlier = Lookback(commits=history)
        for period in known[max(asked[0] - CYCLES + 1, 0) : asked[-1] + 1] if asked else ():
            results = score_cycle(content, period)
            if period in periods:
                yield results, earlier
            earlier = Lookback(results, (*earlier.history, remember(results)), history)


def print_cards(content: Content, period: Period, is_wanted: Callable[[Card], bool], out: Path) -> int:
    """Write a PDF for each wanted card of a cycle into `out`, with an index; the number of cards.

    Raises:
        PrintError: this machine cannot print.
        OSError: the disk refuses.
    """
    history = file_history(content.handbook)
    [(results, earlier)] = scored(content, [period], history)
    figures = Figures(results, content.catalog, content.say, card_key(), history=history)
    sheets = (
        PrintedCard(name, text, _index_row(card, figures))
        for name, text, card in card_sheets(figures, earlier, filter(is_wanted, (*results.units, *results.cards)))
    )
    return print_sheets(sheets, out, content.say, period.last_day)


def _index_row(card: Card, figures: Figures) -> tuple[str, ...]:
    """Person, name, department and role; a department's or the company's own card has no role."""
    department = "" if card.person == COMPANY else figures.department(card.department)
    return card.person, card.name, department, "" if card.is_unit else card.role.name


def build(content: Content, root: Path, periods: Collection[Period]) -> BuildCounts:
    """Make the pages in `build/` and both sites below `root`; the sites change together or not at all.

    Raises:
        SiteError: a site could not be made of the pages.
        OutputError: the disk refuses, or another build is running.
    """
    markdown, config, company = root / "build", root / "mkdocs.yml", content.catalog.company
    with replacing(root / "site", root / "site-cards") as (site, cards):
        made = write_pages(content, markdown, periods)
        nav = handbook_nav(content.catalog, content.say, _paths(markdown / "handbook"), content.prose)
        build_handbook_site(markdown / "handbook", site, company=company, nav=nav, config=config)
        write_admin(site / "admin", root / content.catalog.folder, content.catalog, content.say, config)
        build_card_site(markdown / "cards", cards, company=company, config=config)
    return made


def _paths(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.md"))
