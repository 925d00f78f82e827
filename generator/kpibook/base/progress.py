"""How far a long piece of work has come, told to whoever waits for it, from however many processes."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Protocol

Advance = Callable[[int], None]
"""Takes how many more are done."""


class Stages(Protocol):
    """Hears of the stages of a run."""

    def begin(self, name: str, total: int) -> Advance:
        """A stage begins, of so many people or pages."""

    def end(self, name: str, seconds: float) -> None:
        """It is done."""


class Silent:
    """Stages of a run that nobody watches."""

    def begin(self, name: str, total: int) -> Advance:
        """Nothing is told."""
        return _nothing

    def end(self, name: str, seconds: float) -> None:
        """Nothing is told."""


def _nothing(count: int) -> None:
    """Count nothing: nobody watches."""


SILENT = Silent()


class Ticks:
    """Counts what is done, in this process and in those that are forked from it; tells it in this one alone."""

    def __init__(self, advance: Advance, *, is_shared: bool) -> None:
        self._advance = advance
        self._owner = os.getpid()
        self._told = 0
        self._shared = get_context("fork").Value("q", 0) if is_shared else None
        self._own = 0

    def add(self, count: int = 1) -> None:
        """So many more are done."""
        if self._shared is None:
            self._own += count
        else:
            with self._shared.get_lock():
                self._shared.value += count
        if os.getpid() == self._owner:
            self.tell()

    def tell(self) -> None:
        """Tell what was not told yet."""
        done = self._own if self._shared is None else self._shared.value
        if done > self._told:
            self._advance(done - self._told)
            self._told = done


@contextmanager
def stage(stages: Stages, name: str, total: int = 0) -> Iterator[Advance]:
    """A stage of a run, with what tells how far it has come."""
    begun = time.perf_counter()
    advance = stages.begin(name, total)
    try:
        yield advance
    finally:
        stages.end(name, time.perf_counter() - begun)
