"""A number in a cell, or the reason why it is none."""

import re
from functools import cache

from kpibook.base.numbers import FULL_WIDTH, NumberFault, WrittenNumber, parse_written
from kpibook.base.words import LANGUAGES, words

_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?e[+-]?[0-9]+", re.ASCII | re.IGNORECASE)
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf(?:inity)?|∞)", re.IGNORECASE)
_SHEET_ERROR = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|CALC!|SPILL!)", re.IGNORECASE)

_ODD_NEGATIVE = re.compile(r"\([¥$€]?[0-9][0-9,.]*%?\)|[0-9][0-9,.]*[-−]|[−–—] ?[0-9][0-9,.]*%?", re.ASCII)
"""Below zero as accountants print it: in brackets, with the sign behind, or with a dash for it."""

_CODES = {"not-a-number": "cell-not-a-number", "number-too-large": "cell-too-large"}
"""What is told of a cell names its column; a catalog has none."""


class CellFault(ValueError):
    """A cell is no number that may be used; `code` stands under `problems.` in the locale."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_number(text: str, unit: str) -> WrittenNumber:
    """The exact value of a cell in `unit`; raises CellFault with the reason."""
    try:
        return parse_written(text, unit)
    except NumberFault as fault:
        raise CellFault(_reason(text.strip()) or _CODES.get(fault.code, fault.code)) from fault


def _reason(text: str) -> str:
    if _SHEET_ERROR.fullmatch(text):
        return "cell-formula-error"
    if text.casefold() in _no_values():
        return "cell-missing-token"
    if _NOT_FINITE.fullmatch(text):
        return "cell-not-finite"
    if _ODD_NEGATIVE.fullmatch(text.translate(FULL_WIDTH)):
        return "cell-odd-negative"
    return "cell-scientific" if _SCIENTIFIC.fullmatch(text) else ""


@cache
def _no_values() -> frozenset[str]:
    """What people write for "there is no number", in any of our languages; only the empty cell says so."""
    return frozenset(word for language in LANGUAGES for word in words(language)("tables.no_value").split("|"))
