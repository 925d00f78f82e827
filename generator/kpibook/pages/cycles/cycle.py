"""A cycle and the list of cycles, ready to be set."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.base.words import Words
from kpibook.model import Cycle, CycleStatus, Release
from kpibook.pages.cards.corrections import correction_facts
from kpibook.pages.cards.units import UnitRow, unit_rows
from kpibook.pages.cycles.heat import MOST_NAMED, HeatMap, Overview, heat_maps, overview
from kpibook.pages.cycles.movers import Means, Movers, means, movers
from kpibook.pages.cycles.people import PersonRow, ranked, ranking
from kpibook.pages.cycles.records import NAME as RECORDS
from kpibook.pages.figures import NONE, Figures
from kpibook.pages.groups import (
    GapRow,
    GradeCountRow,
    counts,
    gap_rows,
    grade_rows,
    mean,
)
from kpibook.pages.past import PastCycle
from kpibook.pages.suppression import LEAST, PublishedPeople, graded, published_people
from kpibook.pages.text import link
from kpibook.pages.years.view import FOLDER as YEARS
from kpibook.scoring.results import Card

MOST_RANKED = 300
"""A ranking longer than this is left to the pages of the departments."""


class DepartmentGradesRow(NamedTuple):
    """A department on the page of its cycle, with how many people reached each grade."""

    name: Markup | str
    people: str
    with_total: str
    mean: str
    counts: tuple[str, ...]
    is_withheld: bool


class CycleView(NamedTuple):
    """Everything that stands on the page of a cycle."""

    title: str
    name: str
    banner: str
    facts: tuple[tuple[str, str], ...]
    grades: tuple[str, ...]
    departments: tuple[DepartmentGradesRow, ...]
    distribution: tuple[GradeCountRow, ...]
    is_withheld: bool
    is_partial: bool
    """Whether the figures of the whole company leave small departments out, lest those could be worked out."""
    units: tuple[UnitRow, ...]
    people: tuple[PersonRow, ...]
    rank: str
    """The head of the ranks' column: it names the group in which people are ranked."""
    is_long: bool
    has_withheld: bool
    """Whether people of small departments are left out of a ranking, and with them its ranks."""
    has_unlisted: bool
    """Whether groups are too small for their ranks to be told."""
    overview: Overview
    heat: tuple[HeatMap, ...]
    movers: Movers
    means: Means
    gaps: tuple[GapRow, ...]


class IndexView(NamedTuple):
    """The list of cycles, newest first: link, period, status, people, and the way to HR's own page.

    A planned cycle leads nowhere.
    """

    title: str
    rows: tuple[tuple[Markup | str, str, str, str, Markup | str], ...]
    years: tuple[Markup, ...]
    """The ways to HR's pages of years, newest first."""


def index_view(cycles: Sequence[Cycle], say: Words, years: Sequence[int] = ()) -> IndexView:
    """All cycles, newest first."""
    newest_first = sorted(cycles, key=lambda cycle: cycle.period, reverse=True)
    rows = tuple(_index_row(cycle, say) for cycle in newest_first)
    links = (link(say("years.name", year=year), f"{YEARS}/{year}.md") for year in sorted(years, reverse=True))
    return IndexView(say("cards.title.index"), rows, tuple(links))


def _index_row(cycle: Cycle, say: Words) -> tuple[Markup | str, str, str, str, Markup | str]:
    """A cycle that is planned has no pages yet."""
    people = len({assignment.person.casefold() for assignment in cycle.people})
    status = say(f"cards.cycle_status.{cycle.status}")
    if cycle.status is CycleStatus.PLANNED:
        return cycle.name, str(cycle.period), status, str(people) if people else NONE, NONE
    records = link(say("cards.records"), f"{cycle.period}/{RECORDS}.md")
    return link(cycle.name, f"{cycle.period}/index.md"), str(cycle.period), status, str(people), records


def cycle_view(figures: Figures, past: Sequence[PastCycle] = ()) -> CycleView:
    """The finished view of a whole cycle; `past` are the earlier ones of its trends."""
    results, say, cycle = figures.results, figures.say, figures.results.cycle
    listed, groups = ranked(results.cards, figures), published_people(results.cards)
    rows = tuple(_department_rows(groups, figures))
    return CycleView(
        title=say("cards.title.cycle", period=cycle.period),
        name=cycle.name,
        banner=banner(figures),
        facts=tuple(_cycle_facts(figures)),
        grades=tuple(grade.id for grade in figures.catalog.grades),
        departments=rows,
        distribution=grade_rows(groups.whole, figures),
        is_withheld=any(row.is_withheld for row in rows),
        is_partial=0 < len(groups.whole) < len(graded(results.cards)),
        units=tuple(unit_rows(figures)),
        people=tuple(ranking(listed, figures)) if len(listed) <= MOST_RANKED else (),
        rank=figures.rank_label,
        is_long=len(listed) > MOST_RANKED,
        has_withheld=bool(figures.rank_label) and any(map(figures.keeps_rank, results.cards)),
        has_unlisted=bool(figures.rank_label) and any(card.rank and card.ranked < LEAST for card in results.cards),
        overview=overview(figures),
        heat=tuple(heat_maps(figures.publishable_cards, figures, "p")) if len(results.cards) <= MOST_NAMED else (),
        movers=movers(results.cards, past, figures, "p"),
        means=means(past, figures, figures.members),
        gaps=gap_rows((*results.cards, *results.units), figures),
    )


def banner(figures: Figures) -> str:
    """What a reader must know before the figures: the cycle is not closed."""
    status = figures.results.cycle.status
    return "" if status.is_settled else figures.say(f"cards.banner.{status}")


def _cycle_facts(figures: Figures) -> Iterator[tuple[str, str]]:
    say, cycle, cards = figures.say, figures.results.cycle, figures.results.cards
    yield say("cards.period"), str(cycle.period)
    yield say("cards.cycle_state"), say(f"cards.cycle_status.{cycle.status}")
    yield say("cards.people"), say("cards.with_total", people=len(cards), count=with_total(cards))
    if figures.sealed or cycle.release:
        yield say("cards.release"), say(f"cards.released_to.{cycle.release or Release.PEOPLE}")
    yield from correction_facts(figures)
    schedule = cycle.schedule
    for step, day in (
        ("collect_by", schedule.collect_by),
        ("review_by", schedule.review_by),
        ("confirm_by", schedule.confirm_by),
    ):
        yield say(f"cards.schedule.{step}"), str(day) if day else NONE


def with_total(cards: Sequence[Card]) -> int:
    """How many have a total."""
    return sum(card.total is not None for card in cards)


def _department_rows(groups: PublishedPeople, figures: Figures) -> Iterator[DepartmentGradesRow]:
    for identifier, cards in figures.members.items():
        name = link(figures.department(identifier), f"departments/{identifier}.md")
        yield _department_row(name, cards, groups.departments.get(identifier, ()), figures)
    yield _department_row(figures.say("cards.all"), figures.results.cards, groups.whole, figures)


def _department_row(
    name: Markup | str, cards: Sequence[Card], shown: Sequence[Card], figures: Figures
) -> DepartmentGradesRow:
    """All people of a group, and the figures of those who may be told."""
    numbers = [str(count) if shown else NONE for count in counts(shown, figures)]
    is_withheld = not shown and bool(graded(cards))
    return DepartmentGradesRow(
        name, str(len(cards)), str(with_total(cards)), figures.total(mean(shown)), tuple(numbers), is_withheld
    )
