"""Who knows only the sentence of a rule gets the same points: for random parameters, in both languages."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from kpibook.base.words import LANGUAGES, words
from kpibook.model import Extra, ScorecardItem
from kpibook.rules.formulas import Name
from kpibook.rules.standards import Case, Rule, Setting
from making import indicator, measure
from reader import read, read_counts

WEIGHTS = st.integers(1, 400).map(lambda n: str(Decimal(n) / 4))
AMOUNTS = st.integers(0, 400_000).map(lambda n: str(Decimal(n) / 4))
TARGETS = st.integers(1, 200_000).map(lambda n: str(Decimal(n) / 2))
PERCENTS = st.integers(0, 240).map(lambda n: str(Decimal(n) / 2))
UNITS = st.sampled_from(["元", "次", "%", "USD", ""])
FLOORS = st.integers(0, 159).map(lambda n: str(Decimal(n) / 2))
"""Under every cap: a floor above it is refused."""
COUNTS = st.integers(0, 60).map(lambda n: str(Decimal(n) / 4))
MEASURES = {"late": measure("late", unit="次"), "away": measure("away", unit="天")}


class Drawn(NamedTuple):
    """The numbers of a case."""

    actual: str
    weight: str = "20"
    target: str | None = None
    unit: str = "元"


DRAWN = st.builds(Drawn, AMOUNTS, WEIGHTS, TARGETS, UNITS)
RATES = st.builds(Drawn, PERCENTS, WEIGHTS, PERCENTS, st.just("%"))
UNTARGETED = st.builds(Drawn, PERCENTS, WEIGHTS, st.none(), UNITS)
ENDS = st.lists(st.integers(0, 100), min_size=4, max_size=4, unique=True).map(
    lambda marks: list(map(str, sorted(marks)))
)


def agree(standard: Mapping[str, Any], drawn: Drawn, direction: str = "higher") -> None:
    """The rule and a reader of its sentence come to the same points."""
    kind = Extra if standard["rule"] == "excess" else ScorecardItem
    weight = {} if kind is Extra else {"weight": drawn.weight}
    written = {key: value for key, value in standard.items() if value is not None}
    item = kind.build(indicator="x", target=drawn.target, standard=written, **weight)
    of = indicator("x", direction=direction, unit=drawn.unit)
    assert isinstance(item.standard, Rule)
    target = None if drawn.target is None else mpq(drawn.target)

    expected = item.standard.judge(Case(mpq(drawn.weight), direction, target, mpq(drawn.actual))).points

    for language in LANGUAGES:
        sentence = item.standard.sentence(item, of, words(language))
        assert read(sentence, language, Fraction(drawn.actual)) == expected, sentence


@given(DRAWN, st.none() | FLOORS, st.none() | st.sampled_from(["80", "100", "120.5"]))
@pytest.mark.parametrize(("direction", "lower"), [("higher", None), ("lower", "linear"), ("lower", "inverse")])
def test_proportional(direction: str, lower: str | None, drawn: Drawn, floor: str | None, cap: str | None) -> None:
    agree({"rule": "proportional", "lower": lower, "floor": floor, "cap": cap}, drawn, direction)


@given(DRAWN)
@pytest.mark.parametrize("lower", ["linear", "inverse"])
def test_proportional_with_a_target_of_0(lower: str, drawn: Drawn) -> None:
    agree({"rule": "proportional", "lower": lower}, drawn._replace(target="0"), "lower")


@given(RATES)
@pytest.mark.parametrize("direction", ["higher", "lower"])
def test_proportional_by_the_difference(direction: str, drawn: Drawn) -> None:
    agree({"rule": "proportional", "by": "difference"}, drawn, direction)


@given(drawn=DRAWN, otherwise=st.none() | st.integers(-20, 20).map(str), is_met=st.booleans())
@pytest.mark.parametrize("direction", ["higher", "lower"])
def test_all_or_nothing(direction: str, drawn: Drawn, otherwise: str | None, *, is_met: bool) -> None:
    case = drawn._replace(actual=drawn.target or "0") if is_met else drawn

    agree({"rule": "all_or_nothing", "otherwise": otherwise}, case, direction)


@given(UNTARGETED, PERCENTS, PERCENTS)
def test_linear(drawn: Drawn, zero: str, full: str) -> None:
    if zero != full:
        agree({"rule": "linear", "zero": zero, "full": full}, drawn)


@given(UNTARGETED, ENDS)
@pytest.mark.parametrize("ends", [("zero_below", "zero_above"), ("zero_below",), ("zero_above",), ()])
def test_range(ends: tuple[str, ...], drawn: Drawn, marks: list[str]) -> None:
    known = dict(zip(("zero_below", "low", "high", "zero_above"), marks, strict=True))

    agree({"rule": "range", **{key: value for key, value in known.items() if key in (*ends, "low", "high")}}, drawn)


@given(DRAWN, TARGETS, COUNTS)
@pytest.mark.parametrize("units", ["complete", "started", "exact"])
@pytest.mark.parametrize("name", ["shortfall", "excess"])
def test_shortfall_and_excess(name: str, units: str, drawn: Drawn, per: str, points: str) -> None:
    for direction in ("higher", "lower"):
        if name == "shortfall" or points != "0":
            agree({"rule": name, "per": per, "points": points, "units": units}, drawn, direction)


@st.composite
def bands(draw: st.DrawFn) -> list[dict[str, str]]:
    rows = draw(st.lists(st.tuples(st.integers(0, 8), PERCENTS, PERCENTS, COUNTS), min_size=1, max_size=5))
    keys = (
        (),
        *(("from",), ("upto",), ("above",), ("below",)),
        *(("from", "upto"), ("above", "upto"), ("from", "below"), ("above", "below")),
    )
    return [
        {**dict(zip(keys[kind], sorted((first, second), key=Decimal), strict=False)), "points": points}
        for kind, first, second, points in rows
    ]


@given(bands(), UNTARGETED)
def test_bands_of_actuals(rows: list[dict[str, str]], drawn: Drawn) -> None:
    agree({"rule": "bands", "bands": rows}, drawn)


@given(bands(), DRAWN)
@pytest.mark.parametrize("direction", ["higher", "lower"])
def test_bands_of_attainment(direction: str, rows: list[dict[str, str]], drawn: Drawn) -> None:
    agree({"rule": "bands", "of": "attainment", "bands": rows}, drawn, direction)


@st.composite
def deductions(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for name in draw(st.lists(st.sampled_from(["late", "away"]), min_size=1, max_size=2, unique=True)):
        per = draw(st.sampled_from(["1", "3", "0.5"]))
        if draw(st.booleans()):
            rows.append({"measure": name, "points": draw(st.integers(1, 12).map(str)), "per": per})
        else:
            counts = sorted(draw(st.sets(st.integers(1, 9), min_size=1, max_size=4)))
            steps = [{"from": str(n), "points": draw(st.integers(1, 12).map(str))} for n in counts]
            rows.append({"measure": name, "steps": steps, "per": per})
    return rows


@given(WEIGHTS, deductions(), st.integers(0, 20), COUNTS)
def test_deductions(weight: str, rows: list[dict[str, Any]], late: int, away: str) -> None:
    item = ScorecardItem.build(indicator="x", weight=weight, standard={"rule": "deduction", "deduct": rows})
    counts = {"late": Fraction(late), "away": Fraction(away)}
    values = {Name("", key): mpq(value) for key, value in counts.items()}
    assert isinstance(item.standard, Rule)

    expected = item.standard.judge(Case(mpq(weight), values=values)).points

    for language in LANGUAGES:
        sentence = item.standard.sentence(item, indicator("x"), words(language), Setting(MEASURES.get))
        assert read_counts(sentence, language, counts) == expected, sentence
