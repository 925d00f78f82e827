"""Beginnings: a role, an indicator, a cycle, and a whole company's repository that builds at once."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from commands import run
from kpibook.authoring.scaffolding import TEMPLATES, NewCompany, create_company
from kpibook.base.numbers import HUNDRED, ZERO
from kpibook.base.periods import Period
from kpibook.base.problems import Problem
from kpibook.base.words import LANGUAGES, words
from kpibook.checking.checks import check_catalog
from kpibook.model import Catalog, Indicator, Role
from kpibook.reading.catalog import load_catalog
from kpibook.reading.formatting import lay_out
from sources import ROOT

COMPANY = ROOT / "tests" / "company"
OCTOBER = Period.parse("2026-10")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def problems(root: Path) -> list[Problem]:
    catalog, found = load_catalog(root / "handbook")
    return [*found, *check_catalog(catalog)]


def codes(root: Path) -> set[str]:
    return {problem.code for problem in problems(root)}


def opened(text: str) -> str:
    """The text with every line in use that a `#` keeps out of use."""
    return re.sub(r"(?m)^( *)# (?=[a-z_]+:|  +)", r"\1", text)


def test_a_new_role_is_asked_for_what_it_lacks_and_for_nothing_else(company: Path) -> None:
    result = run("new", "role", "cashier")

    faults = {(problem.code, problem.values["key"]) for problem in problems(company) if problem.code == "missing-key"}
    assert result.stdout.startswith("已新建 handbook/roles/cashier.yml\n")
    assert faults == {("missing-key", "name"), ("missing-key", "department")}
    assert codes(company) == {"missing-key"}


def test_a_new_role_with_name_and_department_is_a_draft_that_check_accepts(company: Path) -> None:
    run("new", "role", "cashier", "--name", "收银员: 早班", "--department", "shop")

    catalog, _ = load_catalog(company / "handbook")
    assert catalog.roles["cashier"].name == "收银员: 早班"
    assert codes(company) == {"duties-missing"}
    assert run("check").exit_code == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_a_new_role_can_be_used(company: Path, language: str) -> None:
    setting = company / "handbook" / "company.yml"
    setting.write_text(read(setting).replace("language: zh", f"language: {language}"), encoding="utf-8")
    run("new", "role", "cashier", "--name", "Cashier", "--department", "shop")
    text = opened(read(company / "handbook/roles/cashier.yml"))

    role = Role.build(id="cashier", **yaml.load(text, yaml.CBaseLoader))

    assert len(role.items) == 3
    assert sum(item.weight or ZERO for item in role.items) == HUNDRED
    assert role.extras
    assert role.gates
    assert role.pay
    assert role.qualifications.knowledge
    assert lay_out(text) == text


def test_a_new_indicator_has_a_file_of_its_own(company: Path) -> None:
    result = run("new", "indicator", "refund_rate")

    file = company / "handbook/indicators/refund_rate.yml"
    indicator = yaml.load(opened(read(file)), yaml.CBaseLoader)["refund_rate"]
    assert result.exit_code == 0
    assert read(file).startswith("# yaml-language-server: $schema=../../build/schemas/indicators.schema.json\n")
    assert codes(company) == {"missing-key"}
    assert Indicator.build(**{**indicator, "id": "refund_rate", "name": "Refunds"}).formula
    assert lay_out(read(file)) == read(file)


def test_a_new_indicator_is_added_at_the_end_of_a_group(company: Path) -> None:
    file = company / "handbook/indicators/sales.yml"
    file.write_text(read(file).rstrip("\n"), encoding="utf-8")
    before = read(file)

    run("new", "indicator", "refund_rate", "--name", "退款率", "--group", "sales")

    assert read(file).startswith(f"{before}\nrefund_rate:  # ")
    assert codes(company) == {"indicator-unused"}


def test_a_new_cycle_has_the_people_of_the_one_before(company: Path) -> None:
    result = run("new", "cycle", "2026-11")

    folder = company / "scorecards" / "2026-11"
    cycle = yaml.safe_load(read(folder / "cycle.yml"))
    assert "取自 2026-10，请核对入职和转岗；上个周期的起止日期、缺勤和豁免没有带过来。" in result.stdout
    assert (folder / "people.csv").read_bytes() == (COMPANY / "scorecards/2026-10/people.csv").read_bytes()
    assert cycle["name"] == "2026年11月"
    assert (cycle["kind"], cycle["status"]) == ("month", "open")
    role = "handbook/roles/barista.yml"
    assert (folder / role).read_bytes() == (COMPANY / role).read_bytes()
    assert list(map(str, cycle["schedule"].values())) == ["2026-12-07", "2026-12-08", "2026-12-10"]
    assert "error" not in run("check").stdout


@pytest.mark.parametrize("status", ["none", "planned"])
def test_the_usual_days_are_working_days_each_after_the_other(company: Path, status: str) -> None:
    off = "".join(f"2026-12-{day:02},no,Snow\n" for day in range(5, 9))
    (company / "handbook/holidays.csv").write_text(f"day,works,name\n{off}2026-12-12,yes,Instead\n", encoding="utf-8")
    folder = company / "scorecards" / "2026-11"
    if status == "planned":
        folder.mkdir()
        (folder / "cycle.yml").write_text("name: November\nkind: month\nstatus: planned\n", encoding="utf-8")

    run("open", "2026-11")

    cycle = yaml.safe_load(read(folder / "cycle.yml"))
    assert list(map(str, cycle["schedule"].values())) == ["2026-12-09", "2026-12-10", "2026-12-11"]


@pytest.mark.parametrize(
    ("cycle", "language", "name"),
    [
        ("2027-Q1", "zh", "2027年第1季度"),
        ("2027-H2", "en", "H2 2027"),
        ("2027", "en", "2027"),
        ("2027-03", "en", "March 2027"),
    ],
)
def test_a_new_cycle_is_named_after_its_period(company: Path, cycle: str, language: str, name: str) -> None:
    setting = company / "handbook" / "company.yml"
    setting.write_text(read(setting).replace("language: zh", f"language: {language}"), encoding="utf-8")

    run("new", "cycle", cycle)

    assert f"\nname: {name}  # " in read(company / "scorecards" / cycle / "cycle.yml")


def test_the_first_cycle_has_a_header_and_no_people(company: Path) -> None:
    shutil.rmtree(company / "scorecards")
    (company / "scorecards" / "notes").mkdir(parents=True)
    (company / "scorecards" / "notes" / "people.csv").write_text("x", encoding="utf-8")

    run("new", "cycle", "2026-11", "--name", "First")

    assert read(company / "scorecards/2026-11/people.csv") == "person,name,role,department,manager,from,to\n"
    assert "\nname: First  # " in read(company / "scorecards/2026-11/cycle.yml")


def test_a_cycle_that_is_there_is_not_made_again(company: Path) -> None:
    before = {path: path.read_bytes() for path in company.rglob("*") if path.is_file()}

    result = run("new", "cycle", "2026-10")

    assert result.exit_code == 1
    assert result.stderr == (
        "scorecards/2026-10/cycle.yml: error: 2026-10 正在进行 [step-open]\n"
        "    hint: 先用 kpibook publish 2026-10 公布；进行中的周期改用当前手册，用 kpibook agree 2026-10\n"
        "什么都没有改动。\n"
    )
    assert {path: path.read_bytes() for path in company.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("role", "barista"), "handbook/roles/barista.yml 已经有了，没有改动它。"),
        (("indicator", "attitude"), "attitude 已经用在 handbook/indicators/service.yml。"),
        (("indicator", "visitors"), "visitors 已经用在 handbook/measures.yml。"),
        (("role", "Shop_Manager"), "Shop_Manager 不能作岗位编号"),
        (("role", "a" * 65), "不能作岗位编号"),
        (("role", "../x"), "../x 不能作岗位编号"),
        (("indicator", "refund-rate"), "refund-rate 不能作指标编号"),
        (("indicator", "refund_rate", "--group", "../x"), "../x 不能作文件名"),
        (("cycle", "2026-13"), "2026-13 不是考核周期"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_changes(
    company: Path, arguments: tuple[str, ...], told: str
) -> None:
    before = {path: path.read_bytes() for path in company.rglob("*") if path.is_file()}

    result = run("new", *arguments)

    assert result.exit_code == 2
    assert told in result.stderr
    assert {path: path.read_bytes() for path in company.rglob("*") if path.is_file()} == before


def test_a_file_of_the_indicator_s_name_is_not_overwritten(company: Path) -> None:
    (company / "handbook/indicators/refund_rate.yml").write_text("", encoding="utf-8")

    assert run("new", "indicator", "refund_rate").exit_code == 2
    assert not read(company / "handbook/indicators/refund_rate.yml")


def test_without_a_handbook_nothing_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert run("new", "role", "cashier").exit_code == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_company_s_repository_has_no_doubt_in_it_and_builds_at_once(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "青山: 文具"
    made = run("init", str(folder), "--language", language, "--month", "2026-10")
    monkeypatch.chdir(folder)

    checked, laid_out = run("check", "--strict"), run("format", "--check")
    built = run("build")

    assert (made.exit_code, checked.exit_code, laid_out.exit_code, built.exit_code) == (0, 0, 0, 0), checked.output
    assert load_catalog(folder / "handbook")[0].company.name == "青山: 文具"
    assert load_catalog(folder / "handbook")[0].company.language == language
    assert "青山: 文具" in read(folder / "site" / "index.html")
    assert {"zh": "对结果有异议", "en": "disagree with my result"}[language] in read(folder / "site" / "index.html")
    assert len(list(folder.glob("site-cards/2026-10/p/*.html"))) == 3
    assert not re.search(
        r"@[A-Z_]+@", "".join(read(path) for path in folder.rglob("*.yml")) + read(folder / "README.md")
    )


def test_everybody_in_a_new_company_has_a_total(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("init", str(tmp_path / "shop"), "--month", "2026-10")
    monkeypatch.chdir(tmp_path / "shop")

    result = run("score", "2026-10", "--out", "scores")

    assert result.exit_code == 0
    assert "3 people, 3 of them with a total" in result.stdout or "3 人，其中 3 人有总分" in result.stdout


def test_both_languages_describe_the_same_company(tmp_path: Path) -> None:
    chinese, english = (founded(tmp_path / language, language) for language in LANGUAGES)

    assert frame(chinese) == frame(english)


def founded(folder: Path, language: str) -> Catalog:
    create_company(folder, NewCompany("Shop", OCTOBER, "1"), words(language))
    return load_catalog(folder / "handbook")[0]


def frame(catalog: Catalog) -> object:
    """What a catalog says apart from its words."""
    return (
        [(each.id, each.parent, each.head) for each in catalog.departments.values()],
        [(each.id, each.threshold, each.factor, each.fail) for each in catalog.grades],
        [(each.id, each.owner) for each in catalog.measures.values()],
        [(each.id, each.direction, each.formula, each.owner) for each in catalog.indicators.values()],
        [
            (role.id, [(item.indicator, item.weight, item.target, item.supports) for item in role.items])
            for role in catalog.roles.values()
        ],
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_company_has_the_same_files_in_both_languages(language: str) -> None:
    files = {path.relative_to(TEMPLATES / language) for path in (TEMPLATES / language).rglob("*") if path.is_file()}

    assert files == {path.relative_to(TEMPLATES / "en") for path in (TEMPLATES / "en").rglob("*") if path.is_file()}


def test_the_files_of_a_new_company_stand_where_their_readers_look(tmp_path: Path) -> None:
    founded(tmp_path, "en")

    assert {path.name for path in tmp_path.iterdir()} == {
        *(".gitattributes", ".gitea", ".github", ".gitignore", ".gitlab-ci.yml", ".vscode"),
        *("CODEOWNERS", "Makefile", "README.md", "handbook", "mkdocs.yml", "requirements.txt", "scorecards"),
    }
    assert read(tmp_path / "requirements.txt").splitlines()[-1] == "./wheels/kpibook-1-py3-none-any.whl"


def test_make_site_builds_a_new_company(tmp_path: Path) -> None:
    founded(tmp_path, "zh")
    installed(tmp_path)

    done = subprocess.run(["make", "site"], cwd=tmp_path, env=outside(), capture_output=True, check=False)

    assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "site" / "index.html").is_file()
    assert (tmp_path / "site-cards" / "index.html").is_file()


def test_make_alone_explains_itself(tmp_path: Path) -> None:
    founded(tmp_path, "en")

    done = subprocess.run(["make"], cwd=tmp_path, env=outside(), capture_output=True, encoding="utf-8", check=False)

    assert [line.split()[1] for line in done.stdout.splitlines()] == [
        *("help", "setup", "site", "serve", "check", "format", "clean")
    ]


def installed(folder: Path) -> None:
    """This environment's kpibook in place of one from a package index."""
    command = folder / ".venv" / "bin" / "kpibook"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kpibook "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    (folder / ".venv" / "ready").touch()


def outside() -> dict[str, str]:
    """The environment of a shell, not that of the make that runs the tests."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS", "COV"))}


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x", encoding="utf-8")

    result = run("init", str(tmp_path), "--language", "en")

    assert result.exit_code == 2
    assert "is not empty and was left as it is" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_repository_that_was_just_begun_counts_as_empty(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()

    assert run("init", str(tmp_path)).exit_code == 0


@pytest.mark.parametrize(("name", "known_as"), [("Green\n Hill ", "Green Hill"), ("  ", "tea-house")])
def test_a_company_s_name_is_one_line_and_its_folder_s_where_there_is_none(
    tmp_path: Path, name: str, known_as: str
) -> None:
    run("init", str(tmp_path / "tea-house"), "--language", "en", "--name", name)

    assert load_catalog(tmp_path / "tea-house" / "handbook")[0].company.name == known_as
    assert read(tmp_path / "tea-house" / "README.md").startswith(f"# The KPI handbook of {known_as}\n\n")


@pytest.mark.parametrize("month", ["2026-Q4", "soon"])
def test_only_a_month_will_do(tmp_path: Path, month: str) -> None:
    result = run("init", str(tmp_path / "x"), "--language", "zh", "--month", month)

    assert result.exit_code == 2
    assert f"{month} 不是月份" in result.stderr
    assert not (tmp_path / "x").exists()
