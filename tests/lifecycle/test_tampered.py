"""A published cycle that is not as it was sealed gives nothing on, and a lost seal is never made anew."""

import shutil
import subprocess

import pytest

from kpibook.cli import Exit
from lives import Life


def git(life: Life, *arguments: str) -> str:
    """Run git in the company's folder."""
    identity = ("-c", "user.name=HR", "-c", "user.email=hr@example.com")
    done = subprocess.run(["git", *identity, *arguments], cwd=life.root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    "step",
    [
        ("open", "2026-11", "--on", "2026-11-12"),
        ("open", "2026-12", "--from", "2026-10", "--on", "2026-11-12"),
        ("notify", "2026-10", "--on", "2026-11-12"),
    ],
)
def test_a_published_cycle_that_was_changed_gives_nothing_on(life: Life, step: tuple[str, ...]) -> None:
    life.publish()
    life.change("2026-10/people.csv", "E02,周然,barista", "E02,周然,shop-manager")
    before = life.tree()

    told = life.run(*step, code=1)

    assert "scorecards/2026-10/people.csv: error: " in told.output
    assert "[sealed-file-changed]" in told.output
    assert life.tree() == before


@pytest.mark.parametrize("is_committed", [True, False])
def test_seals_that_are_gone_altogether_are_brought_back_and_never_made_anew(life: Life, *, is_committed: bool) -> None:
    life.publish()
    shutil.rmtree(life.path("2026-09"))
    git(life, "init", "-q")
    git(life, "add", "-A")
    git(life, "commit", "-qm", "October")
    commit = git(life, "rev-parse", "--short", "HEAD")
    shutil.rmtree(life.path("2026-10/revisions"))
    life.path("2026-10/log.csv").unlink()
    if is_committed:
        git(life, "commit", "-qam", "cleared up")

    told = life.run("check", code=1).stdout
    refused = life.run("upgrade", "--by", "HR", code=1)

    assert told == (
        "scorecards/2026-10/revisions: error: 2026-10 公布时封存过，现在 revisions/ 全没有了 [seals-lost]\n"
        f"    hint: 从 git 取回：git checkout {commit} -- scorecards/2026-10/revisions scorecards/2026-10/log.csv"
        "（git 里没有 log.csv 的只取 revisions）；不要重新封存\n"
    )
    assert "[seals-lost]" in refused.stderr
    assert not life.path("2026-10/revisions").exists()
    git(life, "checkout", commit, "--", "scorecards/2026-10/revisions", "scorecards/2026-10/log.csv")
    assert life.run("verify", "--recompute").exit_code == 0


def test_without_git_the_warning_says_first_that_a_lost_seal_is_to_be_brought_back(life: Life) -> None:
    life.publish()
    shutil.rmtree(life.path("2026-09"))
    shutil.rmtree(life.path("2026-10/revisions"))
    life.path("2026-10/log.csv").unlink()

    told = life.run("check").stdout

    assert told == (
        "scorecards: warning: 有 1 个周期标为已公布或已结束，却没有封存：2026-10 [cycles-unsealed]\n"
        "    hint: 照常计算，改手册会影响它们。公布时封存过的，先找回 revisions/ 和 log.csv（git 或备份里有）；"
        "从来没有封存过的，运行 kpibook upgrade，按现在计算的结果封存\n"
    )


@pytest.mark.parametrize("table", ["carried.csv", "totals.csv", "items.csv"])
@pytest.mark.parametrize("command", ["status", "explain", "collect", "diff", "year", "notify", "verify"])
def test_a_lost_sealed_table_is_told_by_every_command_and_ends_none_in_another_way(
    life: Life, table: str, command: str
) -> None:
    life.publish()
    for folder in ("handbook", "scorecards"):
        shutil.copytree(life.root / folder, life.root / "before" / folder)
    life.path(f"2026-10/revisions/1/{table}").unlink()
    arguments = {
        "status": ("2026-10",),
        "explain": ("2026-10", "E01"),
        "collect": ("2026-10", "--records", "--out", str(life.root / "sheets")),
        "diff": (str(life.root / "before"),),
        "year": ("2026", "--out", str(life.root / "year")),
        "notify": ("2026-10",),
        "verify": (),
    }

    done = life.run(command, *arguments[command], code=None)

    # What needs the table refuses and names it; what does not goes on.
    assert done.exit_code in (Exit.DONE, Exit.SET_ASIDE, Exit.FAULTY)
    assert done.exit_code != Exit.FAULTY or f"2026-10/revisions/1/{table}: error: " in done.output
    assert "写不了" not in done.output
