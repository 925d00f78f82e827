"""What became of a cycle's results as text, and as JSON and rows of CSV for other programs."""

import datetime
from collections.abc import Iterator, Mapping

from kpibook.base.day_texts import day_of_week
from kpibook.base.period_names import period_title
from kpibook.base.words import Words
from kpibook.exchange.record_sheets.overview import NAMED, WEEK, FollowUpOverview, due_text, team_messages
from kpibook.records.result_states import ResultState


def follow_up_counts(found: FollowUpOverview, say: Words) -> Iterator[str]:
    """How many results are in each state, and how many appeals and plans are open: nobody's name."""
    counts = [say("following.state_count", state=say(f"following.state.{s}"), count=n) for s, n in found.counts.items()]
    yield say("following.counts", people=sum(found.counts.values()), counts=say("following.report.comma").join(counts))
    is_open = sum(case.is_open for case in found.appeals)
    waiting = sum(case.awaits_correction for case in found.appeals)
    if found.appeals:
        yield say("following.appeals", count=len(found.appeals), open=is_open, waiting=waiting)
    if found.plans:
        yield say("following.plans", count=len(found.plans))
    if found.missed_twice:
        yield say("following.missed_twice", count=len(found.missed_twice))


def follow_up_text(found: FollowUpOverview, say: Words, today: datetime.date) -> Iterator[str]:
    """All of it by name, and a message to each who has something to do."""
    yield ""
    yield from follow_up_counts(found, say)
    appeals = [case for case in found.appeals if case.is_open or case.awaits_correction]
    for case in appeals:
        key = "open" if case.is_open else "to_correct"
        due = due_text(case.decide_by, say, today)
        yield say(f"following.appeal.{key}", id=case.id, name=found.name(case.person), due=due)
    plans = found.follow_up.plans_due(today + WEEK)
    if plans:
        yield say("following.plans_due", count=len(plans), day=day_of_week(today + WEEK, say))
    for period, plan in plans:
        due = due_text(plan.due, say, today)
        values = {
            "name": found.name(plan.person),
            "item": found.item(plan.indicator),
            "period": period_title(period, say),
        }
        yield say("following.plan_due", **values, action=plan.action, due=due)
    if found.missed_twice:
        yield say("following.missed_twice_of")
    for card, items in found.missed_twice[:NAMED]:
        yield say("following.missed_twice_by", name=card.name, items=say("following.report.comma").join(items))
    left = len(found.missed_twice) - NAMED
    if left > 0:
        yield say("following.report.left", count=left, cycle=found.results.cycle.period)
    for _, text in team_messages(found, say, today):
        yield ""
        yield text
    if found.has_long_lines(today + WEEK):
        yield ""
        yield say("following.report.all", count=NAMED, cycle=found.results.cycle.period)
    if found.is_done:
        yield say("following.done")


def follow_up_object(found: FollowUpOverview, say: Words, today: datetime.date) -> Mapping[str, object]:
    """What became of the results, as an object of JSON."""
    return {
        "states": {state.value: found.counts.get(state, 0) for state in ResultState},
        "results": [
            {
                "person": told.person,
                "name": found.name(told.person),
                "manager": team.manager,
                "result": told.number,
                "revision": told.revision,
                "state": told.state.value,
                "delivered_on": _iso(told.delivered_on),
                "confirm_until": _iso(told.confirm_until),
                "appeal_until": _iso(told.appeal_until),
            }
            for team in found.teams
            for told in team.told
        ],
        "appeals": [
            {
                "appeal": case.id,
                "person": case.person,
                "result": case.result,
                "step": case.step.value,
                "filed_on": case.filed_on.isoformat(),
                "decide_by": case.decide_by.isoformat(),
                "outcome": case.outcome.value if case.outcome else None,
                "awaits_correction": case.awaits_correction,
            }
            for case in found.appeals
        ],
        "plans": [
            {"plan": plan.plan, "cycle": str(period), "person": plan.person, "due": plan.due.isoformat()}
            for period, plan in found.plans
        ],
        "missed_twice": [{"person": card.person, "items": list(items)} for card, items in found.missed_twice],
        "done": found.is_done,
        "messages": [{"to": name, "text": text} for name, text in team_messages(found, say, today)],
    }


def _iso(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


def follow_up_rows(found: FollowUpOverview, say: Words, today: datetime.date) -> Iterator[Mapping[str, object]]:
    """A row for each thing that somebody has to do, in the columns of `status --format csv`."""
    for record in found.due():
        late = max((today - record.due).days, 0) if record.due else 0
        yield {
            "supplier": record.by or "hr",
            "supplier_name": found.name(record.by) if record.by else say("following.hr"),
            "kind": record.kind,
            "subject": record.person,
            "name": found.name(record.person),
            "key": record.about,
            "key_name": found.item(record.item),
            "due": record.due.isoformat() if record.due else "",
            "days_late": late,
        }
