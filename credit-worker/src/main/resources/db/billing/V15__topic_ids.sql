-- Which topic of that name a partition is of: one that is deleted and made anew has another id. Set by whoever takes it over.
ALTER TABLE partition ADD COLUMN topic_id text;
