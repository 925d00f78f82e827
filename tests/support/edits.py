"""Edits of a company's files, one at a time: every column of every table, and every key of every file of YAML."""

import csv
import datetime
import io
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

LEAF = re.compile(r"(?:(?<=[{,] )|(?<=[{ ])|^)([a-z_]+): +([^\s,{}\[\]|>][^,{}\[\]\n]*)", re.MULTILINE)
"""A key with a plain value, on a line of its own or among others."""


class Edit(NamedTuple):
    """A file with another text."""

    name: str
    """What is edited: the kind of file, and the column or the key."""
    path: Path
    text: str

    def make(self) -> None:
        """Write it."""
        self.path.write_text(self.text, encoding="utf-8", newline="")


def every_edit(root: Path) -> Iterator[Edit]:
    """An edit of each column of each table, and of the first value of each key in each file of a kind."""
    for path in sorted((root / "scorecards").rglob("*.csv")):
        for column in range(len(_rows(path)[0])):
            yield table_edit(root, path, 1, column)
    seen = set[str]()
    for path in sorted((*(root / "handbook").rglob("*.yml"), *(root / "scorecards").rglob("*.yml"))):
        for found in LEAF.finditer(path.read_text(encoding="utf-8")):
            edit = key_edit(root, path, found)
            if edit.name not in seen:
                seen.add(edit.name)
                yield edit


def any_edit(root: Path, chance: random.Random) -> Edit:
    """One of all edits that there are of a company."""
    if chance.random() < 0.6:
        path = chance.choice([each for each in sorted((root / "scorecards").rglob("*.csv")) if len(_rows(each)) > 1])
        rows = _rows(path)
        return table_edit(root, path, chance.randrange(1, len(rows)), chance.randrange(len(rows[0])))
    files = sorted((*(root / "handbook").rglob("*.yml"), *(root / "scorecards").rglob("*.yml")))
    path = chance.choice(files)
    return key_edit(root, path, chance.choice(list(LEAF.finditer(path.read_text(encoding="utf-8")))))


def table_edit(root: Path, path: Path, row: int, column: int) -> Edit:
    """The table with another value in one cell."""
    rows = _rows(path)
    others = [each[column] for each in rows[1:] if each[column]]
    rows[row][column] = _other(rows[row][column], others)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return Edit(f"{_kind(root, path)}: {rows[0][column]}", path, text.getvalue())


def key_edit(root: Path, path: Path, found: re.Match[str]) -> Edit:
    """The file with another value of one key."""
    text = path.read_text(encoding="utf-8")
    value = _other(found[2].strip(), ())
    return Edit(f"{_kind(root, path)}: {found[1]}", path, text[: found.start(2)] + value + text[found.end(2) :])


def _rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def _kind(root: Path, path: Path) -> str:
    parts = path.relative_to(root).parts
    return "/".join((*parts[:-1], "*") if parts[-2] in ("roles", "indicators") else parts)


def _other(value: str, others: Sequence[str]) -> str:
    """Another value of the same kind, if that can be told."""
    if value in ("true", "false"):
        return "false" if value == "true" else "true"
    if re.fullmatch(r"-?\d+(?:\.\d+)?", value):
        return str(int(value) + 1) if "." not in value else f"{value}1"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return (datetime.date.fromisoformat(value) + datetime.timedelta(days=1)).isoformat()
    different = [each for each in others if each != value]
    return different[0] if different else f"{value}改"
