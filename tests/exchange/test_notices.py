"""Notices: what the other side said, how long and how fast messages may be, an outbox that errs on silence."""

import datetime
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots import TOO_MANY, StandIn, a_bot
from faulty_disk import Fault, FaultyDisk, Killed
from kpibook.exchange.notices import (
    Account,
    Bot,
    Channel,
    Delivery,
    Fate,
    Notice,
    Outbox,
    OutboxFault,
    Post,
    deliver,
    split_text,
)
from kpibook.exchange.notices.notice import Carrier
from kpibook.model import NoticeEvent
from posts import PostOffice, a_post_office

DAY = datetime.date(2026, 11, 5)


def a_notice(to: str = "全员群", text: str = "3 项数据未交", about: str = "") -> Notice:
    return Notice(NoticeEvent.NUMBERS, Channel.GROUP, to, "主题", text, "1", about)


def a_mail(to: str = "E01") -> Notice:
    return Notice(NoticeEvent.CONFIRM, Channel.MAIL, to, "请\n回复", "请回复考核结果。\n.\n完", "1a2b3c4d")


class Time:
    """A clock that stands still but for sleep."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def bot_of(server: StandIn, time: Time, style: str = "text") -> Bot:
    return Bot(server.address, style, clock=time, sleep=time.sleep)


def test_a_message_that_the_bot_takes_is_sent() -> None:
    with a_bot() as server:
        found = bot_of(server, Time()).send(a_notice())

    assert found == Delivery(Fate.SENT)
    assert server.messages == [{"msgtype": "text", "text": {"content": "3 项数据未交"}}]


@pytest.mark.parametrize(("style", "most"), [("text", 2048), ("markdown", 4096)])
def test_a_message_that_is_too_long_is_refused_with_http_200_and_told_as_failed(style: str, most: int) -> None:
    with a_bot() as server:
        bot = bot_of(server, Time(), style)
        just, over = bot.send(a_notice(text="价" * (most // 3))), bot.send(a_notice(text="价" * (most // 3 + 1)))

    assert just.fate is Fate.SENT
    assert over.fate is Fate.FAILED
    assert over.detail.startswith(f"40058 {style}.content exceed max length {most}")


def test_the_twenty_first_message_waits_for_its_minute() -> None:
    time = Time()
    with a_bot() as server:
        bot = bot_of(server, time)
        for number in range(41):
            time.now += 1
            assert bot.send(a_notice(text=str(number))).fate is Fate.SENT

    assert time.slept == [40, 40]
    assert server.texts == [str(number) for number in range(41)]


def test_too_many_messages_are_tried_again_after_a_minute_and_once_only() -> None:
    time = Time()
    with a_bot() as server:
        bot = bot_of(server, time)
        server.answers = [TOO_MANY]
        first = bot.send(a_notice())
        server.answers = [TOO_MANY, TOO_MANY]
        second = bot.send(a_notice())

    assert first == Delivery(Fate.SENT)
    assert (second.fate, second.is_down, second.detail[:5]) == (Fate.FAILED, True, "45009")
    assert time.slept == [60, 60]
    assert len(server.messages) == 1


@pytest.mark.parametrize(
    ("answer", "fate", "detail"),
    [
        (None, Fate.UNKNOWN, "RemoteDisconnected"),
        (b"<html>", Fate.UNKNOWN, "JSONDecodeError"),
        (b"[]", Fate.UNKNOWN, "TypeError"),
        (b"{}", Fate.UNKNOWN, "KeyError"),
        (502, Fate.UNKNOWN, "HTTP 502"),
        (404, Fate.FAILED, "HTTP 404"),
        (b'{"errcode":93000,"errmsg":"invalid webhook url"}', Fate.FAILED, "93000 invalid webhook url"),
        (b'{"errcode":93000,"errmsg":"a\\n=b\\u001b' + b"c" * 900 + b'"}', Fate.FAILED, f"93000 a =b\x1b{'c' * 195}"),
        (b'{"errcode":0.4}', Fate.UNKNOWN, "TypeError"),
        (b'{"errcode":1e999}', Fate.UNKNOWN, "TypeError"),
        (b'{"errcode":false}', Fate.UNKNOWN, "TypeError"),
        (b'{"errcode":"0"}', Fate.UNKNOWN, "TypeError"),
        (b"[" * 60_000, Fate.UNKNOWN, "RecursionError"),
        (b'{"errcode":0}' + b" " * 1_000_000 + b"x", Fate.SENT, ""),
        ("nonsense\r\n\r\n", Fate.UNKNOWN, "BadStatusLine"),
        ("HTTP/1.0 200 OK\r\nContent-Length: 90\r\n\r\n{", Fate.UNKNOWN, "JSONDecodeError"),
        ("HTTP/1.0 302 Found\r\nLocation: /other\r\n\r\n", Fate.FAILED, "HTTP 302"),
        (f"HTTP/1.0 200 OK\r\nX: {'x' * 70_000}\r\n\r\n", Fate.UNKNOWN, "LineTooLong"),
    ],
)
def test_any_other_answer_is_taken_for_what_it_says(answer: bytes | int | str | None, fate: Fate, detail: str) -> None:
    with a_bot() as server:
        server.answers = [answer]
        found = bot_of(server, Time()).send(a_notice())

    assert (found.fate, found.detail) == (fate, detail)


def test_a_bot_that_nobody_answers_for_has_failed_and_no_error_tells_its_address() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        found = Bot(f"http://127.0.0.1:{port}/send?key=secret", "text").send(a_notice())
    odd = Bot("send?key=secret", "text").send(a_notice())

    assert found == Delivery(Fate.FAILED, "ConnectionRefusedError", is_down=True)
    assert odd == Delivery(Fate.FAILED, "ValueError")


@given(st.text(alphabet=st.sampled_from("a价\n😀é"), max_size=200), st.integers(4, 40))
def test_pieces_fit_lose_nothing_but_line_ends_and_cut_no_character(text: str, most: int) -> None:
    found = list(split_text(text, most))

    assert all(len(piece.encode("utf-8")) <= most for piece in found)
    assert "".join(found).replace("\n", "") == text.replace("\n", "")


def test_a_text_is_cut_at_the_end_of_a_line() -> None:
    assert list(split_text("一行\n两行\n三", 14)) == ["一行\n两行", "三"]


def account(server: PostOffice, **more: str) -> Account:
    return Account("127.0.0.1", server.port, "none", "hr@example.com", **more)


def test_a_mail_arrives_as_it_was_written() -> None:
    with a_post_office() as server:
        post = Post(account(server), {"e01": "lin@example.com"})
        found = post.send(a_mail())
        again = post.send(a_mail("e01"))
        post.close()

    [mail, other] = server.mails
    assert (found, again) == (Delivery(Fate.SENT), Delivery(Fate.SENT))
    assert [mail["From"], mail["To"], mail["Subject"]] == ["hr@example.com", "lin@example.com", "请 回复"]
    assert mail.get_content().replace("\r\n", "\n") == "请回复考核结果。\n.\n完\n"
    assert mail["Message-ID"] == other["Message-ID"]
    assert server.logins == []


def test_who_has_an_account_logs_in() -> None:
    with a_post_office() as server:
        post = Post(account(server, user="hr", password="secret"), {"e01": "lin@example.com"})
        post.send(a_mail())
        post.close()

    assert len(server.logins) == 1


def test_an_address_that_is_refused_has_failed_and_the_next_one_goes_out() -> None:
    with a_post_office() as server:
        server.unknown = "lin@"
        post = Post(account(server), {"e01": "lin@example.com", "e02": "zhou@example.com"})
        found = [post.send(a_mail("E01")), post.send(a_mail("E02"))]
        post.close()

    assert found == [Delivery(Fate.FAILED, "550 no such user here"), Delivery(Fate.SENT)]


def test_a_line_that_breaks_over_a_mail_leaves_a_doubt() -> None:
    with a_post_office() as server:
        server.breaks_after = 0
        post = Post(account(server), {"e01": "lin@example.com"})
        found = [post.send(a_mail()), post.send(a_mail())]
        post.close()

    assert found == [Delivery(Fate.UNKNOWN, "SMTPServerDisconnected"), Delivery(Fate.SENT)]


def test_what_a_server_takes_no_more_of_over_one_connection_goes_out_over_another() -> None:
    with a_post_office() as server:
        server.most = 2
        post = Post(account(server), {"e01": "lin@example.com"})
        found = [post.send(a_mail()) for _ in range(5)]
        post.close()

    assert found == [Delivery(Fate.SENT)] * 5
    assert len(server.mails) == 5


def test_a_server_that_takes_nothing_today_is_told_once_and_leaves_no_doubt() -> None:
    with a_post_office() as server:
        server.most = 0
        post = Post(account(server), {"e01": "lin@example.com"})
        found = [post.send(a_mail()), post.send(a_mail())]
        post.close()

    assert found == [Delivery(Fate.FAILED, "421 too many mails", is_down=True)] * 2


def test_a_server_that_is_not_there_is_told_once() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        post = Post(Account("127.0.0.1", unused.getsockname()[1], "none", "hr@example.com"), {})
        found = post.send(a_mail())
        post.close()

    assert found == Delivery(Fate.FAILED, "ConnectionRefusedError", is_down=True)


class Counting:
    """Takes everything, and can be killed over it."""

    def __init__(self) -> None:
        self.taken: list[Notice] = []
        self.answer = Delivery(Fate.SENT)

    def send(self, notice: Notice) -> Delivery:
        self.taken.append(notice)
        return self.answer


def always(carrier: Carrier) -> Callable[[Notice], Carrier]:
    return lambda notice: carrier


def run(file: Path, notices: list[Notice], carrier: Carrier) -> list[Fate]:
    outbox = Outbox(file)
    waiting = [each for each in notices if outbox.fate(each) not in (Fate.SENT, Fate.SENDING, Fate.UNKNOWN)]
    return [found.fate for _, found in deliver(waiting, outbox, always(carrier), DAY)]


def test_a_second_run_sends_nothing_twice(tmp_path: Path) -> None:
    file, carrier = tmp_path / "notices.csv", Counting()
    notices = [a_notice(), a_notice(about="2/2"), a_notice("=群"), a_mail()]

    first, second = run(file, notices, carrier), run(file, notices, carrier)

    assert first == [Fate.SENT] * 4
    assert second == []
    assert file.read_text(encoding="utf-8").splitlines()[:3] == [
        "on,event,channel,to,result,about,state,detail",
        "2026-11-05,numbers,group,全员群,1,,sending,",
        "2026-11-05,numbers,group,全员群,1,,sent,",
    ]
    assert len(carrier.taken) == 4


def test_what_failed_is_tried_again_and_the_rest_of_a_carrier_that_is_down_stays(tmp_path: Path) -> None:
    file, carrier = tmp_path / "notices.csv", Counting()
    carrier.answer = Delivery(Fate.FAILED, "45009 too\nmany", is_down=True)
    notices = [a_notice(), a_notice(about="2/2")]

    first = run(file, notices, carrier)
    carrier.answer = Delivery(Fate.SENT)
    second = run(file, notices, carrier)

    assert (first, second) == ([Fate.FAILED] * 2, [Fate.SENT] * 2)
    assert [each.about for each in carrier.taken] == ["", "", "2/2"]
    assert "45009 too many" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("fault", list(Fault))
def test_whenever_it_is_killed_no_notice_is_taken_twice(tmp_path: Path, fault: Fault) -> None:
    """The disk fails at the n-th write, for every n; the run after it sends only what was never about to go out."""
    notices = [a_notice(about=str(number)) for number in range(3)]
    for at in range(1, 20):
        file, carrier = tmp_path / f"{at}.csv", Counting()
        disk = FaultyDisk(at, fault)
        with suppress(OSError, Killed):
            list(deliver(notices, Outbox(file, disk), always(carrier), DAY))
        run(file, notices, carrier)

        about = [each.about for each in carrier.taken]
        assert len(about) == len(set(about))
        assert len(about) >= 2
        if not disk.has_failed:
            return
    pytest.fail("it never came to its end")


@pytest.mark.parametrize("cut", range(1, 60))
def test_a_row_that_was_cut_is_never_taken_for_another(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "notices.csv"
    Outbox(file).note(a_notice(), Delivery(Fate.SENDING), DAY)
    whole = file.read_bytes()
    file.write_bytes(whole[:-cut])

    fate = Outbox(file).fate(a_notice())
    Outbox(file).note(a_mail(), Delivery(Fate.SENT), DAY)

    assert fate in (None, Fate.SENDING)
    assert Outbox(file).fate(a_mail()) is Fate.SENT
    assert Outbox(file).fate(a_notice()) is fate


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("on,event\n", 1),
        ("on,event,channel,to,result,about,state,detail\n2026-11-05,numbers,group,x,1,,away,\n", 2),
        ("on,event,channel,to,result,about,state,detail\n2026-11-05,numbers\n", 2),
        ('on,event,channel,to,result,about,state,detail\n"a\n', 2),
    ],
)
def test_a_damaged_outbox_is_none(tmp_path: Path, text: str, line: int) -> None:
    file = tmp_path / "notices.csv"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(OutboxFault) as fault:
        Outbox(file)

    assert fault.value.line == line


@pytest.mark.parametrize(("security", "detail"), [("tls", "SSLError"), ("starttls", "SMTPNotSupportedError")])
def test_a_line_that_cannot_be_secured_carries_no_mail(security: str, detail: str) -> None:
    with a_post_office() as server:
        post = Post(Account("127.0.0.1", server.port, security, "hr@example.com"), {"e01": "lin@example.com"})
        found = post.send(a_mail())
        post.close()

    assert found == Delivery(Fate.FAILED, detail, is_down=True)
    assert server.mails == []
