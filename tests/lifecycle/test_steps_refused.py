"""What a step asks for and refuses: who signs, in any spelling, and what was published and set back."""

import pytest

from lives import Life


@pytest.mark.parametrize(
    "given",
    [
        ("publish", "2026-10"),
        ("publish", "2026-10", "--by", " "),
        ("agree", "2026-10", "--by", "HR"),
        ("correct", "2026-10", "--by", "HR", "--approved-by", "Owner"),
        ("correct", "2026-10", "--by", "HR", "--approved-by", "", "--reason", "mistyped"),
        ("close", "2026-10"),
    ],
)
def test_nothing_is_signed_by_nobody_or_for_no_reason(life: Life, given: tuple[str, ...]) -> None:
    life.complete_october()

    told = life.run(*given, code=2)

    assert "错误：要写选项 --" in told.output
    assert not life.path("2026-10/log.csv").exists()


@pytest.mark.parametrize("approver", ["E02", "e02", "周然", "周　然", "周然（E02）", "周然 E02", "E02 周然", "H R"])
def test_who_asks_or_is_moved_does_not_approve_in_any_spelling(life: Life, approver: str) -> None:
    life.publish()
    life.change("2026-10/actuals/support.csv", "E02,sales,", "E02,sales,9")

    told = life.run(
        *("correct", "2026-10", "--by", "HR", "--approved-by", approver, "--reason", "mistyped", "--on", "2026-11-20"),
        code=1,
    )

    assert "name-subject" in told.output or "name-asker" in told.output


@pytest.mark.parametrize("status", ["open", "planned"])
def test_what_was_published_and_is_set_back_takes_no_step_and_is_told(life: Life, status: str) -> None:
    life.publish()
    life.change("2026-10/cycle.yml", "status: published", f"status: {status}")
    before = {path: path.read_bytes() for path in life.path("2026-10").rglob("*") if path.is_file()}

    for step in (("open",), ("agree", "--reason", "again"), ("publish",)):
        told = life.run(step[0], "2026-10", "--by", "HR", *step[1:], code=1)
        assert (
            f"cycle.yml: error: 2026-10 公布过，cycle.yml 里的状态却是 {status} [step-set-back]\n"
            "    hint: 请把 cycle.yml 里的 status 改回 published（结束了的改回 closed）；"
            "公布过的只能用 kpibook correct 2026-10 更正\n"
        ) in told.output

    assert "step-set-back" in life.run("check", code=None).output
    assert {path: path.read_bytes() for path in life.path("2026-10").rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("revision", [1, 2])
def test_no_correction_is_written_beside_a_sealed_table_that_was_changed(life: Life, revision: int) -> None:
    life.publish()
    life.change("2026-10/actuals/support.csv", "E01,sales,", "E01,sales,9")
    life.correct()
    table = f"2026-10/revisions/{revision}/totals.csv"
    life.change(table, ",scored,70.0,", ",scored,71.0,")
    life.change("2026-10/actuals/support.csv", "E02,sales,", "E02,sales,9")

    told = life.correct(code=1)

    assert (
        f"revisions/{revision}/totals.csv: error: 2026-10 第 {revision} 版（2026-11-{'11' if revision == 1 else '20'}）"
        "封存的结果表被改动了 [seal-table]\n"
        "    hint: 从 git 取回这个文件；封存的表不能改，要更正就改数据，再运行 kpibook correct 2026-10\n"
    ) in told.output
    assert not life.path("2026-10/revisions/3").exists()


def test_a_lost_sealed_table_is_told_and_never_corrected_over(life: Life) -> None:
    life.publish()
    life.path("2026-10/revisions/1/carried.csv").unlink()
    life.change("2026-10/actuals/support.csv", "E02,sales,", "E02,sales,9")

    assert "seal-table" in life.correct(code=1).output
    assert not life.path("2026-10/revisions/2").exists()


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (
            ("correct", "--approved-by", "Owner", "--on", "2026-11-10"),
            "2026-10 上一步的日期（2026-11-11，publish）",
        ),
        (("close", "--anyway", "--on", "2026-11-10"), "2026-10 上一步的日期（2026-11-11，publish）"),
        (("correct", "--approved-by", "Owner", "--on", "2099-01-01"), "离 2026-10 太远"),
    ],
)
def test_no_step_is_dated_before_the_one_that_it_follows_or_far_away(
    life: Life, step: tuple[str, ...], told: str
) -> None:
    life.publish()
    life.change("2026-10/actuals/support.csv", "E02,sales,", "E02,sales,9")
    before = life.tree()

    refused = life.run(step[0], "2026-10", "--by", "HR", "--reason", "why", *step[1:], code=1)

    assert told in refused.output
    assert life.tree() == before


@pytest.mark.parametrize("day", ["2016-11-01", "2099-11-01"])
def test_a_cycle_is_not_opened_in_another_age(life: Life, day: str) -> None:
    told = life.run("open", "2026-11", "--on", day, code=1)

    assert (
        f"error: --on {day} 离 2026-11 太远 [step-day-far]\n    hint: 多半是年份写错了；不写就按今天\n" in told.output
    )
    assert not life.path("2026-11").exists()


def test_what_is_approved_after_the_day_of_a_step_is_not_approved_yet(life: Life) -> None:
    life.complete_october()
    life.path("2026-10/targets.csv").write_text(
        "subject,indicator,target,reason,approved_by,on\nE03,sales_volume,15000,new,Owner,2027-01-05\n",
        encoding="utf-8",
    )
    life.path("2026-10/adjustments.csv").write_text(
        "person,points,reason,approved_by,on\nE02,2,helped,Owner,2026-12-01\n", encoding="utf-8"
    )
    life.path("2026-10/calibration.csv").write_text(
        "person,total,grade,reason,by,on\nE03,61,,fair,Owner,2026-11-30\n", encoding="utf-8"
    )
    role = life.root / "handbook/roles/shop-manager.yml"
    role.write_text(role.read_text(encoding="utf-8").replace("on: 2026-08-20", "on: 2028-08-20"), encoding="utf-8")

    told = life.run("publish", "2026-10", "--by", "HR", "--on", "2026-11-11", code=1).output

    late = [line.split(": error: ") for line in told.splitlines() if line.endswith("[approved-later]")]
    days = {place: text.removeprefix("批准日期是 ")[:10] for place, text in late}
    assert days == {
        "scorecards/2026-10/targets.csv:2:18": "2027-01-05",
        "scorecards/2026-10/adjustments.csv:2:5": "2026-12-01",
        "scorecards/2026-10/calibration.csv:2:1": "2026-11-30",
        "handbook/roles/shop-manager.yml:6:5": "2028-08-20",
    }
    assert "    hint: 请改成真正批准的日期；还没有批准的，批准以后再公布\n" in told
