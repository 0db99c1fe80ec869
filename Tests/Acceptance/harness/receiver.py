"""An HTTP server on the loopback interface that records every request and answers as scripted for its path."""

import asyncio
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from itertools import takewhile

from .answer import OK, Answer
from .arrival import Arrival
from .waiting import wait_until

Default = Answer | Callable[[Arrival], Answer]


class Receiver:
    """Runs in its own thread; `arrivals` and the scripts may be used from any thread."""

    def __init__(self):
        self._arrivals: dict[str, list[Arrival]] = defaultdict(list)
        self._scripts: dict[str, deque[Answer]] = defaultdict(deque)
        self._defaults: dict[str, Default] = {}
        self._below: dict[str, Default] = {}
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="receiver", daemon=True)
        self._thread.start()
        listening = self._loop.create_server(lambda: Connection(self), "127.0.0.1", 0, backlog=1024)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result(5)
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"

    def close(self):
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def script(self, path: str, *answers: Answer, default: Default | None = None):
        """Sets the next answers on a path, in order; after them, the default."""
        with self._lock:
            self._scripts[path] = deque(answers)
            if default is not None:
                self._defaults[path] = default

    def serve(self, start: str, default: Default):
        """Answers all paths with this beginning, unless a path has an answer of its own."""
        with self._lock:
            self._below[start] = default

    def arrivals(self, path: str) -> list[Arrival]:
        with self._lock:
            return list(self._arrivals[path])

    def count(self) -> int:
        with self._lock:
            return sum(map(len, self._arrivals.values()))

    def since(self, path: str, moment: float) -> list[Arrival]:
        """What was received on a path after a moment, newest first."""
        with self._lock:
            return list(takewhile(lambda arrival: arrival.at > moment, reversed(self._arrivals[path])))

    def wait_for(self, path: str, count: int = 1, timeout: float = 15) -> list[Arrival]:
        """Waits for at least this many requests on a path."""
        wait_until(lambda: len(self._arrivals[path]) >= count, timeout, lambda: self._story(path, count))
        return self.arrivals(path)

    def answer(self, arrival: Arrival) -> Answer:
        with self._lock:
            self._arrivals[arrival.path].append(arrival)
            script = self._scripts[arrival.path]
            chosen = script.popleft() if script else self._default(arrival.path)
        return chosen if isinstance(chosen, Answer) else chosen(arrival)

    def _default(self, path: str) -> Default:
        below = (default for start, default in self._below.items() if path.startswith(start))
        return self._defaults.get(path) or next(below, OK)

    def _story(self, path: str, count: int) -> str:
        bodies = [arrival.body[:200] for arrival in self.arrivals(path)]
        return f"{count} requests wanted at {path}, {len(bodies)} came: {bodies}"


class Connection(asyncio.Protocol):
    """One keep-alive connection: reads requests with a Content-Length, answers them in their order."""

    def __init__(self, receiver: Receiver):
        self.receiver = receiver
        self.buffer = bytearray()
        self.transport: asyncio.Transport | None = None
        self.waits = False

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data: bytes):
        self.buffer += data
        self.go_on()

    def go_on(self):
        while not self.waits and (arrival := self.next_request()):
            answer = self.receiver.answer(arrival)
            if answer.delay:
                self.waits = True
                asyncio.get_running_loop().call_later(answer.delay, self.write_late, arrival, answer)
            else:
                self.write(arrival, answer)

    def write_late(self, arrival: Arrival, answer: Answer):
        self.waits = False
        self.write(arrival, answer)
        self.go_on()

    def write(self, arrival: Arrival, answer: Answer):
        if not self.transport.is_closing():
            self.transport.write(answer.wire())
            arrival.answered_at = time.monotonic()

    def next_request(self) -> Arrival | None:
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        first, *rest = bytes(self.buffer[:end]).decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in rest))
        length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
        total = end + 4 + length
        if len(self.buffer) < total:
            return None
        body = bytes(self.buffer[end + 4 : total])
        del self.buffer[:total]
        return Arrival(method, target, headers, body, time.monotonic())
