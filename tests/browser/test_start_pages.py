"""The start pages of viewers on wide and narrow screens, in the light and in the dark, and the days that are left."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from laid_out import looked_at
from opened import Opened, violations, violations_in_the_dark
from start_pages import BASE, start

VIEWERS = ("hy001", "hy002", "hy004", "hy009", "hy013")
"""Who runs the company, is HR, leads a department, has a team, and has none of these."""


@pytest.mark.parametrize("login", VIEWERS)
def test_a_start_page_keeps_nobody_out_and_fits_every_screen(browser: Opened, sample: Path, login: str) -> None:
    start(browser.page, sample / "site-viewers", login)

    assert violations(browser.page) == []
    assert violations_in_the_dark(browser.page) == []
    for width in (320, 360, 390, 768, 1366):
        browser.page.set_viewport_size({"width": width, "height": 800})
        assert looked_at(browser.page, BASE, [""]) == {}, width
        assert width > 360 or violations(browser.page) == [], width
    assert browser.faults == []
    assert [request for request in browser.requests if not request.startswith(BASE)] == []


BROKEN = """() => [...document.querySelectorAll("time")].filter(each => !each.querySelector("span"))
  .filter(each => new Set([...each.getClientRects()].map(box => box.top)).size > 1).map(each => each.textContent)"""
"""Days that begin in one line and end in the next, but for those that say why they were moved."""


def test_no_day_breaks_over_two_lines(browser: Opened, sample: Path) -> None:
    for width in (320, 360, 768, 1366):
        browser.page.set_viewport_size({"width": width, "height": 800})
        for login in VIEWERS:
            start(browser.page, sample / "site-viewers", login)
            assert browser.page.locator("time").count() > 3
            assert browser.page.evaluate(BROKEN) == [], (login, width)


def test_the_first_task_that_leads_somewhere_has_the_one_filled_button(browser: Opened, sample: Path) -> None:
    for login in ("hy001", "hy002", "hy009", "hy013"):
        start(browser.page, sample / "site-viewers", login)
        buttons = browser.page.locator(".my-list li > a")
        grounds = buttons.evaluate_all("all => all.map(each => getComputedStyle(each).backgroundColor)")
        assert grounds[0] == "rgb(26, 92, 153)", login
        assert set(grounds[1:]) <= {"rgba(0, 0, 0, 0)"}, login


def test_the_days_that_are_left_stand_beside_the_step_that_the_cycle_is_at(running: Browser, sample: Path) -> None:
    context = running.new_context()
    page = context.new_page()
    told = []
    for day in ("2026-10-20", "2026-11-04", "2026-11-05", "2026-11-08"):
        page.clock.set_fixed_time(f"{day}T12:00:00")
        start(page, sample / "site-viewers", "hy013")
        told.append(page.locator(".my-steps b:not(:first-child)").all_inner_texts())
        # Soon is a matter for attention, and late is short of it: another hue.
        assert page.locator(".my-steps .my-near").count() == (day in ("2026-11-04", "2026-11-05"))
        assert page.locator(".my-steps .my-over").count() == (day == "2026-11-08")
    context.close()

    assert told == [["还有 16 天"], ["还有 1 天"], ["今天截止"], ["已过 3 天"]]
