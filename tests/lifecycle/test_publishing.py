"""Publishing: refused with everything that is open, then complete, then sealed."""

import json

from lives import Life

OPEN_POINTS = """\
scorecards/2026-10: error: 缺销售额：何小青；由支持部提供，在等的有 何小青 [open-missing]
    hint: 请导入（kpibook status 2026-10 逐项列出）；也可以加 --anyway 公布，考核表会写明缺数据
scorecards/2026-10: error: 缺工作态度：何小青；由林晓提供，在等的有 何小青 [open-missing]
    hint: 请导入（kpibook status 2026-10 逐项列出）；也可以加 --anyway 公布，考核表会写明缺数据
scorecards/2026-10: error: 1 人还没有总分：何小青 [open-totals]
    hint: 在等什么，也列在这里
scorecards/2026-10: error: 2026-10 还不能公布：有 3 个未了事项 [publish-open]
    hint: 逐项办完；也可以加 --anyway 和 --reason 公布，未了事项会留在封存文件里
什么都没有改动。
"""


def test_everything_that_is_open_is_told_in_one_list(life: Life) -> None:
    before = life.tree()

    refused = life.run("publish", "2026-10", "--by", "HR", code=1)

    assert refused.stderr == OPEN_POINTS
    assert life.tree() == before


def test_a_complete_cycle_is_published_and_says_what_it_took(life: Life) -> None:
    life.complete_october()

    done = life.run("publish", "2026-10", "--by", "HR", "--on", "2026-11-11")

    seal = json.loads(life.read("2026-10/revisions/1/seal.json"))
    assert done.stdout == (
        "2026-10 没有自己的手册，已存入当前手册。\n"
        f"2026-10 已公布，为第 1 版：3 人，其中 3 人有总分（封存号 {seal['hash'][:12]}）。\n"
    )
    assert "\nstatus: published\n" in life.read("2026-10/cycle.yml")
    assert life.read("2026-10/log.csv") == "on,step,revision,by,reason\n2026-11-11,publish,1,HR,\n"
    assert (life.root / "scorecards/2026-10/handbook/roles/barista.yml").read_bytes() == (
        life.root / "handbook/roles/barista.yml"
    ).read_bytes()
    assert not (life.root / "scorecards/2026-10/handbook/pages").exists()
    assert list(seal)[-1] == "hash"
    assert seal["open"] == []
    assert sorted(seal["people"]) == ["E01", "E02", "E03"]
    assert all(len(number) == 8 for number in seal["people"].values())


def test_what_was_open_stays_in_the_seal(life: Life) -> None:
    life.run("publish", "2026-10", "--by", "HR", "--anyway", "--reason", "E03 is ill")

    seal = json.loads(life.read("2026-10/revisions/1/seal.json"))
    assert seal["reason"] == "E03 is ill"
    assert seal["open"] == [
        "scorecards/2026-10: 缺销售额：何小青；由支持部提供，在等的有 何小青 [open-missing]",
        "scorecards/2026-10: 缺工作态度：何小青；由林晓提供，在等的有 何小青 [open-missing]",
        "scorecards/2026-10: 1 人还没有总分：何小青 [open-totals]",
    ]


def test_anyway_says_why(life: Life) -> None:
    refused = life.run("publish", "2026-10", "--by", "HR", "--anyway", code=2)

    assert refused.stderr.endswith("用 --anyway 时要写 --reason，理由会留在封存文件里。\n")


def test_a_cycle_is_published_once(life: Life) -> None:
    life.publish()
    before = life.tree()

    refused = life.run("publish", "2026-10", "--by", "HR", code=1)

    assert refused.stderr == (
        "scorecards/2026-10/cycle.yml: error: 2026-10 已经公布 [step-published]\n"
        "    hint: 改好文件后运行 kpibook correct 2026-10：公布过的保留不动，更正写在旁边\n"
        "什么都没有改动。\n"
    )
    assert life.tree() == before


def test_a_dry_run_writes_nothing(life: Life) -> None:
    life.complete_october()
    before = life.tree()

    told = life.run("publish", "2026-10", "--by", "HR", "--dry-run")

    assert told.stdout.startswith("预演，什么都没有写。去掉 --dry-run 运行，会是这样：\n")
    assert life.tree() == before


def test_totals_stand_exactly_beside_what_was_rounded(life: Life) -> None:
    life.change("2026-10/actuals/support.csv", "E01,sales,55000,", "E01,sales,46666.67,")
    life.publish()

    rows = life.read("2026-10/revisions/1/totals.csv").splitlines()
    head, first = rows[0].lstrip("\ufeff").split(","), rows[1].split(",")
    figures = dict(zip(head, first, strict=True))
    assert (figures["total"], figures["total_exact"]) == ("97.3", "97.333336")
    assert figures["pay: 绩效工资"] == "2335.2"


def test_a_handbook_that_moves_on_leaves_a_published_cycle_as_it_was(life: Life) -> None:
    life.publish()
    life.run("score", "2026-10", "--out", "before")
    role = life.root / "handbook/roles/shop-manager.yml"
    text = (
        role.read_text(encoding="utf-8")
        .replace("weight: 40\n", "weight: 10\n")
        .replace("weight: 30\n", "weight: 60\n", 1)
    )
    role.write_text(text.replace("    weight: 70\n", ""), encoding="utf-8")

    life.run("score", "2026-10", "--out", "after", code=None)

    for table in ("items.csv", "totals.csv"):
        assert (life.root / "after" / table).read_bytes() == (life.root / "before" / table).read_bytes()


def test_a_changed_file_is_refused_with_the_command_that_is_meant(life: Life) -> None:
    life.publish()
    life.change("2026-10/actuals/support.csv", "E01,sales,55000,", "E01,sales,65000,")

    checked, built = life.run("check", code=1), life.run("build", code=1)

    told = (
        "scorecards/2026-10/actuals/support.csv: error: 这个文件与 2026-10 公布时不一样（第 1 版，2026-11-11）"
        " [sealed-file-changed]\n"
        "    hint: 从 git 取回；确实要改的，运行 kpibook correct 2026-10：公布过的保留不动，更正写在旁边\n"
    )
    assert checked.stdout.startswith(told)
    assert built.stderr.startswith(told)


def test_grades_beyond_their_quota_are_told_and_hold_nothing(life: Life) -> None:
    life.complete_october()
    with (life.root / "handbook/company.yml").open("a", encoding="utf-8") as file:
        file.write("distribution: {within: company, limits: [{grade: A, at_most: 20}]}\n")

    done = life.run("publish", "2026-10", "--by", "HR", "--dry-run")

    assert "小满茶铺有等级的 3 人里，A 及以上有 2 人；最多 20%，即 0 人" in done.stdout
