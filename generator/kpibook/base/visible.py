"""Characters that nobody sees, or that steer a terminal, as everybody can see them: the one place that shows them."""

import re

_HIDDEN = (
    "\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e007f"
)
"""Controls, marks of direction, characters without width, halves of characters, tags."""

_ANY = re.compile(f"[{_HIDDEN}]")
_IN_LINES = re.compile(f"(?![\n\t]|\r\n|\\A\ufeff)[{_HIDDEN}]")


def visible(text: object) -> str:
    """A text as a message quotes it, on one line: ESC reads `\\u001b`, as JSON writes it."""
    return _ANY.sub(_escape_code, str(text))


def visible_lines(text: object) -> str:
    """As `visible`, for a text that is laid out in lines: they stay, and so do tabs and the mark of CSV."""
    return _IN_LINES.sub(_escape_code, str(text))


def _escape_code(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
