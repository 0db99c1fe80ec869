-- The processes that use the database. A claim (deliveries.lease_owner) belongs to a node that has a row here; the
-- transaction that deletes the row takes its claims back. lease_until is only read by versions before this one.
CREATE TABLE nodes (
    node_id text COLLATE "C" NOT NULL PRIMARY KEY,
    host text COLLATE "C" NOT NULL,
    version text COLLATE "C" NOT NULL,
    started_at bigint NOT NULL,
    -- Its last sign of life.
    seen_at bigint NOT NULL,
    -- Since when there was no long gap between them.
    steady_since bigint NOT NULL,
    -- Whether it does the maintenance.
    in_charge bigint NOT NULL DEFAULT 0
);

-- The name of every process before there were nodes: what it held is taken back from it.
INSERT INTO nodes (node_id, host, version, started_at, seen_at, steady_since)
SELECT 'service', '', '', 0, 0, 0
WHERE EXISTS (SELECT 1 FROM deliveries WHERE state = 'claimed' AND lease_until >= 0);
