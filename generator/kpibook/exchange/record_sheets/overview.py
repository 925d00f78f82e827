"""How far the results of a cycle have been told, answered and followed up: by state, by manager, and what is due."""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from kpibook.base.day_texts import day_of_week
from kpibook.base.words import Words
from kpibook.model import Catalog
from kpibook.records.appeals import AppealCase
from kpibook.records.follow_up import EarlierPlan, FollowUp
from kpibook.records.missed_items import missed_items
from kpibook.records.result_states import WAITING, ResultState, ToldResult
from kpibook.scoring.results import Card, Results

WEEK = datetime.timedelta(days=7)
NAMED = 10
"""So many names stand in a line of a message."""
OF_PEOPLE = ("deliver", "answer")
"""What is to be done once for each person; of appeals and plans somebody may have several."""
OF_APPEALS = {"decide", "correct"}


class Team(NamedTuple):
    """The people of one manager who have a result."""

    manager: str
    name: str
    """Empty for those without a manager."""
    told: tuple[ToldResult, ...]

    def in_state(self, *states: ResultState) -> tuple[ToldResult, ...]:
        """The published results that stand in one of some states."""
        return tuple(each for each in self.told if each.state in states)


class DueRecord(NamedTuple):
    """Something that somebody has to do: deliver, answer, decide, correct, or check a plan."""

    by: str
    """A manager's id; empty for HR."""
    kind: str
    person: str
    about: str
    """The number of a result, or the id of an appeal or a plan."""
    item: str
    """An indicator."""
    due: datetime.date | None


@dataclass(frozen=True)
class FollowUpOverview:
    """What became of the results of a published cycle."""

    follow_up: FollowUp
    catalog: Catalog
    results: Results

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The names of all people, by their ids in small letters."""
        return {row.person.casefold(): row.name for row in self.results.cycle.people}

    @cached_property
    def counts(self) -> Mapping[ResultState, int]:
        """How many results are in each state; states that nobody is in are left out."""
        found = Counter(each.state for each in self.follow_up.told.values())
        return {state: found[state] for state in ResultState if found[state]}

    @cached_property
    def teams(self) -> tuple[Team, ...]:
        """The teams of all managers, in the order of their ids; those without a manager last."""
        found: dict[str, list[ToldResult]] = {}
        for card in self.results.cards:
            if told := self.follow_up.of(card.person):
                found.setdefault(card.spans[-1].assignment.manager, []).append(told)
        order = sorted(found, key=lambda manager: (not manager, manager))
        return tuple(Team(each, self.name(each) if each else "", tuple(found[each])) for each in order)

    @cached_property
    def appeals(self) -> tuple[AppealCase, ...]:
        """All appeals: those to be decided first, by their last day, then those to be corrected, then the others."""
        rank = {True: 0, False: 1}
        return tuple(
            sorted(
                self.follow_up.appeals,
                key=lambda case: (rank[case.is_open], rank[case.awaits_correction], case.decide_by, case.id),
            )
        )

    @cached_property
    def plans(self) -> tuple[EarlierPlan, ...]:
        """All open plans of this cycle and of earlier ones, by the day on which they are to be checked."""
        return self.follow_up.plans_due(datetime.date.max)

    @cached_property
    def missed_twice(self) -> tuple[tuple[Card, tuple[str, ...]], ...]:
        """Whoever missed an item in this cycle and the one before, with nothing planned about it; and the items."""
        found = []
        for card in self.results.cards:
            before = self.follow_up.missed_before.get(card.person.casefold())
            if before and self.follow_up.of(card.person):
                names = tuple(
                    each.indicator.name
                    for each in missed_items(card)
                    if each.indicator.id in before and not self.follow_up.has_plan(card.person, each.indicator.id)
                )
                found += [(card, names)] if names else []
        return tuple(found)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left that holds the closing of the cycle."""
        told = self.follow_up.told.values()
        return all(each.is_answered for each in told) and not any(
            case.is_open or case.awaits_correction for case in self.appeals
        )

    def name(self, person: str) -> str:
        """A person's name, or the id of somebody who is not in the cycle."""
        return self.names.get(person.casefold(), person)

    def item(self, indicator: str) -> str:
        """The name of an indicator."""
        known = self.catalog.indicators.get(indicator)
        return known.name if known else indicator

    def due(self, until: datetime.date | None = None) -> Iterator[DueRecord]:
        """Everything that somebody has to do; of plans those that are to be checked by a day."""
        for team in self.teams:
            for told in team.told:
                if told.state in (ResultState.UNDELIVERED, ResultState.CORRECTED):
                    yield DueRecord(team.manager, "deliver", told.person, told.number, "", None)
                elif told.state in WAITING:
                    yield DueRecord(team.manager, "answer", told.person, told.number, "", told.confirm_until)
        for case in self.appeals:
            if case.is_open or case.awaits_correction:
                kind, day = ("decide", case.decide_by) if case.is_open else ("correct", None)
                yield DueRecord("", kind, case.person, case.id, case.rows[0].indicator, day)
        for _, plan in self.plans:
            if until is None or plan.due <= until:
                manager = self._managers.get(plan.person.casefold(), "")
                yield DueRecord(manager, "check", plan.person, plan.plan, plan.indicator, plan.due)

    def has_long_lines(self, until: datetime.date) -> bool:
        """Whether a line of a message leaves somebody unnamed."""
        lines = Counter((record.by, record.kind, record.due) for record in self.due(until))
        return any(count > NAMED for count in lines.values())

    @cached_property
    def _managers(self) -> Mapping[str, str]:
        return {card.person.casefold(): card.spans[-1].assignment.manager for card in self.results.cards}


def overview_of(follow_up: FollowUp, results: Results, catalog: Catalog) -> FollowUpOverview:
    """The overview of a cycle."""
    return FollowUpOverview(follow_up, catalog, results)


def team_messages(found: FollowUpOverview, say: Words, today: datetime.date | None = None) -> Iterator[tuple[str, str]]:
    """A message to each manager, and to HR, who has something to do; without a day nothing is late or near."""
    groups: dict[str, list[DueRecord]] = {}
    for record in found.due(today + WEEK if today else None):
        groups.setdefault(record.by, []).append(record)
    for manager, records in groups.items():
        name = found.name(manager) if manager else say("following.hr")
        lines = [say("following.message.head", name=name, cycle=found.results.cycle.name, count=len(records))]
        lines += (f"{number}. {line}" for number, line in enumerate(_lines(records, found, say, today), start=1))
        lines += _where_to_note(manager, records, say)
        yield name, "\n".join(lines)


def _where_to_note(manager: str, records: list[DueRecord], say: Words) -> Iterator[str]:
    """Where it is to be noted: HR has the appeals, and the workbook of those whose manager nobody named."""
    if manager:
        yield say("following.message.ask")
        return
    kinds = {record.kind for record in records}
    if not kinds <= OF_APPEALS:
        yield say("following.message.ask_unassigned", book=say("following.unassigned"))
    if kinds & OF_APPEALS:
        yield say("following.message.ask_hr")


def _lines(records: list[DueRecord], found: FollowUpOverview, say: Words, today: datetime.date | None) -> Iterator[str]:
    """A line for each kind of thing and day."""
    groups: dict[tuple[str, datetime.date | None], list[str]] = {}
    for record in records:
        name = found.name(record.person)
        item = found.item(record.item) if record.item else ""
        text = say("following.message.item", name=name, item=item) if item else name
        groups.setdefault((record.kind, record.due), []).append(text)
    for (kind, day), names in groups.items():
        listed = say("following.message.comma").join(names[:NAMED])
        if len(names) > NAMED:
            key = "more" if kind in OF_PEOPLE else "more_items"
            listed = say(f"following.message.{key}", names=listed, count=len(names))
        yield say(f"following.message.{kind}", names=listed, due=due_text(day, say, today))


def due_text(day: datetime.date | None, say: Words, today: datetime.date | None) -> str:
    """By when, and how late it is."""
    if day is None:
        return ""
    if today and day < today:
        return say("following.due.late", day=day_of_week(day, say), days=(today - day).days)
    return say("following.due.open", day=day_of_week(day, say))
