"""From sound content to the Markdown of the cards: each cycle scored, its pages set, and those that hold kept."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

from kpibook.base.output import PRIVATE, Tree, open_tree
from kpibook.base.parallel import Task, in_processes, jobs_for, ticks_for
from kpibook.base.periods import Period, PeriodKind
from kpibook.base.progress import SILENT, Stages, Ticks, stage
from kpibook.content import (
    Content,
    cycle_state,
    follow_up_of,
    look_back,
    past_results,
    score_cycle,
    state_key,
    year_cycles,
    years_of,
)
from kpibook.exchange.status import CycleState
from kpibook.pages.cards.keys import CardKeys
from kpibook.pages.cycles.rendering import (
    NamedPage,
    cards_before,
    figures_of,
    holder,
    index_page,
    no_analysis_page,
    other_pages,
    page_of,
    people_pages,
    status_page,
    status_path,
    year_page,
)
from kpibook.pages.figures import Figures
from kpibook.pages.past import CYCLES, Lookback, before, remember
from kpibook.pages.viewers import Viewing
from kpibook.pages.years.view import CardLinks
from kpibook.publishing.kept_pages import KeptPages, MadePage, forget_others
from kpibook.publishing.stamps import FOLDER, Stamps, digest_of, folder_digest, run_digest
from kpibook.reading.own_catalogs import TODAYS, catalog_digest
from kpibook.scoring.results import Card, Results
from kpibook.scoring.years import year_of

SLICES = 4
"""Into so many parts for each process the people of a cycle are cut, so that all have work up to the end."""
KEPT = ".cards.json"


class Helpers(Protocol):
    """Other machines that score and set the people of a cycle that was not published."""

    def score(self, content: Content, period: Period) -> Results:
        """The results of a cycle; items may lack how they came about."""

    def set_people(
        self, content: Content, cycle: "ScoredCycle", into: "Into", key: bytes, elsewhere: Collection[str]
    ) -> Mapping[str, MadePage]:
        """Write the pages of all people, but for those that are there; what each was made from.

        The pages of those are left out whose ids in small letters are `elsewhere`.
        """


class CardRun(NamedTuple):
    """What the pages of cards take and give beside the content."""

    periods: Collection[Period]
    key: bytes
    """The secret of their names."""
    viewing: Viewing | None
    jobs: int
    """In how many processes they are set, at most."""
    helpers: Helpers | None = None
    stages: Stages = SILENT
    """Who is told how far it has come."""
    readings: "Sequence[Reading]" = ()
    """The content in other languages, for those who read it so."""


class ScoredCycle(NamedTuple):
    """A cycle with everything that its pages tell beside the numbers that were read."""

    results: Results
    lookback: Lookback

    @property
    def period(self) -> Period:
        """The period of the cycle."""
        return self.results.cycle.period


def write_cards(content: Content, folder: Path, run: CardRun) -> int:
    """Score one cycle after the other and write its pages below `folder`; how many pages there are.

    A published cycle whose pages are there, made from just the same, is neither scored nor set again; of other cycles
    the pages of those people are kept of whom all is the same.
    """
    periods, program = run.periods, run_digest()
    kept_in = folder.parent / FOLDER
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
        forget_others(kept_in, KEPT, map(str, open_cycles))
        anew = [each for each in periods if each not in kept]
        told = [score_cycles(each.content, anew) for each in run.readings]
        for cycle, *others in zip(score_cycles(content, anew, run), *told, strict=True):
            known = None
            if cycle.period in open_cycles:
                known = KeptPages.read(kept_in / f"{cycle.period}{KEPT}", digest_of(program, run.key))
            in_others = [InLanguage(*each) for each in zip(run.readings, others, strict=True)]
            pages = _write_cycle(content, cycle, run, Into(tree, folder, known), in_others)
            if known:
                known.keep(folder, {path: page for path, page in pages.items() if page.key})
            elif cycle.period in made_from and content.is_as_read:
                stamps.keep(str(cycle.period), made_from[cycle.period], pages)
            # The name would keep the cycle before this one in memory while the next one is scored.
            del cycle, others, in_others
    return tree.changes.pages


def _look_at_kept(content: Content, period: Period, viewing: Viewing | None) -> None:
    """Tell viewers of a published cycle whose pages are kept."""
    if viewing:
        results = past_results(content, period, has_items=False)
        viewing.add(results, None, content.catalog_of(period), follow_up_of(content, period))


class Reading(NamedTuple):
    """The content in a language that is not the company's, and who reads it."""

    content: Content
    people: Collection[str]
    """Ids in small letters."""
    viewing: Viewing | None = None


class InLanguage(NamedTuple):
    """A cycle as some of its people read it."""

    reading: Reading
    cycle: ScoredCycle


class Into(NamedTuple):
    """Where the pages of a cycle go, and what is known of those that are there."""

    tree: Tree
    folder: Path
    known: KeptPages | None
    """What is known of the pages of people that are there; None where all are to be set."""


def _write_cycle(
    content: Content, cycle: ScoredCycle, run: CardRun, into: Into, others: Sequence[InLanguage]
) -> Mapping[str, MadePage]:
    """Set the pages of a cycle and write them, but for cards that are there; all of them, with the keys of cards."""
    figures, lookback = cycle_figures(content, cycle, run.key), cycle.lookback
    elsewhere = {person for each in others for person in each.reading.people}
    cards = [card for card in cycle.results.cards if card.person.casefold() not in elsewhere]

    def written(pages: Iterable[NamedPage]) -> Mapping[str, MadePage]:
        made = dict(pages)
        into.tree.write(made.items())
        return dict.fromkeys(made, MadePage(""))

    jobs = jobs_for(len(cards), run.jobs)
    tasks: list[Task[Mapping[str, MadePage]]] = [lambda: written(other_pages(figures, lookback))]
    state = None
    if run.viewing and run.viewing.asks_state(cycle.results.cycle):
        # Whoever looks is told what is owed, so this process has to know the state itself.
        state = cycle_state(content, cycle.results)
    tasks.insert(0, lambda: _write_state(content, cycle.results, into, state))
    if run.helpers and into.known:
        people = run.helpers.set_people(content, cycle, into, run.key, elsewhere)
        done = [people, *(task() for task in tasks)]
    else:
        with stage(run.stages, "pages", len(cards)) as advance:
            setter, parts = PeopleSetter(figures, lookback, into), SLICES * jobs if jobs > 1 else 1
            ticks = ticks_for(jobs, advance)
            tasks += [partial(setter.write, cards[number::parts], ticks) for number in range(parts)]
            done = in_processes(tasks, jobs, ticks)
    made = {path: page for each in done for path, page in each.items()}
    into.tree.keep(made)
    for other in others:
        own = _write_in_language(other, run, into)
        made |= own
        into.tree.keep(own)
    if run.viewing:
        run.viewing.add(cycle.results, state, figures.catalog, lookback.follow_up)
    return made


def _write_state(content: Content, results: Results, into: Into, state: CycleState | None) -> Mapping[str, MadePage]:
    """Set the page of a cycle's state, unless it is there; the state is counted where nobody has done it yet."""
    page, key = status_path(results.cycle), state_key(content, results) if into.known else ""
    if not (key and into.known and into.known.holds(into.folder, page, key)):
        into.tree.write([status_page(state or cycle_state(content, results), content.say)])
    return {page: MadePage(key)}


def _write_in_language(other: InLanguage, run: CardRun, into: Into) -> Mapping[str, MadePage]:
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


class PeopleSetter:
    """Sets the pages of people of one cycle, but for those that are there."""

    def __init__(self, figures: Figures, lookback: Lookback, into: Into) -> None:
        self._figures, self._lookback, self._into = figures, lookback, into
        past = before(lookback.history, figures.results.cycle.period)
        self._keys = CardKeys(figures, past, into.known.made_from) if into.known else None
        self._compared = cards_before(figures.results, lookback.previous)

    def write(self, cards: Iterable[Card], ticks: Ticks | None = None) -> Mapping[str, MadePage]:
        """Write the pages of some cards; the key of each. `ticks` count the cards."""
        made, anew, known = dict[str, MadePage](), [], self._into.known
        for card in cards:
            page = page_of(card, self._figures)
            made[page] = MadePage(self._keys.of(card, self._compared.get(holder(card))) if self._keys else "")
            if not (known and known.holds(self._into.folder, page, made[page].key)):
                anew.append(card)
        if ticks:
            ticks.add(len(made) - len(anew))
        for named in people_pages(self._figures, self._lookback, anew):
            self._into.tree.write([named])
            if ticks:
                ticks.add()
        return made


def cycle_figures(content: Content, cycle: ScoredCycle, key: bytes) -> Figures:
    """What all pages of a cycle show figures by."""
    return figures_of(cycle.results, content.catalog_of(cycle.period), content.say, cycle.lookback, key)


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


def score_cycles(content: Content, periods: Collection[Period], run: CardRun | None = None) -> Iterator[ScoredCycle]:
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
                results = _scored(content, period, run)
                yield ScoredCycle(results, look_back(content, period, lookback))
            # Published cycles look back at what was sealed with them, so nothing is kept for those.
            if live and at < live[-1]:
                if results is None or period in content.seals:
                    results = past_results(content, period, has_items=at + 1 in live)
                lookback = Lookback(results, (*lookback.history, remember(results)))


def _scored(content: Content, period: Period, run: CardRun | None) -> Results:
    if run is None:
        return score_cycle(content, period)
    if run.helpers and period not in content.seals:
        return run.helpers.score(content, period)
    with stage(run.stages, "score", len(content.cycles[period].people)):
        return score_cycle(content, period)
