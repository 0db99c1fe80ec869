-- What the ledger counted in stretches of an organization's events of which nothing is due or under way any more, so that
-- it need not count them again. A stretch goes from the event first_event up to, but not including, the place behind it;
-- stretches do not overlap. One whose events is NULL is being counted.
--
-- Whatever changes something in a stretch takes its totals away, by the triggers below: so a row that gets lost through
-- any SQL statement, ours or somebody else's, is missed at the next count. Deliveries that are added need no trigger, which
-- would cost each accepted event something: their event counts them, and that is a change of the event.
CREATE TABLE ledger_totals (
    organization_id INTEGER NOT NULL REFERENCES organizations (organization_id),
    first_event TEXT NOT NULL,
    behind TEXT NOT NULL,
    -- Of the count that is under way or was the last.
    token TEXT NOT NULL,
    events INTEGER,
    expected INTEGER NOT NULL DEFAULT 0,
    delivered INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    cancelled INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, first_event)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ledger_totals_end_with_a_delivery AFTER DELETE ON deliveries
WHEN OLD.state NOT IN ('due', 'claimed')
BEGIN
    DELETE FROM ledger_totals WHERE organization_id = OLD.organization_id AND behind > OLD.event_id AND first_event = (
        SELECT max(t.first_event) FROM ledger_totals t
        WHERE t.organization_id = OLD.organization_id AND t.first_event <= OLD.event_id);
END;

CREATE TRIGGER ledger_totals_end_when_a_delivery_changes AFTER UPDATE OF state ON deliveries
WHEN OLD.state NOT IN ('due', 'claimed')
BEGIN
    DELETE FROM ledger_totals WHERE organization_id = OLD.organization_id AND behind > OLD.event_id AND first_event = (
        SELECT max(t.first_event) FROM ledger_totals t
        WHERE t.organization_id = OLD.organization_id AND t.first_event <= OLD.event_id);
END;

-- Nothing of ours moves a delivery.
CREATE TRIGGER ledger_totals_end_when_a_delivery_moves AFTER UPDATE OF organization_id, event_id ON deliveries
BEGIN
    DELETE FROM ledger_totals WHERE organization_id IN (OLD.organization_id, NEW.organization_id);
END;

-- Also of an event with a lower id than those before it: the clock may have been set back.
CREATE TRIGGER ledger_totals_end_with_a_late_event AFTER INSERT ON events
BEGIN
    DELETE FROM ledger_totals WHERE organization_id = NEW.organization_id AND behind > NEW.event_id AND first_event = (
        SELECT max(t.first_event) FROM ledger_totals t
        WHERE t.organization_id = NEW.organization_id AND t.first_event <= NEW.event_id);
END;

CREATE TRIGGER ledger_totals_end_with_an_event AFTER DELETE ON events
BEGIN
    DELETE FROM ledger_totals WHERE organization_id = OLD.organization_id AND behind > OLD.event_id AND first_event = (
        SELECT max(t.first_event) FROM ledger_totals t
        WHERE t.organization_id = OLD.organization_id AND t.first_event <= OLD.event_id);
END;

CREATE TRIGGER ledger_totals_end_when_an_event_changes AFTER UPDATE OF channels, sequence ON events
BEGIN
    DELETE FROM ledger_totals WHERE organization_id = OLD.organization_id AND behind > OLD.event_id AND first_event = (
        SELECT max(t.first_event) FROM ledger_totals t
        WHERE t.organization_id = OLD.organization_id AND t.first_event <= OLD.event_id);
END;

CREATE TRIGGER ledger_totals_end_when_an_event_moves AFTER UPDATE OF organization_id, event_id ON events
BEGIN
    DELETE FROM ledger_totals WHERE organization_id IN (OLD.organization_id, NEW.organization_id);
END;
