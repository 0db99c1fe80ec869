-- Ids of organizations, users, projects, load tests and runs are numbers of the calling application. Runbell's own are
-- UUIDs (version 7), as their 16 bytes: they rise, so rows are appended. Times are microseconds since 1970, UTC; due
-- times, leases and pauses are by the service's own clock. Every key begins with organization_id, so that a distributed
-- database can place rows by organization. Each index names its reader.

CREATE TABLE organizations (
    organization_id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    run_link_template TEXT,
    -- The channel that is told when another one is in trouble.
    fallback_channel_id BLOB,
    -- The sequence of the newest event, and how many events retention has removed: with those that are left, they are
    -- the sequence.
    event_sequence INTEGER NOT NULL DEFAULT 0,
    pruned_events INTEGER NOT NULL DEFAULT 0,
    retention_days INTEGER NOT NULL DEFAULT 90 CHECK (retention_days >= 1),
    audit_retention_days INTEGER NOT NULL DEFAULT 400 CHECK (audit_retention_days >= 180),
    -- When the organization is looked at next for what it keeps too long.
    retention_due_at INTEGER NOT NULL DEFAULT 0,
    audit_retention_due_at INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;

-- Retention: only organizations are visited whose time has come.
CREATE INDEX organizations_by_retention ON organizations (retention_due_at);
CREATE INDEX organizations_by_audit_retention ON organizations (audit_retention_due_at);

CREATE TABLE members (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    user_id INTEGER NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, user_id)
) STRICT, WITHOUT ROWID;

-- A key of a user has user_id and no scopes; a service key has scopes (joined by blanks) and no user_id. Whoever presents
-- one is found by its public part.
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

-- The data key of an organization, sealed with the master key, which is not in the database.
CREATE TABLE sealing_keys (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    number INTEGER NOT NULL,
    sealed_key BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, number)
) STRICT, WITHOUT ROWID;

-- What the database knows of the service it belongs to: one row.
CREATE TABLE installation (
    only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    -- What tells the right master key from others; NULL until the first start.
    master_key_fingerprint BLOB,
    -- The sum of the sequences of all audit heads, and its MAC; NULL until the first entry.
    audit_entries INTEGER NOT NULL DEFAULT 0,
    mac TEXT
) STRICT, WITHOUT ROWID;

INSERT INTO installation (only) VALUES (1);

-- The clock that due times, leases, pauses, replays and planned removals are written by, in one row. It counts on while
-- the machine is up, whoever sets the wall clock: then only the lead changes, and no due time has to.
CREATE TABLE service_clock (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    -- The boot of the machine, and what this clock read when that began.
    boot_id TEXT NOT NULL,
    base INTEGER NOT NULL,
    -- How far it is ahead of the wall clock.
    lead INTEGER NOT NULL,
    -- What it read when it was last looked at: it never reads less again.
    seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE channels (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    channel_id BLOB NOT NULL CHECK (length(channel_id) = 16),
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
    -- Counts up when the channel is disabled, removed or resumed with something due. A delivery that is due has the
    -- generation of the moment at which it was made due, so an older one is what the changes since then decide on.
    generation INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, channel_id)
) STRICT, WITHOUT ROWID;

-- Accepting: what an event is sent to, without the channels that were removed. It holds all that is read of them for it:
-- otherwise SQLite prefers the table.
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

-- What is known of a channel's receiver: how fast it may be sent to, and how long it has been in trouble. There is a row
-- only where something had to be remembered.
CREATE TABLE channel_health (
    organization_id INTEGER NOT NULL,
    channel_id BLOB NOT NULL,
    -- When all that was sent is within the channel's rate again.
    paced_until INTEGER NOT NULL DEFAULT 0,
    -- The receiver asked to be left alone until then, and the finding's code and text with which it did.
    held_until INTEGER NOT NULL DEFAULT 0,
    held_code TEXT,
    held_text TEXT,
    -- Nothing has arrived since this first failure; NULL when the last attempt arrived.
    failing_since INTEGER,
    -- The newest failure since failing_since; NULL when the channel was paused since.
    failed_at INTEGER,
    -- For how long it was tried in vain, in microseconds, without pauses and without the time in which the service was off.
    failing_for INTEGER NOT NULL DEFAULT 0,
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
    -- It outlives everything else in the row.
    last_success_at INTEGER,
    PRIMARY KEY (organization_id, channel_id)
) STRICT, WITHOUT ROWID;

-- A start ends the wait of channels that wait because of this side and not because of their receiver.
CREATE INDEX channel_health_held_here ON channel_health (held_code) WHERE held_code >= 'local.' AND held_code < 'local/';

-- Changes of a channel that its due deliveries have not followed yet: each decides on those with a generation below its
-- own that none before it has decided on.
CREATE TABLE settlements (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    channel_id BLOB NOT NULL,
    generation INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('disabled', 'removed', 'resumed')),
    -- The moment of the change.
    at INTEGER NOT NULL,
    -- Of a channel that was resumed: what was received before is skipped; what was due by then is spaced, and the next
    -- of these is due at next_at.
    skip_before INTEGER,
    due_by INTEGER NOT NULL,
    spacing INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    -- How many deliveries it has decided on, how many it has let go, and in how many pieces.
    settled INTEGER NOT NULL DEFAULT 0,
    released INTEGER NOT NULL DEFAULT 0,
    pieces INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, channel_id, generation)
) STRICT, WITHOUT ROWID;

-- Until due_at the channel is paused and its removal can be undone.
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
    -- What lists and subscription rules ask of the run; NULL where the event is of none.
    load_test_run_id INTEGER,
    load_test_id INTEGER,
    project_id INTEGER,
    status INTEGER,
    -- The documented JSON body.
    payload TEXT NOT NULL,
    -- How many deliveries the event has: one for each channel of its time, and one for each that it was replayed to later.
    channels INTEGER NOT NULL DEFAULT 0,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, event_id),
    UNIQUE (organization_id, sequence)
) STRICT, WITHOUT ROWID;

-- A run's starts, for whoever waits with its end, and the list of a run's events. With the type in it, nothing else has to
-- be read: without, SQLite prefers to read all events of the organization.
CREATE INDEX events_of_run ON events (organization_id, load_test_run_id, type);
-- Rules with a history: how the run of a load test before another one ended. With the type in it too, SQLite takes it.
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

-- Maintenance: forgetting keys that have expired.
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

-- One row for every event and channel, also when nothing is sent. attempts counts the attempts begun; the claim is the
-- durable mark "this may have been sent". fencing_token grows with each claim, so that the result of an owner whose
-- lease was taken changes nothing. An event's deliveries are found by (organization, event, channel).
CREATE TABLE deliveries (
    organization_id INTEGER NOT NULL,
    delivery_id BLOB NOT NULL CHECK (length(delivery_id) = 16),
    event_id BLOB NOT NULL,
    channel_id BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('due', 'claimed', 'delivered', 'failed', 'skipped', 'cancelled')),
    reason TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    -- The attempts made before the delivery was last made due again by hand: its retry schedule began anew then.
    attempts_before INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    -- The channel's, of the moment at which the delivery was made due.
    generation INTEGER NOT NULL DEFAULT 0,
    -- The delivery of a run's start that the end of the run waits for, at the same channel. What waits is not among what
    -- is due to be claimed.
    waits_for BLOB,
    lease_owner TEXT,
    lease_until INTEGER,
    fencing_token INTEGER NOT NULL DEFAULT 0,
    -- How often in a row the process died during an attempt.
    interruptions INTEGER NOT NULL DEFAULT 0,
    -- The replay that made the delivery due last.
    replay_id BLOB,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, delivery_id),
    UNIQUE (organization_id, event_id, channel_id),
    CHECK ((state = 'claimed') = (lease_owner IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- Claims, and what a change of the channel decides on.
CREATE INDEX deliveries_due ON deliveries (organization_id, channel_id, generation, due_at)
    WHERE state = 'due' AND waits_for IS NULL;
-- Leases that have ended.
CREATE INDEX deliveries_claimed ON deliveries (lease_until) WHERE state = 'claimed';
-- A start: those during which the process died twice in a row wait, and go one after the other.
CREATE INDEX deliveries_suspected ON deliveries (due_at) WHERE state = 'due' AND interruptions >= 2;
-- A start of a run lets go what waits for it; a change of the channel decides on it.
CREATE INDEX deliveries_waiting ON deliveries (organization_id, waits_for) WHERE waits_for IS NOT NULL;
CREATE INDEX deliveries_waiting_at_channel ON deliveries (organization_id, channel_id, generation)
    WHERE waits_for IS NOT NULL;
-- How a replay went.
CREATE INDEX deliveries_of_replay ON deliveries (organization_id, replay_id) WHERE replay_id IS NOT NULL;
-- Lists: what has failed or was cancelled is rare and looked for, so it has an index, which is written only then; it holds
-- all that a list can be narrowed to. What is skipped may be most of what there is and would be written with every event: a
-- list finds it along all deliveries.
CREATE INDEX deliveries_unsuccessful ON deliveries (organization_id, state, delivery_id, channel_id, event_id)
    WHERE state = 'failed' OR state = 'cancelled';

-- Whatever begins a start's second attempt, or ends the start, lets those go that wait for it: no statement can forget to.
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

-- What is made due again is of the channel's generation of that moment, whoever does it.
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
    -- Sealed like settings; empty when the answer was.
    answer BLOB,
    PRIMARY KEY (organization_id, delivery_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE replays (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    replay_id BLOB NOT NULL CHECK (length(replay_id) = 16),
    channel_id BLOB NOT NULL,
    -- Events received at or after, and before.
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    -- Words joined by blanks.
    states TEXT NOT NULL,
    per_minute INTEGER NOT NULL CHECK (per_minute >= 1),
    state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'finished', 'cancelled')),
    -- How many deliveries were counted at its start; how many it has made due, and how many were not wanted any more.
    total INTEGER NOT NULL,
    requeued INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    -- The last event that was looked at, and when the next ones may be.
    cursor BLOB NOT NULL DEFAULT x'00000000000000000000000000000000',
    next_at INTEGER NOT NULL DEFAULT 0,
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    finished_at INTEGER,
    PRIMARY KEY (organization_id, replay_id)
) STRICT, WITHOUT ROWID;

-- Replays that go on.
CREATE INDEX replays_under_way ON replays (organization_id) WHERE state IN ('running', 'paused');
-- Whether a channel has a replay under way: without, all replays that an organization ever had are read.
CREATE INDEX replays_of_channel ON replays (organization_id, channel_id);

-- What the ledger counted in stretches of an organization's events of which nothing is due or under way any more, so that
-- it need not count them again. A stretch goes from the event first_event up to, but not including, the place behind it;
-- stretches do not overlap. One whose events is NULL is being counted.
--
-- Whatever changes something in a stretch takes its totals away, by the triggers below: so a row that gets lost through
-- any SQL statement, ours or somebody else's, is missed at the next count. Deliveries that are added need no trigger, which
-- would cost each accepted event something: their event counts them, and that is a change of the event.
CREATE TABLE ledger_totals (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    first_event BLOB NOT NULL,
    behind BLOB NOT NULL,
    -- Of the count that is under way or was the last.
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

-- Nothing of ours moves a delivery.
CREATE TRIGGER ledger_totals_end_when_a_delivery_moves AFTER UPDATE OF organization_id, event_id ON deliveries
BEGIN
    DELETE FROM ledger_totals WHERE organization_id IN (OLD.organization_id, NEW.organization_id);
END;

-- Also of an event with a lower id than those before it: the clock may have been set back.
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

-- The chain of an organization's audit entries, each with a MAC, through which key and from which address it was done.
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

-- The newest entry of each chain, with a MAC: a chain that was cut or made anew does not fit to it.
CREATE TABLE audit_heads (
    organization_id INTEGER NOT NULL PRIMARY KEY,
    bucket INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    mac TEXT NOT NULL CHECK (length(mac) = 64)
) STRICT, WITHOUT ROWID;

-- Checkpoints: only the buckets in which something has changed are read.
CREATE INDEX audit_heads_by_bucket ON audit_heads (bucket, organization_id);

-- Signed words of what all heads were, each naming the one before.
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

-- Up to which entry an audit chain was pruned. Each row has an entry audit.pruned in the chain, with a signed checkpoint.
CREATE TABLE audit_prunings (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    up_to INTEGER NOT NULL,
    -- The hash of that entry: the previous_hash of the first that is left.
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

-- A cookie tells nothing but its token, so the key does not begin with organization_id. Only hashes are stored.
CREATE TABLE sessions (
    token_hash BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    -- The user's key that the session acts through; NULL for the operator's session.
    organization_id INTEGER,
    user_id INTEGER,
    key_id BLOB,
    -- The operator's key at that time: with another one, the session is over.
    operator_key_hash BLOB,
    -- The key was made for this session alone and goes with it.
    owns_key INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    CHECK ((key_id IS NULL) = (operator_key_hash IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- Forgetting sessions that have ended.
CREATE INDEX sessions_by_end ON sessions (ends_at);

CREATE TABLE login_links (
    token_hash BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    user_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Links of somebody who is removed go with them.
CREATE INDEX login_links_of_member ON login_links (organization_id, user_id);
