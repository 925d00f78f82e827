"""Who is to rate whom, and which numbers are asked for before it is known whether their items apply."""

import shutil
from pathlib import Path

import pytest

from kpibook.base.periods import Period
from kpibook.content import read, score_cycle
from kpibook.exchange.needs import NeedKind, State, needs_of

COMPANY = Path(__file__).parents[1] / "company"
NOW, BEFORE = "2026-10", "2026-09"
RATED = """
  - section: 带人
    items:
      - {indicator: attitude, weight: 10, standard: {rule: rating}, raters: {self: 1, manager: 1, peer: 1, report: 1}}
"""
LEAD = """\
person,name,role,department,manager,from,to,base_salary
E01,林晓,shop-manager,shop,E09,,,8000
E02,周然,barista,shop,E01,,,5000
E03,何小青,barista,shop,E01,,,5000
E04,方圆,barista,shop,E01,,2026-10-15,5000
E05,石桥,barista,shop,E02,,,5000
"""


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """The tiny company, whose manager is rated by all around."""
    for folder in ("handbook", "scorecards"):
        shutil.copytree(COMPANY / folder, tmp_path / folder)
    role = tmp_path / "handbook" / "roles" / "shop-manager.yml"
    role.write_text(role.read_text(encoding="utf-8").replace("\ngates:", f"{RATED}gates:"), encoding="utf-8")
    (tmp_path / "scorecards" / NOW / "people.csv").write_text(LEAD, encoding="utf-8")
    return tmp_path


def write_ratings(root: Path, *rows: str, cycle: str = NOW) -> None:
    lines = ("person,indicator,relation,rater,score", *rows)
    (root / "scorecards" / cycle / "ratings.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def close(root: Path) -> None:
    file = root / "scorecards" / NOW / "cycle.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("open", "closed"), encoding="utf-8")


def raters(root: Path) -> list[tuple[str, str, State]]:
    """Who is to rate the manager, in which relation, and whether it was done."""
    content = read(root / "handbook", root / "scorecards")
    found = needs_of(score_cycle(content, Period.parse(NOW)), content.catalog, content.cycles)
    assert {need.about for need in found.ratings if need.person == "E01"} <= {("E01", "attitude")}
    return [
        (need.relation, need.rater, need.state)
        for need in found.needs
        if need.kind is NeedKind.RATING and need.subject == "E01"
    ]


def test_the_roster_says_who_rates_where_no_row_asks(company: Path) -> None:
    write_ratings(company)

    assert raters(company) == [
        ("self", "E01", State.MISSING),
        ("manager", "E09", State.MISSING),
        ("peer", "", State.MISSING),
        ("report", "E02", State.MISSING),
        ("report", "E03", State.MISSING),
    ]


def test_each_rater_owes_a_rating_until_he_has_given_it(company: Path) -> None:
    write_ratings(company, "E01,attitude,report,E03,8", "E01,attitude,manager,,9")

    assert raters(company) == [
        ("self", "E01", State.MISSING),
        ("manager", "E09", State.GIVEN),
        ("peer", "", State.MISSING),
        ("report", "E02", State.MISSING),
        ("report", "E03", State.GIVEN),
    ]


def test_rows_that_ask_decide_their_relation_alone(company: Path) -> None:
    write_ratings(company, "E01,attitude,report,E05,", "E01,attitude,report,e02,8", "E01,attitude,peer,E03,")

    assert raters(company) == [
        ("self", "E01", State.MISSING),
        ("manager", "E09", State.MISSING),
        ("peer", "E03", State.MISSING),
        ("report", "E05", State.MISSING),
        ("report", "E02", State.GIVEN),
    ]


def test_a_row_asks_another_manager(company: Path) -> None:
    write_ratings(company, "E01,attitude,manager,E08,")

    assert ("manager", "E08", State.MISSING) in raters(company)
    assert "E09" not in {rater for _, rater, _ in raters(company)}


def test_peers_are_those_who_rated_or_were_asked_last_time_and_are_still_there(company: Path) -> None:
    last = ("E02,8", "E03,", "E04,7", "E07,9")
    write_ratings(company, *(f"E01,attitude,peer,{each}" for each in last), cycle=BEFORE)
    (company / "scorecards" / BEFORE / "people.csv").write_text(LEAD + "E07,高远,barista,shop,,,,1\n", encoding="utf-8")
    write_ratings(company, "E01,attitude,peer,E05,6")

    found = [(rater, state) for relation, rater, state in raters(company) if relation == "peer"]

    assert found == [("E02", State.MISSING), ("E03", State.MISSING), ("E05", State.GIVEN)]


def test_a_closed_cycle_owes_nothing_for_what_somebody_has_rated(company: Path) -> None:
    write_ratings(company, "E01,attitude,report,E03,8")
    close(company)

    assert raters(company) == [("report", "E03", State.GIVEN)]


def test_a_closed_cycle_still_owes_what_a_row_asks_for(company: Path) -> None:
    write_ratings(company, "E01,attitude,report,E03,8", "E01,attitude,report,E02,")
    close(company)

    assert raters(company) == [("report", "E02", State.MISSING), ("report", "E03", State.GIVEN)]


def test_a_closed_cycle_still_owes_what_nobody_has_rated(company: Path) -> None:
    write_ratings(company)
    close(company)

    assert [relation for relation, _, _ in raters(company)] == ["self", "manager", "peer", "report", "report"]


def test_a_rating_that_was_set_aside_is_that_of_its_rater_alone(company: Path) -> None:
    write_ratings(company, "E01,attitude,report,e02,11", "E01,attitude,report,E03,8", "E01,attitude,manager,,12")

    assert raters(company) == [
        ("self", "E01", State.MISSING),
        ("manager", "E09", State.SET_ASIDE),
        ("peer", "", State.MISSING),
        ("report", "E02", State.SET_ASIDE),
        ("report", "E03", State.GIVEN),
    ]


def test_two_ratings_in_conflict_are_set_aside_for_their_rater_alone(company: Path) -> None:
    write_ratings(company, "E01,attitude,report,E02,7", "E01,attitude,report,E02,8")

    assert [rater for _, rater, state in raters(company) if state is State.SET_ASIDE] == ["E02"]


def test_a_row_that_does_not_say_whose_it_is_counts_for_all_who_have_not_rated(company: Path) -> None:
    write_ratings(company, "E01,attitude,boss,E02,7", "E01,attitude,report,E03,8")

    assert [rater for _, rater, state in raters(company) if state is State.SET_ASIDE] == ["E01", "E09", "", "E02"]


@pytest.mark.parametrize(
    ("actual", "asked"),
    [("", True), ("0", False), ("2", True)],
    ids=["not known whether it applies", "does not apply", "applies"],
)
def test_a_number_is_asked_for_as_long_as_its_item_may_apply(company: Path, actual: str, asked: bool) -> None:
    role = company / "handbook" / "roles" / "barista.yml"
    text, _, _ = role.read_text(encoding="utf-8").partition("extras:")
    exempt = "weight: 60\n        exempt: {when: visitors == 0}"
    role.write_text(text.replace("weight: 60", exempt), encoding="utf-8")
    (company / "scorecards" / NOW / "actuals" / "support.csv").write_text(
        f"subject,measure,actual\nE02,visitors,{actual}\n", encoding="utf-8"
    )

    content = read(company / "handbook", company / "scorecards")
    found = needs_of(score_cycle(content, Period.parse(NOW)), content.catalog, content.cycles)

    states = {need.key: need.state for need in found.needs if need.subject == "E02" and need.kind is NeedKind.NUMBER}
    assert states["visitors"] is (State.GIVEN if actual else State.MISSING)
    assert states.get("sales") is (State.MISSING if asked else None)
