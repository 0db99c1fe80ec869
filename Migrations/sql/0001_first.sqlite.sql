-- Ids of organizations, users, projects, load tests and runs are numbers of the calling application. Runbell's own are
-- UUIDs (version 7), stored as 16 bytes: they rise, so rows are appended. Times are microseconds since 1970, UTC; due
-- times, leases and pauses use the service's own clock. Every key begins with organization_id, so that a distributed
-- database can partition by organization. The comment on each index names its reader.

CREATE TABLE organizations (
    organization_id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    run_link_template TEXT,
    -- The channel that is notified of problems with another one.
    fallback_channel_id BLOB,
    -- The sequence of the newest event, and how many events retention has removed. The sequence is the sum of these and
    -- the remaining events.
    event_sequence INTEGER NOT NULL DEFAULT 0,
    pruned_events INTEGER NOT NULL DEFAULT 0,
    retention_days INTEGER NOT NULL DEFAULT 90 CHECK (retention_days >= 1),
    audit_retention_days INTEGER NOT NULL DEFAULT 400 CHECK (audit_retention_days >= 180),
    -- When to check next for data past its retention.
    retention_due_at INTEGER NOT NULL DEFAULT 0,
    audit_retention_due_at INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;

-- Retention: visits only organizations that are due.
CREATE INDEX organizations_by_retention ON organizations (retention_due_at);
CREATE INDEX organizations_by_audit_retention ON organizations (audit_retention_due_at);

CREATE TABLE members (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    user_id INTEGER NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, user_id)
) STRICT, WITHOUT ROWID;

-- A personal key has user_id and no scopes; a service key has scopes (joined by spaces) and no user_id. A presented key
-- is found by its public part.
CREATE TABLE keys (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    key_id BLOB NOT NULL CHECK (length(key_id) = 16),
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

-- The data key of an organization, encrypted with the master key, which is not in the database.
CREATE TABLE sealing_keys (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    number INTEGER NOT NULL,
    sealed_key BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, number)
) STRICT, WITHOUT ROWID;

-- What identifies the service that the database belongs to: one row.
CREATE TABLE installation (
    only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    -- Identifies the master key; NULL until the first start.
    master_key_fingerprint BLOB,
    -- The sum of the sequences of all audit heads, and its MAC; NULL until the first entry.
    audit_entries INTEGER NOT NULL DEFAULT 0,
    mac TEXT
) STRICT, WITHOUT ROWID;

INSERT INTO installation (only) VALUES (1);

-- The clock for due times, leases, pauses, replays and planned removals, in one row. It runs while the machine is up,
-- even if the wall clock is set: then only the lead changes, and no due time has to.
CREATE TABLE service_clock (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    -- The boot of the machine, and the time of this clock when it began.
    boot_id TEXT NOT NULL,
    base INTEGER NOT NULL,
    -- How far it is ahead of the wall clock.
    lead INTEGER NOT NULL,
    -- Its last reading: it never goes back behind that.
    seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE channels (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    channel_id BLOB NOT NULL CHECK (length(channel_id) = 16),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    -- Encrypted JSON; empty after the channel is removed.
    settings BLOB NOT NULL,
    subscription TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('enabled', 'paused', 'disabled', 'removed')),
    disabled_reason TEXT,
    -- The receiver's host, for the limit that all its channels share; NULL if not known yet.
    host TEXT,
    -- Deliveries per minute at most; NULL for what the kind's service publishes.
    max_per_minute INTEGER CHECK (max_per_minute >= 1),
    version INTEGER NOT NULL,
    -- Incremented when the channel is disabled, removed or resumed with deliveries due. A due delivery has the
    -- generation from when it was made due; a lower one means that later changes of the channel decide on it.
    generation INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, channel_id)
) STRICT, WITHOUT ROWID;

-- Accepting: the channels that receive an event. Contains all columns read for that; otherwise SQLite prefers the
-- table.
CREATE INDEX channels_in_use ON channels (organization_id, channel_id, host, subscription, state, generation)
    WHERE state <> 'removed';
-- Retention of removed channels.
CREATE INDEX channels_removed ON channels (organization_id, updated_at) WHERE state = 'removed';

CREATE TABLE channel_revisions (
    organization_id INTEGER NOT NULL,
    channel_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    settings BLOB NOT NULL,
    subscription TEXT NOT NULL,
    state TEXT NOT NULL,
    disabled_reason TEXT,
    max_per_minute INTEGER,
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, channel_id, version)
) STRICT, WITHOUT ROWID;

-- Retention of revisions.
CREATE INDEX channel_revisions_by_time ON channel_revisions (organization_id, created_at);

-- What is known of a channel's receiver: how fast it may be sent to, and how long it has been failing. There is a row
-- only if there is something to remember.
CREATE TABLE channel_health (
    organization_id INTEGER NOT NULL,
    channel_id BLOB NOT NULL,
    -- When the channel is within its rate again.
    paced_until INTEGER NOT NULL DEFAULT 0,
    -- The receiver asked for a pause until then, and the code and text of the finding.
    held_until INTEGER NOT NULL DEFAULT 0,
    held_code TEXT,
    held_text TEXT,
    -- When deliveries began to fail; NULL if the last attempt was delivered.
    failing_since INTEGER,
    -- The newest failure since failing_since; NULL if the channel was paused since.
    failed_at INTEGER,
    -- How long attempts have been failing, in microseconds, without pauses and time in which the service was off.
    failing_for INTEGER NOT NULL DEFAULT 0,
    -- Consecutive attempts that found nobody, and consecutive answers that the sender is unknown.
    absences INTEGER NOT NULL DEFAULT 0,
    rejections INTEGER NOT NULL DEFAULT 0,
    -- What the last failure found.
    finding_code TEXT,
    finding_text TEXT,
    -- While the circuit is open: since when, when the next probe may be sent, and how many were sent.
    opened_at INTEGER,
    probe_at INTEGER,
    probes INTEGER NOT NULL DEFAULT 0,
    -- When the fallback channel was notified of this failure.
    told_at INTEGER,
    -- Survives when the rest of the row is reset.
    last_success_at INTEGER,
    PRIMARY KEY (organization_id, channel_id)
) STRICT, WITHOUT ROWID;

-- A start ends the wait of channels that wait because of a local fault.
CREATE INDEX channel_health_held_here ON channel_health (held_code) WHERE held_code >= 'local.' AND held_code < 'local/';

-- Changes of a channel that its due deliveries have not followed yet. Each decides on those with a lower generation
-- that no earlier change has decided on.
CREATE TABLE settlements (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    channel_id BLOB NOT NULL,
    generation INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('disabled', 'removed', 'resumed')),
    -- The time of the change.
    at INTEGER NOT NULL,
    -- Of a resumed channel: deliveries received before skip_before are skipped; those due by due_by are spaced, the
    -- next of them at next_at.
    skip_before INTEGER,
    due_by INTEGER NOT NULL,
    spacing INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    -- How many deliveries it has decided on, how many it has released, and in how many pieces.
    settled INTEGER NOT NULL DEFAULT 0,
    released INTEGER NOT NULL DEFAULT 0,
    pieces INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, channel_id, generation)
) STRICT, WITHOUT ROWID;

-- Until due_at, the channel is paused and its removal can be undone.
CREATE TABLE planned_removals (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    channel_id BLOB NOT NULL,
    -- The channel's state before.
    state TEXT NOT NULL,
    actor TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, channel_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    event_id BLOB NOT NULL CHECK (length(event_id) = 16),
    sequence INTEGER NOT NULL,
    type TEXT NOT NULL,
    -- What lists and subscription rules use of the run; NULL for events without one.
    load_test_run_id INTEGER,
    load_test_id INTEGER,
    project_id INTEGER,
    status INTEGER,
    -- The documented JSON body.
    payload TEXT NOT NULL,
    -- How many deliveries the event has: one for each channel of its time, and one for each channel it was replayed to
    -- later.
    channels INTEGER NOT NULL DEFAULT 0,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, event_id),
    UNIQUE (organization_id, sequence)
) STRICT, WITHOUT ROWID;

-- A run's starts, which its end waits for, and the list of a run's events. Includes the type, because otherwise SQLite
-- prefers to read all events of the organization.
CREATE INDEX events_of_run ON events (organization_id, load_test_run_id, type);
-- Rules with a history: how a load test's previous run ended. SQLite only uses it with the type included.
CREATE INDEX events_ends_of_load_test ON events (organization_id, type, load_test_id, event_id, status)
    WHERE type = 'test.finished' AND load_test_id IS NOT NULL;

CREATE TABLE idempotency_keys (
    organization_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    request_hash BLOB NOT NULL CHECK (length(request_hash) = 32),
    event_id BLOB NOT NULL,
    due INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, key)
) STRICT, WITHOUT ROWID;

-- Maintenance: expired keys.
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

-- One row for every event and channel, even if nothing is sent. attempts counts the attempts started; the claim is the
-- durable mark that an attempt may have been sent. fencing_token increases with each claim, so that the result of an
-- owner who has lost the lease changes nothing. An event's deliveries are found by (organization, event, channel).
CREATE TABLE deliveries (
    organization_id INTEGER NOT NULL,
    delivery_id BLOB NOT NULL CHECK (length(delivery_id) = 16),
    event_id BLOB NOT NULL,
    channel_id BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('due', 'claimed', 'delivered', 'failed', 'skipped', 'cancelled')),
    reason TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    -- The attempts before the delivery was last made due again by hand, which restarted its retry schedule.
    attempts_before INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    -- The channel's generation when the delivery was made due.
    generation INTEGER NOT NULL DEFAULT 0,
    -- The delivery of a run's start that the end of the run waits for, at the same channel. A waiting delivery is not
    -- among those due.
    waits_for BLOB,
    lease_owner TEXT,
    lease_until INTEGER,
    fencing_token INTEGER NOT NULL DEFAULT 0,
    -- How often in a row the process died during an attempt.
    interruptions INTEGER NOT NULL DEFAULT 0,
    -- The replay that last made the delivery due.
    replay_id BLOB,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, delivery_id),
    UNIQUE (organization_id, event_id, channel_id),
    CHECK ((state = 'claimed') = (lease_owner IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- Claims, and changes of the channel.
CREATE INDEX deliveries_due ON deliveries (organization_id, channel_id, generation, due_at)
    WHERE state = 'due' AND waits_for IS NULL;
-- Expired leases.
CREATE INDEX deliveries_claimed ON deliveries (lease_until) WHERE state = 'claimed';
-- A start: deliveries during which the process died twice in a row wait, and are sent in groups.
CREATE INDEX deliveries_suspected ON deliveries (due_at) WHERE state = 'due' AND interruptions >= 2;
-- A run's start releases what waits for it; a change of the channel decides on it.
CREATE INDEX deliveries_waiting ON deliveries (organization_id, waits_for) WHERE waits_for IS NOT NULL;
CREATE INDEX deliveries_waiting_at_channel ON deliveries (organization_id, channel_id, generation)
    WHERE waits_for IS NOT NULL;
-- The results of a replay.
CREATE INDEX deliveries_of_replay ON deliveries (organization_id, replay_id) WHERE replay_id IS NOT NULL;
-- Lists: failed and cancelled deliveries are rare and searched for, so they have an index, which is written only for
-- them and contains everything that a list can filter by. Skipped ones may be the majority and would be written with
-- every event: a list finds them among all deliveries.
CREATE INDEX deliveries_unsuccessful ON deliveries (organization_id, state, delivery_id, channel_id, event_id)
    WHERE state = 'failed' OR state = 'cancelled';

-- Whatever begins a start's second attempt, or ends the start, releases those that wait for it: no statement can forget
-- to.
CREATE TRIGGER deliveries_let_ends_go AFTER UPDATE OF state, attempts ON deliveries
WHEN NEW.attempts > 1 OR NEW.state NOT IN ('due', 'claimed')
BEGIN
    UPDATE deliveries SET waits_for = NULL
    WHERE organization_id = NEW.organization_id AND waits_for = NEW.delivery_id;
END;

CREATE TRIGGER deliveries_let_ends_go_when_deleted AFTER DELETE ON deliveries
WHEN OLD.state IN ('due', 'claimed')
BEGIN
    UPDATE deliveries SET waits_for = NULL
    WHERE organization_id = OLD.organization_id AND waits_for = OLD.delivery_id;
END;

-- A delivery made due again gets the channel's current generation, whatever statement does it.
CREATE TRIGGER deliveries_made_due_again AFTER UPDATE OF state ON deliveries
WHEN NEW.state = 'due' AND OLD.state <> 'due'
BEGIN
    UPDATE deliveries SET generation = coalesce(
        (SELECT c.generation FROM channels c
            WHERE c.organization_id = NEW.organization_id AND c.channel_id = NEW.channel_id), generation)
    WHERE organization_id = NEW.organization_id AND delivery_id = NEW.delivery_id;
END;

CREATE TABLE attempts (
    organization_id INTEGER NOT NULL,
    delivery_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    -- Microseconds.
    duration INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    finding_code TEXT,
    finding_text TEXT,
    status INTEGER,
    address TEXT,
    -- Encrypted like settings; empty if the answer was.
    answer BLOB,
    PRIMARY KEY (organization_id, delivery_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE replays (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    replay_id BLOB NOT NULL CHECK (length(replay_id) = 16),
    channel_id BLOB NOT NULL,
    -- Selects events received from since to before until.
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    -- Words joined by spaces.
    states TEXT NOT NULL,
    per_minute INTEGER NOT NULL CHECK (per_minute >= 1),
    state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'finished', 'cancelled')),
    -- How many deliveries were counted at its start, how many it has made due, and how many were no longer wanted.
    total INTEGER NOT NULL,
    requeued INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    -- The last event looked at, and when to look at the next ones.
    cursor BLOB NOT NULL DEFAULT x'00000000000000000000000000000000',
    next_at INTEGER NOT NULL DEFAULT 0,
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    finished_at INTEGER,
    PRIMARY KEY (organization_id, replay_id)
) STRICT, WITHOUT ROWID;

-- Replays in progress.
CREATE INDEX replays_under_way ON replays (organization_id) WHERE state IN ('running', 'paused');
-- Whether a channel has a replay in progress: otherwise all replays an organization ever had are read.
CREATE INDEX replays_of_channel ON replays (organization_id, channel_id);

-- What the ledger has counted in ranges of an organization's events that have nothing due or claimed anymore, so that
-- it need not count them again. A range goes from the event first_event up to, but not including, behind; ranges do not
-- overlap. A range whose events is NULL is being counted.
--
-- Whatever changes something in a range deletes its totals, by the triggers below: a row that is lost through any SQL
-- statement, ours or not, is missed at the next count. Adding deliveries needs no trigger, which would cost something
-- for each accepted event: the event counts them, and that is a change of the event.
CREATE TABLE ledger_totals (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    first_event BLOB NOT NULL,
    behind BLOB NOT NULL,
    -- Identifies the count in progress, or the last one.
    token TEXT NOT NULL,
    events INTEGER,
    expected INTEGER NOT NULL DEFAULT 0,
    delivered INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    cancelled INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, first_event)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ledger_totals_end_with_a_delivery AFTER DELETE ON deliveries
WHEN OLD.state NOT IN ('due', 'claimed')
BEGIN
    DELETE FROM ledger_totals WHERE organization_id = OLD.organization_id AND behind > OLD.event_id AND first_event = (
        SELECT max(t.first_event) FROM ledger_totals t
        WHERE t.organization_id = OLD.organization_id AND t.first_event <= OLD.event_id);
END;

CREATE TRIGGER ledger_totals_end_when_a_delivery_changes AFTER UPDATE OF state ON deliveries
WHEN OLD.state NOT IN ('due', 'claimed')
BEGIN
    DELETE FROM ledger_totals WHERE organization_id = OLD.organization_id AND behind > OLD.event_id AND first_event = (
        SELECT max(t.first_event) FROM ledger_totals t
        WHERE t.organization_id = OLD.organization_id AND t.first_event <= OLD.event_id);
END;

-- No statement of ours moves a delivery.
CREATE TRIGGER ledger_totals_end_when_a_delivery_moves AFTER UPDATE OF organization_id, event_id ON deliveries
BEGIN
    DELETE FROM ledger_totals WHERE organization_id IN (OLD.organization_id, NEW.organization_id);
END;

-- Even for an event with a lower id than those before it: the clock may have been set back.
CREATE TRIGGER ledger_totals_end_with_a_late_event AFTER INSERT ON events
BEGIN
    DELETE FROM ledger_totals WHERE organization_id = NEW.organization_id AND behind > NEW.event_id AND first_event = (
        SELECT max(t.first_event) FROM ledger_totals t
        WHERE t.organization_id = NEW.organization_id AND t.first_event <= NEW.event_id);
END;

CREATE TRIGGER ledger_totals_end_with_an_event AFTER DELETE ON events
BEGIN
    DELETE FROM ledger_totals WHERE organization_id = OLD.organization_id AND behind > OLD.event_id AND first_event = (
        SELECT max(t.first_event) FROM ledger_totals t
        WHERE t.organization_id = OLD.organization_id AND t.first_event <= OLD.event_id);
END;

CREATE TRIGGER ledger_totals_end_when_an_event_changes AFTER UPDATE OF channels, sequence ON events
BEGIN
    DELETE FROM ledger_totals WHERE organization_id = OLD.organization_id AND behind > OLD.event_id AND first_event = (
        SELECT max(t.first_event) FROM ledger_totals t
        WHERE t.organization_id = OLD.organization_id AND t.first_event <= OLD.event_id);
END;

CREATE TRIGGER ledger_totals_end_when_an_event_moves AFTER UPDATE OF organization_id, event_id ON events
BEGIN
    DELETE FROM ledger_totals WHERE organization_id IN (OLD.organization_id, NEW.organization_id);
END;

-- The chain of an organization's audit entries, each with its MAC, and the key and address it came from.
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
    key_id TEXT NOT NULL,
    source TEXT NOT NULL,
    mac TEXT NOT NULL CHECK (length(mac) = 64),
    PRIMARY KEY (organization_id, sequence)
) STRICT, WITHOUT ROWID;

-- The newest entry of each chain, with a MAC: a chain that was cut or rewritten does not match it.
CREATE TABLE audit_heads (
    organization_id INTEGER NOT NULL PRIMARY KEY,
    bucket INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    mac TEXT NOT NULL CHECK (length(mac) = 64)
) STRICT, WITHOUT ROWID;

-- Checkpoints: reads only the buckets that have changed.
CREATE INDEX audit_heads_by_bucket ON audit_heads (bucket, organization_id);

-- Signed statements of all heads, each linked to the one before.
CREATE TABLE audit_checkpoints (
    number INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    root TEXT NOT NULL CHECK (length(root) = 64),
    previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    public_key TEXT NOT NULL,
    signature TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Up to which entry an audit chain was pruned. For each row, the chain has an entry audit.pruned with a signature.
CREATE TABLE audit_prunings (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    up_to INTEGER NOT NULL,
    -- The hash of that entry, which is the previous_hash of the first remaining one.
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, up_to)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_entries_are_never_changed BEFORE UPDATE ON audit_entries
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never changed');
END;

CREATE TRIGGER audit_entries_are_only_pruned BEFORE DELETE ON audit_entries
WHEN OLD.sequence > coalesce(
    (SELECT max(p.up_to) FROM audit_prunings p WHERE p.organization_id = OLD.organization_id), 0)
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never removed');
END;

-- A cookie contains only its token, so the key does not begin with organization_id. Only hashes are stored.
CREATE TABLE sessions (
    token_hash BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    -- The user's key that the session uses; NULL for the operator's session.
    organization_id INTEGER,
    user_id INTEGER,
    key_id BLOB,
    -- The operator's key at that time: the session ends when it changes.
    operator_key_hash BLOB,
    -- Whether the key was created for this session and ends with it.
    owns_key INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    CHECK ((key_id IS NULL) = (operator_key_hash IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- Maintenance: expired sessions.
CREATE INDEX sessions_by_end ON sessions (ends_at);

CREATE TABLE login_links (
    token_hash BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    user_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A removed member's links are removed too.
CREATE INDEX login_links_of_member ON login_links (organization_id, user_id);
