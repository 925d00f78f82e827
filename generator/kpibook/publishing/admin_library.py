"""The library in the form: a file for each role of it, read when somebody begins a new role like it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kpibook.authoring.offered_roles import OPEN_OWNER, OfferedRole, offered_roles
from kpibook.authoring.reused_entries import reused_lines
from kpibook.base.words import Words
from kpibook.model import Catalog

FOLDER = "library"
LIKE = "like"
"""The field in which a role of the library is chosen; it stands in no file."""
SUPPLIER = "supplier"
"""The field for the department that supplies what nobody is known to supply; it stands in no file."""


def like_field(say: Words) -> Mapping[str, Any]:
    """The field that offers the library for a new role."""
    texts = {"label": say("admin.like.label"), "hint": say("admin.like.hint")}
    return {**texts, "name": LIKE, "widget": "kpibook-like", "required": False}


def write_library(folder: Path, catalog: Catalog, say: Words, department: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write a file for each role of the library into `folder`; returns what the form has to know beforehand.

    `department` is the widget that chooses a department.
    """
    offered = tuple(offered_roles(catalog))
    (folder / FOLDER).mkdir()
    for each in offered:
        text = json.dumps(_role_values(each, catalog, say), ensure_ascii=False, separators=(",", ":"))
        (folder / FOLDER / f"{each.role.id}.json").write_text(text, encoding="utf-8", newline="\n")
    texts = {"label": say("admin.like.supplier"), "hint": say("admin.like.supplier_hint")}
    return {
        "folder": catalog.folder,
        "open_owner": f"owner: {OPEN_OWNER}",
        "none": say("admin.like.none"),
        "roles": [{"id": each.role.id, "label": _label(each)} for each in sorted(offered, key=_label)],
        SUPPLIER: {**texts, "name": SUPPLIER, "required": True, **department},
    }


def _label(each: OfferedRole) -> str:
    return f"{each.department} · {each.role.name} ({each.role.id})"


def _role_values(each: OfferedRole, catalog: Catalog, say: Words) -> Mapping[str, Any]:
    """What the form fills in and saves with a role, and what it says of it."""
    is_new = each.role.id not in catalog.roles
    return {
        "values": {**({"id": each.role.id} if is_new else {}), **each.values},
        "entries": [entry._asdict() for entry in each.entries],
        "asks": each.asks_owner,
        "says": list(_sentences(each, say)),
    }


def _sentences(each: OfferedRole, say: Words) -> Iterator[str]:
    comma = say("skeletons.comma")
    if each.entries:
        yield say("admin.like.brings", names=comma.join(entry.name for entry in each.entries))
    yield from reused_lines(each.reused, say)
    for before, after in each.fresh.items():
        yield say("library.fresh", before=before, after=after)
    yield say("admin.like.next")
