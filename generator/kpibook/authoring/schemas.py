"""JSON Schemas of every YAML file, from the same models that load them: for completion in editors."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from gmpy2 import mpq
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from kpibook.authoring.reference import meanings
from kpibook.authoring.schema_tables import (
    BOUNDS,
    KEYS_OF,
    KIND,
    MORE_THAN_ZERO,
    NOT_NEGATIVE,
    ONE_OF_TWO,
    REFERENCES,
    Schema,
)
from kpibook.base.entry import MAX_ID, SNAKE, SPEAKS, SPOKEN, Entry, json_number
from kpibook.base.words import Words
from kpibook.model import (
    Catalog,
    Company,
    CycleFile,
    Department,
    Grade,
    Indicator,
    Lifecycle,
    Measure,
    Role,
    Term,
    Waiver,
)

DIALECT = "http://json-schema.org/draft-07/schema#"
"""The newest dialect that all editors know."""


PARTS = {"waivers": "waiver", "terms": "term"}
"""Files that the guide names otherwise."""

MEANINGS: Mapping[str, str] = {kind.__name__: key for kind, key in meanings()}
"""Where the meanings of an entry's keys stand."""


class _Generator(GenerateJsonSchema):
    """Writes exact defaults as the numbers that they are."""

    def encode_default(self, dft: Any) -> Any:
        if isinstance(dft, mpq):
            return json_number(dft)
        return super().encode_default(dft)


def schemas(say: Words, catalog: Catalog | None = None) -> Iterator[tuple[str, Schema]]:
    """Each file's name and schema: company, departments, grades, measures, waivers, terms, indicators, role, cycle.

    Titles and descriptions are in the language of `say`; with a catalog, references are limited to its own ids. Texts
    may stand in both languages where its handbook is in two.
    """
    ids = _ids(catalog) if catalog else {}
    has_languages = bool(catalog and catalog.company.other_languages)
    for name, shape in (
        ("company", _schema_of(Company, say, ids)),
        ("departments", _list_or_nothing(_schema_of(Department, say, ids))),
        ("grades", _list_or_nothing(_schema_of(Grade, say, ids))),
        ("measures", _mapping_or_nothing(_schema_of(Measure, say, ids))),
        ("waivers", _list_or_nothing(_schema_of(Waiver, say, ids))),
        ("terms", _list_or_nothing(_schema_of(Term, say, ids))),
        ("indicators", _mapping_or_nothing(_schema_of(Indicator, say, ids))),
        ("role", _schema_of(Role, say, ids)),
        ("cycle", _schema_of(CycleFile, say, ids)),
    ):
        words = f"handbook.file.{PARTS.get(name, name)}"
        titles = {"title": say(f"{words}.title"), "description": say(f"{words}.about")}
        yield f"{name}.schema.json", {"$schema": DIALECT, **titles, **_spoken(shape, has_languages=has_languages)}


def schema_files(say: Words, catalog: Catalog | None = None) -> Iterator[tuple[str, str]]:
    """Each file's name and text."""
    for name, schema in schemas(say, catalog):
        yield name, json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _spoken(made: Any, *, has_languages: bool) -> Any:
    """A finished schema: marked texts may stand in both languages where the handbook is in two."""
    if isinstance(made, list):
        return [_spoken(each, has_languages=has_languages) for each in made]
    if not isinstance(made, dict):
        return made
    found = {key: _spoken(each, has_languages=has_languages) for key, each in made.items() if key != SPEAKS}
    if has_languages and SPEAKS in made:
        text = {"type": "string"}
        spoken = {"properties": dict.fromkeys(SPOKEN, text), "required": list(SPOKEN), "additionalProperties": False}
        return {**found, **spoken, "type": [*found["type"], "object"]}
    return found


def write_schemas(folder: Path, say: Words, catalog: Catalog | None = None) -> int:
    """Write all schemas into `folder`, only what changes: editors look; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {name: text.encode("utf-8") for name, text in schema_files(say, catalog)}
    for name, content in made.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)
    return len(made)


def _ids(catalog: Catalog) -> Mapping[str, Mapping[str, str]]:
    """The ids to choose from with their names, by kind; a kind of which some are not readable is left open."""
    kinds: Mapping[str, Mapping[str, str]] = {
        "department": {key: entry.name for key, entry in catalog.departments.items()},
        "role": {key: entry.name for key, entry in catalog.roles.items()},
        "measure": _in_use(catalog.measures),
        "indicator": _in_use(catalog.indicators),
        "grade": {entry.id: entry.name for entry in catalog.grades},
    }
    faulty: dict[str, dict[str, str]] = {kind: {} for kind in kinds}
    for kind, identifier in sorted(catalog.faulty):
        faulty.setdefault(kind, {}).setdefault(identifier, identifier)
    known = {kind: {**faulty[kind], **names} for kind, names in kinds.items()}
    known["number"] = {**known["measure"], **known["indicator"]}
    return {kind: names for kind, names in known.items() if names and "" not in names}


def _in_use(entries: Mapping[str, Measure] | Mapping[str, Indicator]) -> Mapping[str, str]:
    """The ids to choose from: what is retired is offered no more."""
    return {key: entry.name for key, entry in entries.items() if entry.status is not Lifecycle.RETIRED}


def _schema_of(kind: type[Entry], say: Words, ids: Mapping[str, Mapping[str, str]]) -> Schema:
    definitions = _generated()
    made = definitions[kind.__name__]
    if kind in (Role, Measure, Indicator):
        made = _without_id(made)
    return _Finisher(definitions, say, ids).entry(kind.__name__, made)


@cache
def _generated() -> Mapping[str, Schema]:
    """What the models make by themselves, by the name of each type, the same for every company and only read.

    All at once: what several kinds of files share is worked out once.
    """
    kinds = (Company, Department, Grade, Measure, Waiver, Term, Indicator, Role, CycleFile)
    _, made = models_json_schema([(kind, "validation") for kind in kinds], schema_generator=_Generator)
    definitions: Mapping[str, Schema] = made["$defs"]
    return definitions


def _list_or_nothing(schema: Schema) -> Schema:
    """The schema of a file that is a list, or has no content, which is an empty list."""
    return {"type": ["array", "null"], "items": schema}


def _without_id(schema: Schema) -> Schema:
    """The id of a role, a measure or an indicator is its file's name or its key, never a value."""
    properties = {key: value for key, value in schema["properties"].items() if key != "id"}
    required = [key for key in schema["required"] if key != "id"]
    return {**schema, "properties": properties, "required": required}


def _mapping_or_nothing(schema: Schema) -> Schema:
    """The schema of a file that is a mapping by ids, or has no content, which is an empty mapping."""
    return {
        "type": ["object", "null"],
        "propertyNames": {"pattern": f"^{SNAKE}$", "maxLength": MAX_ID},
        "additionalProperties": schema,
    }


class _Finisher:
    """Turns what the models make into what an editor shows: words, bounds, the company's ids, and no references."""

    def __init__(self, definitions: Mapping[str, Schema], say: Words, ids: Mapping[str, Mapping[str, str]]) -> None:
        self.definitions = definitions
        self.say = say
        self.ids = ids

    def entry(self, name: str, made: Schema) -> Schema:
        """A mapping of the catalog, with a title and a description for each key."""
        needed = made.get("required", [])
        properties = made["properties"].items()
        fields = {key: self._field(name, key, value, is_required=key in needed) for key, value in properties}
        schema: Schema = {"type": "object", "properties": fields, "required": needed, "additionalProperties": False}
        combination, keys = ONE_OF_TWO.get(name, ("", ()))
        return {**schema, combination: [{"required": [key]} for key in keys]} if keys else schema

    def _field(self, name: str, key: str, made: Schema, *, is_required: bool) -> Schema:
        default = made.get("default")
        schema = {**self._reference(name, key, self._shape(made)), **BOUNDS.get((name, key), {})}
        schema.update(self._values(key, schema))
        if not is_required:
            schema = _or_nothing(schema)
        if default not in (None, "", [], {}):
            schema["default"] = default
        return {**self._words(name, key, schema), **schema}

    def _words(self, name: str, key: str, schema: Schema) -> Schema:
        """The title and the description of a key, as far as there are words: a build never fails for lack of them."""
        meaning = f"handbook.rule.{schema['const']}.about" if key == "rule" else f"{MEANINGS.get(name)}.{key}"
        titles = (("title", f"schemas.{key}"), ("title", f"schemas.{name}.{key}"))
        known = (*titles, ("description", f"schemas.inside.{key}"), ("description", meaning))
        return {word: self.say(text) for word, text in known if text in self.say}

    def _values(self, key: str, schema: Schema) -> Schema:
        """What the words of a closed vocabulary mean, in the language of the reader."""
        words = [f"schemas.meant.{key}.{value}" for value in schema.get("enum", ())]
        has_words = "enumDescriptions" not in schema and words and all(word in self.say for word in words)
        return {"enumDescriptions": [self.say(word) for word in words]} if has_words else {}

    def _shape(self, made: Schema) -> Schema:
        """What a value may be."""
        if "$ref" in made:
            return self._named(made["$ref"].rpartition("/")[2])
        choices = made.get("anyOf") or made.get("oneOf")
        if choices:
            shapes = [self._shape(choice) for choice in choices if choice != {"type": "null"}]
            return shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
        if "propertyNames" in made or "patternProperties" in made:
            return self._table(made)
        if made.get("type") == "array":
            return {"type": "array", "items": self._shape(made["items"])}
        return _scalar(made)

    def _named(self, name: str) -> Schema:
        made = self.definitions[name]
        if "properties" not in made:
            return _scalar(made)
        rule = made["properties"].get("rule", {}).get("const", "")
        title: Schema = {"title": self.say(f"handbook.rule.{rule}.title")} if rule else {}
        return {**title, **self.entry(name, made)}

    def _table(self, made: Schema) -> Schema:
        """A mapping whose keys are the words of a list, or texts of one pattern; its numbers are weights and counts."""
        patterns = made.get("patternProperties", {})
        value = self._shape(made.get("additionalProperties") or next(iter(patterns.values())))
        least = MORE_THAN_ZERO if patterns else NOT_NEGATIVE
        values = _bounded(value, least)
        names = {**made.get("propertyNames", {}), **({"pattern": next(iter(patterns))} if patterns else {})}
        if "$ref" not in names:
            return {"type": "object", "propertyNames": names, "additionalProperties": values}
        words, group = self._shape(names)["enum"], KEYS_OF[names["$ref"].rpartition("/")[2]]
        properties = {word: {"title": self.say(f"{group}.{word}"), **values} for word in words}
        return {"type": "object", "properties": properties, "additionalProperties": False}

    def _reference(self, name: str, key: str, schema: Schema) -> Schema:
        """The company's own ids, where a value has to be one of them."""
        kind = REFERENCES.get((name, key), "")
        names = self.ids.get(kind)
        if names is None:
            return schema
        return {"type": "string", KIND: kind, "enum": list(names), "enumDescriptions": list(names.values())}


def _scalar(made: Schema) -> Schema:
    """A value without the words of the code; a text may look like a number to an editor, an id too."""
    schema = {key: value for key, value in made.items() if key not in ("title", "description", "default")}
    if schema.get("type") == "string" and not {"enum", "const", "format"} & set(schema):
        schema["type"] = ["string", "number", "boolean"]
    return schema


def _bounded(schema: Schema, bound: Schema) -> Schema:
    """A value, or each form that it may have, with a bound for numbers."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [_bounded(form, bound) for form in schema["anyOf"]]}
    return {**schema, **bound} if "number" in schema.get("type", ()) else schema


def _or_nothing(schema: Schema) -> Schema:
    """The same, or a key without a value, which counts as not given."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    words = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [*kinds, "null"], **words}
