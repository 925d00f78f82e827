"""What the pages of analysis are made of: parts with a sentence first, and tables that a chart may be drawn of."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import plain
from kpibook.base.words import Words
from kpibook.pages.figures import NONE, Figures

SHOWN = 10
"""So many rows stand open; the rest folds."""
MOST = 200
"""So many rows stand on a page at all: who needs more takes `kpibook table`."""

Cell = Markup | str


class Head(NamedTuple):
    """A column: its head, and whether it holds figures."""

    text: str
    is_figure: bool = False


class PartTable(NamedTuple):
    """A table of a part, and the chart that is drawn of it."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    folded: tuple[tuple[Cell, ...], ...] = ()
    fold: str = ""
    """What opens the folded rows."""
    rest: str = ""
    """How many rows are left out."""
    caption: str = ""
    chart: str = ""
    first: int = 0
    """The column from which the chart reads figures."""
    map: str = ""
    """Whether the table is a map, whose cells have grounds: `heat`."""


class AnalysisPart(NamedTuple):
    """A heading, the answer in a sentence, and the tables that it comes of."""

    anchor: str
    title: str
    lead: str
    tables: tuple[PartTable, ...] = ()
    notes: tuple[str, ...] = ()


def part(figures: Figures, anchor: str, lead: str, *tables: PartTable, notes: tuple[str, ...] = ()) -> AnalysisPart:
    """A part by its anchor, whose heading stands under `analysis.part.`."""
    return AnalysisPart(anchor, figures.say(f"analysis.part.{anchor}"), lead, tables, notes)


class AnalysisView(NamedTuple):
    """A whole page."""

    title: str
    name: str
    lead: str
    questions: tuple[Cell, ...]
    parts: tuple[AnalysisPart, ...]


def table(say: Words, heads: Sequence[str], rows: Iterable[tuple[Cell, ...]], **more: Any) -> PartTable:
    """A table whose heads stand under `analysis.head.`; those that end in a dot hold figures. Many rows fold."""
    named = tuple(Head(say(f"analysis.head.{each.removesuffix('.')}"), each.endswith(".")) for each in heads)
    return folded(say, named, tuple(rows), **more)


def folded(say: Words, heads: tuple[Head, ...], rows: tuple[tuple[Cell, ...], ...], **more: Any) -> PartTable:
    """A table that shows a few rows, folds others, and counts the rest."""
    limit = len(rows) if more.get("chart") or more.get("map") else SHOWN
    hidden = rows[limit:MOST]
    made = PartTable(heads, rows[:limit], hidden)
    if hidden:
        made = made._replace(fold=say("analysis.fold", count=len(hidden)))
    if len(rows) > MOST:
        made = made._replace(rest=say("analysis.rest", count=len(rows) - MOST))
    return made._replace(**more)


def points(value: float | mpq, places: int = 1) -> str:
    """Points with so many decimals; a dash where there is none."""
    if isinstance(value, float):
        return NONE if math.isnan(value) else f"{value:.{places}f}".replace("-", "−")
    return plain(value, places).replace("-", "−")


def signed(value: float, places: int = 1) -> str:
    """A difference with its sign: +1.0, −0.4."""
    if math.isnan(value):
        return NONE
    text = f"{abs(value):.{places}f}"
    return text if not float(text) else f"{'+' if value > 0 else '−'}{text}"


def percent(value: float) -> str:
    """A share of 1 in whole per cents."""
    return NONE if math.isnan(value) else f"{value * 100:.0f}%"
