"""Seals: every change of what was sealed is found, and what decides nothing may change at any time."""

import json
import random
import shutil
import zipfile
from pathlib import Path

import pytest

from kpibook.base.periods import Period
from kpibook.sealing.input_hashes import input_hashes
from kpibook.sealing.revisions import read_sealed
from kpibook.sealing.seals import FORMAT, parse_seal
from lives import Life

FLIPS = 300
SEALED = Path(__file__).parents[1] / "sealed"


def sealed_files(folder: Path) -> list[str]:
    """Every file that the newest seal of a cycle answers for, and the seal."""
    number = max(int(path.name) for path in (folder / "revisions").iterdir())
    seal = f"revisions/{number}/seal.json"
    return sorted([*parse_seal((folder / seal).read_bytes()).files, seal])


def found_files(folder: Path) -> set[str]:
    """The files that are told not to be as they were sealed."""
    name = f"{folder.parent.name}/{folder.name}/"
    return {problem.place.file.removeprefix(name) for problem in read_sealed(folder)[1]}


def is_free(folder: Path, path: str, data: bytes) -> bool:
    """Whether a file says the same to the seal after all: its line ends are folded, logins do not count."""
    before = (folder / path).read_bytes()
    (folder / path).write_bytes(data)
    hashes = dict(input_hashes(folder))
    (folder / path).write_bytes(before)
    return hashes == dict(input_hashes(folder))


@pytest.fixture
def october(life: Life) -> Path:
    life.add("2026-10/actuals/shop.csv", "shop,complaints,2,\n")
    life.publish()
    return life.path("2026-10")


def test_a_flipped_bit_is_found_and_its_file_named(october: Path) -> None:
    chance = random.Random(20261130)
    files = [path for path in sealed_files(october) if path != "cycle.yml"]

    for _ in range(FLIPS):
        path = chance.choice(files)
        data = bytearray((october / path).read_bytes())
        at = chance.randrange(len(data))
        data[at] ^= 1 << chance.randrange(8)
        before = (october / path).read_bytes()
        (october / path).write_bytes(bytes(data))
        assert found_files(october) == {path}, f"byte {at} of {path}"
        (october / path).write_bytes(before)


@pytest.mark.parametrize("change", ["gone", "renamed"])
def test_a_file_that_goes_is_found(october: Path, change: str) -> None:
    for path in sealed_files(october):
        if path.startswith("revisions/") and path.endswith("seal.json"):
            continue
        aside = october.parent / "aside"
        (october / path).rename(aside)
        expected = {path}
        if change == "renamed" and path.startswith("actuals/"):
            shutil.copy(aside, october / "actuals" / "other.csv")
            expected.add("actuals/other.csv")
        assert found_files(october) == expected
        (october / "actuals" / "other.csv").unlink(missing_ok=True)
        aside.rename(october / path)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("actuals/late.csv", "subject,measure,actual,note\n"),
        ("handbook/roles/cleaner.yml", "name: Cleaner\ndepartment: shop\n"),
        ("handbook/waivers.yml", "[]\n"),
        ("manifest.csv", "file,rows\n"),
        ("set-aside.csv", "state\n"),
        ("calibration.csv", "person,total,grade,reason,by,on\n"),
        ("targets.xlsx", "x"),
    ],
)
def test_a_file_that_comes_is_found(october: Path, path: str, text: str) -> None:
    (october / path).write_text(text, encoding="utf-8")

    assert found_files(october) == {path}


def test_a_seal_that_is_gone_is_missed(october: Path) -> None:
    shutil.rmtree(october / "revisions" / "1")

    [problem] = read_sealed(october)[1]

    assert str(problem) == (
        "scorecards/2026-10/revisions/1/seal.json: error: revision 1 of 2026-10 was written and is not there"
        " [seal-missing]\n    hint: bring the folder revisions/ back from git"
    )


def test_a_seal_that_was_edited_and_hashed_anew_does_not_follow(life: Life, october: Path) -> None:
    life.change("2026-10/actuals/support.csv", "E01,sales,55000,", "E01,sales,54000,")
    life.correct()
    first = october / "revisions/1/seal.json"
    seal = parse_seal(first.read_bytes())
    forged = json.loads(seal.text())
    forged["by"] = "Somebody"
    del forged["hash"]
    text = type(seal)(**{**forged, "open": tuple(forged["open"])}).text()
    first.write_text(text, encoding="utf-8")

    [problem] = read_sealed(october)[1]

    assert problem.code == "seal-chain"
    assert problem.place.file == "scorecards/2026-10/revisions/2/seal.json"


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("cycle.yml", "status: published", "status: closed"),
        ("cycle.yml", "confirm_by: 2026-11-10", "confirm_by: 2026-11-12"),
        ("cycle.yml", "kind: month\n", "kind: month\nrelease: managers\nnote: seen\n"),
        ("people.csv", "person,name,role,department,manager,from,to,base_salary\n", "PERSON"),
    ],
)
def test_what_decides_nothing_may_change(life: Life, october: Path, path: str, old: str, new: str) -> None:
    if new == "PERSON":
        rows = life.read("2026-10/people.csv").splitlines()
        text = "".join(f"{row},{'login' if at == 0 else f'user{at}'}\n" for at, row in enumerate(rows))
        (october / path).write_text(text, encoding="utf-8")
    else:
        life.change(f"2026-10/{path}", old, new)

    assert found_files(october) == set()


RECORDS = {
    "confirmations": "person,result,answer,on,by",
    "interviews": "person,result,on,by,summary",
    "plans": "person,plan,indicator,action,due,state",
    "appeals": "appeal,person,result,step,on,by",
    "agreements": "person,on,by,catalog",
    "notices": "person",
}


def test_records_and_the_log_may_grow(life: Life, october: Path) -> None:
    for name, columns in RECORDS.items():
        (october / f"{name}.csv").write_text(f"{columns}\n", encoding="utf-8")
    life.add("2026-10/log.csv", "2026-12-01,remind,,HR,\n")
    life.add("2026-10/import-log.csv", "x\n")

    assert found_files(october) == set()
    assert "2026-10" not in life.run("check").stdout


def test_line_ends_of_another_system_are_the_same(october: Path) -> None:
    for path in sealed_files(october):
        data = (october / path).read_bytes()
        (october / path).write_bytes(data.replace(b"\n", b"\r\n"))

    assert found_files(october) == set()


def test_nobody_s_number_changes_by_another_s_result(life: Life, october: Path) -> None:
    before = json.loads((october / "revisions/1/seal.json").read_text(encoding="utf-8"))["people"]
    life.change("2026-10/actuals/support.csv", "E01,sales,55000,", "E01,sales,500,")
    life.change("2026-10/people.csv", "E03,何小青,", "E03,何晓青,")
    life.correct()

    after = json.loads((october / "revisions/2/seal.json").read_text(encoding="utf-8"))["people"]
    assert {person for person in after if after[person] != before[person]} == {"E01"}


def test_workbooks_are_sealed_to_the_byte(life: Life) -> None:
    life.complete_october()
    workbook = life.path("2026-10/actuals/more.xlsx")
    with zipfile.ZipFile(workbook, "w") as file:
        file.writestr("a", "\r\n")
    hashes = input_hashes(life.path("2026-10"))
    workbook.write_bytes(workbook.read_bytes().replace(b"\r\n", b"\n\n", 1))

    assert input_hashes(life.path("2026-10"))["actuals/more.xlsx"] != hashes["actuals/more.xlsx"]


SEALS = {1: ("8a731f0a70a0", "da68651939d5"), 2: ("aa51188389ca", "1fe32435dbfa")}
"""The seals of October in every format that there was."""


@pytest.mark.parametrize("form", SEALS)
def test_a_seal_of_every_format_is_verified_by_every_later_version(form: int) -> None:
    sealed, problems = read_sealed(SEALED / str(form) / "scorecards" / "2026-10")

    assert problems == ()
    assert sealed is not None
    assert tuple(seal.hash[:12] for seal in sealed.seals) == SEALS[form]
    assert {seal.format for seal in sealed.seals} == {form}
    assert Period.parse(sealed.newest.cycle) == Period.parse("2026-10")


def test_what_is_sealed_now_has_the_newest_format_of_these() -> None:
    assert max(SEALS) == FORMAT


@pytest.mark.parametrize("form", SEALS)
def test_this_program_computes_what_was_sealed(life: Life, form: int) -> None:
    put_back(life, form)

    told = life.run("verify", "--recompute").stdout

    assert told.endswith("2 个周期都与封存时一致。\n")
    assert "2026-09,1,E02,standing.total,96\n" in life.read("2026-10/revisions/2/carried.csv")


def put_back(life: Life, form: int) -> None:
    """The company as it was sealed in a format."""
    for folder in ("handbook", "scorecards"):
        shutil.rmtree(life.root / folder)
        shutil.copytree(SEALED / str(form) / folder, life.root / folder)


def test_a_correction_keeps_the_format_of_what_it_corrects(life: Life) -> None:
    """In the first format the amounts of streaks stood beside the pay: nobody moves because they are pay now."""
    put_back(life, 1)
    life.change("2026-10/actuals/support.csv", "E01,sales,55000,", "E01,sales,500,")

    life.correct()

    seals = [json.loads(life.read(f"2026-10/revisions/{number}/seal.json")) for number in (2, 3)]
    assert [seal["format"] for seal in seals] == [1, 1]
    assert {who for who in seals[0]["people"] if seals[0]["people"][who] != seals[1]["people"][who]} == {"E01"}
    assert "pay: 连续优秀" not in life.read("2026-10/revisions/3/totals.csv")


def test_what_is_published_now_has_the_amounts_of_streaks_in_the_pay(life: Life) -> None:
    life.add("../handbook/company.yml", "streaks: [{name: 连续优秀, when: total >= 80, cycles: 2, amount: 200}]\n")
    life.complete_october()
    life.publish()

    assert json.loads(life.read("2026-10/revisions/1/seal.json"))["format"] == 2
    assert "pay: 连续优秀" in life.read("2026-10/revisions/1/totals.csv")
    assert life.run("verify", "--recompute").stdout.endswith("与封存时一致。\n")
