"""The fields of the editors' form, made from the schemas of the files they fill."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kpibook.authoring.schema_tables import KIND, Schema
from kpibook.base.entry import KEBAB, SPOKEN
from kpibook.base.words import Words

LONG = ("definition", "purpose", "content", "requirement", "meaning", "intro", "note")
"""Keys of texts that are often longer than a line."""

LAST = ("scorecard", "extras", "gates", "total", "pay", "examples", "changes", "note")
"""Keys that a form shows, and a new file has, after all others."""

NO_WORDS = ("currency", "server", "sender", "domain", "link", "bot", "code", "where")
"""Keys of texts that are the same in every language, as an address is: one field is enough."""

ENTRIES = "entries"
"""Under this key a form has the rows of a file that is a list, or a mapping by ids, as a whole."""

HOMES: Mapping[str, Mapping[str, str]] = {
    "role": {"collection": "roles"},
    "indicator": {"collection": "indicators"},
    "department": {"collection": "departments", "file": "departments"},
    "measure": {"collection": "measures", "file": "measures"},
    "grade": {"collection": "grades", "file": "grades"},
}
"""Where the entries of a kind are that others name by their ids. A number may be a measure or an indicator: that is no
one place, and it is chosen from a list."""
MOST_OPTIONS = 1000

FLAGS = ("true", "false")
NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
WHOLE = r"^-?[0-9]+$"
Field = dict[str, Any]


class FormFields:
    """From a schema to the fields of a form: texts throughout, so that no number changes its looks."""

    def __init__(self, say: Words) -> None:
        self.say = say

    def file(self, path: str, kind: str, schema: Schema) -> Field:
        """One file that is always there; one that is a list or a mapping by ids has its entries under one key."""
        stem = path.rpartition("/")[2].removesuffix(".yml")
        is_one = "items" in schema or "properties" not in schema
        fields = [self.entries(kind, schema)] if is_one else self.of(schema)
        return {"name": stem, "label": self.say(f"admin.{kind}"), "file": path, "fields": fields}

    def entries(self, kind: str, schema: Schema) -> Field:
        """The one field of a file that is a list, or a mapping by ids."""
        words = {"label": self.say(f"admin.{kind}"), "label_singular": self.say(f"admin.one.{kind}")}
        return {**self.field(ENTRIES, schema, is_required=False), **words}

    def new_id(self, kind: str) -> Field:
        """The id of a new file becomes its name; that of an old one stays."""
        pattern = [f"^{KEBAB}$", self.say("admin.bad_id")]
        texts = {"label": self.say("schemas.id"), "hint": self.say(f"admin.new_id.{kind}")}
        return {**texts, "name": "id", "widget": "string", "required": False, "pattern": pattern}

    def of(self, schema: Schema) -> list[Field]:
        """The fields of a mapping; a rule's own name is told by its type."""
        needed = schema.get("required", ())
        parts = in_order({key: part for key, part in schema["properties"].items() if "const" not in part})
        return [field for key, part in parts.items() for field in self.fields(key, part, is_required=key in needed)]

    def fields(self, key: str, schema: Schema, *, is_required: bool) -> Iterator[Field]:
        """The field of a key, and one beside it for the other language of a text that may stand in two."""
        field = self.field(key, schema, is_required=is_required)
        yield field
        yield from self._in_other(key, schema, field)

    def _in_other(self, key: str, schema: Schema, field: Field) -> Iterator[Field]:
        if is_text(schema) and "properties" in schema and key not in NO_WORDS:
            [other] = [language for language in SPOKEN if language != self.say.language]
            label = self.say(f"admin.in.{other}", label=field["label"])
            yield {**field, "name": f"{key}@{other}", "label": label, "hint": "", "required": False}

    def field(self, key: str, schema: Schema, *, is_required: bool) -> Field:
        """One field, with the title and the description of its schema."""
        label = schema.get("title", key)
        hint = schema.get("description", "")
        return {"label": label, "name": key, "hint": hint, "required": is_required, **self._widget(key, schema)}

    def _widget(self, key: str, schema: Schema) -> Field:
        shapes: Sequence[Schema] = schema.get("anyOf", (schema,))
        rules = [shape for shape in shapes if "rule" in shape.get("properties", {})]
        if rules:
            types = [self._rule(rule) for rule in rules]
            return {"widget": "list", "types": types, "typeKey": "rule", "max": 1, "collapsed": False}
        listed = next((shape["items"] for shape in shapes if "items" in shape), None)
        if listed is not None:
            return self._list(listed)
        table = next((shape for shape in shapes if isinstance(shape.get("additionalProperties"), dict)), None)
        if table is not None:
            return self._table(table["additionalProperties"])
        terms = next((shape for shape in shapes if "properties" in shape and not is_text(shape)), None)
        if terms and len(shapes) > 1 and not any(map(is_text, shapes)):
            return self._either(shapes)
        if terms:
            # Decap asks for what an object needs even where the object itself is left out.
            fields = [{**field, "required": False} for field in self.of(terms)]
            return {"widget": "object", "collapsed": True, "fields": fields}
        return self._scalar(key, schema)

    def _either(self, shapes: Sequence[Schema]) -> Field:
        """A number, or a mapping of some values: one line holds both, as `month: 40000, quarter: 130000`."""
        parts = next(shape["properties"] for shape in shapes if "properties" in shape)
        plain = "|".join(_value(shape) for shape in shapes if "properties" not in shape and shape["type"] != "null")
        pair = "|".join(f"{key}: *{_value(part)}" for key, part in parts.items())
        pattern = f"^(?:{plain}|(?:{pair})(?: *, *(?:{pair}))*)$"
        return {"widget": "string", "pattern": [pattern, self.say("admin.bad_either", keys=", ".join(parts))]}

    def _rule(self, rule: Schema) -> Field:
        name = rule["properties"]["rule"]["const"]
        return {"label": rule["title"], "name": name, "widget": "object", "fields": self.of(rule)}

    def _list(self, items: Schema) -> Field:
        if is_text(items) or "properties" not in items:
            first, *more = self.fields("text", {**items, "title": self.say("admin.entry")}, is_required=False)
            one = {"fields": [first, *more], "summary": "{{fields.text}}"} if more else {"field": first}
            return {"widget": "list", **one}
        fields = self.of(items)
        names = [field["name"] for field in fields]
        shown = next((name for name in ("name", "indicator", "section", "measure", "label") if name in names), names[0])
        weight = " · {{fields.weight}}" if shown in ("indicator", "section") and "weight" in names else ""
        summary = f"{{{{fields.{shown}}}}}{weight}"
        return {"widget": "list", "collapsed": "section" not in names, "summary": summary, "fields": fields}

    def _table(self, entry: Schema) -> Field:
        """A mapping by ids is a list whose rows have ids; one of plain values has keys and values."""
        if "properties" in entry and not is_text(entry):
            texts = {"label": self.say("schemas.id"), "name": "id", "widget": "string"}
            listed = self._list(entry)
            return {**listed, "summary": "{{fields.name}} ({{fields.id}})", "fields": [texts, *listed["fields"]]}
        pair = ("key", "value")
        fields = [{"label": self.say(f"admin.{name}"), "name": name, "widget": "string"} for name in pair]
        more = self._in_other("value", entry, fields[1])
        return {"widget": "list", "summary": "{{fields.key}}: {{fields.value}}", "fields": [*fields, *more]}

    def _scalar(self, key: str, schema: Schema) -> Field:
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        if schema.get(KIND) in HOMES:
            return relation(schema[KIND])
        if "enum" in schema:
            return {"widget": "select", "options": list(_options(schema))}
        if kinds[0] == "boolean":
            flags = [{"label": self.say(f"admin.{word}"), "value": word} for word in FLAGS]
            return {"widget": "select", "options": flags}
        if kinds[0] == "number" and "pattern" in schema:
            return {"widget": "string", "pattern": [schema["pattern"], self.say("admin.bad_part")]}
        if kinds[0] in ("number", "integer"):
            pattern = WHOLE if kinds[0] == "integer" else NUMBER
            return {"widget": "string", "pattern": [pattern, self.say("admin.bad_number")]}
        if "pattern" in schema:
            return {"widget": "string", "pattern": [schema["pattern"], self.say("admin.bad_pattern")]}
        return {"widget": "text" if key in LONG else "string"}


def in_order(properties: Mapping[str, Schema]) -> Mapping[str, Schema]:
    """As a form shows them and a new file has them: a rule's name first."""
    first = [key for key, part in properties.items() if "const" in part]
    later = [key for key in properties if key not in (*first, *LAST)]
    return {key: properties[key] for key in (*first, *later, *LAST) if key in properties}


def is_text(schema: Schema) -> bool:
    """Whether any words may stand there."""
    return {"string", "boolean"} <= set(schema.get("type", ())) and not {"pattern", "enum"} & set(schema)


def _value(schema: Schema) -> str:
    """What a plain value may look like, as a part of a pattern."""
    if "pattern" in schema:
        return f"(?:{str(schema['pattern']).removeprefix('^').removesuffix('$')})"
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    bare = {"boolean": f"(?:{'|'.join(FLAGS)})", "integer": WHOLE}.get(kinds[0], NUMBER)
    return f"(?:{bare.removeprefix('^').removesuffix('$')})"


def relation(kind: str) -> Field:
    """An id is chosen from what the repository holds by now, not from what it held when the site was built."""
    home = HOMES[kind]
    name, identifier = ("name", "{{slug}}") if kind == "role" else (f"{ENTRIES}.*.name", f"{ENTRIES}.*.id")
    return {
        "widget": "relation",
        **home,
        "value_field": identifier,
        "search_fields": [name] if kind == "role" else [name, identifier],
        "display_fields": [name, identifier],
        "options_length": MOST_OPTIONS,
    }


def _options(schema: Schema) -> Iterator[Mapping[str, str]]:
    """The values of a list, ids with the names of what they stand for."""
    values = [value for value in schema["enum"] if value is not None]
    names = schema.get("enumDescriptions", values)
    for value, name in zip(values, names, strict=False):
        yield {"label": name if name == value else f"{name} ({value})", "value": value}
