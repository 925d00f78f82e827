"""Paths that are one and the same where a disk minds no case, as those of Windows and macOS usually do."""

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath


def path_key(path: str) -> str:
    """What a path has in common with all that such a disk takes for it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def clashing_paths(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each path that is not written as an earlier one, or in a folder that is not, with the earlier path."""
    seen: dict[str, tuple[str, str]] = {}
    for path in paths:
        parts = [path, *(each.as_posix() for each in PurePosixPath(path).parents)]
        known = (seen.setdefault(path_key(part), (part, path)) for part in parts)
        others = [other for part, (written, other) in zip(parts, known, strict=True) if written != part]
        if others:
            yield path, others[0]
