"""The command line as people and schedulers use it: what it prints, and the exit code."""

import json
import shutil
from pathlib import Path

import pytest

from commands import run

COMPANY = Path(__file__).parents[1] / "company"


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the tiny company with a mistyped number in October; the working folder."""
    shutil.copytree(COMPANY, tmp_path, dirs_exist_ok=True)
    with (tmp_path / "scorecards/2026-10/actuals/support.csv").open("a", encoding="utf-8") as file:
        file.write("E03,sales,1O000,\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in {path.name}"
    path.write_text(text.replace(before, after), encoding="utf-8")


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_check_tells_every_problem_of_three_files_in_one_run(company: Path) -> None:
    change(company / "handbook/roles/shop-manager.yml", "weight: 40\n", "weight: 35\n")
    change(company / "handbook/roles/barista.yml", "        target: 20000", "        tarket: 20000")
    change(company / "handbook/indicators/sales.yml", "buyers / visitors", "buyers / visiters")

    result = run("check")

    assert result.exit_code == 1
    assert "handbook/roles/barista.yml:14:9: error: " in result.stdout
    assert "[unknown-key]" in result.stdout
    assert "handbook/indicators/sales.yml:" in result.stdout
    assert "[dangling-reference]" in result.stdout
    assert "[weights-total]" in result.stdout
    assert "95" in result.stdout


def test_check_of_a_sound_catalog_says_which_rows_were_set_aside(company: Path) -> None:
    result = run("check")

    assert result.exit_code == 3
    assert result.stdout.startswith(
        "scorecards/2026-10/actuals/support.csv:6:11: warning: actual 写的“1O000”不是数字 [cell-not-a-number]\n"
    )


def test_check_leaves_the_sites_untouched(company: Path) -> None:
    assert run("build").exit_code == 3
    before = tree(company / "site") | tree(company / "site-cards")
    change(company / "handbook/roles/shop-manager.yml", "weight: 40\n", "weight: 35\n")

    checked, built = run("check"), run("build")

    assert (checked.exit_code, built.exit_code) == (1, 1)
    assert "原来的网站不变" in built.stderr
    assert tree(company / "site") | tree(company / "site-cards") == before


def test_check_as_json_can_be_read_by_a_machine(company: Path) -> None:
    change(company / "handbook/roles/shop-manager.yml", "weight: 40\n", "weight: 35\n")

    told = json.loads(run("check", "--format", "json").stdout)

    assert "weights-total" in {problem["code"] for problem in told if problem["level"] == "error"}


def test_warnings_of_closed_cycles_are_not_told_again(company: Path) -> None:
    (company / "scorecards/2026-09/actuals/shop.csv").write_text(
        "subject,measure,actual,note\nE01,sales,viele,\n", encoding="utf-8"
    )

    result = run("check")

    assert "scorecards/2026-09" not in result.stdout


def test_score_writes_both_tables(company: Path) -> None:
    result = run("score", "2026-10", "--out", "out")

    assert result.exit_code == 3
    assert sorted(tree(company / "out")) == ["items.csv", "totals.csv"]
    assert "out/items.csv" in result.stdout


def test_score_of_faulty_content_writes_nothing(company: Path) -> None:
    change(company / "handbook/roles/shop-manager.yml", "weight: 40\n", "weight: 35\n")

    result = run("score", "2026-10", "--out", "out")

    assert result.exit_code == 1
    assert "[weights-total]" in result.stderr
    assert not (company / "out").exists()


def test_an_unknown_cycle_is_wrong_usage_and_names_those_that_are_there(company: Path) -> None:
    result = run("score", "2026-11", "--out", "out")

    assert result.exit_code == 2
    assert result.stderr.endswith("没有周期 2026-11；现有：2026-09, 2026-10。\n")


def test_explain_finds_a_person_without_case(company: Path) -> None:
    result = run("explain", "2026-10", "e01")

    assert result.exit_code == 0
    assert "林晓" in result.stdout


def test_explain_of_one_indicator_is_shorter(company: Path) -> None:
    whole, part = run("explain", "2026-10", "E01"), run("explain", "2026-10", "E01", "conversion")

    assert part.exit_code == 0
    assert 0 < len(part.stdout) < len(whole.stdout)


def test_explain_names_similar_people(company: Path) -> None:
    result = run("explain", "2026-10", "E1")

    assert result.exit_code == 2
    assert "E01" in result.stderr


def test_explain_names_the_indicators_of_the_card(company: Path) -> None:
    result = run("explain", "2026-10", "E01", "speed")

    assert result.exit_code == 2
    assert result.stderr.endswith("E01 的考核表里没有指标 speed；现有：sales_volume, conversion, complaint_count。\n")


def test_a_folder_that_is_not_there_is_wrong_usage(company: Path) -> None:
    handbook, scorecards = run("--handbook", "catalog", "check"), run("--scorecards", "cycles", "check")

    assert (handbook.exit_code, scorecards.exit_code) == (2, 2)
    assert "catalog" in handbook.stderr
    assert "cycles" in scorecards.stderr


def test_pages_are_markdown_beside_the_schemas_of_editors(company: Path) -> None:
    result = run("pages")

    made = tree(company / "build")
    assert result.exit_code == 3
    # Stamps tell what pages were made from, and are none.
    pages = {path for path in made if not path.startswith(("schemas/", "stamps/"))}
    assert {path.rpartition(".")[2] for path in pages} == {"md"}
    assert "schemas/role.schema.json" in made
    assert "handbook/roles/barista.md" in made
    assert "cards/2026-10/index.md" in made


def test_build_of_one_cycle_makes_the_cards_of_that_cycle(company: Path) -> None:
    result = run("build", "2026-09")

    assert result.exit_code == 0
    assert "site-cards/index.html" in result.stdout
    assert (company / "site-cards/2026-09/index.html").is_file()
    assert not (company / "site-cards/2026-10").exists()


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_broken_link_of_a_policy_is_told_with_its_line(company: Path, command: str) -> None:
    change(company / "handbook/pages/policy.md", "\n\n", "\n\n[不存在](missing.md)\n\n")

    result = run(command)

    assert result.exit_code == 1
    assert "[prose-broken-link]" in result.stdout + result.stderr
    assert "handbook/pages/policy.md:" in result.stdout + result.stderr
    assert not (company / "site").exists()


def test_schema_writes_a_file_for_each_kind(company: Path) -> None:
    result = run("schema", "--out", "schemas")

    assert result.exit_code == 0
    assert len(tree(company / "schemas")) == 9
    assert "上级部门".encode() in (company / "schemas" / "departments.schema.json").read_bytes()
    assert b'"shop-manager"' in (company / "schemas" / "role.schema.json").read_bytes()


def test_schema_speaks_the_language_asked_for_and_can_leave_ids_open(company: Path) -> None:
    result = run("schema", "--language", "en", "--no-ids")

    assert result.stdout == "Wrote 9 JSON Schemas to build/schemas/.\n"
    assert b'"Parent department"' in (company / "build" / "schemas" / "departments.schema.json").read_bytes()
    assert b'"shop-manager"' not in (company / "build" / "schemas" / "role.schema.json").read_bytes()


def test_schema_without_a_handbook_is_as_open(company: Path) -> None:
    shutil.rmtree(company / "handbook")

    result = run("schema")

    assert result.exit_code == 0
    role = json.loads((company / "build" / "schemas" / "role.schema.json").read_text(encoding="utf-8"))
    assert "enum" not in role["properties"]["department"]


def test_a_build_after_which_nothing_changed_is_not_made_again(company: Path) -> None:
    run("build")
    made = {path: path.stat().st_ino for path in company.rglob("*.html")}

    again = run("build")
    (company / "site/index.html").unlink()
    mended = run("build")
    fresh = run("build", "--fresh")

    assert again.exit_code == 3
    assert again.stdout.startswith(
        "有 1 行数据被搁置，见上面的警告和周期页面。\n自上次生成以来没有任何变化，两个网站都完好：手册 "
    )
    assert again.stdout.endswith("要全部重新生成，用 kpibook build --fresh；当时的提示，用 kpibook check 再看。\n")
    assert (company / "site/index.html").is_file()
    for other in (mended, fresh):
        assert "没有任何变化" not in other.stdout
    assert {path: path.stat().st_ino for path in company.rglob("*.html")} != made


def test_the_next_command_ends_a_change_of_the_sites_that_was_cut_off(company: Path) -> None:
    """A build was killed when the handbook had changed and the cards had not."""
    new = {"site": company / "site", "site-cards": company / ".site-cards.kpibook-new"}
    for folder in (*new.values(), company / "site-cards", company / ".site.kpibook-new"):
        folder.mkdir()
        (folder / "index.html").write_text("new" if folder in new.values() else "old", encoding="ascii")
    numbers = {name: folder.stat().st_ino for name, folder in new.items()}
    (company / ".site.kpibook-new.json").write_text(json.dumps(numbers), encoding="ascii")

    done = run("check")

    told = "上一次生成网站换到一半停了；现在几个网站都已换好，内容一致。"
    assert done.stderr.startswith(told)
    assert [(company / name / "index.html").read_text("ascii") for name in new] == ["new", "new"]
    assert not list(company.glob(".site*"))
    assert told not in run("check").stderr
