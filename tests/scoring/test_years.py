"""A year of cycles: means and bonuses by a second reckoning in fractions, and lists by the rule that they name."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from kpibook.base.periods import Period
from kpibook.model import Catalog, Grade, YearBonus
from kpibook.scoring import score
from kpibook.scoring.years import PersonYear, Reward, YearCycle, year_of
from making import catalog, cycle, indicator, item, person, role

POINTS = {"rule": "linear", "zero": "0", "full": "100"}
GRADES = (("A", "90", "1.2"), ("B", "60", "1"), ("C", "0", "0.5"))


def company(consequences: Mapping[str, Mapping[str, Any]] | None = None, *bonuses: Mapping[str, Any]) -> Catalog:
    made = catalog([role("clerk", [item("x", 100, POINTS)])], [indicator("x")])
    grades = tuple(
        Grade.build(
            id=key,
            name=key,
            from_=since,
            factor=factor,
            fail=str(key == "C").lower(),
            consequences=(consequences or {}).get(key, {}),
        )
        for key, since, factor in GRADES
    )
    own = made.company.model_copy(update={"year_bonus": tuple(YearBonus.build(**each) for each in bonuses)})
    return replace(made, grades=grades, company=own)


def cycles(made: Catalog, *months: tuple[str, Sequence[str]]) -> list[YearCycle]:
    """The cycles of these months; each names the points of E1, E2, ...: empty for no number, "-" for nobody there."""
    found = []
    for month, points in months:
        there = [(f"E{at}", value) for at, value in enumerate(points, 1) if value != "-"]
        numbers = {(who, "x"): value for who, value in there if value}
        results = score(made, cycle([person(who) for who, _ in there], numbers, period=month), {})
        rows = tuple(replace(row, numbers={"base_salary": mpq(5000)}) for row in results.cycle.people)
        found.append(YearCycle(replace(results, cycle=replace(results.cycle, people=rows))))
    return found


def one(made: Catalog, *months: tuple[str, str], year: int = 2026) -> PersonYear:
    return year_of(year, cycles(made, *[(month, [points]) for month, points in months]), made)[0]


def nominated(found: PersonYear) -> list[str]:
    return [f"{each.list} {each.grade.id} {each.periods[0]}..{each.periods[-1]}" for each in found.nominations]


def test_means_are_over_the_cycles_with_a_total() -> None:
    found = one(company(), ("2026-01", "95"), ("2026-02", ""), ("2026-03", "70.25"), ("2026-04", "10"))

    assert found.mean_total == mpq("95") / 3 + mpq("70.3") / 3 + mpq("10") / 3
    assert found.mean_factor == mpq("2.7") / 3


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (("50",), []),
        (("50", "50"), ["training C 2026-01..2026-02"]),
        (("50", "50", "50"), ["training C 2026-01..2026-03"]),
        (("50", "70", "50"), []),
        (("50", "", "50"), []),
        (("50", "50", "70", "50", "50"), ["training C 2026-01..2026-02", "training C 2026-04..2026-05"]),
    ],
)
def test_a_list_takes_its_cycles_on_end(points: Sequence[str], expected: list[str]) -> None:
    made = company({"C": {"training": {"text": "补课", "list": "true", "cycles": "2"}}})

    found = one(made, *[(f"2026-{at:02d}", value) for at, value in enumerate(points, 1)])

    assert nominated(found) == expected


def test_a_month_that_is_not_there_ends_a_run_and_the_turn_of_the_year_does_not() -> None:
    made = company({"A": {"promotion": {"list": "true", "cycles": "2"}, "pay": {"list": "true"}, "level": "不变"}})

    gap = one(made, ("2026-01", "95"), ("2026-03", "95"))
    turn = one(made, ("2025-12", "95"), ("2026-01", "95"))
    before = one(made, ("2025-11", "95"), ("2025-12", "95"), ("2026-01", "70"))

    assert nominated(gap) == ["pay A 2026-01..2026-01", "pay A 2026-03..2026-03"]
    assert nominated(turn) == ["promotion A 2025-12..2026-01", "pay A 2025-12..2026-01"]
    assert nominated(before) == []
    assert list(turn.cards) == [Period.parse("2026-01")]


def test_words_alone_make_no_list() -> None:
    assert nominated(one(company({"C": {"training": "补课"}}), ("2026-01", "50"))) == []


def test_a_bonus_comes_of_the_mean_factor_and_is_rounded_once() -> None:
    made = company({}, {"name": "年终奖", "formula": "base_salary * mean_factor", "when": "cycles >= 3"})

    enough = one(made, ("2026-01", "95"), ("2026-02", "95"), ("2026-03", "70"))
    few = one(made, ("2026-01", "95"))

    assert [each.amount for each in enough.bonuses] == [mpq("5666.67")]
    assert [step.key for step in enough.bonuses[0].steps] == ["pay_when", "pay", "pay_rounded"]
    assert [(each.amount, [step.key for step in each.steps]) for each in few.bonuses] == [(mpq(0), ["pay_not_when"])]


def test_a_bonus_names_what_it_lacks_and_is_for_its_roles_alone() -> None:
    made = company(
        {},
        {"name": "缺", "formula": "age * mean_factor"},
        {"name": "无", "formula": "1 / (cycles - 1)"},
        {"name": "别人", "formula": "1", "roles": ["boss"]},
    )

    found = one(made, ("2026-01", "95"))

    assert [(each.bonus.name, each.amount, each.missing) for each in found.bonuses] == [
        ("缺", None, ("age",)),
        ("无", None, ()),
    ]


def test_everybody_of_the_year_is_there_once_in_the_order_of_the_last_roster() -> None:
    made = company()
    found = year_of(
        2026,
        cycles(
            made, ("2025-12", ["90", "-", "90", "90"]), ("2026-01", ["90", "80", "-"]), ("2026-02", ["-", "80", "70"])
        ),
        made,
    )

    assert [each.last.person for each in found] == ["E2", "E3", "E1"]
    assert [len(each.cards) for each in found] == [2, 1, 1]


def test_the_money_of_streaks_is_kept_by_cycle() -> None:
    made = company()
    [december, january] = cycles(made, ("2025-12", ["95"]), ("2026-01", ["95"]))
    rewards = [{"e1": (Reward(each.period, "champion", mpq(200)),)} for each in (december, january)]

    [found] = year_of(2026, [december._replace(rewards=rewards[0]), january._replace(rewards=rewards[1])], made)

    assert [(str(each.period), each.amount) for each in found.rewards] == [("2026-01", mpq(200))]


def half_up(value: Fraction, places: int) -> Fraction:
    step = Decimal(1).scaleb(-places)
    digits = Decimal(value.numerator * 10**20 // value.denominator).scaleb(-20)
    return Fraction(digits.quantize(step, ROUND_HALF_UP))


@given(st.lists(st.integers(0, 1000).map(lambda tenths: Fraction(tenths, 10)) | st.none(), min_size=1, max_size=12))
def test_a_year_agrees_with_a_second_reckoning(points: list[Fraction | None]) -> None:
    made = company({}, {"name": "年终奖", "formula": "base_salary * mean_factor + mean_total - failed"})
    known = [value for value in points if value is not None]
    factors = [Fraction("1.2") if value >= 90 else Fraction(1) if value >= 60 else Fraction("0.5") for value in known]
    failed = sum(value < 60 for value in known)

    texts = ["" if value is None else str(float(value)) for value in points]
    found = one(made, *[(f"2026-{at:02d}", value) for at, value in enumerate(texts, 1)])

    [bonus] = found.bonuses
    if not known:
        assert (found.mean_total, found.mean_factor, bonus.amount) == (None, None, None)
        return
    total, factor = sum(known) / Fraction(len(known)), sum(factors) / Fraction(len(factors))
    assert (Fraction(str(found.mean_total)), Fraction(str(found.mean_factor))) == (total, factor)
    assert Fraction(str(bonus.amount)) == half_up(5000 * factor + total - failed, 2)
