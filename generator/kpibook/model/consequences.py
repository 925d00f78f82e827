"""What grades lead to, over the cycles of a year as well: texts, lists of people, and a bonus."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

from kpibook.base.entry import Entry, Flag, KebabId, Text, Whole
from kpibook.rules.formulas import FormulaText


class Consequence(Entry):
    """What follows from a grade, in words; and whether those who have it are listed for it."""

    text: Text = ""
    list: Flag = False
    """Whether people who have the grade stand in a list on HR's page of the year; nobody decides but people."""
    cycles: Whole = 1
    """After how many cycles on end with the grade."""


def _spoken(value: Any) -> Any:
    return value if isinstance(value, Mapping | Consequence) else {"text": value}


Spoken = Annotated[Consequence, BeforeValidator(_spoken, json_schema_input_type=Text | Consequence)]
"""A text, or a mapping with the terms of a list."""

NOTHING = Consequence()


class Consequences(Entry):
    """What a grade leads to."""

    training: Spoken = NOTHING
    promotion: Spoken = NOTHING
    level: Spoken = NOTHING
    pay: Spoken = NOTHING


class YearBonus(Entry):
    """An amount of a year, from the factors of its cycles; 0 where `when` does not hold."""

    name: Text
    formula: FormulaText
    """Over `mean_factor`, `mean_total`, `cycles`, `failed` and the person's own columns."""
    when: FormulaText | None = None
    roles: tuple[KebabId, ...] = ()
    """Whose it is: those who hold one of these roles in the last cycle; without any, everybody."""
    note: Text = ""
