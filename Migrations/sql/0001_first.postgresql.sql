-- Ids of organizations, users, projects, load tests and runs are numbers of the calling application. Runbell's own are
-- UUIDs (version 7): they rise, so rows are appended. Times are microseconds since 1970, UTC; due times, leases and pauses
-- use the service's own clock. Text is compared by its bytes (COLLATE "C"), as SQLite does. Every key begins with
-- organization_id, so that a distributed database can place rows by organization. Each index names its reader.

CREATE TABLE organizations (
    organization_id bigint NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    run_link_template text COLLATE "C",
    -- The channel that is notified of problems with another one.
    fallback_channel_id uuid,
    -- The sequence of the newest event, and how many events retention has removed. The sequence is the sum of these and
    -- the remaining events.
    event_sequence bigint NOT NULL DEFAULT 0,
    pruned_events bigint NOT NULL DEFAULT 0,
    retention_days bigint NOT NULL DEFAULT 90 CHECK (retention_days >= 1),
    audit_retention_days bigint NOT NULL DEFAULT 400 CHECK (audit_retention_days >= 180),
    -- When to check next for data past its retention.
    retention_due_at bigint NOT NULL DEFAULT 0,
    audit_retention_due_at bigint NOT NULL DEFAULT 0,
    created_at bigint NOT NULL
);

-- Retention: visits only organizations that are due.
CREATE INDEX organizations_by_retention ON organizations (retention_due_at);
CREATE INDEX organizations_by_audit_retention ON organizations (audit_retention_due_at);

CREATE TABLE members (
    organization_id bigint NOT NULL REFERENCES organizations (organization_id),
    user_id bigint NOT NULL,
    role text COLLATE "C" NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    created_at bigint NOT NULL,
    PRIMARY KEY (organization_id, user_id)
);

-- A personal key has user_id and no scopes; a service key has scopes (joined by spaces) and no user_id. A presented key
-- is found by its public part.
CREATE TABLE keys (
    organization_id bigint NOT NULL REFERENCES organizations (organization_id),
    key_id uuid NOT NULL,
    public_id text COLLATE "C" NOT NULL UNIQUE,
    secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    name text COLLATE "C" NOT NULL,
    user_id bigint,
    scopes text COLLATE "C",
    expires_at bigint,
    created_at bigint NOT NULL,
    PRIMARY KEY (organization_id, key_id),
    CHECK ((user_id IS NULL) = (scopes IS NOT NULL))
);

-- The data key of an organization, encrypted with the master key, which is not in the database.
CREATE TABLE sealing_keys (
    organization_id bigint NOT NULL REFERENCES organizations (organization_id),
    number bigint NOT NULL,
    sealed_key bytea NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (organization_id, number)
);

-- What identifies the service that the database belongs to: one row.
CREATE TABLE installation (
    "only" bigint NOT NULL PRIMARY KEY CHECK ("only" = 1),
    -- Identifies the master key; NULL until the first start.
    master_key_fingerprint bytea,
    -- The sum of the sequences of all audit heads, and its MAC; NULL until the first entry.
    audit_entries bigint NOT NULL DEFAULT 0,
    mac text COLLATE "C"
);

INSERT INTO installation ("only") VALUES (1);

-- The clock for due times, leases, pauses, replays and planned removals, in one row. It runs while the machine is up,
-- even if the wall clock is set: then only the lead changes, and no due time has to.
CREATE TABLE service_clock (
    id bigint NOT NULL PRIMARY KEY CHECK (id = 1),
    -- The boot of the machine, and the time of this clock when it began.
    boot_id text COLLATE "C" NOT NULL,
    base bigint NOT NULL,
    -- How far it is ahead of the wall clock.
    lead bigint NOT NULL,
    -- Its last reading: it never goes back behind that.
    seen bigint NOT NULL
);

CREATE TABLE channels (
    organization_id bigint NOT NULL REFERENCES organizations (organization_id),
    channel_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    -- Encrypted JSON; empty after the channel is removed.
    settings bytea NOT NULL,
    subscription text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('enabled', 'paused', 'disabled', 'removed')),
    disabled_reason text COLLATE "C",
    -- The receiver's host, for the limit that all its channels share; NULL if not known yet.
    host text COLLATE "C",
    -- Deliveries per minute at most; NULL for what the kind's service publishes.
    max_per_minute bigint CHECK (max_per_minute >= 1),
    version bigint NOT NULL,
    -- Incremented when the channel is disabled, removed or resumed with deliveries due. A due delivery has the
    -- generation from when it was made due; a lower one means that later changes of the channel decide on it.
    generation bigint NOT NULL DEFAULT 0,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    PRIMARY KEY (organization_id, channel_id)
);

-- Accepting: the channels that receive an event. A subscription may be longer than an index entry can be, so it is read
-- from the table.
CREATE INDEX channels_in_use ON channels (organization_id, channel_id) WHERE state <> 'removed';
-- Retention of removed channels.
CREATE INDEX channels_removed ON channels (organization_id, updated_at) WHERE state = 'removed';

CREATE TABLE channel_revisions (
    organization_id bigint NOT NULL,
    channel_id uuid NOT NULL,
    version bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    settings bytea NOT NULL,
    subscription text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    disabled_reason text COLLATE "C",
    max_per_minute bigint,
    actor text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (organization_id, channel_id, version)
);

-- Retention of revisions.
CREATE INDEX channel_revisions_by_time ON channel_revisions (organization_id, created_at);

-- What is known of a channel's receiver: how fast it may be sent to, and how long it has been failing. There is a row
-- only if there is something to remember.
CREATE TABLE channel_health (
    organization_id bigint NOT NULL,
    channel_id uuid NOT NULL,
    -- When the channel is within its rate again.
    paced_until bigint NOT NULL DEFAULT 0,
    -- The receiver asked for a pause until then, and the code and text of the finding.
    held_until bigint NOT NULL DEFAULT 0,
    held_code text COLLATE "C",
    held_text text COLLATE "C",
    -- When deliveries began to fail; NULL if the last attempt was delivered.
    failing_since bigint,
    -- The newest failure since failing_since; NULL if the channel was paused since.
    failed_at bigint,
    -- How long attempts have been failing, in microseconds, without pauses and time in which the service was off.
    failing_for bigint NOT NULL DEFAULT 0,
    -- Consecutive attempts that found nobody, and consecutive answers that the sender is unknown.
    absences bigint NOT NULL DEFAULT 0,
    rejections bigint NOT NULL DEFAULT 0,
    -- What the last failure found.
    finding_code text COLLATE "C",
    finding_text text COLLATE "C",
    -- While the circuit is open: since when, when the next probe may be sent, and how many were sent.
    opened_at bigint,
    probe_at bigint,
    probes bigint NOT NULL DEFAULT 0,
    -- When the fallback channel was notified of this failure.
    told_at bigint,
    -- Survives when the rest of the row is reset.
    last_success_at bigint,
    PRIMARY KEY (organization_id, channel_id)
);

-- A start ends the wait of channels that wait because of a local fault.
CREATE INDEX channel_health_held_here ON channel_health (held_code) WHERE held_code >= 'local.' AND held_code < 'local/';

-- Changes of a channel that its due deliveries have not followed yet. Each decides on those with a lower generation
-- that no earlier change has decided on.
CREATE TABLE settlements (
    organization_id bigint NOT NULL REFERENCES organizations (organization_id),
    channel_id uuid NOT NULL,
    generation bigint NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('disabled', 'removed', 'resumed')),
    -- The time of the change.
    at bigint NOT NULL,
    -- Of a resumed channel: deliveries received before skip_before are skipped; those due by due_by are spaced, the
    -- next of them at next_at.
    skip_before bigint,
    due_by bigint NOT NULL,
    spacing bigint NOT NULL DEFAULT 0,
    next_at bigint NOT NULL,
    -- How many deliveries it has decided on, how many it has released, and in how many pieces.
    settled bigint NOT NULL DEFAULT 0,
    released bigint NOT NULL DEFAULT 0,
    pieces bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, channel_id, generation)
);

-- Until due_at, the channel is paused and its removal can be undone.
CREATE TABLE planned_removals (
    organization_id bigint NOT NULL REFERENCES organizations (organization_id),
    channel_id uuid NOT NULL,
    -- The channel's state before.
    state text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    due_at bigint NOT NULL,
    PRIMARY KEY (organization_id, channel_id)
);

CREATE TABLE events (
    organization_id bigint NOT NULL REFERENCES organizations (organization_id),
    event_id uuid NOT NULL,
    sequence bigint NOT NULL,
    type text COLLATE "C" NOT NULL,
    -- What lists and subscription rules use of the run; NULL for events without one.
    load_test_run_id bigint,
    load_test_id bigint,
    project_id bigint,
    status bigint,
    -- The documented JSON body.
    payload text COLLATE "C" NOT NULL,
    -- How many deliveries the event has: one for each channel of its time, and one for each channel it was replayed to
    -- later.
    channels bigint NOT NULL DEFAULT 0,
    received_at bigint NOT NULL,
    PRIMARY KEY (organization_id, event_id),
    UNIQUE (organization_id, sequence)
);

-- A run's starts, which its end waits for, and the list of a run's events.
CREATE INDEX events_of_run ON events (organization_id, load_test_run_id, type);
-- Rules with a history: how a load test's previous run ended.
CREATE INDEX events_ends_of_load_test ON events (organization_id, type, load_test_id, event_id, status)
    WHERE type = 'test.finished' AND load_test_id IS NOT NULL;

CREATE TABLE idempotency_keys (
    organization_id bigint NOT NULL,
    key text COLLATE "C" NOT NULL,
    request_hash bytea NOT NULL CHECK (octet_length(request_hash) = 32),
    event_id uuid NOT NULL,
    due bigint NOT NULL,
    skipped bigint NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (organization_id, key)
);

-- Maintenance: expired keys.
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

-- One row for every event and channel, even if nothing is sent. attempts counts the attempts started; the claim is the
-- durable mark that an attempt may have been sent. fencing_token increases with each claim, so that the result of an
-- owner who has lost the lease changes nothing. An event's deliveries are found by (organization, event, channel).
CREATE TABLE deliveries (
    organization_id bigint NOT NULL,
    delivery_id uuid NOT NULL,
    event_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('due', 'claimed', 'delivered', 'failed', 'skipped', 'cancelled')),
    reason text COLLATE "C",
    attempts bigint NOT NULL DEFAULT 0,
    -- The attempts before the delivery was last made due again by hand, which restarted its retry schedule.
    attempts_before bigint NOT NULL DEFAULT 0,
    due_at bigint NOT NULL,
    -- The channel's generation when the delivery was made due.
    generation bigint NOT NULL DEFAULT 0,
    -- The delivery of a run's start that the end of the run waits for, at the same channel. A waiting delivery is not
    -- among those due.
    waits_for uuid,
    lease_owner text COLLATE "C",
    lease_until bigint,
    fencing_token bigint NOT NULL DEFAULT 0,
    -- How often in a row the process died during an attempt.
    interruptions bigint NOT NULL DEFAULT 0,
    -- The replay that last made the delivery due.
    replay_id uuid,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    PRIMARY KEY (organization_id, delivery_id),
    UNIQUE (organization_id, event_id, channel_id),
    CHECK ((state = 'claimed') = (lease_owner IS NOT NULL))
);

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
CREATE FUNCTION deliveries_let_ends_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE deliveries SET waits_for = NULL
    WHERE organization_id = OLD.organization_id AND waits_for = OLD.delivery_id;
    RETURN NULL;
END $$;

CREATE TRIGGER deliveries_let_ends_go AFTER UPDATE OF state, attempts ON deliveries FOR EACH ROW
WHEN (NEW.attempts > 1 OR NEW.state NOT IN ('due', 'claimed'))
EXECUTE FUNCTION deliveries_let_ends_go();

CREATE TRIGGER deliveries_let_ends_go_when_deleted AFTER DELETE ON deliveries FOR EACH ROW
WHEN (OLD.state IN ('due', 'claimed'))
EXECUTE FUNCTION deliveries_let_ends_go();

-- A delivery made due again gets the channel's current generation, whatever statement does it.
CREATE FUNCTION deliveries_made_due_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.generation := coalesce(
        (SELECT c.generation FROM channels c
            WHERE c.organization_id = NEW.organization_id AND c.channel_id = NEW.channel_id), NEW.generation);
    RETURN NEW;
END $$;

CREATE TRIGGER deliveries_made_due_again BEFORE UPDATE OF state ON deliveries FOR EACH ROW
WHEN (NEW.state = 'due' AND OLD.state <> 'due')
EXECUTE FUNCTION deliveries_made_due_again();

CREATE TABLE attempts (
    organization_id bigint NOT NULL,
    delivery_id uuid NOT NULL,
    number bigint NOT NULL,
    started_at bigint NOT NULL,
    -- Microseconds.
    duration bigint NOT NULL,
    verdict text COLLATE "C" NOT NULL,
    finding_code text COLLATE "C",
    finding_text text COLLATE "C",
    status bigint,
    address text COLLATE "C",
    -- Encrypted like settings; empty if the answer was.
    answer bytea,
    PRIMARY KEY (organization_id, delivery_id, number)
);

CREATE TABLE replays (
    organization_id bigint NOT NULL REFERENCES organizations (organization_id),
    replay_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    -- Selects events received from since to before until.
    since bigint NOT NULL,
    until bigint NOT NULL,
    -- Words joined by spaces.
    states text COLLATE "C" NOT NULL,
    per_minute bigint NOT NULL CHECK (per_minute >= 1),
    state text COLLATE "C" NOT NULL CHECK (state IN ('running', 'paused', 'finished', 'cancelled')),
    -- How many deliveries were counted at its start, how many it has made due, and how many were no longer wanted.
    total bigint NOT NULL,
    requeued bigint NOT NULL DEFAULT 0,
    skipped bigint NOT NULL DEFAULT 0,
    -- The last event looked at, and when to look at the next ones.
    cursor uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    next_at bigint NOT NULL DEFAULT 0,
    actor text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    finished_at bigint,
    PRIMARY KEY (organization_id, replay_id)
);

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
    organization_id bigint NOT NULL REFERENCES organizations (organization_id),
    first_event uuid NOT NULL,
    behind uuid NOT NULL,
    -- Identifies the count in progress, or the last one.
    token text COLLATE "C" NOT NULL,
    events bigint,
    expected bigint NOT NULL DEFAULT 0,
    delivered bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0,
    skipped bigint NOT NULL DEFAULT 0,
    cancelled bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, first_event)
);

-- The totals of the stretch that holds the event of the row OLD go.
CREATE FUNCTION ledger_totals_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM ledger_totals WHERE organization_id = OLD.organization_id AND behind > OLD.event_id AND first_event = (
        SELECT t.first_event FROM ledger_totals t
        WHERE t.organization_id = OLD.organization_id AND t.first_event <= OLD.event_id
        ORDER BY t.first_event DESC LIMIT 1);
    RETURN NULL;
END $$;

CREATE FUNCTION ledger_totals_end_for_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM ledger_totals WHERE organization_id IN (OLD.organization_id, NEW.organization_id);
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_totals_end_with_a_delivery AFTER DELETE ON deliveries FOR EACH ROW
WHEN (OLD.state NOT IN ('due', 'claimed'))
EXECUTE FUNCTION ledger_totals_end();

CREATE TRIGGER ledger_totals_end_when_a_delivery_changes AFTER UPDATE OF state ON deliveries FOR EACH ROW
WHEN (OLD.state NOT IN ('due', 'claimed'))
EXECUTE FUNCTION ledger_totals_end();

-- No statement of ours moves a delivery.
CREATE TRIGGER ledger_totals_end_when_a_delivery_moves AFTER UPDATE OF organization_id, event_id ON deliveries FOR EACH ROW
EXECUTE FUNCTION ledger_totals_end_for_all();

-- Even for an event with a lower id than those before it: the clock may have been set back.
CREATE FUNCTION ledger_totals_end_with_a_late_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM ledger_totals WHERE organization_id = NEW.organization_id AND behind > NEW.event_id AND first_event = (
        SELECT t.first_event FROM ledger_totals t
        WHERE t.organization_id = NEW.organization_id AND t.first_event <= NEW.event_id
        ORDER BY t.first_event DESC LIMIT 1);
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_totals_end_with_a_late_event AFTER INSERT ON events FOR EACH ROW
EXECUTE FUNCTION ledger_totals_end_with_a_late_event();

CREATE TRIGGER ledger_totals_end_with_an_event AFTER DELETE ON events FOR EACH ROW
EXECUTE FUNCTION ledger_totals_end();

CREATE TRIGGER ledger_totals_end_when_an_event_changes AFTER UPDATE OF channels, sequence ON events FOR EACH ROW
EXECUTE FUNCTION ledger_totals_end();

CREATE TRIGGER ledger_totals_end_when_an_event_moves AFTER UPDATE OF organization_id, event_id ON events FOR EACH ROW
EXECUTE FUNCTION ledger_totals_end_for_all();

-- The chain of an organization's audit entries, each with its MAC, and the key and address it came from.
CREATE TABLE audit_entries (
    organization_id bigint NOT NULL,
    sequence bigint NOT NULL,
    at bigint NOT NULL,
    actor text COLLATE "C" NOT NULL,
    action text COLLATE "C" NOT NULL,
    target text COLLATE "C" NOT NULL,
    detail text COLLATE "C" NOT NULL,
    previous_hash text COLLATE "C" NOT NULL CHECK (length(previous_hash) = 64),
    hash text COLLATE "C" NOT NULL CHECK (length(hash) = 64),
    key_id text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    mac text COLLATE "C" NOT NULL CHECK (length(mac) = 64),
    PRIMARY KEY (organization_id, sequence)
);

-- The newest entry of each chain, with a MAC: a chain that was cut or rewritten does not match it.
CREATE TABLE audit_heads (
    organization_id bigint NOT NULL PRIMARY KEY,
    bucket bigint NOT NULL,
    sequence bigint NOT NULL,
    hash text COLLATE "C" NOT NULL CHECK (length(hash) = 64),
    mac text COLLATE "C" NOT NULL CHECK (length(mac) = 64)
);

-- Checkpoints: reads only the buckets that have changed.
CREATE INDEX audit_heads_by_bucket ON audit_heads (bucket, organization_id);

-- Signed statements of all heads, each linked to the one before.
CREATE TABLE audit_checkpoints (
    number bigint NOT NULL PRIMARY KEY,
    at bigint NOT NULL,
    entries bigint NOT NULL,
    root text COLLATE "C" NOT NULL CHECK (length(root) = 64),
    previous_hash text COLLATE "C" NOT NULL CHECK (length(previous_hash) = 64),
    hash text COLLATE "C" NOT NULL CHECK (length(hash) = 64),
    public_key text COLLATE "C" NOT NULL,
    signature text COLLATE "C" NOT NULL
);

-- Up to which entry an audit chain was pruned. For each row, the chain has an entry audit.pruned with a signature.
CREATE TABLE audit_prunings (
    organization_id bigint NOT NULL REFERENCES organizations (organization_id),
    up_to bigint NOT NULL,
    -- The hash of that entry, which is the previous_hash of the first remaining one.
    hash text COLLATE "C" NOT NULL CHECK (length(hash) = 64),
    at bigint NOT NULL,
    PRIMARY KEY (organization_id, up_to)
);

CREATE FUNCTION audit_entries_are_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit entries are never changed';
END $$;

CREATE TRIGGER audit_entries_are_never_changed BEFORE UPDATE ON audit_entries FOR EACH ROW
EXECUTE FUNCTION audit_entries_are_never_changed();

CREATE FUNCTION audit_entries_are_only_pruned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sequence > coalesce(
        (SELECT max(p.up_to) FROM audit_prunings p WHERE p.organization_id = OLD.organization_id), 0)
    THEN
        RAISE EXCEPTION 'audit entries are never removed';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER audit_entries_are_only_pruned BEFORE DELETE ON audit_entries FOR EACH ROW
EXECUTE FUNCTION audit_entries_are_only_pruned();

-- A cookie contains only its token, so the key does not begin with organization_id. Only hashes are stored.
CREATE TABLE sessions (
    token_hash bytea NOT NULL PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    -- The user's key that the session uses; NULL for the operator's session.
    organization_id bigint,
    user_id bigint,
    key_id uuid,
    -- The operator's key at that time: the session ends when it changes.
    operator_key_hash bytea,
    -- Whether the key was created for this session and ends with it.
    owns_key bigint NOT NULL DEFAULT 0,
    created_at bigint NOT NULL,
    used_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    CHECK ((key_id IS NULL) = (operator_key_hash IS NOT NULL))
);

-- Maintenance: expired sessions.
CREATE INDEX sessions_by_end ON sessions (ends_at);

CREATE TABLE login_links (
    token_hash bytea NOT NULL PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    organization_id bigint NOT NULL REFERENCES organizations (organization_id),
    user_id bigint NOT NULL,
    created_at bigint NOT NULL,
    ends_at bigint NOT NULL
);

-- A removed member's links are removed too.
CREATE INDEX login_links_of_member ON login_links (organization_id, user_id);
