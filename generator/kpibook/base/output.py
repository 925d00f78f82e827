"""Write what changed, remove what is no longer made, and switch whole folders at once."""

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from kpibook.base.problems import Failure, Place, Problem

FILE_MODE = 0o644
FOLDER_MODE = 0o755
TEMPORARY = ".kpibook-new"
"""The suffix of files and folders that are being made; a later run removes what a killed one left of them."""


class OutputError(Failure):
    """Something could not be written; what was published before is untouched."""


@dataclass(frozen=True, slots=True)
class TreeChanges:
    """What was done to a folder: pages in all, files written, files removed."""

    pages: int
    changed: int
    removed: int


def write_tree(pages: Iterable[tuple[str, str | bytes]], folder: Path) -> TreeChanges:
    """Make `folder` hold these pages and nothing else; see `open_tree`."""
    with open_tree(folder) as tree:
        tree.write(pages)
    return tree.changes


class Tree:
    """A folder whose pages are being written."""

    def __init__(self, folder: Path) -> None:
        self.changes = TreeChanges(0, 0, 0)
        self._folder = folder
        self._made: set[str] = set()
        self._known = {folder}

    def write(self, pages: Iterable[tuple[str, str | bytes]]) -> None:
        """Write pages, taken one at a time; only changed bytes are written.

        Text is written as UTF-8. A page is replaced whole: no reader sees half of it.

        Raises:
            ValueError: a path leaves the folder, or two pages have the same path.
        """
        changed = 0
        for path, text in pages:
            if path in self._made:
                raise ValueError(f"two pages have the path {path}")
            _check_path(path)
            self._made.add(path)
            data = text.encode("utf-8") if isinstance(text, str) else text
            changed += _write_changed(self._folder, path, data, self._known)
        self.changes = TreeChanges(len(self._made), self.changes.changed + changed, 0)

    def remove_others(self) -> None:
        """Remove every file that was not written."""
        self.changes = replace(self.changes, removed=_remove_others(self._folder, self._made))


@contextmanager
def open_tree(folder: Path) -> Iterator[Tree]:
    """Make `folder` hold the pages that are written within the block, and nothing else once it ends well.

    Raises:
        OutputError: the disk refuses (full, read-only, a folder that is not ours).
    """
    with _disk_errors(folder):
        _make_folder(folder)
        tree = Tree(folder)
        yield tree
        tree.remove_others()


def _check_path(path: str) -> None:
    parts = path.split("/")
    if any(part in {"", ".", ".."} for part in parts) or any(sign in path for sign in "\\:\0"):
        raise ValueError(f"not a path below a folder: {path!r}")
    if parts[-1].endswith(TEMPORARY):
        raise ValueError(f"the suffix {TEMPORARY} is kept for unfinished files: {path!r}")


def _write_changed(root: Path, path: str, data: bytes, known: set[Path]) -> bool:
    """Write the bytes unless they stand there already; tells whether they were written."""
    file = root / path
    if file.parent not in known:
        _make_folders(root, file.parent, known)
    if _holds(file, data):
        return False
    if file.is_dir() and not file.is_symlink():
        shutil.rmtree(file)
    temporary = file.with_name(f"{file.name}{TEMPORARY}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), FILE_MODE)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
    temporary.chmod(FILE_MODE)
    temporary.replace(file)
    return True


def _holds(file: Path, data: bytes) -> bool:
    """Whether the file is a plain one and has exactly these bytes."""
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return False
    try:
        with os.fdopen(descriptor, "rb") as stream:
            return os.fstat(descriptor).st_size == len(data) and stream.read() == data
    except IsADirectoryError:
        return False


def _make_folders(root: Path, folder: Path, known: set[Path]) -> None:
    """Make the folders between `root` and `folder`; a link or a file in the way is replaced, never followed."""
    for part in reversed([folder, *folder.parents][: len(folder.relative_to(root).parts)]):
        if part not in known:
            if part.is_symlink() or part.is_file():
                part.unlink()
            _make_folder(part)
            known.add(part)


def _make_folder(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    if not folder.is_dir():
        folder.mkdir()
        folder.chmod(FOLDER_MODE)


def _remove_others(folder: Path, made: set[str]) -> int:
    """Remove every file that is not among `made`, and folders that are empty then; tells how many files."""
    removed = 0
    for place, folders, files in os.walk(folder, topdown=False):
        here = Path(place)
        below = "" if here == folder else here.relative_to(folder).as_posix() + "/"
        links = [name for name in folders if (here / name).is_symlink()]
        for name in (*files, *links):
            if below + name not in made:
                (here / name).unlink()
                removed += not name.endswith(TEMPORARY)
        if here != folder and not any(here.iterdir()):
            here.rmdir()
    return removed


@contextmanager
def replacing(*live: Path) -> Iterator[tuple[Path, ...]]:
    """New, empty folders beside the live ones; when the block ends well, all of them go live, else none.

    While the block runs, a second run is refused with an OutputError that names the owner; a lock of a killed run
    is free again, and what it left unfinished is removed.
    """
    with _disk_errors(live[0]), _locked(live[0].parent / f".{live[0].name}.lock"):
        staged = tuple(folder.with_name(f".{folder.name}{TEMPORARY}") for folder in live)
        for new, old in zip(staged, live, strict=True):
            _recover(new, old)
            _make_folder(new)
        try:
            yield staged
            for new, old in zip(staged, live, strict=True):
                switch(new, old)
        finally:
            for new in staged:
                shutil.rmtree(new, ignore_errors=True)


def switch(new: Path, live: Path) -> None:
    """Put the folder `new` in the place of `live` and remove the old one; both stand on the same disk.

    Where the system can exchange two names in one step, `live` is the old or the new folder at every moment. Elsewhere
    two renames do it, and the next `replacing` puts the old folder back should a run be killed between them.
    """
    if not live.exists():
        new.rename(live)
        return
    if not _exchange(new, live):
        aside = _aside(live)
        shutil.rmtree(aside, ignore_errors=True)
        live.rename(aside)
        new.rename(live)
        new = aside
    shutil.rmtree(new)


def _aside(live: Path) -> Path:
    return live.with_name(f".{live.name}.kpibook-old")


def _recover(new: Path, live: Path) -> None:
    """Remove what a killed run left unfinished; a folder that it had moved aside comes back."""
    aside = _aside(live)
    if aside.exists() and not live.exists():
        aside.rename(live)
    for left in (new, aside):
        if left.exists():
            shutil.rmtree(left)


_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def _exchange(one: Path, other: Path) -> bool:
    """Swap two names in one step (Linux renameat2); tells whether the system and the disk could."""
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in {errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP}:
        return False
    raise OSError(number, os.strerror(number), str(other))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock file that names its owner; the system frees it when the owner dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _lock(path)
    try:
        os.truncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode("ascii"))
        yield
    finally:
        # Removed while still held, so that nobody can lock a name that is about to go.
        with suppress(FileNotFoundError):
            path.unlink()
        os.close(descriptor)


def _lock(path: Path) -> int:
    import fcntl

    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as err:
            owner = os.read(descriptor, 32).decode("ascii", "replace")
            os.close(descriptor)
            raise OutputError([Problem("build-running", Place(path.name), {"owner": owner or "?"})]) from err
        if path.exists() and os.fstat(descriptor).st_ino == path.stat().st_ino:
            return descriptor
        os.close(descriptor)


@contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    """Tell a refusal of the disk as a problem at the path below the folder, without the machine's own paths."""
    try:
        yield
    except OSError as err:
        reason = os.strerror(err.errno) if err.errno else str(err)
        raise OutputError([Problem("cannot-write", Place(_shown(err.filename, folder)), {"reason": reason})]) from err


def _shown(path: object, folder: Path) -> str:
    if isinstance(path, str | os.PathLike):
        with suppress(ValueError):
            return Path(path).relative_to(folder.parent).as_posix().replace(TEMPORARY, "")
    return folder.name
