"""The texts of a catalog, each with where it begins."""

from collections.abc import Container, Iterator
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
    spoken = entry.spoken_keys()
    for name, field in type(entry).model_fields.items():
        key = field.alias or name
        is_choice = get_origin(field.annotation) is Literal
        if name in entry.model_fields_set and key not in without and not is_choice:
            place = entry.places.get(f"{key}.text") or entry.place_of(key)
            text = TextAt("", place, key in spoken, f"{key}.both" in entry.places)
            yield from _of_value(getattr(entry, name), text, without)


def _of_value(value: object, at: TextAt, without: Container[str]) -> Iterator[TextAt]:
    if isinstance(value, Entry):
        yield from _of_entry(value, without)
    elif type(value) is str:
        yield at._replace(text=value)
    elif isinstance(value, tuple):
        for part in value:
            yield from _of_value(part, at._replace(is_in_both=False), without)
