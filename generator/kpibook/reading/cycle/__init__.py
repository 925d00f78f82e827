"""Read the cycles: who is appraised, and every number that arrived for it."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from kpibook.base.entry import Located
from kpibook.base.period_names import cycle_name
from kpibook.base.periods import Period
from kpibook.base.problems import Level, Place, Problem
from kpibook.model import Catalog, Cycle, CycleFile
from kpibook.reading.catalog.validation import read_entry
from kpibook.reading.cycle.folder import CYCLE_FILE, CycleFolder
from kpibook.reading.cycle.loading import CycleLoader
from kpibook.reading.yamlfile import read_yaml

NO_CATALOGS: Mapping[str, Catalog] = {}


def load_cycles(
    scorecards: Path, catalog: Catalog, own: Mapping[str, Catalog] = NO_CATALOGS
) -> tuple[tuple[Cycle, ...], tuple[Problem, ...]]:
    """All cycles below `scorecards`, oldest first, and everything that is wrong with them.

    `own` are the catalogs of cycles that have one, by their folders; the others are read by `catalog`.
    """
    name = scorecards.absolute().name
    cycles: list[Cycle] = []
    problems: list[Problem] = []
    for path in sorted(scorecards.iterdir()) if scorecards.is_dir() else ():
        if path.is_dir() and _period(path.name):
            cycle, found = load_cycle(path, own.get(path.name, catalog))
            cycles.append(cycle)
            problems += found
        elif path.is_dir() or not _may_stand_there(path.name):
            values = {"name": ascii(path.name)[1:-1]}
            problems.append(Problem("not-a-cycle", Place(f"{name}/{path.name}"), values, Level.WARNING))
    return tuple(sorted(cycles, key=lambda cycle: cycle.period)), tuple(problems)


def load_cycle(folder: Path, catalog: Catalog) -> tuple[Cycle, tuple[Problem, ...]]:
    """The cycle in a folder that is named after its period; raises ValueError for any other folder."""
    whole = folder.absolute()
    with without_collector():
        return CycleLoader(CycleFolder(whole, f"{whole.parent.name}/{whole.name}"), catalog).load()


@contextmanager
def without_collector() -> Iterator[None]:
    """Reading makes a million small values and no garbage in circles; looking for some would double the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            # What was read stays: let it count as old, so that the next small value does not have it looked through.
            gc.freeze()
            gc.unfreeze()
            gc.enable()


def _period(name: str) -> Period | None:
    try:
        return Period.parse(name)
    except ValueError:
        return None


def named_in(cycle: Cycle, folder: Path, language: str) -> Cycle:
    """The cycle with its name in a language; as it is where cycle.yml cannot be read."""
    data, _ = read_yaml(folder / CYCLE_FILE, CYCLE_FILE) if (folder / CYCLE_FILE).is_file() else (None, ())
    head = read_entry(data, CycleFile, language).entry if isinstance(data, Located) else None
    name = cycle_name(head.name, cycle.period, language) if head else cycle.name
    return replace(cycle, name=name) if name != cycle.name else cycle


def _may_stand_there(name: str) -> bool:
    """Notes and the files of Git need no warning."""
    return name.upper().startswith("README") or name in (".gitkeep", ".gitignore", ".gitattributes")
