"""The disk gets full under load: what is new is refused, what was taken is delivered, and no restart is needed."""

import os
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from bed.answer import OK, Answer
from bed.client import expect
from bed.events import finished
from bed.kept import check_arrived, check_stored
from bed.load_generator import LoadGenerator
from bed.tenant import Tenant
from bed.waiting import stays, wait_until

MEBIBYTE = 1024 * 1024
DISK = 160 * MEBIBYTE
BALLAST = 16 * MEBIBYTE
PER_SECOND = 100
HEALED_WITHIN = 5

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="a small disk of its own takes root (mount)"),
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
        with self.filler.open("ab") as filler:
            os.posix_fallocate(filler.fileno(), 0, max(1, self.filler.stat().st_size + self.free - leave))

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


def check_books(tenant: Tenant, hook: dict, load: LoadGenerator):
    load.stop()
    assert load.unexpected == []
    accepted = {answers[0][1] for answers in load.answers.values()}
    assert check_stored(tenant, accepted) == len(accepted)
    check_arrived(tenant, hook, len(accepted))


def test_little_space_refuses_what_is_new(service, disk, tenant, hook, load, runs):
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


def test_no_space_at_all_lets_deliveries_under_way_end(service, disk, tenant, hook, load):
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
