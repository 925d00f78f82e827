"""What both READMEs promise is there."""

import re
import shutil
from pathlib import Path
from textwrap import dedent
from typing import Any, ClassVar, Literal, get_args

import click
import pytest
import yaml
from click.testing import CliRunner
from gmpy2 import mpq

from kpibook.base.entry import Number
from kpibook.base.numbers import show
from kpibook.cli import Exit, main
from kpibook.model import Indicator, Measure, Role
from kpibook.rules.standards import Standard
from kpibook.rules.standards.base import Case, Rule, RuleOutcome, Step, Units
from kpibook.rules.standards.wording import Wording
from sources import ROOT

READMES = (ROOT / "README.md", ROOT / "README.zh.md")
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)]+)\)")
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
MAKE = re.compile(r"^make ([a-z]+)|`make ([a-z]+)`", re.MULTILINE)
KPIBOOK = re.compile(r"^(?:\.venv/bin/)?kpibook ([^#\n`]+)|`(?:\.venv/bin/)?kpibook ([^`]+)`", re.MULTILINE)
BACKTICKED_PATH = re.compile(r"`((?:handbook|scorecards|generator|tests)/[\w./-]*)`")

readmes = pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)


def text(readme: Path) -> str:
    return readme.read_text(encoding="utf-8")


def prose(readme: Path) -> str:
    """The text without its code."""
    return FENCE.sub("", text(readme))


def blocks(readme: Path, language: str) -> list[str]:
    return [dedent(body) for kind, body in FENCE.findall(text(readme)) if kind == language]


def test_both_have_the_same_sections() -> None:
    english, chinese = ([len(marks) for marks, _ in HEADING.findall(prose(readme))] for readme in READMES)

    assert english == chinese


def test_both_show_the_same_code() -> None:
    for language in ("yaml", "python"):
        english, chinese = (blocks(readme, language) for readme in READMES)

        assert english == chinese


@readmes
def test_links_lead_somewhere(readme: Path) -> None:
    broken = [target for target in LINK.findall(prose(readme)) if not (ROOT / target.partition("#")[0]).exists()]

    assert not broken


@readmes
def test_paths_exist(readme: Path) -> None:
    placeholders = ("<", "*", "2026-11")
    paths = [path for path in BACKTICKED_PATH.findall(text(readme)) if not any(sign in path for sign in placeholders)]

    assert paths
    assert not [path for path in paths if not (ROOT / path).exists()]


@readmes
def test_make_has_every_target_that_is_named(readme: Path) -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))

    named = {first or second for first, second in MAKE.findall(text(readme))}

    assert {"site", "test", "serve", "check", "hooks", "bench"} <= named
    assert not named - targets


@readmes
def test_every_command_is_named_and_exists(readme: Path) -> None:
    words = {word for pair in KPIBOOK.findall(text(readme)) for word in "".join(pair).split()}
    context = click.Context(main)
    commands = {name: command for name in main.list_commands(context) if (command := main.get_command(context, name))}
    options = {
        option
        for command in (main, *commands.values())
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    }

    assert set(commands) <= words
    assert not {word for word in words if word.startswith("--")} - options


@readmes
def test_every_exit_code_is_named(readme: Path) -> None:
    named = {int(code) for code in re.findall(r"^\| (\d) \|", text(readme), re.MULTILINE)}

    assert named == {code.value for code in Exit}


@readmes
def test_the_examples_are_valid(readme: Path) -> None:
    role, measures, indicators = map(yaml.safe_load, blocks(readme, "yaml"))

    assert Role.build(id="after-sales", **role).items
    assert all(Measure.build(id=key, **value) for key, value in measures.items())
    assert all(Indicator.build(id=key, **value) for key, value in indicators.items())


def test_the_rule_of_one_s_own_works() -> None:
    [source] = [block for block in blocks(READMES[0], "python") if "(Rule)" in block]
    names: dict[str, Any] = {each.__name__: each for each in (Rule, Case, RuleOutcome, Step, Units, Wording)} | {
        "ClassVar": ClassVar,
        "Literal": Literal,
        "Number": Number,
        "show": show,
    }
    exec(source, names)

    rule = names["Halved"].build(rule="halved", per=10)
    scored = rule.judge(Case(weight=mpq(20), direction="lower", target=mpq(100), actual=mpq(125)))

    assert scored == RuleOutcome(mpq(5), (Step("halved", {"times": mpq(2), "points": mpq(5)}),))


def test_the_rules_have_a_base_in_common() -> None:
    [union, *_] = get_args(Standard)

    assert all(issubclass(rule, Rule) for rule in get_args(union))


@readmes
def test_the_walk_s_rows_stand_where_it_says(readme: Path) -> None:
    visitors, buyers = blocks(readme, "csv")[0].split()
    lines = (ROOT / "scorecards/2026-09/actuals/ecommerce.csv").read_text(encoding="utf-8").splitlines()

    assert (lines[1], lines[2]) == (visitors, buyers)


@readmes
def test_the_walk_s_points_are_the_computed_ones(readme: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [shown] = blocks(readme, "text")
    monkeypatch.chdir(ROOT)

    done = CliRunner().invoke(main, ["explain", "2026-09", "HY017", "department_order_conversion"])

    assert done.exit_code == Exit.DONE
    assert done.stdout.strip() == shown.strip()


@pytest.mark.parametrize(("readme", "language"), [(READMES[0], "en"), (READMES[1], "zh")])
def test_the_error_that_is_shown_is_a_real_one(readme: Path, language: str, tmp_path: Path) -> None:
    [shown] = [block for block in blocks(readme, "") if "[weights-total]" in block]
    for folder in ("handbook", "scorecards"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    change(tmp_path / "handbook" / "company.yml", "language: zh", f"language: {language}")
    change(
        tmp_path / "handbook" / "roles" / "store-manager.yml",
        "weight: 70\n        target",
        "weight: 75\n        target",
    )

    arguments = ["--handbook", str(tmp_path / "handbook"), "--scorecards", str(tmp_path / "scorecards"), "check"]
    done = CliRunner().invoke(main, arguments)

    assert done.exit_code == Exit.FAULTY
    assert shown in done.stdout


def change(file: Path, old: str, new: str) -> None:
    content = file.read_text(encoding="utf-8")
    assert old in content
    file.write_text(content.replace(old, new, 1), encoding="utf-8")
