-- One row per partition that this schema's worker consumes. ${role} is the worker's login role.
CREATE TABLE partition (
    consumer    text    NOT NULL,
    topic       text    NOT NULL,
    partition   integer NOT NULL,
    epoch       bigint  NOT NULL CHECK (epoch > 0),        -- raised by each new owner; a former owner's updates miss
    next_offset bigint  NOT NULL CHECK (next_offset >= 0), -- the first record that has had no effect yet
    pending     bytea,                                     -- what the last batch publishes, until it surely has
    PRIMARY KEY (consumer, topic, partition)
);
-- Events don't compress well enough to pay for it on every commit.
ALTER TABLE partition ALTER COLUMN pending SET STORAGE EXTERNAL;

-- The outcome of each command, so that a repeated command gets its first answer again.
CREATE TABLE command_log (
    command_id   text        PRIMARY KEY,
    request_hash bytea       NOT NULL,
    outcome      bytea       NOT NULL, -- the outcome event as it was published
    recorded_at  timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON partition TO ${role};
GRANT SELECT, INSERT ON command_log TO ${role};
