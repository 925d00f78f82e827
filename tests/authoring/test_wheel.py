"""The program packs itself for a new company's repository, and what it packs can be installed from there."""

import base64
import csv
import hashlib
import io
import os
import re
import subprocess
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner

import kpibook
from kpibook.authoring.wheel import make_wheel, wheel_name
from kpibook.cli import main
from sources import PACKAGE, ROOT


@pytest.fixture(scope="module")
def wheel() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(make_wheel()))


def of(wheel: zipfile.ZipFile, name: str) -> str:
    [path] = (path for path in wheel.namelist() if path.endswith(f".dist-info/{name}"))
    return wheel.read(path).decode("utf-8")


def test_every_file_of_the_package_is_in_it(wheel: zipfile.ZipFile) -> None:
    ours = {path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}

    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}

    assert packed == {path.relative_to(PACKAGE.parent).as_posix() for path in ours}


def test_the_same_program_makes_the_same_bytes() -> None:
    assert make_wheel() == make_wheel()


def test_each_file_is_listed_with_its_hash(wheel: zipfile.ZipFile) -> None:
    listed = {row[0]: row[1:] for row in csv.reader(io.StringIO(of(wheel, "RECORD")))}

    for name in wheel.namelist():
        content = wheel.read(name)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode("ascii").rstrip("=")
        is_the_list = name.endswith("/RECORD")
        assert listed.pop(name) == (["", ""] if is_the_list else [f"sha256={digest}", str(len(content))])
    assert not listed


def test_it_says_what_it_needs_and_under_which_licence(wheel: zipfile.ZipFile) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = re.findall(r"^Requires-Dist: ([\w.-]+)[^;\n]*$", of(wheel, "METADATA"), re.MULTILINE)

    assert {plain(name) for name in needed} == {
        plain(re.split(r"[<>=]", each, maxsplit=1)[0]) for each in project["dependencies"]
    }
    assert "kpibook = kpibook.__main__:main" in of(wheel, "entry_points.txt")
    assert of(wheel, "licenses/LICENSE") == (ROOT / "LICENSE").read_text(encoding="utf-8")


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_a_new_company_installs_the_program_from_its_own_repository(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    CliRunner().invoke(main, ["init", str(folder), "--month", "2026-10"], catch_exceptions=False)
    keep = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS", "COV", "PYTHON"))}
    # What the program needs comes from an index, which a test does not ask.
    alone = {**keep, "PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1"}

    done = subprocess.run(["make", "setup"], cwd=folder, env=alone, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr.decode()
    assert (folder / "wheels" / wheel_name(version("kpibook"))).read_bytes() == make_wheel()
    assert (folder / ".venv" / "bin" / "kpibook").is_file()
    assert list(
        folder.glob(".venv/lib/python*/site-packages/kpibook/templates/authoring/company/common/dot_gitlab-ci.yml")
    )


def test_the_program_says_the_version_of_its_package() -> None:
    assert kpibook.__version__ == version("kpibook")
