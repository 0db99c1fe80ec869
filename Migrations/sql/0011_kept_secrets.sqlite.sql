-- Answers of receivers are sealed; the audit log is bound to the master key, and its heads are signed at intervals.

-- Sealed like settings; empty when the answer was. The column answer, in clear, is only erased any more.
ALTER TABLE attempts ADD COLUMN sealed_answer BLOB;
CREATE INDEX attempts_in_clear ON attempts (organization_id) WHERE answer IS NOT NULL;

-- Through which key and from which address it was done, and the entry's MAC. All NULL in entries from before.
ALTER TABLE audit_entries ADD COLUMN key_id TEXT;
ALTER TABLE audit_entries ADD COLUMN source TEXT;
ALTER TABLE audit_entries ADD COLUMN mac TEXT CHECK (length(mac) = 64);

-- The newest entry of each chain, with a MAC: a chain that was cut or made anew does not fit to it. Checkpoints are made
-- of it by buckets, so that only those in which something has changed are read.
CREATE TABLE audit_heads (
    organization_id INTEGER NOT NULL PRIMARY KEY,
    bucket INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    mac TEXT NOT NULL CHECK (length(mac) = 64)
) STRICT, WITHOUT ROWID;

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

-- What the database knows of the service it belongs to: one row.
CREATE TABLE installation (
    only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    -- What tells the right master key from others; NULL until the first start.
    master_key_fingerprint BLOB,
    -- The sum of the sequences of all heads.
    audit_entries INTEGER NOT NULL DEFAULT 0,
    -- The heads of chains from before are taken over, by organizations; up to which, and whether that is done.
    heads_taken_up_to INTEGER NOT NULL DEFAULT (-9223372036854775807 - 1),
    heads_are_complete INTEGER NOT NULL DEFAULT 0,
    -- Over the three; NULL until the first change.
    mac TEXT
) STRICT, WITHOUT ROWID;

INSERT INTO installation (only) VALUES (1);

-- Links of somebody who is removed go with them.
CREATE INDEX login_links_of_member ON login_links (organization_id, user_id);
