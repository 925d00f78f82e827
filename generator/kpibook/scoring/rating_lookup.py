"""What somebody was rated on an item: in the cycle, or in the shorter cycles that make it."""

from collections.abc import Iterator
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.model import Cycle, RatingRow, Relation, SetAside
from kpibook.rules.standards import Case, RatingFault, RuleOutcome, Step, Vote
from kpibook.scoring.collected import Collected, Gaps
from kpibook.scoring.number_lookup import NumberLookup, table_of
from kpibook.scoring.plans import ItemPlan
from kpibook.scoring.sources import Gap, Missing, Source
from kpibook.scoring.viewpoint import Viewpoint


class Rated(NamedTuple):
    """What raters gave in a cycle, or in several, or what is missing."""

    rows: tuple[RatingRow, ...]
    gaps: Gaps
    outcome: RuleOutcome | None = None
    votes: tuple[Vote, ...] = ()
    rated: mpq | None = None
    """What raters gave, where that is on a scale and not yet points."""

    @property
    def only_level(self) -> str:
        """The level that was written, where all ratings that count write the same one; else empty."""
        counted = {vote.relation for vote in self.votes if vote.weight}
        levels = {row.level for row in self.rows if row.relation in counted}
        return levels.pop() if len(levels) == 1 else ""


class RatingLookup:
    """The ratings of one cycle's items."""

    def __init__(self, lookup: NumberLookup) -> None:
        company = lookup.catalog.company
        self._lookup = lookup
        self._cycle = lookup.cycle
        self._parts = lookup.part_periods()
        self._least = company.least_raters
        self._waits_for_raters = company.missing_rater == "block"
        self._counts_silence = company.missing_rater == "zero"

    def of(self, plan: ItemPlan, view: Viewpoint) -> Rated:
        """What raters gave in the cycle, else in the shorter cycles that make it, or what is missing for that."""
        found = self._rating(plan, view, self._cycle)
        if not found.rows and not any(gap.set_aside for gap in found.gaps):
            found = self._of_months(plan, view) or found
        if plan.rating and plan.rating.scale and found.outcome:
            rated = found.outcome.points
            return found._replace(outcome=plan.rating.scaled(found.outcome, plan.weight), rated=rated)
        return found

    def _rating(self, plan: ItemPlan, view: Viewpoint, cycle: Cycle | None) -> Rated:
        """What somebody was rated in a cycle, or what is missing for that."""
        key = (view.subject, plan.indicator.id)
        rows = cycle.ratings.get(key, ()) if cycle else ()
        votes, gaps = self._votes(plan, view, rows)
        aside = self._aside(plan, cycle, key) if cycle else None
        if aside:
            gaps.append(view.missing(plan.indicator.id, Gap.SET_ASIDE, set_aside=aside))
        if not gaps and not votes:
            due = self._lookup.due(plan.indicator.id, view.period)
            gap = Gap.NOT_DUE if due else Gap.NOT_RATED if cycle else Gap.NO_CYCLE
            gaps.append(view.missing(plan.indicator.id, gap)._replace(due=due))
        elif self._waits_for_raters and not aside:
            gaps += self._silent(plan, view, votes)
        if gaps:
            return Rated(rows, tuple(gaps))
        return Rated(rows, (), plan.rule.judge(Case(plan.weight, votes=votes)), votes)

    def _aside(self, plan: ItemPlan, cycle: Cycle, key: tuple[str, str]) -> SetAside | None:
        """The first row that was set aside and may count: one of a relation without weight decides nothing."""
        if key not in self._lookup.set_aside("ratings", cycle):
            return None
        rows = (row for row in cycle.set_aside if (row.subject, row.key) == key and table_of(row, cycle) == "ratings")
        relations = ((row, row.whose.partition("/")[0]) for row in rows)
        return next((row for row, relation in relations if not relation or plan.raters.get(Relation(relation))), None)

    def _of_months(self, plan: ItemPlan, view: Viewpoint) -> Rated | None:
        """The mean of what somebody was rated in the shorter cycles that make this one; None where nobody rated.

        A month in which somebody who was there was not rated is missing, and never left out of the mean.
        """
        name = f"rating.{plan.indicator.id}"
        periods = [part for part in self._parts if self._lookup.others.was_there(view.subject, name, part)]
        found = [(part, self._of_month(plan, view._replace(period=part), name)) for part in periods]
        gaps = tuple(gap for _, each in found if not isinstance(each, Collected) for gap in each)
        points = tuple((part, each.value) for part, each in found if isinstance(each, Collected))
        if not points and not any(gap.set_aside for gap in gaps):
            return None
        cycles = filter(None, map(self._lookup.cycle_of, periods))
        rows = tuple(row for each in cycles for row in each.ratings.get((view.subject, plan.indicator.id), ()))
        owing = tuple(gap for gap in gaps if gap.gap is not Gap.NOT_DUE)
        if owing:
            return Rated(rows, owing)
        mean = sum((value for _, value in points), ZERO) / len(points)
        step = Step("rated_months", {"months": points, "count": mpq(len(points)), "points": mean})
        return Rated(rows, (), RuleOutcome(mean, (step,)))

    def _of_month(self, plan: ItemPlan, view: Viewpoint, name: str) -> Collected | Gaps:
        """What somebody was rated in a shorter cycle, which is noted as taken from there."""

        def find() -> Collected | Gaps:
            found = self._rating(plan, view, self._lookup.cycle_of(view.period))
            points = found.outcome.points if found.outcome else None
            return found.gaps if points is None else Collected(points, ())

        taken = self._lookup.others.take(view.period, view.subject, name, find)
        return Collected(taken.value, ()) if isinstance(taken, Source) else taken

    def _votes(
        self, plan: ItemPlan, view: Viewpoint, rows: tuple[RatingRow, ...]
    ) -> tuple[tuple[Vote, ...], list[Missing]]:
        """What each relation gave, in the order of their weights; relations without weight do not count."""
        given: dict[Relation, list[mpq]] = {}
        gaps: list[Missing] = []
        for row in rows:
            if plan.rating is None or not plan.raters.get(row.relation):
                continue
            try:
                given.setdefault(row.relation, []).append(plan.rating.rating_points(row.value, row.level, plan.weight))
            except RatingFault as fault:
                aside = SetAside(row.place, row.raw, fault.code, fault.values, view.subject, plan.indicator.id)
                gaps.append(view.missing(plan.indicator.id, Gap.SET_ASIDE, set_aside=aside))
        for relation in [relation for relation, points in given.items() if len(points) < self._least(relation)]:
            del given[relation]
        if self._counts_silence and given and plan.rating:
            nothing = plan.rating.scale.zero if plan.rating.scale else ZERO
            rated = {row.relation for row in rows}
            given.update({relation: [nothing] for relation in plan.raters if relation not in rated})
        votes = (
            Vote(relation, sum(given[relation], ZERO) / len(given[relation]), weight)
            for relation, weight in plan.raters.items()
            if given.get(relation)
        )
        return tuple(votes), gaps

    @staticmethod
    def _silent(plan: ItemPlan, view: Viewpoint, votes: tuple[Vote, ...]) -> Iterator[Missing]:
        """The relations that count and gave no rating."""
        given = {vote.relation for vote in votes}
        for relation, weight in plan.raters.items():
            if weight and relation not in given:
                yield view.missing(plan.indicator.id, Gap.NOT_RATED)._replace(relation=relation)
