"""The roster of a cycle: people, their roles, and what is wrong with a row."""

import datetime

import pytest
from gmpy2 import mpq

from cycle_folders import ACTUALS, HEAD, PEOPLE, Folder, codes, lines, numbers, report
from kpibook.base.problems import Level, in_order
from kpibook.base.words import words
from kpibook.model import (
    FileReport,
)

EN, ZH = words("en"), words("zh")


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
        "actuals/shop.csv: warning: 1 of 2 rows was set aside [many-rows-set-aside]",
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
        f"e03 在花名册里的这一行被搁置，他的另外 2 行数据也一起搁置：{followed[0].values['where']}",
    ]
    assert {"unknown-subject", "unknown-manager", "person-set-aside"}.isdisjoint(codes(problems))


def test_one_faulty_row_of_the_roster_is_one_cause(folder: Folder) -> None:
    people = people_with(
        *("E01,林晓,shop-manager,shop,,,", "E02,周然,barista,shop,E01,,", "E03,何青,barrista,shop,E01,,"),
        *("E04,秦川,barista,shop,E03,,", "E05,许一,barista,shop,E03,,", "E06,许二,barista,shop,E03,,"),
    )
    ratings = "person,indicator,relation,rater,score,comment\nE03,attitude,manager,E01,30,\n"
    targets = "subject,indicator,target,reason,approved_by\nE03,sales_volume,5,,\n"

    _, problems = folder.load(people=people, shop=ACTUALS + "E03,sales,5,\n", ratings=ratings, targets=targets)

    at = "scorecards/2026-10"
    assert [problem.text(ZH) for problem in in_order(problems)] == [
        f"{at}/people.csv:4:8: warning: 没有岗位 barrista；相近的有：barista, shop-manager [unknown-role]\n"
        "    hint: 请改成手册里有的岗位：花名册里写名称或编号，people.csv 里写编号（handbook/roles/ 里的文件名）",
        f"{at}/people.csv:4:1: note: E03 在花名册里的这一行被搁置，因此还不能确定 3 人的上级：秦川 E04, 许一 E05, "
        "许二 E06 [manager-set-aside]\n    hint: 改好花名册里的这一行就可以，这些人不用改",
        f"{at}/people.csv:4:1: warning: E03 在花名册里的这一行被搁置，他的另外 3 行数据也一起搁置："
        f"{at}/actuals/shop.csv:2:1, {at}/targets.csv:2:1, {at}/ratings.csv:2:1 [rows-set-aside-with]\n"
        "    hint: 改好花名册里的这一行，这些数据就会计入",
    ]


def test_two_stray_quotes_in_the_roster_cost_their_rows_and_are_told_there(folder: Folder) -> None:
    people = people_with(
        'E01,"林晓,shop-manager,shop,,,', "E02,周然,barista,shop,E01,,", 'E03,何青,barista,shop,"E01,,'
    )

    cycle, problems = folder.load(people=people, shop=ACTUALS + "E02,sales,5,\n")

    at = "scorecards/2026-10/people.csv"
    hint = "\n    hint: 请补上另一半引号；内容里的引号要写两遍"
    assert [row.person for row in cycle.people] == ["E02"]
    assert [each.text(ZH) for each in in_order(problems) if each.code.startswith("quote")] == [
        f'{at}:2:5: warning: 这一行的英文双引号没有配对：E01,"林晓,shop-manager,shop,,, [quote-unclosed]{hint}',
        f'{at}:4:21: warning: 这一行的英文双引号没有配对：E03,何青,barista,shop,"E01,, [quote-unclosed]{hint}',
    ]


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
