"""Over PostgreSQL: the main job, what a kill or a restart of the server must not take away, and who is let in."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from harness.books import check_arrivals, check_events
from harness.events import finished, started
from harness.load_generator import LoadGenerator
from harness.postgresql import MIGRATIONS, ROLE, PostgreSQL
from harness.tenant import Tenant
from harness.waiting import wait_until


@pytest.fixture
def address(database_server) -> str:
    return database_server.new_database()


@pytest.fixture
def service(make_service, address):
    """With a database of this test's own."""
    return make_service(RUNBELL_DATABASE=address).start()


def test_the_main_job(service, receiver, runs, database_server, address):
    tenant = Tenant(service, receiver)
    channels = [tenant.channel(kind) for kind in ("slack", "hipchat", "webhook")]
    run = next(runs)
    for event in (started(tenant.number, run), finished(tenant.number, run)):
        accepted = tenant.post(event)
        for channel in channels:
            outcome = tenant.settled(accepted["id"], channel)
            assert outcome["state"] == "delivered", outcome
    assert [len(receiver.arrivals(channel["at"])) for channel in channels] == [2, 2, 2]
    done = service.run("ledger", "check", key=service.operator_key)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (service.data / "runbell.db").exists()
    assert database_server.ask(address, "SELECT state, count(*) FROM deliveries GROUP BY state") == "delivered|6"
    # Another start finds everything, and goes on.
    service.stop()
    service.start()
    assert [tenant.shown(channel)["name"] for channel in channels] == ["slack", "hipchat", "webhook"]
    accepted = tenant.post(started(tenant.number, next(runs)))
    assert tenant.settled(accepted["id"], channels[0])["state"] == "delivered"


def test_secrets_are_sealed_in_the_database(service, receiver, database_server, address):
    tenant = Tenant(service, receiver)
    tenant.channel("slack")
    # Bytes are shown in hexadecimal digits.
    canary = b"SlackCanarySecret"
    found = database_server.ask(address, "SELECT c, r FROM channels c, channel_revisions r")
    assert "slack" in found
    assert canary.decode() not in found
    assert canary.hex() not in found


def test_a_kill_loses_nothing(service, receiver, runs):
    tenant = Tenant(service, receiver)
    hook = tenant.channel("webhook")
    load = LoadGenerator(service.url, tenant.scheduler.key, tenant.number, 100, runs)
    load.start()
    for _ in range(3):
        time.sleep(0.7)
        service.kill()
        service.start()
    time.sleep(0.5)
    load.stop()
    check_arrivals(tenant, [hook], load)
    check_events(tenant, load)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_restart_of_the_server_loses_nothing(service, receiver, runs, database_server, mode):
    """While it is away, writes get 503 with Retry-After; two seconds after it is back, they are accepted again."""
    tenant = Tenant(service, receiver)
    hook = tenant.channel("webhook")
    load = LoadGenerator(service.url, tenant.scheduler.key, tenant.number, 100, runs)
    load.start()
    time.sleep(0.7)
    database_server.stop(mode)
    refused = tenant.scheduler.post("/v1/events", started(tenant.number, next(runs)))
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1"), refused.text
    assert requests.get(service.url + "/readyz", timeout=5).status_code == 503
    time.sleep(1)
    database_server.start()
    run = next(runs)
    answers = []

    def is_accepted() -> bool:
        answers.append(tenant.scheduler.post("/v1/events", started(tenant.number, run)))
        return answers[-1].status_code == 202

    wait_until(is_accepted, 2, "no event was accepted within two seconds")
    wait_until(service.is_ready, 2, "the service is not ready")
    time.sleep(0.5)
    load.stop()
    assert tenant.settled(answers[-1].json()["id"], hook)["state"] == "delivered"
    found = {answers[0][1] for answers in load.answers.values()}
    stored = {event["id"] for event in tenant.owner.every(f"{tenant.path}/events")}
    assert len(found) == len(load.answers) > 0
    assert found <= stored, "an accepted event was lost"
    assert load.refused[503] > 100 and service.log.count("The database is unavailable") <= 40, "the log is flooded"
    done = service.run("ledger", "check", key=service.operator_key)
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def standing_still(server: PostgreSQL) -> Iterator[None]:
    """While none of the server's processes gets the processor, as on a machine that is paused."""
    first = (server.folder / "data" / "postmaster.pid").read_text().split()[0]
    found = subprocess.run(["pgrep", "-P", first], text=True, check=True, stdout=subprocess.PIPE)
    processes = [int(number) for number in (first, *found.stdout.split())]
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


def test_a_server_that_stands_still_does_not_keep_the_process(service, receiver, database_server):
    tenant = Tenant(service, receiver)
    with standing_still(database_server):
        service.process.send_signal(signal.SIGTERM)
        assert service.wait_for_end(40) == 1
    assert "could not stop within 30 s" in service.log
    assert "Fatal error" not in service.log
    service.start()
    assert tenant.owner.get(tenant.path).status_code == 200


def test_the_key_of_another_installation_is_refused(service, make_service, address):
    service.stop()
    stranger = make_service(RUNBELL_DATABASE=address)
    stranger.launch()
    assert stranger.wait_for_end(30) == 2
    assert "master.key is missing" in stranger.log
    stranger.data.mkdir(mode=0o700, exist_ok=True)
    (stranger.data / "master.key").write_text("A" * 43 + "=")
    (stranger.data / "master.key").chmod(0o600)
    stranger.launch()
    assert stranger.wait_for_end(30) == 2
    assert "is not the key of the database postgres://" in stranger.log


def test_an_address_is_shown_without_its_password(service):
    address = "postgres://anna:canary@127.0.0.1:1/runbell"
    shown = service.run("config", RUNBELL_DATABASE=address)
    assert "postgres://anna@127.0.0.1:1/runbell" in shown.stdout
    failed = service.run("migrate", RUNBELL_DATABASE=address, RUNBELL_DATA=str(service.folder / "other"))
    assert failed.returncode == 1
    assert "could not open the database postgres://anna@127.0.0.1:1/runbell" in failed.stderr
    assert "canary" not in shown.stdout + failed.stdout + failed.stderr


STEPS = """
CREATE TABLE schema_migrations (
    number bigint NOT NULL PRIMARY KEY, name text COLLATE "C" NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
INSERT INTO schema_migrations (number, name) VALUES (1, 'first');
"""


def test_migrate(service, database_server):
    """From the first schema to the newest, step by step."""
    service.stop()
    older = {"RUNBELL_DATABASE": database_server.new_database(), "RUNBELL_DATA": str(service.data)}
    database_server.ask(older["RUNBELL_DATABASE"], f"SET ROLE {ROLE};" + MIGRATIONS[0].read_text() + STEPS)
    check = service.run("migrate", "--check", **older)
    assert check.returncode == 1
    assert "has schema 1, and this version needs" in check.stderr
    done = service.run("migrate", **older)
    assert "was migrated from schema 1" in done.stdout, done.stderr
    check = service.run("migrate", "--check", **older)
    assert check.returncode == 0, check.stderr
    done = service.run("migrate", **older)
    assert "already has schema" in done.stdout, done.stderr
