"""The sheets of these workbooks: which columns each has, which are filled in, and with what."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from kpibook.base.words import LANGUAGES, Words, words
from kpibook.model import Answer, AppealCategory, AppealStep, Cause, Outcome, PlanState
from kpibook.reading.tables import Layout


class Fill(StrEnum):
    """What a column holds."""

    GIVEN = "given"
    """Stands there already, and is not to be changed."""
    TEXT = "text"
    DAY = "day"
    CHOICE = "choice"


class SheetColumn(NamedTuple):
    """A column of a sheet."""

    name: str
    width: int
    fill: Fill = Fill.TEXT
    choices: tuple[StrEnum, ...] = ()


class SheetForm(NamedTuple):
    """A kind of sheet: its name in the stamp, its columns, and which of them say whose row it is."""

    name: str
    columns: tuple[SheetColumn, ...]
    key: str = "person"
    """The column in which a record begins."""

    @property
    def layout(self) -> Layout:
        """How the sheet is read when it comes back."""
        ids = ("person", "result", "plan", "indicator", "appeal", "catalog")
        names = tuple(column.name for column in self.columns)
        days = tuple(column.name for column in self.columns if column.fill is Fill.DAY)
        return Layout(required=names, ids=tuple(name for name in names if name in ids), dates=days, alone=names)

    def title(self, column: SheetColumn, say: Words) -> str:
        """The head of a column."""
        return say(self.title_key(column))

    def title_key(self, column: SheetColumn) -> str:
        """The key of that head."""
        return f"following.column.{self.name}.{column.name}"

    def choices_of(self, name: str) -> tuple[StrEnum, ...]:
        """What a column offers."""
        return next((column.choices for column in self.columns if column.name == name), ())

    def word_keys(self) -> Mapping[str, str]:
        """By each name of a column and each choice, as files say them: the key of the word that the sheet says."""
        heads = {column.name: self.title_key(column) for column in self.columns}
        return heads | {each.value: choice_key(each) for column in self.columns for each in column.choices}

    def titles(self) -> Mapping[str, str]:
        """By each head that a column may have, in any language: its name."""
        return {self.title(column, words(language)): column.name for language in LANGUAGES for column in self.columns}


RESULTS = SheetForm(
    "results",
    (
        SheetColumn("person", 12, Fill.GIVEN),
        SheetColumn("name", 12, Fill.GIVEN),
        SheetColumn("total", 8, Fill.GIVEN),
        SheetColumn("grade", 8, Fill.GIVEN),
        SheetColumn("result", 12, Fill.GIVEN),
        SheetColumn("delivered_on", 13, Fill.DAY),
        SheetColumn("answer", 12, Fill.CHOICE, (Answer.CONFIRMED, Answer.DISAGREES, Answer.REFUSED, Answer.NO_REPLY)),
        SheetColumn("answered_on", 13, Fill.DAY),
        SheetColumn("comment", 24),
        SheetColumn("talked_on", 13, Fill.DAY),
        SheetColumn("talked_by", 14),
        SheetColumn("summary", 36),
        SheetColumn("cause", 14, Fill.CHOICE, tuple(Cause)),
        SheetColumn("opinion", 30),
    ),
)
PLANS = SheetForm(
    "plans",
    (
        SheetColumn("plan", 24),
        SheetColumn("person", 12),
        SheetColumn("name", 12, Fill.GIVEN),
        SheetColumn("indicator", 22),
        SheetColumn("item", 20, Fill.GIVEN),
        SheetColumn("target", 12, Fill.GIVEN),
        SheetColumn("gap", 24),
        SheetColumn("action", 36),
        SheetColumn("support", 20),
        SheetColumn("owner", 14),
        SheetColumn("due", 13, Fill.DAY),
        SheetColumn("state", 12, Fill.CHOICE, tuple(PlanState)),
        SheetColumn("checked_on", 13, Fill.DAY),
        SheetColumn("outcome", 30),
    ),
    key="action",
)
APPEALS = SheetForm(
    "appeals",
    (
        SheetColumn("appeal", 18),
        SheetColumn("person", 12),
        SheetColumn("result", 12),
        SheetColumn("indicator", 22),
        SheetColumn("category", 14, Fill.CHOICE, tuple(AppealCategory)),
        SheetColumn("claim", 36),
        SheetColumn("evidence", 24),
        SheetColumn("filed_on", 13, Fill.DAY),
        SheetColumn("step", 12, Fill.CHOICE, tuple(AppealStep)),
        SheetColumn("on", 13, Fill.DAY),
        SheetColumn("by", 14),
        SheetColumn("outcome", 12, Fill.CHOICE, tuple(Outcome)),
        SheetColumn("reason", 36),
    ),
    key="step",
)
AGREEMENTS = SheetForm(
    "agreements",
    (
        SheetColumn("person", 12, Fill.GIVEN),
        SheetColumn("name", 12, Fill.GIVEN),
        SheetColumn("department", 18, Fill.GIVEN),
        SheetColumn("catalog", 12, Fill.GIVEN),
        SheetColumn("state", 22, Fill.GIVEN),
        SheetColumn("signed_on", 13, Fill.DAY),
        SheetColumn("signed_by", 14),
    ),
)
NUMBERS = SheetForm(
    "numbers",
    (
        SheetColumn("person", 12, Fill.GIVEN),
        SheetColumn("name", 12, Fill.GIVEN),
        SheetColumn("department", 18, Fill.GIVEN),
        SheetColumn("total", 8, Fill.GIVEN),
        SheetColumn("grade", 8, Fill.GIVEN),
        SheetColumn("result", 12, Fill.GIVEN),
        SheetColumn("state", 14, Fill.GIVEN),
    ),
)
"""Who has which result: only to look up, never read back."""

FORMS: Mapping[str, SheetForm] = {form.name: form for form in (RESULTS, PLANS, APPEALS, AGREEMENTS)}
"""The sheets that come back."""


def choice_word(choice: StrEnum, say: Words) -> str:
    """How a choice reads on a sheet."""
    return say(choice_key(choice))


def choice_key(choice: StrEnum) -> str:
    """The key of that word."""
    return f"following.choice.{type(choice).__name__}.{choice.value}"


def choices_by_word(column: SheetColumn) -> Mapping[str, str]:
    """By each word that a sheet may hold, in any language or as a file says it: the choice."""
    found = {choice.value: choice.value for choice in column.choices}
    for language in LANGUAGES:
        found |= {choice_word(choice, words(language)): choice.value for choice in column.choices}
    return found
