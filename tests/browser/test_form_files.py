"""The form reads and writes each file of the catalog: nothing that it says is lost, and little of it changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from forms import git_repository, in_two_languages, make_form
from kpibook.base.entry import Located, LocatedList
from kpibook.reading.formatting import lay_out
from kpibook.reading.yamlfile import read_bytes
from sites import served
from sources import ROOT

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
