"""The disk fails under the database: what was answered with 202 is stored, always, and the process ends with 74.

strace makes the system calls of a running process fail with EIO.
"""

import random
import shutil
import subprocess
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.events import finished
from harness.kept import check_arrived, check_integrity, check_stored
from harness.load_generator import LoadGenerator
from harness.needs import needs, needs_sqlite
from harness.service import Service
from harness.tenant import Tenant
from harness.waiting import wait_until

pytestmark = [pytest.mark.in_pairs, needs_sqlite("the database's files are the server's")]

ROUNDS = 50
PER_SECOND = 150
DISK_FAILURE = 74

# `when` counts the calls of one thread: all of them, the first, every twentieth.
FAULTS = ("fdatasync", "fdatasync:when=1", "fdatasync:when=3+20", "pwrite64", "pwrite64:when=3+20")

needs_strace = needs(shutil.which("strace") is not None, "strace is not there: scripts/install-test-needs")


def injecting(fault: str) -> list[str]:
    call, _, rest = fault.partition(":")
    return ["-e", f"trace={call}", "-e", f"inject={call}:error=EIO" + (f":{rest}" if rest else "")]


class FailingDisk:
    """A service whose system calls can be made to fail."""

    def __init__(self, service: Service):
        self.service = service

    def fail(self, fault: str):
        """From now on, until the process ends."""
        tasks = Path(f"/proc/{self.service.process.pid}/task")
        command = ["strace", "-f", "-q", "-p", str(self.service.process.pid), "-o", "/dev/null", *injecting(fault)]
        subprocess.Popen(command, stderr=subprocess.DEVNULL)
        wait_until(lambda: all(is_traced(task) for task in tasks.glob("*")), 5, "strace does not come to it")


def is_traced(task: Path) -> bool:
    try:
        return "TracerPid:\t0\n" not in (task / "status").read_text()
    except OSError:
        return True  # It has ended.


@pytest.fixture
def disk(make_service) -> FailingDisk:
    return FailingDisk(make_service())


@needs_strace
@pytest.mark.timeout(300)
def test_fifty_faults_under_load_lose_nothing(disk, receiver, runs, tmp_path):
    randomness = random.Random(50)
    service = disk.service.start()
    tenant = Tenant(service, receiver)
    hook = tenant.channel("webhook")
    load = LoadGenerator(service.url, tenant.scheduler.key, tenant.number, PER_SECOND, runs)
    load.start()
    exits, slowest = Counter(), 0.0
    try:
        for number in range(ROUNDS):
            time.sleep(randomness.uniform(0.05, 0.4))
            fault = FAULTS[number % len(FAULTS)]
            disk.fail(fault)
            begin = time.monotonic()
            exits[service.wait_for_end(30)] += 1
            if "+" not in fault:
                slowest = max(slowest, time.monotonic() - begin)
            if number % 10 == 0:
                check_integrity(service.data / "runbell.db", tmp_path / "copies")
            service.start()
    finally:
        load.stop()
    accepted = {answers[0][1] for answers in load.answers.values()}
    print(
        f"{ROUNDS} faults, {len(accepted)} events, {load.refused[503]} answered with 503, {load.reposted} posted again,"
        f" longest from a fault to the end {slowest:.2f} s"
    )
    assert exits == {DISK_FAILURE: ROUNDS}
    assert load.unexpected == []
    assert load.refused[503] > ROUNDS / 2, "those who waited were not answered"
    assert slowest < 2, "from the first failed call it is one second; before that comes the load's next commit"
    assert all(len({event for _, event in answers}) == 1 for answers in load.answers.values())
    assert check_stored(tenant, accepted) == len(accepted)
    check_arrived(tenant, hook, len(accepted))
    service.stop()
    check_integrity(service.data / "runbell.db", tmp_path / "copies")


@needs_strace
def test_a_failed_sync_is_reported_and_ends_the_process_without_a_checkpoint(disk, receiver, runs):
    service = disk.service.start()
    tenant = Tenant(service, receiver)
    before = tenant.post(finished(tenant.number, next(runs)))
    database, log = service.data / "runbell.db", service.data / "runbell.db-wal"
    scheduler = tenant.scheduler
    disk.fail("fdatasync:when=1")
    content = database.read_bytes()
    begin = time.monotonic()
    answer = scheduler.post("/v1/events", finished(tenant.number, next(runs)))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert scheduler.get("/readyz").status_code == 503
    # The next sync would succeed, and must not be asked for.
    assert scheduler.post("/v1/events", finished(tenant.number, next(runs))).status_code == 503
    assert service.wait_for_end(10) == DISK_FAILURE
    assert time.monotonic() - begin < 1
    assert "the disk failed under the database" in service.log
    assert log.stat().st_size > 0 and database.read_bytes() == content, "there was a checkpoint"
    service.start()
    assert before["id"] in {event["id"] for event in tenant.owner.every(f"{tenant.path}/events")}
    tenant.post(finished(tenant.number, next(runs)))


@contextmanager
def failing_calls(service: Service, calls: str, path):
    """Makes system calls of a running process fail when they are about a file."""
    command = ["strace", "-f", "-q", "-p", str(service.process.pid), "-o", str(service.folder / "calls")]
    command += ["-P", str(path), "-e", f"trace={calls}", "-e", f"inject={calls}:error=EIO"]
    tracer = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        tracer.terminate()
        tracer.wait(10)


@needs_strace
def test_a_failed_checkpoint_ends_the_process(make_service, receiver, runs):
    """Only checkpoints write to the database's file itself; commits go to the log beside it."""
    service = make_service().start()
    tenant = Tenant(service, receiver)
    load = LoadGenerator(service.url, tenant.scheduler.key, tenant.number, PER_SECOND, runs)
    with failing_calls(service, "fdatasync,fsync", service.data / "runbell.db"):
        load.start()
        try:
            assert service.wait_for_end(60) == DISK_FAILURE
            service.start()
        finally:
            load.stop()
    assert "INJECTED" in (service.folder / "calls").read_text()
    assert load.unexpected == []
    check_stored(tenant, {answers[0][1] for answers in load.answers.values()})


@needs_strace
def test_a_start_on_a_failing_disk_fails(make_service, receiver):
    """Nothing is taken for stored before the disk works."""
    service = make_service()
    service.launcher = ("strace", "-f", "-q", "-o", "/dev/null", *injecting("fdatasync"))
    with pytest.raises(AssertionError, match="serve ended with"):
        service.start()
    service.process = None
    service.launcher = ()
    service.start()
    wait_until(service.is_ready)
