"""What a comparison is made of: revisions and folders, their faults, and the language it speaks."""

import contextlib
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from compared import CLERK, EVEN, HANDBOOK, a_company, changed, diff, told, write
from repositories import Repository

SAME_DATA = (
    "The older version does not hold the data of the cycles: the files at hand stand for both, "
    "so a change of data cannot be told."
)


# Revisions, folders, faults


def test_revisions_and_folders_say_the_same(before: Path, tmp_path: Path) -> None:
    repository = Repository(before)
    repository.commit("first")
    write(before, {f"handbook/{name}": text for name, text in EVEN.items()})
    second = repository.commit("second", day="2026-09-02")
    after = changed(tmp_path, EVEN)
    older = a_company(tmp_path / "older")

    by_revision = diff("HEAD~1", before, "HEAD").stdout.splitlines()
    by_files = diff("HEAD~1", before).stdout.splitlines()
    by_folder = diff(older, after).stdout.splitlines()

    assert by_revision[3:] == by_files[3:] == by_folder[3:]
    assert second[:12] in by_revision[2]
    assert repository.git("status", "--short") == ""


def test_the_same_input_gives_the_same_bytes(before: Path, tmp_path: Path) -> None:
    after = changed(tmp_path, EVEN)
    elsewhere = shutil.copytree(after, tmp_path / "elsewhere" / "after")

    first, second, third = diff(before, after), diff(before, after), diff(before, elsewhere)

    assert first.stdout_bytes == second.stdout_bytes == third.stdout_bytes


def test_people_at_a_terminal_read_it_without_the_signs_that_guard_markdown(before: Path, tmp_path: Path) -> None:
    after = changed(tmp_path, {"roles/clerk.yml": CLERK.replace("purpose: sells", "purpose: sells *a_b* <i>")})

    piped, text = diff(before, after), diff(before, after, "--format", "text")
    seen = at_a_terminal(before, after)

    assert "purpose: sells → sells &#42;a&#95;b&#42; &#60;i&#62;" in piped.stdout
    assert "purpose: sells → sells *a_b* <i>" in text.stdout
    assert seen == text.stdout
    assert at_a_terminal(before, after, "--format", "markdown") == piped.stdout


def at_a_terminal(before: Path, after: Path, *arguments: str) -> str:
    """What a terminal shows of the command."""
    leader, follower = pty.openpty()
    folders = ["--handbook", str(after / "handbook"), "--scorecards", str(after / "scorecards")]
    command = [sys.executable, "-m", "kpibook", *folders, "diff", str(before), *arguments]
    shown = bytearray()
    with os.fdopen(leader, "rb", buffering=0) as screen:
        with subprocess.Popen(command, stdout=follower) as process:
            os.close(follower)
            with contextlib.suppress(OSError):
                while part := screen.read(4096):
                    shown += part
        assert process.returncode == 0
    return shown.decode("utf-8").replace("\r\n", "\n")


def test_a_handbook_alone_goes_with_the_scorecards_at_hand(before: Path, tmp_path: Path) -> None:
    after = changed(tmp_path, EVEN)

    alone, whole = told(before / "handbook", after), told(before, after)
    assert SAME_DATA in alone
    assert [line for line in alone[2:] if line != SAME_DATA] == whole[2:]


def test_scorecards_that_git_does_not_keep_are_taken_from_the_files(before: Path) -> None:
    repository = Repository(before)
    repository.write(".gitignore", "scorecards/\n")
    repository.commit("first")
    write(before, {f"handbook/{name}": text for name, text in EVEN.items()})
    repository.commit("second", day="2026-09-02")

    assert "12 have another result" in diff("HEAD~1", before, "HEAD").stdout


def test_a_faulty_head_is_told_and_nothing_else(before: Path, tmp_path: Path) -> None:
    after = changed(tmp_path, {"roles/clerk.yml": CLERK.replace("weight: 60", "weight: 50")})

    done = diff(before, after)

    assert done.exit_code == 1
    assert done.stdout == ""
    assert "[weights-total]" in done.stderr


def test_worked_examples_can_be_mended_after_the_impact_was_seen(before: Path, tmp_path: Path) -> None:
    """Each of them states points of the old weight; the check stops the change, and its effect can be read."""
    example = "standard: {rule: proportional, examples: [{actual: 50, points: 30}]}"
    exemplary = CLERK.replace("standard: {rule: proportional}", example, 1)
    write(before, {"handbook/roles/clerk.yml": exemplary})
    evened = exemplary.replace("weight: 60", "weight: 50").replace("weight: 40", "weight: 50")
    after = changed(tmp_path, {"roles/clerk.yml": evened})

    onward, back = diff(before, after), diff(after, before)

    assert [done.exit_code for done in (onward, back)] == [0, 0]
    assert "[example-wrong]" in onward.stderr
    assert all("12 have another result" in done.stdout for done in (onward, back))


def test_weights_of_sections_can_be_mended_after_the_impact_was_seen(before: Path, tmp_path: Path) -> None:
    weighed = CLERK.replace("section: Work", "section: Work\n    weight: 60")

    done = diff(
        before,
        changed(
            tmp_path,
            {"roles/clerk.yml": weighed.replace("weight: 60, t", "weight: 70, t").replace("weight: 40", "weight: 30")},
        ),
    )

    assert done.exit_code == 0
    assert "[section-weight]" in done.stderr
    assert "12 have another result" in done.stdout


def test_a_faulty_base_leaves_the_changes(before: Path, tmp_path: Path) -> None:
    write(before, {"handbook/roles/clerk.yml": CLERK.replace("weight: 60", "weight: 50")})

    lines = told(before, changed(tmp_path, EVEN))

    assert "- **Clerk**: Service 40 → 50" in lines
    assert any("has errors and cannot be scored" in line for line in lines)


def test_a_revision_that_is_not_there_is_wrong_usage(before: Path, tmp_path: Path) -> None:
    repository = Repository(before)
    repository.commit("first")
    repository.commit("second")
    repository.git("clone", "--quiet", "--depth=1", before.as_uri(), str(tmp_path / "cut"))

    unknown = diff("v9", before)
    beyond = diff("HEAD~1", tmp_path / "cut")
    option = diff("--", before, "--output=x")

    assert [done.exit_code for done in (unknown, beyond, option)] == [2, 2, 2]
    assert unknown.stderr == "error: there is no folder and no revision v9 (Needed a single revision)\n"
    assert "this clone was cut off and does not know HEAD~1: run git fetch --unshallow" in beyond.stderr


def test_a_base_that_is_nothing_is_wrong_usage(before: Path, tmp_path: Path) -> None:
    """A variable that a CI left empty, a folder that is something else: else all would be new, or nothing changed."""
    (tmp_path / "letters").mkdir()

    empty, other = diff("", before), diff(tmp_path / "letters", before)

    assert [done.exit_code for done in (empty, other)] == [2, 2]
    assert "the version to compare with is empty" in empty.stderr
    assert "there is no handbook in" in other.stderr


def test_a_folder_without_git_has_no_revisions(before: Path) -> None:
    done = diff("HEAD", before)

    assert done.exit_code == 2
    assert f"{before / 'handbook'} is in no repository of git (not a git repository" in done.stderr
    assert "HEAD means nothing there: name a folder instead" in done.stderr


def test_a_machine_without_git_has_no_revisions(before: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Repository(before).commit("first")
    monkeypatch.setenv("PATH", "")

    done = diff("HEAD", before)

    assert done.exit_code == 2
    assert "git cannot be run ([Errno 2] No such file or directory: 'git')" in done.stderr


def test_changes_that_are_not_committed_count(before: Path) -> None:
    repository = Repository(before)
    repository.commit("first")
    write(before, {f"handbook/{name}": text for name, text in EVEN.items()})

    lines = told("HEAD", before)

    assert "- **Clerk**: Sales 60 → 50; Service 40 → 50" in lines


def test_a_branch_that_lies_behind_is_told_so(before: Path) -> None:
    repository = Repository(before)
    repository.commit("first")
    repository.git("switch", "--quiet", "--create", "change")
    repository.git("switch", "--quiet", "main")
    write(before, {f"handbook/{name}": text for name, text in EVEN.items()})
    repository.commit("on main")
    level = diff("main", before)
    repository.git("switch", "--quiet", "change")

    behind = diff("main", before)

    assert level.stderr == ""
    assert behind.exit_code == 0
    assert behind.stderr.startswith(
        "note: main has changes of the handbook that are not in here (1 commit); they read as taken back."
    )


def test_a_long_hash_is_cut_in_the_comment(before: Path) -> None:
    commit = Repository(before).commit("first")

    assert f"Compared with `{commit[:12]}`, " in diff(commit, before).stdout


def test_a_handbook_that_a_revision_lacks_is_wrong_usage(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "company")
    repository.write("README.md", "x\n")
    repository.commit("first")
    a_company(repository.folder)

    done = diff("HEAD", repository.folder)

    assert done.exit_code == 2
    assert "there is no" in done.stderr


def test_a_handbook_that_is_not_there_is_wrong_usage(before: Path) -> None:
    shutil.rmtree(before / "handbook")

    assert diff("HEAD", before).exit_code == 2


def test_chinese_companies_read_it_in_chinese(before: Path, tmp_path: Path) -> None:
    chinese = {"company.yml": HANDBOOK["company.yml"].replace("language: en", "language: zh")}
    write(before, {f"handbook/{name}": text for name, text in chinese.items()})

    lines = told(before, changed(tmp_path, {**EVEN, **chinese}))

    assert "- **Clerk**：Sales 60 → 50; Service 40 → 50" in lines
    assert "- 19 人在两个版本下都有总分，其中 12 人的结果有变化，涉及 1 个部门。" in lines
    assert "- 等级上升：6 人；下降：6 人。" in lines


def test_chinese_companies_read_of_few_and_of_what_is_missing_in_chinese(before: Path, tmp_path: Path) -> None:
    chinese = HANDBOOK["company.yml"].replace("language: en", "language: zh")
    write(before, {"handbook/company.yml": chinese})
    item = "      - {indicator: returns, weight: 20, target: 1, standard: {rule: proportional}}\n"
    returns = "returns: {name: Returns, definition: g, unit: pcs, direction: higher, owner: shop, source: s}\n"
    files = {
        "company.yml": chinese,
        "measures.yml": HANDBOOK["measures.yml"].partition("returns")[0],
        "indicators/all.yml": HANDBOOK["indicators/all.yml"] + returns,
        "roles/clerk.yml": CLERK.replace("weight: 40", "weight: 20").replace("pay:\n", item + "pay:\n"),
    }
    after = changed(tmp_path, files)
    people = after / "scorecards/2026-09/people.csv"
    people.write_text("".join(people.read_text("utf-8").splitlines(keepends=True)[:-4]), encoding="utf-8")

    lines = told(before, after)

    assert "- 13 人原来有总分，改后算不出来，缺：Returns（13 人）。" in lines
    assert "- 少于 5 人在两个版本下都有总分，其中 0 人的结果有变化，涉及 0 个部门。" in lines
