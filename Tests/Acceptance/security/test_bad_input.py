"""Every documented case of bad input: refused as documented, within a second, with the state unchanged."""

import importlib

import pytest

from harness.client import expect
from harness.tenant import Tenant
from malformed.registry import NOT_APPLICABLE, TRIALS, Documented, documented
from malformed.target import Target
from malformed.wire import Wire

for module in ("json_text", "values", "bodies", "http", "slow_clients", "paths", "queries", "texts", "keys", "races"):
    importlib.import_module(f"malformed.{module}")


@pytest.fixture(scope="module")
def quiet(service, receiver, make_service) -> Target:
    """An organization with one of everything, in which nothing is under way."""
    tenant = Tenant(service, receiver)
    hook = tenant.channel("webhook", "first")
    tenant.channel("webhook", "second", enabled=False)
    _ = tenant.admin, tenant.member
    accepted = tenant.post({"event": "test.notification_channel"})
    tenant.settled(accepted["id"], hook)
    return Target(tenant, make_service)


def test_every_case_has_a_trial_or_a_reason():
    ids = {entry.id for entry in documented()}
    assert set(TRIALS) | set(NOT_APPLICABLE) == ids
    assert not set(TRIALS) & set(NOT_APPLICABLE)


def title(entry: Documented) -> str:
    return f"{entry.id} {entry.category}: {entry.input[:60]}"


@pytest.mark.parametrize("entry", documented(), ids=title)
def test_bad_input_is_refused_as_its_case_says(quiet: Target, entry: Documented):
    if reason := NOT_APPLICABLE.get(entry.id):
        pytest.skip(reason)
    trial = TRIALS[entry.id]
    quiet.slowest = 0
    before = None if trial.changes_state else quiet.digest_at_rest()
    trial.run(quiet)
    print(f"slowest answer: {quiet.slowest:.3f} s")
    assert quiet.slowest <= trial.seconds, f"an answer took {quiet.slowest:.2f} s"
    assert quiet.tenant.service.is_alive
    assert quiet.tenant.service.is_ready()
    if before:
        assert quiet.digest() == before, "the state has changed"


def test_a_length_beyond_all_bounds_is_refused_beside_a_held_body(quiet: Target):
    """The lengths of both are known before either body has come."""
    tenant = quiet.tenant
    channels = f"{tenant.path}/channels"
    channel = expect(tenant.owner.get(channels), 200)["data"][0]["id"]
    with Wire(tenant.service.port) as waiting:
        waiting.send(quiet.head("POST", channels, "Content-Length: 100", "Content-Type: application/json"))
        assert waiting.answer(wait=0.5).status is None, "the first one was to wait for its body"
        for length in (2**63 - 1, 2**63 - 100, 2**31):
            assert quiet.wire(quiet.head("DELETE", f"{channels}/{channel}", f"Content-Length: {length}")).status == 400
    assert tenant.service.is_alive and tenant.service.is_ready()
