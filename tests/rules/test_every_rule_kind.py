"""Everything that a kind of rule has to have, asked of each member of the union: a new one cannot be forgotten."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, get_args

import pytest
import yaml
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st

from handbook_made import pages_of
from kpibook.authoring.schemas import schemas
from kpibook.base.words import LANGUAGES, words
from kpibook.model import Catalog, Extra, Indicator, ScorecardItem
from kpibook.pages import paths
from kpibook.pages.drawing.curve import curve
from kpibook.pages.handbook.guide import example_of
from kpibook.publishing.admin import admin_config
from kpibook.rules.standards import Rule, Standard
from kpibook.scoring import score
from kpibook.scoring.explain import item_lines, rule_sentence
from kpibook.scoring.results import ItemScore
from making import catalog, cycle, indicator, measure, person, rating, role
from oracle_rules import BESIDE_RULES, RULES
from sources import ROOT
from worlds import EXTRA_STANDARDS, STANDARDS, WIDE

KINDS: tuple[type[Rule], ...] = get_args(get_args(Standard)[0])
NAMES = tuple(get_args(kind.model_fields["rule"].annotation)[0] for kind in KINDS)
NO_NUMBER_DECIDES = ("rating",)
"""Kinds without a drawing: people decide."""
EXTRAS_ALONE = ("excess",)


def example(rule: str, language: str = "en") -> tuple[Indicator, ScorecardItem | Extra]:
    """What the guide shows of a kind."""
    return example_of(rule, words(language)(f"handbook.rule.{rule}.example"))


def company(rule: str) -> Catalog:
    """A clerk who is scored by the guide's example alone."""
    judged, item = example(rule)
    written = yaml.load(words("en")(f"handbook.rule.{rule}.example"), yaml.CBaseLoader)["item"]
    written.setdefault("target", "50")
    others = [measure(name.id) for name in _names(item) if name.id != judged.id]
    values = {"extras": [written]} if isinstance(item, Extra) else {}
    beside = {"indicator": "other", "weight": 100, "standard": {"rule": "rating"}}
    made = role("clerk", [beside] if values else [written], **values)
    return catalog([made], [judged, indicator("other")], others)


def _names(item: ScorecardItem | Extra) -> Iterator[Any]:
    yield from item.standard.names() if item.standard else ()


def scored(rule: str) -> tuple[Catalog, ItemScore]:
    """The example with a number for everything that it asks for."""
    made = company(rule)
    judged, item = example(rule)
    numbers = {("E1", name.id): 3 for name in _names(item)} | {("E1", judged.id): 95}
    month = cycle([person("E1")], numbers, ratings={("E1", judged.id): (rating(4),)})
    [part] = score(made, month, {}).cards[0].spans
    return made, [*part.items, *part.extras][-1]


def test_each_kind_is_named_once() -> None:
    assert len(set(NAMES)) == len(KINDS) == len(NAMES)


@pytest.mark.parametrize("rule", NAMES)
def test_it_has_a_sentence_in_both_languages(rule: str) -> None:
    made = company(rule)
    owner = made.roles["clerk"]
    items: list[ScorecardItem | Extra] = [*owner.items, *owner.extras]

    chinese, english = (rule_sentence(items[-1], made, words(language)) for language in LANGUAGES)

    assert chinese.endswith("。")
    assert english.rstrip(")").endswith(".")
    assert chinese != english


@pytest.mark.parametrize("rule", NAMES)
def test_it_has_a_derivation_in_both_languages(rule: str) -> None:
    made, found = scored(rule)

    chinese, english = (item_lines(found, made, words(language)) for language in LANGUAGES)

    assert found.points is not None
    assert found.steps
    assert len(chinese) == len(english) > 1
    assert chinese != english


@pytest.mark.parametrize("rule", NAMES)
def test_it_is_drawn_where_one_number_decides(rule: str) -> None:
    judged, item = example(rule)

    assert [bool(curve(item, judged, words(language))) for language in LANGUAGES] == (
        [rule not in NO_NUMBER_DECIDES] * len(LANGUAGES)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_has_its_part_of_the_guide_with_every_parameter(language: str) -> None:
    say = words(language)
    page = pages_of(catalog([], language=language), language=language)[paths.GUIDE_RULES]
    page = unescape(page)

    for rule, kind in zip(NAMES, KINDS, strict=True):
        assert f"{{#rule-{rule}}}" in page
        assert all(say(f"handbook.rule.{rule}.{part}") for part in ("title", "about", "example"))
        keys = [key for key in kind.model_fields if key not in ("rule", "examples", "note", "places")]
        lacking = [key for key in keys if not re.search(rf"\b{key}\b", page)]
        assert lacking == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_schemas_and_the_form_offer_each(language: str) -> None:
    made = {name.partition(".")[0]: schema for name, schema in schemas(words(language), catalog([]))}
    config = admin_config(ROOT / "handbook", words(language), made, {"backend": {"name": "gitlab"}})

    assert [rule for rule in NAMES if not _is_offered(made["role"], "const", rule)] == []
    [fields] = [each["fields"] for each in config["collections"] if each["name"] == "roles"]
    offered = {kind["name"] for each in _all(fields) for kind in each.get("types", ())}
    assert offered == set(NAMES)


def _is_offered(schema: object, key: str, rule: str) -> bool:
    return any(each.get(key) == rule for each in _all(schema))


def _all(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    for part in parts:
        yield from _all(part)


@pytest.mark.parametrize("rule", NAMES)
def test_the_second_reckoning_knows_it_and_random_companies_have_it(rule: str) -> None:
    drawn: st.SearchStrategy[dict[str, Any]] = EXTRA_STANDARDS if rule in EXTRAS_ALONE else STANDARDS | WIDE
    quick = settings(phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck))

    found = find(drawn, lambda standard: standard["rule"] == rule, settings=quick)

    assert found["rule"] == rule
    assert rule in {*RULES, *BESIDE_RULES}
