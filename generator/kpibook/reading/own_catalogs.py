"""The catalogs that cycles keep for themselves: what was agreed when a cycle began holds until it ends."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kpibook.base.problems import Problem
from kpibook.model import Catalog
from kpibook.reading.catalog import KeptFiles, load_catalog
from kpibook.reading.catalog.files import entry_files, series_files, top_files

HANDBOOK = "handbook"
"""The folder of a cycle that holds its own catalog."""

TODAYS = (
    "language",
    "languages",
    "access",
    "keep_years",
    "notices",
    "payroll",
    "holidays",
    "confirm_days",
    "appeals",
    "evidence_hosts",
)
"""Keys of company.yml that decide no result: they are always today's."""


@dataclass(frozen=True, slots=True)
class OwnCatalog:
    """The catalog of one cycle; cycles whose files say the same share one."""

    digest: str
    catalog: Catalog
    problems: tuple[Problem, ...]
    """Told under the cycle's own folder."""


def catalog_files(handbook: Path) -> Mapping[str, Path]:
    """The files that make a catalog by their paths below its folder: all but the pages written by hand."""
    if not handbook.is_dir():
        return {}
    files = [*top_files(handbook)[0].values()]
    files += [file for below in ("indicators", "roles") for file in entry_files(handbook, below)[0]]
    files += series_files(handbook)[0]
    return {file.path.relative_to(handbook).as_posix(): file.path for file in files}


def catalog_digest(handbook: Path) -> str:
    """What tells two catalogs apart, whatever their line ends; empty for no catalog."""
    files = catalog_files(handbook)
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\n".encode())
        whole.update(hashlib.sha256(folded(files[name].read_bytes())).digest())
    return whole.hexdigest() if files else ""


def folded(data: bytes) -> bytes:
    """Bytes of a text file with the line ends that every system may write."""
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def own_catalogs(
    scorecards: Path, handbook: Path, today: Catalog, language: str = "", kept: KeptFiles | None = None
) -> Mapping[str, OwnCatalog]:
    """The catalogs of the cycles that have one, by the cycle's folder; equal ones are read once.

    Their texts are in `language`, by default each in that of its company; with `kept`, files that are alike are read
    once.
    """
    kept = kept or KeptFiles()
    known = {catalog_digest(handbook): OwnCatalog("", today, ())}
    found: dict[str, OwnCatalog] = {}
    for folder in _folders(scorecards):
        digest = catalog_digest(folder / HANDBOOK)
        if digest not in known:
            catalog, problems = load_catalog(folder / HANDBOOK, language, kept)
            known[digest] = OwnCatalog(digest, in_force(catalog, today), problems)
        one = replace(known[digest], digest=digest)
        found[folder.name] = replace(one, problems=tuple(placed(one.problems, scorecards, folder)))
    return found


def _folders(scorecards: Path) -> Iterator[Path]:
    if scorecards.is_dir():
        yield from (folder for folder in sorted(scorecards.iterdir()) if (folder / HANDBOOK).is_dir())


def placed(problems: tuple[Problem, ...], scorecards: Path, folder: Path) -> Iterator[Problem]:
    """Problems of a shared catalog told where this cycle keeps it."""
    above = f"{scorecards.absolute().name}/{folder.name}/"
    return (replace(each, place=each.place._replace(file=f"{above}{each.place.file}")) for each in problems)


def in_force(own: Catalog, today: Catalog) -> Catalog:
    """A cycle's own catalog with what decides no result as it is today."""
    todays = {key: getattr(today.company, key) for key in TODAYS if key in type(today.company).model_fields}
    contacts = {each.id: each.contact for each in today.departments.values()}
    departments = {
        name: each.model_copy(update={"contact": contacts.get(name, each.contact)})
        for name, each in own.departments.items()
    }
    return replace(own, company=own.company.model_copy(update=todays), departments=departments)
