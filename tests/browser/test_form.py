"""The form in a browser: whoever changes a weight makes one commit that changes one line, and nothing else is lost."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from kpibook.authoring.scaffolding import NewCompany, create_company
from kpibook.base.entry import Located, LocatedList
from kpibook.base.periods import Period
from kpibook.base.words import words
from kpibook.publishing.admin import write_admin
from kpibook.reading.catalog import load_catalog
from kpibook.reading.formatting import lay_out
from kpibook.reading.yamlfile import read_bytes
from node import npm_package
from opened import Opened, opened
from ports import free_port, wait_for
from sites import served
from sources import ROOT

SERVER = "decap-server@3.11.3"
KINDS = {"indicators": "indicators", "roles": "role"}
ROUND = """([text, kind]) => {
  const f = KPIBOOK.format, s = KPIBOOK.schemas[kind];
  return f.told(f.shown(f.plain(text), s), s);
}"""
CHANGED = """([text, kind, before, after]) => {
  const f = KPIBOOK.format, s = KPIBOOK.schemas[kind], told = f.told(f.shown(f.plain(text), s), s);
  const changed = JSON.parse(JSON.stringify(told).replace(before, after));
  return f.changed(text, told, changed);
}"""

MISFITS = """([text, kind]) => {
  const f = KPIBOOK.format, name = kind === "role" ? "roles" : kind;
  const collection = KPIBOOK.config.collections.find((each) => each.name === name);
  const top = collection.fields || collection.files[0].fields, found = [];
  const look = (value, field, at) => {
    if (value === undefined) return;
    if (Array.isArray(value) !== (field.widget === "list")) return found.push(at);
    if (field.types) return look(value[0], { ...field.types.find((each) => each.name === value[0].rule) }, at);
    if (Array.isArray(value)) {
      const one = (part) => field.field ? look(part, field.field, at) : all(part, field.fields, at);
      return value.forEach(one);
    }
    if (typeof value === "object") return field.fields ? all(value, field.fields, at) : found.push(at);
    if (field.pattern && !new RegExp(field.pattern[0]).test(value)) found.push(`${at}: ${value}`);
  };
  const all = (map, fields, at) => {
    for (const [key, part] of Object.entries(map)) {
      const field = fields.find((each) => each.name === key);
      if (field) look(part, field, `${at}.${key}`);
      else if (key !== "rule") found.push(`${at}.${key}`);
    }
  };
  const value = f.shown(f.plain(text), KPIBOOK.schemas[kind]);
  all(Array.isArray(value) ? { entries: value } : value || {}, top, kind);
  return found;
}"""


class Form(NamedTuple):
    """A company's repository, the address of its form, and the browser."""

    repository: Path
    address: str
    browser: Opened

    @property
    def page(self) -> Page:
        return self.browser.page

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(self.repository), *arguments], capture_output=True, check=True)
        return done.stdout.decode("utf-8")


def as_made(_: Path) -> None:
    """Nothing but what `init` makes."""


def in_two_languages(folder: Path) -> None:
    company, clerk = folder / "handbook/company.yml", folder / "handbook/roles/sales-clerk.yml"
    company.write_text(company.read_text(encoding="utf-8") + "languages: [zh, en]\n", encoding="utf-8")
    text = clerk.read_text(encoding="utf-8")
    both = "name: {zh: 销售员, en: Clerk} # as in the contracts"
    assert "\nname: 销售员\n" in text
    clerk.write_text(text.replace("name: 销售员", both, 1), encoding="utf-8")


def git_repository(folder: Path, change: Callable[[Path], None] = as_made) -> None:
    create_company(folder, NewCompany("青山文具", Period.parse("2026-10"), "1"), words("zh"))
    change(folder)
    clerk = folder / "handbook/roles/sales-clerk.yml"
    clerk.write_text(clerk.read_text(encoding="utf-8") + "# agreed with the sales staff\n", encoding="utf-8")
    for arguments in (
        ("init", "--quiet", "--initial-branch", "main"),
        ("config", "user.name", "Editor"),
        ("config", "user.email", "editor@example.com"),
        ("add", "--all"),
        ("commit", "--quiet", "--message", "the company"),
    ):
        subprocess.run(["git", "-C", str(folder), *arguments], check=True)


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The local backend of Decap CMS."""
    return npm_package(tmp_path_factory, SERVER) / "dist" / "index.js"


@contextmanager
def committed_to(backend: Path, repository: Path, change: Callable[[Path], None]) -> Iterator[int]:
    """A new repository to which the local backend commits; its port."""
    port = free_port()
    git_repository(repository, change)
    settings = {"MODE": "git", "GIT_REPO_DIRECTORY": str(repository), "PORT": str(port), "BIND_HOST": "127.0.0.1"}
    with subprocess.Popen(["node", str(backend)], env={**os.environ, **settings}, stdout=subprocess.DEVNULL) as server:
        try:
            assert wait_for(port, lambda: server.poll() is None)
            yield port
        finally:
            server.terminate()


def make_form(handbook: Path, site: Path, port: int) -> None:
    config = site.parent / "mkdocs.yml"
    local_backend = f'local_backend: {{url: "http://localhost:{port}/api/v1"}}'
    config.write_text(f"extra:\n  admin:\n    backend: {{name: git-gateway}}\n    {local_backend}\n", encoding="utf-8")
    catalog, _ = load_catalog(handbook)
    write_admin(site / "admin", handbook, catalog, words("zh"), config)
    (site / "assets").mkdir()
    shutil.copy(ROOT / "generator/kpibook/assets/theme/assets/favicon.svg", site / "assets")


@contextmanager
def a_form(backend: Path, root: Path, browser: Opened, change: Callable[[Path], None] = as_made) -> Iterator[Form]:
    repository, site = root / "repository", root / "site"
    site.mkdir()
    with committed_to(backend, repository, change) as port:
        make_form(repository / "handbook", site, port)
        with served(site) as address:
            yield Form(repository, address.replace("127.0.0.1", "localhost"), browser)


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


WITH_PULL_REQUESTS = {"gitlab": True, "github": True, "forgejo": True, "gitea": False}
"""By backend, whether it makes pull requests of what is saved."""
READ = """async ([name, workflow, path]) => {
  const backend = { name: name, repo: "hr/kpi", branch: "main", api_root: `${location.origin}/api` };
  const how = { useWorkflow: workflow, initialWorkflowStatus: "draft" };
  const made = CMS.getBackend(name).init({ media_folder: "x", backend: backend }, how);
  await made.authenticate({ token: "t" });
  try { return (await made.getEntry(path)).data; } catch (error) { return `refused: ${error.status}`; }
}"""
USER = {"id": 1, "login": "anna", "username": "anna", "name": "Anna", "state": "active", "full_name": "Anna"}
ALLOWED = {
    **{"permissions": {"project_access": {"access_level": 40}, "push": True, "pull": True, "admin": False}},
    **{"default_branch": "main", "full_name": "hr/kpi", "owner": {"login": "hr"}},
}


@pytest.mark.parametrize("name", WITH_PULL_REQUESTS)
def test_each_backend_reads_what_is_not_there_yet_as_empty(formats: Page, name: str) -> None:
    def answer(route: Route) -> None:
        path = route.request.url.partition("?")[0]
        known = USER if path.endswith("/user") else ALLOWED if path.rstrip("/").endswith(("kpi", "hr%2Fkpi")) else None
        route.fulfill(status=404 if known is None else 200, json=known or {"message": "404 Not Found"})

    formats.route("**/api/**", answer)
    try:
        absent, other = (
            formats.evaluate(READ, [name, WITH_PULL_REQUESTS[name], f"handbook/{file}.yml"])
            for file in ("terms", "grades")
        )
    finally:
        formats.unroute("**/api/**")

    assert absent == ""
    # That of GitLab refuses what is not there; the others read it as empty by themselves.
    assert other == ("refused: 404" if name == "gitlab" else "")


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


@cache
def sample_files() -> tuple[Path, ...]:
    return tuple(sorted((ROOT / "handbook").rglob("*.yml")))


@pytest.fixture(scope="module")
def formats(tmp_path_factory: pytest.TempPathFactory, running: Browser) -> Iterator[Page]:
    """The form of the sample company, as far as it reads and writes files: functions that keep nothing."""
    with format_page(tmp_path_factory.mktemp("formats"), ROOT / "handbook", running) as page:
        yield page


@pytest.fixture(scope="module")
def two_languages(tmp_path_factory: pytest.TempPathFactory, running: Browser) -> Iterator[Page]:
    """As `formats`, of a company whose handbook is in two languages."""
    folder = tmp_path_factory.mktemp("two_languages")
    git_repository(folder / "company", in_two_languages)
    with format_page(folder, folder / "company/handbook", running) as page:
        yield page


@contextmanager
def format_page(folder: Path, handbook: Path, running: Browser) -> Iterator[Page]:
    site = folder / "site"
    site.mkdir()
    make_form(handbook, site, 9)
    context = running.new_context()
    page = context.new_page()
    with served(site) as address:
        page.goto(f"{address}admin/")
        page.wait_for_function("window.KPIBOOK && window.KPIBOOK.format")
        yield page
    context.close()


def kind_of(path: Path) -> str:
    return KINDS.get(path.parent.name, path.stem)


def plain(value: object) -> Any:
    """What a file says without its places; a table of steps as the rows that the form shows."""
    if isinstance(value, Located):
        parts = {key: plain(part) for key, part in value.items() if part is not None}
        steps = parts.get("steps")
        rows = [{"from": key, "points": part} for key, part in steps.items()] if isinstance(steps, dict) else steps
        return {**parts, **({"steps": rows} if rows else {})}
    return [plain(part) for part in value] if isinstance(value, LocatedList) else value


def test_the_form_loses_nothing_of_any_sample_file(formats: Page) -> None:
    different = []
    for path in sample_files():
        text = path.read_text(encoding="utf-8")
        said = plain(read_bytes(text.encode(), path.name)[0])
        if formats.evaluate(ROUND, [text, kind_of(path)]) != listed(said):
            different.append(path.name)

    assert sample_files()
    assert not different


def test_each_value_of_every_sample_file_has_a_field_that_takes_it(formats: Page) -> None:
    misfits = {
        path.name: formats.evaluate(MISFITS, [path.read_text(encoding="utf-8"), kind_of(path)])
        for path in sample_files()
    }

    assert not {name: found for name, found in misfits.items() if found}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("grades", "- {id: A, name: a, consequences: {training: '3 days, note: none', pay: {text: up, list: 'true'}}}"),
        ("role", "scorecard: [{section: s, weight: 50/3, items: [{indicator: x, weight: 50/3, target: {month: 1}}]}]"),
        ("role", "authority: one text\nlevels: [{id: P1, items: [{indicator: x, weight: 1/3}]}]"),
        ("company", "languages: [zh, en]\nraters: {peer: {weight: 1/3, at_least: 3}, manager: 1/3}"),
    ],
)
def test_what_no_sample_file_says_has_its_field_and_comes_back_the_same(formats: Page, kind: str, text: str) -> None:
    assert not formats.evaluate(MISFITS, [text, kind])
    assert formats.evaluate(ROUND, [text, kind]) == listed(plain(read_bytes(text.encode(), "x.yml")[0]))


BOTH = """name: {zh: 店长, en: Manager} # as agreed
purpose: one text for both
authority: {zh: 排班, en: Rosters}
aliases: [{zh: 掌柜, en: Boss}, Chief]
changes: [{on: 2026-10-01, what: {en: More pay, zh: 加薪}}]
levels: [{id: P1, name: {zh: 初级, en: Junior}}]
"""


def test_nothing_of_two_languages_is_lost(two_languages: Page) -> None:
    leads_to = "{pay: {zh: 涨, en: up}, level: {text: {zh: 升, en: up}, list: 'true'}}"
    grades = f"- {{id: A, name: {{zh: 优, en: A}}, consequences: {leads_to}}}"
    for kind, text in (("role", BOTH), ("grades", grades), ("company", "columns: {base: {zh: 基本, en: Base}, x: X}")):
        assert not two_languages.evaluate(MISFITS, [text, kind])
        assert two_languages.evaluate(ROUND, [text, kind]) == listed(plain(read_bytes(text.encode(), "x.yml")[0]))


@pytest.mark.parametrize(
    ("before", "after", "out", "put_in"),
    [
        (
            '"en":"Manager"',
            '"en":"Head"',
            "name: {zh: 店长, en: Manager} # as agreed",
            "name: {zh: 店长, en: Head} # as agreed",
        ),
        (
            '{"zh":"店长","en":"Manager"}',
            '"店长"',
            "name: {zh: 店长, en: Manager} # as agreed",
            "name: 店长 # as agreed",
        ),
        (
            '"one text for both"',
            '{"zh":"一","en":"one"}',
            "purpose: one text for both",
            "purpose: {zh: 一, en: one}",
        ),
    ],
    ids=["a word of one language", "one language less", "one language more"],
)
def test_a_change_of_one_language_leaves_the_other(
    two_languages: Page, before: str, after: str, out: str, put_in: str
) -> None:
    changed = two_languages.evaluate(CHANGED, [BOTH, "role", before, after])

    old, new = BOTH.splitlines(), changed.splitlines()
    assert ([line for line in old if line not in new], [line for line in new if line not in old]) == ([out], [put_in])


def listed(said: Any) -> Any:
    """As the form has it: what may be one text or a list of texts is a list."""
    several = ("authority", "knowledge", "skills", "qualities", "other", "aliases")
    if isinstance(said, dict):
        parts = {key: listed(part) for key, part in said.items()}
        alone = {key for key, part in said.items() if isinstance(part, str | dict)}
        return {key: [part] if key in several and key in alone else part for key, part in parts.items()}
    return [listed(part) for part in said] if isinstance(said, list) else said


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        pytest.param('"weight":"25"', '"weight":"30"', 1, id="another number"),
        pytest.param('"status":"approved"', '"status":"draft"', 1, id="another word"),
        pytest.param('"name":"电子商务经理"', '"name":"a: b, {c} # d"', 1, id="a text that needs quotes"),
        pytest.param('"by":"总经办",', "", 1, id="a key less"),
        pytest.param('"by":"总经办"', '"by":"总经办","note":"一行\\n两行"', 3, id="a text of two lines"),
        pytest.param('"items":[{', '"items":[{"indicator":"teamwork","weight":"5"},{', 1, id="a row more"),
    ],
)
def test_what_changes_in_the_form_changes_little_in_the_file(
    formats: Page, before: str, after: str, lines: int
) -> None:
    path = ROOT / "handbook/roles/ecommerce-manager.yml"
    note = "# agreed with the team\n"
    text = path.read_text(encoding="utf-8").replace("duties:\n", f"{note}duties:\n", 1).rpartition("changes:\n")[0]

    changed = formats.evaluate(CHANGED, [text, "role", before, after])

    old, new = text.splitlines(), changed.splitlines()
    assert sum(line not in old for line in new) <= lines
    assert 0 < len(set(new) ^ set(old)) <= 2 * lines
    assert note in changed
    assert lay_out(changed) == changed
    assert not [problem for problem in read_bytes(changed.encode(), "x.yml")[1] if problem.level == "error"]
