"""What a card tells of its past and of the way to the next grade, and what departments and cycles tell of theirs."""

import dataclasses
import re
from collections.abc import Sequence
from html import unescape
from typing import Any

import pytest
from gmpy2 import mpq

from cards_made import a_card, a_catalog, pages, results, section, the_card
from crowds import OCTOBER, SEPTEMBER, crowd, figures, moved, past, perspectives
from kpibook.base.numbers import round_half_up
from kpibook.base.periods import Period, PeriodKind
from kpibook.base.problems import Place
from kpibook.model import Gate, Grade, RatingRow, Relation
from kpibook.pages.cards.form import card_form
from kpibook.pages.cards.next_grade import next_grade
from kpibook.pages.cycles.heat import MOST_NAMED, MOST_PEOPLE, heat_maps, overview
from kpibook.pages.cycles.movers import MOST, means, movers
from kpibook.pages.drawing.bars import trend_line
from kpibook.pages.lookback import CYCLES, Lookback, cycles_before, trend
from kpibook.scoring.results import Card, GateOutcome, RoleSpan, Status
from kpibook.scoring.sources import Gap, Missing

# Trends


def test_a_trend_goes_from_the_first_total_to_this_cycle_and_shows_gaps() -> None:
    catalog = a_catalog()
    totals = {"2026-06": None, "2026-07": "70", "2026-08": None, "2026-09": "85"}
    earlier = [past(catalog, total, period=Period.parse(period)) for period, total in totals.items()]
    [card] = crowd(catalog, "90")

    found = trend(card, earlier, figures([card], catalog))

    assert found.points.splitlines() == [
        "- **70.0** B <span>Jul</span>",
        "- **—**  <span>Aug</span>",
        "- **85.0** A <span>Sep</span>",
        "- **90.0** A <span>Oct</span>",
    ]
    assert found.line.count("<path") == 2
    assert 'd="M20 34M100 13L140 6"' in found.line


def test_without_an_earlier_total_there_is_no_trend() -> None:
    catalog = a_catalog()
    [card] = crowd(catalog, "90")

    for earlier in ([], [past(catalog, None)], [past(catalog)]):
        assert trend(card, earlier, figures([card], catalog)).points == ""


def test_a_card_draws_its_trend_from_six_cycles_on() -> None:
    catalog = a_catalog()
    [card] = crowd(catalog, "90")
    months = [past(catalog, "80", period=Period.parse(f"2026-0{number}")) for number in range(5, 10)]

    page = the_card(results(card), catalog, Lookback(history=months))

    assert section(page, "trend")[4:6] == ["80.0 A Sep", "90.0 A Oct"]
    assert "{#trend}" not in the_card(results(card), catalog, Lookback(history=months[1:]))


def test_a_trend_looks_back_eleven_cycles_of_the_same_kind() -> None:
    catalog = a_catalog()
    months, period = [], OCTOBER
    for _ in range(CYCLES + 3):
        period = period.previous
        months.append(past(catalog, "80", period=period))
    quarter = past(catalog, "80", period=Period(PeriodKind.QUARTER, 2026, 3))
    later = past(catalog, "80", period=Period.parse("2026-11"))

    found = cycles_before([later, quarter, *months], OCTOBER)

    assert [str(each.period) for each in found] == [f"2025-{n}" for n in (11, 12)] + [
        f"2026-0{n}" for n in range(1, 10)
    ]


def test_equal_totals_make_a_level_line() -> None:
    assert 'd="M20 20L60 20"' in trend_line([mpq(80), mpq(80)])


# Up to the next grade


def test_a_way_tells_what_would_have_to_change_and_where_that_leads() -> None:
    catalog = a_catalog()
    [card] = crowd(catalog, "78")

    found = next_grade(card, figures([card], catalog))

    assert found.heading == "2.0 points to A: the shortest ways"
    assert [(str(what), where, won) for what, where, won in found.rows] == [
        ("Turnover up by <b>&#8364;34</b>", "to €834, 83% done", "+2.0")
    ]


@pytest.mark.parametrize(
    ("exact", "points"), [("88.75", "1.3"), ("88.84", "1.2"), ("88.8", "1.2"), ("88.76", "1.3"), ("79.99", "10.1")]
)
def test_a_gap_is_never_told_smaller_than_it_is(exact: str, points: str) -> None:
    catalog = dataclasses.replace(
        a_catalog(), grades=(Grade.build(id="A", name="A", from_=90), *a_catalog().grades[1:])
    )
    [card] = crowd(catalog, str(round_half_up(mpq(exact), 1)))
    card = dataclasses.replace(card, exact=mpq(exact))

    found = next_grade(card, figures([card], catalog))

    assert found.heading.startswith(f"{points} points to A")
    assert mpq(exact) + mpq(points) >= 90


def test_after_a_transfer_a_point_counts_by_the_days_of_the_last_role() -> None:
    catalog = a_catalog()
    [card] = crowd(catalog, "78")
    [piece] = card.spans
    halves = (dataclasses.replace(piece, days=15), dataclasses.replace(piece, days=16))
    card = dataclasses.replace(card, spans=halves)

    [(_, where, _)] = next_grade(card, figures([card], catalog)).rows

    assert where == "to €865, 87% done"


def test_where_items_are_excluded_a_point_of_the_others_counts_more() -> None:
    catalog = a_catalog()
    [card] = crowd(catalog, "78")
    [piece] = card.spans
    turnover, manners = piece.items
    excluded = dataclasses.replace(manners, points=None, status=Status.EXCLUDED)
    card = dataclasses.replace(card, spans=(dataclasses.replace(piece, items=(turnover, excluded)),))

    [(_, where, _)] = next_grade(card, figures([card], catalog)).rows

    assert where == "to €820, 82% done"


@pytest.mark.parametrize(("total", "grade"), [("90", "A"), ("78", "B")])
def test_a_gate_that_closed_is_told_instead_of_actuals(total: str, grade: str) -> None:
    catalog = a_catalog()
    gate = Gate.build(when="sales < 1", grade_at_most="B", name="No sales")
    [card] = crowd(catalog, total, gates=(GateOutcome(gate, True, ()),), grade=catalog.grades[1])

    found = next_grade(card, figures([card], catalog))

    assert found.heading == "How to get A"
    same = " The same 90.0 points are A then." if total == "90" else ""
    assert found.text == f"“No sales” applied, so no points bring A in this cycle; it must not apply in the next.{same}"
    assert found.rows == ()


def test_a_gate_without_a_name_is_told_by_its_condition_and_one_on_totals_holds_back_too() -> None:
    catalog = a_catalog()
    gate = Gate.build(when="sales < 1", total_at_most=50)
    [card] = crowd(catalog, "50", gates=(GateOutcome(gate, True, ()),))

    assert next_grade(card, figures([card], catalog)).text.startswith("“Sales under €1” applied")


@pytest.mark.parametrize(
    ("gate", "holds"),
    [({"grade_at_most": "A"}, True), ({"total_at_most": 90}, True), ({"grade_at_most": "B"}, False)],
)
def test_a_gate_that_does_not_hold_back_changes_nothing(gate: dict[str, Any], holds: bool) -> None:
    catalog = a_catalog()
    outcome = GateOutcome(Gate.build(when="sales < 1", **gate), holds, ())
    [card] = crowd(catalog, "78", gates=(outcome,))

    assert next_grade(card, figures([card], catalog)).rows


def test_a_threshold_finer_than_totals_needs_the_next_total_above() -> None:
    catalog = a_catalog()
    grades = (Grade.build(id="A", name="A", from_="80.05"), catalog.grades[1])
    catalog = dataclasses.replace(catalog, grades=grades)
    [card] = crowd(catalog, "78")

    assert next_grade(card, figures([card], catalog)).heading.startswith("2.1 points to A")


def test_a_gap_is_rounded_up_to_what_is_really_needed() -> None:
    catalog = a_catalog()
    [card] = crowd(catalog, "78.75")

    assert next_grade(card, figures([card], catalog)).heading.startswith("1.3 points to A")


# Comments, and what is missing


def test_comments_stand_where_people_talk_about_them() -> None:
    catalog = a_catalog()
    card = a_card(catalog)
    [piece] = card.spans
    turnover, manners = piece.items
    place = Place("scorecards/2026-10/ratings.csv", 5, 1)
    own = RatingRow(Relation.SELF, "E1", place, "35", mpq(35), "", "I tried")
    rated = dataclasses.replace(manners, ratings=(*manners.ratings, own))
    card = dataclasses.replace(card, spans=(dataclasses.replace(piece, items=(turnover, rated)),))

    found = section(the_card(results(card), catalog), "signing")

    assert found[found.index("Opinion of the employee") :][:4] == [
        "Opinion of the employee",
        "Manners (self-review): I tried",
        "Opinion of the manager (summary of the talk)",
        "Manners (E9): kind",
    ]


def test_what_is_missing_is_listed_by_who_owes_it_with_whose_and_when() -> None:
    catalog = a_catalog()
    gaps = (
        Missing("shop", "sales", "support", OCTOBER),
        Missing("E1", "turnover", "support", SEPTEMBER),
        Missing("E1", "manners", "", OCTOBER, gap=Gap.NOT_RATED),
        Missing("E1", "turnover", "", OCTOBER, gap=Gap.NO_TARGET),
        Missing("E1", "sales", "support", OCTOBER, gap=Gap.NO_CYCLE),
    )
    card = a_card(catalog, points=None, gaps=gaps)

    found = section(the_card(results(card), catalog), "missing")

    assert found == [
        "Support : Sales, Sales (Shop), Turnover (September 2026)",
        "Support : Sales is missing (E1): there is no cycle October 2026",
        "Raters : rating of Manners",
        "Nobody named : target of Turnover",
    ]


def test_a_company_may_keep_ranks_to_itself() -> None:
    catalog = a_catalog(rank={"shown": "false"})
    cards = crowd(catalog, "78", "79", "80", "81", "82")

    made = pages(results(*cards), catalog, Lookback(history=[past(catalog, "70", "71", "72", "73", "74")]))

    for path, page in made.items():
        assert "Rank" not in page, path
        assert 'id="ranking"' not in page
        assert "{#movers}" not in page


# Departments and cycles


def test_the_plan_begins_with_the_missed_items_each_once() -> None:
    catalog = a_catalog()
    card = a_card(catalog, points="48")
    twice = dataclasses.replace(card, spans=(*card.spans, *card.spans))

    plan = card_form(twice, figures([twice], catalog)).plan

    assert [(row.name, row.gap) for row in plan] == [
        ("Turnover", "12.0 points lost (€800 / €1,000, 80% done)"),
        *[("", "")] * 3,
    ]


def test_movers_are_those_whose_totals_changed_most() -> None:
    catalog = a_catalog()
    cards = crowd(catalog, "70", "71", "78", "60", "90", "75", "80", None)
    earlier = [past(catalog, "70", "70", "70", "70", "70", "80", "72", "70")]

    found = movers(cards, earlier, figures(cards, catalog), "p")

    assert [(move.before, move.after, unescape(move.difference)) for move in found.up] == [
        ("70.0", "90.0", '<span class="card-up">+20.0</span>'),
        ("70.0", "78.0", '<span class="card-up">+8.0</span>'),
        ("72.0", "80.0", '<span class="card-up">+8.0</span>'),
        ("70.0", "71.0", '<span class="card-up">+1.0</span>'),
    ]
    assert [unescape(move.difference) for move in found.down] == [
        '<span class="card-down">\u221210.0</span>',
        '<span class="card-down">\u22125.0</span>',
    ]


def test_few_people_have_no_movers_and_many_only_the_first() -> None:
    catalog = a_catalog()
    four, many = crowd(catalog, *["80"] * 4), crowd(catalog, *["80"] * 9)

    assert movers(four, [past(catalog, *["70"] * 4)], figures(four, catalog), "p").up == ()
    assert len(movers(many, [past(catalog, *["70"] * 9)], figures(many, catalog), "p").up) == MOST
    assert movers(many, [], figures(many, catalog), "p").up == ()


def test_means_of_departments_are_told_cycle_by_cycle() -> None:
    catalog = a_catalog()
    cards = crowd(catalog, *["80"] * 5)

    found = means(
        [
            past(catalog, *["70"] * 5),
        ],
        figures(cards, catalog),
        ["shop", "support"],
    )

    assert found.periods == ("Sep", "Oct")
    # The whole company is on the page of the cycle: who reads that knows everybody.
    assert found.rows == (("Shop", ("70.0", "80.0")),)
    assert means([past(catalog)], figures(cards[:1], catalog), ["shop"]).rows == ()


def test_the_heat_map_shows_each_person_of_a_role_by_item() -> None:
    catalog = a_catalog()
    cards = crowd(catalog, "90", "54.9", None)

    [found] = heat_maps(cards, figures(cards, catalog))

    told = [[re.sub("<.*?>", "", str(cell)) for cell in row.cells] for row in found.rows]
    steps = [re.findall(r"card-heat-(\d)", "".join(map(str, row.cells))) for row in found.rows]
    assert (found.role, found.indicators) == ("Seller", ("Turnover", "Manners"))
    assert told == [["100", "75"], ["42", "75"], ["—", "75"]]
    assert steps == [["4", "2"], ["0", "2"], ["2"]]


def test_the_ground_follows_the_exact_share_and_not_the_rounded_one() -> None:
    catalog = a_catalog()
    cards = crowd(catalog, str(30 + mpq("50.9")))

    [found] = heat_maps(cards, figures(cards, catalog))

    assert found.rows[0].cells[0] == '<span class="card-heat card-heat-2">85</span>'


def test_a_role_without_any_points_has_no_map_and_a_long_one_is_cut() -> None:
    catalog = a_catalog()
    card = a_card(catalog)
    [piece] = card.spans
    blank = tuple(dataclasses.replace(score, points=None) for score in piece.items)
    unscored = dataclasses.replace(card, spans=(dataclasses.replace(piece, items=blank),))
    many = crowd(catalog, *["80"] * (MOST_PEOPLE + 2))

    [cut] = heat_maps(many, figures(many, catalog))

    assert list(heat_maps([unscored], figures([unscored], catalog))) == []
    assert len(cut.rows) == MOST_PEOPLE
    assert cut.more == "2 more people are not listed here."


def cells(row: Sequence[str]) -> list[str]:
    return [re.sub("<.*?>", "", str(cell)) for cell in row]


def test_a_cycle_maps_its_people_by_perspective() -> None:
    catalog = perspectives(a_catalog())
    cards = crowd(catalog, "90", "54", "80", "80", "80", None)

    found = overview(figures(cards, catalog))

    assert (found.head, found.perspectives) == ("Name", ("Finance", "Spirit"))
    assert [cells(row.cells) for row in found.rows][:2] == [["100", "75"], ["40", "75"]]
    assert cells(found.rows[5].cells) == ["—", "75"]
    assert overview(figures(cards[2:], catalog)).rows == ()


def test_a_large_company_is_mapped_by_department_and_small_ones_are_left_out() -> None:
    catalog = perspectives(a_catalog())
    many = crowd(catalog, *["80"] * MOST_NAMED, "90")
    few = [moved(dataclasses.replace(card, person=f"F{at}"), "support") for at, card in enumerate(many[:5])]

    whole = overview(figures([*many, *few], catalog))
    short = overview(figures([*many, *few[:4]], catalog))

    assert [(row.name, cells(row.cells)) for row in whole.rows] == [
        ("[Shop](departments/shop.md)", ["83", "75"]),
        ("[Support](departments/support.md)", ["83", "75"]),
    ]
    assert [cells(row.cells) for row in short.rows] == [["83", "75"], ["—", "—"]]


def test_a_figure_of_fewer_than_five_people_is_not_told_nor_worked_out_of_a_large_department() -> None:
    catalog = perspectives(a_catalog())
    many = crowd(catalog, *["80"] * (MOST_NAMED + 1))
    without = [dataclasses.replace(card, spans=(_without_manners(card),)) for card in many[4:]]

    [row] = overview(figures([*many[:4], *without], catalog)).rows

    assert cells(row.cells) == ["—", "—"]


def _without_manners(card: Card) -> RoleSpan:
    [piece] = card.spans
    return dataclasses.replace(piece, items=piece.items[:1])


def test_the_pages_of_departments_and_cycles_tell_all_of_it() -> None:
    catalog = a_catalog()
    cards = crowd(catalog, "70", "75", "80", "85", "90")

    made = pages(results(*cards), catalog, Lookback(history=[past(catalog, *["80"] * 5)]))

    shop = made["2026-10/departments/shop.md"]
    assert "| Shop | 80.0 | 80.0 |" in section(shop, "means")
    assert "| N4 | 80.0 | 90.0 | +10.0 |" in section(shop, "movers")
    assert "| Shop | 5 / 5 | 80.0 | ±0 | A 3 B 2 |" in section(made["2026-10/index.md"], "departments")
    assert "| N0 | 67 | 75 |" in section(made["2026-10/departments/shop.md"], "heat")
    assert section(made["2026-10/index.md"], "heat")[1:4] == ["| Name | Other |", "| :-- | --: |", "| N0 | 70 |"]
    assert "| N0 | 67 | 75 |" in section(made["2026-10/index.md"], "heat")
