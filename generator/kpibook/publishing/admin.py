"""A form for those who never open an editor: Decap CMS under `admin/`, its fields made from the same schemas."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kpibook.authoring.schema_tables import Schema
from kpibook.authoring.schemas import schemas
from kpibook.base.problems import Place, Problem
from kpibook.base.words import Words
from kpibook.model import Catalog
from kpibook.publishing.admin_fields import Field, FormFields, in_order, is_text, relation
from kpibook.publishing.admin_library import like_field, write_library
from kpibook.publishing.site.settings import SiteError, read_settings

ASSETS = Path(__file__).parents[1] / "assets" / "admin"
LOCALES = {"zh": "zh_Hans", "en": "en"}
"""What Decap calls the languages."""

PHRASES: Mapping[str, str] = {
    "add_type": "editor.editorWidgets.list.addType",
    "expand": "editor.editorWidgets.object.expand",
    "collapse": "editor.editorWidgets.object.collapse",
    "as_list": "collection.collectionTop.viewAsList",
    "as_grid": "collection.collectionTop.viewAsGrid",
    "unpublished": "collection.entries.unpublishedHeader",
    "field": "editor.editorControl.field.widgetLabel",
    "at_least": "editor.editorControlPane.widget.rangeMin",
    "at_most": "editor.editorControlPane.widget.rangeMax",
    "is_draft": "editor.editorToolbar.statusInfoTooltipDraft",
    "in_review": "editor.editorToolbar.statusInfoTooltipInReview",
    "account": "ui.settingsDropdown.account",
    "close": "mediaLibrary.mediaLibraryModal.close",
}
"""What Decap does not say in every language, by our words for it."""
BLANKS = {name: f"%{{{name}}}" for name in ("item", "widgetLabel", "fieldLabel", "minCount", "maxCount")}
"""What Decap fills in by itself."""

FILES = ("company", "departments", "grades", "measures", "waivers", "terms")
MADE_BY_SAVING = ("waivers", "terms")
"""Files that a handbook may lack: the form shows them empty, and what is saved first makes them."""
NEEDED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("gitlab", "github", "bitbucket", "azure"), ("repo",)),
    "forgejo": ("repo", "app_id"),
    "gitea": ("repo", "app_id", "branch"),
}
"""What each backend has to be told; one that makes no pull requests also its branch, lest it be the main one."""
NO_REVIEW = ("gitea",)
"""Backends of Decap that save into the branch itself and make no pull request."""


def write_admin(folder: Path, handbook: Path, catalog: Catalog, say: Words, config: Path) -> bool:
    """Write the form into `folder` if the company's `mkdocs.yml` switches it on (`extra.admin`); tells whether it does.

    Raises:
        SiteError: the settings name no backend.
    """
    settings = read_settings(config).get("extra")
    asked = settings.get("admin") if isinstance(settings, Mapping) else None
    if asked is None:
        return False
    backend = asked.get("backend") if isinstance(asked, Mapping) else None
    if not isinstance(backend, Mapping) or not backend.get("name"):
        raise SiteError([Problem("admin-backend", Place(config.name))])
    if lacking := [key for key in NEEDED.get(backend["name"], ()) if not backend.get(key)]:
        values = {"backend": backend["name"], "keys": ", ".join(lacking)}
        raise SiteError([Problem("admin-backend-lacks", Place(config.name), values)])
    shutil.copytree(ASSETS, folder)
    offered = write_library(folder, catalog, say, relation("department"))
    script = _script(handbook, catalog, say, asked, offered)
    (folder / "config.js").write_text(script, encoding="utf-8", newline="\n")
    return True


def _script(handbook: Path, catalog: Catalog, say: Words, asked: Mapping[str, Any], offered: Mapping[str, Any]) -> str:
    made = {name.partition(".")[0]: schema for name, schema in schemas(say, catalog)}
    above = {kind: "../../" if kind in ("role", "indicators", "cycle") else "../" for kind in made}
    settings = {
        "config": admin_config(handbook, say, made, asked),
        "schemas": {kind: _bones(schema) for kind, schema in made.items()},
        "names": _names(catalog),
        "library": offered,
        "absent": [f"{handbook.name}/{file}.yml" for file in MADE_BY_SAVING if not _is_there(handbook, file)],
        "languages": [say.language, *catalog.company.other_languages],
        "phrases": {path: say(f"admin.phrases.{name}", **BLANKS) for name, path in PHRASES.items()},
        "mentions": {kind: f"{path}build/schemas/{kind}.schema.json" for kind, path in above.items()},
    }
    # A script must not end before its end, whatever a name holds.
    text = json.dumps(settings, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"window.KPIBOOK = {text};\n"


def _is_there(handbook: Path, file: str) -> bool:
    return (handbook / f"{file}.yml").is_file()


def _names(catalog: Catalog) -> Mapping[str, str]:
    """What the ids that rows hold are called."""
    measures = {key: measure.name for key, measure in catalog.measures.items()}
    return {**measures, **{key: indicator.name for key, indicator in catalog.indicators.items()}}


def _bones(schema: Any) -> Any:
    """What is a list, a mapping, a rule or a text; the form has the words already."""
    if isinstance(schema, list):
        return [_bones(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if is_text(schema):
        return {"text": True, **({"spoken": True} if "properties" in schema else {})}
    named = {key: _bones(part) for key, part in in_order(schema.get("properties", {})).items()}
    kept = {key: _bones(schema[key]) for key in ("items", "additionalProperties", "anyOf", "const") if key in schema}
    return {**kept, **({"properties": named} if "properties" in schema else {})}


def admin_config(handbook: Path, say: Words, made: Mapping[str, Schema], asked: Mapping[str, Any]) -> Field:
    """The configuration of Decap CMS: the company's own settings, and the collections of the catalog."""
    fields = FormFields(say)
    name = handbook.name
    tops = [file for file in FILES if file in MADE_BY_SAVING or _is_there(handbook, file)]
    return {
        "publish_mode": "simple" if asked["backend"].get("name") in NO_REVIEW else "editorial_workflow",
        "show_preview_links": False,
        "media_folder": f"{name}/pages/assets",
        "locale": LOCALES[say.language],
        **asked,
        "backend": {"branch": "main", **asked["backend"]},
        "load_config_file": False,
        "collections": [
            {
                **_folder("roles", "role", name, say),
                "identifier_field": "name",
                "summary": "{{name}}",
                "fields": [fields.new_id("role"), like_field(say), *fields.of(made["role"])],
            },
            {
                **_folder("indicators", "indicators", name, say),
                "identifier_field": "id",
                "summary": "{{filename}}",
                "fields": [fields.new_id("indicators"), fields.entries("indicators", made["indicators"])],
            },
            # What reads and writes a file is told by its collection: each of these is one of its own.
            *(
                {**_collection(top, top, say), "files": [fields.file(f"{name}/{top}.yml", top, made[top])]}
                for top in tops
            ),
        ],
    }


def _collection(name: str, kind: str, say: Words) -> Field:
    label = say(f"admin.{name}")
    return {
        "name": name,
        "label": label,
        "label_singular": say(f"admin.one.{name}"),
        "format": f"kpibook-{kind}",
        "editor": {"preview": False},
    }


def _folder(name: str, kind: str, handbook: str, say: Words) -> Field:
    """A collection of files that can be added to; a file is deleted where others see it, in the repository."""
    made = {"folder": f"{handbook}/{name}", "create": True, "delete": False, "extension": "yml"}
    return {**_collection(name, kind, say), **made, "description": say(f"admin.about.{name}"), "slug": "{{fields.id}}"}
