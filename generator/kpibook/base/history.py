"""Who changed which file when and why, as git remembers it; nothing where there is no git."""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kpibook.base.git import GitFault, git

_FORMAT = "%x01%H%x02%as%x02%an%x02%B"
_TRAILER = re.compile(r"[A-Za-z][A-Za-z-]*: ")
"""How a line begins that speaks to tools: `Signed-off-by: …`."""
_COMMIT = re.compile("(?:^|\0)\x01(?=[0-9a-f]{40,64}\x02)")


class Commit(NamedTuple):
    """One change as its author recorded it; the day is that of the author's own clock."""

    date: datetime.date
    author: str
    subject: str
    hash: str
    number: int = 0
    """Its place in the log of the whole folder, the newest first."""
    reason: str = ""
    """The paragraph below its subject: why."""


History = Mapping[str, Sequence[Commit]]
"""The commits that touched each file of a folder, newest first, by its path below it."""

NO_HISTORY: History = {}


def file_history(folder: Path, only: str = ".") -> Mapping[str, tuple[Commit, ...]]:
    """The commits that touched each file below a folder, newest first, by the file's path below it.

    `only` is git's pattern of the files that are asked for.

    A renamed file keeps the commits of its former name. Files that are no longer there are listed under the name
    that they had. Empty without git, without commits, and in a clone that was cut off (`--depth`): the beginning of
    a cut clone looks as if it had written every file.
    """
    try:
        if git(folder, "rev-parse", "--is-shallow-repository").strip() != b"false":
            return {}
        log = git(folder, "log", "-z", "--name-status", "-M", "-l1000", "--relative", f"--format={_FORMAT}", "--", only)
    except GitFault:
        return {}
    return _by_file(_commits(log.decode("utf-8", "replace")))


def _by_file(changes: Iterator[tuple[Commit, tuple[tuple[str, str], ...]]]) -> dict[str, tuple[Commit, ...]]:
    found: dict[str, list[Commit]] = {}
    later: dict[str, str] = {}
    for commit, files in changes:
        for path, former in files:
            name = later.get(path, path)
            found.setdefault(name, []).append(commit)
            if former:
                later[former] = name
    return {path: tuple(commits) for path, commits in sorted(found.items())}


def _commits(log: str) -> Iterator[tuple[Commit, tuple[tuple[str, str], ...]]]:
    """Each commit, newest first, with the files that it touched: their names, and their former names if renamed."""
    for number, part in enumerate(filter(None, _COMMIT.split(log))):
        head, _, files = part.partition("\0\n")
        digest, day, author, message = head.rstrip("\0\n").split("\x02", 3)
        subject, reason = _parts(message)
        commit = Commit(datetime.date.fromisoformat(day), author, subject, digest, number, reason)
        yield commit, tuple(_files(iter(files.split("\0"))))


def _parts(message: str) -> tuple[str, str]:
    """The subject and the reason of a message, each on one line."""
    paragraphs = [part.splitlines() for part in re.split(r"\n\s*\n", message.strip())]
    told = [lines for lines in paragraphs[1:] if not all(_TRAILER.match(line) for line in lines)]
    return " ".join(paragraphs[0]), _one_line(told[0]) if told else ""


def _one_line(lines: Sequence[str]) -> str:
    """Lines as one; Chinese has no space between its words."""
    text = "\n".join(line.strip() for line in lines)
    return re.sub(r"(?<=[^\x00-\x7f])\n(?=[^\x00-\x7f])", "", text).replace("\n", " ")


def _files(fields: Iterator[str]) -> Iterator[tuple[str, str]]:
    for status in filter(None, fields):
        first = next(fields)
        yield (next(fields), first) if status.startswith("R") else (first, "")
