"""From where a formula is read, and what is missing there."""

from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.periods import Period
from kpibook.model import COMPANY, WHOLE_POST, SetAside
from kpibook.scoring.sources import Gap, Missing


class Viewpoint(NamedTuple):
    """From where a formula is read: whose numbers, of which department, of which period, or of the year to date."""

    subject: str
    department: str
    period: Period
    to_date: bool = False
    share: mpq = WHOLE_POST
    """How much of the working time the post takes, in %."""

    def through(self, scope: str) -> "Viewpoint":
        """The view after a scope of a formula."""
        match scope:
            case "department":
                return self._replace(subject=self.department)
            case "company":
                return self._replace(subject=COMPANY)
            case "previous":
                return self._replace(period=self.period.previous)
            case "last_year":
                return self._replace(period=self.period.last_year)
            case "year_to_date":
                return self._replace(to_date=True)
        return self

    def missing(self, key: str, gap: Gap, *, owner: str = "", set_aside: SetAside | None = None) -> Missing:
        """A number that the subject of this view lacks; `key` is empty where a formula has no value."""
        return Missing(self.subject, key, owner, self.period, set_aside, gap)
