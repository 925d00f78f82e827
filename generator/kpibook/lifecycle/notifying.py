"""Who is to be told what of a cycle today: people without figures, groups without names."""

import datetime
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kpibook.access import as_of, deciding_cycle, login_of, release_of, rows_on
from kpibook.access.logins import login_key
from kpibook.base.day_texts import day_of_week, due_day
from kpibook.base.periods import Period
from kpibook.base.words import Words
from kpibook.checking.checks.people import ADDRESS
from kpibook.content import Content, follow_up_of, score_cycle
from kpibook.content.languages import for_readers
from kpibook.exchange.needs import NeedKind
from kpibook.exchange.notices import Account, Bot, Channel, Notice, split_text
from kpibook.exchange.notices.bot import BYTES
from kpibook.exchange.status import RATERS, message_to, state_of
from kpibook.model import Assignment, Cycle, CycleStatus, NoticeEvent, NoticeGroup, Plan, Release
from kpibook.records.follow_up import FollowUp
from kpibook.records.result_states import ResultState

USER, PASSWORD = "KPIBOOK_MAIL_USER", "KPIBOOK_MAIL_PASSWORD"
"""The variables of the environment that hold how to log in to the mail server."""
MARKS = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in "<>[]()`*_#~|\\"}
"""Signs of markdown and what stands for them in texts of the company."""


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """One thing that somebody is told: of which event, who, and the words."""

    event: NoticeEvent
    people: tuple[str, ...]
    """Ids; nobody where only groups are told."""
    values: Mapping[str, object] = field(default_factory=dict)
    result: str = ""
    about: str = ""
    body: str = ""
    """In place of the usual words."""
    count: int = 1
    """What it counts for in a group."""

    @property
    def what(self) -> tuple[object, ...]:
        """What it is about, in no language."""
        return self.event, self.people, self.result, self.about


def due_notices(
    content: Content, period: Period, events: Collection[NoticeEvent], today: datetime.date, *, remind: bool = False
) -> Iterator[Notice]:
    """Every notice that is due, sent or not; with `remind` each is another one on each day.

    A mail to nobody, by an empty name, is what somebody should be told and there is none.
    """
    day = today.isoformat() if remind else ""
    told = [each for each in _all_drafts(content, period, today) if each.event in events]
    in_languages = [(other, people, tuple(_all_drafts(other, period, today))) for other, people in for_readers(content)]
    for each in told:
        for person in dict.fromkeys(each.people) or ("",):
            yield _mail(*_as_read(content, each, person, in_languages), period, person, day)
    for group in content.catalog.company.notices.groups:
        for event in group.events:
            of_event = [each for each in told if each.event is event]
            if of_event:
                yield from _in_group(content, period, group, of_event, day)


def _as_read(
    content: Content,
    told: NoticeDraft,
    person: str,
    others: Sequence[tuple[Content, Collection[str], Sequence[NoticeDraft]]],
) -> tuple[Content, NoticeDraft]:
    """What somebody is told, in the person's own language."""
    for other, people, all_told in others:
        if person.casefold() in people:
            same_thing = (each for each in all_told if each.what == told.what)
            return other, next(same_thing, told)
    return content, told


def addresses(content: Content, period: Period) -> Mapping[str, str]:
    """The mail address of everybody, by the id in small letters; the row of the newest roster decides.

    What is no single address, of which `check` warns, is none: it could be somebody else's beside one's own.
    """
    domain = content.catalog.company.notices.domain
    found = {}
    for row in _rows(content, period).values():
        address = row.mail or (f"{login_of(row)}@{domain}" if domain else "")
        if ADDRESS.fullmatch(address):
            found[row.person.casefold()] = address
    return found


def account(content: Content) -> Account | None:
    """How mails are given up; None where the company has no server for them."""
    notices = content.catalog.company.notices
    if not notices.server or not notices.sender:
        return None
    return Account(
        server=notices.server,
        port=notices.port,
        security=notices.security,
        sender=notices.sender,
        user=os.environ.get(USER, ""),
        password=os.environ.get(PASSWORD, ""),
    )


def bots(content: Content) -> Mapping[str, Bot]:
    """The bot of each group whose variable is set, by the group's name."""
    groups = content.catalog.company.notices.groups
    return {each.name: Bot(address, each.style) for each in groups if (address := os.environ.get(each.bot, ""))}


def _rows(content: Content, period: Period) -> Mapping[str, Assignment]:
    """The row of each person: of the newest roster, else of this cycle's own."""
    last = deciding_cycle(content.cycles.values())
    rows = {row.person.casefold(): row for row in content.cycles[period].people}
    return {**rows, **(rows_on(last, as_of(last)) if last else {})}


def _all_drafts(content: Content, period: Period, today: datetime.date) -> Iterator[NoticeDraft]:
    """Everything that is to be told of a cycle today."""
    cycle = content.cycles[period]
    soon = today + datetime.timedelta(days=content.catalog.company.notices.days_before)
    if cycle.status is CycleStatus.OPEN:
        yield from _owed(content, cycle, soon)
    if period in content.seals:
        found = follow_up_of(content, period, today)
        if release_of(cycle) is Release.PEOPLE and cycle.status is CycleStatus.PUBLISHED:
            yield from _results(found, soon, _when(today, content.say))
        yield from _appeals(content, found, soon, _when(today, content.say))
        yield from _plans(content, found, soon, today)


def _when(today: datetime.date, say: Words) -> Callable[[datetime.date], str]:
    """How a last day is told: by then, or that it is over."""
    return lambda day: say("notices.when.late" if day < today else "notices.when.open", day=day_of_week(day, say))


def _owed(content: Content, cycle: Cycle, soon: datetime.date) -> Iterator[NoticeDraft]:
    """What each supplier and each rater still owes, as soon as it is due."""
    if cycle.schedule.collect_by and cycle.schedule.collect_by > soon:
        return
    period, say = cycle.period, content.say
    catalog = content.catalog_of(period)
    history, carried = content.history_of(period), content.carried_of(period)
    state = state_of(score_cycle(content, period), catalog, history, carried)
    for event, kinds in (
        (NoticeEvent.NUMBERS, (NeedKind.NUMBER, NeedKind.TARGET)),
        (NoticeEvent.RATINGS, (NeedKind.RATING,)),
    ):
        for supplier in dict.fromkeys(each.supplier for each in state.owed if each.need.kind in kinds):
            owed = [each for each in state.of_supplier(supplier) if each.need.kind in kinds]
            rater = supplier.removeprefix(RATERS) if supplier.startswith(RATERS) else ""
            yield NoticeDraft(
                event,
                (rater,) if rater else _heads(content, cycle, supplier),
                {"due": say("notices.until", day=due_day(state.due, cycle.moved_days, say)) if state.due else ""},
                about=supplier,
                body=message_to(supplier, owed, state, say),
                count=len(owed),
            )


def _heads(content: Content, cycle: Cycle, department: str) -> tuple[str, ...]:
    """Who holds the leading role of a department, or of the next one above that has somebody there."""
    departments = content.catalog_of(cycle.period).departments
    seen = set[str]()
    while department in departments and department not in seen:
        seen.add(department)
        head = departments[department].head
        if found := tuple(row.person for row in cycle.people if head and row.role == head):
            return found
        department = departments[department].parent or ""
    return ()


def _results(found: FollowUp, soon: datetime.date, when: Callable[[datetime.date], str]) -> Iterator[NoticeDraft]:
    """That results are there, were corrected, or wait for an answer: for who has not answered already."""
    for each in found.told.values():
        if each.is_answered:
            continue
        is_new = each.revision == 1
        event = NoticeEvent.PUBLISHED if is_new else NoticeEvent.CORRECTED
        yield NoticeDraft(event, (each.person,), {"result": each.number, "revision": each.revision}, result=each.number)
        is_open = each.state in (ResultState.DELIVERED, ResultState.OVERDUE)
        if is_open and each.confirm_until and each.confirm_until <= soon:
            values = {"result": each.number, "day": each.confirm_until, "when": when(each.confirm_until)}
            yield NoticeDraft(NoticeEvent.CONFIRM, (each.person,), values, result=each.number)


def _appeals(
    content: Content, found: FollowUp, soon: datetime.date, when: Callable[[datetime.date], str]
) -> Iterator[NoticeDraft]:
    """The decisions that are due, for HR."""
    hr = _hr(content, found.period)
    for case in found.appeals:
        if case.is_open and case.decide_by <= soon:
            values = {"appeal": case.id, "day": case.decide_by, "when": when(case.decide_by)}
            # With the day: who asks for a second decision after the first is to be told of anew.
            yield NoticeDraft(NoticeEvent.APPEAL, hr, values, result=case.result, about=f"{case.id} {case.decide_by}")


def _plans(content: Content, found: FollowUp, soon: datetime.date, today: datetime.date) -> Iterator[NoticeDraft]:
    """The plans that are to be checked, for whoever they are about and for who answers for them."""
    known, say = _rows(content, found.period), content.say
    for each in found.plans_due(soon):
        people = (each.plan.person, *_answering(each.plan, known))
        row, about = known.get(each.plan.person.casefold()), content.catalog_of(each.period).named(each.plan.indicator)
        check = say(
            "notices.check.late" if each.plan.due < today else "notices.check.open", day=day_of_week(each.plan.due, say)
        )
        values = {
            **{"day": each.plan.due, "check": check, "name": row.name if row else each.plan.person},
            "item": about.name if about else say("notices.no_item"),
        }
        yield NoticeDraft(NoticeEvent.PLAN, people, values, about=f"{each.period} {each.plan.plan} {each.plan.due}")


def _answering(plan: Plan, known: Mapping[str, Assignment]) -> Iterator[str]:
    """Who answers for a plan beside its person: the owner, by id or a name that one person bears, else the manager."""
    owner, person = plan.owner.strip().casefold(), plan.person.casefold()
    named = [known[owner]] if owner in known else [row for row in known.values() if row.name.casefold() == owner]
    if len(named) == 1 and named[0].person.casefold() != person:
        yield named[0].person
    elif person in known and (manager := known.get(known[person].manager.casefold())):
        yield manager.person


def _hr(content: Content, period: Period) -> tuple[str, ...]:
    """The people of HR who are on the roster."""
    access = content.catalog.company.access
    logins = {login_key(login) for login in access.hr} if access else set[str]()
    return tuple(row.person for row in _rows(content, period).values() if login_key(login_of(row)) in logins)


def _mail(content: Content, told: NoticeDraft, period: Period, person: str, day: str) -> Notice:
    say, company = content.say, content.catalog.company
    values = {**told.values, "cycle": content.cycles[period].name, "company": company.name}
    lines = [told.body or say(f"notices.mail.{told.event}", **values)]
    if company.notices.link:
        lines.append(say("notices.link", link=company.notices.link))
    lines.append(say("notices.foot", company=company.name))
    subject = say(f"notices.subject.{told.event}", **values)
    about = " ".join(filter(None, (told.about, day)))
    return Notice(told.event, Channel.MAIL, person, subject, "\n\n".join(lines), told.result, about)


def _in_group(
    content: Content, period: Period, group: NoticeGroup, told: Sequence[NoticeDraft], day: str
) -> Iterator[Notice]:
    """What a group is told of an event: how many, until when, and a link; in as many messages as it takes."""
    say, event = content.say, told[0].event
    cycle, link = content.cycles[period].name, content.catalog.company.notices.link
    is_markdown = group.style == "markdown"
    days = sorted(last for each in told if isinstance(last := each.values.get("day"), datetime.date))
    values = {
        "cycle": cycle.translate(MARKS) if is_markdown else cycle,
        "count": sum(each.count for each in told),
        "due": told[0].values.get("due", ""),
        "day": day_of_week(days[0], say) if days else "",
    }
    lines = [say(f"notices.group.{event}", **values), *([say("notices.link", link=link)] if link else [])]
    result = str(content.seals[period].number) if period in content.seals else ""
    # Appeals and plans become due one after the other: the group is told of each later day.
    latest = str(days[-1]) if days and event in (NoticeEvent.APPEAL, NoticeEvent.PLAN) else ""
    parts = tuple(split_text("\n".join(lines), BYTES[group.style]))
    for number, part in enumerate(parts, 1):
        about = " ".join(filter(None, (latest, f"{number}/{len(parts)}" if len(parts) > 1 else "", day)))
        yield Notice(event, Channel.GROUP, group.name, "", part, result, about)
