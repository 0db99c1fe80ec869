-- Channels that wait because of this side and not because of their receiver: a start ends their wait.
CREATE INDEX channel_health_held_here ON channel_health (held_code) WHERE held_code >= 'local.' AND held_code < 'local/';
