"""Threshold and stretch value of one person, beside the target in targets.csv."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from gmpy2 import mpq
from hypothesis import given as drawn
from hypothesis import strategies as st

from cycle_folders import HEAD, codes
from kpibook.base.problems import Problem
from kpibook.base.words import words
from kpibook.model import Catalog, SetAside, TargetRow
from kpibook.pages.cards.ways import ways
from kpibook.reading.cycle import load_cycle
from kpibook.records.agreements import agreement_number
from kpibook.scoring import score
from kpibook.scoring.explain import item_lines
from kpibook.scoring.results import Card, ItemScore
from making import catalog, cycle, indicator, item, person, role, target

ZH = words("zh")
STRETCH = {"rule": "stretch", "at_threshold": 60, "at_stretch": 120}


def company(standard: dict[str, object] = STRETCH, direction: str = "higher") -> Catalog:
    """A clerk sells for 100: 80 are the threshold, and 120 the stretch value."""
    low, high = (120, 80) if direction == "lower" else (80, 120)
    beside = {"threshold": low, "stretch": high} if standard["rule"] == "stretch" else {}
    made = item("x", 100, standard, target=100, **beside)
    return catalog([role("clerk", [made])], [indicator("x", name="销售额", unit="元", direction=direction)], [])


def row(value: int, threshold: int | None = None, stretch: int | None = None, original: int | None = None) -> TargetRow:
    marks = [None if each is None else mpq(each) for each in (threshold, stretch)]
    return replace(target(value, 4, "新店", "E9", original), threshold=marks[0], stretch=marks[1])


def card(actual: Fraction | int, given: TargetRow | None, made: Catalog | None = None) -> Card:
    rows = {("E1", "x"): given} if given else {}
    numbers: dict[tuple[str, str], int | str] = {("E1", "x"): str(actual)}
    return score(made or company(), cycle([person("E1")], numbers, targets=rows), {}).cards[0]


def first(found: Card) -> ItemScore:
    return found.spans[0].items[0]


QUARTERS = st.integers(0, 1000).map(lambda number: Fraction(number, 4))


@drawn(QUARTERS, st.none() | st.integers(1, 149), st.none() | st.integers(151, 240))
def test_what_a_row_gives_goes_before_what_moves_with_the_target(
    actual: Fraction, threshold: int | None, stretch: int | None
) -> None:
    low = Fraction(120) if threshold is None else Fraction(threshold)
    high = Fraction(180) if stretch is None else Fraction(stretch)

    found = first(card(actual, row(150, threshold, stretch)))

    assert found.points is not None
    assert Fraction(int(found.points.numerator), int(found.points.denominator)) == by_hand(
        actual, [(low, 60), (Fraction(150), 100), (high, 120)]
    )


def by_hand(actual: Fraction, spots: Sequence[tuple[Fraction, int]]) -> Fraction:
    if actual < spots[0][0]:
        return Fraction(0)
    for (low, points), (high, more) in pairwise(spots):
        if actual < high:
            return points + (more - points) * (actual - low) / (high - low)
    return Fraction(spots[-1][1])


def test_the_card_tells_them_with_the_target_and_in_the_rule() -> None:
    found = item_lines(first(card(160, row(150, 140, 170))), company(), ZH)

    assert found == (
        "标准：达到 170 元得 120 分，再多也不再加；达到目标 150 元得 100 分；达到 140 元得 60 分；"
        "两者之间按直线比例得分；都没有达到的得 0 分。",
        "实际值：160 元",
        "目标：150 元（个人目标，scorecards/2026-10/targets.csv:4，门槛值 140 元，挑战值 170 元，"
        "原因：新店，批准：E9）",
        "100 +（120 − 100）×（160 − 150）÷（170 − 150）= 110 分",
    )


def test_the_target_before_its_change_goes_with_the_marks_of_the_role() -> None:
    found = first(card(110, row(150, 100, original=100)))

    assert found.points == mpq(68)
    assert found.original is not None
    assert found.original.points == mpq(110)


def test_ways_to_the_next_grade_know_them() -> None:
    [way] = ways(card(150, row(150, 140, 170)).spans[0], mpq(10), 2)

    assert [move.actual for move in way.moves] == [mpq(160)]


def test_who_signed_other_ones_signed_another_agreement() -> None:
    made = company()
    signed = [agreement_number(card(1, each, made), made) for each in (row(150), row(150, 140), row(150, 140, 170))]

    assert len(set(signed)) == 3


HEADER = "subject,indicator,target,threshold,stretch,reason,approved_by\n"


def read(root: Path, made: Catalog, cells: str) -> tuple[list[TargetRow], tuple[Problem, ...], Sequence[SetAside]]:
    """The targets of a cycle whose file has one row, with what is told of it."""
    folder = root / "scorecards" / "2026-10"
    folder.mkdir(parents=True)
    (folder / "cycle.yml").write_text(HEAD, "utf-8")
    (folder / "people.csv").write_text("person,name,role,department\nE1,林晓,clerk,shop\n", "utf-8")
    (folder / "targets.csv").write_text(f"{HEADER}E1,x,{cells},新店,E9\n", "utf-8")
    month, problems = load_cycle(folder, made)
    # That the only row is set aside is told of the file as well.
    told = tuple(each for each in problems if each.code != "many-rows-set-aside")
    return list(month.targets.values()), told, month.set_aside


@pytest.mark.parametrize(
    ("direction", "cells", "code", "column"),
    [
        ("higher", "100,80,120", "", 0),
        ("higher", "100,,120", "", 0),
        ("lower", "100,120,80", "", 0),
        ("higher", "100,100,120", "beside-target-order", 10),
        ("higher", "100,120,", "beside-target-order", 10),
        ("higher", "100,80,90", "beside-target-order", 13),
        ("lower", "100,80,", "beside-target-order", 10),
        ("lower", "100,120,130", "beside-target-order", 14),
        ("higher", "100,many,", "cell-not-a-number", 10),
    ],
)
def test_a_row_whose_values_are_out_of_order_is_set_aside(
    tmp_path: Path, direction: str, cells: str, code: str, column: int
) -> None:
    made, problems, aside = read(tmp_path, company(direction=direction), cells)

    assert bool(made) is not bool(code)
    assert [(each.code, each.place.column) for each in aside] == ([(code, column)] if code else [])
    assert codes(problems) == ([code] if code else [])


def test_the_message_names_the_cell_and_what_to_do(tmp_path: Path) -> None:
    _, [problem], _ = read(tmp_path, company(), "100,120,")

    assert (problem.message(ZH), problem.hint(ZH)) == (
        "x 的 threshold 写的是“120”，目标是 100，次序不对",
        "请核对这一行：门槛值（threshold）应比目标容易达到，挑战值（stretch）应比目标难达到",
    )


@pytest.mark.parametrize(
    ("standard", "cells", "column"),
    [
        ({"rule": "proportional"}, "100,80,", 10),
        ({"rule": "proportional"}, "100,,120", 11),
        ({"rule": "stretch", "at_threshold": 60}, "100,,120", 11),
    ],
)
def test_what_no_rule_uses_is_set_aside(tmp_path: Path, standard: dict[str, object], cells: str, column: int) -> None:
    made, problems, aside = read(tmp_path, company(standard), cells)

    assert not made
    assert [(each.code, each.place.column) for each in aside] == [("beside-not-used", column)]
    assert codes(problems) == ["beside-not-used"]
