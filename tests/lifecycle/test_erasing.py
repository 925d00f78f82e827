"""A person is taken out of cycles whose time is over: names, words and records go, figures stay, and seals hold."""

import json
import shutil
from pathlib import Path

import pytest

from kpibook.lifecycle.erased_tables import ErasedKind, ErasedPerson, table_without
from kpibook.sealing.erasures import ErasureFault, erasure_path, read_erasures
from lives import Life

NAME = "何小青"
SIGNED = ("--by", "HR", "--reason", "the time is over")
LATER = ("--on", "2029-01-01")
ERASED = "2026-10/revisions/erased-1.json"


@pytest.fixture
def kept(life: Life) -> Life:
    """Two revisions of October, words and records about a person in every file, the name in the first seal."""
    life.add("2026-10/actuals/support.csv", "E03,sales,14000,张三说何小青多报了一单\n")
    life.add("2026-10/ratings.csv", f"E03,attitude,manager,E01,30,{NAME}待客热情\n")
    life.run("publish", "2026-10", "--by", NAME, "--on", "2026-11-11", "--anyway", "--reason", f"{NAME}等不及")
    number = json.loads(life.read("2026-10/revisions/1/seal.json"))["people"]["E03"]
    life.change("2026-10/adjustments.csv", "E02,2,", "E02,3,")
    life.correct()
    other = json.loads(life.read("2026-10/revisions/2/seal.json"))["people"]["E02"]
    rows = f"E03,{number},delivered,2026-11-12,HR,\nE03,{number},confirmed,2026-11-12,E03,同意\n"
    rows += f"E02,{other},delivered,2026-11-12,{NAME},\n"
    life.path("2026-10/confirmations.csv").write_text(f"person,result,answer,on,by,comment\n{rows}", encoding="utf-8")
    with (life.root / "handbook" / "company.yml").open("a", encoding="utf-8") as file:
        file.write("keep_years: 2\n")
    return life


def where(life: Life, text: str = NAME) -> list[str]:
    """The files of October in which a text stands."""
    folder = life.path("2026-10")
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and "handbook" not in path.parts)
    return [path.relative_to(folder).as_posix() for path in files if text in path.read_text(encoding="utf-8")]


def test_without_a_yes_only_the_plan_is_told(kept: Life) -> None:
    before = kept.tree()

    told = kept.run("erase", "E03", *SIGNED, *LATER).output

    assert kept.tree() == before
    assert "2026-10：姓名 6 处、评语、备注和理由 4 处、记录 2 行" in told
    assert "git filter-repo --replace-text names.txt" in told
    assert f"{NAME}==>已删除" in told
    assert told.rstrip().endswith("加 --yes 才执行。")


def test_names_words_and_records_go_and_seals_hold(kept: Life) -> None:
    first = {NAME: where(kept)}
    results = kept.read("2026-10/revisions/2/items.csv")

    kept.run("erase", "E03", *SIGNED, *LATER, "--yes")

    assert len(first[NAME]) >= 8
    assert where(kept) == []
    assert kept.read("2026-10/revisions/2/items.csv") == results
    assert "E03,已删除,barista,shop,E01" in kept.read("2026-10/people.csv")
    assert "E03,sales,14000,已删除" in kept.read("2026-10/actuals/support.csv")
    assert "E03,attitude,manager,E01,30,已删除" in kept.read("2026-10/ratings.csv")
    confirmed = kept.read("2026-10/confirmations.csv").splitlines()
    assert [row.split(",")[0] for row in confirmed] == ["person", "E02"]
    assert confirmed[1].endswith(",E03,")
    verified = kept.run("verify", "--recompute").output
    assert "2029-01-01 由 HR 删去了 E03 的姓名、评语和记录" in verified
    kept.run("check", code=None)
    assert kept.read("2026-10/log.csv").splitlines() == [
        "on,step,revision,by,reason",
        "2026-11-11,publish,1,E03,已删除",
        "2026-11-20,correct,2,HR,mistyped",
        "2029-01-01,erase,,HR,the time is over",
    ]


def test_the_erasure_has_both_hashes_of_each_sealed_file_of_every_revision(kept: Life) -> None:
    seals = [json.loads(kept.read(f"2026-10/revisions/{number}/seal.json")) for number in (1, 2)]

    kept.run("erase", "E03", *SIGNED, *LATER, "--yes")

    found = json.loads(kept.read(ERASED))
    assert set(found["files"]) == {
        *("people.csv", "ratings.csv", "targets.csv", "actuals/support.csv"),
        *("revisions/1/totals.csv", "revisions/2/totals.csv", "revisions/1/seal.json"),
    }
    assert found["files"]["people.csv"][0] == seals[1]["files"]["people.csv"]
    assert found["files"]["revisions/1/totals.csv"][0] == seals[0]["files"]["revisions/1/totals.csv"]
    assert found["files"]["revisions/1/seal.json"][0] == seals[0]["hash"] == seals[1]["before"]
    assert json.loads(kept.read("2026-10/revisions/2/seal.json")) == seals[1]


def test_what_changes_beside_an_erasure_is_found(kept: Life) -> None:
    kept.run("erase", "E03", *SIGNED, *LATER, "--yes")
    kept.change("2026-10/people.csv", "E02,周然", "E02,周燃")

    assert "sealed-file-changed" in kept.run("verify", code=1).output


@pytest.mark.parametrize("old", ['"by": "HR"', '"person": "E03"', '"number": 1'])
def test_an_erasure_that_was_changed_is_found(kept: Life, old: str) -> None:
    kept.run("erase", "E03", *SIGNED, *LATER, "--yes")
    kept.change(ERASED, old, old[:-1] + '9"' if old.endswith('"') else '"number": 2')

    assert "erasure-broken" in kept.run("verify", code=1).output
    with pytest.raises(ErasureFault):
        read_erasures(kept.path("2026-10"))


def test_an_erasure_taken_away_leaves_a_chain_that_does_not_hold(kept: Life) -> None:
    kept.run("erase", "E03", *SIGNED, *LATER, "--yes")
    kept.path(ERASED).unlink()

    assert "seal-chain" in kept.run("verify", code=1).output


def test_a_second_person_follows_the_first(kept: Life) -> None:
    kept.run("erase", "E03", *SIGNED, *LATER, "--yes")
    kept.run("erase", "e02", *SIGNED, "--on", "2029-02-01", "--yes")

    first, second = read_erasures(kept.path("2026-10"))
    assert (second.person, second.before) == ("E02", first.hash)
    assert kept.path(f"2026-10/{erasure_path(2)}").is_file()
    kept.run("verify", "--recompute")
    assert where(kept, "周然") == []


def test_a_cycle_is_corrected_and_read_as_ever_after_an_erasure(kept: Life) -> None:
    kept.run("erase", "E03", *SIGNED, *LATER, "--yes")
    kept.change("2026-10/adjustments.csv", "E02,3,", "E02,1,")
    kept.correct()

    kept.run("verify", "--recompute")
    assert "E03,已删除" in kept.read("2026-10/revisions/3/totals.csv")


@pytest.mark.parametrize(
    ("who", "more", "code"),
    [
        ("E03", ("--on", "2028-09-30"), "erase-nothing"),
        ("E09", LATER, "erase-unknown"),
    ],
)
def test_nothing_is_taken_out_before_its_time_or_of_a_stranger(
    kept: Life, who: str, more: tuple[str, ...], code: str
) -> None:
    before = kept.tree()

    for trial in ((), ("--yes",)):
        assert f"[{code}]" in kept.run("erase", who, *SIGNED, *more, *trial, code=1).output

    assert kept.tree() == before


def test_each_cycle_waits_for_its_own_day(kept: Life) -> None:
    told = kept.run("erase", "E03", *SIGNED, "--on", "2028-10-01").output

    assert "2026-09：" in told
    assert "2026-10：还在保存期内；2028-11-01 起" in told


def test_without_a_time_to_keep_nothing_is_taken_out(life: Life) -> None:
    assert "[erase-no-time]" in life.run("erase", "E03", *SIGNED, *LATER, code=1).output


def test_workbooks_and_names_within_texts_are_named_for_a_look(kept: Life) -> None:
    kept.path("2026-10/actuals/more.xlsx").write_bytes(b"PK")
    kept.add("2026-10/log.csv", "")
    kept.add("2026-10/adjustments.csv", f"E02,1,替{NAME}值班,E01\n")

    told = kept.run("erase", "E03", *SIGNED, *LATER, code=None).output

    assert "actuals/more.xlsx" in told
    assert "adjustments.csv:3" in told


def a_person() -> ErasedPerson:
    return ErasedPerson("E3", ("Ann Lee", "Ann"), "gone")


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("people.csv", b"person;name\r\nE3;Ann Lee\r\nE4;Bob\r\n", b"person;name\r\nE3;gone\r\nE4;Bob\r\n"),
        ("people.csv", b"\xef\xbb\xbfperson,name,login\nE3,Ann,ann", b"\xef\xbb\xbfperson,name,login\nE3,gone,"),
        ("x.csv", "subject,note\nE3,多\nE4,少\n".encode("gb18030"), b"subject,note\nE3,gone\nE4,\xc9\xd9\n"),
        ("x.csv", b'person,note\nE3,"two\nlines"\nE4,"a\nb"\n', b'person,note\nE3,gone\nE4,"a\nb"\n'),
        ("x.csv", b"person,approved_by\nE4,Ann\n", b"person,approved_by\nE4,E3\n"),
        ("plans.csv", b"plan,person,owner\nP1,E3,E4\nP2,E4,Ann Lee\n", b"plan,person,owner\nP2,E4,E3\n"),
        ("set-aside.csv", b'raw,code\n"E3,sales,many",x\n', b"raw,code\ngone,x\n"),
        ("x.csv", b"person,note\nE4,of Ann\n", b"person,note\nE4,of Ann\n"),
        ("x.csv", b"subject,source\nE3,Ann.xlsx!S!B2=1\nE4,all.csv:2\n", b"subject,source\nE3,\nE4,all.csv:2\n"),
        ("x.csv", b"", b""),
        ("x.csv", b"\xff\xff", b"\xff\xff"),
    ],
)
def test_rows_of_others_keep_every_byte(file: str, before: bytes, after: bytes) -> None:
    assert table_without(file, before, a_person()).data == after


def test_what_is_taken_out_is_counted_by_kind() -> None:
    found = table_without("plans.csv", b"plan,person,owner\nP1,E3,E4\nP2,E4,Ann\n", a_person())

    assert found.counts == {ErasedKind.RECORD: 1, ErasedKind.NAME: 1}
    assert Path(erasure_path(1)).name == "erased-1.json"


def test_a_seal_from_which_a_name_was_taken_is_not_lost(kept: Life) -> None:
    before, seal = kept.root / "before", "scorecards/2026-10/revisions/1/seal.json"
    for folder in ("handbook", "scorecards"):
        shutil.copytree(kept.root / folder, before / folder)
    kept.run("erase", "E03", *SIGNED, *LATER, "--yes")

    told = kept.run("diff", str(before))

    assert (kept.root / seal).read_bytes() != (before / seal).read_bytes()
    assert told.stderr == ""
