"""Who changed which file when: from git where there is git, and nothing where there is none."""

import datetime
from pathlib import Path

import pytest

from kpibook.base.git import GitFault, git
from kpibook.base.history import Commit, file_history
from repositories import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "company")


def subjects(folder: Path) -> dict[str, list[str]]:
    return {path: [commit.subject for commit in commits] for path, commits in file_history(folder).items()}


def test_a_commit_tells_day_author_subject_and_hash(repository: Repository) -> None:
    repository.write("handbook/roles/cashier.yml", "name: 收银员\n")
    digest = repository.commit("收银员: 设岗", day="2026-09-03")

    history = file_history(repository.folder / "handbook")

    assert history == {
        "roles/cashier.yml": (Commit(datetime.date(2026, 9, 3), "沈青", "收银员: 设岗", digest),),
    }


def test_the_paragraph_below_the_subject_is_the_reason(repository: Repository) -> None:
    repository.write("a.yml", "a: 1\n")
    trailer = "Signed-off-by: Shen <shen@example.com>"
    why = "新收银机上线后，\n差错少了一半，agreed\nwith all。"
    repository.commit(f"收银员: 差错率 0.5 → 0.3\n\n{trailer}\n\n{why}\n\n更多。")
    repository.write("a.yml", "a: 2\n")
    repository.commit(f"only a subject\n\n{trailer}")

    [newest, first] = file_history(repository.folder)["a.yml"]

    assert (first.subject, first.reason) == (
        "收银员: 差错率 0.5 → 0.3",
        "新收银机上线后，差错少了一半，agreed with all。",
    )
    assert (newest.subject, newest.reason) == ("only a subject", "")


def test_the_newest_commit_stands_first_and_only_its_own_files_have_it(repository: Repository) -> None:
    repository.write("handbook/a.yml", "a: 1\n")
    repository.write("handbook/b.yml", "b: 1\n")
    repository.write("scorecards/x.csv", "x\n")
    repository.commit("first", day="2026-09-01")
    repository.write("handbook/b.yml", "b: 2\n")
    repository.commit("second", day="2026-09-02")

    assert subjects(repository.folder / "handbook") == {"a.yml": ["first"], "b.yml": ["second", "first"]}


def test_some_files_of_all_folders_can_be_asked_for(repository: Repository) -> None:
    for name in ("2026-09/cycle.yml", "2026-09/people.csv", "2026-10/cycle.yml"):
        repository.write(f"scorecards/{name}", "x\n")
    repository.commit("open two months")

    history = file_history(repository.folder / "scorecards", "*/cycle.yml")

    assert sorted(history) == ["2026-09/cycle.yml", "2026-10/cycle.yml"]


def test_a_renamed_file_keeps_its_history(repository: Repository) -> None:
    text = "name: 店员\npurpose: 接待顾客\nnote: 三行\n"
    repository.write("roles/clerk.yml", text)
    repository.commit("describe the clerk")
    repository.git("mv", "roles/clerk.yml", "roles/店员 1.yml")
    repository.commit("rename the clerk", day="2026-09-02")
    repository.git("mv", "roles/店员 1.yml", "roles/assistant.yml")
    repository.write("roles/clerk.yml", "name: 另一个岗位\n")
    repository.commit("rename again", day="2026-09-03")

    assert subjects(repository.folder) == {
        "roles/assistant.yml": ["rename again", "rename the clerk", "describe the clerk"],
        "roles/clerk.yml": ["rename again"],
    }


def test_words_of_a_commit_that_look_like_separators_do_no_harm(repository: Repository) -> None:
    repository.write("a.yml", "a: 1\n")
    repository.commit("one \x01 two \x02 three")

    assert subjects(repository.folder) == {"a.yml": ["one \x01 two \x02 three"]}


def test_a_folder_without_git_has_no_history(tmp_path: Path) -> None:
    assert file_history(tmp_path) == {}


def test_a_repository_without_commits_has_no_history(repository: Repository) -> None:
    assert file_history(repository.folder) == {}


def test_a_clone_that_was_cut_off_has_no_history(repository: Repository, tmp_path: Path) -> None:
    repository.write("a.yml", "a: 1\n")
    repository.commit("first")
    repository.write("a.yml", "a: 2\n")
    repository.commit("second")
    repository.git("clone", "--quiet", "--depth=1", repository.folder.as_uri(), str(tmp_path / "cut"))

    assert file_history(tmp_path / "cut") == {}


def test_a_machine_without_git_has_no_history(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.write("a.yml", "a: 1\n")
    repository.commit("first")
    monkeypatch.setenv("PATH", "")

    assert file_history(repository.folder) == {}


def test_the_settings_that_git_gives_a_hook_lead_nowhere_else(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Repository(tmp_path / "other")
    other.commit("elsewhere")
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    repository.write("a.yml", "a: 1\n")
    repository.commit("here")

    assert subjects(repository.folder) == {"a.yml": ["here"]}


def test_git_says_in_one_line_why_it_refuses(repository: Repository) -> None:
    with pytest.raises(GitFault, match=r"^Needed a single revision$"):
        git(repository.folder, "rev-parse", "--verify", "nothing")
