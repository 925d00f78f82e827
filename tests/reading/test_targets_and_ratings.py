"""Targets, ratings and adjustments of a cycle."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from gmpy2 import mpq

from cycle_folders import Folder, codes, report
from kpibook.base.numbers import plain
from kpibook.model import (
    Catalog,
    Company,
    Relation,
)

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
