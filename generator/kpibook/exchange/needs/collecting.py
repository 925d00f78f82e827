"""The needs of a cycle, gathered from what its cards ask for and from what they wait for now."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from heapq import merge
from operator import attrgetter
from typing import NamedTuple

from kpibook.base.numbers import ZERO
from kpibook.exchange.needs.asking import Ask, Asked, CardAsks, Key, scores_of
from kpibook.exchange.needs.kinds import Need, NeedKind, State, kind_of
from kpibook.exchange.needs.raters import RatingNeed, RatingNeeds
from kpibook.model import Catalog, Cycle, SetAside
from kpibook.scoring.results import Card
from kpibook.scoring.sources import Missing

Place = tuple[int, int]
"""Where a need was found first: the number of the card, and its place on that."""
Group = tuple[NeedKind, int]
"""The kind of a need, and the place of its owner among the departments."""


class Placed(NamedTuple):
    """A need, and where it was found first."""

    place: Place
    need: Need


class Collector:
    """Gathers needs, each once.

    What people need for their own cards alone, and what is there, is nearly everything. It stands here as what cards
    ask for, which most people share; a need is made of it where somebody else needs it too, where it is missing, and
    for as long as somebody looks at it.
    """

    def __init__(self, catalog: Catalog, cycle: Cycle, ratings: RatingNeeds) -> None:
        self._catalog, self._cycle, self._ratings = catalog, cycle, ratings
        self._owners = {each: place for place, each in enumerate((*catalog.departments, ""))}
        self._cards = 0
        """How many were looked at."""
        self._found: dict[tuple[NeedKind, str, str], Placed] = {}
        self._own: dict[str, tuple[int, CardAsks]] = {}
        """By person: the number of the card, and what it asks for."""
        self._made_of: set[str] = set()
        """Those of whom needs were made."""
        self._conditional: list[Need] = []
        self._aside: dict[Key, list[SetAside]] = {}
        for row in cycle.set_aside:
            self._aside.setdefault((row.subject, row.key), []).append(row)

    def add_wanted(self, asked: Asked) -> None:
        """Everything that a card uses."""
        person, asks = asked.person, asked.asks
        number = self._next_card()
        if asked.is_unit:
            for at, ask in enumerate(asks.asks):
                self._use(ask, person, (number, at))
            return
        for at, ask in asks.of_others:
            self._use(ask, person, (number, at))
        for ask in asks.asks if person in self._made_of else ():
            if not ask.subject and (placed := self._found.get((ask.kind, person, ask.key))):
                placed.need.use(person, ask.weight)
        self._own[person] = number, asks

    def add_conditional(self, asked: Asked, exempted: Collection[tuple[str, str]]) -> None:
        """What a card uses where all its items apply; of those that do not apply only what is given all the same."""
        person, number = asked.person, self._next_card()
        for at, ask in enumerate(asked.asks.asks):
            if not ask.item or ask.stands:
                continue
            subject, applies = ask.subject or person, (person, ask.item) not in exempted
            if ask.kind is NeedKind.RATING and applies:
                self._use(ask, person, (number, at))
            elif ask.kind is NeedKind.NUMBER and (applies or (subject, ask.key) in self._cycle.actuals):
                is_new = not self._is_known(ask.kind, subject, ask.key)
                need = self._use(ask, person, (number, at))
                self._conditional += [need] if is_new and need else []

    def add_missing(self, card: Card) -> None:
        """What a card waits for now."""
        waiting = {gap: item.counts for item in scores_of(card) if item.missing for gap in item.missing}
        others = (*card.missing, *(gap for pay in card.pay for gap in pay.missing))
        if not (waiting or others):
            return
        number = self._next_card()
        for at, gap in enumerate((*waiting, *others)):
            kind = kind_of(gap, self._catalog)
            if kind and gap.period == self._cycle.period:
                ask = Ask(kind, gap.subject, gap.key, gap.owner, waiting.get(gap, ZERO))
                _lack(self._made(ask, card.person, (number, at)), gap)

    def needs(self) -> Iterator[Need]:
        """Everything that was found, each made when it is its turn; of a rating what each of its raters owes."""
        for need in self._conditional:
            if need.state is State.GIVEN and (need.subject, need.key) not in self._cycle.actuals:
                need.state = State.MISSING
        made: dict[Group, list[Placed]] = {}
        for placed in self._found.values():
            made.setdefault(self._group(placed.need.kind, placed.need.owner), []).append(placed)
        own = {id(asks): asks for _, asks in self._own.values()}
        places = {each: self._places(asks) for each, asks in own.items()}
        for group in sorted({*made, *(group for each in places.values() for group in each)}):
            of_group = {each: found[group] for each, found in places.items() if group in found}
            of_others = sorted(made.get(group, ()), key=attrgetter("place"))
            for placed in merge(of_others, self._own_needs(of_group), key=attrgetter("place")):
                yield from self._of_raters(placed.need)

    def _own_needs(self, places: Mapping[int, Collection[int]]) -> Iterator[Placed]:
        """What people need for their own cards alone, of one group: `places` are those of it by what cards ask for."""
        for person, (number, asks) in self._own.items():
            is_made = person in self._made_of
            for at in places.get(id(asks), ()):
                ask = asks.asks[at]
                if not (is_made and (ask.kind, person, ask.key) in self._found):
                    yield Placed((number, at), Need(ask.kind, person, ask.key, ask.owner, person, ask.weight))

    def _places(self, asks: CardAsks) -> Mapping[Group, Collection[int]]:
        """By group, the places of what a person asks for of the own numbers, each number once."""
        found: dict[Group, dict[str, int]] = {}
        for at, ask in enumerate(asks.asks):
            if not ask.subject:
                found.setdefault(self._group(ask.kind, ask.owner), {}).setdefault(ask.key, at)
        return {group: tuple(places.values()) for group, places in found.items()}

    def _group(self, kind: NeedKind, owner: str) -> Group:
        return kind, self._owners.get(owner, len(self._owners))

    def _of_raters(self, need: Need) -> Iterator[Need]:
        """What each rater owes, where it is a rating and raters are known."""
        is_rating = need.kind is NeedKind.RATING
        found = [each for each in self._ratings.of(need.subject) if each.indicator == need.key] if is_rating else ()
        yield from (self._of_rater(need, rating) for rating in found) if found else (need,)

    def _of_rater(self, need: Need, rating: RatingNeed) -> Need:
        aside = None if rating.given(self._cycle) else rating.set_aside(self._aside.get(rating.about, ()))
        state = State.SET_ASIDE if aside else State.MISSING
        own = State.GIVEN if rating.given(self._cycle) else state
        return replace(need, state=own, set_aside=aside, rater=rating.rater, relation=rating.relation.value)

    def _next_card(self) -> int:
        self._cards += 1
        return self._cards

    def _is_known(self, kind: NeedKind, subject: str, key: str) -> bool:
        return (kind, subject, key) in self._found or self._own_ask(kind, subject, key) is not None

    def _use(self, ask: Ask, person: str, place: Place) -> Need | None:
        """A card uses it; None where it is the person's own and known as such, so that nothing is new."""
        is_made = bool(ask.subject) or (ask.kind, person, ask.key) in self._found
        if not is_made and self._own_ask(ask.kind, person, ask.key):
            return None
        return self._made(ask, person, place)

    def _made(self, ask: Ask, person: str, place: Place) -> Need:
        """The need, made if it is not yet, and used by a card."""
        subject = ask.subject or person
        at = (ask.kind, subject, ask.key)
        placed = self._found.get(at)
        if placed is None:
            need, own = Need(ask.kind, subject, ask.key, ask.owner), self._own_ask(ask.kind, subject, ask.key)
            if own:
                place, first = own
                need = Need(ask.kind, subject, ask.key, first.owner, subject, first.weight)
            placed = self._found[at] = Placed(place, need)
            self._made_of.add(subject)
        placed.need.use(person, ask.weight)
        return placed.need

    def _own_ask(self, kind: NeedKind, subject: str, key: str) -> tuple[Place, Ask] | None:
        """What a person's own card asks for, and where."""
        number, asks = self._own.get(subject, (0, None))
        for at, ask in enumerate(asks.asks if asks else ()):
            if not ask.subject and ask.key == key and ask.kind is kind:
                return (number, at), ask
        return None


def _lack(need: Need, gap: Missing) -> None:
    """It is missing now, or its row was set aside; of several rows the first that was counts."""
    if not need.set_aside:
        need.state = State.SET_ASIDE if gap.set_aside else State.MISSING
        need.set_aside = gap.set_aside
