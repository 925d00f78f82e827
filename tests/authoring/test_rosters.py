"""The roster of a new cycle: nobody is lost, leavers are named, days of the cycle before go."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from companies import a_company
from kpibook.authoring.rosters import NamedPerson, RolledRoster, rolled_leave, rolled_roster
from kpibook.base.periods import Period
from kpibook.cli import main

HEADER = "person,name,role,department,manager,from,to,absent_days,exempt,base_salary\n"


def rolled(folder: Path, rows: str, into: str = "2026-11", header: str = HEADER) -> RolledRoster:
    path = folder / "people.csv"
    path.write_text(header + rows, encoding="utf-8")
    roster = rolled_roster(path, "scorecards/2026-10/people.csv", Period.parse(into))
    assert roster
    return roster


def test_who_joined_within_the_month_is_there_for_the_whole_of_the_next(tmp_path: Path) -> None:
    roster = rolled(tmp_path, "E01,林晓,manager,shop,,2026-10-16,,3,,8000\n")

    assert roster == RolledRoster((HEADER + "E01,林晓,manager,shop,,,,,,8000\n").encode())


def test_who_left_is_left_out_and_named_with_the_last_day(tmp_path: Path) -> None:
    roster = rolled(tmp_path, "E01,林晓,manager,shop,,,2026-10-10,,,\nE02,周然,barista,shop,E01,,2026-10-31,,,\n")

    assert roster.content.decode() == HEADER
    assert roster.left == (NamedPerson("E01", "林晓", "2026-10-10"), NamedPerson("E02", "周然", "2026-10-31"))


def test_after_a_change_of_role_the_last_one_goes_on_and_nobody_has_left(tmp_path: Path) -> None:
    rows = "E02,周然,barista,shop,E01,,2026-10-15,,,\ne02,周然,manager,shop,,2026-10-16,,,,\n"

    roster = rolled(tmp_path, rows)

    assert roster.content.decode() == HEADER + "e02,周然,manager,shop,,,,,,\n"
    assert roster.left == ()


def test_of_a_leaver_with_two_roles_the_later_day_is_named(tmp_path: Path) -> None:
    rows = "E02,周然,manager,shop,,2026-10-11,2026-10-20,,,\nE02,周然,barista,shop,E01,,2026-10-10,,,\n"

    assert rolled(tmp_path, rows).left == (NamedPerson("E02", "周然", "2026-10-20"),)


def test_days_within_the_new_cycle_stay(tmp_path: Path) -> None:
    rows = "E01,林晓,manager,shop,,2026-10-16,2026-11-20,,,\nE02,周然,barista,shop,E01,2026-11-05,,,,\n"

    roster = rolled(tmp_path, rows, into="2026-Q4")

    assert roster.content.decode() == HEADER + rows


def test_who_was_exempt_is_there_again_and_named(tmp_path: Path) -> None:
    roster = rolled(tmp_path, "E01,林晓,manager,shop,,,,,产假,\n")

    assert roster.content.decode() == HEADER + "E01,林晓,manager,shop,,,,,,\n"
    assert roster.exempt == (NamedPerson("E01", "林晓", "产假"),)


def test_a_row_that_cannot_be_read_stays_and_is_named(tmp_path: Path) -> None:
    roster = rolled(tmp_path, "E01,林晓,manager,shop,,10月16日,,,,\nE02,周然\n")

    assert roster.content.decode() == HEADER + "E01,林晓,manager,shop,,10月16日,,,,\n"
    assert list(map(str, roster.unread)) == [
        "scorecards/2026-10/people.csv:2:22",
        "scorecards/2026-10/people.csv:3:1",
    ]


def test_a_text_with_commas_and_quotes_is_the_same_text_afterwards(tmp_path: Path) -> None:
    row = 'E01,"林,""晓""",manager,shop,,,,,,\n'

    assert rolled(tmp_path, row).content.decode() == HEADER + row


def test_a_file_that_is_no_roster_gives_none(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    assert rolled_roster(tmp_path / "people.csv", "people.csv", Period.parse("2026-11")) is None


def test_new_cycle_says_who_left_and_checks_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = a_company(tmp_path)
    (root / "scorecards/2026-10/people.csv").write_text(
        "person,name,role,department,manager,from,to,exempt,base_salary\n"
        "E01,林晓,shop-manager,shop,,2026-10-16,,,1\n"
        "E02,周然,barista,shop,E01,,2026-10-20,,1\n"
        "E03,何小青,barista,shop,E01,,,工伤,1\n"
        "E04,高,barista,shop,E01,?,,,1\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(root)

    result = CliRunner().invoke(main, ["new", "cycle", "2026-11"], catch_exceptions=False)

    told = [line for line in result.output.splitlines() if "E0" in line or "people.csv:" in line]
    assert told == [
        "已经离开、没有列入：周然（E02，最后一天 2026-10-20）",
        "上个周期豁免考核、这次仍在花名册里：何小青（E03，工伤）；还要豁免的，请重新写上 exempt。",
        "这些行读不懂，请先改好再看花名册里少不少人：scorecards/2026-10/people.csv:5:24",
    ]


def test_a_roster_that_cannot_be_read_makes_no_cycle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = a_company(tmp_path)
    (root / "scorecards/2026-10/people.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    monkeypatch.chdir(root)

    result = CliRunner().invoke(main, ["new", "cycle", "2026-11"], catch_exceptions=False)

    assert "scorecards/2026-10 的花名册读不了，没有新建任何文件；请先运行 kpibook check，把它改好。" in result.output
    assert not (root / "scorecards/2026-11").exists()


def test_leave_that_has_not_ended_goes_on_and_faulty_days_are_kept_to_be_told(tmp_path: Path) -> None:
    file = tmp_path / "leave.csv"
    rows = ["E1,产假,2026-08-01,", "E2,产假,2026-08-01,2026-09-30", "E3,产假,2026-09-20,2026-10-01", "E4,产假,x,y"]
    file.write_text("\n".join(["person,kind,from,to", *rows, ""]), encoding="utf-8")

    rolled = rolled_leave(file, "leave.csv", Period.parse("2026-10"))

    assert rolled == "\n".join(["person,kind,from,to", rows[0], rows[2], rows[3], ""]).encode()
    file.write_text("person,kind,from,to\nE2,产假,2026-08-01,2026-09-30\n", encoding="utf-8")
    assert rolled_leave(file, "leave.csv", Period.parse("2026-10")) is None
    assert rolled_leave(tmp_path / "none.csv", "none.csv", Period.parse("2026-10")) is None
