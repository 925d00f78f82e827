"""Characters that XML cannot hold, as a workbook writes them: `_x000D_` (ECMA-376, 22.9.2.19, ST_Xstring)."""

import re

LONGEST = 32_768
"""One more than a cell may hold: what is longer is told by its length, and cut there, so that it costs no more."""

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def written_text(stored: str) -> str:
    """The text that is meant: `_x000D_` is a carriage return, `_x005F_x000D_` is `_x000D_`."""
    if "_x" not in stored:
        return stored[:LONGEST]
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), stored)
    return _PAIR.sub(_joined, text)[:LONGEST]


def _joined(pair: re.Match[str]) -> str:
    """The character that two halves stand for."""
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")
