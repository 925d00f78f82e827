"""The handbook's Markdown is made again only where what decides it has changed, or it is not as it was left."""

import subprocess
from pathlib import Path

import pytest

from companies import a_company
from kpibook import pipeline
from kpibook.content import read
from kpibook.handbook import pages_key

SETTINGS = "mkdocs.yml"


@pytest.fixture
def company(tmp_path: Path) -> Path:
    return a_company(tmp_path)


def key(root: Path) -> str:
    return pages_key(read(root / "handbook", root / "scorecards"), root / SETTINGS)


def build(root: Path) -> None:
    content = read(root / "handbook", root / "scorecards")
    pipeline.build(content, root, set(content.cycles))


def test_a_supplied_number_decides_nothing_of_the_handbook(company: Path) -> None:
    before = key(company)
    actuals = company / "scorecards/2026-10/actuals/support.csv"

    actuals.write_text(actuals.read_text("utf-8").replace("55000", "56000"), encoding="utf-8")

    assert before
    assert key(company) == before


@pytest.mark.parametrize("table", ["ratings.csv", "adjustments.csv", "calibration.csv", "leave.csv"])
def test_a_table_about_people_decides_nothing_of_the_handbook(company: Path, table: str) -> None:
    file = company / "scorecards/2026-10" / table
    file.write_text(file.read_text("utf-8") if file.is_file() else "", encoding="utf-8")
    before = key(company)

    with file.open("a", encoding="utf-8") as stream:
        stream.write("E01,x\n")

    assert before
    assert key(company) == before


@pytest.mark.parametrize(
    "file",
    [
        "handbook/roles/barista.yml",
        "handbook/pages/index.md",
        "scorecards/2026-10/people.csv",
        "scorecards/2026-10/targets.csv",
        SETTINGS,
    ],
)
def test_whatever_else_is_written_decides_it(company: Path, file: str) -> None:
    before = key(company)
    (company / file).parent.mkdir(exist_ok=True)

    with (company / file).open("a", encoding="utf-8") as stream:
        stream.write("\n# x\n")

    assert key(company) != before


def test_a_commit_decides_it(company: Path) -> None:
    def git(*command: str) -> None:
        name = ("-c", "user.name=HR", "-c", "user.email=hr@example.com")
        subprocess.run(["git", "-C", str(company), *name, *command], check=True, capture_output=True)

    git("init")
    before = key(company)

    git("add", "handbook")
    git("commit", "-m", "roles: as agreed")

    assert key(company) != before


def test_settings_that_let_other_files_decide_leave_nothing_known(company: Path) -> None:
    (company / SETTINGS).write_text("INHERIT: other.yml\n", encoding="utf-8")

    assert key(company) == ""


def test_pages_that_are_not_as_they_were_left_are_made_again(company: Path) -> None:
    build(company)
    pages = company / "build/handbook"
    role = next((pages / "roles").glob("*.md"))
    text = role.read_bytes()

    role.write_bytes(text + b"more")
    (pages / "strange.md").write_text("strange", encoding="utf-8")
    (company / "build/schemas/role.schema.json").unlink()
    build(company)

    assert role.read_bytes() == text
    assert not (pages / "strange.md").exists()
    assert (company / "build/schemas/role.schema.json").is_file()
