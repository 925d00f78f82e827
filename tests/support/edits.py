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
    for path in _tables(root):
        for column in range(len(_rows(path)[0])):
            yield table_edit(root, path, 1, column)
    seen = set[str]()
    for path in _settings(root):
        for found in LEAF.finditer(path.read_text(encoding="utf-8")):
            edit = key_edit(root, path, found)
            if edit.name not in seen:
                seen.add(edit.name)
                yield edit


def any_edit(root: Path, chance: random.Random) -> Edit:
    """One of all edits that there are of a company: of a cell, of rows, of values in YAML, of prose."""
    kind = chance.choice([_any_cell] * 6 + [_any_rows] * 3 + [_any_key] * 5 + [_any_exchange] * 4 + [_any_prose])
    return kind(root, chance)


def _any_cell(root: Path, chance: random.Random) -> Edit:
    path = chance.choice(_tables(root))
    rows = _rows(path)
    return table_edit(root, path, chance.randrange(1, len(rows)), chance.randrange(len(rows[0])))


def _any_rows(root: Path, chance: random.Random) -> Edit:
    """A table with a row less, two rows the other way round, or without any."""
    path = chance.choice(_tables(root))
    head, *rows = _rows(path)
    what = chance.choice(("row less", "rows exchanged", "no rows"))
    if what == "row less":
        del rows[chance.randrange(len(rows))]
    elif what == "rows exchanged":
        one, other = chance.randrange(len(rows)), chance.randrange(len(rows))
        rows[one], rows[other] = rows[other], rows[one]
    else:
        rows = []
    return Edit(f"{_kind(root, path)}: {what}", path, _written([head, *rows]))


def _any_key(root: Path, chance: random.Random) -> Edit:
    path = chance.choice(_settings(root))
    return key_edit(root, path, chance.choice(list(LEAF.finditer(path.read_text(encoding="utf-8")))))


def _any_exchange(root: Path, chance: random.Random) -> Edit:
    """Two values of the same key the other way round: weights that still add up, names, targets, bounds."""
    path = chance.choice(_settings(root))
    text = path.read_text(encoding="utf-8")
    found = list(LEAF.finditer(text))
    one = chance.choice(found)
    others = [each for each in found if each[1] == one[1] and each[2] != one[2]]
    if not others:
        return key_edit(root, path, one)
    first, last = sorted((one, chance.choice(others)), key=lambda each: each.start())
    between = text[first.end(2) : last.start(2)]
    changed = f"{text[: first.start(2)]}{last[2]}{between}{first[2]}{text[last.end(2) :]}"
    return Edit(f"{_kind(root, path)}: {one[1]} exchanged", path, changed)


def _any_prose(root: Path, chance: random.Random) -> Edit:
    path = chance.choice(sorted((root / "handbook/pages").rglob("*.md")))
    return Edit(_kind(root, path), path, f"{path.read_text(encoding='utf-8')}\n{chance.randrange(10**6)}\n")


def _tables(root: Path) -> list[Path]:
    """The tables that have a row."""
    return [path for path in _all_tables(root) if len(_rows(path)) > 1]


def _all_tables(root: Path) -> list[Path]:
    """All tables that people write; what publishing sealed is nobody's to edit."""
    found = (*(root / "handbook").rglob("*.csv"), *(root / "scorecards").rglob("*.csv"))
    return [path for path in sorted(found) if "revisions" not in path.parts]


def _settings(root: Path) -> list[Path]:
    """The files of YAML that have a key with a value."""
    files = sorted((*(root / "handbook").rglob("*.yml"), *(root / "scorecards").rglob("*.yml")))
    return [path for path in files if LEAF.search(path.read_text(encoding="utf-8"))]


def table_edit(root: Path, path: Path, row: int, column: int) -> Edit:
    """The table with another value in one cell."""
    rows = _rows(path)
    others = [each[column] for each in rows[1:] if each[column]]
    rows[row][column] = _other(rows[row][column], others)
    return Edit(f"{_kind(root, path)}: {rows[0][column]}", path, _written(rows))


def key_edit(root: Path, path: Path, found: re.Match[str]) -> Edit:
    """The file with another value of one key."""
    text = path.read_text(encoding="utf-8")
    value = _other(found[2].strip(), ())
    return Edit(f"{_kind(root, path)}: {found[1]}", path, text[: found.start(2)] + value + text[found.end(2) :])


def _rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def _written(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


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
