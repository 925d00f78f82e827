"""Stamps: what the pages of a published cycle were made from, and the hash of each; while both hold, nobody makes them.

A stamp is believed only where every file below its folder is there, is whole, and nothing else is there.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kpibook.base.last_run import Sum, umask
from kpibook.base.output import PRIVATE, make_folder, new_file, plain_bytes

FOLDER = "stamps"
"""Below `build/`."""
FORMAT = 2


@dataclass(frozen=True, slots=True)
class Stamp:
    """The files of one folder of a tree."""

    made_from: str
    """A hash over everything that decides them."""
    files: Mapping[str, str]
    """The sha256 of each by its path below the tree."""


@dataclass(frozen=True, slots=True)
class Stamps:
    """The stamps of a tree whose folders are kept one by one."""

    folder: Path
    tree: Path
    suffix: str

    def holding(self, name: str, made_from: str) -> Stamp | None:
        """The stamp of a folder of the tree, if it was made from just that and is as it was made."""
        stamp = self._read(name)
        if stamp is None or stamp.made_from != made_from:
            return None
        found = {path.relative_to(self.tree).as_posix() for path in _files(self.tree / name)}
        if found != stamp.files.keys():
            return None
        return stamp if all(self._digest(path) == digest for path, digest in stamp.files.items()) else None

    def keep(self, name: str, made_from: str, paths: Iterable[str]) -> None:
        """Write the stamp of a folder down, of the files that stand there now.

        That it cannot be written is no fault: the next run makes the folder anew.
        """
        data = {"format": FORMAT, "made_from": made_from, "files": {path: self._digest(path) for path in paths}}
        with suppress(OSError):
            make_folder(self.folder, PRIVATE)
            file = self._file(name)
            fresh = file.with_name(f"{file.name}.new")
            fresh.unlink(missing_ok=True)
            with new_file(fresh, PRIVATE.file) as stream:
                stream.write(json.dumps(data).encode("utf-8"))
            fresh.replace(file)

    def _read(self, name: str) -> Stamp | None:
        with suppress(OSError, ValueError, KeyError, TypeError):
            data = json.loads(self._file(name).read_bytes())
            if data["format"] == FORMAT:
                return Stamp(data["made_from"], dict(data["files"]))
        return None

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.{self.suffix}.json"

    def _digest(self, path: str) -> str:
        data = plain_bytes(self.tree / path, PRIVATE.file)
        return "" if data is None else hashlib.sha256(data).hexdigest()


def forget(markdown: Path) -> None:
    """Let everything be made anew; `markdown` is `build/`."""
    shutil.rmtree(markdown / FOLDER, ignore_errors=True)


def digest_of(*parts: str | bytes) -> str:
    """One hash over many parts, none of which can be taken for two."""
    whole = Sum()
    whole.add(*parts)
    return str(whole)


def run_digest() -> str:
    """A hash over what runs, and for whom what it makes is open: this program, its libraries, Python, the umask."""
    whole = Sum()
    whole.add_program()
    whole.add(umask())
    return str(whole)


def folder_digest(folder: Path) -> str:
    """A hash over the names and the bytes of all files below a folder."""
    whole = Sum()
    whole.add_files(folder)
    return str(whole)


def _files(folder: Path) -> list[Path]:
    found = (Path(here) / name for here, _, names in os.walk(folder) for name in names)
    return sorted(found)
