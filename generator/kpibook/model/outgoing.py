"""What leaves the program for others: the columns that payroll takes."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from kpibook.base.entry import Entry, Text


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
