"""The drawings: curves computed by the rules, and past cycles."""

from collections.abc import Mapping
from xml.etree import ElementTree

import pytest
from gmpy2 import mpq

from kpibook.base.numbers import plain
from kpibook.base.words import words
from kpibook.model import Direction, Extra, Indicator, Measure, ScorecardItem, TotalLevel
from kpibook.pages.drawing.curve import Around, curve
from kpibook.pages.drawing.turning_points import axes, curve_spots

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


def with_events(**values: object) -> ScorecardItem:
    rows = [{"measure": "loss", "each": {"500": "10", "0": "5"}}]
    return ScorecardItem.build(indicator="sales", weight="20", standard={"rule": "deduction", "deduct": rows}, **values)


def test_a_rule_of_events_is_drawn_by_what_a_single_one_costs() -> None:
    spots = tuple(curve_spots(with_events(), an_indicator()))

    assert [plain(spot.points) for spot in spots if spot.actual in (mpq(0), mpq(500))] == ["20", "10"]
    assert {plain(spot.points) for spot in spots if 0 < spot.actual < 500} == {"15"}


def around(**values: object) -> Around:
    measures = {"loss": a_measure("事故", "元"), "praise": a_measure("表扬", "次")}
    return Around(named=measures.get, **values)  # type: ignore[arg-type]


def a_measure(name: str, unit: str) -> Measure:
    return Measure.build(id="any", name=name, unit=unit, owner="shop")


def texts_of(drawn: str) -> list[str | None]:
    return [text.text for text in ElementTree.fromstring(drawn).iter("small")]


def test_each_row_of_events_and_merits_has_a_drawing_with_its_numbers_as_text() -> None:
    rule = {
        "rule": "deduction",
        "deduct": [{"measure": "loss", "each": {"500": "10", "0": "5"}}],
        "add": [{"measure": "praise", "points": "2"}],
    }
    item = ScorecardItem.build(indicator="sales", weight="20", max="26", standard=rule)

    drawn = curve(item, an_indicator(), SAY, around())

    merits = {spot.actual: spot.points for spot in curve_spots(item, an_indicator(), axes(item)[1])}
    assert [plain(merits[mpq(count)]) for count in (0, 1, 3)] == ["20", "22", "26"]
    assert texts_of(drawn) == ["单次事故：0 至 500 元", "表扬：0 至 3 次（加）"]
    assert len(list(ElementTree.fromstring(drawn).iter("svg"))) == 2


def test_of_a_measure_that_takes_and_gives_or_of_many_rows_nothing_is_drawn() -> None:
    same = {"deduct": [{"measure": "loss", "points": "1"}], "add": [{"measure": "loss", "points": "2"}]}
    many = {"deduct": [{"measure": f"m{number}", "each": {"0": "5"}} for number in range(4)]}

    assert [axes(an_item({"rule": "deduction", **rows})) for rows in (same, many)] == [(), ()]


LEVELS = (
    TotalLevel.build(level="L3", **{"from": "100"}, factor="1.2"),
    TotalLevel.build(level="L2", **{"from": "80"}, factor="1"),
    TotalLevel.build(level="L1", **{"from": "0"}, factor="0.5"),
)


def test_by_levels_the_curve_is_a_staircase_whose_steps_are_named() -> None:
    item = an_item({"rule": "proportional"})

    spots = {spot.actual: spot.points for spot in curve_spots(item, an_indicator(), levels=LEVELS)}
    drawn = curve(item, an_indicator(), SAY, Around(LEVELS))

    assert [plain(spots[mpq(actual)]) for actual in (0, 80, 100)] == ["10", "20", "24"]
    assert plain(max(points for actual, points in spots.items() if actual < 80)) == "10"
    assert texts_of(drawn) == ["目标 100 元", "L3：100 元起", "L2：80 元起"]


def test_by_levels_less_is_told_as_within() -> None:
    drawn = curve(
        an_item({"rule": "linear", "zero": "9", "full": "4"}, None), an_indicator("lower"), SAY, Around(LEVELS)
    )

    assert texts_of(drawn) == ["4 至 9", "L3：4 元以内", "L2：5 元以内"]


def test_by_levels_a_rule_of_whole_units_names_what_lies_beyond_a_mark() -> None:
    rule = {"rule": "shortfall", "per": "10", "points": "4"}

    told = [texts_of(curve(an_item(rule), an_indicator(way), SAY, Around(LEVELS))) for way in ("higher", "lower")]

    assert told[0] == ["目标 100 元", "L3：高于 90 元", "L2：高于 80 元"]
    assert told[1] == ["目标 100 元", "L3：低于 110 元", "L2：低于 120 元"]


def test_by_levels_of_a_range_no_single_number_is_named() -> None:
    drawn = curve(
        an_item({"rule": "range", "low": "3", "high": "5", "zero_below": "1", "zero_above": "9"}, None),
        an_indicator(),
        SAY,
        Around(LEVELS),
    )

    assert texts_of(drawn) == ["1 至 9"]


def test_job_levels_with_targets_of_their_own_have_a_line_each() -> None:
    junior, middle, senior = (an_item({"rule": "proportional"}, target) for target in ("80", "120", "120"))
    on_levels = (("P1", junior), ("P2", middle), ("P3", senior))

    drawn = curve(junior, an_indicator(), SAY, Around(on_job_levels=on_levels))

    assert texts_of(drawn) == ["P1：目标 80 元", "P2 P3：目标 120 元"]
    paths = [path.get("d") for path in ElementTree.fromstring(drawn).iter("path")]
    assert len(paths) == 1 + 2 * 2
    assert len(set(paths)) == len(paths)


def test_job_levels_with_one_target_have_one_line() -> None:
    item = an_item({"rule": "proportional"})

    drawn = curve(item, an_indicator(), SAY, Around(on_job_levels=(("P1", item), ("P2", item))))

    assert drawn == curve(item, an_indicator(), SAY)


@pytest.mark.parametrize(
    ("rule", "actuals", "points"),
    [
        ({"rule": "shortfall", "per": "10", "points": "4"}, (100, 110, 150), ["20", "16", "0"]),
        ({"rule": "shortfall", "per": "10", "points": "4", "units": "exact"}, (100, 150), ["20", "0"]),
    ],
)
def test_where_less_is_better_a_shortfall_falls_above_its_target(
    rule: Mapping[str, object], actuals: tuple[int, ...], points: list[str]
) -> None:
    assert points_at(an_item(rule), *actuals, direction="lower") == points


def test_a_target_of_nothing_is_drawn_too() -> None:
    item = an_item({"rule": "shortfall", "per": "1", "points": "5"}, target="0")

    assert points_at(item, 0, 1, 4, direction="lower") == ["20", "15", "0"]


def test_a_cliff_at_nothing_is_drawn() -> None:
    item = an_item({"rule": "linear", "zero": "-10", "full": "10", "zero_from": "0"}, target=None)

    assert points_at(item, 0, 10) == ["0", "20"]
