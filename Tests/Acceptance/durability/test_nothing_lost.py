"""What a kill -9 must not take away. (test_crash_storm.py does it two hundred times.)"""

import time

from harness.answer import OK, Answer
from harness.books import arrived
from harness.client import expect
from harness.events import finished
from harness.load_generator import LoadGenerator
from harness.tenant import Tenant
from harness.waiting import stays, wait_until

PER_SECOND = 200


def test_events_accepted_before_a_kill_are_sent_after_it(make_service, receiver, runs):
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
