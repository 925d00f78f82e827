"""A build on a cluster: the people of open cycles are scored and set part by part, by the workers of Dask.

Processes of this machine do it in the same way where the system forks none. Everybody reads the same two folders and
writes into the same staged ones, below a folder that all machines share. A part that was with a worker that is lost is
done again by another; pages are written whole, so that harms nothing. Lists and sums are made here, from light cards;
no worker holds more cards than those of its part.
"""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from kpibook import __version__
from kpibook.base.output import PRIVATE, Tree, disk_errors
from kpibook.base.parallel import spawned
from kpibook.base.periods import Period
from kpibook.base.problems import Failure, Place, Problem
from kpibook.base.progress import SILENT, Stages, stage
from kpibook.content import Content, lookback_of, read, score_with, scorer_for
from kpibook.pages.figures import page_id
from kpibook.publishing.kept_pages import KeptPages, MadePage
from kpibook.publishing.site import PageSetter, PagesSet
from kpibook.publishing.site.shells import PageShells
from kpibook.publishing.stamps import digest_of, folder_digest
from kpibook.reading.own_catalogs import catalog_digest
from kpibook.scoring import no_collection
from kpibook.scoring.parcels import Parcels, light
from kpibook.scoring.results import Card, Results
from kpibook.setting import Into, PeopleSetter, ScoredCycle, cycle_figures

if TYPE_CHECKING:
    from distributed import Client

PEOPLE = 1000
"""So many people make a part: a second or two of work, and some megabytes."""
WAIT = "30s"
"""How long a cluster has to answer, and to have a worker."""


class ClusterError(Failure):
    """The cluster cannot do it; what was published before is untouched."""


class Workers(Protocol):
    """Who does the work, elsewhere."""

    def all(self, work: Callable[..., Any], asked: Sequence[tuple[Any, ...]], advance: Callable[[], None]) -> list[Any]:
        """What comes of the work for each, in their order; `advance` is called after each."""


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


@dataclass(frozen=True, slots=True)
class Cluster:
    """Workers as helpers of a build."""

    workers: Workers
    sources: Sources
    stages: Stages = SILENT
    """Who is told how far it has come."""

    def score(self, content: Content, period: Period) -> Results:
        """The results of an open cycle, with light cards."""
        parts = _parts(content, period)
        packed = self._all("score", score_part, [(self.sources, part) for part in parts])
        parcels = Parcels(content.catalog_of(period))
        slices = [parcels.unpacked(each) for each in packed]
        cards = [slices[at % len(slices)][at // len(slices)] for at in range(sum(map(len, slices)))]
        return score_with(content, period, None, cards)

    def set_people(
        self, content: Content, cycle: ScoredCycle, into: Into, key: bytes, elsewhere: Collection[str] = ()
    ) -> Mapping[str, MadePage]:
        """Write the pages of all people, but for those that are there; what each was made from.

        The pages of those are left out whose ids in small letters are `elsewhere`.
        """
        parcels, cards, asked = Parcels(content.catalog_of(cycle.period)), cycle.results.cards, []
        parts = _parts(content, cycle.period)
        for part in parts:
            own = cards[part.number :: part.parts]
            pages = [f"{cycle.period}/p/{page_id(key, cycle.period, card.person)}.md" for card in own]
            known = into.known.only(pages) if into.known else None
            target = Target(into.folder.resolve(), known, key, elsewhere)
            asked.append((self.sources, part, parcels.packed(own), target))
        done = self._all("pages", set_part, asked)
        return {page: made for each in done for page, made in each.items()}

    def render(self, markdown: Path, shells: PageShells, site: Path, keys: Mapping[str, str]) -> Sequence[PagesSet]:
        """Fill pages into shells and write them into the site."""
        pages = list(keys)
        parts = [pages[at : at + PEOPLE] for at in range(0, len(pages), PEOPLE)]
        asked = [(markdown.resolve(), shells, site.resolve(), {page: keys[page] for page in part}) for part in parts]
        return self._all("site", render_part, asked)

    def _all(self, name: str, work: Callable[..., Any], asked: Sequence[tuple[Any, ...]]) -> list[Any]:
        """What the workers make of each, told as a stage."""
        with stage(self.stages, name, len(asked) * PEOPLE) as advance:
            return self.workers.all(work, asked, lambda: advance(PEOPLE))


def _parts(content: Content, period: Period) -> list[Part]:
    people = len({row.person for row in content.cycles[period].people})
    count = max(1, -(-people // PEOPLE))
    return [Part(str(period), number, count) for number in range(count)]


class DaskWorkers(NamedTuple):
    """The workers of a Dask cluster; a part whose worker is lost goes to another one."""

    client: "Client"

    def all(self, work: Callable[..., Any], asked: Sequence[tuple[Any, ...]], advance: Callable[[], None]) -> list[Any]:
        """What comes of the work for each, in their order; `advance` is called after each."""
        from distributed import as_completed

        futures = [self.client.submit(work, *each, pure=False) for each in asked]
        try:
            for _ in as_completed(futures, loop=self.client.loop):
                advance()
            return list(self.client.gather(futures))
        except Failure:
            raise
        except Exception as err:
            reason = f"{type(err).__name__}: {err}"
            raise ClusterError([Problem("cluster-failed", Place("site"), {"reason": reason}, is_public=True)]) from err
        finally:
            self.client.cancel(futures)


@contextmanager
def cluster_at(address: str, content: Content, stages: Stages = SILENT) -> Iterator[Cluster]:
    """The cluster whose scheduler answers under an address.

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
        yield Cluster(DaskWorkers(client), _sources(content), stages)


@contextmanager
def processes_at(jobs: int, content: Content, stages: Stages = SILENT) -> Iterator[Cluster | None]:
    """At most `jobs` new processes of this machine; None where the company is too small for two."""
    parts = max((len(_parts(content, period)) for period in content.cycles), default=1)
    if min(jobs, parts) == 1:
        yield None
        return
    with spawned(min(jobs, parts)) as workers:
        yield Cluster(workers, _sources(content), stages)


def _sources(content: Content) -> Sources:
    handbook, scorecards = content.handbook.resolve(), content.scorecards.resolve()
    return Sources(handbook, scorecards, _digest(handbook, scorecards))


def _unreachable(address: str, err: Exception) -> ClusterError:
    values = {"address": address, "reason": str(err) or type(err).__name__}
    return ClusterError([Problem("cluster-unreachable", Place("site"), values, is_public=True)])


def _digest(handbook: Path, scorecards: Path) -> str:
    return digest_of(__version__, catalog_digest(handbook), folder_digest(scorecards))


def score_part(sources: Sources, part: Part) -> bytes:
    """On a worker: the light cards of a part, each made by itself, packed."""
    with _DESK.content(sources) as content:
        period = Period.parse(part.period)
        return Parcels(content.catalog_of(period)).packed([light(card) for card in _cards(content, period, part)])


class Target(NamedTuple):
    """Where pages go, what is known of those that are there, and the secret of their names."""

    folder: Path
    known: KeptPages | None
    key: bytes
    elsewhere: Collection[str] = ()
    """The ids in small letters of those whose pages are set elsewhere, in their own language."""


def set_part(sources: Sources, part: Part, packed: bytes, target: Target) -> Mapping[str, MadePage]:
    """On a worker: write the pages of a part; `packed` are its light cards with what only all cards together tell."""
    folder, known, key, elsewhere = target
    with _DESK.content(sources) as content, disk_errors(folder):
        period = Period.parse(part.period)
        told = Parcels(content.catalog_of(period)).unpacked(packed)
        whole = _cards(content, period, part)
        cards = tuple(replace(card, spans=full.spans) for card, full in zip(told, whole, strict=True))
        cycle = ScoredCycle(Results(content.cycles[period], cards), lookback_of(content, period))
        figures = cycle_figures(content, cycle, key)
        # Cards name others, too; all that they tell of these are the names.
        figures.names = {row.person.casefold(): row.name for row in content.cycles[period].people}
        setter = PeopleSetter(figures, cycle.lookback, Into(Tree(folder, PRIVATE), folder, known))
        return setter.write(card for card in cards if card.person.casefold() not in elsewhere)


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


def _cards(content: Content, period: Period, part: Part) -> list[Card]:
    scorer = scorer_for(content, period)
    with no_collection():
        return [scorer.card(person) for person in list(scorer.lookup.roster.rows)[part.number :: part.parts]]


@dataclass(slots=True)
class _Desk:
    """What a worker has read, until it is asked about something else; one part of work at a time."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    sources: Sources | None = None
    content_read: Content | None = None

    @contextmanager
    def content(self, sources: Sources) -> Iterator[Content]:
        """The content of both folders, read once.

        Raises:
            ClusterError: this machine reads something else under these names.
        """
        with self.lock:
            if self.sources != sources or self.content_read is None:
                self.sources = self.content_read = None
                if _digest(sources.handbook, sources.scorecards) != sources.digest:
                    raise ClusterError([Problem("cluster-differs", Place("site"), is_public=True)])
                self.content_read, self.sources = read(sources.handbook, sources.scorecards), sources
            yield self.content_read


_DESK = _Desk()
"""A worker lives on between two parts of work."""
