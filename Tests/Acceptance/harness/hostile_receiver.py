"""A receiver that does to its senders what HTTP forbids, or allows and nobody wants."""

import asyncio
import gzip
import itertools
import math
import socket
import struct
import threading
import time
from asyncio import StreamReader, StreamWriter
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from .service import free_port

DRIP = 0.4
"""Seconds between two bytes, so that something always moves."""
FLOOD = b"x" * 65_536
BOMB = gzip.compress(bytes(100 << 20), compresslevel=1)
"""A hundred megabytes of nothing, packed into half of one."""
HOSTS = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
Behavior = Callable[[StreamWriter], Awaitable[None]]


async def drip(writer: StreamWriter, start: bytes, more: bytes):
    writer.write(start)
    for byte in itertools.cycle(more):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(DRIP)


async def flood(writer: StreamWriter, start: bytes, more: bytes):
    writer.write(start)
    while True:
        writer.write(more)
        await writer.drain()


async def say(writer: StreamWriter, answer: bytes):
    """One answer; the connection stays open."""
    writer.write(answer)
    await writer.drain()
    await asyncio.sleep(3600)


async def never_answering(_):
    await asyncio.sleep(3600)


async def head_dripped(writer):
    await drip(writer, b"HTTP/1.1 200 OK\r\nX-A: ", b"a")


async def body_dripped(writer):
    await drip(writer, b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"b")


async def chunks_dripped(writer):
    await drip(writer, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nb\r\n")


async def endless_body(writer):
    await flood(writer, b"HTTP/1.1 200 OK\r\n\r\n", FLOOD)


async def stops_short(writer):
    """Stops just below the limit on an answer, so that only the deadline ends it."""
    await say(writer, b"HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n" + FLOOD[:64_000])


async def ordinary(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
    writer.close()


async def head_of_four_megabytes(writer):
    await say(writer, b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * (4 << 20) + b"\r\n\r\n")


async def continue_flood(writer):
    await flood(writer, b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)


async def negative_length(writer):
    await say(writer, b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nbody")


async def two_lengths(writer):
    await say(writer, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")


async def gzip_bomb(writer):
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(BOMB)}\r\n\r\n"
    await say(writer, head.encode() + BOMB)


async def reset(writer):
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def close_early(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
    writer.close()


async def half_a_handshake(writer):
    """The first bytes of a ServerHello that says it is longer (RFC 8446, 4.1.3)."""
    await say(writer, b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03")


@dataclass
class Visit:
    came_at: float
    left_at: float = math.inf
    """time.monotonic() when the other side had closed the connection; infinity as long as it has not."""


class HostileReceiver:
    """Listens on several addresses; the first part of the path says how it behaves. Runs in its own thread."""

    def __init__(self, **behaviors: Behavior):
        self.visits: dict[str, list[Visit]] = defaultdict(list)
        self._behaviors = behaviors
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="hostile receiver", daemon=True)
        self._thread.start()
        self.port = self._listen(self._take_request)
        self.tls_port = self._listen(partial(self._take_hello, half_a_handshake.__name__))

    def url(self, behavior: str, host: str = HOSTS[0]) -> str:
        if behavior == half_a_handshake.__name__:
            return f"https://{host}:{self.tls_port}/"
        return f"http://{host}:{self.port}/{behavior}/"

    def close(self):
        asyncio.run_coroutine_threadsafe(cancel_others(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _listen(self, take) -> int:
        port = free_port()
        listening = asyncio.start_server(take, HOSTS, port, backlog=1024)
        asyncio.run_coroutine_threadsafe(listening, self._loop).result(5)
        return port

    async def _take_request(self, reader: StreamReader, writer: StreamWriter):
        with suppress(asyncio.IncompleteReadError, OSError):  # A connection without a request.
            head = await reader.readuntil(b"\r\n\r\n")
            name = head.split(b" ", 2)[1].decode().split("/")[1]
            await self._behave(name, reader, writer)

    async def _take_hello(self, name: str, reader: StreamReader, writer: StreamWriter):
        with suppress(OSError):
            await reader.read(1)
            await self._behave(name, reader, writer)

    async def _behave(self, name: str, reader: StreamReader, writer: StreamWriter):
        visit = Visit(time.monotonic())
        self.visits[name].append(visit)
        behaving = asyncio.ensure_future(self._behaviors[name](writer))
        with suppress(OSError):
            await until_left(reader)
        visit.left_at = time.monotonic()
        behaving.cancel()
        writer.close()


async def until_left(reader: StreamReader):
    while await reader.read(65_536):
        pass


async def cancel_others():
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
