"""The hashes of everything that decides a cycle's results; what decides none may change at any time."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from kpibook.base.entry import Located
from kpibook.reading.cycle.folder import CYCLE_FILE, REVISIONS, CycleFolder
from kpibook.reading.own_catalogs import HANDBOOK, catalog_files, folded
from kpibook.reading.yamlfile import read_bytes

TABLES = ("people", "targets", "ratings", "adjustments", "calibration", "leave")
ENDINGS = (".csv", ".xlsx")
OTHERS = ("manifest.csv", "set-aside.csv")

SEALED_KEYS = ("name", "kind", "combine")
"""What cycle.yml says that decides a result or is printed with it."""
FREE_COLUMNS = ("login", "mail", "language")
"""Columns of people.csv that only say who may read what."""


def input_hashes(folder: Path) -> Mapping[str, str]:
    """The sha256 of each sealed file of a cycle by its path below the folder."""
    return {path: _sha256(_sealed_part(path, file.read_bytes())) for path, file in sorted(_files(folder))}


def sealed_hash(path: str, data: bytes) -> str:
    """The sha256 of what counts of a file, by its path below the cycle's folder."""
    return figure_hash(data) if path.startswith(f"{REVISIONS}/") else _sha256(_sealed_part(path, data))


def row_bytes(file: Path) -> bytes:
    """A file as its rows are compared: with folded line ends where it is text."""
    data = file.read_bytes()
    return data if file.suffix == ".xlsx" else folded(data)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    named = [*OTHERS, CYCLE_FILE, *(f"{name}{ending}" for name in TABLES for ending in ENDINGS)]
    yield from ((name, folder / name) for name in named if (folder / name).is_file())
    for path in CycleFolder(folder, folder.name).actuals():
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path
    for name, path in catalog_files(folder / HANDBOOK).items():
        yield f"{HANDBOOK}/{name}", path


def _sealed_part(path: str, data: bytes) -> bytes:
    """The bytes of a file that count."""
    if path == CYCLE_FILE:
        return _of_cycle(data)
    if path == "people.csv":
        return _of_people(folded(data))
    return data if path.endswith(".xlsx") else folded(data)


def _of_cycle(data: bytes) -> bytes:
    found, problems = read_bytes(data, CYCLE_FILE)
    if not isinstance(found, Located) or problems:
        return folded(data)
    kept = {key: found[key] for key in SEALED_KEYS if found.get(key) is not None}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()


def _of_people(data: bytes) -> bytes:
    """The table without the columns that only say who may read what; no encoding is taken for granted."""
    text = data.decode("latin-1")
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return data
    names = [name.strip().casefold().removeprefix("\xef\xbb\xbf") for name in rows[0]] if rows else []
    free = [at for at, name in enumerate(names) if name in FREE_COLUMNS]
    kept = [[cell for at, cell in enumerate(row) if at not in free] for row in rows]
    return json.dumps(kept).encode()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def figure_hash(data: bytes) -> str:
    """The sha256 of a table of a revision."""
    return _sha256(folded(data))
