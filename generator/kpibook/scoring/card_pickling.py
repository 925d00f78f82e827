"""Cards on their way from one process to another: light ones, in which entries of the catalog go by their number.

Both processes have read the same catalog. A light card has what lists and sums ask for, and not how it came about: that
is made again where its page is set, and only what all cards together decide comes back.
"""

import io
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from pydantic import BaseModel

from kpibook.model import Catalog, Role
from kpibook.rules.formulas import Formula, Node
from kpibook.scoring.results import Card, ItemScore, PayOutcome, StreakOutcome


class SharedOutcome(NamedTuple):
    """What all cards together decide of one of them: its rank, its shares of pools, its streaks."""

    person: str
    rank: int | None
    ranked: int
    pay: tuple[PayOutcome, ...]
    """Empty where it is as the card alone has it."""
    streaks: tuple[StreakOutcome, ...]


Alike = dict[tuple[object, ...], ItemScore]
"""Items of light cards by what tells them apart: many people have the very same, as of a department's number."""


def light_card(card: Card, *, has_numbers: bool = False, alike: Alike | None = None) -> Card:
    """The card without how its total and its items came about: half of what it takes, and more.

    Items keep their numbers where asked to (`has_numbers`); those `alike` stand in memory and in a parcel once.
    """

    def made(item: ItemScore) -> ItemScore:
        found = _light_item(item, has_numbers=has_numbers)
        return found if alike is None or has_numbers else _one_of(found, alike)

    spans = tuple(
        replace(span, items=tuple(map(made, span.items)), extras=tuple(map(made, span.extras))) for span in card.spans
    )
    return replace(
        card,
        spans=spans,
        steps=(),
        gates=tuple(each._replace(sources=()) for each in card.gates),
        conditions=tuple(each._replace(sources=()) for each in card.conditions),
    )


def _light_item(item: ItemScore, *, has_numbers: bool) -> ItemScore:
    if has_numbers:
        return replace(item, steps=(), ratings=(), original=None)
    return replace(item, steps=(), ratings=(), original=None, sources=(), actual=None)


def _one_of(item: ItemScore, alike: Alike) -> ItemScore:
    """The item, or one that was the same in every field."""
    # Entries and targets are told apart by identity, which is fast: the items that are kept keep them.
    if item.missing or item.findings or item.refused:
        return item
    same = (id(item.item), id(item.indicator), id(item.target), item.section, item.weight, item.status, item.label)
    key = (*same, item.attainment, item.points, item.is_extra, item.worth)
    return alike.setdefault(key, item)


def shared_outcome(card: Card) -> SharedOutcome:
    """What a card has of all others."""
    is_shared = card.streaks or any(each.line.pool for each in card.pay)
    return SharedOutcome(card.person, card.rank, card.ranked, card.pay if is_shared else (), card.streaks)


def with_shared_outcome(card: Card, told: SharedOutcome) -> Card:
    """A card that was made by itself, with what all cards together decide of it."""
    shared = [other if other.line.pool else own for own, other in zip(card.pay, told.pay, strict=False)]
    pay = (*shared, *told.pay[len(shared) :]) if told.pay else card.pay
    return replace(card, rank=told.rank, ranked=told.ranked, pay=pay, streaks=told.streaks)


class CatalogPickler:
    """Packs values that belong to some catalogs, and unpacks those that another process packed by the same ones.

    `rows` are what both processes have read beside those; they go by their number, too.
    """

    def __init__(self, catalogs: Iterable[Catalog], rows: Iterable[object] = ()) -> None:
        self._entries = [*_entries(catalogs), *rows]
        self._numbers = {id(entry): number for number, entry in enumerate(self._entries)}
        self._always = len(self._entries)
        self._own: dict[tuple[int, ...], tuple[Sequence[Role | None], list[object]]] = {}
        """Of roles by their identity: they themselves, so that no others take it, and their entries."""

    def number_roles(self, roles: Sequence[Role | None]) -> None:
        """Let entries of these roles go by their number, too, until it turns to others; none of them is in a catalog.

        So what belongs to some roles can be unpacked while others have changed.
        """
        for entry in self._entries[self._always :]:
            del self._numbers[id(entry)]
        del self._entries[self._always :]
        same = tuple(map(id, roles))
        if same not in self._own:
            # Looked through once: each file of kept cards has a part for the same roles.
            own = [entry for entry in _inside(roles, set()) if id(entry) not in self._numbers]
            self._own[same] = (roles, own)
        self._entries += self._own[same][1]
        numbered = enumerate(self._entries[self._always :], self._always)
        self._numbers.update((id(entry), number) for number, entry in numbered)

    def pack(self, value: object) -> bytes:
        """The value as bytes."""
        stream, numbers = io.BytesIO(), self._numbers

        class Pickler(pickle.Pickler):
            def persistent_id(self, obj: object) -> int | None:
                return numbers.get(id(obj))

            def reducer_override(self, obj: object) -> Any:
                kind: Any = obj.__class__
                values = _values_of(kind)
                return NotImplemented if values is None else (kind, values(obj))

        Pickler(stream, pickle.HIGHEST_PROTOCOL).dump(value)
        return stream.getvalue()

    def unpack(self, data: bytes) -> Any:
        """The value; only for bytes that this program has packed itself."""
        entries = self._entries

        class Unpickler(pickle.Unpickler):
            # No function of Python: a card has twenty entries, and a company ten thousand cards.
            persistent_load = entries.__getitem__

        return Unpickler(io.BytesIO(data)).load()


@cache
def _values_of(kind: Any) -> Callable[[Any], tuple[object, ...]] | None:
    """What gives the values from which a dataclass is made again, in their order; None for all that is made otherwise.

    Left to themselves, frozen ones are unpacked field by field, at twice the time.
    """
    if not is_dataclass(kind) or hasattr(kind, "__post_init__"):
        return None
    names = [each.name for each in fields(kind) if each.init and not each.kw_only]
    return attrgetter(*names) if 1 < len(names) == len(fields(kind)) else None


def _entries(catalogs: Iterable[Catalog]) -> Iterator[object]:
    """Everything of catalogs that cannot or need not be packed, in an order that only the catalogs decide."""
    seen: set[int] = set()
    for catalog in catalogs:
        for each in fields(catalog):
            yield from _inside(getattr(catalog, each.name), seen)


def _inside(value: object, seen: set[int]) -> Iterator[object]:
    if isinstance(value, BaseModel | Formula | Node):
        if id(value) in seen:
            return
        seen.add(id(value))
        yield value
        yield from _inside_all(_parts(value), seen)
    elif isinstance(value, dict):
        yield from _inside_all(value.values(), seen)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield from _inside_all(value, seen)


def _parts(value: BaseModel | Formula | Node) -> Iterable[object]:
    if isinstance(value, Formula):
        return (value.root,)
    if isinstance(value, Node):
        return value.parts
    return (getattr(value, name) for name in type(value).model_fields)


def _inside_all(values: Iterable[object], seen: set[int]) -> Iterator[object]:
    for value in values:
        yield from _inside(value, seen)
