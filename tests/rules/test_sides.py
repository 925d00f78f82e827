"""Which side of a mark counts: rules over and under a target, bands that begin above and end below a mark."""

import math
from fractions import Fraction

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from kpibook.base.words import words
from kpibook.model import ScorecardItem
from kpibook.rules.standards import Bands, Case, Rule, Shortfall, Standard
from making import indicator

RULES: TypeAdapter[Rule] = TypeAdapter(Standard)
AMOUNTS = st.fractions(min_value=0, max_value=200, max_denominator=40)
SIZES = st.fractions(min_value=Fraction(1, 40), max_value=50, max_denominator=40)
UNITS = st.sampled_from(["complete", "started", "exact"])


def exact(value: Fraction) -> mpq:
    return mpq(value.numerator, value.denominator)


def counted(amount: Fraction, per: Fraction, units: str) -> Fraction:
    """How many units lie in an amount, in fractions and by the words of the guide alone."""
    whole = max(amount, Fraction(0)) / per
    return {"complete": Fraction(math.floor(whole)), "started": Fraction(math.ceil(whole)), "exact": whole}[units]


def shortfall(per: Fraction, points: Fraction, units: str) -> Shortfall:
    return Shortfall.build(rule="shortfall", per=exact(per), points=exact(points), units=units)


def test_76_in_a_thousand_against_at_most_5_per_cent_costs_three_points_for_each_point_over() -> None:
    scored = RULES.validate_python({"rule": "shortfall", "per": "1", "points": "3", "units": "exact"}).judge(
        Case(mpq(10), "lower", mpq(5), mpq("7.6"))
    )

    assert scored.points == mpq("2.2")
    assert [step.key for step in scored.steps] == ["over", "units.exact", "unit_loss", "weight_less"]


@given(SIZES, SIZES, AMOUNTS, AMOUNTS, UNITS)
def test_a_shortfall_lies_on_the_bad_side_of_the_target(
    per: Fraction, points: Fraction, target: Fraction, actual: Fraction, units: str
) -> None:
    for direction, lacking in (("higher", target - actual), ("lower", actual - target)):
        case = Case(mpq(20), direction, exact(target), exact(actual))

        found = shortfall(per, points, units).judge(case).points

        assert found == exact(max(20 - counted(lacking, per, units) * points, Fraction(0)))


@given(SIZES, SIZES, AMOUNTS, UNITS, st.integers(1, 20))
def test_what_is_said_to_reach_the_points_reaches_them(
    per: Fraction, points: Fraction, actual: Fraction, units: str, asked: int
) -> None:
    rule = shortfall(per, points, units)
    for direction in ("higher", "lower"):
        case = Case(mpq(20), direction, mpq(100), exact(actual))

        reach = rule.reach(case, mpq(asked))

        assert reach is not None
        at = rule.judge(case._replace(actual=reach.actual + reach.side * mpq(1, 10**9))).points
        assert at is not None
        assert at >= asked


@given(SIZES, SIZES, AMOUNTS, AMOUNTS, UNITS)
def test_an_excess_is_given_on_the_good_side_and_taken_off_above(
    per: Fraction, points: Fraction, target: Fraction, actual: Fraction, units: str
) -> None:
    for direction, sign in (("higher", 1), ("lower", 1), ("lower", -1), ("higher", -1)):
        beyond = target - actual if direction == "lower" and sign > 0 else actual - target
        rule = RULES.validate_python(
            {"rule": "excess", "per": exact(per), "points": exact(points) * sign, "units": units}
        )

        found = rule.judge(Case(mpq(0), direction, exact(target), exact(actual))).points

        assert found == exact(counted(beyond, per, units) * points * sign)


def bands(*rows: dict[str, str]) -> Bands:
    return Bands.build(rule="bands", bands=list(rows))


def sentence(rule: Bands, language: str = "zh") -> str:
    item = ScorecardItem.build(indicator="x", weight="20", standard=rule)
    return rule.sentence(item, indicator("x", unit="%"), words(language))


def test_bands_from_the_top_with_over_99() -> None:
    rule = bands({"above": "99", "points": "20"}, {"from": "95", "upto": "99", "points": "10"}, {"points": "0"})

    assert [rule.judge(Case(mpq(20), actual=mpq(text))).points for text in ("99.01", "99", "95", "94.99")] == [
        mpq(20),
        mpq(10),
        mpq(10),
        mpq(0),
    ]
    assert sentence(rule) == (
        "按实际值分档，自上而下取第一个符合的档次：高于 99% 得 20 分；95% 至 99%（含两端）得 10 分；其余得 0 分。"
    )
    assert sentence(rule, "en") == (
        "Points by the actual, the first of these that holds: "
        "20 above 99%; 10 from 95% to 99%, both included; 0 for anything else."
    )


def test_a_mark_that_an_earlier_band_takes_is_not_promised_twice() -> None:
    rule = bands({"from": "95", "upto": "99", "points": "10"}, {"from": "99", "points": "20"}, {"points": "0"})

    assert rule.judge(Case(mpq(20), actual=mpq(99))).points == mpq(10)
    assert sentence(rule) == (
        "按实际值分档，自上而下取第一个符合的档次：95% 至 99%（含两端）得 10 分；高于 99% 得 20 分；其余得 0 分。"
    )


@pytest.mark.parametrize(
    ("band", "key", "values"),
    [
        ({"above": "1", "upto": "2"}, "between_above", "012"),
        ({"from": "1", "below": "2"}, "between_below", "012"),
        ({"above": "1", "below": "2"}, "between_open", "012"),
        ({"above": "1"}, "above", "12"),
        ({"below": "1"}, "below", "01"),
    ],
)
def test_a_mark_that_is_not_included_is_not_taken(band: dict[str, str], key: str, values: str) -> None:
    rule = bands({**band, "points": "5"})
    taken = {text for text in ("0", "1", "1.5", "2", "3") if rule.bands[0].holds(mpq(text))}

    expected = {
        text
        for text in ("0", "1", "1.5", "2", "3")
        if Fraction(text) > Fraction(band.get("above", "-9"))
        and Fraction(text) >= Fraction(band.get("from", "-9"))
        and Fraction(text) <= Fraction(band.get("upto", "9"))
        and Fraction(text) < Fraction(band.get("below", "9"))
    }
    assert taken == expected
    assert rule.bands[0].step == f"band_{key}"
    assert values


@pytest.mark.parametrize(
    ("low", "high", "complete"),
    [("from", "upto", True), ("above", "upto", True), ("from", "below", True), ("above", "below", False)],
)
def test_bands_are_complete_where_one_of_them_takes_the_mark(low: str, high: str, complete: bool) -> None:
    rule = bands({low: "5", "points": "10"}, {high: "5", "points": "0"})

    assert rule.are_complete is complete
