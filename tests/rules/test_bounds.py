"""The most that a formula for points can give: never less than it gives."""

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from kpibook.rules.formulas import DivisionByZero, Formula, Name
from kpibook.rules.standards.bounds import Span, most_of

SPANS: dict[str, Span] = {
    "weight": (mpq(12), mpq(12)),
    "attainment": (mpq(0), None),
    "count": (mpq(0), None),
    "rate": (mpq(0), mpq(100)),
    "profit": (None, None),
    "loss": (mpq(-5), mpq(3)),
}


def of(name: Name) -> Span:
    return SPANS[name.id]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("weight", "12"),
        ("weight * attainment", None),
        ("weight * min(1, attainment)", "12"),
        ("min(weight, weight * attainment)", "12"),
        ("weight * (1 - count / 30)", "12"),
        ("weight - 2 * count", "12"),
        ("weight * rate / 100", "12"),
        ("weight * min(1, profit) * if(count > 3, 0.9, 1)", "12"),
        ("max(0, weight - count)", "12"),
        ("if(attainment >= 1.2, weight * 1.2, weight)", "14.4"),
        ("30 - 2 * count", "30"),
        ("profit", None),
        ("round(weight * rate / 100, 1)", "13"),
        ("abs(loss)", "5"),
        ("weight * (count > 3)", "12"),
        ("-loss", "5"),
        ("loss * loss", "25"),
        ("weight / count", None),
        ("loss / 2", "1.5"),
    ],
)
def test_the_most_of_a_formula(text: str, expected: str | None) -> None:
    assert most_of(Formula.parse(text).root, of) == (None if expected is None else mpq(expected))


LEAVES = st.sampled_from([*SPANS, "2", "0", "0.5", "30"])
FORMULAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, st.sampled_from([*SPANS, "4"])).map(lambda t: f"({t[0]} / {t[1]})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(inner, inner, inner).map(lambda t: f"if({t[0]} > 1, {t[1]}, {t[2]})"),
        inner.map(lambda t: f"round({t})"),
        inner.map(lambda t: f"abs({t})"),
        inner.map(lambda t: f"-{t}"),
    ),
    max_leaves=7,
)


@given(FORMULAS, st.data())
def test_no_formula_gives_more_than_its_most(text: str, data: st.DataObject) -> None:
    formula = Formula.parse(text)
    most = most_of(formula.root, of)
    values = {}
    for name in formula.names:
        low, high = (edge if edge is None else int(edge) for edge in SPANS[name.id])
        least, most_drawn = -200 if low is None else low, 200 if high is None else high
        drawn = data.draw(st.fractions(least, most_drawn, max_denominator=8))
        values[name] = mpq(drawn.numerator, drawn.denominator)

    try:
        found = formula.evaluate(values)
    except DivisionByZero:
        return

    assert most is None or found <= most
