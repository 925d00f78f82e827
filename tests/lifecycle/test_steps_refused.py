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
