"""Killed or refused at every call that changes a file: the old state or the new one, never anything between."""

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from faulty_disk import Fault, FaultyDisk, Killed
from kpibook.authoring.skeletons import NewEntry
from kpibook.base.periods import Period
from kpibook.base.transactions import Leftover, Transaction, apply, finish_pending
from kpibook.content import read
from kpibook.lifecycle.agreeing import agree
from kpibook.lifecycle.correcting import Correction, correct
from kpibook.lifecycle.opening import open_cycle
from kpibook.lifecycle.publishing import publish
from kpibook.sealing.revisions import Signed
from lives import Life

SIGNED = Signed(datetime.date(2026, 11, 11), "HR", "Owner", "it is time")
OCTOBER, NOVEMBER = Period.parse("2026-10"), Period.parse("2026-11")


def opening(life: Life) -> Transaction:
    content = read(life.root / "handbook", life.root / "scorecards")
    return open_cycle(content, NewEntry("2026-11"), SIGNED, period=NOVEMBER).changes


def agreeing(life: Life) -> Transaction:
    life.run("open", "2026-11", "--on", "2026-11-01")
    (life.root / "handbook/indicators/service.yml").rename(life.root / "handbook/indicators/manners.yml")
    return agree(read(life.root / "handbook", life.root / "scorecards"), NOVEMBER, SIGNED).changes


def publishing(life: Life) -> Transaction:
    life.complete_october()
    return publish(read(life.root / "handbook", life.root / "scorecards"), OCTOBER, SIGNED).changes


def correcting(life: Life) -> Transaction:
    """Two cycles at once: September gives October a number."""
    indicators = life.root / "handbook/indicators/sales.yml"
    text = indicators.read_text(encoding="utf-8")
    indicators.write_text(text.replace("formula: sales\n", "formula: sales - previous.sales / 10\n"), encoding="utf-8")
    life.reopen_september()
    life.run("publish", "2026-09", "--by", "HR", "--on", "2026-10-11", "--anyway", "--reason", "no month before")
    life.publish()
    life.change("2026-09/actuals/support.csv", "E02,sales,21500", "E02,sales,11500")
    content = read(life.root / "handbook", life.root / "scorecards")
    return correct(content, Period.parse("2026-09"), Correction(SIGNED, later="also")).changes


STEPS = {"open": opening, "agree": agreeing, "publish": publishing, "correct": correcting}


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_step_is_made_as_a_whole_or_not_at_all(
    life: Life, tmp_path: Path, step: Callable[[Life], Transaction], fault: Fault
) -> None:
    changes = step(life)
    origin, whole = life.root / "scorecards", tmp_path / "whole"
    before = tree(origin)
    shutil.copytree(origin, whole)
    apply(changes, whole)
    after = tree(whole)
    found = {"old": 0, "new": 0}
    for at in range(1, 1000):
        work = tmp_path / f"work-{at}"
        shutil.copytree(origin, work)
        disk = FaultyDisk(at, fault)
        try:
            apply(changes, work, disk)
        except (OSError, Killed):
            left = finish_pending(work)
            now = tree(work)
            assert now in (before, after), f"{fault} at call {at}: something between"
            assert (left is Leftover.FINISHED) is (now == after) or left is Leftover.NOTHING
            found["new" if now == after else "old"] += 1
        shutil.rmtree(work)
        if not disk.has_failed:
            break

    assert before != after
    assert found["old"] > 3
    assert found["new"] > 0
    if fault is not Fault.FULL:
        assert found["old"] + found["new"] == at - 1


@pytest.mark.parametrize("fault", [Fault.KILLED_BEFORE, Fault.KILLED_AFTER])
def test_what_finishes_an_interrupted_step_may_be_interrupted_too(life: Life, fault: Fault) -> None:
    changes, root = publishing(life), life.root / "scorecards"
    shutil.copytree(root, life.root / "whole")
    apply(changes, life.root / "whole")
    with pytest.raises(Killed):
        apply(changes, root, FaultyDisk(22, Fault.KILLED_AFTER))
    assert (root / "pending.json").exists()

    for at in range(1, 100):
        disk = FaultyDisk(at, fault)
        try:
            finish_pending(root, disk)
        except Killed:
            continue
        break

    assert tree(root) == tree(life.root / "whole")


def test_the_next_command_says_what_was_left(life: Life) -> None:
    changes, root = publishing(life), life.root / "scorecards"
    with pytest.raises(Killed):
        apply(changes, root, FaultyDisk(5, Fault.KILLED_AFTER))
    undecided = life.run("verify")
    with pytest.raises(Killed):
        apply(changes, root, FaultyDisk(25, Fault.KILLED_AFTER))
    finished = life.run("verify")

    assert undecided.stderr == "上一个命令中途停了，那时还什么都没有改；它准备的文件已清除。\n"
    assert finished.stderr == "上一个命令中途停了，但改动已经定下；现在已全部做完。\n"
    assert finished.stdout.endswith("1 个周期都与封存时一致。\n")
