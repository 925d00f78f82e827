"""Notices of a cycle: who is told what and when, people without figures, groups without names."""

import re

import pytest

from bots import StandIn
from lives import Life
from posts import PostOffice

PEOPLE = "person,name,role,department,manager,from,to,base_salary,login,mail\n"
OUTBOX = "2026-10/notices.csv"


@pytest.fixture
def told(life: Life, bot: StandIn, office: PostOffice) -> Life:
    """The tiny company with mail, a group and an HR of its own; E03 has no address."""
    company = life.root / "handbook/company.yml"
    own = (
        "access: {hr: [linxiao]}\n"
        f"notices:\n  server: 127.0.0.1\n  port: {office.port}\n  security: none\n  sender: hr@example.com\n"
        "  link: https://kpi.example.com/\n  groups:\n    - {name: 全员群, bot: KPIBOOK_BOT_ALL}\n"
    )
    company.write_text(company.read_text(encoding="utf-8") + own, encoding="utf-8")
    life.path("2026-10/people.csv").write_text(
        PEOPLE
        + "E01,林晓,shop-manager,shop,,,,8000,linxiao,lin@example.com\n"
        + "E02,周然,barista,shop,E01,,,5000,,zhou@example.com\n"
        + "E03,何小青,barista,shop,E01,,,5000,,\n",
        encoding="utf-8",
    )
    return life


def notify(life: Life, *arguments: str, on: str = "2026-11-04", code: int | None = 0) -> str:
    return life.run("notify", "2026-10", "--on", on, *arguments, code=code).output


def sent(office: PostOffice) -> list[tuple[str, str]]:
    return [(mail["To"], mail["Subject"]) for mail in office.mails]


def number(life: Life, person: str) -> str:
    seals = sorted(life.path("2026-10/revisions").glob("*/seal.json"))
    found = re.search(rf'"{person}": "(\w+)"', seals[-1].read_text(encoding="utf-8"))
    assert found
    return found[1]


def test_without_send_nothing_goes_out_and_nothing_is_written(told: Life, bot: StandIn, office: PostOffice) -> None:
    before = told.tree()

    said = notify(told)

    assert "评分到期：邮件给 E01\n" in said
    assert "数据到期：发到群“全员群”\n    2026年10月：1 项数据未交，截止 11月5日（周四）\n" in said
    assert "这只是预演，什么都没有发" in said
    assert (bot.messages, office.mails, told.tree()) == ([], [], before)


def test_what_is_due_is_told_once(told: Life, bot: StandIn, office: PostOffice) -> None:
    first = notify(told, "--send")
    second = notify(told, "--send")

    assert sent(office) == [("lin@example.com", "2026年10月：请提供数据"), ("lin@example.com", "2026年10月：请评分")]
    assert bot.texts == [
        "2026年10月：1 项数据未交，截止 11月5日（周四）\n查看：https://kpi.example.com/",
        "2026年10月：1 项评分未交，截止 11月5日（周四）\n查看：https://kpi.example.com/",
    ]
    assert first.endswith("已发 4 条，共 4 条。\n")
    assert "4 条以前已经发过，不再发。\n" in second
    assert second.endswith("已发 0 条，共 0 条。\n")


def test_a_reminder_goes_out_once_a_day(told: Life, bot: StandIn) -> None:
    for day in ("2026-11-04", "2026-11-04", "2026-11-06"):
        notify(told, "--send", "--remind", "--event", "numbers", on=day)

    assert len(bot.messages) == 2


def test_nothing_is_told_before_it_is_due(told: Life, bot: StandIn) -> None:
    assert "没有要发的。" in notify(told, on="2026-10-20")


def test_results_are_told_to_each_and_corrected_ones_anew(told: Life, bot: StandIn, office: PostOffice) -> None:
    told.publish()
    notify(told, "--send", on="2026-11-12", code=0)
    told.change("2026-10/actuals/support.csv", 'E02,sales,"22,300",', "E02,sales,15000,")
    told.correct()
    said = notify(told, "--send", on="2026-11-21")

    assert sent(office) == [
        ("lin@example.com", "2026年10月考核结果已公布"),
        ("zhou@example.com", "2026年10月考核结果已公布"),
        ("zhou@example.com", "2026年10月考核结果已更正"),
    ]
    assert f"更正为第 2 版（结果编号 {number(told, 'E02')}）" in office.mails[-1].get_content()
    assert "1 人没有邮箱，发不了：E03" in said
    assert "2026年10月：1 人的考核结果有更正，已各自通知" in bot.texts[-1]


def test_who_has_not_answered_an_appeal_and_a_plan_are_told_when_they_are_due(
    told: Life, bot: StandIn, office: PostOffice
) -> None:
    told.publish()
    notify(told, "--send", on="2026-11-12")
    del office.mails[:], bot.messages[:]
    e01, e02 = number(told, "E01"), number(told, "E02")
    told.path("2026-10/confirmations.csv").write_text(
        f"person,result,answer,on,by,comment\nE02,{e02},delivered,2026-11-12,E01,\nE01,{e01},confirmed,2026-11-12,HR,\n",
        encoding="utf-8",
    )
    told.path("2026-10/plans.csv").write_text(
        "plan,person,indicator,gap,action,support,owner,due,checked_on,state,outcome\n"
        "P1,E02,,,练习拉花,,E01,2026-11-18,,open,\n",
        encoding="utf-8",
    )

    said = notify(told, "--send", on="2026-11-16")

    assert sent(office) == [
        ("zhou@example.com", "2026年10月：请回复考核结果"),
        ("zhou@example.com", "周然的改进计划（不针对单个指标）到检查日"),
        ("lin@example.com", "周然的改进计划（不针对单个指标）到检查日"),
    ], said
    assert "，请在 11月17日（周二）前向直接上级回复" in office.mails[0].get_content()
    assert "在 11月18日（周三）检查。请双方谈一次" in office.mails[1].get_content()
    assert (
        bot.texts[0]
        == "2026年10月：1 人还没有回复考核结果，最早的期限是 11月17日（周二）\n查看：https://kpi.example.com/"
    )


def test_a_day_that_is_over_is_told_as_such_and_who_answered_is_not_asked_to_look(
    told: Life, office: PostOffice
) -> None:
    told.publish()
    e01, e02 = number(told, "E01"), number(told, "E02")
    told.path("2026-10/confirmations.csv").write_text(
        f"person,result,answer,on,by,comment\nE02,{e02},delivered,2026-11-12,E01,\nE01,{e01},confirmed,2026-11-12,HR,\n",
        encoding="utf-8",
    )
    told.path("2026-10/plans.csv").write_text(
        "plan,person,indicator,action,due,state\nP1,E02,attitude,练习微笑,2026-11-18,open\n", encoding="utf-8"
    )

    notify(told, "--send", on="2026-11-20")

    assert sent(office) == [
        ("zhou@example.com", "2026年10月考核结果已公布"),
        ("zhou@example.com", "2026年10月：请回复考核结果"),
        ("zhou@example.com", "周然的改进计划（工作态度）到检查日"),
        ("lin@example.com", "周然的改进计划（工作态度）到检查日"),
    ]
    assert "，期限 11月17日（周二）已过，请尽快向直接上级回复" in office.mails[1].get_content()
    assert "原定 11月18日（周三）检查，还没有记下结果。" in office.mails[2].get_content()


def test_hr_is_told_of_an_appeal_that_is_to_be_decided(told: Life, office: PostOffice) -> None:
    told.publish()
    e02 = number(told, "E02")
    told.path("2026-10/confirmations.csv").write_text(
        f"person,result,answer,on,by,comment\nE02,{e02},disagrees,2026-11-12,E01,\n", encoding="utf-8"
    )
    told.path("2026-10/appeals.csv").write_text(
        "appeal,person,result,indicator,category,claim,evidence,filed_on,step,on,by,outcome,reason\n"
        f"A1,E02,{e02},,fact,销售额少记,小票,2026-11-13,filed,2026-11-13,E02,,\n",
        encoding="utf-8",
    )

    early = notify(told, "--event", "appeal", on="2026-11-16")
    notify(told, "--event", "appeal", "--send", on="2026-11-26")

    assert "没有要发的" in early
    assert sent(office) == [("lin@example.com", "2026年10月：申诉 A1 待回复")]


def test_an_appeal_and_a_plan_that_become_due_anew_are_told_again_to_people_and_groups(
    told: Life, bot: StandIn, office: PostOffice
) -> None:
    told.publish()
    e02 = number(told, "E02")
    told.path("2026-10/confirmations.csv").write_text(
        f"person,result,answer,on,by,comment\nE02,{e02},disagrees,2026-11-12,E01,\n", encoding="utf-8"
    )
    appeals, plans = told.path("2026-10/appeals.csv"), told.path("2026-10/plans.csv")
    filed = (
        "appeal,person,result,indicator,category,claim,evidence,filed_on,step,on,by,outcome,reason\n"
        f"A1,E02,{e02},,fact,销售额少记,小票,2026-11-13,filed,2026-11-13,E02,,\n"
    )
    planned = (
        "plan,person,indicator,gap,action,support,owner,due,checked_on,state,outcome\n"
        "P1,E02,,,练习拉花,,,2026-11-26,,open,\n"
    )
    appeals.write_text(filed, encoding="utf-8")
    plans.write_text(planned, encoding="utf-8")
    asked = ("--event", "appeal", "--event", "plan", "--send")
    for day in ("2026-11-26", "2026-11-27"):
        notify(told, *asked, on=day)
    once = len(office.mails), len(bot.messages)
    appeals.write_text(
        filed
        + f"A1,E02,{e02},,fact,,,2026-11-13,decided,2026-11-26,HR,upheld,小票不符\n"
        + f"A1,E02,{e02},,fact,,,2026-11-13,second,2026-11-27,E02,,\n",
        encoding="utf-8",
    )
    plans.write_text(planned + "P1,E02,,,练习拉花,,,2026-12-10,,open,延长一期\n", encoding="utf-8")
    notify(told, *asked, on="2026-12-11")

    assert once == (3, 2)
    assert sent(office)[3:] == [
        ("lin@example.com", "2026年10月：申诉 A1 待回复"),
        ("zhou@example.com", "周然的改进计划（不针对单个指标）到检查日"),
        ("lin@example.com", "周然的改进计划（不针对单个指标）到检查日"),
    ]
    assert [text.split("\n")[0] for text in bot.texts[2:]] == [
        "2026年10月：1 件申诉待回复，最早的期限是 12月11日（周五）",
        "1 项改进计划到检查日，最早 12月10日（周四）",
    ]


@pytest.mark.parametrize("owner", ["", "林晓", "e01", "周然", "E02", "不在册的人"])
def test_a_plan_is_told_to_its_owner_by_id_or_name_and_else_to_the_manager(
    told: Life, office: PostOffice, owner: str
) -> None:
    told.publish()
    told.path("2026-10/plans.csv").write_text(
        f"plan,person,indicator,action,owner,due,state\nP1,E02,,练习拉花,{owner},2026-11-18,open\n", encoding="utf-8"
    )

    notify(told, "--event", "plan", "--send", on="2026-11-18")

    assert [to for to, _ in sent(office)] == ["zhou@example.com", "lin@example.com"]


def test_a_plan_of_somebody_elses_is_told_to_that_one_and_not_to_the_manager(told: Life, office: PostOffice) -> None:
    people = told.path("2026-10/people.csv")
    people.write_text(
        people.read_text(encoding="utf-8").replace(",5000,,\n", ",5000,,he@example.com\n"), encoding="utf-8"
    )
    told.publish()
    told.path("2026-10/plans.csv").write_text(
        "plan,person,indicator,action,owner,due,state\nP1,E02,,练习拉花,何小青,2026-11-18,open\n", encoding="utf-8"
    )

    notify(told, "--event", "plan", "--send", on="2026-11-18")

    assert [to for to, _ in sent(office)] == ["zhou@example.com", "he@example.com"]


def test_a_plan_that_goes_over_several_cycles_is_told_once(told: Life, bot: StandIn, office: PostOffice) -> None:
    told.reopen_september()
    signed = ("--by", "HR", "--anyway", "--reason", "nobody appealed")
    told.run("publish", "2026-09", *signed, "--on", "2026-10-11")
    told.publish()
    told.path("2026-09/plans.csv").write_text(
        "plan,person,indicator,action,due,state\nP1,E02,attitude,练习微笑,2026-11-18,open\n", encoding="utf-8"
    )

    for cycle in ("2026-09", "2026-10", "2026-09"):
        told.run("notify", cycle, "--event", "plan", "--send", "--on", "2026-11-18")

    about = "周然的改进计划（工作态度）到检查日"
    assert sent(office) == [("zhou@example.com", about), ("lin@example.com", about)]
    assert len(bot.messages) == 1


@pytest.mark.parametrize(
    "mail", ['"zhou@example.com, other@example.com"', "周然 <zhou@example.com>", "zhou@exam ple.com"]
)
def test_what_is_no_single_address_gets_nothing(told: Life, office: PostOffice, mail: str) -> None:
    told.change("2026-10/people.csv", "zhou@example.com", mail)
    told.publish()

    said = notify(told, "--event", "published", "--send", on="2026-11-12")

    assert "2 人没有邮箱，发不了：E02、E03。" in said
    assert sent(office) == [("lin@example.com", "2026年10月考核结果已公布")]


def test_what_nobody_is_there_to_be_told_is_said(told: Life, office: PostOffice) -> None:
    told.change_company("hr: [linxiao]", "hr: [outside]")
    told.publish()
    e02 = number(told, "E02")
    told.path("2026-10/appeals.csv").write_text(
        "appeal,person,result,indicator,category,claim,evidence,filed_on,step,on,by,outcome,reason\n"
        f"A1,E02,{e02},,fact,销售额少记,小票,2026-11-13,filed,2026-11-13,E02,,\n",
        encoding="utf-8",
    )

    said = notify(told, "--event", "appeal", "--send", on="2026-11-26")

    assert "1 条没有收件人：申诉到期。数据发给部门的负责人" in said
    assert office.mails == []


def test_no_group_ever_reads_a_name_or_a_figure_of_a_result(told: Life, bot: StandIn, office: PostOffice) -> None:
    notify(told, "--send")
    told.publish()
    notify(told, "--send", on="2026-11-12")
    told.change("2026-10/actuals/support.csv", 'E02,sales,"22,300",', "E02,sales,15000,")
    told.correct()
    notify(told, "--send", on="2026-11-21")
    figures = {row.split(",")[6] for row in told.read("2026-10/revisions/2/totals.csv").splitlines()[1:]}

    said = "\n".join(bot.texts)

    assert len(bot.messages) >= 4
    assert not [word for word in ("林晓", "周然", "何小青", "E01", "E02", "E03", *figures) if word and word in said]
    assert not [word for mail in office.mails for word in figures if word and word in mail.get_content()]


def test_a_bot_that_refuses_is_told_and_tried_again(told: Life, bot: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    bot.answers = [b'{"errcode":40058,"errmsg":"exceed max length"}']

    first = notify(told, "--send", "--event", "numbers", code=1)
    second = notify(told, "--send", "--event", "numbers")

    assert "没有发出去（数据到期：发到群“全员群”）：40058 exceed max length" in first
    assert second.endswith("已发 1 条，共 1 条。\n")


def test_a_doubt_is_told_and_sent_again_on_purpose_alone(told: Life, bot: StandIn) -> None:
    bot.answers = [None]

    first = notify(told, "--send", "--event", "numbers", code=1)
    second = notify(told, "--send", "--event", "numbers")
    third = notify(told, "--send", "--event", "numbers", "--doubtful")

    assert "不知道发出去没有（数据到期：发到群“全员群”）：RemoteDisconnected" in first
    assert "1 条上次中途断了，不知道发出去没有，所以不再发；要再发，加 --doubtful。" in second
    assert third.endswith("已发 1 条，共 1 条。\n")
    assert len(bot.messages) == 2


def test_what_is_not_set_up_is_said(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    company = life.root / "handbook/company.yml"
    own = "notices:\n  domain: example.com\n  groups:\n    - {name: 全员群, bot: KPIBOOK_BOT_NONE, style: markdown}\n"
    company.write_text(company.read_text(encoding="utf-8") + own, encoding="utf-8")

    said = notify(life, "--send", code=1)

    assert "邮件没有发：company.yml 的 notices 里要写 server 和 sender。" in said
    assert "群“全员群”没有发：环境变量 KPIBOOK_BOT_NONE 里还没有机器人的地址。" in said
    assert not life.path(OUTBOX).exists()


def test_a_long_name_is_sent_in_several_messages(told: Life, bot: StandIn) -> None:
    told.change("2026-10/cycle.yml", "name: 2026年10月", f"name: {'长' * 900}")

    notify(told, "--send", "--event", "numbers")

    assert [len(text.encode("utf-8")) <= 2048 for text in bot.texts] == [True, True]
    assert "".join(bot.texts).startswith("长" * 900)


def test_a_damaged_outbox_holds_everything(told: Life, bot: StandIn) -> None:
    told.path(OUTBOX).write_text("on,event\n", encoding="utf-8")

    said = notify(told, "--send", code=1)

    assert said == (
        "scorecards/2026-10/notices.csv:1:1: error: 发送记录里有一行读不懂，所以不知道哪些已经发过 [notices-broken]\n"
        "    hint: 从 git 或备份里恢复这个文件；没有它，会把同样的通知再发一次\n"
    )
    assert bot.messages == []


def test_an_address_may_change_after_publication(told: Life) -> None:
    told.publish()
    told.change("2026-10/people.csv", "zhou@example.com", "ran@example.com")

    assert told.run("verify", "2026-10").exit_code == 0
