"""Compares what the receiver got and what the service reports with what was posted."""

import sqlite3
from collections import defaultdict
from functools import partial

from .client import expect
from .load_generator import LoadGenerator
from .service import Service
from .tenant import Tenant
from .waiting import wait_for_growth, wait_until

PATIENCE = 25
"""Seconds without any arrival after which what is missing is lost; longer than the first retry takes."""


def arrived(tenant: Tenant, channel: dict) -> dict[int, set[str]]:
    """By run: the ids under which the channel got it."""
    found: dict[int, set[str]] = defaultdict(set)
    for arrival in tenant.receiver.arrivals(channel["at"]):
        found[arrival.json["load_test_run_id"]].add(arrival.delivery)
    return found


def check_arrivals(tenant: Tenant, hooks: list[dict], load: LoadGenerator):
    """Checks that every accepted event reached every channel, under one id."""
    for hook in hooks:
        count = partial(count_arrived, tenant, hook)
        wait_for_growth(count, len(load.answers), PATIENCE, partial(missing, tenant, hook, load))
        found = arrived(tenant, hook)
        assert set(found) == set(load.answers)
        duplicated = {run: ids for run, ids in found.items() if len(ids) > 1}
        assert duplicated == {}, "a duplicate came with another id"
    ids = [ids for hook in hooks for ids in arrived(tenant, hook).values()]
    assert len(set().union(*ids)) == len(ids), "two deliveries share an id"


def count_arrived(tenant: Tenant, channel: dict) -> int:
    return len(arrived(tenant, channel))


def missing(tenant: Tenant, hook: dict, load: LoadGenerator) -> str:
    """What the service reports about events that did not arrive."""
    lost = sorted(set(load.answers) - set(arrived(tenant, hook)))
    outcomes = [tenant.outcome(load.answers[run][0][1], hook) for run in lost[:20]]
    said = [(outcome["state"], outcome["reason"], outcome["text"]) for outcome in outcomes]
    return f"{len(lost)} of {len(load.answers)} did not arrive: {said}"


def check_events(tenant: Tenant, load: LoadGenerator):
    """Checks that the service has each event once, with one id, numbered without gaps."""
    for run, answers in load.answers.items():
        assert len({event for _, event in answers}) == 1, f"run {run} became several events"
    events = tenant.owner.every(f"{tenant.path}/events")
    assert sorted(event["id"] for event in events) == sorted(answers[0][1] for answers in load.answers.values())
    assert sorted(event["sequence"] for event in events) == list(range(1, len(events) + 1))


def deliveries_in(tenant: Tenant, state: str) -> list[dict]:
    return tenant.owner.every(f"{tenant.path}/deliveries?state={state}")


def wait_until_settled(tenant: Tenant, timeout: float = 30):
    def unsettled() -> list[dict]:
        lists = (f"{tenant.path}/deliveries?state={state}" for state in ("due", "claimed"))
        return [delivery for path in lists for delivery in expect(tenant.owner.get(path), 200)["data"]]

    wait_until(lambda: not unsettled(), timeout, lambda: str(unsettled()[:3]))


def check_database(service: Service):
    """Runs SQLite's own checks on the file, with Python's SQLite; the service must not be running. A server looks after
    its files itself."""
    if service.environment.get("RUNBELL_DATABASE", "").startswith("postgres"):
        return
    with sqlite3.connect(f"file:{service.data / 'runbell.db'}?mode=ro", uri=True) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
