"""From sound content to the Markdown of the cards: each cycle scored, its pages set, and those that hold kept."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple, Protocol

from kpibook.base.output import PRIVATE, open_tree
from kpibook.base.parallel import Result, Task, in_processes, jobs_for, ticks_for
from kpibook.base.periods import Period
from kpibook.base.progress import SILENT, Stages, stage
from kpibook.content import (
    Content,
    cycle_state,
    follow_up_of,
    past_results,
    score_cycle,
    score_with,
    year_cycles,
    years_of,
)
from kpibook.content.card_inputs import CardInputs
from kpibook.content.score_cache import LARGE, CycleCards, forget_cards
from kpibook.content.state_cache import SUFFIX as STATE
from kpibook.content.state_cache import StateCache
from kpibook.pages.cycles.rendering import (
    NamedPage,
    cycle_pages,
    department_pages,
    index_page,
    indicator_pages,
    look_up,
    no_analysis_page,
    status_page,
    status_path,
    year_page,
)
from kpibook.pages.figures import Figures
from kpibook.pages.lookback import Lookback
from kpibook.pages.viewers import ViewerFacts
from kpibook.pages.years.view import CardLinks
from kpibook.publishing.page_cache import CachedPage, PageCache, forget_others
from kpibook.publishing.stamps import FOLDER, Stamps, digest_of, folder_digest, run_digest
from kpibook.reading.own_catalogs import TODAYS, catalog_digest
from kpibook.scoring import without_garbage_collection
from kpibook.scoring.results import Results
from kpibook.scoring.years import year_of
from kpibook.typesetting.first import FirstPages, show_first
from kpibook.typesetting.lists import lists_of, spread, tasks_of_lists
from kpibook.typesetting.people import Into, PeopleSetter, cycle_figures, in_parts
from kpibook.typesetting.scored import ScoredCycle, score_cycles

__all__ = [
    "LARGE",
    "CardRun",
    "ContentInLanguage",
    "Figures",
    "Helpers",
    "Into",
    "Lookback",
    "NamedPage",
    "PeopleSetter",
    "Result",
    "ScoredCycle",
    "cycle_figures",
    "cycle_pages",
    "department_pages",
    "indicator_pages",
    "score_cycles",
    "write_cards",
]

KEPT = ".cards.json"


class Helpers(Protocol):
    """Other machines that score and set the people of a cycle that was not published."""

    def score(self, content: Content, period: Period) -> Results:
        """The results of a cycle; items may lack how they came about."""

    def set_people(
        self, content: Content, cycle: "ScoredCycle", into: "Into", key: bytes, elsewhere: Collection[str]
    ) -> AbstractContextManager[Callable[[], Mapping[str, CachedPage]]]:
        """Begin to write the pages of all people, but for those that are there.

        What is given waits for them and tells what each was made from. The pages of those are left out whose ids in
        small letters are `elsewhere`.
        """


class CardRun(NamedTuple):
    """What the pages of cards take and give beside the content."""

    periods: Collection[Period]
    key: bytes
    """The secret of their names."""
    viewing: ViewerFacts | None
    jobs: int
    """In how many processes they are set, at most."""
    helpers: Helpers | None = None
    stages: Stages = SILENT
    """Who is told how far it has come."""
    readings: "Sequence[ContentInLanguage]" = ()
    """The content in other languages, for those who read it so."""
    first: FirstPages | None = None


@without_garbage_collection()
def write_cards(content: Content, folder: Path, run: CardRun) -> int:
    """Score one cycle after the other and write its pages below `folder`; how many pages there are.

    A published cycle whose pages are there, made from just the same, is neither scored nor set again; of other cycles
    the pages of those people are kept of whom all is the same.
    """
    periods, program, kept_in = run.periods, run_digest(), folder.parent / FOLDER
    stamps = Stamps(kept_in, folder, "pages")
    languages = [f"{each.content.say.language} {person}" for each in run.readings for person in sorted(each.people)]
    made_from = dict(_made_from(content, periods, (program, run.key, *languages)))
    with open_tree(folder, PRIVATE) as tree:
        years = years_of(content)
        tree.write([index_page([content.cycles[period] for period in sorted(periods)], content.say, years)])
        tree.write(_year_page(content, year, CardLinks(run.key, periods)) for year in years)
        tree.write([no_analysis_page(content.say)])
        kept = {period: stamp for period, key in made_from.items() if (stamp := stamps.holding(str(period), key))}
        for period, stamp in kept.items():
            tree.keep(stamp.files)
            _look_at_kept(content, period, run.viewing)
            for each in run.readings:
                _look_at_kept(each.content, period, each.viewing)
        open_cycles = [period for period in periods if period not in content.seals]
        _forget_others(kept_in, open_cycles)
        anew = [each for each in periods if each not in kept]
        told = [score_cycles(each.content, anew) for each in run.readings]
        scored = score_cycles(content, anew, _Scorer(content, run, kept_in, program).score)
        for cycle, *others in zip(scored, *told, strict=True):
            known = None
            if cycle.period in open_cycles:
                known = PageCache.read(kept_in / f"{cycle.period}{KEPT}", digest_of(program, run.key))
            in_others = [InLanguage(*each) for each in zip(run.readings, others, strict=True)]
            pages = _write_cycle(content, cycle, run, Into(tree, folder, known), in_others)
            if known:
                known.keep(folder, {path: page for path, page in pages.items() if page.key})
            elif cycle.period in made_from and content.is_as_read:
                stamps.keep(str(cycle.period), made_from[cycle.period], pages)
            # The name would keep the cycle before this one in memory while the next one is scored.
            del cycle, others, in_others
    return tree.changes.pages


def _forget_others(folder: Path, periods: Collection[Period]) -> None:
    """Remove what is known of the pages and cards of other cycles."""
    for suffix in (KEPT, STATE):
        forget_others(folder, suffix, map(str, periods))
    forget_cards(folder, periods)


class _Scorer(NamedTuple):
    """Scores the cycles of a run, with helpers or by what is kept."""

    content: Content
    run: CardRun
    kept_in: Path
    program: str

    def score(self, period: Period, may_be_light: bool) -> tuple[Results, CycleCards | None]:
        """The results of a cycle, and where its cards stand that are kept."""
        content, run = self.content, self.run
        if run.helpers and period not in content.seals:
            return run.helpers.score(content, period), None
        with stage(run.stages, "score", len(content.cycles[period].people)):
            cards = self._cards(period) if may_be_light else None
            if cards is None:
                return score_cycle(content, period), None
            return score_with(content, period, None, cards.all(), cards.scorer), cards

    def _cards(self, period: Period) -> CycleCards | None:
        """The cards of an open cycle as far as they are kept; None where it is not known what decides them."""
        content, sums = self.content, self.content.sums
        if sums is None or period in content.seals:
            return None
        inputs = CardInputs(content, period, sums, self.program)
        return CycleCards(content, period, inputs, self.kept_in, self.run.key)


def _look_at_kept(content: Content, period: Period, viewing: ViewerFacts | None) -> None:
    """Tell viewers of a published cycle whose pages are kept."""
    if viewing:
        results = past_results(content, period, has_items=False)
        viewing.add(results, None, content.catalog_of(period), follow_up_of(content, period))


class ContentInLanguage(NamedTuple):
    """The content in a language that is not the company's, and who reads it."""

    content: Content
    people: Collection[str]
    """Ids in small letters."""
    viewing: ViewerFacts | None = None


class InLanguage(NamedTuple):
    """A cycle as some of its people read it."""

    reading: ContentInLanguage
    cycle: ScoredCycle


def _write_cycle(
    content: Content, cycle: ScoredCycle, run: CardRun, into: Into, others: Sequence[InLanguage]
) -> Mapping[str, CachedPage]:
    """Set the pages of a cycle and write them, but for cards that are there; all of them, with the keys of cards."""
    figures, lookback = cycle_figures(content, cycle, run.key), cycle.lookback
    elsewhere = {person for each in others for person in each.reading.people}
    cards = [card for card in cycle.results.cards if card.person.casefold() not in elsewhere]
    kept_in, asks = into.folder.parent / FOLDER, bool(run.viewing and run.viewing.asks_state(cycle.results.cycle))
    state = StateCache.of(content, cycle.results, kept_in, run.key, is_kept=into.known is not None)
    lists = tasks_of_lists(figures, lookback, into)
    write_state: Task[Mapping[str, CachedPage]] = partial(_write_state, state, into, is_asked=asks)
    if run.helpers and into.known:
        with run.helpers.set_people(content, cycle, into, run.key, elsewhere) as people:
            # The pages of all together are set here while others set those of people.
            done = [write_state(), *(each() for each in lists), people()]
    else:
        jobs = jobs_for(len(cards), run.jobs)
        with stage(run.stages, "pages", len(cards)) as advance:
            setter, ticks = PeopleSetter(figures, lookback, into, cycle.cards), ticks_for(jobs, advance)
            look_up(figures)
            if asks:
                state.look_up()
            if run.first:
                asked = setter.some(cards, run.first.wanted)
                show_first(run.first, chain(asked, lists_of(figures, lookback)))
            of_people = [
                partial(setter.write, part, ticks, number) for number, part in enumerate(in_parts(cards, jobs))
            ]
            done = in_processes([write_state, *spread(of_people, lists)], jobs, ticks)
    made = {path: page for each in done for path, page in each.items()}
    into.tree.keep(made)
    for other in others:
        own = _write_in_language(other, run, into)
        made |= own
        into.tree.keep(own)
    if run.viewing:
        run.viewing.add(cycle.results, state.get() if asks else None, figures.catalog, lookback.follow_up)
    return made


def _write_state(state: StateCache, into: Into, *, is_asked: bool) -> Mapping[str, CachedPage]:
    """Set the page of a cycle's state, unless it is there; count where whoever looks is told of it, too."""
    page = status_path(state.results.cycle)
    is_there = bool(state.key and into.known and into.known.holds(into.folder, page, state.key))
    if is_asked or not is_there:
        found = state.get()
        if not is_there:
            into.tree.write([status_page(found, state.content.say)])
    return {page: CachedPage(state.key)}


def _write_in_language(other: InLanguage, run: CardRun, into: Into) -> Mapping[str, CachedPage]:
    """The pages of those who read in another language."""
    (content, people, viewing), cycle = other
    figures = cycle_figures(content, cycle, run.key)
    figures.told_in = content.say.language
    cards = [card for card in cycle.results.cards if card.person.casefold() in people]
    made = PeopleSetter(figures, cycle.lookback, into).write(cards)
    if viewing:
        state = cycle_state(content, cycle.results) if viewing.asks_state(cycle.results.cycle) else None
        viewing.add(cycle.results, state, figures.catalog, cycle.lookback.follow_up)
    return made


def _year_page(content: Content, year: int, cards: CardLinks) -> tuple[str, str]:
    """HR's page of a year, from what was published."""
    people = year_of(year, year_cycles(content, year), content.catalog)
    return year_page(year, people, content.catalog, content.say, cards)


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
