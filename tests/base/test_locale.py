"""Both languages say the same things, the code finds every word, and no word lies unused."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from string import Formatter

import pytest

from kpibook.base.words import LANGUAGES, words
from sources import TEMPLATES, called, calls, modules, nodes, text

FAULTS = {"Problem": 0, "PydanticCustomError": 0, "NumberFault": 0, "FormulaFault": 0, "SetAside": 2}
"""What carries a code, and the position of the code among its arguments."""

TRANSLATED = {"wrong-type"}
"""Codes that the catalog tells by another name."""

SAYING = ("say", "HELP", "_say", "spoken")
QUOTED = re.compile(r"""(["'])((?:(?!\1).)*)\1""")
SAID_IN_TEMPLATE = re.compile(r"""\bsay\((["'])([\w.-]+)\1\s*[,)]""")
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def keys(language: str) -> tuple[str, ...]:
    return tuple(words(language).keys())


def placeholders(language: str, key: str) -> set[str]:
    return {name.rstrip("~") for _, name, _, _ in Formatter().parse(words(language)(key)) if name is not None}


PLACED = re.compile(r"(?P<before>[\u3400-\u9fff] ?)\{(?P<name>\w+)(?P<apart>~?)\}(?=(?P<after> ?[\u3400-\u9fff]))")
"""A value among ideographs."""


def test_a_value_among_ideographs_has_a_blank_on_both_sides_or_on_none() -> None:
    """But for days, which begin with a digit and end with an ideograph, and values that see to it by themselves."""
    found = [
        f"{key}: {each[0]}{each['after']}"
        for key in keys("zh")
        for each in PLACED.finditer(words("zh")(key))
        if each["name"] != "day" and not each["apart"] and (" " in each["before"]) != (" " in each["after"])
    ]

    assert found == []


@pytest.mark.parametrize(
    ("key", "values", "expected"),
    [
        ("site.cards_name", {"company": "Green Hill"}, "Green Hill 考核表"),
        ("site.cards_name", {"company": "青山"}, "青山考核表"),
        ("agreements.gate", {"condition": "总分不低于 60", "effect": "发"}, "总分不低于 60 时，发"),
        ("agreements.gate", {"condition": "投诉超过 3 次", "effect": "封顶"}, "投诉超过 3 次时，封顶"),
        ("standards.part_off.exact", {"per": "2%"}, "不足 2% 的部分按比例扣"),
    ],
)
def test_a_blank_stands_between_a_latin_value_and_an_ideograph(key: str, values: dict[str, str], expected: str) -> None:
    assert words("zh")(key, **values) == expected


def codes() -> Iterator[tuple[str, ast.Call]]:
    """Every code that the program can raise and that stands as a text in its call."""
    for _, call in calls():
        position = FAULTS.get(called(call))
        if position is None:
            continue
        named = next((keyword.value for keyword in call.keywords if keyword.arg == "code"), None)
        code = text(named or (call.args[position] if len(call.args) > position else None))
        if code is not None:
            yield code, call


def said() -> Iterator[tuple[str, ast.Call]]:
    """Every key that the program says and that stands as a text in its call."""
    for _, call in calls():
        key = text(call.args[0]) if called(call) in SAYING and call.args else None
        if key is not None:
            yield key, call


@cache
def template_texts() -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.rglob("*")) if path.is_file())


@cache
def constants() -> frozenset[str]:
    """All texts in the code and in the templates."""
    in_code = {
        node.value
        for path in modules()
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    names = {node.arg for path in modules() for node in nodes(path) if isinstance(node, ast.keyword)}
    fields = {
        node.target.id
        for path in modules()
        for node in nodes(path)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    in_templates = {found for content in template_texts() for _, found in QUOTED.findall(content)}
    return frozenset(in_code | in_templates | fields | {name for name in names if name})


@cache
def patterns() -> tuple[re.Pattern[str], ...]:
    """Keys that are put together, as `f"steps.{key}"` or `"steps." ~ key`."""
    formatted = {
        "".join(re.escape(text(part) or "") if isinstance(part, ast.Constant) else "(.+)" for part in node.values)
        for path in modules()
        for node in nodes(path)
        if isinstance(node, ast.JoinedStr)
    }
    joined = {re.escape(found) + "(.+)" for found in constants() if re.fullmatch(r"[\w-]+(?:\.[\w-]+)*\.", found)}
    return tuple(re.compile(each) for each in sorted(formatted | joined) if re.match(r"[\w-]+\\\.", each))


def is_named(part: str) -> bool:
    """Whether the code names a part of a key, alone or as the beginning of a text that is put together."""
    return part in constants() or f"{part}." in constants()


def is_used(key: str) -> bool:
    """Whether the code names the key, or puts it together from parts that it names."""
    # A key may be named without its first part, which the reader of a family of words puts before it.
    rest = key.partition(".")[2]
    if key in constants() or (rest and rest in constants()):
        return True
    if key.startswith("problems."):
        return key.split(".")[1] in constants()
    return any(
        all(is_named(part) or part.isdecimal() for piece in found.groups() for part in piece.split("."))
        for pattern in patterns()
        if (found := pattern.fullmatch(key))
    )


def test_both_languages_have_the_same_keys() -> None:
    chinese, english = set(keys("zh")), set(keys("en"))

    assert not chinese - english, "only in zh"
    assert not english - chinese, "only in en"


def test_both_languages_fill_the_same_names() -> None:
    both = set(keys("zh")) & set(keys("en"))

    different = {
        key: (placeholders("zh", key), placeholders("en", key))
        for key in both
        if placeholders("zh", key) != placeholders("en", key)
    }

    assert not different


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language: str) -> None:
    say = words(language)

    assert not [key for key in keys(language) if not say(key).strip()]


def test_every_problem_has_a_message_and_a_hint() -> None:
    found = {key for key in keys("en") if key.startswith("problems.")}
    told = {key.split(".")[1] for key in found}

    assert found == {f"problems.{code}.{part}" for code in told for part in ("message", "hint")}


def test_every_code_of_the_program_has_its_words() -> None:
    say = words("en")

    raised = {code for code, _ in codes()} - TRANSLATED

    assert not sorted(code for code in raised if f"problems.{code}.message" not in say)


def test_every_code_is_kebab_case() -> None:
    told = {key.split(".")[1] for key in keys("en") if key.startswith("problems.")}

    assert not sorted(code for code in told if not CODE.fullmatch(code))


def test_every_key_that_is_said_exists() -> None:
    in_code = {key for key, _ in said()}
    in_templates = {key for content in template_texts() for _, key in SAID_IN_TEMPLATE.findall(content)}

    assert not sorted((in_code | in_templates) - set(keys("en")))


def test_what_is_said_gets_all_its_values() -> None:
    short = {
        (key, *sorted(lacking))
        for key, call in said()
        if key in words("en") and all(keyword.arg for keyword in call.keywords)
        if (lacking := placeholders("en", key) - {str(keyword.arg) for keyword in call.keywords})
    }

    assert not short


def test_a_problem_gets_all_the_values_of_its_message() -> None:
    short = {
        (code, *sorted(lacking))
        for code, call in codes()
        if f"problems.{code}.message" in words("en") and (given := values_given(call)) is not None
        if (lacking := problem_placeholders(code) - given)
    }

    assert not short


def problem_placeholders(code: str) -> set[str]:
    return placeholders("en", f"problems.{code}.message") | placeholders("en", f"problems.{code}.hint")


def values_given(call: ast.Call) -> set[str] | None:
    """The names of the values of a problem, where its call writes them out."""
    if called(call) != "Problem":
        return None
    named = next((keyword.value for keyword in call.keywords if keyword.arg == "values"), None)
    values = named or (call.args[2] if len(call.args) > 2 else ast.Dict([], []))
    if not isinstance(values, ast.Dict) or None in values.keys:
        return None
    return {text(key) or "" for key in values.keys}


def test_no_word_lies_unused() -> None:
    assert not [key for key in keys("en") if not is_used(key)]
