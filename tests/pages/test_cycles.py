"""The pages of cycles and departments: distributions, rankings, what is missing, what was set aside."""

import dataclasses
import re

import pytest
from gmpy2 import mpq

from cards_made import (
    OCTOBER,
    SAY,
    a_card,
    a_catalog,
    by_rust,
    pages,
    results,
    section,
    the_card,
)
from kpibook.base.problems import Place
from kpibook.model import (
    CycleStatus,
    FileReport,
    RatingRow,
    Relation,
    Schedule,
    SetAside,
)
from kpibook.pages.cycles.cycle import MOST_RANKED
from kpibook.pages.cycles.late import late_rows
from kpibook.pages.figures import Figures
from kpibook.pages.groups import MOST_ROWS, NAMED, gap_rows, grade_rows
from kpibook.scoring.sources import Gap, Missing

# Groups


def test_who_owes_most_stands_first_with_what_and_whose_cards_wait() -> None:
    catalog = a_catalog()
    unrated = Missing("E2", "manners", "", OCTOBER, gap=Gap.NOT_RATED)
    cards = [a_card(catalog, "E1", points=None), a_card(catalog, "E2", name="Bo", points=None, gaps=(unrated,))]

    page = pages(results(*cards, schedule=Schedule.build(collect_by="2026-11-05")), catalog)["2026-10/index.md"]

    assert section(page, "late")[2:4] == [
        "| Support 2 numbers | Sales (2) | 2 cards: Ann, Bo |".replace(" |", " |"),
        "| Raters 1 number | rating of Manners | 1 card: Bo |",
    ]
    assert "0 of 2 people have a total, 2 wait for data. Data is due by Thu 5 Nov; 3 numbers are still missing." in (
        by_rust(page).text
    )


def test_a_reminder_names_what_is_due_by_when_and_whose_it_is() -> None:
    catalog = a_catalog()
    unrated = Missing("E2", "manners", "", OCTOBER, gap=Gap.NOT_RATED)
    cards = [a_card(catalog, "E1", points=None), a_card(catalog, "E2", name="Bo", points=None, gaps=(unrated,))]
    schedule = Schedule.build(collect_by="2026-11-05")

    of_support, of_raters = late_rows(cards, Figures(results(*cards, schedule=schedule), catalog, SAY))

    assert list(of_support.reminder) == [
        "Support: figures missing for October: 2. Due by Thu 5 Nov. 2 cards wait for them: Ann, Bo.",
        "1. Sales: Ann, Bo",
        "Please fill in your sheet and send it back; if there is no such number, please say so.",
    ]
    assert list(of_raters.reminder[1:]) == [
        "1. rating of Manners: Bo",
        "Please fill in your rating sheet and send it back.",
    ]


def test_those_to_be_looked_at_stand_with_the_reasons() -> None:
    catalog = a_catalog()
    cards = [a_card(catalog, f"E{number}", name=f"N{number}", points="60") for number in range(4)]
    low = a_card(catalog, "E4", name="N4", points="49.9")

    page = pages(results(*cards, low), catalog)["2026-10/index.md"]

    looks = [line for line in section(page, "looks") if line.startswith("|")]
    assert looks[-1] == "| N4 Seller | grade B; 0.1 points from the line of A | B 79.9 | — |"
    assert len(looks) == 3


def test_where_nobody_is_listed_a_small_department_is_not_said_to_have_nobody_to_look_at() -> None:
    catalog = a_catalog()
    few = [a_card(catalog, f"E{number}", name=f"N{number}", points="49.9") for number in range(4)]
    many = [a_card(catalog, f"E{number}", name=f"N{number}", points="60") for number in range(5)]

    told = [section(pages(results(*cards), catalog)["2026-10/index.md"], "looks") for cards in (few, many)]

    listed = "Of those whose results may be listed here, nobody stands out"
    assert [[listed in "".join(lines), "Nobody stands out" in "".join(lines)] for lines in told] == [
        [True, False],
        [False, True],
    ]


def test_the_distribution_of_grades_needs_five_people() -> None:
    catalog = a_catalog()
    cards = [a_card(catalog, f"E{number}", points="60" if number else "40") for number in range(5)]
    figures = Figures(results(*cards), catalog, SAY)

    rows = [(row.grade, row.hue, row.name, row.people, row.share) for row in grade_rows(cards, figures)]

    assert rows == [("A", 1, "Good", "4", "80%"), ("B", 4, "B", "1", "20%")]
    assert grade_rows(cards[1:], figures) == ()


def test_the_pages_of_small_groups_say_that_statistics_are_withheld() -> None:
    catalog = a_catalog()

    made = pages(results(a_card(catalog)), catalog)

    shop = made["2026-10/departments/shop.md"]
    assert section(shop, "people")[0] == "| Name | ID | Role |"
    assert section(shop, "people")[2] == "| Ann | E1 | Seller |"
    assert section(shop, "people")[3].startswith("A department of fewer than five people")
    assert not [anchor for anchor in ("grades", "heat", "means", "movers") if f"{{#{anchor}}}" in shop]
    assert "78.0" not in shop
    assert "Other departments (with a total / people): Shop 1 / 1" in section(made["2026-10/index.md"], "departments")
    assert any("fewer than five" in line for line in section(made["2026-10/index.md"], "departments"))


def test_the_page_of_a_cycle_sums_up_each_department() -> None:
    catalog = a_catalog()
    cards = [a_card(catalog, f"E{number}", points="60" if number else "41") for number in range(5)]

    found = section(
        pages(results(*cards, a_card(catalog, "E7", points=None)), catalog)["2026-10/index.md"], "departments"
    )

    assert found == [
        "| Department | With a total | Mean | Change | People by grade |",
        "| :-- | --: | --: | --: | :-- |",
        "| Shop | 5 / 6 | 86.2 | — | A 4 B 1 |",
        "| Whole company | 5 / 6 | 86.2 | — | A 4 B 1 |",
    ]


def test_what_is_missing_is_told_by_who_owes_it() -> None:
    catalog = a_catalog()
    unrated = Missing("E2", "manners", "", OCTOBER, gap=Gap.NOT_RATED)
    aimless = Missing("E2", "turnover", "", OCTOBER, gap=Gap.NO_TARGET)
    cards = [a_card(catalog, "E1", points=None), a_card(catalog, "E2", points=None, gaps=(unrated, aimless))]

    rows = gap_rows(cards, Figures(results(*cards), catalog, SAY))

    assert rows == (
        ("Support", "Sales", "2", "Ann, Ann"),
        ("Raters", "rating of Manners", "1", "Ann"),
        ("Nobody named", "target of Turnover", "1", "Ann"),
    )


def test_a_summary_names_a_few_people_and_counts_the_rest() -> None:
    catalog = a_catalog()
    cards = [a_card(catalog, f"E{number}", name=f"N{number}", points=None) for number in range(NAMED + 2)]

    [row] = gap_rows(cards, Figures(results(*cards), catalog, SAY))

    assert row.people == str(NAMED + 2)
    assert row.who == "N0, N1, N2, N3, N4, N5, N6, N7 and 2 more"


def test_a_row_set_aside_stands_as_it_came_on_hr_s_page_alone() -> None:
    catalog = a_catalog()
    row = SetAside(Place("f", 1, 1), "row 1", "not-a-number", {"text": "x"}, "E1", "manners")

    made = pages(results(a_card(catalog), set_aside=(row,)), catalog)

    assert re.findall(r"row \d", "".join(section(made["2026-10/records.md"], "set-aside"))) == ["row 1"]
    assert [path for path, page in made.items() if "row 1" in page] == ["2026-10/records.md"]


def test_who_rated_stands_on_hr_s_page() -> None:
    catalog = a_catalog()
    rows = (RatingRow(Relation.PEER, "E2", Place("scorecards/2026-10/ratings.csv", 3, 1), "30", mpq(30), "", "kind"),)

    made = pages(results(a_card(catalog), a_card(catalog, "E2", name="Bo"), ratings={("E1", "manners"): rows}), catalog)

    assert section(made["2026-10/records.md"], "ratings")[-1] == (
        "| Ann (E1) | Manners | peers | Bo (E2) | 30 | kind | ratings.csv:3 |"
    )


@pytest.mark.parametrize("within", ["role", "department", "company"])
def test_people_are_listed_by_rank(within: str) -> None:
    catalog = a_catalog(rank={"within": within})
    cards = [a_card(catalog, f"E{rank}", name=f"N{rank}", rank=rank, ranked=5) for rank in (2, 1, 4, 5, 3)]

    found = section(pages(results(*cards), catalog)["2026-10/index.md"], "ranking")

    assert [row.split(" ")[1] for row in found[3:]] == ["N1", "N2", "N3", "N4", "N5"]


def test_ranks_of_small_groups_stand_on_the_cards_alone() -> None:
    catalog = a_catalog()
    few = [a_card(catalog, f"E{number}", rank=2, ranked=4) for number in range(5)]
    many = [a_card(catalog, f"E{number}", rank=2, ranked=5) for number in range(5)]

    hidden, shown = pages(results(*few), catalog), pages(results(*many), catalog)

    assert section(hidden["2026-10/index.md"], "ranking") == [
        "Groups of fewer than five people are not ranked here; each card tells its own rank.",
    ]
    assert "Rank" not in section(hidden["2026-10/departments/shop.md"], "people")[0]
    assert "| 2 / 5 |" in section(shown["2026-10/departments/shop.md"], "people")[2]
    assert "rank 2 of 4" in the_card(results(*few), catalog)


def test_a_ranking_nobody_is_in_and_one_that_is_too_long_are_told_in_a_sentence() -> None:
    catalog = a_catalog()
    card = a_card(catalog, ranked=MOST_RANKED + 1)
    crowd = [dataclasses.replace(card, person=f"E{number}") for number in range(MOST_RANKED + 1)]

    nobody = pages(results(a_card(catalog, points=None)), catalog)["2026-10/index.md"]
    everybody = pages(results(*crowd), catalog)["2026-10/index.md"]

    assert section(nobody, "ranking") == ["Nobody is ranked in this cycle."]
    assert section(everybody, "ranking") == ["There are many people; rankings are on the pages of the departments."]


def test_the_page_of_a_cycle_tells_how_each_file_was_read() -> None:
    catalog = a_catalog()
    place = Place("scorecards/2026-10/actuals/a.csv", 3, 3)
    report = FileReport("scorecards/2026-10/actuals/a.csv", "gb18030", 9, 5, 2, 1, 1, 3, ((place, "85 %", "85"),))

    page = pages(results(a_card(catalog), files=(report,)), catalog)["2026-10/records.md"]

    assert section(page, "files")[-1] == "| scorecards/2026-10/actuals/a.csv | gb18030 | 9 | 5 | 3 | 2 | 1 | 1 |"
    assert section(page, "converted")[-1] == "| scorecards/2026-10/actuals/a.csv:3:3 | 85 % | 85 |"


def test_a_cycle_without_data_files_says_so_and_shows_its_schedule() -> None:
    catalog = a_catalog()
    schedule = Schedule.build(collect_by="2026-11-05")

    made = pages(results(a_card(catalog), schedule=schedule), catalog)

    assert section(made["2026-10/records.md"], "files") == ["No data file has arrived yet."]
    assert "{#converted}" not in made["2026-10/records.md"]
    assert "Data by Thu 5 Nov all numbers are there Ratings and review by Confirmation by Closed" in (
        by_rust(made["2026-10/index.md"]).text
    )


def test_the_run_of_a_cycle_tells_the_period_what_is_done_and_the_end() -> None:
    catalog = a_catalog()
    late, done = a_card(catalog, "E1", points=None), a_card(catalog, "E2", name="Bo")

    waiting = pages(results(late, done, status=CycleStatus.OPEN), catalog)["2026-10/index.md"]
    complete = pages(results(done, status=CycleStatus.OPEN), catalog)["2026-10/index.md"]
    published = pages(results(done, status=CycleStatus.PUBLISHED), catalog)["2026-10/index.md"]
    closed = pages(results(done, status=CycleStatus.CLOSED), catalog)["2026-10/index.md"]

    names = ["Period", "Data by", "Ratings and review by", "Confirmation by", "Closed"]
    # The script looks whether the period is over while numbers still come in.
    assert run(waiting) == list(zip(names, ["my-till", "my-now", "", "", ""], strict=True))
    assert run(complete) == list(zip(names, ["my-done", "my-done", "my-now", "", ""], strict=True))
    assert run(published) == list(zip(names, ["my-done", "my-done", "my-done", "my-now", ""], strict=True))
    assert run(closed) == list(zip(names, ["my-done"] * 5, strict=True))
    assert '<time datetime="2026-10-31">1&#8211;31 Oct</time></small><small>2 people</small>' in waiting


def run(page: str) -> list[tuple[str, str]]:
    """The steps of a cycle's page, each with what is said of how far it is."""
    found = re.findall(r'<li(?: class="([\w-]+)")?><b>(.*?)</b><small>', page)
    return [(name, kind) for kind, name in found]


def test_long_lists_are_cut_and_say_by_how_much() -> None:
    catalog = a_catalog()
    place = Place("f", 1, 1)
    rows = [SetAside(place, f"row {number}", "cell-empty", {}, "E1") for number in range(MOST_ROWS + 2)]
    report = FileReport("f", "utf-8", 0, 0, 0, converted=((place, "1 ", "1"),) * (MOST_ROWS + 1))

    made = pages(results(a_card(catalog), set_aside=tuple(rows), files=(report,)), catalog)

    assert section(made["2026-10/records.md"], "set-aside")[-1] == "2 more rows are not listed here."
    assert section(made["2026-10/records.md"], "converted")[-1] == "1 more row is not listed here."
