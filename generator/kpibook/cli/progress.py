"""Bars in a terminal, a line for each stage in a log; of small companies nothing, for they are done at once."""

import sys
import time
from collections.abc import Callable
from typing import Any

import click

from kpibook.base.progress import Advance
from kpibook.base.reporting import is_log
from kpibook.base.words import Words
from kpibook.cli.base import echo

MANY = 500
"""From so many people or pages on it is worth a look."""


class ToldStages:
    """Tells the stages of a run while they run, and what each of them took."""

    def __init__(self, say: Words, *, is_quiet: bool) -> None:
        self.took: dict[str, float] = {}
        """Seconds by stage, in the order of their end."""
        self._say, self._is_quiet = say, is_quiet
        self._total = 0
        self._bar: Any = None

    def begin(self, name: str, total: int) -> Advance:
        """Show the bar, in a terminal."""
        self._total = total
        if self._is_quiet or total < MANY or is_log() or not sys.stderr.isatty():
            return lambda count: None
        self._bar = click.progressbar(
            length=total,
            label=self._say(f"cli.stage.{name}"),
            show_eta=True,
            show_pos=True,
            item_show_func=self._rate(total),
            file=sys.stderr,
        )
        self._bar.__enter__()
        self._bar.render_progress()
        return lambda count: self._bar.update(count, self._bar)

    def _rate(self, total: int) -> Callable[[Any], str | None]:
        begun = time.perf_counter()

        def rate(bar: Any) -> str | None:
            """How many a second, once there are any."""
            if bar is None or not bar.pos:
                return None
            return self._say("cli.stage.rate", count=round(bar.pos / max(time.perf_counter() - begun, 0.001)))

        return rate

    def end(self, name: str, seconds: float) -> None:
        """End the bar, or write the line of a log."""
        self.took[name] = self.took.get(name, 0.0) + seconds
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None
        elif not self._is_quiet and self._total >= MANY and (is_log() or not sys.stderr.isatty()):
            self._line(name, seconds)
        self._total = 0

    def _line(self, name: str, seconds: float) -> None:
        what = self._say(f"cli.stage.{name}")
        echo(self._say("cli.stage.line", stage=what, count=self._total, seconds=f"{seconds:.1f}"), err=True)

    def profile(self) -> None:
        """Where the time went: a line for each stage, longest first."""
        for name, seconds in sorted(self.took.items(), key=lambda each: -each[1]):
            echo(self._say("cli.stage.profile", stage=self._say(f"cli.stage.{name}"), seconds=f"{seconds:8.2f}"))
