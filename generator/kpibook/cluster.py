"""A build on a cluster: the people of open cycles are scored and set part by part, by the workers of Dask.

Processes of this machine do it in the same way where the system forks none. Everybody reads the same two folders and
writes into the same staged ones, below a folder that all machines share. A part that was with a worker that is lost is
done again by another; pages are written whole, so that harms nothing. Lists and sums are made here, from light cards;
no worker holds more cards than those of its part.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from kpibook.base.parallel import spawned_processes
from kpibook.base.periods import Period
from kpibook.base.problems import Failure, Place, Problem
from kpibook.base.progress import SILENT, Stages, stage
from kpibook.content import Content, score_with
from kpibook.pages.figures import page_id
from kpibook.pages.lookback import Lookback
from kpibook.publishing.page_cache import CachedPage
from kpibook.publishing.site import PagesSet
from kpibook.publishing.site.shells import PageShells
from kpibook.scoring import without_garbage_collection
from kpibook.scoring.card_pickling import light_card, shared_outcome
from kpibook.scoring.results import Card, Results
from kpibook.typesetting import Into, ScoredCycle, cycle_figures
from kpibook.worker import (
    ClusterError,
    PagesTarget,
    Part,
    PartReport,
    Sources,
    pickler_of,
    read_sources,
    render_part,
    score_part,
    set_part,
    sources_in,
    sources_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from distributed import Client, Future

PEOPLE = 1000
"""So many people make a part: a second or two of work, and some megabytes."""
WAIT = "30s"
"""How long a cluster has to answer, and to have a worker."""


class BegunWork(Protocol):
    """Work that others have begun."""

    def as_done(self) -> Iterator[int]:
        """The number of each piece once it is done."""

    def results(self) -> list[Any]:
        """What came of each, in their order."""


class Workers(Protocol):
    """Who does the work, elsewhere."""

    def begin(self, work: Callable[..., Any], asked: Sequence[tuple[Any, ...]]) -> AbstractContextManager[BegunWork]:
        """Begin the work for each; what is not done when the block ends, as it fails, is not begun any more."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Workers as helpers of a build."""

    workers: Workers
    sources: Sources
    stages: Stages = SILENT
    """Who is told how far it has come."""
    meanwhile: Callable[[], object] = tuple
    """What this process does while the others score."""

    def score(self, content: Content, period: Period) -> Results:
        """The results of an open cycle, with light cards."""
        people = _people(content, period)
        count = max(1, -(-people // PEOPLE))
        asked = [(self.sources, Part(str(period), number, count)) for number in range(count)]
        sizes = [len(range(number, people, count)) for number in range(count)]
        pickler = pickler_of(content, period)
        with without_garbage_collection(), self._begun("score", score_part, asked, sizes) as done:
            self.meanwhile()
            slices = [pickler.unpack(each) for each in done()]
        return score_with(content, period, None, [slices[at % count][at // count] for at in range(people)])

    @contextmanager
    def set_people(
        self, content: Content, cycle: ScoredCycle, into: Into, key: bytes, elsewhere: Collection[str]
    ) -> Iterator[Callable[[], Mapping[str, CachedPage]]]:
        """Begin to write the pages of all people, but for those that are there.

        What is given waits for them and tells what each was made from. The pages of those are left out whose ids in
        small letters are `elsewhere`.
        """
        tell = _PartReporter(content, cycle)
        silent = cycle_figures(content, cycle, key).silent_rankings
        parts, asked = [cycle.results.cards[at : at + PEOPLE] for at in range(0, len(cycle.results.cards), PEOPLE)], []
        for own in parts:
            pages = [f"{cycle.period}/p/{page_id(key, cycle.period, card.person)}.md" for card in own]
            known = into.known.only(pages) if into.known else None
            target = PagesTarget(into.folder.resolve(), known, key, elsewhere, silent)
            asked.append((self.sources, tell.of(own), target))
        with self._begun("pages", set_part, asked, list(map(len, parts))) as done:
            yield lambda: {page: made for each in done() for page, made in each.items()}

    def render(self, markdown: "Path", shells: PageShells, site: "Path", keys: Mapping[str, str]) -> Sequence[PagesSet]:
        """Fill pages into shells and write them into the site."""
        pages = list(keys)
        parts = [pages[at : at + PEOPLE] for at in range(0, len(pages), PEOPLE)]
        asked = [(markdown.resolve(), shells, site.resolve(), {page: keys[page] for page in part}) for part in parts]
        with self._begun("site", render_part, asked, list(map(len, parts))) as done:
            return done()

    @contextmanager
    def _begun(
        self, name: str, work: Callable[..., Any], asked: Sequence[tuple[Any, ...]], sizes: Sequence[int]
    ) -> Iterator[Callable[[], list[Any]]]:
        """Work that is told as a stage, and what waits for it; `sizes` are how many people or pages each is about."""
        with stage(self.stages, name, sum(sizes)) as advance, self.workers.begin(work, asked) as begun:

            def done() -> list[Any]:
                for number in begun.as_done():
                    advance(sizes[number])
                return begun.results()

            yield done


class _PartReporter:
    """Tells parts of a cycle what their people cannot know by themselves."""

    def __init__(self, content: Content, cycle: ScoredCycle) -> None:
        lookback: Lookback = cycle.lookback
        self._period, self._lookback = cycle.period, lookback
        self._pickler = pickler_of(content, cycle.period)
        self._before: Mapping[str, Card] = {}
        if lookback.previous:
            before = lookback.previous.cycle.period
            self._is_published = before in content.seals
            periods = (cycle.period, before) if self._is_published else (before,)
            self._pickler_before = pickler_of(content, *periods)
            self._before = {card.person.casefold(): card for card in lookback.previous.cards}

    def of(self, cards: Sequence[Card]) -> PartReport:
        """What the people of these cards are told."""
        people = [card.person.casefold() for card in cards]
        follow_up, own = self._lookback.follow_up, self._pickler.pack(list(map(shared_outcome, cards)))
        missed = follow_up.missed_before if follow_up else {}
        told = PartReport(
            str(self._period),
            own,
            history=[
                replace(past, marks=_of_people(past.marks, people), withheld=frozenset())
                for past in self._lookback.history
            ],
            missed_before=_of_people(missed, people),
        )
        if self._lookback.previous is None:
            return told
        before = [self._before[person] for person in people if person in self._before]
        told_before = partial(light_card, has_numbers=True) if self._is_published else shared_outcome
        packed = self._pickler_before.pack(list(map(told_before, before)))
        return told._replace(before=str(self._lookback.previous.cycle.period), together_before=packed)


def _of_people(found: Mapping[str, Any], people: Sequence[str]) -> Mapping[str, Any]:
    return {person: found[person] for person in people if person in found}


def _people(content: Content, period: Period) -> int:
    return len({row.person for row in content.cycles[period].people})


class DaskWorkers(NamedTuple):
    """The workers of a Dask cluster; a part whose worker is lost goes to another one."""

    client: "Client"

    @contextmanager
    def begin(self, work: Callable[..., Any], asked: Sequence[tuple[Any, ...]]) -> Iterator["OnDask"]:
        """Begin the work for each."""
        futures = [self.client.submit(work, *each, pure=False) for each in asked]
        try:
            yield OnDask(self.client, futures)
        finally:
            self.client.cancel(futures)


class OnDask(NamedTuple):
    """Work that a Dask cluster has begun."""

    client: "Client"
    futures: Sequence["Future"]

    def as_done(self) -> Iterator[int]:
        """The number of each piece once it is done."""
        from distributed import as_completed

        numbers = {future.key: number for number, future in enumerate(self.futures)}
        for future in as_completed(self.futures, loop=self.client.loop):
            yield numbers[future.key]

    def results(self) -> list[Any]:
        """What came of each, in their order."""
        try:
            return list(self.client.gather(self.futures))
        except Failure:
            raise
        except Exception as err:
            reason = f"{type(err).__name__}: {err}"
            raise ClusterError([Problem("cluster-failed", Place("site"), {"reason": reason}, is_public=True)]) from err


@contextmanager
def workers_at(address: str, handbook: "Path", scorecards: "Path") -> Iterator[DaskWorkers]:
    """The workers of the cluster whose scheduler answers under an address; each begins to read both folders at once.

    Raises:
        ImportError: Dask is not installed.
        ClusterError: nobody answers, or no worker is there.
    """
    from distributed import Client

    try:
        client = Client(address, timeout=WAIT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as err:
        raise _unreachable(address, err) from err
    with client:
        try:
            client.wait_for_workers(1, timeout=WAIT)
        except TimeoutError as err:
            raise _unreachable(address, err) from err
        sources = sources_in(handbook, scorecards)
        # While the caller reads, too: nobody has to wait for the other. Who changes a file meanwhile has it read again.
        reading = [client.submit(read_sources, sources, workers=[each], pure=False) for each in client.nthreads()]
        try:
            yield DaskWorkers(client)
        finally:
            client.cancel(reading)


@contextmanager
def cluster_at(address: str, content: Content, stages: Stages = SILENT) -> Iterator[Cluster]:
    """The cluster whose scheduler answers under an address, for a content that was read; see `workers_at`."""
    with workers_at(address, content.handbook, content.scorecards) as workers:
        yield Cluster(workers, sources_of(content), stages)


@contextmanager
def processes_at(jobs: int, content: Content, stages: Stages = SILENT) -> Iterator[Cluster | None]:
    """At most `jobs` new processes of this machine; None where the company is too small for two."""
    parts = max((-(-_people(content, period) // PEOPLE) for period in content.cycles), default=1)
    if min(jobs, parts) <= 1:
        yield None
        return
    with spawned_processes(min(jobs, parts)) as workers:
        yield Cluster(workers, sources_of(content), stages)


def _unreachable(address: str, err: Exception) -> ClusterError:
    values = {"address": address, "reason": str(err) or type(err).__name__}
    return ClusterError([Problem("cluster-unreachable", Place("site"), values, is_public=True)])
