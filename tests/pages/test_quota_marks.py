"""Quotas on the pages of cycles and departments: a mark on the bar of a grade, and how far its number is."""

import re
from collections.abc import Sequence

import pytest

from cards_made import SAY, a_card, a_catalog, pages, results
from crowds import moved
from kpibook.model import Catalog
from kpibook.pages.cycles.quotas import quota_marks
from kpibook.pages.figures import Figures
from kpibook.pages.groups import QuotaMark, grade_rows
from kpibook.scoring.results import Card


def a_company(within: str, *limits: tuple[str, str], pool_under: int = 1) -> Catalog:
    quotas = [{"grade": grade, "at_most": most} for grade, most in limits]
    return a_catalog(distribution={"within": within, "pool_under": pool_under, "limits": quotas})


def people(catalog: Catalog, *, good: int, others: int) -> Sequence[Card]:
    return [a_card(catalog, f"E{number}", points="60" if number < good else "40") for number in range(good + others)]


@pytest.mark.parametrize(
    ("percent", "place", "told"),
    [
        ("20", 1, "A: 1 at most, 3 too many"),
        ("79", 3, "A: 3 at most, 1 too many"),
        ("80", 4, "A: 4 at most, just reached"),
        ("100", 5, "A: 5 at most, 1 more may"),
        ("0", 0, "A: 0 at most, 4 too many"),
    ],
)
def test_the_mark_stands_where_the_quota_ends_and_words_say_how_far_that_is(
    percent: str, place: int, told: str
) -> None:
    catalog = a_company("company", ("A", percent))
    cards = people(catalog, good=4, others=1)
    figures = Figures(results(*cards), catalog, SAY)

    marks = quota_marks(cards, figures)

    assert marks == {"A": QuotaMark(place, told)}
    best, other = grade_rows(cards, figures, marks)
    most = max(4, place)
    assert f'<i class="kpi-grade-1" style="width:{400 / most:.3g}%"></i>' in best.bar
    assert f'<b style="left:{100 * place / most:.3g}%"></b>' in best.bar
    assert best.quota == told
    assert "<b" not in other.bar
    assert other.quota == ""


def test_a_quota_of_a_grade_and_better_ones_leaves_what_the_better_ones_did_not_take() -> None:
    catalog = a_company("company", ("A", "40"), ("B", "80"))

    marks = quota_marks(cards := people(catalog, good=3, others=2), Figures(results(*cards), catalog, SAY))

    assert marks["A"] == QuotaMark(2, "A: 2 at most, 1 too many")
    assert marks["B"] == QuotaMark(1, "B and better: 4 at most, now 5, 1 too many")


def test_the_page_of_a_cycle_tells_the_quotas_of_the_company_alone() -> None:
    whole, parts = a_company("company", ("A", "20")), a_company("department", ("A", "20"))

    of_company = pages(results(*people(whole, good=4, others=1)), whole)
    of_department = pages(results(*people(parts, good=4, others=1)), parts)

    told = '<small class="cycle-quota">A: 1 at most, 3 too many</small>'
    assert told in of_company["2026-10/index.md"]
    assert told not in of_company["2026-10/departments/shop.md"]
    assert told not in of_department["2026-10/index.md"]
    assert told in of_department["2026-10/departments/shop.md"]


def test_nothing_is_told_of_a_quota_where_people_are_left_out_or_looked_at_with_others() -> None:
    """Of a small department nobody is told, and whose grades are counted would be the difference."""
    catalog = a_company("company", ("A", "20"))
    cards = people(catalog, good=4, others=1)
    small = moved(a_card(catalog, "S1", points="60"), "support")

    page = pages(results(*cards, small), catalog)["2026-10/index.md"]

    assert "cycle-spread" in page
    assert not re.search("cycle-quota|at most", page)
    pooled = a_company("department", ("A", "20"), pool_under=10)
    assert quota_marks(cards, Figures(results(*cards), pooled, SAY), "shop") == {}
