"""A publication of three sites whose n-th call to the system fails, for each n: all is old, or all is new."""

import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from alone import run_alone
from kpibook.base import atomic_folders, folder_swap
from kpibook.base.atomic_folders import finish_publication, replacing
from publications import FAULTS, NEW, OLD, SITES, found, publish, swept


@pytest.mark.parametrize(
    ("number", "has_old"),
    [*((number, True) for number in FAULTS), (errno.EIO, False)],
    ids=[*(errno.errorcode[number] for number in FAULTS), "for the first time"],
)
def test_whatever_call_fails_everything_is_old_and_told_so_or_everything_is_new(
    tmp_path: Path, number: int, *, has_old: bool
) -> None:
    failed, made, wrong = swept(tmp_path, number, has_old=has_old)

    assert wrong == []
    assert failed > 40
    assert made > 0


@pytest.mark.parametrize("can", ["exchanges", "renames", "copies"])
def test_killed_at_any_call_the_next_command_makes_all_sites_old_or_all_new(tmp_path: Path, can: str) -> None:
    script = "import sys; from publications import killed_everywhere; print(*killed_everywhere(*sys.argv[1:]))"

    calls, finished = map(int, run_alone(script, tmp_path, can).split())

    assert calls > 100
    assert finished >= len(SITES) - 1


def test_what_a_living_run_has_decided_is_left_to_it(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    with replacing(*(tmp_path / name for name in SITES)):
        (tmp_path / ".site.kpibook-new.json").write_text("{}", encoding="ascii")

        assert not finish_publication(tmp_path / "site")


@pytest.mark.parametrize("text", ["", "[]", '{"site": 0, "gone": 1}', '{"../site": "x"}'])
def test_a_list_that_tells_of_no_folder_that_is_there_changes_nothing(tmp_path: Path, text: str) -> None:
    publish(tmp_path, OLD)
    (tmp_path / ".site.kpibook-new.json").write_text(text, encoding="ascii")

    assert not finish_publication(tmp_path / "site")
    assert [found(tmp_path / name) for name in SITES] == [OLD] * 3
    assert not list(tmp_path.glob(".site*"))


def test_a_disk_that_refuses_to_finish_leaves_all_sites_old_and_the_next_command_makes_them_new(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    run_alone("import sys; from publications import killed_after_one; killed_after_one(sys.argv[1])", tmp_path)
    assert [found(tmp_path / name) for name in SITES] == [NEW, OLD, OLD]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(atomic_folders, "exchange", full_but_for(tmp_path / "site"))
        with pytest.raises(OSError, match="No space"):
            finish_publication(tmp_path / "site")

    assert [found(tmp_path / name) for name in SITES] == [OLD] * 3


def full_but_for(folder: Path) -> Callable[[Path, Path], None]:
    """Exchanges one folder, and no other."""

    def exchange(new: Path, live: Path) -> None:
        if live != folder:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        folder_swap.exchange(new, live)

    return exchange


def test_the_sweep_sees_a_switch_that_is_not_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: folders exchanged one after the other, and nothing put back."""

    def careless(changes: Sequence[atomic_folders._Change], decision: Path) -> None:
        decision.unlink()
        for each in changes:
            folder_swap.exchange(each.new, each.live)

    monkeypatch.setattr(atomic_folders, "_go_live", careless)

    assert swept(tmp_path, errno.EIO, has_old=True)[2]
