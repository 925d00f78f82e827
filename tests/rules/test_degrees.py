"""How a formula grows over time: told by its shape, and true of its numbers."""

from fractions import Fraction

import pytest
from gmpy2 import mpq
from hypothesis import assume, given
from hypothesis import strategies as st

from kpibook.rules.formulas import DivisionByZero, Formula, Name
from kpibook.rules.formulas.degrees import Degree, Odd, degree

AMOUNTS, RATES = ("sales", "orders"), ("price", "rate")


def of(name: Name) -> Degree:
    return 1 if name.id in AMOUNTS else 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sales", 1),
        ("department.sales", 1),
        ("rate", 0),
        ("5", 0),
        ("0", Odd.ANY),
        ("sales / orders", 0),
        ("sales / orders * 100", 0),
        ("(sales - previous.sales) / previous.sales * 100", 0),
        ("sales + orders", 1),
        ("sales * price", 1),
        ("sales * orders", 2),
        ("rate / sales", -1),
        ("sales + rate", Odd.MIXED),
        ("sales - 1000", Odd.MIXED),
        ("sales - 0", 1),
        ("-sales", 1),
        ("max(sales, 0)", 1),
        ("max(sales - orders, 0)", 1),
        ("min(sales, 1000)", Odd.MIXED),
        ("abs(sales)", 1),
        ("round(sales / 10, 0)", 1),
        ("if(rate > 5, sales, orders)", 1),
        ("if(sales > orders, 1, 0)", 0),
        ("if(sales > 1000, 1, 0)", Odd.MIXED),
        ("if(sales, sales, orders)", Odd.MIXED),
        ("if(rate > 5, sales, rate)", Odd.MIXED),
        ("sales > 0", 0),
        ("0 * (sales + rate)", Odd.ANY),
        ("(sales + rate) * 2", Odd.MIXED),
        ("(sales + rate) / 2", Odd.MIXED),
        ("0 / sales", Odd.ANY),
    ],
)
def test_the_degree_of_a_formula(text: str, expected: Degree) -> None:
    assert degree(Formula.parse(text).root, of) == expected


LEAVES = st.sampled_from([*AMOUNTS, *RATES, "2", "0", "7"])
FORMULAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, st.sampled_from([*AMOUNTS, *RATES])).map(lambda t: f"({t[0]} / {t[1]})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(inner, inner, inner, inner).map(lambda t: f"if({t[0]} > {t[1]}, {t[2]}, {t[3]})"),
        inner.map(lambda t: f"abs({t})"),
        inner.map(lambda t: f"-{t}"),
    ),
    max_leaves=8,
)
NUMBERS = st.tuples(*(st.integers(1, 50) for _ in range(4)))


@given(FORMULAS, NUMBERS, st.integers(2, 12))
def test_what_is_of_a_degree_grows_by_it(text: str, numbers: tuple[int, ...], times: int) -> None:
    """Amounts over so many months are so many times as large, and the formula by its degree."""
    formula = Formula.parse(text)
    found = degree(formula.root, of)
    assume(found is not Odd.MIXED)
    names = (*AMOUNTS, *RATES)
    once = {Name("", key): mpq(value) for key, value in zip(names, numbers, strict=True)}
    longer = {name: value * times if name.id in AMOUNTS else value for name, value in once.items()}

    try:
        short, long = formula.evaluate(once), formula.evaluate(longer)
    except DivisionByZero:
        return

    factor = Fraction(times) ** found if isinstance(found, int) else Fraction(1)
    assert long == short * mpq(factor.numerator, factor.denominator)
    assert found is not Odd.ANY or not short
