-- Copies of the store. Where the data of an unfinished copy comes from: no service uses the database until it is complete.
ALTER TABLE installation ADD COLUMN copied_from text COLLATE "C";
-- Where the data was copied to: nothing here is changed any longer.
ALTER TABLE installation ADD COLUMN moved_to text COLLATE "C";
