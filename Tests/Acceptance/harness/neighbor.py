"""Another organization of the same service: how long it waits while something else is going on."""

import itertools
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

from .event_to_wire import percentile
from .events import started
from .tenant import Tenant

PER_SECOND = 50
AT_LEAST = 2.0
"""Seconds that are measured, however short the work is."""


@dataclass(frozen=True)
class Beside:
    """How long some work took, and how long the neighbor's events took meanwhile, in seconds."""

    took: float
    accepting: list[float]
    """The shortest first."""

    @property
    def p50(self) -> float:
        return percentile(self.accepting, 50)

    @property
    def p99(self) -> float:
        return percentile(self.accepting, 99)

    @property
    def longest(self) -> float:
        return self.accepting[-1]


class Neighbor:
    def __init__(self, tenant: Tenant):
        self.tenant = tenant
        tenant.channel("webhook", "neighbor")
        self.runs = itertools.count(1)

    def alone(self) -> Beside:
        return self.beside(lambda: None)

    def beside(self, work: Callable[[], None]) -> Beside:
        """Posts at a steady rate while `work` runs, and a little longer."""
        ended = threading.Event()
        times: list[float] = []
        poster = threading.Thread(target=self._post, args=(ended, times))
        begin = time.monotonic()
        poster.start()
        try:
            work()
            took = time.monotonic() - begin
            time.sleep(max(0.3, AT_LEAST - took))
        finally:
            ended.set()
            poster.join()
        return Beside(took, sorted(times))

    def _post(self, ended: threading.Event, times: list[float]):
        """An event that had to wait for the one before is measured from when it was due."""
        connection = HTTPConnection(urlsplit(self.tenant.service.url).netloc, timeout=60)
        headers = {"Authorization": f"Bearer {self.tenant.scheduler.key}", "Content-Type": "application/json"}
        begin = time.monotonic()
        for number in itertools.count():
            due = begin + number / PER_SECOND
            if ended.wait(max(0, due - time.monotonic())):
                break
            event = json.dumps(started(self.tenant.number, next(self.runs)))
            connection.request("POST", "/v1/events", event, headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 202
            times.append(time.monotonic() - due)
        connection.close()
