"""Who knows only the sentence of an item gets the same points: raters, conditions, limits of extras, formulas."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from kpibook.base.words import LANGUAGES, words
from kpibook.model import Catalog, Extra, RatingRow, Relation, ScorecardItem
from kpibook.rules.formulas import Formula
from kpibook.scoring import score
from kpibook.scoring.explain import rule_sentence
from kpibook.scoring.results import ItemScore
from making import Given, catalog, cycle, indicator, item, measure, person, place, role
from reader_more import RELATIONS, read_extra, read_formula, read_ratings, read_required

WEIGHTS = st.integers(1, 400).map(lambda n: str(Decimal(n) / 4))
COUNTS = st.integers(0, 60).map(lambda n: str(Decimal(n) / 4))
AMOUNTS = st.integers(0, 40_000).map(lambda n: str(Decimal(n) / 4))
SHARES = st.sampled_from(
    [
        {"manager": "1"},
        {"manager": "1", "self": "0"},
        {"manager": "0.7", "peer": "0.3"},
        {"manager": "0.5", "report": "0.3", "customer": "0.125", "self": "0.075"},
    ]
)
VOTES = st.dictionaries(st.sampled_from(list(Relation)), st.lists(st.integers(0, 40), max_size=3), min_size=1)
FORMULAS = st.sampled_from(
    [
        "weight * attainment",
        "weight - (target - actual) / target * 10",
        "weight * actual / (target + late) - away * 0.5",
        "(actual - target) * 2 - late * away",
        "weight / 2 + late - -away",
    ]
)


def company(scored: Mapping[str, Any], *, is_extra: bool = False, **settings: Any) -> Catalog:
    """A clerk with this item, or with this extra on top of another item."""
    rest = item("rest", 100, {"rule": "linear", "zero": "0", "full": "100"})
    clerk = role("clerk", [rest], extras=[scored]) if is_extra else role("clerk", [scored, rest])
    counted = [measure("late", unit="次"), measure("away", unit="天")]
    return catalog([clerk], [indicator("x", unit="元"), indicator("rest")], counted, **settings)


def judged(made: Catalog, numbers: Mapping[str, str], ratings: tuple[RatingRow, ...] = ()) -> ItemScore:
    """The item or the extra of E1."""
    actuals: dict[tuple[str, str], Given] = {("E1", key): value for key, value in numbers.items()}
    [card] = score(
        made, cycle([person("E1")], {**actuals, ("E1", "rest"): 1}, ratings={("E1", "x"): ratings}), {}
    ).cards
    [piece] = card.spans
    return next(each for each in (*piece.items, *piece.extras) if each.indicator.id == "x")


def sentences(made: Catalog) -> Mapping[str, str]:
    """By language."""
    clerk = made.roles["clerk"]
    entries: tuple[ScorecardItem | Extra, ...] = (*clerk.items, *clerk.extras)
    own = next(each for each in entries if each.indicator == "x")
    return {language: rule_sentence(own, made, words(language)) for language in LANGUAGES}


@given(weight=WEIGHTS, shares=SHARES, votes=VOTES, waits=st.booleans())
def test_several_raters(
    weight: str, shares: Mapping[str, str], votes: Mapping[Relation, list[int]], *, waits: bool
) -> None:
    points = {who: [Fraction(each) * Fraction(weight) / 40 for each in given_by] for who, given_by in votes.items()}
    rows = tuple(
        RatingRow(who, "E9", place(2, "ratings.csv"), "", mpq(each)) for who, rated in points.items() for each in rated
    )
    missing_rater = "block" if waits else "share"
    made = company(item("x", weight, {"rule": "rating"}, raters=shares), missing_rater=missing_rater)

    expected = judged(made, {}, rows).points

    for language, sentence in sentences(made).items():
        found = read_ratings(sentence, language, {str(who): rated for who, rated in points.items()})
        assert found == expected, sentence


def test_every_relation_has_a_word_in_both_languages() -> None:
    assert {language: set(names) for language, names in RELATIONS.items()} == {
        language: {str(relation) for relation in Relation} for language in LANGUAGES
    }


@st.composite
def conditions(draw: st.DrawFn) -> list[dict[str, str]]:
    rows = []
    for name in draw(st.lists(st.sampled_from(["late", "away"]), min_size=1, max_size=2, unique=True)):
        low, high = sorted((draw(COUNTS), draw(COUNTS)), key=Decimal)
        kept = draw(st.sampled_from([{"at_least": low}, {"at_most": high}, {"at_least": low, "at_most": high}]))
        rows.append({"measure": name, **kept})
    return rows


@given(WEIGHTS, conditions(), st.none() | st.integers(1, 20).map(str), COUNTS, COUNTS)
def test_several_conditions(
    weight: str, rows: list[dict[str, str]], otherwise: str | None, late: str, away: str
) -> None:
    standard = {"rule": "all_or_nothing", "require": rows, **({"otherwise": otherwise} if otherwise else {})}
    made = company(item("x", weight, standard))
    numbers = {"late": late, "away": away}

    expected = judged(made, numbers).points

    for language, sentence in sentences(made).items():
        counts = {key: Fraction(value) for key, value in numbers.items()}
        assert read_required(sentence, language, counts) == expected, sentence


@given(AMOUNTS, st.none() | COUNTS, st.integers(1, 9).map(str), st.sampled_from(["complete", "started", "exact"]))
def test_the_limits_of_an_extra(actual: str, most: str | None, points: str, units: str) -> None:
    standard = {"rule": "excess", "per": "12.5", "points": points, "units": units}
    extra = {"indicator": "x", "target": "5000", "standard": standard, **({"max": most} if most else {})}
    made = company(extra, is_extra=True)

    expected = judged(made, {"x": actual}).points

    for language, sentence in sentences(made).items():
        assert read_extra(sentence, language, Fraction(actual)) == expected, sentence


@pytest.mark.parametrize(("actual", "points"), [("5400", "-10"), ("5050", "-2"), ("5000", "0")])
def test_an_extra_that_takes_off_ends_at_its_least(actual: str, points: str) -> None:
    standard = {"rule": "excess", "per": "50", "points": "-2"}
    made = company({"indicator": "x", "target": "5000", "standard": standard, "min": "-10"}, is_extra=True)

    assert judged(made, {"x": actual}).points == mpq(points)
    assert sentences(made)["zh"].endswith("最低 -10 分。")


NUMBERS = st.fixed_dictionaries({"x": AMOUNTS, "late": COUNTS, "away": COUNTS})


@given(FORMULAS, WEIGHTS, st.integers(1, 400).map(str), NUMBERS)
def test_points_by_a_formula(text: str, weight: str, target: str, numbers: Mapping[str, str]) -> None:
    standard = {"rule": "formula", "points": text}
    made = company(item("x", weight, standard, target=target))

    found = judged(made, numbers)

    assert len(Formula.parse(text).names) > 1
    for language, sentence in sentences(made).items():
        counts = {key: Fraction(numbers[key]) for key in ("late", "away")}
        assert read_formula(sentence, language, Fraction(numbers["x"]), counts) == found.points, sentence
