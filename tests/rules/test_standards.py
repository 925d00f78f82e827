"""Each rule with each of its parameters, and the points it gives."""

from typing import Any

import pytest
from gmpy2 import mpq
from pydantic import TypeAdapter

from kpibook.rules.formulas import DivisionByZero, Name
from kpibook.rules.standards import Case, Rating, RatingFault, Rule, RuleOutcome, Standard, Units, Vote
from rule_parameters import ABSENT, BANDS, LATE, LEVELS, SHOWN

RULES: TypeAdapter[Rule] = TypeAdapter(Standard)
Given = int | str


def rule(kind: str, **values: Any) -> Rule:
    return RULES.validate_python({"rule": kind, **values})


def case(
    weight: Given = 10, actual: Given | None = None, target: Given | None = None, direction: str = "higher"
) -> Case:
    return Case(
        mpq(weight),
        direction,
        None if target is None else mpq(target),
        None if actual is None else mpq(actual),
    )


def points(standard: Rule, given: Case) -> mpq | None:
    return standard.judge(given).points


def keys(scored: RuleOutcome) -> list[str]:
    return [step.key for step in scored.steps]


@pytest.mark.parametrize(
    ("parameters", "direction", "actual", "target", "expected"),
    [
        pytest.param({}, "higher", 28, 35, "12", id="28 of 35 is 12 of 15"),
        pytest.param({}, "higher", 40, 35, "15", id="no more than the weight"),
        pytest.param({}, "higher", 35, 35, "15", id="the target itself"),
        pytest.param({}, "higher", -5, 35, "0", id="negative counts 0"),
        pytest.param({"cap": "120"}, "higher", 40, 35, "120/7", id="under the cap"),
        pytest.param({"cap": "120"}, "higher", 70, 35, "18", id="over the cap"),
        pytest.param({"cap": "80"}, "higher", 35, 35, "12", id="cap under 100"),
        pytest.param({"floor": "80"}, "higher", 28, 35, "12", id="on the floor"),
        pytest.param({"floor": "80.01"}, "higher", 28, 35, "0", id="under the floor"),
        pytest.param({}, "lower", 6, 5, "12", id="linear: 2 - 6/5 = 80 %"),
        pytest.param({}, "lower", 4, 5, "15", id="linear: better than the target"),
        pytest.param({}, "lower", 10, 5, "0", id="linear: twice the target"),
        pytest.param({}, "lower", 15, 5, "0", id="linear: not under 0"),
        pytest.param({"cap": "120"}, "lower", 4, 5, "18", id="linear over 100"),
        pytest.param({}, "lower", 0, 0, "15", id="target 0 kept"),
        pytest.param({}, "lower", 1, 0, "0", id="target 0 exceeded"),
        pytest.param({"lower": "inverse"}, "lower", 6, 5, "12.5", id="inverse: 5/6"),
        pytest.param({"lower": "inverse"}, "lower", 0, 5, "15", id="inverse of 0 is the cap"),
        pytest.param({"lower": "inverse", "cap": "120"}, "lower", 0, 5, "18", id="inverse of 0 is a larger cap"),
        pytest.param({"lower": "inverse"}, "lower", 0, 0, "15", id="inverse: target 0 kept"),
        pytest.param({"lower": "inverse"}, "lower", 2, 0, "0", id="inverse: target 0 exceeded"),
        pytest.param({"by": "difference"}, "higher", 28, 35, "13.95", id="7 points short is 93 %"),
        pytest.param({"by": "difference"}, "higher", 40, 35, "15", id="difference: reached"),
        pytest.param({"by": "difference"}, "higher", -70, 35, "0", id="difference: not under 0"),
        pytest.param({"by": "difference"}, "lower", 7, 5, "14.7", id="difference: 2 points too many"),
    ],
)
def test_proportional_gives_the_weight_times_attainment(
    parameters: dict[str, str], direction: str, actual: int, target: int, expected: str
) -> None:
    found = points(rule("proportional", **parameters), case(15, actual, target, direction))

    assert found == mpq(expected)


@pytest.mark.parametrize(("direction", "target"), [("higher", 0), ("higher", -5), ("lower", -5)])
@pytest.mark.parametrize("lower", ["linear", "inverse"])
def test_a_target_without_a_ratio_decides_nothing(direction: str, target: int, lower: str) -> None:
    scored = rule("proportional", lower=lower).judge(case(15, 3, target, direction))

    assert scored.points is None
    assert keys(scored) == ["target_unusable"]


def test_attainment_is_told_uncapped() -> None:
    scored = rule("proportional").judge(case(15, 40, 35))

    assert scored.attainment == mpq(8, 7)
    assert keys(scored) == ["attained", "capped", "full_points"]


@pytest.mark.parametrize(
    ("parameters", "direction", "actual", "expected"),
    [
        ({}, "higher", 95, "10"),
        ({}, "higher", "94.99", "0"),
        ({"otherwise": "4"}, "higher", 94, "4"),
        ({"otherwise": "-2"}, "higher", 94, "-2"),
        ({}, "lower", 95, "10"),
        ({}, "lower", "95.01", "0"),
    ],
)
def test_all_or_nothing_is_met_at_the_target(
    parameters: dict[str, str], direction: str, actual: Given, expected: str
) -> None:
    assert points(rule("all_or_nothing", **parameters), case(10, actual, 95, direction)) == mpq(expected)


@pytest.mark.parametrize(
    ("visitors", "views", "expected"),
    [(4100, 10000, "10"), (4100, 9500, "0"), (9000, 10000, "10"), (9001, 10000, "0")],
)
def test_every_requirement_has_to_hold(visitors: int, views: int, expected: str) -> None:
    standard = rule("all_or_nothing", require=SHOWN)
    values = {Name("", "shown"): mpq(21000), Name("", "views"): mpq(views), Name("", "visitors"): mpq(visitors)}

    scored = standard.judge(Case(mpq(10), values=values))

    assert scored.points == mpq(expected)
    assert not standard.judges_actual()
    assert not standard.judges_target()
    assert standard.names() == tuple(values)


@pytest.mark.parametrize(
    ("actual", "expected", "step"),
    [
        (95, 10, "band_from"),
        (80, 7, "band_between"),
        (94, 7, "band_between"),
        ("94.5", 3, "band_rest"),
        (20, 1, "band_upto"),
        (21, 3, "band_rest"),
    ],
)
def test_the_first_band_that_holds_gives_its_points(actual: Given, expected: int, step: str) -> None:
    scored = rule("bands", bands=BANDS).judge(case(10, actual))

    assert scored.points == mpq(expected)
    assert keys(scored) == [step]


def test_no_band_gives_no_points() -> None:
    scored = rule("bands", bands=BANDS[:2]).judge(case(10, 50))

    assert scored.points == mpq(0)
    assert keys(scored) == ["no_band"]


@pytest.mark.parametrize(
    ("direction", "actual", "target", "expected"),
    [("higher", 38, 40, 10), ("higher", 32, 40, 7), ("lower", 42, 40, 10), ("lower", 50, 40, 3), ("lower", 0, 0, 10)],
)
def test_bands_of_attainment_compare_per_cent(direction: str, actual: int, target: int, expected: int) -> None:
    assert points(rule("bands", of="attainment", bands=BANDS), case(10, actual, target, direction)) == mpq(expected)


def test_bands_of_attainment_need_a_usable_target() -> None:
    standard = rule("bands", of="attainment", bands=BANDS)

    assert standard.judges_target()
    assert points(standard, case(10, 5, 0)) is None


@pytest.mark.parametrize(
    ("zero", "full", "actual", "expected"),
    [
        (60, 90, 60, "0"),
        (60, 90, 75, "5"),
        (60, 90, 90, "10"),
        (60, 90, 99, "10"),
        (60, 90, 10, "0"),
        (48, 24, 24, "10"),
        (48, 24, 42, "2.5"),
        (48, 24, 48, "0"),
        (48, 24, 50, "0"),
        (48, 24, 1, "10"),
    ],
)
def test_linear_is_a_straight_line_in_either_direction(zero: int, full: int, actual: int, expected: str) -> None:
    assert points(rule("linear", zero=zero, full=full), case(10, actual)) == mpq(expected)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [(3, "10"), (5, "10"), (4, "10"), (2, "5"), (1, "0"), (0, "0"), ("5.1", "0"), (6, "0")],
)
def test_range_falls_to_its_marks(actual: Given, expected: str) -> None:
    assert points(rule("range", low=3, high=5, zero_below=1), case(10, actual)) == mpq(expected)


def test_range_falls_above_too() -> None:
    assert points(rule("range", low=3, high=5, zero_above=9), case(10, 6)) == mpq("7.5")


def lost(rows: list[dict[str, Any]], weight: int = 10, **counts: Given) -> mpq | None:
    values = {Name("", key): mpq(count) for key, count in counts.items()}
    return rule("deduction", deduct=rows).judge(Case(mpq(weight), values=values)).points


@pytest.mark.parametrize(
    ("absent", "expected"), [(0, 10), (1, 9), (2, 7), (3, 5), (4, 0), (9, 0), ("2.9", 7), ("0.5", 10)]
)
def test_a_step_table_is_looked_up_and_not_added_up(absent: Given, expected: int) -> None:
    assert lost([ABSENT], absent=absent) == mpq(expected)


def test_three_days_absent_and_a_training_missed_leave_nothing() -> None:
    assert lost([ABSENT, {"measure": "training", "points": "5"}], absent=3, training=1) == mpq(0)


def test_deductions_end_at_nothing() -> None:
    rows = [LATE, {"measure": "gear", "points": "3"}, {"measure": "away", "points": "10"}]

    assert lost(rows, 15, late=3, gear=1, away=1) == mpq(0)
    assert lost(rows, 15, late=1, gear=1, away=0) == mpq(10)


def test_only_complete_units_are_deducted() -> None:
    assert lost([{**LATE, "per": "3"}], late=8) == mpq(6)
    assert lost([{**LATE, "per": "3"}], late=-8) == mpq(10)


def test_an_extra_without_end_deducts_for_ever() -> None:
    values = {Name("", "late"): mpq(9)}

    scored = rule("deduction", deduct=[LATE]).judge(Case(mpq(0), values=values, least=None))

    assert scored.points == mpq(-18)


@pytest.mark.parametrize(("units", "expected"), [("complete", "27"), ("started", "24"), ("exact", "25.2")])
def test_shortfall_of_8000_in_units_of_5000(units: str, expected: str) -> None:
    standard = rule("shortfall", per=5000, points=3, units=units)

    assert points(standard, case(30, 42000, 50000)) == mpq(expected)


@pytest.mark.parametrize(
    ("actual", "expected"), [(50000, 30), (60000, 30), (45000, 27), (45001, 30), (0, 0), (-50000, 0)]
)
def test_shortfall_stays_within_the_weight(actual: int, expected: int) -> None:
    assert points(rule("shortfall", per=5000, points=3), case(30, actual, 50000)) == mpq(expected)


@pytest.mark.parametrize(
    ("units", "actual", "expected"),
    [
        ("complete", 62000, "6"),
        ("started", 62000, "9"),
        ("exact", 62000, "7.2"),
        ("complete", 50000, "0"),
        ("started", 49999, "0"),
        ("started", 60000, "6"),
    ],
)
def test_excess_counts_units_over_the_target(units: str, actual: int, expected: str) -> None:
    assert points(rule("excess", per=5000, points=3, units=units), case(0, actual, 50000)) == mpq(expected)


def test_units_are_never_negative() -> None:
    assert [unit.counted(mpq(-7), mpq(5)) for unit in Units] == [mpq(0)] * 3


def rating_rule(**values: Any) -> Rating:
    standard = rule("rating", **values)
    assert isinstance(standard, Rating)
    return standard


def test_ratings_are_weighed_by_those_who_rated() -> None:
    votes = (Vote("manager", mpq(88), mpq("0.7")), Vote("peer", mpq(80), mpq("0.2")))

    scored = rating_rule().judge(Case(mpq(100), votes=votes))

    assert scored.points == mpq(776, 9)
    assert keys(scored) == ["rated_mean"]


@pytest.mark.parametrize(
    ("value", "level", "expected"), [("3.5", "", "3.5"), ("5", "A", "5"), (None, "A", "5"), ("2", "C", "2")]
)
def test_a_rating_is_a_number_or_a_level(value: str | None, level: str, expected: str) -> None:
    taken = rating_rule(levels=LEVELS).rating_points(None if value is None else mpq(value), level, mpq(5))

    assert taken == mpq(expected)


@pytest.mark.parametrize(
    ("value", "level", "code"),
    [
        ("6", "", "rating-beyond-weight"),
        ("-1", "", "rating-beyond-weight"),
        ("4.5", "", "rating-between-levels"),
        ("5", "B", "rating-between-levels"),
        (None, "B", "rating-level-open"),
        (None, "X", "rating-level-unknown"),
    ],
)
def test_a_rating_outside_its_limits_is_refused(value: str | None, level: str, code: str) -> None:
    with pytest.raises(RatingFault) as fault:
        rating_rule(levels=LEVELS).rating_points(None if value is None else mpq(value), level, mpq(5))

    assert fault.value.code == code


def test_a_level_worth_more_than_the_item_is_refused() -> None:
    with pytest.raises(RatingFault, match="rating-beyond-weight"):
        rating_rule(levels=LEVELS).rating_points(None, "A", mpq(4))


def test_a_formula_sees_the_case_and_measures() -> None:
    standard = rule("formula", points="weight * attainment - complaints + actual - target")
    given = case(20, 90, 100)._replace(values={Name("", "complaints"): mpq(3)})

    assert points(standard, given) == mpq(5)
    assert standard.judges_actual()
    assert standard.judges_target()
    assert standard.names() == (Name("", "complaints"),)


def test_a_formula_of_measures_alone_needs_no_actual() -> None:
    standard = rule("formula", points="weight - complaints")

    assert not standard.judges_actual()
    assert not standard.judges_target()


def test_a_formula_with_attainment_needs_a_usable_target() -> None:
    assert points(rule("formula", points="weight * attainment"), case(20, 90, 0)) is None


def test_a_formula_that_divides_by_zero_says_so() -> None:
    with pytest.raises(DivisionByZero):
        rule("formula", points="weight / actual").judge(case(20, 0, 100))


@pytest.mark.parametrize(
    "standard",
    [
        rule("proportional"),
        rule("proportional", by="difference"),
        rule("all_or_nothing"),
        rule("bands", bands=BANDS),
        rule("bands", of="attainment", bands=BANDS),
        rule("linear", zero=1, full=2),
        rule("range", low=1, high=2),
        rule("shortfall", per=1, points=1),
        rule("excess", per=1, points=1),
        rule("rating"),
    ],
)
def test_a_rule_without_its_numbers_is_a_broken_promise(standard: Rule) -> None:
    with pytest.raises(ValueError, match="need"):
        standard.judge(Case(mpq(10)))
