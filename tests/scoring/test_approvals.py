"""CycleApprovals that count: roles, targets and adjustments that lack one, under each policy."""

import datetime
from dataclasses import replace
from typing import Any

import pytest
from gmpy2 import mpq

from kpibook.base.words import words
from kpibook.model import Adjustment, Catalog, Cycle, Department, TargetRow
from kpibook.scoring import score
from kpibook.scoring.approvals import CycleApprovals, Lack
from kpibook.scoring.explain import explain_card
from kpibook.scoring.results import Card, Status
from kpibook.scoring.sources import Gap, TargetOrigin
from making import catalog, cycle, indicator, item, person, place, role

DAY = datetime.date(2026, 10, 8)
PROPORTIONAL = {"rule": "proportional"}
EN = words("en")


def company(status: dict[str, Any] | None = None, **approvals: Any) -> Catalog:
    """A clerk whose sales of 80 are judged by a target of 100, unless targets.csv says otherwise."""
    written = {"status": "approved", "by": "the board", "on": "2026-09-01"} if status is None else status
    clerk = role("clerk", [item("x", 100, PROPORTIONAL, target="100")], **written)
    return catalog([clerk], [indicator("x")], approvals=approvals)


def played(targets: dict[tuple[str, str], TargetRow] | None = None, *adjustments: Adjustment) -> Cycle:
    rows = {"E1": adjustments} if adjustments else {}
    return cycle(
        [person("E1", name="Ann Lee"), person("E2")],
        {("E1", "x"): 80, ("E2", "x"): 80},
        targets=targets or {},
        adjustments=rows,
    )


def first_card(made: Catalog, month: Cycle) -> Card:
    return score(made, month, {}).cards[0]


def an_adjustment(points: int, reason: str = "helped", by: str = "E2", on: Any = DAY, line: int = 2) -> Adjustment:
    return Adjustment(mpq(points), reason, by, place(line, "adjustments.csv"), on)


def approved(value: int, reason: str = "new shop", by: str = "E2", on: Any = DAY) -> TargetRow:
    return TargetRow(mpq(value), place(3, "targets.csv"), reason, by, None, on)


@pytest.mark.parametrize("policy", ["off", "warn"])
def test_a_draft_is_scored_where_approval_is_not_required(policy: str) -> None:
    card = first_card(company({"status": "draft"}, roles=policy), played())

    assert (card.total, card.status) == (mpq(80), Status.SCORED)


@pytest.mark.parametrize(
    "status",
    [
        {},
        {"status": "draft"},
        {"status": "consulted", "by": "HR", "on": "2026-09-01"},
        {"status": "approved", "by": "HR"},
        {"status": "approved", "on": "2026-09-01"},
    ],
)
def test_a_role_that_is_not_approved_has_no_total(status: dict[str, str]) -> None:
    card = first_card(company(status, roles="require"), played())

    assert (card.total, card.grade, card.rank, card.status) == (None, None, None, Status.MISSING)
    assert card.spans[0].items[0].points == mpq(80)
    assert [(gap.gap, gap.subject) for gap in card.gaps] == [(Gap.NOT_APPROVED, "clerk")]
    assert card.waits_for_approval_alone


def test_an_approved_role_counts_where_approval_is_required() -> None:
    assert first_card(company(roles="require"), played()).total == mpq(80)


def test_a_department_by_the_name_of_a_draft_role_is_scored() -> None:
    clerk = role("shop", [item("x", 100, PROPORTIONAL, target="100")], status="draft")
    items = [{"section": "s", "items": [item("x", 100, PROPORTIONAL, target="100")]}]
    shop = Department.build(id="shop", name="Shop", scorecard=items)
    made = catalog([clerk], [indicator("x")], departments=[shop], approvals={"roles": "require"})

    results = score(made, cycle([person("E1", role="shop")], {("E1", "x"): 80, ("shop", "x"): 90}), {})

    assert (results.cards[0].total, results.units[0].total) == (None, mpq(90))


@pytest.mark.parametrize(
    ("row", "lacks"),
    [
        (approved(50, reason=""), (Lack.REASON,)),
        (approved(50, by=""), (Lack.APPROVER,)),
        (approved(50, on=None), (Lack.DAY,)),
        (approved(50, by="e1"), (Lack.OWN,)),
        (approved(50, by="Ann  Lee"), (Lack.OWN,)),
        (approved(50, reason="", by="Ann Lee (E1)", on=None), (Lack.REASON, Lack.OWN, Lack.DAY)),
    ],
)
def test_a_target_without_its_approval_leaves_the_target_of_the_role(row: TargetRow, lacks: tuple[Lack, ...]) -> None:
    made, month = company(targets="require"), played({("E1", "x"): row})

    card = first_card(made, month)

    score = card.spans[0].items[0]
    assert card.total == mpq(80)
    assert score.target is not None
    assert (score.target.value, score.target.origin) == (mpq(100), TargetOrigin.ROLE)
    assert [lacking.lacks for lacking in score.refused] == [lacks]
    assert [lacking.about for lacking in CycleApprovals(made, month)] == ["E1"]


def test_an_approved_target_counts_where_approval_is_required() -> None:
    card = first_card(company(targets="require"), played({("E1", "x"): approved(80)}))

    assert card.total == mpq(100)
    assert not card.spans[0].items[0].refused


def test_the_target_of_the_department_holds_in_place_of_one_without_approval() -> None:
    rows = {("E1", "x"): approved(50, on=None), ("shop", "x"): approved(160)}

    card = first_card(company(targets="require"), played(rows))

    assert card.total == mpq(50)


@pytest.mark.parametrize("policy", ["off", "warn"])
def test_targets_and_adjustments_count_where_approval_is_not_required(policy: str) -> None:
    made = company(targets=policy, adjustments=policy, adjustment_most=1)

    card = first_card(made, played({("E1", "x"): approved(160, by="E1")}, an_adjustment(5, by="E1", on=None)))

    assert (card.total, card.refused) == (mpq(55), ())


@pytest.mark.parametrize(
    ("row", "lacks"),
    [
        (an_adjustment(3, reason=""), (Lack.REASON,)),
        (an_adjustment(3, by=""), (Lack.APPROVER,)),
        (an_adjustment(3, on=None), (Lack.DAY,)),
        (an_adjustment(3, by="E1"), (Lack.OWN,)),
        (an_adjustment(6), (Lack.LIMIT,)),
        (an_adjustment(-30, reason="", by=""), (Lack.REASON, Lack.APPROVER, Lack.LIMIT)),
    ],
)
def test_an_adjustment_without_its_approval_does_not_count(row: Adjustment, lacks: tuple[Lack, ...]) -> None:
    made = company(adjustments="require", adjustment_most=5)

    card = first_card(made, played(None, an_adjustment(5, "overtime", line=7), row))

    assert (card.total, card.adjustment) == (mpq(85), mpq(5))
    assert [(each.points, lacking.lacks) for each, lacking in card.refused] == [(row.points, lacks)]


def test_the_day_is_asked_for_as_soon_as_one_row_tells_it() -> None:
    made = company(adjustments="warn")
    undated = an_adjustment(1, on=None)

    assert not list(CycleApprovals(made, played(None, undated)))
    found = list(CycleApprovals(made, played(None, undated, an_adjustment(1, "other", line=3))))
    assert [(lacking.lacks, lacking.counts) for lacking in found] == [((Lack.DAY,), True)]


def test_off_asks_for_nothing() -> None:
    made = company({"status": "draft"}, roles="off", targets="off", adjustments="off", adjustment_most=1)

    assert not list(CycleApprovals(made, played({("E1", "x"): approved(50, "", "")}, an_adjustment(9, "", ""))))


def test_a_role_without_any_word_of_its_status_is_told_only_where_approval_is_required() -> None:
    assert not CycleApprovals(company({}, roles="warn"), played()).roles
    assert CycleApprovals(company({"status": "draft"}, roles="warn"), played()).roles["clerk"].counts
    assert not CycleApprovals(company({}, roles="require"), played()).roles["clerk"].counts


def test_a_card_tells_what_does_not_count_and_why() -> None:
    made = company(targets="require", adjustments="require", adjustment_most=5)
    month = played({("E1", "x"): approved(50, on=None)}, an_adjustment(6), an_adjustment(2, line=3))

    lines = [line.strip() for line in explain_card(first_card(made, month), made, EN).splitlines()]

    assert "not approved, does not count: target 50 (no day of approval; scorecards/2026-10/targets.csv:3)" in lines
    assert (
        "not approved, does not count (over the limit of 5 points at a time): adjustment +6: helped "
        "(approved by E2, 8 Oct 2026, scorecards/2026-10/adjustments.csv:2)"
    ) in lines
    assert "adjustment +2: helped (approved by E2, 8 Oct 2026, scorecards/2026-10/adjustments.csv:3)" in lines


def test_a_card_tells_that_its_role_is_not_approved() -> None:
    made = company({"status": "draft"}, roles="require")

    text = explain_card(first_card(made, played()), made, EN)

    assert "the role is not approved, so there is no total yet:" in text
    assert "the role clerk has not been approved; until then there is no total" in text


@pytest.mark.parametrize(
    ("by", "total"),
    [("E1", 80), ("Ann Lee", 80), ("E2", 100), ("the board", 100)],
    ids=["head", "by name", "other", "board"],
)
def test_a_head_does_not_approve_the_department_s_own_target(by: str, total: int) -> None:
    made = company(targets="require")
    led = replace(made, departments={"shop": Department.build(id="shop", name="Shop", head="clerk")})
    month = cycle([person("E1", name="Ann Lee")], {("E1", "x"): 80}, targets={("shop", "x"): approved(50, by=by)})

    card = first_card(led, month)

    assert card.total == mpq(total)
    lacking = CycleApprovals(led, month).targets
    assert [each.lacks for each in lacking.values()] == ([(Lack.HEAD,)] if total == 80 else [])
