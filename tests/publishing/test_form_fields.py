"""The fields of the form are the keys of the model: a key that the form lacks cannot be edited there, nor seen."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, get_args

import pytest

from kpibook.authoring.schemas import schemas
from kpibook.base.entry import Entry
from kpibook.base.words import words
from kpibook.model import Company, Department, Grade, Indicator, Measure, Role, Term, Waiver
from kpibook.publishing.admin import FILES, admin_config
from kpibook.publishing.admin_fields import ENTRIES
from kpibook.reading.catalog import load_catalog
from kpibook.rules.standards import Standard
from sources import ROOT

KINDS: dict[str, type[Entry]] = {
    "roles": Role,
    "indicators": Indicator,
    "company": Company,
    "departments": Department,
    "grades": Grade,
    "measures": Measure,
    "waivers": Waiver,
    "terms": Term,
}
TOLD_OTHERWISE = {
    "rule": "a rule is chosen by its type, which is its name",
}
"""Keys that are no field, each with why."""
ONE_LINE = {
    "TargetsByKind": "a number, or numbers by kind of cycle",
    "RaterTerms": "a weight, or terms",
    "Scale": "a number, or its ends",
}
"""Mappings that one line holds beside a plain value, as `month: 40000, quarter: 130000`."""

Field = dict[str, Any]


Collections = dict[str, list[Field]]


@pytest.fixture(scope="module")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Collections:
    """The fields of the form by collection; of a list or a mapping by ids, those of one entry."""
    catalog, _ = load_catalog(ROOT / "handbook")
    say = words("en")
    handbook = tmp_path_factory.mktemp("handbook")
    for name in FILES:
        (handbook / f"{name}.yml").touch()
    made = {name.partition(".")[0]: schema for name, schema in schemas(say, catalog)}
    config = admin_config(handbook, say, made, {"backend": {"name": "gitlab"}})
    found = {}
    for each in config["collections"]:
        fields = each["files"][0]["fields"] if "files" in each else each["fields"]
        [entries] = [field for field in fields if field["name"] == ENTRIES] or [None]
        found[each["name"]] = entries["fields"] if entries else fields
    return found


def entries_in(annotation: Any) -> Iterator[type[Entry]]:
    """The mappings that a value may be, however deep they stand in lists and alternatives."""
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        yield annotation
    for part in get_args(annotation):
        yield from entries_in(part)


def rule_of(kind: type[Entry]) -> str:
    [name] = get_args(kind.model_fields["rule"].annotation)
    return str(name)


def lacking(kind: type[Entry], fields: Sequence[Field], at: str) -> Iterator[str]:
    """The keys of a mapping for which the form has no field, and those below them."""
    by_name = {field["name"]: field for field in fields}
    for name, info in kind.model_fields.items():
        key = info.alias or name
        if name == "places" or key in TOLD_OTHERWISE:
            continue
        if key not in by_name:
            yield f"{at}.{key}"
            continue
        field = by_name[key]
        inner = [each for each in entries_in(info.annotation) if each.__name__ not in ONE_LINE]
        if "types" in field:
            types = {each["name"]: each["fields"] for each in field["types"]}
            for rule in inner:
                own = rule_of(rule)
                yield from lacking(rule, types[own], f"{at}.{key}<{own}>") if own in types else (f"{at}.{key}<{own}>",)
            continue
        for each in inner:
            yield from lacking(each, field.get("fields", ()), f"{at}.{key}")


@pytest.mark.parametrize("name", KINDS)
def test_the_form_has_a_field_for_each_key_of_the_model(collections: Collections, name: str) -> None:
    fields = collections[name]

    # The id of a role or an indicator's file is asked for only where one is made.
    assert "id" in {field["name"] for field in fields} or "id" not in KINDS[name].model_fields
    assert not list(lacking(KINDS[name], fields, name))


def test_the_form_has_each_rule(collections: Collections) -> None:
    [scorecard] = [field for field in collections["roles"] if field["name"] == "scorecard"]
    [items] = [field for field in scorecard["fields"] if field["name"] == "items"]
    [standard] = [field for field in items["fields"] if field["name"] == "standard"]

    rules = {rule_of(each) for each in entries_in(Standard)}
    assert len(rules) >= 11
    assert {each["name"] for each in standard["types"]} == rules


def all_fields(fields: Sequence[Field]) -> Iterator[Field]:
    for field in fields:
        yield field
        inner = [field["field"]] if "field" in field else field.get("fields", ())
        yield from all_fields(inner)
        for each in field.get("types", ()):
            yield from all_fields(each["fields"])


def test_every_pattern_of_a_field_is_one_and_says_what_it_asks_for(collections: Collections) -> None:
    for field in all_fields([each for fields in collections.values() for each in fields]):
        pattern, text = field.get("pattern", ("", "-"))
        re.compile(pattern)
        assert text, field["name"]


def test_a_weight_may_be_a_fraction_and_a_consequence_any_words(collections: Collections) -> None:
    """Both were refused by the form, and with them every change of the file."""
    roles, grades = collections["roles"], collections["grades"]
    weights = [field for field in all_fields(roles) if field["name"] == "weight"]
    [consequences] = [field for field in grades if field["name"] == "consequences"]

    assert len(weights) == 3
    assert all(re.fullmatch(weight["pattern"][0], "50/3") for weight in weights)
    assert not any(re.fullmatch(weight["pattern"][0], "50/0") for weight in weights)
    for part in consequences["fields"]:
        assert [field["name"] for field in part["fields"]] == ["text", "list", "cycles"]
        assert "pattern" not in part["fields"][0]
