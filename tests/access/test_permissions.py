"""Who may open which page of a cycle: by the roster of that time, and by nothing else."""

import datetime
from collections.abc import Mapping
from dataclasses import replace

import pytest

from kpibook.access import AccessReason, CyclePermissions, as_of, deciding_cycle, permissions_of, release_of, viewers
from kpibook.model import Access, Assignment, Catalog, Cycle, CycleStatus, Department, Release
from making import catalog, cycle, item, person, role

RATED = [item("care", 100, {"rule": "rating"})]


def a_company() -> Catalog:
    """A head office with two shops below it, each led by a role of its own."""
    departments = [
        Department.build(id="office", name="Office", head="boss"),
        Department.build(id="shop", name="Shop", parent="office", head="lead"),
        Department.build(id="stand", name="Stand", parent="office", head="lead"),
    ]
    return catalog([role(id, RATED) for id in ("boss", "lead", "clerk")], departments=departments)


def staff() -> tuple[Assignment, ...]:
    return (
        person("B1", "boss", "office"),
        person("L1", "lead", "shop", manager="B1"),
        person("L2", "lead", "stand", manager="B1"),
        person("C1", manager="L1"),
        person("C2", manager="L1"),
        person("C3", "clerk", "stand", manager="L2"),
    )


def seen(found: CyclePermissions, viewer: str) -> Mapping[str, str]:
    return {subject: reason.value for subject, reason in found.cards.get(viewer, {}).items()}


def closed(*people: Assignment, period: str = "2026-10") -> Cycle:
    return replace(cycle(people, period=period), status=CycleStatus.CLOSED)


def day(number: int) -> datetime.date:
    return datetime.date(2026, 10, number)


def a_sight(found: Cycle, **access: object) -> CyclePermissions:
    return permissions_of(found, a_company(), Access.build(**access))


def test_managers_see_their_people_and_everybody_below_them() -> None:
    found = a_sight(closed(*staff()))

    assert seen(found, "c1") == {"c1": "own"}
    assert seen(found, "l1") == {"l1": "own", "c1": "manager", "c2": "manager"}
    assert seen(found, "b1") == {
        "b1": "own",
        **{"l1": "manager", "l2": "manager"},
        **{"c1": "chain", "c2": "chain", "c3": "chain"},
    }


def test_with_a_direct_chain_only_the_manager_and_the_own_head_see_a_card() -> None:
    found = a_sight(closed(*staff()), chain="direct")

    assert seen(found, "b1") == {"b1": "own", "l1": "manager", "l2": "manager"}
    assert seen(found, "l1") == {"l1": "own", "c1": "manager", "c2": "manager"}


def test_a_head_sees_the_department_without_being_anybodys_manager() -> None:
    people = [person("L1", "lead"), person("C1", manager="X9"), person("C2")]

    assert seen(a_sight(closed(*people)), "l1") == {"l1": "own", "c1": "head", "c2": "head"}
    assert seen(a_sight(closed(*people), heads="false"), "l1") == {"l1": "own"}


def test_one_role_that_leads_two_departments_opens_each_to_its_own_holder() -> None:
    found = a_sight(closed(person("L1", "lead"), person("C1"), person("C3", "clerk", "stand")))

    assert seen(found, "l1") == {"l1": "own", "c1": "head"}


def test_an_acting_head_sees_those_who_were_there_on_the_same_days() -> None:
    people = [
        person("A1", "lead", first_day=day(1), last_day=day(10)),
        person("A1", "clerk", "stand", first_day=day(11)),
        person("C1", last_day=day(12)),
        person("C2", first_day=day(11)),
    ]

    found = a_sight(closed(*people))

    assert seen(found, "a1") == {"a1": "own", "c1": "head"}
    assert "a1" not in found.departments


def test_who_changed_the_manager_in_the_cycle_is_seen_by_both() -> None:
    people = [
        *staff()[:3],
        person("C1", manager="L1", last_day=day(15)),
        person("C1", "clerk", "stand", manager="L2", first_day=day(16)),
    ]

    found = a_sight(closed(*people))

    assert [seen(found, viewer).get("c1") for viewer in ("l1", "l2")] == ["manager", "manager"]


def test_the_days_of_a_manager_decide_who_stands_above() -> None:
    people = [
        person("B1", "boss", "office"),
        person("B2", "clerk", "office"),
        person("L1", "clerk", "shop", manager="B1", last_day=day(10)),
        person("L1", "clerk", "shop", manager="B2", first_day=day(11)),
        person("C1", manager="L1", first_day=day(20)),
    ]

    found = a_sight(closed(*people), heads="false")

    assert [viewer for viewer in ("b1", "b2") if "c1" in seen(found, viewer)] == ["b2"]


def test_managers_in_a_circle_end_somewhere() -> None:
    found = a_sight(closed(person("C1", manager="C2"), person("C2", manager="C1")), heads="false")

    assert seen(found, "c1") == {"c1": "own", "c2": "manager"}


@pytest.mark.parametrize(
    ("status", "release", "own", "managed"),
    [
        (CycleStatus.PLANNED, None, False, False),
        (CycleStatus.OPEN, None, False, False),
        (CycleStatus.OPEN, Release.MANAGERS, False, True),
        (CycleStatus.OPEN, Release.PEOPLE, True, True),
        (CycleStatus.CLOSED, None, True, True),
        (CycleStatus.CLOSED, Release.HR, False, False),
    ],
)
def test_cards_go_out_as_far_as_their_cycle_is_released(
    status: CycleStatus, release: Release | None, own: bool, managed: bool
) -> None:
    found = a_sight(replace(cycle(staff()), status=status, release=release))

    assert ("c1" in seen(found, "c1"), "c1" in seen(found, "l1")) == (own, managed)
    assert AccessReason.OWN not in {*seen(found, "l1").values()} or own


def test_a_department_s_page_is_for_who_may_see_every_card_on_it() -> None:
    people = [*staff(), person("C4", manager="L2")]

    with_heads, by_managers = a_sight(closed(*people)), a_sight(closed(*people), heads="false")

    assert with_heads.departments["l1"] == ("shop",)
    assert "l1" not in by_managers.departments
    assert by_managers.departments["l2"] == ("stand",)
    assert with_heads.departments["b1"] == ("shop", "office", "stand", "company")


def test_the_page_of_the_cycle_is_for_who_may_see_all_cards() -> None:
    assert a_sight(closed(*staff())).whole == {"b1"}
    assert a_sight(closed(person("C1"))).whole == frozenset()


def test_who_has_left_by_the_last_day_of_the_newest_roster_has_no_folder() -> None:
    september = closed(person("C1"), person("C2"), person("C3"), period="2026-09")
    october = cycle([person("C1"), person("C2", last_day=day(10)), person("C4", first_day=day(31), login="Li")])
    november = replace(cycle([person("C9")], period="2026-11"), status=CycleStatus.PLANNED)

    found = viewers(Access.build(hr=["c1", "Office"]), (september, october, november))

    assert [(each.login, each.person, each.is_hr) for each in found] == [
        ("Li", "C4", False),
        ("Office", "", True),
        ("c1", "C1", True),
    ]


def test_the_newest_running_roster_goes_before_newer_closed_ones() -> None:
    september = cycle([], period="2026-09")
    october = closed()

    assert deciding_cycle([october, september]) is september
    assert deciding_cycle([october]) is october
    assert deciding_cycle([]) is None
    assert as_of(october) == day(31)
    assert release_of(october) is Release.PEOPLE
