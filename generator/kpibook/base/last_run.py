"""Whether anything has changed since the last build: told before anything is read that takes time.

What decides the output goes in by its bytes; the program's own files and what was made by their size and time, as
`make` looks at files: there are too many to read them all.
"""

import datetime
import errno
import hashlib
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

import click

from kpibook import __version__
from kpibook.base.git import GitFault, git
from kpibook.base.output import PRIVATE, make_folder, new_file

FOLDER = ".kpibook"
FILE = "built.json"
_FORMAT = 1
_PACKAGE = Path(__file__).parents[1]
_LIBRARIES = Path(click.__file__).parents[1]
_LEADS_ELSEWHERE = re.compile(rb"(?m)^\s*(?:custom_dir|hooks|INHERIT)\s*:|!ENV|!relative")
"""Settings that let files beside the two folders decide what is made."""
_OWN_MODE = 0o600


class LastRun(NamedTuple):
    """What the last build was made from, what it left, and how it ended."""

    inputs: str
    outputs: str
    set_aside: int
    handbook: int
    """Pages of the handbook."""
    cards: int
    """Pages of the scorecards."""
    language: str


class Sum:
    """A hash over parts, each with its length, so that no two lists of parts are one."""

    def __init__(self) -> None:
        self._sum = hashlib.blake2b(digest_size=16)

    def add(self, *parts: str | bytes) -> None:
        """Take up texts and bytes."""
        for part in parts:
            data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
            self._sum.update(len(data).to_bytes(8, "big"))
            self._sum.update(data)

    def add_program(self) -> None:
        """Take up what runs: this program's version and files, the libraries, Python."""
        self.add(str(_FORMAT), __version__, sys.version, *_program(_PACKAGE, _LIBRARIES))

    def add_files(self, folder: Path) -> None:
        """Take up the names and bytes of all files below a folder; one that cannot be read raises an OSError."""
        for path in _files(folder):
            self.add(os.fsencode(path.relative_to(folder.parent)), path.read_bytes())

    def __str__(self) -> str:
        return self._sum.hexdigest()


@cache
def _program(package: Path, libraries: Path) -> tuple[str, ...]:
    """The libraries that are installed and the files of the program: looked at once, as what runs is what was there."""
    installed = sorted(path.name for path in libraries.glob("*.dist-info"))
    return (*installed, *sorted(line for line in _listed(package, "") if "__pycache__" not in line))


def inputs_key(handbook: Path, scorecards: Path, config: Path, wanted: Iterable[str]) -> str:
    """A hash over everything that decides what a build makes; empty where that cannot be told.

    The day is a part of it: what is overdue and which waivers have expired depends on it.
    """
    inputs = Sum()
    try:
        settings = settings_of(config)
        inputs.add_program()
        inputs.add(settings, _today(), *_environment(), *wanted, newest_commit(handbook))
        inputs.add_files(handbook)
        inputs.add_files(scorecards)
        key = config.parent / FOLDER / "key"
        inputs.add(key.read_bytes() if key.is_file() else b"")
    except OSError:
        return ""
    return str(inputs)


def settings_of(config: Path) -> bytes:
    """What a company's `mkdocs.yml` says, if there is one.

    Raises:
        OSError: it cannot be read, or it lets other files decide, too.
    """
    settings = config.read_bytes() if config.is_file() else b""
    if _LEADS_ELSEWHERE.search(settings):
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP), str(config))
    return settings


def outputs_key(folders: Iterable[Path]) -> str:
    """A hash over the names, sizes, times and modes of all files in folders, whatever the folders are called.

    What `kpibook analysis` puts into the site of the cards is its own affair.
    """
    outputs = Sum()
    for folder in folders:
        outputs.add("folder" if folder.is_dir() else "nothing")
        outputs.add(*(line for line in sorted(_listed(folder, "")) if not f"{line}/".startswith("/analysis/")))
    return str(outputs)


def last_run(root: Path) -> LastRun | None:
    """How the last build ended; None where it is not known."""
    with suppress(OSError, ValueError, TypeError):
        kept = json.loads((root / FOLDER / FILE).read_text(encoding="ascii"))
        return LastRun(**kept)
    return None


def remember_run(root: Path, run: LastRun) -> None:
    """Keep how a build ended. That it cannot be kept is no fault: the next one makes everything anew."""
    keep(root, FILE, run._asdict())


def keep(root: Path, name: str, facts: Mapping[str, object]) -> None:
    """Write a small file into the program's own folder, which only its owner may read; as far as the disk lets it."""
    folder = root / FOLDER
    with suppress(OSError):
        make_folder(folder, PRIVATE)
        ignored = folder / ".gitignore"
        if not ignored.exists():
            ignored.write_text("*\n", encoding="ascii")
        fresh = folder / f"{name}.new"
        fresh.unlink(missing_ok=True)
        with new_file(fresh, _OWN_MODE) as stream:
            stream.write(json.dumps(facts).encode("ascii"))
        fresh.replace(folder / name)


def _today() -> str:
    return datetime.date.today().isoformat()


def _environment() -> Iterator[str]:
    yield os.environ.get("KPIBOOK_KEY", "")
    yield os.environ.get("SOURCE_DATE_EPOCH", "")
    yield umask()


def umask() -> str:
    """What this process lets nobody else do with the files that it makes."""
    mask = os.umask(0)
    os.umask(mask)
    return str(mask)


def newest_commit(folder: Path) -> bytes:
    """The commit of which pages tell the history; that there is none is a state like any other."""
    try:
        return git(folder, "rev-parse", "HEAD", "--is-shallow-repository")
    except GitFault:
        return b""


def _files(folder: Path) -> list[Path]:
    """All files below a folder, links to folders not followed; a folder that cannot be listed raises an OSError."""
    found = []
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            found += _files(Path(entry.path))
        else:
            found.append(Path(entry.path))
    return sorted(found)


def _listed(folder: Path, below: str) -> Iterator[str]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        name = f"{below}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield name
            yield from _listed(Path(entry.path), name)
        else:
            status = entry.stat(follow_symlinks=False)
            yield f"{name} {status.st_size} {status.st_mtime_ns} {status.st_mode}"
