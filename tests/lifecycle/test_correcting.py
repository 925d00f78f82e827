"""Corrections: what was shown stays, and who may not approve is refused."""

import json
import shutil

import pytest

from lives import Life

SALES = ("2026-10/actuals/support.csv", 'E02,sales,"22,300",', "E02,sales,15000,")


def test_a_correction_stands_beside_what_was_published(life: Life) -> None:
    life.publish()
    first = {name: data for name, data in life.tree().items() if "/revisions/1/" in name}
    life.change(*SALES)

    done = life.correct("2026-10", "--people", "moved.csv")

    seals = [json.loads(life.read(f"2026-10/revisions/{number}/seal.json")) for number in (1, 2)]
    assert done.stdout == f"2026-10 已更正为第 2 版：1 人的结果有变动（封存号 {seals[1]['hash'][:12]}）。\n"
    assert seals[1]["before"] == seals[0]["hash"]
    assert seals[1]["salt"] == seals[0]["salt"]
    assert [seals[1]["people"][each] == seals[0]["people"][each] for each in ("E01", "E02", "E03")] == [
        True,
        False,
        True,
    ]
    assert (life.root / "moved.csv").read_text(encoding="utf-8") == (
        "\ufeffcycle,person,name,total_before,total_after,grade_before,grade_after,pay\n"
        "2026-10,E02,周然,104.0,42.0,A,C,\n"
    )
    assert {name: data for name, data in life.tree().items() if "/revisions/1/" in name} == first
    assert "2026-10" not in life.run("check").stdout


def test_a_correction_without_a_change_is_refused(life: Life) -> None:
    life.publish()

    refused = life.correct(code=1)

    assert refused.stderr == (
        "scorecards/2026-10: error: 2026-10 与公布时没有不同 [correct-nothing]\n"
        "    hint: 先改好文件，再运行 correct\n"
        "什么都没有改动。\n"
    )


@pytest.mark.parametrize(
    ("asker", "approver", "told"),
    [
        ("HR", "E02", "E02 自己的结果会变，不能批准 [name-subject]"),
        ("HR", "周然", "周然 自己的结果会变，不能批准 [name-subject]"),
        ("HR", "hr", "hr 是经办人，不能自己批准 [name-asker]"),
        ("林晓", "E01", "E01 是经办人，不能自己批准 [name-asker]"),
    ],
)
def test_who_may_not_approve_is_refused(life: Life, asker: str, approver: str, told: str) -> None:
    life.publish()
    life.change(*SALES)
    before = life.tree()

    signed = ("--by", asker, "--approved-by", approver, "--reason", "mistyped")
    refused = life.run("correct", "2026-10", *signed, code=1)

    assert refused.stderr.startswith(f"scorecards/2026-10: error: {told}\n")
    assert life.tree() == before


def test_somebody_whose_result_stays_may_approve(life: Life) -> None:
    life.publish()
    life.change(*SALES)

    life.run("correct", "2026-10", "--by", "HR", "--approved-by", "林晓", "--reason", "mistyped")

    assert json.loads(life.read("2026-10/revisions/2/seal.json"))["approved_by"] == "林晓"


def test_an_open_cycle_is_not_corrected(life: Life) -> None:
    refused = life.correct(code=1)

    assert refused.stderr.startswith("scorecards/2026-10/cycle.yml: error: 2026-10 正在进行 [step-open]\n")


def test_a_closed_cycle_is_corrected_for_a_reason_alone(life: Life) -> None:
    life.publish()
    life.run("close", "2026-10", "--by", "HR", "--anyway", "--reason", "no time", "--on", "2026-11-20")
    life.change(*SALES)

    refused = life.correct(code=1)
    life.correct("2026-10", "--reopen", "E02 was right")

    assert "[step-closed]" in refused.stderr
    assert "\nstatus: published\n" in life.read("2026-10/cycle.yml")
    assert life.read("2026-10/log.csv").splitlines()[-2:] == [
        "2026-11-20,reopen,,HR,E02 was right",
        "2026-11-20,correct,2,HR,mistyped",
    ]


def growth(life: Life) -> None:
    """Let the manager be scored by the growth of sales since the month before."""
    indicators = life.root / "handbook/indicators/sales.yml"
    text = indicators.read_text(encoding="utf-8")
    indicators.write_text(
        text.replace("  formula: sales\n", "  formula: sales - previous.sales / 10\n"), encoding="utf-8"
    )
    life.reopen_september()
    life.run("publish", "2026-09", "--by", "HR", "--on", "2026-10-11", "--anyway", "--reason", "no month before")
    life.publish()


def test_a_cycle_that_was_published_before_the_one_it_takes_from_is_told_and_can_follow(life: Life) -> None:
    growth(life)
    shutil.rmtree(life.path("2026-09/revisions"))
    life.change("2026-09/cycle.yml", "status: published", "status: open")
    life.change("2026-09/log.csv", "2026-10-11,publish,1,HR,no month before\n", "")
    shutil.rmtree(life.path("2026-10/revisions"))
    life.change("2026-10/cycle.yml", "status: published", "status: open")
    life.change("2026-10/log.csv", "2026-11-11,publish,1,HR,\n", "")

    first = life.run("publish", "2026-10", "--by", "HR", "--on", "2026-11-11")
    life.change("2026-09/actuals/support.csv", "E02,sales,21500", "E02,sales,11500")
    anyway = ("--anyway", "--reason", "no month before")
    second = life.run("publish", "2026-09", "--by", "HR", "--on", "2026-11-12", *anyway)
    life.correct("2026-10")
    again = life.correct("2026-10", code=1)

    assert (
        "scorecards/2026-10: warning: 2026-10 用到 2026-09 的数，而 2026-09 还没有公布 [publish-takes-open]\n"
        "    hint: 最好先公布 2026-09：它公布前要是再变，已经公布的 2026-10 不会跟着变\n"
    ) in first.stderr
    assert (
        "scorecards/2026-10: warning: 2026-10 公布在先，它用的 2026-09 的数和现在公布的不同 [publish-taken-before]\n"
        "    hint: 要改用 2026-09 公布的数，运行 kpibook correct 2026-10\n"
    ) in second.stderr
    assert "2026-09,,E02,sales,21500\n" in life.read("2026-10/revisions/1/carried.csv")
    assert "2026-09,1,E02,sales,11500\n" in life.read("2026-10/revisions/2/carried.csv")
    assert "[correct-nothing]" in again.stderr
    assert life.run("verify", "--recompute").exit_code == 0


def test_what_was_taken_from_another_cycle_is_written_down(life: Life) -> None:
    growth(life)

    assert "2026-09,1,E02,sales,21500\n" in life.read("2026-10/revisions/1/carried.csv")


def test_a_correction_elsewhere_never_reddens_a_cycle(life: Life) -> None:
    growth(life)
    life.change("2026-09/actuals/support.csv", "E02,sales,21500", "E02,sales,11500")

    refused = life.correct("2026-09", code=1)
    left = life.correct("2026-09", "--later", "leave")

    assert refused.stderr == (
        "scorecards/2026-09: error: 这些已公布的周期用过 2026-09 里要变的数：2026-10 [correct-later]\n"
        "    hint: 请决定：--later also 一并更正，--later leave 保持不变\n"
        "什么都没有改动。\n"
    )
    assert left.stdout.endswith("按选择保持不变：2026-10。\n")
    assert life.run("verify", "--recompute").exit_code == 0
    assert not life.path("2026-10/revisions/2").exists()


def test_later_cycles_are_corrected_with_it(life: Life) -> None:
    growth(life)
    life.change("2026-09/actuals/support.csv", "E02,sales,21500", "E02,sales,11500")

    life.correct("2026-09", "--later", "also")

    assert "2026-09,2,E02,sales,11500\n" in life.read("2026-10/revisions/2/carried.csv")
    assert life.run("verify", "--recompute").exit_code == 0


def test_a_later_cycle_that_is_closed_is_corrected_with_it_for_a_reason_alone(life: Life) -> None:
    growth(life)
    life.run("close", "2026-10", "--by", "HR", "--anyway", "--reason", "no time", "--on", "2026-11-20")
    life.change("2026-09/actuals/support.csv", "E02,sales,21500", "E02,sales,11500")

    refused = life.correct("2026-09", "--later", "also", code=1)
    left = life.read("2026-10/log.csv")
    life.correct("2026-09", "--later", "also", "--reopen", "E02 was right")

    assert refused.stderr == (
        "scorecards/2026-10/cycle.yml: error: 2026-10 已经结束，它用过 2026-09 里要变的数 [correct-later-closed]\n"
        "    hint: 要一并更正，再加 --reopen 写明理由（它会重新变为已公布）；保持不变，用 --later leave\n"
        "什么都没有改动。\n"
    )
    assert left.splitlines()[-1] == "2026-11-20,close,,HR,no time"
    assert "\nstatus: published\n" in life.read("2026-10/cycle.yml")
    assert life.read("2026-10/log.csv").splitlines()[-2:] == [
        "2026-11-20,reopen,,HR,E02 was right",
        "2026-11-20,correct,2,HR,mistyped",
    ]
    assert "reopen" not in life.read("2026-09/log.csv"), "September was not closed"


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "actuals/support.csv",
            "E03,sales,14000,",
            "E03,sales,15000,",
            "这个文件与 2026-10 公布时不一样（第 1 版，2026-11-11） [sealed-file-changed]\n",
        ),
        (
            "revisions/1/totals.csv",
            "2026-10,E01,",
            "2026-10,E09,",
            "2026-10 第 1 版（2026-11-11）封存的结果表被改动了 [seal-table]\n",
        ),
    ],
)
def test_no_other_change_of_a_later_cycle_slips_in_with_it(
    life: Life, file: str, old: str, new: str, told: str
) -> None:
    growth(life)
    life.change("2026-09/actuals/support.csv", "E02,sales,21500", "E02,sales,11500")
    life.change(f"2026-10/{file}", old, new)

    refused = life.correct("2026-09", "--later", "also", code=1)

    assert refused.stderr.startswith(f"scorecards/2026-10/{file}: error: {told}")
    assert not life.path("2026-09/revisions/2").exists()
    assert not life.path("2026-10/revisions/2").exists()


def test_figures_that_change_no_total_are_told_and_number_the_result_anew(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KPIBOOK_KEY", "a key of the tests")
    life.publish()
    before = json.loads(life.read("2026-10/revisions/1/seal.json"))["people"]
    life.change("2026-10/actuals/support.csv", "E01,buyers,234,", "E01,buyers,240,")

    done = life.correct()
    life.run("pages")

    seal = json.loads(life.read("2026-10/revisions/2/seal.json"))
    assert done.stdout == (
        f"2026-10 已更正为第 2 版：0 人的结果有变动（封存号 {seal['hash'][:12]}）。\n"
        "另有 1 人的总分、等级和薪酬不变，只是数据有变；结果编号也换了，要重新送达。\n"
    )
    assert [person for person in before if before[person] != seal["people"][person]] == ["E01"]
    pages = [path.read_text(encoding="utf-8") for path in (life.root / "build/cards/2026-10/p").iterdir()]
    told = "第2版（更正），2026年11月20日：mistyped。数据有变，总分、等级和薪酬不变"
    assert [told in page for page in pages if "# 林晓" in page] == [True]
    assert sum(told in page for page in pages) == 1


def test_the_number_of_a_result_is_told_wherever_it_is_explained(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPIBOOK_KEY", "a key of the tests")
    life.publish()
    number = json.loads(life.read("2026-10/revisions/1/seal.json"))["people"]["E02"]

    explained = life.run("explain", "2026-10", "E02").stdout
    life.run("pages")

    assert explained.endswith(f"结果编号：{number}（第 1 版，2026-11-11）\n")
    pages = [path.read_text(encoding="utf-8") for path in (life.root / "build/cards/2026-10/p").iterdir()]
    assert [f"- **结果编号** {number}" in page for page in pages if "# 周然" in page] == [True]


@pytest.mark.parametrize(("release", "told"), [("", "到本人"), ("release: hr\n", "只有人事")])
def test_hr_s_page_says_who_sees_the_cards(
    life: Life, monkeypatch: pytest.MonkeyPatch, release: str, told: str
) -> None:
    monkeypatch.setenv("KPIBOOK_KEY", "a key of the tests")
    life.publish()
    life.add("2026-10/cycle.yml", release)

    life.run("pages")

    page = (life.root / "build/cards/2026-10/records.md").read_text(encoding="utf-8")
    assert f"- **公布范围** {told}\n" in page
