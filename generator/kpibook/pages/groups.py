"""What can be said of a group of people: distributions, what is missing and who owes it, what was set aside."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import ZERO
from kpibook.base.problems import Problem
from kpibook.model import SetAside
from kpibook.pages import number_format
from kpibook.pages.drawing.bars import share_bar
from kpibook.pages.drawing.hues import grade_hues
from kpibook.pages.figures import Figures
from kpibook.pages.suppression import LEAST, graded, published_people
from kpibook.pages.text import escape
from kpibook.scoring.results import Card
from kpibook.scoring.sources import Gap

MOST_ROWS = 500
"""A list of rows longer than this is cut, and says by how much."""

NAMED = 8
"""How many people a summary names before it only counts."""


class QuotaMark(NamedTuple):
    """Where the mark of a quota stands on the bar of a grade, in people, and what it says."""

    people: int
    text: str


class GradeCountRow(NamedTuple):
    """A grade and how many reached it."""

    grade: str
    """Its id."""
    hue: int
    name: str
    people: str
    bar: Markup
    share: str
    quota: str
    """How many at most may have it, and how far that is; empty without a quota."""


NO_QUOTAS: Mapping[str, QuotaMark] = {}


class GapRow(NamedTuple):
    """A number that several cards wait for, and who owes it."""

    owner: str
    what: str
    people: str
    who: str


class SetAsideRow(NamedTuple):
    """A row that could not be used."""

    place: str
    raw: str
    reason: str
    hint: str


class SetAsideList(NamedTuple):
    """Rows that could not be used, and how many more there are."""

    rows: tuple[SetAsideRow, ...]
    rest: str


class _Waiting(NamedTuple):
    """What several cards may wait for."""

    owner: str
    key: str
    gap: Gap


def mean(cards: Sequence[Card]) -> mpq | None:
    """The mean of the published totals of cards that have a grade."""
    totals = [card.total for card in cards if card.total is not None]
    return sum(totals, ZERO) / len(totals) if totals else None


def shown_means(cards: Sequence[Card]) -> Mapping[str, mpq]:
    """The mean total of each department that may be told, and of the whole company by an empty id."""
    groups = published_people(cards)
    shown = {**groups.departments, "": groups.whole}
    return {identifier: average for identifier, group in shown.items() if (average := mean(group)) is not None}


def counts(cards: Iterable[Card], figures: Figures) -> tuple[int, ...]:
    """How many cards have each grade, in the order of the grades."""
    found = Counter(card.grade.id for card in cards if card.grade)
    return tuple(found[grade.id] for grade in figures.catalog.grades)


def grade_rows(
    cards: Sequence[Card], figures: Figures, quotas: Mapping[str, QuotaMark] = NO_QUOTAS
) -> tuple[GradeCountRow, ...]:
    """The distribution of grades, with the marks of quotas by grade; empty for groups under five."""
    whole = graded(cards)
    if len(whole) < LEAST:
        return ()
    hues, numbers = grade_hues(figures.catalog.grades), counts(whole, figures)
    most = max(*numbers, *(mark.people for mark in quotas.values()))
    rows = []
    for grade, count in zip(figures.catalog.grades, numbers, strict=True):
        mark = quotas.get(grade.id)
        rows.append(
            GradeCountRow(
                grade.id,
                hues[grade.id],
                grade.name,
                figures.say("cards.people_count", count=count),
                share_bar(count, most, hues[grade.id], mark.people if mark else None),
                number_format.share(mpq(count, len(whole))),
                mark.text if mark else "",
            )
        )
    return tuple(rows)


def gap_rows(cards: Iterable[Card], figures: Figures) -> tuple[GapRow, ...]:
    """What cards wait for, by the department that supplies it; raters come last."""
    waiting: dict[_Waiting, list[Card]] = {}
    for card in cards:
        for gap in dict.fromkeys(_Waiting(gap.owner, gap.key, gap.gap) for gap in card.missing):
            waiting.setdefault(gap, []).append(card)
    order = {identifier: place for place, identifier in enumerate(figures.catalog.departments)}
    gaps = sorted(waiting, key=lambda gap: (order.get(gap.owner, len(order)), gap))
    return tuple(_gap_row(gap, waiting[gap], figures) for gap in gaps)


def owed_numbers(cards: Iterable[Card]) -> int:
    """How many numbers cards wait for, each once."""
    return len({(gap.subject, gap.key, gap.gap, gap.relation) for card in cards for gap in card.missing})


def grade_strip(numbers: Sequence[int], figures: Figures) -> Markup:
    """The grades of a group as parts of a strip; the number stands in each."""
    hues = grade_hues(figures.catalog.grades)
    pairs = [(grade.id, number) for grade, number in zip(figures.catalog.grades, numbers, strict=True) if number]
    parts = (
        f'<i class="kpi-grade-{hues[grade]}" style="flex-grow:{number}">{escape(grade)} {number}</i>'
        for grade, number in pairs
    )
    return Markup(f'<span class="cycle-strip">{"".join(parts)}</span>')


def _gap_row(gap: _Waiting, cards: Sequence[Card], figures: Figures) -> GapRow:
    name = figures.role(gap.key) if gap.gap is Gap.NOT_APPROVED else figures.key(gap.key)
    what = figures.say(f"cards.gap.{gap.gap}", name=name)
    who = figures.enumeration(card.name for card in cards[:NAMED])
    if len(cards) > NAMED:
        who = figures.say("cards.and_more", who=who, count=len(cards) - NAMED)
    return GapRow(figures.who_owes(gap.owner, gap.gap), what, str(len(cards)), who)


def set_aside_list(rows: Sequence[SetAside], figures: Figures) -> SetAsideList:
    """Rows that were set aside, each with its reason and what to do."""
    return SetAsideList(tuple(_set_aside_row(row, figures) for row in rows[:MOST_ROWS]), rest_text(rows, figures))


def rest_text(rows: Sequence[object], figures: Figures) -> str:
    """How many rows of a list are not shown; empty where all are."""
    left = len(rows) - MOST_ROWS
    return figures.say("cards.more_rows", count=left) if left > 0 else ""


def _set_aside_row(row: SetAside, figures: Figures) -> SetAsideRow:
    problem = Problem(row.code, row.place, row.values)
    return SetAsideRow(str(row.place), row.raw, problem.message(figures.say), problem.hint(figures.say))
