"""What the package uses of XlsxWriter."""

import datetime
import io
from collections.abc import Mapping

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Properties = Mapping[str, str | int | bool]

class Workbook:
    def __init__(self, filename: io.BytesIO, options: Mapping[str, bool]) -> None: ...
    def add_worksheet(self, name: str) -> Worksheet: ...
    def add_format(self, properties: Properties) -> Format: ...
    def set_properties(self, properties: Mapping[str, str | datetime.datetime]) -> None: ...
    def close(self) -> None: ...
