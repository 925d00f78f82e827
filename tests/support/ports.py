"""Ports of this machine for servers of the tests."""

import itertools
import os
import socket
import time
from collections.abc import Callable
from contextlib import closing

FIRST, EACH = 20_000, 600
"""Below the ports that systems give to clients, which come and go; each worker of a run has a stretch of its own."""

SECONDS = 60
"""How long a busy machine may take for what is done at once."""

_numbers = itertools.count()


def free_port() -> int:
    """A port of which the next one is free, too, and that nobody else who asks here is given."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 20
    # Two runs at once on one machine begin at different places.
    while True:
        port = FIRST + worker * EACH + (2 * (next(_numbers) + os.getpid())) % EACH
        if _is_free(port) and _is_free(port + 1):
            return port


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as tried:
        # As servers do: a connection that has just ended does not keep them from listening.
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def wait_for(port: int, is_alive: Callable[[], bool] = lambda: True) -> bool:
    """Wait until somebody listens on a port; no, if the server has ended before or the time is up."""
    until = time.monotonic() + SECONDS
    while is_alive() and time.monotonic() < until:
        with closing(socket.socket()) as tried:
            if not tried.connect_ex(("127.0.0.1", port)):
                return True
        time.sleep(0.05)
    return False
