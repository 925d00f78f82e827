"""Every statistic of the analysis against a second computation: `statistics` and plain loops, on random tables."""

import math
import random
import statistics
from collections.abc import Sequence
from itertools import combinations, groupby
from typing import Any

import pandas as pd
import pytest

from kpibook.analysis import indicators as of_indicators
from kpibook.analysis.distributions import distributions, totals_shift
from kpibook.analysis.frames import ACTUALS, ITEMS, PEOPLE, RATINGS
from kpibook.analysis.indicators import correlated_pairs, indicator_rows, owner_rows
from kpibook.analysis.raters import rater_rows

Row = dict[str, Any]
SEEDS = range(12)


def frame(columns: Any, rows: Sequence[Row]) -> pd.DataFrame:
    return pd.DataFrame(
        {name: pd.Series([row.get(name) for row in rows], dtype=kind) for name, kind in columns.items()}
    )


def near(found: float, expected: float) -> bool:
    return math.isclose(found, expected, abs_tol=1e-9) or (math.isnan(found) and math.isnan(expected))


def a_roster(chance: random.Random, people: range) -> list[Row]:
    rows = []
    for number in people:
        total = None if chance.random() < 0.1 else round(chance.uniform(40, 110), 1)
        grade = None if total is None else "A" if total >= 90 else "B" if total >= 60 else "C"
        status = "missing" if total is None else "scored"
        department = f"d{number % 3}"
        rows.append(
            {"person": f"E{number}", "department": department, "role": "r", "total": total, "grade": grade}
            | {"status": status, "settled": True, "name": "", "days": 0}
        )
    return rows


def test_who_has_no_level_counts_in_the_whole_alone() -> None:
    rows = a_roster(random.Random(1), range(40))
    for number, each in enumerate(rows):
        each["level"] = (None, "P1", "P2")[number % 3]

    found = distributions(frame(PEOPLE, rows), "level", ["A", "B", "C"])

    assert [(row.group, row.people) for row in found] == [("P1", 13), ("P2", 13), ("", 40)]
    for row in found[:-1]:
        totals = [each["total"] for each in rows if each["level"] == row.group and each["total"] is not None]
        assert near(row.mean, statistics.fmean(totals))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_spread_of_a_group_is_that_of_the_statistics_module(seed: int) -> None:
    rows = a_roster(random.Random(seed), range(40))

    found = distributions(frame(PEOPLE, rows), "department", ["A", "B", "C"])

    assert [row.group for row in found] == ["d0", "d1", "d2", ""]
    for row in found:
        group = [each for each in rows if row.group in ("", each["department"])]
        totals = [each["total"] for each in group if each["total"] is not None]
        quarters = statistics.quantiles(totals, n=4, method="inclusive")
        assert (row.people, row.with_total) == (len(group), len(totals))
        assert near(row.mean, statistics.fmean(totals))
        assert near(row.spread, statistics.stdev(totals))
        assert all(map(near, (row.lower, row.middle, row.upper), quarters))
        assert (row.lowest, row.highest) == (min(totals), max(totals))
        assert row.grades == tuple(sum(each["grade"] == grade for each in group) for grade in "ABC")


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_people_are_compared_and_joiners_stand_apart(seed: int) -> None:
    chance = random.Random(seed)
    before, after = a_roster(chance, range(30)), a_roster(chance, range(5, 40))

    found = totals_shift(frame(PEOPLE, after), frame(PEOPLE, before))

    then = {row["person"]: row["total"] for row in before if row["total"] is not None}
    now = {row["person"]: row["total"] for row in after if row["total"] is not None}
    both = sorted(set(then) & set(now), key=lambda who: then[who])
    changes = [now[who] - then[who] for who in both]
    fifth = len(both) // 5
    new = [now[who] for who in now if int(who[1:]) >= 30]
    assert (found.people, found.tops, found.bottoms, found.joiners, found.leavers) == (
        *(len(both), fifth, fifth, len(new)),
        5,
    )
    assert near(found.before, statistics.fmean(then[who] for who in both))
    assert near(found.after, statistics.fmean(now[who] for who in both))
    assert near(found.correlation, statistics.correlation([now[who] for who in both], [then[who] for who in both]))
    assert near(found.joiners_mean, statistics.fmean(new))
    assert near(found.bottom_change, statistics.fmean(changes[:fifth]))
    assert near(found.top_change, statistics.fmean(changes[-fifth:]))


def a_season(chance: random.Random, cycle: str = "2026-10") -> list[Row]:
    """Three managers and some peers who rate people of two roles; some people are rated by several."""
    rows = []
    for number in range(40):
        role = f"r{number % 2}"
        for relation, rater in (("manager", f"M{number % 3}"), ("peer", f"P{chance.randint(0, 4)}")):
            if chance.random() < 0.8:
                rows.append(
                    {"cycle": cycle, "person": f"E{number}", "role": role, "indicator": f"i{role}"}
                    | {"relation": relation, "rater": rater, "share": chance.choice([0.2, 0.4, 0.6, 0.8, 1.0])}
                )
    return rows


@pytest.mark.parametrize("seed", SEEDS)
def test_raters_are_compared_with_all_others_of_the_same_roles(seed: int) -> None:
    chance = random.Random(seed)
    rows, before = a_season(chance), a_season(chance, "2026-09")

    found = {(row.relation, row.rater): row for row in rater_rows(frame(RATINGS, rows), frame(RATINGS, before))}

    given = sorted({(row["relation"], row["rater"]) for row in rows})
    last = {(row["person"], row["indicator"], row["relation"], row["rater"]): row["share"] for row in before}
    for key in given:
        own = [row for row in rows if (row["relation"], row["rater"]) == key]
        if len({row["person"] for row in own}) < 5:
            assert key not in found
            continue
        row, shares = found[key], [each["share"] for each in own]
        others = {
            group: [
                each["share"] for each in rows if each["role"] == group and (each["relation"], each["rater"]) != key
            ]
            for group in {each["role"] for each in own}
        }
        compared = [each for each in own if others[each["role"]]]
        again = [(each, last.get((each["person"], each["indicator"], *key))) for each in own]
        assert near(row.mean, statistics.fmean(shares))
        assert near(row.spread, statistics.stdev(shares))
        assert near(row.at_top, shares.count(1.0) / len(shares))
        assert row.others == sum(map(len, others.values()))
        assert near(row.apart, statistics.fmean(e["share"] - statistics.fmean(others[e["role"]]) for e in compared))
        variance = statistics.fmean(statistics.pvariance(others[each["role"]]) for each in compared)
        assert near(row.others_spread, math.sqrt(variance))
        assert row.again == sum(then is not None for _, then in again)
        assert row.equal == sum(then == each["share"] for each, then in again)


def rated_by(rater: str, shares: Sequence[float], cycle: str = "2026-10") -> list[Row]:
    return [
        {"cycle": cycle, "person": f"E{at}", "role": "r", "indicator": "i", "relation": "manager"}
        | {"rater": rater, "share": share}
        for at, share in enumerate(shares)
    ]


WIDE = [0.5, 0.6, 0.7, 0.8, 0.4, 0.6]


@pytest.mark.parametrize(
    ("shares", "before", "questions"),
    [
        pytest.param([0.9, 1.0, 0.95, 0.9, 1.0], None, ("lenient",), id="lenient"),
        pytest.param([0.2, 0.1, 0.2, 0.3, 0.1], None, ("strict",), id="strict"),
        pytest.param([0.6, 0.7, 0.5, 0.6, 0.7], None, (), id="like the others"),
        pytest.param([0.6] * 5, None, ("all_equal",), id="all the same"),
        pytest.param([0.6, 0.6, 0.61, 0.6, 0.6], None, ("near_equal",), id="nearly the same"),
        pytest.param([0.6, 0.7, 0.5, 0.6, 0.8], [0.6, 0.7, 0.5, 0.6, 0.8], ("repeated",), id="as last time"),
        pytest.param([0.6, 0.7, 0.5, 0.6, 0.8], [0.6, 0.7, 0.5, 0.6, 0.7], (), id="nearly as last time"),
    ],
)
def test_what_is_asked_of_a_rater(shares: list[float], before: list[float] | None, questions: tuple[str, ...]) -> None:
    now = frame(RATINGS, [*rated_by("M1", shares), *rated_by("M2", WIDE)])
    then = None if before is None else frame(RATINGS, rated_by("M1", before, "2026-09"))

    found = {row.rater: row.questions for row in rater_rows(now, then)}

    assert found["M1"] == questions


def test_a_rater_whom_nobody_can_be_compared_with_is_too_few_to_tell() -> None:
    [row] = rater_rows(frame(RATINGS, rated_by("M1", [1.0, 0.9, 1.0, 0.9, 1.0])))

    assert row.questions == ("too_few",)
    assert math.isnan(row.apart)


def test_raters_of_four_people_are_not_told_of() -> None:
    assert rater_rows(frame(RATINGS, rated_by("M1", [1.0] * 4))) == ()


def items_of(chance: random.Random) -> list[Row]:
    rows = []
    for cycle in ("2026-08", "2026-09", "2026-10"):
        for number in range(15):
            for at, indicator in enumerate(("a", "b", "c", "d")):
                missing = chance.random() < (0.5 if indicator == "d" else 0.05)
                value = 7 if indicator == "b" else chance.randint(0, 4)
                share = None if missing else 1.0 if indicator == "a" else value / 4 if indicator != "b" else 0.5
                rows.append(
                    {"cycle": cycle, "person": f"E{number}", "role": "r", "indicator": indicator, "owner": f"o{at}"}
                    | {"extra": False, "trial": False, "rated": False, "weight": 25.0, "share": share}
                    | {"actual": None if missing else value, "status": "missing" if missing else "scored"}
                )
    return rows


@pytest.mark.parametrize("seed", SEEDS)
def test_indicators_that_tell_nobody_apart(seed: int) -> None:
    rows = items_of(random.Random(seed))

    found = {row.indicator: row for row in indicator_rows(frame(ITEMS, rows))}

    for name, row in found.items():
        own = [each for each in rows if each["indicator"] == name]
        shares = [each["share"] for each in own if each["share"] is not None]
        assert (row.items, row.scored, row.owner) == (len(own), len(shares), own[0]["owner"])
        assert near(row.full, shares.count(1.0) / len(shares))
        assert near(row.zero, shares.count(0.0) / len(shares))
        assert near(row.missing, sum(each["share"] is None for each in own) / len(own))
        values = {
            who: [each["actual"] for each in series if each["actual"] is not None]
            for who, series in groupby(sorted(own, key=lambda e: e["person"]), key=lambda e: e["person"])
        }
        long = [series for series in values.values() if len(series) >= 3]
        assert (row.series, row.still) == (len(long), sum(len(set(series)) == 1 for series in long))
    assert "all_full" in found["a"].questions
    assert "never_moves" in found["b"].questions
    assert "often_missing" in found["d"].questions
    assert found["c"].questions == ()


def ranks(values: Sequence[float]) -> list[float]:
    """Places from 1 on; equal values share the mean of theirs."""
    ordered = sorted(values)
    return [ordered.index(each) + (ordered.count(each) + 1) / 2 for each in values]


@pytest.mark.parametrize("seed", SEEDS)
def test_pairs_have_the_rank_correlation_of_ranks(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_indicators, "TOGETHER", 0.05)
    rows = items_of(random.Random(seed))

    found = {frozenset((pair.first, pair.second)): pair for pair in correlated_pairs(frame(ITEMS, rows))}

    shares: dict[str, dict[str, float]] = {}
    for row in rows:
        if row["share"] is not None:
            shares.setdefault(row["indicator"], {})[f"{row['cycle']}/{row['person']}"] = row["share"]
    for first, second in combinations("cd", 2):
        both = sorted(shares[first].keys() & shares[second].keys())
        expected = statistics.correlation(
            ranks([shares[first][who] for who in both]), ranks([shares[second][who] for who in both])
        )
        pair = found.get(frozenset((first, second)))
        assert (pair is not None) == (abs(expected) >= 0.05)
        if pair:
            assert near(pair.rank_correlation, expected)
            assert pair.people == len(both)


def test_two_indicators_that_order_people_alike_are_told_with_their_number() -> None:
    base = {"cycle": "2026-10", "role": "r", "extra": False, "trial": False, "rated": False, "weight": 50.0}
    rows = [
        base | {"person": f"E{at}", "indicator": name, "share": at / 20 * times, "status": "scored"}
        for at in range(12)
        for name, times in (("a", 1), ("b", 0.5))
    ]

    [pair] = correlated_pairs(frame(ITEMS, rows))

    assert (pair.first, pair.second, pair.people) == ("b", "a", 12)
    assert near(pair.rank_correlation, 1)
    assert correlated_pairs(frame(ITEMS, rows[:18])) == ()


def test_owners_by_how_much_of_theirs_is_not_there() -> None:
    rows = [
        {"owner": owner, "missing": missing, "measure": "m", "raw": "", "note": ""}
        for owner, missing in (("shop", None), ("shop", "not_given"), ("office", None), ("shop", "not_due"))
    ]

    found = owner_rows(frame(ACTUALS, rows))

    assert [(row.owner, row.due, row.missing) for row in found] == [("shop", 3, 1), ("office", 1, 0)]
