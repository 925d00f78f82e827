"""Derivations of totals, pay and whole cards; sources of numbers."""

from typing import Any

from gmpy2 import mpq

from derivations import E1, EN, STRAIGHT, ZH, card, company, month
from kpibook.base.problems import Place
from kpibook.model import Catalog, Reading
from kpibook.scoring.explain import (
    explain_card,
    pay_lines,
    reason,
    rule_sentence,
    source_text,
    total_lines,
)
from kpibook.scoring.results import ItemScore
from kpibook.scoring.sources import Source
from making import (
    OCTOBER,
    adjustment,
    catalog,
    cycle,
    indicator,
    item,
    measure,
    person,
    place,
    rating,
    role,
)

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


def test_the_total_is_added_rounded_and_graded() -> None:
    found = total_lines(card(sheet(), month()), sheet(), ZH)

    assert found == (
        "各项得分合计：50 + 29.95 = 79.95",
        "79.95 四舍五入到 1 位小数，总分 80.0",
        "总分 80.0 达到 80 分，等级 B",
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
    标准：超出目标 30 的部分，每 10 加 1 分（不足 10 的部分不计）。
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
