-- Catching up with Stripe: who does it now, how far each of its lists has been read, and what was handed on from there.

-- One row: one instance at a time. Times are the database's, so that instances needn't agree on theirs.
CREATE TABLE identity.reconcile_lease (
    id          integer     PRIMARY KEY CHECK (id = 1),
    holder      uuid,                                     -- absent while nobody does it
    lease_until timestamptz NOT NULL DEFAULT '-infinity', -- then somebody else may
    finished_at timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO identity.reconcile_lease (id) VALUES (1);

-- Stripe's lists come newest first, so one sweep goes back in time, perhaps over several runs, and the next one starts where
-- this one started. Times are Stripe's seconds.
CREATE TABLE identity.reconcile_cursor (
    list         text   PRIMARY KEY CHECK (list IN ('events', 'invoices')),
    since        bigint,          -- the newest that finished sweeps have seen
    newest       bigint,          -- the newest that the sweep under way has seen
    resume_after text             -- where the sweep under way has come to; absent between sweeps
);

-- What was published, so that it isn't again and again. Forgetting it does no harm: workers know repetitions.
CREATE TABLE identity.reconciled_event (
    event_id     text        PRIMARY KEY,
    published_at timestamptz NOT NULL
);
CREATE INDEX reconciled_event_age ON identity.reconciled_event (published_at);

GRANT SELECT, UPDATE ON identity.reconcile_lease TO ${role};
GRANT SELECT, INSERT, UPDATE ON identity.reconcile_cursor TO ${role};
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.reconciled_event TO ${role};
