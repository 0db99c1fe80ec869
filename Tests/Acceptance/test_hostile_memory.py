"""Five hundred receivers that send without end, all at once, through the whole service."""

import asyncio
import re
import time
from pathlib import Path

import pytest

from bed import hostile_receiver as hostile
from bed.client import expect
from bed.events import finished
from bed.hostile_receiver import HOSTS, Behaviour, HostileReceiver
from bed.tenant import Tenant

AT_ONCE = 500
ORGANIZATIONS = 8
CHANNELS = 8
EVENTS = 8
MEBIBYTE = 1 << 20
GROWTH = 16 * MEBIBYTE


class Together:
    """Holds each request until so many are there; then the behaviour begins for all of them at once."""

    def __init__(self, count: int, behaviour: Behaviour):
        self.count = count
        self.behaviour = behaviour
        self.came = 0
        self.all_there = asyncio.Event()

    async def __call__(self, writer):
        self.came += 1
        if self.came >= self.count:
            self.all_there.set()
        await self.all_there.wait()
        await self.behaviour(writer)


def resident(pid: int) -> int:
    """Bytes of memory that the process has at the moment."""
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found[1]) * 1024


@pytest.mark.timeout(120)
def test_five_hundred_endless_bodies_at_once_cost_little_memory(make_service, runs):
    service = make_service().start()
    together = Together(AT_ONCE, hostile.endless_body)
    receiver = HostileReceiver(endless_body=together)
    tenants = [make_tenant(service, receiver, number) for number in range(ORGANIZATIONS)]
    before = resident(service.process.pid)
    post_all(tenants, runs)
    most = before
    while not all(settled(tenant) for tenant in tenants):
        most = max(most, highest(service.process.pid, 0.5))
    receiver.close()
    print(f"\n{together.came} endless bodies; memory before {before >> 20} MiB, at most {most >> 20} MiB")
    assert together.all_there.is_set(), f"only {together.came} were there at once"
    assert most - before < GROWTH


def make_tenant(service, receiver: HostileReceiver, number: int) -> Tenant:
    tenant = Tenant(service)
    url = receiver.url("endless_body", HOSTS[number % len(HOSTS)])
    for channel in range(CHANNELS):
        draft = {"kind": "webhook", "name": f"endless {channel}", "settings": {"url": url}}
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
