"""What must hold after whatever happened to a service: 202 means stored, and stored means sent."""

import shutil
import sqlite3
from pathlib import Path

from .tenant import Tenant
from .waiting import wait_for_growth, wait_until

PATIENCE = 25
"""Seconds without any arrival after which what is missing is lost; longer than the first retry takes."""


def check_stored(tenant: Tenant, accepted: set[str]):
    """Checks that every event answered with 202 is stored, and that the numbers have no gap."""
    events = tenant.owner.every(f"{tenant.path}/events")
    lost = accepted - {event["id"] for event in events}
    assert not lost, f"{len(lost)} of {len(accepted)} acknowledged events are lost: {sorted(lost)[:5]}"
    assert sorted(event["sequence"] for event in events) == list(range(1, len(events) + 1))
    return len(events)


def check_arrived(tenant: Tenant, channel: dict, count: int):
    """Checks that this many events reached a channel, each under its own id, and that its deliveries are settled."""

    def arrived() -> int:
        return len({arrival.header("X-LoadImpact-ID") for arrival in tenant.receiver.arrivals(channel["at"])})

    wait_for_growth(arrived, count, PATIENCE, lambda: f"{arrived()} of {count}")
    assert arrived() == count

    def unsettled() -> list[dict]:
        path = f"{tenant.path}/deliveries?channel_id={channel['id']}&limit=1&state="
        return [found for state in ("due", "claimed") for found in tenant.owner.get(path + state).json()["data"]]

    wait_until(lambda: not unsettled(), PATIENCE, lambda: str(unsettled()))


def check_integrity(database: Path, copies: Path):
    """Checks a copy of a stopped service's file, since opening the file itself would repair it."""
    shutil.rmtree(copies, ignore_errors=True)
    copies.mkdir()
    for file in database.parent.glob(database.name + "*"):
        shutil.copy(file, copies)
    connection = sqlite3.connect(copies / database.name)
    found = connection.execute("PRAGMA integrity_check").fetchall()
    alone = connection.execute(
        "SELECT count(*) FROM events e WHERE e.channels <> (SELECT count(*) FROM deliveries d"
        " WHERE d.organization_id = e.organization_id AND d.event_id = e.event_id)"
    ).fetchone()
    connection.close()
    assert found == [("ok",)], found
    assert alone == (0,), f"{alone} events lack deliveries"
