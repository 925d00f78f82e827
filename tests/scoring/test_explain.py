"""Derivations: every line can be followed with a pocket calculator, in both languages."""

from collections.abc import Mapping
from typing import Any

import pytest
from gmpy2 import mpq

from kpibook.base.problems import Place
from kpibook.base.words import words
from kpibook.model import COMPANY, Catalog, Cycle, Reading
from kpibook.scoring import score
from kpibook.scoring.explain import (
    explain_card,
    item_lines,
    missing_text,
    pay_lines,
    reason,
    rule_sentence,
    source_text,
    total_lines,
)
from kpibook.scoring.results import Card, Gap, ItemScore, Missing, Source
from making import (
    OCTOBER,
    Given,
    adjustment,
    aside,
    catalog,
    cycle,
    indicator,
    item,
    measure,
    person,
    place,
    rating,
    role,
    target,
)

ZH, EN = words("zh"), words("en")
E1 = (person("E1"),)
STRAIGHT = {"rule": "linear", "zero": "0", "full": "100"}


def company(standard: Mapping[str, Any], *, of: Mapping[str, Any] | None = None, **values: Any) -> Catalog:
    settings = {
        key: values.pop(key) for key in ("missing", "rounding", "raters", "eligibility", "rank") if key in values
    }
    parts = {key: values.pop(key) for key in ("extras", "gates", "pay") if key in values}
    return catalog(
        [role("clerk", [item("x", 15, standard, **values)], **parts)],
        [
            indicator("x", **{"name": "转化率", "unit": "%", **(of or {})}),
            indicator("rate", name="退货率", formula="returns / orders"),
        ],
        [
            measure("orders", name="订单量", unit="单"),
            measure("visitors", name="访客数", unit="人"),
            measure("returns", name="退单量", unit="单"),
            measure("late", name="迟到", unit="次"),
        ],
        **settings,
    )


def card(catalog: Catalog, cycle: Cycle, *history: Cycle) -> Card:
    return score(catalog, cycle, {each.period: each for each in history}).cards[0]


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


# Sources


def source(**values: Any) -> Source:
    return Source(**{"subject": "E1", "scope": "", "key": "orders", "value": mpq(1234), **values})


def test_a_source_names_file_line_and_raw_text() -> None:
    given = Reading(mpq(1234), place(12), " 1,234\n单 ")

    assert source_text(source(readings=(given,)), company(STRAIGHT), ZH) == (
        "订单量 1,234 单（scorecards/2026-10/actuals/shop.csv:12，原文“1,234 单”）"
    )


def test_a_source_in_a_workbook_names_its_cell() -> None:
    given = Reading(mpq(1), Place("scorecards/2026-10/actuals/a.xlsx", 7, 2, "Sheet1!B7"), "x" * 100)

    text = source_text(source(readings=(given,)), company(STRAIGHT), EN)

    assert text == f"订单量 1,234 单 (scorecards/2026-10/actuals/a.xlsx!Sheet1!B7, written “{'x' * 59}…”)"


def test_many_rows_are_told_by_their_lines() -> None:
    readings = tuple(
        Reading(mpq(1), place(line, file), "1")
        for file, line in (("b.csv", 9), ("a.csv", 2), ("a.csv", 3), ("a.csv", 7))
    )
    whole = Reading(mpq(1), Place("c.csv"), "1")

    text = source_text(source(scope="department", readings=(*readings, whole)), company(STRAIGHT), ZH)

    assert (
        text == "部门订单量 1,234 单（5 个数据合计：c.csv, scorecards/2026-10/a.csv:2-3,7, scorecards/2026-10/b.csv:9）"
    )
    assert source_text(source(scope="department", readings=(*readings, whole)), company(STRAIGHT), ZH) == text


def test_a_computed_source_names_its_parts() -> None:
    part = source(key="returns", value=mpq(3), readings=(Reading(mpq(3), place(2), "3"),))
    other = source(value=mpq(10), scope="previous", readings=(Reading(mpq(10), place(3), "10"),))

    text = source_text(source(key="rate", value=mpq("0.3"), readings=(), parts=(part, other)), company(STRAIGHT), ZH)

    assert text == (
        "退货率 0.3（由退单量 3 单（scorecards/2026-10/actuals/shop.csv:2，原文“3”）、"
        "上期订单量 10 单（scorecards/2026-10/actuals/shop.csv:3，原文“10”）算得）"
    )


# Totals and pay


def sheet(**values: Any) -> Catalog:
    return catalog(
        [
            role(
                "clerk",
                [item("x", 60, {**STRAIGHT, "full": "60"}), item("y", 40, {**STRAIGHT, "full": "40"})],
                **values.pop("parts", {}),
            )
        ],
        [indicator("x"), indicator("y")],
        [measure("late", name="迟到"), measure("sales", name="销售额")],
        **values,
    )


def month(x: Given = 50, y: Given | None = "29.95", **values: Any) -> Cycle:
    numbers: dict[tuple[str, str], Given] = {("E1", "x"): x, ("E1", "late"): 1}
    if y is not None:
        numbers["E1", "y"] = y
    return cycle(E1, numbers, **values)


def test_the_total_is_added_rounded_and_graded() -> None:
    found = total_lines(card(sheet(), month()), sheet(), ZH)

    assert found == (
        "各项得分合计：50 + 29.95 = 79.95",
        "79.95 四舍五入到 1 位小数，总分 80.0",
        "总分 80.0 达到 80 分，等级 B",
        "同岗位排名第 1，共 1 人",
    )


def test_a_total_of_many_parts_is_told_in_order() -> None:
    gates = [{"when": "late > 0", "total_at_most": "59", "name": "事故"}, {"when": "late > 0", "grade_at_most": "D"}]
    extras = [{"indicator": "x", "standard": {"rule": "excess", "per": "10", "points": "-3"}, "target": 30}]
    whole = sheet(missing="exclude", parts={"gates": gates, "extras": extras})

    found = total_lines(card(whole, month(y=None, adjustments={"E1": (adjustment(-2),)})), whole, EN)

    assert found == (
        "items: 50 = 50",
        "by the weight that was measured: 50 × 100 ÷ 60 ≈ 83.3333",
        "with extras: 83.3333 + (-6) ≈ 77.3333",
        "with adjustments: 77.3333 + (-2) ≈ 75.3333",
        "75.33333333 rounded half-up to decimal place 1: total 75.3",
        "事故: the total 75.3 counts as 59 at most",
        "the total 59.0 reaches 0: grade D",
        "rank in the role: 1 of 1",
    )


def test_a_gate_without_a_name_is_told_by_its_condition() -> None:
    whole = sheet(parts={"gates": [{"when": "late > 0", "grade_at_most": "D"}]})

    found = total_lines(card(whole, month()), whole, ZH)

    assert "迟到 > 0：等级最高为 D" in found


def test_a_withheld_total_says_what_is_missing() -> None:
    found = total_lines(card(sheet(), month(y=None)), sheet(), ZH)

    assert found == ("数据不全，暂不出总分：", "缺少y（E1，2026-10），应由Shop提供")


def test_a_total_withheld_by_an_unusable_target_says_so() -> None:
    whole = company({"rule": "proportional"}, target=0)

    found = total_lines(card(whole, cycle(E1, {("E1", "x"): 5})), whole, ZH)

    assert found == ("有数据未被采用，暂不出总分：", "转化率：目标值为 0，无法计算达成率，本项不能评分")


def test_a_transfer_is_told_slice_by_slice() -> None:
    guard = role("guard", [item("y", 100, STRAIGHT)], name="保安")
    whole = catalog([*company(STRAIGHT).roles.values(), guard], [indicator("x"), indicator("y")])
    first = person("E1", last_day=OCTOBER.first_day)
    rows = (first, person("E1", "guard", first_day=OCTOBER.first_day.replace(day=2)))

    found = card(whole, cycle(rows, {("E1", "x"): 100, ("E1", "y"): 80}))

    assert total_lines(found, whole, ZH)[:6] == (
        "clerk（1 天）：",
        "各项得分合计：15 = 15",
        "保安（30 天）：",
        "各项得分合计：80 = 80",
        "按天数加权：（15 × 1 + 80 × 30）÷ 31 ≈ 77.9032",
        "77.90322581 四舍五入到 1 位小数，总分 77.9",
    )


PAY = [
    {"name": "奖金", "formula": "total / 100 * 900 / 7", "when": "total >= 80"},
    {"name": "提成", "formula": "sales * 0.01"},
    {"name": "系数奖", "formula": "factor * 100"},
]


def test_pay_is_told_with_its_formula_and_numbers() -> None:
    whole = sheet(parts={"pay": PAY})

    found = pay_lines(card(whole, month()), whole, ZH)

    assert found == (
        "奖金 = 总分 ÷ 100 × 900 ÷ 7",
        "条件 总分 ≥ 80 成立：80 ≥ 80",
        "80 ÷ 100 × 900 ÷ 7 ≈ 102.8571",
        "102.85714286 四舍五入到 2 位小数，为 102.86",
        "奖金：¥102.86",
        "提成 = 销售额 × 0.01",
        "缺少销售额（E1，2026-10），应由Shop提供",
        "提成：暂不能计算",
        "系数奖 = 等级系数 × 100",
        "要等总分或等级系数确定后才能计算",
        "系数奖：暂不能计算",
    )


def test_pay_below_its_line_is_zero_and_says_so() -> None:
    whole = sheet(parts={"pay": PAY[:1]})

    found = pay_lines(card(whole, month(x="49.9")), whole, ZH)

    assert found[1:] == ("条件 总分 ≥ 80 不成立：79.9 ≥ 80，金额为 0", "奖金：¥0.00")


def test_a_negative_amount_keeps_its_sign() -> None:
    whole = sheet(parts={"pay": [{"name": "扣款", "formula": "0 - 1234.5"}]})

    assert pay_lines(card(whole, month()), whole, EN)[-1] == "扣款: -¥1,234.50"


# Whole cards


def test_a_whole_card_is_told_for_the_terminal() -> None:
    gates = [{"when": "late > 5", "grade_at_most": "D", "name": "纪律"}]
    extras = [{"indicator": "x", "standard": {"rule": "excess", "per": "10", "points": "1"}, "target": 30}]
    whole = sheet(parts={"gates": gates, "extras": extras, "pay": PAY[1:2]})

    text = explain_card(card(whole, month(adjustments={"E1": (adjustment(2),)})), whole, ZH)

    assert (
        text
        == """\
Name E1（E1） clerk Shop

1. x：50 分（权重 60）
    标准：达到 60 得 60 分，不超过 0 得 0 分；两者之间从 0 起按直线比例得分。
    实际值：50
    60 ×（50 − 0）÷（60 − 0）= 50 分
    来源：x 50（scorecards/2026-10/actuals/shop.csv:2，原文“50”）

2. y：29.95 分（权重 40）
    标准：达到 40 得 40 分，不超过 0 得 0 分；两者之间从 0 起按直线比例得分。
    实际值：29.95
    40 ×（29.95 − 0）÷（40 − 0）= 29.95 分
    来源：y 29.95（scorecards/2026-10/actuals/shop.csv:4，原文“29.95”）

3. x：2 分（加减分项）
    标准：超出目标 30 的部分，每 10加 1 分（不足 10的部分不计）。
    实际值：50
    目标：30（岗位目标，handbook/roles/clerk.yml:20）
    超出 = 50 − 30 = 20
    20 ÷ 10，取整数部分为 2
    2 × 1 = 2 分
    来源：x 50（scorecards/2026-10/actuals/shop.csv:2，原文“50”）

总分 84.0，等级 B，数据完整率 100%，已评分
    调整前 82.0 分，调整 +2 分
    调整 +2 分：helped out（批准：E9，scorecards/2026-10/adjustments.csv:2）
    纪律：迟到 > 5（迟到 1（scorecards/2026-10/actuals/shop.csv:3，原文“1”）），不成立
    各项得分合计：50 + 29.95 = 79.95
    加上加减分项：79.95 + 2 = 81.95
    加上调整：81.95 + 2 = 83.95
    83.95 四舍五入到 1 位小数，总分 84.0
    总分 84.0 达到 80 分，等级 B
    同岗位排名第 1，共 1 人

薪酬
    提成 = 销售额 × 0.01
    缺少销售额（E1，2026-10），应由Shop提供
    提成：暂不能计算
"""
    )


def test_one_indicator_is_told_alone() -> None:
    text = explain_card(card(sheet(), month()), sheet(), EN, "y")

    assert text.splitlines()[2] == "1. y: 29.95 of 40 points"
    assert "Total" not in text


def test_an_indicator_that_is_not_on_the_card_is_named() -> None:
    assert explain_card(card(sheet(), month()), sheet(), EN, "z").splitlines()[1:] == [
        "the scorecard has no indicator z"
    ]


def test_ratings_stand_below_their_item() -> None:
    rows = (rating(12), rating(9, relation="peer"))
    commented = rows[0].__class__(rows[0].relation, "E9", rows[0].place, "12", mpq(12), comment="good\nwork")
    whole = company({"rule": "rating"}, raters={"manager": 1, "peer": {"named": True}})

    text = explain_card(card(whole, cycle(E1, ratings={("E1", "x"): (commented, rows[1])})), whole, ZH)

    assert "    评分：上级 E9 “12”（scorecards/2026-10/ratings.csv:2）：good work\n" in text
    assert "    评分：同事 E9 “9”（scorecards/2026-10/ratings.csv:2）\n" in text


def test_a_card_without_a_total_says_so() -> None:
    whole = sheet(parts={"gates": [{"when": "sales > 5", "grade_at_most": "D"}]})

    text = explain_card(card(whole, month(y=None)), whole, EN)

    assert "2. y: missing (weight 40)\n" in text
    assert "Total —, grade —, coverage 60%, missing\n" in text
    assert "    销售额 > 5: cannot be decided, numbers are missing\n" in text


def test_who_was_absent_for_too_long_reads_why() -> None:
    whole = sheet(eligibility={"max_absent_days": 60})
    people = [person("E1", numbers={"absent_days": mpq(61)})]

    found = card(whole, cycle(people))

    assert reason(found.spans[0].items[0], whole, ZH) == "缺勤 61 天，超过 60 天，不参加本期考核"
    assert total_lines(found, whole, EN) == ("absent for 61 days, more than 60: not appraised in this cycle",)


def test_a_role_that_is_only_described_reads_so() -> None:
    whole = catalog([role("clerk", [item("x", None, STRAIGHT)])], [indicator("x")])

    found = card(whole, cycle(E1))

    assert reason(found.spans[0].items[0], whole, EN) == "this role's indicators are described only, not scored"


def test_a_transfer_names_the_role_of_each_item() -> None:
    guard = role("guard", [item("y", 100, STRAIGHT)], name="保安")
    whole = catalog([*company(STRAIGHT).roles.values(), guard], [indicator("x"), indicator("y")])
    first = person("E1", last_day=OCTOBER.first_day)

    text = explain_card(card(whole, cycle((first, person("E1", "guard", first_day=OCTOBER.last_day)))), whole, ZH)

    assert "1. x：缺数据（权重 15）（clerk）\n" in text


def test_an_item_without_a_rule_has_no_sentence() -> None:
    whole = company(STRAIGHT)

    assert rule_sentence(whole.roles["clerk"].items[0].model_copy(update={"standard": None}), whole, ZH) == ""


def test_the_same_score_is_told_the_same_way() -> None:
    [found] = card(company(STRAIGHT), cycle(E1, {("E1", "x"): 5})).spans[0].items

    assert isinstance(found, ItemScore)
    assert reason(found, company(STRAIGHT), EN) == "15 × (5 − 0) ÷ (100 − 0) = 0.75 points"
