#!/usr/bin/env python3
"""What a delivery's row costs SQLite, by how its id is made and by the size of the page cache: CPU of the one thread.

An event to 1,000 channels is 1,000 rows. Their ids are random within the event's moment, or rise; the cache is SQLite's
2 MB and more. The table and its indexes are the program's own, with 600,000 rows in them before. One run, since only
ratios count.
"""

import argparse
import random
import shutil
import sqlite3
import tempfile
import time
from pathlib import Path

SCHEMA = sorted((Path(__file__).resolve().parents[1] / "Migrations" / "sql").glob("*.sqlite.sql"))
CHANNELS = 1_000
CACHES = (2, 8, 16, 32, 64)
BEGIN = 1_795_000_000_000
INSERT = (
    "INSERT INTO deliveries (organization_id, delivery_id, event_id, channel_id, state, due_at, created_at, updated_at)"
    " VALUES (1, ?, ?, ?, 'due', ?, ?, ?)"
)


def unique(milliseconds: int, tail: int) -> bytes:
    """A UUID of version 7."""
    return ((milliseconds << 16 | 0x7000) << 64 | 1 << 63 | tail).to_bytes(16)


CHANNEL_IDS = [unique(BEGIN - 1_000 + number, random.getrandbits(62)) for number in range(CHANNELS)]


def deliveries(at: int, rising: bool) -> list[tuple]:
    event, tail, rows = unique(at, random.getrandbits(62)), random.getrandbits(61), []
    for channel in CHANNEL_IDS:
        tail = tail + 1 + random.getrandbits(32) if rising else random.getrandbits(62)
        rows.append((unique(at, tail), event, channel, at, at, at))
    return rows


def opened(path: Path, mebibytes: int) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    cache = f"cache_size = -{mebibytes * 1024}"
    for setting in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", cache):
        connection.execute(f"PRAGMA {setting}")
    return connection


def insert(connection: sqlite3.Connection, events: list[list[tuple]], at_once: int):
    for first in range(0, len(events), at_once):
        connection.execute("BEGIN IMMEDIATE")
        for rows in events[first : first + at_once]:
            connection.executemany(INSERT, rows)
        connection.execute("COMMIT")


def filled(path: Path, rows: int):
    connection = opened(path, 64)
    for step in SCHEMA:
        connection.executescript(step.read_text())
    connection.execute("INSERT INTO organizations (organization_id, name, created_at) VALUES (1, 'Bench', 0)")
    insert(connection, [deliveries(BEGIN + number * 50, False) for number in range(rows // CHANNELS)], 10)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def microseconds_a_row(full: Path, rising: bool, mebibytes: int, at_once: int, count: int) -> float:
    copy = full.with_name("copy.db")
    shutil.copy(full, copy)
    connection = opened(copy, mebibytes)
    # What is stored together is of one moment.
    events = [deliveries(BEGIN + 10_000_000 + number // at_once, rising) for number in range(count)]
    begin = time.thread_time()
    insert(connection, events, at_once)
    used = time.thread_time() - begin
    connection.close()
    return used / (count * CHANNELS) * 1e6


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=600_000, help="rows that are there before")
    rows = options.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.db"
        filled(full, rows)
        print("us a row       " + "".join(f"{size:>5} MB" for size in CACHES))
        for at_once, count in ((1, 60), (100, 100)):
            for rising in (False, True):
                costs = [microseconds_a_row(full, rising, size, at_once, count) for size in CACHES]
                name = f"{at_once:>3} at once {'rising' if rising else 'random'}"
                print(f"{name} " + "".join(f"{cost:8.1f}" for cost in costs), flush=True)


if __name__ == "__main__":
    main()
