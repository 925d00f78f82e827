"""Grades: from which total on, on which conditions, and what they lead to."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from kpibook.base.entry import Entry, Flag, KebabId, Number, PlainText, Text
from kpibook.model.consequences import Consequences
from kpibook.rules.formulas import Formula, FormulaText


def _one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, str | Formula) else value


Conditions = Annotated[
    tuple[FormulaText, ...],
    BeforeValidator(_one_or_more, json_schema_input_type=tuple[FormulaText, ...] | FormulaText),
]
"""One condition or a list of conditions."""


class Grade(Entry):
    """A grade, reached by totals from `threshold` on."""

    id: PlainText
    name: Text
    threshold: Number = Field(alias="from")
    when: Conditions = ()
    """What must hold beside the total: all of it."""
    roles: tuple[KebabId, ...] = ()
    """Of whom `when` is asked: those who hold one of these roles; without any, everybody."""
    factor: Number | None = None
    fail: Flag = False
    meaning: Text = ""
    consequences: Consequences = Consequences()
    note: Text = ""

    def conditions(self, role: str) -> Conditions:
        """What must hold beside the total for somebody in a role."""
        return () if self.roles and role not in self.roles else self.when
