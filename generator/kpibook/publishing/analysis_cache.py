"""Whether the pages of analysis still say what they would: looked at before anything is loaded that takes time."""

import json
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from kpibook.base.last_run import FOLDER as OWN_FOLDER
from kpibook.base.last_run import Sum, keep, settings_of
from kpibook.base.output import PRIVATE, make_folder

FOLDER = "analysis"
"""Below the cards' site: HR's alone, as all of that is; no viewer's folder has it."""
_FILE = "analysis.json"


def analysis_key(handbook: Path, scorecards: Path, config: Path) -> str:
    """A hash over all that decides the analysis: the program, numbers, catalog and settings; empty if unknown.

    Pages written by hand and the day decide nothing of it.
    """
    decides = Sum()
    try:
        decides.add_program()
        decides.add(settings_of(config), os.environ.get("KPIBOOK_KEY", ""))
        secret = config.parent / OWN_FOLDER / "key"
        decides.add(secret.read_bytes() if secret.is_file() else b"")
        for path in sorted(handbook.iterdir()):
            if path.is_file():
                decides.add(path.name, path.read_bytes())
            elif path.name != "pages":
                decides.add_files(path)
        decides.add_files(scorecards)
    except OSError:
        return ""
    return str(decides)


def kept_pages(root: Path, key: str, cycles: Iterable[str] | None = None) -> int:
    """How many pages stand there that were made for this key, and for these cycles if any are asked for; else 0."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        kept = json.loads((root / OWN_FOLDER / _FILE).read_text(encoding="ascii"))
        is_asked = cycles is None or kept["cycles"] == sorted(cycles)
        found = len(list((root / "site-cards" / FOLDER).glob("*.html")))
        if key and kept["key"] == key and is_asked and kept["pages"] == found:
            return found
    return 0


def keep_pages(root: Path, key: str, cycles: Iterable[str]) -> None:
    """Keep for later runs what the pages that stand there were made for."""
    found = len(list((root / "site-cards" / FOLDER).glob("*.html")))
    keep(root, _FILE, {"key": key, "cycles": sorted(cycles), "pages": found})


def take_analysis_over(root: Path, key: str, staged: Path) -> None:
    """Link the pages that stand there into the new cards' site while what they say still holds; else they are gone."""
    live = root / "site-cards" / FOLDER
    if not kept_pages(root, key):
        return
    make_folder(staged / FOLDER, PRIVATE)
    for page in sorted(live.glob("*.html")):
        target = staged / FOLDER / page.name
        target.unlink(missing_ok=True)
        try:
            os.link(page, target)
        except OSError:
            shutil.copy2(page, target)
