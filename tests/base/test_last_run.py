"""The key over all that decides a build: each part changes it, and nothing else does."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from companies import COMPANY
from kpibook.base import last_run as module
from kpibook.base.last_run import LastRun, inputs_key, last_run, outputs_key, remember_run


@pytest.fixture
def company(tmp_path: Path) -> Path:
    shutil.copytree(COMPANY, tmp_path, dirs_exist_ok=True)
    (tmp_path / "mkdocs.yml").write_text("site_name: Shop\n", encoding="utf-8")
    (tmp_path / ".kpibook").mkdir()
    (tmp_path / ".kpibook/key").write_text("secret", encoding="ascii")
    return tmp_path


def key(root: Path, *cycles: str) -> str:
    return inputs_key(root / "handbook", root / "scorecards", root / "mkdocs.yml", cycles)


def files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file() and path.name != "built.json")


def test_nothing_changed_is_the_same_key_and_a_cycle_named_another(company: Path) -> None:
    assert key(company) == key(company) != key(company, "2026-09")


def test_one_byte_of_any_file_is_another_key(company: Path) -> None:
    before = key(company)
    for path in files(company):
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        assert key(company) != before, path
        path.write_bytes(data)
    assert key(company) == before


def test_a_file_more_or_less_or_of_another_name_is_another_key(company: Path) -> None:
    before = key(company)
    path = company / "scorecards/2026-10/people.csv"

    path.rename(path.with_name("people2.csv"))
    renamed = key(company)
    path.with_name("people2.csv").unlink()
    gone = key(company)

    assert len({before, renamed, gone}) == 3


CHANGES: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "key": lambda patch: patch.setenv("KPIBOOK_KEY", "another"),
    "version": lambda patch: patch.setattr(module, "__version__", "9"),
    "libraries": lambda patch: patch.setattr(module, "_LIBRARIES", COMPANY),
    "program": lambda patch: patch.setattr(module, "_PACKAGE", COMPANY),
    "day": lambda patch: patch.setattr(module, "_today", lambda: "2031-01-01"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_stands_beside_the_folders_is_in_the_key(
    company: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = key(company)

    CHANGES[name](monkeypatch)

    assert key(company) != before


def test_a_commit_is_in_the_key(company: Path) -> None:
    before = key(company)
    command = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run([*command, "init", "--quiet"], cwd=company, check=True)
    subprocess.run([*command, "commit", "--quiet", "--allow-empty", "--message", "first"], cwd=company, check=True)

    assert key(company) != before


@pytest.mark.parametrize(
    "text", ["theme:\n  custom_dir: mine\n", "hooks: [a.py]\n", "INHERIT: other.yml\n", "a: !ENV B\n"]
)
def test_settings_that_lead_to_other_files_leave_no_key(company: Path, text: str) -> None:
    (company / "mkdocs.yml").write_text(text, encoding="utf-8")

    assert key(company) == ""


def test_a_folder_that_cannot_be_read_leaves_no_key(tmp_path: Path) -> None:
    assert key(tmp_path) == ""


def test_whatever_happens_to_a_file_that_was_made_is_seen(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "roles").mkdir(parents=True)
    page = site / "roles/page.html"
    page.write_text("page", encoding="ascii")
    before = outputs_key([site, tmp_path / "cards"])

    seen = {before}
    os.utime(page, ns=(1, 1))
    seen.add(outputs_key([site, tmp_path / "cards"]))
    page.write_text("pages", encoding="ascii")
    seen.add(outputs_key([site, tmp_path / "cards"]))
    page.chmod(0o600)
    seen.add(outputs_key([site, tmp_path / "cards"]))
    page.unlink()
    seen.add(outputs_key([site, tmp_path / "cards"]))
    (tmp_path / "cards").mkdir()
    seen.add(outputs_key([site, tmp_path / "cards"]))

    assert len(seen) == 6


def test_a_folder_keeps_its_key_under_another_name(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new/page.html").write_text("page", encoding="ascii")
    before = outputs_key([tmp_path / "new"])

    (tmp_path / "new").rename(tmp_path / "site")

    assert outputs_key([tmp_path / "site"]) == before


def test_a_run_is_remembered_where_only_its_owner_reads(tmp_path: Path) -> None:
    run = LastRun("in", "out", 2, 3, 4, "zh")
    assert last_run(tmp_path) is None

    remember_run(tmp_path, run)

    assert last_run(tmp_path) == run
    assert (tmp_path / ".kpibook/built.json").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / ".kpibook/.gitignore").read_text(encoding="ascii") == "*\n"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"inputs": "a"}', "\xff"])
def test_what_is_kept_and_makes_no_sense_is_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / ".kpibook").mkdir()
    (tmp_path / ".kpibook/built.json").write_text(text, encoding="latin-1")

    assert last_run(tmp_path) is None
