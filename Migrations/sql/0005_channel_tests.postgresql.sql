-- What came of the newest Test Hooks of each channel: at most ten, and none of a removed channel.
CREATE TABLE channel_tests (
    organization_id bigint NOT NULL,
    channel_id uuid NOT NULL,
    -- The id in the request, as a delivery has one.
    test_id uuid NOT NULL,
    tested_at bigint NOT NULL,
    actor text COLLATE "C" NOT NULL,
    -- Whether the channel was tested as it was saved (1), or with changes that were not (0).
    as_saved bigint NOT NULL,
    verdict text COLLATE "C" NOT NULL,
    finding_code text COLLATE "C",
    finding_text text COLLATE "C",
    status bigint,
    -- Microseconds.
    duration bigint NOT NULL,
    PRIMARY KEY (organization_id, channel_id, test_id)
);
