"""Which files of a handbook are read, and which stand there without being read."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kpibook.base.problems import Level, Place, Problem

FILES = ("company.yml", "departments.yml", "grades.yml", "measures.yml", "waivers.yml", "terms.yml")
TARGETS = "targets"
FOLDERS = ("indicators", "roles", "pages", "pages.zh", "pages.en", TARGETS)
HOLIDAYS_FILE = "holidays.csv"
"""Stands beside the catalog and is no part of it: it decides no result."""

_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*\.yml", re.ASCII)
_YEAR = re.compile(r"[12][0-9]{3}\.csv", re.ASCII)
_LEFT_BEHIND = re.compile(r"\..*|.*~|.*\.(?:bak|orig|rej|swp|tmp|old)", re.IGNORECASE | re.DOTALL)
_PLACEHOLDERS = (".gitkeep", ".gitignore", ".gitattributes")
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
"""Names that Windows keeps for devices: no file of that name can be checked out there."""


class CatalogFile(NamedTuple):
    """A file to read, the name under which its places are told, and whether its own name will do."""

    path: Path
    name: str
    is_well_named: bool = True


def top_files(folder: Path) -> tuple[dict[str, CatalogFile], list[Problem]]:
    """The files at the top of a handbook by their names, and what else stands there."""
    found: dict[str, CatalogFile] = {}
    problems: list[Problem] = []
    for path in sorted(folder.iterdir()):
        name = f"{folder.name}/{path.name}"
        if path.name in FILES and not leads_outside(path, folder):
            found[path.name] = CatalogFile(path, name)
        elif path.name not in (*FOLDERS, HOLIDAYS_FILE) or leads_outside(path, folder):
            problems += _stray(path, name, folder)
    return found, problems


def entry_files(folder: Path, below: str) -> tuple[list[CatalogFile], list[Problem]]:
    """The files of `indicators` or `roles` in order of their names, and what else stands there."""
    found: list[CatalogFile] = []
    problems: list[Problem] = []
    inner = folder / below
    if not inner.is_dir() or leads_outside(inner, folder):
        return [], []
    for path in sorted(inner.iterdir()):
        name = f"{folder.name}/{below}/{path.name}"
        if path.suffix != ".yml" or path.is_dir() or leads_outside(path, folder) or _is_left_behind(path):
            problems += _stray(path, name, folder)
            continue
        fault = _name_fault(path.name, name)
        problems += [fault] if fault else []
        found.append(CatalogFile(path, name, is_well_named=not fault))
    return found, problems


def series_files(folder: Path) -> tuple[list[CatalogFile], list[Problem]]:
    """The files of `targets`, one for each year, and what else stands there."""
    inner = folder / TARGETS
    if not inner.is_dir() or leads_outside(inner, folder):
        return [], []
    found: list[CatalogFile] = []
    problems: list[Problem] = []
    for path in sorted(inner.iterdir()):
        name = f"{folder.name}/{TARGETS}/{path.name}"
        if _YEAR.fullmatch(path.name) and path.is_file() and not leads_outside(path, folder):
            found.append(CatalogFile(path, name))
        else:
            problems += _stray(path, name, folder)
    return found, problems


def leads_outside(path: Path, folder: Path) -> bool:
    """Whether a link leads out of the handbook."""
    return path.is_symlink() and not path.resolve().is_relative_to(folder.resolve())


def _name_fault(file_name: str, name: str) -> Problem | None:
    stem = file_name.removesuffix(".yml")
    if not _NAME.fullmatch(file_name):
        return Problem("bad-file-name", Place(printable(name)), {"name": printable(file_name)})
    if stem in RESERVED:
        return Problem("reserved-file-name", Place(name), {"name": file_name})
    return None


def _stray(path: Path, name: str, folder: Path) -> Iterator[Problem]:
    place, values = Place(printable(name)), {"name": printable(path.name)}
    if leads_outside(path, folder):
        yield Problem("link-outside", place, values)
    elif path.name not in _PLACEHOLDERS:
        yield Problem("stray-file", place, values, Level.WARNING if _is_left_behind(path) else Level.ERROR)


def _is_left_behind(path: Path) -> bool:
    """Whether a file looks like something that an editor or the system left there."""
    return bool(_LEFT_BEHIND.fullmatch(path.name))


def printable(name: str) -> str:
    """A file name with everything unprintable written as its code."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name)
