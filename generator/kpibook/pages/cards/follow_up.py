"""Where somebody's result stands: what was answered and until when, appeals, talks, plans, and whom to ask."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.base.period_names import period_title
from kpibook.base.words import Words
from kpibook.exchange.record_sheets.marks import HR
from kpibook.model import Answer, Appeal, Catalog, Confirmation, Department, Interview, Plan, PlanState
from kpibook.pages.dates import day_of_week, timed, timed_due, whole_day
from kpibook.pages.figures import Figures
from kpibook.pages.number_format import HAS_NONE
from kpibook.pages.text import escape
from kpibook.records.appeals import AppealCase
from kpibook.records.follow_up import EarlierPlan, FollowUp
from kpibook.records.missed_items import missed_items
from kpibook.records.result_states import WAITING, ResultState, ToldResult
from kpibook.scoring.results import Card
from kpibook.scoring.sources import Source

MOST_NUMBERS = 12
"""So many numbers of one supplier are named in a list of contacts; of more, the first `NAMED_NUMBERS`."""
NAMED_NUMBERS = 6
MARK = "\n"
"""Stands for a day in a sentence until that is escaped."""


class FollowedPlanRow(NamedTuple):
    """A plan with the cycle that it was made in, and what became of it."""

    item: str
    gap: str
    action: str
    owner: str
    due: Markup
    state: str


class ContactRow(NamedTuple):
    """Whom to ask, and about what: the manager, or a department that supplied numbers of the card."""

    department: str
    contact: str
    numbers: str


class FollowUpView(NamedTuple):
    """Everything that stands on a card about what follows its result."""

    state: str
    lines: tuple[Markup | str, ...]
    """Until when and how to answer and to appeal."""
    answers: tuple[str, ...]
    appeals: tuple[tuple[str, tuple[str, ...]], ...]
    """Each appeal with its steps."""
    talks: tuple[tuple[str, tuple[str, ...]], ...]
    """Each talk with what was said."""
    plans: tuple[FollowedPlanRow, ...]
    again: str
    """What was missed in two cycles running and nothing is planned about; empty for nothing."""
    unplanned: str
    """What else was missed and nothing is planned about."""
    contacts: tuple[ContactRow, ...]

    @property
    def has_talk(self) -> bool:
        """Whether anything was said or planned, or should be."""
        return bool(self.talks or self.plans or self.again or self.unplanned)


def follow_up_view(card: Card, figures: Figures) -> FollowUpView:
    """The finished view; of departments and the company the contacts alone."""
    found = figures.follow_up
    told = found.of(card.person) if found and not card.is_unit else None
    again, unplanned = _unplanned(card, found, figures) if told and found else ("", "")
    return FollowUpView(
        state=_state(told, figures.say) if told else "",
        lines=tuple(_deadlines(told, found, figures)) if told and found else (),
        answers=tuple(_answers(told, figures)) if told else (),
        appeals=tuple(_appeal(case, figures) for case in told.appeals) if told else (),
        talks=tuple(_talk(row, told, figures) for row in _talks(card, found)),
        plans=tuple(_plans(card, found, figures)) if found and not card.is_unit else (),
        again=again,
        unplanned=unplanned,
        contacts=tuple(_contacts(card, figures)),
    )


def _state(told: ToldResult, say: Words) -> str:
    key = "corrected" if told.revision > 1 and told.state in WAITING else told.state
    return say(f"cards.follow.state.{key}", revision=told.revision)


def _deadlines(told: ToldResult, found: FollowUp, figures: Figures) -> Iterator[Markup | str]:
    say, windows = figures.say, found.windows
    if told.state in (ResultState.UNDELIVERED, ResultState.CORRECTED):
        yield say("cards.follow.to_deliver", confirm=windows.confirm_days, appeal=windows.file_days)
    elif told.confirm_until and not told.is_answered:
        yield _dated("cards.follow.confirm_until", told.confirm_until, figures)
    if told.state in WAITING:
        yield say("cards.follow.how")
    if told.appeal_until and not told.appeals:
        yield _dated("cards.follow.appeal_until", told.appeal_until, figures, number=told.number)


def _dated(key: str, day: datetime.date, figures: Figures, **values: object) -> Markup:
    """A sentence with a day in it, which stands there for machines, too."""
    before, after = figures.say(key, day=MARK, **values).split(MARK)
    return Markup("").join(
        (escape(before), timed_due(day, figures.results.cycle.moved_days, figures.say), escape(after))
    )


def _answers(told: ToldResult, figures: Figures) -> Iterator[str]:
    yield from (_answer(row, figures, "cards.follow.answer") for row in told.answers)
    yield from (_answer(row, figures, "cards.follow.earlier") for row in told.earlier)


def _answer(row: Confirmation, figures: Figures, key: str) -> str:
    say = figures.say
    kind = say(f"cards.follow.answers.{row.answer}")
    by = _noted_by(row.by, figures) if row.answer is not Answer.NO_REPLY else ""
    text = say(key, on=whole_day(row.on, say), answer=kind, by=say("cards.follow.by", by=by) if by else "")
    return f"{text}{say('cards.follow.comment', text=row.comment)}" if row.comment else text


def _noted_by(who: str, figures: Figures) -> str:
    """Who noted it; what came in by the workbook of those without a manager was noted by HR."""
    named = figures.person(who)
    return figures.say("following.hr") if named == HR else named


def _appeal(case: AppealCase, figures: Figures) -> tuple[str, tuple[str, ...]]:
    say, first = figures.say, case.rows[0]
    about = figures.key(first.indicator) if first.indicator else say("cards.follow.whole_result")
    category = say(f"following.choice.AppealCategory.{first.category}") if first.category else ""
    head = say("cards.follow.appeal", id=case.id, about=say("cards.comma").join(filter(None, (about, category))))
    steps = [*appeal_marks(case, say), *(_step(row, figures) for row in case.rows)]
    if case.is_open:
        steps.append(say("cards.follow.decide_by", day=day_of_week(case.decide_by, say)))
    elif case.awaits_correction:
        steps.append(say("cards.follow.to_correct"))
    return head, tuple(steps)


def appeal_marks(case: AppealCase, say: Words) -> Iterator[str]:
    """What is to be known of an appeal beside its steps: it came late, or is against a result that was replaced."""
    if case.is_late and case.file_until:
        yield say("cards.follow.late", day=day_of_week(case.file_until, say))
    if case.is_outdated:
        yield say("cards.follow.outdated", number=case.result)


def _step(row: Appeal, figures: Figures) -> str:
    say = figures.say
    kind = say(f"following.choice.AppealStep.{row.step}")
    outcome = say("cards.follow.outcome", outcome=say(f"following.choice.Outcome.{row.outcome}")) if row.outcome else ""
    said = say("cards.semicolon").join(filter(None, (row.claim, row.evidence, row.reason)))
    by = say("cards.follow.by", by=figures.person(row.by))
    text = say("cards.follow.answer", on=whole_day(row.on, say), answer=f"{kind}{outcome}", by=by)
    return f"{text}{say('cards.follow.comment', text=said)}" if said else text


def _talks(card: Card, found: FollowUp | None) -> tuple[Interview, ...]:
    return found.interviews.get(card.person.casefold(), ()) if found and not card.is_unit else ()


def _talk(row: Interview, told: ToldResult | None, figures: Figures) -> tuple[str, tuple[str, ...]]:
    say = figures.say
    old = say("cards.follow.old") if told and row.result != told.number else ""
    head = say("cards.follow.talk", on=whole_day(row.on, say), by=figures.person(row.by), old=old)
    lines = [say("cards.follow.summary", text=row.summary)]
    lines += [say("cards.follow.cause", cause=say(f"following.choice.Cause.{row.cause}"))] if row.cause else []
    lines += [say("cards.follow.opinion", text=row.opinion)] if row.opinion else []
    return head, tuple(lines)


def _plans(card: Card, found: FollowUp, figures: Figures) -> Iterator[FollowedPlanRow]:
    """What came of the last plans, what is still open, then what was planned in this cycle."""
    earlier = found.before.get(card.person.casefold(), ())
    told = (*found.last_before(card.person), *(each for each in earlier if each.plan.state is PlanState.OPEN))
    yield from (_plan(each, figures) for each in told)
    yield from (_plan(EarlierPlan(found.period, plan), figures) for plan in found.plans.get(card.person.casefold(), ()))


def _plan(each: EarlierPlan, figures: Figures) -> FollowedPlanRow:
    say, plan = figures.say, each.plan
    name = figures.key(plan.indicator) if plan.indicator else HAS_NONE
    is_own = each.period == figures.results.cycle.period
    item = name if is_own else say("cards.follow.of_cycle", item=name, period=period_title(each.period, say))
    support = say("cards.follow.support", text=plan.support) if plan.support else ""
    due = timed(plan.due, day_of_week(plan.due, say))
    return FollowedPlanRow(
        item, plan.gap or HAS_NONE, f"{plan.action}{support}", figures.person(plan.owner), due, _plan_state(plan, say)
    )


def _plan_state(plan: Plan, say: Words) -> str:
    state = say(f"following.choice.PlanState.{plan.state}")
    checked = say("cards.follow.checked", on=whole_day(plan.checked_on, say)) if plan.checked_on else ""
    return f"{state}{checked}{say('cards.follow.comment', text=plan.outcome) if plan.outcome else ''}"


def _unplanned(card: Card, found: FollowUp, figures: Figures) -> tuple[str, str]:
    """The missed items without a plan: those that were missed in the cycle before as well, and the others."""
    earlier = found.missed_before.get(card.person.casefold(), frozenset())
    missed = [each for each in missed_items(card) if not found.has_plan(card.person, each.indicator.id)]
    again = [each.indicator.name for each in missed if each.indicator.id in earlier]
    once = [each.indicator.name for each in missed if each.indicator.id not in earlier]
    return (
        figures.say("cards.follow.missed_twice", items=figures.enumeration(again)) if again else "",
        figures.say("cards.follow.missed", items=figures.enumeration(once)) if once else "",
    )


def _contacts(card: Card, figures: Figures) -> Iterator[ContactRow]:
    """The manager, then the departments that supplied numbers of the card, in the order of the catalog."""
    say, catalog, numbers = figures.say, figures.catalog, dict[str, dict[str, None]]()
    for key in _asked_for(card):
        if owner := figures.owner(key):
            numbers.setdefault(owner, {})[figures.key(key)] = None
    if card.spans and card.spans[-1].items and not card.is_unit:
        if manager := card.spans[-1].assignment.manager:
            yield ContactRow(say("cards.manager"), figures.person_name(manager), say("cards.follow.of_manager"))
        if catalog.company.owner:
            numbers.setdefault(catalog.company.owner, {})[say("cards.follow.of_rules")] = None
    for identifier, department in catalog.departments.items():
        if names := numbers.get(identifier):
            contact = department.contact or _head(department, catalog)
            yield ContactRow(department.name, contact, _some(list(names), figures))


def _some(about: Sequence[str], figures: Figures) -> str:
    """What somebody is asked about; of many numbers the first ones, as each item says who supplied it."""
    if len(about) <= MOST_NUMBERS:
        return figures.enumeration(about)
    # Rules stand behind all numbers, and are what nothing else on the card leads to.
    rules = [each for each in about[-1:] if each == figures.say("cards.follow.of_rules")]
    numbers = about[: len(about) - len(rules)]
    named = [*rules, *numbers[:NAMED_NUMBERS]]
    return figures.say(
        "cards.follow.more_numbers", named=figures.enumeration(named), count=len(numbers) - NAMED_NUMBERS
    )


def _head(department: Department, catalog: Catalog) -> str:
    """The post that leads a department which names nobody to ask; empty where no post does."""
    role = catalog.roles.get(department.head or "")
    return role.name if role else ""


def _asked_for(card: Card) -> Iterator[str]:
    """Every number of the card that is there or should be: of its items, and of what decides beside them."""
    scores = (score for part in card.spans for score in (*part.items, *part.extras))
    decided = [
        *((each.sources, each.missing) for each in scores),
        *((each.sources, each.missing) for each in card.gates),
    ]
    for sources, missing in decided:
        yield from _keys(sources)
        yield from (gap.key for gap in missing if gap.key)


def _keys(sources: Iterable[Source]) -> Iterator[str]:
    for source in sources:
        yield from _keys(source.parts) if source.parts else (source.key,)
