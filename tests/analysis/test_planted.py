"""What is planted in the sample company is named by the page of its month, and nothing else is."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kpibook.analysing import studies
from kpibook.base.periods import Period
from kpibook.base.problems import has_errors
from kpibook.base.words import words
from kpibook.content import read
from kpibook.pages.analysis.rendering import cycle_page
from planted import MONTH, a_sample, plant_copied_ratings, plant_jump, plant_late, plant_role


def questions(root: Path, language: str = "zh") -> list[str]:
    """What the page of the month asks, as plain text."""
    content = read(root / "handbook", root / "scorecards")
    assert not has_errors(content.problems), [str(problem) for problem in content.problems]
    month = Period.parse(MONTH)
    [study] = [each for each in studies(content, month.kind) if each.results.cycle.period == month]
    _, text = cycle_page(study, words(language), b"key")
    _, _, listed = text.partition("{#questions}")
    lines = [line[2:] for line in listed.partition("\n## ")[0].splitlines() if line.startswith("- ")]
    return [re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), line) for line in lines]


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return a_sample(tmp_path)


def test_the_sample_itself_asks_nothing(sample: Path) -> None:
    assert questions(sample) == []


PLANTED = [
    (
        plant_jump,
        "尹柏舟（HY035）的“实际产量”是 548,800 件，以往各期最接近的是 5,360 件，相差 100 倍以上：单位和小数点对吗？",
    ),
    (
        plant_role,
        "程与安（HY010）给 6 人的 6 次评分，比同岗位其他评分人平均高 22 个百分点（对照 8 次）："
        "是这些人确实更好，还是打分偏松？",
    ),
    (plant_copied_ratings, "白景明（HY017）的 6 次评分中有 6 次与上期完全相同：是照抄，还是确实没有变化？"),
    (plant_role, "“巡查报告”的 6 人次全部满分，分不出高低：目标是不是太低？"),
    (
        plant_late,
        "“巡查次数”的数（提供部门：总经办）在 3 期中有 2 期过了数据截止日才交齐（平均迟 1.0 天，最多 2 天）："
        "截止日合适吗？谁来催？",
    ),
    (
        plant_role,
        "巡查员的“巡查培训”权重 10 → 5，6 人中有 3 人的等级会变（巡查HY91 C → B、巡查HY92 C → B、巡查HY93 C → B）："
        "等级是不是由这一项权重决定的？",
    ),
]
"""What is planted, and how it is asked about."""


def test_everything_that_is_planted_is_named_and_nothing_else(sample: Path) -> None:
    for plant in dict.fromkeys(plant for plant, _ in PLANTED):
        plant(sample)

    assert questions(sample) == [question for _, question in PLANTED]


@pytest.mark.parametrize("plant", [plant_jump, plant_copied_ratings, plant_role])
def test_each_is_named_by_itself(sample: Path, plant: Callable[[Path], None]) -> None:
    plant(sample)

    assert questions(sample) == [question for planted, question in PLANTED if planted is plant]


def test_the_same_is_asked_in_english(sample: Path) -> None:
    for plant in dict.fromkeys(plant for plant, _ in PLANTED):
        plant(sample)

    asked = questions(sample, "en")

    assert [question.rpartition(":")[2].strip() for question in asked[:5]] == [
        "are unit and decimal point right?",
        "are these people better, or is the scale used leniently?",
        "were they copied, or has nothing changed?",
        "is the target too low?",
        "is that day right, and who reminds them?",
    ]
    assert asked[5].endswith("Does this weight decide the grades?")
