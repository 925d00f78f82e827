"""The same signs in every text of a catalog and of a cycle: whatever is escaped twice, or not at all, shows."""

import dataclasses
import re
from collections.abc import Mapping
from typing import Any, TypeVar, get_args

from kpibook.base.entry import PLACES, Entry, Text
from kpibook.model import Catalog, Cycle

SIGNS = ' 5 > 4 & <i> "q" *s* a_b'
ESCAPED_TWICE = re.compile(r"&(?:#[0-9]+|#x[0-9a-f]+|gt|lt|amp|quot);", re.IGNORECASE)

E = TypeVar("E", bound=Entry)


def marked_catalog(catalog: Catalog) -> Catalog:
    """Every text that people write for people, with the signs behind it; ids stay."""
    return dataclasses.replace(
        catalog,
        company=_entry(catalog.company),
        departments={key: _entry(each) for key, each in catalog.departments.items()},
        grades=tuple(map(_entry, catalog.grades)),
        measures={key: _entry(each) for key, each in catalog.measures.items()},
        indicators={key: _entry(each) for key, each in catalog.indicators.items()},
        roles={key: _entry(each) for key, each in catalog.roles.items()},
    )


def marked_cycle(cycle: Cycle) -> Cycle:
    """Every name, reason, comment and note of a cycle with the signs behind it."""
    return dataclasses.replace(
        cycle,
        name=cycle.name + SIGNS,
        people=tuple(dataclasses.replace(row, name=row.name + SIGNS) for row in cycle.people),
        targets={
            key: dataclasses.replace(row, reason=row.reason + SIGNS, approved_by=row.approved_by + SIGNS)
            for key, row in cycle.targets.items()
        },
        ratings={
            key: tuple(dataclasses.replace(row, comment=row.comment + SIGNS) for row in rows)
            for key, rows in cycle.ratings.items()
        },
        adjustments={
            key: tuple(
                dataclasses.replace(row, reason=row.reason + SIGNS, approved_by=row.approved_by + SIGNS) for row in rows
            )
            for key, rows in cycle.adjustments.items()
        },
    )


def _entry(entry: E) -> E:
    changes = {
        name: _marked(getattr(entry, name), is_text=_holds_text(field.annotation, field.metadata))
        for name, field in type(entry).model_fields.items()
        if name != "places" and field.alias != PLACES
    }
    return entry.model_copy(update=changes)


def _marked(value: Any, *, is_text: bool) -> Any:
    if isinstance(value, Entry):
        return _entry(value)
    if isinstance(value, tuple):
        return tuple(_marked(each, is_text=is_text) for each in value)
    if isinstance(value, Mapping):
        return {key: _marked(each, is_text=is_text) for key, each in value.items()}
    return value + SIGNS if is_text and type(value) is str and value else value


def _holds_text(annotation: Any, metadata: list[Any]) -> bool:
    if annotation is str:
        return [type(each).__name__ for each in metadata] == ["Strict"]
    return any(each == Text or _holds_text(each, [None]) for each in get_args(annotation))
