-- What came of the newest Test Hooks of each channel: at most ten, and none of a removed channel.
CREATE TABLE channel_tests (
    organization_id INTEGER NOT NULL,
    channel_id BLOB NOT NULL,
    -- The id in the request, as a delivery has one.
    test_id BLOB NOT NULL CHECK (length(test_id) = 16),
    tested_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    -- Whether the channel was tested as it was saved (1), or with changes that were not (0).
    as_saved INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    finding_code TEXT,
    finding_text TEXT,
    status INTEGER,
    -- Microseconds.
    duration INTEGER NOT NULL,
    PRIMARY KEY (organization_id, channel_id, test_id)
) STRICT, WITHOUT ROWID;
