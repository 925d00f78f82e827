"""What a cycle takes from other cycles: noted while it is scored, and all there is once it is sealed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import exact_text
from kpibook.base.periods import Period
from kpibook.base.problems import Place
from kpibook.model import Reading, SetAside
from kpibook.scoring.collected import Collected, Gaps
from kpibook.scoring.results import TakenKey
from kpibook.scoring.sources import Gap, Missing, Source
from kpibook.scoring.streaks import Standings

ABSENT = "absent"
"""The value of a number that nobody lacks: the person was not in that cycle."""


class CarriedGap(NamedTuple):
    """A number that the other cycle did not have: why, and the row of carried.csv that says so."""

    why: str
    place: Place


@dataclass(frozen=True, slots=True)
class Carried:
    """Everything that a sealed cycle took from others; nothing else of them counts for it any more."""

    numbers: Mapping[TakenKey, Reading] = field(default_factory=dict)
    gaps: Mapping[TakenKey, CarriedGap] = field(default_factory=dict)
    standings: Mapping[Period, Standings] = field(default_factory=dict)
    is_open: bool = False
    """Whether what was not carried may still be looked up in the other cycle: while a correction is made."""

    def __contains__(self, key: TakenKey) -> bool:
        return key in self.numbers or key in self.gaps

    def text(self, key: TakenKey) -> str:
        """What carried.csv says under a key."""
        return exact_text(self.numbers[key].value) if key in self.numbers else self.gaps[key].why

    def was_there(self, key: TakenKey) -> bool:
        """Whether somebody was in another cycle, or had the number there."""
        gap = self.gaps.get(key)
        return key in self.numbers or (gap is not None and gap.why != ABSENT)

    def missing(self, key: TakenKey, owner: str) -> Missing:
        """The gap where no number was carried."""
        period, subject, name = key
        found = self.gaps.get(key)
        if found is None or found.why == ABSENT:
            return Missing(subject, name, owner, period)
        aside = None
        if found.why == Gap.SET_ASIDE:
            aside = SetAside(found.place, "", "carried-set-aside", {"period": period}, subject, name, "actuals")
        return Missing(subject, name, owner, period, aside, Gap(found.why))


def value_text(found: Collected | Source | Gaps, *, was_there: bool) -> str:
    """What carried.csv says of a number: its exact value, or why there is none."""
    if isinstance(found, Collected | Source):
        return exact_text(found.value)
    if any(gap.set_aside for gap in found):
        return Gap.SET_ASIDE.value
    return found[0].gap.value if was_there else ABSENT


def parse_exact(text: str) -> mpq:
    """The number that an exact text says: `1.5`, `-3`, `1/3`."""
    return mpq(text)
