"""The command line under what nobody types: odd arguments, and output that nobody can take."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from kpibook.cli import Exit, main

COMPANY = Path(__file__).parents[1] / "company"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_under_the_output_is_told(company: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "kpibook", "status", "2026-10"],
            cwd=company,
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
            env=os.environ | {"LC_ALL": "en_US.UTF-8"},
        )

    assert done.returncode == Exit.USAGE
    assert done.stderr.splitlines()[-1] == ("错误：结果打印不出来（磁盘满了）；该生成的文件都已经生成")


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "\x1b[2J"),
        ("che\x1bck",),
        ("explain", "2026-10", "\x1b[2J\u202e"),
        ("explain", "2026-10\n", "E01"),
        ("score", "../2026-10", "--out", "out"),
        ("score", "\udcff", "--out", "out"),
        ("build", "a" * 10_000),
        ("check", "--today", "2026-02-30\x1b"),
        ("check", "--format", "\x9b"),
        ("--handbook", "\x1b", "check"),
        ("new", "role", "\x1b\udcff"),
        ("new", "role", "cook", "--name", "\udcff", "--department", "shop"),
        ("import", "\x1b"),
        ("score", "2026-10\0", "--out", "out"),
    ],
)
@pytest.mark.usefixtures("company")
def test_no_argument_ends_in_a_traceback_or_reaches_the_terminal_raw(arguments: Sequence[str]) -> None:
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)

    assert done.exit_code == Exit.USAGE
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", done.output)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_whose_name_is_no_text_can_be_named_where_it_is(company: Path) -> None:
    name = os.fsdecode("\u6570.csv".encode("gb18030"))
    Path(name).write_text("subject,measure,actual\nE01,sales,5\n", encoding="utf-8")

    done = CliRunner().invoke(main, ["import", name, "--cycle", "2026-10", "--dry-run"], catch_exceptions=False)

    assert done.exit_code != Exit.USAGE
    assert r"\udcca\udcfd.csv" in done.output
