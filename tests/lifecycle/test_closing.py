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
