-- What subscription rules ask of events, beside their JSON. NULL where an event is of no run, and in events from before.
ALTER TABLE events ADD COLUMN load_test_id INTEGER;
ALTER TABLE events ADD COLUMN project_id INTEGER;
ALTER TABLE events ADD COLUMN status INTEGER;

-- How the run of a load test before another one ended, for rules with a history (Transaction+RunHistory). With the type in
-- it SQLite takes it; a table from before has nothing to put into it.
CREATE INDEX events_ends_of_load_test ON events (organization_id, type, load_test_id, event_id, status)
    WHERE load_test_id IS NOT NULL;
