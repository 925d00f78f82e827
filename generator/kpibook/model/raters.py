"""Who rates, by what weight, and on which terms."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from gmpy2 import mpq
from pydantic import BeforeValidator, Field

from kpibook.base.entry import Entry, Flag, Part, Whole, fraction_or_number
from kpibook.base.numbers import show


class Relation(StrEnum):
    """Who rates whom."""

    SELF = "self"
    MANAGER = "manager"
    PEER = "peer"
    REPORT = "report"
    CUSTOMER = "customer"


RaterWeights = Mapping[Relation, Part]
"""By relation; equal thirds are written 1/3."""


UNNAMED = frozenset({Relation.PEER, Relation.REPORT, Relation.CUSTOMER})
"""Relations whose raters cards do not name, unless the company says so."""


class RaterTerms(Entry):
    """What a relation counts for, whether its raters are named on cards, and how many it takes."""

    weight: Part = mpq(0)
    named: Flag | None = None
    at_least: Annotated[Whole, Field(ge=1)] = 1
    """So many have to rate, or the relation does not count."""

    def __str__(self) -> str:
        return show(self.weight)


def _terms(value: Any) -> Any:
    """A bare number is a weight."""
    return value if isinstance(value, Mapping | RaterTerms) else RaterTerms(weight=fraction_or_number(value))


CompanyRaters = Mapping[
    Relation, Annotated[RaterTerms, BeforeValidator(_terms, json_schema_input_type=Part | RaterTerms)]
]
"""By relation: a weight, or a mapping with the terms."""
