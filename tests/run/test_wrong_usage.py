"""Wrong usage is told in the company's language, with how the command is written."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from companies import COMPANY
from kpibook.cli import Exit, main

USAGE = "用法：kpibook publish [OPTIONS] CYCLE\n说明：kpibook publish --help\n\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("publish", "2026-10"), USAGE + "错误：要写选项 --by\n"),
        (("publish",), USAGE + "错误：要写 CYCLE\n"),
        (
            ("publish", "2026-10", "--by", "HR", "--on", "11/30"),
            USAGE + "错误：--on 写得不对：请写成 2026-11-30 这样的日期\n",
        ),
        (("publish", "2026-10", "--anyways"), USAGE + "错误：没有选项 --anyways；是不是 --anyway\n"),
        (("publish", "2026-10", "2026-11", "--by", "HR"), USAGE + "错误：多了 2026-11\n"),
        (("publish", "--by"), "错误：选项 --by 后面要写内容\n"),
        (("publsh",), "错误：没有命令 publsh\n"),
        (("--handbok", "x", "check"), "错误：没有选项 --handbok；是不是 --handbook\n"),
        (("correct", "--later", "never"), "错误：--later 写得不对：只能是 also, leave 之一\n"),
        (("diff", "HEAD", "--cycles", "-1"), "错误：--cycles 写得不对：请写不小于 0 的整数\n"),
        (("open", "2026-11", "--name", "a\x1bb", "--x\x1b"), "错误：没有选项 --x\\u001b\n"),
        (("import", "sent.xlsx"), "错误：FILES... 写得不对：sent.xlsx：没有这个文件或文件夹\n"),
        (("format", "nowhere.yml"), "错误：[PATHS]... 写得不对：nowhere.yml：没有这个文件或文件夹\n"),
        (("check", "--details", "handbook"), "错误：--details 写得不对：handbook：这是文件夹，不是文件\n"),
        (
            ("score", "2026-10", "--out", "handbook/company.yml"),
            "错误：--out 写得不对：handbook/company.yml：路径中间有一段不是文件夹\n",
        ),
    ],
)
def test_it_is_told_in_the_language_of_the_company(company: Path, arguments: tuple[str, ...], told: str) -> None:
    done = CliRunner().invoke(main, arguments, prog_name="kpibook")

    assert done.exit_code == Exit.USAGE
    assert done.stderr.endswith(told)
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("diff", "HEAD~1"), "错误：handbook 不在 git 仓库里"),
        (("new", "role", "cook", "--owner", "shop"), "错误：--like 和 --owner 只用于新建岗位"),
        (("--scorecards", "nowhere", "check"), "错误：找不到文件夹 nowhere：请用 --scorecards 指明。"),
        (("check", "\0"), "错误：参数 "),
        (("build", "--details", "nowhere/inside.txt"), "错误：写不了 nowhere/inside.txt（没有这个文件或文件夹）"),
        (("check", "--details", "x" * 300), f"错误：写不了 {'x' * 300}（文件名太长）"),
    ],
)
def test_what_is_refused_later_is_told_in_it_too(company: Path, arguments: tuple[str, ...], told: str) -> None:
    done = CliRunner().invoke(main, arguments, prog_name="kpibook")

    assert done.exit_code == Exit.USAGE
    assert done.stderr.splitlines()[-1].startswith(told)


@pytest.mark.parametrize(
    ("login", "told"),
    [
        ("e011", "错误：没有登录名是 e011 的人；相近的有：e01"),
        ("zzz", "错误：没有登录名是 zzz 的人；不写登录名就列出所有人"),
    ],
)
def test_a_login_that_nobody_has_names_those_that_are_alike(company: Path, login: str, told: str) -> None:
    own = company / "handbook/company.yml"
    own.write_text(own.read_text(encoding="utf-8") + "access: {hr: [office]}\n", encoding="utf-8")

    done = CliRunner().invoke(main, ["access", login], prog_name="kpibook")

    assert done.exit_code == Exit.USAGE
    assert done.stderr.splitlines()[-1].startswith(told)


def test_the_handbook_that_is_named_decides_the_language(tmp_path: Path) -> None:
    shutil.copytree(COMPANY, tmp_path, dirs_exist_ok=True)
    company = tmp_path / "handbook/company.yml"
    company.write_text(company.read_text(encoding="utf-8").replace("language: zh", "language: en"), encoding="utf-8")

    done = CliRunner().invoke(main, ["--handbook", str(tmp_path / "handbook"), "verify", "--all"], prog_name="kpibook")

    assert done.stderr == (
        "Usage: kpibook verify [OPTIONS] [CYCLES]...\nHelp: kpibook verify --help\n\nerror: there is no option --all\n"
    )


def test_without_a_command_the_help_is_shown() -> None:
    done = CliRunner().invoke(main, [], prog_name="kpibook")

    assert "--handbook" in done.output
    assert "publish" in done.output
