"""The KPI dictionary in the browser: filtered by words, pinyin, role and perspective, and by its address."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from opened import Opened
from sites import served

pytestmark = pytest.mark.only_looks

SHOWN = ".kpi-term:not([hidden])"
WORDS = ".kpi-filter input[type=search]"


@pytest.fixture(scope="module")
def address(sample: Path) -> Iterator[str]:
    with served(sample / "site") as base:
        yield f"{base}indicators/index.html"


def names(page: Page) -> list[str]:
    return page.locator(f"{SHOWN} b").all_inner_texts()


def said(page: Page) -> Locator:
    return page.locator(".kpi-filter output")


def test_a_perspective_and_a_role_narrow_the_list(browser: Opened, address: str) -> None:
    browser.page.goto(address)
    everything = len(names(browser.page))
    expect(said(browser.page)).to_have_text(f"{everything} 个指标")

    browser.page.get_by_role("button", name="客户", exact=True).click()
    browser.page.get_by_label("所有岗位").select_option("店长")

    shown = browser.page.locator(SHOWN)
    assert 0 < shown.count() < everything
    assert set(shown.evaluate_all("all => all.map(each => each.dataset.perspective)")) == {"客户"}
    assert all("|店长|" in roles for roles in shown.evaluate_all("all => all.map(each => each.dataset.roles)"))
    expect(said(browser.page)).to_have_text(f"{shown.count()} 个指标")


def test_what_only_model_roles_use_stands_in_the_library(browser: Opened, address: str) -> None:
    browser.page.goto(address)
    own = names(browser.page)

    browser.page.goto(address.replace("indicators/index.html", "library.html"))

    templates = browser.page.locator("#indicators ~ .kpi-table tbody td:first-child").all_inner_texts()
    assert len(templates) > 50
    assert not set(templates) & set(own)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("订单转换", "订单转换率"),
        ("ＲＯＩ", "ROI"),
        ("roi 活动", "ROI"),
        ("店长 销售额", "门店销售额"),
        ("kedanjia", "客单价"),
        ("ddzhl", "订单转换率"),
    ],
)
def test_words_and_pinyin_find_names_definitions_and_roles(
    browser: Opened, address: str, typed: str, name: str
) -> None:
    browser.page.goto(address)

    browser.page.locator(WORDS).fill(typed)

    assert name in names(browser.page)
    assert len(names(browser.page)) < 20


def test_nothing_that_fits_is_said_with_what_to_do(browser: Opened, address: str) -> None:
    browser.page.goto(address)

    browser.page.locator(WORDS).fill("没有这样的指标")

    expect(said(browser.page)).to_have_text("没有符合的指标。换一个词试试。")
    browser.page.locator(WORDS).fill("")
    assert "#" not in browser.page.url


def test_names_stand_under_their_letters_and_letters_without_names_go(browser: Opened, address: str) -> None:
    browser.page.goto(address)
    letters = browser.page.locator(".kpi-letters a:visible").all_inner_texts()
    assert letters == sorted(letters)
    assert browser.page.locator(".kpi-letter:visible h2").all_inner_texts() == letters

    browser.page.locator(WORDS).fill("kedanjia")

    assert browser.page.locator(".kpi-letters a:visible").all_inner_texts() == ["K"]


def test_a_row_unfolds_by_keyboard_and_leads_on(browser: Opened, address: str) -> None:
    browser.page.goto(address)
    browser.page.locator(WORDS).fill("门店销售额")
    row = browser.page.locator(SHOWN).first

    row.locator("summary").focus()
    browser.page.keyboard.press("Enter")

    expect(row.get_by_text("使用岗位")).to_be_visible()
    row.get_by_role("link", name="公式、来源和各岗位的目标").click()
    browser.page.wait_for_url("**/indicators/store_sales.html")


def test_what_is_chosen_can_be_linked_to(browser: Opened, address: str) -> None:
    browser.page.goto(address)
    browser.page.get_by_role("button", name="财务", exact=True).click()
    browser.page.locator(WORDS).fill("率")
    chosen, link = names(browser.page), browser.page.url

    browser.page.goto("about:blank")
    browser.page.goto(link)

    assert names(browser.page) == chosen
    assert browser.page.get_by_role("button", name="财务", exact=True).get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize("tail", ["#?perspective=none", "#?role=none", "#?%E0%A4%A", "#indicators", "#?words="])
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
    for _ in range(6):
        browser.page.keyboard.press("Tab")
        reached.append(browser.page.evaluate("document.activeElement.tagName"))

    assert reached == ["SELECT", *["BUTTON"] * 5]


def test_without_scripts_it_is_whole(running: Browser, address: str) -> None:
    context = running.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)

    assert page.locator(".kpi-term").count() > 120
    assert page.locator(".kpi-term:visible").count() == page.locator(".kpi-term").count()
    assert page.locator(".kpi-filter").count() == 0
    page.locator(".kpi-letters a").last.click()
    page.wait_for_url("**#letter-z")
    context.close()
