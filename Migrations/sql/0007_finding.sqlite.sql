-- The load test's name in lower case, which the list of events is searched by; NULL for events without a run, and for those
-- from before.
ALTER TABLE events ADD COLUMN search_name TEXT;

-- The page of keys: those that sessions have made for themselves.
CREATE INDEX sessions_with_own_keys ON sessions (organization_id, key_id) WHERE owns_key = 1;
