"""How far the numbers of an open cycle have come, counted by one process and told to another, or to the next run."""

from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path

from kpibook.base.signed_cache import SignedCache
from kpibook.content.cycle_state import cycle_state, state_key
from kpibook.content.loading import Content
from kpibook.exchange.status import CycleState
from kpibook.scoring.card_pickling import CatalogPickler
from kpibook.scoring.results import Results

SUFFIX = ".state"


@dataclass(frozen=True)
class StateCache:
    """The state of a scored cycle; without a key it is counted each time."""

    content: Content
    results: Results
    file: Path
    signed_cache: SignedCache
    is_kept: bool
    _found: list[CycleState] = field(default_factory=list)
    """The state, once this process has it."""

    @classmethod
    def of(cls, content: Content, results: Results, folder: Path, secret: bytes, *, is_kept: bool) -> "StateCache":
        """What is kept in a folder, if it is."""
        return cls(content, results, folder / f"{results.cycle.period}{SUFFIX}", SignedCache(secret), is_kept)

    @cached_property
    def key(self) -> str:
        """What decides it, told by the process that first asks: it looks at all cards."""
        return state_key(self.content, self.results) if self.is_kept else ""

    def look_up(self) -> None:
        """Work out the key for all processes that are made next, where this one asks for the state, too."""
        _ = self.key

    def get(self) -> CycleState:
        """The state that is kept, else what is counted, which is kept then."""
        if not self._found:
            self._found.append(self._read_or_counted() if self.key else cycle_state(self.content, self.results))
        return self._found[0]

    def _read_or_counted(self) -> CycleState:
        pickler = CatalogPickler([self.content.catalog_of(self.results.cycle.period)])
        made_from = self.key.encode("ascii")
        data = self.signed_cache.read(self.file, made_from)
        if data is not None:
            return CycleState(self.results.cycle, **pickler.unpack(data))
        state = cycle_state(self.content, self.results)
        # The cycle itself is where it is asked for.
        told = {each.name: getattr(state, each.name) for each in fields(state) if each.name != "cycle"}
        self.signed_cache.write(self.file, made_from, pickler.pack(told))
        return state
