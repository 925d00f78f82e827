"""The life of a result: what was recorded of it decides where it stands, and days are working days."""

import datetime
from collections.abc import Sequence

import pytest

from kpibook.base.problems import NOWHERE
from kpibook.base.working_days import WorkingDays
from kpibook.model import Answer, Appeal, AppealStep, Confirmation, Outcome, Records
from kpibook.records.published import PublishedResults, PublishedRevision
from kpibook.records.result_states import ResultState, ToldResult, Windows, told_results

OLD, NEW = "00000001", "00000002"


def november(day: int) -> datetime.date:
    return datetime.date(2026, 11, day)


PUBLISHED = PublishedRevision(1, november(10), "", {"E01": "0000000a", "E02": OLD})
CORRECTED = PublishedRevision(2, november(20), "AP1", {"E01": "0000000a", "E02": NEW})
WINDOWS = Windows(None, confirm_days=3, file_days=7, decide_days=10, days=WorkingDays())


def said(answer: Answer, day: int, result: str = OLD) -> Confirmation:
    return Confirmation(NOWHERE, "E02", result, answer, november(day), "HR")


def step(step: AppealStep, day: int, outcome: Outcome | None = None) -> Appeal:
    return Appeal(NOWHERE, "AP1", "E02", OLD, step, november(day), "HR", outcome=outcome)


def told(
    answers: Sequence[Confirmation] = (),
    appeals: Sequence[Appeal] = (),
    *,
    revisions: tuple[PublishedRevision, ...] = (PUBLISHED,),
    today: datetime.date | None = None,
    windows: Windows = WINDOWS,
) -> ToldResult:
    published = PublishedResults(revisions, frozenset(("E02",)))
    records = Records(confirmations=tuple(answers), appeals=tuple(appeals))
    return told_results(published, records, windows, today)["E02"]


DELIVERED = said(Answer.DELIVERED, 11)
FILED = step(AppealStep.FILED, 12)


@pytest.mark.parametrize(
    ("answers", "appeals", "state"),
    [
        ([], [], ResultState.UNDELIVERED),
        ([DELIVERED], [], ResultState.DELIVERED),
        ([DELIVERED, said(Answer.CONFIRMED, 12)], [], ResultState.CONFIRMED),
        ([said(Answer.CONFIRMED, 12)], [], ResultState.CONFIRMED),
        ([DELIVERED, said(Answer.DISAGREES, 12)], [], ResultState.DISAGREED),
        ([DELIVERED, said(Answer.REFUSED, 12)], [], ResultState.REFUSED),
        ([DELIVERED, said(Answer.NO_REPLY, 17)], [], ResultState.LAPSED),
        ([DELIVERED, said(Answer.NO_REPLY, 17), said(Answer.CONFIRMED, 18)], [], ResultState.CONFIRMED),
        ([DELIVERED], [FILED], ResultState.APPEALED),
        ([DELIVERED, said(Answer.DISAGREES, 12)], [FILED, step(AppealStep.HEARD, 13)], ResultState.APPEALED),
        ([DELIVERED], [FILED, step(AppealStep.DECIDED, 16, Outcome.GRANTED)], ResultState.DECIDED),
        ([DELIVERED], [FILED, step(AppealStep.DECIDED, 16, Outcome.UPHELD)], ResultState.DECIDED),
        (
            [DELIVERED, said(Answer.CONFIRMED, 17)],
            [FILED, step(AppealStep.DECIDED, 16, Outcome.UPHELD)],
            ResultState.CONFIRMED,
        ),
        (
            [DELIVERED],
            [FILED, step(AppealStep.DECIDED, 16, Outcome.UPHELD), step(AppealStep.SECOND, 17)],
            ResultState.APPEALED,
        ),
        ([DELIVERED], [FILED, step(AppealStep.WITHDRAWN, 13)], ResultState.DISAGREED),
    ],
    ids=str,
)
def test_the_state_is_what_was_recorded(
    answers: Sequence[Confirmation], appeals: Sequence[Appeal], state: ResultState
) -> None:
    assert told(answers, appeals).state is state


def test_nothing_is_overdue_before_its_last_working_day_is_over() -> None:
    # 2026-11-11 is a Wednesday: three working days later it is Monday the 16th.
    assert told([DELIVERED]).confirm_until == november(16)
    assert told([DELIVERED], today=november(16)).state is ResultState.DELIVERED
    assert told([DELIVERED], today=november(17)).state is ResultState.OVERDUE


def test_the_later_of_the_two_deadlines_counts() -> None:
    windows = Windows(november(25), confirm_days=3, file_days=7, decide_days=10, days=WorkingDays())

    found = told([DELIVERED], today=november(20), windows=windows)

    assert (found.confirm_until, found.state) == (november(25), ResultState.DELIVERED)


def test_holidays_are_no_working_days() -> None:
    windows = Windows(None, 3, 7, 10, WorkingDays(off={november(12)}, worked={november(14)}))

    found = told([DELIVERED], windows=windows)

    assert (found.confirm_until, found.appeal_until) == (november(16), november(20))


def test_a_corrected_result_is_told_anew_and_keeps_what_was_said_of_the_old_one() -> None:
    appeals = [FILED, step(AppealStep.DECIDED, 16, Outcome.GRANTED)]

    found = told([DELIVERED], appeals, revisions=(PUBLISHED, CORRECTED))

    assert (found.state, found.number, found.revision) == (ResultState.CORRECTED, NEW, 2)
    assert (found.answers, found.earlier) == ((), (DELIVERED,))
    assert [(case.id, case.is_corrected, case.awaits_correction) for case in found.appeals] == [("AP1", True, False)]
    again = told([DELIVERED, said(Answer.CONFIRMED, 23, NEW)], appeals, revisions=(PUBLISHED, CORRECTED))
    assert (again.state, again.delivered_on) == (ResultState.CONFIRMED, november(23))


def test_a_correction_that_leaves_somebody_s_result_asks_nothing_again() -> None:
    elsewhere = PublishedRevision(2, november(20), "", {"E01": "0000000b", "E02": OLD})

    found = told([DELIVERED, said(Answer.CONFIRMED, 12)], revisions=(PUBLISHED, elsewhere))

    assert (found.state, found.revision) == (ResultState.CONFIRMED, 1)


def test_the_clock_of_an_appeal_starts_again_where_a_second_decision_is_asked_for() -> None:
    steps = [FILED, step(AppealStep.DECIDED, 16, Outcome.UPHELD), step(AppealStep.SECOND, 18)]

    [first], [second] = told([DELIVERED], steps[:1]).appeals, told([DELIVERED], steps).appeals

    assert (first.decide_by, first.outcome) == (november(26), None)
    assert (second.decide_by, second.outcome, second.is_open) == (datetime.date(2026, 12, 2), None, True)


def test_nobody_is_asked_who_is_not_appraised() -> None:
    found = told_results(PublishedResults((PUBLISHED,), frozenset(("E02",))), Records(), WINDOWS)

    assert [*found] == ["E02"]


@pytest.mark.parametrize(
    ("answers", "day"),
    [
        ([said(Answer.DELIVERED, 11), said(Answer.DELIVERED, 12)], 12),
        ([said(Answer.DELIVERED, 13), said(Answer.DELIVERED, 12)], 12),
        ([said(Answer.DELIVERED, 9), said(Answer.DELIVERED, 12)], 12),
        ([said(Answer.DELIVERED, 12), said(Answer.DELIVERED, 9)], 12),
        ([said(Answer.DELIVERED, 11), said(Answer.CONFIRMED, 13), said(Answer.DELIVERED, 12)], 12),
        ([said(Answer.DELIVERED, 11), said(Answer.NO_REPLY, 17), said(Answer.DELIVERED, 18)], 11),
        ([said(Answer.DELIVERED, 13), said(Answer.CONFIRMED, 12)], 13),
        ([said(Answer.CONFIRMED, 13), said(Answer.CONFIRMED, 12)], 12),
        ([said(Answer.DELIVERED, 9)], None),
        ([said(Answer.CONFIRMED, 9)], None),
    ],
)
def test_a_later_row_corrects_the_day_of_a_delivery_and_a_day_before_the_publication_is_none(
    answers: Sequence[Confirmation], day: int | None
) -> None:
    found = told(answers)

    assert found.delivered_on == (november(day) if day else None)
    assert found.confirm_until == (WINDOWS.to_confirm(november(day)) if day else None)
