"""The disk gets full under load: what is new is refused, what was taken is delivered, and no restart is needed."""

import os
import sqlite3
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from harness.answer import OK, Answer
from harness.client import expect
from harness.events import finished
from harness.kept import check_arrived, check_stored
from harness.load_generator import LoadGenerator
from harness.needs import needs, needs_sqlite
from harness.tenant import Tenant
from harness.waiting import stays, wait_until

MEBIBYTE = 1024 * 1024
DISK = 160 * MEBIBYTE
BALLAST = 16 * MEBIBYTE
PER_SECOND = 100
HEALED_WITHIN = 5

pytestmark = [
    needs_sqlite("the database's disk is the server's"),
    needs(os.geteuid() == 0, "a small disk of its own takes root (mount)"),
    pytest.mark.timeout(180),
]


class SmallDisk:
    """A tmpfs that other people's files can fill."""

    def __init__(self, path: Path):
        self.path = path
        self.filler = path / "filler"

    @property
    def free(self) -> int:
        found = os.statvfs(self.path)
        return found.f_bavail * found.f_frsize

    def fill(self, leave: int):
        """What is free is asked once: the ballast that is given up meanwhile is the service's. What the service writes
        meanwhile makes the file smaller."""
        with self.filler.open("ab") as filler:
            wanted = max(1, self.filler.stat().st_size + self.free - leave)
            for size in range(wanted, 0, -MEBIBYTE // 8):
                with suppress(OSError):
                    return os.posix_fallocate(filler.fileno(), 0, size)
        raise AssertionError("the disk cannot be filled")

    def empty(self):
        self.filler.unlink()


@contextmanager
def mounted(path: Path):
    path.mkdir(parents=True)
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=0700", "tmpfs", str(path)], check=False)
    if made.returncode:
        pytest.skip("a tmpfs cannot be mounted here")
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)


@pytest.fixture
def service(make_service):
    return make_service()


@pytest.fixture
def disk(service):
    with mounted(service.data) as disk:
        service.start()
        yield disk
        service.stop()


@pytest.fixture
def hook(disk, tenant) -> dict:
    return tenant.channel("webhook")


@pytest.fixture
def load(service, tenant, hook, runs):
    load = LoadGenerator(service.url, tenant.scheduler.key, tenant.number, PER_SECOND, runs, 507)
    load.start()
    yield load
    load.stop()


def ballast(service) -> Path:
    return service.data / "runbell.db-ballast"


def refuses(tenant: Tenant) -> bool:
    return tenant.scheduler.get("/readyz").status_code == 503


def seconds_until_taken(load: LoadGenerator) -> float:
    """From now to the next 202."""
    begin, before = time.monotonic(), len(load.answers)
    wait_until(lambda: len(load.answers) > before, 30, "nothing is taken")
    return time.monotonic() - begin


def fill_with_old_events(service, tenant: Tenant, count: int):
    """Events that are too old to be kept, ten kilobytes each; the service does not run."""
    at = (int(time.time()) - 100 * 86_400) * 1000
    content = '{"event":"test.notification_channel","x":"' + "x" * 10_000 + '"}'
    with sqlite3.connect(service.data / "runbell.db", isolation_level=None) as database:
        (before,) = database.execute(
            "SELECT event_sequence FROM organizations WHERE organization_id = ?", [tenant.number]
        ).fetchone()
        # One transaction each: all in one would need the room twice, in the log too.
        for number in range(1, count + 1):
            id = (at << 80 | 0x7000 << 64 | 0x8000 << 48 | number).to_bytes(16)
            database.execute(
                "INSERT INTO events (organization_id, event_id, sequence, type, payload, received_at, channels)"
                " VALUES (?, ?, ?, 'test.notification_channel', ?, ?, 0)",
                (tenant.number, id, before + number, content, at * 1000),
            )
        database.execute(
            "UPDATE organizations SET event_sequence = event_sequence + ?, retention_due_at = 0"
            " WHERE organization_id = ?",
            [count, tenant.number],
        )
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def check_books(tenant: Tenant, hook: dict, load: LoadGenerator):
    load.stop()
    assert load.unexpected == []
    accepted = {answers[0][1] for answers in load.answers.values()}
    assert check_stored(tenant, accepted) == len(accepted)
    check_arrived(tenant, hook, len(accepted))


def test_a_nearly_full_disk_refuses_new_events(service, disk, tenant, hook, load, runs):
    wait_until(lambda: load.answers)
    assert ballast(service).stat().st_blocks * 512 >= BALLAST
    disk.fill(leave=40 * MEBIBYTE)
    wait_until(lambda: refuses(tenant), 3)
    answer = tenant.scheduler.post("/v1/events", finished(tenant.number, next(runs)))
    assert expect(answer, 507)["type"] == "/problems/insufficient_storage"
    assert answer.headers["Retry-After"] == "5"
    expect(tenant.owner.post(f"{tenant.path}/channels", tenant.draft("webhook", "second")), 507)
    assert ballast(service).exists()
    disk.empty()
    healed = seconds_until_taken(load)
    print(f"healed {healed:.2f} s after there was space again; {load.refused[507]} refusals")
    assert healed < HEALED_WITHIN
    assert load.refused[507] > 0
    check_books(tenant, hook, load)


def test_deliveries_in_flight_finish_on_a_full_disk(service, disk, tenant, hook, load):
    """Everything is gone in one moment, while receivers still think about their answers."""
    tenant.receiver.script(hook["at"], default=Answer(200, b"", delay=0.5))
    tenant.receiver.wait_for(hook["at"], 20)
    process = service.process.pid
    disk.fill(leave=0)
    wait_until(lambda: not ballast(service).exists(), 5, "the ballast was kept")
    wait_until(lambda: refuses(tenant), 3)
    tenant.receiver.script(hook["at"], default=OK)
    path = f"{tenant.path}/deliveries?channel_id={hook['id']}&state="
    wait_until(lambda: not expect(tenant.owner.get(path + "claimed"), 200)["data"], 30, "deliveries did not end")
    wait_until(lambda: not expect(tenant.owner.get(path + "due"), 200)["data"], 60, "deliveries did not end")
    count = len(load.answers)
    assert stays(lambda: len(load.answers) == count, 1)
    disk.empty()
    healed = seconds_until_taken(load)
    wait_until(ballast(service).exists, HEALED_WITHIN, "there is no ballast again")
    print(f"healed {healed:.2f} s after there was space again; {load.refused[507]} refusals, {count} events before")
    assert healed < HEALED_WITHIN
    assert service.process.pid == process and service.is_alive
    check_books(tenant, hook, load)
    arrivals = tenant.receiver.arrivals(hook["at"])
    assert len({arrival.header("X-LoadImpact-ID") for arrival in arrivals}) == len(arrivals), "something came twice"


def test_retention_frees_a_disk_that_the_database_has_filled(service, disk, tenant, runs):
    """Nobody makes room, and the service is not started again: what is too old goes, its room counts at once, and the
    file gives it back."""
    # Their keys are made while there is room.
    scheduler, owner = tenant.scheduler, tenant.owner
    service.stop()
    fill_with_old_events(service, tenant, 6000)
    disk.fill(leave=30 * MEBIBYTE)
    file = service.data / "runbell.db"
    full = file.stat().st_size
    assert full > 60 * MEBIBYTE
    service.launch()
    wait_until(lambda: is_answering(tenant), 30)
    begin = time.monotonic()
    wait_until(lambda: not refuses(tenant), 30, "retention did not heal it")
    print(f"healed {time.monotonic() - begin:.2f} s after the start, {disk.free // MEBIBYTE} MiB free on the disk")
    expect(scheduler.post("/v1/events", finished(tenant.number, next(runs))), 202)
    wait_until(lambda: file.stat().st_size < full - 30 * MEBIBYTE, 90, "the file gives nothing back")
    assert disk.free > 45 * MEBIBYTE, "it stays in the log"
    assert expect(owner.get(f"{tenant.path}/ledger"), 200)["balanced"]


def is_answering(tenant: Tenant) -> bool:
    try:
        return tenant.scheduler.get("/readyz").status_code in (200, 503)
    except OSError:
        return False
