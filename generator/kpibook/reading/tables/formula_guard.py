"""Text cells of CSV files that no spreadsheet takes for a formula, and their texts again."""

import re

# Source: OWASP, "CSV Injection"; the full-width signs are read as the narrow ones by some programs.
_FORMULA = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_QUOTED = re.compile('[",\r\n]')


def guarded(text: str) -> str:
    """The text behind an apostrophe where it could be taken for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that was guarded."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def text_cell(text: str) -> str:
    """A text as a cell of a CSV file: guarded, and quoted where it must be."""
    return quoted(guarded(text))


def quoted(text: str) -> str:
    """A cell as it is, quoted where it must be."""
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
