"""The limits that services publish, judged by the receiver's own clock when requests arrive. They are written down here
once more, from the services' pages and not from what Runbell keeps."""

import json
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field

from .answer import Answer
from .arrival import Arrival

JSON = (("Content-Type", "application/json"),)


@dataclass(frozen=True)
class Window:
    """At most so many requests in any period of so many seconds."""

    count: int
    seconds: float

    def takes(self, times: list[float], now: float) -> bool:
        return sum(at > now - self.seconds for at in times) < self.count


@dataclass(frozen=True)
class Bucket:
    """So many requests at once, and one more every so many seconds."""

    size: int
    every: float

    def takes(self, times: list[float], now: float) -> bool:
        full_at = 0.0
        for at in times:
            full_at = max(full_at, at) + self.every
        return full_at - now <= self.every * (self.size - 1)


def first_header(*names: str):
    return lambda arrival: next((value for name in names if (value := arrival.header(name))), "")


def member(name: str):
    return lambda arrival: str(arrival.json.get(name))


@dataclass
class LimitedService:
    """Answers as the service does; 429 when an account sends more than its limits allow."""

    limits: tuple[Window | Bucket, ...]
    success: Answer
    account: callable = field(default=lambda arrival: arrival.target)
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: int = 0
    arrivals: list[Arrival] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, arrival: Arrival) -> Answer:
        with self.lock:
            now = time.monotonic()
            times = self.times[self.account(arrival)]
            if not all(limit.takes(times, now) for limit in self.limits):
                self.refused += 1
                return Answer(429, b"", (("Retry-After", "30"),))
            times.append(now)
            self.arrivals.append(arrival)
            return self.success


def says(status: int, body: dict) -> Answer:
    return Answer(status, json.dumps(body).encode(), JSON)


def services() -> dict[str, LimitedService]:
    """One of each kind that goes by HTTP."""
    ok, empty = Answer(200, b"ok", (("Content-Type", "text/html"),)), Answer(204)
    minute = 60
    return {
        "slack": LimitedService((Window(8, 4), Window(65, minute)), ok),
        "hipchat": LimitedService((Window(30, minute),), empty),
        "webhook": LimitedService((), Answer(200)),
        "teams": LimitedService((Window(4, 1),), Answer(202)),
        "discord": LimitedService((Window(5, 2), Window(30, minute)), empty),
        "googlechat": LimitedService((Window(60, minute), Window(2, 1)), says(200, {"name": "spaces/A/messages/B"})),
        "mattermost": LimitedService((Bucket(100, 0.1),), Answer(200, b"ok", (("Content-Type", "text/plain"),))),
        "rocketchat": LimitedService((Window(10, minute),), says(200, {"success": True})),
        "telegram": LimitedService(
            (Window(20, minute), Window(1, 1)), says(200, {"ok": True, "result": {"message_id": 7}}), member("chat_id")
        ),
        "zulip": LimitedService(
            (Window(200, minute),), says(200, {"result": "success", "id": 42}), first_header("Authorization")
        ),
        "matrix": LimitedService((Bucket(10, 5),), says(200, {"event_id": "$e"}), first_header("Authorization")),
        "pagerduty": LimitedService(
            (Window(120, minute),), says(202, {"status": "success", "dedup_key": "k"}), member("routing_key")
        ),
        "opsgenie": LimitedService((), says(202, {"result": "Request will be processed"})),
        "ntfy": LimitedService((Bucket(60, 5),), says(200, {"id": "x", "event": "message"}), lambda arrival: "sender"),
        "github": LimitedService((Window(80, minute),), says(201, {"id": 1}), first_header("Authorization")),
        "gitlab": LimitedService((Window(1200, minute),), says(201, {"id": 93}), first_header("PRIVATE-TOKEN")),
    }
