"""What rows claim about the same thing: said twice it counts once, said differently it counts for nothing."""

from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar

from kpibook.base.problems import Place
from kpibook.model import SetAside
from kpibook.reading.tables import RAW_SHOWN, Table


class PlacedRow(Protocol):
    """A row that was read, with the place of its value."""

    @property
    def place(self) -> Place: ...


K = TypeVar("K", bound=tuple[str, ...])
V = TypeVar("V", bound=PlacedRow)

OTHERS_NAMED = 5


class KeptRows(Generic[K, V]):
    """The rows that are kept, by what they are about; a key begins with the subject."""

    def __init__(self, said: Callable[[V], object], *, has_key: bool = True) -> None:
        self.rows: dict[K, V] = {}
        self._said = said
        self._has_key = has_key
        self._contested: dict[K, list[V]] = {}

    def add(self, key: K, claim: V, table: Table) -> None:
        """Keep a row, or find that its key was claimed before."""
        first = self.rows.setdefault(key, claim)
        if first is claim:
            return
        if key not in self._contested and self._said(first) == self._said(claim):
            table.ledger.repeat(claim.place, first.place)
        else:
            self._contested.setdefault(key, [first]).append(claim)

    def settle(self, tables: Iterable[Table]) -> None:
        """Set aside all rows of a contested key: which of them is right is for people to decide."""
        for table in tables:
            lines = {c.place.line for claims in self._contested.values() for c in claims if c.place.file == table.file}
            raws = table.raw_rows(lines) if lines else {}
            for key, claims in self._contested.items():
                for claim in claims:
                    if claim.place.file == table.file:
                        table.ledger.aside(self._aside(key, claim, raws[claim.place.line]))
        for key in self._contested:
            del self.rows[key]

    def _aside(self, key: K, claim: V, raw: str) -> SetAside:
        others = [other.place for other in self._contested[key] if other is not claim]
        named = ", ".join(map(str, others[:OTHERS_NAMED])) + (" …" if len(others) > OTHERS_NAMED else "")
        about = key[1] if self._has_key else ""
        values = {"what": " ".join(filter(None, key)), "others": named}
        return SetAside(
            claim.place, raw[:RAW_SHOWN], "conflicting-values", values, key[0], about, whose="/".join(key[2:])
        )
