"""The bot of a group in 企业微信: one message after the other, no longer and no faster than it takes them."""

import json
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator
from http.client import HTTPException
from typing import Any

from kpibook.exchange.notices.notice import Delivery, Fate, Notice

# Source: the documentation of group bots: 20 messages a minute; 2048 bytes of text, 4096 of markdown, in UTF-8.
PER_MINUTE = 20
MINUTE = 60.0
BYTES = {"text": 2048, "markdown": 4096}

TOO_MANY = 45009
"""The code of an answer to more messages than it takes; it comes with HTTP 200, as all its codes do."""
TIMEOUT = 20.0
LONGEST_ANSWER = 65_536
"""In bytes; the bot's own have some hundred."""
LONGEST_DETAIL = 200


def split_text(text: str, most: int) -> Iterator[str]:
    """A text in pieces of at most so many bytes, cut at the end of a line where one ends, never within a character."""
    rest = text
    while len(rest.encode("utf-8")) > most:
        head = rest.encode("utf-8")[:most].decode("utf-8", errors="ignore")
        end = head.rfind("\n")
        if end > 0:
            yield head[:end]
            rest = rest[end + 1 :]
        else:
            yield head
            rest = rest[len(head) :]
    if rest:
        yield rest


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The message goes to its address or nowhere: what another one answers says nothing of it."""

    def redirect_request(self, *_: Any) -> None:
        """Follow none, so that it is told as the error that it is."""


_OPENER = urllib.request.build_opener(_NoRedirects)


class Bot:
    """A bot by its address; the address is a secret and stands in no message and no error."""

    def __init__(
        self,
        address: str,
        style: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._address = address
        self._style = style
        self._clock = clock
        self._sleep = sleep
        self._sent: deque[float] = deque(maxlen=PER_MINUTE)

    def send(self, notice: Notice) -> Delivery:
        """Send a message; where there were too many, once more after a minute."""
        self._wait()
        found, code = self._post(notice.text)
        if code == TOO_MANY:
            self._sleep(MINUTE)
            self._sent.append(self._clock())
            found, code = self._post(notice.text)
        return found._replace(is_down=True) if code == TOO_MANY else found

    def _wait(self) -> None:
        """Let a minute pass since the twentieth message before this one."""
        if len(self._sent) == PER_MINUTE and (left := self._sent[0] + MINUTE - self._clock()) > 0:
            self._sleep(left)
        self._sent.append(self._clock())

    def _post(self, text: str) -> tuple[Delivery, int]:
        """What became of a message, and the code of the answer; -1 where there was none."""
        body = json.dumps({"msgtype": self._style, self._style: {"content": text}}, ensure_ascii=False)
        headers = {"Content-Type": "application/json; charset=utf-8"}
        try:
            request = urllib.request.Request(self._address, body.encode("utf-8"), headers, method="POST")
            with _OPENER.open(request, timeout=TIMEOUT) as answer:
                told = json.loads(answer.read(LONGEST_ANSWER))
            code, message = _code(told["errcode"]), " ".join(str(told.get("errmsg", "")).split())[:LONGEST_DETAIL]
        except urllib.error.HTTPError as err:
            fate = Fate.FAILED if err.code < 500 else Fate.UNKNOWN
            return Delivery(fate, f"HTTP {err.code}"), -1
        except urllib.error.URLError as err:
            is_timeout = isinstance(err.reason, TimeoutError)
            fate = Fate.UNKNOWN if is_timeout else Fate.FAILED
            return Delivery(fate, type(err.reason).__name__, is_down=not is_timeout), -1
        except (OSError, HTTPException, ValueError, KeyError, TypeError, RecursionError) as err:
            # The request was out when the line broke, or the answer is none: it may have been delivered.
            is_bad_address = isinstance(err, ValueError) and "url" in str(err)
            fate = Fate.FAILED if is_bad_address else Fate.UNKNOWN
            return Delivery(fate, type(err).__name__), -1
        return Delivery(Fate.SENT if code == 0 else Fate.FAILED, "" if code == 0 else f"{code} {message}"), code


def _code(value: object) -> int:
    """The code of an answer: a whole number, of which nothing else is taken for 0.

    Raises:
        TypeError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"errcode is a {type(value).__name__}")
    return value
