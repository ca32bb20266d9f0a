-- A letter whose record was a replay names the letter that was replayed.
ALTER TABLE identity.dead_letter ADD COLUMN replay_of uuid;
