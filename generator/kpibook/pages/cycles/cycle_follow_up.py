"""What became of the results of a cycle, for HR: by state and by manager, appeals with their clock, plans, messages."""

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from kpibook.exchange.record_sheets import FollowUpOverview, overview_of, team_messages
from kpibook.exchange.record_sheets.overview import Team
from kpibook.pages.cards.follow_up import appeal_marks
from kpibook.pages.dates import day_of_week, timed
from kpibook.pages.figures import NONE, Figures
from kpibook.pages.groups import MOST_ROWS
from kpibook.pages.number_format import HAS_NONE
from kpibook.pages.text import link
from kpibook.records.appeals import AppealCase
from kpibook.records.result_states import WAITING, ResultState

ANSWERED = (ResultState.CONFIRMED, ResultState.DISAGREED, ResultState.REFUSED, ResultState.LAPSED)


class UnansweredRow(NamedTuple):
    """Somebody who has not answered."""

    name: Markup | str
    manager: str
    state: str
    until: Markup | str
    number: str


class TeamFollowUpRow(NamedTuple):
    """A manager's people by what became of their results."""

    manager: str
    people: str
    undelivered: str
    waiting: str
    confirmed: str
    disagreed: str
    lapsed: str
    appealed: str


class AppealRow(NamedTuple):
    """An appeal and its clock."""

    id: str
    name: Markup | str
    about: str
    step: str
    due: Markup | str
    outcome: str


class DuePlanRow(NamedTuple):
    """A plan that is still open."""

    name: Markup | str
    item: str
    action: str
    owner: str
    due: Markup


class CycleFollowUpView(NamedTuple):
    """Everything that HR's page tells of what follows the results."""

    counts: tuple[tuple[str, str], ...]
    teams: tuple[TeamFollowUpRow, ...]
    waiting: tuple[UnansweredRow, ...]
    appeals: tuple[AppealRow, ...]
    plans: tuple[DuePlanRow, ...]
    missed_twice: tuple[tuple[Markup | str, str], ...]
    messages: tuple[tuple[str, str], ...]
    rest: str
    """How many rows are left out; `status` and the workbooks have all of them."""


def cycle_follow_up_view(figures: Figures) -> CycleFollowUpView | None:
    """The finished view; None for a cycle that was not published."""
    if figures.follow_up is None or not figures.follow_up.told:
        return None
    found, say = overview_of(figures.follow_up, figures.results, figures.catalog), figures.say
    waiting = tuple(_who_waits(found, figures))
    plans, missed = found.plans, found.missed_twice
    left = sum(max(len(rows) - MOST_ROWS, 0) for rows in (waiting, plans, missed, found.appeals))
    return CycleFollowUpView(
        counts=tuple((say(f"following.state.{state}"), str(count)) for state, count in found.counts.items()),
        teams=tuple(_team(team, say("following.unassigned")) for team in found.teams[:MOST_ROWS]),
        waiting=waiting[:MOST_ROWS],
        appeals=tuple(_appeal(case, figures) for case in found.appeals[:MOST_ROWS]),
        plans=tuple(
            DuePlanRow(
                _linked(plan.person, figures),
                figures.key(plan.indicator) if plan.indicator else HAS_NONE,
                plan.action,
                figures.person(plan.owner),
                _day(plan.due, figures),
            )
            for _, plan in plans[:MOST_ROWS]
        ),
        missed_twice=tuple(
            (_linked(card.person, figures), figures.enumeration(items)) for card, items in missed[:MOST_ROWS]
        ),
        messages=tuple(team_messages(found, say))[:MOST_ROWS],
        rest=say("cards.more_rows", count=left) if left else "",
    )


def _who_waits(found: FollowUpOverview, figures: Figures) -> Iterator[UnansweredRow]:
    """Those who have not answered: the earliest deadline first, then those who were not told."""
    rows = [(each.confirm_until or datetime.date.max, team, each) for team in found.teams for each in team.told]
    for _, team, told in sorted((row for row in rows if row[2].state in WAITING), key=lambda row: row[0]):
        until = _day(told.confirm_until, figures) if told.confirm_until else NONE
        state = figures.say(f"following.state.{told.state}")
        yield UnansweredRow(_linked(told.person, figures), team.name or HAS_NONE, state, until, told.number)


def _team(team: Team, unassigned: str) -> TeamFollowUpRow:
    counts = (
        len(team.told),
        len(team.in_state(ResultState.UNDELIVERED, ResultState.CORRECTED)),
        len(team.in_state(ResultState.DELIVERED, ResultState.OVERDUE)),
        len(team.in_state(ResultState.CONFIRMED)),
        len(team.in_state(ResultState.DISAGREED, ResultState.REFUSED)),
        len(team.in_state(ResultState.LAPSED)),
        len(team.in_state(ResultState.APPEALED, ResultState.DECIDED)),
    )
    return TeamFollowUpRow(team.name or unassigned, *map(str, counts))


def _appeal(case: AppealCase, figures: Figures) -> AppealRow:
    say, first = figures.say, case.rows[0]
    about = figures.key(first.indicator) if first.indicator else say("cards.follow.whole_result")
    outcome = say(f"following.choice.Outcome.{case.outcome}") if case.outcome else NONE
    if case.awaits_correction:
        outcome = say("cards.followed.to_correct", outcome=outcome)
    steps = (say(f"following.choice.AppealStep.{case.step}"), *appeal_marks(case, say))
    step = say("cards.semicolon").join(steps)
    due = _day(case.decide_by, figures) if case.is_open else HAS_NONE
    return AppealRow(case.id, _linked(case.person, figures), about, step, due, outcome)


def _linked(person: str, figures: Figures) -> Markup | str:
    page = figures.page_ids.get(person)
    return link(figures.names.get(person.casefold(), person), f"p/{page}.md") if page else figures.person(person)


def _day(day: datetime.date, figures: Figures) -> Markup:
    return timed(day, day_of_week(day, figures.say))
