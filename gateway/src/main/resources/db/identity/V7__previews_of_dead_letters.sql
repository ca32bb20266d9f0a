-- How a letter's record begins, for lists. Of letters that are there already nobody knows: their record may be compressed.
ALTER TABLE identity.dead_letter ADD COLUMN record_key text, ADD COLUMN value_preview text;
