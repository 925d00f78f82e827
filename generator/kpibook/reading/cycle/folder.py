"""The files of a cycle: which are read, and which only stand there and are named."""

from collections.abc import Iterator
from pathlib import Path

from kpibook.base.clashing_paths import clashing_paths
from kpibook.base.problems import Level, Place, Problem
from kpibook.reading.tables import READERS

TABLES = ("people", "targets", "ratings", "adjustments", "calibration", "leave")
CYCLE_FILE = "cycle.yml"
ACTUALS = "actuals"
LOG = "log.csv"
REVISIONS = "revisions"
RECORDS = ("confirmations", "interviews", "plans", "appeals", "agreements")
"""What people record around the results; nothing of it decides one."""
RECORD_FILES = frozenset(f"{kind}{ending}" for kind in RECORDS for ending in READERS)

OWN = (
    *(CYCLE_FILE, ACTUALS, "set-aside.csv", "import-log.csv", "manifest.csv"),
    *("handbook", REVISIONS, LOG, "payroll", "notices.csv"),
)
"""What belongs into a cycle's folder beside the tables."""

OTHER_WORKBOOKS = (".xls", ".xlsm", ".xlsb", ".et", ".ods", ".numbers")


class CycleFolder:
    """A folder under `scorecards/`; `name` is what places call it."""

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name

    def named(self, path: Path) -> str:
        """What places call a file below the folder."""
        return f"{self.name}/{path.relative_to(self.path).as_posix()}"

    def table(self, kind: str) -> tuple[Path | None, tuple[Problem, ...]]:
        """The file of a kind of table: CSV or XLSX, not both; None where there is neither."""
        found = [path for ending in READERS if _exists(path := self.path / f"{kind}{ending}")]
        if len(found) > 1:
            values = {"one": found[0].name, "other": found[1].name}
            return None, (Problem("two-files-of-a-kind", Place(self.named(found[1])), values),)
        return (found[0] if found else None), ()

    def actuals(self) -> tuple[Path, ...]:
        """The files of the suppliers, by name."""
        return tuple(path for path in _entries(self.path / ACTUALS) if _is_table(path))

    def problems(self) -> Iterator[Problem]:
        """What stands in the folder and is not read."""
        known = {*OWN, *(f"{kind}{ending}" for kind in TABLES for ending in READERS), *RECORD_FILES}
        strays = [path for path in _entries(self.path) if path.name not in known]
        strays += [path for path in _entries(self.path / ACTUALS) if not _is_table(path)]
        for path in (self.path, self.path / ACTUALS):
            if path.is_symlink():
                yield Problem("file-not-regular", Place(self.named(path).removesuffix("/.")), {"kind": "link"})
        for path in strays:
            place = Place(self.named(path))
            if path.suffix.lower() in OTHER_WORKBOOKS and not _is_left_behind(path):
                yield Problem("workbook-other-kind", place, {"kind": path.suffix[1:]})
            else:
                yield Problem("cycle-file-ignored", place, {"name": ascii(path.name)[1:-1]}, Level.WARNING)
        for name, other in clashing_paths(path.name for path in self.actuals()):
            yield Problem("cycle-files-alike", Place(self.named(self.path / ACTUALS / name)), {"other": other})


def is_record(file: str, folder: str) -> bool:
    """Whether a file, as places call it, holds records of the cycle in a folder."""
    return file.startswith(f"{folder}/") and file.removeprefix(f"{folder}/") in RECORD_FILES


def _exists(path: Path) -> bool:
    """Whether anything stands there, a broken link included."""
    return path.is_symlink() or path.exists()


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else []


def _is_table(path: Path) -> bool:
    return path.suffix.lower() in READERS and not _is_left_behind(path)


def _is_left_behind(path: Path) -> bool:
    """Whether another program left it there, as `~$x.xlsx` beside a workbook that is open."""
    return path.name.startswith(("~$", ".", "#"))
