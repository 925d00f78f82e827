"""The texts of a catalog, each with where it begins."""

from collections.abc import Container, Iterator
from functools import cache
from typing import Literal, NamedTuple, get_origin

from kpibook.base.entry import Entry
from kpibook.base.problems import Place
from kpibook.model import Catalog


class TextAt(NamedTuple):
    """A text, where it begins, and whether it may stand in both languages."""

    text: str
    place: Place
    is_spoken: bool = False
    is_in_both: bool = False
    """Whether it is written in both languages, even where it reads the same in each."""


def texts_of(catalog: Catalog, without: Container[str]) -> Iterator[TextAt]:
    """Every text of a catalog but for those of some keys, in the order of the model."""
    yield from _of_entry(catalog.company, without)
    for entry in catalog.grades:
        yield from _of_entry(entry, without)
    for entries in (catalog.departments, catalog.measures, catalog.indicators, catalog.roles):
        for each in entries.values():
            yield from _of_entry(each, without)


def _of_entry(entry: Entry, without: Container[str]) -> Iterator[TextAt]:
    given = entry.model_fields_set
    for name, key, is_spoken in _fields(type(entry)):
        if name in given and key not in without:
            value = getattr(entry, name)
            if isinstance(value, str | tuple | Entry):
                place = entry.places.get(f"{key}.text") or entry.place_of(key)
                yield from _of_value(value, TextAt("", place, is_spoken, f"{key}.both" in entry.places), without)


@cache
def _fields(kind: type[Entry]) -> tuple[tuple[str, str, bool], ...]:
    """The fields that may hold texts of one's own: the name, the key in a file, and whether two languages may stand."""
    spoken = kind.spoken_keys()
    keys = ((name, field.alias or name, field.annotation) for name, field in kind.model_fields.items())
    return tuple((name, key, key in spoken) for name, key, kind_of in keys if get_origin(kind_of) is not Literal)


def _of_value(value: object, at: TextAt, without: Container[str]) -> Iterator[TextAt]:
    if isinstance(value, Entry):
        yield from _of_entry(value, without)
    elif type(value) is str:
        yield at._replace(text=value)
    elif isinstance(value, tuple):
        for part in value:
            yield from _of_value(part, at._replace(is_in_both=False), without)
