"""Where an appeal stands, which steps it may take, and by when it is to be decided."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kpibook.base.working_days import WorkingDays
from kpibook.model import Appeal, AppealStep, Outcome

FOLLOWING: Mapping[AppealStep, tuple[AppealStep, ...]] = {
    AppealStep.FILED: (AppealStep.RECEIVED, AppealStep.HEARD, AppealStep.DECIDED, AppealStep.WITHDRAWN),
    AppealStep.RECEIVED: (AppealStep.HEARD, AppealStep.DECIDED, AppealStep.WITHDRAWN),
    AppealStep.HEARD: (AppealStep.HEARD, AppealStep.DECIDED, AppealStep.WITHDRAWN),
    AppealStep.DECIDED: (AppealStep.SECOND,),
    AppealStep.SECOND: (AppealStep.FINAL, AppealStep.WITHDRAWN),
    AppealStep.FINAL: (),
    AppealStep.WITHDRAWN: (),
}
"""The steps that may follow each step; an appeal begins by being filed."""

ENDED = (AppealStep.DECIDED, AppealStep.FINAL, AppealStep.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class AppealCase:
    """An appeal with all its steps."""

    rows: tuple[Appeal, ...]
    decide_by: datetime.date
    """The last working day for the decision that is asked for."""
    is_corrected: bool
    """Whether a correction names it."""
    file_until: datetime.date | None = None
    """The last day to file it; None where nothing tells of a delivery."""
    is_outdated: bool = False
    """Whether the result had been corrected already when it was filed."""

    @property
    def id(self) -> str:
        """What the appeal is called."""
        return self.rows[0].appeal

    @property
    def person(self) -> str:
        """The id of who appeals."""
        return self.rows[0].person

    @property
    def result(self) -> str:
        """The number of the result that is appealed."""
        return self.rows[0].result

    @property
    def filed_on(self) -> datetime.date:
        """The day on which it was filed."""
        return self.rows[0].filed_on or self.rows[0].on

    @property
    def is_late(self) -> bool:
        """Whether the time to appeal was over."""
        return self.file_until is not None and self.filed_on > self.file_until

    @property
    def step(self) -> AppealStep:
        """The last step that was taken."""
        return self.rows[-1].step

    @property
    def is_open(self) -> bool:
        """Whether a decision is still due."""
        return self.step not in ENDED

    @property
    def decision(self) -> Appeal | None:
        """The row of the decision that holds; one that is asked for anew holds no more."""
        decided = [row for row in self.rows if row.outcome]
        return None if self.is_open or not decided else decided[-1]

    @property
    def outcome(self) -> Outcome | None:
        """How it was decided."""
        return self.decision.outcome if self.decision else None

    @property
    def awaits_correction(self) -> bool:
        """Whether it was granted, in part at least, and the result still is what it was."""
        return bool(self.outcome and self.outcome.asks_correction) and not self.is_corrected


def appeal_case(
    rows: tuple[Appeal, ...], days: WorkingDays, decide_days: int, corrected: Collection[str]
) -> AppealCase:
    """An appeal by its rows, in the order of the file."""
    asked = next((row.on for row in reversed(rows) if row.step is AppealStep.SECOND), None)
    since = asked or rows[0].filed_on or rows[0].on
    return AppealCase(rows, days.after(since, decide_days), rows[0].appeal in corrected)
