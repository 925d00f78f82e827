"""Rows of a cycle's tables as people know them: whose table, and which line."""

from pathlib import PurePosixPath
from typing import NamedTuple

from kpibook.base.problems import Place
from kpibook.base.words import Words
from kpibook.model import Catalog


class _Table(NamedTuple):
    """A file as people know it; the cycle is told where it is another one."""

    name: str
    has_rows: bool = True
    cycle: str | None = None


class RowTitles:
    """The titles of rows in one language, for cards of the cycle in `folder`."""

    def __init__(self, catalog: Catalog, say: Words, folder: str) -> None:
        self._catalog = catalog
        self._say = say
        self._folder = folder
        self._tables: dict[tuple[str, str], _Table] = {}

    def title(self, place: Place, supplier: str = "") -> str:
        """A row by its table and its line; of another cycle with that cycle.

        Beside the name of the department that supplied it the table goes without that.
        """
        asked = place.file, supplier
        table = self._tables.get(asked) or self._tables.setdefault(asked, self._table(place.file, supplier))
        text = table.name
        if place.line and table.has_rows:
            text = self._say("cards.row.line", table=text, line=place.line)
        return text if table.cycle is None else self._say("cards.row.of_cycle", cycle=table.cycle, row=text)

    def _table(self, file: str, supplier: str) -> _Table:
        path, say = PurePosixPath(file), self._say
        if path.parent.name == "roles":
            role = self._catalog.roles.get(path.stem)
            return _Table(say("cards.row.role", role=role.name if role else path.stem), has_rows=False)
        if path.suffix == ".yml":
            return _Table(say("cards.row.handbook"), has_rows=False)
        if path.parent.name == "actuals":
            known = self._catalog.departments.get(path.stem)
            department = known.name if known else path.stem
            is_known = department == supplier
            text = say("cards.row.own") if is_known else say("cards.row.actuals", department=department)
        else:
            key = f"cards.row.{path.stem}"
            text = say(key if key in say else "cards.row.other")
        cycle = PurePosixPath(self._folder)
        is_other = file.startswith(f"{cycle.parent}/") and not file.startswith(f"{cycle}/")
        return _Table(text, cycle=file.removeprefix(f"{cycle.parent}/").partition("/")[0] if is_other else None)
