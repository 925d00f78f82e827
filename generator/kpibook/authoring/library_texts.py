"""The texts of the library: its files as they are written, and the ids that they name."""

import re
from collections.abc import Collection, Container, Iterator
from pathlib import Path
from typing import Any

from kpibook.model import Catalog, Role
from kpibook.reading.yamlfile import read_bytes

LIBRARY = Path(__file__).parents[1] / "templates" / "authoring" / "library"

FORMULAS = {"indicator", "measure", "formula", "when", "pool", "points", "count"}
"""The keys whose values name indicators and measures; all others are words or numbers."""
ID_WORD = re.compile(r"\b[a-z][a-z0-9_]*\b")


def ids_in(data: Any, catalog: Catalog) -> tuple[str, ...]:
    """The indicators and measures that a role's text names."""
    texts = [value for _, _, value in formulas_in(data)]
    keys = [key for holder in cases_in(data) for key in holder]
    found = (name for text in (*texts, *keys) for name in ID_WORD.findall(text))
    return tuple(dict.fromkeys(name for name in found if catalog.named(name)))


def formulas_in(data: Any) -> Iterator[tuple[Any, str, str]]:
    """Each value that names indicators or measures: what holds it, its key, and its text."""
    if isinstance(data, list):
        for part in data:
            yield from formulas_in(part)
    if not isinstance(data, dict):
        return
    for key, value in list(data.items()):
        if key in FORMULAS and isinstance(value, str):
            yield data, key, value
        else:
            yield from formulas_in(value)


def cases_in(data: Any) -> Iterator[Any]:
    """The numbers of worked examples by their ids."""
    parts = data if isinstance(data, list) else list(data.values()) if isinstance(data, dict) else ()
    if isinstance(data, dict) and isinstance(data.get("values"), dict):
        yield data["values"]
    for part in parts:
        yield from cases_in(part)


def drop_cases(data: Any, redefined: Container[str]) -> None:
    """Take the worked examples that give numbers by their ids from the rules of the `redefined` indicators."""
    for part in data if isinstance(data, list) else [*data.values()] if isinstance(data, dict) else ():
        drop_cases(part, redefined)
    if (
        not isinstance(data, dict)
        or data.get("indicator") not in redefined
        or not isinstance(data.get("standard"), dict)
    ):
        return
    standard = data["standard"]
    kept = [case for case in standard.get("examples", ()) if "values" not in case]
    if len(kept) == len(standard.get("examples", ())):
        return
    standard.pop("examples")
    if kept:
        standard["examples"] = kept


def parsed_role(role: Role) -> Any:
    """The file of a role as YAML holds it, before anything is read of it."""
    return read_bytes(text_of(role).encode(), role.id)[0]


def text_of(role: Role) -> str:
    """The text of a role's file in the library."""
    return read_file(role.place_of().file)


def entries_of(file: str, wanted: Collection[str]) -> str:
    """The wanted entries of a file, each with all its lines: to read hundreds and keep five took most of the time."""
    entries = re.split(r"(?m)^(?=[a-z])", read_file(file))
    return "".join(entry for entry in entries if entry.partition(":")[0] in wanted)


def read_file(file: str) -> str:
    """The text of a file of the library, by its path there: its language comes first."""
    return (LIBRARY.joinpath(*Path(file).parts)).read_text(encoding="utf-8")
