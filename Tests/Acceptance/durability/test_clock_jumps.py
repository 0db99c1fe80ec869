"""The wall clock jumps under load: nothing is sent early, late, twice or all at once."""

import itertools
import time
from collections import Counter, defaultdict
from datetime import datetime

import pytest

from harness.answer import OK, Answer
from harness.arrival import Arrival
from harness.books import check_arrivals, wait_until_settled
from harness.events import finished
from harness.load_generator import LoadGenerator
from harness.needs import needs_sqlite
from harness.tenant import Tenant
from harness.waiting import wait_until
from harness.wall_clock import WallClock

pytestmark = [pytest.mark.in_pairs, needs_sqlite("the clock is the server's, whatever the service's own says")]

SECOND, HOURS, DAYS = 1, 2 * 3600, 3 * 86_400
CLOCKS = (SECOND, 0, HOURS, 0, DAYS, 0, -SECOND, 0, -HOURS, 0, -DAYS, 0)
"""How far the clock is ahead, one after the other: each jump forward and back, from either side of the right time."""
PHASE = 3.0
PER_SECOND = 40
STEP = (2.5, 7.5)
"""Seconds until a first retry: 5, from half to one and a half."""
TARDINESS = 1.5
"""Seconds that a busy machine may be late."""
SLOW_PROJECT = 2
SLOW = Answer(200, b"received", delay=12)
"""Longer than the pause between two looks for leases that have ended."""


class HalfDown:
    """A receiver that fails every other first attempt."""

    def __init__(self):
        self.count = itertools.count()

    def __call__(self, arrival: Arrival) -> Answer:
        fails = arrival.attempt == 1 and next(self.count) % 2
        return Answer(503, b"for now") if fails else OK


@pytest.fixture
def clock(tmp_path) -> WallClock:
    return WallClock(tmp_path)


@pytest.fixture
def service(make_service, clock):
    service = make_service()
    clock.show(service)
    return service.start()


@pytest.fixture
def half_down(tenant) -> dict:
    hook = tenant.channel("webhook", "halfdown", subscription={"project_ids": [9]})
    tenant.receiver.script(hook["at"], default=HalfDown())
    return hook


@pytest.fixture
def slow(tenant) -> dict:
    hook = tenant.channel("webhook", "slow", subscription={"project_ids": [SLOW_PROJECT]})
    tenant.receiver.script(hook["at"], default=SLOW)
    return hook


@pytest.mark.timeout(240)
def test_jumps_of_the_wall_clock_do_no_harm(service, tenant, clock, half_down, slow, runs):
    load = LoadGenerator(service.url, tenant.scheduler.key, tenant.number, PER_SECOND, runs)
    load.start()
    try:
        # Before the first jump all is as usual: as many retries a second as will be.
        time.sleep(2 * STEP[1])
        jumped_at = time.monotonic()
        slow_events = [jump(tenant, clock, ahead, next(runs)) for ahead in CLOCKS]
    finally:
        load.stop()
    wait_until_settled(tenant)
    assert load.unexpected == []
    check_arrivals(tenant, [half_down], load)
    check_retries(tenant.receiver.arrivals(half_down["at"]), jumped_at)
    assert Counter(a.delivery for a in tenant.receiver.arrivals(slow["at"])) == Counter(ids(tenant, slow, slow_events))
    check_audit_log(service, tenant)


def jump(tenant: Tenant, clock: WallClock, ahead: int, run: int) -> str:
    """One jump while something is under way and something waits; answers the event that is under way."""
    event = tenant.post(finished(tenant.number, run, project_id=SLOW_PROJECT))["id"]
    time.sleep(0.3)
    clock.set(ahead)
    tenant.user_key(1)
    time.sleep(PHASE)
    return event


def ids(tenant: Tenant, hook: dict, events: list[str]) -> list[str]:
    """The deliveries of these events."""
    return [delivery["id"] for delivery in tenant.deliveries(hook) if delivery["event_id"] in events]


def check_retries(arrivals: list[Arrival], jumped_at: float):
    attempts: dict[str, list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        attempts[arrival.delivery].append(arrival)
    waits = [again.at - first.answered_at for first, again in (same for same in attempts.values() if len(same) == 2)]
    assert max(map(len, attempts.values())) == 2, "something was sent twice"
    retries = sorted(same[1].at for same in attempts.values() if len(same) == 2)
    before = sum(jumped_at - STEP[1] < at < jumped_at for at in retries) / STEP[1]
    most = most_a_second([at for at in retries if at > jumped_at])
    print(f"\n{len(waits)} retries after {min(waits):.2f} to {max(waits):.2f} s;")
    print(f"{before:.1f} a second before the jumps, at most {most} in a second after")
    assert STEP[0] - 0.1 < min(waits)
    assert max(waits) < STEP[1] + TARDINESS
    assert most <= 2 * before


def most_a_second(moments: list[float]) -> int:
    return max(Counter(int(at) for at in moments).values())


def check_audit_log(service, tenant: Tenant):
    """Its order is the order of what happened, whatever the clock said."""
    entries = tenant.audit()
    assert [entry["sequence"] for entry in entries] == list(range(1, len(entries) + 1))
    times = [datetime.fromisoformat(entry["at"]) for entry in entries]
    assert times != sorted(times), "the clock did not jump"
    exported = service.folder / "audit.ndjson"
    exported.write_text(tenant.owner.get(f"{tenant.path}/audit-log/export").text)
    verified = service.run("audit", "verify", str(exported))
    assert verified.returncode == 0, verified.stderr


WAIT = 8
"""Seconds for which the receiver asks to be left alone."""


class AskingOnce:
    """A receiver that asks for a pause at each first attempt."""

    def __call__(self, arrival: Arrival) -> Answer:
        return Answer(429, b"wait", headers=(("Retry-After", str(WAIT)),)) if arrival.attempt == 1 else OK


@pytest.mark.parametrize("ahead", [HOURS, -HOURS, DAYS, -DAYS])
def test_setting_the_clock_while_the_service_is_down_does_no_harm(service, tenant, clock, runs, ahead):
    hook = tenant.channel("webhook", "asking")
    tenant.receiver.script(hook["at"], default=AskingOnce())
    event = tenant.post(finished(tenant.number, next(runs)))["id"]
    (first,) = tenant.receiver.wait_for(hook["at"], 1)
    wait_until(lambda: "Runbell will retry at" in tenant.outcome(event, hook)["text"])
    service.stop()
    clock.set(ahead)
    service.start()
    again = tenant.receiver.wait_for(hook["at"], 2)[1]
    assert WAIT - 0.1 < again.at - first.answered_at < WAIT + 2 * TARDINESS
