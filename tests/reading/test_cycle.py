"""The folder of a cycle as a whole: which files are read, which are named, which are not followed."""

from pathlib import Path

import pytest
from gmpy2 import mpq

from cycle_folders import ACTUALS, COMPANY, Folder, codes, lines, numbers, report
from kpibook.base.periods import Period, PeriodKind
from kpibook.base.problems import Level, Place
from kpibook.model import (
    Adjustment,
    Catalog,
    CycleStatus,
    RatingRow,
    Reading,
    Relation,
    TargetRow,
)
from kpibook.reading.cycle import load_cycle, load_cycles

# Whole cycles


def test_the_small_company_is_read_without_a_problem(catalog: Catalog) -> None:
    cycles, problems = load_cycles(COMPANY / "scorecards", catalog)

    assert not problems
    assert [(str(cycle.period), cycle.status) for cycle in cycles] == [
        ("2026-09", CycleStatus.CLOSED),
        ("2026-10", CycleStatus.OPEN),
    ]
    october = cycles[1]
    assert october.folder == "scorecards/2026-10"
    assert october.actuals["E02", "sales"] == Reading(
        mpq(22300), Place("scorecards/2026-10/actuals/support.csv", 3, 11), "22,300", "", True
    )
    assert october.targets["E03", "sales_volume"] == TargetRow(
        mpq(15000), Place("scorecards/2026-10/targets.csv", 2, 18), "新员工首月", "E01"
    )
    assert october.ratings["E02", "attitude"] == (
        RatingRow(Relation.MANAGER, "E01", Place("scorecards/2026-10/ratings.csv", 2, 26), "40", mpq(40)),
    )
    assert october.adjustments["E02"] == (
        Adjustment(mpq(2), "主动顶班", "E01", Place("scorecards/2026-10/adjustments.csv", 2, 5)),
    )
    assert october.people[0].numbers == {"base_salary": mpq(8000)}
    assert cycles[0].ratings["E02", "attitude"][0].value == mpq(35)
    assert report(october, "actuals/support.csv").converted == (
        (Place("scorecards/2026-10/actuals/support.csv", 3, 11), "22,300", "22300"),
    )


def test_cycles_come_oldest_first_and_strange_folders_are_named(folder: Folder) -> None:
    for name in ("2026-Q3", "2026-09", "2025"):
        (folder.root / name).mkdir()
        kind = Period.parse(name).kind
        (folder.root / name / "cycle.yml").write_text(f"name: x\nkind: {kind}\nstatus: planned\n", encoding="utf-8")
    (folder.root / "oktober").mkdir()
    (folder.root / "notes.txt").write_text("", encoding="utf-8")
    (folder.root / "README.md").write_text("", encoding="utf-8")

    cycles, problems = load_cycles(folder.root, folder.catalog)

    assert [str(cycle.period) for cycle in cycles] == ["2025", "2026-Q3", "2026-09", "2026-10"]
    assert [str(problem.place) for problem in problems if problem.code == "not-a-cycle"] == [
        "scorecards/notes.txt",
        "scorecards/oktober",
    ]
    assert {problem.level for problem in problems} == {Level.WARNING}


def test_no_scorecards_are_no_cycles(tmp_path: Path, catalog: Catalog) -> None:
    assert load_cycles(tmp_path / "absent", catalog) == ((), ())


def test_a_folder_that_is_no_period_is_no_cycle(tmp_path: Path, catalog: Catalog) -> None:
    with pytest.raises(ValueError, match="not a period"):
        load_cycle(tmp_path, catalog)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "no-cycle-file"),
        ("", "cycle-file-empty"),
        ("- a\n", "cycle-file-empty"),
        ("name: x\nkind: quarter\nstatus: open\n", "cycle-kind-differs"),
        ("name: x\nkind: month\nstatus: opened\n", "unknown-value"),
        ("name: x\nkind: month\n", "missing-key"),
        ("name: x\nkind: month\nstatus: open\nschedule: {collect_by: 2026-13-01}\n", "not-a-date"),
    ],
)
def test_a_faulty_cycle_file_hides_nothing_else(folder: Folder, content: str | None, code: str) -> None:
    (folder.path / "cycle.yml").unlink()
    if content is not None:
        folder.write({"cycle.yml": content})

    cycle, problems = folder.load(shop=ACTUALS + "E01,sales,5,\n")

    assert codes(problems) == [code]
    assert problems[0].level is Level.ERROR
    assert numbers(cycle) == {"E01 sales": "5"}
    assert (cycle.period.kind, str(cycle.period)) == (PeriodKind.MONTH, "2026-10")


def test_what_is_not_read_is_named(folder: Folder) -> None:
    folder.write({
        "~$people.xlsx": "",
        ".DS_Store": "",
        "set-aside.csv": "",
        "manifest.csv": "",
        "import-log.csv": "",
        "notes.txt": "",
        "actuals/~$a.xlsx": "",
        "actuals/readme.md": "",
        "actuals/more/x.csv": "",
        "actuals/old.xls": "",
        "people.et": "",
    })  # fmt: skip

    _, problems = folder.load()

    assert sorted(lines(problems)) == [
        ".DS_Store: warning: .DS_Store stands here but is not read [cycle-file-ignored]",
        "actuals/more: warning: more stands here but is not read [cycle-file-ignored]",
        "actuals/old.xls: error: .xls files are not read [workbook-other-kind]",
        "actuals/readme.md: warning: readme.md stands here but is not read [cycle-file-ignored]",
        "actuals/~$a.xlsx: warning: ~$a.xlsx stands here but is not read [cycle-file-ignored]",
        "notes.txt: warning: notes.txt stands here but is not read [cycle-file-ignored]",
        "people.et: error: .et files are not read [workbook-other-kind]",
        "~$people.xlsx: warning: ~$people.xlsx stands here but is not read [cycle-file-ignored]",
    ]


def test_files_whose_names_differ_only_in_case_are_told_as_a_disk_may_hold_one_of_them_alone(folder: Folder) -> None:
    folder.write({"actuals/Shop.csv": f"{ACTUALS}E02,sales,6,\n"})

    _, problems = folder.load(shop=ACTUALS + "E01,sales,5,\n")

    assert lines(problems) == [
        "actuals/shop.csv: error: the name differs from Shop.csv only in case: "
        "where a disk minds none, as on Windows, one of the two files is lost [cycle-files-alike]"
    ]


def test_a_table_is_there_in_one_form_only(folder: Folder) -> None:
    folder.write({"people.xlsx": b"x"})

    cycle, problems = folder.load()

    assert lines(problems) == [
        "people.xlsx: error: only one of people.csv and people.xlsx may be there [two-files-of-a-kind]"
    ]
    assert cycle.people == ()


def test_links_are_not_followed(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.csv").write_text(ACTUALS + "E01,sales,5,\n", encoding="utf-8")
    (folder.path / "actuals").symlink_to(tmp_path / "elsewhere")
    (folder.path / "targets.csv").symlink_to(tmp_path / "absent")

    cycle, problems = folder.load()

    assert not cycle.actuals
    assert lines(problems) == [
        "actuals: error: this is not a plain file (link); it is not read [file-not-regular]",
        "targets.csv: error: this is not a plain file (link); it is not read [file-not-regular]",
    ]
