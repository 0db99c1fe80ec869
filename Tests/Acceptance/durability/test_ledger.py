"""The ledger: it balances whatever happens, and it finds every row that somebody took away or put in."""

import json

import pytest

from harness.answer import Answer
from harness.client import expect
from harness.events import finished, started
from harness.tenant import Tenant

NOBODY = "uuid '00000000-0000-7000-8000-000000000000'"
BREAKS = {
    "a delivery less": "DELETE FROM deliveries WHERE state = 'failed'",
    "a delivery more": """
        INSERT INTO deliveries
            (organization_id, delivery_id, event_id, channel_id, state, due_at, created_at, updated_at)
        SELECT organization_id, NOBODY, event_id, NOBODY, 'delivered', 0, 0, 0 FROM events WHERE sequence = 1
    """,
    "an event less": "DELETE FROM events WHERE sequence = 2",
    "an event and its deliveries less": """
        DELETE FROM deliveries WHERE event_id IN (SELECT event_id FROM events WHERE sequence = 2);
        DELETE FROM events WHERE sequence = 2
    """,
    "an event more": """
        INSERT INTO events (organization_id, event_id, sequence, type, payload, received_at)
        SELECT organization_id, NOBODY, 99, type, payload, 0 FROM events
        WHERE sequence = 1
    """,
    "a delivery moved to another event": """
        UPDATE deliveries SET event_id = (SELECT event_id FROM events WHERE sequence = 3), channel_id = NOBODY
        WHERE state = 'failed'
    """,
    "a sequence that jumped": "UPDATE organizations SET event_sequence = event_sequence + 1 WHERE event_sequence > 0",
}


@pytest.fixture(scope="module")
def busy(make_service, receiver) -> Tenant:
    """Three events at three channels: one takes all, one wants ends only, one refuses."""
    tenant = Tenant(make_service().start(), receiver)
    channels = [
        tenant.channel("webhook", "all"),
        tenant.channel("webhook", "ends", subscription={"events": ["test.finished"]}),
        tenant.channel("slack", "refuses"),
    ]
    receiver.script(channels[2]["at"], Answer(400, b"invalid_payload"))
    for event in (started(tenant.number, 1), finished(tenant.number, 2), finished(tenant.number, 3)):
        accepted = tenant.post(event)
        for channel in channels:
            tenant.settled(accepted["id"], channel)
    return tenant


def check(tenant: Tenant, *arguments: str, key: str | None = None):
    return tenant.service.run("ledger", "check", *arguments, key=key or tenant.owner.key)


def test_it_balances(busy):
    ledger = expect(busy.owner.get(f"{busy.path}/ledger"), 200)
    assert (ledger["events"], ledger["expected"], ledger["balanced"], ledger["breaks"]) == (3, 9, True, [])
    assert sum(ledger["deliveries"].values()) == 9
    assert ledger["deliveries"]["failed"] == 1
    done = check(busy, "--organization", str(busy.number))
    assert done.returncode == 0, done.stdout + done.stderr
    everything = check(busy, key=busy.service.operator_key)
    assert everything.returncode == 0, everything.stdout + everything.stderr
    assert check(busy, key=busy.owner.key).returncode == 2, "all organizations are the operator's business"
    named = busy.service.run("ledger", "check", key=busy.owner.key, RUNBELL_ORGANIZATION=str(busy.number))
    assert named.returncode == 0, "the organization that the environment names\n" + named.stderr
    assert (
        busy.service.run(
            "ledger", "check", "--all", key=busy.owner.key, RUNBELL_ORGANIZATION=str(busy.number)
        ).returncode
        == 2
    )


@pytest.mark.parametrize("statement", BREAKS.values(), ids=BREAKS.keys())
def test_every_break_is_found(busy, rows, statement):
    service = busy.service
    service.stop()
    with rows(service).put_back():
        rows(service).change(statement.replace("NOBODY", NOBODY))
        service.start()
        for arguments, key in ((("--organization", str(busy.number)), busy.owner.key), ((), service.operator_key)):
            done = check(busy, *arguments, key=key)
            assert done.returncode == 1, done.stdout + done.stderr
            assert "PROBLEM" in done.stdout
        told = json.loads(check(busy, "--organization", str(busy.number), "--json").stdout)
        assert not told["balanced"]
        assert told["breaks"]
        service.stop()
    service.start()
    assert check(busy, "--organization", str(busy.number)).returncode == 0
