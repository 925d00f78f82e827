"""Quotas of grades, by hand and against heads counted one by one, for 1 to 200 people."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from kpibook.base.words import words
from kpibook.checking.checks.quotas import check_quotas
from kpibook.model import Catalog, Department
from kpibook.scoring import score
from kpibook.scoring.quotas import excesses, groups
from kpibook.scoring.results import Results
from making import catalog, cycle, indicator, item, person, role
from quota_oracle import Head, looked_at, told

POINTS = {"rule": "linear", "zero": "0", "full": "100"}
GRADES = (("A", 90), ("B", 80), ("C", 60), ("D", 0))
PARENTS = {"north": "sales", "south": "sales", "sales": "trade", "web": "trade"}
PLACE = "scorecards/2026-10/people.csv: warning:"
PLACES = ("trade", "sales", "north", "south", "web", "office")


def company(**distribution: Any) -> Catalog:
    departments = [Department.build(id=id, name=id, parent=PARENTS.get(id)) for id in PLACES]
    roles = [role(id, [item("x", 100, POINTS)], reports_to=PARENTS.get(id)) for id in PLACES]
    return catalog(roles, [indicator("x")], departments=departments, grades=GRADES, distribution=distribution)


def played(made: Catalog, heads: Sequence[Head]) -> Results:
    people = [person(f"E{n}", head.group, head.group) for n, head in enumerate(heads)]
    numbers = {(f"E{n}", "x"): f"{head.total // 10}.{head.total % 10}" for n, head in enumerate(heads)}
    return score(made, cycle(people, numbers), {})


def head(group: str, total: int) -> Head:
    """Somebody with a total in tenths, and the grade that it gives."""
    return Head(group, next(place for place, (_, least) in enumerate(GRADES) if total >= 10 * least), total)


def limit(grade: str = "A", at_most: int = 20) -> list[Mapping[str, Any]]:
    return [{"grade": grade, "at_most": at_most}]


def test_a_share_is_rounded_down_to_whole_people() -> None:
    made = company(within="company", limits=limit())
    heads = [head("office", 950 - n) for n in range(2)] + [head("office", 700 - n) for n in range(7)]

    [found] = excesses(played(made, heads).cards, made)

    assert (found.allowed, found.holders, found.tied) == (1, 2, 0)
    assert not list(excesses(played(made, [*heads, head("office", 600)]).cards, made))


def test_better_grades_count_too() -> None:
    made = company(within="company", limits=limit("B", 40))

    [found] = excesses(played(made, [head("web", total) for total in (950, 910, 850, 700, 600)]).cards, made)

    assert (found.quota.grade, found.allowed, found.holders) == ("B", 2, 3)


def test_who_has_no_grade_counts_nowhere() -> None:
    made = company(within="company", limits=limit(at_most=50))
    people = [person(f"E{n}", "web", "web") for n in range(4)]

    results = score(made, cycle(people, {("E0", "x"): 95, ("E1", "x"): 70}), {})

    assert [len(group.cards) for group in groups(results.cards, made)] == [2]
    assert not list(excesses(results.cards, made))


def test_a_tie_at_the_limit_is_told_and_not_cut() -> None:
    made = company(within="company", limits=limit())
    heads = [head("web", total) for total in (950, 950, 950, *range(700, 707))]

    [found] = excesses(played(made, heads).cards, made)

    assert (found.allowed, found.holders, found.tied, found.is_by_ties_alone) == (2, 3, 3, True)


def test_a_small_group_is_looked_at_with_all_below_its_parent() -> None:
    made = company(within="department", pool_under=4, limits=limit())
    heads = [head("north", 950)] * 2 + [head("south", 950)] * 4 + [head("sales", 700)] * 3 + [head("web", 700)] * 4

    found = groups(played(made, heads).cards, made)

    assert {(group.id, group.small, len(group.cards)) for group in found} == {
        ("sales", ("north",), 9),
        ("south", (), 4),
        ("trade", ("sales",), 13),
        ("web", (), 4),
    }


def test_nobody_has_to_be_at_the_bottom() -> None:
    made = company(within="company", limits=limit(at_most=100))

    assert not list(excesses(played(made, [head("web", 950)] * 30).cards, made))


def test_without_limits_nothing_is_told() -> None:
    made = company()

    assert not list(excesses(played(made, [head("web", 950)] * 30).cards, made))


def test_one_to_two_hundred_people_counted_head_by_head() -> None:
    draw = random.Random(1)
    grades = [grade for grade, _ in GRADES]
    for count in range(1, 201):
        within = draw.choice(("department", "department", "role", "company"))
        under, percent, least = draw.choice((1, 3, 10, 25)), draw.choice((0, 1, 10, 20, 33, 50, 99)), draw.randrange(3)
        made = company(within=within, pool_under=under, limits=limit(grades[least], percent))
        heads = [head(draw.choice(PLACES), draw.choice((*range(600, 1000, 7), 900, 900, 800))) for _ in range(count)]
        together = {("company", False): heads} if within == "company" else looked_at(heads, PARENTS, under)

        found = {
            (each.group.id, bool(each.group.small)): (each.allowed, each.holders, each.tied, each.is_by_ties_alone)
            for each in excesses(played(made, heads).cards, made)
        }

        expected = {key: tuple(answer) for key, inside in together.items() if (answer := told(inside, least, percent))}
        assert found == expected, (within, count, under, percent, least)


def test_check_tells_counts_and_no_names() -> None:
    made = company(within="department", pool_under=3, limits=limit())
    heads = [head("web", 950), head("web", 940), *[head("web", 930)] * 3, *[head("web", 700)] * 10, head("north", 960)]

    problems = list(check_quotas(made, played(made, heads)))

    assert [problem.text(words("zh")).splitlines()[0] for problem in problems] == [
        f"{PLACE} web的 A 及以上最多 3 人，界线上有 3 人等级和总分都相同，合计 5 人 [quota-tied]",
        f"{PLACE} trade及其下各级（north不足 3 人，并在一起看）有等级的 16 人里，A 及以上有 6 人；最多 20%，即 3 人 "
        "[quota-pool-exceeded]",
    ]


def test_check_tells_more_than_ties() -> None:
    made = company(within="company", limits=limit())

    problems = list(check_quotas(made, played(made, [head("web", 950), head("web", 940), head("web", 700)])))

    assert [problem.text(words("en")) for problem in problems] == [
        f"{PLACE} of the 3 people of Acme with a grade, 2 have A or better; at most 20 %, 0, may [quota-exceeded]\n"
        "    hint: this is told and nobody's grade is changed; "
        "write calibrations with their reasons into calibration.csv"
    ]
