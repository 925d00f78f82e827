"""Streaks over cycles, by hand: three times first, three times failed, with and without gaps."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import pytest
from gmpy2 import mpq

from kpibook.base.periods import Period
from kpibook.base.words import words
from kpibook.model import Catalog, Grade
from kpibook.scoring import Standings, score, standings, with_streaks
from kpibook.scoring.explain import pay_lines, streak_rule, total_lines
from kpibook.scoring.results import Results
from making import catalog, cycle, indicator, item, person, role

POINTS = {"rule": "linear", "zero": "0", "full": "100"}
FIRST = {"name": "champion", "when": "rank == 1", "cycles": 3, "amount": 200, "least_group": 1}
AMONG_SOME = {"name": "champion", "when": "rank == 1", "cycles": 3}
FAILED = {"name": "warning", "when": "failed", "cycles": 3}
ABSENT = ""


def company(*streaks: dict[str, Any]) -> Catalog:
    return catalog(
        [role("clerk", [item("x", 100, POINTS)])], [indicator("x")], rank={"within": "company"}, streaks=list(streaks)
    )


def played(made: Catalog, *months: Sequence[str], kind: str = "2026-{:02d}") -> list[Results]:
    """The results of months from January on; each names the points of E1, E2, ...; ABSENT gives no number."""
    earlier: dict[Period, Standings] = {}
    found = []
    for number, points in enumerate(months, 1):
        people = [person(f"E{at}") for at in range(1, len(points) + 1)]
        numbers = {(f"E{at}", "x"): value for at, value in enumerate(points, 1) if value}
        results = score(made, cycle(people, numbers, period=kind.format(number)), {})
        found.append(with_streaks(results, earlier, made.company))
        earlier[results.cycle.period] = standings(results)
    return found


def told(results: Sequence[Results], who: int = 0) -> list[list[str]]:
    """By month: the cycles of each streak that came full."""
    return [
        [f"{outcome.streak.name} {outcome.periods[0]}-{outcome.periods[-1]}" for outcome in each.cards[who].streaks]
        for each in results
    ]


def test_three_months_first_are_rewarded_once() -> None:
    results = played(company(FIRST), ("90", "80"), ("91", "80"), ("92", "80"), ("93", "80"))

    assert told(results) == [[], [], ["champion 2026-01-2026-03"], []]
    assert told(results, who=1) == [[], [], [], []]


def test_the_amount_of_a_streak_is_paid_in_the_cycle_in_which_it_comes_full() -> None:
    results = played(company({**FIRST, "amount": "66.675"}, AMONG_SOME), *[("90", "80")] * 4)

    paid = [[(each.line.name, each.amount) for each in month.cards[0].pay] for month in results]
    lines = pay_lines(results[2].cards[0], company(FIRST), words("zh"))
    assert paid == [[], [], [("champion", mpq("66.68"))], []]
    assert [month.cards[1].pay for month in results] == [()] * 4
    assert lines == ("champion：连续 3 个周期（2026年1月、2026年2月、2026年3月）排名第 1，给予 ¥66.68",)


def test_a_new_run_has_to_come_full_once_more() -> None:
    results = played(company(FIRST), *[("90", "80")] * 7)

    assert told(results) == [[], [], ["champion 2026-01-2026-03"], [], [], ["champion 2026-04-2026-06"], []]


def test_a_run_that_counts_each_time_is_told_in_every_further_cycle() -> None:
    results = played(company({**FIRST, "again": "each"}), *[("90", "80")] * 5)

    assert told(results) == [
        [],
        [],
        ["champion 2026-01-2026-03"],
        ["champion 2026-02-2026-04"],
        ["champion 2026-03-2026-05"],
    ]


def test_a_month_in_second_place_ends_the_run() -> None:
    results = played(company(FIRST), ("90", "80"), ("90", "80"), ("70", "80"), ("90", "80"), ("90", "80"))

    assert told(results) == [[]] * 5


def test_those_who_tie_for_the_first_place_are_both_first() -> None:
    results = played(company(FIRST), *[("90", "90")] * 3)

    assert [len(card.streaks) for card in results[-1].cards] == [1, 1]


@pytest.mark.parametrize(("gap", "expected"), [("breaks", [[]] * 4), ("skipped", [[]] * 3 + [["champion"]])])
def test_a_month_without_a_total_breaks_the_run_or_is_passed_over(gap: str, expected: list[list[str]]) -> None:
    results = played(company({**FIRST, "gap": gap}), ("90",), ("90",), (ABSENT,), ("90",))

    assert [[outcome.streak.name for outcome in each.cards[0].streaks] for each in results] == expected


def test_the_cycles_of_a_run_with_a_gap_are_those_that_count() -> None:
    results = played(company({**FIRST, "gap": "skipped"}), ("90",), (ABSENT,), ("90",), ("90",))

    [outcome] = results[-1].cards[0].streaks

    assert [str(period) for period in outcome.periods] == ["2026-01", "2026-03", "2026-04"]


def test_a_month_that_nobody_scored_is_a_gap() -> None:
    made = company({**FIRST, "cycles": 2}, {**FIRST, "name": "patient", "cycles": 2, "gap": "skipped"})
    [january, march] = (score(made, cycle([person("E1")], {("E1", "x"): 9}, period=p), {}) for p in PERIODS)

    found = with_streaks(march, {january.cycle.period: standings(january)}, made.company)

    assert [outcome.streak.name for outcome in found.cards[0].streaks] == ["patient"]


PERIODS = ("2026-01", "2026-03")


def test_a_month_without_a_total_brings_no_streak_itself() -> None:
    results = played(company({**FIRST, "cycles": 2, "gap": "skipped", "again": "each"}), ("9",), ("9",), (ABSENT,))

    assert told(results) == [[], ["champion 2026-01-2026-02"], []]


def test_three_failures_are_a_notice_without_an_amount() -> None:
    made = company(FAILED)
    failing = Catalog(
        made.company,
        made.departments,
        tuple(grade.model_copy(update={"fail": grade.id == "D"}) for grade in made.grades),
        made.measures,
        made.indicators,
        made.roles,
    )

    results = played(failing, ("10", "80"), ("59.9", "80"), ("59.94", "80"))
    [card, other] = results[-1].cards

    assert [(each.streak.name, each.streak.amount) for each in card.streaks] == [("warning", None)]
    assert other.streaks == ()
    assert total_lines(card, failing, words("zh"))[-1] == (
        "warning：连续 3 个周期（2026年1月、2026年2月、2026年3月）等级不合格"
    )


@pytest.mark.parametrize(("roles", "expected"), [(["clerk"], 1), (["guard", "clerk"], 1), (["guard"], 0), ([], 1)])
def test_a_streak_may_be_for_some_roles_only(roles: list[str], expected: int) -> None:
    made = company({**FIRST, "roles": roles})

    results = played(made, *[("90", "80")] * 3)

    assert len(results[-1].cards[0].streaks) == expected


def test_a_month_in_a_role_that_a_streak_is_not_for_ends_the_run() -> None:
    roles = [role(key, [item("x", 100, POINTS)]) for key in ("clerk", "guard")]
    made = catalog(
        roles, [indicator("x")], rank={"within": "company"}, streaks=[{**FIRST, "roles": ["clerk"], "gap": "skipped"}]
    )
    earlier: dict[Period, Standings] = {}
    for number, held in enumerate(("clerk", "clerk", "guard", "clerk", "clerk"), 1):
        month = cycle([person("E1", held)], {("E1", "x"): 90}, period=f"2026-{number:02d}")
        results = with_streaks(score(made, month, {}), earlier, made.company)
        earlier[month.period] = standings(results)

        assert results.cards[0].streaks == ()


def test_the_sentence_of_a_streak_names_the_roles_that_it_is_for() -> None:
    made = company({**FIRST, "roles": ["clerk"]})
    [streak] = made.company.streaks

    assert streak_rule(streak, made, words("zh")) == (
        "连续 3 个周期排名第 1，给予 ¥200.00。只适用于clerk。等级不合格的，名次再好也不算。"
        "中间有一期没出总分就重新算起；满一次后重新数起。"
    )
    assert streak_rule(streak, made, words("en")) == (
        "3 cycles on end ranked 1st: ¥200.00 are due. Only for clerk. "
        "A good rank with a grade that fails does not count. "
        "A cycle without a total begins the run anew; after a full run the next one begins."
    )


def test_quarters_are_no_part_of_a_run_of_months() -> None:
    made = company({**FIRST, "cycles": 2})
    [quarter] = played(made, ("90",), kind="2026-Q{:d}")
    april = score(made, cycle([person("E1")], {("E1", "x"): 90}, period="2026-04"), {})

    found = with_streaks(april, {quarter.cycle.period: standings(quarter)}, made.company)

    assert found.cards[0].streaks == ()


def test_a_run_goes_on_over_the_turn_of_the_year() -> None:
    made = company({**FIRST, "cycles": 2})
    december, january = (
        score(made, cycle([person("E1")], {("E1", "x"): 9}, period=each), {}) for each in ("2025-12", "2026-01")
    )

    found = with_streaks(january, {december.cycle.period: standings(december)}, made.company)

    assert len(found.cards[0].streaks) == 1


@pytest.mark.parametrize("when", ["factor > 1", "1 / (rank - 1) > 0"])
def test_a_condition_that_cannot_be_told_is_a_gap(when: str) -> None:
    results = played(company({**FIRST, "when": when, "cycles": 2}), ("9",), ("9",))

    assert told(results) == [[], []]


def test_without_streaks_results_stay_as_they_are() -> None:
    made = company()
    results = score(made, cycle([person("E1")], {("E1", "x"): 9}), {})

    assert with_streaks(results, {}, made.company) is results


def test_what_streaks_ask_of_a_card_is_kept_for_everybody_with_a_total() -> None:
    made = company()

    [results] = played(made, ("90", "", "80"))
    found = standings(results)

    assert sorted(found) == ["E1", "E3"]
    assert found["E3"].role == "clerk"
    assert {str(name): value for name, value in found["E3"].numbers.items()} == {
        "total": mpq(80),
        "rank": mpq(2),
        "ranked": mpq(2),
        "failed": mpq(0),
    }


def test_the_only_one_in_a_group_is_not_first() -> None:
    assert told(played(company(AMONG_SOME), ("90",), ("90",), ("90",))) == [[], [], []]
    assert told(played(company({**AMONG_SOME, "least_group": 1}), ("90",), ("90",), ("90",)))[2] == [
        "champion 2026-01-2026-03"
    ]


def test_a_group_that_is_too_small_is_a_gap() -> None:
    months = (("90", "80", "70"), ("90", ABSENT, ABSENT), ("90", "80", "70"), ("90", "80", "70"))

    breaks = company({**FIRST, "least_group": 3})
    skipped = company({**FIRST, "least_group": 3, "gap": "skipped"})

    assert told(played(breaks, *months)) == [[], [], [], []]
    assert told(played(skipped, *months))[3] == ["champion 2026-01-2026-04"]


def failing(*streaks: dict[str, Any]) -> Catalog:
    """Everybody under 60 fails."""
    grades = (Grade.build(id="A", name="A", from_=60), Grade.build(id="E", name="E", from_=0, fail=True))
    return dataclasses.replace(company(*streaks), grades=grades)


def test_the_first_of_those_who_fail_is_no_champion() -> None:
    months = [("20", "10")] * 3

    assert told(played(failing(FIRST), *months)) == [[], [], []]
    assert told(played(failing({**FIRST, "when": "rank <= 2"}), *months), who=1) == [[], [], []]
    assert told(played(failing({**FIRST, "when": "(rank == 1) * (failed <= 1)"}), *months))[2]


def test_the_last_is_last_with_a_grade_that_fails_too() -> None:
    last = {"name": "talk", "when": "rank == ranked", "cycles": 3}

    assert told(played(failing(last), *[("90", "10")] * 3), who=1)[2] == ["talk 2026-01-2026-03"]


def test_the_rule_says_from_which_group_on_a_rank_counts() -> None:
    made = company({**FIRST, "least_group": 5}, FAILED)

    first, failed = (streak_rule(streak, made, words("zh")) for streak in made.company.streaks)

    assert "至少 5 人一起排名，名次才算。等级不合格的，名次再好也不算。" in first
    assert "一起排名" not in failed
