-- What became of deliveries by the hour, for the figures on the pages. Results are written in pieces, and each adds one
-- row for a channel and one for its organization, however many results it has. The hour precedes the channel, so that
-- all that is written in an hour is on few pages of the file. Rows older than a week are deleted.
CREATE TABLE channel_hours (
    organization_id INTEGER NOT NULL,
    -- Hours since 1970, by the wall clock.
    hour INTEGER NOT NULL,
    -- Zeros for all channels of the organization.
    channel_id BLOB NOT NULL CHECK (length(channel_id) = 16),
    -- Deliveries that arrived, attempts that failed, and deliveries that were given up.
    delivered INTEGER NOT NULL,
    failed_attempts INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    -- How many of those delivered arrived within each of DeliveryTally.spans, and not within the one before.
    span_1 INTEGER NOT NULL,
    span_2 INTEGER NOT NULL,
    span_3 INTEGER NOT NULL,
    span_4 INTEGER NOT NULL,
    span_5 INTEGER NOT NULL,
    span_6 INTEGER NOT NULL,
    span_7 INTEGER NOT NULL,
    span_8 INTEGER NOT NULL,
    span_9 INTEGER NOT NULL,
    span_10 INTEGER NOT NULL,
    span_11 INTEGER NOT NULL,
    span_12 INTEGER NOT NULL,
    span_13 INTEGER NOT NULL,
    span_14 INTEGER NOT NULL,
    span_15 INTEGER NOT NULL,
    span_16 INTEGER NOT NULL,
    span_17 INTEGER NOT NULL,
    -- Longer than the longest.
    span_18 INTEGER NOT NULL,
    PRIMARY KEY (organization_id, hour, channel_id)
) STRICT, WITHOUT ROWID;

-- Maintenance: rows older than a week.
CREATE INDEX channel_hours_by_hour ON channel_hours (hour);
