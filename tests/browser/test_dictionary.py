"""The KPI dictionary in the browser: sorted and filtered in the page, by mouse, by keyboard and by its address."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from opened import Opened
from sites import served

SHOWN = ".kpi-dictionary tbody tr:not([hidden])"
WORDS = ".kpi-filter input"
NAMES = f"{SHOWN} td:first-child > a"


@pytest.fixture(scope="module")
def address(sample: Path) -> Iterator[str]:
    with served(sample / "site") as base:
        yield f"{base}indicators/index.html"


def names(page: Page) -> list[str]:
    return page.locator(NAMES).all_inner_texts()


def cells(page: Page, column: int) -> set[str]:
    return set(page.locator(f"{SHOWN} td:nth-child({column})").all_inner_texts())


def test_every_list_narrows_the_table(browser: Opened, address: str) -> None:
    browser.page.goto(address)
    everything = len(names(browser.page))
    expect(browser.page.locator(".kpi-filter output")).to_have_text(f"显示 {everything} 个，共 {everything} 个")

    browser.page.get_by_label("维度").select_option("客户")
    browser.page.get_by_label("方向").select_option("越低越好")

    assert cells(browser.page, 2) == {"客户"}
    assert cells(browser.page, 4) == {"越低越好"}
    found = len(names(browser.page))
    assert 0 < found < everything
    expect(browser.page.locator(".kpi-filter output")).to_have_text(f"显示 {found} 个，共 {everything} 个")


def test_an_owner_is_found_among_several(browser: Opened, address: str) -> None:
    browser.page.goto(address)

    browser.page.get_by_label("归口部门").select_option("财务部")

    owners = cells(browser.page, 3)
    assert len(owners) > 1
    assert all("财务部" in owner.split("、") for owner in owners)


def test_a_department_is_that_of_the_roles_which_use_an_indicator(browser: Opened, address: str) -> None:
    browser.page.goto(address)

    browser.page.get_by_label("部门", exact=True).select_option("客户服务部")

    departments = browser.page.locator(f"{SHOWN} [data-departments]").evaluate_all(
        "marks => marks.map(mark => mark.dataset.departments)"
    )
    assert len(departments) == len(names(browser.page)) > 0
    assert all("客户服务部" in each.split("、") for each in departments)


@pytest.mark.parametrize(
    ("typed", "name"),
    [("订单转换", "订单转换率"), ("ＲＯＩ", "ROI"), ("roi 活动", "ROI"), ("店长 销售额", "门店销售额")],
)
def test_words_are_found_in_names_definitions_and_roles(browser: Opened, address: str, typed: str, name: str) -> None:
    browser.page.goto(address)

    browser.page.locator(WORDS).fill(typed)

    assert name in names(browser.page)


def test_nothing_that_fits_is_said(browser: Opened, address: str) -> None:
    browser.page.goto(address)

    browser.page.locator(WORDS).fill("没有这样的指标")

    expect(browser.page.get_by_text("没有符合条件的指标")).to_be_visible()
    browser.page.get_by_role("button", name="全部显示").click()
    expect(browser.page.get_by_text("没有符合条件的指标")).to_be_hidden()
    assert "#" not in browser.page.url


def test_headings_sort_up_down_and_not_at_all(browser: Opened, address: str) -> None:
    browser.page.goto(address)
    before = names(browser.page)
    heading = browser.page.locator(".kpi-dictionary th").first
    button = heading.get_by_role("button")

    button.focus()
    browser.page.keyboard.press("Enter")
    up = names(browser.page)
    assert heading.get_attribute("aria-sort") == "ascending"
    browser.page.keyboard.press("Enter")
    down = names(browser.page)
    assert heading.get_attribute("aria-sort") == "descending"
    browser.page.keyboard.press("Enter")

    in_order = browser.page.evaluate(
        "names => names.sort(new Intl.Collator('zh', {numeric: true}).compare)", list(before)
    )
    assert up == in_order
    assert sorted(down) == sorted(up)
    assert down[0] == up[-1]
    assert names(browser.page) == before
    assert heading.get_attribute("aria-sort") is None


def test_what_is_chosen_can_be_linked_to(browser: Opened, address: str) -> None:
    browser.page.goto(address)
    browser.page.get_by_label("维度").select_option("财务")
    browser.page.locator(WORDS).fill("率")
    browser.page.locator(".kpi-dictionary th button").nth(2).click()
    chosen, link = names(browser.page), browser.page.url

    browser.page.goto("about:blank")
    browser.page.goto(link)

    assert names(browser.page) == chosen
    assert browser.page.get_by_label("维度").input_value() == "财务"
    assert browser.page.locator(".kpi-dictionary th").nth(2).get_attribute("aria-sort") == "ascending"


@pytest.mark.parametrize("tail", ["#?sort=99", "#?perspective=none", "#?%E0%A4%A", "#indicators", "#?sort=-x&words="])
def test_an_address_that_means_nothing_shows_everything(browser: Opened, address: str, tail: str) -> None:
    browser.page.goto(address)
    everything = names(browser.page)

    browser.page.goto("about:blank")
    browser.page.goto(address + tail)

    assert names(browser.page) == everything
    assert browser.faults == []


def test_all_is_reached_by_keyboard(browser: Opened, address: str) -> None:
    browser.page.goto(address)
    browser.page.locator(WORDS).focus()
    reached = []
    for _ in range(10):
        browser.page.keyboard.press("Tab")
        reached.append(browser.page.evaluate("document.activeElement.tagName"))

    assert reached == [*["SELECT"] * 4, *["BUTTON"] * 6]


def test_without_scripts_it_is_a_plain_table(running: Browser, address: str) -> None:
    context = running.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)

    assert page.locator(".kpi-dictionary tbody tr").count() > 40
    assert page.locator(".kpi-filter").count() == 0
    assert page.locator(".kpi-dictionary th").first.inner_text() == "指标"
    context.close()


@pytest.mark.parametrize("column", range(6))
def test_every_column_sorts_by_keyboard(browser: Opened, address: str, column: int) -> None:
    browser.page.goto(address)
    heading = browser.page.locator(".kpi-dictionary th").nth(column)
    heading.get_by_role("button").focus()

    browser.page.keyboard.press("Space")

    expect(heading).to_have_attribute("aria-sort", "ascending")
    shown = browser.page.locator(f"{SHOWN} td:nth-child({column + 1})").evaluate_all(
        "cells => cells.map(cell => (cell.querySelector(':scope > a') || cell).textContent.trim())"
    )
    if column == 0:
        shown = names(browser.page)
    in_order = browser.page.evaluate(
        "texts => [...texts].sort(new Intl.Collator('zh', {numeric: true}).compare)", shown
    )
    assert len(set(shown)) > 1
    assert shown == in_order


@pytest.mark.parametrize("label", ["部门", "维度", "方向", "归口部门"])
def test_every_list_is_chosen_from_by_keyboard(browser: Opened, address: str, label: str) -> None:
    browser.page.goto(address)
    everything = len(names(browser.page))
    chosen = browser.page.get_by_label(label, exact=True)
    chosen.focus()

    browser.page.keyboard.press("ArrowDown")

    expect(chosen).not_to_have_value("")
    found = browser.page.locator(SHOWN)
    expect(found).not_to_have_count(everything)
    assert found.count() > 0
    value = chosen.input_value()
    for row in found.all():
        departments = row.locator("[data-departments]").get_attribute("data-departments") if label == "部门" else None
        assert value in (departments or row.inner_text())
