"""The pages of roles and indicators: what can be reached, formulas in words, forms, past cycles."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
import yaml

from handbook_made import a_catalog, a_role, an_indicator, pages_of
from kpibook.model import Catalog, Company, Department, Grade, Indicator, Measure, Role
from kpibook.pages.handbook.rendering import HandbookFacts

HOSTILE = '<script>|"\n--8<-- "x" {{ y }} {: z }'


def the_shop(role: Role, *indicators: Indicator) -> Catalog:
    return a_catalog(
        departments={"shop": Department.build(id="shop", name="门店")},
        indicators={indicator.id: indicator for indicator in indicators},
        roles={role.id: role},
    )


@pytest.mark.parametrize(
    ("standard", "extras", "expected"),
    [
        ({"rule": "proportional"}, [], "满分 100 分。"),
        ({"rule": "proportional", "cap": "120"}, [], "满分 120 分：权重合计 100 分，其余来自超额完成和加分。"),
        ({"rule": "proportional"}, [{"max": "5"}], "满分 105 分：权重合计 100 分，其余来自超额完成和加分。"),
        (
            {"rule": "proportional", "cap": "120"},
            [{"max": "5", "min": "-3"}],
            "满分 125 分：权重合计 100 分，其余来自超额完成和加分。",
        ),
        ({"rule": "proportional"}, [{}], "权重合计 100 分，另有不封顶的加分。"),
    ],
)
def test_a_role_tells_the_most_that_can_be_reached(
    standard: dict[str, str], extras: list[dict[str, str]], expected: str
) -> None:
    item = {"indicator": "sales", "weight": "100", "target": "10", "standard": standard}
    excess = {"indicator": "sales", "target": "10", "standard": {"rule": "excess", "per": "1", "points": "1"}}
    role = a_role(scorecard=[{"section": "业绩", "items": [item]}], extras=[{**excess, **limits} for limits in extras])

    page = pages_of(the_shop(role, an_indicator()))["roles/clerk.md"]

    assert f"\n{expected}\n" in page


@pytest.mark.parametrize(("language", "expected"), [("zh", "卷面 25 分"), ("en", "25 marks")])
def test_items_that_share_the_weight_of_their_section_are_worth_marks_and_no_points(
    language: str, expected: str
) -> None:
    item = {"indicator": "sales", "marks": "25", "target": "10", "standard": {"rule": "proportional"}}
    role = a_role(scorecard=[{"section": "业绩", "weight": "100", "items": [item]}])

    page = pages_of(the_shop(role, an_indicator()), language=language)["roles/clerk.md"]

    assert f'kpi-marks">{expected}<i' in page


def test_hostile_names_stay_text_on_every_page() -> None:
    role = a_role(
        name=HOSTILE,
        purpose=HOSTILE,
        by=HOSTILE,
        note=HOSTILE,
        authority=[HOSTILE],
        duties=[{"name": HOSTILE, "content": HOSTILE, "requirement": HOSTILE, "note": HOSTILE}],
        qualifications={"education": HOSTILE, "skills": [HOSTILE, HOSTILE]},
        scorecard=[{"section": HOSTILE, "note": HOSTILE, "items": [{"indicator": "sales", "note": HOSTILE}]}],
        gates=[{"when": "total < 1", "name": HOSTILE, "note": HOSTILE, "grade_at_most": HOSTILE}],
        pay=[{"name": HOSTILE, "formula": "1", "note": HOSTILE}],
    )
    indicator = an_indicator(name=HOSTILE, definition=HOSTILE, unit=HOSTILE, perspective=HOSTILE, source=HOSTILE)
    catalog = replace(
        the_shop(role, indicator),
        company=Company.build(name=HOSTILE, language="zh", intro=HOSTILE, note=HOSTILE),
        departments={"shop": Department.build(id="shop", name=HOSTILE, head="clerk", purpose=HOSTILE, note=HOSTILE)},
        grades=(Grade.build(id=HOSTILE, name=HOSTILE, from_="0", note=HOSTILE, consequences={"pay": HOSTILE}),),
    )

    pages = pages_of(catalog)

    for path, page in pages.items():
        body = page.split("\n---\n", 1)[1]
        assert "<script" not in body, path
        assert "--8<--" not in body, path
        assert "{{" not in body, path
        assert "{:" not in body, path


def test_a_role_without_approval_says_so() -> None:
    pages = pages_of(the_shop(a_role()))

    assert '<span class="kpi-chip kpi-chip--warn">草稿：尚未批准，仅供讨论</span>' in pages["roles/clerk.md"]


def test_shares_that_leave_a_gap_name_it() -> None:
    role = a_role(duties=[{"name": "销售", "share": "60"}, {"name": "盘点"}])

    page = pages_of(the_shop(role))["roles/clerk.md"]

    assert "各项职责占用时间合计 60%，距 100% 还差 40%，尚未分配。" in page
    assert "| 盘点 | — |" in page


def test_duties_without_any_share_have_no_column_for_it() -> None:
    page = pages_of(the_shop(a_role(duties=[{"name": "销售"}])))["roles/clerk.md"]

    assert "| 销售 |\n" in page
    assert "占用时间" not in page


def test_a_scorecard_without_weights_is_described_only() -> None:
    role = a_role(scorecard=[{"section": "业绩", "items": [{"indicator": "sales"}]}])

    pages = pages_of(the_shop(role, an_indicator()))

    assert "这些指标只作描述，没有权重，不计算得分。" in pages["roles/clerk.md"]
    assert "满分" not in pages["roles/clerk.md"]
    assert "kpi-shares" not in pages["roles/clerk.md"]


def test_a_role_without_indicators_has_no_forms() -> None:
    pages = pages_of(the_shop(a_role()))

    assert "sheets/clerk.md" not in pages
    assert "打印" not in pages["roles/clerk.md"]


def test_forms_stay_out_of_the_search() -> None:
    role = a_role(scorecard=[{"section": "业绩", "items": [{"indicator": "sales"}]}])

    sheet = pages_of(the_shop(role, an_indicator()))["sheets/clerk.md"]

    assert yaml.safe_load(sheet.split("---\n")[1])["search"] == {"exclude": True}


def test_a_described_only_scorecard_keeps_its_rules_in_words() -> None:
    item = {"indicator": "sales", "target": "100", "standard": {"rule": "proportional"}}
    role = a_role(scorecard=[{"section": "业绩", "items": [item]}])

    page = pages_of(the_shop(role, an_indicator()))["roles/clerk.md"]

    assert "kpi-curve" not in page


def test_an_indicator_that_is_rated_names_no_supplier() -> None:
    item = {"indicator": "manner", "weight": "100", "standard": {"rule": "rating"}}
    role = a_role(scorecard=[{"section": "态度", "items": [item]}])

    pages = pages_of(the_shop(role, an_indicator("manner", name="态度", owner="shop")))

    assert "没有公式：由评分人按评分标准给分。" in pages["indicators/manner.md"]
    assert "所需数据" not in pages["indicators/manner.md"]
    assert "态度" not in pages["measures.md"]


def test_an_indicator_without_a_formula_is_supplied_by_its_owner() -> None:
    pages = pages_of(the_shop(a_role(), an_indicator(owner="shop", accumulate="last")))

    assert "没有公式：直接采用所提供的数据。" in pages["indicators/sales.md"]
    assert "没有岗位页列出这个指标。" in pages["indicators/sales.md"]
    assert (
        "| [销售额](indicators/sales.md) | 元 |  | 每月 | 取最后一个月 | [销售额](indicators/sales.md) |"
        in (pages["measures.md"])
    )


def test_measures_that_a_rule_counts_are_named_with_their_indicator() -> None:
    item = {
        "indicator": "complaints",
        "weight": "100",
        "standard": {"rule": "deduction", "deduct": [{"measure": "cases", "points": "5"}]},
    }
    role = a_role(scorecard=[{"section": "服务", "items": [item]}])
    catalog = replace(
        the_shop(role, an_indicator("complaints", name="投诉", direction="lower")),
        measures={"cases": Measure.build(id="cases", name="投诉次数", unit="次", owner="shop")},
    )

    pages = pages_of(catalog)

    assert "| 投诉次数 | 次 |  | 每月 | 相加 | [投诉](indicators/complaints.md) |" in pages["measures.md"]
    assert "| 投诉次数 | 次 | 门店 |  | 每月 | 相加 | [投诉](complaints.md) |" in pages["indicators/complaints.md"]


def test_a_formula_reads_in_words_with_its_scopes() -> None:
    catalog = replace(
        the_shop(a_role(), an_indicator("growth", name="增长率", formula="(sales - previous.sales) / previous.sales")),
        measures={"sales": Measure.build(id="sales", name="销售额", unit="元", owner="shop")},
    )

    page = pages_of(catalog)["indicators/growth.md"]

    assert "**增长率 = (销售额 &#45; 上期销售额) ÷ 上期销售额**" in page


def test_an_indicator_names_what_its_comparisons_tell() -> None:
    sales = an_indicator(compares=[{"when": "sales < previous.sales", "says": "比上期少"}])

    page = pages_of(a_catalog(indicators={"sales": sales}))["indicators/sales.md"]

    assert "- 销售额 &#60; 上期销售额：比上期少\n" in page


def test_a_pay_line_that_shares_a_pool_says_how() -> None:
    pay = [
        {"name": "提成", "pool": "company.sales * 0.005", "among": "department", "by": "total", "when": "total >= 60"}
    ]

    page = pages_of(the_shop(a_role(pay=pay), an_indicator()))["roles/clerk.md"]

    assert "提成 = 全公司销售额 × 0.005，本部门内按“总分”分配<br><small>总分不低于 60，否则为 0</small>\n" in page


def test_the_examples_of_a_rule_stand_below_it() -> None:
    standard = {"rule": "proportional", "examples": [{"actual": "28", "points": "12", "note": "原文"}]}
    items = [{"indicator": "sales", "weight": "15", "target": "35", "standard": standard}]
    role = a_role(scorecard=[{"section": "业绩", "items": items}])

    page = pages_of(the_shop(role, an_indicator()))["roles/clerk.md"]

    assert "<br><small>例：实际值 28 元，得 12 分（原文）</small>" in page


@pytest.mark.parametrize(
    ("rule", "own", "expected"),
    [
        ({"rule": "excess", "per": "10", "points": "1"}, {}, "35 元"),
        ({"rule": "excess", "per": "10", "points": "1"}, {"target": "50"}, "50 元"),
        ({"rule": "deduction", "deduct": [{"measure": "losses", "points": "1"}]}, {}, "·"),
    ],
)
def test_an_extra_without_a_target_shows_that_of_the_item_by_which_it_is_judged(
    rule: Mapping[str, object], own: Mapping[str, str], expected: str
) -> None:
    items = [{"indicator": "sales", "weight": "15", "target": "35", "standard": {"rule": "proportional"}}]
    extra = {"indicator": "sales", "standard": rule, "max": "5", **own}
    role = a_role(scorecard=[{"section": "业绩", "items": items}], extras=[extra])

    page = pages_of(the_shop(role, an_indicator()))["roles/clerk.md"]

    [row] = [line for line in page.splitlines() if "最多 &#43;5 分" in line and line.startswith("|")]
    assert f" | {expected} | " in row


def test_an_indicator_shared_with_many_names_some_and_leads_to_all() -> None:
    card = [{"section": "业绩", "items": [{"indicator": "sales"}]}]
    roles = {f"r{n:02d}": a_role(id=f"r{n:02d}", name=f"岗位{n}", scorecard=card) for n in range(15)}

    page = pages_of(a_catalog(roles=roles, indicators={"sales": an_indicator()}))["roles/r00.md"]

    assert "、[岗位12](r12.md)、[等共 14 个](../indicators/sales.md#uses)\n" in page


def test_those_who_are_scored_alike_share_a_row_of_the_indicator() -> None:
    def card(weight: str) -> list[dict[str, object]]:
        item = {"indicator": "sales", "weight": weight, "target": "10", "standard": {"rule": "all_or_nothing"}}
        return [{"section": "业绩", "items": [item]}]

    weights = {"a": "30", "b": "40", "c": "30"}
    roles = {key: a_role(id=key, name=f"岗位{key}", scorecard=card(weight)) for key, weight in weights.items()}

    page = pages_of(a_catalog(roles=roles, indicators={"sales": an_indicator()}))["indicators/sales.md"]

    told = (re.sub("<[^>]*>|&#32;", "", line) for line in page.splitlines() if line.startswith("| [岗位"))
    rows = [line.split(" | ")[:2] for line in told]
    assert rows == [["| [岗位a](../roles/a.md)、[岗位c](../roles/c.md)", "30分"], ["| [岗位b](../roles/b.md)", "40分"]]


def test_a_role_shows_the_line_up_to_the_top_and_who_reports_to_it() -> None:
    above = {"a": None, "b": "a", "c": "b", "d": "c"}
    roles = {key: a_role(id=key, name=f"岗位{key}", reports_to=up) for key, up in above.items()}

    pages = pages_of(a_catalog(roles=roles))

    assert "- **向谁汇报** [岗位a](a.md) → [岗位b](b.md) → [岗位c](c.md)\n" in pages["roles/d.md"]
    assert "- **直接下级** [岗位c](c.md)\n" in pages["roles/b.md"]
    assert "- **向谁汇报** [岗位a](a.md)\n" in pages["roles/b.md"]
    assert "向谁汇报" not in pages["roles/a.md"]


def test_roles_that_report_in_a_circle_end_where_it_closes() -> None:
    roles = {key: a_role(id=key, name=key, reports_to=up) for key, up in {"a": "b", "b": "c", "c": "b"}.items()}

    assert "- **向谁汇报** [c](c.md) → [b](b.md)\n" in pages_of(a_catalog(roles=roles))["roles/a.md"]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, "1月"),
        (12, "、".join(f"{month}月" for month in range(12, 0, -1))),
        (13, "、".join(f"{month}月" for month in range(13, 1, -1)) + "……从1月起共 13 个"),
    ],
)
def test_an_indicator_names_the_latest_cycles_that_used_it_and_counts_the_others(count: int, expected: str) -> None:
    made = the_shop(a_role(), an_indicator(), an_indicator("orders"))
    used = {"sales": tuple(f"{month}月" for month in range(1, count + 1))}

    pages = pages_of(made, known=HandbookFacts(used=used))

    assert f"\n**用过这个指标的周期**：{expected}\n" in pages["indicators/sales.md"]
    assert "用过这个指标的周期" not in pages["indicators/orders.md"]


def test_an_indicator_names_those_below_that_serve_it() -> None:
    items = [{"indicator": "orders", "supports": "sales"}, {"indicator": "visits", "supports": "sales"}]
    role = a_role(scorecard=[{"section": "业绩", "items": items}])
    made = the_shop(role, an_indicator(), an_indicator("orders", name="订单"), an_indicator("visits", name="到店"))

    pages = pages_of(made)

    assert "\n**承接这个指标的下级指标**：[订单](orders.md)、[到店](visits.md)\n" in pages["indicators/sales.md"]
    assert "承接这个指标的下级指标" not in pages["indicators/orders.md"]


def test_what_is_only_to_draw_on_serves_nobody() -> None:
    role = a_role(scorecard=[{"section": "业绩", "items": [{"indicator": "orders", "supports": "sales"}]}])
    made = the_shop(role, an_indicator(), an_indicator("orders"))
    apart = replace(made, departments={"shop": Department.build(id="shop", name="门店", reference="true")})

    assert "承接这个指标的下级指标" in pages_of(made)["indicators/sales.md"]
    assert "承接这个指标的下级指标" not in pages_of(apart)["indicators/sales.md"]
