"""How far a long import has come, for whoever waits for it."""

from collections.abc import Callable

EVERY = 10_000
"""So many rows are taken in between two reports."""

Progress = Callable[[str, int, int], None]
"""Is told the name of a file, how many of its rows were read, and how many there are about; no name while comparing."""


def no_progress(_file: str, _done: int, _all: int) -> None:
    """Nobody waits."""


class Steps:
    """The way through so many rows; the first and the last step are told, and every so many between them."""

    def __init__(self, progress: Progress, file: str, rows: int) -> None:
        self._progress = progress
        self._file = file
        self._rows = rows
        self._done = 0
        progress(file, 0, rows)

    def step(self) -> None:
        """One row more."""
        self._done += 1
        if self._done % EVERY == 0 and self._done < self._rows:
            self._progress(self._file, self._done, self._rows)

    def end(self) -> None:
        """All rows were read, however many were expected."""
        self._progress(self._file, self._rows, self._rows)
