"""A scheduler under load: posts events at a fixed rate over keep-alive connections, through every crash."""

import itertools
import json
import queue
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from .events import finished

THREADS = 8


class LoadGenerator:
    """Posts an event without an answer again with its idempotency key until there is one, as a good client does."""

    def __init__(
        self, url: str | list[str], key: str, organization: int, per_second: int, runs: Iterator[int], *later: int
    ):
        """Of several addresses, each request goes to the next one. `later` are the statuses after which it comes again;
        503 is one in any case."""
        self.later = {503, *later}
        self.addresses = [urlsplit(one).netloc for one in ([url] if isinstance(url, str) else url)]
        self.key = key
        self.organization = organization
        self.per_second = per_second
        self.runs = runs
        self.answers: dict[int, list[tuple[int, str]]] = {}
        """By run: the status and the event's id of every answer that came."""
        self.unexpected: list[str] = []
        self.reposted = 0
        self.refused: Counter[int] = Counter()
        """Answers that asked to come again later."""
        self._waiting: queue.Queue[int | None] = queue.Queue()
        self._stopping = threading.Event()
        self._abandoned = threading.Event()
        self._threads = [threading.Thread(target=self._pace, daemon=True)]
        self._threads += [threading.Thread(target=self._post_all, daemon=True) for _ in range(THREADS)]

    def start(self):
        for thread in self._threads:
            thread.start()

    def stop(self):
        """Ends the load. Every event that was begun still gets its answer; what waits for its turn is not begun."""
        self._stopping.set()
        deadline = time.monotonic() + 60
        for thread in self._threads:
            thread.join(max(0, deadline - time.monotonic()))
        unanswered = sum(thread.is_alive() for thread in self._threads)
        self._abandoned.set()
        assert unanswered == 0, f"{unanswered} events did not get their answer"

    def _pace(self):
        begin, made = time.monotonic(), 0
        while not self._stopping.is_set():
            wanted = int((time.monotonic() - begin) * self.per_second)
            for _ in range(wanted - made):
                self._waiting.put(next(self.runs))
            made = max(made, wanted)
            time.sleep(0.005)
        for _ in range(THREADS):
            self._waiting.put(None)

    def _post_all(self):
        connections = [HTTPConnection(address, timeout=10) for address in self.addresses]
        turns = itertools.cycle(connections)
        while (run := self._waiting.get()) is not None and not self._stopping.is_set():
            while not self._abandoned.is_set() and not self._post(connection := next(turns), run):
                self.reposted += 1
                connection.close()
                time.sleep(0.02)
        for connection in connections:
            connection.close()

    def _post(self, connection: HTTPConnection, run: int) -> bool:
        """Whether the answer settles the event."""
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"run-{run}",
        }
        try:
            connection.request("POST", "/v1/events", json.dumps(finished(self.organization, run)), headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException):
            return False
        if answer.status in (200, 202):
            self.answers.setdefault(run, []).append((answer.status, json.loads(content)["id"]))
            return True
        self.refused[answer.status] += 1
        if answer.status not in self.later or not answer.headers["Retry-After"]:
            self.unexpected.append(f"{answer.status} {content[:500]!r}")
        return False
