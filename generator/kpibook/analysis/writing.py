"""Tables of pandas as files: CSV that Excel opens as it is, XLSX and Parquet; text stays text in all of them."""

from pathlib import Path

import pandas as pd

from kpibook.reading.tables.formula_guard import guarded

ENDINGS = (".csv", ".parquet", ".xlsx")
MOST_ROWS = 1_048_575
"""So many rows below its head a sheet of a workbook holds."""
INERT = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


class UnwritableTable(ValueError):
    """A table cannot be written in the format that was asked for; `key` says why: words under `analysis.table.`."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def write_table(frame: pd.DataFrame, file: Path) -> None:
    """Write a frame; the ending of the file's name is the format. A missing value is an empty cell.

    Raises:
        UnwritableTable: the ending is none of `ENDINGS`, Parquet is not installed, or a sheet has no room.
        OSError: the disk refuses.
    """
    match file.suffix.lower():
        case ".csv":
            _as_text(frame).to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\n")
        case ".xlsx":
            if len(frame) > MOST_ROWS:
                raise UnwritableTable("too_long")
            with pd.ExcelWriter(file, engine="xlsxwriter", engine_kwargs={"options": INERT}) as writer:
                frame.to_excel(writer, index=False, freeze_panes=(1, 0))
        case ".parquet":
            try:
                frame.to_parquet(file, engine="pyarrow", index=False)
            except ImportError as err:
                raise UnwritableTable("no_parquet") from err
        case _:
            raise UnwritableTable("no_format")


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Cells that no spreadsheet takes for a formula."""
    texts = frame.select_dtypes(["category", "str"]).columns
    escaped = {name: frame[name].astype(object).map(_inert, na_action="ignore") for name in texts}
    return frame.assign(**escaped)


def _inert(value: object) -> str:
    return guarded(str(value))
