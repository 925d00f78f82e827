"""Results as tables of pandas, for analysts: read a company once, and take the tables into a notebook.

    from kpibook import frames

    cycles = frames.read("handbook", "scorecards")
    people = frames.people(cycles)
    people.groupby(["cycle", "department"], observed=True)["total"].describe()

The four functions give typed frames; their docstrings and `PEOPLE`, `ITEMS`, `RATINGS`, `ACTUALS` say which columns.
"""

from collections.abc import Collection, Iterator
from pathlib import Path

from kpibook.analysis.frames import ACTUALS, ITEMS, PEOPLE, RATINGS, CycleResults, actuals, items, people, ratings
from kpibook.base.periods import Period
from kpibook.base.problems import Failure, has_errors
from kpibook.content import Content, score_cycle
from kpibook.content import read as read_content

__all__ = [
    "ACTUALS",
    "ITEMS",
    "PEOPLE",
    "RATINGS",
    "CycleResults",
    "ScoredCycles",
    "actuals",
    "items",
    "people",
    "ratings",
    "read",
]


class ScoredCycles:
    """The cycles of a company, oldest first; scored one after the other whenever they are gone through.

    So no two of them need be in memory at once.
    """

    def __init__(self, content: Content, periods: Collection[Period]) -> None:
        self._content = content
        self._periods = sorted(periods)

    def __iter__(self) -> Iterator[CycleResults]:
        for period in self._periods:
            yield CycleResults(score_cycle(self._content, period), self._content.catalog_of(period))

    def __len__(self) -> int:
        return len(self._periods)


def read(handbook: str | Path = "handbook", scorecards: str | Path = "scorecards") -> ScoredCycles:
    """All cycles of a company that have begun.

    Raises:
        Failure: the content has errors; `kpibook check` tells them.
    """
    content = read_content(Path(handbook), Path(scorecards))
    if has_errors(content.problems):
        raise Failure(content.problems)
    return ScoredCycles(content, content.begun)
