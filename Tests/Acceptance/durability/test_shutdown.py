"""SIGTERM under load: the service ends with 0, and nothing is lost or sent twice."""

import os
import random
import time
from collections import Counter

import pytest

from harness.answer import OK, Answer
from harness.books import check_arrivals, check_database, check_events, wait_until_settled
from harness.events import finished
from harness.load_generator import LoadGenerator
from harness.tenant import Tenant

pytestmark = pytest.mark.in_pairs

ROUNDS = int(os.environ.get("SHUTDOWN_ROUNDS", "50"))
PER_SECOND = 40
LIFE = (0.15, 0.5)
DELAY = (0.05, 0.3)
"""Seconds that the receivers take for an answer."""
LONGEST = 25
"""Seconds after which the service has to be gone, whatever its receivers do."""
TOO_FEW_FOR_THE_CIRCUIT = 4
HANGS = Answer(200, b"too late", delay=120)


def in_good_time(_) -> Answer:
    return Answer(200, b"received", delay=random.uniform(*DELAY))


@pytest.fixture
def service(make_service):
    return make_service().start()


@pytest.fixture
def hooks(tenant) -> list[dict]:
    channels = [tenant.channel("webhook", f"hook{number}") for number in range(3)]
    for channel in channels:
        tenant.receiver.script(channel["at"], default=in_good_time)
    return channels


@pytest.mark.timeout(400)
def test_fifty_sigterms_under_load_lose_and_duplicate_nothing(service, tenant, hooks, runs):
    load = LoadGenerator(service.url, tenant.scheduler.key, tenant.number, PER_SECOND, runs)
    load.start()
    try:
        stops = [stop_and_start(service, tenant, hooks) for _ in range(ROUNDS)]
    finally:
        load.stop()
    seconds, under_way = [stop[0] for stop in stops], [stop[1] for stop in stops]
    assert load.unexpected == []
    assert load.reposted >= ROUNDS, "the stops did not meet the load"
    assert max(seconds) < LONGEST
    assert sum(map(bool, under_way)) > ROUNDS / 2, "the stops met hardly anything under way"
    wait_until_settled(tenant, 60)
    check_arrivals(tenant, hooks, load)
    check_events(tenant, load)
    for hook in hooks:
        assert duplicated(tenant, hook) == {}
    print(f"\n{ROUNDS} stops of at most {max(seconds):.2f} s met {sum(under_way)} deliveries under way;")
    print(f"{len(load.answers)} events, no loss, no duplicate")
    service.stop()
    check_database(service)


def stop_and_start(service, tenant: Tenant, hooks: list[dict]) -> tuple[float, int]:
    """How long the stop took, and how many deliveries it met."""
    time.sleep(random.uniform(*LIFE))
    since = service.launched_at
    arrivals = [arrival for hook in hooks for arrival in tenant.receiver.since(hook["at"], since)]
    under_way = sum(arrival.answered_at > time.monotonic() for arrival in arrivals)
    seconds = service.stop()
    service.start()
    return seconds, under_way


def duplicated(tenant: Tenant, hook: dict) -> dict[str, int]:
    counted = Counter(arrival.delivery for arrival in tenant.receiver.arrivals(hook["at"]))
    return {delivery: count for delivery, count in counted.items() if count > 1}


def test_a_receiver_that_hangs_does_not_delay_the_shutdown(make_service, receiver, runs):
    """What it was sent ends by its deadline, and is sent again after the next start, under the same id."""
    service = make_service().start()
    tenant = Tenant(service, receiver)
    hooks = [tenant.channel("webhook", f"hangs{number}") for number in range(2)]
    for hook in hooks:
        receiver.script(hook["at"], default=HANGS)
    events = [tenant.post(finished(tenant.number, next(runs)))["id"] for _ in range(TOO_FEW_FOR_THE_CIRCUIT)]
    for hook in hooks:
        receiver.wait_for(hook["at"], len(events))
    seconds = service.stop()
    assert seconds < LONGEST
    for hook in hooks:
        receiver.script(hook["at"], default=OK)
    service.start()
    assert all(tenant.settled(event, hook)["state"] == "delivered" for event in events for hook in hooks)
    for hook in hooks:
        assert list(duplicated(tenant, hook).values()) == [2] * len(events)
    print(f"\nstopped after {seconds:.1f} s")
