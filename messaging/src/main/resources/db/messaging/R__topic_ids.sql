-- Which topic of that name a partition is of: one that is deleted and made anew has another id. Set by whoever takes it over.
-- Not numbered: each schema that has this table has numbers of its own by now.
ALTER TABLE partition ADD COLUMN IF NOT EXISTS topic_id text;
