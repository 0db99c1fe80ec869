"""A database of any size, written in minutes: rows as the program writes them, made by SQLite itself.

It has the schema of the first migrations; the program that is started on it brings it up to date, as after an upgrade.
Channels have no settings: those that are to be sent to get them from the program.
"""

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from .service import PROJECT

SCHEMA = 1
DAY = 86_400
EVERYTHING = '{"events":null,"statuses":null,"project_ids":null}'
CROWD = 1_000_000
"""The first number of the many small organizations."""
LARGE, FAN, STUCK, ENDS, REMOVED, OLD = 1, 2, 3, 4, 5, 6
"""The organizations with one thing too much each."""
LARGE_CHANNELS = 10
RARE = 40
"""In the large organization so many each have failed, were cancelled, skipped, or are due."""


@dataclass(frozen=True)
class Size:
    organizations: int
    deliveries: int
    """In all."""
    stuck: int
    """Due at each of three paused channels of one organization."""
    ends: int
    """Runs whose start and end wait at one channel."""
    removed: int
    """Removed channels of one organization."""
    fan: int
    """Channels of one organization."""

    @property
    def large(self) -> int:
        """Deliveries of the large organization: seven of ten."""
        return self.deliveries * 7 // 10 // LARGE_CHANNELS * LARGE_CHANNELS

    @property
    def each(self) -> int:
        """Deliveries of each small one."""
        left = self.deliveries - self.large - 3 * self.stuck - 2 * self.ends
        return max(1, left // self.organizations)


def uuid7(at: int, kind: int, number: int) -> bytes:
    """An id of version 7: a time in microseconds, and what tells ids of one time apart."""
    milliseconds, rest = divmod(at, 1000)
    high = milliseconds << 16 | 0x7000 | rest * 4096 // 1000
    return (high << 64 | (0x8000 | kind) << 48 | number).to_bytes(16)


def uuid(time: str, kind: int, number: str) -> str:
    """The SQL of an id."""
    return f"uuid7({time}, {kind}, {number})"


class ScaleDatabase:
    """`now` is in seconds; nothing in the database is younger."""

    def __init__(self, path: Path, size: Size, now: float | None = None):
        self.size = size
        self.now = int((now or time.time()) * 1_000_000)
        self.database = sqlite3.connect(path, isolation_level=None)
        run = self.database.execute
        self.database.create_function("uuid7", 3, uuid7, deterministic=True)
        run("PRAGMA auto_vacuum = INCREMENTAL")
        run("PRAGMA journal_mode = OFF")
        run("PRAGMA synchronous = OFF")
        run("PRAGMA cache_size = -500000")
        run("PRAGMA temp_store = MEMORY")
        run("CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        for migration in sorted((PROJECT / "Migrations" / "sql").glob("*.sqlite.sql"))[:SCHEMA]:
            self.database.executescript(migration.read_text())
            run("INSERT INTO grdb_migrations VALUES (?)", [f"v{int(migration.name[:4])}"])
        # What all of them count with; one statement a table is quickest.
        run("CREATE TEMP TABLE numbers (n INTEGER PRIMARY KEY)")
        most = max(size.organizations, size.large, size.stuck, size.ends, size.removed, size.fan, 1_000)
        run(
            "WITH RECURSIVE r(n) AS (VALUES (0) UNION ALL SELECT n + 1 FROM r WHERE n < ?) "
            "INSERT INTO numbers SELECT n FROM r",
            [most],
        )

    def fill(self):
        size, run = self.size, self.database.execute
        run("BEGIN")
        for number, name in ((LARGE, "Large"), (FAN, "Fan"), (STUCK, "Stuck"), (ENDS, "Ends"), (REMOVED, "Removed")):
            self._organizations(f"SELECT {number} AS id, '{name}' AS name")
        self._organizations(
            f"SELECT {CROWD} + n AS id, 'Organization ' || n AS name FROM numbers WHERE n < {size.organizations}"
        )
        self._large()
        self._crowd()
        self._stuck()
        self._ends()
        self._channels(REMOVED, size.removed, "removed")
        self._channels(FAN, size.fan, "paused")
        run("""INSERT INTO attempts
                (organization_id, delivery_id, number, started_at, duration, verdict, status, address)
            SELECT organization_id, delivery_id, 1, created_at, 3000, 'delivered', 200, '127.0.0.1' FROM deliveries
            WHERE state = 'delivered'""")
        run("""UPDATE organizations SET event_sequence = coalesce((SELECT max(sequence) FROM events e
            WHERE e.organization_id = organizations.organization_id), 0)""")
        run("COMMIT")

    def close(self):
        self.database.execute("PRAGMA journal_mode = DELETE")
        self.database.close()

    def _organizations(self, rows: str):
        run = self.database.execute
        run(f"""INSERT INTO organizations (organization_id, name, created_at)
            SELECT id, name, {self.now - 60 * DAY * 1_000_000} FROM ({rows})""")
        run(f"""INSERT INTO members SELECT id, 1, 'owner', {self.now - 60 * DAY * 1_000_000} FROM ({rows})""")

    def channel(self, number: int) -> str:
        """The id of a channel; the same in all organizations."""
        return str(UUID(bytes=uuid7(self.now - 61 * DAY * 1_000_000, 1, number)))

    def _channels(self, organization: int | str, count: int, state: str, source: str = ""):
        """Some for each row of `source`."""
        made = self.now - 61 * DAY * 1_000_000
        self.database.execute(f"""
            INSERT INTO channels (organization_id, channel_id, kind, name, settings, subscription, state, version,
                created_at, updated_at)
            SELECT {organization}, {uuid(str(made), 1, "c.n")}, 'webhook', 'Channel ' || c.n, x'', '{EVERYTHING}',
                '{state}', 1, {made}, {made}
            FROM {source or "(SELECT 1)"} CROSS JOIN numbers c WHERE c.n < {count}""")

    def _events(self, organization: int | str, rows: str, type: str = "test.started", channels: int = 1):
        """`rows` has `at` in microseconds, `n` from 0 on, `run`, and `org` where there are several."""
        self.database.execute(f"""
            INSERT INTO events
                (organization_id, event_id, sequence, type, load_test_run_id, payload, received_at, channels)
            SELECT {organization}, {uuid("at", 0, "n")}, n + 1, '{type}', run,
                '{{"event":"{type}","status":' || {3 if type == "test.finished" else 2} || ',"status_text":"'
                    || '{"Finished" if type == "test.finished" else "Running"}' || '","user_id":7,"name":"Checkout",'
                    || '"organization_id":' || {organization} || ',"load_test_id":1001,"load_test_run_id":' || run
                    || ',"project_id":9}}', at, {channels}
            FROM ({rows})""")

    def _deliveries(self, organization: int | str, rows: str, due_at: str = "at", state: str = "'delivered'"):
        """`rows` has `at`, `n` of the event, and `c` of the channel besides."""
        channel = uuid(str(self.now - 61 * DAY * 1_000_000), 1, "c")
        self.database.execute(f"""
            INSERT INTO deliveries (organization_id, delivery_id, event_id, channel_id, state, reason, attempts, due_at,
                created_at, updated_at)
            SELECT {organization}, {uuid("at", 2, "n * 2048 + c")}, {uuid("at", 0, "n")}, {channel}, state,
                CASE state WHEN 'failed' THEN 'http.500' WHEN 'skipped' THEN 'channel_disabled'
                    WHEN 'cancelled' THEN 'channel_removed' END,
                state IN ('delivered', 'failed'), {due_at}, at, at
            FROM (SELECT *, {state} AS state FROM ({rows}))""")

    def _large(self):
        """Thirty days of one run after another at ten channels; what is rare is in the older half."""
        events = self.size.large // LARGE_CHANNELS
        step = 30 * DAY * 1_000_000 // events
        begin = self.now - 31 * DAY * 1_000_000
        rows = f"SELECT {begin} + n * {step} AS at, n, n / 2 AS run FROM numbers WHERE n < {events}"
        self._channels(LARGE, LARGE_CHANNELS, "disabled")
        self._events(LARGE, rows, channels=LARGE_CHANNELS)
        every = max(1, events // 2 // (4 * RARE))
        rare = f"""CASE WHEN c <> 3 OR n >= {events // 2} OR n % {every} <> 0 THEN 'delivered'
            ELSE CASE n / {every} % 4 WHEN 0 THEN 'failed' WHEN 1 THEN 'cancelled' WHEN 2 THEN 'skipped'
                ELSE 'delivered' END END"""
        channels = f"SELECT n AS c FROM numbers WHERE n < {LARGE_CHANNELS}"
        self._deliveries(LARGE, f"SELECT * FROM ({rows}) CROSS JOIN ({channels})", state=rare)

    def _crowd(self):
        size = self.size
        source = f"(SELECT {CROWD} + n AS org FROM numbers WHERE n < {size.organizations}) o"
        self._channels("o.org", 1, "disabled", source)
        rows = f"""SELECT o.org, {self.now - 20 * DAY * 1_000_000} + n * 3600000000 AS at, n, n AS run, 0 AS c
            FROM {source} CROSS JOIN (SELECT n FROM numbers WHERE n < {size.each})"""
        self._events("org", rows)
        self._deliveries("org", rows)

    def _stuck(self):
        """Three paused channels, the backlog of each."""
        count = self.size.stuck
        rows = f"""SELECT {self.now - DAY * 1_000_000} + n * 1000 AS at, n, n AS run FROM numbers WHERE n < {count}"""
        self._channels(STUCK, 3, "paused")
        self._events(STUCK, rows, channels=3)
        self._deliveries(
            STUCK, f"SELECT * FROM ({rows}) CROSS JOIN (SELECT n AS c FROM numbers WHERE n < 3)", state="'due'"
        )

    def _ends(self):
        """Starts that wait for a week, and their ends, which are due."""
        count, begin = self.size.ends, self.now - DAY * 1_000_000
        starts = f"SELECT {begin} + n * 2000 AS at, n * 2 AS n, n AS run, 0 AS c FROM numbers WHERE n < {count}"
        ends = (
            f"SELECT {begin} + n * 2000 + 1000 AS at, n * 2 + 1 AS n, n AS run, 0 AS c FROM numbers WHERE n < {count}"
        )
        self._channels(ENDS, 1, "paused")
        self._events(ENDS, starts)
        self._events(ENDS, ends, "test.finished")
        self._deliveries(ENDS, starts, due_at=f"at + {8 * DAY * 1_000_000}", state="'due'")
        self._deliveries(ENDS, ends, state="'due'")
