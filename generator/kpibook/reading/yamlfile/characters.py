"""Characters that a catalog must not hold, found line by line, so that all of them are told in one run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kpibook.base.problems import Level, Place, Problem

_KINDS = (
    ("tab", r"\t"),
    ("bom-inside", "\ufeff"),
    ("bidi-character", "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"),
    ("odd-line-break", "\r(?!\n)|[\x0b\x0c\x85\u2028\u2029]"),
    ("control-code", "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]"),
    ("lost-character", "\ufffd"),
    ("invisible-character", "[\u00ad\u200b-\u200d\u2060]"),
)
_WARNINGS = ("invisible-character",)
_MISLEADING = ("tab", "odd-space")
"""From the line of one of these on, indentation is a guess."""
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_KEY = r"[A-Za-z_][A-Za-z0-9_-]*"

_SUSPECT = re.compile("|".join(f"(?P<{code.replace('-', '_')}>{pattern})" for code, pattern in _KINDS))
_ODD_SPACE = re.compile(f"^[ \t]*(?:- *)*([{_SPACES}])|^ *(?:- +)*{_KEY}:([{_SPACES}])")
_WIDE_COLON = re.compile(rf"^ *(?:- +)*({_KEY} *\uff1a)")
_TIGHT_COLON = re.compile(rf"^ *({_KEY}:)[^\s/:]")
_ANY = re.compile(
    f"{_SUSPECT.pattern}|(?m:^[ \t]*(?:- *)*[{_SPACES}]|^ *(?:- +)*{_KEY}:[{_SPACES}]"
    rf"|^ *(?:- +)*{_KEY} *\uff1a|^ *{_KEY}:[^\s/:])"
)
# To look for all of that takes long, and hardly a file has any: these are found fast, and where none is, nor is that.
_ODD = re.compile(
    "[\t\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffd-\uffff"
    f"{_SPACES}]"
)
_COLON = re.compile(r":[^\s/:]")
_WIDE = re.compile("\uff1a")

_BLOCK = re.compile(r"^( *)((?:- +)*)(?:[^#]*:[ ]+)?[|>][-+0-9]*[ ]*(?:#.*)?\r?$")

_REPAIRS = {"tab": "  ", "odd-line-break": " ", "lost-character": "?"}
"""What stands for an odd character while reading on; an invisible one stays, a key with one in it is refused."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What the characters of a file tell; `text` is repaired only so that further faults can be found."""

    text: str
    problems: tuple[Problem, ...] = ()

    def explains(self, problem: Problem) -> bool:
        """Whether a parser that stumbles there does so over something told already."""
        return self.misleads(problem) or any(known.place.line == problem.place.line for known in self.problems)

    def misleads(self, problem: Problem) -> bool:
        """Whether the lines of a problem were indented by a guess."""
        last_line = max(problem.place.line, int(str(problem.values.get("line", 0))))
        return any(known.code in _MISLEADING and known.place.line <= last_line for known in self.problems)


def scan(text: str, name: str) -> Scan:
    """Find every odd character, odd space and full-width colon of a file."""
    if not _may_be_odd(text) or not _ANY.search(text):
        return Scan(text)
    lines, problems = [], []
    block = _Block()
    for number, line in enumerate(text.split("\n"), start=1):
        found = list(_faults(line, is_prose=block.holds(line)))
        problems += [_problem(Place(name, number, at + 1), code, line[at]) for code, at in found]
        lines.append(_repaired(line, {code for code, _ in found}))
    return Scan("\n".join(lines), tuple(problems))


def _may_be_odd(text: str) -> bool:
    """Whether something of what is looked for may be there; False is certain."""
    if _ODD.search(text) or _COLON.search(text):
        return True
    return any(text[at - 1 : at].isascii() for colon in _WIDE.finditer(text) for at in (colon.start(),))


def hidden_in(text: str) -> tuple[str, str]:
    """The code and the character of what an escape such as `\\x1b` brought into a text; empty where nothing did."""
    for found in _SUSPECT.finditer(text):
        code = (found.lastgroup or "").replace("_", "-")
        # A tab that is written out is meant; characters without width are told where they stand.
        if code not in ("tab", *_WARNINGS):
            return code, found[0]
    return "", ""


def _problem(place: Place, code: str, character: str) -> Problem:
    level = Level.WARNING if code in _WARNINGS else Level.ERROR
    return Problem(code, place, {"character": f"U+{ord(character):04X}"}, level)


def _faults(line: str, *, is_prose: bool) -> Iterator[tuple[str, int]]:
    """Each code once a line, with the offset at which it is first seen."""
    seen: dict[str, int] = {}
    for found in _SUSPECT.finditer(line):
        code = (found.lastgroup or "").replace("_", "-")
        # A carriage return at the very end belongs to the line break.
        if not (code == "odd-line-break" and found.group() == "\r" and found.end() == len(line)):
            seen.setdefault(code, found.start())
    yield from seen.items()
    if is_prose:
        return
    if space := _ODD_SPACE.match(line):
        yield "odd-space", space.start(space.lastindex or 0)
    if colon := _WIDE_COLON.match(line):
        yield "full-width-colon", colon.end(1) - 1
    elif colon := _TIGHT_COLON.match(line):
        yield "no-space-after-colon", colon.end(1) - 1


def _repaired(line: str, codes: set[str]) -> str:
    if not codes:
        return line
    line = _SUSPECT.sub(_repair, line)
    if "odd-space" in codes:
        line = re.sub(f"^[ {_SPACES}]+", lambda found: " " * len(found.group()), line)
        line = re.sub(f":[{_SPACES}]+", ": ", line, count=1)
    if "full-width-colon" in codes:
        return _replace_end(line, _WIDE_COLON)
    return _replace_end(line, _TIGHT_COLON) if "no-space-after-colon" in codes else line


def _repair(found: re.Match[str]) -> str:
    code = (found.lastgroup or "").replace("_", "-")
    return found.group() if code in _WARNINGS else _REPAIRS.get(code, "")


def _replace_end(line: str, pattern: re.Pattern[str]) -> str:
    found = pattern.match(line)
    return f"{line[: found.end(1) - 1]}: {line[found.end(1) :].lstrip()}" if found else line


class _Block:
    """Follows the lines of a file and knows which of them are the prose of a block text (`|`)."""

    def __init__(self) -> None:
        self.indent: int | None = None

    def holds(self, line: str) -> bool:
        """Whether this next line is prose of a block text that an earlier line began."""
        indent = len(line) - len(line.lstrip(" "))
        if self.indent is not None and (not line.strip() or indent > self.indent):
            return True
        found = _BLOCK.match(line)
        self.indent = None
        if found:
            is_list_item = found.end(2) < len(line) and line[found.end(2)] in "|>"
            self.indent = found.end(1) if is_list_item else found.end(2)
        return False
