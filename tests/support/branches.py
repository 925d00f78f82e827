"""Which lines and branches of the package the tests take: `MEASURE_BRANCHES=1 pytest`.

Probes are put into the package alone as it is imported. A tracer, which Python asks at every line of every library,
doubled the time of all tests.
"""

import io
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from slipcover import FileMatcher, ImportManager, Slipcover, merge_coverage, print_coverage

LEAST_PERCENT = 95
PACKAGE = "generator/kpibook"
NOT_MEANT = ["if TYPE_CHECKING:", "@overload", r"\.\.\.$"]
NEVER = 2**31 - 1
"""No probe calls for being taken out: slipcover would do it at once, while other threads may run what it changes."""
FIRST = 8
"""After so many tests probes are taken out for the first time."""


class Branches:
    """A plugin of pytest: each worker measures what it runs, and the process that started them judges the sum."""

    def __init__(self) -> None:
        self._is_worker = "PYTEST_XDIST_WORKER" in os.environ
        source = None if self._is_worker else [PACKAGE]
        self._measured = Slipcover(branch=True, source=source, exclude_also=NOT_MEANT, d_miss_threshold=NEVER)
        self._of_workers: list[dict[str, Any]] = []
        self._table = ""
        self._threads = 0
        self._tests, self._next = 0, FIRST
        ImportManager(self._measured, FileMatcher(sources=[PACKAGE])).__enter__()

    def pytest_sessionstart(self) -> None:
        """A worker has one thread that listens, and may be forked from a process that has none."""
        self._threads = threading.active_count()

    def pytest_runtest_logfinish(self) -> None:
        """Take out the probes that have told all they can, between two tests, where no thread runs the package.

        Every time after twice as many tests: the first ones meet most probes.
        """
        self._tests += 1
        # From Python 3.12 on the interpreter does it by itself.
        if sys.version_info < (3, 12) and self._tests >= self._next and threading.active_count() <= self._threads:
            self._next = 2 * self._tests
            self._measured.deinstrument_seen()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker has measured; one that crashed has nothing."""
        if measured := getattr(node, "workeroutput", {}).get("branches"):
            self._of_workers.append(json.loads(measured))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand over what was measured, or add it up and fail the run where it is too little."""
        if session.config.option.collectonly:
            return
        for each in self._of_workers:
            for name, told in each["files"].items():
                # What a worker has compiled to find its lines is not compiled once more.
                lines = self._measured.code_lines[str(Path(name).absolute())]
                lines.update(told["executed_lines"], told["missing_lines"])
        measured = self._measured.get_coverage()
        if self._is_worker:
            session.config.workeroutput["branches"] = json.dumps(measured)  # type: ignore[attr-defined]
            return
        for each in self._of_workers:
            merge_coverage(measured, each)
        percent = measured["summary"]["percent_covered"]
        table = io.StringIO()
        print_coverage(measured, outfile=table, skip_covered=True, missing_width=80)
        self._table = f"{table.getvalue()}\n{percent:.2f} % of lines and branches, of {LEAST_PERCENT} % at least"
        if percent < LEAST_PERCENT and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which lines and branches no test has taken."""
        terminalreporter.write_line(self._table)
