-- The clock that due times, leases, pauses, replays and planned removals are written by. It counts on while the machine is
-- up, whoever sets the wall clock: then only the lead changes, and no due time has to. Until there is a row, that clock is
-- the wall clock, which due times were written by before.
CREATE TABLE service_clock (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    -- The boot of the machine, and what this clock read when that began.
    boot_id TEXT NOT NULL,
    base INTEGER NOT NULL,
    -- How far it is ahead of the wall clock.
    lead INTEGER NOT NULL,
    -- What it read when it was last looked at: it never reads less again.
    seen INTEGER NOT NULL
) STRICT;
