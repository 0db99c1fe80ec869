-- What the pages remember: who is signed in, links that sign somebody in once, and channels whose removal can be undone.

-- A cookie tells nothing but its token, so the key does not begin with organization_id. Only hashes are stored.
CREATE TABLE sessions (
    token_hash BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    -- The user's key that the session acts through; NULL for the operator's session.
    organization_id INTEGER,
    user_id INTEGER,
    key_id TEXT,
    -- The operator's key at that time: with another one, the session is over.
    operator_key_hash BLOB,
    -- The key was made for this session alone and goes with it.
    owns_key INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    CHECK ((key_id IS NULL) = (operator_key_hash IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_end ON sessions (ends_at);

CREATE TABLE login_links (
    token_hash BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    user_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Until due_at the channel is paused and its removal can be undone.
CREATE TABLE planned_removals (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    channel_id TEXT NOT NULL,
    -- The channel's state before.
    state TEXT NOT NULL,
    actor TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, channel_id)
) STRICT, WITHOUT ROWID;
