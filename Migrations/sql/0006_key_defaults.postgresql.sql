-- What runs belong to that a service key tells of, unless they say otherwise. NULL for personal keys.
ALTER TABLE keys ADD COLUMN default_project_id bigint;
ALTER TABLE keys ADD COLUMN default_user_id bigint;
