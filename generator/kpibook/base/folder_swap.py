"""Let two folders change places, in one step where the system can."""

import errno
import os
import shutil
import sys
from pathlib import Path

from kpibook.base.output import TEMPORARY

_UNMOVABLE = frozenset({errno.EXDEV, errno.EBUSY})
"""A folder of a lower layer, or one that is a mount itself, cannot be renamed; its files can be replaced."""


def exchange(new: Path, live: Path) -> None:
    """Let `new` and `live` change places; without a live folder `new` takes its name.

    Where the system can exchange two names in one step, `live` is the old or the new folder at every moment. Elsewhere
    renames do it, and the next `replacing` puts the old folder back should a run be killed between them; and where
    not even those are possible, the files inside are replaced one by one.
    """
    if not live.exists():
        new.rename(live)
    elif not _exchange(new, live):
        aside = aside_of(live)
        shutil.rmtree(aside, ignore_errors=True)
        try:
            live.rename(aside)
        except OSError as err:
            if err.errno not in _UNMOVABLE:
                raise
            _exchange_contents(new, live)
            return
        try:
            new.rename(live)
        except OSError:
            aside.rename(live)
            raise
        aside.rename(new)


def _exchange_contents(new: Path, live: Path) -> None:
    """Let two folders that cannot be renamed change what is in them."""
    aside = aside_of(new)
    shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(live, aside, symlinks=True)
    for part in sorted(new.iterdir()):
        fresh = live / f"{part.name}{TEMPORARY}"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(part, fresh) if part.is_dir() else shutil.copy2(part, fresh)
        old = live / part.name
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        fresh.rename(old)
    for old in live.iterdir():
        if not (new / old.name).exists():
            shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
    # Half a new folder must never be found: killed while it is removed, the next command would copy it.
    gone = aside_of(aside)
    new.rename(gone)
    aside.rename(new)
    shutil.rmtree(gone)


def aside_of(live: Path) -> Path:
    """Where a folder stands while another takes its name."""
    return live.with_name(f".{live.name}.kpibook-old")


_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def _exchange(one: Path, other: Path) -> bool:
    """Swap two names in one step (Linux renameat2); tells whether the system and the disk could."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in {errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EXDEV}:
        return False
    raise OSError(number, os.strerror(number), str(other))
