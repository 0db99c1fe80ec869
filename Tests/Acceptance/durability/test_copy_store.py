"""`copy-store` under load: the service moves to another database, and nothing that was accepted is lost."""

import shutil
import subprocess
import time

import pytest

from harness.backlog import pile_up
from harness.books import check_arrivals, check_events
from harness.events import started
from harness.load_generator import LoadGenerator
from harness.service import binary
from harness.tenant import Tenant
from harness.waiting import wait_until


@pytest.fixture
def address(database_server) -> str:
    return database_server.new_database()


def copy(service, to: str, **more: str):
    settings = {"RUNBELL_DATA": str(service.data)} | {
        name: value for name, value in service.environment.items() if name == "RUNBELL_DATABASE"
    }
    return service.run("copy-store", "--to", to, timeout=120, **(settings | more))


@pytest.mark.parametrize("way", ["to PostgreSQL", "to SQLite"])
def test_a_service_moves_under_load(make_service, receiver, runs, address, tmp_path, way):
    file = f"sqlite:{tmp_path / 'moved.db'}"
    old, new = ("sqlite:", address) if way == "to PostgreSQL" else (address, file)
    service = make_service(RUNBELL_DATABASE=old).start()
    tenant = Tenant(service, receiver)
    hook = tenant.channel("webhook")
    load = LoadGenerator(service.url, tenant.scheduler.key, tenant.number, 100, runs)
    load.start()
    time.sleep(1)
    done = copy(service, new)
    assert done.returncode == 0, done.stderr + service.log[-3000:]
    assert "Both sides are equal" in done.stdout
    print(done.stdout)
    refused = tenant.scheduler.post("/v1/events", started(tenant.number, next(runs)))
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1"), refused.text
    assert tenant.owner.get(f"{tenant.path}/channels").status_code == 200
    service.stop()
    service.launch()
    assert service.wait_for_end(30) == 2
    assert "was moved to" in service.log
    service.environment["RUNBELL_DATABASE"] = new
    service.start()
    time.sleep(1)
    load.stop()
    assert load.unexpected == []
    check_arrivals(tenant, [hook], load)
    check_events(tenant, load)
    checked = service.run("ledger", "check", "--whole", key=service.operator_key)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    exported = tmp_path / "audit.ndjson"
    exported.write_text(tenant.owner.get(f"{tenant.path}/audit-log/export").text)
    verified = service.run("audit", "verify", str(exported), "--master-key", str(service.data / "master.key"))
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_a_killed_copy_continues(make_service, receiver, runs, address, database_server):
    service = make_service(RUNBELL_DATABASE="sqlite:").start()
    tenant = Tenant(service, receiver)
    tenant.channel("webhook")
    pile_up(tenant, runs, 6_000)
    settings = service.environment | {"RUNBELL_DATA": str(service.data)}
    killed = subprocess.Popen([str(binary()), "copy-store", "--to", address], env=settings)
    wait_until(lambda: copied(database_server, address) > 0, 60, "nothing was copied")
    killed.kill()
    killed.wait(10)
    before = copied(database_server, address)
    assert before < 6_000, "the copy was not killed in the middle"
    # No service takes what is not complete.
    other = make_service(RUNBELL_DATABASE=address)
    shutil.copytree(service.data, other.data, ignore=shutil.ignore_patterns("runbell.db*"))
    other.launch()
    assert other.wait_for_end(30) == 2
    assert "is an unfinished copy of" in other.log
    done = copy(service, address)
    assert done.returncode == 0, done.stderr
    assert copied(database_server, address) == 6_000
    again = copy(service, address)
    assert again.returncode == 1
    assert "was moved to" in again.stderr
    wrong = copy(service, "pigeon://7")
    assert (wrong.returncode, "Must be sqlite:" in wrong.stderr) == (64, True)


def test_a_database_of_another_master_key_is_named(make_service, address):
    service, other = make_service(RUNBELL_DATABASE="sqlite:"), make_service(RUNBELL_DATABASE=address)
    for each in (service, other):
        each.start()
        each.stop()
    refused = copy(service, address)
    assert refused.returncode == 2, refused.stderr
    assert "is not the key of postgres" in refused.stderr, refused.stderr


def copied(database_server, address: str) -> int:
    if database_server.ask(address, "SELECT to_regclass('events')") != "events":
        return 0
    return int(database_server.ask(address, "SELECT count(*) FROM events"))
