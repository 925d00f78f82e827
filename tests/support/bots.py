"""A stand-in for the bot of a group: it answers as 企业微信 does, HTTP 200 with a code in the body."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from in_thread import in_thread

KEY = "00000000-aaaa-bbbb-cccc-111111111111"
BYTES = {"text": 2048, "markdown": 4096}


class StandIn(ThreadingHTTPServer):
    """What was sent to it, and what it is to answer next in place of the usual."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.messages: list[dict[str, Any]] = []
        self.answers: list[bytes | int | str | None] = []
        """Bodies, HTTP codes, whole answers as text, or None for a line that breaks after the message was taken."""

    @property
    def address(self) -> str:
        """The address with its key, as the group's settings show it."""
        return f"http://127.0.0.1:{self.server_address[1]}/cgi-bin/webhook/send?key={KEY}"

    @property
    def texts(self) -> list[str]:
        """The texts of the messages that it took."""
        return [message[message["msgtype"]]["content"] for message in self.messages]


class Handler(BaseHTTPRequestHandler):
    """One message."""

    server: StandIn

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        planned = self.server.answers.pop(0) if self.server.answers else b""
        if planned is None:
            self.server.messages.append(body)
            self.connection.close()
            return
        if isinstance(planned, str):
            self.wfile.write(planned.encode("latin-1"))
            self.close_connection = True
            return
        if isinstance(planned, int):
            self.send_response(planned)
            self.end_headers()
            return
        answer = planned or json.dumps(self._answer(body)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.end_headers()
        self.wfile.write(answer)

    def do_GET(self) -> None:
        """Another address, which takes no message and says that all is well."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"errcode":0,"errmsg":"ok"}')

    def _answer(self, body: dict[str, Any]) -> dict[str, Any]:
        """As the documentation of group bots says."""
        style = body.get("msgtype", "")
        if not self.path.endswith(f"?key={KEY}"):
            return {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1], more info at the help page"}
        if style not in BYTES or not body[style]["content"]:
            return {"errcode": 40008, "errmsg": "invalid message type"}
        if len(body[style]["content"].encode("utf-8")) > BYTES[style]:
            return {
                "errcode": 40058,
                "errmsg": f"{style}.content exceed max length {BYTES[style]}. invalid Request Parameter",
            }
        self.server.messages.append(body)
        return {"errcode": 0, "errmsg": "ok"}

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


TOO_MANY = b'{"errcode":45009,"errmsg":"api freq out of limit, hint: [1700000000]"}'


@contextmanager
def a_bot() -> Iterator[StandIn]:
    """A bot that runs for as long as the test does."""
    server = StandIn()
    with in_thread(server):
        yield server


@pytest.fixture
def bot(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A stand-in for the bot of the group of all."""
    with a_bot() as server:
        monkeypatch.setenv("KPIBOOK_BOT_ALL", server.address)
        yield server
