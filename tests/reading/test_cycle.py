"""A cycle: the roster, the numbers of all suppliers, targets, ratings and adjustments, and what became of each row."""

import datetime
import io
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from gmpy2 import mpq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpibook.base.numbers import plain
from kpibook.base.periods import Period, PeriodKind
from kpibook.base.problems import Level, Place, Problem
from kpibook.base.words import words
from kpibook.model import (
    Adjustment,
    Catalog,
    Company,
    Cycle,
    CycleStatus,
    FileReport,
    RatingRow,
    Reading,
    Relation,
    TargetRow,
)
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycle, load_cycles

COMPANY = Path(__file__).parents[1] / "company"
MEASURES = """\
headcount: {name: 在岗人数, unit: 人, owner: shop, minimum: 0, maximum: 10000}
return_rate: {name: 退货率, unit: "%", owner: shop, minimum: 0, maximum: 100}
defect_rate: {name: 次品率, unit: "%", owner: shop, minimum: 0, maximum: 5}
"""
HEAD = "name: 十月\nkind: month\nstatus: open\n"
EN, ZH = words("en"), words("zh")
PEOPLE = "person,name,role,department\nE01,林晓,shop-manager,shop\nE02,周然,barista,shop\n"
ACTUALS = "subject,measure,actual,note\n"

Files = Mapping[str, str | bytes]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The small company, with measures that have bounds."""
    handbook = tmp_path_factory.mktemp("company") / "handbook"
    shutil.copytree(COMPANY / "handbook", handbook)
    with (handbook / "measures.yml").open("a", encoding="utf-8") as file:
        file.write(MEASURES)
    found, problems = load_catalog(handbook)
    assert not problems
    return found


class Folder:
    """A cycle's folder to be filled."""

    def __init__(self, root: Path, catalog: Catalog) -> None:
        self.root = root / "scorecards"
        self.path = self.root / "2026-10"
        self.catalog = catalog
        self.write({"cycle.yml": HEAD, "people.csv": PEOPLE})

    def write(self, files: Files) -> None:
        for name, content in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)

    def load(self, **files: str | bytes) -> tuple[Cycle, tuple[Problem, ...]]:
        """The cycle with these files; `people` is people.csv, other names are suppliers."""
        tops = ("people", "targets", "ratings", "adjustments")
        self.write({f"{name}.csv" if name in tops else f"actuals/{name}.csv": text for name, text in files.items()})
        cycle, problems = load_cycle(self.path, self.catalog)
        assert all(map(str, problems))
        for row in cycle.set_aside:
            # What follows from a row of the roster is told with that row.
            code, place = row.code, row.place
            if code == "person-set-aside":
                code, place = (
                    "rows-set-aside-with",
                    next(p.place for p in problems if str(p.place) == row.values["first"]),
                )
            assert any((p.code, p.place, p.level) == (code, place, Level.WARNING) for p in problems)
        return cycle, problems


@pytest.fixture
def folder(tmp_path: Path, catalog: Catalog) -> Folder:
    return Folder(tmp_path, catalog)


def lines(problems: Iterable[Problem]) -> list[str]:
    """Problems without the folder's name and without hints."""
    return [str(problem).splitlines()[0].replace("scorecards/2026-10/", "") for problem in problems]


def codes(problems: Iterable[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def numbers(cycle: Cycle) -> dict[str, str]:
    return {f"{subject} {measure}": plain(reading.value) for (subject, measure), reading in cycle.actuals.items()}


def report(cycle: Cycle, name: str) -> FileReport:
    [found] = [each for each in cycle.files if each.file == f"scorecards/2026-10/{name}"]
    return found


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


# People


def people_with(*rows: str, header: str = "person,name,role,department,manager,from,to") -> str:
    return "\n".join((header, *rows, ""))


def test_a_roster_is_needed(folder: Folder) -> None:
    (folder.path / "people.csv").unlink()

    cycle, problems = folder.load(shop=ACTUALS + "E77,sales,5,\n!,sales,5,\n")

    assert lines(problems) == [
        "people.csv: error: people.csv is missing, so nobody is appraised [no-people-file]",
        "actuals/shop.csv:3:1: warning: ! is neither in the roster nor a department nor company; similar: company, "
        "shop, support [unknown-subject]",
        "actuals/shop.csv: warning: 1 of 2 rows were set aside [many-rows-set-aside]",
    ]
    assert numbers(cycle) == {"E77 sales": "5"}


def test_a_planned_cycle_may_lack_its_roster(folder: Folder) -> None:
    (folder.path / "people.csv").unlink()
    folder.write({"cycle.yml": HEAD.replace("open", "planned")})

    _, problems = folder.load()

    assert [(problem.code, problem.level) for problem in problems] == [("no-people-file", Level.WARNING)]


def test_an_empty_roster_is_an_error(folder: Folder) -> None:
    _, problems = folder.load(people="person,name,role,department\n")

    assert lines(problems) == [
        "people.csv: error: not one person of the roster can be used [empty-roster]",
    ]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        pytest.param(",周然,barista,shop,,,", "cell-empty", 1, id="no id"),
        pytest.param("E02,,barista,shop,,,", "cell-empty", 5, id="no name"),
        pytest.param("E02,周然,,shop,,,", "cell-empty", 8, id="no role"),
        pytest.param("1.10101E+17,周然,barista,shop,,,", "id-damaged", 1, id="damaged id"),
        pytest.param("Ｅ02,周然,barista,shop,,,", "bad-person-id", 1, id="full-width id"),
        pytest.param("Е02,周然,barista,shop,,,", "bad-person-id", 1, id="Cyrillic id"),
        pytest.param("../E02,周然,barista,shop,,,", "bad-person-id", 1, id="path"),
        pytest.param("x" * 33 + ",周然,barista,shop,,,", "bad-person-id", 1, id="long id"),
        pytest.param("Shop,周然,barista,shop,,,", "person-id-taken", 1, id="id of a department"),
        pytest.param("company,周然,barista,shop,,,", "person-id-taken", 1, id="id of the company"),
        pytest.param("E02,周然,barrista,shop,,,", "unknown-role", 8, id="unknown role"),
        pytest.param("E02,周然,barista,shops,,,", "unknown-department", 16, id="unknown department"),
        pytest.param("E02,周然,barista,shop,,3-10-2026,", "cell-not-a-date", 22, id="date"),
        pytest.param("E02,周然,barista,shop,,2026-10-32,", "cell-not-a-date", 22, id="no such day"),
        pytest.param("E02,周然,barista,shop,,2026-09-30,", "date-outside-cycle", 22, id="before the cycle"),
        pytest.param("E02,周然,barista,shop,,,2026-11-01", "date-outside-cycle", 23, id="after the cycle"),
        pytest.param("E02,周然,barista,shop,,2026-10-09,2026-10-08", "dates-reversed", 33, id="reversed"),
        pytest.param("合计,2人,,,,,", "totals-row", 1, id="total"),
    ],
)
def test_a_faulty_person_is_set_aside(folder: Folder, row: str, code: str, column: int) -> None:
    text = people_with("E01,林晓,shop-manager,shop,,,", *(f"E9{i},甲,barista,shop,E01,," for i in range(9)), row)

    cycle, problems = folder.load(people=text)

    assert [(each.code, str(each.place)) for each in cycle.set_aside] == [
        (code, f"scorecards/2026-10/people.csv:12:{column}")
    ]
    assert codes(problems) == [code]
    assert len(cycle.people) == 10
    assert cycle.set_aside[0].raw == row


def test_a_person_set_aside_is_named_where_numbers_of_hers_arrive(folder: Folder) -> None:
    text = PEOPLE + "E03,何青,barrista,shop\n"

    cycle, _ = folder.load(people=text, shop=ACTUALS + "e03,sales,5,\n")

    assert cycle.set_aside[-1].code == "person-set-aside"
    assert cycle.set_aside[-1].values["first"] == "scorecards/2026-10/people.csv:4:1"


def test_what_follows_from_a_row_set_aside_is_told_once_and_beside_it(folder: Folder) -> None:
    people = PEOPLE + "E03,何青,barrista,shop\nE04,秦川,barista\nE05,许一,barista,shop,E03,x\n"
    rows = "".join(f"{person},{key},5,\n" for person in ("e03", "E04") for key in ("sales", "visitors"))

    cycle, problems = folder.load(people=people, shop=ACTUALS + rows)

    assert [row.code for row in cycle.set_aside if "actuals" in row.place.file] == ["person-set-aside"] * 4
    folder_name = "scorecards/2026-10"
    followed = [problem for problem in problems if problem.code == "rows-set-aside-with"]
    assert [(str(problem.place), problem.values) for problem in followed] == [
        (f"{folder_name}/people.csv:{line}:{at}", {"person": person, "count": 2, "where": where})
        for line, at, person, where in (
            (4, 1, "e03", f"{folder_name}/actuals/shop.csv:2:1, {folder_name}/actuals/shop.csv:3:1"),
            (5, 1, "E04", f"{folder_name}/actuals/shop.csv:4:1, {folder_name}/actuals/shop.csv:5:1"),
        )
    ]
    assert [followed[0].text(say).split(" [")[0].partition("warning: ")[2] for say in (EN, ZH)] == [
        f"with this row of e03 in the roster, 2 rows of data are set aside: {followed[0].values['where']}",
        f"e03 在名单里的这一行被搁置，他的另外 2 行数据也一起搁置：{followed[0].values['where']}",
    ]
    assert {"unknown-subject", "unknown-manager", "person-set-aside"}.isdisjoint(codes(problems))


@pytest.mark.parametrize("name", ["Anna ?", "J. Who? Smith", "O'Neil (?)"])
def test_a_name_may_have_a_question_mark(folder: Folder, name: str) -> None:
    cycle, problems = folder.load(people=PEOPLE.replace("周然", name))

    assert not problems
    assert cycle.people[1].name == name


@pytest.mark.parametrize("name", ["周?", "?然", "??", "?", "An??a", "林\ufffd"])
def test_a_name_that_lost_a_character_is_told(folder: Folder, name: str) -> None:
    _, problems = folder.load(people=PEOPLE.replace("周然", name))

    assert codes(problems) == ["name-damaged"]


def test_ids_are_text(folder: Folder) -> None:
    text = PEOPLE + "007,甲,barista,shop\n110101199001011234,乙,barista,shop\n"

    cycle, problems = folder.load(people=text, shop=ACTUALS + "007,sales,5,\n7,sales,6,\n1.10101E+17,sales,7,\n")

    assert [person.person for person in cycle.people][2:] == ["007", "110101199001011234"]
    assert numbers(cycle) == {"007 sales": "5"}
    assert codes(problems)[:2] == ["unknown-subject", "id-damaged"]


def test_ids_are_compared_without_case(folder: Folder) -> None:
    cycle, problems = folder.load(
        people=people_with("E01,林晓,shop-manager,shop,,,", "E02,周然,barista,shop,e01,,"),
        shop=ACTUALS + "e02,sales,5,\ne02,visitors,6,\nSHOP,sales,7,\nCompany,sales,8,\n",
    )

    assert not problems
    assert numbers(cycle) == {"E02 sales": "5", "E02 visitors": "6", "shop sales": "7", "company sales": "8"}
    assert cycle.people[1].manager == "E01"


def test_ids_that_differ_only_in_case_are_an_error(folder: Folder) -> None:
    """Both places are named."""
    _, problems = folder.load(people=PEOPLE + "e01,林晓,barista,shop\n")

    assert lines(problems)[0] == (
        "people.csv:4:1: error: the ids e01 and E01 (people.csv:2:1) differ only in case [person-id-case]"
    )


def test_a_person_may_change_roles_within_the_cycle(folder: Folder) -> None:
    """With a gap between the two."""
    cycle, problems = folder.load(
        people=people_with(
            "E01,林晓,shop-manager,shop,,2026-10-12,",
            "E01,林晓,barista,shop,,,2026-10-10",
            "E02,周然,barista,shop,E01,,",
        )
    )

    assert not problems
    assert [(p.role, p.first_day, p.last_day) for p in cycle.people if p.person == "E01"] == [
        ("shop-manager", datetime.date(2026, 10, 12), None),
        ("barista", None, datetime.date(2026, 10, 10)),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [(",", ","), (",2026-10-10", "2026-10-10,"), ("2026-10-05,", ",2026-10-20"), ("2026-10-01,2026-10-31", ",")],
)
def test_assignments_that_overlap_are_an_error(folder: Folder, one: str, other: str) -> None:
    _, problems = folder.load(
        people=people_with(f"E01,林晓,barista,shop,,{one}", f"E01,林晓,shop-manager,shop,,{other}")
    )

    assert codes(problems) == ["overlapping-assignments"]
    assert problems[0].level is Level.ERROR
    assert {problems[0].place.line, int(str(problems[0].values["first"]).split(":")[1])} == {2, 3}


def test_a_repeated_person_counts_once(folder: Folder) -> None:
    cycle, problems = folder.load(people=PEOPLE + "E01,林晓,shop-manager,shop\n")

    assert len(cycle.people) == 2
    assert lines(problems) == [
        "people.csv:4:1: warning: this row repeats people.csv:2:1 and counts once [repeated-row]"
    ]
    assert report(cycle, "people.csv") == FileReport(
        "scorecards/2026-10/people.csv", "utf-8", rows=3, used=2, set_aside=0, repeated=1
    )


def test_one_id_under_two_names_is_nobody(folder: Folder) -> None:
    cycle, problems = folder.load(people=PEOPLE + "E02,吴越,barista,shop\n", shop=ACTUALS + "E02,sales,5,\n")

    assert [person.person for person in cycle.people] == ["E01"]
    assert codes(problems)[:2] == ["conflicting-names", "conflicting-names"]
    assert [row.place.line for row in cycle.set_aside] == [3, 4, 2]


def test_two_people_may_have_one_name(folder: Folder) -> None:
    cycle, problems = folder.load(people=PEOPLE + "E03,周然,barista,shop\n")

    assert not problems
    assert len(cycle.people) == 3


def test_a_damaged_name_is_kept_and_told(folder: Folder) -> None:
    cycle, problems = folder.load(people=PEOPLE.replace("周然", "周?").replace("林晓", "林\ufffd"))

    assert codes(problems) == ["name-damaged", "name-damaged"]
    assert len(cycle.people) == 2


def test_a_manager_outside_the_roster_is_told(folder: Folder) -> None:
    cycle, problems = folder.load(people=people_with("E01,林晓,barista,shop,E09,,"))

    assert lines(problems) == [
        "people.csv:2:1: warning: the manager E09 is not in the roster; similar: E01 [unknown-manager]"
    ]
    assert cycle.people[0].manager == "E09"


def test_further_columns_of_the_roster_are_numbers(folder: Folder) -> None:
    header = "person,name,role,department,base_salary,absent_days,e_mail,备注,bonus"
    rows = (
        'E01,林晓,barista,shop,"8,000",,a@b,x,',
        "E02,周然,barista,shop,5000,3,c@d,,",
        "E03,吴越,barista,shop,?,,,,",
    )

    cycle, problems = folder.load(people=people_with(*rows, header=header))

    assert [dict(person.numbers) for person in cycle.people] == [
        {"base_salary": mpq(8000)},
        {"base_salary": mpq(5000), "absent_days": mpq(3)},
    ]
    assert codes(problems) == ["column-ignored", "text-column-ignored", "cell-missing-token", "many-rows-set-aside"]
    assert str(cycle.set_aside[0].place) == "scorecards/2026-10/people.csv:4:21"


# Actuals


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        pytest.param("E09,sales,5,", "unknown-subject", 1, id="person"),
        pytest.param(",sales,5,", "cell-empty", 1, id="no subject"),
        pytest.param("E01,,5,", "cell-empty", 5, id="no measure"),
        pytest.param("E01,sale,5,", "unknown-measure", 5, id="measure"),
        pytest.param("E01,Sales,5,", "unknown-measure", 5, id="measure in another case"),
        pytest.param("E01,conversion,5,", "indicator-is-computed", 5, id="computed"),
        pytest.param("E01,sales,NA,", "cell-missing-token", 11, id="not available"),
        pytest.param("E01,sales,无,", "cell-missing-token", 11, id="in Chinese"),
        pytest.param("E01,sales,NaN,", "cell-not-finite", 11, id="no number"),
        pytest.param("E01,sales,1.2E+5,", "cell-scientific", 11, id="scientific"),
        pytest.param("E01,sales,（5）,", "cell-not-a-number", 11, id="in brackets"),
        pytest.param("E01,sales,5人,", "cell-other-unit", 11, id="unit"),
        pytest.param("E01,sales,9999999999999999,", "cell-too-large", 11, id="too large"),
        pytest.param("E01,headcount,-1,", "under-minimum", 15, id="negative"),
        pytest.param("E01,headcount,10001,", "over-maximum", 15, id="bound"),
        pytest.param("合计,sales,5,", "totals-row", 1, id="total"),
        pytest.param("subject,measure,actual,note", "repeated-header", 1, id="header"),
        pytest.param("E01,sales", "short-row", 1, id="short"),
    ],
)
def test_a_faulty_number_is_set_aside(folder: Folder, row: str, code: str, column: int) -> None:
    cycle, problems = folder.load(shop=ACTUALS + "E02,sales,7,\n" + row + "\nE02,visitors,8,\n")

    assert [(each.code, str(each.place), each.raw) for each in cycle.set_aside] == [
        (code, f"scorecards/2026-10/actuals/shop.csv:3:{column}", row)
    ]
    assert codes(problems) == [code, "many-rows-set-aside"]
    assert numbers(cycle) == {"E02 sales": "7", "E02 visitors": "8"}


def test_a_row_set_aside_says_whose_number_it_was(folder: Folder) -> None:
    cycle, _ = folder.load(shop=ACTUALS + "e01,sales,x,\nE01,sale,5,\nE09,sales,5,\n")

    assert [(row.subject, row.key) for row in cycle.set_aside] == [("E01", "sales"), ("E01", ""), ("", "")]


def test_candidates_and_the_way_out_are_named(folder: Folder) -> None:
    _, problems = folder.load(shop=ACTUALS + "E1,sales,5,\nE01,visitor,5,\nE01,conversion,5,\n")

    assert [str(problem).replace("scorecards/2026-10/actuals/", "") for problem in problems[:3]] == [
        "shop.csv:2:1: warning: E1 is neither in the roster nor a department nor company; similar: E01, E02, company "
        "[unknown-subject]\n    hint: check the id, or add the person to people.csv",
        "shop.csv:3:5: warning: nothing is collected under visitor; similar: visitors, attitude, complaints "
        "[unknown-measure]\n    hint: write an id of measures.yml, or of an indicator without a formula",
        "shop.csv:4:5: warning: the indicator conversion is computed and cannot be supplied [indicator-is-computed]\n"
        "    hint: supply the measures of its formula: buyers, visitors",
    ]


def test_an_indicator_without_a_formula_is_collected(folder: Folder) -> None:
    cycle, problems = folder.load(shop=ACTUALS + "E01,attitude,35,\n")

    assert not problems
    assert numbers(cycle) == {"E01 attitude": "35"}


def test_conversions_are_listed(folder: Folder) -> None:
    rows = 'E01,sales,"1,234",\nE02,sales,１２.５,\nshop,sales,120万元,\ncompany,return_rate,85%, \n E01,visitors,5,\n'

    cycle, problems = folder.load(shop=ACTUALS + rows)

    assert not problems
    assert [
        (place.line, place.column, raw, value) for place, raw, value in report(cycle, "actuals/shop.csv").converted
    ] == [
        (2, 11, "1,234", "1234"),
        (3, 11, "１２.５", "12.5"),
        (4, 12, "120万元", "1200000"),
        (5, 21, "85%", "85"),
        (6, 1, " E01", "E01"),
    ]
    assert [reading.converted for reading in cycle.actuals.values()] == [True, True, True, True, False]


def test_a_number_out_of_bounds_is_not_listed_as_converted(folder: Folder) -> None:
    cycle, _ = folder.load(shop=ACTUALS + "E01,headcount,２０万,\n")

    assert report(cycle, "actuals/shop.csv").converted == ()


def test_an_empty_number_is_missing_and_not_zero(folder: Folder) -> None:
    cycle, problems = folder.load(shop=ACTUALS + "E01,sales,,\nE02,sales,0,\nE02,visitors, ,later\n")

    assert numbers(cycle) == {"E02 sales": "0"}
    assert lines(problems) == [
        "actuals/shop.csv:2:11: warning: 2 rows hold no number and count as missing: line 2, 4 [actual-empty]"
    ]
    assert report(cycle, "actuals/shop.csv") == FileReport(
        "scorecards/2026-10/actuals/shop.csv", "utf-8", rows=3, used=3, set_aside=0, empty=2
    )


def test_a_fraction_for_a_percentage_is_told_with_both_readings(folder: Folder) -> None:
    """A defect rate of at most 5 cannot have been meant as 85."""
    rows = (
        "E01,return_rate,0.85,\nE02,return_rate,0.9,\nshop,return_rate,85,\nE01,defect_rate,0.85,\nE02,defect_rate,0,\n"
    )

    cycle, problems = folder.load(shop=ACTUALS + rows)

    assert lines(problems) == [
        "actuals/shop.csv:2:17: warning: is '0.85' of return_rate 0.85 % or 85 %? it counts as 0.85 %; in 2 cells: "
        "line 2, 3 [percent-or-fraction]"
    ]
    assert numbers(cycle)["E01 return_rate"] == "0.85"


def test_a_repeated_number_counts_once(folder: Folder) -> None:
    """Also when it is written differently, in one file or in two."""
    cycle, problems = folder.load(
        a=ACTUALS + "E01,sales,1000,\nE01,sales,1000,\nE01,visitors,3,\n", b=ACTUALS + 'e01,sales,"1,000.0",\n'
    )

    assert numbers(cycle) == {"E01 sales": "1000", "E01 visitors": "3"}
    assert lines(problems) == [
        f"actuals/{place}: warning: this row repeats actuals/a.csv:2:11 and counts once [repeated-row]"
        for place in ("a.csv:3:11", "b.csv:2:11")
    ]
    assert (report(cycle, "actuals/a.csv").repeated, report(cycle, "actuals/b.csv").repeated) == (1, 1)


def test_a_conflict_decides_nothing(folder: Folder) -> None:
    """All rows are set aside, each naming the others, with their text as it stands."""
    cycle, problems = folder.load(
        a=ACTUALS + 'E01,sales,1000,"first\ntry"\nE02,sales,5,\n' + "E01,visitors,1,\n",
        b=ACTUALS + "E01,sales,1001,\n",
        c=ACTUALS + "E01,sales,1000,\nE01,visitors,1,\n",
    )

    assert numbers(cycle) == {"E02 sales": "5", "E01 visitors": "1"}
    assert [(row.code, str(row.place)[19:], row.raw, row.subject, row.key) for row in cycle.set_aside] == [
        ("conflicting-values", "actuals/a.csv:2:11", 'E01,sales,1000,"first\ntry"', "E01", "sales"),
        ("conflicting-values", "actuals/b.csv:2:11", "E01,sales,1001,", "E01", "sales"),
        ("conflicting-values", "actuals/c.csv:2:11", "E01,sales,1000,", "E01", "sales"),
    ]
    assert lines(problems)[0] == (
        "actuals/a.csv:2:11: warning: E01 sales is given differently elsewhere: "
        "actuals/b.csv:2:11, actuals/c.csv:2:11 [conflicting-values]"
    )
    assert [(each.used, each.set_aside, each.repeated) for each in cycle.files[1:]] == [(2, 1, 0), (0, 1, 0), (0, 1, 1)]


def test_the_same_file_twice_counts_once(folder: Folder) -> None:
    rows = ACTUALS + "E01,sales,5,\nE02,sales,6,\n"

    cycle, problems = folder.load(a=rows, b=rows)

    assert lines(problems) == [
        "actuals/b.csv: warning: this file has the same content as actuals/a.csv and counts once [same-content]"
    ]
    assert (report(cycle, "actuals/b.csv").rows, report(cycle, "actuals/b.csv").repeated) == (2, 2)


def test_a_file_without_notes_and_in_another_order_is_read(folder: Folder) -> None:
    """The note may stand first."""
    cycle, problems = folder.load(
        a="actual,measure,subject\n5,sales,E01\n", b="note,actual,measure,subject\nok,6,sales,E02\n"
    )

    assert not problems
    assert [(r.note, str(r.place)[19:]) for r in cycle.actuals.values()] == [
        ("", "actuals/a.csv:2:1"),
        ("ok", "actuals/b.csv:2:4"),
    ]


def test_one_unusable_file_costs_no_other(folder: Folder) -> None:
    cycle, problems = folder.load(a=b"PK\x03\x04", b="a;b\n", c=ACTUALS + "E01,sales,5,\n")

    assert [(p.code, p.level) for p in problems] == [("file-not-csv", Level.ERROR), ("other-delimiter", Level.ERROR)]
    assert numbers(cycle) == {"E01 sales": "5"}


def test_a_gbk_file_with_one_row_is_read(folder: Folder) -> None:
    cycle, problems = folder.load(a=(ACTUALS + "E01,sales,5,含退货两单，已与门店核对\n").encode("gbk"))

    assert not problems
    assert cycle.actuals["E01", "sales"].note == "含退货两单，已与门店核对"
    assert report(cycle, "actuals/a.csv").encoding == "gb18030"


def test_hostile_text_stays_text(folder: Folder) -> None:
    notes = ["<script>alert(1)</script>", "a|b", '--8<-- "people.csv"', "=HYPERLINK(1)", "{{ 1 }}", "`x`\\"]
    rows = "".join(
        f'shop,{measure},1,"{note.replace(chr(34), chr(34) * 2)}"\n'
        for measure, note in zip(folder.catalog.measures, notes, strict=False)
    )

    cycle, _ = folder.load(a=ACTUALS + rows)

    assert [reading.note for reading in cycle.actuals.values()] == notes


def test_a_misspelt_file_costs_no_search_for_each_row(folder: Folder) -> None:
    rows = "".join(f"X{i},sales,5,\n" for i in range(2000))
    people = "".join(f"P{i},甲,barista,shop\n" for i in range(5000))

    cycle, _ = folder.load(people=PEOPLE + people, a=ACTUALS + rows)

    assert report(cycle, "actuals/a.csv").set_aside == 2000
    assert cycle.set_aside[0].values["near"] != "-"
    assert cycle.set_aside[-1].values["near"] == "-"


def workbook(rows: Iterable[Iterable[object]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_workbooks_and_csv_files_stand_side_by_side(folder: Folder) -> None:
    (folder.path / "people.csv").unlink()
    names = ("person", "name", "role", "department", "from", "base_salary")
    rows = (
        names,
        ("E01", "林晓", "barista", "shop", datetime.date(2026, 10, 5), 8000),
        ("7", "甲", "barista", "shop", None, None),
    )
    folder.write({
        "people.xlsx": workbook(rows),
        "actuals/a.xlsx": workbook([("subject", "measure", "actual"), ("E01", "sales", 0.285), (7, "sales", 5)]),
    })  # fmt: skip

    cycle, problems = folder.load(b=ACTUALS + "7,sales,5,\n")

    assert cycle.people[0].first_day == datetime.date(2026, 10, 5)
    assert cycle.people[0].numbers == {"base_salary": mpq(8000)}
    assert numbers(cycle) == {"E01 sales": "0.285", "7 sales": "5"}
    assert lines(problems)[0] == (
        "actuals/a.xlsx!Sheet!A3: warning: subject is an id, but it is stored as a number (7); zeros before it may be "
        "lost [id-not-text]"
    )


def test_a_conflict_between_a_workbook_and_a_csv_file_is_named(folder: Folder) -> None:
    folder.write({"actuals/a.xlsx": workbook([("subject", "measure", "actual"), ("E01", "sales", 4)])})

    cycle, _ = folder.load(b=ACTUALS + "E01,sales,5,\n")

    assert [(str(row.place)[19:], row.raw) for row in cycle.set_aside] == [
        ("actuals/a.xlsx!Sheet!C2", "E01\tsales\t4"),
        ("actuals/b.csv:2:11", "E01,sales,5,"),
    ]


# Targets, ratings, adjustments

TARGETS = "subject,indicator,target,reason,approved_by\n"
RATINGS = "person,indicator,relation,rater,score,comment\n"
ADJUSTMENTS = "person,points,reason,approved_by\n"


def test_targets_belong_to_people_and_departments(folder: Folder) -> None:
    cycle, problems = folder.load(targets=TARGETS + 'e01,sales_volume,"1,000",旺季,E02\nSHOP,conversion,25%,,E02\n')

    assert {key: plain(row.value) for key, row in cycle.targets.items()} == {
        ("E01", "sales_volume"): "1000",
        ("shop", "conversion"): "25",
    }
    assert problems == ()


def test_rows_may_tell_when_they_were_approved(folder: Folder) -> None:
    cycle, problems = folder.load(
        targets=TARGETS.strip() + ",on\nE01,sales_volume,1000,旺季,E02,2026-10-08\nE02,sales_volume,900,旺季,E01,\n",
        adjustments=ADJUSTMENTS.strip() + ",on\nE02,2,顶班,E01,2026-10-30\nE02,1,获奖,E01,10月30日\n",
    )

    assert [row.approved_on for row in cycle.targets.values()] == [datetime.date(2026, 10, 8), None]
    assert [row.approved_on for row in cycle.adjustments["E02"]] == [datetime.date(2026, 10, 30)]
    assert "cell-not-a-date" in codes(problems)
    assert [(row.code, row.subject) for row in cycle.set_aside] == [("cell-not-a-date", "E02")]


def test_a_target_may_tell_what_it_was_before(folder: Folder) -> None:
    rows = 'E01,sales_volume,80,x,y,"1,00０"\nE01,conversion,20%,x,y,25%\nE02,conversion,20,x,y,\n'

    cycle, _ = folder.load(targets=TARGETS.strip() + ",original\n" + rows)

    assert [(row.value, row.original) for row in cycle.targets.values()] == [
        (mpq(80), mpq(1000)),
        (mpq(20), mpq(25)),
        (mpq(20), None),
    ]


def test_a_target_whose_former_value_is_no_number_is_set_aside(folder: Folder) -> None:
    cycle, _ = folder.load(targets=TARGETS.strip() + ",original\nE01,sales_volume,80,x,y,many\n")

    assert not cycle.targets
    assert [(row.code, str(row.place)) for row in cycle.set_aside] == [
        ("cell-not-a-number", "scorecards/2026-10/targets.csv:2:25")
    ]


@pytest.mark.parametrize(
    ("row", "code", "about"),
    [
        ("company,sales_volume,5,x,y", "unknown-person", ("", "")),
        ("E09,sales_volume,5,x,y", "unknown-person", ("", "")),
        ("E01,sales,5,x,y", "unknown-indicator", ("E01", "")),
        ("E01,sales_volume,x,x,y", "cell-not-a-number", ("E01", "sales_volume")),
    ],
)
def test_a_faulty_target_is_set_aside(folder: Folder, row: str, code: str, about: tuple[str, str]) -> None:
    cycle, _ = folder.load(targets=f"{TARGETS}{row}\n")

    assert not cycle.targets
    assert [(each.code, (each.subject, each.key)) for each in cycle.set_aside] == [(code, about)]


def test_an_empty_target_is_no_target(folder: Folder) -> None:
    cycle, problems = folder.load(targets=TARGETS + "E01,sales_volume,,x,y\n")

    assert not cycle.targets
    assert codes(problems) == ["target-empty"]
    assert report(cycle, "targets.csv").empty == 1


def test_targets_that_differ_are_set_aside(folder: Folder) -> None:
    cycle, _ = folder.load(
        targets=TARGETS + "E01,sales_volume,5,x,y\nE01,sales_volume,6,x,y\nE01,conversion,7,x,y\n" * 2
    )

    assert list(cycle.targets) == [("E01", "conversion")]
    assert [row.place.line for row in cycle.set_aside] == [2, 3, 5, 6]
    assert report(cycle, "targets.csv").repeated == 1


def test_a_rating_is_points_or_a_level(folder: Folder) -> None:
    rows = "E02,attitude,manager,e01,35,准时,\nE02,attitude,Peer,E01,30,,好\n"
    rows += "E02,attitude,customer,客户甲,12分,,\nE02,attitude,self,,20,,中\n"

    cycle, problems = folder.load(ratings=RATINGS.strip() + ",level\n" + rows)

    assert not problems
    assert [(r.relation, r.rater, r.value, r.level, r.comment) for r in cycle.ratings["E02", "attitude"]] == [
        (Relation.MANAGER, "E01", mpq(35), "", "准时"),
        (Relation.PEER, "E01", mpq(30), "好", ""),
        (Relation.CUSTOMER, "客户甲", mpq(12), "", ""),
        (Relation.SELF, "", mpq(20), "中", ""),
    ]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("E09,attitude,manager,E01,35,", "unknown-person", 1),
        ("E02,attitudes,manager,E01,35,", "unknown-indicator", 5),
        ("E02,attitude,boss,E01,35,", "unknown-relation", 14),
        ("E02,attitude,,E01,35,", "cell-empty", 14),
        ("E02,attitude,peer,,35,", "rater-missing", 19),
        ("E02,attitude,manager,E01,优,", "unknown-level", 26),
        ("E02,attitude,manager,E01,NA,", "cell-missing-token", 26),
        ("E02,conversion,manager,E01,优,", "cell-not-a-number", 28),
        ("E02,attitude,manager,E01,好,", "rating-level-open", 26),
        ("E02,attitude,manager,E01,41,", "rating-beyond-weight", 26),
        ("E02,attitude,self,E01,-1,", "rating-beyond-weight", 23),
        ("E02,attitude,manager,E01,19.5,", "rating-between-levels", 26),
    ],
)
def test_a_faulty_rating_is_set_aside(folder: Folder, row: str, code: str, column: int) -> None:
    cycle, _ = folder.load(ratings=f"{RATINGS}{row}\n")

    assert not cycle.ratings
    assert [(each.code, each.place.column) for each in cycle.set_aside] == [(code, column)]


def test_a_rating_row_without_a_score_asks_for_one_and_is_no_fault(folder: Folder) -> None:
    rows = "E02,attitude,manager,E01,,\nE02,attitude,peer,E03,,\nE02,attitude,peer,e03,31,\n"

    cycle, problems = folder.load(ratings=RATINGS + rows)

    assert not problems
    assert not cycle.set_aside
    assert [(row.relation, row.rater) for row in cycle.asked["E02", "attitude"]] == [(Relation.MANAGER, "E01")]
    assert [(row.relation, row.value) for row in cycle.ratings["E02", "attitude"]] == [(Relation.PEER, mpq(31))]
    counted = report(cycle, "ratings.csv")
    assert (counted.rows, counted.used, counted.empty, counted.set_aside) == (3, 3, 2, 0)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("E02,attitude,manager,29,好", "rating-between-levels"),
        ("E02,attitude,manager,29,优", "rating-level-unknown"),
    ],
)
def test_points_outside_the_level_beside_them_are_set_aside(folder: Folder, row: str, code: str) -> None:
    cycle, _ = folder.load(ratings=f"person,indicator,relation,score,level\n{row}\n")

    assert not cycle.ratings
    assert [(each.code, each.subject, each.key) for each in cycle.set_aside] == [(code, "E02", "attitude")]


def test_a_rating_of_somebody_who_is_not_rated_on_it_is_kept(folder: Folder) -> None:
    cycle, problems = folder.load(ratings=RATINGS + "E01,attitude,manager,E01,9999,\n")

    assert not problems
    assert cycle.ratings["E01", "attitude"][0].value == mpq(9999)


RATING = {"rule": "rating"}


@pytest.mark.parametrize(("score", "code"), [("80", ""), ("101", "rating-beyond-weight")])
def test_the_company_is_rated_like_a_person_if_it_has_a_scorecard(
    tmp_path: Path, catalog: Catalog, score: str, code: str
) -> None:
    company = Company.build(
        name="A",
        language="zh",
        scorecard=[{"section": "全部", "items": [{"indicator": "attitude", "weight": 100, "standard": RATING}]}],
    )
    folder = Folder(tmp_path, replace(catalog, company=company))

    cycle, _ = folder.load(ratings=RATINGS + f"Company,attitude,customer,X,{score},\n")

    assert list(cycle.ratings) == ([] if code else [("company", "attitude")])
    assert [row.code for row in cycle.set_aside] == ([code] if code else [])


def test_a_department_without_a_scorecard_is_not_rated(folder: Folder) -> None:
    cycle, _ = folder.load(ratings=RATINGS + "shop,attitude,manager,E01,5,\n")

    assert [row.code for row in cycle.set_aside] == ["unknown-person"]


def test_ratings_without_a_column_of_raters_need_one_for_peers(folder: Folder) -> None:
    cycle, _ = folder.load(ratings="person,indicator,relation,score\nE02,attitude,manager,5\nE02,attitude,peer,5\n")

    assert len(cycle.ratings["E02", "attitude"]) == 1
    assert [(row.code, row.place.column) for row in cycle.set_aside] == [("rater-missing", 14)]


def test_a_rater_who_says_two_things_is_not_counted(folder: Folder) -> None:
    rows = "E02,attitude,peer,E01,5,\nE02,attitude,peer,e01,6,\nE02,attitude,peer,X,7,\nE02,attitude,peer,X,7,\n"

    cycle, problems = folder.load(ratings=RATINGS + rows)

    assert [rating.rater for rating in cycle.ratings["E02", "attitude"]] == ["X"]
    assert codes(problems) == ["repeated-row", "conflicting-values", "conflicting-values", "many-rows-set-aside"]


def test_adjustments_add_up_by_person(folder: Folder) -> None:
    rows = "E02,2,顶班,E01\nE02,-1.5,迟到,E01\nE02,2,顶班,E01\nE01,1,,E02\nE01,x,获奖,E02\nE09,1,获奖,E02\n"

    cycle, problems = folder.load(adjustments=ADJUSTMENTS + rows)

    assert [a.points for a in cycle.adjustments["E02"]] == [mpq(2), mpq(-3, 2)]
    assert sorted(codes(problems)) == [
        *("cell-not-a-number", "many-rows-set-aside", "repeated-row", "unknown-person"),
    ]


def test_one_reason_with_different_points_is_a_conflict(folder: Folder) -> None:
    cycle, _ = folder.load(adjustments=ADJUSTMENTS + "E02,2,顶班,E01\nE02,3,顶班,E01\n")

    assert not cycle.adjustments
    assert [(row.code, row.subject, row.key) for row in cycle.set_aside] == [("conflicting-values", "E02", "")] * 2


# The balance

CELLS = st.sampled_from(
    [
        "E01",
        "e02",
        "E09",
        "shop",
        "",
        " ",
        "sales",
        "visitors",
        "conversion",
        "5",
        "6",
        "1,000",
        '"1,000"',
        "NA",
        '"x',
        "0.5",
    ]
)


EDGES = (
    *("0", "0.0", "00", "0.000000000000001", "0.5", "0.999999999999999", "1", "1.0", "1.000000000000001", "4", "5"),
    *("5.0", "5.000000000000001", "4.999999999999999", "99.999999999999999", "100", "100.000000000000001", "101"),
    *("9999.9", "10000", "10000.000000000000001", "10000.00000000000001", "10001", "999999999999999"),
    *("1000000000000000", "-0", "-1", "1e3", "5%", "\uff15", ".5", "5.", ""),
)


def alone(folder: Folder, measure: str, text: str) -> tuple[dict[str, str], list[str]]:
    """What is read of a row whose note is quoted, so that it takes the long way."""
    cycle, problems = folder.load(shop=f'{ACTUALS}E01,{measure},{text},"a"\n')
    return numbers(cycle), [problem.code for problem in problems if problem.code != "many-rows-set-aside"]


@pytest.mark.parametrize("measure", ["headcount", "return_rate", "defect_rate", "visitors", "sales"])
def test_many_plain_numbers_are_judged_as_each_of_them_would_be(folder: Folder, measure: str) -> None:
    for text in EDGES:
        expected = alone(folder, measure, text)

        cycle, problems = folder.load(shop=f"{ACTUALS}E01,{measure},{text},a\nE02,{measure},3,a\n")

        found = [problem.code for problem in problems if problem.code != "many-rows-set-aside"]
        assert (numbers(cycle), found) == ({**expected[0], f"E02 {measure}": "3"}, expected[1])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=5).map(",".join), max_size=12), st.integers(0, 12))
def test_every_row_in_is_a_row_accounted_for(tmp_path: Path, catalog: Catalog, rows: list[str], split: int) -> None:
    """Rows in = used + set aside + repeated + blank, over all files."""
    folder = Folder(tmp_path, catalog)
    a, b = (ACTUALS + "".join(f"{row}\n" for row in part) for part in (rows[:split], rows[split:]))

    cycle, _ = folder.load(a=a, b=b + "\n")

    reports = [report(cycle, f"actuals/{name}.csv") for name in "ab"]
    for each in reports:
        assert each.rows == each.used + each.set_aside + each.repeated + each.blank
        assert each.set_aside == sum(row.place.file == each.file for row in cycle.set_aside)
        assert each.used - each.empty == sum(reading.place.file == each.file for reading in cycle.actuals.values())
    if '"' not in "".join(rows):
        assert sum(each.rows for each in reports) == len(rows) + 1


def test_plain_rows_that_are_said_twice_count_once_and_name_the_first(folder: Folder) -> None:
    cycle, problems = folder.load(
        a=ACTUALS + "E01,sales,5,\nE02,sales,6,\nE01,sales,5.0,\n", b=ACTUALS + "E02,sales,6,\n"
    )

    assert numbers(cycle) == {"E01 sales": "5", "E02 sales": "6"}
    assert sorted(lines(problems)) == [
        "actuals/a.csv:4:11: warning: this row repeats actuals/a.csv:2:11 and counts once [repeated-row]",
        "actuals/b.csv:2:11: warning: this row repeats actuals/a.csv:3:11 and counts once [repeated-row]",
    ]


def test_plain_rows_and_others_that_differ_are_set_aside_together(folder: Folder) -> None:
    cycle, _ = folder.load(a=ACTUALS + 'E01,sales,5,\nE01,sales,"1,000",\nE01,sales,7,\nE02,sales,8,\n')

    assert numbers(cycle) == {"E02 sales": "8"}
    assert [(row.code, row.place.line) for row in cycle.set_aside] == [
        ("conflicting-values", 2),
        ("conflicting-values", 3),
        ("conflicting-values", 4),
    ]
    assert ("E01", "sales") not in cycle.actuals
    with pytest.raises(KeyError):
        cycle.actuals["E09", "sales"]
