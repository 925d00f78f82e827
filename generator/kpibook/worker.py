"""A part of the people of a cycle, scored and set by a worker, which has read all files and makes the cards of its part
alone; what only all cards together decide, such as ranks, it is told.
"""

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from kpibook import __version__
from kpibook.base.output import PRIVATE, Tree, disk_errors
from kpibook.base.periods import Period
from kpibook.base.problems import Failure, Place, Problem
from kpibook.content import Content, follow_up_of, read, scorer_for
from kpibook.pages.lookback import Lookback, PastCycle
from kpibook.publishing.page_cache import CachedPage, PageCache
from kpibook.publishing.site import PageSetter, PagesSet
from kpibook.publishing.site.shells import PageShells
from kpibook.publishing.stamps import digest_of, folder_digest
from kpibook.reading.own_catalogs import catalog_digest
from kpibook.scoring import without_garbage_collection
from kpibook.scoring.card_pickling import Alike, CatalogPickler, SharedOutcome, light_card, with_shared_outcome
from kpibook.scoring.renamed_ids import with_successors
from kpibook.scoring.results import Card, Results
from kpibook.typesetting import Into, PeopleSetter, ScoredCycle, cycle_figures


class ClusterError(Failure):
    """The cluster cannot do it; what was published before is untouched."""


class Sources(NamedTuple):
    """The folders that every machine reads, and what tells whether all read the same."""

    handbook: Path
    scorecards: Path
    digest: str
    """A hash over the program and the bytes of both: a machine that finds another one reads something else."""


class Part(NamedTuple):
    """Every nth person of a cycle, from the one of this number on."""

    period: str
    number: int
    parts: int


class PartReport(NamedTuple):
    """What the people of a part cannot know by themselves."""

    period: str
    together: bytes
    """What all cards together decide of each of them, packed, in their order."""
    before: str = ""
    """The cycle whose cards theirs are compared with; empty for none."""
    together_before: bytes = b""
    """The same of that cycle where it was not published; else their cards."""
    history: Sequence[PastCycle] = ()
    """Earlier cycles, with the marks of these people alone."""
    missed_before: Mapping[str, frozenset[str]] = {}


class PagesTarget(NamedTuple):
    """Where pages go, what is known of those that are there, and the secret of their names."""

    folder: Path
    known: PageCache | None
    key: bytes
    elsewhere: Collection[str] = ()
    """The ids in small letters of those whose pages are set elsewhere, in their own language."""
    silent_rankings: frozenset[str] = frozenset()
    """The groups whose ranks not even cards tell."""


def sources_in(handbook: Path, scorecards: Path) -> Sources:
    """Both folders, as they are now."""
    handbook, scorecards = handbook.resolve(), scorecards.resolve()
    return Sources(handbook, scorecards, _digest(handbook, scorecards))


def sources_of(content: Content) -> Sources:
    """The folders of a content, as they are now."""
    return sources_in(content.handbook, content.scorecards)


def _digest(handbook: Path, scorecards: Path) -> str:
    return digest_of(__version__, catalog_digest(handbook), folder_digest(scorecards))


def read_sources(sources: Sources) -> None:
    """On a worker: read the folders before any part of work comes; what is wrong is told with that."""
    with suppress(Failure), _DESK.read(sources):
        pass


def score_part(sources: Sources, part: Part) -> bytes:
    """On a worker: the light cards of a part, each made by itself, packed."""
    with _DESK.read(sources) as known:
        period = Period.parse(part.period)
        scorer = known.scorer(period)
        people = list(scorer.lookup.roster.rows)[part.number :: part.parts]
        with without_garbage_collection():
            # Who asks for the state of a cycle hears how far numbers are that come week by week.
            has_numbers, alike = bool(scorer.lookup.cycle.weekly), Alike()
            cards = [light_card(scorer.card(person), has_numbers=has_numbers, alike=alike) for person in people]
        return known.pickler(period).pack(cards)


def set_part(sources: Sources, told: PartReport, target: PagesTarget) -> Mapping[str, CachedPage]:
    """On a worker: write the pages of the people of a part."""
    with _DESK.read(sources) as known, disk_errors(target.folder):
        period, content = Period.parse(told.period), known.content
        follow_up = replace(known.follow_up(period), missed_before=told.missed_before)
        lookback = Lookback(_results_before(known, period, told), told.history, follow_up=follow_up)
        cards = known.cards(period, told.together)
        cycle = ScoredCycle(Results(content.cycles[period], cards), lookback)
        figures = cycle_figures(content, cycle, target.key)
        # Of others cards tell the names, and they decide whose rank is told.
        figures.names = known.names(period)
        figures.silent_rankings = target.silent_rankings
        into = Into(Tree(target.folder, PRIVATE), target.folder, target.known)
        setter = PeopleSetter(figures, lookback, into)
        return setter.write(card for card in cards if card.person.casefold() not in target.elsewhere)


def _results_before(known: "LoadedContent", period: Period, told: PartReport) -> Results | None:
    """The cards of these people in the cycle before, in the ids of this one."""
    if not told.before:
        return None
    before, content = Period.parse(told.before), known.content
    if before in content.seals:
        return Results(content.cycles[before], known.pickler(period, before).unpack(told.together_before))
    results = Results(content.cycles[before], known.cards(before, told.together_before))
    ids = content.successors(before, content.catalog_of(period))
    return results if ids.is_empty else with_successors(results, ids)


def render_part(markdown: Path, shells: PageShells, site: Path, keys: Mapping[str, str]) -> PagesSet:
    """On a worker: write the web pages of some pages."""
    with disk_errors(site):
        return PageSetter(markdown, shells, Tree(site, PRIVATE)).write(keys, keys, _OnDisk(markdown))


class _OnDisk:
    """The pages below a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, bool] = {}

    def __contains__(self, page: object) -> bool:
        name = str(page)
        if name not in self._known:
            self._known[name] = bool(name) and (self._folder / name).is_file()
        return self._known[name]


LATEST = 2
"""Of so many cycles a worker keeps what follows from them: a cycle and the one before; of others nothing is asked."""


class LoadedContent:
    """What was read, and what follows from it for the parts of one cycle and of the one before."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.scorer = lru_cache(LATEST)(partial(scorer_for, content))
        """What makes the cards of a cycle."""
        self.pickler = lru_cache(2 * LATEST)(partial(pickler_of, content))
        """What packs cards of a cycle, or of one in the ids of another one."""
        self.follow_up = lru_cache(LATEST)(partial(follow_up_of, content))
        """What became of the results of a cycle."""
        self.names = lru_cache(LATEST)(partial(_names, content))
        """The names of all people of a cycle, by their id in small letters."""

    def cards(self, period: Period, together: bytes) -> tuple[Card, ...]:
        """The cards of people of whom is told what all cards together decide."""
        told: Sequence[SharedOutcome] = self.pickler(period).unpack(together)
        scorer = self.scorer(period)
        with without_garbage_collection():
            return tuple(with_shared_outcome(scorer.card(each.person), each) for each in told)


def _names(content: Content, period: Period) -> Mapping[str, str]:
    return {row.person.casefold(): row.name for row in content.cycles[period].people}


def pickler_of(content: Content, *periods: Period) -> CatalogPickler:
    """What packs cards of some cycles, for a process that has read the same."""
    rows = (row for period in periods for row in content.cycles[period].people)
    return CatalogPickler(map(content.catalog_of, periods), rows)


@dataclass(slots=True)
class _LastSources:
    """What a worker has read, until it is asked about something else; one part of work at a time."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    sources: Sources | None = None
    known: LoadedContent | None = None

    @contextmanager
    def read(self, sources: Sources) -> Iterator[LoadedContent]:
        """The content of both folders, read once.

        Raises:
            ClusterError: this machine reads something else under these names.
        """
        with self.lock:
            if self.sources != sources or self.known is None:
                self.sources = self.known = None
                if _digest(sources.handbook, sources.scorecards) != sources.digest:
                    raise ClusterError([Problem("cluster-differs", Place("site"), is_public=True)])
                self.known, self.sources = LoadedContent(read(sources.handbook, sources.scorecards)), sources
            yield self.known


_DESK = _LastSources()
"""A worker lives on between two parts of work."""
