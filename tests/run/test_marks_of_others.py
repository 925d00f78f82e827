"""Marked words about one person, in every field that takes words, stand where that person may be seen alone."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from canaries import marks
from lives import Life

ABOUT = "E02"
WORDS: Mapping[str, tuple[str, ...]] = {
    "people.csv": ("name",),
    "ratings.csv": ("comment",),
    "adjustments.csv": ("reason",),
    "targets.csv": ("reason",),
    "actuals/noted.csv": ("note",),
    "confirmations.csv": ("comment",),
    "interviews.csv": ("summary", "opinion"),
    "plans.csv": ("gap", "action", "support"),
    "appeals.csv": ("claim", "evidence"),
}
"""The fields of each file that take words about somebody."""


def word(file: str, column: str) -> str:
    """Five marks as one text."""
    return " ".join(mark for mark in marks(file, column) if "|" not in mark and "<" not in mark) + f" 金{column}"


def cores(file: str, column: str) -> list[bytes]:
    """What nothing else writes: what a quoting of HTML or Markdown leaves alone."""
    return [mark.encode() for mark in marks(file, column) if mark.replace(".", "").isalnum()]


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """October is published to people, with marked words about one of them in every field, and both sites are made."""
    root = tmp_path_factory.mktemp("marked")
    life = Life(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        with (root / "handbook" / "company.yml").open("a", encoding="utf-8") as file:
            file.write("access: {hr: [office], chain: all}\nnotices: {domain: example.com}\n")
        with (root / "handbook" / "roles" / "barista.yml").open("a", encoding="utf-8") as file:
            file.write('pay:\n  - {name: 奖金, formula: "total * 10"}\n')
        life.change("2026-10/people.csv", f"{ABOUT},周然", f"{ABOUT},{word('people.csv', 'name')}")
        rating = "E02,attitude,manager,E01,40,"
        life.change("2026-10/ratings.csv", rating, rating + word("ratings.csv", "comment"))
        life.change("2026-10/adjustments.csv", "主动顶班", word("adjustments.csv", "reason"))
        life.add("2026-10/targets.csv", f"E02,sales_volume,16000,{word('targets.csv', 'reason')},E01\n")
        note = word("actuals/noted.csv", "note")
        life.change(
            "2026-10/actuals/support.csv", row_of(life, "E02,sales"), f"{row_of(life, 'E02,sales').rstrip(',')},{note}"
        )
        life.publish()
        number = json.loads(life.read("2026-10/revisions/1/seal.json"))["people"][ABOUT]
        for name, text in records(number).items():
            life.path(f"2026-10/{name}").write_text(text, encoding="utf-8")
        life.run("build", code=None)
        life.run("collect", "2026-10", "--out", "sheets", code=None)
    return life


def row_of(life: Life, beginning: str) -> str:
    return next(row for row in life.read("2026-10/actuals/support.csv").splitlines() if row.startswith(beginning))


def records(number: str) -> dict[str, str]:
    """A row of each record about the person."""

    said = {(file, column): word(file, column) for file, columns in WORDS.items() for column in columns}
    plan = ",".join(said["plans.csv", column] for column in ("gap", "action", "support"))
    appeal = ",".join(said["appeals.csv", column] for column in ("claim", "evidence"))
    talk = (said["interviews.csv", "summary"], said["interviews.csv", "opinion"])
    return {
        "confirmations.csv": "person,result,answer,on,by,comment\n"
        f"E02,{number},delivered,2026-11-12,E01,\n"
        f"E02,{number},disagrees,2026-11-12,E02,{said['confirmations.csv', 'comment']}\n",
        "interviews.csv": "person,result,on,by,summary,cause,opinion\n"
        f"E02,{number},2026-11-12,E01,{talk[0]},own,{talk[1]}\n",
        "plans.csv": "plan,person,indicator,gap,action,support,owner,due,checked_on,state,outcome\n"
        f"P1,E02,attitude,{plan},E01,2026-12-01,,open,\n",
        "appeals.csv": "appeal,person,result,indicator,category,claim,evidence,filed_on,step,on,by,outcome,reason\n"
        f"A1,E02,{number},attitude,fact,{appeal},2026-11-13,filed,2026-11-13,E02,,\n",
    }


FIELDS = [(file, column) for file, columns in WORDS.items() for column in columns]


def standing(folder: Path, field: tuple[str, str]) -> list[str]:
    """The files below a folder in which a marked word of a field stands; of workbooks all parts are looked at."""
    found = []
    for path in (path for path in sorted(folder.rglob("*")) if path.is_file()):
        data = path.read_bytes()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                data = b"".join(book.read(name) for name in book.namelist())
        if any(core in data for core in cores(*field)):
            found.append(path.relative_to(folder).as_posix())
    return found


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: "-".join(field))
def test_a_word_about_somebody_stands_in_no_place_of_others(life: Life, field: tuple[str, str]) -> None:
    for folder in ("site", "build/handbook", "build/schemas", "site-viewers/public", "site-viewers/viewers/u-e03"):
        assert (life.root / folder).is_dir(), folder
        assert standing(life.root / folder, field) == [], folder


def test_the_search_finds_the_words_where_they_belong(life: Life) -> None:
    """The control: the own folder and the manager's have them."""
    own = [field for field in FIELDS if standing(life.root / "site-viewers" / "viewers" / "u-e02", field)]
    managers = [field for field in FIELDS if standing(life.root / "site-viewers" / "viewers" / "u-e01", field)]

    assert {("people.csv", "name"), ("ratings.csv", "comment"), ("adjustments.csv", "reason")} <= set(own)
    assert set(own) <= set(managers)


def test_sheets_that_are_sent_round_say_who_is_meant_and_nothing_about_them(life: Life) -> None:
    """A rater sees the own ratings; who supplies numbers sees names."""
    found = {field: standing(life.root / "sheets", field) for field in FIELDS}

    assert found["people.csv", "name"]
    assert {field: files for field, files in found.items() if files and field not in SENT} == {}
    assert len(found["ratings.csv", "comment"]) == 1
    assert "E01" in found["ratings.csv", "comment"][0]


SENT = (("people.csv", "name"), ("ratings.csv", "comment"), ("actuals/noted.csv", "note"))
"""Names, the rater's own comments, and the notes of who supplied a number go back to those who wrote them."""


def test_pay_that_is_handed_over_and_notices_tell_nothing_but_a_name(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(life.root)
    handed = life.root / "handed"
    handed.mkdir()
    for name in ("pay.xlsx", "again.csv"):
        done = life.run("payroll", "2026-10", "--out", f"handed/{name}", "--on", "2026-11-20", code=None)
        assert done.exit_code in (0, 3), done.output
    told = life.run("notify", "2026-10", "--on", "2026-11-20", code=None)
    (handed / "said.txt").write_text(told.output, encoding="utf-8")

    found = {field: standing(handed, field) for field in FIELDS}

    assert found.pop(("people.csv", "name")) == ["pay.xlsx"]
    assert {field: files for field, files in found.items() if files} == {}
    assert "邮件给 E01" in told.output
