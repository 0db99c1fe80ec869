-- What has failed or was cancelled is rare and looked for, so it has an index, which is written only then; it holds all that
-- a list can be narrowed to. What is skipped may be most of what there is and would be written with every event: a list
-- finds it along all deliveries.
CREATE INDEX deliveries_unsuccessful ON deliveries (organization_id, state, delivery_id, channel_id, event_id)
WHERE state = 'failed' OR state = 'cancelled';

-- Whether a channel has a replay under way: without, all replays that an organization ever had are read.
CREATE INDEX replays_of_channel ON replays (organization_id, channel_id);
