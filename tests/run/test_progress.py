"""How a long run tells how far it is: a bar in a terminal, a line for each stage in a log, nothing when quiet."""

import io
import re
import sys

import pytest

from alone import run_warm
from kpibook.base.progress import SILENT, stage
from kpibook.base.words import words
from kpibook.cli.progress import MANY, ToldStages

SAY = words("en")


class Terminal(io.StringIO):
    """Takes what a terminal would show."""

    def isatty(self) -> bool:
        return True


def set_cards(told: ToldStages, people: int) -> None:
    with stage(told, "pages", people) as advance:
        for _ in range(people // 100):
            advance(100)


def test_a_log_has_a_line_for_each_stage(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CI", "true")

    set_cards(ToldStages(SAY, is_quiet=False), MANY)

    assert re.fullmatch(rf"scorecards: {MANY} in \d+\.\d s\n", capsys.readouterr().err)


@pytest.mark.parametrize(("people", "is_quiet"), [(MANY - 1, False), (MANY, True)])
def test_of_few_people_and_when_quiet_nothing_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], people: int, is_quiet: bool
) -> None:
    for is_terminal in (False, True):
        monkeypatch.setenv("CI", "" if is_terminal else "true")
        set_cards(ToldStages(SAY, is_quiet=is_quiet), people)

    assert capsys.readouterr() == ("", "")


def test_a_terminal_has_a_bar_with_how_many_a_second_and_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys, "stderr", terminal)

    set_cards(ToldStages(SAY, is_quiet=False), MANY)

    shown = terminal.getvalue()
    assert "scorecards  [" in shown
    assert f"{MANY}/{MANY}" in shown
    assert re.search(r"\d+/s", shown)
    assert shown.endswith("\n") or "\x1b[?25h" in shown


def test_a_profile_lists_the_stages_longest_first(capsys: pytest.CaptureFixture[str]) -> None:
    told = ToldStages(SAY, is_quiet=True)
    for name, seconds in (("read", 1.0), ("pages", 12.5), ("site", 1.25), ("pages", 0.5)):
        told.end(name, seconds)

    told.profile()

    assert capsys.readouterr().out == (
        "   13.00 s  scorecards\n    1.25 s  pages of scorecards\n    1.00 s  reading and checking\n"
    )


COUNTED = """
import sys
from kpibook.base.parallel import in_slices, ticks_for

jobs, told = int(sys.argv[1]), []
ticks = ticks_for(jobs, told.append)
def work(number, parts):
    for _ in range(100)[number::parts]:
        ticks.add()
in_slices(work, jobs, ticks)
print(sum(told), end="")
"""


@pytest.mark.parametrize("jobs", [1, 3])
def test_what_all_processes_do_is_counted_in_one(jobs: int) -> None:
    assert run_warm(COUNTED, jobs) == "100"


def test_who_is_not_waited_for_is_told_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with stage(SILENT, "pages", MANY) as advance:
        advance(MANY)

    assert capsys.readouterr() == ("", "")
