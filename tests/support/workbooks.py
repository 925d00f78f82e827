"""Workbooks written part by part, as any program might write them, or none would."""

import io
import zipfile
from collections.abc import Mapping

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

HEADER = ("subject", "measure", "actual", "note")


def text_cell(text: str) -> str:
    """A cell whose text stands in it, escaped already where it must be."""
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def header_row(names: tuple[str, ...] = HEADER) -> str:
    """The row of the columns' names."""
    return row(*map(text_cell, names))


def row(*cells: str) -> str:
    """A row without a number: it follows the one before."""
    return f"<row>{''.join(cells)}</row>"


def a_row(actual: str, note: str = "") -> str:
    """A row about E01's sales, its number written as a cell."""
    return row(text_cell("E01"), text_cell("sales"), actual, note)


def book(rows: str, *, parts: Mapping[str, str | bytes] | None = None, properties: str = "") -> bytes:
    """A workbook of one sheet `data`; `parts` are further members, or others in their place."""
    sheets = f'<sheets><sheet name="data" sheetId="1" r:id="rId1"/></sheets>{properties}'
    members: dict[str, str | bytes] = {
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        **(parts or {}),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()
