"""What leaves the program for others: the columns that payroll takes, and notices to people and groups."""

import re
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from kpibook.base.entry import Entry, Text, Whole


class PayrollColumn(StrEnum):
    """A column of what is handed over to payroll."""

    BATCH = "batch"
    PERSON = "person"
    NAME = "name"
    LINE = "line"
    KIND = "kind"
    COEFFICIENT = "coefficient"
    AMOUNT = "amount"
    RESULT = "result"
    REVISION = "revision"
    STATE = "state"


NEEDED = (PayrollColumn.PERSON, PayrollColumn.AMOUNT)
"""Without these a row says nothing."""


def _usable(headers: Mapping[PayrollColumn, str]) -> Mapping[PayrollColumn, str]:
    """The headers, unless a needed column lacks or two are called the same."""
    if lacking := [column.value for column in NEEDED if column not in headers]:
        raise PydanticCustomError("payroll-header-missing", "lacks a column", {"columns": ", ".join(lacking)})
    if twice := [header for header, count in Counter(headers.values()).items() if count > 1]:
        raise PydanticCustomError("payroll-header-twice", "the same header twice", {"header": twice[0]})
    return headers


class Payroll(Entry):
    """What is handed over to payroll; it decides no result."""

    headers: Annotated[Mapping[PayrollColumn, Text], AfterValidator(_usable)] | None = None
    """The columns in the order of payroll's own table, each with what it is called there; without it, all of them."""


class NoticeEvent(StrEnum):
    """Of what people are told."""

    NUMBERS = "numbers"
    """Numbers are due, or late."""
    RATINGS = "ratings"
    PUBLISHED = "published"
    CONFIRM = "confirm"
    """A result was delivered and waits for an answer."""
    APPEAL = "appeal"
    """A decision is due."""
    PLAN = "plan"
    """A plan is to be checked."""
    CORRECTED = "corrected"


_VARIABLE = re.compile("[A-Z][A-Z0-9_]{0,63}", re.ASCII)


def _variable(name: str) -> str:
    """The name of a variable; an address with its key in it does not belong into a file."""
    if not _VARIABLE.fullmatch(name):
        raise PydanticCustomError("bot-not-a-variable", "not the name of a variable", {})
    return name


class NoticeGroup(Entry):
    """A group that is told by a bot of its own, without names and figures of anybody."""

    name: Text
    bot: Annotated[Text, AfterValidator(_variable)]
    """The variable of the environment that holds the address of the bot."""
    events: tuple[NoticeEvent, ...] = tuple(NoticeEvent)
    style: Literal["text", "markdown"] = "text"


class Notices(Entry):
    """How people and groups are told; it decides no result."""

    server: Text = ""
    """The SMTP server; without one nobody gets a mail."""
    port: Whole = 465
    security: Literal["tls", "starttls", "none"] = "tls"
    sender: Text = ""
    """The address that mails come from."""
    domain: Text = ""
    """Behind the login and an @ it is the address of whoever has none in people.csv."""
    link: Text = ""
    """Where people find their cards."""
    days_before: Whole = 3
    """So many days before something is due people are told."""
    groups: tuple[NoticeGroup, ...] = ()
