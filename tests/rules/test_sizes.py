"""How many factors a formula puts together, and numbers that have too many digits to mean anything."""

import pytest
from gmpy2 import mpq

from kpibook.rules.formulas import Formula, Name, OutOfBounds
from kpibook.rules.formulas.sizes import COLLECTED, Size, size

X = Name("", "x")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", (1, 0)),
        ("x * x * x", (3, 0)),
        ("x / x * 100", (2, 1)),
        ("x / (x / x)", (2, 1)),
        ("x + x - x", (1, 0)),
        ("x / x + x / x", (2, 2)),
        ("-x", (1, 0)),
        ("max(x * x, x / x)", (2, 1)),
        ("if(x > 5, x * x, 1)", (2, 0)),
        ("x * x > 5", (0, 0)),
    ],
)
def test_the_factors_of_a_formula(text: str, expected: tuple[int, int]) -> None:
    assert size(Formula.parse(text).root, lambda _: COLLECTED) == Size(*expected)


@pytest.mark.parametrize("text", ["x * x", "x + x * x / x", "1 / (1 / x / x)", "x / (1 / x)"])
def test_a_number_beyond_a_hundred_digits_has_no_value(text: str) -> None:
    with pytest.raises(OutOfBounds):
        Formula.parse(text).evaluate({X: mpq(10**90)})


def test_a_number_of_a_hundred_digits_has_one() -> None:
    assert Formula.parse("x * x").evaluate({X: mpq(10**50 - 1)}) == mpq((10**50 - 1) ** 2)


def test_a_fraction_of_too_many_digits_has_no_value_however_small_it_is() -> None:
    with pytest.raises(OutOfBounds):
        Formula.parse("x * x").evaluate({X: mpq(1, 3**300_000)})
