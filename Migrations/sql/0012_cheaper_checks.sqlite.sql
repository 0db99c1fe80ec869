-- What a change of a delivery costs. SQLite fills a temporary table whenever it checks a list of more than two values, and
-- opens one for each UPDATE of a trigger that may find several rows. Each trigger is a program of its own that begins and ends.

-- The same check without a list. The rows stay as they are, so the table need not be written anew
-- (https://www.sqlite.org/lang_altertable.html#otheralter).
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql,
    'CHECK (state IN (''due'', ''claimed'', ''delivered'', ''failed'', ''skipped'', ''cancelled''))',
    'CHECK (state = ''due'' OR state = ''claimed'' OR state = ''delivered''
        OR state = ''failed'' OR state = ''skipped'' OR state = ''cancelled'')')
WHERE type = 'table' AND name = 'deliveries';
PRAGMA writable_schema = RESET;

DROP TRIGGER deliveries_let_ends_go;
DROP TRIGGER deliveries_made_due_again;
DROP TRIGGER ledger_totals_end_when_a_delivery_changes;

-- What follows from a change, whatever statement makes it:
-- 1. What begins a start's second attempt, or ends the start, releases the ends that wait for it.
-- 2. A delivery made due again gets the channel's current generation.
-- 3. Totals of the ledger that contain the delivery end.
-- An ordinary claim, and the result of one that nothing waits for, need none of it.
CREATE TRIGGER deliveries_change_state AFTER UPDATE OF state, attempts ON deliveries
WHEN (NEW.state = 'due' AND OLD.state <> 'due')
    OR OLD.state NOT IN ('due', 'claimed')
    OR ((NEW.attempts > 1 OR NEW.state NOT IN ('due', 'claimed')) AND EXISTS (
        SELECT 1 FROM deliveries WHERE organization_id = NEW.organization_id AND waits_for = NEW.delivery_id))
BEGIN
    UPDATE deliveries SET waits_for = NULL
    WHERE organization_id = NEW.organization_id AND waits_for = NEW.delivery_id
        AND (NEW.attempts > 1 OR NEW.state NOT IN ('due', 'claimed'));
    UPDATE deliveries SET generation = coalesce(
        (SELECT c.generation FROM channels c
            WHERE c.organization_id = NEW.organization_id AND c.channel_id = NEW.channel_id), generation)
    WHERE organization_id = NEW.organization_id AND delivery_id = NEW.delivery_id
        AND NEW.state = 'due' AND OLD.state <> 'due';
    DELETE FROM ledger_totals WHERE organization_id = OLD.organization_id AND behind > OLD.event_id
        AND OLD.state NOT IN ('due', 'claimed') AND first_event = (
            SELECT max(t.first_event) FROM ledger_totals t
            WHERE t.organization_id = OLD.organization_id AND t.first_event <= OLD.event_id);
END;
