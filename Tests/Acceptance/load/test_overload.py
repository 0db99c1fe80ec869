"""Four times what the service can take: it sheds what is too much, keeps what it took, and leaves room for others.

`make overload` floods for 60 s (OVERLOAD_SECONDS); the release build is the one whose figures count (RUNBELL_BIN).
"""

import os
import resource
import socket
import threading
import time

import pytest

from harness.client import expect
from harness.events import finished
from harness.flood import Flood, Plan, Report
from harness.kept import check_arrived, check_stored
from harness.tenant import Tenant
from harness.waiting import wait_until

pytestmark = pytest.mark.alone

SECONDS = float(os.environ.get("OVERLOAD_SECONDS", "10"))
MOST_MEMORY = 256
"""MiB."""
SLOW_CLIENTS = 500
REFUSED = ("429", "503")
UNSUBSCRIBED = 200
"""Channels that skip every event: each is a row to write, so that the writer is what there is too little of, and not
the generator in front of it."""


class Memory:
    """The largest resident set of a process, looked at ten times a second (proc(5))."""

    def __init__(self, process: int):
        self.status = f"/proc/{process}/status"
        self.most = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join(5)

    def watch(self):
        while not self.ended.wait(0.1):
            self.most = max(self.most, self.resident())

    def resident(self) -> int:
        with open(self.status) as status:
            return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS"))


@pytest.fixture(scope="module")
def service(make_service):
    """Only the service's own limits are to be met, not an organization's rate."""
    return make_service(RUNBELL_EVENTS_PER_SECOND="1000000").start()


@pytest.fixture
def hook(tenant) -> dict:
    for number in range(UNSUBSCRIBED):
        tenant.channel("webhook", f"started{number}", subscription={"events": ["test.started"]})
    return tenant.channel("webhook")


def flood(tenant: Tenant, first_run: int, seconds: float, **more) -> Flood:
    return Flood(Plan(tenant.service.port, tenant.scheduler.key, tenant.number, first_run, seconds, **more))


def capacity(tenant: Tenant) -> Report:
    """What a few clients get through that wait for their answers."""
    report = flood(tenant, 1, 3, connections=6).report()
    assert set(report.latencies) == {"202"}, report
    return report


@pytest.mark.timeout(300)
def test_four_times_the_capacity_is_refused_at_once(service, tenant, hook):
    with Memory(service.process.pid) as memory:
        usual = capacity(tenant)
        per_second = 4 * len(usual.accepted) / 3
        report = flood(tenant, 1_000_000, SECONDS, per_second=per_second).report()
        back = time.monotonic()
        expect(tenant.scheduler.post("/v1/events", finished(tenant.number, 2)), 202)
        back = time.monotonic() - back
    print(f"capacity {per_second / 4:.0f}/s; {per_second:.0f}/s for {SECONDS:.0f} s: {report}; RSS {memory.most} MiB")
    assert report.unsent + report.cut < report.sent / 100, report
    assert {outcome.split()[0] for outcome in report.latencies} <= {"202", *REFUSED}, report
    assert report.without_retry_after == 0
    assert report.count(*REFUSED) > report.sent / 3, "the service was not overloaded"
    assert len(report.accepted) > per_second / 4 * SECONDS / 3, "it took much less than it can"
    assert memory.most <= MOST_MEMORY
    # The promise is 10 ms of a release build on a machine of its own (make overload prints the p99). Here a debug build
    # shares its processors with the generator and whatever else runs; a queue in front of the refusals would show.
    assert report.percentile(0.5, *REFUSED) < 0.05
    assert report.percentile(0.9, *REFUSED) < 0.25
    assert back < 2
    accepted = set(usual.accepted + report.accepted)
    assert check_stored(tenant, accepted) == len(accepted) + 1
    check_arrived(tenant, hook, len(accepted) + 1)


def test_a_flood_of_one_organization_leaves_room_for_others(service, tenant, hook, receiver):
    other = Tenant(service, receiver)
    quiet = other.channel("webhook")
    most = len(capacity(tenant).accepted) / 3
    flooding = flood(tenant, 2_000_000, 6, per_second=4 * most)
    time.sleep(1)
    report = flood(other, 1, 4, per_second=most / 20, connections=100).report()
    loud = flooding.report()
    print(f"flood: {loud}; other: {report}")
    assert loud.count(*REFUSED) > loud.sent / 3, "the service was not overloaded"
    assert set(report.latencies) == {"202"}, "somebody else paid for it"
    expect(tenant.owner.patch(f"{tenant.path}", {"name": "Flooding"}), 200)
    check_arrived(other, quiet, len(report.accepted))


def test_an_organizations_rate_is_limited(make_service, receiver, runs):
    service = make_service(RUNBELL_EVENTS_PER_SECOND="100").start()
    tenant = Tenant(service, receiver)
    report = flood(tenant, 1, 12, per_second=400, connections=50).report()
    print(report)
    assert set(report.latencies) == {"202", "429 too_many_events"}
    assert report.without_retry_after == 0
    # The burst and what comes in meanwhile; the generator may be a moment longer at it.
    assert 1900 <= len(report.accepted) <= 1000 + 100 * 15
    check_stored(tenant, set(report.accepted))
    batch = tenant.scheduler.post("/v1/events/batch", {"events": [finished(tenant.number, next(runs))] * 500})
    assert batch.status_code == 429 and int(batch.headers["Retry-After"]) >= 4
    wait_until(lambda: tenant.scheduler.post("/v1/events", finished(tenant.number, next(runs))).status_code == 202, 3)


def test_large_batches_do_not_fill_the_memory(service, tenant):
    """4 MiB each, from more clients than there is room for."""
    body = {"events": [finished(tenant.number, run, name="x" * 4_000) for run in range(1000)]}
    statuses: list[int] = []

    def post():
        client = service.client(tenant.scheduler.key)
        for _ in range(4):
            statuses.append(client.post("/v1/events/batch", body, timeout=60).status_code)

    clients = [threading.Thread(target=post) for _ in range(12)]
    with Memory(service.process.pid) as memory:
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    print(f"{statuses.count(202)} batches taken, {len(statuses) - statuses.count(202)} refused, RSS {memory.most} MiB")
    assert set(statuses) <= {202, 429, 503} and 202 in statuses
    assert memory.most <= MOST_MEMORY
    taken = sum(1 for status in statuses if status == 202)
    newest = expect(tenant.owner.get(f"{tenant.path}/events?limit=1"), 200)["data"][0]
    assert newest["sequence"] == 1000 * taken


class SlowClients:
    """Connections that send a byte of their request now and then."""

    def __init__(self, port: int, count: int):
        head = b"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        head += b"Content-Length: 900\r\n\r\n"
        self.connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
        for number, connection in enumerate(self.connections):
            connection.setblocking(False)
            # Half of them never end their head.
            connection.send(head if number % 2 else head[:-2])
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.drip, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join(5)
        for connection in self.connections:
            connection.close()

    def drip(self):
        while not self.ended.wait(0.5):
            for connection in self.connections:
                try:
                    connection.send(b"x")
                except OSError:
                    continue


def test_slow_clients_do_not_slow_others(service, tenant):
    """The best of three rounds each, in turns: what else the machine does is not the question."""

    def p99() -> float:
        return flood(tenant, 3_000_000, 2, per_second=50, connections=20).report().percentile(0.99, "202")

    alone, beside = [], []
    for _ in range(3):
        alone.append(p99())
        with SlowClients(service.port, SLOW_CLIENTS), Memory(service.process.pid) as memory:
            time.sleep(1)
            beside.append(p99())
    alone, beside = min(alone), min(beside)
    story = f"p99 {alone * 1000:.1f} ms alone, {beside * 1000:.1f} ms beside {SLOW_CLIENTS} slow clients"
    print(f"{story}; RSS {memory.most} MiB")
    assert beside < 1.2 * alone + 0.1


def processor_seconds(process: int) -> float:
    """What a process has used so far (proc(5))."""
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_full_table_of_files_keeps_no_processor_busy(make_service, receiver):
    """Connections wait until there is room again; the event loop that accepts them must not turn without a rest.

    Clients alone do not fill the table, so its limit is lowered while the service runs.
    """
    service = make_service().start()
    process = service.process.pid
    limit = max(map(int, os.listdir(f"/proc/{process}/fd"))) + 40
    _, most = resource.prlimit(process, resource.RLIMIT_NOFILE)
    resource.prlimit(process, resource.RLIMIT_NOFILE, (limit, most))
    clients = [socket.create_connection(("127.0.0.1", service.port), timeout=5) for _ in range(150)]
    wait_until(lambda: len(os.listdir(f"/proc/{process}/fd")) == limit, 5, "the table is not full")
    before = processor_seconds(process)
    time.sleep(2)
    used = processor_seconds(process) - before
    for client in clients:
        client.close()
    wait_until(service.is_ready, 5, "the service does not recover")
    print(f"{used:.2f} s of a processor in two seconds")
    assert used < 0.4
