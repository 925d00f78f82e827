"""The target of somebody's item: of a row of targets.csv, of the file of a year, or of the role, for the time there."""

from collections.abc import Iterator

from kpibook.model import WHOLE_POST, TargetRow
from kpibook.model.series import SeriesKind
from kpibook.scoring.approvals import CycleApprovals, Unapproved
from kpibook.scoring.collected import Gaps
from kpibook.scoring.number_lookup import NumberLookup
from kpibook.scoring.plans import ItemPlan
from kpibook.scoring.series import SeriesTargets
from kpibook.scoring.sources import Gap, Target, TargetOrigin
from kpibook.scoring.target_periods import by_days, by_share
from kpibook.scoring.viewpoint import Viewpoint


class TargetLookup:
    """Finds targets of one cycle."""

    def __init__(self, lookup: NumberLookup, approvals: CycleApprovals, series: SeriesTargets) -> None:
        company, cycle = lookup.catalog.company, lookup.cycle
        self._cycle = cycle
        self._days = lookup.days
        self._days_of = {} if company.part_cycle.targets == "full" else lookup.roster.days_of
        self._by_share = company.part_cycle.targets == "by_time"
        self._series = series
        self._aside = lookup.set_aside("targets", cycle)
        self.indicators = {indicator for _, indicator in (*cycle.targets, *self._aside)} | series.indicators
        """Those of which somebody may have another target than the role's."""
        self.refused = {key: lacking for key, lacking in approvals.targets.items() if not lacking.counts}
        """By subject and indicator: rows of targets.csv that lack their approval."""

    def of_row(self, plan: ItemPlan, view: Viewpoint, gaps: Gaps) -> tuple[Target | None, Gaps]:
        """The target for the person, else for the department, else of the role; a row set aside decides nothing."""
        indicator = plan.indicator.id
        own = TargetOrigin.DEPARTMENT if view.subject == view.department else TargetOrigin.PERSON
        for subject, origin in ((view.subject, own), (view.department, TargetOrigin.DEPARTMENT)):
            row = self._cycle.targets.get((subject, indicator))
            if row and (subject, indicator) not in self.refused:
                return _target(row, origin), gaps
            aside = self._aside.get((subject, indicator))
            if aside and plan.judges_target:
                gap = view._replace(subject=subject).missing(indicator, Gap.SET_ASIDE, set_aside=aside)
                return None, (*gaps, gap)
        return self._series_target(plan, view), gaps

    def _series_target(self, plan: ItemPlan, view: Viewpoint) -> Target | None:
        """The target of the person, else of the department, in the file of a year; else that of the role."""
        for kind, subject in ((SeriesKind.PERSON, view.subject), (SeriesKind.DEPARTMENT, view.department)):
            targets = self._series.of(kind, subject)
            if plan.indicator.id in targets:
                return targets[plan.indicator.id]
        return plan.target

    def for_the_time(self, target: Target, view: Viewpoint) -> Target:
        """A target of a role as far as somebody was there, and the post takes the time."""
        if view.subject in self._days_of:
            target = by_days(target, self._days_of[view.subject], self._days)
        return by_share(target, view.share) if self._by_share and view.share != WHOLE_POST else target

    def refused_of(self, plan: ItemPlan, view: Viewpoint) -> Iterator[Unapproved]:
        """The targets of the person and of the department that lack their approval; one that counts hides the next."""
        for subject in dict.fromkeys((view.subject, view.department)):
            key = (subject, plan.indicator.id)
            if key in self.refused:
                yield self.refused[key]
            elif key in self._cycle.targets:
                return


def _target(row: TargetRow, origin: TargetOrigin) -> Target:
    """A target of targets.csv; only what is written there as `original` is told as what it was before."""
    return Target(
        value=row.value,
        origin=origin,
        place=row.place,
        reason=row.reason,
        approved_by=row.approved_by,
        original=row.original,
        approved_on=row.approved_on,
        threshold=row.threshold,
        stretch=row.stretch,
    )
