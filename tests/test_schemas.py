"""JSON Schemas for editors."""

import json
from pathlib import Path

from kpibook.schemas import DIALECT, schemas, write_schemas


def test_every_yaml_file_has_a_schema() -> None:
    assert [name for name, _ in schemas()] == [
        "company.schema.json",
        "departments.schema.json",
        "grades.schema.json",
        "measures.schema.json",
        "indicators.schema.json",
        "role.schema.json",
        "cycle.schema.json",
    ]


def test_ids_that_are_keys_or_file_names_are_no_properties() -> None:
    made = dict(schemas())

    measure = made["measures.schema.json"]["patternProperties"]["^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$"]

    assert "id" not in measure["properties"]
    assert measure["required"] == ["name", "unit", "owner"]
    assert "id" not in made["role.schema.json"]["properties"]


def test_defaults_are_exact_numbers() -> None:
    made = dict(schemas())

    assert made["role.schema.json"]["$defs"]["Proportional"]["properties"]["cap"]["default"] == 100


def test_written_schemas_are_read_back_the_same(tmp_path: Path) -> None:
    count = write_schemas(tmp_path / "schemas")

    read = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in (tmp_path / "schemas").iterdir()}
    assert count == 7
    assert read == dict(schemas())
    assert all(schema["$schema"] == DIALECT for schema in read.values())
