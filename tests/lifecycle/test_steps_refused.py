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

    assert "Missing option" in told.output
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
