"""What stands on the sheets: each manager's team with its results, plans begun with what was missed, all appeals."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from kpibook.base.numbers import fixed
from kpibook.base.words import Words
from kpibook.exchange.importing.sheet_stamp import UNASSIGNED, SheetStamp, catalog_hash
from kpibook.exchange.record_sheets.columns import APPEALS, NUMBERS, PLANS, RESULTS, SheetForm, choice_word
from kpibook.exchange.record_sheets.marks import HR, RECORDS, record_stamp
from kpibook.model import Answer, Appeal, Catalog, Cycle, Plan, PlanState
from kpibook.records.follow_up import FollowUp
from kpibook.records.missed_items import MissedItem, missed_items
from kpibook.records.result_states import ANSWERED, ToldResult
from kpibook.rules.standards import with_unit
from kpibook.scoring.results import Card, Results

FREE_PLANS, FREE_STEPS = 10, 40
"""Rows without anything in them."""

SheetRow = Mapping[str, str]


@dataclass(frozen=True)
class FollowUpRequest:
    """What the workbooks are made from."""

    results: Results
    catalog: Catalog
    follow_up: FollowUp
    say: Words

    @property
    def cycle(self) -> Cycle:
        """The cycle whose results are followed."""
        return self.results.cycle

    @cached_property
    def mark(self) -> str:
        """What the marks of all sheets say of the catalog."""
        return catalog_hash(self.catalog)


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """A sheet of a workbook; rows that stand in the records already are locked where `is_fixed` says so."""

    form: SheetForm
    name: str
    title: str
    stamp: SheetStamp
    rows: tuple[SheetRow, ...]
    free: int = 0
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class RecordBook:
    """A workbook: its file's name without an ending, how to fill it in, and its sheets."""

    name: str
    title: str
    how: str
    sheets: tuple[RecordSheet, ...]

    @property
    def rows(self) -> int:
        """How many rows wait to be filled in or stand there already."""
        return sum(len(sheet.rows) for sheet in self.sheets if sheet.form is not NUMBERS)


def follow_up_books(request: FollowUpRequest) -> Iterator[RecordBook]:
    """A workbook for each manager of somebody who has a result, then HR's with all appeals."""
    teams: dict[str, list[Card]] = {}
    for card in request.results.cards:
        if request.follow_up.of(card.person):
            teams.setdefault(book_of(card.spans[-1].assignment.manager), []).append(card)
    names = {row.person.casefold(): row.name for row in request.cycle.people}
    for book in sorted(teams):
        yield _manager_book(request, book, names.get(book.casefold(), ""), teams[book])
    yield _appeal_book(request, [card for team in teams.values() for card in team])


def book_of(manager: str) -> str:
    """What the workbook of a manager's people is called; who has no manager with an id is in one of its own."""
    return manager if manager.replace("-", "").isalnum() and manager.isascii() else UNASSIGNED


def _manager_book(request: FollowUpRequest, book: str, name: str, team: list[Card]) -> RecordBook:
    say, cycle = request.say, request.cycle
    has_manager = book != UNASSIGNED
    who = name or (book if has_manager else say("following.unassigned"))
    title = say("following.title", company=request.catalog.company.name, cycle=cycle.name, manager=who)
    results = tuple(_result_row(card, request, who if has_manager else "") for card in team)
    plans = tuple(row for card in team for row in _plan_rows(card, request))
    sheets = (
        RecordSheet(RESULTS, say("following.sheet.results"), title, stamp_of(request, RESULTS, book, results), results),
        RecordSheet(
            PLANS, say("following.sheet.plans"), title, stamp_of(request, PLANS, book, plans), plans, FREE_PLANS
        ),
    )
    return RecordBook(f"{RECORDS}-{book}", title, "following.how.manager", sheets)


def stamp_of(request: FollowUpRequest, form: SheetForm, book: str, rows: tuple[SheetRow, ...]) -> SheetStamp:
    """The mark of a sheet."""
    return record_stamp(str(request.cycle.period), request.mark, book, form, len(rows))


def _result_row(card: Card, request: FollowUpRequest, manager: str) -> SheetRow:
    told = request.follow_up.of(card.person)
    if told is None:
        raise ValueError(f"{card.person} has no result")
    row = {**_figures(card, request), "result": told.number, "talked_by": manager}
    talks = request.follow_up.interviews.get(card.person.casefold(), ())
    talk = next((each for each in reversed(talks) if each.result == told.number), None)
    if talk:
        cause = choice_word(talk.cause, request.say) if talk.cause else ""
        row |= {"talked_on": str(talk.on), "talked_by": talk.by, "summary": talk.summary, "cause": cause}
        row |= {"opinion": talk.opinion}
    return {**row, **_answer_cells(told, request.say)}


def _figures(card: Card, request: FollowUpRequest) -> dict[str, str]:
    total = "" if card.total is None else fixed(card.total, request.catalog.company.rounding.score)
    return {"person": card.person, "name": card.name, "total": total, "grade": card.grade.id if card.grade else ""}


def _answer_cells(told: ToldResult, say: Words) -> SheetRow:
    """What was recorded of the present result."""
    is_noted = any(row.answer is Answer.DELIVERED and row.on == told.delivered_on for row in told.answers)
    answer = next((row for row in reversed(told.answers) if row.answer in ANSWERED), None)
    found = {"delivered_on": str(told.delivered_on) if is_noted else ""}
    if answer:
        found |= {"answer": choice_word(answer.answer, say), "answered_on": str(answer.on), "comment": answer.comment}
    return found


def _plan_rows(card: Card, request: FollowUpRequest) -> Iterator[SheetRow]:
    """The plans that were made, then a row for each missed item that nothing is planned about yet."""
    plans = request.follow_up.plans.get(card.person.casefold(), ())
    yield from (_plan_row(plan, card, request) for plan in plans)
    planned = {plan.indicator for plan in plans}
    missed = [each for each in missed_items(card) if each.indicator.id not in planned]
    yield from (_new_plan_row(each, card, request) for each in missed)


def _plan_row(plan: Plan, card: Card, request: FollowUpRequest) -> SheetRow:
    score = next((s for part in card.spans for s in part.items if s.indicator.id == plan.indicator), None)
    known = request.catalog.indicators.get(plan.indicator)
    return {
        **{"plan": plan.plan, "person": plan.person, "name": card.name, "indicator": plan.indicator},
        "item": known.name if known else "",
        "target": with_unit(score.target.value, score.indicator.unit) if score and score.target else "",
        **{"gap": plan.gap, "action": plan.action, "support": plan.support, "owner": plan.owner},
        "due": str(plan.due),
        "state": choice_word(plan.state, request.say),
        "checked_on": str(plan.checked_on) if plan.checked_on else "",
        "outcome": plan.outcome,
    }


def _new_plan_row(missed: MissedItem, card: Card, request: FollowUpRequest) -> SheetRow:
    """A plan for an item that was missed, to be checked at the end of the next cycle."""
    score, unit = missed.score, missed.indicator.unit
    gap = request.say("following.lost", points=fixed(missed.lost, request.catalog.company.rounding.score))
    if score.actual is not None and score.target is not None:
        values = {"actual": with_unit(score.actual, unit), "target": with_unit(score.target.value, unit)}
        gap = request.say("following.gap", lost=gap, **values)
    return {
        "plan": plan_id(str(request.cycle.period), card.person, missed.indicator.id),
        **{"person": card.person, "name": card.name, "indicator": missed.indicator.id, "item": missed.indicator.name},
        "target": with_unit(score.target.value, unit) if score.target else "",
        "gap": gap,
        "due": str(request.cycle.period.next.last_day),
        "state": choice_word(PlanState.OPEN, request.say),
    }


def plan_id(period: str, person: str, about: str) -> str:
    """The id of a plan that nobody gave one."""
    return f"{period}-{person}-{about}"


def _appeal_book(request: FollowUpRequest, cards: Iterable[Card]) -> RecordBook:
    say = request.say
    title = say("following.appeals_title", company=request.catalog.company.name, cycle=request.cycle.name)
    rows = tuple(_appeal_row(row, say) for row in request.follow_up.records.appeals)
    numbers = tuple(_number_row(card, request) for card in cards)
    stamp = stamp_of(request, APPEALS, HR, rows)
    sheets = (
        RecordSheet(APPEALS, say("following.sheet.appeals"), title, stamp, rows, FREE_STEPS, is_fixed=True),
        RecordSheet(NUMBERS, say("following.sheet.numbers"), title, stamp_of(request, NUMBERS, HR, numbers), numbers),
    )
    return RecordBook(APPEALS.name, title, "following.how.hr", sheets)


def _appeal_row(row: Appeal, say: Words) -> SheetRow:
    return {
        **{"appeal": row.appeal, "person": row.person, "result": row.result, "indicator": row.indicator},
        "category": choice_word(row.category, say) if row.category else "",
        **{"claim": row.claim, "evidence": row.evidence},
        "filed_on": str(row.filed_on) if row.filed_on else "",
        **{"step": choice_word(row.step, say), "on": str(row.on), "by": row.by},
        "outcome": choice_word(row.outcome, say) if row.outcome else "",
        "reason": row.reason,
    }


def _number_row(card: Card, request: FollowUpRequest) -> SheetRow:
    told = request.follow_up.of(card.person)
    department = request.catalog.departments.get(card.department)
    state = request.say(f"following.state.{told.state}") if told else ""
    return {
        **_figures(card, request),
        "department": department.name if department else card.department,
        "result": told.number if told else "",
        "state": state,
    }
