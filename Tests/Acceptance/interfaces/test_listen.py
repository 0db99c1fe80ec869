"""`runbell listen` forwards what an organization's web hook would get to an address of one's own."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from standardwebhooks import Webhook

from harness.answer import Answer
from harness.client import expect
from harness.events import finished, started
from harness.receiving import Receiving
from harness.running_command import RunningCommand
from harness.tenant import Tenant
from harness.waiting import wait_until

SECRET = "whsec_" + "c2VjcmV0" * 5
HERS = ("webhook-timestamp", "webhook-signature", "host", "x-loadimpact-attempt")
"""What differs between two requests for one event, beside the ID."""


@pytest.fixture
def here(receiver, tenant):
    return f"{receiver.url}/listen/{tenant.number}"


def path(here: str, receiver) -> str:
    return here.removeprefix(receiver.url)


def ready(listener: RunningCommand) -> str:
    """Waits until it listens; returns the secret that it made, if any."""
    secret = ""
    while "press Ctrl-C" not in (note := listener.note()):
        secret = note.rpartition(" ")[2]
    return secret


def plain(arrival) -> dict[str, str]:
    return {name.lower(): value for name, value in arrival.headers if name.lower() not in HERS}


def test_the_request_is_the_web_hooks(tenant, receiver, runs, here):
    """The same body to the byte, the same headers, and a signature that the library of others verifies."""
    channel = tenant.channel("webhook")
    with RunningCommand(tenant, "listen", "--forward-to", here) as listener:
        secret = ready(listener)
        run = next(runs)
        bodies = [started(tenant.number, run, name="Größe <b>\u202e"), finished(tenant.number, run, 12)]
        events = [tenant.post(body) for body in bodies]
        forwarded = receiver.wait_for(path(here, receiver), 2)
        sent = {each.json["event"]: each for each in receiver.wait_for(channel["at"], 2)}
        for arrival, event in zip(forwarded, events, strict=True):
            Webhook(secret).verify(arrival.body, dict(arrival.headers))
            real = sent[arrival.json["event"]]
            assert arrival.body == real.body
            ids = ("webhook-id", "x-loadimpact-id")
            assert {**plain(arrival), **dict.fromkeys(ids)} == {**plain(real), **dict.fromkeys(ids)}
            assert arrival.header("webhook-id") == arrival.header("X-LoadImpact-ID") == event["id"]
        assert "→ 200" in listener.line() and "Failed threshold" in listener.line()


def test_a_channel_is_stood_in_for(tenant, receiver, runs, here):
    """Its subscription, format and open headers, under the ID that the channel's own request has."""
    own = {"format": "standard", "headers": "X-Team: shop", "secret_headers": "X-Key: hidden"}
    settings = tenant.hook("like") | own
    channel = tenant.channel("webhook", "like", settings=settings, subscription={"events": ["test.finished"]})
    with RunningCommand(
        tenant, "listen", "--forward-to", here, "--channel", "LIKE", "--secret", SECRET, "--json"
    ) as listener:
        ready(listener)
        run = next(runs)
        tenant.post(started(tenant.number, run))
        tenant.post(finished(tenant.number, run))
        (real,) = receiver.wait_for(channel["at"])
        (arrival,) = receiver.wait_for(path(here, receiver))
        Webhook(SECRET).verify(arrival.body, dict(arrival.headers))
        assert arrival.body == real.body
        assert arrival.header("webhook-id") == real.header("webhook-id")
        assert (arrival.header("X-Team"), arrival.header("X-Key")) == ("shop", None)
        refused, forwarded = listener.json(), listener.json()
        assert refused["status"] is None and "wants" in refused["error"]
        assert (forwarded["status"], forwarded["webhook_id"]) == (200, real.header("webhook-id"))
        assert forwarded["event"]["content"]["event"] == "test.finished"


def test_what_the_receiver_answers_is_shown_and_nothing_is_sent_twice(tenant, receiver, runs, here):
    receiver.script(path(here, receiver), Answer(500))
    with RunningCommand(tenant, "listen", "--forward-to", here, "--events", "test.finished") as listener:
        ready(listener)
        run = next(runs)
        tenant.post(started(tenant.number, run))
        tenant.post(finished(tenant.number, run))
        assert "→ 500, not received" in listener.line()
        assert listener.is_silent(2)
        assert len(receiver.arrivals(path(here, receiver))) == 1
    with RunningCommand(tenant, "listen", "--forward-to", "127.0.0.1:9/nobody") as listener:
        ready(listener)
        tenant.post(started(tenant.number, next(runs)))
        assert "no answer: could not connect" in listener.line()


def test_our_own_receiver_takes_it(tenant, runs):
    double = Receiving("--secret", SECRET)
    try:
        with RunningCommand(tenant, "listen", "--forward-to", double.host + "/hook", "--secret", SECRET) as listener:
            ready(listener)
            tenant.post(started(tenant.number, next(runs)))
            arrival = double.arrival()
            assert (arrival["service"], arrival["signature"], arrival["status"]) == ("webhook", "valid", 200)
    finally:
        double.stop()


def test_it_survives_a_restart_of_the_service(make_service, receiver, runs):
    service = make_service().start()
    tenant = Tenant(service, receiver)
    with RunningCommand(tenant, "listen", "--json") as listener:
        ready(listener)
        tenant.post(started(tenant.number, next(runs)))
        assert listener.json()["event"]["sequence"] == 1
        service.stop()
        assert "trying again" in listener.note()
        service.start()
        tenant.post(started(tenant.number, next(runs)))
        tenant.post(started(tenant.number, next(runs)))
        assert [listener.json()["event"]["sequence"] for _ in range(2)] == [2, 3]


def test_a_shutdown_does_not_wait_for_listeners(make_service, receiver):
    service = make_service().start()
    with RunningCommand(Tenant(service, receiver), "listen") as listener:
        ready(listener)
        service.stop()
        assert "trying again" in listener.note()


def test_whoever_may_not_read_is_refused(tenant):
    with RunningCommand(tenant, "listen", key=tenant.scheduler.key) as listener:
        assert listener.process.wait(15) == 2
        assert "Forbidden" in listener.note()


def test_a_key_that_is_revoked_hears_no_more(tenant, runs):
    key = tenant.user_key(1)
    with RunningCommand(tenant, "listen", "--json", key=key["key"]) as listener:
        ready(listener)
        expect(tenant.owner.delete(f"{tenant.path}/keys/{key['id']}"), 204)
        tenant.post(started(tenant.number, next(runs)))
        assert listener.process.wait(30) == 2
        assert listener.out.empty()


def test_others_events_are_not_heard(tenant, service, receiver, runs):
    other = Tenant(service, receiver)
    with RunningCommand(tenant, "listen", "--json") as listener:
        ready(listener)
        other.post(started(other.number, next(runs)))
        assert listener.is_silent(2)
        tenant.post(started(tenant.number, next(runs)))
        assert listener.json()["event"]["organization_id"] == tenant.number


def test_seats_are_limited(tenant):
    """Sixteen may wait; others are told to come again."""
    with ThreadPoolExecutor(20) as pool:
        waiting = [pool.submit(tenant.owner.get, f"{tenant.path}/events/live?after=0&wait=3") for _ in range(20)]
        statuses = sorted(each.result().status_code for each in waiting)
    assert statuses == [200] * 16 + [503] * 4
    wait_until(lambda: tenant.owner.get(f"{tenant.path}/events/live?after=0&wait=1").status_code == 200, 5)
