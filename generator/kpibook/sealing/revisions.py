"""The revisions of a cycle: read with everything that is wrong with them, and made anew."""

import datetime
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kpibook import __version__
from kpibook.base.periods import Period
from kpibook.base.problems import Failure, Place, Problem, public
from kpibook.model import Catalog
from kpibook.reading.cycle.folder import REVISIONS
from kpibook.scoring import Carried
from kpibook.scoring.results import Results, TakenKey
from kpibook.sealing.erasures import Erasure, ErasureFault, hash_after_erasures, hashes_over_time, read_erasures
from kpibook.sealing.input_hashes import figure_hash, input_hashes
from kpibook.sealing.log import LOG, read_log
from kpibook.sealing.result_numbers import result_numbers, results_hash
from kpibook.sealing.seals import (
    FIGURES,
    FORMAT,
    FORMATS,
    SEAL,
    Seal,
    SealConflict,
    SealFault,
    parse_seal,
    revision_folder,
    revisions_of,
)
from kpibook.sealing.tables import carried_table, items_table, read_carried, read_rows, totals_table

SALT_BYTES = 16

TABLE = "seal-table"
FILE_CHANGED, FILE_ADDED, FILE_MISSING = "sealed-file-changed", "sealed-file-added", "sealed-file-missing"
CHANGED = (FILE_CHANGED, FILE_ADDED, FILE_MISSING)
"""What differs from a seal and can be put right by a correction; a seal that is broken needs its own file first."""


@dataclass(frozen=True)
class Sealed:
    """A cycle that was published: its revisions, oldest first."""

    folder: Path
    name: str
    """What places call the folder."""
    seals: tuple[Seal, ...]
    erasures: tuple[Erasure, ...] = ()
    """What was taken out since, when its keeping time was over, oldest first."""

    @property
    def newest(self) -> Seal:
        """The seal of the newest revision, which counts."""
        return self.seals[-1]

    @property
    def number(self) -> int:
        """The number of the newest revision, which counts."""
        return self.newest.revision

    @cached_property
    def carried(self) -> Carried:
        """What the newest revision took from other cycles."""
        file = f"{REVISIONS}/{self.number}/carried.csv"
        return read_carried(self._text(self.number, "carried.csv"), f"{self.name}/{file}")

    @cached_property
    def carried_rows(self) -> list[dict[str, str]]:
        """The rows of carried.csv of the newest revision."""
        return read_rows(self._text(self.number, "carried.csv"))

    def totals(self, revision: int) -> Mapping[str, Mapping[str, str]]:
        """By person, department or company: the row of totals.csv of a revision."""
        return {row["person"]: row for row in read_rows(self._text(revision, "totals.csv"))}

    def items(self, revision: int) -> list[dict[str, str]]:
        """The rows of items.csv of a revision."""
        return read_rows(self._text(revision, "items.csv"))

    def _text(self, revision: int, table: str) -> str:
        """The text of a table.

        Raises:
            Failure: it is gone, or no text any more: nothing can be told of the cycle then.
        """
        try:
            return (revision_folder(self.folder, revision) / table).read_bytes().decode("utf-8")
        except (OSError, UnicodeError) as err:
            values = {"cycle": self.folder.name, "revision": revision, "on": self.seals[revision - 1].on}
            raise Failure([Problem(TABLE, Place(f"{self.name}/{REVISIONS}/{revision}/{table}"), values)]) from err


def read_sealed(folder: Path) -> tuple[Sealed | None, tuple[Problem, ...]]:
    """The revisions of a cycle and everything that is not as it was sealed; None for a cycle without a sound seal."""
    name = f"{folder.absolute().parent.name}/{folder.name}"
    found = revisions_of(folder)
    problems = list(_lost_revisions(folder, name, found))
    seals: list[Seal] = []
    try:
        erasures = read_erasures(folder)
    except ErasureFault:
        erasures = ()
        problems.append(Problem("erasure-broken", Place(f"{name}/{REVISIONS}"), {"cycle": folder.name}))
    for revision in found:
        file = f"{name}/{REVISIONS}/{revision}/{SEAL}"
        try:
            seal = parse_seal((revision_folder(folder, revision) / SEAL).read_bytes())
        except (OSError, SealFault) as fault:
            code = "seal-conflict" if isinstance(fault, SealConflict) else "seal-broken"
            problems.append(Problem(code, Place(file), {"cycle": folder.name, "revision": revision}))
            continue
        if not _follows(seal, seals, folder.name, revision, erasures):
            problems.append(Problem("seal-chain", Place(file), {"cycle": folder.name, "revision": revision}))
        seals.append(seal)
    if not seals:
        return None, public(problems)
    if not problems:
        problems += _differences(folder, name, seals, erasures)
    return Sealed(folder, name, tuple(seals), erasures), public(problems)


def _follows(seal: Seal, earlier: list[Seal], cycle: str, revision: int, erasures: tuple[Erasure, ...]) -> bool:
    before, salt = (earlier[-1].hash, earlier[-1].salt) if earlier else ("", seal.salt)
    is_own = seal.cycle == cycle and seal.revision == revision == len(earlier) + 1
    # A seal names the one before it by the hash of that day; a name that was taken out of that one since changed it.
    sealed = hashes_over_time(f"{REVISIONS}/{revision - 1}/{SEAL}", seal.before, erasures)
    known = {earlier[-1].format} if earlier else FORMATS
    return is_own and seal.format in known and before in sealed and seal.salt == salt


def _lost_revisions(folder: Path, name: str, found: tuple[int, ...]) -> Iterator[Problem]:
    """Revisions that the log tells of and that are not there."""
    told = {entry.revision for entry in read_log(folder / LOG) if entry.revision}
    for revision in sorted(told - set(found)):
        values = {"cycle": folder.name, "revision": revision}
        yield Problem("seal-missing", Place(f"{name}/{REVISIONS}/{revision}/{SEAL}"), values)


def _differences(folder: Path, name: str, seals: list[Seal], erasures: tuple[Erasure, ...]) -> Iterator[Problem]:
    """Files that are not what the seals say: the inputs of the newest revision, and the tables of all."""
    inputs = input_hashes(folder)
    for seal in seals:
        expected = {
            path: hash_after_erasures(path, digest, erasures)
            for path, digest in seal.files.items()
            if _counts(path, seal, seals[-1])
        }
        actual = dict(inputs) if seal is seals[-1] else {}
        for table in FIGURES:
            file = revision_folder(folder, seal.revision) / table
            if file.is_file():
                actual[f"{REVISIONS}/{seal.revision}/{table}"] = figure_hash(file.read_bytes())
        for path in sorted({*expected, *actual}):
            if expected.get(path) != actual.get(path):
                code = FILE_ADDED if path not in expected else FILE_MISSING if path not in actual else FILE_CHANGED
                # Nobody mends a sealed table: a correction would compare with figures that were never published.
                code = TABLE if path.startswith(f"{REVISIONS}/") else code
                values = {"cycle": folder.name, "revision": seal.revision, "on": seal.on}
                yield Problem(code, Place(f"{name}/{path}"), values)


def _counts(path: str, seal: Seal, newest: Seal) -> bool:
    """Whether a file is still to be as the seal says: of older revisions only the tables are kept."""
    return seal is newest or path.startswith(f"{REVISIONS}/")


@dataclass(frozen=True, slots=True)
class Signed:
    """Who publishes or corrects, when and why."""

    on: datetime.date
    by: str
    approved_by: str = ""
    reason: str = ""
    appeal: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What goes into the next revision of a cycle beside its results."""

    signed: Signed
    inputs: Mapping[str, str]
    """The hashes of the files that decide the results."""
    before: Sealed | None = None
    revisions: Mapping[Period, int] = field(default_factory=dict)
    """The newest revision of each other cycle that has one."""
    anew: frozenset[Period] = frozenset()
    """The cycles of which everything was looked up anew."""
    still_open: tuple[str, ...] = ()


def make_revision(results: Results, catalog: Catalog, draft: Draft) -> tuple[Seal, Mapping[str, bytes]]:
    """The next revision of a cycle: its seal, and its files by their paths below the cycle's folder."""
    before, signed = draft.before, draft.signed
    number = before.number + 1 if before else 1
    below = f"{REVISIONS}/{number}"
    tables = {
        "items.csv": items_table(results),
        "totals.csv": totals_table(results, catalog),
        "carried.csv": carried_table(results.taken, _revisions(results, draft)),
    }
    files = {f"{below}/{table}": text.encode("utf-8") for table, text in tables.items()}
    salt = before.newest.salt if before else secrets.token_hex(SALT_BYTES)
    seal = Seal(
        format=before.newest.format if before else FORMAT,
        cycle=str(results.cycle.period),
        revision=number,
        on=signed.on.isoformat(),
        by=signed.by,
        approved_by=signed.approved_by,
        reason=signed.reason,
        appeal=signed.appeal,
        program="kpibook",
        version=__version__,
        open=draft.still_open,
        files={**draft.inputs, **{path: figure_hash(data) for path, data in files.items()}},
        results=results_hash(results),
        people=dict(result_numbers(results, salt)),
        salt=salt,
        before=before.newest.hash if before else "",
    )
    return seal, {**files, f"{below}/{SEAL}": seal.text().encode("utf-8")}


def _revisions(results: Results, draft: Draft) -> Mapping[TakenKey, str]:
    """The revision of each other cycle from which something was taken; what was carried before keeps its own."""
    kept: dict[TakenKey, tuple[str, str]] = {}
    for row in draft.before.carried_rows if draft.before else ():
        kept[Period.parse(row["cycle"]), row["subject"], row["key"]] = row["value"], row["revision"]
    found = {}
    for key, value in results.taken.items():
        before, revision = kept.get(key, ("", ""))
        is_kept = key in kept and before == value and key[0] not in draft.anew
        found[key] = revision if is_kept else str(draft.revisions.get(key[0], ""))
    return found
