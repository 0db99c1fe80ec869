"""Other programs meddle with the database's file: nothing that was answered with 202 is lost, and nobody waits long."""

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from harness.books import check_arrivals, check_database, check_events
from harness.events import finished
from harness.load_generator import LoadGenerator
from harness.needs import needs_sqlite
from harness.service import Service

pytestmark = needs_sqlite("the database's files are the server's")

DISK_FAILURE = 74


@pytest.fixture
def service(make_service):
    return make_service().start()


@contextmanager
def locked(service: Service) -> Iterator[None]:
    """While an administrator's shell has a transaction open."""
    database = sqlite3.connect(service.data / "runbell.db", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        database.close()


def test_a_locked_file_keeps_nobody_waiting(service, tenant, runs):
    """Neither the clients nor the end of the process."""
    channel, scheduler = tenant.channel("webhook"), tenant.scheduler
    with locked(service):
        answer = scheduler.post("/v1/events", finished(tenant.number, next(runs)))
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable"), answer.text
    event = tenant.post(finished(tenant.number, next(runs)))["id"]
    assert tenant.settled(event, channel)["state"] == "delivered"
    with locked(service):
        service.process.send_signal(signal.SIGTERM)
        assert service.wait_for_end(40) in (0, 1)
    assert "Fatal error" not in service.log
    service.start()
    assert [found["id"] for found in tenant.owner.every(f"{tenant.path}/events")] == [event]


@pytest.mark.parametrize("name", ["runbell.db-wal", "runbell.db-shm"])
def test_a_file_that_is_removed_ends_the_process_and_loses_nothing(service, tenant, runs, name):
    channel = tenant.channel("webhook")
    load = LoadGenerator(service.url, tenant.scheduler.key, tenant.number, 40, runs)
    load.start()
    try:
        tenant.receiver.wait_for(channel["at"], 40)
        (service.data / name).unlink()
        assert service.wait_for_end(10) == DISK_FAILURE
        assert f"somebody has removed or replaced {service.data / name}" in service.log
        service.start()
    finally:
        load.stop()
    assert load.unexpected == []
    check_arrivals(tenant, [channel], load)
    check_events(tenant, load)
    service.stop()
    check_database(service)
