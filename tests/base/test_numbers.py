"""Numbers are exact: what people write, and how it is rounded and shown."""

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from kpibook.base.numbers import (
    LARGEST,
    NumberFault,
    WrittenNumber,
    fixed,
    is_exact,
    parse_plain,
    parse_written,
    plain,
    plain_number,
    priced,
    round_down,
    round_half_up,
    round_up,
    show,
)

EXACT = decimal.Context(prec=80)

fractions = st.fractions(min_value=-(10**12), max_value=10**12, max_denominator=10**6)
decimals = st.decimals(min_value=-(10**14), max_value=10**14, allow_nan=False, allow_infinity=False, places=6)
places = st.integers(min_value=0, max_value=6)


def exact(value: Fraction) -> mpq:
    return mpq(value.numerator, value.denominator)


def value_or_code(text: str) -> str:
    try:
        return str(parse_written(text, "元").value)
    except NumberFault as fault:
        return fault.code


def half_up(value: Fraction, places: int) -> Fraction:
    """Half-up by the school rule: add half a unit of the last place and cut."""
    scaled = abs(value) * 10**places + Fraction(1, 2)
    rounded = Fraction(scaled.numerator // scaled.denominator, 10**places)
    return -rounded if value < 0 else rounded


@pytest.mark.parametrize(
    ("text", "places", "rounded"),
    [
        ("12.25", 1, "12.3"),
        ("87.25", 1, "87.3"),
        ("79.95", 1, "80.0"),
        ("1.005", 2, "1.01"),
        ("2.675", 2, "2.68"),
        ("0.125", 2, "0.13"),
        ("2.5", 0, "3"),
        ("0.5", 0, "1"),
        ("-2.5", 0, "-3"),
        ("-12.25", 1, "-12.3"),
        ("-0.04", 1, "0.0"),
        ("89.9499999999", 1, "89.9"),
        ("999.995", 2, "1000.00"),
        ("0", 2, "0.00"),
    ],
)
def test_a_tie_is_rounded_away_from_zero(text: str, places: int, rounded: str) -> None:
    assert fixed(parse_plain(text), places) == rounded


@given(fractions, places)
def test_rounding_equals_the_school_rule(value: Fraction, places: int) -> None:
    assert round_half_up(exact(value), places) == exact(half_up(value, places))


@given(decimals, places)
def test_fixed_equals_decimal_half_up(value: Decimal, places: int) -> None:
    expected = value.quantize(Decimal(1).scaleb(-places), decimal.ROUND_HALF_UP, EXACT)

    assert fixed(parse_plain(str(value)), places) == f"{abs(expected) if expected == 0 else expected:f}"


@given(st.integers(-(10**9), 10**9), places)
def test_a_half_always_goes_away_from_zero(whole: int, places: int) -> None:
    tie = mpq(2 * whole + 1, 2 * 10**places)

    assert round_half_up(tie, places) == mpq(whole + (1 if whole >= 0 else 0), 10**places)


@pytest.mark.parametrize(
    ("value", "places", "down", "up"),
    [
        ("100/3", 2, "33.33", "33.34"),
        ("-100/3", 2, "-33.34", "-33.33"),
        ("33.5", 1, "33.5", "33.5"),
        ("7/2", 0, "3", "4"),
    ],
)
def test_numbers_round_to_the_side_that_is_safe(value: str, places: int, down: str, up: str) -> None:
    assert (round_down(mpq(value), places), round_up(mpq(value), places)) == (mpq(down), mpq(up))


@given(decimals)
def test_a_plain_decimal_is_read_exactly(value: Decimal) -> None:
    assert parse_plain(str(value)) == exact(Fraction(value))


@given(decimals)
def test_what_is_shown_plainly_reads_back_as_the_same_number(value: Decimal) -> None:
    number = parse_plain(str(value))

    assert parse_written(plain(number), "").value == number
    assert parse_written(show(number, 6), "").value == number


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    outcome = value_or_code(text)

    assert outcome in ("not-a-number", "number-too-large", "cell-other-unit") or abs(mpq(outcome)) <= LARGEST


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", "12"), ("-0.5", "-0.5"), ("+7", "7"), ("1e3", "1000"), ("2.5E-2", "0.025"), ("0123", "123")],
)
def test_a_catalog_writes_decimals(text: str, value: str) -> None:
    assert plain(parse_plain(text)) == value


@pytest.mark.parametrize(
    "text", ["", " 1", "1_000", "0x1F", "½", "１", "1,5", ".5", "5.", "nan", "inf", "--1", "1e999", "1 2", "²", "٣"]
)
def test_nothing_else_is_a_decimal(text: str) -> None:
    with pytest.raises(NumberFault, match="not-a-number"):
        parse_plain(text)


@pytest.mark.parametrize("text", ["1000000000000001", "1e16", "9" * 41, "-1e99"])
def test_a_number_has_a_bound(text: str) -> None:
    with pytest.raises(NumberFault) as fault:
        parse_plain(text)

    assert fault.value.code == "number-too-large"


def test_the_largest_number_is_within_the_bound() -> None:
    assert parse_plain("1000000000000000") == mpq(LARGEST)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1,234", "元", "1234"),
        ("-1,234,567.5", "元", "-1234567.5"),
        ("85%", "%", "85"),
        ("85 %", "%", "85"),
        ("８５％", "%", "85"),
        ("１２.５", "分", "12.5"),
        ("120万元", "元", "1200000"),
        ("120万元", "万元", "120"),
        ("1.2亿元", "万元", "12000"),
        ("1.2亿", "元", "120000000"),
        ("¥1,234.50", "元", "1234.5"),
        ("￥5", "元", "5"),
        ("$5", "USD", "5"),
        ("12元", "元", "12"),
        (" 5 ", "元", "5"),
        ("+5", "元", "5"),
        ("3次", "次", "3"),
    ],
)
def test_numbers_as_people_write_them_are_converted(text: str, unit: str, value: str) -> None:
    assert parse_written(text, unit) == WrittenNumber(parse_plain(value), converted=True)


def test_a_plain_number_is_not_called_converted() -> None:
    assert parse_written("-12.50", "元") == WrittenNumber(mpq(-25, 2), converted=False)


@pytest.mark.parametrize(
    "text",
    [
        *("12,34", "1,23", "1.234,5", "1,2345", "(5)", "（5）", "5-", "−5", "1_000", "²", "一百", "٣", "1.2E+5"),
        *("NaN", "inf", "Infinity", "NA", "无", "-", "", " ", "5 5", "=1+1", "1,,000", ".5", "5.", "0x10"),
    ],
)
def test_other_ways_of_writing_are_refused(text: str) -> None:
    with pytest.raises(NumberFault) as fault:
        parse_written(text, "元")

    assert fault.value.code in ("not-a-number", "cell-other-unit")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("85%", "元"),
        ("¥5", "人"),
        ("5人", "元"),
        ("0.85万", "%"),
        ("5万%", "%"),
        ("120万人", "元"),
        ("6万", "千元"),
        ("6万", "百万元"),
    ],
)
def test_another_unit_is_refused(text: str, unit: str) -> None:
    with pytest.raises(NumberFault) as fault:
        parse_written(text, unit)

    assert fault.value.code == "cell-other-unit"


@pytest.mark.parametrize("text", ["9999999999999999", "99,999,999亿", "1" * 50])
def test_a_written_number_has_the_same_bound(text: str) -> None:
    with pytest.raises(NumberFault) as fault:
        parse_written(text, "元")

    assert fault.value.code == "number-too-large"


@pytest.mark.parametrize("text", ["1,000", "5%", "", "x", "+1", "1e3", "９", "9999999999999999"])
def test_a_plain_number_is_digits_and_a_point_only(text: str) -> None:
    assert plain_number(text) is None


@pytest.mark.parametrize("text", ["0", "-0", "007", "-12.5", "999999999999999.999999999999999"])
def test_a_plain_number_is_read_as_any_other(text: str) -> None:
    assert plain_number(text) == parse_written(text, "").value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (mpq(0), "0"),
        (mpq(1234567), "1,234,567"),
        (mpq(-1234567, 100), "-12,345.67"),
        (mpq(1, 3), "0.3333"),
        (mpq(-1, 100000), "0"),
        (mpq(-1, 2), "-0.5"),
        (mpq(99999999, 100000), "1,000"),
        (mpq(80), "80"),
    ],
)
def test_numbers_are_shown_with_thousands_and_without_trailing_zeros(value: mpq, text: str) -> None:
    assert show(value) == text


@given(fractions, places)
def test_is_exact_tells_whether_show_loses_something(value: Fraction, places: int) -> None:
    number = exact(value)

    assert is_exact(number, places) == (parse_written(show(number, places), "").value == number)


def test_a_fault_keeps_its_message_short() -> None:
    with pytest.raises(NumberFault) as fault:
        parse_plain("x" * 1000)

    assert len(str(fault.value)) < 80


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [("2,339.20", "CNY", "¥2,339.20"), ("-5.00", "CNY", "-¥5.00"), ("3", "HKD", "HK$3"), ("1.00", "CHF", "1.00 CHF")],
)
def test_an_amount_has_the_sign_of_its_currency(amount: str, currency: str, shown: str) -> None:
    assert priced(amount, currency) == shown
