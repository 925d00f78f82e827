"""Which lines and branches of the package the tests take: `MEASURE_BRANCHES=1 pytest`.

Probes are put into the package alone as it is imported. A tracer, which Python asks at every line of every library,
doubled the time of all tests.
"""

import io
import json
import os
from typing import Any

import pytest
from slipcover import FileMatcher, ImportManager, Slipcover, merge_coverage, print_coverage

LEAST_PERCENT = 95
PACKAGE = "generator/kpibook"
NOT_MEANT = ["if TYPE_CHECKING:", "@overload", r"\.\.\.$"]
NEVER = 2**31 - 1
"""Probes stay: to take them out, slipcover exchanges the code of functions while other threads may run it."""


class Branches:
    """A plugin of pytest: each worker measures what it runs, and the process that started them judges the sum."""

    def __init__(self) -> None:
        self._is_worker = "PYTEST_XDIST_WORKER" in os.environ
        source = None if self._is_worker else [PACKAGE]
        self._measured = Slipcover(branch=True, source=source, exclude_also=NOT_MEANT, d_miss_threshold=NEVER)
        self._of_workers: list[dict[str, Any]] = []
        self._table = ""
        ImportManager(self._measured, FileMatcher(sources=[PACKAGE])).__enter__()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker has measured; one that crashed has nothing."""
        if measured := getattr(node, "workeroutput", {}).get("branches"):
            self._of_workers.append(json.loads(measured))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand over what was measured, or add it up and fail the run where it is too little."""
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
