"""What is old goes, beside the traffic; the ledger and the audit chain prove the rest. The clock is libfaketime's."""

import subprocess
from pathlib import Path

import pytest

from harness.client import expect
from harness.events import started
from harness.needs import needs_sqlite
from harness.other_time import OtherTime
from harness.service import binary, clean_environment
from harness.tenant import Tenant
from harness.waiting import wait_until

pytestmark = needs_sqlite("the time is the server's, which libfaketime does not reach")


@pytest.fixture
def aged(make_service, receiver):
    """A tenant, and what starts its service again so many days later."""
    service = make_service().start()
    times: list[OtherTime] = []

    def later(days: int):
        service.stop()
        times.append(OtherTime(days, service.folder))
        service.environment |= times[-1].environment
        service.start()

    yield Tenant(service, receiver), later
    service.stop()
    for time in times:
        time.close()


def test_expired_events_are_deleted_and_the_ledger_balances(aged):
    tenant, later = aged
    channel = tenant.channel("webhook")
    held = tenant.channel("webhook", "held", subscription={"events": ["test.finished"]})
    # No more than one transaction deletes: Swift's sleeping does not follow libfaketime.
    for run in range(100):
        last = tenant.post(started(tenant.number, run))["id"]
    tenant.settled(last, channel, timeout=30)
    expect(tenant.owner.patch(tenant.path, {"retention_days": 30}), 200)
    later(29)
    new = tenant.post(started(tenant.number, 1000))["id"]
    assert expect(tenant.owner.get(f"{tenant.path}/ledger"), 200)["events"] == 101
    later(31)
    ledger = wait_until(lambda: fully_pruned(tenant, 1), 20, lambda: story(tenant))
    assert ledger["balanced"], ledger
    assert [event["id"] for event in tenant.owner.every(f"{tenant.path}/events")] == [new]
    done = tenant.service.run("ledger", "check", key=tenant.service.operator_key)
    assert done.returncode == 0, done.stdout
    assert tenant.owner.get(f"{tenant.path}/events/{last}").status_code == 404
    assert tenant.shown(held)["id"] == held["id"]


def story(tenant: Tenant) -> str:
    return tenant.owner.get(f"{tenant.path}/ledger").text + tenant.service.log[-2000:]


def fully_pruned(tenant: Tenant, left: int) -> dict | None:
    ledger = expect(tenant.owner.get(f"{tenant.path}/ledger"), 200)
    assert ledger["balanced"], ledger
    return ledger if ledger["events"] == left else None


def test_the_audit_log_is_pruned_and_still_verifies(aged, tmp_path):
    tenant, later = aged
    for number in range(20):
        tenant.channel("webhook", f"channel {number}")
    first = tenant.audit()
    later(401)

    def pruned() -> list[dict] | None:
        entries = tenant.audit()
        return entries if entries[0]["sequence"] > len(first) else None

    entries = wait_until(pruned, 20)
    (told,) = [entry for entry in entries if entry["action"] == "audit.pruned"]
    assert (told["actor"], told["detail"]["up_to"], told["detail"]["hash"]) == ("system", len(first), first[-1]["hash"])
    tenant.channel("webhook", "after")
    key = expect(tenant.owner.get(f"{tenant.path}/audit-log/head"), 200)["public_key"]
    export = tenant.owner.get(f"{tenant.path}/audit-log/export").content
    assert verify(tmp_path, export, key) == 0
    lines = export.splitlines(keepends=True)
    for position in range(len(lines)):
        assert verify(tmp_path, b"".join(lines[:position] + lines[position + 1 :]), key) == 1, f"without {position}"
    for position in range(0, len(export), 97):
        changed = bytearray(export)
        changed[position] ^= 1
        assert verify(tmp_path, bytes(changed), key) == 1, f"byte {position}"


def verify(folder: Path, content: bytes, key: str) -> int:
    path = folder / "export.ndjson"
    path.write_bytes(content)
    command = [str(binary()), "audit", "verify", str(path), "--public-key", key]
    return subprocess.run(command, env=clean_environment(), capture_output=True, timeout=20, check=False).returncode
