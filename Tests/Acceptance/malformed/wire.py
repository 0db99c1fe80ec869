"""Bytes to and from the service without an HTTP library that would put them right."""

import contextlib
import re
import socket
import time
from dataclasses import dataclass

HEAD = re.compile(rb"HTTP/1\.[01] (\d{3})[^\r\n]*\r\n(.*?)\r\n\r\n", re.DOTALL)


@dataclass(frozen=True)
class WireAnswer:
    statuses: tuple[int, ...]
    content: bytes
    is_closed: bool
    seconds: float
    """Until the first byte."""

    @property
    def status(self) -> int | None:
        """None when the connection was closed without a word."""
        return self.statuses[0] if self.statuses else None


class Wire:
    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=5)

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data: bytes):
        """What the service does not want to take any more is not sent."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError, TimeoutError):
            self.socket.sendall(data)

    def answer(self, wait: float = 5, quiet: float = 0.15) -> WireAnswer:
        """All that comes until the other side closes, or is quiet after its first bytes."""
        begin, first, content, closed = time.monotonic(), None, bytearray(), False
        while True:
            self.socket.settimeout(quiet if content else wait)
            try:
                data = self.socket.recv(65536)
            except TimeoutError:
                break
            except ConnectionResetError:
                data = b""
            if not data:
                closed = True
                break
            first = first or time.monotonic()
            content += data
        statuses = tuple(int(match[1]) for match in HEAD.finditer(bytes(content)))
        return WireAnswer(statuses, bytes(content), closed, (first or time.monotonic()) - begin)

    def seconds_until_closed(self, at_most: float) -> float | None:
        """None when it is still open after that time. Reads nothing but the end."""
        begin = time.monotonic()
        self.socket.settimeout(at_most)
        try:
            while self.socket.recv(65536):
                pass
        except TimeoutError:
            return None
        except ConnectionResetError:
            pass
        return time.monotonic() - begin
