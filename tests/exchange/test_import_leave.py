"""HR's table of leave goes into leave.csv, and a roster brings job levels."""

from pathlib import Path

import pytest

from sent_tables import aside, make_company, october, people, plain_file, run

KINDS = "part_cycle: {targets: by_days, leave_kinds: [产假, 工伤假]}\n"
TABLE = """\
请假表,,,,,
工号,姓名,部门,假别,开始日期,结束日期,请假天数,备注
E01,林晓,门店部,产假,2026-10-08,2027-01-15,100,
E02,周然,门店部,事假,2026-10-12,2026-10-13,2,
,何小青,门店部,工伤假,2026年10月20日,,,住院
E03,何小青,门店部,产假,2026-03-01,2026-06-01,90,
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The tiny company, in which two kinds of leave are protected."""
    made = make_company(tmp_path)
    with (made / "handbook" / "company.yml").open("a", encoding="utf-8") as file:
        file.write(KINDS)
    return made


def leave(root: Path) -> list[str]:
    path = october(root) / "leave.csv"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def test_protected_leave_is_taken_and_all_other_is_named(root: Path) -> None:
    result = run(root, "import", plain_file(root, TABLE))

    assert result.exit_code == 0, result.output
    assert leave(root) == [
        "person,kind,from,to,note",
        "E01,产假,2026-10-08,2027-01-15,",
        "E03,工伤假,2026-10-20,,住院",
    ]
    assert "sent.csv（utf-8）：请假表；表头在第 2 行" in result.output
    assert (
        "忽略：不是公司规定的受保护的假期（事假、病假的天数写进花名册的 absent_days），1 行（第 4 行）" in result.output
    )
    assert "忽略：别的周期，1 行（第 6 行）" in result.output
    assert run(root, "check").exit_code in (0, 3)


def test_the_same_table_twice_changes_nothing_and_another_end_is_told(root: Path) -> None:
    run(root, "import", plain_file(root, TABLE))
    before = leave(root)

    again = run(root, "import", plain_file(root, TABLE))
    changed = plain_file(
        root, TABLE.replace("2027-01-15", "2027-02-01").replace("2026年10月20日,", "2026年10月20日,2026/10/28")
    )
    held = run(root, "import", changed)

    assert again.exit_code == 0
    assert "E01 产假 2026-10-08 在 scorecards/2026-10/leave.csv 里是 2027-01-15，新文件写的是 2027-02-01" in held.output
    assert held.output.count("[value-differs]") == 2
    assert leave(root) == before

    done = run(root, "import", changed, "--replace")

    assert done.exit_code == 0, done.output
    assert leave(root)[1:] == ["E01,产假,2026-10-08,2027-02-01,", "E03,工伤假,2026-10-20,2026-10-28,住院"]
    assert {line.split(",")[0] for line in (october(root) / "set-aside.csv").read_text().splitlines()} == {
        "state",
        "open",
        "closed",
    }
    assert "[waiting-row]" not in run(root, "check").output


def test_where_no_leave_is_protected_nothing_is_guessed(root: Path) -> None:
    company = root / "handbook" / "company.yml"
    company.write_text(company.read_text(encoding="utf-8").replace(KINDS, ""), encoding="utf-8")

    result = run(root, "import", plain_file(root, TABLE))

    assert leave(root) == []
    assert "“产假”是不是受保护的假期，公司还没有规定，这一行没有采用 [leave-kinds-not-named]" in result.output
    assert "leave_kinds，例如 [产假, 工伤假]" in result.output


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("E09,产假,2026-10-08,2026-10-20", "unknown-person"),
        ("E01,产假,下周,2026-10-20", "roster-date"),
        ("E01,产假,,2026-10-20", "cell-empty"),
        ("E01,,2026-10-08,2026-10-20", "cell-empty"),
        ("E01,产假,2026-10-20,2026-10-08", "dates-reversed"),
    ],
)
def test_a_row_that_cannot_be_read_waits(root: Path, row: str, code: str) -> None:
    run(root, "import", plain_file(root, f"工号,假别,开始日期,结束日期\n{row}\n"))

    assert leave(root) == []
    assert aside(root) == [("2", code)]


LEVELS = """\
levels:
  - {id: P1, name: 初级}
  - {id: P2, name: 中级}
"""
ROSTER = "工号,姓名,岗位,部门,职级\nE01,林晓,店长,门店部,\nE02,周然,茶艺师,门店部,p2\nE03,何小青,茶艺师,门店部,P1\n"


def with_levels(root: Path) -> None:
    with (root / "handbook" / "roles" / "barista.yml").open("a", encoding="utf-8") as file:
        file.write(LEVELS)


@pytest.mark.parametrize("title", ["职级", "岗位级别", "level", "Job level"])
def test_a_roster_brings_the_levels_of_the_roles(root: Path, title: str) -> None:
    with_levels(root)
    (october(root) / "people.csv").unlink()

    result = run(root, "import", plain_file(root, ROSTER.replace("职级", title)))

    assert result.exit_code == 0, result.output
    assert [line.rstrip(",") for line in people(root)] == [
        "E01,林晓,shop-manager,shop",
        "E02,周然,barista,shop,,P2",
        "E03,何小青,barista,shop,,P1",
    ]


def test_a_level_that_the_role_does_not_have_is_refused(root: Path) -> None:
    with_levels(root)

    result = run(root, "import", plain_file(root, ROSTER.replace("P1", "P9").replace("p2", "")))

    assert "[unknown-job-level]" in result.output
    assert "[job-level-missing]" in result.output
    assert {code for _, code in aside(root)} == {"unknown-job-level", "job-level-missing"}


def test_levels_are_not_taken_where_no_role_has_any_and_that_is_told(root: Path) -> None:
    result = run(root, "import", plain_file(root, ROSTER))

    assert "列 职级 没有采用：还没有一个岗位分职级 [roster-level-unused]" in result.output
    assert not any("P1" in line or "p2" in line for line in people(root))
