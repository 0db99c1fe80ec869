"""More events than a service can take: an open-loop generator in a process of its own.

Requests are sent when their time has come, whether the ones before have been answered or not: a generator that waits
for answers would slow down together with the service and hide how long it takes ("coordinated omission").
"""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from .events import finished

TESTS = Path(__file__).resolve().parents[1]


@dataclass
class Plan:
    port: int
    key: str
    organization: int
    first_run: int
    seconds: float
    per_second: float = 0
    """0: as many as are answered, over the connections (a closed loop, to measure the capacity)."""
    connections: int = 1000
    """At most; the closed loop has so many at once."""
    padding: int = 0
    """Bytes that each event is longer."""


@dataclass
class Report:
    sent: int = 0
    unsent: int = 0
    """Whose time came when every connection was busy."""
    cut: int = 0
    """Whose connection ended without an answer."""
    accepted: list[str] = field(default_factory=list)
    """The ids that 202 gave."""
    latencies: dict[str, list[float]] = field(default_factory=dict)
    """Seconds to each answer, by status and word: `202`, `503 overloaded`."""
    without_retry_after: int = 0

    def percentile(self, share: float, *outcomes: str) -> float:
        """Of the outcomes with this prefix, or of all."""
        found = sorted(s for o, all_of in self.latencies.items() if o.startswith(outcomes or "") for s in all_of)
        return found[min(len(found) - 1, int(len(found) * share))] if found else 0

    def count(self, *outcomes: str) -> int:
        return sum(len(all_of) for outcome, all_of in self.latencies.items() if outcome.startswith(outcomes))

    def __str__(self) -> str:
        shown = ", ".join(
            f"{len(found)} × {outcome} (p50 {self.percentile(0.5, outcome) * 1000:.1f} ms,"
            f" p99 {self.percentile(0.99, outcome) * 1000:.1f} ms)"
            for outcome, found in sorted(self.latencies.items())
        )
        return f"{self.sent} sent, {self.unsent} unsent, {self.cut} cut: {shown}"


class Flood:
    """A flood in progress; `report` waits for its end."""

    def __init__(self, plan: Plan):
        command = [sys.executable, "-m", "harness.flood", json.dumps(plan.__dict__)]
        self.process = subprocess.Popen(command, cwd=TESTS, stdout=subprocess.PIPE)
        self.patience = plan.seconds + 60

    def report(self) -> Report:
        output, _ = self.process.communicate(timeout=self.patience)
        assert self.process.returncode == 0
        return Report(**json.loads(output))


class Caller(asyncio.Protocol):
    """A keep-alive connection with one request at a time."""

    def __init__(self, generator: "Generator"):
        self.generator = generator
        self.buffer = b""
        self.sent_at = 0.0
        self.is_waiting = False

    def connection_made(self, transport):
        self.transport = transport

    def send(self, request: bytes, due: float):
        self.sent_at, self.is_waiting = due, True
        self.transport.write(request)

    def data_received(self, data: bytes):
        self.buffer += data
        head, blank, rest = self.buffer.partition(b"\r\n\r\n")
        if not blank:
            return
        lines = head.decode("latin-1").split("\r\n")
        fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        length = int(fields["content-length"])
        if len(rest) < length:
            return
        self.buffer = rest[length:]
        self.is_waiting = False
        self.generator.answered(int(lines[0].split(" ")[1]), fields, rest[:length], self.sent_at)
        if fields.get("connection") == "close":
            self.transport.close()
        else:
            self.generator.is_free(self)

    def connection_lost(self, error):
        self.generator.open -= 1
        if self.is_waiting:
            self.generator.report.cut += 1
        elif self in self.generator.free:
            self.generator.free.remove(self)


class Generator:
    def __init__(self, plan: Plan):
        self.plan = plan
        self.report = Report()
        self.free: list[Caller] = []
        self.open = 0
        self.end = 0.0
        self.run = plan.first_run

    async def flood(self):
        self.end = time.monotonic() + self.plan.seconds
        await (self.open_loop() if self.plan.per_second else self.closed_loop())
        last = time.monotonic() + 20
        while self.is_waiting and time.monotonic() < last:
            await asyncio.sleep(0.02)

    @property
    def is_waiting(self) -> bool:
        report = self.report
        return report.sent > report.cut + sum(map(len, report.latencies.values()))

    async def closed_loop(self):
        for _ in range(self.plan.connections):
            asyncio.ensure_future(self.begin(time.monotonic()))
        await asyncio.sleep(self.plan.seconds)

    async def open_loop(self):
        start = time.monotonic()
        count = 0
        while (now := time.monotonic()) < self.end:
            while count < (now - start) * self.plan.per_second:
                due = start + count / self.plan.per_second
                count += 1
                if self.free:
                    self.send(self.free.pop(), due)
                elif self.open < self.plan.connections:
                    asyncio.ensure_future(self.begin(due))
                else:
                    self.report.unsent += 1
            await asyncio.sleep(0.001)

    async def begin(self, due: float):
        self.open += 1
        loop = asyncio.get_running_loop()
        try:
            _, caller = await loop.create_connection(lambda: Caller(self), "127.0.0.1", self.plan.port)
        except OSError:
            self.open -= 1
            self.report.unsent += 1
            return
        self.send(caller, due)

    def send(self, caller: Caller, due: float):
        self.run += 1
        body = json.dumps(finished(self.plan.organization, self.run, name="n" + "x" * self.plan.padding)).encode()
        head = (
            f"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.plan.key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.report.sent += 1
        caller.send(head.encode() + body, due)

    def is_free(self, caller: Caller):
        if self.plan.per_second:
            self.free.append(caller)
        elif time.monotonic() < self.end:
            self.send(caller, time.monotonic())

    def answered(self, status: int, fields: dict, body: bytes, sent_at: float):
        content = json.loads(body)
        outcome = str(status)
        if status == 202:
            self.report.accepted.append(content["id"])
        else:
            outcome += " " + content["type"].removeprefix("/problems/")
            self.report.without_retry_after += "retry-after" not in fields
        self.report.latencies.setdefault(outcome, []).append(time.monotonic() - sent_at)


if __name__ == "__main__":
    generator = Generator(Plan(**json.loads(sys.argv[1])))
    asyncio.run(generator.flood())
    print(json.dumps(generator.report.__dict__))
