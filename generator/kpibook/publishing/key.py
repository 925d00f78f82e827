"""The secret from which the addresses of people's pages are made: from the environment, else made once and kept."""

import os
import secrets
from pathlib import Path

from kpibook.base.output import PRIVATE, disk_errors, make_folder, new_file
from kpibook.base.problems import Failure, Place, Problem

VARIABLE = "KPIBOOK_KEY"
FOLDER = ".kpibook"
FILE = "key"
KEY_MODE = 0o600


class MissingKey(Failure):
    """There is no secret, and none may be made."""


def card_key(root: Path) -> bytes:
    """The secret that makes the names of people's pages unguessable.

    Raises:
        MissingKey: there is none; see `ensure_key`.
    """
    given = os.environ.get(VARIABLE, "").strip()
    file = root / FOLDER / FILE
    kept = given or (file.read_text(encoding="ascii").strip() if file.is_file() else "")
    if not kept:
        raise MissingKey([Problem("no-key", Place(f"{FOLDER}/{FILE}"))])
    return kept.encode("utf-8")


def ensure_key(root: Path) -> bool:
    """Make the secret where there is none yet, in a folder that Git ignores; tells whether it was made.

    A run of a CI makes none: it would be another one each time, and every address with it.

    Raises:
        MissingKey: a CI has no secret.
        OutputError: the disk refuses.
    """
    folder = root / FOLDER
    if os.environ.get(VARIABLE, "").strip() or (folder / FILE).is_file():
        return False
    if os.environ.get("CI"):
        raise MissingKey([Problem("no-key", Place(f"{FOLDER}/{FILE}"))])
    with disk_errors(folder):
        make_folder(folder, PRIVATE)
        (folder / ".gitignore").write_text("*\n", encoding="ascii")
        fresh = folder / f"{FILE}.new"
        fresh.unlink(missing_ok=True)
        with new_file(fresh, KEY_MODE) as stream:
            stream.write(f"{secrets.token_hex(32)}\n".encode("ascii"))
        fresh.rename(folder / FILE)
    return True
