"""Raters by their post: who holds it in the cycle, for how many days, and who of several rates."""

import datetime
from pathlib import Path

import pytest

from kpibook.base.periods import Period
from kpibook.base.words import words
from kpibook.content import read, score_cycle
from kpibook.exchange.needs import NeedKind, needs_of
from kpibook.model import Assignment, Leave
from kpibook.scoring.explain import rule_sentence
from kpibook.scoring.post_holders import holders, rater_by_post
from lives import Life
from making import catalog, cycle, indicator, item, person, place, role


def held(who: str, first: int = 1, last: int = 31, post: str = "lead") -> Assignment:
    days = datetime.date(2026, 10, first), datetime.date(2026, 10, last)
    return person(who, post, first_day=days[0], last_day=days[1])


@pytest.mark.parametrize(
    ("rows", "rater"),
    [
        ([], ""),
        ([person("L1", "lead")], "L1"),
        ([held("L1", last=10), held("L2", first=11)], "L2"),
        ([held("L1", last=10), held("L2", first=11, last=20), held("L1", first=21)], "L1"),
        ([person("L1", "lead"), person("L2", "lead")], ""),
        ([person("E1", "lead"), held("L2", last=3)], "L2"),
        ([person("E1", "lead")], ""),
    ],
    ids=["nobody", "one", "who held it longer", "days add up", "two as long", "not oneself", "only oneself"],
)
def test_who_held_the_post_longest_rates(rows: list[Assignment], rater: str) -> None:
    assert rater_by_post(cycle([*rows, person("E1", "clerk")]), "lead", "E1") == rater


def test_days_outside_of_the_cycle_do_not_count() -> None:
    before = person("L1", "lead", first_day=datetime.date(2026, 1, 1), last_day=datetime.date(2026, 10, 5))
    gone = person("L2", "lead", first_day=datetime.date(2026, 1, 1), last_day=datetime.date(2026, 9, 5))

    assert holders(cycle([before, gone]), "lead") == {"L1": 5}


def test_who_is_on_leave_holds_the_post_for_fewer_days() -> None:
    away = Leave(place(2, "leave.csv"), "care", datetime.date(2026, 9, 1), None)
    rows = [person("L1", "lead"), held("L2", first=20), person("E1", "clerk")]

    month = cycle(rows, leave={"L1": (away,)})

    assert holders(month, "lead") == {"L2": 12}
    assert rater_by_post(month, "lead", "E1") == "L2"
    assert rater_by_post(cycle(rows), "lead", "E1") == "L1"


def test_the_rule_names_the_post() -> None:
    rated = item("x", "100", {"rule": "rating"}, raters={"peer": 1}, rater_posts={"peer": "lead"})
    handbook = catalog([role("clerk", [rated]), role("lead", [], name="Team lead")], [indicator("x")])

    sentence = rule_sentence(handbook.roles["clerk"].items[0], handbook, words("en"))

    assert sentence.endswith(" The rating by the peers is that of whoever holds the post “Team lead”.")


def test_the_sheet_goes_to_who_holds_the_post(tmp_path: Path) -> None:
    life = Life(tmp_path)
    path = tmp_path / "handbook" / "roles" / "barista.yml"
    posts = "        raters: {peer: 1}\n        rater_posts: {peer: shop-manager}\n        supports: conversion"
    path.write_text(path.read_text(encoding="utf-8").replace("        supports: conversion", posts), encoding="utf-8")
    life.change("2026-10/people.csv", "E01,林晓,shop-manager,shop,,,", "E01,林晓,shop-manager,shop,,,2026-10-10")
    life.add("2026-10/people.csv", "E04,方圆,shop-manager,shop,,2026-10-11,,8000\n")
    life.path("2026-10/ratings.csv").unlink()

    content = read(tmp_path / "handbook", tmp_path / "scorecards")
    found = needs_of(score_cycle(content, Period.parse("2026-10")), content.catalog, content.cycles)

    rated = [(each.subject, each.relation, each.rater) for each in found.needs if each.kind is NeedKind.RATING]
    assert rated == [("E02", "peer", "E04"), ("E03", "peer", "E04")]
