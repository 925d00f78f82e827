"""Add rows to the files of records of a cycle: nothing that stands there is touched, in whatever way it was written."""

import csv
import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from pathlib import Path

from kpibook.base.problems import Failure, Place, Problem
from kpibook.exchange.record_sheets.sheets import KINDS, Record
from kpibook.reading.cycle.records import AGREEMENTS, APPEALS, CONFIRMATIONS, INTERVIEWS, PLANS
from kpibook.reading.tables import Layout, guarded, read_bytes, read_table

LAYOUTS: Mapping[str, Layout] = {
    "confirmations": CONFIRMATIONS,
    "interviews": INTERVIEWS,
    "plans": PLANS,
    "appeals": APPEALS,
    "agreements": AGREEMENTS,
}
ORDER: Mapping[str, tuple[str, ...]] = {
    "confirmations": ("person", "result", "answer", "on", "by", "comment"),
    "interviews": ("person", "result", "on", "by", "summary", "cause", "opinion"),
    "plans": (
        *("plan", "person", "indicator", "gap", "action", "support", "owner"),
        *("due", "checked_on", "state", "outcome"),
    ),
    "appeals": (
        *("appeal", "person", "result", "indicator", "category", "claim", "evidence"),
        *("filed_on", "step", "on", "by", "outcome", "reason"),
    ),
    "agreements": ("person", "on", "by", "catalog"),
}
"""The columns of a new file."""


def changed_files(folder: Path, name: str, records: Sequence[Record]) -> Mapping[str, bytes]:
    """The files of a cycle with further records at their ends, by their names; `name` is what places call the folder.

    Raises:
        Failure: a file is a workbook, cannot be read, or lacks a column for what the records say.
    """
    kinds: dict[str, list[Record]] = {}
    for record in records:
        kinds.setdefault(KINDS[type(record)], []).append(record)
    return {f"{kind}.csv": with_rows(folder, name, kind, found) for kind, found in kinds.items()}


def with_rows(folder: Path, name: str, kind: str, records: Sequence[Record]) -> bytes:
    """The bytes of a file of records with further rows at its end, in its own columns and its own encoding.

    Raises:
        Failure: as `changed_files`.
    """
    path, rows = folder / f"{kind}.csv", [_cells(record) for record in records]
    if (workbook := path.with_suffix(".xlsx")).exists():
        raise Failure([Problem("record-workbook", Place(f"{name}/{workbook.name}"), {"file": path.name})])
    place = Place(f"{name}/{path.name}")
    data, problems = read_bytes(path, place.file) if path.exists() else (b"", ())
    if data is not None and not data.strip():
        return _text(ORDER[kind], [dict(zip(ORDER[kind], ORDER[kind], strict=True)), *rows], ",").encode("utf-8-sig")
    table, faults = read_table(data, place.file, LAYOUTS[kind]) if data else (None, ())
    if data is None or table is None:
        raise Failure([*problems, *faults])
    lacking = {column for row in rows for column, text in row.items() if text} - set(table.columns)
    if lacking:
        raise Failure([Problem("record-column", place, {"columns": ", ".join(sorted(lacking))})])
    columns = {index: column for column, index in table.columns.items()}
    text = _text([columns.get(index, "") for index in range(len(table.header))], rows, table.delimiter)
    encoding = "utf-8" if table.encoding.startswith("utf-8") else table.encoding
    try:
        return data + ("" if data.endswith((b"\n", b"\r")) else "\n").encode(encoding) + text.encode(encoding)
    except UnicodeEncodeError as err:
        raise Failure([Problem("record-encoding", place, {"encoding": table.encoding})]) from err


def _text(columns: Sequence[str], rows: Sequence[Mapping[str, str]], delimiter: str) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerows([[guarded(row.get(column, "")) for column in columns] for row in rows])
    return stream.getvalue()


def _cells(record: Record) -> Mapping[str, str]:
    """A record as its file says it."""
    return {each.name: _cell(getattr(record, each.name)) for each in fields(record) if each.name != "place"}


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
