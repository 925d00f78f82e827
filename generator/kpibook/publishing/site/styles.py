"""Style sheets without the rules that no page of a site can meet: readers load half of what the theme brings."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

_TOKEN = re.compile(r"""/\*.*?\*/|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|url\([^)"']*\)|[{};]""", re.DOTALL)
_GROUPS = ("@media", "@supports", "@layer", "@container")
_ALTERNATIVES = re.compile(r":(?:not|is|where|has)\([^()]*(?:\([^()]*\)[^()]*)*\)")
_CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")
_VALUE = re.compile(r"""\[(?:dir|data-md-[\w-]+)=["']?([^"'\]]+)["']?\]""")
_PROPERTY = re.compile(r"(--[\w-]+)\s*:")
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_NAMED = re.compile(r"""\s(?:class|dir|data-md-[\w-]+)=(?:"([^"]*)"|'([^']*)')""")


class _Block(NamedTuple):
    """A rule or a group of rules: `a,b{...}`; a statement such as `@charset "utf-8"` has no body."""

    head: str
    body: str | None


def names_in_pages(pages: Iterable[str]) -> frozenset[str]:
    """The classes of HTML pages and the values of the theme's own attributes."""
    lists = {found for page in pages for found in _NAMED.findall(page)}
    return frozenset(name for found in lists for name in "".join(found).split())


def words_in_scripts(scripts: Iterable[str]) -> frozenset[str]:
    """Every word of scripts: whatever they may set stands among them."""
    return frozenset(word for script in scripts for word in _WORD.findall(script))


def trimmed(sheet: str, used: Collection[str]) -> str:
    """The style sheet without the rules whose classes, or values of the theme's own attributes, are not in use."""
    return "".join(_kept(sheet, used))


def without_unread(sheet: str, *others: str) -> str:
    """The style sheet without custom properties that neither it nor another text reads, icons as data above all."""
    while True:
        read = set(re.findall(r"--[\w-]+(?!\s*:)(?=\s*[,)])", "".join((sheet, *others))))
        shorter = "".join(_declared(sheet, read))
        if shorter == sheet:
            return sheet
        sheet = shorter


def _kept(sheet: str, used: Collection[str]) -> Iterator[str]:
    for block in _blocks(sheet):
        if block.body is None:
            yield f"{block.head};"
        elif block.head.startswith(_GROUPS):
            if inside := "".join(_kept(block.body, used)):
                yield f"{block.head}{{{inside}}}"
        elif block.head.startswith("@"):
            yield f"{block.head}{{{block.body}}}"
        elif selectors := [each for each in _selectors(block.head) if _can_match(each, used)]:
            yield f"{','.join(selectors)}{{{block.body}}}"


def _can_match(selector: str, used: Collection[str]) -> bool:
    plain = _ALTERNATIVES.sub("", selector)
    return all(name in used for name in (*_CLASS.findall(plain), *_VALUE.findall(plain)))


def _declared(sheet: str, read: Collection[str]) -> Iterator[str]:
    for block in _blocks(sheet):
        if block.body is None:
            yield f"{block.head};"
        elif block.head.startswith(_GROUPS):
            yield f"{block.head}{{{''.join(_declared(block.body, read))}}}"
        elif body := ";".join(part for part in _split(block.body, ";") if not _is_unread(part, read)):
            yield f"{block.head}{{{body}}}"


def _is_unread(declaration: str, read: Collection[str]) -> bool:
    found = _PROPERTY.match(declaration.strip())
    return found is not None and found[1] not in read


def _selectors(head: str) -> list[str]:
    """The selectors of a rule; commas in brackets part nothing."""
    parts, depth = [""], 0
    for sign in head:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def _split(text: str, sign: str) -> Iterator[str]:
    """The parts between the signs that stand outside of strings."""
    start = 0
    for found in _TOKEN.finditer(text):
        if found[0] == sign:
            yield text[start : found.start()]
            start = found.end()
    if text[start:].strip():
        yield text[start:]


def _blocks(sheet: str) -> Iterator[_Block]:
    """The rules and groups of a style sheet, in order."""
    start, depth, body_from, head = 0, 0, 0, ""
    for found in _TOKEN.finditer(sheet):
        sign = found[0]
        if sign.startswith("/*") and not depth:
            start = found.end() if not sheet[start : found.start()].strip() else start
        elif sign == "{":
            depth += 1
            if depth == 1:
                head, body_from = sheet[start : found.start()].strip(), found.end()
        elif sign == "}":
            depth -= 1
            if not depth:
                yield _Block(head, sheet[body_from : found.start()])
                start = found.end()
        elif sign == ";" and not depth:
            yield _Block(sheet[start : found.start()].strip(), None)
            start = found.end()
