-- What the service answered to the start of a run, if the end of the run is to answer or replace that message: its id
-- and place, encrypted like settings. Read by the end of the run at the same channel.
ALTER TABLE deliveries ADD COLUMN message BLOB;
