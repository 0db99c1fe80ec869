-- What the engine remembers of a channel's receiver, paused channels, replays, the ledger and retention.

-- The channel that is told when another one is in trouble.
ALTER TABLE organizations ADD COLUMN fallback_channel_id TEXT;
ALTER TABLE organizations ADD COLUMN retention_days INTEGER NOT NULL DEFAULT 90 CHECK (retention_days >= 1);
ALTER TABLE organizations ADD COLUMN audit_retention_days INTEGER NOT NULL DEFAULT 400
    CHECK (audit_retention_days >= 180);
-- Events that retention has removed: with those that are left, they are the organization's sequence.
ALTER TABLE organizations ADD COLUMN pruned_events INTEGER NOT NULL DEFAULT 0;

-- SQLite changes no CHECK, so the table is made anew (https://www.sqlite.org/lang_altertable.html, section 7).
CREATE TABLE channels_with_pause (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    channel_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    -- Sealed JSON; empty once the channel is removed.
    settings BLOB NOT NULL,
    subscription TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('enabled', 'paused', 'disabled', 'removed')),
    disabled_reason TEXT,
    -- The receiver's host, for the limit that all its channels share; NULL when it is not known yet.
    host TEXT,
    -- Deliveries a minute at most; NULL for what the kind's service publishes.
    max_per_minute INTEGER CHECK (max_per_minute >= 1),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, channel_id)
) STRICT, WITHOUT ROWID;

INSERT INTO channels_with_pause (organization_id, channel_id, kind, name, settings, subscription, state,
    disabled_reason, version, created_at, updated_at)
SELECT organization_id, channel_id, kind, name, settings, subscription, state, disabled_reason, version, created_at,
    updated_at
FROM channels;

DROP TABLE channels;
ALTER TABLE channels_with_pause RENAME TO channels;

ALTER TABLE channel_revisions ADD COLUMN max_per_minute INTEGER;
ALTER TABLE channel_revisions ADD COLUMN disabled_reason TEXT;

-- What is known of a channel's receiver: how fast it may be sent to, and how long it has been in trouble. There is a row
-- only where something had to be remembered.
CREATE TABLE channel_health (
    organization_id INTEGER NOT NULL,
    channel_id TEXT NOT NULL,
    -- When all that was sent is within the channel's rate again.
    paced_until INTEGER NOT NULL DEFAULT 0,
    -- The receiver asked to be left alone until then, and the finding's code and text with which it did.
    held_until INTEGER NOT NULL DEFAULT 0,
    held_code TEXT,
    held_text TEXT,
    -- Nothing has arrived since this first failure; NULL when the last attempt arrived.
    failing_since INTEGER,
    -- In a row: attempts that found nobody to take them, and answers that the sender is not known.
    absences INTEGER NOT NULL DEFAULT 0,
    rejections INTEGER NOT NULL DEFAULT 0,
    -- What the last failure found.
    finding_code TEXT,
    finding_text TEXT,
    -- While the circuit is open: since when, when the next probe may go, and how many went.
    opened_at INTEGER,
    probe_at INTEGER,
    probes INTEGER NOT NULL DEFAULT 0,
    -- When the fallback channel was told of this failure.
    told_at INTEGER,
    PRIMARY KEY (organization_id, channel_id)
) STRICT, WITHOUT ROWID;

-- How many deliveries the event has: one for each channel of its time, and one for each that it was replayed to later.
ALTER TABLE events ADD COLUMN channels INTEGER NOT NULL DEFAULT 0;
UPDATE events SET channels = (
    SELECT count(*) FROM deliveries d
    WHERE d.organization_id = events.organization_id AND d.event_id = events.event_id);

-- The attempts made before the delivery was last made due again by hand: its retry schedule began anew then.
ALTER TABLE deliveries ADD COLUMN attempts_before INTEGER NOT NULL DEFAULT 0;
-- The replay that made the delivery due last.
ALTER TABLE deliveries ADD COLUMN replay_id TEXT;
-- Those during which the process died twice in a row: they wait, and go one after the other.
CREATE INDEX deliveries_suspected ON deliveries (due_at) WHERE state = 'due' AND interruptions >= 2;
CREATE INDEX deliveries_of_replay ON deliveries (organization_id, replay_id) WHERE replay_id IS NOT NULL;

CREATE TABLE replays (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    replay_id TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    -- Events received at or after, and before.
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    -- Words joined by blanks.
    states TEXT NOT NULL,
    per_minute INTEGER NOT NULL CHECK (per_minute >= 1),
    state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'finished', 'cancelled')),
    -- How many deliveries were counted at its start; how many it has made due, and how many were not wanted any more.
    total INTEGER NOT NULL,
    taken INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    -- The last event that was looked at, and when the next ones may be.
    cursor TEXT NOT NULL DEFAULT '',
    next_at INTEGER NOT NULL DEFAULT 0,
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    finished_at INTEGER,
    PRIMARY KEY (organization_id, replay_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX replays_under_way ON replays (organization_id) WHERE state IN ('running', 'paused');

-- Up to which entry an audit chain was pruned. Each row has an entry audit.pruned in the chain, with a signed checkpoint.
CREATE TABLE audit_prunings (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    up_to INTEGER NOT NULL,
    -- The hash of that entry: the previous_hash of the first that is left.
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, up_to)
) STRICT, WITHOUT ROWID;

DROP TRIGGER audit_entries_are_never_removed;
CREATE TRIGGER audit_entries_are_only_pruned BEFORE DELETE ON audit_entries
WHEN OLD.sequence > coalesce(
    (SELECT max(p.up_to) FROM audit_prunings p WHERE p.organization_id = OLD.organization_id), 0)
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never removed');
END;
