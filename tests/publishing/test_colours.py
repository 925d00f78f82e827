"""One meaning for each hue, readable in both schemes and told apart by every kind of sight: computed, not looked at."""

import colorsys
import re

import pytest

from colours import SIGHTS, contrast, difference, least_step
from kpibook.model import Grade
from kpibook.pages.drawing.hues import grade_hues
from sources import ROOT

SHEET = ROOT / "generator" / "kpibook" / "assets" / "theme" / "assets" / "kpibook.css"
SCHEMES = ("default", "slate")
GRADES = [f"kpi-grade-{number}" for number in range(1, 8)]
HEAT = [f"kpi-heat-{number}" for number in range(1, 5)]
TEXT, GRAPHIC = 4.5, 3.0
"""What WCAG asks for between text and its ground, and of what is drawn."""
APART = {3: 13.0, 4: 13.0, 5: 13.0, 6: 10.0, 7: 10.0}
"""By how many grades there are: CIEDE2000 between neighbours; ten is seen at a glance."""


def tokens(scheme: str) -> dict[str, str]:
    """The colours of a scheme, by their names without the dashes."""
    sheet = SHEET.read_text(encoding="utf-8")
    block = sheet[sheet.index(f'[data-md-color-scheme="{scheme}"] {{') :].partition("}")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_can_be_read_on_every_ground_that_it_stands_on(scheme: str) -> None:
    colour = tokens(scheme)
    grounds = ("md-default-bg-color", "kpi-ground", "kpi-soft", "kpi-band")
    pairs = [
        *((text, ground) for text in ("md-default-fg-color", "kpi-quiet", "md-typeset-a-color") for ground in grounds),
        *((f"kpi-{state}", f"kpi-{state}-bg") for state in ("good", "warn", "bad")),
        *((f"kpi-{state}", "md-default-bg-color") for state in ("good", "warn", "bad")),
        *((grade.replace("kpi-", "kpi-on-"), grade) for grade in (*GRADES, *HEAT)),
        ("kpi-on-act", "md-typeset-a-color"),
    ]

    found = {pair: round(contrast(colour[pair[0]], colour[pair[1]]), 2) for pair in pairs}

    assert {pair: ratio for pair, ratio in found.items() if ratio < TEXT} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_drawn_stands_out_from_the_paper(scheme: str) -> None:
    colour = tokens(scheme)

    found = {name: contrast(colour[name], colour["md-default-bg-color"]) for name in (*GRADES, "kpi-data", "kpi-edge")}

    assert {name: ratio for name, ratio in found.items() if ratio < GRAPHIC} == {}


def hues(count: int) -> list[int]:
    """The hues of so many grades, best first."""
    grades = [Grade.build(id=f"G{at}", name="", from_=count - at) for at in range(count)]
    return list(grade_hues(grades).values())


@pytest.mark.parametrize("count", APART)
@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_neighbouring_grades_are_told_apart_by_every_kind_of_sight(scheme: str, sight: str, count: int) -> None:
    colour = tokens(scheme)

    assert least_step([colour[f"kpi-grade-{hue}"] for hue in hues(count)], sight) >= APART[count]


TEAL, SAND, RUST = {1, 2, 6}, {3}, {4, 5, 7}


@pytest.mark.parametrize("count", APART)
def test_each_hue_of_a_grade_means_one_thing_however_many_there_are(count: int) -> None:
    """Teal is reached, sand asks for attention and is one grade alone, rust falls short; no two are alike."""
    found = hues(count)

    middle = found.index(3)
    assert middle == count // 2
    assert set(found[:middle]) <= TEAL
    assert set(found[middle + 1 :]) <= RUST
    assert len(set(found)) == count


@pytest.mark.parametrize(("count", "expected"), [(0, []), (1, [1]), (2, [1, 4]), (4, [1, 2, 3, 4])])
def test_few_grades_have_the_hues_of_their_meaning(count: int, expected: list[int]) -> None:
    assert hues(count) == expected


def test_more_than_seven_grades_share_hues_and_keep_their_order() -> None:
    assert hues(9) == [1, 1, 6, 2, 3, 4, 4, 7, 5]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_hues_are_those_that_their_names_say(scheme: str) -> None:
    """By the hue angle: teal between 150 and 190 degrees, sand near 40, rust under 30."""
    angle = {number: degrees(tokens(scheme)[f"kpi-grade-{number}"]) for number in range(1, 8)}

    assert all(150 <= angle[number] <= 190 for number in TEAL)
    assert all(35 <= angle[number] <= 50 for number in SAND)
    assert all(angle[number] < 30 for number in RUST)


def degrees(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return colorsys.rgb_to_hls(red, green, blue)[0] * 360


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_steps_of_heat_are_told_apart_and_good_from_bad(scheme: str, sight: str) -> None:
    colour = tokens(scheme)

    assert least_step([colour[step] for step in HEAT], sight) >= 6
    assert difference(colour["kpi-good"], colour["kpi-bad"], sight) >= 9


def test_no_colour_stands_outside_the_tokens() -> None:
    """A hue that is written into a rule has no meaning that anybody could look up, but on paper, which has none."""
    for path in SHEET.parent.glob("*.css"):
        screen = re.sub(r"@media print \{.*?\n\}\n", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        rules = screen if path != SHEET else screen[screen.index("/* 2  Base */") :]
        found = re.findall(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"var\([^)]*\)", "", rules))

        assert found in ([], ["#0006"]), path.name
