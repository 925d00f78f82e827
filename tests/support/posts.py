"""A stand-in for a mail server: SMTP as far as a client that sends needs it."""

import email
import email.policy
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import pytest

from in_thread import in_thread


class PostOffice(socketserver.ThreadingTCPServer):
    """What was given up, and whom it refuses."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Clerk)
        self.mails: list[EmailMessage] = []
        self.logins: list[str] = []
        self.unknown = ""
        """The address that it does not know."""
        self.breaks_after = -1
        """After so many mails it takes one more and breaks the line without an answer."""
        self.most: int | None = None
        """So many mails it takes over one connection, then it says 421 and hangs up."""

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class Clerk(socketserver.StreamRequestHandler):
    """One connection."""

    server: PostOffice

    def handle(self) -> None:
        self._say("220 stand-in ESMTP")
        taken = 0
        while line := self.rfile.readline().decode("ascii").strip():
            word = line.split(" ")[0].upper()
            if word == "EHLO":
                self._say("250-stand-in\r\n250 AUTH PLAIN")
            elif word == "AUTH":
                self.server.logins.append(line.split(" ")[2])
                self._say("235 welcome")
            elif word == "RCPT" and self.server.unknown and self.server.unknown in line:
                self._say("550 no such user here")
            elif word == "MAIL" and taken == self.server.most:
                self._say("421 too many mails")
                return
            elif word == "DATA":
                if not self._data():
                    return
                taken += 1
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _data(self) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.server.mails.append(message)
        if len(self.server.mails) - 1 == self.server.breaks_after:
            return False
        self._say("250 taken")
        return True

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode("ascii") + b"\r\n")


@contextmanager
def a_post_office() -> Iterator[PostOffice]:
    """A mail server that runs for as long as the test does."""
    server = PostOffice()
    with in_thread(server):
        yield server


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A post office that keeps what it is given."""
    with a_post_office() as server:
        yield server
