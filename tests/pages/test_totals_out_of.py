"""What a total is out of, where that is not a hundred: on the card, in lists, in the terminal."""

from typing import Any

import pytest
from gmpy2 import mpq

from kpibook.base.words import LANGUAGES, words
from kpibook.model import Catalog
from kpibook.pages.cycles.rendering import card_pages
from kpibook.pages.figures import page_id
from kpibook.scoring import score
from kpibook.scoring.explain import explain_card
from kpibook.scoring.maximum_points import told_out_of
from kpibook.scoring.results import Results
from making import OCTOBER, catalog, cycle, indicator, item, person, role

LINE = {"rule": "linear", "zero": 0, "full": 100}


def scored(
    total: dict[str, Any] | None, *, whole: int = 80, posts: tuple[str, ...] = ("clerk",)
) -> tuple[Catalog, Results]:
    """E1 with 80.75 of 100 on the one item, in one post or in two at once."""
    own = {"total": total} if total else {}
    roles = [role("clerk", [item("x", whole, LINE)], **own), role("guard", [item("x", 100, LINE)])]
    made = catalog(roles, [indicator("x")], grades=(("A", 60), ("B", 0)))
    share = mpq(100, len(posts))
    return made, score(made, cycle([person("E1", post, share=share) for post in posts], {("E1", "x"): "80.75"}), {})


@pytest.mark.parametrize(
    ("total", "whole", "posts", "full"),
    [
        ({"of": 80}, 80, ("clerk",), mpq(80)),
        ({"of": 115}, 115, ("clerk",), mpq(115)),
        ({"of": 80, "to": 120}, 80, ("clerk",), mpq(120)),
        ({"of": 80, "to": 100}, 80, ("clerk",), None),
        (None, 100, ("clerk",), None),
        ({"of": 80}, 80, ("clerk", "guard"), None),
        ({"of": 80}, 80, ("guard",), None),
    ],
)
def test_what_a_total_is_out_of(
    total: dict[str, Any] | None, whole: int, posts: tuple[str, ...], full: mpq | None
) -> None:
    made, results = scored(total, whole=whole, posts=posts)

    assert told_out_of(results.cards[0], made) == full


@pytest.mark.parametrize(("language", "says"), [("zh", "满分 80"), ("en", "out of 80")])
def test_the_card_and_the_list_say_what_the_total_is_out_of(language: str, says: str) -> None:
    made, results = scored({"of": 80})

    pages = dict(card_pages(results, made, words(language), key=b"key"))

    card = pages[f"2026-10/p/{page_id(b'key', OCTOBER, 'E1')}.md"]
    assert f"<b>64.6</b><small>{says}</small>" in card
    assert '<span class="card-points"><b>64.6</b> / 80</span>' in card
    assert "64.6 / 80" in explain_card(results.cards[0], made, words(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_total_out_of_a_hundred_reads_as_ever(language: str) -> None:
    made, results = scored(None, whole=100)

    pages = dict(card_pages(results, made, words(language), key=b"key"))

    card = pages[f"2026-10/p/{page_id(b'key', OCTOBER, 'E1')}.md"]
    assert '<p class="card-total"><b>80.8</b> <span class="kpi-grade' in card
    assert "/ 100" not in explain_card(results.cards[0], made, words(language))
