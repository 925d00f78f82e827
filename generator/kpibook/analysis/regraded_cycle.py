"""All that comes of grading everybody of a cycle anew: the longest part of a study, for another core."""

import io
import pickle
from collections.abc import Mapping
from typing import Any, NamedTuple

from kpibook.analysis.borderline import Borderline, borderlines
from kpibook.analysis.frames import CycleResults
from kpibook.analysis.regrading import Regrader
from kpibook.analysis.sensitivity import Effect, sensitivity, trials
from kpibook.base.periods import Period
from kpibook.model import Cycle, Grade
from kpibook.scoring.carried import Carried
from kpibook.scoring.results import Card


class RegradedCycle(NamedTuple):
    """What other points, weights and targets would have done."""

    people: int
    """Whose cards could be graded anew."""
    borderlines: tuple[Borderline, ...]
    effects: tuple[Effect, ...]
    trials: tuple[Effect, ...]


def regrade_cycle(scored: CycleResults, history: Mapping[Period, Cycle], carried: Carried | None) -> RegradedCycle:
    """Grade everybody anew in every way."""
    regrader = Regrader(*scored, history, carried)
    return RegradedCycle(len(regrader.cards), borderlines(regrader), sensitivity(regrader), trials(regrader))


def pack(found: RegradedCycle, scored: CycleResults) -> bytes:
    """Regraded results as bytes, for another process that has the results: cards and grades go by their positions."""
    into = io.BytesIO()
    _Packer(into, scored).dump(found)
    return into.getvalue()


def unpack(text: bytes, scored: CycleResults) -> RegradedCycle:
    """What another process packed, about the cards and grades that are here."""
    found: RegradedCycle = _Unpacker(io.BytesIO(text), scored).load()
    return found


class _Packer(pickle.Pickler):
    """Cards hold compiled formulas, which no other process could take over."""

    def __init__(self, into: io.BytesIO, scored: CycleResults) -> None:
        super().__init__(into)
        self._cards = {id(card): at for at, card in enumerate(scored.results.cards)}
        self._grades = {id(grade): at for at, grade in enumerate(scored.catalog.grades)}

    def persistent_id(self, value: object) -> tuple[str, int] | None:
        if isinstance(value, Card):
            return "card", self._cards[id(value)]
        if isinstance(value, Grade):
            return "grade", self._grades[id(value)]
        return None


class _Unpacker(pickle.Unpickler):
    def __init__(self, text: io.BytesIO, scored: CycleResults) -> None:
        super().__init__(text)
        self._scored = scored

    def persistent_load(self, known: tuple[str, int]) -> Any:
        kind, at = known
        return self._scored.results.cards[at] if kind == "card" else self._scored.catalog.grades[at]
