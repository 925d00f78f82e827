"""Numbers of which each row is an event of its own: read, judged one by one, taken along by longer cycles."""

from dataclasses import replace
from pathlib import Path

from gmpy2 import mpq

from kpibook.base.periods import Period
from kpibook.base.words import words
from kpibook.model import Catalog, Cycle, Department, Reading
from kpibook.reading.cycle import load_cycle
from kpibook.scoring import score
from kpibook.scoring.carried import Carried, parse_exact
from kpibook.scoring.explain import item_lines
from making import catalog, cycle, indicator, item, measure, person, place, role
from scored import cards

EN = words("en")
PER_EVENT = {"rule": "deduction", "deduct": [{"measure": "accident", "each": {"500": 10, "0": 5}}]}
E1 = (person("E1"),)


def company(**values: object) -> Catalog:
    return catalog(
        [role("clerk", [item("x", 100, PER_EVENT, **values)])],
        [indicator("x")],
        [measure("accident", each=True, unit="yuan"), measure("sales")],
        [Department.build(id="web", name="Web")],
    )


def loaded(tmp_path: Path, made: Catalog, **files: str) -> tuple[Cycle, list[str]]:
    folder = tmp_path / "2026-10"
    (folder / "actuals").mkdir(parents=True)
    (folder / "cycle.yml").write_text("name: October\nkind: month\nstatus: open\n", encoding="utf-8")
    (folder / "people.csv").write_text("person,name,role,department\nE1,Ann,clerk,shop\n", encoding="utf-8")
    for name, text in files.items():
        (folder / "actuals" / f"{name}.csv").write_text(f"subject,measure,actual,note\n{text}", encoding="utf-8")
    found, problems = load_cycle(folder, made)
    return found, [problem.code for problem in problems]


def test_two_rows_are_two_events_and_each_tells_its_note(tmp_path: Path) -> None:
    month, codes = loaded(tmp_path, company(), shop="E1,accident,600,gate\nE1,accident,600,\nE1,accident,20,door\n")

    card = cards(company(), month)["E1"]

    assert codes == []
    assert month.actuals["E1", "accident"].value == mpq(1220)
    assert card.total == mpq(75)
    assert [line for line in item_lines(card.spans[0].items[0], company(), EN) if line.startswith("accident,")] == [
        "accident, one of 600 (gate): the tier from 500 on, 10 points off",
        "accident, one of 600: the tier from 500 on, 10 points off",
        "accident, one of 20 (door): the tier from 0 on, 5 points off",
    ]


def test_the_same_event_in_two_files_counts_once_and_without_a_note_twice(tmp_path: Path) -> None:
    month, _ = loaded(
        tmp_path, company(), one="E1,accident,600,gate\nE1,accident,7,\n", two="E1,accident,7,\nE1,accident,600,gate\n"
    )

    assert [reading.value for reading in month.actuals["E1", "accident"].events] == [mpq(600), mpq(7), mpq(7)]
    assert sum(report.repeated for report in month.files) == 1


def test_a_row_of_nothing_says_that_nothing_happened(tmp_path: Path) -> None:
    month, _ = loaded(tmp_path, company(), shop="E1,accident,0,\n")

    assert cards(company(), month)["E1"].total == mpq(100)


def test_no_row_at_all_is_missing_and_not_nothing() -> None:
    assert cards(company(), cycle(E1))["E1"].total is None


def test_other_numbers_may_still_stand_only_once(tmp_path: Path) -> None:
    month, codes = loaded(tmp_path, company(), shop="E1,sales,600,gate\nE1,sales,700,\n")

    assert ("E1", "sales") not in month.actuals
    assert "conflicting-values" in codes


def events(*values: int, line: int = 2) -> Reading:
    rows = tuple(Reading(mpq(each), place(line + at), str(each)) for at, each in enumerate(values))
    return Reading(mpq(sum(values)), rows[0].place, "", events=rows)


def test_a_quarter_judges_the_events_of_its_months_and_a_sealed_one_those_it_took_along() -> None:
    quarter = Period.parse("2026-Q4")
    given = (events(600, 20), events(0), events(500))
    months = {
        month: replace(cycle(E1, period=str(month)), actuals={("E1", "accident"): found})
        for month, found in zip(quarter.parts[0], given, strict=True)
    }

    results = score(company(), cycle(E1, period="2026-Q4"), months)

    assert results.cards[0].total == mpq(75)
    numbers = {
        key: Reading(parse_exact(text), place(2), text) for key, text in results.taken.items() if text[0].isdigit()
    }
    sealed = score(company(), cycle(E1, period="2026-Q4"), {}, Carried(numbers))
    assert sealed.cards[0].total == mpq(75)
    assert sealed.taken == results.taken
