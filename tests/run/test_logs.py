"""What a log of a CI tells: code, place and column; no cell of a file about people, whatever is wrong with it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from canaries import all_marks, let_out, marked_company
from companies import COMPANY
from kpibook.base.problems import Place, Problem
from kpibook.base.reporting import WITHHELD, as_gitlab, without_values
from kpibook.base.words import words
from kpibook.cli import Exit, main


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return marked_company(tmp_path_factory.mktemp("marked"))


def run(company: Path, *arguments: str, code: int, is_log: bool = True) -> str:
    folders = ("--handbook", str(company / "handbook"), "--scorecards", str(company / "scorecards"))
    env = {"CI": "true" if is_log else None}
    done = CliRunner().invoke(main, [*folders, *arguments], env=env)
    assert done.exit_code == code, done.output
    return done.output


CHECKS = [("check", "--format", style) for style in ("text", "json", "github", "gitlab")]
STATES = [("status", "2026-10", "--format", style) for style in ("text", "json", "csv")]


@pytest.mark.parametrize("command", [*CHECKS, *STATES], ids=lambda command: "-".join(command))
def test_no_cell_of_anybody_stands_in_a_log(company: Path, command: tuple[str, ...]) -> None:
    told = run(company, *command, code=Exit.SET_ASIDE)

    assert len(all_marks()) > 400
    assert not let_out(told)
    assert "林晓" not in told
    assert "E01" not in told


def test_a_strict_check_lets_nothing_out_either(company: Path) -> None:
    assert not let_out(run(company, "check", "--strict", code=Exit.FAULTY))


@pytest.mark.parametrize("style", ["github", "gitlab"])
def test_what_a_host_shows_beside_a_change_names_nobody_wherever_it_is_made(company: Path, style: str) -> None:
    assert not let_out(run(company, "check", "--format", style, code=Exit.SET_ASIDE, is_log=False))


def test_the_comparison_of_two_versions_lets_nothing_out(company: Path) -> None:
    for style in ("markdown", "json"):
        assert not let_out(run(company, "diff", str(COMPANY), "--format", style, code=Exit.DONE))


def test_hr_at_their_own_terminal_read_everything(company: Path) -> None:
    """The control: without a log the marks are there, so the search sees them."""
    assert len(let_out(run(company, *CHECKS[0], code=Exit.SET_ASIDE, is_log=False))) > 20


def test_code_place_and_column_stand_in_a_log(company: Path) -> None:
    problems = json.loads(run(company, "check", "--format", "json", code=Exit.SET_ASIDE))

    file = "scorecards/2026-10/adjustments.csv"
    [first] = [each for each in problems if (each["file"], each["line"]) == (file, 8)]
    assert first["code"] == "cell-not-a-number"
    assert first["column"] == 5
    assert first["message"] == "… 写的“…”不是数字"


def test_the_whole_text_goes_into_a_file_of_hr_alone(company: Path, tmp_path: Path) -> None:
    for command, code in ((CHECKS[0], Exit.SET_ASIDE), (STATES[0], Exit.SET_ASIDE)):
        file = tmp_path / f"{command[0]}.txt"

        told = run(company, *command, "--details", str(file), code=code)

        assert not let_out(told)
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.read_text(encoding="utf-8").rstrip() in run(company, *command, code=code, is_log=False)
        assert let_out(file.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def built(company: Path) -> Iterator[tuple[Path, str]]:
    """Both sites of the marked company, and what a log tells of making them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(company)
        yield company, run(company, "build", "--details", "for-hr.txt", code=Exit.SET_ASIDE)


def test_a_build_lets_nothing_out(built: tuple[Path, str]) -> None:
    root, log = built
    public = [*(root / "site").rglob("*"), *(root / "build" / "handbook").rglob("*"), *root.glob("build/schemas/**/*")]
    files = [path for path in public if path.is_file()]

    assert len(files) > 50
    assert not let_out(log)
    assert not {path: found for path in files if (found := let_out(path.read_bytes().decode("utf-8", "replace")))}
    assert let_out((root / "for-hr.txt").read_text(encoding="utf-8"))


def test_a_value_is_taken_out_whole_with_the_name_of_its_sheet() -> None:
    problem = Problem(
        "cell-not-a-number", Place("scorecards/x.xlsx", 3, 2, "李二!B3"), {"column": "工资", "text": "9k"}
    )

    told = without_values(problem)

    assert told.values == {"column": WITHHELD, "text": WITHHELD}
    assert str(told.place) == "scorecards/x.xlsx!B3"
    assert without_values(Problem("x", Place("a"), {"role": "clerk"}, is_public=True)).values == {"role": "clerk"}


def test_faults_that_a_log_tells_alike_keep_fingerprints_of_their_own() -> None:
    place = Place("scorecards/x.csv")
    same = [without_values(Problem("unknown-person", place, {"text": name, "near": ""})) for name in ("A1", "A2")]

    first, second = json.loads("".join(as_gitlab(same, words("en"))))

    assert first["description"] == second["description"]
    assert first["fingerprint"] != second["fingerprint"]
