-- Ids of organizations, users, projects and runs are numbers of the calling application; Runbell's own are UUIDs
-- (version 7) as text. Times are microseconds since 1970, UTC. Every key begins with organization_id, so that a
-- distributed database can place rows by organization.

CREATE TABLE organizations (
    organization_id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    run_link_template TEXT,
    -- The sequence of the newest event.
    event_sequence INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE members (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    user_id INTEGER NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, user_id)
) STRICT, WITHOUT ROWID;

-- A key of a user has user_id and no scopes; a service key has scopes (joined by blanks) and no user_id.
CREATE TABLE keys (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    key_id TEXT NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    secret_hash BLOB NOT NULL CHECK (length(secret_hash) = 32),
    name TEXT NOT NULL,
    user_id INTEGER,
    scopes TEXT,
    expires_at INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, key_id),
    CHECK ((user_id IS NULL) = (scopes IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- The data key of an organization, sealed with the master key, which is not in the database.
CREATE TABLE sealing_keys (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    number INTEGER NOT NULL,
    sealed_key BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE channels (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    channel_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    -- Sealed JSON; empty once the channel is removed.
    settings BLOB NOT NULL,
    subscription TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('enabled', 'disabled', 'removed')),
    disabled_reason TEXT,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, channel_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE channel_revisions (
    organization_id INTEGER NOT NULL,
    channel_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    settings BLOB NOT NULL,
    subscription TEXT NOT NULL,
    state TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, channel_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    event_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    type TEXT NOT NULL,
    load_test_run_id INTEGER,
    -- The documented JSON body.
    payload TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, event_id),
    UNIQUE (organization_id, sequence)
) STRICT, WITHOUT ROWID;

-- A run's starts, for whoever waits with its end. With the type in it, nothing else has to be read: without, SQLite
-- prefers to read all events of the organization.
CREATE INDEX events_of_run ON events (organization_id, load_test_run_id, type);

CREATE TABLE idempotency_keys (
    organization_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    request_hash BLOB NOT NULL CHECK (length(request_hash) = 32),
    event_id TEXT NOT NULL,
    due INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

-- One row for every event and channel, also when nothing is sent. attempts counts the attempts begun; the claim is the
-- durable mark "this may have been sent". fencing_token grows with each claim, so that the result of an owner whose
-- lease was taken changes nothing.
CREATE TABLE deliveries (
    organization_id INTEGER NOT NULL,
    delivery_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('due', 'claimed', 'delivered', 'failed', 'skipped', 'cancelled')),
    reason TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    lease_owner TEXT,
    lease_until INTEGER,
    fencing_token INTEGER NOT NULL DEFAULT 0,
    -- How often in a row the process died during an attempt.
    interruptions INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, delivery_id),
    UNIQUE (organization_id, event_id, channel_id),
    CHECK ((state = 'claimed') = (lease_owner IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_due ON deliveries (organization_id, channel_id, due_at) WHERE state = 'due';
CREATE INDEX deliveries_claimed ON deliveries (lease_until) WHERE state = 'claimed';

CREATE TABLE attempts (
    organization_id INTEGER NOT NULL,
    delivery_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    -- Microseconds.
    duration INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    finding_code TEXT,
    finding_text TEXT,
    status INTEGER,
    address TEXT,
    answer BLOB,
    PRIMARY KEY (organization_id, delivery_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_entries (
    organization_id INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    PRIMARY KEY (organization_id, sequence)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_entries_are_never_changed BEFORE UPDATE ON audit_entries
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never changed');
END;

CREATE TRIGGER audit_entries_are_never_removed BEFORE DELETE ON audit_entries
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never removed');
END;
