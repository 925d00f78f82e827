"""Numbers as they are read: few decimals, and more where a limit is near."""

import pytest
from gmpy2 import mpq

from kpibook.pages import number_format


@pytest.mark.parametrize(
    ("value", "unit", "limits", "text"),
    [
        ("269461.54", "元", (), "269,462 元"),
        ("999.5", "元", (), "999.5 元"),
        ("85.714285", "%", (), "85.7%"),
        ("100", "%", (100,), "100%"),
        ("3.503", "%", ("3.5",), "3.503%"),
        ("3.5", "%", ("3.5",), "3.5%"),
        ("99.96", "%", (100,), "99.96%"),
        ("99999.6", "元", (100000,), "99,999.6 元"),
        ("0.456", "次", (), "0.46 次"),
        ("-1234.5", "元", (), "−1,235 元"),
    ],
)
def test_a_value_keeps_to_its_side_of_a_limit(value: str, unit: str, limits: tuple[object, ...], text: str) -> None:
    assert number_format.short_text(mpq(value), unit, "zh", tuple(mpq(str(limit)) for limit in limits)) == text


@pytest.mark.parametrize(
    ("unit", "zh", "en"),
    [("EUR", "€", "€"), ("CNY", "元", "¥"), ("元/人", "元/人", "¥/人"), ("EUR/day", "€/day", "€/day"), ("次",) * 3],
)
def test_a_unit_of_money_by_itself_is_a_sign_and_no_code(unit: str, zh: str, en: str) -> None:
    assert (number_format.unit_name(unit, "zh"), number_format.unit_name(unit, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("增长率 = (80 - 100) ÷ 100 × 100 = -20%", "增长率 = (80 - 100) ÷ 100 × 100 = −20%"),
        ("-5 × 2 ≈ -10.1 points", "−5 × 2 ≈ −10.1 points"),
        ("¥120, -¥20（-3）", "¥120, −¥20（−3）"),
        ("scorecards/2026-10/x.csv:2-3, E-5, 方案甲-5, “-5”", "scorecards/2026-10/x.csv:2-3, E-5, 方案甲-5, “-5”"),
    ],
)
def test_negative_numbers_of_a_derivation_have_the_true_minus_and_nothing_else_has(text: str, expected: str) -> None:
    assert number_format.with_minus(text) == expected


@pytest.mark.parametrize(("unit", "text"), [("元", "¥1,235"), ("CNY", "¥1,235"), ("EUR", "€1,235")])
def test_yuan_has_its_sign_in_english(unit: str, text: str) -> None:
    assert number_format.short_text(mpq("1234.5"), unit, "en") == text


@pytest.mark.parametrize(
    ("points", "limits", "text"),
    [("86", (), "86.0"), ("61.4407", (70,), "61.4"), ("69.96", (70,), "69.96"), ("0.04", (), "0.04"), ("0", (), "0.0")],
)
def test_points_have_one_decimal_unless_they_would_look_full_or_empty(
    points: str, limits: tuple[int, ...], text: str
) -> None:
    assert number_format.points(mpq(points), *map(mpq, limits)) == text


@pytest.mark.parametrize(("ratio", "text"), [("0.8777", "88%"), ("0.9999", "99.99%"), ("1", "100%"), ("1.2", "120%")])
def test_a_share_is_never_full_before_it_is(ratio: str, text: str) -> None:
    assert number_format.share(mpq(ratio)) == text


@pytest.mark.parametrize(
    ("difference", "text"), [("10.4", "+10.4"), ("-0.7", "\u22120.7"), ("0", "±0"), ("0.04", "±0.0")]
)
def test_a_difference_has_its_sign(difference: str, text: str) -> None:
    assert number_format.signed(mpq(difference)) == text


@pytest.mark.parametrize(("difference", "text"), [("2.25", "+2.25"), ("-2", "\u22122"), ("0", "0")])
def test_an_exact_difference_has_its_sign_and_all_its_decimals(difference: str, text: str) -> None:
    assert number_format.signed_in_full(mpq(difference)) == text


@pytest.mark.parametrize(
    ("difference", "markup"),
    [
        ("10.4", '<span class="card-up">&#43;10.4</span>'),
        ("-2.5", '<span class="card-down">&#8722;2.5</span>'),
        ("0.04", '<span class="card-same">±0.0</span>'),
    ],
)
def test_a_difference_has_the_colour_of_its_side_as_it_is_shown(difference: str, markup: str) -> None:
    assert number_format.coloured_difference(mpq(difference)) == markup
