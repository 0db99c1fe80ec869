-- What became of deliveries by the hour, for the figures on the pages. Results are written in pieces, and each adds one
-- row for a channel and one for its organization, however many results it has. The hour precedes the channel, so that
-- all that is written in an hour is on few pages of the file. Rows older than a week are deleted.
CREATE TABLE channel_hours (
    organization_id bigint NOT NULL,
    -- Hours since 1970, by the wall clock.
    hour bigint NOT NULL,
    -- Zeros for all channels of the organization.
    channel_id uuid NOT NULL,
    -- Deliveries that arrived, attempts that failed, and deliveries that were given up.
    delivered bigint NOT NULL,
    failed_attempts bigint NOT NULL,
    failed bigint NOT NULL,
    -- How many of those delivered arrived within each of DeliveryTally.spans, and not within the one before.
    span_1 bigint NOT NULL,
    span_2 bigint NOT NULL,
    span_3 bigint NOT NULL,
    span_4 bigint NOT NULL,
    span_5 bigint NOT NULL,
    span_6 bigint NOT NULL,
    span_7 bigint NOT NULL,
    span_8 bigint NOT NULL,
    span_9 bigint NOT NULL,
    span_10 bigint NOT NULL,
    span_11 bigint NOT NULL,
    span_12 bigint NOT NULL,
    span_13 bigint NOT NULL,
    span_14 bigint NOT NULL,
    span_15 bigint NOT NULL,
    span_16 bigint NOT NULL,
    span_17 bigint NOT NULL,
    -- Longer than the longest.
    span_18 bigint NOT NULL,
    PRIMARY KEY (organization_id, hour, channel_id)
);

-- Maintenance: rows older than a week.
CREATE INDEX channel_hours_by_hour ON channel_hours (hour);
