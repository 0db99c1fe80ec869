"""The table of what one organization can have too much of, measured by requests to the program."""

import os
import re
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from . import scale_database as made
from .client import Client, expect
from .event_to_wire import percentile
from .events import started
from .neighbor import Beside, Neighbor
from .receiver import Receiver
from .scale_database import ScaleDatabase, Size
from .service import Service
from .tenant import OWNER, Tenant

REPEATS = 7
BATCH = 1_000
PATIENCE = 300
"""Seconds for what may take long; the neighbor shows whether it may."""


@dataclass
class Figures:
    size: Size
    built: float = 0
    """Seconds that writing the database took, and the first start on it, with its migrations."""
    started: float = 0
    lists: dict[str, float] = field(default_factory=dict)
    """The median of some requests, in seconds."""
    work: dict[str, Beside] = field(default_factory=dict)
    ready: float = 0
    """The longest that /readyz took beside lists."""
    memory: float = 0
    log: float = 0
    """The most that the program took, and that the write-ahead log was seen to have, in MiB."""


class Scale:
    """The program on a database of this size."""

    def __init__(self, service: Service, receiver: Receiver, size: Size):
        self.service = service
        self.receiver = receiver
        self.figures = Figures(size)
        # The first start makes the keys; then the database takes the place of the empty one.
        service.start().stop()
        for file in service.data.glob("runbell.db*"):
            if "ballast" not in file.name:
                file.unlink()
        begin = time.monotonic()
        database = ScaleDatabase(service.data / "runbell.db", size)
        self.now = datetime.fromtimestamp(database.now / 1e6, UTC)
        database.fill()
        self.channels = [database.channel(number) for number in range(made.LARGE_CHANNELS)]
        database.close()
        # Gigabytes that the kernel has yet to write would be in the way of every commit that is measured.
        os.sync()
        self.figures.built = time.monotonic() - begin
        begin = time.monotonic()
        service.launch()
        wait_long_until_ready(service)
        self.figures.started = time.monotonic() - begin
        self.clients: dict[int, Client] = {}
        self.neighbor = Neighbor(Tenant(service, receiver))

    def measure(self) -> Figures:
        self.lists()
        self.figures.work["alone"] = self.neighbor.alone()
        self.slow_lists()
        self.ledger()
        self.batch()
        self.removed_channels()
        self.blocked_ends()
        self.settling()
        self.retention()
        status = Path(f"/proc/{self.service.process.pid}/status").read_text()
        self.figures.memory = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024
        return self.figures

    # lists

    def lists(self):
        path, channel = "/v1/organizations/1", self.channels[3]
        deliveries, events = f"{path}/deliveries", f"{path}/events"
        event = self.get(made.LARGE, f"{events}?load_test_run_id=7")["data"][0]["id"]
        since = (self.now - timedelta(days=20)).strftime("%Y-%m-%dT%H:%M:%SZ")
        until = (self.now - timedelta(days=20) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        span = f"since={since}&until={until}"
        lists = {
            "deliveries": deliveries,
            "deliveries?event_id=": f"{deliveries}?event_id={event}",
            **{f"deliveries?state={state}": f"{deliveries}?state={state}" for state in STATES},
            "deliveries?channel_id=": f"{deliveries}?channel_id={channel}",
            "deliveries?since=&until=": f"{deliveries}?{span}",
            "deliveries?state=failed&channel_id=": f"{deliveries}?state=failed&channel_id={self.channels[4]}",
            "deliveries?state=failed&since=&until=": f"{deliveries}?state=failed&{span}",
            "deliveries?state=skipped&since=&until=": f"{deliveries}?state=skipped&{span}",
            "deliveries?state=skipped&since= (long ago)": f"{deliveries}?state=skipped&since=2020-01-01T00:00:00Z",
            "deliveries?state=due&channel_id= (much due)": f"/v1/organizations/{made.STUCK}/deliveries?state=due&"
            f"channel_id={self.channels[1]}",
            "events": events,
            "events?load_test_run_id=": f"{events}?load_test_run_id=7",
            "events?load_test_run_id=&statuses=": f"{events}?load_test_run_id=7&statuses=9",
            "events?statuses=&since= (long ago)": f"{events}?statuses=9&since=2020-01-01T00:00:00Z",
            "events?name= (none)": f"{events}?name=nowhere",
            "events?type=": f"{events}?type=test.finished",
            "events?since=&until=": f"{events}?{span}",
            "audit-log?action=": f"{path}/audit-log?action=key.created",
            "channels": f"{path}/channels",
        }
        for name, address in lists.items():
            number = int(address.split("/")[3])
            self.figures.lists[name] = self.median(lambda number=number, address=address: self.get(number, address))
        pages = self.signed_in(made.LARGE)
        for name, address in {
            "page: deliveries?run=": "/organizations/1/deliveries?run=7",
            "page: deliveries?state=failed": "/organizations/1/deliveries?state=failed",
            "page: events?run=": "/organizations/1/events?run=7",
            "page: events?name= (none)": "/organizations/1/events?name=nowhere",
            "page: notifications": "/organizations/1/notifications",
            "page: deliveries": "/organizations/1/deliveries",
            "page: events": "/organizations/1/events",
            "page: audit-log": "/organizations/1/audit-log",
            "page: a run": "/organizations/1/runs/7",
            "page: an event": f"/organizations/1/events/{event}",
            "page: a channel": f"/organizations/1/channels/{channel}",
        }.items():
            self.figures.lists[name] = self.median(lambda address=address: seen(pages.get(address)))

    def median(self, request: Callable[[], object]) -> float:
        times = []
        for _ in range(REPEATS):
            begin = time.monotonic()
            request()
            times.append(time.monotonic() - begin)
            # Lists in a row rest three times as long as they work; what is measured here is the work.
            time.sleep(4 * times[-1])
        return statistics.median(times)

    # the rest of the table

    def slow_lists(self):
        """Eight slow lists at once, and /readyz beside them."""
        slow = [f"/v1/organizations/1/{what}" for what in ("ledger", "deliveries?state=skipped&limit=250")]
        times: list[float] = []

        def work():
            with ThreadPoolExecutor(8) as pool:
                waiting = [pool.submit(self.client(made.LARGE, n).get, slow[n % 2], timeout=PATIENCE) for n in range(8)]
                for _ in range(20):
                    begin = time.monotonic()
                    seen(self.service.client(None).get("/readyz"))
                    times.append(time.monotonic() - begin)
                    time.sleep(0.05)
                [answer.result() for answer in waiting]

        self.work("8 slow lists", work)
        self.figures.ready = percentile(sorted(times), 100)

    def ledger(self):
        path = "/v1/organizations/1/ledger"
        self.work("ledger", lambda: seen(self.client(made.LARGE).get(path, timeout=PATIENCE), 200, 503))

    def batch(self):
        events = [started(made.FAN, run) for run in range(min(BATCH, self.figures.size.fan))]
        client = self.scheduler(made.FAN)
        self.work(
            f"batch of {len(events)} to {self.figures.size.fan} channels",
            lambda: seen(client.post("/v1/events/batch", {"events": events}, timeout=PATIENCE), 202, 429),
        )

    def removed_channels(self):
        client, runs = self.scheduler(made.REMOVED), iter(range(100))
        post = lambda: expect(client.post("/v1/events", started(made.REMOVED, next(runs))), 202)  # noqa: E731
        self.figures.lists["accept beside many removed channels"] = self.median(post)
        event = f"/v1/organizations/{made.REMOVED}/events/{post()['id']}"
        self.figures.lists["an event beside many removed channels"] = self.median(lambda: self.get(made.REMOVED, event))

    def blocked_ends(self):
        """The channel starts to send, with waiting starts and ends behind them."""
        path = self.with_address(made.ENDS, self.channels[0])
        self.work(f"{self.figures.size.ends} blocked ends", lambda: seen(self.client(made.ENDS).post(f"{path}/resume")))

    def settling(self):
        count, client = self.figures.size.stuck, self.client(made.STUCK)
        paths = [self.with_address(made.STUCK, channel) for channel in self.channels[:3]]
        self.work(f"resume with {count} due", lambda: seen(client.post(f"{paths[0]}/resume")))
        off = self.draft() | {"enabled": False}
        self.work(f"disable with {count} due", lambda: seen(client.put(paths[1], off)))
        self.work(f"remove with {count} due", lambda: seen(client.delete(paths[2]), 204))

    def retention(self):
        """From now on, half of the large organization's data is expired."""

        def work():
            seen(self.client(made.LARGE).patch("/v1/organizations/1", {"retention_days": 15}))
            time.sleep(10)

        self.work("retention, the first 10 s", work)

    # what they need

    def work(self, name: str, work: Callable[[], object]):
        self.figures.work[name] = self.neighbor.beside(work)
        log = self.service.data / "runbell.db-wal"
        self.figures.log = max(self.figures.log, log.stat().st_size / 2**20 if log.exists() else 0)

    def client(self, number: int, place: int = 0) -> Client:
        """The owner's, by a key of its own; one client for each that works at the same time."""
        made_before = self.clients.get((number, place))
        if made_before:
            return made_before
        body = {"name": "owner", "user_id": OWNER}
        key = expect(self.service.operator.post(f"/v1/organizations/{number}/keys", body), 201)["key"]
        self.clients[number, place] = self.service.client(key)
        return self.clients[number, place]

    def scheduler(self, number: int) -> Client:
        body = {"name": "scheduler", "scopes": ["events:write"]}
        key = expect(self.client(number).post(f"/v1/organizations/{number}/keys", body), 201)["key"]
        return self.service.client(key)

    def get(self, number: int, address: str) -> dict:
        return expect(self.client(number).get(address), 200)

    def draft(self) -> dict:
        return {"kind": "webhook", "name": "Many", "settings": {"url": f"{self.receiver.url}/scale"}}

    def with_address(self, number: int, channel: str) -> str:
        """The program seals an address into a channel that was written without one."""
        path = f"/v1/organizations/{number}/channels/{channel}"
        expect(self.client(number).put(path, self.draft()), 200)
        return path

    def signed_in(self, number: int) -> Client:
        client = self.service.client(None)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.service.url}
        key = self.client(number).key
        seen(client.call("POST", "/login", f"key={key}".encode(), headers, allow_redirects=False), 303)
        return client


STATES = ("due", "claimed", "delivered", "failed", "skipped", "cancelled")


def seen(answer, *wanted: int):
    assert answer.status_code in (wanted or (200, 202)), f"{answer.status_code}: {answer.text[:500]}"


def wait_long_until_ready(service: Service):
    end = time.monotonic() + 600
    while not service.is_ready():
        assert time.monotonic() < end, service.log[-2000:]
        time.sleep(0.1)


def table(small: Figures, large: Figures) -> str:
    """Both beside each other, in milliseconds."""
    lines = [f"{'':52}{'small':>12}{'large':>12}", row("deliveries", small.size.deliveries, large.size.deliveries)]
    lines += [
        row("seconds to write the database", f"{small.built:.1f}", f"{large.built:.1f}"),
        row("seconds to migrate and start", f"{small.started:.1f}", f"{large.started:.1f}"),
        "",
        "One request, ms (median)",
    ]
    lines += [row(f"  {a}", ms(x), ms(y)) for (a, x), y in zip(small.lists.items(), large.lists.values(), strict=True)]
    lines += ["", "A neighbor's accept, ms: p50 / p99 / longest; how long the work took, s"]
    for (name, a), (other, b) in zip(small.work.items(), large.work.items(), strict=True):
        lines.append(f"  {name if name == other else other}")
        lines += [
            f"    {who:8}{ms(x.p50)} / {ms(x.p99)} / {ms(x.longest)}; {x.took:.2f} s"
            for who, x in (("small", a), ("large", b))
        ]
    lines += [
        "",
        row("/readyz beside 8 slow lists, longest, ms", ms(small.ready), ms(large.ready)),
        row("memory at most, MiB", round(small.memory), round(large.memory)),
        row("write-ahead log at most, MiB", round(small.log), round(large.log)),
    ]
    return "\n".join(lines)


def row(name: str, small: object, large: object) -> str:
    return f"{name:52}{small!s:>12}{large!s:>12}"


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"
