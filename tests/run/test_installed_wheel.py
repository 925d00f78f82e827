"""The packed program works in an empty environment, far from its sources."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from sources import PACKAGE, ROOT

COMPANY = ROOT / "tests" / "company"
UV = Path(sys.executable).with_name("uv")


def run(*command: str | Path, cwd: Path, settings: Mapping[str, str] | None = None) -> str:
    """Run a command that has to succeed, with nothing of this environment showing through."""
    keep = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV", "COV"))}
    done = subprocess.run(
        command, cwd=cwd, env={**keep, **(settings or {})}, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode in (0, 3), f"{command} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder, cwd=ROOT)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def kpibook(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed with the locked versions of what it needs and without the tools of developers."""
    environment = tmp_path_factory.mktemp("environment") / "venv"
    locked = ("sync", "--frozen", "--quiet", "--no-dev", "--no-install-project", "--python", sys.executable)
    run(UV, *locked, cwd=ROOT, settings={"UV_PROJECT_ENVIRONMENT": str(environment)})
    python = environment / "bin" / "python"
    run(UV, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", python, wheel, cwd=ROOT)
    run(UV, "pip", "check", "--quiet", "--python", python, cwd=ROOT)
    return environment / "bin" / "kpibook"


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """An empty folder with nothing but a tiny company's two folders."""
    for name in ("handbook", "scorecards"):
        shutil.copytree(COMPANY / name, tmp_path / name)
    return tmp_path


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    ours = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        # Another process may just be writing there what it compiled, under a name of its own.
        if "__pycache__" not in path.parts and path.is_file()
    }

    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    assert packed == ours


def test_the_wheel_carries_its_licence(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert [name for name in names if name.endswith("licenses/LICENSE")]


def test_the_installed_command_checks(kpibook: Path, company: Path) -> None:
    assert "error" not in run(kpibook, "check", cwd=company)


def test_the_installed_command_scores(kpibook: Path, company: Path) -> None:
    run(kpibook, "score", "2026-09", "--out", "scores", cwd=company)

    totals = (company / "scores" / "totals.csv").read_text(encoding="utf-8").splitlines()

    assert [line.split(",")[1] for line in totals] == ["person", "E01", "E02", "E03"]


def test_the_installed_command_builds_both_sites(kpibook: Path, company: Path) -> None:
    run(kpibook, "build", cwd=company)

    assert "小满茶铺" in (company / "site" / "index.html").read_text(encoding="utf-8")
    assert "小满茶铺" in (company / "site-cards" / "index.html").read_text(encoding="utf-8")
