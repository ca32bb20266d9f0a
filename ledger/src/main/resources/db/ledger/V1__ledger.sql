-- Balances of credits. The module "ledger" is the only writer; the rules are in its class Decisions, and the CHECKs
-- here say the same once more, for whoever comes past it.

-- One row per user. The row's lock serialises everything that happens to the user's credits.
-- fillfactor: every transfer updates the row, and room on the page keeps such updates off the index.
CREATE TABLE ledger.account (
    user_id   uuid   PRIMARY KEY,
    available bigint NOT NULL DEFAULT 0 CHECK (available >= 0),
    held      bigint NOT NULL DEFAULT 0 CHECK (held >= 0),
    debt      bigint NOT NULL DEFAULT 0 CHECK (debt >= 0),
    sequence  bigint NOT NULL DEFAULT 0 CHECK (sequence >= 0)
) WITH (fillfactor = 80);

-- A grant, and what is left of it. opened is the sequence of its grant transfer: lots of one user by age.
-- No index on what is left: it would cost every update of a lot, and a user has few lots.
CREATE TABLE ledger.lot (
    id            uuid        NOT NULL,
    user_id       uuid        NOT NULL,
    source        text        NOT NULL,
    source_ref    text        NOT NULL UNIQUE,
    granted       bigint      NOT NULL CHECK (granted > 0),
    remaining     bigint      NOT NULL CHECK (remaining >= 0),
    period_start  timestamptz,
    expires_at    timestamptz,
    revenue_cents bigint      NOT NULL CHECK (revenue_cents >= 0),
    opened        bigint      NOT NULL CHECK (opened > 0),
    PRIMARY KEY (user_id, id),
    CHECK (remaining <= granted)
) WITH (fillfactor = 80);

-- What happened, append-only. No foreign keys: they would cost a look-up and a lock per row, and the one writer
-- inserts account, lot and transfer together.
CREATE TABLE ledger.transfer (
    user_id         uuid        NOT NULL,
    sequence        bigint      NOT NULL CHECK (sequence > 0),
    kind            text        NOT NULL,
    amount          bigint      NOT NULL CHECK (amount > 0),
    lot_id          uuid,
    job_id          uuid,
    ref             text        NOT NULL,
    available_after bigint      NOT NULL CHECK (available_after >= 0),
    held_after      bigint      NOT NULL CHECK (held_after >= 0),
    debt_after      bigint      NOT NULL CHECK (debt_after >= 0),
    recorded_at     timestamptz NOT NULL,
    PRIMARY KEY (user_id, sequence),
    CHECK (kind IN ('grant', 'repay', 'hold', 'capture', 'release', 'revoke', 'reinstate', 'expire')),
    CHECK (lot_id IS NOT NULL OR kind IN ('revoke', 'reinstate')),
    CHECK (job_id IS NOT NULL OR kind NOT IN ('hold', 'capture', 'release'))
);

-- A job is held, captured and released once per lot; this also finds the holds of a job.
CREATE UNIQUE INDEX transfer_job ON ledger.transfer (job_id, lot_id, kind) WHERE job_id IS NOT NULL;

-- One refund or dispute counts once. Grants need no such index: lot.source_ref is unique.
CREATE UNIQUE INDEX transfer_reversal ON ledger.transfer (user_id, ref, kind, lot_id) NULLS NOT DISTINCT
    WHERE kind IN ('revoke', 'reinstate');

GRANT USAGE ON SCHEMA ledger TO paymaster_credit, paymaster_job;
GRANT SELECT, INSERT, UPDATE ON ledger.account, ledger.lot TO paymaster_credit, paymaster_job;
GRANT SELECT, INSERT ON ledger.transfer TO paymaster_credit, paymaster_job;

-- Every module makes the schema api if it comes first; without the lock, two at once would collide.
SELECT pg_advisory_xact_lock(hashtext('api'));
CREATE SCHEMA IF NOT EXISTS api;
GRANT USAGE ON SCHEMA api TO paymaster_gateway;

CREATE VIEW api.balance AS
    SELECT user_id, available, held, debt FROM ledger.account;

CREATE VIEW api.lot AS
    SELECT id, user_id, source, source_ref, granted, remaining, period_start, expires_at, opened FROM ledger.lot;

-- Newest first is ORDER BY sequence DESC within one user: the primary key serves it.
CREATE VIEW api.entry AS
    SELECT user_id, sequence, kind, amount, lot_id, job_id, ref,
           available_after AS available, held_after AS held, debt_after AS debt, recorded_at
    FROM ledger.transfer;

GRANT SELECT ON api.balance, api.lot, api.entry TO paymaster_gateway;
