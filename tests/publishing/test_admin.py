"""The form under `admin/`: off unless it is asked for, and its fields are those of the schemas."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kpibook.base.words import LANGUAGES, words
from kpibook.cli import main
from kpibook.publishing.admin import ASSETS, write_admin
from kpibook.publishing.site import SiteError
from kpibook.reading.catalog import load_catalog
from sources import ROOT

COMPANY = ROOT / "tests" / "company"
BACKEND = "extra:\n  admin:\n    backend: {name: gitlab, repo: hr/kpi}\n"


MADE: dict[tuple[str, str], str] = {}


def written(tmp_path: Path, settings: str = BACKEND, language: str = "zh") -> dict[str, Any]:
    """What the form of the tiny company is told."""
    if (settings, language) not in MADE:
        MADE[settings, language] = script(tmp_path, settings, language)
    told: dict[str, Any] = json.loads(
        MADE[settings, language].removeprefix("window.KPIBOOK = ").removesuffix(";\n"),
    )
    return told


def script(tmp_path: Path, settings: str, language: str) -> str:
    handbook = shutil.copytree(COMPANY / "handbook", tmp_path / "handbook")
    (tmp_path / "mkdocs.yml").write_text(settings, encoding="utf-8")
    catalog, _ = load_catalog(handbook)
    write_admin(tmp_path / "admin", handbook, catalog, words(language), tmp_path / "mkdocs.yml")
    return (tmp_path / "admin" / "config.js").read_text(encoding="utf-8")


def collection(told: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [each for each in told["config"]["collections"] if each["name"] == name]
    return dict(found)


def field(fields: list[dict[str, Any]], *path: str) -> dict[str, Any]:
    """The field at the end of a path through lists and objects."""
    [found] = [each for each in fields if each["name"] == path[0]]
    return field(found["fields"], *path[1:]) if path[1:] else found


def everything(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from everything(part)


@pytest.mark.parametrize("settings", ["", "extra:\n", "extra: {repository: https://git.example.com/hr/kpi}\n"])
def test_the_form_is_off_unless_it_is_asked_for(tmp_path: Path, settings: str) -> None:
    config = tmp_path / "mkdocs.yml"
    config.write_text(settings, encoding="utf-8")
    catalog, _ = load_catalog(COMPANY / "handbook")

    is_on = write_admin(tmp_path / "admin", COMPANY / "handbook", catalog, words("zh"), config)

    assert not is_on
    assert not (tmp_path / "admin").exists()


@pytest.mark.parametrize("admin", ["true", "{}", "{backend: gitlab}", "{backend: {repo: hr/kpi}}"])
def test_a_form_without_a_backend_is_refused(tmp_path: Path, admin: str) -> None:
    with pytest.raises(SiteError) as caught:
        written(tmp_path, f"extra:\n  admin: {admin}\n")

    [problem] = caught.value.problems
    assert (problem.code, str(problem.place)) == ("admin-backend", "mkdocs.yml")
    assert "does not say where the repository is" in str(problem)


def test_what_a_handbook_may_lack_is_made_by_what_is_saved_first(tmp_path: Path) -> None:
    told = written(tmp_path)

    assert told["absent"] == ["handbook/waivers.yml", "handbook/terms.yml"]
    assert {path for each in told["config"]["collections"] for path in map(file_of, each.get("files", ()))} >= {
        *told["absent"]
    }


def file_of(entry: dict[str, Any]) -> str:
    return str(entry["file"])


@pytest.mark.parametrize(
    ("backend", "lacks"),
    [
        ("{name: gitlab, repo: hr/kpi}", ""),
        ("{name: gitlab}", "repo"),
        ("{name: github}", "repo"),
        ("{name: bitbucket}", "repo"),
        ("{name: azure}", "repo"),
        ("{name: git-gateway}", ""),
        ("{name: forgejo, repo: hr/kpi}", "app_id"),
        ("{name: forgejo, repo: hr/kpi, app_id: abc}", ""),
        ("{name: gitea}", "repo, app_id, branch"),
        ("{name: gitea, repo: hr/kpi, app_id: abc}", "branch"),
        ("{name: gitea, repo: hr/kpi, app_id: abc, branch: edits}", ""),
    ],
)
def test_what_a_backend_needs_is_asked_for_before_anybody_opens_the_form(
    tmp_path: Path, backend: str, lacks: str
) -> None:
    settings = f"extra:\n  admin:\n    backend: {backend}\n"
    if not lacks:
        assert written(tmp_path, settings)["config"]["backend"]["branch"]
        return

    with pytest.raises(SiteError) as caught:
        written(tmp_path, settings)

    [problem] = caught.value.problems
    name = backend.removeprefix("{name: ").split(",")[0].rstrip("}")
    assert problem.message(words("en")) == f"the backend {name} of extra.admin lacks {lacks}"
    assert problem.message(words("zh")) == f"extra.admin 里的 backend {name} 缺少 {lacks}"


def test_a_backend_without_pull_requests_promises_none(tmp_path: Path) -> None:
    settings = "extra:\n  admin:\n    backend: {name: gitea, repo: hr/kpi, app_id: abc, branch: edits}\n"

    assert written(tmp_path, settings)["config"]["publish_mode"] == "simple"
    assert written(tmp_path)["config"]["publish_mode"] == "editorial_workflow"


def test_the_company_s_own_settings_win(tmp_path: Path) -> None:
    config = written(tmp_path, f"{BACKEND}    publish_mode: simple\n")["config"]

    assert config["backend"] == {"name": "gitlab", "repo": "hr/kpi", "branch": "main"}
    assert config["publish_mode"] == "simple"
    assert config["load_config_file"] is False


@pytest.mark.parametrize(("language", "locale", "label"), [("zh", "zh_Hans", "岗位"), ("en", "en", "Roles")])
def test_the_form_speaks_the_company_s_language(tmp_path: Path, language: str, locale: str, label: str) -> None:
    told = written(tmp_path, language=language)

    assert told["config"]["locale"] == locale
    assert collection(told, "roles")["label"] == label


def test_every_file_of_the_catalog_has_its_place_in_the_form(tmp_path: Path) -> None:
    told = written(tmp_path)

    tops = ("company", "departments", "grades", "measures", "waivers", "terms")
    assert [each["name"] for each in told["config"]["collections"]] == ["roles", "indicators", *tops]
    assert collection(told, "roles")["folder"] == "handbook/roles"
    assert collection(told, "indicators")["folder"] == "handbook/indicators"
    assert [file["file"] for top in tops for file in collection(told, top)["files"]] == [
        f"handbook/{top}.yml" for top in tops
    ]


def test_what_reads_and_writes_a_file_is_told_where_the_form_looks_for_it(tmp_path: Path) -> None:
    """Decap heeds the format of a collection and passes over that of a single file: the form would be empty."""
    told = written(tmp_path)

    formats = {each["name"]: each["format"] for each in told["config"]["collections"]}
    assert formats == {
        **{"roles": "kpibook-role", "indicators": "kpibook-indicators"},
        **{top: f"kpibook-{top}" for top in ("company", "departments", "grades", "measures", "waivers", "terms")},
    }
    assert {name.removeprefix("kpibook-") for name in formats.values()} <= set(told["schemas"])


def test_nothing_is_deleted_past_those_who_review(tmp_path: Path) -> None:
    """Decap deletes on the main branch itself."""
    folders = [each for each in written(tmp_path)["config"]["collections"] if "folder" in each]

    assert [(each["create"], each["delete"]) for each in folders] == [(True, False)] * 2
    assert all("请在代码仓库的网页上" in each["description"] for each in folders)


def test_ids_are_relations_to_where_their_entries_are(tmp_path: Path) -> None:
    told = written(tmp_path)
    fields = collection(told, "roles")["fields"]

    home = {
        name: {key: found.get(key) for key in ("widget", "collection", "file", "value_field")}
        for name, found in (
            ("indicator", field(fields, "scorecard", "items", "indicator")),
            ("department", field(fields, "department")),
            ("role", field(fields, "reports_to")),
            ("grade", field(fields, "gates", "grade_at_most")),
        )
    }
    relation = {"widget": "relation", "file": None, "value_field": "entries.*.id"}
    assert home == {
        "indicator": {**relation, "collection": "indicators"},
        "department": {**relation, "collection": "departments", "file": "departments"},
        "role": {**relation, "collection": "roles", "value_field": "{{slug}}"},
        "grade": {**relation, "collection": "grades", "file": "grades"},
    }
    names = {each["name"] for each in told["config"]["collections"]}
    assert {each["collection"] for each in everything(fields) if each.get("widget") == "relation"} <= names


def test_a_number_of_either_kind_is_chosen_from_a_list_with_names(tmp_path: Path) -> None:
    """A measure or an indicator: a relation leads to one collection only."""
    told = written(tmp_path)
    catalog, _ = load_catalog(COMPANY / "handbook")

    [measure] = [
        each
        for each in everything(field(collection(told, "roles")["fields"], "scorecard", "items", "standard"))
        if each.get("name") == "measure" and each.get("widget") == "select"
    ][:1]

    assert {option["value"] for option in measure["options"]} == {*catalog.measures, *catalog.indicators}
    assert {"label": f"{catalog.indicators['attitude'].name} (attitude)", "value": "attitude"} in measure["options"]


def test_a_rule_is_a_typed_list_of_one(tmp_path: Path) -> None:
    fields = collection(written(tmp_path), "roles")["fields"]

    item = field(fields, "scorecard", "items", "standard")
    extra = field(fields, "extras", "standard")

    assert (item["widget"], item["typeKey"], item["max"]) == ("list", "rule", 1)
    assert [each["name"] for each in item["types"]][:3] == ["proportional", "all_or_nothing", "bands"]
    assert "excess" in {each["name"] for each in extra["types"]} <= {each["name"] for each in item["types"]}
    assert not [each for kind in item["types"] for each in kind["fields"] if each["name"] == "rule"]


def test_a_number_is_a_text_that_looks_like_one(tmp_path: Path) -> None:
    """A number field would turn 0.10 into 0.1 and round what has many decimals."""
    fields = collection(written(tmp_path), "roles")["fields"]

    weight = field(fields, "scorecard", "items", "weight")

    assert weight["widget"] == "string"
    assert re.fullmatch(weight["pattern"][0], "33.3")
    assert not re.fullmatch(weight["pattern"][0], "1O")
    assert not [each for each in everything(fields) if each.get("widget") in ("number", "boolean", "datetime")]


def test_a_line_that_holds_a_number_or_several_by_name_takes_either_and_nothing_else(tmp_path: Path) -> None:
    told = written(tmp_path)

    peer = field(collection(told, "company")["files"][0]["fields"], "raters", "peer")["pattern"][0]
    items = ("scorecard", "items", "target")
    target = field(collection(told, "roles")["fields"], *items)["pattern"][0]

    assert [bool(re.fullmatch(peer, text)) for text in ("0.3", "1/3", "at_least: 3", "weight: 1/3, named: false")] == [
        *(True, True, True, True)
    ]
    assert [bool(re.fullmatch(peer, text)) for text in ("at_least: some", "least: 3", "3,", "month: 4")] == [False] * 4
    assert re.fullmatch(target, "month: 40000, quarter: 130000.5")
    assert not re.fullmatch(target, "month: 1/3")


def test_words_to_choose_from_are_in_the_company_s_language(tmp_path: Path) -> None:
    made = written(tmp_path)

    status = field(collection(made, "roles")["fields"], "status")["options"]
    fail = field(collection(made, "grades")["files"][0]["fields"], "entries", "fail")["options"]

    assert {"label": "已批准 (approved)", "value": "approved"} in status
    assert fail == [{"label": "是", "value": "true"}, {"label": "否", "value": "false"}]


def test_the_form_knows_the_names_of_what_rows_hold(tmp_path: Path) -> None:
    names = written(tmp_path)["names"]

    catalog, _ = load_catalog(COMPANY / "handbook")
    indicators = {key: entry.name for key, entry in catalog.indicators.items()}
    assert names == {**{key: entry.name for key, entry in catalog.measures.items()}, **indicators}


def test_what_decap_lacks_in_chinese_is_said_in_chinese(tmp_path: Path) -> None:
    phrases = written(tmp_path)["phrases"]

    assert phrases["editor.editorWidgets.list.addType"] == "新增%{item}"
    assert not [text for text in phrases.values() if text.isascii()]


def test_what_an_optional_part_needs_is_not_asked_for_without_it(tmp_path: Path) -> None:
    fields = collection(written(tmp_path), "roles")["fields"]

    objects = [each for each in everything(fields) if each.get("widget") == "object" and "required" in each]

    assert objects
    assert not [inner for each in objects if not each["required"] for inner in each["fields"] if inner["required"]]


def test_no_name_can_end_the_script(tmp_path: Path) -> None:
    handbook = shutil.copytree(COMPANY / "handbook", tmp_path / "handbook")
    departments = handbook / "departments.yml"
    text = departments.read_text(encoding="utf-8")
    departments.write_text(text + '- {id: evil, name: "</script><script>alert(1)</script>"}\n', encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(BACKEND, encoding="utf-8")
    catalog, _ = load_catalog(handbook)

    write_admin(tmp_path / "admin", handbook, catalog, words("zh"), tmp_path / "mkdocs.yml")

    assert "<" not in (tmp_path / "admin" / "config.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_a_label(tmp_path: Path, language: str) -> None:
    told = written(tmp_path, language=language)

    assert not [each for each in everything(told["config"]["collections"]) if "widget" in each and not each["label"]]


def test_what_is_vendored_carries_its_licence_and_says_where_it_is_from() -> None:
    origin = (ASSETS / "README.md").read_text(encoding="utf-8")

    for script in ("decap-cms.js", "yaml.js"):
        first = (ASSETS / script).read_text(encoding="utf-8").partition("\n")[0]
        assert f"`{script}` | npm `" in origin
        for licence in re.findall(r"LICENSE-[\w-]+\.txt", first):
            assert (ASSETS / licence).stat().st_size > 500
        assert "LICENSE-" in first
    assert "sourceMappingURL" not in (ASSETS / "decap-cms.js").read_text(encoding="utf-8")


def test_build_puts_the_form_into_the_handbook_s_site_and_not_beside_the_cards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(COMPANY, tmp_path, dirs_exist_ok=True)
    (tmp_path / "mkdocs.yml").write_text(BACKEND, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(main, ["build"], catch_exceptions=False)

    assert done.exit_code == 0, done.output
    assert {path.name for path in (tmp_path / "site" / "admin").iterdir()} >= {"index.html", "config.js", "form.js"}
    assert not list((tmp_path / "site-cards").rglob("decap*"))
    assert "admin/" not in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
