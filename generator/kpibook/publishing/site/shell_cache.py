"""The empty pages of the cards' site as an earlier run let MkDocs make them: that takes as long as many cards."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from kpibook.base.last_run import settings_of
from kpibook.base.output import PRIVATE, make_folder, new_file
from kpibook.publishing.site.shells import PageShells
from kpibook.publishing.stamps import digest_of, run_digest

FORMAT = 1


class Chrome(NamedTuple):
    """Everything of the site that no card decides."""

    shells: PageShells
    assets: Mapping[str, bytes]
    """By the path of the file in the site."""


class ShellCache(NamedTuple):
    """The file in which they are kept, and what they have to be made from to be taken over; empty if unknown."""

    file: Path
    key: str

    def read(self) -> Chrome | None:
        """What was kept for this key; None where that is another, or the file is not as it was written."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            data = json.loads(self.file.read_bytes())
            if self.key and data["key"] == self.key and data["sum"] == _sum(data["chrome"]):
                chrome = json.loads(data["chrome"])
                return Chrome(
                    _read(chrome["shells"]), {path: b64decode(text) for path, text in chrome["assets"].items()}
                )
        return None

    def keep(self, chrome: Chrome) -> None:
        """Write them down for the next run. That it cannot be written is no fault: that one makes them anew."""
        if not self.key:
            return
        assets = {path: b64encode(data).decode("ascii") for path, data in chrome.assets.items()}
        text = json.dumps({"shells": _told(chrome.shells), "assets": assets})
        with suppress(OSError):
            make_folder(self.file.parent, PRIVATE)
            fresh = self.file.with_name(f"{self.file.name}.new")
            fresh.unlink(missing_ok=True)
            with new_file(fresh, PRIVATE.file) as stream:
                stream.write(json.dumps({"key": self.key, "sum": _sum(text), "chrome": text}).encode("ascii"))
            fresh.replace(self.file)


def shells_key(config: Path | None, pages: Iterable[str], *texts: str) -> str:
    """A hash over all that decides them: the program, the settings, how deep pages lie, and the `texts` on each.

    It is empty where other files decide, too, as the settings may say.
    """
    depths = sorted({page.count("/") for page in pages})
    try:
        return digest_of(str(FORMAT), run_digest(), settings_of(config) if config else b"", repr(depths), *texts)
    except OSError:
        return ""


def _sum(text: str) -> str:
    return digest_of(text)


def _told(shells: PageShells) -> dict[str, object]:
    parts = [[depth, has_toc, list(cut)] for (depth, has_toc), cut in shells.parts.items()]
    others = {language: _told(each) for language, each in shells.others.items()}
    return {"parts": parts, "toc_title": shells.toc_title, "others": others}


def _read(told: Mapping[str, object]) -> PageShells:
    parts, others = told["parts"], told["others"]
    if not isinstance(parts, list) or not isinstance(others, dict):
        raise TypeError
    return PageShells(
        {(depth, has_toc): tuple(cut) for depth, has_toc, cut in parts},
        str(told["toc_title"]),
        {language: _read(each) for language, each in others.items()},
    )
