"""Every documented case of bad input: refused as documented, within a second, with the state unchanged."""

import importlib

import pytest

from harness.tenant import Tenant
from malformed.registry import NOT_APPLICABLE, TRIALS, Documented, documented
from malformed.target import Target

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
