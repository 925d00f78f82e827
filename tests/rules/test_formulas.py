"""Formulas: what may be written, what it computes, and how it reads."""

import random
from collections.abc import Callable

import pytest
from gmpy2 import mpq
from hypothesis import given, reject
from hypothesis import strategies as st

from kpibook.model import Indicator
from kpibook.rules.formulas import MAX_DEPTH, MAX_LENGTH, DivisionByZero, Formula, FormulaFault, Name

VALUES = {Name("", "a"): mpq(6), Name("", "b"): mpq(4), Name("previous", "a"): mpq(-5), Name("", "zero"): mpq(0)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 4 - 3", "3"),
        ("12 / 4 / 3", "1"),
        ("a / b * 100", "150"),
        ("-a + b", "-2"),
        ("+a", "6"),
        ("--a", "6"),
        ("-(a - b)", "-2"),
        ("2 * -3", "-6"),
        ("a - previous.a", "11"),
        ("0.1 + 0.2", "0.3"),
        ("1 / 3 * 3", "1"),
        ("min(a, b, 5)", "4"),
        ("max(a, b, 5)", "6"),
        ("abs(previous.a)", "5"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-3"),
        ("round(12.25, 1)", "12.3"),
        ("round(87.254999, 2)", "87.25"),
        ("round(1 / 3, 12)", "0.333333333333"),
        ("round(1.5, (0))", "2"),
        ("if(a > b, 1, 2)", "1"),
        ("if(a < b, 1, 2)", "2"),
        ("if(zero, 1, 2)", "2"),
        ("if(zero > 0, a / zero, 7)", "7"),
        ("a >= 6", "1"),
        ("a <= 5", "0"),
        ("a == 6", "1"),
        ("a != 6", "0"),
        ("a + 1 > b * 2", "0"),
        ("\ta\n*  b ", "24"),
    ],
)
def test_arithmetic_is_exact(text: str, expected: str) -> None:
    assert Formula.parse(text).evaluate(VALUES) == mpq(expected)


@pytest.mark.parametrize(
    ("text", "written", "numbers"),
    [
        ("a/b*100", "a ÷ b × 100", "6 ÷ 4 × 100"),
        ("a-(b-1)", "a - (b - 1)", "6 - (4 - 1)"),
        ("(a-b)-1", "a - b - 1", "6 - 4 - 1"),
        ("a/(b*2)", "a ÷ (b × 2)", "6 ÷ (4 × 2)"),
        ("(a+b)*2", "(a + b) × 2", "(6 + 4) × 2"),
        ("-(a+b)", "-(a + b)", "-(6 + 4)"),
        ("-a*b", "-a × b", "-6 × 4"),
        ("previous.a*b", "previous.a × b", "(-5) × 4"),
        ("a-previous.a", "a - previous.a", "6 - (-5)"),
        ("if(a>=b,1,0)", "if(a ≥ b, 1, 0)", "if(6 ≥ 4, 1, 0)"),
        ("a!=b", "a ≠ b", "6 ≠ 4"),
        ("(a>b)+1", "(a > b) + 1", "(6 > 4) + 1"),
        ("a*10000*0.125", "a × 10,000 × 0.125", "6 × 10,000 × 0.125"),
        ("a*0.000000000001", "a × 0.000000000001", "6 × 0.000000000001"),
    ],
)
def test_a_formula_reads_as_it_computes(text: str, written: str, numbers: str) -> None:
    formula = Formula.parse(text)

    assert formula.in_words(str) == written
    assert formula.with_numbers(VALUES) == numbers


def test_a_formula_knows_its_names_each_once() -> None:
    assert Formula.parse("a + previous.a * a / department.b").names == (
        Name("", "a"),
        Name("previous", "a"),
        Name("department", "b"),
    )


def test_formulas_of_the_same_text_are_equal() -> None:
    assert Formula.parse("a + b") == Formula.parse("a + b")
    assert Formula.parse("a + b") != Formula.parse("a+b")


@pytest.mark.parametrize(
    ("text", "code", "offset"),
    [
        ("", "formula-ends-early", 0),
        ("  ", "formula-ends-early", 2),
        ("a +", "formula-ends-early", 3),
        ("a b", "formula-unexpected", 2),
        ("a + * b", "formula-unexpected", 4),
        ("(a", "formula-bracket-open", 2),
        ("a)", "formula-unexpected", 1),
        ("min(a, b", "formula-bracket-open", 8),
        ("min(a)", "formula-argument-count", 0),
        ("if(a, b)", "formula-argument-count", 0),
        ("1 + abs(a, b)", "formula-argument-count", 4),
        ("round(a, -3)", "formula-round-places", 0),
        ("1 + round(a, 99)", "formula-round-places", 4),
        ("round(a, 0.5)", "formula-round-places", 0),
        ("round(a, b)", "formula-round-places", 0),
        ("sqrt(a)", "formula-unknown-function", 0),
        ("a + last.b", "formula-unknown-scope", 4),
        ("a.b.c", "formula-unknown-scope", 0),
        ("min + 1", "formula-function-as-name", 0),
        ("previous.max", "formula-function-as-name", 0),
        ("a ** b", "formula-unexpected", 3),
        ("a ^ b", "formula-character", 2),
        ("a % b", "formula-character", 2),
        ("a[0]", "formula-character", 1),
        ("'a'", "formula-character", 0),
        ("a = b", "formula-character", 2),
        ("lambda: a", "formula-character", 6),
        ("ａ + 1", "formula-character", 0),
        ("a + １", "formula-character", 4),
        ("a × b", "formula-character", 2),
        ("a\u00a0+ b", "formula-character", 2),
        ("1e5", "formula-unexpected", 1),
        ("1.", "formula-character", 1),
        ("a < b < 1", "formula-unexpected", 6),
        ("9999999999999999", "number-too-large", 0),
        ("1" * 41, "number-too-large", 0),
        ("1 +" * 200, "formula-too-long", MAX_LENGTH),
    ],
)
def test_nothing_else_can_be_written(text: str, code: str, offset: int) -> None:
    with pytest.raises(FormulaFault) as fault:
        Formula.parse(text)

    assert (fault.value.code, fault.value.offset) == (code, offset)


@pytest.mark.parametrize("bracket", ["(", "-", "abs(", "+"])
def test_depth_has_a_bound(bracket: str) -> None:
    with pytest.raises(FormulaFault, match="formula-too-deep"):
        Formula.parse(bracket * (MAX_DEPTH + 1) + "1")


def test_a_division_by_zero_names_its_divisor() -> None:
    with pytest.raises(DivisionByZero) as fault:
        Formula.parse("a / (b - 4)").evaluate(VALUES)

    assert fault.value.divisor
    assert fault.value.divisor.write(str) == "b - 4"


def test_two_divisors_are_not_the_same() -> None:
    first, second = Formula.parse("a / b").root, Formula.parse("a / b").root

    assert first != second
    assert len({first, second}) == 2


def test_a_yaml_file_holds_a_formula_as_text() -> None:
    given_values = {"id": "x", "name": "x", "unit": "", "direction": "higher"}

    built = Indicator.build(**given_values, formula="a / b")
    again = Indicator.build(**given_values, formula=built.formula)

    assert built.formula == again.formula == Formula.parse("a / b")


@pytest.mark.parametrize(("value", "code"), [("a +", "formula-ends-early"), (5, "wrong-type")])
def test_a_fault_of_a_formula_is_told_to_whoever_reads_the_file(value: object, code: str) -> None:
    with pytest.raises(ValueError, match=code):
        Indicator.build(id="x", name="x", unit="", direction="higher", formula=value)


LEAVES = st.sampled_from(["a", "b", "previous.a", "zero", "2", "0.5", "10"])
BINARY = st.sampled_from(["{} + {}", "{} - {}", "{} * {}", "({}) * ({})", "({}) / ({})", "min({}, {})", "({}) - ({})"])
TEXTS = st.recursive(
    LEAVES, lambda inner: st.builds(lambda form, x, y: form.format(x, y), BINARY, inner, inner), max_leaves=8
)


@given(TEXTS)
def test_what_is_written_with_numbers_computes_the_same(text: str) -> None:
    formula = _sound(text)
    written = formula.with_numbers(VALUES).replace("×", "*").replace("÷", "/")

    assert _result(lambda: Formula.parse(written).evaluate({})) == _result(lambda: formula.evaluate(VALUES))


def _sound(text: str) -> Formula:
    """The formula; one that divides by a written 0 is refused when it is read, and is no case of this test."""
    try:
        return Formula.parse(text)
    except FormulaFault as fault:
        if fault.code != "formula-zero-divisor":
            raise
        reject()


def _result(compute: Callable[[], mpq]) -> mpq | None:
    try:
        return compute()
    except DivisionByZero:
        return None
    except FormulaFault as fault:
        if fault.code != "formula-zero-divisor":
            raise
        return None


@pytest.mark.parametrize("text", ["a / 0", "1 / (2 - 2)", "a * (b / 0.0)", "1 / -0", "a / (3 - min(3, 4))"])
def test_a_division_by_a_zero_that_is_written_down_is_refused(text: str) -> None:
    with pytest.raises(FormulaFault) as caught:
        Formula.parse(text)

    assert (caught.value.code, text[caught.value.offset - 2]) == ("formula-zero-divisor", "/")


@pytest.mark.parametrize("text", ["a / (b - b)", "a / 2", "0 / a", "a / (1 - 2)", "if(a > 0, b / a, 0)"])
def test_a_divisor_that_may_be_something_is_read(text: str) -> None:
    assert Formula.parse(text).text == text


def test_random_texts_are_read_or_refused() -> None:
    chance, signs = random.Random(5), "ab1.0 ()+-*/<>=!,_[]'\"\\\n{}:;@#$%^&~|minaxrou"
    texts = ["".join(chance.choices(signs, k=chance.randint(0, 60))) for _ in range(20000)]
    refused = 0

    for text in texts:
        try:
            Formula.parse(text)
        except FormulaFault:
            refused += 1

    assert 0 < refused < len(texts)
