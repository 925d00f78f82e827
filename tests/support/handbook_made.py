"""A catalog in a line, and the pages of the handbook that are made of it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from kpibook.base.words import words
from kpibook.model import Catalog, Company, Cycle, Indicator, Role
from kpibook.pages.handbook.rendering import NOTHING, HandbookFacts, handbook_pages
from kpibook.reading.catalog import load_catalog

COMPANY = Path(__file__).parents[1] / "company"


@pytest.fixture(scope="module")
def shop() -> Catalog:
    catalog, problems = load_catalog(COMPANY / "handbook")
    assert not problems
    return catalog


def a_catalog(**parts: object) -> Catalog:
    catalog = Catalog(Company.build(name="公司", language="zh"), {}, (), {}, {}, {})
    return replace(catalog, **parts)  # type: ignore[arg-type]


def a_role(**values: object) -> Role:
    return Role.build(**{"id": "clerk", "name": "店员", "department": "shop", **values})


def pages_of(
    catalog: Catalog,
    *cycles: Cycle,
    language: str = "zh",
    prose: Mapping[str, str] = {},
    known: HandbookFacts = NOTHING,
) -> dict[str, str]:
    return handbook_pages(catalog, cycles, words(language), prose, known)


def an_indicator(identifier: str = "sales", **values: object) -> Indicator:
    return Indicator.build(**{"id": identifier, "name": "销售额", "unit": "元", "direction": "higher", **values})
