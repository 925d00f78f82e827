"""What targets/<year>.csv says for one cycle."""

from collections.abc import Mapping

from kpibook.base.periods import Period
from kpibook.model import Catalog
from kpibook.model.series import SeriesKind
from kpibook.scoring.sources import Target, TargetOrigin
from kpibook.scoring.target_periods import Degrees

ORIGINS = {
    SeriesKind.ROLE: TargetOrigin.ROLE,
    SeriesKind.DEPARTMENT: TargetOrigin.DEPARTMENT,
    SeriesKind.PERSON: TargetOrigin.PERSON,
}

Targets = Mapping[str, Target | None]
"""By indicator; None where the months do not make a target for the cycle."""
NO_TARGETS: Targets = {}


class SeriesTargets:
    """The targets of a cycle that stand in files of years."""

    def __init__(self, catalog: Catalog, period: Period) -> None:
        degrees = Degrees(catalog)
        self._found: dict[tuple[SeriesKind, str], dict[str, Target | None]] = {}
        for (kind, subject, indicator), series in catalog.series.items():
            adds_up = degrees.of_id(indicator) == 1
            target = series.at(period, adds_up=adds_up)
            if target or series.is_unclear(period, adds_up=adds_up):
                self._found.setdefault((kind, subject), {})[indicator] = target and Target(
                    target.value, ORIGINS[kind], target.place, plain=target.value, parts=target.parts
                )

    @property
    def indicators(self) -> frozenset[str]:
        """The indicators of which a person or a department has a target."""
        found = (targets for (kind, _), targets in self._found.items() if kind is not SeriesKind.ROLE)
        return frozenset(indicator for targets in found for indicator in targets)

    def of(self, kind: SeriesKind, subject: str) -> Targets:
        """The targets of a role, a department or a person; none where the file of the year has no row."""
        return self._found.get((kind, subject.casefold() if kind is SeriesKind.PERSON else subject), NO_TARGETS)
