"""Several changes of files at once, all or none: everything is written aside, and one rename makes it valid.

The rename is that of `pending.json`, the list of what is still to do. Once it stands, the new state is decided, and
whoever comes next finishes it first; before, nothing has changed.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

PENDING = "pending.json"
"""Beside the folders that it changes."""
ASIDE = ".pending"
"""The folder of what is written aside; without a `pending.json` nothing in it counts."""
FORMAT = 1


class Leftover(StrEnum):
    """What an earlier command that was interrupted has left."""

    NOTHING = "nothing"
    UNDECIDED = "undecided"
    """It had changed nothing yet, and what it had prepared is gone."""
    FINISHED = "finished"
    """Its changes were decided, and have been made now."""


class Disk:
    """Every call that changes a file: few enough that a test can let each of them fail."""

    def make_folder(self, folder: Path) -> None:
        """Make a folder and all above it."""
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, file: Path, data: bytes) -> None:
        """Write a new file, down to the disk."""
        with file.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())

    def append(self, file: Path, at: int, data: bytes) -> None:
        """Make a file end with these bytes from a position on, down to the disk."""
        with file.open("r+b" if file.exists() else "wb") as stream:
            stream.truncate(at)
            stream.seek(at)
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())

    def rename(self, file: Path, target: Path) -> None:
        """Put a file in the place of another."""
        file.replace(target)

    def remove(self, file: Path) -> None:
        """Remove a file, if it is there."""
        file.unlink(missing_ok=True)

    def remove_tree(self, folder: Path) -> None:
        """Remove a folder with everything in it, if it is there."""
        if folder.exists():
            shutil.rmtree(folder)

    def settle(self, folder: Path) -> None:
        """See to it that the names in a folder are on the disk."""
        with suppress(PermissionError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


DISK = Disk()


@dataclass(slots=True)
class Transaction:
    """What is to change below a folder; paths are written with `/`, from that folder on."""

    writes: dict[str, bytes] = field(default_factory=dict)
    removes: list[str] = field(default_factory=list)
    appends: dict[str, bytes] = field(default_factory=dict)
    """What is added at the end of a file that may not be there yet."""

    def append(self, path: str, data: bytes) -> None:
        """Add to the end of a file, behind what is to be added already."""
        self.appends[path] = self.appends.get(path, b"") + data


def apply(changes: Transaction, root: Path, disk: Disk = DISK) -> None:
    """Make all changes below `root`, or none.

    Raises:
        OSError: the disk refuses; nothing has changed, unless `pending.json` stands: then the next `finish_pending`
            makes the rest of the changes.
    """
    aside = root / ASIDE
    try:
        steps = list(_prepared(changes, root, aside, disk))
        disk.write(aside / PENDING, json.dumps({"format": FORMAT, "steps": steps}, indent=1).encode())
        disk.settle(aside)
        disk.rename(aside / PENDING, root / PENDING)
    except OSError:
        with suppress(OSError):
            disk.remove_tree(aside)
        raise
    disk.settle(root)
    finish_pending(root, disk)


def _prepared(changes: Transaction, root: Path, aside: Path, disk: Disk) -> Iterator[Sequence[object]]:
    """Write everything aside; each step that is to follow can be made again without harm."""
    disk.remove_tree(aside)
    disk.make_folder(aside)
    for number, (path, data) in enumerate(changes.writes.items()):
        disk.write(aside / str(number), data)
        yield "write", str(number), path
    for path in changes.removes:
        yield "remove", path
    for path, data in changes.appends.items():
        file = root / path
        yield "append", path, file.stat().st_size if file.exists() else 0, data.decode("utf-8")


def finish_pending(root: Path, disk: Disk = DISK) -> Leftover:
    """Make the changes that were decided by a command that could not make them all; tells what there was."""
    pending, aside = root / PENDING, root / ASIDE
    if not pending.exists():
        if not aside.exists():
            return Leftover.NOTHING
        disk.remove_tree(aside)
        return Leftover.UNDECIDED
    for step in json.loads(pending.read_text(encoding="utf-8"))["steps"]:
        _do(step, root, aside, disk)
    # In this order, lest a folder without a list be taken for one of which nothing was decided.
    disk.remove_tree(aside)
    disk.remove(pending)
    disk.settle(root)
    return Leftover.FINISHED


def _do(step: Sequence[object], root: Path, aside: Path, disk: Disk) -> None:
    match step:
        case ["write", str(number), str(path)]:
            if (aside / number).exists():
                disk.make_folder((root / path).parent)
                disk.rename(aside / number, root / path)
                disk.settle((root / path).parent)
        case ["remove", str(path)]:
            disk.remove(root / path)
        case ["append", str(path), int(at), str(text)]:
            disk.append(root / path, at, text.encode("utf-8"))
        case _:
            raise ValueError(f"not a step: {step}")


@contextmanager
def locked_folder(root: Path) -> Iterator[bool]:
    """Hold a folder against other commands that change it; False where another one does."""
    from filelock import lock_descriptor

    descriptor = os.open(root, os.O_RDONLY) if os.name == "posix" else _stand_in(root)
    try:
        yield lock_descriptor(descriptor, blocking=False)
    finally:
        os.close(descriptor)


def _stand_in(root: Path) -> int:
    """A file in place of a folder, which not every system can hold; outside, so that the folder stays as it is."""
    name = hashlib.sha256(str(root.resolve()).casefold().encode("utf-8")).hexdigest()[:20]
    return os.open(Path(tempfile.gettempdir()) / f"kpibook-{name}.lock", os.O_RDWR | os.O_CREAT)
