"""The whole flow on one screen: read everything, check everything, and only then write."""

import datetime
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kpibook.catalog import load_catalog
from kpibook.checks import check_catalog, check_cycle, check_cycles
from kpibook.cycle import load_cycles
from kpibook.exports import items_csv, totals_csv
from kpibook.history import file_history
from kpibook.lint import Review, last_year, review_catalog
from kpibook.model import Catalog, Cycle, CycleStatus
from kpibook.output import replacing, write_tree
from kpibook.pages import (
    CYCLES,
    Earlier,
    Figures,
    Known,
    card_pages,
    card_sheets,
    check_prose,
    handbook_nav,
    handbook_pages,
    index_page,
    read_prose,
    remember,
    status_page,
)
from kpibook.periods import Kind, Period
from kpibook.printing import Sheet, print_sheets
from kpibook.problems import Level, Problem, in_order
from kpibook.results import Card, Results
from kpibook.revisions import catalog_on
from kpibook.schemas import write_schemas
from kpibook.scoring import Standings, score, standings, with_streaks
from kpibook.spreads import CycleSpreads, cycle_spreads, cycles_to_tell
from kpibook.status import state_of
from kpibook.words import Words, words


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that was read, and everything that is wrong with it."""

    catalog: Catalog
    cycles: Mapping[Period, Cycle]
    """Oldest first."""
    prose: Mapping[str, str]
    """Pages written by hand: path below `pages/` -> Markdown."""
    problems: tuple[Problem, ...]
    handbook: Path = Path("handbook")
    """The folder that the catalog was read from."""
    standings: dict[Period, Standings] = field(default_factory=dict, compare=False)
    """How everybody stood in cycles that were scored for the runs of streaks."""

    @property
    def say(self) -> Words:
        """The words of the company's language."""
        return words(self.catalog.company.language)


@dataclass(frozen=True, slots=True)
class Made:
    """What a run made."""

    handbook_pages: int
    card_pages: int
    set_aside: int


def read(handbook: Path, scorecards: Path) -> Content:
    """Read and check the whole content; nothing is written."""
    catalog, catalog_problems = load_catalog(handbook)
    cycles, cycle_problems = load_cycles(scorecards, catalog)
    prose, prose_problems = read_prose(handbook / "pages", f"{catalog.folder}/pages")
    problems = (
        *catalog_problems,
        *check_catalog(catalog),
        *check_prose(prose, catalog.folder),
        *prose_problems,
        *cycle_problems,
        *(problem for cycle in cycles for problem in check_cycle(catalog, cycle)),
        *check_cycles(catalog, cycles),
    )
    return Content(catalog, {cycle.period: cycle for cycle in cycles}, prose, in_order(problems), handbook)


def problems_to_tell(content: Content) -> tuple[Problem, ...]:
    """Every error, and the warnings and notes of the catalog and of the cycles that are not closed."""
    closed = tuple(f"{c.folder}/" for c in content.cycles.values() if c.status is CycleStatus.CLOSED)
    return tuple(
        problem
        for problem in content.problems
        if problem.level is Level.ERROR or not problem.place.file.startswith(closed)
    )


def strict_problems(content: Content, handbook: Path, today: datetime.date) -> tuple[Problem, ...]:
    """As `problems_to_tell`, with what is doubtful about the catalog, but without the warnings that are waived."""
    own, others = list[Problem](), list[Problem]()
    for problem in problems_to_tell(content):
        (own if is_of_catalog(problem, content) else others).append(problem)
    cycles = tuple(content.cycles.values())
    year = last_year(cycles)
    earlier = catalog_on(handbook, year[0].period.first_day) if year else None
    return in_order((*others, *review_catalog(Review(content.catalog, cycles, earlier), own, today)))


def is_of_catalog(problem: Problem, content: Content) -> bool:
    """Whether a problem lies in the handbook and not in a cycle."""
    return problem.place.file.startswith(f"{content.catalog.folder}/")


def has_warnings_of_catalog(problems: Iterable[Problem], content: Content) -> bool:
    """Whether anything about the handbook itself is doubtful."""
    return any(problem.level is Level.WARNING and is_of_catalog(problem, content) for problem in problems)


def open_set_aside(content: Content) -> int:
    """How many rows of the cycles that are not closed were set aside."""
    return sum(len(c.set_aside) for c in content.cycles.values() if c.status is not CycleStatus.CLOSED)


def score_cycle(content: Content, period: Period) -> Results:
    """The results of one cycle; earlier cycles give `previous.` and the like, and the runs of streaks."""
    results = score(content.catalog, content.cycles[period], content.cycles)
    streaks = content.catalog.company.streaks
    if not streaks:
        return results
    content.standings[period] = standings(results)
    return with_streaks(results, _earlier(content, period), streaks)


def _earlier(content: Content, period: Period) -> Mapping[Period, Standings]:
    """How everybody stood in the cycles of the same kind before this one, each scored once."""
    for earlier, cycle in content.cycles.items():
        if earlier.kind is period.kind and earlier < period and earlier not in content.standings:
            content.standings[earlier] = standings(score(content.catalog, cycle, content.cycles))
    return content.standings


def write_scores(results: Results, content: Content, out: Path) -> None:
    """Write `items.csv` and `totals.csv` of one cycle into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for name, chunks in (("items.csv", items_csv), ("totals.csv", totals_csv)):
        with (out / name).open("w", encoding="utf-8", newline="") as file:
            file.writelines(chunks(results, content.catalog, content.say))


def write_pages(content: Content, folder: Path, periods: Collection[Period]) -> Made:
    """Write the Markdown of the handbook and of the cards of `periods`, and the editors' schemas, below `folder`."""
    past: dict[Period, CycleSpreads] = {}
    cards = write_tree(_cards(content, sorted(periods), past), folder / "cards")
    cycles = tuple(content.cycles.values())
    handbook = handbook_pages(content.catalog, cycles, content.say, content.prose, _known(content, past))
    write_tree(handbook.items(), folder / "handbook")
    write_schemas(folder / "schemas", content.say, content.catalog)
    set_aside = sum(len(content.cycles[period].set_aside) for period in periods)
    return Made(len(handbook), cards.pages, set_aside)


def _known(content: Content, past: Mapping[Period, CycleSpreads]) -> Known:
    """What the handbook tells beyond the catalog; cycles that are not in `past` yet are scored."""
    history = file_history(content.handbook)
    changed = {path: commits[0].date for path, commits in history.items()}
    told = [cycle.period for cycle in cycles_to_tell(content.cycles.values())]
    spreads = [past.get(period) or _spreads(score_cycle(content, period), content) for period in told]
    return Known(changed, spreads, history)


def _spreads(results: Results, content: Content) -> CycleSpreads:
    return cycle_spreads(results, content.catalog.company.rounding.rate)


def _cards(content: Content, periods: Sequence[Period], past: dict[Period, CycleSpreads]) -> Iterator[tuple[str, str]]:
    """The pages of these cycles, one at a time; `past` gathers what the handbook tells of them."""
    yield index_page([content.cycles[period] for period in periods], content.say)
    for results, earlier in scored(content, periods):
        yield from card_pages(results, content.catalog, content.say, earlier, key=card_key())
        yield status_page(state_of(results, content.catalog, content.cycles), content.say)
        past[results.cycle.period] = _spreads(results, content)


def card_key() -> bytes:
    """The secret that makes the names of people's pages unguessable."""
    return os.environ.get("KPIBOOK_KEY", "").encode("utf-8")


def scored(content: Content, periods: Collection[Period]) -> Iterator[tuple[Results, Earlier]]:
    """The results of these cycles, with what their cards tell of earlier ones, whether those are asked for or not.

    The results of two cycles at most are in memory.
    """
    for kind in Kind:
        known = sorted(period for period in content.cycles if period.kind is kind)
        asked = [at for at, period in enumerate(known) if period in periods]
        earlier = Earlier()
        for period in known[max(asked[0] - CYCLES + 1, 0) : asked[-1] + 1] if asked else ():
            results = score_cycle(content, period)
            if period in periods:
                yield results, earlier
            earlier = Earlier(results, (*earlier.history, remember(results, content.catalog)))


def print_cards(content: Content, period: Period, is_wanted: Callable[[Card], bool], out: Path) -> int:
    """Write a PDF for each wanted card of a cycle into `out`, with an index; the number of cards.

    Raises:
        PrintError: this machine cannot print.
        OSError: the disk refuses.
    """
    [(results, earlier)] = scored(content, [period])
    figures = Figures(results, content.catalog, content.say, card_key())
    sheets = (
        Sheet(name, text, (card.person, card.name, figures.department(card.department), card.role.name))
        for name, text, card in card_sheets(figures, earlier, filter(is_wanted, results.cards))
    )
    return print_sheets(sheets, out, content.say, period.last_day)


def build(content: Content, root: Path, periods: Collection[Period]) -> Made:
    """Make the pages in `build/` and both sites below `root`; the sites change together or not at all.

    Raises:
        SiteError: a site could not be made of the pages.
        OutputError: the disk refuses, or another build is running.
    """
    # MkDocs takes longer to import than 1,000 people to score.
    from kpibook.admin import write_admin
    from kpibook.site import build_card_site, build_handbook_site

    markdown, config, company = root / "build", root / "mkdocs.yml", content.catalog.company
    with replacing(root / "site", root / "site-cards") as (site, cards):
        made = write_pages(content, markdown, periods)
        nav = handbook_nav(content.catalog, content.say, _paths(markdown / "handbook"))
        build_handbook_site(markdown / "handbook", site, company=company, nav=nav, config=config)
        write_admin(site / "admin", root / content.catalog.folder, content.catalog, content.say, config)
        build_card_site(markdown / "cards", cards, company=company, config=config)
    return made


def _paths(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.md"))
