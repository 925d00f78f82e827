"""A repository of before: its files are brought to this version, and what is over is sealed as it computes."""

import hashlib
import json
from pathlib import Path

import pytest

from kpibook.authoring import known_ci
from kpibook.authoring.scaffolding import TEMPLATES, template_path
from kpibook.authoring.upgrading import CI, repository_changes
from lives import Life

TODAYS = {template_path(path, TEMPLATES / "common"): path for path in (TEMPLATES / "common").rglob("*")}


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("KPIBOOK_KEY", raising=False)
    return Life(tmp_path)


def over(life: Life) -> None:
    """October is over, by a word alone."""
    life.complete_october()
    life.change("2026-10/cycle.yml", "status: open", "status: closed")


def test_a_cycle_that_is_over_is_sealed_as_it_computes_and_its_seal_says_so(life: Life) -> None:
    over(life)
    life.run("score", "2026-10", "--out", "before")

    done = life.run("upgrade", "--by", "HR", "--on", "2026-12-01")

    life.run("score", "2026-10", "--out", "after")
    seal = json.loads(life.read("2026-10/revisions/1/seal.json"))
    assert "2026-10 已按现在计算的结果封存为第 1 版" in done.output
    assert (seal["on"], seal["by"], seal["reason"]) == (
        "2026-12-01",
        "HR",
        "升级时按当时计算的结果封存；公布时没有封存过",
    )
    assert (life.root / "before/totals.csv").read_bytes() == (life.root / "after/totals.csv").read_bytes()
    assert "status: closed" in life.read("2026-10/cycle.yml")
    assert life.run("verify", "--recompute").exit_code == 0


def test_a_second_run_finds_nothing_to_do(life: Life) -> None:
    over(life)
    life.run("upgrade", "--by", "HR")

    assert life.run("upgrade", "--by", "HR").stdout == "已是本版本的样子，没有要改的。\n"


def test_a_dry_run_only_tells(life: Life) -> None:
    over(life)

    done = life.run("upgrade", "--by", "HR", "--dry-run")

    assert "2026-10 会按现在计算的结果封存为第 1 版。" in done.output
    assert not life.path("2026-10/revisions").exists()
    assert sorted(path.name for path in life.root.iterdir()) == ["handbook", "scorecards"]


def test_a_key_is_made_that_nobody_else_may_read_and_git_ignores(life: Life) -> None:
    life.run("upgrade", "--by", "HR")

    assert (life.root / ".kpibook/key").stat().st_mode & 0o777 == 0o600
    assert (life.root / ".kpibook/.gitignore").read_text(encoding="utf-8") == "*\n"


def test_only_lines_about_files_that_nothing_is_said_of_are_added(life: Life) -> None:
    (life.root / ".gitattributes").write_text("*.csv text eol=lf", encoding="utf-8")

    life.run("upgrade", "--by", "HR")

    lines = (life.root / ".gitattributes").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "*.csv text eol=lf"
    assert "*.csv -text" not in lines
    assert "log.csv -text merge=union" in lines


def test_ci_files_and_the_wheel_are_made_anew_only_where_they_are(life: Life) -> None:
    (life.root / "wheels").mkdir()
    (life.root / "wheels/kpibook-0.0.1-py3-none-any.whl").write_bytes(b"old")
    (life.root / "requirements.txt").write_text("./wheels/kpibook-0.0.1-py3-none-any.whl\n", encoding="utf-8")

    changes = {change.path.as_posix(): change.content for change in repository_changes(life.root, "9.9", b"new")}

    assert changes["wheels/kpibook-9.9-py3-none-any.whl"] == b"new"
    assert changes["wheels/kpibook-0.0.1-py3-none-any.whl"] is None
    assert changes["requirements.txt"] == b"./wheels/kpibook-9.9-py3-none-any.whl\n"
    assert ".github/workflows/kpibook.yml" not in changes


@pytest.mark.parametrize("name", CI)
def test_a_ci_file_that_nobody_changed_is_made_anew_with_or_without_a_wheel(
    life: Life, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    file = life.root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"of: before\r\n")
    monkeypatch.setattr(known_ci, "KNOWN", {*known_ci.KNOWN, hashlib.sha256(b"of: before\n").hexdigest()})

    told = life.run("upgrade", "--by", "HR").stdout

    assert f"{name}：换成本版本的内容（原来的在 git 里）\n" in told
    assert file.read_bytes() == TODAYS[name].read_bytes()
    assert known_ci.is_own(file.read_bytes())
    assert life.run("upgrade", "--by", "HR").stdout == "已是本版本的样子，没有要改的。\n"


@pytest.mark.parametrize("name", CI)
def test_a_ci_file_that_the_company_changed_stays_and_todays_lies_beside_it(life: Life, name: str) -> None:
    file, own = life.root / name, TODAYS[name].read_bytes() + b"# our own runner\n"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(own)

    told = life.run("upgrade", "--by", "HR").stdout

    assert f"{name}.new：本版本的内容写在这里；原来的那个文件贵公司改过，没有动，请对照合并\n" in told
    assert file.read_bytes() == own
    assert file.with_name(f"{file.name}.new").read_bytes() == TODAYS[name].read_bytes()
    assert life.run("upgrade", "--by", "HR").stdout == "已是本版本的样子，没有要改的。\n"


def test_a_faulty_repository_is_left_alone(life: Life) -> None:
    over(life)
    (life.root / "handbook/grades.yml").write_text("- {id: A}\n", encoding="utf-8")

    life.run("upgrade", "--by", "HR", code=1)

    assert not life.path("2026-10/revisions").exists()
