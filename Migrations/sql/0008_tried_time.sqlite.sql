-- For how long a receiver has been tried in vain, without pauses and without the time in which the service was off, and
-- when something arrived there last.

-- The newest failure since failing_since; NULL when the channel was paused since.
ALTER TABLE channel_health ADD COLUMN failed_at INTEGER;
-- Microseconds.
ALTER TABLE channel_health ADD COLUMN failing_for INTEGER NOT NULL DEFAULT 0;
-- It outlives everything else in the row.
ALTER TABLE channel_health ADD COLUMN last_success_at INTEGER;
