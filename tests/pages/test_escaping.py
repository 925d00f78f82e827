"""Texts are escaped once in every slot of every page: as they were written, so they read."""

import html
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pyromark
import pytest

from cards_made import COMPANY
from kpibook.base.words import LANGUAGES, words
from kpibook.model import Catalog, Grade
from kpibook.pages.cycles.rendering import card_pages
from kpibook.pages.handbook.rendering import handbook_pages
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycles
from kpibook.scoring import score
from marked_texts import ESCAPED_TWICE, marked_catalog, marked_cycle

SAMPLE = Path(__file__).parents[2] / "handbook"
OPTIONS = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_HEADING_ATTRIBUTES


def visible(page: str) -> str:
    """What a reader sees of a page."""
    body = page.split("\n---\n", 1)[1]
    return html.unescape(re.sub(r"<[^>]*>", " ", str(pyromark.html(body, options=OPTIONS))))


def escaped_twice(pages: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pages that show an escape in place of a sign, with the text around it."""
    shown = ((path, visible(page)) for path, page in pages)
    return [
        (path, text[max(found.start() - 40, 0) : found.end() + 40])
        for path, text in shown
        for found in ESCAPED_TWICE.finditer(text)
    ]


@pytest.fixture(scope="module")
def marked() -> Catalog:
    catalog, _ = load_catalog(SAMPLE)
    return marked_catalog(catalog)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_slot_of_the_handbook_escapes_twice(marked: Catalog, language: str) -> None:
    pages = handbook_pages(marked, (), words(language), {})

    assert escaped_twice(pages.items()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_slot_of_the_cards_escapes_twice(language: str) -> None:
    catalog, _ = load_catalog(COMPANY / "handbook")
    cycles, _ = load_cycles(COMPANY / "scorecards", catalog)
    found = marked_catalog(catalog)
    cycle = marked_cycle(cycles[-1])

    pages = card_pages(score(found, cycle, {}), found, words(language))

    assert escaped_twice(pages) == []


def test_the_condition_of_a_grade_reads_as_it_is_written(marked: Catalog) -> None:
    grades = (
        Grade.build(id="A", name="A", from_=80, when=["exact_total > 80", "coverage >= 90"]),
        Grade.build(id="B", name="B", from_=0),
    )

    page = handbook_pages(replace(marked, grades=grades), (), words("en"), {})["grades.md"]

    assert "Also asks for: unrounded total over 80; coverage at least 90" in " ".join(visible(page).split())
