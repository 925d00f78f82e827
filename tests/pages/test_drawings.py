"""The drawings: curves computed by the rules, and past cycles."""

from collections.abc import Mapping
from xml.etree import ElementTree

import pytest
from gmpy2 import mpq

from kpibook.base.numbers import plain
from kpibook.base.words import words
from kpibook.model import Direction, Extra, Indicator, ScorecardItem
from kpibook.pages.drawing.curve import curve, curve_spots

SAY = words("zh")


def an_indicator(direction: str = "higher") -> Indicator:
    return Indicator.build(id="sales", name="销售额", unit="元", direction=direction)


def an_item(standard: Mapping[str, object], target: str | None = "100") -> ScorecardItem:
    return ScorecardItem.build(indicator="sales", weight="20", target=target, standard=standard)


def points_at(item: ScorecardItem | Extra, *actuals: int, direction: str = "higher") -> list[str]:
    spots = {spot.actual: spot.points for spot in curve_spots(item, an_indicator(direction))}
    return [plain(spots[mpq(actual)]) for actual in actuals]


def test_a_proportional_curve_bends_at_floor_and_cap() -> None:
    item = an_item({"rule": "proportional", "floor": "60", "cap": "120"})

    assert points_at(item, 0, 60, 120) == ["0", "12", "24"]


def test_a_lower_is_better_curve_falls_to_twice_the_target() -> None:
    item = an_item({"rule": "proportional"})

    assert points_at(item, 100, 200, direction=Direction.LOWER) == ["20", "0"]


def test_an_inverse_curve_falls_ever_slower() -> None:
    item = an_item({"rule": "proportional", "lower": "inverse"})

    assert points_at(item, 100, 160, 400, direction=Direction.LOWER) == ["20", "12.5", "5"]


def test_a_curve_by_difference_reaches_the_target() -> None:
    item = an_item({"rule": "proportional", "by": "difference"}, target="90")

    assert points_at(item, 90) == ["20"]


def test_bands_jump_at_their_marks() -> None:
    bands = [{"from": "95", "points": "20"}, {"from": "90", "points": "10"}, {"points": "0"}]

    spots = tuple(curve_spots(an_item({"rule": "bands", "bands": bands}, target=None), an_indicator()))

    jump = [plain(spot.points) for spot in spots if 94 < spot.actual <= 95]
    assert jump == ["10", "20"]


def test_bands_of_attainment_stand_at_parts_of_the_target() -> None:
    bands = [{"from": "100", "points": "20"}, {"from": "80", "points": "10"}, {"points": "0"}]

    assert points_at(an_item({"rule": "bands", "of": "attainment", "bands": bands}, target="50"), 40, 50) == [
        "10",
        "20",
    ]


@pytest.mark.parametrize(
    ("standard", "actuals", "points"),
    [
        ({"rule": "linear", "zero": "8", "full": "3"}, (3, 8), ["20", "0"]),
        ({"rule": "range", "low": "30", "high": "45", "zero_below": "15"}, (15, 30, 45), ["0", "20", "20"]),
        ({"rule": "all_or_nothing", "otherwise": "5"}, (0, 100), ["5", "20"]),
        ({"rule": "shortfall", "per": "10", "points": "4"}, (50, 60, 90, 100), ["0", "4", "16", "20"]),
        ({"rule": "shortfall", "per": "10", "points": "4", "units": "exact"}, (50, 100), ["0", "20"]),
        ({"rule": "deduction", "deduct": [{"measure": "cases", "points": "5"}]}, (0, 1, 4), ["20", "15", "0"]),
        (
            {"rule": "deduction", "deduct": [{"measure": "cases", "steps": {"1": "2", "3": "9"}}]},
            (0, 1, 3),
            ["20", "18", "11"],
        ),
        ({"rule": "formula", "points": "weight * actual / target"}, (0, 100), ["0", "20"]),
    ],
)
def test_curves_show_what_the_rules_compute(
    standard: Mapping[str, object], actuals: tuple[int, ...], points: list[str]
) -> None:
    assert points_at(an_item(standard), *actuals) == points


def test_the_curve_of_an_extra_stops_at_its_limit() -> None:
    standard = {"rule": "excess", "per": "10", "points": "3"}
    extra = Extra.build(indicator="sales", target="100", max="7", standard=standard)

    assert points_at(extra, 100, 110, 180) == ["0", "3", "7"]


def test_the_curve_of_an_extra_may_lead_below_zero() -> None:
    standard = {"rule": "deduction", "deduct": [{"measure": "cases", "points": "5"}]}
    extra = Extra.build(indicator="sales", min="-8", max="1", standard=standard)

    drawn = curve(extra, an_indicator("lower"), SAY)

    assert min(spot.points for spot in curve_spots(extra, an_indicator("lower"))) >= -8
    assert "kpi-curve" in drawn


@pytest.mark.parametrize(
    "item",
    [
        ScorecardItem.build(indicator="sales"),
        ScorecardItem.build(indicator="sales", standard={"rule": "linear", "zero": "0", "full": "9"}),
        an_item({"rule": "rating"}),
        an_item({"rule": "proportional"}, target=None),
        an_item({"rule": "all_or_nothing", "require": [{"measure": "cases", "at_least": "1"}]}),
        an_item({"rule": "deduction", "deduct": [{"measure": "a", "points": "1"}, {"measure": "b", "points": "1"}]}),
        an_item({"rule": "deduction", "deduct": [{"measure": "a"}]}),
        an_item({"rule": "formula", "points": "cases * 2"}),
        an_item({"rule": "shortfall", "per": "1", "points": "0"}),
    ],
)
def test_there_is_no_curve_where_points_do_not_follow_from_one_number(item: ScorecardItem) -> None:
    assert curve(item, an_indicator(), SAY) == ""


def test_a_curve_marks_its_target_and_says_it_beside_the_drawing() -> None:
    drawn = ElementTree.fromstring(curve(an_item({"rule": "proportional"}), an_indicator(), SAY))

    [svg] = drawn.findall("svg")
    assert [text.text for text in drawn.iter("small")] == ["目标 100 元"]
    assert list(svg.iter("text")) == []
    assert len([path for path in svg if path.get("stroke-dasharray")]) == 1
    assert svg.get("aria-hidden") == "true"


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ({"rule": "linear", "zero": "0", "full": "6"}, ["0", "6"]),
        ({"rule": "linear", "zero": "30", "full": "0"}, ["0", "30"]),
        ({"rule": "deduction", "deduct": [{"measure": "sales", "points": "4"}]}, ["0", "5"]),
        ({"rule": "deduction", "deduct": [{"measure": "sales", "points": "50"}]}, ["0", "1"]),
        ({"rule": "linear", "zero": "1234567890", "full": "1234567895"}, ["1,234,567,890", "1,234,567,895"]),
        (
            {"rule": "linear", "zero": "12345678900000", "full": "12345678950000"},
            ["12,345,678,900,000", "12,345,678,950,000"],
        ),
    ],
)
def test_a_curve_without_a_target_names_where_its_points_begin_and_cease_to_move(
    rule: dict[str, object], named: list[str]
) -> None:
    drawn = curve(an_item(rule, target=None), an_indicator(), SAY)

    [text] = ElementTree.fromstring(drawn).iter("small")
    assert text.text == " 至 ".join(named)


def test_a_straight_curve_has_only_its_bends() -> None:
    drawn = curve(an_item({"rule": "proportional"}), an_indicator(), SAY)

    path = list(ElementTree.fromstring(drawn).iter("path"))[-1].get("d") or ""
    assert path.count("L") == 2


def test_many_small_units_are_drawn_as_a_line() -> None:
    spots = tuple(curve_spots(an_item({"rule": "shortfall", "per": "1", "points": "0.1"}), an_indicator()))

    assert len(spots) < 10
