"""A database of the first schema is brought to today's when the service starts, with all that is in it."""

import sqlite3

from bed.client import expect
from bed.service import PROJECT

FIRST = PROJECT / "Migrations" / "sql" / "0001_initial.sqlite.sql"
TIME = 1_795_000_000_000_000
EVENT = "01a1ee56-5e62-78f5-8e62-fe044f90f784"
CHANNEL = "01a1ee56-5e00-7000-821f-6e5732111a05"

EVERYTHING = '{"events":null,"statuses":null,"project_ids":null}'
CONTENT = '{"event":"test.notification_channel"}'

ROWS = f"""
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES ('1');
INSERT INTO organizations VALUES (7, 'Old shop', NULL, 1, {TIME});
INSERT INTO members VALUES (7, 1, 'owner', {TIME});
INSERT INTO channels
VALUES (7, '{CHANNEL}', 'webhook', 'Build', x'', '{EVERYTHING}', 'disabled', NULL, 3, {TIME}, {TIME});
INSERT INTO channel_revisions
VALUES (7, '{CHANNEL}', 3, 'Build', x'', '{EVERYTHING}', 'disabled', 'user:1', {TIME});
INSERT INTO events VALUES (7, '{EVENT}', 1, 'test.notification_channel', NULL, '{CONTENT}', {TIME});
INSERT INTO deliveries
    (organization_id, delivery_id, event_id, channel_id, state, reason, due_at, created_at, updated_at)
VALUES (7, '{EVENT[:-1]}5', '{EVENT}', '{CHANNEL}', 'skipped', 'channel_disabled', {TIME}, {TIME}, {TIME});
"""


def test_the_first_schema_becomes_todays(make_service):
    service = make_service().start()
    service.stop()
    path = service.data / "runbell.db"
    for file in service.data.glob("runbell.db*"):
        file.unlink()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA auto_vacuum = INCREMENTAL")
        database.executescript(FIRST.read_text() + ROWS)
    database.close()
    service.start()
    assert expect(service.operator.get("/v1/organizations/7"), 200)["name"] == "Old shop"
    key = expect(service.operator.post("/v1/organizations/7/keys", {"name": "owner", "user_id": 1}), 201)["key"]
    owner = service.client(key)
    channel = expect(owner.get(f"/v1/organizations/7/channels/{CHANNEL}"), 200)
    assert (channel["name"], channel["enabled"], channel["max_per_minute"]) == ("Build", False, None)
    event = expect(owner.get(f"/v1/organizations/7/events/{EVENT}"), 200)
    assert [(outcome["channel_id"], outcome["state"]) for outcome in event["outcomes"]] == [(CHANNEL, "skipped")]
    ledger = expect(owner.get("/v1/organizations/7/ledger"), 200)
    assert (ledger["events"], ledger["expected"], ledger["balanced"]) == (1, 1, True)
