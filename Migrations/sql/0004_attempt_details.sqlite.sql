-- What the page of a delivery shows of an attempt. All are NULL for attempts from before.
-- The channel's version that the request was made with: with the event, it makes the same request again.
ALTER TABLE attempts ADD COLUMN channel_version INTEGER;
-- How long each part took, in microseconds; NULL if it did not happen.
ALTER TABLE attempts ADD COLUMN resolving INTEGER;
ALTER TABLE attempts ADD COLUMN connecting INTEGER;
ALTER TABLE attempts ADD COLUMN securing INTEGER;
ALTER TABLE attempts ADD COLUMN waiting INTEGER;
-- How many bytes at the beginning of the answer are its header fields. They are kept if the attempt failed.
ALTER TABLE attempts ADD COLUMN answer_head INTEGER;
