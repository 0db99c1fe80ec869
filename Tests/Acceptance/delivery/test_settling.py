"""What is due at a channel follows its change in pieces, over restarts too, and reads right in the meantime."""

import pytest

from harness.backlog import enable, pile_up
from harness.books import check_database
from harness.client import expect
from harness.rows import Rows
from harness.tenant import Tenant
from harness.waiting import wait_until

DUE = 20_000
"""Forty pieces: enough that a kill right after the change falls between two of them."""


@pytest.fixture
def tenant(make_service, receiver):
    return Tenant(make_service().start(), receiver)


def held_with_much(tenant: Tenant, runs) -> dict:
    """A paused channel at which so much is due."""
    channel = tenant.channel("webhook")
    expect(tenant.owner.post(f"{tenant.path}/channels/{channel['id']}/pause"), 200)
    assert pile_up(tenant, runs, DUE) == DUE
    return channel


def disable(tenant: Tenant, channel: dict):
    expect(enable(tenant, f"{tenant.path}/channels/{channel['id']}", False), 200)


def remove(tenant: Tenant, channel: dict):
    assert tenant.owner.delete(f"{tenant.path}/channels/{channel['id']}").status_code == 204


def still_due(rows: Rows) -> int:
    """The service must not run."""
    return int(rows.ask("SELECT count(*) FROM deliveries WHERE state = 'due'"))


def counted(tenant: Tenant) -> dict[str, int]:
    """The ledger's counts of deliveries that are not zero; what came in is what there is."""
    ledger = expect(tenant.owner.get(f"{tenant.path}/ledger", timeout=60), 200)
    assert ledger["balanced"], ledger
    return {state: count for state, count in ledger["deliveries"].items() if count}


def settlings(tenant: Tenant) -> list[dict]:
    return [entry for entry in tenant.audit() if entry["action"] == "channel.deliveries_settled"]


@pytest.mark.parametrize(("change", "state"), [(disable, "skipped"), (remove, "cancelled")])
def test_a_change_continues_after_each_kill(tenant, runs, rows, change, state):
    service, channel = tenant.service, held_with_much(tenant, runs)
    change(tenant, channel)
    left = []
    for _ in range(3):
        service.kill()
        left.append(still_due(rows(service)))
        service.start()
        assert counted(tenant) == {state: DUE}
        page = expect(tenant.owner.get(f"{tenant.path}/deliveries?channel_id={channel['id']}&limit=250"), 200)
        assert {delivery["state"] for delivery in page["data"]} == {state}
    assert 0 < left[0] < DUE, f"no kill fell into the middle: {left}"
    assert left == sorted(left, reverse=True), f"rows became due again: {left}"
    wait_until(lambda: settlings(tenant), 60, lambda: f"the change did not come to its end: {left}")
    assert [entry["detail"]["settled"] for entry in settlings(tenant)] == [DUE]
    assert counted(tenant) == {state: DUE}
    assert not tenant.receiver.arrivals(channel["at"]), "what was decided was sent"
    service.stop()
    assert still_due(rows(service)) == 0
    check_database(service)
    service.start()
