-- What an event is sent to, without the channels that were removed. It holds all that is read of them for it: otherwise
-- SQLite prefers the table.
CREATE INDEX channels_in_use ON channels (organization_id, channel_id, host, subscription, state, generation)
    WHERE state <> 'removed';
