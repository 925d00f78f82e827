"""The page of a role with job levels: the scorecard of each level, side by side."""

from handbook_made import a_catalog, a_role, an_indicator, pages_of
from kpibook.model import Department, Indicator

LEVELS = [
    {"id": "P1", "name": "初级", "items": [{"indicator": "sales", "target": {"month": "80", "quarter": "250"}}]},
    {"id": "P2|x", "items": [{"indicator": "sales", "weight": "60"}], "note": "<b>带人</b>"},
]


def page() -> str:
    full = {"rule": "proportional"}
    items = [
        {"indicator": "sales", "weight": "100", "target": "100", "standard": full},
        {"indicator": "coach", "weight": "40", "target": "5", "standard": full, "levels": ["P2|x"]},
    ]
    excess = {"rule": "excess", "per": "1", "points": "1"}
    extras = [{"indicator": "sales", "target": "10", "max": "5", "standard": excess, "levels": ["P1"]}]
    role = a_role(scorecard=[{"section": "业绩", "items": items}], extras=extras, levels=LEVELS)
    coach = Indicator.build(id="coach", name="带教", unit="次", direction="higher")
    catalog = a_catalog(
        departments={"shop": Department.build(id="shop", name="门店")},
        indicators={"sales": an_indicator(), "coach": coach},
        roles={role.id: role},
    )
    return pages_of(catalog)["roles/clerk.md"]


def test_each_level_has_a_column_with_weight_and_target() -> None:
    lines = page().splitlines()

    at = next(number for number, line in enumerate(lines) if "P1 初级" in line and line.startswith("|"))
    head, _, *rows = lines[at : at + 5]
    assert head == "| 指标 | P1 初级 | P2&#124;x |"
    assert [row.partition(" | ")[2] for row in rows] == [
        "100 分，目标 每月 80 元、每季度 250 元 | 60 分，目标 100 元 |",
        "· | 40 分，目标 5 次 |",
        "10 元 | · |",
    ]
    assert "**P2&#124;x**：&#60;b&#62;带人&#60;&#47;b&#62;" in page()


def test_an_item_says_for_whom_it_is_and_the_most_is_told_level_by_level() -> None:
    assert "只适用于 P2&#124;x" in page()
    assert "P1 初级：满分 105 分：权重合计 100 分，其余来自超额完成和加分。 P2&#124;x：满分 100 分。" in page()
    assert "业绩（100 分）" in page()
