"""The command that tells people and groups what is due."""

import datetime
import sys
from collections.abc import Mapping, Sequence
from typing import TypedDict, Unpack

import click

from kpibook.base.periods import Period
from kpibook.base.problems import Place, Problem
from kpibook.base.transactions import locked_folder
from kpibook.base.words import Words
from kpibook.cli.base import HELP, Exit, Folders, echo, failures_reported, period_of, refuse
from kpibook.cli.collecting import with_sound_catalog
from kpibook.cli.publishing import read_finished
from kpibook.content import Content
from kpibook.exchange.notices import OUTBOX, Channel, Fate, Notice, Outbox, OutboxFault, Post, deliver
from kpibook.exchange.notices.notice import Carrier
from kpibook.lifecycle.notifying import account, addresses, bots, due_notices
from kpibook.lifecycle.steps import refuse_tampered
from kpibook.model import NoticeEvent

LISTED = 10
"""So many people without an address are named."""

DOUBTFUL = (Fate.SENDING, Fate.UNKNOWN)


class NotifyOptions(TypedDict):
    """The options of notify."""

    event: tuple[str, ...]
    send: bool
    remind: bool
    doubtful: bool
    on: datetime.datetime | None


@click.command(help=HELP("notices.help.notify"))
@click.argument("cycle")
@click.option(
    "--event", multiple=True, type=click.Choice([each.value for each in NoticeEvent]), help=HELP("notices.help.event")
)
@click.option("--send", is_flag=True, help=HELP("notices.help.send"))
@click.option("--remind", is_flag=True, help=HELP("notices.help.remind"))
@click.option("--doubtful", is_flag=True, help=HELP("notices.help.doubtful"))
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), default=None, help=HELP("lifecycle.help.on"))
@click.pass_obj
def notify(folders: Folders, cycle: str, **asked: Unpack[NotifyOptions]) -> None:
    """Tell who is to be told, or only say who would be."""
    content = with_sound_catalog(read_finished(folders))
    period, say = period_of(content, cycle), content.say
    day = asked["on"].date() if asked["on"] else datetime.date.today()
    events = [NoticeEvent(each) for each in asked["event"] or NoticeEvent]
    with failures_reported(say):
        refuse_tampered(content, period)
    with locked_folder(content.scorecards) as is_ours:
        if not is_ours:
            refuse(say("lifecycle.busy"))
        outbox = _outbox(content, period)
        due = list(due_notices(content, period, events, day, remind=asked["remind"]))
        known = addresses(content, period)
        to_send = _to_send(due, outbox, known, say, doubtful=asked["doubtful"])
        if not asked["send"]:
            _show(to_send, say)
            return
        _send(content, to_send, outbox, known, day)


def _outbox(content: Content, period: Period) -> Outbox:
    """The outbox of a cycle; it knows of the plans that notices of other cycles told, for plans go over several."""
    own = _read_outbox(content, period)
    for other in content.cycles:
        if other != period:
            own.include(_read_outbox(content, other), NoticeEvent.PLAN)
    return own


def _read_outbox(content: Content, period: Period) -> Outbox:
    try:
        return Outbox(content.scorecards / str(period) / OUTBOX)
    except OutboxFault as fault:
        place = Place(f"{content.cycles[period].folder}/{OUTBOX}", fault.line, 1)
        echo(Problem("notices-broken", place).text(content.say), err=True)
        sys.exit(Exit.FAULTY)


def _to_send(
    due: Sequence[Notice], outbox: Outbox, known: Mapping[str, str], say: Words, *, doubtful: bool
) -> list[Notice]:
    """The notices that were not sent yet; the others are counted."""
    found, without, lost = list[Notice](), list[Notice](), list[Notice]()
    sent = in_doubt = 0
    for notice in due:
        fate = outbox.fate(notice)
        if fate is Fate.SENT:
            sent += 1
        elif fate in DOUBTFUL and not doubtful:
            in_doubt += 1
        elif notice.channel is Channel.MAIL and not notice.to:
            lost.append(notice)
        elif notice.channel is Channel.MAIL and notice.to.casefold() not in known:
            without.append(notice)
        else:
            found.append(notice)
    if sent:
        echo(say("notices.sent_before", count=sent))
    if in_doubt:
        echo(say("notices.in_doubt", count=in_doubt))
    if without:
        people = [*dict.fromkeys(notice.to for notice in without)]
        named = say("notices.comma").join(people[:LISTED]) + (" …" if len(people) > LISTED else "")
        echo(say("notices.no_address", count=len(people), people=named))
    if lost:
        events = say("notices.comma").join(dict.fromkeys(say(f"notices.event.{notice.event}") for notice in lost))
        echo(say("notices.nobody", count=len(lost), events=events))
    return found


def _show(notices: Sequence[Notice], say: Words) -> None:
    """What would be sent: every message to a group, and of mails to people one of each kind in full."""
    shown = set[NoticeEvent]()
    for notice in notices:
        echo(_line(notice, say))
        if notice.channel is Channel.GROUP or notice.event not in shown:
            echo("\n".join(f"    {line}" for line in notice.text.split("\n")))
        if notice.channel is Channel.MAIL:
            shown.add(notice.event)
    echo(say("notices.dry_run" if notices else "notices.nothing", count=len(notices)))


def _line(notice: Notice, say: Words) -> str:
    return say(f"notices.line.{notice.channel}", event=say(f"notices.event.{notice.event}"), to=notice.to)


def _send(
    content: Content, notices: Sequence[Notice], outbox: Outbox, known: Mapping[str, str], day: datetime.date
) -> None:
    say = content.say
    carriers, post = _carriers(content, known)
    ready = [notice for notice in notices if _key(notice) in carriers]
    for missing in dict.fromkeys(_key(notice) for notice in notices if _key(notice) not in carriers):
        echo(_lacking(content, missing), err=True)
    is_fine = len(ready) == len(notices)
    count = 0
    try:
        for notice, found in deliver(ready, outbox, lambda each: carriers[_key(each)], day):
            count += found.fate is Fate.SENT
            if found.fate is not Fate.SENT:
                is_fine = False
                values = {"what": _line(notice, say), "detail": found.detail}
                echo(say(f"notices.fate.{found.fate}", **values), err=True)
    finally:
        post.close() if post else None
    echo(say("notices.done", count=count, all=len(notices)))
    sys.exit(Exit.DONE if is_fine else Exit.FAULTY)


def _key(notice: Notice) -> str:
    """Which carrier takes a notice: the group's bot, or for mails the empty name."""
    return notice.to if notice.channel is Channel.GROUP else ""


def _carriers(content: Content, known: Mapping[str, str]) -> tuple[dict[str, Carrier], Post | None]:
    """The bot of each group and, under the empty name, the post."""
    of_mail = account(content)
    post = Post(of_mail, known) if of_mail else None
    carriers: dict[str, Carrier] = {**bots(content)}
    if post:
        carriers[""] = post
    return carriers, post


def _lacking(content: Content, group: str) -> str:
    """What has to be set before mails or the messages of a group can go out."""
    if not group:
        return content.say("notices.no_server")
    bot = next(each.bot for each in content.catalog.company.notices.groups if each.name == group)
    return content.say("notices.no_bot", group=group, variable=bot)
