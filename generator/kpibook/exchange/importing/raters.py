"""Who rated, and in which relation: by the columns of a table, its titles, its file's name, or the command."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from kpibook.base.names import stripped
from kpibook.exchange.importing.layouts import SheetHeader
from kpibook.exchange.importing.names import People, relations
from kpibook.exchange.importing.vocabulary import ColumnRole
from kpibook.model import Assignment, Relation
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.ratings import ALONE, read_relation
from kpibook.reading.cycle.subjects import folded
from kpibook.reading.tables import Table, unguarded


class Raters:
    """Who rated what stands in the rows of a table."""

    def __init__(
        self, table: Table, found: SheetHeader, people: People, roster: Sequence[Assignment], rater: str
    ) -> None:
        self._people = people
        self._relation = found.said.relation
        self._rater = rater or self._first_named(found.said.rater) or self._named_by(table.file)
        self._managers = {folded(row.person): row.manager for row in roster}
        self._columns = table.columns
        self._column = ColumnRole.RATER if ColumnRole.RATER in table.columns else next(iter(table.columns))

    @property
    def are_known(self) -> bool:
        """Whether anything says who rated."""
        named = ColumnRole.RATER in self._columns or ColumnRole.RELATION in self._columns
        return named or bool(self._rater) or self._relation in ALONE

    def written(self, cells: Cells) -> tuple[str, str]:
        """The relation and the rater that a row names."""
        relation, rater = read_relation(cells, relations())
        return relation, self._id_of(rater)

    def of(self, cells: Cells, person: str) -> tuple[str, str]:
        """The relation and the rater for somebody; raises RowFault where they are not clear."""
        if stripped(cells.text(ColumnRole.RELATION)):
            return self.written(cells)
        rater = self._id_of(unguarded(cells.text(ColumnRole.RATER)) or self._rater)
        relation = self._relation or self._by_roster(person, rater)
        if not relation:
            raise RowFault(self._column, "relation-unclear", who=person, rater=rater or "-")
        if not rater and relation not in ALONE:
            raise RowFault(self._column, "rater-missing")
        return relation, rater

    def _by_roster(self, person: str, rater: str) -> str:
        """The relation of a rater by who is whose manager; nothing where the roster does not say."""
        if not rater:
            return ""
        if folded(rater) == folded(person):
            return Relation.SELF
        if folded(self._managers.get(folded(person), "")) == folded(rater):
            return Relation.MANAGER
        return Relation.REPORT if folded(self._managers.get(folded(rater), "")) == folded(person) else ""

    def _id_of(self, rater: str) -> str:
        """The id of a rater who goes by a name of the roster; one from outside stays as written."""
        try:
            return self._people.person(rater, "") if stripped(rater) else ""
        except RowFault as fault:
            if fault.code == "ambiguous-subject":
                raise RowFault(self._column, fault.code, **fault.values) from fault
            return stripped(rater)

    def _first_named(self, text: str) -> str:
        """The person with whose name a text begins; else its first word, which may be somebody from outside."""
        parts = text.split()
        beginnings = (" ".join(parts[:count]) for count in range(len(parts), 0, -1))
        named = (beginning for beginning in beginnings if self._people.person_if_clear(beginning))
        return next(named, parts[0] if parts else "")

    def _named_by(self, file: str) -> str:
        """The one person whom the name of the file names."""
        parts = re.split(r"[\W_]+", PurePath(file).stem)
        found = dict.fromkeys(person for part in parts if (person := self._people.person_if_clear(part)))
        return next(iter(found)) if len(found) == 1 else ""
