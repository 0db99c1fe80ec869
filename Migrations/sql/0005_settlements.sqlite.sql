-- A channel that is disabled, removed or resumed changes at once; what is due there follows in small transactions.

-- Counts up with each such change. A delivery that is due has the channel's generation of the moment at which it was
-- made due, so an older one is what the changes since then decide on.
ALTER TABLE channels ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;

-- The delivery of a run's start that the end of the run waits for, at the same channel. What waits is not among what is
-- due to be claimed.
ALTER TABLE deliveries ADD COLUMN waits_for TEXT;

DROP INDEX deliveries_due;
CREATE INDEX deliveries_due ON deliveries (organization_id, channel_id, generation, due_at)
    WHERE state = 'due' AND waits_for IS NULL;
CREATE INDEX deliveries_waiting ON deliveries (organization_id, waits_for) WHERE waits_for IS NOT NULL;
CREATE INDEX deliveries_waiting_at_channel ON deliveries (organization_id, channel_id, generation)
    WHERE waits_for IS NOT NULL;

-- Changes of a channel that its due deliveries have not followed yet: each decides on those with a generation below its
-- own that none before it has decided on.
CREATE TABLE settlements (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    channel_id TEXT NOT NULL,
    generation INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('disabled', 'removed', 'resumed')),
    -- The moment of the change.
    at INTEGER NOT NULL,
    -- Of a channel that was resumed: what was received before is skipped; what was due by then is spaced, and the next
    -- of these is due at next_at.
    skip_before INTEGER,
    due_by INTEGER NOT NULL,
    spacing INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    -- How many deliveries it has decided on, how many it has let go, and in how many pieces.
    settled INTEGER NOT NULL DEFAULT 0,
    released INTEGER NOT NULL DEFAULT 0,
    pieces INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, channel_id, generation)
) STRICT, WITHOUT ROWID;

-- Whatever begins a start's second attempt, or ends the start, lets those go that wait for it: no statement can forget to.
CREATE TRIGGER deliveries_let_ends_go AFTER UPDATE OF state, attempts ON deliveries
WHEN NEW.attempts > 1 OR NEW.state NOT IN ('due', 'claimed')
BEGIN
    UPDATE deliveries SET waits_for = NULL
    WHERE organization_id = NEW.organization_id AND waits_for = NEW.delivery_id;
END;

CREATE TRIGGER deliveries_let_ends_go_when_deleted AFTER DELETE ON deliveries
WHEN OLD.state IN ('due', 'claimed')
BEGIN
    UPDATE deliveries SET waits_for = NULL
    WHERE organization_id = OLD.organization_id AND waits_for = OLD.delivery_id;
END;

-- What is made due again is of the channel's generation of that moment, whoever does it.
CREATE TRIGGER deliveries_made_due_again AFTER UPDATE OF state ON deliveries
WHEN NEW.state = 'due' AND OLD.state <> 'due'
BEGIN
    UPDATE deliveries SET generation = coalesce(
        (SELECT c.generation FROM channels c
            WHERE c.organization_id = NEW.organization_id AND c.channel_id = NEW.channel_id), generation)
    WHERE organization_id = NEW.organization_id AND delivery_id = NEW.delivery_id;
END;
