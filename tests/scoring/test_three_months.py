"""Rank, streak and wages of the service team over three months: reckoned a second time from the bare files."""

import csv
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest

from kpibook.base.periods import Period
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycles
from kpibook.scoring import Standings, score, standings, with_streaks
from kpibook.scoring.results import Card, Results

ROOT = Path(__file__).parents[2]
MONTHS = ("2026-08", "2026-09", "2026-10")
TEAM = ("HY041", "HY042", "HY043")

RATED = (
    "professional_knowledge",
    "learning_growth",
    "expression",
    "enthusiasm",
    "proactivity",
    "responsibility",
    "information_promptness",
)
"""The items on which the manager's points count as they are."""


class Wage(NamedTuple):
    """What one month brought: total, rank, then the lines of the wage."""

    total: Fraction
    rank: int
    base: Fraction
    own: Fraction
    shared: Fraction
    years: Fraction


@pytest.fixture(scope="module")
def expected() -> Mapping[str, Mapping[str, Wage]]:
    """By month and person, by hand."""
    return {month: _wages(month) for month in MONTHS}


@pytest.fixture(scope="module")
def results() -> Mapping[str, Results]:
    """By month, with streaks."""
    catalog = load_catalog(ROOT / "handbook")[0]
    cycles = {cycle.period: cycle for cycle in load_cycles(ROOT / "scorecards", catalog)[0]}
    earlier: dict[Period, Standings] = {}
    found = {}
    for month in MONTHS:
        made = score(catalog, cycles[Period.parse(month)], cycles)
        found[month] = with_streaks(made, earlier, catalog.company)
        earlier[made.cycle.period] = standings(made)
    return found


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("person", TEAM)
def test_total_rank_and_wage_are_those_of_the_second_reckoning(
    expected: Mapping[str, Mapping[str, Wage]], results: Mapping[str, Results], month: str, person: str
) -> None:
    card, wage = _card(results[month], person), expected[month][person]

    assert card.total == wage.total
    assert (card.rank, card.ranked) == (wage.rank, 3)
    # Three months in first place bring 200, which is paid with the third; see below.
    reward = [Fraction(200)] if (person, month) == ("HY041", MONTHS[-1]) else []
    assert [line.amount for line in card.pay] == [wage.base, wage.own, wage.shared, wage.years, *reward]


@pytest.mark.parametrize("month", MONTHS)
def test_the_shares_of_the_pool_add_up_to_the_cent(results: Mapping[str, Results], month: str) -> None:
    pool = _half_up(_numbers(month)["home-online", "public_sales"] / 200, 2)
    shares = [line.amount for person in TEAM for line in _card(results[month], person).pay if line.line.pool]

    assert sum(share for share in shares if share is not None) == pool
    assert len(shares) == 3


def test_three_months_in_first_place_bring_the_reward_on_the_third_card(
    expected: Mapping[str, Mapping[str, Wage]], results: Mapping[str, Results]
) -> None:
    ranks = {person: [expected[month][person].rank for month in MONTHS] for person in TEAM}
    rewarded = {
        person: [[outcome.streak.amount for outcome in _card(results[month], person).streaks] for month in MONTHS]
        for person in TEAM
    }

    assert ranks == {"HY041": [1, 1, 1], "HY042": [2, 2, 2], "HY043": [3, 3, 3]}
    assert rewarded == {"HY041": [[], [], [200]], "HY042": [[], [], []], "HY043": [[], [], []]}


def test_only_the_roles_of_the_streak_are_rewarded(results: Mapping[str, Results]) -> None:
    first = {
        card.person
        for card in results["2026-10"].cards
        if all(_rank(results[month], card.person) == 1 for month in MONTHS)
    }
    rewarded = {card.person for card in results["2026-10"].cards if card.streaks}

    assert rewarded == {"HY029", "HY041"}
    assert {"HY009", "HY011"} < first - rewarded


def test_the_figures_can_be_copied_to_a_pocket_calculator(expected: Mapping[str, Mapping[str, Wage]]) -> None:
    # August: 30 (131,200 is over 120,000) + 20 + 9 + 6 + 7 + 9 + 4 + 3.5 + 4 + 3.5 = 96. Of 48,600 x 0.5 % = 243.00
    # each of three gets 81.00. 131,200 x 1 % x 96 / 100 = 1,259.52.
    wage = expected["2026-08"]["HY041"]

    assert wage == Wage(Fraction(96), 1, Fraction(4200), Fraction("1259.52"), Fraction(81), Fraction(150))


def _wages(month: str) -> dict[str, Wage]:
    numbers, points = _numbers(month), _ratings(month)
    bases = {row["person"]: Fraction(row["base_salary"]) for row in _rows(month, "people.csv")}
    totals = {}
    for person in TEAM:
        sales = min(numbers[person, "sales"] / 120_000, Fraction(1)) * 30
        tasks = min(numbers[person, "tasks_finished"] / numbers[person, "tasks_assigned"], Fraction(1)) * 20
        calm = max(9 - 3 * numbers[person, "disputes"], Fraction(0))
        totals[person] = _half_up(sales + tasks + calm + sum(points[person, key] for key in RATED), 1)
    shares = _shared(_half_up(numbers["home-online", "public_sales"] * Fraction(5, 1000), 2))
    return {
        person: Wage(
            totals[person],
            1 + sum(other > totals[person] for other in totals.values()),
            bases[person],
            _half_up(numbers[person, "sales"] / 100 * totals[person] / 100, 2),
            shares[person],
            numbers[person, "seniority_pay"],
        )
        for person in TEAM
    }


def _shared(amount: Fraction) -> dict[str, Fraction]:
    """Whole cents for everybody, and one more for the first ones until nothing is left."""
    cents, left = divmod(int(amount * 100), len(TEAM))
    return {person: Fraction(cents + (place < left), 100) for place, person in enumerate(TEAM)}


def _half_up(value: Fraction, places: int) -> Fraction:
    return Fraction(int(value * 10**places + Fraction(1, 2)), 10**places)


def _numbers(month: str) -> dict[tuple[str, str], Fraction]:
    """All plain numbers of a month; cells that are not plain belong to others."""
    found = {}
    for path in sorted((ROOT / "scorecards" / month / "actuals").glob("*.csv")):
        for row in _rows(month, f"actuals/{path.name}"):
            if row["actual"].replace(".", "", 1).isascii() and row["actual"].replace(".", "", 1).isdigit():
                found[row["subject"], row["measure"]] = Fraction(row["actual"])
    return found


def _ratings(month: str) -> dict[tuple[str, str], Fraction]:
    rows = (row for row in _rows(month, "ratings.csv") if row["person"] in TEAM and row["relation"] == "manager")
    return {(row["person"], row["indicator"]): Fraction(row["score"]) for row in rows}


def _rows(month: str, file: str) -> list[dict[str, str]]:
    data = (ROOT / "scorecards" / month / file).read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return list(csv.DictReader(text.splitlines()))


def _card(results: Results, person: str) -> Card:
    [card] = [each for each in results.cards if each.person == person]
    return card


def _rank(results: Results, person: str) -> int | None:
    return _card(results, person).rank
