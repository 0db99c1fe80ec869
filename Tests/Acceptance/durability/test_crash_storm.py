"""Two hundred times kill -9 under load: nothing that was accepted is lost, and what comes twice was under way.

`make storm` kills 2,000 times (STORM_KILLS).
"""

import os
import statistics

import pytest

from harness.answer import OK, Answer
from harness.books import check_arrivals, check_database, check_events, deliveries_in, wait_until_settled
from harness.duplicates import duplicates, most_at_one_kill
from harness.load_generator import LoadGenerator
from harness.storm import Storm
from harness.tenant import Tenant

pytestmark = pytest.mark.in_pairs

WANTED = int(os.environ.get("STORM_KILLS", "200"))
KILLS = min(WANTED, 200)
STORMS = WANTED // KILLS
PER_SECOND = 100
CHANNEL_LIMIT = 128
"""Deliveries that may be under way at one channel."""
FIRST_RETRY = 2.0
COMMIT = 0.5
"""Seconds that a busy machine may need to write down an answer: after that the delivery is not to be sent again."""

STEADY = Answer(200, b"received", delay=0.04)
"""Slow enough that most kills meet deliveries under way."""


class Unsteady:
    """A receiver that is down for one first attempt of forty."""

    def __init__(self):
        self.count = 0

    def __call__(self, arrival) -> Answer:
        if arrival.attempt != 1:
            return OK
        self.count += 1
        return Answer(503, b"for now") if self.count % 40 == 0 else OK


@pytest.fixture
def service(make_service):
    return make_service().start()


@pytest.fixture
def hooks(tenant) -> list[dict]:
    channels = [tenant.channel("webhook", "steady"), tenant.channel("webhook", "unsteady")]
    tenant.receiver.script(channels[0]["at"], default=STEADY)
    tenant.receiver.script(channels[1]["at"], default=Unsteady())
    return channels


@pytest.fixture
def not_subscribed(tenant) -> dict:
    return tenant.channel("webhook", "startedonly", subscription={"events": ["test.started"]})


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(STORMS))
def test_kills_under_load_lose_nothing(service, tenant, hooks, not_subscribed, runs, seed):
    load = LoadGenerator(service.url, tenant.scheduler.key, tenant.number, PER_SECOND, runs)
    storm = Storm(service, tenant.receiver, [hook["at"] for hook in hooks], load, seed)
    load.start()
    try:
        storm.rage(KILLS)
    finally:
        load.stop()
    assert load.unexpected == []
    assert load.reposted >= KILLS, "the kills did not meet the load"
    # A busy machine takes fewer than it is offered; the promise is about what was taken.
    assert len(load.answers) > KILLS * 5
    wait_until_settled(tenant, 60)
    assert deliveries_in(tenant, "failed") == [], "something healthy was parked"
    check_arrivals(tenant, hooks, load)
    check_duplicates(tenant, hooks[0], storm)
    check_first_retries(storm)
    check_events(tenant, load)
    assert tenant.receiver.arrivals(not_subscribed["at"]) == []
    service.stop()
    check_database(service)


def check_duplicates(tenant: Tenant, steady: dict, storm: Storm):
    """What the steady receiver got twice was under way at the kill, or had been answered only just."""
    arrivals = tenant.receiver.arrivals(steady["at"])
    found = duplicates(arrivals, storm.kills)
    causeless = [duplicate for duplicate in found if duplicate.kill is None or duplicate.known_for > COMMIT]
    assert causeless == [], f"{len(causeless)} were sent twice for nothing"
    met = [kill for kill in storm.kills if any(arrival.path == steady["at"] for arrival in kill.under_way)]
    most = max(sum(arrival.path == steady["at"] for arrival in kill.under_way) for kill in storm.kills)
    assert most <= CHANNEL_LIMIT, "more were under way than may be"
    assert len(met) > KILLS / 4 and len(found) > KILLS / 4, "the kills met hardly anything under way"
    answered = sum(duplicate.known_for > 0 for duplicate in found)
    latest = max(duplicate.known_for for duplicate in found)
    print(f"{len(storm.kills)} kills, {len(met)} with deliveries under way at the steady receiver (at most {most});")
    print(f"{len(arrivals)} arrivals, {len(found)} of them duplicates, at most {most_at_one_kill(found)} a kill;")
    print(f"{answered} of them had been answered before the kill, at most {latest * 1000:.0f} ms")


def check_first_retries(storm: Storm):
    seconds = [kill.first_retry for kill in storm.kills if kill.first_retry is not None]
    assert len(seconds) >= KILLS / 20, "hardly any first retry was waited for"
    middle, last = statistics.median(seconds), max(seconds)
    print(f"{len(seconds)} first retries, {middle:.3f} s after the start in the middle, {last:.3f} s at most")
    assert last <= FIRST_RETRY
