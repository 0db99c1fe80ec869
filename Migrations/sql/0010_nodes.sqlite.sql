-- The processes that use the database. A claim (deliveries.lease_owner) belongs to a node that has a row here; the
-- transaction that deletes the row takes its claims back. lease_until is only read by versions before this one.
CREATE TABLE nodes (
    node_id TEXT NOT NULL PRIMARY KEY,
    host TEXT NOT NULL,
    version TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    -- Its last sign of life.
    seen_at INTEGER NOT NULL,
    -- Since when there was no long gap between them.
    steady_since INTEGER NOT NULL,
    -- Whether it does the maintenance.
    in_charge INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- The name of every process before there were nodes: what it held is taken back from it.
INSERT INTO nodes (node_id, host, version, started_at, seen_at, steady_since)
SELECT 'service', '', '', 0, 0, 0
WHERE EXISTS (SELECT 1 FROM deliveries WHERE state = 'claimed' AND lease_until >= 0);
