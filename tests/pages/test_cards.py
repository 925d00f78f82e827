"""The pages of cards: a card, what changed since the last one, whole pages."""

import dataclasses
import datetime
import re
from collections.abc import Sequence

import pytest
import yaml
from gmpy2 import mpq

from cards_made import (
    COMPANY,
    OCTOBER,
    SAY,
    a_card,
    a_catalog,
    body,
    by_rust,
    pages,
    results,
    section,
    the_card,
)
from cards_rendered import by_python
from kept import Golden
from kpibook.base.periods import Period, PeriodKind
from kpibook.base.problems import Place
from kpibook.base.words import words
from kpibook.model import (
    Adjustment,
    Calibration,
    Catalog,
    CycleStatus,
    Extra,
    Gate,
    Reading,
)
from kpibook.pages.cards.view import card_view
from kpibook.pages.cycles.rendering import card_pages, index_page
from kpibook.pages.drawing.bars import attainment_bar, share_bar
from kpibook.pages.figures import Figures, amount, change, page_id
from kpibook.pages.past import Lookback, remember
from kpibook.scoring.results import (
    CalibrationOutcome,
    GateOutcome,
    ItemScore,
    Missing,
    PayOutcome,
    Results,
    Source,
    Status,
    Step,
)

# Paths and titles


def test_the_name_of_a_page_is_128_bits_that_only_the_key_gives() -> None:
    names = {
        page_id(key, period, person)
        for key in (b"", b"other")
        for period in (OCTOBER, OCTOBER.previous)
        for person in ("E1", "E2")
    }

    assert len(names) == 8
    assert all(re.fullmatch(r"[0-9a-f]{32}", name) for name in names)


def test_the_name_of_a_page_does_not_depend_on_the_case_of_the_id() -> None:
    assert page_id(b"k", OCTOBER, "e1") == page_id(b"k", OCTOBER, "E1")


def test_a_cycle_has_a_page_for_itself_each_department_with_people_and_each_person() -> None:
    catalog = a_catalog()

    paths = list(pages(results(a_card(catalog), a_card(catalog, "E2")), catalog))

    people = [page_id(b"secret", OCTOBER, person) for person in ("E1", "E2")]
    assert paths == [
        "2026-10/index.md",
        "2026-10/records.md",
        "2026-10/departments/shop.md",
        *(f"2026-10/p/{name}.md" for name in people),
    ]


def test_no_path_and_no_title_names_a_person() -> None:
    catalog = a_catalog()

    for path, page in pages(results(a_card(catalog, name="Zebedee")), catalog).items():
        front = yaml.safe_load(page[4:].partition("\n---\n")[0])

        assert "Zebedee" not in path + front["title"]
        assert "E1" not in front["title"]


def test_pages_come_one_at_a_time() -> None:
    catalog = a_catalog()
    broken = a_card(catalog, "E2", spans=())
    found = Results(results(a_card(catalog)).cycle, (a_card(catalog), broken))

    stream = iter(card_pages(results(a_card(catalog)), catalog, SAY))

    assert next(stream)[0] == "2026-10/index.md"
    with pytest.raises(IndexError):
        list(card_pages(found, catalog, SAY))


def test_the_first_page_lists_the_cycles_newest_first() -> None:
    catalog = a_catalog()
    older = results(a_card(catalog), period=OCTOBER.previous).cycle
    newer = results(a_card(catalog), a_card(catalog, "E2"), status=CycleStatus.OPEN).cycle

    path, page = index_page((older, newer), SAY)

    assert path == "index.md"
    assert body(page).splitlines()[-4:] == [
        "| [October](2026-10/index.md) | 2026-10 | open | 2 | [data and raters](2026-10/records.md) |",
        "| [October](2026-09/index.md) | 2026-09 | closed | 1 | [data and raters](2026-09/records.md) |",
        "",
        "[Analysis: whether raters are fair, and weights and indicators fit](analysis/index.md)",
    ]


# A card


def test_a_card_shows_who_it_is_about() -> None:
    catalog = a_catalog()
    manager = a_card(catalog, "e9", name="Bo")

    page = by_rust(the_card(results(a_card(catalog), manager), catalog)).text

    assert page.startswith(
        "Scorecard of Ann Tea House · October (2026-10) · closed"
        " ID E1 Role Seller Department Shop Manager Bo (E9)"
        " Total 78.0 Grade B Rank (same role) 1 / 1 Coverage 100%"
    )


def test_a_card_shows_a_row_for_each_item() -> None:
    catalog = a_catalog()

    rows = [row for row in section(the_card(results(a_card(catalog)), catalog), "items") if row.startswith("|")]

    assert rows == [
        "| Indicator | Weight | Target | Actual | Attainment | Points | Status |",
        "| :-- | --: | --: | --: | --: | --: | :-- |",
        "| Work | 100 | | | | 78 | |",
        "| 1. Turnover | 60 | Target 1,000 EUR | Actual 800 EUR | Attainment 80% | 48 / 60 | scored |",
        "| 2. Manners | 40 | Target — | Actual — | Attainment — | 30 / 40 | scored |",
    ]


def test_below_each_item_stand_its_sources_and_ratings() -> None:
    catalog = a_catalog()

    basis = section(the_card(results(a_card(catalog)), catalog), "basis")

    [source] = [line for line in basis if "actuals/support.csv" in line]
    assert "800" in source
    assert "till roll" in source
    assert source.endswith("Supplied by: Support")
    assert "Rating (manager): E9 gave 30 (ratings.csv:4)" in basis
    assert basis[0] == "Data files named below stand under scorecards/2026-10/, with the row after the colon."


def test_a_computed_source_names_all_who_supplied_its_parts_and_an_unowned_one_nobody() -> None:
    catalog = a_catalog()
    reading = Reading(mpq(8), Place("scorecards/2026-10/a.csv", 7, 3), "8")
    part = Source("E1", "", "sales", mpq(8), (reading,))
    sources = (Source("E1", "", "turnover", mpq(8), (), (part, part)), Source("E1", "", "manners", mpq(8), (reading,)))
    card = a_card(catalog)
    [piece] = card.spans
    first, second = piece.items
    changed = dataclasses.replace(piece, items=(dataclasses.replace(first, sources=sources), second))

    basis = section(the_card(results(dataclasses.replace(card, spans=(changed,))), catalog), "basis")

    assert [line.endswith("Supplied by: Support") for line in basis if "a.csv:7" in line] == [True, False]


def test_an_open_cycle_is_called_provisional() -> None:
    catalog = a_catalog()

    opened = by_rust(the_card(results(a_card(catalog), status=CycleStatus.OPEN), catalog)).text
    closed = by_rust(the_card(results(a_card(catalog)), catalog)).text

    assert "Provisional: this cycle is still open" in opened
    assert "Provisional" not in closed


def test_without_a_total_the_card_says_what_is_missing_and_promises_no_grade() -> None:
    catalog = a_catalog()

    page = the_card(results(a_card(catalog, points=None)), catalog)

    assert "so there is no total yet" in by_rust(page).text
    assert "Total — Grade — Rank (same role) —" in by_rust(page).text
    assert section(page, "missing") == ["Support : Sales"]
    assert "{#next}" not in page
    assert "{#total}" not in page


def test_a_total_that_does_not_wait_for_what_is_missing_is_shown_with_both() -> None:
    catalog = a_catalog()
    step = Step("sum_items", {"terms": (mpq(48), mpq(30)), "sum": mpq(78)})
    card = a_card(catalog, steps=(step,), gaps=(Missing("E1", "sales", "support", OCTOBER),))

    page = the_card(results(card), catalog)

    assert section(page, "missing") == ["Support : Sales"]
    assert section(page, "total") == ["items: 48 + 30 = 78", "rank in the role: 1 of 1"]


def test_parts_that_have_nothing_to_say_are_left_out() -> None:
    catalog = a_catalog()

    page = the_card(results(a_card(catalog)), catalog)

    for anchor in ("missing", "adjustments", "gates", "pay", "changes"):
        assert f"{{#{anchor}}}" not in page


def test_an_adjustment_is_shown_with_reason_and_approver() -> None:
    catalog = a_catalog()
    place = Place("scorecards/2026-10/adjustments.csv", 2, 1)
    card = a_card(
        catalog, adjustments=(Adjustment(mpq(3, 2), "helped", "E9", place), Adjustment(mpq(-1), "", "", place))
    )

    found = section(the_card(results(card), catalog), "adjustments")

    assert found == [
        "+1.5 points: helped; approved by E9 (adjustments.csv:2)",
        "-1 points: —; approved by — (adjustments.csv:2)",
    ]


@pytest.mark.parametrize(
    ("holds", "state"), [(True, "applied"), (False, "not applied"), (None, "not known yet, data is missing")]
)
def test_a_gate_says_what_it_does_and_whether_it_did(holds: bool | None, state: str) -> None:
    catalog = a_catalog()
    [gate] = catalog.roles["seller"].gates
    card = a_card(catalog, gates=(GateOutcome(gate, holds, ()),))

    found = section(the_card(results(card), catalog), "gates")

    assert found == [
        f"No sales: if Sales < 1, then the grade is B at most, the total is 50 at most. This cycle: {state}"
    ]


def test_a_scope_in_a_gate_is_told_in_words() -> None:
    catalog = a_catalog()
    gate = Gate.build(when="previous.sales > sales", total_at_most=10)
    card = a_card(catalog, gates=(GateOutcome(gate, False, ()),))

    found = section(the_card(results(card), catalog), "gates")

    assert found == ["if previous Sales > Sales, then the total is 10 at most. This cycle: not applied"]


def test_a_pay_line_has_its_amount_in_the_currency() -> None:
    catalog = a_catalog()
    [line] = catalog.roles["seller"].pay
    card = a_card(catalog, pay=(PayOutcome(line, mpq("-1234.5"), ()), PayOutcome(line, None, ())))

    found = section(the_card(results(card), catalog), "pay")

    assert "| Bonus | -¥1,234.50 |" in found
    assert "| Bonus | — |" in found


def test_each_part_of_a_transfer_is_shown_with_its_days() -> None:
    catalog = a_catalog()
    card = a_card(catalog)
    [piece] = card.spans
    first_half = dataclasses.replace(piece.assignment, last_day=datetime.date(2026, 10, 10), department="support")
    second_half = dataclasses.replace(piece.assignment, first_day=datetime.date(2026, 10, 11))
    moved = dataclasses.replace(
        card,
        spans=(
            dataclasses.replace(piece, assignment=first_half, days=10),
            dataclasses.replace(piece, assignment=second_half, days=21),
        ),
    )

    found = section(the_card(results(moved), catalog), "items")

    assert [line for line in found if "days" in line] == [
        "Seller (Support): 2026-10-01 to 2026-10-10, 10 days, 78 points in this part",
        "Seller (Shop): 2026-10-11 to 2026-10-31, 21 days, 78 points in this part",
    ]
    assert [row.split(" ")[1] for row in found if "scored" in row] == ["1.", "2.", "3.", "4."]


def test_extras_are_a_group_of_their_own_without_weight() -> None:
    catalog = a_catalog()
    card = a_card(catalog)
    [piece] = card.spans
    extra = Extra.build(indicator="turnover", standard={"rule": "excess", "per": 1, "points": 1}, max=5)
    bonus = ItemScore(extra, catalog.indicators["turnover"], "", mpq(5), Status.SCORED, points=mpq(2), is_extra=True)
    rich = dataclasses.replace(card, spans=(dataclasses.replace(piece, extras=(bonus,)),))

    rows = section(the_card(results(rich), catalog), "items")[-4:]

    assert "| Extras | | | | | 2 | |" in rows
    assert any(row.startswith("| 3. Turnover | | Target — |") and "| 2 | scored |" in row for row in rows)


# Against the cycle before


def test_only_what_changed_is_listed() -> None:
    catalog = a_catalog()
    before = results(a_card(catalog, points="42"), period=OCTOBER.previous)

    found = section(the_card(results(a_card(catalog)), catalog, Lookback(before)), "changes")

    assert found[0] == "Total 72.0 → 78.0 (+6), grade B → B"
    assert [row for row in found if row.startswith("| ")][2:] == ["| Turnover | 42 → 48 (+6) | 60 | 1,000 EUR |"]


def test_a_card_like_the_last_one_says_so() -> None:
    catalog = a_catalog()
    before = results(a_card(catalog), period=OCTOBER.previous)

    found = section(the_card(results(a_card(catalog)), catalog, Lookback(before)), "changes")

    assert found == [
        "Total 78.0 → 78.0 (±0), grade B → B",
        "Points, weights and targets are all as in the last cycle.",
    ]


def test_two_cards_without_totals_are_compared_by_their_items() -> None:
    catalog = a_catalog()
    before = results(a_card(catalog, total=None, grade=None), period=OCTOBER.previous)
    card = a_card(catalog, points="42", total=None, grade=None)

    found = section(the_card(results(card), catalog, Lookback(before)), "changes")

    assert found[0].startswith("| Indicator |")
    assert "| Turnover | 48 → 42 (-6) | 60 | 1,000 EUR |" in found


def test_items_that_came_and_went_are_told() -> None:
    catalog = a_catalog()
    card, other = a_card(catalog), a_card(catalog)
    first, second = card.spans[0].items
    was = dataclasses.replace(other, total=None, spans=(dataclasses.replace(other.spans[0], items=(second,)),))
    now = dataclasses.replace(card, spans=(dataclasses.replace(card.spans[0], items=(first,)),))

    found = section(the_card(results(now), catalog, Lookback(results(was, period=OCTOBER.previous))), "changes")

    assert found == [
        "Total — → 78.0, grade B → B",
        "New items: Turnover. Items no longer there: Manners.",
    ]


def test_an_item_without_points_then_or_now_has_no_difference() -> None:
    catalog = a_catalog()
    before = results(a_card(catalog, points=None), period=OCTOBER.previous)

    found = section(the_card(results(a_card(catalog)), catalog, Lookback(before)), "changes")

    assert "| Turnover | — → 48 | 60 | 1,000 EUR |" in found


def test_a_cycle_of_another_kind_is_not_compared_with() -> None:
    catalog = a_catalog()
    quarter = results(a_card(catalog, points="42"), period=Period(PeriodKind.QUARTER, 2026, 3))

    page = the_card(results(a_card(catalog)), catalog, Lookback(quarter))

    assert "{#changes}" not in page


# Up to the next grade


def test_the_next_grade_is_told_with_the_points_that_were_left() -> None:
    catalog = a_catalog()

    found = section(the_card(results(a_card(catalog)), catalog), "next")

    assert found[0] == "“A · Good” (from 80) is 2 points away."
    assert [row for row in found if row.startswith("| ")][2:] == [
        "| Turnover | 12 | ≥ 833.34 EUR | ≥ 1,000 EUR |",
        "| Manners | 10 | — | — |",
    ]


def test_the_best_grade_has_no_next_one() -> None:
    catalog = a_catalog()

    page = the_card(results(a_card(catalog, points="60")), catalog)

    assert "{#next}" not in page
    assert "Meaning of the grade: Well done" in by_rust(page).text


# Small things


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (mpq(5), "%", "5%"),
        (mpq(5), "人", "5 人"),
        (mpq(5), "days", "5 days"),
        (mpq("0.5"), "", "0.5"),
        (None, "%", "—"),
    ],
)
def test_a_value_stands_with_its_unit(value: mpq | None, unit: str, shown: str) -> None:
    assert amount(value, unit) == shown


@pytest.mark.parametrize(("before", "after", "shown"), [("1", "2.5", "+1.5"), ("2", "1", "-1"), ("2", "2", "±0")])
def test_a_change_has_its_sign(before: str, after: str, shown: str) -> None:
    assert change(mpq(before), mpq(after)) == shown


@pytest.mark.parametrize(("ratio", "length"), [("-1", 0), ("0", 0), ("0.5", 20), ("1", 40), ("9", 46)])
def test_a_bar_is_as_long_as_its_ratio_and_stays_in_its_frame(ratio: str, length: int) -> None:
    assert f'width="{length}" height="4"' in attainment_bar(mpq(ratio))


def test_a_bar_of_nothing_is_empty() -> None:
    assert share_bar(0, 0) == share_bar(0, 5)


def test_names_that_nobody_knows_are_shown_as_they_are() -> None:
    catalog = a_catalog()
    figures = Figures(results(a_card(catalog)), catalog, SAY)

    assert (figures.department("x"), figures.key("y"), figures.person("z"), figures.person("")) == ("x", "y", "z", "—")
    assert figures.supplier("manners") == figures.supplier("y") == ""


# Whole pages


@pytest.mark.parametrize("language", ["zh", "en"])
def test_golden_pages(company: tuple[Catalog, Sequence[Results]], language: str, golden: Golden) -> None:
    catalog, (september, october) = company
    spoken = dataclasses.replace(catalog, company=catalog.company.model_copy(update={"language": language}))
    say = words(language)

    made = dict(
        [
            index_page((september.cycle, october.cycle), say),
            *card_pages(october, spoken, say, Lookback(september, [remember(september)])),
        ]
    )

    golden.check(f"cards/{language}", made)


def test_the_golden_company_has_every_status(company: tuple[Catalog, Sequence[Results]]) -> None:
    _, (_, october) = company

    assert {card.status for card in october.cards} == set(Status) - {Status.TRIAL}


def test_an_item_on_trial_is_grey_and_has_no_points() -> None:
    catalog = a_catalog()
    card = a_card(catalog)
    [part] = card.spans
    trial = dataclasses.replace(part.items[0], weight=mpq(0), status=Status.TRIAL, points=None)
    card = dataclasses.replace(card, spans=(dataclasses.replace(part, items=(trial, part.items[1])),))

    page = the_card(results(card), catalog)

    [row] = [line for line in page.splitlines() if line.startswith("| 1. ")]
    assert row.endswith('| — | <span class="card-trial">on trial</span> |')
    assert "80%" in row
    assert "| **Work** | **40** |  |  |  | **30** |  |" in page
    assert page.count("card-trial") == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_renderers_show_the_same_text(language: str) -> None:
    kept = sorted((COMPANY.parent / language).rglob("*.md"))

    assert kept
    for path in kept:
        page = path.read_text(encoding="utf-8")
        assert by_rust(page).text == by_python(page).text, path


def test_english_pages_have_no_chinese_word_of_the_generator() -> None:
    catalog = a_catalog()

    made = pages(results(a_card(catalog), status=CycleStatus.OPEN), catalog)

    assert not [path for path, page in made.items() if re.search("[\u3000-\u9fff\uff00-\uffef]", page)]


def test_a_calibrated_card_begins_with_what_holds_and_tells_what_was_computed() -> None:
    catalog = a_catalog()
    row = Calibration(Place("scorecards/2026-10/calibration.csv", 2, 1), mpq(85), "", "panel", "E9")
    card = a_card(catalog)
    computed = CalibrationOutcome(row, mpq(78), catalog.grades[1], mpq(85))
    card = dataclasses.replace(card, total=mpq(85), grade=catalog.grades[0], calibration=computed)

    view = card_view(card, Figures(results(card), catalog, SAY), None)

    assert [label for label, _ in view.results][:2] == ["Total", "Grade"]
    assert view.results[-3:] == (("Computed total", "78.0"), ("Calibrated total", "85.0"), ("Computed grade", "B"))
