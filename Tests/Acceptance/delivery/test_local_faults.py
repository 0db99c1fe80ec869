"""A fault on this side is charged to no receiver: what cannot be sent waits, says so, and uses up no attempt."""

import pytest
import requests

from harness.client import expect
from harness.events import finished
from harness.metrics import samples
from harness.own_network import own_network
from harness.tenant import Tenant
from harness.waiting import wait_until

FAILURES = 5
"""In a row; then a receiver's circuit opens."""


def hook(tenant: Tenant, name: str, url: str) -> dict:
    draft = {"kind": "webhook", "name": name, "settings": {"url": url}}
    return expect(tenant.owner.post(f"{tenant.path}/channels", draft), 201)


def outcome(tenant: Tenant, event: str, channel: dict, word: str) -> dict:
    """What became of the event, once it says that word."""
    return wait_until(lambda: word in tenant.outcome(event, channel)["text"] and tenant.outcome(event, channel), 20)


def expect_waiting(tenant: Tenant, event: str, channel: dict, word: str) -> None:
    found = outcome(tenant, event, channel, word)
    assert found["state"] == "due"
    delivery = expect(tenant.owner.get(f"{tenant.path}/deliveries/{found['delivery_id']}"), 200)
    assert delivery["attempts"] == []
    shown = expect(tenant.owner.get(f"{tenant.path}/channels/{channel['id']}"), 200)
    assert shown["state"] == "enabled"
    health = shown["health"]
    assert health["circuit"] is None and health["failing_since"] is None
    assert health["hold"]["finding"]["code"].startswith("local.")
    assert requests.get(tenant.service.url + "/readyz", timeout=2).status_code == 200


def test_deliveries_wait_while_a_setting_is_wrong(make_service, receiver, runs):
    service = make_service(RUNBELL_METRICS="true").start()
    tenant = Tenant(service, receiver)
    channel = tenant.channel("webhook")
    right = service.environment["RUNBELL_EGRESS_ALLOW"]
    service.stop()
    service.environment["RUNBELL_EGRESS_ALLOW"] = "10.0.0.0/8"
    service.start()
    events = [tenant.post(finished(tenant.number, next(runs)))["id"] for _ in range(FAILURES + 1)]
    expect_waiting(tenant, events[0], channel, "settings")
    assert samples(service)["runbell_local_faults_total settings"] >= 1
    assert receiver.arrivals(channel["at"]) == []
    service.stop()
    service.environment["RUNBELL_EGRESS_ALLOW"] = right
    service.start()
    arrivals = receiver.wait_for(channel["at"], len(events), timeout=10)
    assert len(arrivals) == len(events)


def test_no_network_and_no_name_server_open_no_circuit(make_service, runs):
    with own_network() as is_own:
        if not is_own:
            pytest.skip("a network of its own takes root")
        service = make_service(
            RUNBELL_METRICS="true", RUNBELL_EGRESS_ALLOW="127.0.0.0/8,192.0.2.0/24", RUNBELL_EGRESS_HTTP="true"
        ).start()
        tenant = Tenant(service)
        away = hook(tenant, "address", "http://192.0.2.1:9/hook")
        named = hook(tenant, "name", "https://hooks.example.com/hook")
        events = [tenant.post(finished(tenant.number, next(runs)))["id"] for _ in range(FAILURES + 1)]
        for channel, word in ((away, "network"), (named, "name server")):
            expect_waiting(tenant, events[0], channel, word)
        seen = samples(service)
        assert seen["runbell_local_faults_total network"] >= 1
        assert seen["runbell_local_faults_total names"] >= 1
        service.stop()
