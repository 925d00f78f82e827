"""The mark that a sheet carries from its way out to its way back: its cycle, its catalog and its own name."""

import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

from kpibook.model import Catalog
from kpibook.reading.cycle.rated_items import rated_items

RATERS = "ratings"
"""The first part of the names of rating sheets."""
UNASSIGNED = "unassigned"
"""The supplier of numbers that no department owns."""

HASH_LENGTH = 12
_STAMP = re.compile(
    r"kpibook cycle=(?P<cycle>\S{1,20}) catalog=(?P<catalog>[0-9a-f]{12})"
    r" sheet=(?P<sheet>\S{1,200}) rows=(?P<rows>[0-9]{1,7})"
)


class SheetStamp(NamedTuple):
    """What a sheet says of itself."""

    cycle: str
    catalog: str
    sheet: str
    """`finance/1` or `ratings/E01`."""
    rows: int

    def __str__(self) -> str:
        return f"kpibook cycle={self.cycle} catalog={self.catalog} sheet={self.sheet} rows={self.rows}"

    @property
    def supplier(self) -> str:
        """The department that the sheet was made for; nothing for rating sheets."""
        first = self.sheet.partition("/")[0]
        return "" if first == RATERS else first


def find_stamp(cells: Iterable[str]) -> SheetStamp | None:
    """The stamp among the first cells of a sheet."""
    for cell in cells:
        if found := _STAMP.fullmatch(cell.strip()):
            return SheetStamp(found["cycle"], found["catalog"], found["sheet"], int(found["rows"]))
    return None


def catalog_hash(catalog: Catalog) -> str:
    """Stands for what is collected and in which unit: prose and weights may change while sheets are out."""
    collected = (catalog.collected(each) for each in (*catalog.measures, *catalog.indicators))
    lines = [f"{each.id} {each.unit}" for each in collected if each]
    for holder, indicator, rule in rated_items(catalog):
        levels = ",".join(f"{level.level}:{level.lowest}-{level.highest}" for level in rule.levels)
        scale = f" {rule.scale.lowest}-{rule.scale.highest}" if rule.scale else ""
        lines.append(f"{holder} {indicator} {levels}{scale}")
    return hashlib.sha256("\n".join(sorted(lines)).encode("utf-8")).hexdigest()[:HASH_LENGTH]
