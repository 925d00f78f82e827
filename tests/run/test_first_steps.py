"""The README of a new company, word for word: every command of its walk through a cycle, in order."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kpibook.cli import main

COMMAND = re.compile(r"^ *\.venv/bin/kpibook (.+)$", re.MULTILINE)
SECTION = {"zh": ("## 每个周期", "## 上线之前"), "en": ("## In each cycle", "## Before you go live")}
STEPS = ("publish", "open", "agree", "collect", "import", "status", "correct", "verify", "collect", "close")


def run(arguments: list[str]) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def edit(name: str, old: str, new: str) -> None:
    path = Path(name)
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_new_user_walks_through_a_cycle_by_the_readme(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["init", str(tmp_path / "shop"), "--language", language, "--month", "2026-10"]).exit_code == 0
    monkeypatch.chdir(tmp_path / "shop")
    monkeypatch.setenv("KPIBOOK_KEY", "a key of the tests")
    readme = Path("README.md").read_text(encoding="utf-8")
    first, last = SECTION[language]
    commands = [shlex.split(line) for line in COMMAND.findall(readme[readme.index(first) : readme.index(last)])]
    assert tuple(command[0] for command in commands) == STEPS
    edits = {
        "agree": ("handbook/roles/sales-clerk.yml", "target: 120000", "target: 130000"),
        "correct": ("scorecards/2026-10/actuals/sales-department.csv", '"118,500"', '"119,500"'),
    }

    ends = {}
    for command in commands:
        if command[0] in edits:
            edit(*edits[command[0]])
        done = run(command)
        ends[command[0]] = done.exit_code
        assert done.exit_code in (0, 1, 3), done.output

    # The sheets that come back are empty here, and nobody was given a result yet.
    assert {step: code for step, code in ends.items() if code} == {"status": 3, "close": 1}
    assert (Path("scorecards/2026-10/revisions/2/seal.json")).is_file()
    assert "target: 130000" in Path("scorecards/2026-11/handbook/roles/sales-clerk.yml").read_text(encoding="utf-8")
    assert list(Path("build/records").iterdir())
    assert run(["build"]).exit_code == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_new_company_requires_approval_of_targets_and_adjustments(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(["init", str(tmp_path / "shop"), "--language", language, "--month", "2026-10"])
    monkeypatch.chdir(tmp_path / "shop")
    Path("scorecards/2026-10/targets.csv").write_text(
        "subject,indicator,target,reason,approved_by,on\nE002,sales_value,60000,new,,\n", encoding="utf-8"
    )
    Path("scorecards/2026-10/adjustments.csv").write_text(
        "person,points,reason,approved_by,on\nE003,3,helped,E003,2026-10-30\n", encoding="utf-8"
    )

    refused = run(["publish", "2026-10", "--by", "HR"])

    assert refused.exit_code == 1
    assert "[target-not-approved]" in refused.stderr
    assert "[adjustment-not-approved]" in refused.stderr
    assert "scorecards/2026-10/targets.csv:2" in refused.stderr
    assert not Path("scorecards/2026-10/revisions").exists()
