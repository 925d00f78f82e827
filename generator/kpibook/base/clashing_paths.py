"""Paths that differ, and are one and the same on a disk that ignores case, as those of Windows and macOS usually do."""

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath


def path_key(path: str) -> str:
    """The path as such a disk compares it: equal for two paths that it takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def clashing_paths(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Paths that clash with an earlier one, or lie in a folder that does; each with the earlier path."""
    seen: dict[str, tuple[str, str]] = {}
    for path in paths:
        parts = [path, *(each.as_posix() for each in PurePosixPath(path).parents)]
        known = (seen.setdefault(path_key(part), (part, path)) for part in parts)
        others = [other for part, (written, other) in zip(parts, known, strict=True) if written != part]
        if others:
            yield path, others[0]
