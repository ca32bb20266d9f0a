-- What no worker could apply, from all topics of dead letters. Kafka keeps it for 30 days, this until somebody takes it away.
CREATE TABLE identity.dead_letter (
    id            uuid        PRIMARY KEY, -- follows from where the record stood and who could not apply it
    seq           bigint      NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE,
    topic         text        NOT NULL,    -- where the record stood
    partition     bigint      NOT NULL,
    record_offset bigint      NOT NULL,
    consumer      text        NOT NULL,    -- the worker that could not apply it
    type          text,
    event_id      text,
    exception     text        NOT NULL,
    message       text        NOT NULL,
    buried_at     timestamptz NOT NULL,
    omitted       boolean     NOT NULL,    -- the record was too large, and lies only where it stood
    status        text        NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'replayed', 'discarded')),
    record        bytea       NOT NULL     -- key, headers and value, as an outbox holds them
);
CREATE INDEX dead_letter_open ON identity.dead_letter (seq) WHERE status = 'open';

-- Who did what with a letter. Append-only.
CREATE TABLE identity.dead_letter_action (
    number    bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    letter_id uuid        NOT NULL REFERENCES identity.dead_letter ON DELETE CASCADE,
    action    text        NOT NULL CHECK (action IN ('replayed', 'discarded')),
    actor     text        NOT NULL,
    reason    text,
    at        timestamptz NOT NULL
);
CREATE INDEX dead_letter_action_letter ON identity.dead_letter_action (letter_id);

GRANT SELECT, INSERT, UPDATE ON identity.dead_letter TO ${role};
GRANT SELECT, INSERT ON identity.dead_letter_action TO ${role};
