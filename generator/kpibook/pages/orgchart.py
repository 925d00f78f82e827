"""The organisation chart as inline SVG: a tree from left to right, one row for each department without others below."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.pages.lookup import Branch
from kpibook.pages.text import escape

ROW = 46
BOX_HEIGHT = 36
LONGEST = 24
"""How wide a name may be, in halves of an ideograph; a longer one is cut and stands whole in the list beside."""
HALF = 7
PADDING = 10
GAP = 34


class Label(NamedTuple):
    """What a box says: a name, and below it who leads."""

    name: str
    below: str = ""


class _Box(NamedTuple):
    column: int
    top: int
    label: Label
    parent_top: int | None


def organisation_chart(root: Label, branches: Sequence[Branch], labels: Mapping[str, Label], title: str) -> Markup:
    """The chart of the departments below the company as one block of HTML, `title` for those who cannot see it."""
    boxes, rows = _placed(root, branches, labels)
    width = min(max((_width(text) for box in boxes for text in box.label), default=0), LONGEST) * HALF + 2 * PADDING
    columns = 1 + max(box.column for box in boxes)
    total = columns * (width + GAP) - GAP + 2
    lines = "".join(_line(box, _left(box, width)) for box in boxes if box.parent_top is not None)
    drawn = "".join(_drawn(box, _left(box, width), width) for box in boxes)
    return Markup(
        f'<div class="kpi-chart" tabindex="0" role="region" aria-label="{escape(title)}">\n'
        f'<svg class="kpi-organisation" width="{total}" height="{rows * ROW}" viewBox="0 0 {total} {rows * ROW}"'
        f' role="img" aria-label="{escape(title)}" font-size="13">'
        f'<path d="{lines}" fill="none" stroke="currentColor" stroke-opacity="0.45"/>{drawn}</svg>\n</div>'
    )


def _placed(root: Label, branches: Sequence[Branch], labels: Mapping[str, Label]) -> tuple[list[_Box], int]:
    """Boxes from the leaves up: a leaf takes the next row, a department stands in the middle of those below it."""
    boxes: list[_Box] = []
    rows = iter(range(10**6))

    def place(label: Label, below: Sequence[Branch], column: int) -> int:
        first = len(boxes)
        tops = [place(labels[branch.id], branch.branches, column + 1) for branch in below]
        top = (tops[0] + tops[-1]) // 2 if tops else next(rows) * ROW + (ROW - BOX_HEIGHT) // 2
        for at in range(first, len(boxes)):
            if boxes[at].column == column + 1:
                boxes[at] = boxes[at]._replace(parent_top=top)
        boxes.append(_Box(column, top, label, None))
        return top

    place(root, branches, 0)
    return boxes, next(rows)


def _left(box: _Box, width: int) -> int:
    return box.column * (width + GAP) + 1


def _drawn(box: _Box, left: int, width: int) -> str:
    return "".join((_rectangle(box, left, width), *_texts(box, left)))


def _line(box: _Box, left: int) -> str:
    """From the parent's side to the box; all lines are one path, so that none grows darker where they meet."""
    from_y, to_y = (box.parent_top or 0) + BOX_HEIGHT // 2, box.top + BOX_HEIGHT // 2
    return f"M{left - GAP} {from_y}H{left - GAP // 2}V{to_y}H{left}"


def _rectangle(box: _Box, left: int, width: int) -> str:
    return (
        f'<rect x="{left}" y="{box.top}" width="{width}" height="{BOX_HEIGHT}" rx="4" fill="currentColor"'
        f' fill-opacity="{"0.12" if box.parent_top is None else "0.04"}" stroke="currentColor" stroke-opacity="0.6"/>'
    )


def _texts(box: _Box, left: int) -> Iterator[str]:
    x, below = left + PADDING, _cut(box.label.below)
    y = box.top + (16 if below else 23)
    yield f'<text x="{x}" y="{y}" fill="currentColor">{escape(_cut(box.label.name))}</text>'
    if below:
        yield f'<text x="{x}" y="{box.top + 30}" fill="currentColor" font-size="11">{escape(below)}</text>'


def _width(text: str) -> int:
    """The width of a text in halves of an ideograph."""
    return sum(1 if character.isascii() else 2 for character in text)


def _cut(text: str) -> str:
    if _width(text) <= LONGEST:
        return text
    kept, wide = "", 2
    for character in text:
        wide += _width(character)
        if wide > LONGEST:
            break
        kept += character
    return kept + "…"
