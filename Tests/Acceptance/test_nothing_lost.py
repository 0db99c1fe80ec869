"""Twenty rounds of kill -9 under load: what was answered with 202 arrives everywhere, and doubles keep their id."""

import random
import time
from collections import defaultdict
from functools import partial

import pytest

from bed.answer import OK, Answer
from bed.client import expect
from bed.events import finished
from bed.load_generator import LoadGenerator
from bed.tenant import Tenant
from bed.waiting import stays, wait_for_growth, wait_until

ROUNDS = 20
PER_SECOND = 200
PATIENCE = 25
"""Seconds without any arrival after which what is missing is lost; longer than the first retry takes."""
SECONDS = (0.6, 1.6)
"""How long the service lives in a round, once it is ready."""


STEADY = Answer(200, b"received", delay=0.02)
"""Slow enough that every kill meets deliveries under way."""


class Unsteady:
    """A receiver that is down for one first attempt of forty."""

    def __init__(self):
        self.count = 0

    def __call__(self, arrival) -> Answer:
        if arrival.header("X-LoadImpact-Attempt") != "1":
            return OK
        self.count += 1
        return Answer(503, b"for now") if self.count % 40 == 0 else OK


@pytest.fixture
def subscribed(tenant) -> list[dict]:
    channels = [tenant.channel("webhook", "steady"), tenant.channel("webhook", "unsteady"), tenant.channel("slack")]
    tenant.receiver.script(channels[0]["at"], default=STEADY)
    tenant.receiver.script(channels[1]["at"], default=Unsteady())
    return channels


@pytest.fixture
def not_subscribed(tenant) -> dict:
    return tenant.channel("webhook", "startedonly", subscription={"events": ["test.started"]})


@pytest.fixture
def service(make_service):
    return make_service().start()


def arrived(tenant: Tenant, channel: dict) -> dict[int, set[str]]:
    """By run: the ids under which the channel got it."""
    found: dict[int, set[str]] = defaultdict(set)
    for arrival in tenant.receiver.arrivals(channel["at"]):
        found[arrival.json["load_test_run_id"]].add(arrival.header("X-LoadImpact-ID"))
    return found


def count_arrived(tenant: Tenant, channel: dict) -> int:
    return len(arrived(tenant, channel))


def kill_and_restart(service, chance: random.Random):
    time.sleep(chance.uniform(*SECONDS))
    service.kill()
    service.start()


@pytest.mark.timeout(300)
def test_twenty_kills_under_load_lose_nothing(service, tenant, subscribed, not_subscribed, runs):
    chance = random.Random(20)
    load = LoadGenerator(service.url, tenant.scheduler.key, tenant.number, PER_SECOND, runs)
    load.start()
    try:
        for _ in range(ROUNDS):
            kill_and_restart(service, chance)
    finally:
        load.stop()
    assert load.unexpected == []
    assert load.reposted >= ROUNDS, "the kills did not meet the load"
    # A busy machine takes fewer than it is offered; the promise is about what was taken.
    assert len(load.answers) > ROUNDS * 20
    check_arrivals(tenant, subscribed, load)
    doubles = len(tenant.receiver.arrivals(subscribed[0]["at"])) - len(load.answers)
    print(f"{len(load.answers)} events, {load.reposted} posted again, {doubles} doubles at the steady receiver")
    assert doubles > 0, "no kill met a delivery under way"
    check_books(tenant, not_subscribed, load)


def check_arrivals(tenant: Tenant, subscribed: list[dict], load: LoadGenerator):
    hooks, slack = subscribed[:2], subscribed[2]
    for hook in hooks:
        count = partial(count_arrived, tenant, hook)
        wait_for_growth(count, len(load.answers), PATIENCE, partial(missing, tenant, hook, load))
        found = arrived(tenant, hook)
        assert set(found) == set(load.answers)
        doubled = {run: ids for run, ids in found.items() if len(ids) > 1}
        assert doubled == {}, "a duplicate came with another id"
    ids = [ids for hook in hooks for ids in arrived(tenant, hook).values()]
    assert len(set().union(*ids)) == len(ids), "two deliveries share an id"
    wait_for_growth(lambda: len(tenant.receiver.arrivals(slack["at"])), len(load.answers), PATIENCE, lambda: "slack")


def missing(tenant: Tenant, hook: dict, load: LoadGenerator) -> str:
    """What the service says of the events that did not arrive."""
    lost = sorted(set(load.answers) - set(arrived(tenant, hook)))
    outcomes = [tenant.outcome(load.answers[run][0][1], hook) for run in lost[:20]]
    return (
        f"{len(lost)} of {len(load.answers)} did not arrive: {[(o['state'], o['reason'], o['text']) for o in outcomes]}"
    )


def check_books(tenant: Tenant, not_subscribed: dict, load: LoadGenerator):
    """The service's own records agree: each event once, with one id, and every delivery settled."""
    assert tenant.receiver.arrivals(not_subscribed["at"]) == []
    for run, answers in load.answers.items():
        assert len({event for _, event in answers}) == 1, f"run {run} became several events"

    def unsettled() -> list[dict]:
        return [
            delivery
            for state in ("due", "claimed")
            for delivery in expect(tenant.owner.get(f"{tenant.path}/deliveries?state={state}"), 200)["data"]
        ]

    wait_until(lambda: not unsettled(), 30, lambda: str(unsettled()[:3]))
    events = tenant.owner.every(f"{tenant.path}/events")
    assert sorted(event["id"] for event in events) == sorted(answers[0][1] for answers in load.answers.values())
    assert sorted(event["sequence"] for event in events) == list(range(1, len(events) + 1))


def test_what_was_accepted_before_a_kill_is_sent_after_it(make_service, receiver, runs):
    """The receiver is slow, so that the kill meets deliveries in flight; the events were answered long before."""
    service = make_service().start()
    tenant = Tenant(service, receiver)
    hook = tenant.channel("webhook")
    receiver.script(hook["at"], default=Answer(200, b"", delay=0.3))
    load = LoadGenerator(service.url, tenant.scheduler.key, tenant.number, PER_SECOND, runs)
    load.start()
    time.sleep(0.5)
    load.stop()
    assert len(arrived(tenant, hook)) < len(load.answers)
    service.kill()
    receiver.script(hook["at"], default=OK)
    service.start()
    wait_until(lambda: len(arrived(tenant, hook)) >= len(load.answers), 30, "not all arrived")
    assert all(len(ids) == 1 for ids in arrived(tenant, hook).values())


def test_a_delivery_during_which_the_process_died_three_times_is_parked(make_service, receiver, runs):
    """It may be what kills the process; nobody else has to wait for it, and an admin can send it all the same."""
    service = make_service().start()
    tenant = Tenant(service, receiver)
    hook, other = tenant.channel("webhook", "hangs"), tenant.channel("webhook", "answers")
    receiver.script(hook["at"], default=Answer(200, b"", delay=10))
    accepted = tenant.post(finished(tenant.number, next(runs)))
    for kills in (1, 2, 3):
        receiver.wait_for(hook["at"], kills)
        service.kill()
        service.start()
    outcome = tenant.settled(accepted["id"], hook)
    assert (outcome["state"], outcome["reason"]) == ("failed", "poison")
    assert tenant.settled(accepted["id"], other)["state"] == "delivered"
    assert stays(lambda: len(receiver.arrivals(hook["at"])) == 3, 1)
    receiver.script(hook["at"], default=OK)
    expect(tenant.owner.post(f"{tenant.path}/deliveries/{outcome['delivery_id']}/retry"), 202)
    assert tenant.settled(accepted["id"], hook)["state"] == "delivered"
    assert len({arrival.header("X-LoadImpact-ID") for arrival in receiver.arrivals(hook["at"])}) == 1
