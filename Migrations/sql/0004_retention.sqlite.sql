-- When the organization is looked at next for what it keeps too long, so that only those are visited whose time has come.
ALTER TABLE organizations ADD COLUMN retention_due_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE organizations ADD COLUMN audit_retention_due_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX organizations_by_retention ON organizations (retention_due_at);
CREATE INDEX organizations_by_audit_retention ON organizations (audit_retention_due_at);

CREATE INDEX channels_removed ON channels (organization_id, updated_at) WHERE state = 'removed';
CREATE INDEX channel_revisions_by_time ON channel_revisions (organization_id, created_at);
