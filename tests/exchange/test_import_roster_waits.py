"""A row of the roster that waits since an import: what follows from it is told once, by `check`, too."""

from pathlib import Path

import pytest

from sent_tables import Cells, make_company, october, run, workbook


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_company(tmp_path)


def test_what_follows_from_a_row_of_the_roster_that_waits_is_told_once_by_check(root: Path) -> None:
    led: Cells = [[f"E{number}", f"郑{number}", "茶艺师", "门店部", "吴九"] for number in range(10, 17)]
    header = ["工号", "姓名", "岗位", "部门", "直接上级"]
    run(root, "import", workbook(root, [header, ["E09", "吴九", "掌柜", "门店部", None], *led]))
    with (october(root) / "targets.csv").open("a", encoding="utf-8") as file:
        file.write("E09,sales_volume,5,,\ne09,sales_volume,6,,\n")

    output = run(root, "check").output

    at = "scorecards/2026-10/set-aside.csv:2:1"
    told = [line for line in output.splitlines() if "E09" in line or "E10" in line or "掌柜" in line]
    assert told == [
        f"{at}: warning: sent.xlsx 的 数据!C2 导入时被搁置，还没有改好：没有岗位 掌柜；相近的有：店长, 茶艺师 "
        "[waiting-row]",
        f"{at}: note: E09 在花名册里的这一行被搁置，因此还不能确定 7 人的上级："
        "郑10 E10, 郑11 E11, 郑12 E12, 郑13 E13, 郑14 E14 … [manager-set-aside]",
        f"{at}: warning: E09 在花名册里的这一行被搁置，他的另外 2 行数据也一起搁置："
        "scorecards/2026-10/targets.csv:3:1, scorecards/2026-10/targets.csv:4:1 [rows-set-aside-with]",
    ]
    assert "unknown-manager" not in output


def test_who_waits_and_is_written_by_hand_leaves_nobody_without_a_manager(root: Path) -> None:
    rows: Cells = [
        ["工号", "姓名", "岗位", "部门", "直接上级"],
        ["E09", "吴九", "掌柜", "门店部", None],
        ["E10", "郑十", "茶艺师", "门店部", "吴九"],
    ]
    run(root, "import", workbook(root, rows))
    with (october(root) / "people.csv").open("a", encoding="utf-8") as file:
        file.write("E09,吴九,barista,shop,,,,\n")

    output = run(root, "check").output

    assert "manager-set-aside" not in output
    assert "unknown-manager" not in output
