"""Channels with many due deliveries, and changes to them."""

import time

from .client import expect
from .events import finished
from .tenant import Tenant


def batch(tenant: Tenant, runs, count: int, kind=finished, **more) -> dict:
    return {"events": [kind(tenant.number, next(runs), **more) for _ in range(count)]}


def pile_up(tenant: Tenant, runs, deliveries: int, channels: int = 1, **more) -> int:
    """Makes this many deliveries due, in batches that the service accepts."""
    due = 0
    deadline = time.monotonic() + 120
    while due < deliveries:
        size = min(1000, max(1, (deliveries - due) // channels))
        answer = tenant.scheduler.post("/v1/events/batch", batch(tenant, runs, size, **more), timeout=120)
        if answer.status_code in (429, 503):
            time.sleep(min(2.0, float(answer.headers.get("Retry-After", 1))))
        else:
            results = expect(answer, 202)["results"]
            due += sum(result.get("deliveries", {}).get("due", 0) for result in results)
        assert time.monotonic() < deadline, f"{due} of {deliveries} were taken"
    return due


def enable(tenant: Tenant, path: str, is_enabled: bool):
    saved = expect(tenant.owner.get(path), 200)
    draft = {key: saved[key] for key in ("kind", "name", "settings", "subscription")} | {"enabled": is_enabled}
    return tenant.owner.put(path, draft, timeout=60)
