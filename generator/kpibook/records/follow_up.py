"""Everything that is recorded around the results of one cycle, by person: for cards, HR's page and sheets."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from kpibook.base.periods import Period
from kpibook.model import Interview, Plan, PlanState, Records
from kpibook.records.appeals import AppealCase
from kpibook.records.published import PublishedResults
from kpibook.records.result_states import ResultState, ToldResult, Windows, told_results

T = TypeVar("T", Interview, Plan)


class EarlierPlan(NamedTuple):
    """A plan that was made in an earlier cycle, as it stands now."""

    period: Period
    plan: Plan


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What became of the results of a cycle; people go by their ids in small letters."""

    period: Period
    records: Records
    windows: Windows
    told: Mapping[str, ToldResult] = field(default_factory=dict)
    """By person who is appraised; nobody in a cycle that was not published."""
    interviews: Mapping[str, tuple[Interview, ...]] = field(default_factory=dict)
    plans: Mapping[str, tuple[Plan, ...]] = field(default_factory=dict)
    """The plans made in this cycle, as they stand now."""
    before: Mapping[str, tuple[EarlierPlan, ...]] = field(default_factory=dict)
    """The plans of earlier cycles, oldest first."""
    missed_before: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The indicators that were missed in the cycle before."""

    def of(self, person: str) -> ToldResult | None:
        """Where somebody's result stands; None for who has none that was published."""
        return self.told.get(person.casefold())

    @property
    def appeals(self) -> Iterator[AppealCase]:
        """All appeals, by person."""
        return (case for each in self.told.values() for case in each.appeals)

    def in_state(self, *states: ResultState) -> tuple[ToldResult, ...]:
        """The results in some states, in the order of the people of the seal."""
        return tuple(each for each in self.told.values() if each.state in states)

    def has_plan(self, person: str, indicator: str) -> bool:
        """Whether anything is planned about an item: in this cycle, or still open from an earlier one."""
        own = (plan for plan in self.plans.get(person.casefold(), ()) if plan.state is not PlanState.DROPPED)
        return any(plan.indicator == indicator for plan in (*own, *self.open_before(person)))

    def open_before(self, person: str) -> tuple[Plan, ...]:
        """The plans of earlier cycles that are still open."""
        earlier = self.before.get(person.casefold(), ())
        return tuple(each.plan for each in earlier if each.plan.state is PlanState.OPEN)

    def last_before(self, person: str) -> tuple[EarlierPlan, ...]:
        """What came of the plans of the last earlier cycle that had any, as far as they are settled."""
        earlier = self.before.get(person.casefold(), ())
        last = earlier[-1].period if earlier else None
        return tuple(each for each in earlier if each.period == last and each.plan.state is not PlanState.OPEN)

    def plans_due(self, until: datetime.date) -> tuple[EarlierPlan, ...]:
        """The open plans, of this cycle and before, that are to be checked by a day."""
        own = (EarlierPlan(self.period, plan) for plans in self.plans.values() for plan in plans)
        earlier = (each for plans in self.before.values() for each in plans)
        found = (each for each in (*earlier, *own) if each.plan.state is PlanState.OPEN and each.plan.due <= until)
        return tuple(sorted(found, key=lambda each: (each.plan.due, each.plan.person, each.plan.plan)))


def follow_up(
    period: Period,
    records: Mapping[Period, Records],
    published: PublishedResults | None,
    windows: Windows,
    today: datetime.date | None = None,
) -> FollowUp:
    """What became of the results of a cycle; `records` are those of all cycles, of which later ones tell nothing.

    Without a day nothing is overdue.
    """
    own = records.get(period, Records())
    told = told_results(published, own, windows, today) if published else {}
    return FollowUp(
        period=period,
        records=own,
        windows=windows,
        told={person.casefold(): each for person, each in told.items()},
        interviews=_by_person(own.interviews),
        plans=_by_person(own.plans_now.values()),
        before=_earlier(period, records),
    )


def _by_person(rows: Iterable[T]) -> Mapping[str, tuple[T, ...]]:
    found: dict[str, list[T]] = {}
    for row in rows:
        found.setdefault(row.person.casefold(), []).append(row)
    return {person: tuple(each) for person, each in found.items()}


def _earlier(period: Period, records: Mapping[Period, Records]) -> Mapping[str, tuple[EarlierPlan, ...]]:
    found: dict[str, list[EarlierPlan]] = {}
    for earlier in sorted(each for each in records if each.last_day < period.first_day):
        for plan in records[earlier].plans_now.values():
            found.setdefault(plan.person.casefold(), []).append(EarlierPlan(earlier, plan))
    return {person: tuple(each) for person, each in found.items()}
