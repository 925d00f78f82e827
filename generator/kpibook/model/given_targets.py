"""A target as a scorecard gives it: one number, or one for each kind of cycle."""

from collections.abc import Mapping
from typing import Annotated, Any

from gmpy2 import mpq
from pydantic import Discriminator, Tag

from kpibook.base.entry import Entry, Number
from kpibook.base.periods import PeriodKind


class TargetsByKind(Entry):
    """A target for each kind of cycle that it is to hold for."""

    month: Number | None = None
    quarter: Number | None = None
    half: Number | None = None
    year: Number | None = None

    def given(self) -> Mapping[PeriodKind, mpq]:
        """Those that are written, the shortest time first."""
        values = ((kind, getattr(self, kind)) for kind in PeriodKind)
        return {kind: value for kind, value in values if value is not None}


def _form_of(value: Any) -> str:
    # Plain targets bear the key's own name: a complaint about one then names the key.
    return "by_kind" if isinstance(value, dict | TargetsByKind) else "target"


GivenTarget = Annotated[
    Annotated[Number, Tag("target")] | Annotated[TargetsByKind, Tag("by_kind")], Discriminator(_form_of)
]
"""One number, or one for each kind of cycle."""


def of_kinds(given: mpq | TargetsByKind | None) -> Mapping[PeriodKind, mpq]:
    """The targets by kind of cycle; none where there is one number, or no target."""
    return given.given() if isinstance(given, TargetsByKind) else {}


def plain_target(given: mpq | TargetsByKind | None) -> mpq | None:
    """The target as one number: of several that for the shortest kind of cycle; None without any."""
    return next(iter(given.given().values()), None) if isinstance(given, TargetsByKind) else given
