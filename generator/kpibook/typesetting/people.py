"""The Markdown of people's cards, but for the pages that are there as they would be made."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from kpibook.base.output import Tree
from kpibook.base.progress import Ticks
from kpibook.content import Content
from kpibook.content.score_cache import CycleCards
from kpibook.pages.cards.keys import CardKeys
from kpibook.pages.cycles.rendering import cards_before, figures_of, holder, page_of, people_pages
from kpibook.pages.figures import Figures
from kpibook.pages.lookback import Lookback, cycles_before
from kpibook.publishing.page_cache import CachedPage, PageCache
from kpibook.scoring import without_garbage_collection
from kpibook.scoring.results import Card
from kpibook.typesetting.scored import ScoredCycle

Each = TypeVar("Each")

SLICES = 4
"""Into so many parts for each process the people of a cycle are cut, at least, so that all have work up to the end."""
MOST = 5_000
"""So many people at most make a part: what its process takes of memory is given back when it is done."""


class Into(NamedTuple):
    """Where the pages of a cycle go, and what is known of those that are there."""

    tree: Tree
    folder: Path
    known: PageCache | None
    """What is known of the pages of people that are there; None where all are to be set."""


class PeopleSetter:
    """Sets the pages of people of one cycle, but for those that are there."""

    def __init__(self, figures: Figures, lookback: Lookback, into: Into, known_cards: CycleCards | None = None) -> None:
        self._figures, self._lookback, self._into, self._cards = figures, lookback, into, known_cards
        past = cycles_before(lookback.history, figures.results.cycle.period)
        self._keys = CardKeys(figures, past, into.known.made_from) if into.known else None
        self._compared = cards_before(figures.results, lookback.previous)

    def write(self, cards: Iterable[Card], ticks: Ticks | None = None, part: int = 0) -> Mapping[str, CachedPage]:
        """Write the pages of some cards, one of several parts of all; the key of each. `ticks` count the cards."""
        made, alone = dict[str, CachedPage](), dict[str, bytes]()
        with without_garbage_collection():
            for named in people_pages(self._figures, self._lookback, self._anew(cards, made, alone, ticks)):
                self._into.tree.write([named])
                if ticks:
                    ticks.add()
        if self._cards:
            self._cards.keep(alone, part)
        return made

    def some(self, cards: Iterable[Card], wanted: Collection[str]) -> Iterator[tuple[str, str]]:
        """The pages of cards that are wanted, without anything written."""
        asked = (self._whole(card) for card in cards if page_of(card, self._figures) in wanted)
        return people_pages(self._figures, self._lookback, asked)

    def _anew(
        self, cards: Iterable[Card], made: dict[str, CachedPage], alone: dict[str, bytes], ticks: Ticks | None
    ) -> Iterator[Card]:
        """The whole cards whose pages are to be set, one by one; of all cards what their pages are made from.

        No more than one whole card need be in memory. `alone` takes up the fingerprint of each card.
        """
        known = self._into.known
        for card in cards:
            page, key, whole = page_of(card, self._figures), "", card
            if self._keys:
                found = self._cards.alone(card) if self._cards else None
                if found is None:
                    whole = self._whole(card)
                    found = self._keys.alone(whole)
                alone[card.person] = found
                key = self._keys.of(card, found, self._compared.get(holder(card)))
            made[page] = CachedPage(key)
            if not (known and known.holds(self._into.folder, page, key)):
                yield self._whole(card) if whole is card else whole
            elif ticks:
                ticks.add()

    def _whole(self, card: Card) -> Card:
        return self._cards.whole(card) if self._cards else card


def cycle_figures(content: Content, cycle: ScoredCycle, key: bytes) -> Figures:
    """What all pages of a cycle show figures by."""
    return figures_of(cycle.results, content.catalog_of(cycle.period), content.say, cycle.lookback, key)


def in_parts(cards: Sequence[Each], jobs: int) -> Iterator[Sequence[Each]]:
    """The cards, cut into parts for so many processes: neighbours together, as they are neighbours in memory, too.

    A process copies of the memory that it shares each page that it looks at.
    """
    parts = max(SLICES * jobs, -(-len(cards) // MOST)) if jobs > 1 else 1
    size = max(1, -(-len(cards) // parts))
    return (cards[at : at + size] for at in range(0, len(cards), size))
