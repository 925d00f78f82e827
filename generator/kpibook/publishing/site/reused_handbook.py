"""The handbook's site and its Markdown, taken over from the last build where nothing that decides it has changed."""

import json
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from kpibook.base.last_run import FOLDER, Sum, keep, outputs_key, settings_of
from kpibook.publishing.site.settings import Nav

_FILE = "handbook.json"
_PAGES = "markdown.json"


def handbook_key(told: Iterable[tuple[Path, Nav]], handbook: Path, config: Path) -> str:
    """A hash over all that decides the site: its pages, the catalog, the settings and the program; empty if unknown.

    `told` has the folder of the Markdown in each language, and the way through it.
    """
    decides = Sum()
    try:
        decides.add_program()
        decides.add(settings_of(config))
        for markdown, nav in told:
            decides.add(repr(nav))
            decides.add_files(markdown)
        decides.add_files(handbook)
    except OSError:
        return ""
    return str(decides)


def taken_over(root: Path, key: str, live: Path, staged: Path) -> bool:
    """Link the live site into the staged folder if it was made for this key and is intact; tells whether it was."""
    try:
        kept = json.loads((root / FOLDER / _FILE).read_text(encoding="ascii"))
        if not key or kept != {"key": key, "site": outputs_key([live])}:
            return False
    except (OSError, ValueError):
        return False
    shutil.copytree(live, staged, copy_function=_linked, dirs_exist_ok=True)
    return True


def keep_key(root: Path, key: str, staged: Path) -> None:
    """Keep for the next build what the site in the staged folder was made for."""
    keep(root, _FILE, {"key": key, "site": outputs_key([staged])})


def are_there(root: Path, key: str, folders: Iterable[Path]) -> bool:
    """Whether folders were made for this key, and all files in them are as they were left."""
    with suppress(OSError, ValueError):
        kept = json.loads((root / FOLDER / _PAGES).read_text(encoding="ascii"))
        return bool(key) and bool(kept == {"key": key, "pages": outputs_key(folders)})
    return False


def keep_folders(root: Path, key: str, folders: Iterable[Path]) -> None:
    """Keep for the next build what folders were made for."""
    keep(root, _PAGES, {"key": key, "pages": outputs_key(folders)})


def _linked(source: str, target: str) -> None:
    """The same file under another name; where the disk has no such names, a copy."""
    with suppress(OSError):
        os.link(source, target)
        return
    shutil.copy2(source, target)
