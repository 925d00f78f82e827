"""Two revisions of a cycle that were written on two branches: git refuses to merge them, and one is made anew."""

import shutil
import subprocess
from pathlib import Path

import pytest

from lives import Life

SUPPORT = "2026-10/actuals/support.csv"
E02 = ('E02,sales,"22,300",', "E02,sales,15000,")
E01 = ("E01,buyers,234,", "E01,buyers,200,")


def git(root: Path, *arguments: str, code: int = 0) -> str:
    who = ("-c", "user.name=HR", "-c", "user.email=hr@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *who, *arguments], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def branches(life: Life) -> Life:
    """October, published on the main branch, with the attributes that `init` and `upgrade` write."""
    attributes = Path(__file__).parents[2] / "generator/kpibook/templates/authoring/company/common/dot_gitattributes"
    shutil.copy(attributes, life.root / ".gitattributes")
    life.publish()
    git(life.root, "init", "-q", "-b", "main")
    git(life.root, "add", "-A")
    git(life.root, "commit", "-q", "-m", "October is published")
    return life


def corrected(life: Life, branch: str, row: str, mended: str) -> None:
    """A branch of its own, on which a row was corrected."""
    git(life.root, "checkout", "-q", "-b", branch, "main")
    life.change(SUPPORT, row, mended)
    life.correct()
    git(life.root, "add", "-A")
    git(life.root, "commit", "-q", "-m", f"correct {mended}")


def merged(life: Life) -> Life:
    """Both corrections, of E02 and of E01, on one branch, as far as git can merge them."""
    corrected(life, "one", *E02)
    corrected(life, "two", *E01)
    git(life.root, "checkout", "-q", "one")
    git(life.root, "merge", "-q", "two", code=1)
    return life


def unmerged(root: Path) -> list[str]:
    return git(root, "diff", "--name-only", "--diff-filter=U").split()


def test_of_two_revisions_on_two_branches_the_seal_alone_conflicts(branches: Life) -> None:
    life = merged(branches)

    assert unmerged(life.root) == ["scorecards/2026-10/revisions/2/seal.json"]
    # Each branch added the same row to the log.
    assert ",correct,2," in life.read("2026-10/log.csv")
    assert "<<<<" not in life.read("2026-10/log.csv")
    assert [row in life.read(SUPPORT) for row in (E02[1], E01[1])] == [True, True]


def test_the_conflict_has_a_sentence_of_its_own(branches: Life) -> None:
    life = merged(branches)

    refused, built, again = life.run("check", code=1), life.run("build", code=1), life.correct(code=1)

    told = (
        "scorecards/2026-10/revisions/2/seal.json: error: 两个分支各写了 2026-10 的第 2 版，git 合并不了"
        " [seal-conflict]\n"
        "    hint: 先留下这一边：git checkout HEAD -- scorecards/2026-10/revisions；再运行 kpibook correct 2026-10，"
        "把另一边的更正封存为下一版\n"
    )
    assert refused.stdout.startswith(told)
    assert built.stderr.startswith(told)
    assert again.stderr.startswith(told)


def test_one_side_is_kept_and_the_other_is_sealed_as_the_next_revision(branches: Life) -> None:
    life = merged(branches)

    git(life.root, "checkout", "HEAD", "--", "scorecards/2026-10/revisions")
    unsealed = life.run("check", code=1)
    life.correct()

    assert "[sealed-file-changed]" in unsealed.stdout
    assert life.run("verify", "--recompute").exit_code == 0
    totals = [life.read(f"2026-10/revisions/{number}/totals.csv") for number in (1, 2, 3)]
    rows = [{row.split(",")[1]: row.split(",")[6] for row in text.splitlines()[1:]} for text in totals]
    assert [(each["E01"], each["E02"]) for each in rows] == [("104.0", "104.0"), ("104.0", "42.0"), ("98.0", "42.0")]
    git(life.root, "add", "-A")
    assert unmerged(life.root) == []
