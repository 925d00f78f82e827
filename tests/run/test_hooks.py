"""A commit with a fault in it does not happen, and finding that out needs no network."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from sources import ROOT

CONFIG = ROOT / ".pre-commit-config.yaml"
SLOW = "types"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A company's repository with our hooks and this environment."""
    shutil.copytree(ROOT / "tests" / "company", tmp_path, dirs_exist_ok=True)
    shutil.copy(CONFIG, tmp_path)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / ".gitignore").write_text("/.venv\n", encoding="utf-8")
    (tmp_path / "tool.py").write_text('"""A tool."""\n', encoding="utf-8")
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    return tmp_path


def hooks(repository: Path) -> subprocess.CompletedProcess[str]:
    """Run all hooks over all files, apart from the slow one, which `make test` runs itself."""
    subprocess.run(["git", "-C", str(repository), "add", "--all"], check=True)
    keep = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "COV"))}
    offline = {"SKIP": SLOW, "PRE_COMMIT_HOME": str(repository / ".git" / "cache"), "https_proxy": "http://127.0.0.1:9"}
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never"],
        cwd=repository,
        env=keep | offline,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_hooks_run_what_stands_in_the_environment() -> None:
    [entry] = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["repos"]

    assert entry["repo"] == "local"
    assert {hook["language"] for hook in entry["hooks"]} == {"system"}
    assert all(".venv/bin/python -m " in hook["entry"] for hook in entry["hooks"])


def test_sound_content_passes(repository: Path) -> None:
    done = hooks(repository)

    assert done.returncode == 0, done.stdout


def test_a_row_that_is_set_aside_stops_nobody(repository: Path) -> None:
    with (repository / "scorecards" / "2026-10" / "actuals" / "shop.csv").open("a", encoding="utf-8") as file:
        file.write("E02,complaints,many,\n")

    done = hooks(repository)

    assert done.returncode == 0, done.stdout


def test_a_wrong_weight_stops_the_commit(repository: Path) -> None:
    role = repository / "handbook" / "roles" / "shop-manager.yml"
    role.write_text(role.read_text(encoding="utf-8").replace("weight: 40", "weight: 45"), encoding="utf-8")

    done = hooks(repository)

    assert done.returncode == 1
    assert "handbook/roles/shop-manager.yml:" in done.stdout
    assert "[weights-total]" in done.stdout


def test_careless_code_stops_the_commit(repository: Path) -> None:
    (repository / "tool.py").write_text("import os\nx = {'a':1}\n", encoding="utf-8")

    done = hooks(repository)

    assert done.returncode == 1
    assert "the code has its one layout" in done.stdout
    assert "unused-import" in done.stdout or "F401" in done.stdout
