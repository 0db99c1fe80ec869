"""Measures the time from when an event is due to be posted until its delivery reaches the receiver."""

import json
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

from .events import finished
from .tenant import Tenant
from .waiting import wait_for_growth


def event_to_wire(tenant: Tenant, hook: dict, runs: Iterator[int], count: int, per_second: int, **more) -> list[float]:
    """Seconds, the shortest first. An event that the service keeps waiting to be posted counts from its own moment."""
    due = post_steadily(tenant, runs, count, per_second, **more)
    receiver, path = tenant.receiver, hook["at"]

    def arrived() -> dict[int, float]:
        return {a.json["load_test_run_id"]: a.at for a in receiver.since(path, min(due.values()))}

    wait_for_growth(lambda: len(arrived()), count, 15, lambda: "events do not arrive")
    at = arrived()
    return sorted(at[run] - moment for run, moment in due.items())


def post_steadily(tenant: Tenant, runs: Iterator[int], count: int, per_second: int, **more) -> dict[int, float]:
    """By run: when it was due to be posted."""
    connection = HTTPConnection(urlsplit(tenant.service.url).netloc, timeout=15)
    headers = {"Authorization": f"Bearer {tenant.scheduler.key}", "Content-Type": "application/json"}
    begin, due = time.monotonic(), {}
    for number in range(count):
        run, moment = next(runs), begin + number / per_second
        time.sleep(max(0, moment - time.monotonic()))
        due[run] = moment
        connection.request("POST", "/v1/events", json.dumps(finished(tenant.number, run, **more)), headers)
        answer = connection.getresponse()
        assert (answer.status, answer.read())[0] == 202
    connection.close()
    return due


def percentile(sorted_values: list[float], percent: float) -> float:
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * percent / 100))]
