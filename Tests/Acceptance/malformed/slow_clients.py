"""Clients that take their time, to keep a connection for themselves. Their bounds are seconds, not milliseconds."""

import contextlib
import socket
import time

from .registry import case
from .target import Target
from .wire import Wire

SLOW_HEAD = 10
SLOW_READER = 30
GRACE = 5


@case("bad-082")
def a_head_that_drips(target: Target):
    """One byte a second; none of them may lengthen the time that the head has."""
    head = iter(target.head("GET", target.path))
    begin = time.monotonic()
    with Wire(target.tenant.service.port) as wire:
        wire.socket.settimeout(1)
        while time.monotonic() - begin < SLOW_HEAD + GRACE:
            wire.send(bytes([next(head)]))
            try:
                if not wire.socket.recv(65_536):
                    return
            except TimeoutError:
                continue
            except ConnectionResetError:
                return
    raise AssertionError(f"still open after {SLOW_HEAD + GRACE} s")


@case("bad-084")
def a_client_that_never_reads(target: Target):
    """It asks for more than the buffers of both sides hold, and then waits."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.connect(("127.0.0.1", target.tenant.service.port))
    connection.settimeout(1)
    request = target.head("GET", "/v1/channel-kinds")
    with contextlib.closing(connection):
        with contextlib.suppress(TimeoutError):
            for _ in range(1_000):
                connection.sendall(request * 100)
        begin = time.monotonic()
        while time.monotonic() - begin < SLOW_READER + GRACE:
            time.sleep(0.5)
            # Writing tells whether the other side is gone, without reading anything.
            with contextlib.suppress(TimeoutError, BlockingIOError):
                try:
                    connection.settimeout(0.05)
                    connection.send(b"\r\n")
                except (BrokenPipeError, ConnectionResetError):
                    return
            if is_gone(connection):
                return
    raise AssertionError(f"still open after {SLOW_READER + GRACE} s")


def is_gone(connection: socket.socket) -> bool:
    """The kernel's own view of the connection: reset or closed by the other side."""
    state = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
    established = 1
    return state != established
