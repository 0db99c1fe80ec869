"""A data folder from before the first release is refused, and nothing in it changes."""

import re
import sqlite3

import pytest

from harness.events import finished, started
from harness.needs import needs_sqlite
from harness.service import PROJECT
from harness.tenant import Tenant

pytestmark = needs_sqlite("test_postgres.py migrates there")

OLD = """
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES ('1'), ('2');
CREATE TABLE organizations (organization_id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO organizations VALUES (7, 'Old shop');
"""


def test_a_database_from_before_the_first_release_is_refused(make_service):
    service = make_service().start()
    service.stop()
    path = service.data / "runbell.db"
    for file in service.data.glob("runbell.db*"):
        if "ballast" not in file.name:
            file.unlink()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA auto_vacuum = INCREMENTAL")
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript(OLD)
    database.close()
    before = contents(path)
    service.launch()
    assert service.wait_for_end(30) != 0
    assert "made by a version from before the first release" in service.log
    assert "start with a new data folder. Nothing was changed" in service.log
    assert "unavailable(" not in service.log
    assert contents(path) == before


OF_ATTEMPTS = ("channel_version", "resolving", "connecting", "securing", "waiting", "answer_head")
BACK_TO_THE_FIRST = [
    "ALTER TABLE deliveries DROP COLUMN message",
    "DROP TABLE channel_hours",
    "DROP TABLE channel_tests",
    "DROP TABLE nodes",
    "DROP INDEX sessions_with_own_keys",
    "ALTER TABLE events DROP COLUMN search_name",
    "ALTER TABLE installation DROP COLUMN copied_from",
    "ALTER TABLE installation DROP COLUMN moved_to",
    "ALTER TABLE members DROP COLUMN display_name",
    "ALTER TABLE members DROP COLUMN email",
    "ALTER TABLE events DROP COLUMN user_name",
    "ALTER TABLE keys DROP COLUMN default_project_id",
    "ALTER TABLE keys DROP COLUMN default_user_id",
    *(f"ALTER TABLE attempts DROP COLUMN {column}" for column in OF_ATTEMPTS),
]


FIRST = (PROJECT / "Migrations" / "sql" / "0001_first.sqlite.sql").read_text()


def go_back_to_the_first(database: sqlite3.Connection):
    for statement in BACK_TO_THE_FIRST:
        database.execute(statement)
    for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        database.execute(f"DROP TRIGGER {name}")
    for trigger in re.findall(r"^CREATE TRIGGER .*?^END;", FIRST, re.DOTALL | re.MULTILINE):
        database.execute(trigger)
    (table,) = re.findall(r"^CREATE TABLE deliveries .*?^\) STRICT, WITHOUT ROWID", FIRST, re.DOTALL | re.MULTILINE)
    database.execute("PRAGMA writable_schema = ON")
    database.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'deliveries'", [table])
    database.execute("PRAGMA writable_schema = RESET")
    database.execute("DELETE FROM grdb_migrations WHERE identifier <> 'v1'")


def test_a_database_of_the_first_schema_is_brought_up_to_date(make_service, receiver, runs):
    """As it was before later migrations added to it: nothing in it is lost, and what is new works."""
    service = make_service().start()
    tenant = Tenant(service, receiver)
    channel = tenant.channel("webhook")
    run = next(runs)
    accepted = tenant.post(started(tenant.number, run))
    assert tenant.settled(accepted["id"], channel)["state"] == "delivered"
    service.stop()
    with sqlite3.connect(service.data / "runbell.db") as database:
        go_back_to_the_first(database)
    database.close()
    service.start()
    assert tenant.outcome(accepted["id"], channel)["state"] == "delivered"
    ended = tenant.post(finished(tenant.number, run))
    assert tenant.settled(ended["id"], channel)["state"] == "delivered"
    service.stop()
    database = sqlite3.connect(service.data / "runbell.db")
    try:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (table,) = database.execute("SELECT sql FROM sqlite_schema WHERE name = 'deliveries'").fetchone()
        assert "state IN" not in table
        with pytest.raises(sqlite3.IntegrityError):
            database.execute("UPDATE deliveries SET state = 'lost'")
        database.execute("UPDATE deliveries SET state = 'cancelled'")
    finally:
        database.close()


def contents(path) -> list[str]:
    """All statements that make the database anew."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return list(database.iterdump())
    finally:
        database.close()
