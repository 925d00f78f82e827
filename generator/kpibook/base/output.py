"""Write what changed, and remove what is no longer made."""

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, NamedTuple

from kpibook.base.problems import Failure, Place, Problem
from kpibook.base.system_errors import reason


class Modes(NamedTuple):
    """Who may read what is written, as far as the umask lets them."""

    file: int
    folder: int


PUBLIC = Modes(0o644, 0o755)
PRIVATE = Modes(0o640, 0o750)
"""Cards: for their owner and the web server's group, never for every account of the machine."""
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


def write_tree(pages: Iterable[tuple[str, str | bytes]], folder: Path, modes: Modes = PUBLIC) -> TreeChanges:
    """Make `folder` hold these pages and nothing else; see `open_tree`."""
    with open_tree(folder, modes) as tree:
        tree.write(pages)
    return tree.changes


class Tree:
    """A folder whose pages are being written."""

    def __init__(self, folder: Path, modes: Modes, *, is_staged: bool = False) -> None:
        """`is_staged`: see `open_tree`."""
        self._modes = modes
        self._is_staged = is_staged
        self.changes = TreeChanges(0, 0, 0)
        self.folder = folder
        self._made: set[str] = set()
        self._known = {folder}
        self._has_folder = {""}

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
            changed += self._write_changed(path, data)
        self.changes = TreeChanges(len(self._made), self.changes.changed + changed, 0)

    def _write_changed(self, path: str, data: bytes) -> bool:
        """Write the bytes unless they stand there already; tells whether they were written."""
        self._make_folder_of(path)
        # A plain text: to put paths together costs as much as the file itself, and there are thousands.
        name = f"{self.folder}/{path}"
        if self._is_staged:
            # To look for an older one, and to write under another name first, would take half as long again.
            with _replacing_leftover(name, self._modes.file) as stream:
                stream.write(data)
            return True
        if _holds(name, data, self._modes.file):
            return False
        # A new file that takes the old one's name: what is linked elsewhere is never opened for writing.
        temporary = name + TEMPORARY
        with _replacing_leftover(temporary, self._modes.file) as stream:
            stream.write(data)
        try:
            Path(temporary).replace(name)
        except OSError:
            # Systems name it differently that a folder is in the way.
            if not Path(name).is_dir():
                raise
            shutil.rmtree(name)
            Path(temporary).replace(name)
        return True

    def _make_folder_of(self, path: str) -> None:
        """Make the folders above a page, once for all pages of them."""
        above = path.rpartition("/")[0]
        if above not in self._has_folder:
            self._make_folders(self.folder / above)
            self._has_folder.add(above)

    def _make_folders(self, folder: Path) -> None:
        """Make the folders down to this one; a link or a file in the way is replaced, never followed."""
        root = self.folder
        for part in reversed([folder, *folder.parents][: len(folder.relative_to(root).parts)]):
            if part not in self._known:
                if part.is_symlink() or part.is_file():
                    part.unlink()
                make_folder(part, self._modes)
                self._known.add(part)

    def keep(self, paths: Iterable[str]) -> None:
        """Leave pages as they stand there: they are of this tree, and nobody makes them anew."""
        self._made.update(paths)
        self.changes = TreeChanges(len(self._made), self.changes.changed, 0)

    def link(self, paths: Iterable[str], source: Path) -> None:
        """Take pages over from another tree: a second name for each file, or a copy where the disk has no such names.

        Raises:
            ValueError: as `write` does.
        """
        for path in paths:
            _check_path(path)
            self._make_folder_of(path)
            file = f"{self.folder}/{path}"
            try:
                link_file(f"{source}/{path}", file, self._modes.file)
            except FileExistsError:
                # Only a folder that a run was killed in has such: to ask for each would take as long as to link it.
                Path(file).unlink()
                link_file(f"{source}/{path}", file, self._modes.file)
        self.keep(paths)

    def remove_others(self) -> None:
        """Remove every file that was not written."""
        self.changes = replace(self.changes, removed=_remove_others(self.folder, self._made))


@contextmanager
def open_tree(folder: Path, modes: Modes = PUBLIC, *, is_staged: bool = False) -> Iterator[Tree]:
    """Make `folder` hold the pages that are written within the block, and nothing else once it ends well.

    `is_staged`: it takes the place of another folder once it is whole, and nobody reads it before.

    Raises:
        OutputError: the disk refuses (full, read-only, a folder that is not ours).
    """
    with disk_errors(folder):
        make_folder(folder, modes)
        tree = Tree(folder, modes, is_staged=is_staged)
        yield tree
        tree.remove_others()


def _check_path(path: str) -> None:
    parts = path.split("/")
    if any(part in {"", ".", ".."} for part in parts) or any(sign in path for sign in "\\:\0"):
        raise ValueError(f"not a path below a folder: {path!r}")
    if parts[-1].endswith(TEMPORARY):
        raise ValueError(f"the suffix {TEMPORARY} is kept for unfinished files: {path!r}")


def _holds(file: Path | str, data: bytes, mode: int) -> bool:
    """Whether the file is a plain one, has exactly these bytes and is open to nobody else."""
    return plain_bytes(file, mode, len(data)) == data


def plain_bytes(file: Path | str, mode: int, size: int | None = None) -> bytes | None:
    """The bytes of a plain file that is open to nobody else; None for any other, or one of another size."""
    try:
        with open(file, "rb", opener=_plainly) as stream:
            status = os.fstat(stream.fileno())
            if _is_wider(status, mode) or size not in (None, status.st_size):
                return None
            return stream.read()
    except OSError:
        return None


def _plainly(path: str, flags: int) -> int:
    """Open a file, never by way of a link."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))


UNLINKABLE = frozenset({errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP})
"""Another disk, one without links, or more links than it can count: then the file is copied."""


def link_file(source: Path | str, target: Path | str, mode: int) -> None:
    """A second name for a file that nobody opens for writing, or a copy where the disk cannot."""
    try:
        os.link(source, target)
    except OSError as err:
        if err.errno not in UNLINKABLE:
            raise
        # Never into a file that is there: it may have another name elsewhere.
        Path(target).unlink(missing_ok=True)
        shutil.copyfile(source, target)
        Path(target).chmod(mode & Path(source).stat().st_mode)


def new_file(path: Path | str, mode: int) -> BinaryIO:
    """Make a file that is not there yet, open for its bytes, and to those only whom `mode` names."""
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode))


def _replacing_leftover(path: str, mode: int) -> BinaryIO:
    """As `new_file`, where only a run that was killed left a file: to ask for each takes as long as to make it."""
    try:
        return new_file(path, mode)
    except FileExistsError:
        Path(path).unlink()
        return new_file(path, mode)


def _is_wider(status: os.stat_result, mode: int) -> bool:
    """Whether more accounts may do more than `mode` says; systems without such modes have no say in it."""
    return os.name == "posix" and bool(status.st_mode & 0o777 & ~mode)


def paths_below(folder: Path, suffix: str) -> list[str]:
    """The files of a suffix below a folder by their paths there, in order; a link to a folder is not followed."""
    found = list[str]()
    for here, _, names in os.walk(folder):
        # Plain texts: of ten thousand pages, paths take longer to put together than to find.
        below = here[len(os.fspath(folder)) :].replace(os.sep, "/").lstrip("/")
        found += (f"{below}/{name}" if below else name for name in names if name.endswith(suffix))
    return sorted(found)


def make_folder(folder: Path, modes: Modes) -> None:
    """Make a folder, and those above it; one that is there is closed to those who may not read it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    if not folder.is_dir():
        # Another process of this run may make it in the same moment.
        folder.mkdir(modes.folder, exist_ok=True)
    elif _is_wider(folder.stat(), modes.folder):
        folder.chmod(folder.stat().st_mode & modes.folder)


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
def disk_errors(folder: Path) -> Iterator[None]:
    """Tell a refusal of the disk as a problem at the path below the folder, without the machine's own paths."""
    try:
        yield
    except OSError as err:
        raise OutputError(
            [
                Problem(
                    "cannot-write", Place(_without_root(err.filename, folder)), {"reason": reason(err)}, is_public=True
                )
            ]
        ) from err


def _without_root(path: object, folder: Path) -> str:
    if isinstance(path, str | os.PathLike):
        with suppress(ValueError):
            return Path(path).relative_to(folder.parent).as_posix().replace(TEMPORARY, "")
    return folder.name
