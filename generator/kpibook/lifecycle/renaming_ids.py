"""Rows of an open cycle that use ids which today's handbook renamed: they follow `was:`, and no one else is guessed."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kpibook.base.problems import Place, Problem
from kpibook.checking.checks.former_ids import IdOfKind, gone_ids, renamed_ids, rows_of_gone_ids, rows_text
from kpibook.model import Catalog, Cycle
from kpibook.reading.cycle import load_cycle

FOLLOWED = ".csv"
"""Of a workbook nobody but its owner changes a cell."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|$)")


@dataclass(frozen=True, slots=True)
class Renamed:
    """Rows of a file in which an id is written anew."""

    file: str
    before: str
    after: str
    rows: int


@dataclass(frozen=True, slots=True)
class Followed:
    """A cycle as today's catalog reads it, its rows under today's ids."""

    cycle: Cycle
    files: Mapping[str, bytes]
    """The files that change by their paths below the cycle's folder."""
    renamed: tuple[Renamed, ...]
    problems: tuple[Problem, ...]
    """Ids that are gone, and of which nobody said what they are called now, or in a file that is not changed."""


def follow_ids(folder: Path, own: Catalog, today: Catalog) -> Followed:
    """The cycle in a folder, which went by `own`, read by today's catalog; nothing on the disk changes."""
    cycle, _ = load_cycle(folder, today)
    writer, renamed = _Writer(folder, cycle), renamed_ids(today)
    with TemporaryDirectory(prefix="kpibook-") as temporary:
        copy = Path(temporary) / folder.absolute().parent.name / folder.name
        while changed := writer.rewrite(cycle, renamed):
            if not copy.exists():
                shutil.copytree(folder, copy, symlinks=True)
            for path in changed:
                (copy / path).write_bytes(writer.files[path])
            cycle, _ = load_cycle(copy, today)
    rows = tuple(Renamed(*key, count) for key, count in writer.counts.items())
    return Followed(cycle, writer.files, rows, tuple(_unfollowed_ids(cycle, own, today)))


class _Writer:
    """Writes ids anew in the tables of a cycle, as many of a row as it has."""

    def __init__(self, folder: Path, cycle: Cycle) -> None:
        self.folder = folder
        self.above = f"{cycle.folder}/"
        self.encodings = {report.file: report.encoding for report in cycle.files}
        self.files: dict[str, bytes] = {}
        """What became of the files by their paths below the cycle's folder."""
        self.counts: Counter[tuple[str, str, str]] = Counter()
        """Rows by file, id before and id after."""

    def rewrite(self, cycle: Cycle, renamed: Mapping[IdOfKind, str]) -> set[str]:
        """Write anew what rows were set aside for; the files that changed."""
        lines: dict[str, list[str]] = {}
        changed = set[str]()
        for key, places in rows_of_gone_ids(cycle).items():
            for place in places if key in renamed else ():
                if place.file not in lines:
                    lines[place.file] = self._lines(place.file)
                if _replaced(lines[place.file], place, key[1], renamed[key]):
                    self.counts[place.file, key[1], renamed[key]] += 1
                    changed.add(place.file)
        for file in changed:
            self.files[file.removeprefix(self.above)] = "".join(lines[file]).encode(self.encodings[file])
        return {file.removeprefix(self.above) for file in changed}

    def _lines(self, file: str) -> list[str]:
        """The lines of a table of text; none of any other file, or of one that would not be the same when written."""
        path = file.removeprefix(self.above)
        if not path.endswith(FOLLOWED) or file not in self.encodings:
            return []
        data = self.files.get(path) or (self.folder / path).read_bytes()
        try:
            text = data.decode(self.encodings[file])
        except (UnicodeError, LookupError):
            return []
        return _LINE.findall(text) if text.encode(self.encodings[file]) == data else []


def _replaced(lines: list[str], place: Place, text: str, now: str) -> bool:
    """Write an id anew at its place; False where it does not stand there alone."""
    if place.line is None or place.column is None or place.line > len(lines):
        return False
    line, at = lines[place.line - 1], place.column - 1
    cell = re.compile(rf"(?P<before>[\s\"']*){re.escape(text)}(?=[\s\"]*(?:[,;\t]|$))").match(line, at)
    if cell is None:
        return False
    lines[place.line - 1] = line[:at] + cell["before"] + now + line[cell.end() :]
    return True


def _unfollowed_ids(cycle: Cycle, own: Catalog, today: Catalog) -> Iterator[Problem]:
    """What could not be followed: by file and id, with its rows and the id that is most likely meant."""
    gone, renamed = gone_ids(today, own), renamed_ids(today)
    for key, places in rows_of_gone_ids(cycle).items():
        by_file: dict[str, list[Place]] = {}
        for place in places if key in gone else ():
            by_file.setdefault(place.file, []).append(place)
        for file, found in by_file.items():
            values = {"id": key[1], "now": gone[key], "count": len(found), "rows": rows_text(found)}
            yield Problem("agree-id-stays" if key in renamed else "agree-id-gone", Place(file), values)
