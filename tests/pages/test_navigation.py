"""The navigation of the handbook, and material to draw on in a section of its own."""

import re

import pytest

from handbook_made import a_catalog, a_role, an_indicator, pages_of
from kpibook.base.words import words
from kpibook.checking.lint import CODES
from kpibook.model import Catalog, Department
from kpibook.pages.handbook.navigation import handbook_nav


def test_the_navigation_groups_roles_by_department_and_indicators_by_perspective(shop: Catalog) -> None:
    pages = pages_of(shop, prose={"policies/b.md": "", "policies/index.md": "", "a.md": ""})

    say = words("zh")

    nav = handbook_nav(shop, say, pages)

    strict = ["guide/lint/index.md", *({say(f"lint.page.{code}.title"): f"guide/lint/{code}.md"} for code in CODES)]
    assert nav == [
        {"首页": "index.md"},
        {"岗位": ["roles/index.md", {"门店部": [{"茶艺师": "roles/barista.md"}, {"店长": "roles/shop-manager.md"}]}]},
        {
            "指标": [
                "indicators/index.md",
                {"财务": [{"个人销售额": "indicators/sales_volume.md"}]},
                {"客户": [{"成交率": "indicators/conversion.md"}, {"顾客投诉": "indicators/complaint_count.md"}]},
                {"其他": [{"工作态度": "indicators/attitude.md"}]},
                {"数据由谁提供": "measures.md"},
            ]
        },
        {
            "组织": [
                {"组织结构": "organisation.md"},
                {
                    "部门一览": [
                        "departments/index.md",
                        {"门店部": "departments/shop.md"},
                        {"支持部": "departments/support.md"},
                    ]
                },
                {"等级与结果": "grades.md"},
            ]
        },
        {"制度与表单": [{"周期日历": "calendar.md"}, "a.md", "policies/index.md", "policies/b.md"]},
        {
            "编写指南": [
                "guide/index.md",
                "guide/files.md",
                "guide/tables.md",
                "guide/rules.md",
                "guide/scores.md",
                "guide/cycles.md",
                "guide/after.md",
                "guide/form.md",
                "guide/serving.md",
                {"严格检查": strict},
            ]
        },
    ]


def test_pages_written_by_hand_stand_in_the_order_of_their_numbers(shop: Catalog) -> None:
    orders = {"policies/b.md": "20", "policies/index.md": "3", "a.md": "", "c.md": "0", "policies/d.md": "-1"}
    prose = {path: f"---\norder: {order}\n---\n" if order else "" for path, order in orders.items()}

    nav = handbook_nav(shop, words("zh"), pages_of(shop, prose=prose), prose)

    by_hand = ["policies/d.md", "c.md", "policies/index.md", "policies/b.md", "a.md"]
    assert {"制度与表单": [{"周期日历": "calendar.md"}, *by_hand]} in nav


def test_every_page_but_the_forms_stands_in_the_navigation(shop: Catalog) -> None:
    pages = pages_of(shop)

    named = re.findall(r"[\w/-]+\.md", str(handbook_nav(shop, words("zh"), pages)))

    assert sorted(named) == sorted(path for path in pages if not path.startswith("sheets/"))


def test_a_company_without_policies_has_the_calendar_alone(shop: Catalog) -> None:
    nav = handbook_nav(shop, words("zh"), pages_of(shop))

    assert {"制度与表单": [{"周期日历": "calendar.md"}]} in nav


@pytest.fixture
def with_reference() -> Catalog:
    departments = [
        Department.build(id="office", name="总部"),
        Department.build(id="shop", name="门店", parent="office", duties=[{"name": "卖货"}]),
        Department.build(id="posts", name="范本库", parent="office", reference="true"),
        Department.build(id="centre", name="中心范本", parent="posts", duties=[{"name": "甲"}, {"name": "乙"}]),
    ]
    card = [{"section": "业绩", "items": [{"indicator": "sales"}]}]
    model = [{"section": "业绩", "items": [{"indicator": "sales"}, {"indicator": "use"}]}]
    roles = [
        a_role(scorecard=card, reports_to="chief"),
        a_role(id="chief", name="经理", scorecard=card),
        a_role(id="model", name="店员范本", department="posts", scorecard=model, status="approved", by="某公司"),
    ]
    return a_catalog(
        departments={each.id: each for each in departments},
        roles={each.id: each for each in roles},
        indicators={"sales": an_indicator(), "use": an_indicator(id="use", name="利用率", unit="%")},
    )


def test_material_to_draw_on_stands_apart_from_the_company(with_reference: Catalog) -> None:
    pages = pages_of(with_reference)

    for path in ("organisation.md", "departments/index.md", "roles/index.md", "indicators/index.md"):
        own = pages[path].partition("---\n\n#")[2]
        assert "范本" not in own, path
        assert "利用率" not in own, path
        assert ("门店" in own) is (path != "indicators/index.md"), path
    assert "不属于公司的组织，没有人员" in pages["library.md"]
    assert "| [店员范本](roles/model.md) | 2 个指标 |" in pages["library.md"]
    assert "| [中心范本](departments/centre.md) | 2 项职责 |" in pages["library.md"]
    assert "| [利用率](indicators/use.md) | % |" in pages["library.md"]
    assert "[销售额]" not in pages["library.md"]
    assert "sheets/model.md" not in pages
    assert "sheets/clerk.md" in pages
    assert "公司 2 个部门、2 个岗位共用的一本规则" in pages["index.md"]
    assert "另有 1 个岗位范本，供设立岗位、修订考核表时参考：[范本库](library.md)" in pages["index.md"]
    assert "店员范本" not in pages["index.md"]
    assert "| [总部](office.md) | — | · | 0 |" in pages["departments/index.md"]
    assert "下级部门** [门店](shop.md)\n" in pages["departments/office.md"]
    assert "下级部门** [中心范本](centre.md)\n" in pages["departments/posts.md"]


def test_a_role_to_draw_on_says_so_and_is_nobodys_colleague(with_reference: Catalog) -> None:
    pages = pages_of(with_reference)

    assert '<span class="kpi-chip">范本：只供参考，不是公司的岗位</span>' in pages["roles/model.md"]
    assert "## 与谁共担指标" not in pages["roles/model.md"]
    assert "- [销售额](../indicators/sales.md)：[经理](chief.md)\n" in pages["roles/clerk.md"]
    assert "负责：公司</p>" in pages["roles/model.md"]
    assert "不是公司的部门" in pages["departments/centre.md"]
    assert "{#roles}" not in pages["departments/centre.md"]
    rows = [line for line in pages["indicators/sales.md"].splitlines() if "](../roles/" in line]
    assert [row.split(" | ")[0] for row in rows] == [
        "| [店员](../roles/clerk.md)、[经理](../roles/chief.md)",
        "| [店员范本](../roles/model.md)<br><small>范本，只供参考</small>",
    ]


def test_the_navigation_keeps_what_is_to_draw_on_in_a_tab_of_its_own(with_reference: Catalog) -> None:
    nav = handbook_nav(with_reference, words("zh"), pages_of(with_reference))

    tabs = dict(entry.popitem() for entry in nav if isinstance(entry, dict))
    assert tabs["岗位"] == [
        "roles/index.md",
        {"总部": [{"门店": [{"店员": "roles/clerk.md"}, {"经理": "roles/chief.md"}]}]},
    ]
    assert tabs["范本库"] == [
        "library.md",
        {"岗位": [{"店员范本": "roles/model.md"}]},
        {"部门": [{"范本库": "departments/posts.md"}, {"中心范本": "departments/centre.md"}]},
        {"指标": [{"利用率": "indicators/use.md"}]},
    ]
    assert list(tabs)[-2] == "范本库"
