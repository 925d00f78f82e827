"""The improvement plans of a viewer: the own ones, and those of others that the viewer is to look after."""

import datetime
from typing import NamedTuple

from markupsafe import Markup

from kpibook.model import PlanState
from kpibook.pages.dates import day_of_week, timed
from kpibook.pages.viewers.viewer_facts import ViewerFacts
from kpibook.records.follow_up import EarlierPlan


class ViewerPlanRow(NamedTuple):
    """A plan: about what, what is done, who looks after it, by when, and how it stands."""

    item: str
    gap: str
    action: str
    owner: str
    due: Markup
    state: str
    is_open: bool


class OwedCheck(NamedTuple):
    """Somebody whose plan a viewer has to look at."""

    name: str
    due: datetime.date
    card: str
    """The page of the card on which the plan stands."""


def plans_of(person: str, viewing: ViewerFacts) -> tuple[ViewerPlanRow, ...]:
    """The own plans, those that go on first by their day, then those of the last cycle that had any."""
    known = [each for each in viewing.plans(person) if _may_see(person, person, each, viewing)]
    going_on = sorted((each for each in known if each.plan.state is PlanState.OPEN), key=lambda each: each.plan.due)
    last = max((each.period for each in known), default=None)
    settled = [each for each in known if each.period == last and each.plan.state is not PlanState.OPEN]
    return tuple(_row(each, viewing) for each in (*going_on, *settled))


def checks_of(person: str, viewing: ViewerFacts) -> tuple[OwedCheck, ...]:
    """The plans of others that go on and that somebody looks after, by their day; those of whom no card is open to the
    viewer are left out."""
    owed = (each for each in viewing.looked_after.get(person, ()) if each[0].person.casefold() != person)
    found = (
        OwedCheck(row.name, each.plan.due, f"{viewing.card_path(each.period, row.person)}.md")
        for row, each in owed
        if _may_see(person, row.person.casefold(), each, viewing)
    )
    return tuple(sorted(found, key=lambda check: (check.due, check.name)))


def _may_see(viewer: str, person: str, each: EarlierPlan, viewing: ViewerFacts) -> bool:
    """A plan stands on the card of its cycle, so who may open that may know of it."""
    marks = viewing.seen.get(each.period)
    return marks is not None and person in marks.permissions.cards.get(viewer, {})


def _row(each: EarlierPlan, viewing: ViewerFacts) -> ViewerPlanRow:
    say, plan = viewing.say, each.plan
    known = viewing.catalog.named(plan.indicator) if plan.indicator else None
    support = say("cards.follow.support", text=plan.support) if plan.support else ""
    outcome = say("cards.follow.comment", text=plan.outcome) if plan.outcome else ""
    owner = viewing.roster.get(plan.owner.casefold())
    return ViewerPlanRow(
        known.name if known else plan.indicator,
        plan.gap,
        f"{plan.action}{support}",
        owner.name if owner else plan.owner,
        timed(plan.due, day_of_week(plan.due, say)),
        f"{say(f'following.choice.PlanState.{plan.state}')}{outcome}",
        plan.state is PlanState.OPEN,
    )
