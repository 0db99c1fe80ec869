"""Five hundred receivers that send too much, all at once, through the whole service."""

import asyncio
import re
import time
from pathlib import Path

import pytest

from harness import hostile_receiver as hostile
from harness.client import expect
from harness.events import finished
from harness.hostile_receiver import HOSTS, Behavior, HostileReceiver
from harness.tenant import Tenant
from harness.waiting import wait_until

pytestmark = pytest.mark.alone

AT_ONCE = 500
ORGANIZATIONS = 8
CHANNELS = 8
EVENTS = 8
MEBIBYTE = 1 << 20
GROWTH = 16 * MEBIBYTE


class Together:
    """Holds each request until so many are there; then the behavior begins for all of them at once."""

    def __init__(self):
        self.gather(hostile.ordinary)

    def gather(self, behavior: Behavior):
        self.behavior = behavior
        self.came = 0
        self.all_there = asyncio.Event()

    async def __call__(self, writer):
        behavior, all_there = self.behavior, self.all_there
        self.came += 1
        if self.came >= AT_ONCE:
            all_there.set()
        await all_there.wait()
        await behavior(writer)


def resident(pid: int) -> int:
    """Bytes of memory that the process has at the moment."""
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found[1]) * 1024


@pytest.mark.timeout(120)
@pytest.mark.parametrize("behavior", [hostile.endless_body, hostile.stops_short], ids=lambda it: it.__name__)
def test_five_hundred_at_once_cost_little_memory(make_service, runs, behavior):
    """Little more, that is, than what five hundred deliveries to ordinary receivers cost before."""
    service = make_service().start()
    together = Together()
    receiver = HostileReceiver(gathered=together)
    tenants = [make_tenant(service, receiver, number) for number in range(ORGANIZATIONS)]
    idle = resident(service.process.pid)
    post_all(tenants, runs)
    wait_until(lambda: all(settled(tenant) for tenant in tenants), 30, pause=0.2)
    assert together.all_there.is_set(), f"only {together.came} were there at once"
    before = resident(service.process.pid)
    together.gather(behavior)
    post_all(tenants, runs)
    wait_until(together.all_there.is_set, 30)
    most = highest(service.process.pid, 3)
    figures = [f"{bytes >> 20} MiB" for bytes in (idle, before, most)]
    print(f"\n{behavior.__name__}: {figures[0]} idle, {figures[1]} after 500 ordinary ones, at most {figures[2]}")
    receiver.close()
    assert service.is_alive
    service.kill()
    assert most - before < GROWTH


def make_tenant(service, receiver: HostileReceiver, number: int) -> Tenant:
    tenant = Tenant(service)
    url = receiver.url("gathered", HOSTS[number % len(HOSTS)])
    for channel in range(CHANNELS):
        draft = {"kind": "webhook", "name": f"channel {channel}", "settings": {"url": url}}
        expect(tenant.owner.post(f"{tenant.path}/channels", draft), 201)
    return tenant


def post_all(tenants: list[Tenant], runs):
    for tenant in tenants:
        events = [finished(tenant.number, next(runs)) for _ in range(EVENTS)]
        expect(tenant.scheduler.post("/v1/events/batch", {"events": events}), 202)


def settled(tenant: Tenant) -> bool:
    path = f"{tenant.path}/deliveries?limit=1&state="
    return not any(expect(tenant.owner.get(path + state), 200)["data"] for state in ("due", "claimed"))


def highest(pid: int, seconds: float) -> int:
    """The most memory that the process has for so long."""
    end, most = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        most = max(most, resident(pid))
        time.sleep(0.01)
    return most
