"""The form in a browser: whoever changes a weight makes one commit that changes one line, and nothing else is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from forms import Form, a_form, in_two_languages
from kpibook.reading.catalog import load_catalog
from node import npm_package
from opened import Opened, opened

SERVER = "decap-server@3.11.3"


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The local backend of Decap CMS."""
    return npm_package(tmp_path_factory, SERVER) / "dist" / "index.js"


@pytest.fixture(scope="module")
def logged_in_once(backend: Path, tmp_path_factory: pytest.TempPathFactory, running: Browser) -> Iterator[Form]:
    """A form to which somebody has logged in: its scripts of five megabytes are read once for all tests of it."""
    with opened(running) as browser, a_form(backend, tmp_path_factory.mktemp("form"), browser) as form:
        logged_in(form)
        yield form


@pytest.fixture
def form(logged_in_once: Form) -> Iterator[Form]:
    """The form over the company as it was made; afterwards every branch and commit of the test is taken back."""
    form = logged_in_once
    begun = form.git("rev-parse", "main").strip()
    yield form
    form.page.goto("about:blank")
    form.git("checkout", "--quiet", "--force", "main")
    form.git("reset", "--quiet", "--hard", begun)
    branches = form.git("branch", "--list", "--format", "%(refname:short)", "cms/*").split()
    if branches:
        form.git("branch", "--quiet", "-D", *branches)
    assert form.git("status", "--short") == ""


def logged_in(form: Form) -> Page:
    form.page.goto(f"{form.address}admin/")
    form.page.get_by_role("button", name="登录").click()
    expect(form.page.get_by_role("link", name="岗位").first).to_be_visible()
    return form.page


def reopened(form: Form, path: str) -> Page:
    """A place of the form, loaded anew: what a test before was told is gone, the login is kept."""
    form.page.goto("about:blank")
    form.page.goto(f"{form.address}admin/#/{path}")
    return form.page


def saved(page: Page) -> None:
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("修改已保存")).to_be_visible()


def changed_lines(form: Form, branch: str) -> list[str]:
    """The lines that the one commit of a branch took out and put in."""
    assert form.git("rev-list", "--count", f"main..{branch}").strip() == "1"
    diff = form.git("diff", "--unified=0", "main", branch).splitlines()
    return [line for line in diff if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def test_a_weight_changed_in_the_form_is_one_commit_that_changes_one_line(form: Form) -> None:
    page = reopened(form, "collections/roles/entries/sales-clerk")

    item = page.get_by_text("销售额 sales_value · 50", exact=True)
    item.locator("xpath=..").locator("button").first.click()
    expect(page.get_by_role("button", name="新增评分标准").first).to_be_visible()
    page.locator("input[value='50']").fill("45")
    saved(page)
    expect(page.get_by_text("成交率 conversion · 20", exact=True)).to_be_visible()

    changed = changed_lines(form, "cms/roles/sales-clerk")
    assert [line.replace("weight: 45", "weight: 50")[1:] for line in changed] == [changed[0][1:]] * 2
    assert "weight: 45" in changed[1]
    at_home = ("http://localhost:", "http://127.0.0.1:")
    assert [asked for asked in form.browser.requests if not asked.startswith(at_home)] == []


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("roles/entries/sales-clerk", "销售员"),
        ("indicators/entries/sales", "成交率 (conversion)"),
        ("company/entries/company", "青山文具"),
        ("departments/entries/departments", "销售部"),
        ("grades/entries/grades", "优秀"),
        ("measures/entries/measures", "进店人数 (visitors)"),
    ],
)
def test_each_file_opens_with_what_it_says_and_saves_one_line(form: Form, path: str, says: str) -> None:
    page = reopened(form, f"collections/{path}")

    shown = page.locator(f"input[value='{says}']").or_(page.get_by_text(says, exact=True)).first
    expect(shown).to_be_visible()
    if not shown.evaluate("element => element.tagName === 'INPUT'"):
        shown.locator("xpath=..").locator("button").first.click()
    name = says.partition(" (")[0]
    page.locator(f"input[value='{name}']").first.fill(f"{name}甲")
    saved(page)

    out, put_in = changed_lines(form, f"cms/{path.replace('/entries', '')}")
    assert put_in[1:] == out[1:].replace(name, f"{name}甲", 1)


def test_an_id_is_chosen_from_what_the_repository_holds_by_now(form: Form) -> None:
    departments = form.repository / "handbook/departments.yml"
    text = departments.read_text(encoding="utf-8")
    departments.write_text(f"{text}- {{id: warehouse, name: 仓储部}}\n", encoding="utf-8")
    form.git("commit", "--quiet", "--all", "--message", "a new department, after the site was built")
    page = reopened(form, "collections/roles/entries/sales-clerk")
    expect(page.get_by_text("销售部 sales-department")).to_be_visible()

    page.locator("[id^=department-field]").click()
    page.get_by_role("option", name="仓储部 warehouse").click()
    saved(page)

    changed = changed_lines(form, "cms/roles/sales-clerk")
    assert changed == ["-department: sales-department", "+department: warehouse"]


SMALL = """() => [...document.querySelectorAll("body *")].filter(each => each.clientWidth > 1 && each.checkVisibility()
  && [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim())
  && parseFloat(getComputedStyle(each).fontSize) < 13).map(each => `${each.className}: ${each.textContent}`)"""
"""Texts that are seen and too small."""


@pytest.mark.parametrize("path", ["roles", "roles/entries/sales-clerk", "company/entries/company"])
def test_the_form_fits_a_phone_has_no_small_text_and_is_dark_at_night(form: Form, path: str) -> None:
    page = reopened(form, f"collections/{path}")
    page.set_viewport_size({"width": 360, "height": 800})
    try:
        expect(page.locator("[class*='-FieldLabel'], [class*='-CollectionTopHeading']").first).to_be_visible()
        if "sales-clerk" in path:
            page.get_by_text("销售额 sales_value").first.locator("xpath=..").locator("button").first.click()
        assert (page.evaluate("document.documentElement.scrollWidth"), page.evaluate(SMALL)) == (360, [])
        page.emulate_media(color_scheme="dark")
        assert "invert" in page.evaluate("getComputedStyle(document.documentElement).filter")
    finally:
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1366, "height": 860})


def test_the_form_says_where_a_role_is_given_up(form: Form) -> None:
    page = reopened(form, "collections/roles")

    expect(page.get_by_text("岗位撤销或改编号，请在代码仓库的网页上删除文件或改文件名")).to_be_visible()


def test_a_new_file_of_indicators_can_be_made(form: Form) -> None:
    page = reopened(form, "collections/indicators/new")
    page.get_by_label("编号").first.fill("after-sales")
    page.get_by_role("button", name="新增指标").click()
    page.get_by_label("编号").nth(1).fill("refund_days")
    page.get_by_label("名称").first.fill("平均退款天数")
    page.get_by_label("单位").first.fill("天")
    page.get_by_label("方向").click()
    page.get_by_role("option", name="越低越好 (lower)").click()

    saved(page)

    assert form.git("show", "cms/indicators/after-sales:handbook/indicators/after-sales.yml").splitlines() == [
        "# yaml-language-server: $schema=../../build/schemas/indicators.schema.json",
        *("refund_days:", "  name: 平均退款天数", "  unit: 天", "  direction: lower"),
    ]


def test_a_file_that_the_handbook_lacks_is_made_by_the_first_save(form: Form) -> None:
    page = reopened(form, "collections/terms")
    page.locator("a[href$='terms/entries/terms']").click()
    page.get_by_role("button", name="新增一个词").click()
    page.locator("[id^='use-field']").fill("店长")
    page.get_by_role("button", name="新增不要用").click()
    page.locator("[id^='text-field']").fill("门店经理")

    saved(page)

    assert form.git("show", "cms/terms/terms:handbook/terms.yml").splitlines() == [
        "# yaml-language-server: $schema=../build/schemas/terms.schema.json",
        *("- use: 店长", "  not:", "    - 门店经理"),
    ]


def test_a_new_role_begins_like_one_of_the_library_and_brings_what_it_needs(form: Form) -> None:
    page = reopened(form, "collections/roles/new")
    with page.expect_navigation():
        page.locator("select").select_option("store-manager")
    expect(page.get_by_text("沿用本公司已有的：销售额 sales")).to_be_visible()
    page.locator("[id^=supplier-field]").click()
    page.get_by_role("option", name="总经办 office").click()
    page.get_by_label("名称").first.fill("旗舰店店长")
    saved(page)

    branch = "cms/roles/store-manager"
    changed = form.git("diff", "--name-only", "main", branch).split()
    assert form.git("rev-list", "--count", f"main..{branch}").strip() == "1"
    assert changed == [
        *(f"handbook/indicators/{name}.yml" for name in ("finance", "members", "people", "sales")),
        *("handbook/measures.yml", "handbook/roles/store-manager.yml"),
    ]
    assert form.git("diff", "--numstat", "main", branch, "--", "handbook/measures.yml").split()[:2] == ["8", "0"]
    assert form.git("show", f"{branch}:handbook/roles/store-manager.yml").splitlines()[1] == "name: 旗舰店店长"
    assert "entries_checked: {name: 抽查账目笔数, unit: 笔, owner: office," in form.git(
        "show", f"{branch}:handbook/measures.yml"
    )

    # The change is opened again by its role, and what came with it can be chosen by name.
    page = reopened(form, "collections/roles/entries/store-manager")
    row = page.get_by_text("账目准确率 account_accuracy · 5", exact=True)
    row.locator("xpath=..").locator("button").first.dispatch_event("click")
    expect(page.get_by_text("账目准确率 account_accuracy", exact=True)).to_be_visible()
    page.locator("input[value='旗舰店店长']").fill("旗舰店长")
    saved(page)
    assert form.git("diff", "--name-only", "main", branch).split() == changed

    form.git("checkout", "--quiet", branch)
    _, problems = load_catalog(form.repository / "handbook")
    assert not problems


def test_a_text_has_a_field_for_each_language_and_a_list_of_words_its_rows(
    backend: Path, tmp_path: Path, browser: Opened
) -> None:
    with a_form(backend, tmp_path, browser, in_two_languages) as form:
        page = logged_in(form)
        page.goto(f"{form.address}admin/#/collections/roles/entries/sales-clerk")
        page.get_by_label("名称（英文）").first.fill("Sales clerk")
        page.get_by_label("职能与目的（英文）").first.fill("Sells: pens, paper")
        page.get_by_role("button", name="新增别名").click()
        page.locator("[id^='text-field']").fill("店员")
        page.locator("[id^='text@en-field']").fill("Assistant")
        saved(page)

        changed = changed_lines(form, "cms/roles/sales-clerk")
        form.git("checkout", "--quiet", "cms/roles/sales-clerk")
        _, problems = load_catalog(form.repository / "handbook")
    assert [line for line in changed if line[1:]] == [
        "-name: {zh: 销售员, en: Clerk} # as in the contracts",
        "+name: {zh: 销售员, en: Sales clerk} # as in the contracts",
        "-purpose: 让顾客买到合适的商品，愿意再来。",
        '+purpose: {zh: 让顾客买到合适的商品，愿意再来。, en: "Sells: pens, paper"}',
        "+aliases:",
        "+  - {zh: 店员, en: Assistant}",
    ]
    assert not problems
