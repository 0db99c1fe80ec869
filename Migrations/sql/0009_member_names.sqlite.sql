-- What people call a member, and where to write to them. NULL if nobody said.
ALTER TABLE members ADD COLUMN display_name TEXT;
ALTER TABLE members ADD COLUMN email TEXT;
-- The display name of the event's user when it was accepted: every attempt says the same.
ALTER TABLE events ADD COLUMN user_name TEXT;
