"""Cards on their way from one process to another: light ones, in which entries of the catalog go by their number.

Both processes have read the same catalog. A light card has what lists and sums ask for, and not how it came about.
"""

import io
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from operator import attrgetter
from typing import Any

from pydantic import BaseModel

from kpibook.model import Catalog
from kpibook.rules.formulas import Formula, Node
from kpibook.scoring.results import Card, ItemScore, RoleSpan
from kpibook.scoring.sources import Source


def light(card: Card, *, has_sources: bool = False) -> Card:
    """The card without the steps, numbers and ratings of its items: half of what it takes, and more.

    With its sources it still tells how far numbers are that come week by week.
    """
    return replace(card, spans=tuple(_light_span(span, has_sources=has_sources) for span in card.spans))


def _light_span(span: RoleSpan, *, has_sources: bool) -> RoleSpan:
    items, extras = (
        tuple(_light_item(score, score.sources if has_sources else ()) for score in scores)
        for scores in (span.items, span.extras)
    )
    return replace(span, items=items, extras=extras)


def _light_item(item: ItemScore, sources: tuple[Source, ...]) -> ItemScore:
    return replace(item, steps=(), sources=sources, ratings=(), original=None)


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

            def reducer_override(self, obj: object) -> Any:
                kind: Any = obj.__class__
                values = _values_of(kind)
                return NotImplemented if values is None else (kind, values(obj))

        Pickler(stream, pickle.HIGHEST_PROTOCOL).dump(value)
        return stream.getvalue()

    def unpacked(self, data: bytes) -> Any:
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
