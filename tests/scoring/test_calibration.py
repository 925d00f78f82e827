"""Calibration: totals and grades set by people, before gates, for ranks, pay and streaks."""

import datetime
from typing import Any

import pytest
from gmpy2 import mpq

from kpibook.base.words import words
from kpibook.exchange.exports import totals_csv
from kpibook.model import Calibration, Catalog, Cycle
from kpibook.rules.formulas import Name
from kpibook.scoring import score, standings
from kpibook.scoring.explain import total_lines
from kpibook.scoring.results import Card, Results, Status
from making import aside, catalog, cycle, indicator, item, person, place, role

POINTS = {"rule": "linear", "zero": "0", "full": "100"}
EN = words("en")


def company(*gates: dict[str, Any], **values: Any) -> Catalog:
    pay = [{"name": "Bonus", "formula": "total * 10"}, {"name": "Exact", "formula": "exact_total"}]
    clerk = role("clerk", [item("x", 100, POINTS)], gates=list(gates), pay=pay)
    return catalog([clerk], [indicator("x"), indicator("accidents")], **values)


def a_row(total: str | None = None, grade: str = "", line: int = 2) -> Calibration:
    day = datetime.date(2026, 11, 8)
    return Calibration(
        place(line, "calibration.csv"), None if total is None else mpq(total), grade, "panel of 8 Nov", "E9", day
    )


def played(rows: dict[str, Calibration] | None, **values: Any) -> Cycle:
    """Ann comes to 92.04 (A) and had an accident, Ben to 85 (B), Cid to 70 (C)."""
    points: dict[tuple[str, str], int | str] = {("E1", "x"): "92.04", ("E2", "x"): 85, ("E3", "x"): 70}
    accidents: dict[tuple[str, str], int | str] = {
        ("E1", "accidents"): 1,
        ("E2", "accidents"): 0,
        ("E3", "accidents"): 0,
    }
    people = [person(f"E{n}") for n in (1, 2, 3)]
    return cycle(people, points | accidents, calibration=rows, **values)


def results(rows: dict[str, Calibration], *gates: dict[str, Any], **values: Any) -> Results:
    return score(company(*gates, **values), played(rows), {})


def short(card: Card) -> tuple[str, str, int | None]:
    return str(card.total), card.grade.id if card.grade else "", card.rank


def test_a_calibrated_total_brings_its_grade_rank_and_pay() -> None:
    found = results({"E3": a_row("93")})

    assert [short(card) for card in found.cards] == [("92", "A", 2), ("85", "B", 3), ("93", "A", 1)]
    cid = found.cards[2]
    assert [outcome.amount for outcome in cid.pay] == [mpq(930), mpq(93)]
    assert cid.calibration is not None
    assert (cid.calibration.computed, cid.calibration.total) == (mpq(70), mpq(93))
    assert cid.calibration.grade is not None
    assert cid.calibration.grade.id == "C"
    assert standings(found)["E3"].numbers[Name("", "total")] == mpq(93)


def test_a_calibrated_grade_leaves_the_total() -> None:
    assert short(results({"E2": a_row(grade="A")}).cards[1]) == ("85", "A", 2)


def test_a_calibrated_total_and_grade_hold_together() -> None:
    assert short(results({"E2": a_row("79.96", grade="C")}).cards[1]) == ("80", "C", 2)


def test_a_calibrated_total_is_rounded_as_the_company_rounds() -> None:
    ben = results({"E2": a_row("89.95")}).cards[1]

    assert short(ben) == ("90", "A", 2)
    assert [outcome.amount for outcome in ben.pay] == [mpq(900), mpq("89.95")]


@pytest.mark.parametrize(
    ("gate", "row", "expected"),
    [
        ({"grade_at_most": "C"}, a_row("98"), ("98", "C")),
        ({"grade_at_most": "C"}, a_row(grade="A"), ("92", "C")),
        ({"grade_at_most": "C"}, a_row(grade="D"), ("92", "D")),
        ({"total_at_most": 65}, a_row("98"), ("65", "C")),
        ({"total_at_most": 65}, a_row("50"), ("50", "D")),
        ({"total_at_most": 65}, a_row(grade="A"), ("65", "C")),
        ({"total_at_most": 95}, a_row("70", grade="A"), ("70", "A")),
    ],
)
def test_a_gate_is_never_lifted(gate: dict[str, Any], row: Calibration, expected: tuple[str, str]) -> None:
    ann = results({"E1": row}, {"when": "accidents > 0", **gate}).cards[0]

    assert short(ann)[:2] == expected


def test_somebody_without_a_total_has_none_by_calibration() -> None:
    made = company()
    month = cycle([person("E1")], {}, calibration={"E1": a_row("90")})

    card = score(made, month, {}).cards[0]

    assert (card.total, card.status, card.calibration) == (None, Status.MISSING, None)


def test_a_calibration_set_aside_withholds_the_total() -> None:
    waiting = aside("E2", "", "calibration.csv")

    cards = score(company(), played({}, set_aside=(waiting,)), {}).cards

    assert [card.status for card in cards] == [Status.SCORED, Status.SET_ASIDE, Status.SCORED]
    assert [card.total for card in cards] == [mpq(92), None, mpq(70)]


def test_the_derivation_tells_the_calibration() -> None:
    made = company()

    lines = total_lines(score(made, played({"E3": a_row("93", "B")}), {}).cards[2], made, EN)

    assert lines[:4] == (
        "items: 70 = 70",
        "70 rounded half-up to decimal place 1: total 70.0",
        "calibrated: total 70.0 → 93.0 (panel of 8 Nov; E9, 8 Nov 2026)",
        "calibrated: the grade is B (panel of 8 Nov; E9, 8 Nov 2026)",
    )


def test_totals_have_the_columns_of_calibration_only_with_its_file() -> None:
    made = company({"when": "accidents > 0", "total_at_most": 65})
    plain, calibrated = (
        "".join(totals_csv(score(made, played(rows), {}), made, EN)).splitlines()
        for rows in (None, {"E3": a_row("93")})
    )

    assert plain[0].removeprefix("\ufeff").startswith("cycle,person,name,department,role,total,grade,rank,")
    head = "cycle,person,name,department,role,total_computed,total_calibrated,total,grade,rank,"
    assert calibrated[0].removeprefix("\ufeff").startswith(head)
    assert [line.split(",")[5:9] for line in calibrated[1:]] == [
        ["92.0", "", "65.0", "C"],
        ["85.0", "", "85.0", "B"],
        ["70.0", "93.0", "93.0", "A"],
    ]
    assert [line.split(",")[:7] for line in plain[2:]] == [
        ["2026-10", "E2", "Name E2", "shop", "clerk", "85.0", "B"],
        ["2026-10", "E3", "Name E3", "shop", "clerk", "70.0", "C"],
    ]
