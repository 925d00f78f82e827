"""The pages of cards: a card, whole pages."""

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
    seen,
    the_card,
)
from cards_rendered import by_python
from kept import Golden
from kpibook.base.problems import Place
from kpibook.base.words import words
from kpibook.model import (
    Adjustment,
    Catalog,
    CycleStatus,
    Extra,
    Gate,
    Reading,
    Schedule,
)
from kpibook.pages.cycles.rendering import card_pages, index_page
from kpibook.pages.drawing.bars import points_bar, share_bar
from kpibook.pages.figures import Figures, amount, page_id
from kpibook.pages.lookback import Lookback, past_cycle_of
from kpibook.scoring.results import Card, GateOutcome, ItemScore, PayOutcome, Results, Status, Step, Worth
from kpibook.scoring.sources import Missing, Source

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
    judged = {each.indicator.id for span in a_card(catalog).spans for each in (*span.items, *span.extras)}
    assert judged
    assert paths == [
        "2026-10/index.md",
        "2026-10/records.md",
        "2026-10/indicators/index.md",
        *(f"2026-10/indicators/{name}.md" for name in catalog.indicators if name in judged),
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

    own = "[data and raters]({0}/records.md),&#32;[where indicators are used]({0}/indicators/index.md)"
    assert path == "index.md"
    assert body(page).splitlines()[-4:] == [
        f"| [October](2026-10/index.md) | 1&#8211;31 Oct 2026 | open | 2 | {own.format('2026-10')} |",
        f"| [October](2026-09/index.md) | 1&#8211;30 Sep 2026 | closed | 1 | {own.format('2026-09')} |",
        "",
        "[Analysis: whether raters are fair, and weights and indicators fit](analysis/index.md)",
    ]


# A card


def test_a_card_shows_who_it_is_about() -> None:
    catalog = a_catalog()
    manager = a_card(catalog, "e9", name="Bo")

    page = by_rust(the_card(results(a_card(catalog), manager), catalog)).text

    assert page.startswith(
        "Ann · scorecard, October ID E1 Role Seller Department Shop Manager Bo (E9) Period 1–31 Oct State closed"
        " 78.0 B 78.0 B 80 A What decided this result"
    )


def halved() -> tuple[Catalog, Card]:
    """A card whose first item has marks that count half a point of the total each."""
    catalog = a_catalog()
    card = a_card(catalog)
    [span] = card.spans
    first = dataclasses.replace(span.items[0], worth=Worth(per_mark=mpq("0.5")))
    return catalog, dataclasses.replace(card, spans=(dataclasses.replace(span, items=(first, *span.items[1:])),))


def test_the_bar_of_an_item_with_marks_of_its_own_is_as_long_as_what_they_are_in_the_total() -> None:
    catalog, card = halved()

    page = the_card(results(card), catalog)

    assert re.findall(r'style="(width:[0-9.]+%)"><i style="(width:[0-9.]+%)', page) == [
        ("width:75%", "width:80%"),
        ("width:100%", "width:75%"),
    ]


def test_lost_marks_are_told_by_what_they_took_from_the_total() -> None:
    catalog, card = halved()

    page = seen(the_card(results(card), catalog))

    assert "Turnover got 48.0 of 60 marks, 6.0 points of the total lost" in page


def test_a_card_shows_a_row_for_each_item() -> None:
    catalog = a_catalog()
    step = Step("sum_items", {"terms": (mpq(48), mpq(30)), "sum": mpq(78)})

    page = the_card(results(a_card(catalog, steps=(step,))), catalog)

    assert [seen(row) for row in re.findall("<summary>.*", page)] == [
        "Turnover €800 / €1,000, 80% done 48.0 / 60",
        "Manners rated by manager 30.0 / 40",
        "Total 78.0",
    ]
    assert re.findall(r'style="(width:[0-9.]+%)"><i style="(width:[0-9.]+%)', page) == [
        ("width:100%", "width:80%"),
        ("width:66.6%", "width:75%"),
    ]


def test_below_each_item_stand_its_sources_and_ratings() -> None:
    catalog = a_catalog()

    basis = section(the_card(results(a_card(catalog)), catalog), "items")

    [source] = [line for line in basis if line.startswith("Supplied by Support: ")]
    assert "800" in source
    assert "till roll" in source
    assert "Rating (manager): E9 gave 30 (table of ratings, line 4)" in basis
    files = [line for line in basis if line.startswith("Files, with the rows after the colon: ")]
    assert [line.rpartition(": ")[2].rpartition("; ")[2].partition(":")[0] for line in files] == [
        "scorecards/2026-10/actuals/support.csv",
        "scorecards/2026-10/ratings.csv",
    ]


def test_a_computed_source_names_all_who_supplied_its_parts_and_an_unowned_one_nobody() -> None:
    catalog = a_catalog()
    reading = Reading(mpq(8), Place("scorecards/2026-10/a.csv", 7, 3), "8")
    part = Source("E1", "", "sales", mpq(8), (reading,))
    sources = (Source("E1", "", "turnover", mpq(8), (), (part, part)), Source("E1", "", "manners", mpq(8), (reading,)))
    card = a_card(catalog)
    [piece] = card.spans
    first, second = piece.items
    changed = dataclasses.replace(piece, items=(dataclasses.replace(first, sources=sources), second))

    basis = section(the_card(results(dataclasses.replace(card, spans=(changed,))), catalog), "items")

    assert [line.startswith("Supplied by Support") for line in basis if "line 7)" in line] == [True, False]


def test_an_open_cycle_is_called_provisional_until_the_day_of_confirmation() -> None:
    catalog = a_catalog()
    schedule = Schedule(confirm_by=datetime.date(2026, 11, 10))

    opened = the_card(results(a_card(catalog), status=CycleStatus.OPEN), catalog)
    dated = the_card(results(a_card(catalog), status=CycleStatus.OPEN, schedule=schedule), catalog)
    closed = the_card(results(a_card(catalog)), catalog)

    assert "- **State** provisional\n" in opened
    assert "- **State** provisional; confirm by Tue 10 Nov\n" in dated
    assert "- **State** closed\n" in closed


def test_without_a_total_the_card_says_what_is_missing_and_promises_no_grade() -> None:
    catalog = a_catalog()

    page = the_card(results(a_card(catalog, points=None)), catalog)

    assert "so there is no total yet" in by_rust(page).text
    assert '<p class="card-total"><b>—</b></p>' in page
    assert "card-ruler" not in page
    assert section(page, "missing") == ["Support : Sales"]
    for anchor in ("next", "total"):
        assert f'id="{anchor}"' not in page


def test_a_total_that_does_not_wait_for_what_is_missing_is_shown_with_both() -> None:
    catalog = a_catalog()
    step = Step("sum_items", {"terms": (mpq(48), mpq(30)), "sum": mpq(78)})
    card = a_card(catalog, steps=(step,), gaps=(Missing("E1", "sales", "support", OCTOBER),))

    page = the_card(results(card), catalog)

    assert section(page, "missing") == ["Support : Sales"]
    assert section(page, "total") == ["items: 48 + 30 = 78"]


def test_parts_that_have_nothing_to_say_are_left_out() -> None:
    catalog = a_catalog()

    page = the_card(results(a_card(catalog)), catalog)

    for anchor in ("missing", "pay", "changes", "trend"):
        assert f"{{#{anchor}}}" not in page
        assert f'id="{anchor}"' not in page
    assert "card-veto" not in page


def test_an_adjustment_is_shown_with_reason_and_approver() -> None:
    catalog = a_catalog()
    place = Place("scorecards/2026-10/adjustments.csv", 2, 1)
    card = a_card(
        catalog, adjustments=(Adjustment(mpq(3, 2), "helped", "E9", place), Adjustment(mpq(-1), "", "", place))
    )

    found = section(the_card(results(card), catalog), "total")

    assert found[-2:] == [
        "+1.5 points: helped; approved by E9 (table of adjustments, line 2)",
        "\u22121 point: —; approved by — (table of adjustments, line 2)",
    ]


def result_of(card: Card, catalog: Catalog) -> str:
    """What a reader sees in the first panel."""
    page = the_card(results(card), catalog)
    return seen(page[page.index("<section") : page.index("</section>")])


RULE = "rule: Sales under €1, the grade is B at most, the total is 50 at most"


def test_a_gate_that_closed_stands_with_grade_rule_and_evidence() -> None:
    catalog = a_catalog()
    [gate] = catalog.roles["seller"].gates
    reading = Reading(mpq(0), Place("scorecards/2026-10/actuals/support.csv", 9, 3), "0", "closed for repairs")
    evidence = Source("E1", "", "sales", mpq(0), (reading,))
    capped = Step("total_capped", {"gate": gate, "total": mpq(55), "most": mpq(50)})
    gates = (GateOutcome(gate, True, (evidence,)),)
    card = a_card(catalog, points="55", gates=gates, grade=catalog.grades[1], steps=(capped,))

    told = result_of(card, catalog)

    assert f"A → B Gate applied: No sales ({RULE})" in told
    assert "Evidence: Supplied by Support: Sales €0 (data, line 9), “closed for repairs”" in told
    assert told.endswith(
        "What decided this result “No sales” capped the total, whatever the items gave."
        " Of 15.0 points lost, Manners takes 10.0."
        " Turnover got 55.0 of 60 points, 5.0 lost: actual €800, full points at €1,000."
    )


def test_a_gate_that_changed_nothing_is_not_said_to_have_decided() -> None:
    catalog = a_catalog()
    [gate] = catalog.roles["seller"].gates
    card = a_card(catalog, points="15", gates=(GateOutcome(gate, True, ()),))

    told = result_of(card, catalog)

    assert f"Gate applied: No sales ({RULE})" in told
    assert "What decided this result Of 55.0 points lost, Turnover takes 45.0" in told


@pytest.mark.parametrize(
    ("holds", "told"),
    [
        (
            False,
            f"Gate not applied: No sales ({RULE})",
        ),
        (
            None,
            f"Gate not known yet: No sales ({RULE})",
        ),
    ],
)
def test_a_gate_that_did_not_close_is_one_grey_line(holds: bool | None, told: str) -> None:
    catalog = a_catalog()
    [gate] = catalog.roles["seller"].gates
    card = a_card(catalog, gates=(GateOutcome(gate, holds, ()),))

    assert told in result_of(card, catalog)
    assert "card-veto" not in the_card(results(card), catalog)


def test_a_scope_in_a_gate_is_told_in_words() -> None:
    catalog = a_catalog()
    gate = Gate.build(when="previous.sales > sales", total_at_most=10)
    card = a_card(catalog, gates=(GateOutcome(gate, False, ()),))

    assert "previous Sales > Sales" in result_of(card, catalog)
    assert "the total is 10 at most" in result_of(card, catalog)


def test_a_pay_line_has_its_amount_in_the_currency() -> None:
    catalog = a_catalog()
    [line] = catalog.roles["seller"].pay
    card = a_card(catalog, pay=(PayOutcome(line, mpq("-1234.5"), ()), PayOutcome(line, None, ())))

    page = the_card(results(card), catalog)

    [row] = re.findall("<summary>(?=.*card-pay).*", page)
    assert seen(row) == "Pay Bonus -¥1,234.50 Bonus —"
    assert result_of(card, catalog).count("Bonus -¥1,234.50") == 1


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

    page = the_card(results(moved), catalog)
    found = section(page, "items")

    assert [line for line in found if "days" in line] == [
        "Seller (Support): 1–10 Oct, 10 days, 78 points in this part",
        "Seller (Shop): 11–31 Oct, 21 days, 78 points in this part",
    ]
    assert [f'id="item-{number}"' in page for number in range(1, 6)] == [True] * 4 + [False]


def test_extras_are_a_group_of_their_own_without_weight() -> None:
    catalog = a_catalog()
    card = a_card(catalog)
    [piece] = card.spans
    extra = Extra.build(indicator="turnover", standard={"rule": "excess", "per": 1, "points": 1}, max=5)
    bonus = ItemScore(extra, catalog.indicators["turnover"], "", mpq(5), Status.SCORED, points=mpq(2), is_extra=True)
    rich = dataclasses.replace(card, spans=(dataclasses.replace(piece, extras=(bonus,)),))

    page = the_card(results(rich), catalog)

    assert '<p class="card-group">Extras</p>' in page
    [row] = re.findall("<summary>(?=.*Turnover)(?!.*/ 60).*", page)
    assert '<span class="card-points"><b>2.0</b></span>' in row
    assert 'style="width:3.3%"' in row


# Up to the next grade


def test_the_next_grade_is_told_with_the_ways_there() -> None:
    catalog = a_catalog()

    page = the_card(results(a_card(catalog)), catalog)

    assert '<h2 id="next">2.0 points to A: the shortest ways</h2>' in page
    assert section(page, "next")[0] == "Turnover up by €34 to €834, 83% done +2.0"


def test_the_best_grade_has_no_next_one() -> None:
    catalog = a_catalog()

    page = the_card(results(a_card(catalog, points="60")), catalog)

    assert 'id="next"' not in page
    assert '<span class="kpi-grade kpi-grade-1">A Good</span>' in page


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


@pytest.mark.parametrize(
    ("points", "worth", "length", "got"),
    [("-1", 5, 50, 0), ("0", 5, 50, 0), ("2.5", 5, 50, 50), ("5", 5, 50, 100), ("6", 5, 60, 100), ("2", 0, 20, 100)],
)
def test_a_bar_is_as_long_as_its_points_and_shows_those_got(points: str, worth: int, length: int, got: int) -> None:
    bar = points_bar(mpq(points), mpq(worth), mpq(10))

    assert re.findall(r"width:([0-9.]+)%", bar) == [str(length), str(got)]


def test_a_bar_of_nothing_is_empty() -> None:
    assert share_bar(0, 0, 1) == share_bar(0, 5, 1)
    assert points_bar(mpq(0), mpq(0), mpq(5)) == ""


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
            *card_pages(october, spoken, say, Lookback(september, [past_cycle_of(september)])),
        ]
    )

    golden.check(f"cards/{language}", made)


def test_the_golden_company_has_every_status(company: tuple[Catalog, Sequence[Results]]) -> None:
    _, (_, october) = company

    assert {card.status for card in october.cards} == set(Status) - {Status.TRIAL}


def test_an_item_on_trial_has_neither_points_nor_a_bar() -> None:
    catalog = a_catalog()
    card = a_card(catalog)
    [part] = card.spans
    trial = dataclasses.replace(part.items[0], weight=mpq(0), status=Status.TRIAL, points=None)
    card = dataclasses.replace(card, spans=(dataclasses.replace(part, items=(trial, part.items[1])),))

    page = the_card(results(card), catalog)

    [row] = re.findall("<summary>(?=.*Turnover).*", page)
    assert '<span class="card-track"></span><span class="card-points"><b>on trial</b></span>' in row
    assert "80% done" in row


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
