"""Derivations of an item: every line can be followed with a pocket calculator, in both languages."""

from collections.abc import Mapping
from typing import Any

import pytest

from derivations import E1, EN, STRAIGHT, ZH, card, company
from kpibook.base.words import words
from kpibook.model import COMPANY, Catalog, Cycle
from kpibook.scoring.explain import (
    item_lines,
    missing_text,
    reason,
)
from kpibook.scoring.sources import Gap, Missing
from making import (
    OCTOBER,
    Given,
    aside,
    cycle,
    rating,
    target,
)


def lines(catalog: Catalog, cycle: Cycle, *history: Cycle, language: str = "zh") -> list[str]:
    [found] = card(catalog, cycle, *history).spans[0].items
    return list(item_lines(found, catalog, words(language)))


def why(catalog: Catalog, cycle: Cycle, *history: Cycle, language: str = "zh") -> str:
    [found] = card(catalog, cycle, *history).spans[0].items
    return reason(found, catalog, words(language))


CONVERSION = {"formula": "orders / visitors * 100"}
NUMBERS: dict[tuple[str, str], Given] = {("E1", "orders"): 700, ("E1", "visitors"): 2500}


def test_an_item_is_derived_from_its_rule_to_its_points() -> None:
    rows = {("E1", "x"): target(35, 4, "新员工", "E9")}

    found = lines(company({"rule": "proportional"}, of=CONVERSION, target=30), cycle(E1, NUMBERS, targets=rows))

    assert found == [
        "标准：达到目标 35% 得 15 分；未达到的，按实际值÷目标值的比例得分，最低 0 分。",
        "公式：转化率 = 订单量 ÷ 访客数 × 100",
        "计算：转化率 = 700 ÷ 2,500 × 100 = 28%",
        "目标：35%（个人目标，scorecards/2026-10/targets.csv:4，原因：新员工，批准：E9）",
        "达成率 = 28 ÷ 35 = 80%",
        "15 × 80% = 12 分",
    ]


def test_the_same_in_english() -> None:
    found = lines(company({"rule": "proportional"}, of=CONVERSION, target=35), cycle(E1, NUMBERS), language="en")

    assert found == [
        "rule: 15 points when the target of 35% is reached; below it, 15 × actual ÷ target, never under 0.",
        "formula: 转化率 = 订单量 ÷ 访客数 × 100",
        "computed: 转化率 = 700 ÷ 2,500 × 100 = 28%",
        "target: 35% (the role's, handbook/roles/clerk.yml:10)",
        "attainment = 28 ÷ 35 = 80%",
        "15 × 80% = 12 points",
    ]


def test_a_collected_indicator_shows_its_actual() -> None:
    found = lines(company({"rule": "all_or_nothing"}, target=30), cycle(E1, {("E1", "x"): 28}))

    assert found[1:] == [
        "实际值：28%",
        "目标：30%（岗位目标，handbook/roles/clerk.yml:10）",
        "28 < 30，未达到目标",
        "得 0 分",
    ]


def test_a_formula_that_only_repeats_the_name_is_not_told() -> None:
    found = lines(company(STRAIGHT, of={"name": "订单量", "formula": "orders"}), cycle(E1, {("E1", "orders"): 5}))

    assert found[1:] == ["实际值：5%", "15 ×（5 − 0）÷（100 − 0）= 0.75 分"]


def test_a_rounded_number_is_told_as_nearly_equal() -> None:
    month = cycle(E1, {("E1", "orders"): 1, ("E1", "visitors"): 3})

    found = why(company({"rule": "proportional"}, of=CONVERSION, target=50), month)

    assert found == "1 ÷ 3 × 100 ≈ 33.3333%；达成率 = 33.33333333 ÷ 50 ≈ 66.6667%；15 × 66.6667% ≈ 10 分"


def test_an_indicator_inside_a_formula_is_derived_first() -> None:
    numbers: dict[tuple[str, str], Given] = {("E1", "returns"): 3, ("E1", "orders"): 10}

    found = lines(company(STRAIGHT, of={"formula": "(1 - rate) * 100"}), cycle(E1, numbers))

    assert found[1:4] == [
        "公式：转化率 = (1 - 退货率) × 100",
        "其中：退货率 = 3 ÷ 10 = 0.3",
        "计算：转化率 = (1 - 0.3) × 100 = 70%",
    ]


STEPS = [
    ({"rule": "proportional"}, "higher", -5, 20, "实际值 (-5) 为负数，对照目标 20 的达成率按 0% 计；15 × 0% = 0 分"),
    (
        {"rule": "proportional"},
        "higher",
        25,
        20,
        "达成率 = 25 ÷ 20 = 125%；达成率 125% 超过上限，按 100% 计；得满分 15 分",
    ),
    ({"rule": "proportional"}, "higher", 5, 0, "目标值为 0，无法计算达成率，本项不能评分"),
    ({"rule": "proportional", "floor": "60"}, "higher", 10, 20, "达成率 = 10 ÷ 20 = 50%；达成率 50% 低于 60%，得 0 分"),
    ({"rule": "proportional"}, "lower", 6, 5, "达成率 = 2 − 6 ÷ 5 = 80%；15 × 80% = 12 分"),
    ({"rule": "proportional"}, "lower", 12, 5, "实际值 12 已达到目标 5 的两倍，达成率 0%；15 × 0% = 0 分"),
    ({"rule": "proportional"}, "lower", 0, 0, "目标为 0，实际值为 0，达成率 100%；得满分 15 分"),
    ({"rule": "proportional", "lower": "inverse"}, "lower", 10, 5, "达成率 = 5 ÷ 10 = 50%；15 × 50% = 7.5 分"),
    (
        {"rule": "proportional", "lower": "inverse", "cap": "120"},
        "lower",
        0,
        5,
        "实际值为 0，达成率按上限 120% 计；15 × 120% = 18 分",
    ),
    ({"rule": "proportional", "by": "difference"}, "higher", 28, 35, "相差 7 个百分点：15 ×（1 − 7 ÷ 100）= 13.95 分"),
    ({"rule": "proportional", "by": "difference"}, "higher", 0, 100, "相差 100 个百分点，扣完为止，得 0 分"),
    ({"rule": "proportional", "by": "difference"}, "higher", 40, 35, "得满分 15 分"),
    ({"rule": "all_or_nothing", "otherwise": "4"}, "lower", 40, 35, "40 > 35，超过目标；得 4 分"),
    ({"rule": "all_or_nothing"}, "lower", 30, 35, "30 ≤ 35，没有超过目标；得满分 15 分"),
    (
        {"rule": "bands", "bands": [{"from": "95", "points": "9", "label": "优"}]},
        "higher",
        96,
        None,
        "96 ≥ 95（优），得 9 分",
    ),
    ({"rule": "bands", "bands": [{"upto": "5", "points": "9"}]}, "higher", 4, None, "4 ≤ 5，得 9 分"),
    ({"rule": "bands", "bands": [{"from": "1", "upto": "5", "points": "9"}]}, "higher", 4, None, "1 ≤ 4 ≤ 5，得 9 分"),
    ({"rule": "bands", "bands": [{"upto": "5", "points": "9"}]}, "higher", 6, None, "6 不在任何一档，得 0 分"),
    (
        {"rule": "bands", "of": "attainment", "bands": [{"points": "9"}]},
        "higher",
        6,
        8,
        "达成率 = 6 ÷ 8 = 75%；75% 属于其余情况，得 9 分",
    ),
    ({"rule": "linear", "zero": "60", "full": "90"}, "higher", 70, None, "15 ×（70 − 60）÷（90 − 60）= 5 分"),
    ({"rule": "linear", "zero": "60", "full": "90"}, "higher", 50, None, "实际值 50 没有越过 0 分线 60，得 0 分"),
    ({"rule": "range", "low": "3", "high": "5"}, "range", 4, None, "4 在 3 至 5 之间，得满分 15 分"),
    ({"rule": "range", "low": "3", "high": "5"}, "range", 6, None, "实际值 6 超出范围（界限 5），得 0 分"),
    (
        {"rule": "range", "low": "3", "high": "5", "zero_below": "-2"},
        "range",
        1,
        None,
        "15 ×（1 − (-2)）÷（3 − (-2)）= 9 分",
    ),
    (
        {"rule": "shortfall", "per": "5000", "points": "3"},
        "higher",
        42000,
        50000,
        "差额 = 50,000 − 42,000 = 8,000；8,000 ÷ 5,000，取整数部分为 1；扣 1 × 3 = 3 分；15 − 3 = 12 分",
    ),
    (
        {"rule": "shortfall", "per": "5000", "points": "3", "units": "started"},
        "higher",
        42000,
        50000,
        "差额 = 50,000 − 42,000 = 8,000；8,000 ÷ 5,000，不足 1 的进为 1，为 2；扣 2 × 3 = 6 分；15 − 6 = 9 分",
    ),
    (
        {"rule": "shortfall", "per": "5000", "points": "3", "units": "exact"},
        "higher",
        42000,
        50000,
        "差额 = 50,000 − 42,000 = 8,000；8,000 ÷ 5,000 = 1.6；扣 1.6 × 3 = 4.8 分；15 − 4.8 = 10.2 分",
    ),
    ({"rule": "shortfall", "per": "5", "points": "3"}, "higher", 6, 5, "6 ≥ 5，达到目标；得满分 15 分"),
    (
        {"rule": "formula", "points": "weight * attainment - 1"},
        "higher",
        4,
        5,
        "得分 = 权重 × 达成率 - 1 = 15 × 0.8 - 1 = 11 分",
    ),
]


@pytest.mark.parametrize(("standard", "direction", "actual", "mark", "expected"), STEPS)
def test_every_step_is_told_with_its_numbers(
    standard: dict[str, Any], direction: str, actual: int, mark: int | None, expected: str
) -> None:
    values = {} if mark is None else {"target": mark}
    unit = "" if standard["rule"] == "bands" else "%"

    found = why(
        company(standard, of={"direction": direction, "unit": unit}, **values), cycle(E1, {("E1", "x"): actual})
    )

    assert found == expected


ROWS = [
    {"measure": "late", "points": "2"},
    {"measure": "orders", "per": "3", "points": "1", "name": "漏单"},
    {"measure": "returns", "steps": {"2": "1", "4": "3"}},
    {"measure": "visitors", "steps": {"2": "20"}},
]


def test_every_row_of_a_deduction_is_told() -> None:
    given = {"late": 1, "orders": 7, "returns": 5, "visitors": 0}
    numbers: dict[tuple[str, str], Given] = {("E1", key): value for key, value in given.items()}

    found = why(company({"rule": "deduction", "deduct": ROWS}), cycle(E1, numbers))

    assert found == (
        "迟到 1：扣 1 × 2 = 2 分；漏单 7，满 2 个 3：扣 2 × 1 = 2 分；退单量 5：达到“满 4”一档，扣 3 分；"
        "访客数 0：没有达到起扣标准，扣 0 分；15 − 7 = 8 分"
    )


def test_a_deduction_larger_than_the_item_ends_at_nothing() -> None:
    found = why(company({"rule": "deduction", "deduct": ROWS[:1]}), cycle(E1, {("E1", "late"): 9}))

    assert found == "迟到 9：扣 9 × 2 = 18 分；15 − 18 = -3，扣完为止，得 0 分"


def test_requirements_are_told_one_by_one() -> None:
    standard = {
        "rule": "all_or_nothing",
        "require": [{"measure": "orders", "at_least": "5"}, {"measure": "late", "at_most": "0"}],
    }

    found = why(company(standard), cycle(E1, {("E1", "orders"): 5, ("E1", "late"): 1}))

    assert found == "订单量 5，符合；迟到 1，不符合；得 0 分"


def test_ratings_are_told_with_their_weights() -> None:
    raters = {"manager": "0.7", "peer": {"weight": "0.3", "named": True}}
    rows = (rating(12), rating(9, relation="peer"))

    both = why(company({"rule": "rating"}, raters=raters), cycle(E1, ratings={("E1", "x"): rows}))
    one = why(company({"rule": "rating"}, raters=raters), cycle(E1, ratings={("E1", "x"): rows[:1]}))

    assert both == "（上级 12 × 0.7 + 同事 9 × 0.3）÷ 1 = 11.1 分"
    assert one == "上级评分 12 分"


def test_a_rounded_item_says_so() -> None:
    month = cycle(E1, {("E1", "x"): "12.25"})

    found = why(company({**STRAIGHT, "full": "15"}, rounding={"at": "item"}), month)

    assert found == "15 ×（12.25 − 0）÷（15 − 0）= 12.25 分；12.25 四舍五入到 1 位小数，得 12.3 分"


def extra_reason(extra: Mapping[str, Any], **numbers: Given) -> str:
    found = card(
        company(STRAIGHT, extras=[{"indicator": "x", **extra}]),
        cycle(E1, {("E1", "x"): 0, **{("E1", key): value for key, value in numbers.items()}}),
    )
    [score] = found.spans[0].extras
    return reason(score, company(STRAIGHT), ZH)


def test_the_limits_of_an_extra_are_told() -> None:
    gain = {"standard": {"rule": "excess", "per": "5", "points": "3"}, "target": -20, "max": 10}
    none = {"standard": {"rule": "excess", "per": "5", "points": "3"}, "target": 20}
    loss = {"standard": {"rule": "deduction", "deduct": ROWS[:1]}, "min": -5}
    least = {"standard": {"rule": "excess", "per": "5", "points": "-3", "units": "exact"}, "target": -20, "min": -5}

    assert extra_reason(gain) == (
        "超出 = 0 − (-20) = 20；20 ÷ 5，取整数部分为 4；4 × 3 = 12 分；12 分超过上限，按 10 分计"
    )
    assert extra_reason(none) == "0 没有超过 20，得 0 分"
    assert extra_reason(loss, late=4) == "迟到 4：扣 4 × 2 = 8 分；0 − 8 = -8，扣完为止，得 -5 分"
    assert extra_reason(least).endswith("4 × (-3) = -12 分；-12 分低于下限，按 -5 分计")


# Missing numbers


def missing(
    gap: Gap = Gap.NOT_GIVEN, subject: str = "E1", key: str = "orders", owner: str = "shop", **values: Any
) -> str:
    text = missing_text(Missing(subject, key, owner, OCTOBER, gap=gap, **values), company(STRAIGHT), ZH)
    english = missing_text(Missing(subject, key, owner, OCTOBER, gap=gap, **values), company(STRAIGHT), EN)
    assert english != text
    return text


def test_a_missing_number_says_who_owes_it() -> None:
    assert missing() == "缺少订单量（E1，2026-10），应由Shop提供"
    assert missing(subject="shop") == "缺少订单量（Shop，2026-10），应由Shop提供"
    assert missing(subject=COMPANY, owner="") == "缺少订单量（Acme，2026-10）"
    assert missing(Gap.NO_CYCLE) == "缺少订单量（E1）：没有 2026-10 这个周期的数据"
    assert missing(Gap.NO_TARGET, key="x", owner="") == "转化率（E1）没有目标值"
    assert missing(Gap.NOT_RATED, key="x", owner="") == "转化率（E1，2026-10）还没有有效评分"


def test_a_number_set_aside_says_why_and_where() -> None:
    text = missing(Gap.SET_ASIDE, set_aside=aside("E1", "orders"))

    assert text.startswith("订单量（E1，2026-10）已提交但被搁置：")
    assert text.endswith("（scorecards/2026-10/actuals/shop.csv:7，原文“abc”）")


def test_a_division_by_zero_names_what_was_zero() -> None:
    month = cycle(E1, {("E1", "orders"): 3, ("E1", "visitors"): 0})

    found = why(company(STRAIGHT, of=CONVERSION, missing="zero"), month)

    assert found == "转化率（E1，2026-10）无法计算：访客数 为 0，不能作除数；没有数据，按 0 分计"


def test_growth_over_zero_names_the_previous_number() -> None:
    growth = company(STRAIGHT, of={"formula": "(orders - previous.orders) / previous.orders * 100"}, missing="exclude")
    before = cycle(E1, {("E1", "orders"): 0}, period="2026-09")

    found = why(growth, cycle(E1, {("E1", "orders"): 3}), before)

    assert found == "转化率（E1，2026-10）无法计算：上期订单量 为 0，不能作除数；没有数据，本项不计，其余各项按权重折算"
