"""A number that is out of all proportion, as one flipped bit makes it, ends no process: what it is about may be wrong,
and everything else goes on."""

import contextlib
import shutil
import sqlite3

import pytest
import requests

from harness.answer import Answer
from harness.client import expect
from harness.events import finished, started
from harness.needs import needs_sqlite
from harness.tenant import Tenant
from harness.waiting import wait_until

pytestmark = needs_sqlite("the file is damaged")
GREATEST, LEAST = 2**63 - 1, -(2**63)
SPARED = {"grdb_migrations", "sqlite_sequence"}


@pytest.fixture(scope="module")
def busy(make_service, receiver) -> Tenant:
    """An organization with a row in as many tables as possible, stopped."""
    tenant = Tenant(make_service().start(), receiver)
    channel, paced = tenant.channel("webhook", "all"), tenant.channel("webhook", "paced", max_per_minute=1)
    failing = tenant.channel("webhook", "fails")
    receiver.script(failing["at"], default=Answer(503, b""))
    for run in (1, 2):
        for event in (started(tenant.number, run), finished(tenant.number, run)):
            accepted = tenant.post(event)
            tenant.settled(accepted["id"], channel)
    expect(tenant.owner.post(f"{tenant.path}/channels/{channel['id']}/test"), 200)
    expect(tenant.owner.post(f"{tenant.path}/channels/{paced['id']}/pause"), 200)
    draft = {"channel_id": channel["id"], "since": "2026-01-01T00:00:00Z", "states": ["delivered"], "per_minute": 1}
    tenant.owner.post(f"{tenant.path}/replays", draft)
    tenant.session_cookie()
    wait_until(lambda: expect(tenant.owner.get(f"{tenant.path}/channels/{failing['id']}"), 200)["health"], 10)
    tenant.service.stop()
    return tenant


def quantities(file) -> list[tuple[str, list[str]]]:
    """The columns of each table with rows that hold whole numbers, and are neither keys nor ids."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = []
        for table in tables:
            if table in SPARED or not database.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone():
                continue
            columns = database.execute(f'PRAGMA table_info("{table}")').fetchall()
            names = [name for _, name, kind, _, _, key in columns if kind == "INTEGER" and not key]
            found.append((table, [name for name in names if not name.endswith("_id")]))
        return [(table, names) for table, names in found if names]


def damage(file, table: str, columns: list[str], value: int):
    """Triggers and checks would refuse it; a flipped bit asks nobody."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as database:
        triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("PRAGMA ignore_check_constraints = 1")
        changes = ", ".join(f'"{name}" = CASE WHEN "{name}" IS NULL THEN NULL ELSE {value} END' for name in columns)
        database.execute(f'UPDATE OR IGNORE "{table}" SET {changes}')
        for _, text in triggers:
            database.execute(text)


def crash_lines(log: str) -> str:
    """Where in the program it ended."""
    lines = [line.strip() for line in log.splitlines() if "/Sources/" in line or "Fatal error" in line]
    return "\n".join(lines[:4])


def use(tenant: Tenant):
    """Reads and writes a bit of everything. Only what is damaged may fail."""
    listed = ("channels", "events", "deliveries", "replays", "audit-log", "ledger?check=whole", "members", "keys")
    for path in ("", *(f"/{name}" for name in listed)):
        tenant.owner.get(tenant.path + path)
    with contextlib.suppress(AssertionError):
        cookie = tenant.session_cookie()
        for page in ("notifications", "deliveries", "events", "runs/1", "audit-log", "settings"):
            address = f"{tenant.service.url}/organizations/{tenant.number}/{page}"
            requests.get(address, headers={"Cookie": cookie}, timeout=15)
    for run in (3, 4):
        tenant.scheduler.post("/v1/events", finished(tenant.number, run))
    tenant.owner.patch(tenant.path, {"name": "Changed"})


@pytest.mark.parametrize("value", [GREATEST, LEAST], ids=["greatest", "least"])
def test_no_number_ends_the_process(busy: Tenant, value: int, tmp_path):
    service = busy.service
    file, copy = service.data / "runbell.db", tmp_path / "intact"
    shutil.copytree(service.data, copy)
    places = quantities(file)
    assert len(places) >= 15, places
    ended = []
    for table, columns in places:
        damage(file, table, columns, value)
        service.log_path.write_text("")
        service.launch()
        with contextlib.suppress(AssertionError, requests.RequestException):
            service.wait_until_ready()
            use(busy)
        code = service.process.poll()
        if code is None:
            service.process.terminate()
            code = service.process.wait(30)
        # Refusing to start is an answer; a signal is none.
        if code < 0:
            ended.append((table, columns, code, crash_lines(service.log)))
        service.process = None
        shutil.rmtree(service.data)
        shutil.copytree(copy, service.data)
    assert not ended, "\n".join(f"{table}.{columns}: {code} {log}" for table, columns, code, log in ended)
