"""Beginnings of new files: a role, an indicator or a cycle with every key explained; nothing is ever overwritten."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kpibook.authoring.rosters import RolledRoster, rolled_roster
from kpibook.base.entry import KEBAB, MAX_ID, SNAKE
from kpibook.base.period_names import period_title
from kpibook.base.periods import Period
from kpibook.base.words import Words
from kpibook.base.working_days import WorkingDays, usual_days
from kpibook.model import Catalog
from kpibook.reading.cycle.folder import CycleFolder

TEMPLATES = Path(__file__).parents[1] / "templates" / "authoring" / "skeletons"
"""How many days after a cycle its numbers, ratings and confirmations are due, unless somebody says otherwise."""

SCHEMA_OF_INDICATORS = "# yaml-language-server: $schema=../../build/schemas/indicators.schema.json\n"
_FILE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", re.ASCII)
_PLAIN = re.compile(r"[^\W_][^:#{}\[\],&*!|>'\"%@`\n]*")


class CannotMake(ValueError):
    """Nothing can be made of this; `key` stands under `skeletons.` in the locale."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(f"{key}: {values}")
        self.key = key
        self.values = values


class NewEntry(NamedTuple):
    """What somebody wants to begin: its id, and what is known of it."""

    id: str
    name: str = ""
    department: str = ""
    group: str = ""
    """The file below `indicators/`."""


class NewFile(NamedTuple):
    """A file to write; `is_added` to what stands there; `people_of` is the cycle whose people it holds."""

    path: Path
    content: bytes
    is_added: bool = False
    people_of: str = ""
    roster: RolledRoster | None = None
    """Whom somebody has to look at, where it holds people."""


def new_role(handbook: Path, say: Words, asked: NewEntry) -> NewFile:
    """The file of a role.

    Raises:
        CannotMake: the id is none, or is used.
    """
    if not re.fullmatch(KEBAB, asked.id, re.ASCII) or len(asked.id) > MAX_ID:
        raise CannotMake("bad_kebab", id=asked.id)
    path = handbook / "roles" / f"{asked.id}.yml"
    _refuse_file(path)
    text = _rendered("role", say, {"name": value_of(asked.name), "department": value_of(asked.department)})
    return NewFile(path, text.encode())


def new_indicator(handbook: Path, catalog: Catalog, say: Words, asked: NewEntry) -> NewFile:
    """An indicator in a file of its own, or at the end of one that is there.

    Raises:
        CannotMake: the id or the name of the file is none, or the id is used.
    """
    if not re.fullmatch(SNAKE, asked.id, re.ASCII) or len(asked.id) > MAX_ID:
        raise CannotMake("bad_snake", id=asked.id)
    if asked.group and not _FILE.fullmatch(asked.group):
        raise CannotMake("bad_group", id=asked.group)
    known = catalog.named(asked.id)
    if known:
        raise CannotMake("known", id=asked.id, file=known.place_of().file)
    path = handbook / "indicators" / f"{asked.group or asked.id}.yml"
    text = _rendered("indicator", say, {"id": asked.id, "name": value_of(asked.name)})
    if path.exists() and asked.group:
        return NewFile(path, text.encode(), is_added=True)
    _refuse_file(path)
    return NewFile(path, (SCHEMA_OF_INDICATORS + text).encode())


def new_cycle(
    scorecards: Path, say: Words, asked: NewEntry, working: WorkingDays, source: Period | None = None
) -> tuple[NewFile, ...]:
    """The files of a cycle: what it is, and the people of the cycle before it, or of `source`.

    Raises:
        CannotMake: this is no cycle, or it is there, or the people of the cycle before it cannot be read.
    """
    try:
        period = Period.parse(asked.id)
    except ValueError as err:
        raise CannotMake("bad_period", id=asked.id) from err
    folder = scorecards / asked.id
    _refuse_file(folder)
    named = asked.name or period_title(period, say)
    text = _rendered("cycle", say, {"name": value_of(named), "period": period, "days": usual_days(period, working)})
    return NewFile(folder / "cycle.yml", text.encode()), new_roster(scorecards, period, source)


def new_roster(scorecards: Path, period: Period, source: Period | None = None) -> NewFile:
    """The people of the cycle before one, or of `source`, as they begin the new cycle.

    Raises:
        CannotMake: those people cannot be read.
    """
    latest = source or max((earlier for earlier in _cycles(scorecards) if earlier < period), default=None)
    roster = _roster_of(scorecards / str(latest), period) if latest else RolledRoster()
    path = scorecards / str(period) / "people.csv"
    return NewFile(path, roster.content, people_of=str(latest or ""), roster=roster)


def write(beginning: NewFile) -> None:
    """Write a new file, or add to one that is there; an existing file is never replaced."""
    beginning.path.parent.mkdir(parents=True, exist_ok=True)
    if beginning.is_added:
        before = beginning.path.read_bytes()
        gap = b"" if before.endswith(b"\n") or not before else b"\n"
        beginning.path.write_bytes(before + gap + beginning.content)
        return
    with beginning.path.open("xb") as file:
        file.write(beginning.content)


def _roster_of(folder: Path, period: Period) -> RolledRoster:
    """The people of an earlier cycle as those of `period`."""
    whole = CycleFolder(folder, f"{folder.absolute().parent.name}/{folder.name}")
    path, _ = whole.table("people")
    roster = rolled_roster(path, whole.named(path), period) if path else None
    if roster is None:
        raise CannotMake("bad_roster", folder=folder.as_posix())
    return roster


def _cycles(scorecards: Path) -> Iterator[Period]:
    """The cycles that have people."""
    for path in scorecards.glob("*/people.*"):
        with suppress(ValueError):
            yield Period.parse(path.parent.name)


def _refuse_file(path: Path) -> None:
    if path.exists():
        raise CannotMake("exists", file=path.as_posix())


def value_of(text: str) -> str:
    """A text as the value of a key: with quotes where it needs them, nothing where there is none."""
    if not text:
        return ""
    return (
        f" {text}" if _PLAIN.fullmatch(text) and not text.endswith(" ") else f" {json.dumps(text, ensure_ascii=False)}"
    )


def _rendered(name: str, say: Words, values: Mapping[str, object]) -> str:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    return environment.get_template(f"{name}.yml.j2").render(say=say, **values)
