"""Closing: all were shown their results and answered, or let the time pass; the time counts in working days."""

import json

import pytest

from lives import Life

HEAD = "person,result,answer,on,by,comment\n"


def numbers(life: Life) -> dict[str, str]:
    found = json.loads(life.read("2026-10/revisions/1/seal.json"))["people"]
    assert isinstance(found, dict)
    return found


def deliver(life: Life, on: str) -> None:
    """Everybody was shown the result on that day; two answered."""
    rows = "".join(f"{person},{number},delivered,{on},HR,\n" for person, number in numbers(life).items())
    answers = "".join(f"{person},{numbers(life)[person]},confirmed,{on},{person},\n" for person in ("E01", "E02"))
    life.path("2026-10/confirmations.csv").write_text(HEAD + rows + answers, encoding="utf-8")


def test_a_result_that_was_not_delivered_holds_the_cycle(life: Life) -> None:
    life.publish()

    refused = life.run("close", "2026-10", "--by", "HR", "--on", "2027-06-01", code=1)

    assert "[close-undelivered]" in refused.stderr
    assert "\nstatus: published\n" in life.read("2026-10/cycle.yml")


@pytest.mark.parametrize(
    ("settings", "holidays", "last"),
    [
        ("", "", "2026-11-16"),
        ("confirm_days: 5\n", "", "2026-11-18"),
        ("", "day,works,name\n2026-11-13,no,\n2026-11-15,yes,\n", "2026-11-16"),
        ("", "day,works,name\n2026-11-12,no,\n2026-11-13,no,\n", "2026-11-18"),
    ],
    ids=["three days", "five days", "a weekend worked instead", "two days off"],
)
def test_silence_lapses_after_the_last_working_day_and_not_on_it(
    life: Life, settings: str, holidays: str, last: str
) -> None:
    with (life.root / "handbook/company.yml").open("a", encoding="utf-8") as file:
        file.write(settings)
    if holidays:
        (life.root / "handbook/holidays.csv").write_text(holidays, encoding="utf-8")
    life.publish()
    deliver(life, "2026-11-11")

    refused = life.run("close", "2026-10", "--by", "HR", "--on", last, code=1)
    closed = life.run("close", "2026-10", "--by", "HR", "--on", f"{last[:-2]}{int(last[-2:]) + 1}")

    assert "[close-unanswered]" in refused.stderr
    assert "E03" in refused.stderr
    assert closed.exit_code == 0
    day = f"{last[:-2]}{int(last[-2:]) + 1}"
    assert life.read("2026-10/confirmations.csv").endswith(f"E03,{numbers(life)['E03']},no_reply,{day},HR,\n")
    assert "\nstatus: closed\n" in life.read("2026-10/cycle.yml")


def test_confirm_by_is_the_deadline_where_it_is_later(life: Life) -> None:
    life.change("2026-10/cycle.yml", "confirm_by: 2026-11-10", "confirm_by: 2026-11-20")
    life.publish()
    deliver(life, "2026-11-11")

    life.run("close", "2026-10", "--by", "HR", "--on", "2026-11-20", code=1)
    life.run("close", "2026-10", "--by", "HR", "--on", "2026-11-21")


def test_a_record_of_a_day_to_come_is_told_until_that_day_and_holds_the_closing_before_it(life: Life) -> None:
    life.publish()
    deliver(life, "2026-11-11")
    plan = "P1,E02,sales_volume,call,2027-03-31,open,\nP2,E02,sales_volume,call,2027-03-31,done,2026-11-24\n"
    head = "plan,person,indicator,action,due,state,checked_on\n"
    life.path("2026-10/plans.csv").write_text(head + plan, encoding="utf-8")
    at = "scorecards/2026-10/plans.csv:3:4: warning: 日期 2026-11-24 还没有到，今天是 2026-11-23 [record-in-future]"

    before = life.run("check", "--today", "2026-11-23").output
    on_the_day = life.run("check", "--today", "2026-11-24").output
    refused = life.run("close", "2026-10", "--by", "HR", "--on", "2026-11-23", code=1)
    life.run("close", "2026-10", "--by", "HR", "--on", "2026-11-24")
    closed = life.run("check", "--today", "2026-11-01").output

    assert at in before
    assert at in refused.output
    assert before.count("record-in-future") == 1
    assert "record-in-future" not in on_the_day + closed


@pytest.mark.parametrize(("on", "told"), [("2026-11-17", True), ("2026-11-20", True), ("2026-11-21", False)])
def test_whoever_may_still_appeal_is_told_and_holds_nothing(life: Life, on: str, told: bool) -> None:
    life.publish()
    deliver(life, "2026-11-11")

    closed = life.run("close", "2026-10", "--by", "HR", "--on", on)

    assert ("还有 3 人可以申诉，最晚到 2026-11-20" in closed.stdout) is told


@pytest.mark.parametrize(
    "faulty", ["P1,E02,sales_volumes,call,2027-03-31,open", "P1,E02,attitude,call,2026-09-30,open"]
)
def test_a_faulty_row_of_a_plan_holds_the_closing_until_a_sound_one_of_its_id_stands_behind_it(
    life: Life, faulty: str
) -> None:
    life.publish()
    deliver(life, "2026-11-11")
    head, sound = "plan,person,indicator,action,due,state\n", "P1,E02,sales_volume,call,2027-03-31,open\n"
    life.path("2026-10/plans.csv").write_text(f"{head}{faulty}\n", encoding="utf-8")

    held = life.run("close", "2026-10", "--by", "HR", "--on", "2026-11-24", code=1)
    life.add("2026-10/plans.csv", sound)
    told = life.run("check", "--today", "2026-11-24").output
    life.run("close", "2026-10", "--by", "HR", "--on", "2026-11-24")

    assert "2026-10/plans.csv:2:" in held.stderr
    assert "plans.csv:2:1: warning" not in told
    assert "[many-rows-set-aside]" not in told


def test_a_delivery_of_a_wrong_day_is_put_right_by_a_row_behind_it(life: Life) -> None:
    life.publish()
    deliver(life, "2026-11-11")
    number = numbers(life)["E03"]
    life.change("2026-10/confirmations.csv", f"E03,{number},delivered,2026-11-11,HR,\n", "")
    life.add("2026-10/confirmations.csv", f"E03,{number},delivered,2026-01-12,HR,\n")

    held = life.run("close", "2026-10", "--by", "HR", "--on", "2026-11-24", code=1)
    life.add("2026-10/confirmations.csv", f"E03,{number},delivered,2026-11-12,HR,\n")
    found = json.loads(life.run("status", "2026-10", "--today", "2026-11-13", "--format", "json", code=None).stdout)

    assert "[record-too-early]" in held.stderr
    assert "[close-undelivered]" in held.stderr
    life.run("close", "2026-10", "--by", "HR", "--on", "2026-11-24")
    [told] = [each for each in found["follow_up"]["results"] if each["person"] == "E03"]
    assert (told["delivered_on"], told["confirm_until"]) == ("2026-11-12", "2026-11-17")
