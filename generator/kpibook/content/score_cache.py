"""The cards of an open cycle, kept from one run to the next: only those are scored again of which something changed.

A card is believed where the rows of its person, the roles held, the numbers of departments and of the company that it
took, and all that decides everybody's are what they were. Cards are kept light, as lists and sums ask for them; who
sets a page has the whole card made. They stand below a sum that takes the secret of the pages to make: what anybody
else wrote there is never unpacked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from kpibook.base.periods import Period
from kpibook.base.signed_cache import SignedCache
from kpibook.content.card_inputs import CardInputs
from kpibook.content.loading import Content
from kpibook.content.results import scorer_for
from kpibook.reading.cycle.readings import Readings
from kpibook.scoring import without_garbage_collection
from kpibook.scoring.card_dependencies import CardDependencies, SharedNumber
from kpibook.scoring.card_pickling import Alike, CatalogPickler, light_card, shared_outcome, with_shared_outcome
from kpibook.scoring.results import Card
from kpibook.scoring.viewpoint import Viewpoint

SUFFIX = ".scores"
_NAME = re.compile(r"\.([0-9]{1,9})\.([0-9]{1,9})\.scores$")
MOST_FILES = 40
"""So many files at most: then all are made one for each process again."""
MANY = 5
"""Where one card of so many changed, all are written down again."""
LARGE = 20_000
"""Of more people than this no whole card stays in memory: it is made once for the lists, and again for its page."""
FORGET = 1000
"""After so many cards of them, the numbers of their cells are let go of."""
MOST_ALIKE = 20_000
"""So many items are looked for among others at once: most come once, and to know them all takes half of a card."""


Shared = tuple[SharedNumber, ...]


class CachedCard(NamedTuple):
    """A light card, and what it was made from."""

    inputs: bytes
    shared: int
    """Which numbers of others it took: the place of these in the list of the file."""
    alone: bytes
    """A fingerprint of the whole card; see `CardKeys.alone`."""
    card: Card


class OfRoles(NamedTuple):
    """The cards of those who hold just the same roles: packed apart, as they name what is in these by numbers."""

    roles: tuple[str, ...]
    made_from: bytes
    """What these roles were; see `CardInputs.of_roles`."""
    cards: bytes
    """By person, packed."""


class KeptFile(NamedTuple):
    """What one file holds."""

    numbers: Mapping[SharedNumber, bytes]
    """Of each shared number, a fingerprint of what it came to."""
    shared: Sequence[Shared]
    cards: Sequence[OfRoles]


class CycleCards:
    """The cards of one cycle: those that are kept, and those that were scored anew."""

    def __init__(self, content: Content, period: Period, inputs: CardInputs, folder: Path, secret: bytes) -> None:
        """`folder` has what is kept, `secret` guards it."""
        self.scorer = scorer_for(content, period)
        self._inputs, self._folder, self._period = inputs, folder, period
        self._is_weekly = bool(content.cycles[period].weekly)
        self._rows = self.scorer.lookup.roster.rows
        self._is_large = len(self._rows) > LARGE
        self._signed_cache = SignedCache(secret)
        self._alike: Alike = {}
        self._pickler = CatalogPickler([inputs.catalog])
        self._numbers: dict[SharedNumber, bytes] = {}
        self._kept: dict[str, tuple[bytes, Shared]] = {}
        """Of those whose card is kept and light: the fingerprint of the whole card, and what it took of others."""
        self._made: dict[str, Shared | None] = {}
        """Of all others: what their cards took of others; None where that cannot be told."""
        self._cards: dict[str, Card] = {}
        self._run, self._writes_all = 0, True

    def all(self) -> Sequence[Card]:
        """A card for everybody, some of them light; ranks and shares of pools are still to come."""
        files = sorted(self._folder.glob(f"{self._period}.*{SUFFIX}"), key=_order)
        with without_garbage_collection():
            known = {person: found for file in files for person, found in self._read(file)}
            same: dict[Shared, Shared] = {}
            for person in self._rows:
                kept, shared = known.get(person, (None, ()))
                if kept and kept.inputs == self._inputs.of(person):
                    self._kept[person], self._cards[person] = (kept.alone, shared), kept.card
                else:
                    dependencies = self.scorer.lookup.dependencies = CardDependencies()
                    card = self.scorer.card(person)
                    self._cards[person] = self._lightened(card) if self._is_large else card
                    took = tuple(dependencies.shared)
                    self._made[person] = None if dependencies.is_of_others else same.setdefault(took, took)
                    if self._is_large and not len(self._made) % FORGET:
                        self._forget_numbers()
        self._alike.clear()
        self._run = 1 + max((_order(file)[0] for file in files), default=0)
        self._writes_all = len(self._made) * MANY > len(self._cards) or len(files) > MOST_FILES
        with suppress(OSError):
            for file in files if self._writes_all else ():
                file.unlink(missing_ok=True)
        return list(self._cards.values())

    def whole(self, card: Card) -> Card:
        """The card with all that it came from."""
        is_light = self._is_large or card.person in self._kept
        return with_shared_outcome(self.scorer.card(card.person), shared_outcome(card)) if is_light else card

    def alone(self, card: Card) -> bytes | None:
        """The fingerprint of a card that is kept."""
        kept = self._kept.get(card.person)
        return kept[0] if kept else None

    def keep(self, alone: Mapping[str, bytes], part: int) -> None:
        """Write down cards by their people, each with its fingerprint, as one of the parts of this run.

        That it cannot be written is no fault: the next run scores all anew.
        """
        if self._is_large:
            self._forget_numbers()
        places: dict[Shared, int] = {}
        cards: dict[tuple[str, ...], dict[str, CachedCard]] = {}
        for person, found in alone.items():
            if (card := self._to_write(person)) and (shared := self._shared(person)) is not None:
                place, held = places.setdefault(shared, len(places)), self._inputs.held(self._rows[person])
                kept = CachedCard(self._inputs.of(person), place, found, self._light(card))
                cards.setdefault(held, {})[person] = kept
        if not cards:
            return
        numbers = {each: self._came_to(each) for shared in places for each in shared}
        parts = [self._packed(held, each) for held, each in cards.items()]
        file = self._folder / f"{self._period}.{self._run}.{part}{SUFFIX}"
        self._signed_cache.write(file, self._inputs.common, self._pickler.pack(KeptFile(numbers, list(places), parts)))

    def _packed(self, roles: tuple[str, ...], cards: Mapping[str, CachedCard]) -> OfRoles:
        self._pickler.number_roles(self._inputs.roles(roles))
        return OfRoles(roles, self._inputs.of_roles(roles), self._pickler.pack(cards))

    def _light(self, card: Card) -> Card:
        """The card as lists and sums ask for it."""
        return card if self._is_large else self._lightened(card)

    def _lightened(self, card: Card) -> Card:
        if len(self._alike) > MOST_ALIKE:
            self._alike.clear()
        return light_card(card, has_numbers=self._is_weekly, alike=self._alike)

    def _forget_numbers(self) -> None:
        numbers = self.scorer.lookup.cycle.actuals
        if isinstance(numbers, Readings):
            numbers.forget()

    def _to_write(self, person: str) -> Card | None:
        return self._cards[person] if self._writes_all or person in self._made else None

    def _shared(self, person: str) -> Shared | None:
        return self._kept[person][1] if person in self._kept else self._made[person]

    def _read(self, file: Path) -> Iterator[tuple[str, tuple[CachedCard, Shared]]]:
        """The cards of a file that took nothing of others that is another today; nothing of a file that is spoilt."""
        data = self._signed_cache.read(file, self._inputs.common)
        if data is not None:
            numbers, shared, parts = self._pickler.unpack(data)
            moved = {each for each, found in numbers.items() if self._came_to(each) != found}
            holds = [moved.isdisjoint(each) for each in shared]
            for part in parts:
                cards = self._unpacked(part).items()
                yield from ((person, (kept, shared[kept.shared])) for person, kept in cards if holds[kept.shared])

    def _unpacked(self, part: OfRoles) -> Mapping[str, CachedCard]:
        """The cards of those who hold some roles; none where one of these is another today."""
        if part.made_from != self._inputs.of_roles(part.roles):
            return {}
        self._pickler.number_roles(self._inputs.roles(part.roles))
        found: Mapping[str, CachedCard] = self._pickler.unpack(part.cards)
        return found

    def _came_to(self, number: SharedNumber) -> bytes:
        """The fingerprint of what a shared number comes to today."""
        found = self._numbers.get(number)
        if found is None:
            view = Viewpoint("", number.department, number.period, number.to_date)
            found = self._numbers[number] = self._inputs.fingerprint(self.scorer.lookup.number(view, number.name))
        return found


def _order(file: Path) -> tuple[int, int]:
    """The run that wrote a file, and the part of it; a file of another name is none of ours, and never believed."""
    found = _NAME.search(file.name)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def forget_cards(folder: Path, periods: Iterable[Period]) -> None:
    """Remove what is kept of other cycles."""
    kept = set(map(str, periods))
    for file in folder.glob(f"*{SUFFIX}*"):
        if file.name.partition(".")[0] not in kept:
            file.unlink(missing_ok=True)
