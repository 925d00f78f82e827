"""Cards on their way from one process to another: light ones, in which entries of the catalog go by their number.

Both processes have read the same catalog. A light card has what lists and sums ask for, and not how it came about.
"""

import io
import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from pydantic import BaseModel

from kpibook.model import Catalog
from kpibook.rules.formulas import Formula, Node
from kpibook.scoring.results import Card, ItemScore, RoleSpan


def light(card: Card) -> Card:
    """The card without the steps, numbers and ratings of its items: half of what it takes, and more."""
    return replace(card, spans=tuple(map(_light_span, card.spans)))


def _light_span(span: RoleSpan) -> RoleSpan:
    return replace(span, items=tuple(map(_light_item, span.items)), extras=tuple(map(_light_item, span.extras)))


def _light_item(item: ItemScore) -> ItemScore:
    return replace(item, steps=(), sources=(), ratings=(), original=None)


class Parcels:
    """Packs values that belong to one catalog, and unpacks those that another process packed by the same one."""

    def __init__(self, catalog: Catalog) -> None:
        self._entries = list(_entries(catalog))
        self._numbers = {id(entry): number for number, entry in enumerate(self._entries)}

    def packed(self, value: object) -> bytes:
        """The value as bytes."""
        stream, numbers = io.BytesIO(), self._numbers

        class Pickler(pickle.Pickler):
            def persistent_id(self, obj: object) -> int | None:
                return numbers.get(id(obj))

        Pickler(stream, pickle.HIGHEST_PROTOCOL).dump(value)
        return stream.getvalue()

    def unpacked(self, data: bytes) -> Any:
        """The value; only for bytes that this program has packed itself."""
        entries = self._entries

        class Unpickler(pickle.Unpickler):
            def persistent_load(self, pid: int) -> object:
                return entries[pid]

        return Unpickler(io.BytesIO(data)).load()


def _entries(catalog: Catalog) -> Iterator[object]:
    """Everything of a catalog that cannot or need not be packed, in an order that only the catalog decides."""
    seen: set[int] = set()
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
