"""JSON Schemas of every YAML file, from the same models that load them: for completion in editors."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gmpy2 import mpq
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from kpibook.entry import SNAKE, written
from kpibook.model import Company, CycleFile, Department, Grade, Indicator, Measure, Role

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


class _Generator(GenerateJsonSchema):
    """Writes exact defaults as the numbers that they are."""

    def encode_default(self, dft: Any) -> Any:
        if isinstance(dft, mpq):
            return written(dft)
        return super().encode_default(dft)


def schemas() -> Iterator[tuple[str, Schema]]:
    """Each file's name and schema: company, departments, grades, measures, indicators, role, cycle."""
    for name, schema in (
        ("company", _of(Company)),
        ("departments", _of(tuple[Department, ...])),
        ("grades", _of(tuple[Grade, ...])),
        ("measures", _by_id(Measure, SNAKE)),
        ("indicators", _by_id(Indicator, SNAKE)),
        ("role", _without_id(_of(Role))),
        ("cycle", _of(CycleFile)),
    ):
        yield f"{name}.schema.json", {"$schema": DIALECT, **schema}


def write_schemas(folder: Path) -> int:
    """Write all schemas into `folder`; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    made = list(schemas())
    for name, schema in made:
        text = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return len(made)


def _of(kind: Any) -> Schema:
    return TypeAdapter(kind).json_schema(by_alias=True, schema_generator=_Generator)


def _without_id(schema: Schema) -> Schema:
    """The id of a role, a measure or an indicator is its file's name or its key, never a value."""
    properties = {key: value for key, value in schema["properties"].items() if key != "id"}
    required = [key for key in schema["required"] if key != "id"]
    return {**schema, "properties": properties, "required": required}


def _by_id(kind: Any, pattern: str) -> Schema:
    schema = _without_id(_of(kind))
    definitions = schema.pop("$defs", {})
    entries = {"type": "object", "patternProperties": {f"^{pattern}$": schema}, "additionalProperties": False}
    return {**entries, "$defs": definitions}
