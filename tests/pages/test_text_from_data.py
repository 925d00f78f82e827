"""Text from data stays text on every page, in both renderers."""

import dataclasses
import re
from collections.abc import Callable

import pytest
import yaml
from gmpy2 import mpq
from jinja2 import UndefinedError

from cards_made import (
    OCTOBER,
    SAY,
    Reader,
    a_card,
    a_catalog,
    by_rust,
    pages,
    results,
)
from cards_rendered import by_python
from kpibook.base.problems import Place
from kpibook.model import (
    Adjustment,
    Catalog,
    FileReport,
    RatingRow,
    Reading,
    Relation,
    SetAside,
)
from kpibook.pages.cards.view import card_view
from kpibook.pages.cycles.rendering import _Setter
from kpibook.pages.figures import Figures
from kpibook.scoring.results import Results
from kpibook.scoring.sources import Gap, Missing, Source, Target, TargetOrigin

HOSTILE = (
    "<script>alert(1)</script>",
    "a | b || c",
    '--8<-- "people.csv"',
    "{{ 7 * 7 }} {% include 'x' %}",
    "first\nsecond\r\n\r\n# third",
    "](javascript:alert(1)) ![x](http://host.invalid/p.png)",
    "{: onclick=alert(1) } {#id}",
    "`code` *bold* _under_ ~~gone~~ &lt; \\| $x$",
    "<!-- open",
    "=HYPERLINK(1) | --- | ---",
    "- list\n1. item\n> quote\n```",
    "</div></details><textarea>",
    "[TOC] :smile: {--x--} [^1] <https://host.invalid>",
)
OWN_TAGS = frozenset(
    {"h1", "h2", "h3", "p", "div", "section", "ul", "ol", "li", "strong", "b", "i", "small", "a", "span", "details"}
    | {"summary", "table", "thead", "tbody", "tr", "th", "td", "svg", "path", "script", "time"}
)
OWN_ATTRIBUTES = frozenset(("class", "markdown", "id", "href", "style", "align", "role"))


# Text from data stays text


def hostile_results(catalog: Catalog, text: str) -> Results:
    """The same text wherever people write free text."""
    card = a_card(catalog, name=text)
    [piece] = card.spans
    first, second = piece.items
    place = Place("scorecards/2026-10/x.csv", 2, 3)
    reading = Reading(mpq(1), place, text, text)
    rating = RatingRow(Relation.PEER, text, place, text, None, text, text)
    aside = SetAside(place, text, "not-a-number", {"text": text}, "E1", "sales")
    items = (
        dataclasses.replace(first, section=text, sources=(Source("E1", "", "sales", mpq(1), (reading,)),)),
        dataclasses.replace(
            second,
            section=text,
            target=Target(mpq(1), TargetOrigin.PERSON, place, text, text),
            ratings=(rating,),
            missing=(Missing("E1", "sales", "support", OCTOBER, aside, Gap.SET_ASIDE),),
        ),
    )
    assignment = dataclasses.replace(piece.assignment, name=text, manager=text)
    changed = dataclasses.replace(
        card,
        spans=(dataclasses.replace(piece, items=items, assignment=assignment),),
        adjustments=(Adjustment(mpq(1), text, text, place),),
    )
    files = (FileReport("scorecards/2026-10/x.csv", "utf-8", 2, 1, 1, converted=((place, text, "1"),)),)
    return results(changed, name=text, set_aside=(aside,), files=files)


def hostile_catalog(text: str) -> Catalog:
    """The same text in every name of the catalog."""
    catalog = a_catalog(name=text)
    return dataclasses.replace(
        catalog,
        departments={key: each.model_copy(update={"name": text}) for key, each in catalog.departments.items()},
        grades=tuple(each.model_copy(update={"name": text, "meaning": text}) for each in catalog.grades),
        measures={key: each.model_copy(update={"name": text}) for key, each in catalog.measures.items()},
        indicators={
            key: each.model_copy(update={"name": text, "unit": text}) for key, each in catalog.indicators.items()
        },
        roles={key: each.model_copy(update={"name": text}) for key, each in catalog.roles.items()},
    )


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("read", [by_rust, by_python])
def test_hostile_text_is_shown_and_never_becomes_markup(text: str, read: Callable[[str], Reader]) -> None:
    catalog = hostile_catalog(text)
    found = hostile_results(catalog, text)
    plain = pages(hostile_results(hostile_catalog("word"), "word"), hostile_catalog("word"))

    for (path, page), harmless in zip(pages(found, catalog).items(), plain.values(), strict=True):
        seen, safe = read(page), read(harmless)

        assert " ".join(text.split()) in seen.text, path
        assert seen.tags <= OWN_TAGS
        assert seen.attributes <= safe.attributes | OWN_ATTRIBUTES
        assert all(
            re.fullmatch(r"#item-\d+|[\w./-]+\.md|(\.\./)+assets/charts/[a-z.]+\.js", link) for link in seen.links
        )
        head = yaml.safe_load(page[4:].partition("\n---\n")[0])
        assert head.keys() - {"below"} == {"title"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_reads_the_same_in_both_renderers(text: str) -> None:
    catalog = hostile_catalog(text)

    for page in pages(hostile_results(catalog, text), catalog).values():
        assert by_rust(page).text == by_python(page).text


def test_a_word_that_a_template_misses_is_an_error_not_a_gap() -> None:
    setter = _Setter("card", SAY)
    view = card_view(a_card(a_catalog()), Figures(results(a_card(a_catalog())), a_catalog(), SAY), None)
    setter._words = {key: text for key, text in setter._words.items() if key != "why"}

    with pytest.raises(UndefinedError):
        setter.page(view)
