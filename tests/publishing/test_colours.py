"""One meaning for each hue, readable in both schemes and told apart by every kind of sight: computed, not looked at."""

import re

import pytest

from colours import SIGHTS, contrast, difference, least_step
from sources import ROOT

SHEET = ROOT / "generator" / "kpibook" / "assets" / "theme" / "assets" / "kpibook.css"
SCHEMES = ("default", "slate")
GRADES = [f"kpi-grade-{number}" for number in range(1, 6)]
HEAT = [f"kpi-heat-{number}" for number in range(1, 5)]
TEXT, GRAPHIC = 4.5, 3.0
"""What WCAG asks for between text and its ground, and of what is drawn."""
APART = 13.0
"""CIEDE2000 between neighbouring grades; ten is seen at a glance."""


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


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_neighbouring_grades_are_told_apart_by_every_kind_of_sight(scheme: str, sight: str) -> None:
    colour = tokens(scheme)

    assert least_step([colour[grade] for grade in GRADES], sight) >= APART


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
