"""Rules that look beyond the target or at single events, against a second reckoning in fractions."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from kpibook.base.words import words
from kpibook.model import ScorecardItem
from kpibook.rules.formulas import Name
from kpibook.rules.standards import Case, Event, Setting, Standard
from making import indicator, measure

RULES: TypeAdapter[Standard] = TypeAdapter(Standard)
EN, ZH = words("en"), words("zh")
QUARTERS = st.integers(-40, 400).map(lambda part: Fraction(part, 4))
PERS = st.sampled_from([Fraction(5), Fraction(5, 2), Fraction(10)])
POINTS = st.integers(1, 6)
UNITS = st.sampled_from(["complete", "started", "exact"])
PARTS = st.tuples(PERS, UNITS)
"""How large a unit is, and what a part of one counts."""
WEIGHT = 20
LATE = Name("", "late")


def a_rule(rule: str, **values: Any) -> Standard:
    return RULES.validate_python({"rule": rule, **{key: text(value) for key, value in values.items()}})


def text(value: Any) -> Any:
    if isinstance(value, Fraction):
        return mpq(value)
    if isinstance(value, Mapping):
        return {str(key): text(each) for key, each in value.items()}
    return [text(each) for each in value] if isinstance(value, list) else value


def points(rule: Standard, case: Case) -> Fraction:
    found = rule.judge(case).points
    assert found is not None
    return Fraction(int(found.numerator), int(found.denominator))


def a_case(actual: Fraction = Fraction(0), *, target: int = 50, direction: str = "higher", **values: Any) -> Case:
    return Case(mpq(WEIGHT), direction, mpq(target), mpq(actual), **values)


def counted(amount: Fraction, per: Fraction, units: str) -> Fraction:
    if amount <= 0:
        return Fraction(0)
    if units == "exact":
        return amount / per
    whole = amount / per // 1
    return Fraction(whole if units == "complete" or whole == amount / per else whole + 1)


@given(QUARTERS, PARTS, POINTS, st.sampled_from(["bad", "under", "over", "both"]), st.booleans())
def test_what_lies_on_the_side_that_costs_is_taken_off(
    actual: Fraction, part: tuple[Fraction, str], each: int, side: str, is_lower: bool
) -> None:
    per, units = part
    rule = a_rule("shortfall", per=per, points=each, units=units, side=side)

    found = points(rule, a_case(actual, direction="lower" if is_lower else "higher"))

    over, under = actual - 50, 50 - actual
    lacking = {"both": max(over, under), "over": over, "under": under, "bad": over if is_lower else under}[side]
    assert found == max(WEIGHT - counted(lacking, per, units) * each, 0)


@given(QUARTERS, PARTS, POINTS, st.sampled_from(["bad", "under", "over"]), st.booleans())
def test_a_bonus_is_added_on_the_other_side(
    actual: Fraction, part: tuple[Fraction, str], each: int, side: str, is_lower: bool
) -> None:
    per, units = part
    bonus = {"per": per, "points": each, "units": units}
    rule = a_rule("shortfall", per=5, points=1, side=side, bonus=bonus)

    found = points(rule, a_case(actual, direction="lower" if is_lower else "higher"))

    costs_over = side == "over" or (side == "bad" and is_lower)
    lacking = actual - 50 if costs_over else 50 - actual
    lost, gained = counted(lacking, Fraction(5), "complete"), counted(-lacking, per, units) * each
    assert found == max(WEIGHT - lost + gained, 0)


@given(QUARTERS, PARTS, st.sampled_from([-3, 2, 4]), st.sampled_from(["good", "under", "over"]), st.booleans())
def test_what_lies_beyond_the_target_counts_on_the_side_that_is_named(
    actual: Fraction, part: tuple[Fraction, str], each: int, side: str, is_lower: bool
) -> None:
    per, units = part
    rule = a_rule("excess", per=per, points=each, units=units, side=side)

    found = points(rule, a_case(actual, direction="lower" if is_lower else "higher"))

    is_below = side == "under" or (side == "good" and is_lower and each > 0)
    assert found == counted(50 - actual if is_below else actual - 50, per, units) * each


@given(QUARTERS, st.booleans(), st.integers(41, 79))
def test_a_line_falls_to_nothing_from_its_cliff_on(actual: Fraction, is_rising: bool, cliff: int) -> None:
    zero, full = (40, 80) if is_rising else (80, 40)
    rule = a_rule("linear", zero=zero, full=full, zero_from=cliff)

    found = points(rule, a_case(actual))

    line = min(max(WEIGHT * (actual - zero) / (full - zero), 0), WEIGHT)
    is_over_the_cliff = actual <= cliff if is_rising else actual >= cliff
    assert found == (0 if is_over_the_cliff else line)


@given(QUARTERS, st.booleans(), st.booleans(), st.booleans(), st.sampled_from(["line", "step"]))
def test_points_are_given_at_three_values(
    actual: Fraction, is_lower: bool, has_threshold: bool, has_stretch: bool, between: str
) -> None:
    threshold, stretch = (60, 40) if is_lower else (40, 60)
    rule = a_rule("stretch", at_threshold=12, between=between, **({"at_stretch": 24} if has_stretch else {}))
    marks = (mpq(threshold) if has_threshold else None, mpq(stretch) if has_stretch else None)

    found = points(rule, a_case(actual, direction="lower" if is_lower else "higher", marks=marks))

    spots = [*([(threshold, 12)] if has_threshold else []), (50, 20), *([(stretch, 24)] if has_stretch else [])]
    assert found == on_the_way(actual, spots, is_lower=is_lower, is_line=between == "line")


def on_the_way(actual: Fraction, spots: Sequence[tuple[int, int]], *, is_lower: bool, is_line: bool) -> Fraction:
    sign = -1 if is_lower else 1
    found = Fraction(0)
    for at, (value, given_there) in enumerate(spots):
        if sign * actual >= sign * value:
            found = Fraction(given_there)
            if is_line and at + 1 < len(spots):
                then, more = spots[at + 1]
                part = min((actual - value) / (then - value), Fraction(1))
                found += (more - given_there) * part
    return found


SIZES = st.lists(
    st.sampled_from([Fraction(0), Fraction(499), Fraction(500), Fraction(600), Fraction(1, 4)]), max_size=5
)


@given(SIZES, st.booleans())
def test_each_event_costs_by_its_own_size(sizes: list[Fraction], has_rest: bool) -> None:
    rule = a_rule("deduction", deduct=[{"measure": "late", "each": {"500": 10, **({"0": 5} if has_rest else {})}}])
    events = tuple(Event(mpq(size)) for size in sizes)

    found = points(rule, a_case(values={LATE: mpq(sum(sizes))}, events={LATE: events}))

    loss = sum(10 if size >= 500 else 5 if has_rest else 0 for size in sizes if size)
    assert found == max(WEIGHT - loss, 0)


def test_two_accidents_of_600_take_20_and_not_10() -> None:
    rule = a_rule("deduction", deduct=[{"measure": "late", "each": {"500": 10, "0": 5}, "name": "accidents"}])
    events = (Event(mpq(600), "gate"), Event(mpq(600)))

    outcome = rule.judge(Case(mpq(30), values={LATE: mpq(1200)}, events={LATE: events}))

    assert outcome.points == mpq(10)
    assert [(step.key, step.values.get("label")) for step in outcome.steps][:2] == [
        ("deducted_event", "gate"),
        ("deducted_event", ""),
    ]


@given(st.integers(0, 12), st.integers(0, 12), st.sampled_from([None, mpq(0)]))
def test_merits_and_breaches_are_counted_together(praised: int, blamed: int, least: mpq | None) -> None:
    rule = a_rule(
        "deduction", deduct=[{"measure": "late", "points": 3}], add=[{"measure": "praise", "per": 2, "points": 1}]
    )
    values = {LATE: mpq(blamed), Name("", "praise"): mpq(praised)}

    found = points(rule, Case(mpq(WEIGHT), values=values, least=least))

    whole = WEIGHT - 3 * blamed + praised // 2
    assert found == (whole if least is None else max(whole, 0))


SENTENCES: Mapping[str, tuple[dict[str, Any], str]] = {
    "side under": (
        {"rule": "shortfall", "per": 5, "points": 1, "side": "both"},
        "等于目标 50 分得 20 分；每高出或每低 5 分扣 1 分（不足 5 分的部分不扣），扣完为止。",
    ),
    "bonus": (
        {"rule": "shortfall", "per": 5, "points": 1, "bonus": {"per": 5, "points": 2}},
        "达到目标 50 分得 20 分；每差 5 分扣 1 分（不足 5 分的部分不扣），扣完为止。"
        "超出目标 50 分的部分，每 5 分加 2 分（不足 5 分的部分不计）。最多 24 分。",
    ),
    "events": (
        {"rule": "deduction", "deduct": [{"measure": "late", "each": {"500": 10, "0": 5}}]},
        "满分 20 分，按下列各条扣分，扣完为止：事故逐笔计：每笔不低于 500 元的扣 10 分、其余每笔扣 5 分。最多 24 分。",
    ),
    "merits": (
        {
            "rule": "deduction",
            "deduct": [{"measure": "late", "points": 2}],
            "add": [{"measure": "late", "points": 1, "per": 3}],
        },
        "满分 20 分，按下列各条扣分，扣完为止：事故每满 1 元扣 2 分。另外加分：事故每满 3 元加 1 分。最多 24 分。",
    ),
    "cliff": (
        {"rule": "linear", "zero": 40, "full": 80, "zero_from": 60},
        "达到 80 分得 20 分，不超过 40 分得 0 分；两者之间从 40 分起按直线比例得分。"
        "不超过 60 分的一律得 0 分。最多 24 分。",
    ),
    "stretch": (
        {"rule": "stretch", "at_threshold": 12, "at_stretch": 24},
        "达到 60 分得 24 分，再多也不再加；达到目标 50 分得 20 分；达到 40 分得 12 分；"
        "两者之间按直线比例得分；都没有达到的得 0 分。最多 24 分。",
    ),
}


def test_what_a_bonus_adds_does_not_run_into_the_zero_before_it() -> None:
    rule, _ = SENTENCES["bonus"]
    item = ScorecardItem.build(indicator="x", weight=20, target=50, standard=rule, max=24)

    assert item.standard is not None
    assert item.standard.sentence(item, indicator("x", unit="cases"), EN) == (
        "20 points when the target of 50 cases is reached; each 5 cases below it costs 1 point "
        "(less than 5 cases costs nothing), down to 0. Added: 2 points for each 5 cases above the target of 50 cases "
        "(less than 5 cases does not count). At most 24 points."
    )


@pytest.mark.parametrize("name", SENTENCES)
def test_the_sentence_says_all_of_it(name: str) -> None:
    rule, sentence = SENTENCES[name]
    beside = {"threshold": 40, "stretch": 60} if rule["rule"] == "stretch" else {}
    most = {"max": 24} if name != "side under" else {}
    item = ScorecardItem.build(indicator="x", weight=20, target=50, standard=rule, **beside, **most)
    setting = Setting({"late": measure("late", name="事故", unit="元")}.get)

    assert item.standard is not None
    assert item.standard.sentence(item, indicator("x", unit="分"), ZH, setting) == sentence
    assert "{" not in item.standard.sentence(item, indicator("x"), EN, setting)


def test_the_most_of_an_item_is_its_max_where_the_rule_may_rise() -> None:
    rule = {"rule": "shortfall", "per": 5, "points": 1, "bonus": {"per": 5, "points": 2}}

    assert ScorecardItem.build(indicator="x", weight=20, max=24, target=50, standard=rule).best == mpq(24)
    assert ScorecardItem.build(indicator="x", weight=20, target=50, standard={"rule": "proportional"}).best == mpq(20)
