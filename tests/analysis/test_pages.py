"""The pages of analysis as they are set: kept whole, and their new parts against plain counts."""

import csv
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from alone import run_warm
from cards_made import COMPANY
from kept import Golden
from kpibook.analysing import studies
from kpibook.analysis.study import CycleStudy, study_year, trial_counts, year_cycle
from kpibook.base.periods import PeriodKind
from kpibook.base.words import words
from kpibook.content import Content, read
from kpibook.pages.analysis.rendering import cycle_page, year_page
from planted import MONTH, a_sample, plant_copied_ratings, plant_jump, plant_quotas, plant_role

Found = tuple[Content, list[CycleStudy]]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """The sample company with everything that a page can tell, and the studies of its months."""
    root = a_sample(tmp_path_factory.mktemp("analysed"))
    for plant in (plant_role, plant_copied_ratings, plant_jump, plant_quotas):
        plant(root)
    content = read(root / "handbook", root / "scorecards")
    return content, list(studies(content, PeriodKind.MONTH))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_golden_pages(language: str, golden: Golden) -> None:
    content, say = read(COMPANY / "handbook", COMPANY / "scorecards"), words(language)
    made = list(studies(content, PeriodKind.MONTH))
    cycles, trials = [year_cycle(each) for each in made], [row for each in made for row in trial_counts(each)]
    study = study_year(2026, made[-1], cycles, [each.tables for each in made], trials)
    pages = [*(cycle_page(each, say, b"key") for each in made), year_page(study, made[-1], say)]

    golden.check(f"analysis/{language}", dict(pages))


IN_TWO = """
import sys
from pathlib import Path
from kpibook.analysing import studies
from kpibook.base.periods import PeriodKind
from kpibook.content import read
from kpibook.pages.analysis.rendering import cycle_page
content = read(*map(Path, sys.argv[1:]))
one, two = (
    [cycle_page(study, content.say, b"key") for study in studies(content, PeriodKind.MONTH, jobs=jobs)]
    for jobs in (1, 2)
)
print(len(one), one == two, end="")
"""


def test_pages_are_the_same_where_another_process_grades_anew(tmp_path: Path) -> None:
    root = a_sample(tmp_path)

    assert run_warm(IN_TWO, root / "handbook", root / "scorecards") == "3 True"


def rows(page: str, caption: str) -> list[list[str]]:
    """The body of the table below a caption."""
    told = page.partition(f"**{caption}**")[2].partition("</div>")[0]
    lines = [line for line in told.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def month(found: Found) -> tuple[str, CycleStudy]:
    study = next(each for each in found[1] if str(each.results.cycle.period) == MONTH)
    return cycle_page(study, found[0].say, b"key")[1], study


def test_quotas_stand_beside_those_who_have_the_grade(found: Found) -> None:
    page, study = month(found)

    told = rows(page, "等级名额：可以有几人，实际几人")

    graded = [card for card in study.results.cards if card.grade]
    whole = [
        str(len(graded)),
        str(len(graded) * 20 // 100),
        str(sum(card.grade.id == "A" for card in graded if card.grade)),
    ]
    assert ["全公司：A 级及以上", *whole] in told
    assert 'data-chart="quotas" data-first="2"' in page


def test_grades_before_and_after_a_calibration_and_who_moved(found: Found) -> None:
    page, study = month(found)
    part = page.partition("{#calibration}")[2].partition("\n## ")[0]
    by_person = {card.person: card for card in study.results.cards}

    before, after = (Counter[str](), Counter[str]())
    for card in study.results.cards:
        if card.grade:
            after[card.grade.id] += 1
            before[card.calibration.grade.id if card.calibration and card.calibration.grade else card.grade.id] += 1
    grades = [grade.id for grade in study.catalog.grades]
    assert rows(part, "各等级人数") == [
        ["校准前", *(str(before[grade]) for grade in grades)],
        ["校准后", *(str(after[grade]) for grade in grades)],
    ]
    assert f"[{by_person['HY034'].name}]" in part
    assert "| 88.0 |" in part
    assert "评审会上调" in part
    assert "与同级比较" in part


def test_without_a_calibration_nothing_is_told_of_one(found: Found) -> None:
    content, made = found

    assert "{#calibration}" not in cycle_page(made[0], content.say, b"key")[1]


def test_the_map_tells_what_large_departments_got_of_their_points(found: Found) -> None:
    page, study = month(found)

    told = rows(page, "各部门得分率（按维度）")

    sizes: Mapping[str, int] = Counter(card.department for card in study.results.cards if card.grade)
    large = [study.catalog.departments[each].name for each in study.catalog.departments if sizes.get(each, 0) >= 5]
    assert [row[0].partition("]")[0].removeprefix("[") for row in told] == large
    assert all("card-heat" in cell or cell == "—" for row in told for cell in row[1:])


def test_the_table_of_people_has_the_level(found: Found, tmp_path: Path) -> None:
    from kpibook.analysis.frames import CycleResults, people
    from kpibook.analysis.writing import write_table

    study = found[1][0]
    write_table(people([CycleResults(study.results, study.catalog)]), tmp_path / "people.csv")

    with (tmp_path / "people.csv").open(encoding="utf-8-sig", newline="") as file:
        assert "level" in (csv.DictReader(file).fieldnames or ())
