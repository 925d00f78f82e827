"""Where numbers came from, and why some are missing."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple, TypeVar

from kpibook.base.day_texts import whole_day
from kpibook.base.identity import ByIdentity
from kpibook.base.numbers import ZERO, show
from kpibook.base.problems import Place
from kpibook.base.words import Words
from kpibook.model import Accumulate, Catalog, Reading
from kpibook.rules.formulas import MEANS, SUMS, Name
from kpibook.rules.standards import with_unit
from kpibook.scoring.approvals import Lack, Unapproved
from kpibook.scoring.explain.steps import name_text
from kpibook.scoring.sources import DayShare, Source, Target, TargetOrigin

LONGEST_RAW = 60
SHARED_SCOPES = ("department", "company")
"""Numbers that are looked up once for all of a department, or of the company."""

Shared = TypeVar("Shared")


class SourceStyle(NamedTuple):
    """How the data behind a number is told: as it stands, or as on a card that has little room."""

    who: Callable[[str], str] = str
    """How somebody is called whose id stands in the data."""
    folder: str = ""
    """A folder that the reader knows: rows below it are told from there on, and without a raw text that says no more
    than the value does."""
    named: Callable[[Place], str] | None = None
    """How a row is called for whom its file is nothing; without it by its path."""
    told: dict[int, tuple[object, str]] | None = None
    """Texts of what many cards share, by its identity and with the thing itself; None where nothing is kept."""

    def once(self, shared: Shared, text: Callable[[Shared], str]) -> str:
        """The text of what many cards share, put into words once."""
        if self.told is None:
            return text(shared)
        found = self.told.get(id(shared))
        if found is None:
            # While the thing itself is kept, no other one takes its identity.
            found = self.told[id(shared)] = (shared, text(shared))
        return found[1]

    def place(self, place: Place) -> str:
        """A row, from the known folder on, or by its name."""
        if self.named:
            return self.named(place)
        text = place_text(place)
        return text.removeprefix(f"{self.folder}/") if self.folder else text


IN_FULL = SourceStyle()


def source_text(source: Source, catalog: Catalog, say: Words, style: SourceStyle = IN_FULL) -> str:
    """A number that was used: what it is called, its value, and the file, line and raw text that it came from."""
    if source.scope in SHARED_SCOPES:
        return style.once(source, lambda shared: _source_text(shared, catalog, say, style))
    return _source_text(source, catalog, say, style)


def _source_text(source: Source, catalog: Catalog, say: Words, style: SourceStyle) -> str:
    measured = catalog.named(source.key)
    value = with_unit(source.value, measured.unit if measured else "")
    name = name_text(Name(source.scope, source.key), catalog, say)
    if source.parts:
        parts = say("explain.and").join(source_text(part, catalog, say, style) for part in source.parts)
        return say("explain.source.computed", name=name, value=value, parts=parts)
    by_days = "".join(_by_days(share, say, style) for share in source.shares)
    if len(source.readings) == 1 and not by_days and source.scope not in SUMS:
        [reading] = source.readings
        if reading.weeks:
            return _week_by_week(reading, say, style, value=value, name=name)
        place = _row_and_cell(reading, say, style)
        if style.folder and not reading.converted:
            return say("explain.source.short", name=name, value=value, place=place)
        return say("explain.source.row", name=name, value=value, place=place, raw=shortened(reading.raw))
    places = _named_places(source, style) or _places(ByIdentity(source.readings), style.folder)
    return (
        say(
            f"explain.source.{_made_by(source, catalog)}",
            name=name,
            value=value,
            count=len(source.readings),
            places=places,
        )
        + by_days
    )


def _made_by(source: Source, catalog: Catalog) -> str:
    """What was done with several numbers to make one of them."""
    if source.scope in MEANS:
        return "mean"
    if source.scope in SUMS:
        return "own_sum"
    collected = catalog.collected(source.key)
    total = sum((reading.value for reading in source.readings), ZERO)
    is_sum = collected is None or collected.accumulate is not Accumulate.MEAN or total == source.value
    if is_sum or source.shares:
        return "rows"
    return "mean" if total == source.value * len(source.readings) else "by_period"


def _week_by_week(reading: Reading, say: Words, style: SourceStyle, *, value: str, name: str) -> str:
    """A number that is made of those of weeks, each with its row."""
    parts = (f"{part.name} {show(part.value)}" for part in reading.weeks)
    places = ", ".join(dict.fromkeys(style.place(part.place) for part in reading.weeks))
    return say("explain.source.weeks", name=name, value=value, parts=say("explain.and").join(parts), places=places)


def _row_and_cell(reading: Reading, say: Words, style: SourceStyle) -> str:
    """The row in which a number stands, and the cell that it was imported from."""
    place = style.place(reading.place)
    return say("explain.source.imported", place=place, cell=reading.source) if reading.source else place


def _by_days(share: DayShare, say: Words, style: SourceStyle) -> str:
    """Whose number counts in part, after a change of department."""
    return say("explain.source.by_days", who=style.who(share.person), days=show(share.days), whole=show(share.whole))


def place_text(place: Place) -> str:
    """A row as `file:line`, or `file!sheet!cell` in a workbook."""
    return str(place) if place.cell or not place.line else f"{place.file}:{place.line}"


def _named_places(source: Source, style: SourceStyle) -> str:
    """The tables of many readings by their names; nothing where rows go by their paths."""
    if not style.named:
        return ""
    return ", ".join(dict.fromkeys(style.named(Place(file)) for file in _files(ByIdentity(source.readings))))


@lru_cache(maxsize=256)
def _files(same: ByIdentity[tuple[Reading, ...]]) -> tuple[str, ...]:
    """The files of many readings."""
    return tuple(dict.fromkeys(reading.place.file for reading in same.value))


def paths(sources: Iterable[Source], places: Iterable[Place]) -> tuple[str, ...]:
    """The files with the lines in which the numbers behind sources, and other places, stand: each file once.

    What was added up of many people is told by itself, as on every card.
    """
    known, sums = list(places), dict[str, None]()
    for source in _single(sources):
        if len(source.readings) > 1:
            sums[_places(ByIdentity(source.readings), "")] = None
        for reading in source.readings if len(source.readings) == 1 else ():
            known += [part.place for part in reading.weeks] or [reading.place]
    cells, rows = list[str](), dict[str, list[int]]()
    for place in known:
        if place.cell:
            cells.append(str(place))
        else:
            rows.setdefault(place.file, []).append(place.line)
    files = [_lines(file, rows[file]) for file in sorted(rows)]
    return tuple(dict.fromkeys((*files, *cells, *sums)))


def _single(sources: Iterable[Source]) -> Iterator[Source]:
    """The sources that were collected, also behind those that were computed."""
    for source in sources:
        if source.parts:
            yield from _single(source.parts)
        else:
            yield source


@lru_cache(maxsize=256)
def _places(same: ByIdentity[tuple[Reading, ...]], folder: str) -> str:
    """The rows of many readings: each file once with its lines, `actuals/shop.csv:2-9,12`."""
    rows = sorted({reading.place for reading in same.value})
    files = ((file, [row.line for row in group]) for file, group in groupby(rows, key=lambda row: row.file))
    return ", ".join(_lines(file.removeprefix(f"{folder}/") if folder else file, lines) for file, lines in files)


def _lines(file: str, lines: list[int]) -> str:
    if len(lines) == 1:
        return f"{file}:{lines[0]}" if lines[0] else file
    numbers = sorted(set(lines) - {0})
    runs = (list(run) for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]))
    texts = [f"{run[0][1]}-{run[-1][1]}" if len(run) > 1 else str(run[0][1]) for run in runs]
    return f"{file}:{','.join(texts)}" if texts else file


def shortened(raw: str) -> str:
    """A raw text in one line, cut where it is long."""
    line = " ".join(raw.split())
    return line if len(line) <= LONGEST_RAW else f"{line[: LONGEST_RAW - 1]}…"


def target_text(target: Target, unit: str, say: Words, style: SourceStyle = IN_FULL) -> str:
    """A target with its origin and its place: `35%（岗位目标，handbook/roles/x.yml:14）`."""
    if target.origin is TargetOrigin.ROLE:
        return style.once(target, lambda shared: _target_text(shared, unit, say, style))
    return _target_text(target, unit, say, style)


def _target_text(target: Target, unit: str, say: Words, style: SourceStyle) -> str:
    details = [_arithmetic(target, say)] if _is_made(target) else []
    details += [say(f"explain.origin.{target.origin}"), style.place(target.place)]
    for key, value in zip(("threshold", "stretch"), target.beside, strict=True):
        details += [] if value is None else [say(f"explain.beside.{key}", value=with_unit(value, unit))]
    details += [say("explain.because", reason=target.reason)] if target.reason else []
    details += [approval_text(target.approved_by, target.approved_on, say, style)] if target.approved_by else []
    return say("explain.target", value=with_unit(target.value, unit), details=say("explain.comma").join(details))


def approval_text(by: str, on: datetime.date | None, say: Words, style: SourceStyle = IN_FULL) -> str:
    """Who approved something, and when if that is known."""
    who = style.who(by)
    return say("explain.approved", by=say("explain.by_and_day", by=who, day=whole_day(on, say)) if on else who)


def refused_target(lacking: Unapproved, unit: str, catalog: Catalog, say: Words, style: SourceStyle = IN_FULL) -> str:
    """A target of targets.csv that does not count."""
    value = with_unit(lacking.value, unit) if lacking.value is not None else ""
    lacks = lacks_text(lacking.lacks, catalog, say)
    return say("explain.target_refused", value=value, lacks=lacks, place=style.place(lacking.place))


def lacks_text(lacks: Iterable[Lack], catalog: Catalog, say: Words) -> str:
    """What an approval lacks."""
    most = catalog.company.approvals.adjustment_most
    values = {"most": "" if most is None else show(most)}
    return say("explain.comma").join(say(f"explain.lack.{lack}", **values) for lack in lacks)


def _is_made(target: Target) -> bool:
    """Whether it comes of another number than the one that is written."""
    return target.periods > 1 or bool(target.days or target.share or target.parts)


def _arithmetic(target: Target, say: Words) -> str:
    """How a target was made from the role's own: `每月 120,000 × 3`, and by the days of somebody who came or left."""
    text = show(target.plain or target.value)
    if target.parts:
        text = " + ".join(map(show, target.parts))
        text = f"({text})" if target.days or target.share else text
    if target.periods > 1:
        text = f"{say(f'explain.each.{target.kind}', value=text)} × {target.periods}"
    text = say("explain.target_days", text=text, days=target.days, whole=target.whole) if target.days else text
    return say("explain.target_share", text=text, share=show(target.share)) if target.share else text
