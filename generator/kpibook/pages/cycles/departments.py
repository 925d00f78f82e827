"""The people of a department in a cycle, ready to be set."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.pages.cards.units import unit_link
from kpibook.pages.cycles.cycle import banner, with_total
from kpibook.pages.cycles.heat import HeatMap, heat_maps
from kpibook.pages.cycles.movers import NO_MEANS, Means, Movers, means, movers
from kpibook.pages.cycles.people import PersonRow, person_row, ranked
from kpibook.pages.cycles.quotas import quota_marks
from kpibook.pages.figures import Figures
from kpibook.pages.groups import GapRow, GradeCountRow, gap_rows, grade_rows
from kpibook.pages.lookback import PastCycle
from kpibook.scoring.results import Card


class DepartmentView(NamedTuple):
    """Everything that stands on the page of a department."""

    id: str
    title: str
    name: str
    banner: str
    facts: tuple[tuple[str, Markup | str], ...]
    people: tuple[PersonRow, ...]
    has_statuses: bool
    """Whether they differ in how far they have come; what is the same for all stands among the facts."""
    is_few: bool
    """Whether the people are so few that the list tells nothing but who they are and how far their cards have come."""
    rank: str
    """The head of the ranks' column: it names the group in which people are ranked; empty without ranks to tell."""
    grades: tuple[GradeCountRow, ...]
    heat: tuple[HeatMap, ...]
    movers: Movers
    means: Means
    gaps: tuple[GapRow, ...]


def department_views(figures: Figures, past: Sequence[PastCycle] = ()) -> Iterator[DepartmentView]:
    """The views of all departments with people, in the order of the catalog."""
    for identifier, cards in figures.members.items():
        yield _department_view(identifier, cards, figures, past)


def _department_view(
    identifier: str, cards: Sequence[Card], figures: Figures, past: Sequence[PastCycle]
) -> DepartmentView:
    is_few = identifier in figures.small_departments
    people = tuple(person_row(card, figures, "../p") for card in cards)
    states = dict.fromkeys(row.status for row in people)
    own = [unit for unit in figures.units if unit.person == identifier]
    return DepartmentView(
        id=identifier,
        title=figures.say("cards.title.department", period=figures.results.cycle.name),
        name=figures.department(identifier),
        banner=banner(figures),
        facts=tuple(_facts(identifier, cards, states, figures)),
        people=people,
        has_statuses=len(states) > 1,
        is_few=is_few,
        rank=figures.rank_label if ranked(cards, figures) else "",
        grades=grade_rows(cards, figures, quota_marks(cards, figures, identifier)),
        heat=() if is_few else tuple(heat_maps(cards, figures)),
        movers=movers(cards, past, figures, "../p"),
        means=NO_MEANS if is_few else means(past, figures, (identifier,)),
        gaps=gap_rows((*cards, *own), figures),
    )


def _facts(
    identifier: str, cards: Sequence[Card], states: Collection[str], figures: Figures
) -> Iterator[tuple[str, Markup | str]]:
    say, cycle = figures.say, figures.results.cycle
    yield say("cards.period"), cycle.name
    yield say("cards.cycle_state"), say(f"cards.cycle_status.{cycle.status}")
    yield say("cards.people"), say("cards.with_total", people=len(cards), count=with_total(cards))
    if len(states) == 1:
        yield say("cards.label.status"), next(iter(states))
    unit = unit_link(identifier, figures)
    if unit:
        yield say("cards.unit.of_department"), unit
