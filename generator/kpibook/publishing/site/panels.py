"""Pages as panels: the head on the ground, then a panel for each part, which Markdown has no word for."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_BLOCKS = ("div", "section", "details", "table", "ul", "ol", "blockquote", "figure")


def _any_case(name: str) -> str:
    """A name in capitals or not: such names are tried by their first letters, and those of a flag all in turn."""
    return "".join(f"[{letter}{letter.upper()}]" for letter in name)


_STRUCTURE = re.compile(
    # One sign that begins all of them: a search for it passes over text ten times as fast.
    rf"<(?:(/?)(?:{'|'.join(map(_any_case, _BLOCKS))})\b|[hH]2\b([^>]*)>|(/[hH]1>))"
)
_LEAD = re.compile(
    r"\s*(?:<p\b[^>]*>.*?</p>|<div class=\"(?:kpi-(?:facts|lead|actions)|card-facts)\b[^>]*>.*?</div>)",
    re.DOTALL | re.IGNORECASE,
)
_OWN = re.compile(r'class="(?:[^"]* )?kpi-(?:panel|bare)\b')
_FOOT_BEGINS = '<p class="kpi-source">'
_FOOT = re.compile(rf"\s*{_FOOT_BEGINS}[^\n]*</p>\s*\Z")
_ID = re.compile(r'\sid="([^"]+)"')
_CARD = '<div class="card-one">'
"""The first sheet of a card: nothing of that stands outside of blocks, and it brings panels of its own."""
_CARD = '<div class="card-one">'
"""The first sheet of a card: nothing of that stands outside of blocks, and it brings panels of its own."""
HALF = frozenset({"pay", "contacts", "authority", "shared", "qualifications", "note", "recent", "wishes", "onward"})
"""Anchors of short parts, two of which may share a row."""


class _Part(NamedTuple):
    """Where a part with a heading begins, and its anchor."""

    start: int
    anchor: str


def with_panels(content: str) -> str:
    """The HTML of a page with its head and its parts in boxes of their own; a part begins with a heading of level 2.

    What stands between head and first heading is a part, too, unless the page brings panels of its own. Headings
    within another block begin nothing.
    """
    if content.startswith(_CARD):
        # The search below would find nothing, and takes as long as to make HTML of Markdown.
        return content.strip()
    if content.startswith(_CARD):
        # The search below would find nothing, and takes as long as to make HTML of Markdown.
        return content.strip()
    content, foot = _without_foot(content)
    first, parts = _outline(content)
    head_end = _end_of_head(content, first)
    body = content[head_end : parts[0].start if parts else len(content)]
    pieces = [f'<div class="kpi-head">{content[:head_end].strip()}</div>' if head_end else "", _loose(body)]
    ends = [*(part.start for part in parts), len(content)][1:]
    for part, end, is_half in zip(parts, ends, _halves(parts), strict=True):
        named = f' aria-labelledby="{part.anchor}"' if part.anchor else ""
        style = " kpi-half" if is_half else ""
        pieces.append(f'<section class="kpi-panel{style}"{named}>{content[part.start : end].strip()}</section>')
    return "\n".join(filter(None, (*pieces, foot)))


def _without_foot(content: str) -> tuple[str, str]:
    """The page without the line that says who answers for it, and that line."""
    # The search tries every blank of a page, so that thousands of pages without the line had better not begin it.
    foot = _FOOT.search(content) if _FOOT_BEGINS in content else None
    return (content[: foot.start()], foot[0].strip()) if foot else (content, "")


def _outline(content: str) -> tuple[int, list[_Part]]:
    """Where the title ends, and the parts that are not within another block."""
    depth, first = 0, 0
    parts = []
    for found in _STRUCTURE.finditer(content):
        if depth == 0 and found[3]:
            first = found.end()
        elif depth == 0 and found[2] is not None:
            anchor = _ID.search(found[2])
            parts.append(_Part(found.start(), anchor[1] if anchor else ""))
        elif found[1] is not None:
            depth += -1 if found[1] else 1
    return first, parts


def _end_of_head(content: str, first: int) -> int:
    """The title and the sentences, facts and buttons that follow it."""
    while first and (lead := _LEAD.match(content, first)):
        first = lead.end()
    return first


def _loose(body: str) -> str:
    text = body.strip()
    return f'<div class="kpi-panel">{text}</div>' if text and not _OWN.search(text) else text


def _halves(parts: list[_Part]) -> Iterator[bool]:
    """Two that may share a row and follow each other do so; one alone takes it whole."""
    number = 0
    while number < len(parts):
        is_pair = all(part.anchor in HALF for part in parts[number : number + 2]) and number + 1 < len(parts)
        yield is_pair
        if is_pair:
            yield True
        number += 2 if is_pair else 1
