"""A card as a workbook whose formulas make the points again: for whoever wants to see what another number would do.

Where a rule is no plain formula the cell holds the points, and the row says so. The card itself decides; a spreadsheet
computes in floating point and only shows how.
"""

import io
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from gmpy2 import mpq
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kpibook.base.numbers import ZERO
from kpibook.base.words import Words
from kpibook.exchange.live_formulas import ItemCells, NumberCells, levelled_formula, literal, points_formula, rounded
from kpibook.exchange.text_cells import write_text
from kpibook.exchange.workbook_pages import CREATED, INERT, YELLOW, fit_to_paper
from kpibook.model import Catalog, Total
from kpibook.scoring.marks import group_of, has_marks
from kpibook.scoring.results import Card, ItemScore, RoleSpan

WIDTHS = {"item": 26, "standard": 60, "weight": 8, "target": 12, "actual": 14, "points": 10, "how": 26}
HEAD = 4
"""The row of the head, counted from 0."""


class _Written(NamedTuple):
    """An item on the sheet: the row, from 1, and what it is."""

    row: int
    score: ItemScore


def live_card(card: Card, catalog: Catalog, say: Words, title: str) -> bytes:
    """The bytes of the workbook; the same for the same card."""
    stream = io.BytesIO()
    book = Workbook(stream, INERT)
    book.set_properties({"created": CREATED, "title": title, "author": "kpibook"})
    _Writer(book, catalog, say).write(card, title)
    book.close()
    return stream.getvalue()


class _Writer:
    def __init__(self, book: Workbook, catalog: Catalog, say: Words) -> None:
        self.say = say
        self.catalog = catalog
        self.places = catalog.company.rounding.score
        self.at_item = catalog.company.rounding.at == "item"
        cell: dict[str, str | int] = {"border": 1, "valign": "vcenter", "text_wrap": True}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format({"bold": True, "bg_color": "#E7E6E6", "border": 1, "text_wrap": True})
        self.text = book.add_format({**cell, "num_format": "@"})
        self.number = book.add_format({**cell, "num_format": "General"})
        self.input = book.add_format({**cell, "num_format": "General", "bg_color": YELLOW})
        self.points = book.add_format({**cell, "num_format": "0.0000"})
        decimals = f"0.{'0' * self.places}" if self.places else "0"
        self.total = book.add_format({**cell, "bold": True, "num_format": decimals})
        self.page = book.add_worksheet(say("live.card"))
        self.numbers = _Numbers(book.add_worksheet(say("live.numbers")), say, self)

    def write(self, card: Card, title: str) -> None:
        """All roles of the card, then its total and grade."""
        write_text(self.page, 0, 0, title, self.title)
        write_text(self.page, 1, 0, self.say("live.note"))
        for index, (column, width) in enumerate(WIDTHS.items()):
            self.page.set_column(index, index, width)
            write_text(self.page, HEAD, index, self.say(f"live.column.{column}"), self.head)
        row, sums = HEAD + 1, list[tuple[str, RoleSpan]]()
        for part in card.spans:
            items, row = self._scores(part.items, row)
            extras, row = self._scores(part.extras, row)
            if part.total is not None:
                formula = _sum(items, extras, self.catalog.total_of(part.role))
                self._line(row, self.say("live.sum", role=part.role.name), formula, part.total, self.points)
                sums.append((f"F{row + 1}", part))
                row += 1
        if card.total is not None:
            self._totals(card, sums, row)
        self.page.freeze_panes(HEAD + 1, 1)
        fit_to_paper(self.page)

    def _scores(self, scores: Sequence[ItemScore], row: int) -> tuple[list[_Written], int]:
        written = []
        for score in scores:
            self._score(score, row)
            written.append(_Written(row + 1, score))
            row += 1
        return written, row

    def _score(self, score: ItemScore, row: int) -> None:
        rule, at = score.item.standard, str(row + 1)
        sentence = rule.sentence(score.item, score.indicator, self.say) if rule else ""
        write_text(self.page, row, 0, score.indicator.name, self.text)
        write_text(self.page, row, 1, sentence, self.text)
        _number(self.page, (row, 2), score.weight, self.number)
        _number(self.page, (row, 3), score.target.value if score.target else None, self.input)
        _number(self.page, (row, 4), score.actual, self.input)
        cells = ItemCells(weight=f"C{at}", target=f"D{at}", actual=f"E{at}")
        formula = None if score.points is None else points_formula(score, cells, self.numbers.of(score))
        formula = formula and levelled_formula(formula, score, cells)
        if formula and self.at_item:
            formula = rounded(formula, self.places)
        if formula:
            self.page.write_formula(row, 5, f"={formula}", self.points, float(score.points or ZERO))
        else:
            _number(self.page, (row, 5), score.points, self.points)
        how = "formula" if formula else "value" if score.points is not None else "nothing"
        write_text(self.page, row, 6, self.say(f"live.how.{how}"), self.text)

    def _totals(self, card: Card, sums: Sequence[tuple[str, RoleSpan]], row: int) -> None:
        """The total by days, adjusted and rounded; what people or gates made of it stands below as it is."""
        time = sum((part.time for _, part in sums), ZERO)
        whole = "+".join(f"{cell}*{literal(part.time)}" for cell, part in sums)
        formula = sums[0][0] if len(sums) == 1 else f"({whole})/{literal(time)}"
        if card.adjustments:
            self._line(row, self.say("live.adjustment"), "", card.adjustment, self.points)
            row += 1
            formula = f"{formula}+F{row}"
        computed = card.total_computed if card.total_computed is not None else card.total
        self._line(row, self.say("live.total"), rounded(formula, self.places), computed or ZERO, self.total)
        row += 1
        at, is_plain = f"F{row}", computed == card.total and not card.calibration and not card.conditions
        if computed != card.total and card.total is not None:
            self._line(row, self.say("live.published"), "", card.total, self.total)
            row += 1
        self._grade(card, row, at if is_plain and not any(gate.holds for gate in card.gates) else "")

    def _grade(self, card: Card, row: int, total: str) -> None:
        write_text(self.page, row, 0, self.say("live.grade"), self.text)
        grade = card.grade.id if card.grade else ""
        if not total:
            write_text(self.page, row, 5, grade, self.text)
            write_text(self.page, row, 6, self.say("live.how.value"), self.text)
            return
        formula = '""'
        for each in reversed(self.catalog.grades):
            formula = f'IF({total}>={literal(each.threshold)},"{each.id.replace(chr(34), chr(34) * 2)}",{formula})'
        self.page.write_formula(row, 5, f"={formula}", self.text, grade)

    def _line(self, row: int, name: str, formula: str, value: mpq, form: Format) -> None:
        write_text(self.page, row, 0, name, self.text)
        if formula:
            self.page.write_formula(row, 5, f"={formula}", form, float(value))
        else:
            self.page.write_number(row, 5, float(value), form)


class _Numbers:
    """The second sheet: what items count beside their actual, each with a name."""

    def __init__(self, page: Worksheet, say: Words, writer: "_Writer") -> None:
        self.page = page
        self.writer = writer
        self.row = 1
        self.sheet = "'" + say("live.numbers").replace("'", "''") + "'"
        for index, column in enumerate(("item", "number", "value", "share")):
            page.set_column(index, index, 26)
            write_text(page, 0, index, say(f"live.number.{column}"), writer.head)

    def of(self, score: ItemScore) -> NumberCells:
        """Writes numbers of an item when its formula asks for them, and tells their cells."""

        def put(name: str, value: mpq, share: mpq | None = None) -> tuple[str, str]:
            write_text(self.page, self.row, 0, score.indicator.name, self.writer.text)
            write_text(self.page, self.row, 1, name, self.writer.text)
            _number(self.page, (self.row, 2), value, self.writer.input)
            _number(self.page, (self.row, 3), share, self.writer.number)
            self.row += 1
            return f"{self.sheet}!C{self.row}", f"{self.sheet}!D{self.row}"

        return NumberCells(put, self.writer.catalog, self.writer.say)


def _sum(items: Sequence[_Written], extras: Sequence[_Written], rule: Total) -> str:
    """What the items make, scaled up where some of them do not count, and the extras beside."""
    weighted = [each for each in items if each.score.weight]
    counted = [each for each in weighted if each.score.points is not None]
    formula = "+".join(f"F{each.row}" for each in counted) or "0"
    if has_marks(each.score for each in weighted):
        formula = _marks(weighted, rule)
    elif len(counted) < len(weighted):
        weights = "+".join(f"C{each.row}" for each in counted)
        formula = f"({formula})*{literal(rule.whole)}/({weights})"
    whole = "+".join([formula, *(f"F{each.row}" for each in extras if each.score.points is not None)])
    return whole if rule.told_out_of is None else f"({whole})*{literal(rule.told_out_of)}/{literal(rule.whole)}"


def _marks(weighted: Sequence[_Written], rule: Total) -> str:
    """What sections and items with marks of their own make, scaled up where some of it does not count."""
    parts, present, whole = list[str](), ZERO, ZERO
    for _, run in groupby(weighted, key=lambda each: group_of(each.score)):
        rows = list(run)
        weight = sum((each.score.counts for each in rows), ZERO)
        given = [each for each in rows if each.score.points is not None]
        whole += weight
        if given:
            present += weight
            reached, full = ("+".join(f"{column}{each.row}" for each in given) for column in "FC")
            parts.append(f"({reached})*{literal(weight)}/({full})")
    formula = "+".join(parts) or "0"
    return formula if present == whole else f"({formula})*{literal(rule.whole)}/{literal(present)}"


def _number(page: Worksheet, at: tuple[int, int], value: mpq | None, form: Format) -> None:
    if value is None:
        page.write_blank(*at, None, form)
    else:
        page.write_number(*at, float(value), form)
