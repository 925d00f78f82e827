"""JSON Schemas for editors: words for every key, and the same judgement as `check` wherever a schema can judge."""

import json
import operator
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
from gmpy2 import mpq

from kpibook.authoring.reference import meanings
from kpibook.authoring.schema_tables import Schema
from kpibook.authoring.schemas import DIALECT, schemas, write_schemas
from kpibook.base.entry import Entry, Located, LocatedList
from kpibook.base.numbers import NumberFault, parse_plain
from kpibook.base.problems import Problem, has_errors
from kpibook.base.words import LANGUAGES, words
from kpibook.checking.checks import check_catalog, check_cycle
from kpibook.model import Catalog, PayrollColumn, Relation
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycle
from kpibook.reading.yamlfile import read_yaml
from sources import ROOT

TESTS = ROOT / "tests"
EN = words("en")
DATES = jsonschema.FormatChecker(["date"])
FOLDERS = sorted(path for path in (TESTS / "problems").iterdir() if path.is_dir())

KNOWN_TO_SCHEMAS = {
    *("unknown-key", "missing-key", "unknown-rule", "unknown-value", "id-inside", "id-too-long"),
    *("bad-kebab-id", "bad-snake-id", "not-a-date", "not-a-flag", "not-a-list", "list-here", "not-a-mapping"),
    *(
        "not-a-number",
        "not-a-text",
        "not-a-host",
        "not-days",
        "not-keep-years",
        "not-decimals",
        "not-positive",
        "not-whole",
        "number-too-large",
    ),
    *("empty-list", "factor-negative", "rater-weight", "share-out-of-range", "weight-out-of-range"),
    *("adjustment-limit-negative", "not-keep-years", "quota-out-of-range"),
    *("gate-without-effect", "points-or-steps", "requirement-open", "formula-too-long"),
}
KNOWN_WITH_IDS = {*KNOWN_TO_SCHEMAS, "dangling-reference", "retired-replaced", "retired-used"}

ONLY_CHECK_KNOWS = {
    # What was recorded after a result was told.
    *(
        "answer-undelivered",
        "appeal-own-decision",
        "appeal-same-decider",
        "appeal-step",
        "appeal-two-results",
        "appeal-unfiled",
    ),
    *(
        "interview-by-oneself",
        "plan-without-item",
        "plan-row-replaced",
        "record-other-result",
        "record-too-early",
        "record-two-people",
    ),
    *("record-unpublished", "record-in-future", "answer-too-soon", "answer-without-delivery"),
    *("appeal-decided-by-party", "appeal-late", "appeal-undelivered", "plan-row-replaced"),
    # What has been approved.
    *("roles-not-approved", "roles-not-counted", "target-not-approved", "target-own-approval"),
    *("target-without-approver", "adjustment-not-approved", "adjustment-over-limit", "adjustment-own-approval"),
    *("adjustment-refused", "adjustment-without-approver", "adjustments-over-limit", "target-head-approval"),
    # Whose grades are how many.
    *("quota-exceeded", "quota-pool-exceeded", "quota-pool-tied", "quota-tied"),
    # How a total is made by levels.
    *("total-levels-missing", "total-levels-order", "total-levels-unused"),
    # What is written as a word or a day.
    *("answers-not-two", "date-without-due", "due-of-no-date", "kind-of-computed"),
    # Whose post rates.
    *("rater-post-empty", "rater-post-shared", "rater-post-unused"),
    # What lacks its words.
    *("attainment-without-note", "rating-without-comment"),
    # Numbers of a cycle that are likely wrong.
    *("department-sum-differs", "same-for-everybody", "value-hundredfold"),
    *("number-jumped", "number-zero", "number-repeated"),
    # What people.csv holds.
    *("login-reserved", "login-taken"),
    # Targets by month.
    *("series-column", "series-department", "series-indicator", "series-person", "series-person-unknown"),
    *("series-role", "series-subject", "series-sum", "series-twice"),
    # What a job level changes.
    *("job-level-item-elsewhere", "job-level-item-empty", "job-level-twice"),
    # How the file is written: an editor's YAML says most of it in its own way.
    *("alias", "anchor", "bad-escape", "bad-indentation", "bad-key", "bidi-character", "bom-inside", "bracket-open"),
    *("colon-in-text", "colon-missing", "complex-key", "control-code", "directive", "duplicate-key", "empty-key"),
    *("folded-text", "full-width-colon", "full-width-quotes", "invisible-character", "key-not-ascii"),
    *("looks-like-gbk", "looks-like-utf16", "lost-character", "merge-key", "multi-line-text"),
    *("no-space-after-colon", "not-utf8", "odd-line-break", "odd-space", "odd-start", "only-text", "quote-open"),
    *("several-documents", "tab", "tag", "text-after-hash", "text-after-value", "too-deep", "yaml-syntax"),
    # What columns payroll cannot do without.
    *("payroll-header-missing", "payroll-header-twice"),
    # Lists and the bonus of a year.
    *("bonus-name", "list-cycles", "list-missing"),
    # What is a secret, and what people.csv holds.
    *("bot-not-a-variable", "mail-not-an-address"),
    # What examples come to.
    *("example-incomplete", "example-undecided", "example-unused", "example-wrong"),
    # What targets, or columns and numbers, come to together.
    *("cascade-gap", "column-and-number"),
    # What pay, streaks and the lowest grade may say.
    *("formula-or-pool", "grade-bottom-condition", "pool-missing", "streak-cycles", "streak-name"),
    # What was called otherwise before.
    *("id-gone", "was-still-used", "was-twice"),
    # What files are called, and where they lie.
    *("bad-file-name", "reserved-file-name", "stray-file"),
    # The grammar of formulas.
    *("formula-argument-count", "formula-bracket-open", "formula-character", "formula-ends-early"),
    *("formula-chain-too-long", "formula-too-large"),
    *("formula-function-as-name", "formula-too-deep", "formula-unexpected", "formula-unknown-function"),
    *("formula-unknown-scope", "formula-round-places", "formula-word-as-id", "formula-zero-divisor"),
    # What can be right and is likely wrong.
    *("deduction-beyond-weight", "formula-beyond-weight", "part-over-whole", "target-or-fraction"),
    # What several values, entries or files say together.
    *(
        "absent-days-missing",
        "approval-incomplete",
        "band-empty",
        "band-gap",
        "band-gap-at",
        "band-marks-twice",
        "band-open-above",
        "band-open-below",
        "band-unreached",
    ),
    *("bands-falling", "bound-on-all-events"),
    *("bands-overlap", "circular-reference", "duplicate-id", "duties-missing", "extra-limits", "extra-without-max"),
    *("alias-taken", "alias-unused"),
    *("factor-missing", "floor-over-cap", "grade-bottom", "grade-order", "indicator-twice", "indicator-unused"),
    *("level-order", "level-twice", "levels-overlap", "linear-flat", "measure-and-indicator", "measure-unused"),
    *("minimum-over-maximum", "other-department", "points-beyond-weight", "range-order", "raters-total"),
    *("raters-without-rating", "requirement-impossible", "reserved-id", "rule-against-direction"),
    *("beside-order", "beside-without-rule", "bonus-on-both-sides", "cliff-off-the-line", "events-of-no-measure"),
    *("item-max-under-weight", "item-without-max", "stretch-half"),
    *("pay-row-unreached", "pay-table-unused", "pay-total-unused", "scorecard-of-sharer", "scorecard-twice"),
    *("confidential-used", "draft-used"),
    *("marks-mixed", "scale-order", "section-marks-weight", "total-without-weight"),
    *("rule-for-one-way", "schedule-order", "section-weight", "shares-open", "shares-total", "similar-id"),
    *("standard-missing", "steps-falling", "steps-order", "supports-nothing", "target-missing", "target-unusable"),
    *("units-differ", "weight-missing", "weights-total"),
}


def is_number(_: jsonschema.TypeChecker, value: object) -> bool:
    """A number as the catalog's YAML writes it: a text until a model asks for a number."""
    try:
        return isinstance(value, str) and isinstance(parse_plain(value), mpq)
    except NumberFault as fault:
        digits = str(value).removeprefix("-").replace(".", "", 1)
        return fault.code == "number-too-large" and digits.isdecimal()


def is_whole(checker: jsonschema.TypeChecker, value: object) -> bool:
    return is_number(checker, value) and parse_plain(str(value)).denominator == 1


TYPES = jsonschema.Draft7Validator.TYPE_CHECKER.redefine_many(
    {
        "number": is_number,
        "integer": is_whole,
        "boolean": lambda _, value: value in ("true", "false"),
    }
)


def bound(holds: Callable[[Fraction, int], bool]) -> Any:
    """A keyword that compares numbers, for numbers that are texts."""

    def judged(_: Any, limit: int, value: object, __: Schema) -> Iterator[jsonschema.ValidationError]:
        if is_number(TYPES, value) and not holds(Fraction(str(value)), limit):
            yield jsonschema.ValidationError(f"{value} and {limit}")

    return judged


extend: Any = jsonschema.validators.extend
Judge = extend(
    jsonschema.Draft7Validator,
    {"minimum": bound(operator.ge), "maximum": bound(operator.le), "exclusiveMinimum": bound(operator.gt)},
    type_checker=TYPES,
)


Files = dict[str, Located | LocatedList | None]
"""By their names what files say."""


def schema_of(path: Path) -> str:
    """Which schema a file is for."""
    kind = (
        path.parent.name if path.parent.name == "indicators" else "role" if path.parent.name == "roles" else path.stem
    )
    return f"{kind}.schema.json"


def readable(root: Path) -> Files:
    """What the files below `root` say, apart from those that are no YAML of ours; their editor stumbles as well."""
    paths = (*root.glob("handbook/**/*.yml"), *root.glob("scorecards/*/cycle.yml"))
    read = {path.relative_to(root).as_posix(): read_yaml(path, path.name) for path in paths}
    return {name: value for name, (value, problems) in read.items() if not has_errors(problems)}


def judges(catalog: Catalog | None) -> dict[str, Any]:
    return {name: Judge(schema, format_checker=DATES) for name, schema in schemas(EN, catalog)}


@cache
def judges_of_all_companies() -> dict[str, Any]:
    """Those without ids: making them takes longer than all that they judge."""
    return judges(None)


def refused(files: Files, catalog: Catalog | None) -> set[str]:
    """The files in which the schemas find something."""
    made = judges(catalog) if catalog else judges_of_all_companies()
    judged = ((name, value, made.get(schema_of(Path(name)))) for name, value in files.items())
    return {name for name, value, judge in judged if judge and not judge.is_valid(value)}


def judged(root: Path) -> tuple[Catalog, list[Problem]]:
    catalog, problems = load_catalog(root / "handbook")
    found = [*problems, *check_catalog(catalog)]
    for folder in sorted((root / "scorecards").iterdir()):
        cycle, cycle_problems = load_cycle(folder, catalog)
        found += [*cycle_problems, *check_cycle(catalog, cycle)]
    return catalog, found


def in_formula(problem: Problem) -> bool:
    """Whether a reference stands in a formula, whose grammar no schema knows."""
    return problem.values.get("key") in ("formula", "when", "points")


def a_company(tmp_path: Path, overlay: Path) -> Path:
    for folder in (TESTS / "company", overlay):
        shutil.copytree(folder, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.*"))
    return tmp_path


def entries() -> Iterator[type[Entry]]:
    return (kind for kind, _ in meanings())


def inner_entries(kind: object) -> Iterator[type[Entry]]:
    """The entries that a type holds, itself included."""
    if isinstance(kind, type) and issubclass(kind, Entry):
        yield kind
        for field in kind.model_fields.values():
            yield from inner_entries(field.annotation)
    else:
        for part in get_args(kind):
            yield from inner_entries(part)


def parts(schema: object) -> Iterator[Schema]:
    """Every mapping of a schema, itself first."""
    if isinstance(schema, dict):
        yield schema
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from parts(part)


def test_every_yaml_file_has_a_schema() -> None:
    assert [name.removesuffix(".schema.json") for name, _ in schemas(EN)] == [
        *("company", "departments", "grades", "measures", "waivers", "terms", "indicators", "role", "cycle")
    ]


def test_every_schema_is_one() -> None:
    for _, schema in schemas(EN):
        jsonschema.Draft7Validator.check_schema(schema)


def test_every_entry_of_every_file_has_its_words() -> None:
    worded = set(entries())

    held = {inner for kind in tuple(worded) for inner in inner_entries(kind)}

    assert held == worded


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_has_a_title_and_a_description(language: str) -> None:
    made = dict(schemas(words(language)))

    bare = [
        f"{name}: {key}"
        for name, schema in made.items()
        for part in parts(schema)
        if part.get("additionalProperties") is False
        for key, value in part["properties"].items()
        if not value.get("title") or not (value.get("description") or key in {*Relation, *PayrollColumn})
    ]

    assert not bare


def test_titles_are_in_the_language_asked_for() -> None:
    for language, name, weight in (("zh", "名称", "权重"), ("en", "Name", "Weight")):
        role = dict(schemas(words(language)))["role.schema.json"]
        item = role["properties"]["scorecard"]["items"]["properties"]["items"]["items"]

        assert role["properties"]["name"]["title"] == name
        assert item["properties"]["weight"]["title"] == weight


def test_ids_that_are_keys_or_file_names_are_no_properties() -> None:
    made = dict(schemas(EN))

    measure = made["measures.schema.json"]["additionalProperties"]

    assert "id" not in measure["properties"]
    assert measure["required"] == ["name", "unit", "owner"]
    assert "id" not in made["role.schema.json"]["properties"]
    assert "id" in made["departments.schema.json"]["items"]["properties"]


def test_defaults_are_exact_numbers() -> None:
    role = dict(schemas(EN))["role.schema.json"]

    caps = [part["cap"]["default"] for part in parts(role) if "cap" in part and "default" in part["cap"]]

    assert caps == [100, 100]


def test_no_schema_needs_another_one() -> None:
    assert not [part for _, schema in schemas(EN) for part in parts(schema) if "$ref" in part]


def test_ids_come_with_their_names() -> None:
    catalog, _ = load_catalog(TESTS / "company" / "handbook")

    department = dict(schemas(EN, catalog))["role.schema.json"]["properties"]["department"]

    assert department["enum"] == list(catalog.departments)
    assert department["enumDescriptions"] == [each.name for each in catalog.departments.values()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_word_of_a_closed_vocabulary_comes_with_its_meaning(language: str) -> None:
    """Whoever chooses in a form reads 已批准, not approved."""
    made = dict(schemas(words(language)))

    bare = [
        f"{name}: {key}"
        for name, schema in made.items()
        for part in parts(schema)
        for key, value in part.get("properties", {}).items()
        if len(value.get("enumDescriptions", ())) != len([each for each in value.get("enum", ()) if each is not None])
    ]

    assert not bare


def test_what_by_means_depends_on_whose_it_is() -> None:
    role = dict(schemas(words("zh")))["role.schema.json"]["properties"]
    [proportional] = [
        rule["properties"]
        for rule in role["scorecard"]["items"]["properties"]["items"]["items"]["properties"]["standard"]["anyOf"]
        if rule.get("properties", {}).get("rule", {}).get("const") == "proportional"
    ]

    titles = [each["by"]["title"] for each in (role, role["pay"]["items"]["properties"], proportional)]

    assert titles == ["由谁决定", "分配依据", "比法"]


def test_ids_are_left_open_where_their_file_cannot_be_read(tmp_path: Path) -> None:
    root = a_company(tmp_path, TESTS / "problems" / "bracket-open")
    (root / "handbook" / "departments.yml").write_text("- {id: shop, name: Shop\n", encoding="utf-8")
    catalog, _ = load_catalog(root / "handbook")

    department = dict(schemas(EN, catalog))["role.schema.json"]["properties"]["department"]

    assert "enum" not in department


def test_written_schemas_are_read_back_the_same(tmp_path: Path) -> None:
    count = write_schemas(tmp_path / "schemas", EN)

    read = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in (tmp_path / "schemas").iterdir()}
    assert count == 9
    assert read == dict(schemas(EN))
    assert all(schema["$schema"] == DIALECT for schema in read.values())


def test_texts_may_stand_in_both_languages_where_the_handbook_is_in_two() -> None:
    catalog, _ = load_catalog(TESTS / "company" / "handbook")
    company = catalog.company.model_copy(update={"languages": ("zh", "en")})

    both = dict(schemas(EN, replace(catalog, company=company)))
    alone = dict(schemas(EN, catalog))

    role = both["role.schema.json"]["properties"]
    assert list(role["name"]["properties"]) == ["zh", "en"]
    assert list(role["authority"]["anyOf"][0]["items"]["properties"]) == ["zh", "en"]
    assert "properties" not in role["levels"]["items"]["properties"]["id"]
    assert "properties" not in role["pay"]["items"]["properties"]["formula"]
    assert "properties" not in alone["role.schema.json"]["properties"]["name"]
    assert "x-spoken" not in json.dumps([both, alone])


def test_an_unchanged_schema_is_not_written_again(tmp_path: Path) -> None:
    write_schemas(tmp_path, EN)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}

    write_schemas(tmp_path, EN)

    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("root", [ROOT, TESTS / "company"], ids=["sample", "tiny"])
def test_a_sound_company_passes_every_schema(root: Path) -> None:
    catalog, _ = load_catalog(root / "handbook")

    files = readable(root)
    assert not refused(files, catalog)
    assert not refused(files, None)


def test_it_is_known_which_codes_a_schema_can_know() -> None:
    told = {folder.name for folder in FOLDERS}

    assert not KNOWN_WITH_IDS & ONLY_CHECK_KNOWS
    assert not {code for code in told if not code.startswith("lint-")} - KNOWN_WITH_IDS - ONLY_CHECK_KNOWS


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_schemas_and_check_agree(folder: Path, tmp_path: Path) -> None:
    root = a_company(tmp_path, folder)
    catalog, problems = judged(root)
    files = readable(root)

    for given, known in ((None, KNOWN_TO_SCHEMAS), (catalog, KNOWN_WITH_IDS)):
        expected = {problem.place.file for problem in problems if problem.code in known and not in_formula(problem)}
        expected &= set(files)

        assert refused(files, given) == expected
