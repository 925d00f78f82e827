"""The real commands, refused or killed at a system call: some here, at every call in tests/bench/traced_faults.py."""

from pathlib import Path

import pytest

from traced import FAULTS, STEPS, calls, failures, prepared, why_not


@pytest.mark.parametrize("name", STEPS)
def test_the_old_state_or_the_new_one_is_left(name: str, tmp_path: Path) -> None:
    if reason := why_not():
        pytest.skip(reason)
    step = STEPS[name]
    origin = prepared(tmp_path / "origin", step)
    counted = calls(prepared(tmp_path / "counted", step), step, tmp_path / "log")
    decides = counted["rename"][0]
    points = [("fsync", counted["fsync"][0], FAULTS[0]), ("rename", decides, FAULTS[2])]
    points += [("rename", decides + 1, FAULTS[2]), ("fsync", counted["fsync"][-1], FAULTS[1])]

    assert len(counted["rename"]) > 2
    assert list(failures(origin, tmp_path, step, iter(points))) == []
