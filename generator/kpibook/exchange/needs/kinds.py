"""The kinds of what a cycle waits for, and one need of it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.model import Catalog, SetAside
from kpibook.scoring.sources import Gap, Missing


class NeedKind(StrEnum):
    """The kinds of what is owed."""

    NUMBER = "number"
    RATING = "rating"
    TARGET = "target"
    ADJUSTMENT = "adjustment"
    CALIBRATION = "calibration"
    LEAVE = "leave"


OF_A_PERSON = {
    "adjustments": NeedKind.ADJUSTMENT,
    "calibration": NeedKind.CALIBRATION,
    "leave": NeedKind.LEAVE,
}
"""By table: what a row of it that was set aside asks for."""


class State(StrEnum):
    """What became of a number that is owed."""

    GIVEN = "given"
    SET_ASIDE = "set_aside"
    MISSING = "missing"


@dataclass(slots=True)
class Need:
    """A number of a person, a department or the company that cards wait for or have got."""

    kind: NeedKind
    subject: str
    key: str
    owner: str
    """The department that supplies it; empty for ratings, and where no department does."""
    users: str | dict[str, None] = ""
    """Whose cards use it: of one person, as nearly always, or of several; a mapping for each would take much."""
    weight: mpq = ZERO
    """The points that the items of these cards are worth that use it."""
    state: State = State.GIVEN
    set_aside: SetAside | None = None
    """The row that cannot be used, where there is one."""
    rater: str = ""
    """Of a rating: who owes it; empty where nobody is known."""
    relation: str = ""
    """Of a rating: in which relation."""

    @property
    def people(self) -> Collection[str]:
        """Whose cards use it, each once."""
        return (self.users,) if isinstance(self.users, str) else self.users

    def use(self, person: str, weight: mpq) -> None:
        """Somebody's card uses it, in items of a weight; who has used it before adds nothing."""
        if self.users == person:
            return
        if isinstance(self.users, str):
            self.users = {self.users: None} if self.users else person
        if isinstance(self.users, dict):
            if person in self.users:
                return
            self.users[person] = None
        self.weight += weight


def kind_of(gap: Missing, catalog: Catalog) -> NeedKind | None:
    """What a gap asks for; None for what nobody can supply, such as a division by 0."""
    table = gap.set_aside and (gap.set_aside.table or _table(gap.set_aside.place.file))
    if gap.gap is Gap.NOT_RATED or table == "ratings":
        return NeedKind.RATING
    if gap.gap is Gap.NO_TARGET or table == "targets":
        return NeedKind.TARGET
    if table in OF_A_PERSON:
        return OF_A_PERSON[table]
    is_collected = gap.gap in (Gap.NOT_GIVEN, Gap.SET_ASIDE) and catalog.collected(gap.key)
    return NeedKind.NUMBER if is_collected else None


def _table(file: str) -> str:
    folder, _, name = file.rpartition("/")
    return "actuals" if folder.endswith("/actuals") else name.partition(".")[0]
